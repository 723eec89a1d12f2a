// SPDX-License-Identifier: Apache-2.0
import Documents
import Mappings

/// What pass 1 decided about a file: encoding, dialect, mapping and where its header is.
struct CSVLayout {
    var encoding: EncodingChoice
    var dialect: CSVDialect
    var mapping: Mapping
    /// 0 when the file has no header.
    var headerLine: Int
    var header: [String]

    static let headerRowsMax = 50

    var place: CSVPlace {
        CSVPlace(encoding: encoding, dialect: dialect, headerLine: headerLine, width: header.count)
    }
}

/// Where the rows of a file begin, and how they are cut.
struct CSVPlace {
    var encoding: EncodingChoice
    var dialect: CSVDialect
    /// 0 when the file has no header.
    var headerLine: Int
    /// Columns of the header.
    var width: Int
}

/// Finds the layout: every mapping is tried with its own encoding and delimiter, the best fit wins.
struct CSVLayoutFinder {
    let file: SourceFile
    let context: ReadingContext
    let head: [UInt8]

    var isWhole: Bool { head.count >= file.size }

    private struct Fit {
        var layout: CSVLayout
        var used: Int
        var matchesName: Bool
    }

    func find() -> Result<CSVLayout, CSVRefusal> {
        if let forced = context.mapping { return layout(forced) }
        let candidates = context.mappings.filter { mapping in
            guard mapping.source.format == .csv else { return false }
            guard let hint = context.kindHint else { return true }
            return mapping.entities.contains { $0.plural == hint || $0.rawValue == hint }
        }
        var fits: [Fit] = []
        for mapping in candidates {
            guard case .success(let layout) = layout(mapping), isPlausible(layout) else { continue }
            let used = mapping.columnsNamed.count { layout.header.contains($0) }
            fits.append(Fit(layout: layout, used: used, matchesName: matches(mapping.source.match, file.name)))
        }
        let most = fits.map(\.used).max() ?? 0
        fits = fits.filter { $0.used == most }
        if fits.count > 1, fits.contains(where: \.matchesName) { fits = fits.filter(\.matchesName) }
        guard let fit = fits.first else { return .failure(CSVRefusal(faults: [none(candidates)])) }
        guard fits.count == 1 else {
            let names = fits.map(\.layout.mapping.name).sorted()
            return .failure(
                CSVRefusal(faults: [
                    Fault(
                        "MAPPING-AMBIGUOUS", .refusal, at: .line(fit.layout.headerLine),
                        "the mappings \(names.joined(separator: " and ")) fit the columns equally well",
                        hint: "Choose one with --mapping, or say what the file holds with --as.")
                ]))
        }
        return .success(fit.layout)
    }

    /// A mapping that requires few columns must still know most of the file's.
    private func isPlausible(_ layout: CSVLayout) -> Bool {
        guard case .these = layout.mapping.source.columns else { return true }
        let known = layout.header.count { layout.mapping.columnsNamed.contains($0) }
        return known * 2 > layout.header.count { !$0.isEmpty }
    }

    // MARK: One mapping

    private func layout(_ mapping: Mapping) -> Result<CSVLayout, CSVRefusal> {
        let encoding: EncodingChoice
        switch EncodingChoice.choose(file, head: head, declared: mapping.source.encodings) {
        case .success(let choice): encoding = choice
        case .failure(let refusal): return .failure(CSVRefusal(faults: [refusal.fault]))
        }
        var decoder = TextDecoder(encoding)
        let text = decoder.decode(head)
        let quote = mapping.source.quote ?? 0x22
        let dialect =
            mapping.source.delimiter.map {
                CSVDialect(delimiter: $0, quote: quote, reason: "the mapping says so")
            } ?? CSVDialect.sniff(text, isWhole: isWhole, quote: quote)
        let rows = CSVDialect.rows(
            text, isWhole: isWhole, delimiter: dialect.delimiter, quote: quote, most: CSVLayout.headerRowsMax)
        return header(mapping, rows).map { line, header in
            CSVLayout(encoding: encoding, dialect: dialect, mapping: mapping, headerLine: line, header: header)
        }
    }

    private func header(
        _ mapping: Mapping, _ rows: [CSVDialect.Row]
    ) -> Result<(Int, [String]), CSVRefusal> {
        let required = mapping.columnsRequired
        func fits(_ row: CSVDialect.Row) -> Bool {
            guard row.fields.count >= mapping.columnsLeast else { return false }
            guard required.allSatisfy({ row.fields.contains($0) }) else { return false }
            return mapping.source.columns != .exact || row.fields.allSatisfy { $0.isEmpty || required.contains($0) }
        }
        if mapping.source.headerRow == 0 {
            guard let first = rows.first, first.fields.count >= mapping.columnsLeast else {
                return .failure(CSVRefusal(faults: [missing(mapping, rows, required)]))
            }
            return .success((0, first.fields.indices.map { "$\($0 + 1)" }))
        }
        let eligible = mapping.source.headerRow.map { line in rows.filter { $0.line == line } } ?? rows
        guard let row = eligible.first(where: fits) else {
            return .failure(CSVRefusal(faults: [missing(mapping, eligible.isEmpty ? rows : eligible, required)]))
        }
        return .success((row.line, row.fields))
    }

