// SPDX-License-Identifier: Apache-2.0
package import Documents
package import Trees
import _StringProcessing

/// A mapping bound to one file: columns found, conventions settled, patterns compiled.
///
/// Mapping a row allocates nothing but the texts that are kept.
package struct RecordMapper {
    /// What the file and the caller add to the mapping.
    package struct Setting {
        package var origin: Provenance.Origin
        package var asOf: Day
        package var defaultCurrency: Currency?
        package var config: [String: String] = [:]
        /// The lines above the header, the filled cells of each with a blank between.
        package var preamble: [String] = []
        /// Milliseconds east of UTC of a named zone at an instant; nil where no time zones are known.
        package var offset: ((_ zone: String, _ milliseconds: Int64) -> Int64?)?

        package init(origin: Provenance.Origin, asOf: Day) {
            self.origin = origin
            self.asOf = asOf
        }
    }

    /// What one record came to.
    package enum Outcome: Hashable, Sendable {
        case mapped, skipped, total
        case faulty
    }

    let mapping: Mapping
    /// The mapping's, without rules whose columns this file does not have.
    let emissions: [Emission]
    let setting: Setting
    /// Column of each path; -1 when the header has none.
    var columns: [Int]
    /// Convention of each path.
    var amounts: [AmountConvention]
    var dates: [DateConvention]
    let regexes: [Regex<AnyRegexOutput>]
    /// What a rule takes from beside the records, by pattern.
    let asides: [Int: String]
    let header: [String]
    /// Faults of the record mapped last and of total rows.
    package internal(set) var faults: [Fault] = []
    /// Total rows that agreed.
    package internal(set) var agreed: [(target: Target, currency: Currency?, amount: ScaledDecimal)] = []
    /// Total rows that were met, agreeing or not.
    package internal(set) var totalRowCount = 0
    /// Records that were left out.
    package internal(set) var faultyCount = 0
    var sums: [Int128]
    var sumCurrency: Currency?
    var previous = PreviousInvoice()
    var currencyText: [UInt8] = []
    var currencyCached: Currency?
    /// The currency of the record in hand.
    var recordCurrency: Currency?

    /// The invoice of the row before, to tell one row per line from one row per invoice.
    struct PreviousInvoice {
        var id: String?
        var number = ""
        var kind = Invoice.Kind.invoice
        var total: Money?
        var open: Money?
        var line = 0
    }

    /// Binds a mapping to a header. An empty header is for trees.
    /// - Returns: The mapper, or every reason why the header does not serve.
    package static func bind(
        _ mapping: Mapping, header: [String], headerLine: Int, setting: Setting
    ) -> Result<RecordMapper, BindingFailure> {
        var faults: [Fault] = []
        var columns: [Int] = []
        for path in mapping.paths {
            let found = path.columns(in: header)
            if found.count > 1 {
                faults.append(
                    Fault(
                        "COLUMN-DUPLICATE", .refusal, at: .line(headerLine, column: found[1] + 1),
                        "the header has column \"\(path.text)\" \(found.count) times and the mapping "
                            + "\(mapping.name) reads it",
                        hint: "Say which: `$1:\(path.text)` is the first of that name, `$2:\(path.text)` the second."))
            }
            columns.append(found.first ?? -1)
        }
        var regexes: [Regex<AnyRegexOutput>] = []
        for pattern in mapping.patterns {
            if let regex = try? Regex(pattern) { regexes.append(regex) }
        }
        let missing = mapping.configMissing(in: setting)
        if !missing.isEmpty {
            faults.append(
                Fault(
                    "CONFIG-MISSING", .refusal, at: .file,
                    "the mapping \(mapping.name) needs a value for \(missing.joined(separator: ", "))",
                    hint: "Set it in the source's `config:`, or the company's home currency."))
        }
        faults += mapping.configWrong(in: setting)
        let asides = mapping.asides(regexes, setting)
        faults += asides.faults
        if header.isEmpty { columns = mapping.paths.map { _ in 0 } }
        let emissions = mapping.emissions.map { $0.bound(to: columns) }
        if setting.defaultCurrency == nil, emissions.contains(where: { $0.entity.needsCurrency && $0.currency == nil })
        {
            faults.append(
                Fault(
                    "CURRENCY-MISSING", .refusal, at: .file,
                    "the mapping \(mapping.name) takes no currency from the file, and the company has none configured",
                    hint: "Add `currency: { const: EUR }` to its `fields:`, or `home_currency: EUR` to the company in "
                        + "tieout.yaml."))
        }
        guard faults.isEmpty else { return .failure(BindingFailure(faults: faults)) }
        let amount = mapping.amount ?? .plain
        let date = mapping.date ?? .iso
        return .success(
            RecordMapper(
                mapping: mapping, emissions: emissions, setting: setting,
                columns: columns,
                amounts: mapping.paths.map { _ in amount }, dates: mapping.paths.map { _ in date },
                regexes: regexes, asides: asides.found, header: header,
                sums: (mapping.totals?.checks ?? []).map { _ in 0 }))
    }

    /// Columns whose convention only their values can settle, by place in the header.
    package var unsettled: (amounts: [Int], dates: [Int]) {
        (
            mapping.unsettledAmounts.map { columns[$0] }.filter { $0 >= 0 },
            mapping.unsettledDates.map { columns[$0] }.filter { $0 >= 0 }
        )
    }

    /// Tells what a column's values have settled.
    package mutating func settle(column: Int, amount: AmountConvention) {
        for path in mapping.unsettledAmounts where columns[path] == column { amounts[path] = amount }
    }

    package mutating func settle(column: Int, date: DateConvention) {
        for path in mapping.unsettledDates where columns[path] == column { dates[path] = date }
    }

    /// A row's field without blanks around; nil when it is absent or one of `read.nulls`.
    package func range(_ column: Int, _ record: Record) -> (start: Int, end: Int)? {
        guard column >= 0, column < record.count else { return nil }
        let (start, end) = Self.trimmed(record.bytes, record.starts[column], record.ends[column])
        guard start < end else { return nil }
        let isNull = mapping.nulls.contains { record.bytes[start..<end].elementsEqual($0) }
        return isNull ? nil : (start, end)
    }

    /// Whether a row is a record: neither skipped nor a total row. Column evidence comes from these only.
    package func isRecord(_ record: Record) -> Bool {
        if let totals = mapping.totals, holds(totals.when, record) { return false }
        return !(mapping.skip.map { holdsAny($0, record) } ?? false)
    }

    /// Counts a record that never got as far as `map`.
    package mutating func leftOut() { faultyCount += 1 }

    package var hasTotals: Bool { mapping.totals != nil }

    /// Maps one record and emits its documents; when one part of it is at fault, none of them.
    package mutating func map(_ record: Record, _ emit: (Document) throws -> Void) throws -> Outcome {
        if !faults.isEmpty { faults.removeAll(keepingCapacity: true) }
        if let totals = mapping.totals, holds(totals.when, record) {
            check(totals, record)
            return .total
        }
        if let skip = mapping.skip, holdsAny(skip, record) { return .skipped }
        do {
            if emissions.count == 1, emissions[0].each == nil {
                let emission = emissions[0]
                if let when = emission.when, !holds(when, record) { return .skipped }
                let made = try document(emission, record)
                if mapping.totals != nil { add(made) }
                try emit(made)
                return .mapped
            }
            let documents = try documents(record)
            for document in documents {
                if mapping.totals != nil { add(document) }
                try emit(document)
            }
            return documents.isEmpty ? .skipped : .mapped
        } catch let fault as RecordFault {
            faultyCount += 1
            faults.append(fault.fault(record, header))
            return .faulty
        }
    }

    private mutating func documents(_ record: Record) throws -> [Document] {
        var documents: [Document] = []
        for emission in emissions {
            for part in parts(emission.each, record) {
                if let when = emission.when, !holds(when, part) { continue }
                documents.append(try document(emission, part))
            }
        }
        return documents
    }

    /// The records below one that `each:` names.
    func parts(_ each: Int?, _ record: Record) -> [Record] {
        guard let each, !record.tree.isEmpty else { return [record] }
        let path = mapping.paths[each]
        return path.hits(in: record.tree).flatMap { $0.items ?? [$0] }.enumerated().map { index, node in
            Record(tree: record.tree + [node], pointer: "\(record.pointer)/\(path.text)[\(index + 1)]")
        }
    }
}

