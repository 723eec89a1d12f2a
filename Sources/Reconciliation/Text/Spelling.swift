// SPDX-License-Identifier: Apache-2.0

import Documents

/// An issued number as a text may write it otherwise: without its zeros or its letters, with an `O` for a nought, with the
/// next word written onto it.
///
///     INV-2025-18   2025000018   INV-2O25-OOOO18   INV-2025-000018vom   RechnungINV-2025-000018
struct Spelling {
    /// As numbers are compared: letters and digits.
    var number: [UInt8]
    /// The last run of the text that belongs to it, and how many of its bytes do not.
    var last: Int
    var behind: Int32
    /// Of a text that has nothing but digits of the number, how many.
    var digits: Int
}

extension Remittance {
    private static let spelledRunsMax = 6
    /// Letters behind a number that are the next word: `1001A` is another number, `10EUR` an amount.
    private static let gluedMin = 3
    /// Of digits that letters follow: five may be a postcode.
    private static let gluedDigitsMin = 6
    /// No word before a number, with the letters of the number, is longer.
    private static let lettersMax = 30

    /// The numbers that what begins at this run may mean, longest text first.
    func spellings(at index: Int, _ patterns: NumberPatterns) -> [Spelling] {
        let first = runs[index]
        guard first.kind == .plain else { return [] }
        if !first.hasDigit {
            guard index + 1 < runs.count, runs[index + 1].hasDigit, runs[index + 1].kind == .plain,
                runs[index + 1].gap != .other, lead(first, patterns) != nil
            else { return [] }
        }
        var last = index
        while last + 1 < runs.count, last + 1 - index < Self.spelledRunsMax, runs[last + 1].kind == .plain,
            runs[last + 1].gap == .connector || last == index && !first.hasDigit && runs[last + 1].gap == .blank
        { last += 1 }
        var found: [Spelling] = []
        for end in (index...last).reversed() where runs[end].hasDigit {
            addSpellings(index...end, patterns, &found)
        }
        return found
    }

    /// Where the letters of a series begin in a word of letters: at its start, or behind a word for an invoice that is written
    /// onto them.
    private func lead(_ run: Run, _ patterns: NumberPatterns) -> Int? {
        let word = bytes[Int(run.start)..<Int(run.end)].prefix { !Folding.isDigit($0) }
        if word.isEmpty || patterns.begins(with: word) { return Int(run.start) }
        guard word.count <= Self.lettersMax else { return nil }
        return word.indices.dropFirst(Self.gluedMin).first {
            InvoiceWord.isOne(word[..<$0]) && patterns.begins(with: word[$0...])
        }
    }

    private func addSpellings(_ range: ClosedRange<Int>, _ patterns: NumberPatterns, _ found: inout [Spelling]) {
        guard let start = lead(runs[range.lowerBound], patterns) ?? spoilt(range.lowerBound) else { return }
        let end = Int(runs[range.upperBound].end)
        let last = bytes[Int(runs[range.upperBound].start)..<end]
        let tail = last.reversed().prefix { !Folding.isDigit($0) }.count
        let behind = tail >= Self.gluedMin && last.count - tail >= 3 ? tail : 0
        if isTold(last.suffix(behind)) || goesOn(behind: range.upperBound) { return }
        func add(_ number: [UInt8], _ digits: Int) {
            found.append(
                Spelling(number: number, last: range.upperBound, behind: Int32(behind), digits: digits))
        }
        let written = bytes[start..<end - behind].filter(Folding.isAlphanumeric)
        if behind > 0 || start > Int(runs[range.lowerBound].start) {
            let isDigits = written.allSatisfy(Folding.isDigit)
            if !isDigits || written.count >= Self.gluedDigitsMin && !isDate(written[...]) {
                add(written, isDigits ? written.count : 0)
            }
        }
        let cleared = clear(range, start, end - behind)
        if cleared != written, cleared.count >= 5 {
            add(cleared, cleared.allSatisfy(Folding.isDigit) ? cleared.count : 0)
        }
        let isOfAnother = isOfAnotherSeries(range.lowerBound, patterns)
        let spelled = patterns.spelled(
            segments(range, start, end - behind), near: bookedOn.year,
            isCalled: InvoiceWord.precedes(range.lowerBound, in: self))
        for (number, digits) in spelled where number != written && !(isOfAnother && digits > 0) {
            add(number, digits)
        }
    }

