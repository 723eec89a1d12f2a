// SPDX-License-Identifier: Apache-2.0
import Documents
import Formats
import FoundationEssentials
import Mappings
import Trees

extension Workplace {
    /// Compiles mappings and says everything that is wrong with them.
    package func checkMappings(_ paths: [String]) throws -> Answer {
        let files = try mappingFiles(paths)
        var nodes: [Node] = []
        var lines: [String] = []
        var failed = false
        for file in files {
            var (name, faults): (String?, [Fault])
            let (mapping, problems) = try MappingFolder.load(path: file)
            (name, faults) = (mapping?.name, problems)
            if problems.contains(where: { $0.code == "MAPPING-NOT-FILE" }) {
                let (service, problems) = try ServiceFolder.load(path: file)
                (name, faults) = (service?.name, problems)
            }
            failed = failed || name == nil || faults.contains { $0.severity != .warning }
            lines.append("\(file): \(faults.isEmpty ? "fine" : "\(faults.count) faults")")
            for fault in faults { lines.append("  \(fault.at.text): \(fault.message) → \(fault.hint)") }
            nodes.append(
                .compact([
                    ("path", .text(file)), ("mapping", .text(name)),
                    ("faults", .list(faults.map(DocumentJSON.fault))),
                ]))
        }
        var answer = Answer(json: .object([("mappings", .list(nodes))]), text: lines.joined(separator: "\n"))
        answer.failed = failed
        return answer
    }

    /// The files behind names, paths and folders; all that ship when there are none.
    private func mappingFiles(_ given: [String]) throws -> [String] {
        let manager = FileManager.default
        func all(_ folder: String) -> [String] {
            let names = (try? manager.contentsOfDirectory(atPath: folder)) ?? []
            return names.filter { $0.hasSuffix(".yaml") }.sorted().map { folder + "/" + $0 }
        }
        let shipped = environment.share + "/mappings"
        if given.isEmpty { return all(shipped) + all(shipped + "/rest") }
        return try given.flatMap { name -> [String] in
            var isFolder = false
            if manager.fileExists(atPath: name, isDirectory: &isFolder) { return isFolder ? all(name) : [name] }
            for folder in [shipped, shipped + "/rest"] {
                let path = "\(folder)/\(name).yaml"
                if manager.fileExists(atPath: path) { return [path] }
            }
            throw Failure(
                "MAPPING-MISSING", "There is no mapping “\(name)”.",
                hint: "Give the name of one that ships, a file or a folder.")
        }
    }

    /// Runs the examples of file mappings; those of services have tests of their own.
    /// - Parameter record: writes what the samples give as what they must give.
    package func testMappings(_ paths: [String], record: Bool) throws -> Answer {
        var nodes: [Node] = []
        var lines: [String] = []
        var failed = false
        for file in try mappingFiles(paths) {
            let (mapping, faults) = try MappingFolder.load(path: file)
            if faults.contains(where: { $0.code == "MAPPING-NOT-FILE" }) { continue }
            guard let mapping else {
                failed = true
                lines.append("\(file): does not compile; see `tieout mapping check \(file)`")
                nodes.append(.object([("path", .text(file)), ("faults", .list(faults.map(DocumentJSON.fault)))]))
                continue
            }
            var results: [Node] = []
            for result in try MappingExamples.run(mapping, beside: file, asOf: today, record: record) {
                failed = failed || !result.passed
                lines.append("\(mapping.name): \(result.input): \(result.passed ? "passed" : "FAILED")")
                if let difference = result.difference { lines += difference.split(separator: "\n").map { "  \($0)" } }
                results.append(
                    .compact([
                        ("in", .text(result.input)), ("passed", .bool(result.passed)),
                        ("difference", .text(result.difference)),
                    ]))
            }
            if results.isEmpty { lines.append("\(mapping.name): no examples") }
            nodes.append(
                .object([("path", .text(file)), ("mapping", .text(mapping.name)), ("tests", .list(results))]))
        }
        var answer = Answer(json: .object([("mappings", .list(nodes))]), text: lines.joined(separator: "\n"))
        answer.failed = failed
        return answer
    }
}