/// Why a mapping cannot be bound to a file.
package struct BindingFailure: Error, Sendable {
    package var faults: [Fault]
}

/// What is wrong with one record; becomes a `Fault` with the record's place.
struct RecordFault: Error {
    var code: String
    /// Index into the header; nil when no one column is to blame.
    var column: Int?
    var message: String
    var hint: String
    var severity = Fault.Severity.row

    init(_ code: String, column: Int? = nil, _ message: String, hint: String) {
        self.code = code
        self.column = column
        self.message = message
        self.hint = hint
    }

    func fault(_ record: Record, _ header: [String]) -> Fault {
        guard let column, column >= 0 else {
            return Fault(code, severity, at: record.position, message, hint: hint)
        }
        let name = column < header.count ? "column \"\(header[column])\": " : ""
        let at: Position = record.tree.isEmpty ? .line(record.line, column: column + 1) : record.position
        return Fault(code, severity, at: at, name + message, hint: hint)
    }
}

extension Path {
    /// The places in a header this path means; headers are compared after taking off blanks around them.
    func columns(in header: [String]) -> [Int] {
        switch column {
        case .index(let index): header.indices.contains(index) ? [index] : []
        case .header(let name): header.indices.filter { header[$0] == name }
        case .nth(let place, let name):
            Array(header.indices.filter { header[$0] == name }.dropFirst(place - 1).prefix(1))
        }
    }
}