    /// `102613STORNO`: what is written onto it makes it another document.
    private func isTold(_ word: ArraySlice<UInt8>) -> Bool {
        Self.otherDocuments.contains { word.starts(with: $0) }
    }

    private static let otherDocuments = ["STORN", "KOR", "GUT", "CREDIT", "NC"].map { Array($0.utf8) }

    /// `RE-26-122-7`: what goes on is another number.
    private func goesOn(behind index: Int) -> Bool {
        guard index + 1 < runs.count else { return false }
        let next = runs[index + 1]
        return next.gap == .connector && next.separator == 0x2D && next.hasDigit && next.kind == .plain
            && next.start - runs[index].end == 1
    }

    /// Whether letters before digits say that they are no number of a series of ours without its letters, or one of another
    /// series: `AB-2025-00009`.
    private func isOfAnotherSeries(_ index: Int, _ patterns: NumberPatterns) -> Bool {
        guard index > 0, runs[index].isDigits, !runs[index - 1].hasDigit, runs[index].gap != .other else {
            return false
        }
        let word = bytes[Int(runs[index - 1].start)..<Int(runs[index - 1].end)]
        let isSeries = patterns.begins(with: word)
        let isJoined = runs[index].gap == .connector && [0x2D, 0x2F, 0x5F].contains(runs[index].separator)
        // `INV` may be a word as well: what is joined to it is its number.
        return InvoiceWord.isOne(word) ? isJoined && isSeries : isJoined || isSeries
    }

    /// A word that begins with letters which stand for digits: `lO0094`.
    private func spoilt(_ index: Int) -> Int? {
        let word = bytes[Int(runs[index].start)..<Int(runs[index].end)].prefix { !Folding.isDigit($0) }
        return word.count <= Self.spoiltMax && word.allSatisfy { Self.meant($0) != nil } ? Int(runs[index].start) : nil
    }

    private static let spoiltMax = 4

    /// The digit that a letter is read as, or typed for.
    private static func meant(_ letter: UInt8) -> UInt8? {
        switch letter {
        case 0x4F: 0x30
        case 0x49, 0x4C: 0x31
        default: nil
        }
    }

    /// With digits for the letters that stand among digits.
    private func clear(_ range: ClosedRange<Int>, _ start: Int, _ end: Int) -> [UInt8] {
        var cleared: [UInt8] = []
        for index in range {
            let (from, to) = (max(start, Int(runs[index].start)), min(end, Int(runs[index].end)))
            guard from < to else { continue }
            let word = bytes[from..<to]
            let letters = word.prefix { !Folding.isDigit($0) }
            let isSpoilt =
                runs[index].hasDigit && letters.count <= Self.spoiltMax && letters.allSatisfy { Self.meant($0) != nil }
            cleared += isSpoilt ? letters.map { Self.meant($0) ?? $0 } : Array(letters)
            let rest = word.dropFirst(letters.count)
            cleared += rest.map { Self.meant($0) ?? $0 }
            // `2000l` are litres.
            if let last = rest.last, last == 0x4C || last == 0x49 { cleared[cleared.count - 1] = last }
        }
        return cleared
    }

    /// Digits of a reference that a word is written onto.
    private static let referenceDigitsMin = 7

