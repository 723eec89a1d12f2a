// SPDX-License-Identifier: Apache-2.0
package import Documents
package import Trees

/// What the source itself says a field is.
package enum CellKind: Hashable, Sendable {
    case text
    /// Digits with a decimal point and no grouping, whatever the mapping's convention for texts.
    case number
    /// `yyyy-MM-dd`, perhaps with a time, whatever the mapping's convention for texts.
    case day
    /// A formula that failed: `#N/A`.
    case error
}

/// One record as a mapping sees it: a row of byte ranges, or a place in a tree.
///
/// A scanner keeps one value and refills it, so that a row costs no allocation.
package struct Record: Sendable {
    /// The UTF-8 bytes that the fields of a row lie in; for a tree empty.
    package var bytes: [UInt8] = []
    /// First byte of each field; only the first `count` are this row's.
    package var starts: [Int] = []
    /// The byte after each field.
    package var ends: [Int] = []
    package var count = 0
    /// Line of the text the row begins on, from 1.
    package var line = 0
    /// What each field is, where its source says so: a sheet's cells are typed. Empty for text.
    package var kinds: [CellKind] = []
    /// From the document's root to the record, for `^`; empty for a row.
    package var tree: [Node] = []
    /// The record's place in a tree, for provenance.
    package var pointer = ""

    package init() {}

    package init(tree: [Node], pointer: String) {
        self.tree = tree
        self.pointer = pointer
    }

    package var position: Position { tree.isEmpty ? .line(line) : .path(pointer) }

    /// The text of a field; empty when the row has no such field.
    package func text(_ index: Int) -> String {
        guard index >= 0, index < count else { return "" }
        return String(decoding: bytes[starts[index]..<ends[index]], as: UTF8.self)
    }

    package var texts: [String] { (0..<count).map(text) }

    package func isNumber(_ column: Int) -> Bool {
        column >= 0 && column < kinds.count && kinds[column] == .number
    }

    package func isDay(_ column: Int) -> Bool { column >= 0 && column < kinds.count && kinds[column] == .day }

    /// Some field is a formula that failed.
    package var hasErrors: Bool { !kinds.isEmpty && kinds.contains(.error) }

    /// A row made of texts, for tests and for records that come from elsewhere than a scanner.
    package init(fields: [String], line: Int) {
        for field in fields {
            starts.append(bytes.count)
            bytes.append(contentsOf: field.utf8)
            ends.append(bytes.count)
        }
        count = fields.count
        self.line = line
    }
}
