// SPDX-License-Identifier: Apache-2.0
import Documents
import Trees

extension RecordMapper {
    func day(_ rule: Rule, _ record: Record) throws(RecordFault) -> Day? {
        if rule.plainPath >= 0, record.tree.isEmpty {
            guard case .bytes(let start, let end, let path) = try fetch(rule.plainPath, record) else { return nil }
            if end - start == 10, case .iso = dates[path], let day = DateConvention.isoDay(record.bytes, start) {
                return day
            }
        }
        guard let reading = try reading(rule, record) else { return nil }
        guard let offset = reading.value.offset, reading.convention != .msjson else { return reading.value.day }
        guard let zone = mapping.zone else { return reading.value.day }
        _ = offset
        let instant = reading.value.milliseconds
        let east = try east(of: zone, at: instant)
        return Timestamp(milliseconds: instant + east).dayUTC
    }

    func timestamp(_ rule: Rule, _ record: Record) throws(RecordFault) -> Timestamp? {
        guard let reading = try reading(rule, record)?.value else { return nil }
        guard reading.offset == nil, let zone = mapping.zone else {
            return Timestamp(milliseconds: reading.milliseconds)
        }
        // The offset at the local time read as UTC is right except within hours of a change; a second look settles it.
        let local = reading.milliseconds
        let first = try east(of: zone, at: local)
        return Timestamp(milliseconds: local - (try east(of: zone, at: local - first)))
    }

    private func east(of zone: String, at milliseconds: Int64) throws(RecordFault) -> Int64 {
        if zone == "UTC" || zone == "Z" { return 0 }
        let bytes = Array(zone.utf8)
        var scan = DateScan(bytes: bytes, index: 0, end: bytes.count)
        if let fixed = scan.offset(), scan.index == bytes.count { return fixed }
        guard let offset = setting.offset?(zone, milliseconds) else {
            throw RecordFault(
                "ZONE-UNKNOWN", "the time zone \(zone) of the mapping is not known here",
                hint: "Use a fixed offset such as `zone: +01:00`, or correct the name.")
        }
        return offset
    }

    private func reading(
        _ rule: Rule, _ record: Record
    ) throws(RecordFault) -> (value: DateReading, convention: DateConvention)? {
        let cell = try cell(rule, record)
        let value: DateReading?
        let convention: DateConvention
        switch cell {
        case .null:
            guard !record.tree.isEmpty, rule.flags?.date ?? mapping.date == .parts else { return nil }
            return try parts(rule, record).map { ($0, .parts) }
        case .bytes(let start, let end, let path):
            convention = record.isDay(columns[path]) ? .iso : rule.flags?.date ?? dates[path]
            value =
                convention.read(record.bytes, start, end)
                ?? {
                    let (from, to) = Self.trimmed(record.bytes, start, end)
                    return (from, to) == (start, end) ? nil : convention.read(record.bytes, from, to)
                }()
        case .text(let text, let path):
            let isISO = path == Self.made || path >= 0 && record.isDay(columns[path])
            convention = isISO ? .iso : rule.flags?.date ?? (path >= 0 ? dates[path] : mapping.date ?? .iso)
            value = convention.read(text)
        }
        guard let value else {
            throw RecordFault(
                "DATE-FORM", column: column(cell),
                "\"\(shown(cell, record))\" is no day by \(convention.description)",
                hint: "Correct the row in the source, or `date:` in the mapping if the whole column is written so.")
        }
        return (value, convention)
    }

    /// `{year, month, day}` in a tree, perhaps with hour, minute and second; the first of several paths that has it.
    private func parts(_ rule: Rule, _ record: Record) throws(RecordFault) -> DateReading? {
        if case .coalesce(let rules) = rule.source {
            for rule in rules { if let reading = try parts(rule, record) { return reading } }
            return nil
        }
        guard case .path(let path) = rule.source, let node = mapping.paths[path].hits(in: record.tree).first,
            node.entries != nil
        else { return nil }
        func number(_ name: String) -> Int? { node[name]?.scalar.flatMap { Int($0) } }
        let clock = (hour: number("hour") ?? 0, minute: number("minute") ?? 0, second: number("second") ?? 0)
        guard let year = number("year"), let month = number("month"), let date = number("day"),
            let day = Day(year: year, month: month, day: date), (0..<24).contains(clock.hour),
            (0..<60).contains(clock.minute), (0..<61).contains(clock.second)
        else {
            throw RecordFault("DATE-FORM", "year, month and day are no day", hint: "Correct the record in the source.")
        }
        return DateReading(day: day, time: Int64((clock.hour * 60 + clock.minute) * 60 + clock.second) * 1000)
    }

    func integer(_ rule: Rule, _ record: Record) throws(RecordFault) -> Int? {
        guard let value = try decimal(rule, record) else { return nil }
        guard let whole = value.exactly(scale: 0), let number = Int(exactly: whole.coefficient) else {
            throw RecordFault("NUMBER-FORM", "\(value.text) is no whole number", hint: "Correct the row in the source.")
        }
        return number
    }

    func bool(_ rule: Rule, _ record: Record) throws(RecordFault) -> Bool? {
        guard let text = try text(rule, record) else { return nil }
        switch text.lowercased() {
        case "true", "yes", "y", "1": return true
        case "false", "no", "n", "0": return false
        default:
            throw RecordFault(
                "BOOL-FORM", "\"\(text)\" is neither true nor false",
                hint: "Use true or false, or add `map: { …: true }`.")
        }
    }

    /// The currency a rule says; the last one is kept, since most files have one.
    mutating func currency(_ rule: Rule, _ record: Record) throws(RecordFault) -> Currency? {
        let cell = try cell(rule, record)
        let text: String
        switch cell {
        case .null: return nil
        case .bytes(let start, let end, _):
            let (from, to) = Self.trimmed(record.bytes, start, end)
            if to - from == currencyText.count, record.bytes[from..<to].elementsEqual(currencyText) {
                return currencyCached
            }
            text = String(decoding: record.bytes[from..<to], as: UTF8.self)
        case .text(let given, _): text = given
        }
        guard let currency = Currency(text) else {
            throw RecordFault(
                "CURRENCY-UNKNOWN", column: column(cell), "\"\(shown(cell, record))\" is no ISO 4217 currency",
                hint: "Correct it in the source, or add `map: { …: EUR }` to the mapping.")
        }
        currencyText = Array(text.utf8)
        currencyCached = currency
        return currency
    }
}
