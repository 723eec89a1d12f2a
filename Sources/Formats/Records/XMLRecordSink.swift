// SPDX-License-Identifier: Apache-2.0
import Documents
import Trees

/// Turns the elements at one path of an XML text into trees, one after the other; what lies between is passed over.
///
/// An element with nothing but text is that text; any other is a map of its children by name, of its attributes by
/// `@name`, and of its own text as `#text`. Children of one name are a list. A name has the prefix that the mapping
/// declares for its namespace, and none where it declares none.
final class XMLRecordSink: XMLEventSink {
    struct Found {
        var node: Node
        /// Line it begins on.
        var line: Int
    }

    /// Whole records, to be taken between pieces of the file.
    var found: [Found] = []
    private(set) var refusal: Fault?
    let wantsNamespaces = true

    /// The names down to a record, root first; nil is any name.
    private let steps: [String?]
    private let prefixes: [String: String]
    private var prefix: String?
    private var names: [String] = []
    private var frames: [Frame] = []
    /// Open elements, and how many of them, from the root on, are those of `steps`.
    private var depth = 0
    private var matched = 0
    private var nodeCount = 0
    private var textCount = 0

    /// Elements and attributes of one record.
    static let nodesMax = 1 << 20
    /// Bytes of one record.
    static let textMax = 64 << 20

    private struct Frame {
        var name: String
        var line: Int
        var entries: [(key: String, nodes: [Node])] = []
        var text: [UInt8] = []
    }

    init(steps: [String?], prefixes: [String: String]) {
        self.steps = steps
        // By namespace; of two prefixes for one the first in the alphabet.
        var byNamespace: [String: String] = [:]
        for (prefix, uri) in prefixes.sorted(by: { $0.key < $1.key }) where byNamespace[uri] == nil {
            byNamespace[uri] = prefix
        }
        self.prefixes = byNamespace
    }

    func root(_ name: String, namespace: String) -> Bool { true }
    func namespace(_ uri: String) { prefix = prefixes[uri] }

    func code(of name: String) -> Int32? {
        names.append(name)
        return Int32(names.count - 1)
    }

    func open(_ code: Int32, line: Int) {
        let local = names[Int(code)]
        let name = prefix.map { $0 + ":" + local } ?? local
        depth += 1
        if !frames.isEmpty {
            frames.append(Frame(name: name, line: line))
            count(1)
            return
        }
        guard matched == depth - 1, depth <= steps.count, steps[depth - 1] == nil || steps[depth - 1] == name else {
            return
        }
        matched = depth
        if depth == steps.count {
            frames = [Frame(name: name, line: line)]
            (nodeCount, textCount) = (1, 0)
        }
    }

    func attribute(_ code: Int32, _ value: Span<UInt8>) {
        guard let last = frames.indices.last else { return }
        var bytes: [UInt8] = []
        bytes.append(copying: value)
        textCount += bytes.count
        count(1)
        let key = "@" + names[Int(code)]
        if !frames[last].entries.contains(where: { $0.key == key }) {
            frames[last].entries.append((key, [Node(.text(String(decoding: bytes, as: UTF8.self)))]))
        }
    }

    func text(_ bytes: Span<UInt8>) {
        guard let last = frames.indices.last else { return }
        textCount += bytes.count
        frames[last].text.append(copying: bytes)
        count(0)
    }

    func close() -> Bool {
        depth -= 1
        if let frame = frames.popLast() {
            let node = Self.node(frame)
            if let parent = frames.indices.last {
                if let index = frames[parent].entries.firstIndex(where: { $0.key == frame.name }) {
                    frames[parent].entries[index].nodes.append(node)
                } else {
                    frames[parent].entries.append((frame.name, [node]))
                }
            } else {
                found.append(Found(node: node, line: frame.line))
            }
        }
        matched = min(matched, depth)
        return refusal == nil
    }

    private static func node(_ frame: Frame) -> Node {
        let text = trimmed(frame.text)
        if frame.entries.isEmpty { return Node(.text(text), style: .quoted, line: frame.line) }
        var entries = frame.entries.map { key, nodes in
            Node.Entry(key: key, value: nodes.count == 1 ? nodes[0] : Node(.list(nodes)), line: frame.line)
        }
        if !text.isEmpty { entries.append(Node.Entry(key: "#text", value: Node(.text(text)), line: frame.line)) }
        return Node(.map(entries), line: frame.line)
    }

    private static func trimmed(_ bytes: [UInt8]) -> String {
        var (start, end) = (0, bytes.count)
        while start < end, bytes[start] <= 0x20 { start += 1 }
        while start < end, bytes[end - 1] <= 0x20 { end -= 1 }
        return String(decoding: bytes[start..<end], as: UTF8.self)
    }

    private func count(_ nodes: Int) {
        nodeCount += nodes
        guard nodeCount > Self.nodesMax || textCount > Self.textMax, refusal == nil else { return }
        refusal = Fault(
            "XML-LIMIT", .refusal, at: .line(frames.first?.line ?? 1),
            "one record has more than \(Self.nodesMax) elements or \(Self.textMax >> 20) MB of text",
            hint: "Let `records:` of the mapping lead to one record, not to all of them.")
    }
}
