// SPDX-License-Identifier: Apache-2.0

/// One value of a tree that was read from YAML, JSON or small XML, with its place in the text.
///
/// Numbers keep their exact text. Aliases, tags and duplicate keys have no place in it: readers refuse them.
package struct Node: Hashable, Sendable {
    package enum Value: Hashable, Sendable {
        case null
        case bool(Bool)
        /// The exact digits of the source, valid as a JSON number.
        case number(String)
        case text(String)
        case list([Node])
        case map([Entry])
    }

    /// How a YAML scalar was written; what comes from elsewhere is `plain`.
    package enum Style: Hashable, Sendable { case plain, quoted }

    package struct Entry: Hashable, Sendable {
        package var key: String
        package var value: Node
        /// Where the key stands, from 1; 0 when the tree was built in memory.
        package var line: Int
        package var column: Int

        package init(key: String, value: Node, line: Int = 0, column: Int = 0) {
            self.key = key
            self.value = value
            self.line = line
            self.column = column
        }
    }

    package var value: Value
    package var style: Style
    /// From 1; 0 when the tree was built in memory.
    package var line: Int
    package var column: Int

    package init(_ value: Value, style: Style = .plain, line: Int = 0, column: Int = 0) {
        self.value = value
        self.style = style
        self.line = line
        self.column = column
    }

    // MARK: Building

    package static let null = Node(.null)
    package static func text(_ text: String) -> Node { Node(.text(text)) }
    /// `null` for nil.
    package static func text(_ text: String?) -> Node { text.map { Node(.text($0)) } ?? .null }
    package static func bool(_ value: Bool) -> Node { Node(.bool(value)) }
    package static func integer(_ value: some BinaryInteger) -> Node { Node(.number(String(value))) }
    package static func list(_ items: [Node]) -> Node { Node(.list(items)) }
    /// Keys in the order given; the caller sees to it that they differ.
    package static func object(_ entries: [(String, Node)]) -> Node {
        Node(.map(entries.map { Entry(key: $0.0, value: $0.1) }))
    }
    /// The same without the entries whose value is null.
    package static func compact(_ entries: [(String, Node)]) -> Node {
        object(entries.filter { $0.1.value != .null })
    }

    // MARK: Looking up

    /// The value of a key of a map; nil when this is no map or has no such key.
    package subscript(key: String) -> Node? {
        guard case .map(let entries) = value else { return nil }
        return entries.first { $0.key == key }?.value
    }

    package subscript(index: Int) -> Node? {
        guard case .list(let items) = value, items.indices.contains(index) else { return nil }
        return items[index]
    }

    package var items: [Node]? {
        if case .list(let items) = value { return items }
        return nil
    }

    package var entries: [Entry]? {
        if case .map(let entries) = value { return entries }
        return nil
    }

    /// The text of a scalar as it stands in the source: `true`, `1.10`, `EUR`; nil for null, lists and maps.
    package var scalar: String? {
        switch value {
        case .text(let text), .number(let text): text
        case .bool(let flag): flag ? "true" : "false"
        case .null, .list, .map: nil
        }
    }

    /// JSON null, or a YAML scalar that stands for nothing: empty, `~` or `null`, unquoted.
    package var isNull: Bool {
        switch value {
        case .null: true
        case .text(let text): style == .plain && line > 0 && (text.isEmpty || text == "~" || text == "null")
        default: false
        }
    }

    /// What it is, for messages: `a list`, `text`.
    package var kind: String {
        switch value {
        case .null: "nothing"
        case .bool: "true or false"
        case .number: "a number"
        case .text: isNull ? "nothing" : "text"
        case .list: "a list"
        case .map: "a map"
        }
    }
}