    // MARK: What does not fit

    private func missing(_ mapping: Mapping, _ rows: [CSVDialect.Row], _ required: [String]) -> Fault {
        let row = Self.likelyHeader(rows, naming: mapping.columnsNamed)
        let header = row?.fields ?? []
        let absent = required.filter { !header.contains($0) }
        let extra = header.filter { !$0.isEmpty && !required.contains($0) }
        let near = absent.compactMap { name in
            header.first { Self.plain($0) == Self.plain(name) }.map { "\"\($0)\" looks like \"\(name)\"" }
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
        return Fault(
            "COLUMN-MISSING", .refusal, at: .line(row?.line ?? 1),
            "the mapping \(mapping.name) needs \(Self.list(absent)); the file has \(Self.list(header))",
            hint: near.isEmpty
                ? "Choose another mapping, or correct the column names in it." : near.joined(separator: ", ") + ".")
    }

    private func none(_ candidates: [Mapping]) -> Fault {
        let encoding = EncodingChoice.choose(file, head: head, declared: [])
        guard case .success(let choice) = encoding else {
            if case .failure(let refusal) = encoding { return refusal.fault }
            return Fault("MAPPING-NONE", .refusal, at: .file, "no mapping fits", hint: "Write one.")
        }
        var decoder = TextDecoder(choice)
        let text = decoder.decode(head)
        let dialect = CSVDialect.sniff(text, isWhole: isWhole)
        let rows = CSVDialect.rows(text, isWhole: isWhole, delimiter: dialect.delimiter, quote: dialect.quote)
        let doubt = CSVDialect.failure(text, isWhole: isWhole, delimiter: dialect.delimiter, quote: dialect.quote)
        if rows.count < 2, let doubt { return doubt.fault }
        let row = Self.likelyHeader(rows, naming: candidates.flatMap(\.columnsNamed))
        let header = row?.fields ?? []
        var nearest: (name: String, missing: [String])?
        for mapping in candidates.sorted(by: { $0.name < $1.name }) {
            let missing = mapping.columnsRequired.filter { !header.contains($0) }
            guard missing.count * 2 <= mapping.columnsRequired.count else { continue }
            if missing.count < nearest?.missing.count ?? Int.max { nearest = (mapping.name, missing) }
        }
        var message = "no mapping fits the columns \(Self.list(header))"
        if let nearest {
            message +=
                nearest.missing.isEmpty
                ? "; the nearest is \(nearest.name), but it knows too few of them"
                : "; the nearest is \(nearest.name), which misses \(Self.list(nearest.missing))"
        }
        return Fault(
            "MAPPING-NONE", .refusal, at: .line(row?.line ?? 1), message,
            hint: "Name a mapping with --mapping, or write one for these columns.")
    }

    /// The row that most looks like a header: most known names, else the first with the usual number of columns
    /// and names in most of them.
    static func likelyHeader(_ rows: [CSVDialect.Row], naming names: [String]) -> CSVDialect.Row? {
        let known = Set(names)
        let scored = rows.prefix(CSVLayout.headerRowsMax).map { row in (row, row.fields.count { known.contains($0) }) }
        let most = scored.map(\.1).max() ?? 0
        if most > 0 { return scored.first { $0.1 == most }?.0 }
        let usual = CSVDialect.usualCount(rows).columns
        let full = rows.first { row in
            row.fields.count == usual && row.fields.count { !$0.isEmpty } * 4 >= usual * 3
        }
        return full ?? rows.first { $0.fields.count == usual } ?? rows.first
    }

    static func list(_ names: [String]) -> String {
        guard !names.isEmpty else { return "nothing" }
        let shown = names.prefix(20).map { "\"\($0.count > 40 ? $0.prefix(40) + "…" : $0)\"" }
        return shown.joined(separator: ", ") + (names.count > 20 ? " and \(names.count - 20) more" : "")
    }

    private static func plain(_ text: String) -> String {
        String(decoding: text.lowercased().utf8.filter { $0 > 0x7F || (0x61...0x7A).contains($0) }, as: UTF8.self)
    }

    /// `*` and `?` only, the whole name, ASCII letters in any case.
    private func matches(_ glob: String?, _ name: String) -> Bool {
        guard let glob else { return false }
        return Self.glob(Array(glob.lowercased().utf8)[...], Array(name.lowercased().utf8)[...])
    }

    private static func glob(_ pattern: ArraySlice<UInt8>, _ text: ArraySlice<UInt8>) -> Bool {
        var (p, t) = (pattern.startIndex, text.startIndex)
        var star: (p: Int, t: Int)?
        while t < text.endIndex {
            if p < pattern.endIndex, pattern[p] == 0x2A {
                star = (p, t)
                p += 1
            } else if p < pattern.endIndex, pattern[p] == text[t] || pattern[p] == 0x3F {
                (p, t) = (p + 1, t + 1)
            } else if let last = star {
                star = (last.p, last.t + 1)
                (p, t) = (last.p + 1, last.t + 1)
            } else {
                return false
            }
        }
        return pattern[p...].allSatisfy { $0 == 0x2A }
    }
}

struct CSVRefusal: Error {
    var faults: [Fault]
}
