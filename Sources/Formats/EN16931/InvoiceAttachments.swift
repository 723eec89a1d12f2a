// SPDX-License-Identifier: Apache-2.0
import Documents

/// The files inside a document (BT-125), decoded as they pass.
struct InvoiceAttachments {
    private(set) var all: [Invoice.Attachment] = []
    private(set) var faults: [Fault] = []
    private var size = 0

    /// Bytes of all of them; what is more is left out, not held in memory.
    static let sizeMax = 128 << 20

    /// - Parameters:
    ///   - node: What holds the base64.
    ///   - names: The file's name as the document gives it, by preference.
    mutating func add<Name: XMLName>(_ node: XMLNode<Name>, names: [XMLNode<Name>?], mediaType: XMLNode<Name>?) {
        let stated = names.lazy.compactMap { $0?.text }.first ?? "attachment-\(all.count + 1)"
        // A name is a name: folders in it are not followed anywhere.
        let name = stated.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last.map(String.init) ?? stated
        guard let bytes = Base64.decode(node.bytes) else {
            return leaveOut(
                "ATTACHMENT-ENCODING", node, "the embedded file \(name.prefix(80)) is not base64 and was left out")
        }
        guard size + bytes.count <= Self.sizeMax else {
            return leaveOut(
                "ATTACHMENT-SIZE", node,
                "with the embedded file \(name.prefix(80)) there would be more than \(Self.sizeMax >> 20) MB of them")
        }
        size += bytes.count
        all.append(
            Invoice.Attachment(name: name, mediaType: mediaType?.text ?? "application/octet-stream", bytes: bytes))
    }

    private mutating func leaveOut<Name: XMLName>(_ code: String, _ node: XMLNode<Name>, _ message: String) {
        faults.append(
            Fault(
                code, .warning, at: node.position, message,
                hint: "Ask the sender for the file if it is to be sent on."))
    }
}
