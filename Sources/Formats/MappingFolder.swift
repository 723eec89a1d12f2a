// SPDX-License-Identifier: Apache-2.0
package import Documents
package import Mappings
import Trees

/// Mappings as they lie on disk: one YAML file each, compiled with the digest of its text.
package enum MappingFolder {
    /// What is wrong with one mapping file.
    package struct Complaint: Hashable, Sendable {
        package var file: String
        package var fault: Fault

        package init(file: String, fault: Fault) {
            self.file = file
            self.fault = fault
        }
    }

    /// Every file mapping of a folder, in the order of their names; mappings of services are passed over.
    /// - Throws: `ReadFailure` when the folder or a file cannot be read.
    package static func load(folder: String) throws -> (mappings: [Mapping], complaints: [Complaint]) {
        var mappings: [Mapping] = []
        var complaints: [Complaint] = []
        for name in try FileBytes.names(in: folder, suffix: ".yaml") {
            let (mapping, faults) = try load(path: folder + "/" + name)
            if faults.contains(where: { $0.code == "MAPPING-NOT-FILE" }) { continue }
            complaints += faults.map { Complaint(file: name, fault: $0) }
            guard let mapping else { continue }
            if mappings.contains(where: { $0.name == mapping.name }) {
                let fault = Fault(
                    "MAPPING-NAME", .refusal, at: .file, "two mappings are named \(mapping.name)",
                    hint: "Give one of them another name.")
                complaints.append(Complaint(file: name, fault: fault))
            } else {
                mappings.append(mapping)
            }
        }
        return (mappings.sorted { $0.name < $1.name }, complaints)
    }

    /// One mapping file; `use:` is looked for beside it.
    package static func load(path: String) throws -> (mapping: Mapping?, faults: [Fault]) {
        let bytes = try FileBytes.head(path: path, count: YAMLReader.sizeMax + 1)
        let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        return try compile(bytes, folder: folder.isEmpty ? "." : folder)
    }

    /// A mapping's text, for tests and for what a store kept by its digest; `use:` is not resolved.
    package static func compile(text: String) -> (mapping: Mapping?, faults: [Fault]) {
        let (node, faults) = YAMLReader.read(text)
        guard let node, faults.isEmpty else { return (nil, faults) }
        var (mapping, problems) = Mapping.compile(node)
        mapping?.digest = SourceFile.digest(Array(text.utf8))
        mapping?.text = text
        return (mapping, problems)
    }

    private static func compile(_ bytes: [UInt8], folder: String) throws -> (mapping: Mapping?, faults: [Fault]) {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            let fault = Fault("YAML-FORM", .refusal, at: .file, "the mapping is not UTF-8", hint: "Save it as UTF-8.")
            return (nil, [fault])
        }
        let read = YAMLReader.read(text)
        guard let node = read.node, read.faults.isEmpty else { return (nil, read.faults) }
        var digested = bytes
        let (whole, faults) = try included(node, folder: folder, digested: &digested)
        guard faults.isEmpty else { return (nil, faults) }
        var (mapping, problems) = Mapping.compile(whole)
        mapping?.digest = SourceFile.digest(digested)
        mapping?.text = String(decoding: digested, as: UTF8.self)
        return (mapping, problems)
    }

    /// `use:` adds whole top-level blocks, one level deep, and overrides nothing.
    private static func included(
        _ node: Node, folder: String, digested: inout [UInt8]
    ) throws -> (Node, [Fault]) {
        guard let uses = node["use"], var entries = node.entries else { return (node, []) }
        var faults: [Fault] = []
        for item in uses.items ?? [uses] {
            guard let name = item.scalar, !name.hasPrefix("/"), !name.contains("..") else {
                faults.append(use(item, "`use:` names a file below the mapping's folder"))
                continue
            }
            let file = "\(folder)/\(name).yaml"
            guard let bytes = try? FileBytes.head(path: file, count: YAMLReader.sizeMax + 1) else {
                faults.append(use(item, "there is no file \(file)"))
                continue
            }
            let part = YAMLReader.read(String(decoding: bytes, as: UTF8.self))
            faults += part.faults.map { fault in
                var fault = fault
                fault.message = "\(name): \(fault.message)"
                return fault
            }
            digested += bytes
            for entry in part.node?.entries ?? [] {
                if entry.key == "use" {
                    faults.append(use(item, "`\(name)` has a `use:` of its own; one level is all there is"))
                } else if node[entry.key] != nil || entries.contains(where: { $0.key == entry.key }) {
                    faults.append(use(item, "`\(name)` has the block `\(entry.key):`, and so has the mapping"))
                } else {
                    entries.append(entry)
                }
            }
        }
        entries.removeAll { $0.key == "use" }
        var whole = node
        whole.value = .map(entries)
        return (whole, faults)
    }

    private static func use(_ node: Node, _ message: String) -> Fault {
        Fault(
            "MAPPING-USE", .refusal, at: .line(node.line, column: node.column), message,
            hint: "Name it as `partials/name`, with each block in one place only.")
    }
}
