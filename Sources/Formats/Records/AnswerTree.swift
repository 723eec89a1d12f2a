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
            let (node, faults) = JSONReader.read(bytes, valuesMax: valuesMax)
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

    /// The same where the answer may hold the real one as text, as a SOAP service does that takes and gives XML in a
    /// string. An answer without that text, such as a SOAP fault, stays as it is.
    package static func read(
        _ bytes: [UInt8], as format: Mapping.FileFormat, namespaces: [String: String], inner: Path?
    ) -> (node: Node?, problem: Fault?) {
        let outer = read(bytes, as: format, namespaces: namespaces)
        guard let inner, let node = outer.node, let text = inner.hits(in: [node]).first?.ownText, !text.isEmpty else {
            return outer
        }
        return read(Array(text.utf8), as: format, namespaces: namespaces)
    }

    /// Of one page: a thousand records with two thousand values each.
    private static let valuesMax = 2_000_000

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