extension Mapping {
    fileprivate func configMissing(in setting: RecordMapper.Setting) -> [String] {
        var missing: [String] = []
        for name in configUsed where configValue(name, setting) == nil && !missing.contains(name) {
            missing.append(name)
        }
        return missing
    }

    /// A configured value, the company's home currency for `home_currency`, or the declared default.
    func configValue(_ name: String, _ setting: RecordMapper.Setting) -> String? {
        if let value = setting.config[name] { return value }
        if name == "home_currency", let currency = setting.defaultCurrency { return currency.code }
        return config.first { $0.name == name }?.fallback
    }

    /// Records without a currency of their own are in the company's: then the company must have one.
    package var needsHomeCurrency: Bool {
        configUsed.contains("home_currency")
            || emissions.contains { $0.entity.needsCurrency && $0.currency == nil }
    }

    private var configUsed: [String] {
        emissions.flatMap { emission in
            (emission.fields + emission.elements.flatMap(\.fields)).flatMap { $0.rule.configUsed }
        }
    }
}

extension Emission {
    /// Without the rules that can only give nothing, because none of their columns is there.
    fileprivate func bound(to columns: [Int]) -> Emission {
        func canGive(_ rule: Rule) -> Bool { !rule.needsPath || rule.paths.contains { columns[$0] >= 0 } }
        var bound = self
        bound.fields = fields.filter { canGive($0.rule) }
        bound.currency = bound.fields.firstIndex { $0.target == .currency }
        bound.elements = elements.compactMap { element in
            guard element.fields.contains(where: { $0.rule.paths.contains { columns[$0] >= 0 } }) else { return nil }
            var part = element
            part.fields = element.fields.filter { canGive($0.rule) }
            return part
        }
        return bound
    }
}

extension Entity {
    /// Its amounts are in one currency, its own or the company's.
    fileprivate var needsCurrency: Bool { self != .customer && self != .rate }
}

extension Rule {
    fileprivate var configUsed: [String] {
        var names = flags?.fallback?.configUsed ?? []
        switch source {
        case .path, .calc, .aside: break
        case .constant(let template), .join(let template): names += template.configUsed
        case .coalesce(let rules): names += rules.flatMap(\.configUsed)
        case .first(let branches): names += branches.flatMap(\.rule.configUsed)
        }
        return names
    }
}

extension Template {
    fileprivate var configUsed: [String] {
        pieces.compactMap { if case .config(let name) = $0 { name } else { nil } }
    }
}

extension Mapping {
    /// The records of a tree, each with the way down to it for `^`; the tree itself when `records:` is absent.
    package func records(in root: Node) -> [Record] {
        guard let records else { return [Record(tree: [root], pointer: "/")] }
        return records.hits(in: [root]).flatMap { $0.items ?? [$0] }.enumerated().map { index, node in
            Record(tree: [root, node], pointer: "\(records.text)[\(index + 1)]")
        }
    }
}
