// SPDX-License-Identifier: Apache-2.0
package import Documents
package import Mappings
package import Trees

/// What a table is and how it would be read, without reading it into documents; what `inspect` prints.
package struct TableInspection: Sendable {
    package struct Column: Sendable {
        package enum Kind: String, Sendable { case empty, text, amount, day, currency, number, account }

        package var name: String
        package var kind: Kind
        /// Why that is believed, or why it is in doubt.
        package var why: String
        /// What a mapping would declare: a date pattern or a decimal mark; nil when there is nothing, or doubt.
        package var convention: String?
        package var grouping: AmountConvention.Group = .none
        /// Two readings that no field settles; such a file is refused until the mapping says which.
        package var doubt: String?
        /// The two date patterns between which no field settles.
        package var rivals: (String, String)?
        /// Fields that are not blank.
        package var filled: Int
        /// The first two that differ.
        package var samples: [String] = []
        /// The fields that are something else: how many, and the first.
        package var contradiction: String?
        /// Every text the column has, when they are few.
        package var distinct: [String] = []
        /// Fields whose text stood in an earlier row.
        package var repeats = 0
        package var negatives = 0
        /// A currency that stands beside the digits.
        package var currency: Currency?

        init(name: String, kind: Kind, why: String, filled: Int) {
            self.name = name
            self.kind = kind
            self.why = why
            self.filled = filled
        }

        mutating func contradicts(_ count: Int, _ first: ColumnCensus.Sample?) {
            guard count > 0, let first else { return }
            contradiction =
                count == 1
                ? "\"\(first.text)\" in line \(first.line)"
                : "\(count) fields, the first \"\(first.text)\" in line \(first.line)"
        }
    }

    package struct Sheet: Sendable {
        package var name: String
        package var state: String
        package var rows: Int
    }

    /// How well one mapping fits.
    package struct Fit: Sendable {
        package var mapping: String
        /// Columns it reads that the file has, and all it reads.
        package var known: Int
        package var reads: Int
        /// Columns that it must have and the file has not.
        package var missing: [String]
        /// A column of the file that may be the missing one under a new name.
        package var renamed: String?

        package var text: String {
            var text = "\(mapping): \(known) of the \(reads) columns it reads"
            if missing.count == 1, let renamed {
                text += "; \"\(missing[0])\" seems to be called \"\(renamed)\" here"
            } else if !missing.isEmpty {
                text += "; missing \(HeaderFit.list(missing))"
            }
            return text
        }
    }

    package var format: String
    package var encoding: EncodingChoice?
    package var dialect: CSVDialect?
    package var sheets: [Sheet] = []
    /// The sheet that was looked at.
    package var sheet: String?
    /// 0 when the table has no header.
    package var headerLine: Int
    /// Rows below the header.
    package var rows: Int
    package var columns: [Column]
    /// Rows below the header that are no records.
    package var asides: [Aside] = []
    /// The mapping that would read it; nil when none fits.
    package var mapping: String?
    /// The nearest mappings, best first.
    package var fits: [Fit] = []
    /// Why no mapping would read it, and what is structurally wrong.
    package var faults: [Fault]

    var delimiter: String? { dialect.map { String(decoding: [$0.delimiter], as: UTF8.self) } }

    package var entries: [(String, Node)] {
        [
            ("encoding", .text(encoding?.encoding.rawValue)), ("encoding_why", .text(encoding?.reason)),
            ("delimiter", .text(delimiter)), ("delimiter_why", .text(dialect?.reason)), ("sheet", .text(sheet)),
            (
                "sheets",
                sheets.isEmpty
                    ? .null
                    : .list(
                        sheets.map {
                            .object([("name", .text($0.name)), ("state", .text($0.state)), ("rows", .integer($0.rows))])
                        })
            ), ("header_row", .integer(headerLine)), ("rows", .integer(rows)), ("mapping", .text(mapping)),
            (
                "fits",
                .list(
                    fits.map { fit in
                        .compact([
                            ("mapping", .text(fit.mapping)), ("known", .integer(fit.known)),
                            ("reads", .integer(fit.reads)), ("missing", .list(fit.missing.map { .text($0) })),
                            ("renamed", .text(fit.renamed)),
                        ])
                    })
            ), ("columns", .list(columns.map(Self.node))),
        ]
    }

    private static func node(_ column: Column) -> Node {
        .compact([
            ("name", .text(column.name)), ("type", .text(column.kind.rawValue)), ("why", .text(column.why)),
            ("convention", .text(column.convention)), ("contradicted_by", .text(column.contradiction)),
            ("filled", .integer(column.filled)), ("samples", .list(column.samples.map { .text($0) })),
        ])
    }

    /// The same for people, a line each.
    package var lines: [String] {
        var lines: [String] = []
        if let encoding { lines.append("encoding   \(encoding.encoding.rawValue): \(encoding.reason)") }
        if let dialect { lines.append("delimiter  \(dialect.reason)") }
        for sheet in sheets {
            let state = sheet.state == "visible" ? "" : ", \(sheet.state)"
            lines.append(
                "sheet      \"\(sheet.name)\": \(sheet.rows) rows\(state)\(sheet.name == self.sheet ? ", read" : "")")
        }
        lines.append(headerLine > 0 ? "header     line \(headerLine)" : "header     none: the first row is a record")
        lines.append("rows       \(rows)")
        for aside in asides.prefix(5) {
            lines.append("no record  line \(aside.line): \(aside.isSum ? "sums" : "a balance"), \"\(aside.text)\"")
        }
        lines.append("mapping    \(mapping ?? "none fits")")
        for fit in fits where fit.mapping != mapping { lines.append("  near     \(fit.text)") }
        if let own = fits.first(where: { $0.mapping == mapping }) { lines.append("  fits     \(own.text)") }
        lines.append("")
        let width = min(30, columns.map(\.name.count).max() ?? 0)
        for (index, column) in columns.enumerated() {
            let name = column.name.isEmpty ? "$\(index + 1)" : column.name
            lines.append("  \(name.padded(width))  \(column.kind.rawValue): \(column.why)")
            let indent = String(repeating: " ", count: width + 4)
            if !column.samples.isEmpty {
                let samples = column.samples.map { "\"\($0)\"" }.joined(separator: ", ")
                let blank = rows - column.filled
                lines.append(indent + "for example \(samples)" + (blank > 0 ? "; \(blank) blank" : ""))
            }
            if let contradiction = column.contradiction { lines.append(indent + "but \(contradiction)") }
        }
        return lines
    }
}

