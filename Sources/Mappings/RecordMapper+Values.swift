// SPDX-License-Identifier: Apache-2.0
import Documents
import Trees
import _StringProcessing

/// A value before its type: nothing, bytes of the row, or text that a rule made.
enum Cell {
    case null
    /// Blanks around are still there.
    case bytes(Int, Int, path: Int)
    case text(String, path: Int)
}

extension RecordMapper {
    /// The path of a text that a rule made, which is in no convention but our own.
    static var made: Int { -1 }
    /// The path of a text from beside the records, which is in the mapping's conventions.
    static var beside: Int { -2 }

    // MARK: Cells

    /// The field of a path, null when it is absent, blank, or one of `read.nulls`.
    @inline(__always)
    func fetch(_ path: Int, _ record: Record) throws(RecordFault) -> Cell {
        guard record.tree.isEmpty else { return try fetchNode(path, record) }
        let column = columns[path]
        guard column >= 0, column < record.count else { return .null }
        let start = record.starts[column]
        let end = record.ends[column]
        guard start < end else { return .null }
        if record.bytes[start] > 0x20, mapping.nulls.isEmpty { return .bytes(start, end, path: path) }
        let (from, to) = Self.trimmed(record.bytes, start, end)
        guard from < to else { return .null }
        for null in mapping.nulls where null.count == to - from {
            if record.bytes[from..<to].elementsEqual(null) { return .null }
        }
        return .bytes(start, end, path: path)
    }

    private func fetchNode(_ path: Int, _ record: Record) throws(RecordFault) -> Cell {
        let found = try lone(mapping.paths[path], record)
        guard let node = found, let text = node.ownText, !text.isEmpty,
            !mapping.nulls.contains(where: { text.utf8.elementsEqual($0) })
        else { return .null }
        return .text(text, path: path)
    }

    private func lone(_ path: Path, _ record: Record) throws(RecordFault) -> Node? {
        if let last = record.tree.last {
            switch path.walk(from: last) {
            case .to(let node) where node.items == nil: return node
            case .nowhere: return nil
            case .to, .manyWays: break
            }
        }
        let hits = path.hits(in: record.tree).flatMap { $0.items ?? [$0] }
        guard hits.count <= 1 else {
            throw RecordFault(
                "PATH-MANY", "path \(path.text) has \(hits.count) hits where one is expected",
                hint: "Add a filter such as `[type=total]`, or use `each:`.")
        }
        return hits.first
    }

    static func trimmed(_ bytes: [UInt8], _ start: Int, _ end: Int) -> (Int, Int) {
        var (from, to) = (start, end)
        while from < to, bytes[from] <= 0x20 { from += 1 }
        while from < to, bytes[to - 1] <= 0x20 { to -= 1 }
        return (from, to)
    }

    func cell(_ rule: Rule, _ record: Record) throws(RecordFault) -> Cell {
        if rule.plainPath >= 0 { return try fetch(rule.plainPath, record) }
        var cell = Cell.null
        switch rule.source {
        case .path(let path): cell = try fetch(path, record)
        case .coalesce(let rules):
            for rule in rules {
                cell = try self.cell(rule, record)
                if case .null = cell { continue }
                break
            }
        case .constant(let template): cell = .text(text(template, record), path: -1)
        case .join(let template): cell = join(template, record)
        case .calc: cell = .null
        case .aside(_, let pattern): cell = asides[pattern].map { .text($0, path: Self.beside) } ?? .null
        case .first(let branches):
            if let rule = branch(branches, record) { cell = try self.cell(rule, record) }
        }
        guard let flags = rule.flags else { return cell }
        return try apply(flags, cell, record)
    }

    func branch(_ branches: [Rule.Branch], _ record: Record) -> Rule? {
        branches.first { $0.when.map { holds($0, record) } ?? true }?.rule
    }

    private func apply(_ flags: Rule.Flags, _ cell: Cell, _ record: Record) throws(RecordFault) -> Cell {
        var cell = cell
        if flags.trim || !flags.nullIf.isEmpty || flags.map != nil || flags.match != nil || flags.upper {
            cell = try reshape(flags, cell, record)
        }
        if case .null = cell {
            if let fallback = flags.fallback { return .text(text(fallback, record), path: -1) }
            if flags.required {
                throw RecordFault(
                    "REQUIRED-MISSING", "a required value is missing", hint: "Complete the row in the source.")
            }
        }
        return cell
    }

    private func reshape(_ flags: Rule.Flags, _ cell: Cell, _ record: Record) throws(RecordFault) -> Cell {
        let path: Int
        var value: String
        switch cell {
        case .null: return .null
        case .bytes(let start, let end, let from):
            let (first, last) = Self.trimmed(record.bytes, start, end)
            if flags.match == nil, !flags.upper, let map = flags.map {
                return try lookUp(map, flags.mapOther, record.bytes[first..<last], from)
            }
            value = String(decoding: record.bytes[first..<last], as: UTF8.self)
            path = from
        case .text(let text, let from):
            path = from
            // What is put together of cells has their blanks, and those around the ones that are empty.
            value = flags.trim ? text.split(whereSeparator: \.isWhitespace).joined(separator: " ") : text
        }
        if flags.nullIf.contains(where: { value.utf8.elementsEqual($0) }) { return .null }
        if let match = flags.match {
            guard let found = try? regexes[match].firstMatch(in: value),
                found.output.count > 1, let part = found.output[1].substring, !part.isEmpty
            else { return .null }
            value = String(part)
            if flags.nullIf.contains(where: { value.utf8.elementsEqual($0) }) { return .null }
        }
        if flags.upper { value = value.uppercased() }
        if let map = flags.map { return try lookUp(map, flags.mapOther, Array(value.utf8)[...], path) }
        return value.isEmpty ? .null : .text(value, path: path)
    }

