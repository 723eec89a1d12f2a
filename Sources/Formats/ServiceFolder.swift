// SPDX-License-Identifier: Apache-2.0
package import Documents
package import Mappings
import Trees

/// Mappings of systems that are pulled from, as they lie on disk: one YAML file each, in `mappings/rest`.
package enum ServiceFolder {
    /// Every system of a folder, in the order of their names.
    /// - Throws: `ReadFailure` when the folder or a file cannot be read.
    package static func load(
        folder: String
    ) throws -> (services: [Service], complaints: [MappingFolder.Complaint]) {
        var services: [Service] = []
        var complaints: [MappingFolder.Complaint] = []
        for name in try FileBytes.names(in: folder, suffix: ".yaml") {
            let (service, faults) = try load(path: folder + "/" + name)
            complaints += faults.map { MappingFolder.Complaint(file: name, fault: $0) }
            if let service { services.append(service) }
        }
        return (services.sorted { $0.name < $1.name }, complaints)
    }

    package static func load(path: String) throws -> (service: Service?, faults: [Fault]) {
        let bytes = try FileBytes.head(path: path, count: YAMLReader.sizeMax + 1)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            let fault = Fault("YAML-FORM", .refusal, at: .file, "the mapping is not UTF-8", hint: "Save it as UTF-8.")
            return (nil, [fault])
        }
        return compile(text: text)
    }

    /// A mapping's text with its digest.
    package static func compile(text: String) -> (service: Service?, faults: [Fault]) {
        let (node, faults) = YAMLReader.read(text)
        guard let node, faults.isEmpty else { return (nil, faults) }
        var (service, problems) = Service.compile(node)
        let digest = SourceFile.digest(Array(text.utf8))
        service?.set(digest: digest, text: text)
        return (service, problems)
    }
}