extension String {
    fileprivate func padded(_ width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}

/// Looks at all rows of a table.
struct TableInspector {
    let context: ReadingContext
    let candidates: [Mapping]

    /// The header that most looks like one; line 0 where the first row is a record itself.
    func header(_ rows: [HeadRow]) -> (line: Int, names: [String]) {
        guard let likely = HeaderFit(rows: rows).likely(naming: candidates.flatMap(\.columnsNamed)) else {
            return (0, [])
        }
        guard Self.isRecord(likely.fields) else { return (likely.line, likely.fields) }
        // Some banks leave out what their last columns are called.
        if let before = rows.last(where: { $0.line < likely.line }), before.fields.count == likely.fields.count,
            before.fields.count(where: { !$0.isEmpty }) * 2 > before.fields.count, !Self.isRecord(before.fields)
        {
            return (before.line, before.fields)
        }
        return (0, likely.fields.indices.map { "$\($0 + 1)" })
    }

    /// A row with a day or an amount in it is no header.
    private static func isRecord(_ fields: [String]) -> Bool {
        fields.contains { field in
            let bytes = Array(field.utf8)
            guard bytes.count >= 4, bytes.contains(where: { $0 &- 0x30 <= 9 }) else { return false }
            if bytes.count >= 8, DateConvention.settled.contains(where: { $0.read(bytes, 0, bytes.count) != nil }) {
                return true
            }
            guard bytes.contains(where: { $0 == 0x2C || $0 == 0x2E }) else { return false }
            return [
                AmountConvention(decimal: 0x2C, group: .mark(0x2E)),
                AmountConvention(decimal: 0x2E, group: .mark(0x2C)),
            ]
            .contains { if case .value = AmountText.read(bytes, 0, bytes.count, $0) { true } else { false } }
        }
    }

    /// What the columns are, the number of records, and the rows that are none.
    struct Look {
        var columns: [TableInspection.Column] = []
        var count = 0
        var asides: [TableInspection.Aside] = []
        var faults: [Fault] = []
    }

    func columns(_ names: [String], _ rows: some TableRows) throws -> Look {
        var censuses = names.map { _ in ColumnCensus() }
        var look = Look()
        look.faults = try rows.each { row in
            if let aside = TableAside.look(row, names.count) {
                look.asides.append(aside)
                return
            }
            guard row.count >= names.count else { return }
            look.count += 1
            for column in names.indices { censuses[column].add(row, column) }
        }
        look.columns = zip(names, censuses).map { $1.column($0) }
        return look
    }

