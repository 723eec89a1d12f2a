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
    /// What stands above the header.
    var preamble: [String]

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

    /// - Throws: `ReadFailure` when the mappings cannot be read.
    func find() throws -> Result<CSVLayout, TableRefusal> {
        if let forced = context.mapping {
            guard forced.readsTables else {
                return .failure(TableRefusal(faults: [forced.readsOther("a table of text")]))
            }
            return layout(forced)
        }
        let choice = MappingChoice(context: context, fileName: file.name, format: .csv)
        let candidates = try choice.candidates([.csv, .xlsx])
        let best = choice.best(of: candidates) { mapping -> (layout: CSVLayout, line: Int, header: [String])? in
            guard case .success(let layout) = layout(mapping) else { return nil }
            return (layout, layout.headerLine, layout.header)
        }
        switch best {
        case .success(let layout?): return .success(layout)
        case .success(nil): return .failure(TableRefusal(faults: [none(candidates)]))
        case .failure(let refusal): return .failure(refusal)
        }
    }

    // MARK: One mapping

    private func layout(_ mapping: Mapping) -> Result<CSVLayout, TableRefusal> {
        let encoding: EncodingChoice
        switch EncodingChoice.choose(file, head: head, declared: mapping.source.encodings) {
        case .success(let choice): encoding = choice
        case .failure(let refusal): return .failure(TableRefusal(faults: [refusal.fault]))
        }
        var decoder = TextDecoder(encoding)
        let text = decoder.decode(head)
        let quote = mapping.source.quote
        var dialect =
            mapping.source.delimiter.map {
                CSVDialect(delimiter: $0, quote: quote ?? 0x22, reason: "the mapping says so")
            } ?? CSVDialect.sniff(text, isWhole: isWhole, quote: quote)
        if quote == nil, mapping.source.delimiter != nil { dialect.tellQuote(text, isWhole: isWhole) }
        let rows = CSVDialect.rows(
            text, isWhole: isWhole, delimiter: dialect.delimiter, quote: dialect.quote, most: HeaderFit.rowsMax)
        let fit = HeaderFit(rows: rows)
        return fit.header(mapping).map { line, header in
            CSVLayout(
                encoding: encoding, dialect: dialect, mapping: mapping, headerLine: line, header: header,
                preamble: fit.preamble(before: line))
        }
    }

    /// Why none of the mappings fits: the text cannot be decoded or cut, or has other columns.
    private func none(_ candidates: [Mapping]) -> Fault {
        let choice: EncodingChoice
        switch EncodingChoice.choose(file, head: head, declared: []) {
        case .success(let found): choice = found
        case .failure(let refusal): return refusal.fault
        }
        var decoder = TextDecoder(choice)
        let text = decoder.decode(head)
        let dialect = CSVDialect.sniff(text, isWhole: isWhole)
        let rows = CSVDialect.rows(text, isWhole: isWhole, delimiter: dialect.delimiter, quote: dialect.quote)
        let doubt = CSVDialect.failure(text, isWhole: isWhole, delimiter: dialect.delimiter, quote: dialect.quote)
        if rows.count < 2, let doubt { return doubt.fault }
        return HeaderFit(rows: rows).none(candidates)
    }
}
