// SPDX-License-Identifier: Apache-2.0
package import Documents
import Trees

extension Mapping.Setting {
    /// Whether a text is a value of the setting's type.
    func accepts(_ text: String) -> Bool {
        switch type {
        case "int": Int(text) != nil
        case "decimal": ScaledDecimal(text) != nil
        case "date": Day(text) != nil
        case "bool": text == "true" || text == "false"
        case "currency": Currency(text) != nil
        default: true
        }
    }
}

extension Mapping {
    /// Configured values that are not of their declared type; checked before the first record.
    func configWrong(in setting: RecordMapper.Setting) -> [Fault] {
        config.compactMap { declared in
            guard let value = setting.config[declared.name], !declared.accepts(value) else { return nil }
            return Fault(
                "CONFIG-VALUE", .refusal, at: .file,
                "the mapping \(name) wants \(declared.type) for \(declared.name), and \"\(value)\" is none",
                hint: "Correct the value in the source's `config:`.")
        }
    }

    /// The refusal of a file that this mapping was named for, but that is something else.
    package func readsOther(_ what: String) -> Fault {
        let own =
            switch source.format {
            case .csv: "a table of text (csv)"
            case .xlsx: "a workbook (xlsx)"
            case .xml: "XML records"
            case .json: "JSON records"
            }
        return Fault(
            "MAPPING-FORMAT", .refusal, at: .file, "the mapping \(name) reads \(own), and the file is \(what)",
            hint: "Name another mapping, or none: then the file's content decides.")
    }

    /// Some rule reads above the record itself, so that the whole tree is needed.
    package var readsAboveRecords: Bool {
        emissions.contains { emission in
            let depth = emission.each == nil ? 0 : 1
            return emission.fields.contains { climbs($0.rule) > depth }
                || emission.elements.contains { element in
                    element.fields.contains { climbs($0.rule) > depth + (element.each == nil ? 0 : 1) }
                } || (emission.when?.lines ?? []).contains { paths[$0.path].climbs > depth }
        }
    }

    private func climbs(_ rule: Rule) -> Int {
        var most = rule.flags?.negateWhen?.lines.map { paths[$0.path].climbs }.max() ?? 0
        for path in rule.paths { most = max(most, paths[path].climbs) }
        switch rule.source {
        case .join(let template):
            for case .path(let path) in template.pieces { most = max(most, paths[path].climbs) }
        case .coalesce(let rules): for rule in rules { most = max(most, climbs(rule)) }
        case .first(let branches):
            for branch in branches {
                most = max(most, climbs(branch.rule))
                for line in branch.when?.lines ?? [] { most = max(most, paths[line.path].climbs) }
            }
        case .path, .calc, .constant, .aside: break
        }
        return most
    }

    /// The names a streaming reader must meet, one inside the other, to be at a record; nil when the path has filters,
    /// climbs, or is absent.
    package var recordSteps: [String?]? {
        guard let records else { return nil }
        var names: [String?] = []
        for step in records.steps {
            switch step {
            case .key(let name): names.append(name)
            case .all: names.append(nil)
            case .here, .parent, .place, .filter: return nil
            }
        }
        return names
    }

    /// A typed field as a text in this mapping's conventions; nil for a text, which stays as it is.
    package func asWritten(_ row: borrowing Record, _ column: Int) -> String? {
        let text = row.text(column)
        if row.isNumber(column), amount?.decimal == 0x2C { return String(text.map { $0 == "." ? "," : $0 }) }
        guard row.isDay(column), let pattern = date?.written, let day = Day(String(text.prefix(10))) else {
            return row.kinds.isEmpty ? nil : text
        }
        return pattern.text(of: day)
    }
}

extension DateConvention {
    /// The pattern that days are written by; nil where they are written as ISO 8601.
    fileprivate var written: DatePattern? {
        switch self {
        case .pattern(let pattern): pattern
        case .oneOf(let conventions): conventions.first?.written
        default: nil
        }
    }
}

extension DatePattern {
    /// A day at midnight, as the pattern writes it.
    func text(of day: Day) -> String {
        func padded(_ number: Int, _ width: Int) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        return elements.map { element in
            switch element {
            case .literal(let byte): String(decoding: [byte], as: UTF8.self)
            case .year4: padded(day.year, 4)
            case .year2: padded(day.year % 100, 2)
            case .month2: padded(day.month, 2)
            case .month: String(day.month)
            case .monthName:
                ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"][
                    max(0, min(11, day.month - 1))]
            case .day2: padded(day.dayOfMonth, 2)
            case .day: String(day.dayOfMonth)
            case .hour, .minute, .second: "00"
            case .fraction: "000"
            case .offset: "Z"
            }
        }.joined()
    }
}

extension RecordMapper {
    /// The fault of a row in which a formula failed that a rule reads; nil when none reads it, or it is no record.
    package func cellError(_ row: borrowing Record) -> Fault? {
        guard isRecord(row) else { return nil }
        for column in columns where column >= 0 && column < row.kinds.count && row.kinds[column] == .error {
            return Fault(
                "CELL-ERROR", .row, at: .line(row.line, column: column + 1),
                "column \"\(column < header.count ? header[column] : "")\": the formula gives \(row.text(column))",
                hint: "Open the workbook in a spreadsheet, correct the formula, save it, and import it again.")
        }
        return nil
    }
}

extension Mapping {
    /// How many paths find something in a record of a tree; nil when what a document must have is missing.
    package func hits(in record: Record) -> Int? {
        func finds(_ path: Int) -> Bool { !paths[path].hits(in: record.tree).isEmpty }
        let always = emissions.filter { $0.each == nil && $0.when == nil }
        guard always.allSatisfy({ isPossible($0, in: record.tree) }) else { return nil }
        // Where each comes under a condition only, one of them must be able to come: any list of objects would do else.
        guard !always.isEmpty || emissions.contains(where: { isPossible($0, in: record.tree) }) else { return nil }
        return paths.indices.count { finds($0) }
    }

    /// Whether a record has what a document must have, whatever the conditions say of it.
    private func isPossible(_ emission: Emission, in tree: [Node]) -> Bool {
        var tree = tree
        if let each = emission.each {
            let parts = paths[each].hits(in: tree).flatMap { $0.items ?? [$0] }
            // An empty list is one all the same.
            guard let first = parts.first else { return paths[each].isList(in: tree) }
            tree.append(first)
        }
        return emission.entity.required.allSatisfy { target in
            guard let rule = emission.fields.first(where: { $0.target == target })?.rule else { return false }
            return !rule.needsPath || rule.paths.contains { !paths[$0].hits(in: tree).isEmpty }
        }
    }
}
