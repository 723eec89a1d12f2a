// SPDX-License-Identifier: Apache-2.0

import Documents

/// Numbers that a word, or another number, is written onto.
extension Reader {
    /// `BelegRE2500257vom`: what may be a number of letters and digits within a word, longest first.
    static func lettered(_ word: some BidirectionalCollection<UInt8>) -> [ArraySlice<UInt8>] {
        let bytes = Array(word)[...]
        let letters = bytes.prefix { !Folding.isDigit($0) }.count
        let end = bytes[letters...].firstIndex { !Folding.isDigit($0) } ?? bytes.endIndex
        guard letters > 0, end - letters >= 3 else { return [] }
        let starts = max(0, letters - 6)..<letters
        return starts.compactMap { $0 == 0 && end == bytes.endIndex ? nil : bytes[$0..<end] }
    }

    /// `RG100410`: a label written onto a number of digits.
    func glued(at index: Int, _ text: Remittance) -> Find? {
        let run = text.runs[index]
        guard run.hasDigit, !run.isDigits else { return nil }
        for number in Self.lettered(text.bytes[Int(run.start)..<Int(run.end)])
        where catalogue.numberLengths.contains(number.count) {
            guard catalogue.seriesPrefixes.contains(Array(number.prefix { !Folding.isDigit($0) })) else { continue }
            let items = numbered(number, KeyHash.of(number))
            if !items.isEmpty { return Find(last: index, items: items, how: .number, bytes: Array(number), digits: 0) }
        }
        let digits = text.bytes[Int(run.start)..<Int(run.end)].drop { !Folding.isDigit($0) }
        guard digits.count >= 5, digits.count < run.count, catalogue.numberLengths.contains(digits.count),
            digits.allSatisfy(Folding.isDigit)
        else { return nil }
        let items = numbered(digits, KeyHash.of(digits))
        guard !items.isEmpty else { return nil }
        return Find(last: index, items: items, how: .number, bytes: Array(digits), digits: digits.count)
    }

    /// `RE250000361RE250000563`: numbers without a sign between them, all of one customer.
    func readGlued(at index: Int, _ text: Remittance, _ reading: Reading) -> Bool {
        guard let (parts, last) = text.gluedNumbers(at: index), !reading.used[index...last].contains(true),
            let items = items(of: parts.map { text.bytes[$0].filter(Folding.isAlphanumeric) })
        else { return false }
        // All of it may be one number.
        let whole = bytes(of: index...last, text)
        guard numbered(whole[...], KeyHash.of(whole)).isEmpty else { return false }
        for (part, item) in zip(parts, items) { addGlued(item, part, isDigits: false, reading) }
        for run in index...last { reading.used[run] = true }
        return true
    }

    /// `102613102719`: digits that halve, or part otherwise, into numbers of one customer. They may be anything else: they
    /// count only where they explain the amount.
    func readGluedDigits(at index: Int, _ text: Remittance, _ reading: Reading) {
        guard !reading.used[index] else { return }
        for count in text.gluedCounts(at: index)
        where catalogue.numberLengths.contains(text.runs[index].count / count) {
            let parts = text.gluedDigits(at: index, count)
            guard let items = items(of: parts.map { Array(text.bytes[$0]) }) else { continue }
            for (part, item) in zip(parts, items) { addGlued(item, part, isDigits: true, reading) }
            return
        }
    }

    private func addGlued(_ item: Int32, _ part: Range<Int>, isDigits: Bool, _ reading: Reading) {
        reading.mentions.append(
            Mention(
                item: item, how: .number, from: Int32(part.lowerBound), to: Int32(part.upperBound),
                place: 100_000 + Int32(reading.mentions.count), digits: isDigits ? Int32(part.count) : 0,
                isDoubtful: isDigits))
    }

