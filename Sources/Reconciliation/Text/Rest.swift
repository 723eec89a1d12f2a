// SPDX-License-Identifier: Apache-2.0

extension Reader {
    /// What neither a number nor an order explained.
    struct Rest {
        var cores: [Token] = []
        var unknown: [Token] = []
        var announced: [Token] = []
        var months: [NamedMonth] = []
        var periods: [NamedPeriod] = []
    }

    private static let unknownMax = 12

    /// Running parts, months, and text in the shape of a number.
    func rest(of reading: Reading) -> Rest {
        var rest = Rest()
        let text = reading.text
        var used = reading.used
        rest.months = text.months(&used)
        rest.periods = text.periods(used)
        var index = 0
        while index < text.runs.count {
            var last = index
            while last + 1 < text.runs.count, text.runs[last + 1].gap == .connector, !used[last + 1] {
                last += 1
            }
            defer { index = last + 1 }
            for part in index...last where !used[part] && text.runs[part].kind == .plain {
                if let core = core(part, text, reading) { rest.cores.append(core) }
            }
            readUnknown(index...last, text, reading, used, &rest)
            readAnnounced(index...last, text, reading, used, &rest)
        }
        return rest
    }

    private func core(_ index: Int, _ text: Remittance, _ reading: Reading) -> Token? {
        let run = text.runs[index]
        guard run.hasDigit, !run.isDateLike, !reading.orderRuns.contains(index) else { return nil }
        var bytes = text.bytes[Int(run.start)..<Int(run.end)]
        if !run.isDigits { bytes = bytes.drop { !Folding.isDigit($0) } }
        guard bytes.count >= 2, bytes.count <= 12, bytes.allSatisfy(Folding.isDigit) else { return nil }
        var token = Token(from: run.end - Int32(bytes.count), to: run.end, bytes: Array(bytes), isDigits: run.isDigits)
        token.label =
            OtherWord.precedes(index, in: text)
            ? .other : InvoiceWord.precedes(index, in: text) ? .invoice : .none
        return token
    }

    private func readUnknown(
        _ range: ClosedRange<Int>, _ text: Remittance, _ reading: Reading, _ used: [Bool], _ rest: inout Rest
    ) {
        for first in range where !used[first] && text.runs[first].kind == .plain {
            var bytes: [UInt8] = []
            for last in first...range.upperBound {
                guard text.runs[last].kind == .plain, !used[last] || last == first else { break }
                bytes.append(contentsOf: text.bytes[Int(text.runs[last].start)..<Int(text.runs[last].end)])
                guard bytes.count <= Self.lengthMax else { break }
                let from = text.runs[first].start
                let to = text.runs[last].end
                if first == last, text.runs[first].isDateLike { continue }
                if isExplained(from, to, reading) { continue }
                guard rest.unknown.count < Self.unknownMax else { continue }
                if catalogue.looksLikeNumber(bytes) {
                    var token = Token(from: from, to: to, bytes: bytes, isDigits: bytes.allSatisfy(Folding.isDigit))
                    if token.isDigits, OtherWord.precedes(first, in: text) { token.label = .other }
                    rest.unknown.append(token)
                } else if first == last, let number = Self.lettered(bytes).first(where: { isLettered($0) }) {
                    rest.unknown.append(Token(from: from, to: to, bytes: Array(number), isDigits: false))
                }
            }
        }
    }

    /// One letter may be the end of anything: `RF02…`.
    private func isLettered(_ number: ArraySlice<UInt8>) -> Bool {
        number.prefix { !Folding.isDigit($0) }.count >= 2 && catalogue.looksLikeNumber(Array(number))
    }

    /// An order's number or a customer's.
    private func isExplained(_ from: Int32, _ to: Int32, _ reading: Reading) -> Bool {
        reading.orderSpans.contains { $0.from <= from && to <= $0.to }
            || reading.customers.contains { $0.from == from && $0.to == to }
    }

    /// `Rechnung 43`, `RE43`, `Rg.Nr. 7/2025`: whatever its length, it is said to be a number. A year alone is none.
    private func readAnnounced(
        _ range: ClosedRange<Int>, _ text: Remittance, _ reading: Reading, _ used: [Bool], _ rest: inout Rest
    ) {
        guard let first = range.first(where: { text.runs[$0].hasDigit }), !used[first],
            text.runs[first].kind == .plain, !text.runs[first].isDateLike,
            InvoiceWord.precedes(first, in: text)
        else { return }
        var last = first
        while last < range.upperBound, text.runs[last + 1].kind == .plain, !used[last + 1], text.runs[last + 1].hasDigit
        {
            last += 1
        }
        let (from, to) = (text.runs[first].start, text.runs[last].end)
        if isExplained(from, to, reading) || first == last && text.year(at: first) != nil && text.runs[first].count == 4
        {
            return
        }
        let bytes = text.bytes[Int(from)..<Int(to)].filter(Folding.isAlphanumeric).drop { !Folding.isDigit($0) }
        guard bytes.count <= Self.lengthMax, bytes.allSatisfy(Folding.isDigit) else { return }
        rest.announced.append(Token(from: from, to: to, bytes: Array(bytes), isDigits: true, label: .invoice))
    }
}