    private func lookUp(
        _ map: [(from: [UInt8], to: String)], _ other: String?, _ value: ArraySlice<UInt8>, _ path: Int
    ) throws(RecordFault) -> Cell {
        for entry in map where entry.from.count == value.count && value.elementsEqual(entry.from) {
            return entry.to.isEmpty ? .null : .text(entry.to, path: path)
        }
        if let other { return other.isEmpty ? .null : .text(other, path: path) }
        throw RecordFault(
            "VALUE-UNMAPPED", column: path >= 0 ? columns[path] : nil,
            "\"\(String(decoding: value, as: UTF8.self))\" is none of the mapping's values "
                + map.map { "\"\(String(decoding: $0.from, as: UTF8.self))\"" }.joined(separator: ", "),
            hint: "Add it to `map:` once you know what it means.")
    }

    private func join(_ template: Template, _ record: Record) -> Cell {
        var hasValue = false
        for case .path(let path) in template.pieces {
            if let cell = try? fetch(path, record), case .null = cell { continue }
            hasValue = true
        }
        return hasValue ? .text(text(template, record), path: -1) : .null
    }

    func text(_ template: Template, _ record: Record) -> String {
        if let literal = template.literal { return literal }
        return template.pieces.map { piece in
            switch piece {
            case .literal(let text): text
            case .config(let name): mapping.configValue(name, setting) ?? ""
            case .path(let path):
                switch try? fetch(path, record) {
                case .bytes(let start, let end, _): String(decoding: record.bytes[start..<end], as: UTF8.self)
                case .text(let text, _): text
                case .null, nil: ""
                }
            }
        }.joined()
    }

    // MARK: Conditions

    func holds(_ condition: Condition, _ record: Record) -> Bool {
        for line in condition.lines where !holds(line, record) { return false }
        return true
    }

    func holdsAny(_ condition: Condition, _ record: Record) -> Bool {
        for line in condition.lines where holds(line, record) { return true }
        return false
    }

    private func holds(_ line: Condition.Line, _ record: Record) -> Bool {
        guard record.tree.isEmpty else {
            let hits = mapping.paths[line.path].hits(in: record.tree).compactMap(\.ownText)
            let texts = hits.isEmpty ? [""] : hits
            let isOne = texts.contains { text in
                line.patterns.contains { $0.matches(Array(text.utf8)[...]) }
            }
            return isOne != line.isNegated
        }
        let column = columns[line.path]
        guard column >= 0, column < record.count else { return line.patterns.contains(.null) != line.isNegated }
        let (start, end) = Self.trimmed(record.bytes, record.starts[column], record.ends[column])
        for pattern in line.patterns where pattern.matches(record.bytes[start..<end]) { return !line.isNegated }
        return line.isNegated
    }

    // MARK: Typed values

    func text(_ rule: Rule, _ record: Record) throws(RecordFault) -> String? {
        switch try cell(rule, record) {
        case .null: return nil
        case .text(let text, _): return text
        case .bytes(let start, let end, _): return String(decoding: record.bytes[start..<end], as: UTF8.self)
        }
    }

    /// Text in which a spreadsheet's number is a fault: `1.23E+17` has lost digits, `2960623488.0` gained some.
    func identifier(_ rule: Rule, _ record: Record) throws(RecordFault) -> String? {
        let cell = try cell(rule, record)
        guard case .bytes(let start, let end, let path) = cell else { return try text(rule, record) }
        let text = String(decoding: record.bytes[start..<end], as: UTF8.self)
        if record.bytes[start] &- 0x30 <= 9, Self.isSpreadsheetNumber(record.bytes, start, end) {
            throw RecordFault(
                "SPREADSHEET-NUMBER", column: columns[path],
                "\"\(text)\" is a number a spreadsheet wrote, not the identifier",
                hint: "Export again with this column formatted as text.")
        }
        return text
    }

    static func isSpreadsheetNumber(_ bytes: [UInt8], _ start: Int, _ end: Int) -> Bool {
        var digits = 0
        var mark = -1
        var index = start
        while index < end {
            let byte = bytes[index]
            if byte &- 0x30 <= 9 {
                digits += 1
            } else if byte == 0x2E || byte == 0x2C, mark < 0 {
                mark = index
            } else if byte == 0x45 || byte == 0x65 {
                let rest = bytes[(index + 1)..<end]
                guard let sign = rest.first, sign == 0x2B || sign == 0x2D else { return false }
                return rest.count > 1 && rest.dropFirst().allSatisfy { $0 &- 0x30 <= 9 }
            } else {
                return false
            }
            index += 1
        }
        return digits >= 7 && mark == end - 2 && bytes[end - 1] == 0x30
    }