    /// A structured reference within a word: `KID2345676`, `RF35100001883danke`.
    func gluedReferences(at index: Int) -> [ArraySlice<UInt8>] {
        let run = runs[index]
        guard run.kind == .plain, run.hasDigit, !run.isDigits else { return [] }
        let word = bytes[Int(run.start)..<Int(run.end)]
        let tail = word.reversed().prefix { !Folding.isDigit($0) }.count
        let whole = tail >= Self.gluedMin ? word.dropLast(tail) : word
        let digits = whole.drop { !Folding.isDigit($0) }
        // Behind other words, digits are an order's, a contract's, anything's.
        let label = word.prefix { !Folding.isDigit($0) }
        guard
            label.isEmpty || ReferenceWord.isOne(label) || InvoiceWord.isOne(label) || label.suffix(2) == [0x52, 0x46],
            !isDate(digits)
        else { return [] }
        // ISO 11649 begins with letters of its own.
        let lead = whole.prefix { !Folding.isDigit($0) }
        let creditor = lead.count > 2 && lead.suffix(2) == [0x52, 0x46] ? whole.dropFirst(lead.count - 2) : []
        return [whole, creditor, digits].filter { part in
            let first = part.firstIndex(where: Folding.isDigit) ?? part.endIndex
            return part.count < word.count && part[first...].count >= Self.referenceDigitsMin
                && part[first...].allSatisfy(Folding.isDigit)
        }
    }

    private func segments(_ range: ClosedRange<Int>, _ start: Int, _ end: Int) -> [NumberPatterns.Segment] {
        var segments: [NumberPatterns.Segment] = []
        for index in range {
            var rest = bytes[max(start, Int(runs[index].start))..<max(start, min(end, Int(runs[index].end)))]
            while let first = rest.first {
                let isDigits = Folding.isDigit(first)
                let part = rest.prefix { Folding.isDigit($0) == isDigits }
                segments.append(NumberPatterns.Segment(isDigits: isDigits, bytes: part))
                rest = rest.dropFirst(part.count)
            }
        }
        return segments
    }
}

/// Words that stand before a structured reference.
enum ReferenceWord {
    /// Of a scheme: an invoice's number is never called so.
    private static let schemes = words(
        """
        KID OCR FIK VIITE VIITENRO VIITENUMERO VIITENUMBER VIITENR KENMERK BETALINGSKENMERK MEDEDELING OGM VCS SCOR QRR
        ZAHLUNGSREFERENZ IUV AVVISO BOLETO
        """)
    private static let names = words("REF REFNR REFERENZ REFERENCE REFERENTIE REFERENCIA RIFERIMENTO")
    /// Of a bank's file: anything follows.
    private static let tags = words("SVWZ EREF KREF VERWENDUNGSZWECK")

    private static func words(_ text: String) -> Set<[UInt8]> {
        Set(text.split(whereSeparator: { $0 == " " || $0 == "\n" }).map { Array($0.utf8) })
    }

    static func isOne(_ word: ArraySlice<UInt8>) -> Bool {
        let word = Array(word)
        return schemes.contains(word) || names.contains(word) || tags.contains(word)
    }

    static func isScheme(_ word: ArraySlice<UInt8>) -> Bool { schemes.contains(Array(word)) }

    /// Whether one stands right before a run; what a bank's file has there does not count.
    static func precedes(_ index: Int, in text: Remittance, isScheme: Bool) -> Bool {
        guard index > 0 else { return false }
        let word = Array(text.bytes[Int(text.runs[index - 1].start)..<Int(text.runs[index - 1].end)])
        return schemes.contains(word) || !isScheme && names.contains(word)
    }
}

extension Reader {
    /// The number that is written otherwise here, of the longest text that is one; items of all numbers that this text may
    /// mean.
    func spelled(at index: Int, _ text: Remittance, _ reading: Reading) -> Find? {
        var (found, isTried): (Find?, Bool) = (nil, false)
        for spelling in text.spellings(at: index, catalogue.patterns) {
            if let found, spelling.last != found.last { break }
            guard catalogue.numberLengths.contains(spelling.number.count),
                !reading.used[index...spelling.last].contains(true)
            else { continue }
            if spelling.digits > 0, !isTried {
                reading.tries += 1
                isTried = true
            }
            let items = numbered(spelling.number[...], KeyHash.of(spelling.number))
            guard !items.isEmpty else { continue }
            if let first = found {
                // Two numbers of the same digits: either may be meant.
                found?.items = first.items + items.filter { !first.items.contains($0) }
            } else {
                found = Find(
                    last: spelling.last, items: items, how: .spelled, bytes: spelling.number,
                    digits: spelling.digits, behind: spelling.behind)
            }
        }
        return found
    }
}
