// SPDX-License-Identifier: Apache-2.0
import Documents
import Formats
import FoundationEssentials
import Mappings
import Trees

extension Workplace {
    /// Compiles mappings and says everything that is wrong with them.
    package func checkMappings(_ paths: [String]) throws -> Answer {
        let files =
            try paths.isEmpty
            ? (FileManager.default.contentsOfDirectory(atPath: environment.share + "/mappings"))
                .filter { $0.hasSuffix(".yaml") }.sorted().map { environment.share + "/mappings/" + $0 } : paths
        var nodes: [Node] = []
        var lines: [String] = []
        var failed = false
        for file in files {
            let (mapping, faults) = try MappingFolder.load(path: file)
            failed = failed || mapping == nil || faults.contains { $0.severity != .warning }
            lines.append("\(file): \(faults.isEmpty ? "fine" : "\(faults.count) faults")")
            for fault in faults { lines.append("  \(fault.at.text): \(fault.message) → \(fault.hint)") }
            nodes.append(
                .compact([
                    ("path", .text(file)), ("mapping", .text(mapping?.name)),
                    ("faults", .list(faults.map(DocumentJSON.fault))),
                ]))
        }
        var answer = Answer(json: .object([("mappings", .list(nodes))]), text: lines.joined(separator: "\n"))
        answer.failed = failed
        return answer
    }
}