    func decimal(_ rule: Rule, _ record: Record, scale: UInt8 = 0) throws(RecordFault) -> ScaledDecimal? {
        if rule.plainPath >= 0, record.tree.isEmpty {
            guard case .bytes(let start, let end, let path) = try fetch(rule.plainPath, record) else { return nil }
            if let value = AmountText.fast(record.bytes, start, end, amounts[path].decimal) { return value }
        }
        guard let flags = rule.flags else { return try number(cell(rule, record), nil, record) }
        var value: ScaledDecimal?
        switch rule.source {
        case .calc(let terms): value = try calc(terms, flags.amount, record)
        case .first(let branches) where flags.map == nil:
            if let rule = branch(branches, record) { value = try decimal(rule, record, scale: scale) }
        default: value = try number(cell(rule, record), flags.amount, record)
        }
        if value == nil, let fallback = flags.fallback {
            value = ScaledDecimal(text(fallback, record))
        }
        guard var value else { return nil }
        if flags.minor, value.scale == 0 { value.scale = scale }
        if flags.abs, value.coefficient < 0 { value = -value }
        if flags.negate { value = -value }
        if let when = flags.negateWhen, holds(when, record) { value = -value }
        return value
    }

    private func calc(
        _ terms: [Rule.Term], _ convention: AmountConvention?, _ record: Record
    ) throws(RecordFault) -> ScaledDecimal? {
        var sum: ScaledDecimal?
        for term in terms {
            guard let value = try number(fetch(term.path, record), convention, record) else { continue }
            let signed = term.negative ? -value : value
            guard let next = sum.map({ $0.adding(signed) }) ?? signed else {
                throw RecordFault("AMOUNT-RANGE", "the sum is too large", hint: "Check the row in the source.")
            }
            sum = next
        }
        return sum
    }

    private func number(
        _ cell: Cell, _ declared: AmountConvention?, _ record: Record
    ) throws(RecordFault) -> ScaledDecimal? {
        switch cell {
        case .null: return nil
        case .bytes(let start, let end, let path):
            let convention = record.isNumber(columns[path]) ? .plain : declared ?? amounts[path]
            return try value(AmountText.read(record.bytes, start, end, convention), cell, convention, record)
        case .text(let text, let path):
            let isPlain = path == Self.made || path >= 0 && record.isNumber(columns[path])
            let own = path >= 0 ? amounts[path] : mapping.amount ?? .plain
            let convention = isPlain ? .plain : declared ?? own
            return try value(AmountText.read(text, convention), cell, convention, record)
        }
    }

    private func value(
        _ reading: AmountReading, _ cell: Cell, _ convention: AmountConvention, _ record: Record
    ) throws(RecordFault) -> ScaledDecimal? {
        switch reading {
        case .empty: return nil
        case .value(let value, let mark):
            if let mark, let known = recordCurrency, !mark.means(known) {
                throw RecordFault(
                    "AMOUNT-CURRENCY", column: column(cell),
                    "\"\(shown(cell, record))\" is not in the row's currency \(known.code)",
                    hint:
                        "Map the currency from the column that states it; where every amount of such files is in one, write "
                        + "`currency: { const: \((mark.usual ?? known).code) }`.")
            }
            return value
        case .refused(let problem):
            let text = shown(cell, record)
            throw RecordFault(
                problem.rawValue, column: column(cell), problem.message(text, convention), hint: problem.hint)
        }
    }

    func column(_ cell: Cell) -> Int? {
        switch cell {
        case .null: nil
        case .bytes(_, _, let path), .text(_, let path): path >= 0 ? columns[path] : nil
        }
    }

    /// A cell's text for a message, at most 60 characters.
    func shown(_ cell: Cell, _ record: Record) -> String {
        let text =
            switch cell {
            case .null: ""
            case .bytes(let start, let end, _): String(decoding: record.bytes[start..<end], as: UTF8.self)
            case .text(let text, _): text
            }
        return text.count > 60 ? text.prefix(60) + "…" : text
    }
}

extension AmountProblem {
    func message(_ text: String, _ convention: AmountConvention) -> String {
        switch self {
        case .spreadsheet: return "\"\(text)\" is a number a spreadsheet wrote; its digits are lost"
        case .range: return "\"\(text)\" is larger than any amount may be"
        case .form: return "\"\(text)\" is no amount (\(convention.description))"
        case .grouping:
            let both = AmountText.readings(of: text).map { "; it could be \($0.decimal) or \($0.group)" } ?? ""
            return "\"\(text)\" is no amount with \(convention.description)\(both)"
        }
    }

    var hint: String {
        switch self {
        case .spreadsheet: "Export again with this column formatted as text or as a plain number."
        case .range: "Check the row in the source."
        case .form: "Correct the row in the source, or map another column."
        case .grouping: "Correct `read: { decimal: …, group: … }` in the mapping if the whole column is written so."
        }
    }
}
