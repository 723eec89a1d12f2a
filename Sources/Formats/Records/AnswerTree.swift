// SPDX-License-Identifier: Apache-2.0
package import Documents
package import Mappings
package import Trees

/// The body of a system's answer as one tree, in memory: an answer is a page, not a file.
package enum AnswerTree {
    /// - Returns: The tree, or why the bytes are none.
    package static func read(
        _ bytes: [UInt8], as format: Mapping.FileFormat, namespaces: [String: String]
    ) -> (node: Node?, problem: Fault?) {
        guard format == .xml else {
            let (node, faults) = JSONReader.read(bytes)
            return (node, faults.first.map { excerpt($0, bytes) })
        }
        guard let name = XMLRoot.sniff(bytes) else { return (nil, excerpt(noXML, bytes)) }
        let sink = XMLRecordSink(steps: [nil], prefixes: namespaces)
        guard var handle = XMLHandle(sink: sink) else { return (nil, noXML) }
        if let fault = handle.feed(bytes) ?? sink.refusal ?? handle.finish() { return (nil, excerpt(fault, bytes)) }
        guard let root = sink.found.first?.node else { return (nil, noXML) }
        let prefix = namespaces.sorted { $0.key < $1.key }.first { $0.value == name.namespace }?.key
        return (.object([(prefix.map { "\($0):\(name.name)" } ?? name.name, root)]), nil)
    }

    private static let noXML = Fault("XML-FORM", .refusal, at: .file, "this is no XML", hint: "See what was sent.")

    /// A web page says who answered in its first words.
    private static func excerpt(_ fault: Fault, _ bytes: [UInt8]) -> Fault {
        let head = String(decoding: bytes.prefix(200), as: UTF8.self)
        guard head.lowercased().contains("<html") || head.lowercased().contains("<!doctype html") else { return fault }
        var fault = fault
        fault.message = "it is a web page"
        return fault
    }
}
