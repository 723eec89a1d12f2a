// SPDX-License-Identifier: Apache-2.0
import Documents
import Mappings

/// One of the first rows of a table.
struct HeadRow: Hashable, Sendable {
    var line: Int
    /// Blanks around are taken off.
    var fields: [String]
}

/// Why a table cannot be read: no mapping fits, or its text cannot be decoded.
struct TableRefusal: Error {
    var faults: [Fault]
}

/// Whether the columns a mapping reads are in one of a table's first rows, and what to say where they are not.
struct HeaderFit {
    let rows: [HeadRow]

    /// Rows that may be the header.
    static let rowsMax = 50

    /// The header a mapping finds, and its line; line 0 where the mapping says that there is none.
    func header(_ mapping: Mapping) -> Result<(line: Int, names: [String]), TableRefusal> {
        let required = mapping.columnsRequired
        func fits(_ row: HeadRow) -> Bool {
            guard row.fields.count >= mapping.columnsLeast else { return false }
            guard required.allSatisfy({ row.fields.contains($0) }) else { return false }
            guard Self.tooFew(mapping, row.fields) == nil else { return false }
            let known = mapping.columnsNamed
            return mapping.source.columns != .exact || row.fields.allSatisfy { $0.isEmpty || known.contains($0) }
        }
        if mapping.source.headerRow == 0 {
            guard let first = rows.first, first.fields.count >= mapping.columnsLeast else {
                return .failure(TableRefusal(faults: [missing(mapping, rows, required)]))
            }
            return .success((0, first.fields.indices.map { "$\($0 + 1)" }))
        }
        let eligible = mapping.source.headerRow.map { line in rows.filter { $0.line == line } } ?? rows
        guard let row = eligible.prefix(Self.rowsMax).first(where: fits) else {
            return .failure(TableRefusal(faults: [missing(mapping, eligible.isEmpty ? rows : eligible, required)]))
        }
        return .success((row.line, row.fields))
    }

    /// A column that a mapping reads by its place among namesakes, and that the header has fewer times.
    private static func tooFew(_ mapping: Mapping, _ header: [String]) -> (name: String, count: Int)? {
        mapping.columnsRepeated.first { name, count in header.count { $0 == name } < count }
    }

    /// A mapping that requires few columns must still know most of the file's.
    static func isPlausible(_ mapping: Mapping, _ header: [String]) -> Bool {
        guard case .these = mapping.source.columns else { return true }
        let known = header.count { mapping.columnsNamed.contains($0) }
        return known * 2 > header.count { !$0.isEmpty }
    }

    // MARK: What does not fit

    private func missing(_ mapping: Mapping, _ rows: [HeadRow], _ required: [String]) -> Fault {
        guard !rows.isEmpty else { return Self.noLine }
        let row = HeaderFit(rows: rows).likely(naming: mapping.columnsNamed)
        let header = row?.fields ?? []
        let absent = required.filter { !header.contains($0) }
        let known = mapping.columnsNamed
        let extra = header.filter { !$0.isEmpty && !known.contains($0) }
        if absent.isEmpty, let few = Self.tooFew(mapping, header) {
            return Fault(
                "COLUMN-MISSING", .refusal, at: .line(row?.line ?? 1),
                "the mapping \(mapping.name) reads the column \"\(few.name)\" number \(few.count); the file has "
                    + "\(header.count { $0 == few.name })",
                hint: "Choose another mapping, or correct the number before the name in it.")
        }
        if absent.isEmpty, header.count < mapping.columnsLeast {
            return Fault(
                "COLUMN-MISSING", .refusal, at: .line(row?.line ?? 1),
                "the mapping \(mapping.name) reads column $\(mapping.columnsLeast); the file has \(header.count) columns",
                hint: "Choose another mapping, or correct the column numbers in it.")
        }
        if absent.isEmpty {
            return Fault(
                "COLUMN-EXTRA", .refusal, at: .line(row?.line ?? 1),
                "the mapping \(mapping.name) wants exactly its columns; the file also has \(Self.list(extra))",
                hint: "Export without them, or write `columns: superset` in the mapping.")
        }
        if absent.count == 1, let renamed = Self.renamed(mapping, header), let now = renamed.now {
            return Fault(
                "COLUMN-MISSING", .refusal, at: .line(row?.line ?? 1),
                "the mapping \(mapping.name) fits except for one column: it reads \"\(renamed.was)\", and the file has "
                    + "\"\(now)\" instead",
                hint: Self.renameHint(was: renamed.was, now: now))
        }
        let near = absent.compactMap { name in
            Self.nearest(name, among: extra).map { "\"\($0)\" looks like \"\(name)\"" }
        }
        return Fault(
            "COLUMN-MISSING", .refusal, at: .line(row?.line ?? 1),
            "the mapping \(mapping.name) needs \(Self.list(absent)); the file has \(Self.list(header))",
            hint: near.isEmpty
                ? "Choose another mapping, or correct the column names in it." : near.joined(separator: ", ") + ".")
    }