    /// The items of these numbers, of one customer, each another one; nil where one of them is not that.
    private func items(of numbers: [[UInt8]]) -> [Int32]? {
        var items: [Int32] = []
        for number in numbers {
            guard catalogue.numberLengths.contains(number.count) else { return nil }
            let found = numbered(number[...], KeyHash.of(number))
            guard let item = found.first, found.count == 1, !items.contains(item), catalogue.customerOf[Int(item)] >= 0,
                catalogue.customerOf[Int(item)] == catalogue.customerOf[Int(items.first ?? item)]
            else { return nil }
            items.append(item)
        }
        return items
    }
}

extension Remittance {
    private static let gluedRunsMax = 40
    private static let gluedPartsMax = 20
    /// A number that is written onto another one.
    private static let gluedNumberMin = 5

    /// The numbers, each of letters and digits behind them, that follow each other without a sign at this run, and the last
    /// run that they reach; nil where there are not two and more. Signs within them are signs of the numbers.
    func gluedNumbers(at index: Int) -> (parts: [Range<Int>], last: Int)? {
        let (first, bytes) = (runs[index], bytes)
        guard first.kind == .plain, Folding.isLetter(bytes[Int(first.start)]),
            first.hasDigit || index + 1 < runs.count && runs[index + 1].hasDigit && runs[index + 1].gap == .connector
        else { return nil }
        // Nearly no text has any: nothing is made before one is seen.
        var (last, isGlued) = (index, Self.holdsGlued(first, bytes))
        while last + 1 < runs.count, runs[last + 1].gap == .connector, runs[last + 1].kind == .plain,
            last - index < Self.gluedRunsMax
        {
            last += 1
            isGlued = isGlued || Self.holdsGlued(runs[last], bytes)
        }
        guard isGlued else { return nil }
        var starts = [Int(first.start)]
        for run in runs[index...last] where run.hasDigit && !run.isDigits {
            for place in Int(run.start) + 1..<Int(run.end)
            where Folding.isLetter(bytes[place]) && Folding.isDigit(bytes[place - 1]) { starts.append(place) }
        }
        guard (2...Self.gluedPartsMax).contains(starts.count) else { return nil }
        let ends = starts.dropFirst() + [Int(runs[last].end)]
        let parts = zip(starts, ends).map { $0..<$1 }
        let areNumbers = parts.allSatisfy { part in
            Folding.isDigit(bytes[part.upperBound - 1])
                && bytes[part].lazy.filter(Folding.isAlphanumeric).count >= Self.gluedNumberMin
        }
        return areNumbers ? (parts, last) : nil
    }

    /// Whether letters follow digits within a word.
    private static func holdsGlued(_ run: Run, _ bytes: [UInt8]) -> Bool {
        guard run.hasDigit, !run.isDigits else { return false }
        var isDigit = false
        for place in Int(run.start)..<Int(run.end) {
            let wasDigit = isDigit
            isDigit = Folding.isDigit(bytes[place])
            if wasDigit, !isDigit { return true }
        }
        return false
    }

    /// Into how many numbers of one length a run of digits may part, fewest first.
    func gluedCounts(at index: Int) -> some Sequence<Int> {
        let run = runs[index]
        let isRow =
            run.isDigits && run.kind == .plain && !run.isDateLike && run.count >= 2 * Self.gluedNumberMin
            && run.count <= Reader.lengthMax
        let most = isRow ? run.count / Self.gluedNumberMin : 1
        return (2..<most + 1).lazy.filter { run.count.isMultiple(of: $0) }
    }

    /// The parts of a run of digits.
    func gluedDigits(at index: Int, _ count: Int) -> [Range<Int>] {
        let (start, length) = (Int(runs[index].start), runs[index].count / count)
        return (0..<count).map { start + $0 * length..<start + ($0 + 1) * length }
    }

    /// What numbers that are written together may be here, as keys.
    func gluedKeys(at index: Int) -> [UInt64] {
        let lettered = gluedNumbers(at: index)?.parts ?? []
        let digits = gluedCounts(at: index).flatMap { gluedDigits(at: index, $0) }
        return (lettered + digits).map {
            KeyHash.of(bytes[$0].lazy.filter(Folding.isAlphanumeric))
        }
    }
}
