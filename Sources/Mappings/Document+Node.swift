// SPDX-License-Identifier: Apache-2.0
package import Documents
package import Trees

/// Takes the fields of a document one after the other; nil and an empty list are no field.
protocol FieldSink {
    mutating func text(_ key: String, _ value: String?)
    /// Decimal text; the currency is a field of its own.
    mutating func amount(_ key: String, _ value: Money?)
    mutating func decimal(_ key: String, _ value: ScaledDecimal?)
    mutating func day(_ key: String, _ value: Day?)
    mutating func integer(_ key: String, _ value: Int?)
    mutating func flag(_ key: String, _ value: Bool?)
    mutating func list(_ key: String, _ items: [Node])
}

extension Document {
    /// A tree whose keys are the mapping language's target names: `type`, then what the source stated, in the
    /// language's order; amounts are decimal text beside `currency`, and what is absent has no key.
    package var node: Node {
        var tree = FieldTree(entries: [("type", .text(entity))])
        write(to: &tree)
        return .object(tree.entries)
    }

    /// The same tree as JSON on a line of its own, after the file's name (if it is wanted) and the place in the file;
    /// written straight to bytes, as there may be a million of them.
    package func writeLine(file: String? = nil, to writer: inout JSONWriter) {
        writer.mark(0x7B)
        if let file {
            writer.write("file")
            writer.mark(0x3A)
            writer.write(file)
            writer.mark(0x2C)
        }
        writer.write("at")
        writer.mark(0x3A)
        writer.write(provenance.at.text)
        var line = FieldLine(writer: writer)
        writer = JSONWriter()
        line.text("type", entity)
        write(to: &line)
        line.writer.mark(0x7D)
        line.writer.mark(0x0A)
        swap(&writer, &line.writer)
    }
}

/// Fields as entries of a tree.
private struct FieldTree: FieldSink {
    var entries: [(String, Node)]

    mutating func text(_ key: String, _ value: String?) {
        if let value { entries.append((key, .text(value))) }
    }
    mutating func amount(_ key: String, _ value: Money?) { text(key, value?.amountText) }
    mutating func decimal(_ key: String, _ value: ScaledDecimal?) { text(key, value?.text) }
    mutating func day(_ key: String, _ value: Day?) { text(key, value?.text) }
    mutating func integer(_ key: String, _ value: Int?) {
        if let value { entries.append((key, .integer(value))) }
    }
    mutating func flag(_ key: String, _ value: Bool?) {
        if let value { entries.append((key, .bool(value))) }
    }
    mutating func list(_ key: String, _ items: [Node]) {
        if !items.isEmpty { entries.append((key, .list(items))) }
    }
}

/// Fields as the members of a JSON object that is open and has a member.
private struct FieldLine: FieldSink {
    var writer: JSONWriter

    private mutating func key(_ key: String) { writer.member(key) }

    mutating func text(_ key: String, _ value: String?) {
        guard let value else { return }
        self.key(key)
        writer.write(value)
    }
    mutating func amount(_ key: String, _ value: Money?) {
        guard let value else { return }
        self.key(key)
        writer.decimal(value.minorUnits, scale: Int(value.currency.exponent))
    }
    mutating func decimal(_ key: String, _ value: ScaledDecimal?) { text(key, value?.text) }
    mutating func day(_ key: String, _ value: Day?) {
        guard let value else { return }
        self.key(key)
        writer.day(value)
    }
    mutating func integer(_ key: String, _ value: Int?) {
        guard let value else { return }
        self.key(key)
        writer.write(.integer(value))
    }
    mutating func flag(_ key: String, _ value: Bool?) {
        guard let value else { return }
        self.key(key)
        writer.write(.bool(value))
    }
    mutating func list(_ key: String, _ items: [Node]) {
        guard !items.isEmpty else { return }
        self.key(key)
        writer.write(.list(items))
    }
}