    /// Why none of the mappings reads the table: the nearest, and whether only a column was renamed.
    func none(_ candidates: [Mapping]) -> Fault {
        guard !rows.isEmpty else { return Self.noLine }
        let row = likely(naming: candidates.flatMap(\.columnsNamed))
        let header = row?.fields ?? []
        let at = Position.line(row?.line ?? 1)
        let nearest = Self.nearest(candidates, header)
        if let nearest, nearest.missing.count == 1, let renamed = Self.renamed(nearest.mapping, header),
            let now = renamed.now
        {
            return Fault(
                "MAPPING-NONE", .refusal, at: at,
                "no mapping fits; \(nearest.mapping.name) does except for one column: it reads \"\(renamed.was)\", and "
                    + "the file has \"\(now)\" instead",
                hint: Self.renameHint(was: renamed.was, now: now))
        }
        var message = "no mapping fits the columns \(Self.list(header))"
        if let nearest {
            message +=
                nearest.missing.isEmpty
                ? "; the nearest is \(nearest.mapping.name), but it knows too few of them"
                : "; the nearest is \(nearest.mapping.name), which misses \(Self.list(nearest.missing))"
        }
        return Fault(
            "MAPPING-NONE", .refusal, at: at, message,
            hint: "Name a mapping with --mapping, or start one with `tieout inspect --suggest-mapping`.")
    }

    private static var noLine: Fault {
        Fault(
            "MAPPING-NONE", .refusal, at: .line(1),
            "the first line does not end within \(Catalogue.headSize >> 10) KB, so there is no header to look at",
            hint: "A table has one row a line: export it again, or have what writes it end its lines.")
    }

    private static func renameHint(was: String, now: String) -> String {
        "If \"\(now)\" means the same, copy the mapping, write \"\(now)\" where it says \"\(was)\", and import with "
            + "--mapping."
    }

    /// The mapping that misses the fewest of its columns, where it has at least half of them.
    static func nearest(_ candidates: [Mapping], _ header: [String]) -> (mapping: Mapping, missing: [String])? {
        var nearest: (mapping: Mapping, missing: [String], known: Int)?
        for mapping in candidates.sorted(by: { $0.name < $1.name }) {
            let required = mapping.columnsRequired
            let missing = required.filter { !header.contains($0) }
            guard missing.count * 2 <= required.count else { continue }
            let known = mapping.columnsNamed.count { header.contains($0) }
            guard known > 0, missing.count * 2 <= max(known, 2) else { continue }
            if (missing.count, -known) < (nearest?.missing.count ?? Int.max, -(nearest?.known ?? 0)) {
                nearest = (mapping, missing, known)
            }
        }
        return nearest.map { ($0.mapping, $0.missing) }
    }

    /// The one column that a mapping misses, and the file's column that may be it under a new name.
    static func renamed(_ mapping: Mapping, _ header: [String]) -> (was: String, now: String?)? {
        let missing = mapping.columnsRequired.filter { !header.contains($0) }
        guard missing.count == 1, let was = missing.first else { return nil }
        let known = Set(mapping.columnsNamed)
        let extra = header.filter { !$0.isEmpty && !known.contains($0) }
        // A single column that nothing reads, beside many that are known, stands where the missing one stood.
        let hits = known.count { header.contains($0) }
        return (was, nearest(was, among: extra) ?? (extra.count == 1 && hits >= 3 ? extra.first : nil))
    }

    /// The name that shares most pairs of letters with another, at least a third of them.
    static func nearest(_ name: String, among others: [String]) -> String? {
        let scored = others.map { (likeness(name, $0), $0) }.filter { $0.0 >= 350 }
        return scored.max { $0.0 < $1.0 }?.1
    }

    /// Shared pairs of letters, in thousandths of all (Dice's coefficient).
    private static func likeness(_ left: String, _ right: String) -> Int {
        let (a, b) = (plain(left), plain(right))
        if a == b { return a.isEmpty ? 0 : 1000 }
        var pairs = zip(b, b.dropFirst()).map { [$0, $1] }
        let all = max(0, a.count - 1) + pairs.count
        var shared = 0
        for pair in zip(a, a.dropFirst()) {
            guard let index = pairs.firstIndex(of: [pair.0, pair.1]) else { continue }
            pairs.remove(at: index)
            shared += 1
        }
        return all == 0 ? 0 : 2000 * shared / all
    }

    /// Letters and digits in lower case.
    private static func plain(_ text: String) -> [UInt8] {
        text.lowercased().utf8.filter { $0 > 0x7F || (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) }
    }

    /// The row that most looks like a header: most known names, else the first with the usual number of columns
    /// and names in most of them.
    func likely(naming names: [String]) -> HeadRow? {
        let known = Set(names)
        let scored = rows.prefix(Self.rowsMax).map { row in (row, row.fields.count { known.contains($0) }) }
        let most = scored.map(\.1).max() ?? 0
        if most > 1 { return scored.first { $0.1 == most }?.0 }
        let usual = CSVDialect.usualCount(rows).columns
        let full = rows.first { row in
            row.fields.count == usual && row.fields.count { !$0.isEmpty } * 4 >= usual * 3
        }
        return full ?? rows.first { $0.fields.count == usual } ?? rows.first
    }

    /// The lines above a header, the filled cells of each with a blank between.
    func preamble(before line: Int) -> [String] {
        rows.filter { $0.line < line }.map { $0.fields.filter { !$0.isEmpty }.joined(separator: " ") }
    }

    static func list(_ names: [String]) -> String {
        guard !names.isEmpty else { return "nothing" }
        let shown = names.prefix(20).map { "\"\($0.count > 40 ? $0.prefix(40) + "…" : $0)\"" }
        return shown.joined(separator: ", ") + (names.count > 20 ? " and \(names.count - 20) more" : "")
    }
}