    /// The mappings that know at least half of what they need, best first.
    func fits(_ header: [String]) -> [TableInspection.Fit] {
        let fits = candidates.compactMap { mapping -> TableInspection.Fit? in
            let missing = mapping.columnsRequired.filter { !header.contains($0) }
            let known = mapping.columnsNamed.count { header.contains($0) }
            guard known > 1, missing.count * 2 <= mapping.columnsRequired.count else { return nil }
            return TableInspection.Fit(
                mapping: mapping.name, known: known, reads: mapping.columnsNamed.count, missing: missing,
                renamed: HeaderFit.renamed(mapping, header)?.now)
        }
        return Array(
            fits.sorted { ($0.missing.count, -$0.known, $0.mapping) < ($1.missing.count, -$1.known, $1.mapping) }
                .prefix(3))
    }
}

extension CSVFormat {
    /// Looks at the whole file: what it is, and what each column's fields have in common.
    /// - Returns: Nil when the file's text cannot be decoded at all.
    package static func inspect(_ file: SourceFile, _ context: ReadingContext) throws -> TableInspection? {
        let head = try file.head(Catalogue.headSize)
        var faults: [Fault] = []
        var layout: CSVLayout?
        let finder = CSVLayoutFinder(file: file, context: context, head: head)
        switch try finder.find() {
        case .success(let found): layout = found
        case .failure(let refusal): faults = refusal.faults
        }
        guard let encoding = layout?.encoding ?? (try? EncodingChoice.choose(file, head: head, declared: []).get())
        else { return nil }
        var decoder = TextDecoder(encoding)
        let text = decoder.decode(head)
        let dialect = layout?.dialect ?? CSVDialect.sniff(text, isWhole: finder.isWhole)
        let rows = CSVDialect.rows(
            text, isWhole: finder.isWhole, delimiter: dialect.delimiter, quote: dialect.quote)
        let choice = MappingChoice(context: context, fileName: file.name, format: .csv)
        let inspector = try TableInspector(context: context, candidates: choice.candidates([.csv, .xlsx]))
        let header = layout.map { ($0.headerLine, $0.header) } ?? inspector.header(rows)
        let place = CSVPlace(
            encoding: encoding, dialect: dialect, headerLine: header.0, width: header.1.count)
        let look = try inspector.columns(header.1, CSVRows(file: file, place: place))
        for fault in look.faults where !faults.contains(where: { $0.code == fault.code }) { faults.append(fault) }
        var inspection = TableInspection(
            format: "csv", headerLine: header.0, rows: look.count, columns: look.columns, faults: faults)
        inspection.asides = look.asides
        inspection.encoding = encoding
        inspection.dialect = dialect
        inspection.mapping = layout?.mapping.name
        inspection.fits = inspector.fits(header.1)
        return inspection
    }
}

extension XLSXFormat {
    /// The same of the sheet that would be read, or that most looks like a table.
    /// - Returns: Nil when the workbook cannot be opened.
    package static func inspect(_ file: SourceFile, _ context: ReadingContext) throws -> TableInspection? {
        guard case .success(let workbook) = try XLSXReader(file: file, context: context).open() else { return nil }
        let finder = XLSXLayoutFinder(file: file, context: context, workbook: workbook)
        let choice = MappingChoice(context: context, fileName: file.name, format: .xlsx)
        let inspector = try TableInspector(context: context, candidates: choice.candidates([.xlsx, .csv]))
        var faults: [Fault] = []
        var layout: XLSXLayout?
        switch try finder.find() {
        case .success(let found): layout = found
        case .failure(let refusal): faults = refusal.faults
        }
        var heads: [(sheet: Workbook.Sheet, rows: [HeadRow])] = []
        for sheet in workbook.sheets {
            if case .success(let rows) = try workbook.head(sheet) { heads.append((sheet, rows)) }
        }
        guard let sheet = layout?.sheet ?? finder.likeliest(heads, inspector.candidates.flatMap(\.columnsNamed))?.sheet
        else { return nil }
        let rows = heads.first { $0.sheet == sheet }?.rows ?? []
        let header = layout.map { ($0.headerLine, $0.header) } ?? inspector.header(rows)
        let look = try inspector.columns(
            header.1, XLSXRows(workbook: workbook, sheet: sheet, headerLine: header.0, width: header.1.count))
        var inspection = TableInspection(
            format: "xlsx", headerLine: header.0, rows: look.count, columns: look.columns, faults: faults + look.faults)
        inspection.asides = look.asides
        inspection.sheets = workbook.sheets.map {
            TableInspection.Sheet(name: $0.name, state: $0.state, rows: workbook.rowCount($0))
        }
        inspection.sheet = sheet.name
        inspection.mapping = layout?.mapping.name
        inspection.fits = inspector.fits(header.1)
        return inspection
    }
}
