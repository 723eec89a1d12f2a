// SPDX-License-Identifier: Apache-2.0

import Documents

/// Finds items, customers and orders in a payment's reference and text.
final class Reader: Sendable {
    let catalogue: Catalogue
    private static let piecesMax = 8
    /// A slip's line has 48 digits.
    static let lengthMax = 48
    private static let rangeMax = 50
    /// No remittance names more; a hostile one could.
    private static let mentionsMax = 1000
    /// More items under one number or reference than this tell nothing apart.
    static let readingsMax = 8

    init(catalogue: Catalogue) { self.catalogue = catalogue }

    func read(_ payment: MatchPayment) -> Reading {
        let reading = Reading(payment, reader: self)
        readText(reading)
        if reading.namesNothing { readEndToEnd(payment.endToEndID, into: reading) }
        return reading
    }

    /// What a text says beside the mentions that were kept of it.
    func read(again known: Reading) -> Reading {
        let reading = Reading(again: known)
        readText(reading)
        return reading
    }

    private func readText(_ reading: Reading) {
        let text = reading.text
        readCustomers(text, into: reading)
        readNumbers(text, into: reading)
        readOrders(text, into: reading)
    }

    struct Find {
        var last: Int
        var items: [Int32]
        var how: Mention.How
        var bytes: [UInt8]
        /// Of a text that has nothing but digits of the number, how many; else 0.
        var digits: Int
        /// Bytes of the last run that are no part of it.
        var behind: Int32 = 0
        var borne: BorneReference?
    }

    private func readNumbers(_ text: Remittance, into reading: Reading) {
        var index = 0
        while index < text.runs.count {
            let run = text.runs[index]
            guard run.kind == .plain, !reading.used[index], !readGlued(at: index, text, reading),
                let find = longest(from: index, text, reading)
            else {
                readGluedDigits(at: index, text, reading)
                index += 1
                continue
            }
            let isDigits = find.digits > 0
            let before = index > 0 ? text.runs[index - 1] : nil
            let isTail = run.gap == .connector && isDigits && before?.hasDigit == true && !reading.used[index - 1]
            let last = text.runs[find.last]
            let isAlone = isDigits && find.last == index && find.how == .number
            // A year by itself is a year, unless a list of numbers goes on with it.
            if isAlone, run.count == 4, text.year(at: index) != nil, index == 0 || !reading.used[index - 1],
                !InvoiceWord.precedes(index, in: text)
            {
                index += 1
                continue
            }
            let isDoubtful =
                isTail || isAlone && text.isPostcode(at: index) || run.isDateLike && find.last == index
                || isDigits && OtherWord.precedes(index, in: text)
            for item in find.items {
                var mention = Mention(
                    item: item, how: find.how, from: run.start, to: last.end - find.behind, place: Int32(index),
                    digits: Int32(find.digits), isDoubtful: isDoubtful)
                if isDigits {
                    let digits = find.bytes.drop { !Folding.isDigit($0) }
                    mention.yearDigits = yearDigits(digits, catalogue.facts[Int(item)].issuedOn.year)
                }
                reading.mentions.append(mention)
            }
            if let borne = find.borne { reading.references.append(borne) }
            for part in index...find.last { reading.used[part] = true }
            index = find.last + 1
            if !find.how.isReference { index = readShortened(after: find, at: index, text, reading) }
        }
    }

    /// How many of a number's first or last digits are the year of about its issue.
    func yearDigits(_ digits: ArraySlice<UInt8>, _ year: Int) -> Int32 {
        guard digits.count > 4 else { return 0 }
        for part in [digits.prefix(4), digits.suffix(4)] {
            let value = part.reduce(0) { $0 * 10 + Int($1 - 0x30) }
            if abs(value - year) <= 1 { return 4 }
        }
        return 0
    }

    /// Runs that are joined one by one, with the hashes of what they come to so far.
    private struct Joined {
        private(set) var count = 0
        private(set) var isDigits = true
        private(set) var hash = KeyHash()
        /// The same without leading zeros, while there are only digits.
        private(set) var strippedCount = 0
        private(set) var stripped = KeyHash()

        mutating func add(_ bytes: [UInt8], _ from: Int32, _ to: Int32) {
            for place in Int(from)..<Int(to) {
                let byte = bytes[place]
                hash.add(byte)
                if !Folding.isDigit(byte) { isDigits = false }
                if isDigits, byte != 0x30 || strippedCount > 0 {
                    stripped.add(byte)
                    strippedCount += 1
                }
            }
            count += Int(to - from)
        }
    }

    func bytes(of runs: ClosedRange<Int>, _ text: Remittance) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Int(text.runs[runs.upperBound].end - text.runs[runs.lowerBound].start))
        for run in runs { bytes += text.bytes[Int(text.runs[run].start)..<Int(text.runs[run].end)] }
        return bytes
    }

    /// The longest joined run that is an issued number or reference; joins over a blank only where none without is.
    func longest(from index: Int, _ text: Remittance, _ reading: Reading) -> Find? {
        var joined = Joined()
        var blanks = 0
        var hasDigit = false
        var found: Find?
        var foundBlanks = 0
        for last in index..<min(index + Self.piecesMax, text.runs.count) {
            let run = text.runs[last]
            guard run.kind == .plain || last > index, !reading.used[last] else { break }
            if last > index {
                if run.gap == .other { break }
                if run.gap == .blank { blanks += 1 }
            }
            joined.add(text.bytes, run.start, run.end)
            hasDigit = hasDigit || run.hasDigit
            if joined.count > Self.lengthMax { break }
            // A number that is written like this year goes on behind a blank where that is a number too: `2025 0541`.
            let isYear = found?.last == index && text.year(at: index) != nil && text.runs[index].count == 4
            guard hasDigit,
                found == nil || blanks == foundBlanks || found?.how == .wrapped || isYear
                    || joined.isDigits && joined.count >= Self.slipMin
            else { continue }
            if let find = lookUp(joined, index...last, blanks, text, reading) {
                found = find
                foundBlanks = blanks
            }
        }
        return found ?? glued(at: index, text) ?? gluedReference(at: index, text) ?? spelled(at: index, text, reading)
    }

    private func lookUp(
        _ joined: Joined, _ runs: ClosedRange<Int>, _ blanks: Int, _ text: Remittance, _ reading: Reading
    ) -> Find? {
        if blanks <= 1 || isBroken(joined, runs, blanks, text), joined.count >= 3,
            catalogue.numberLengths.contains(joined.count)
        {
            if joined.isDigits { reading.tries += 1 }
            if catalogue.numbers.contains(joined.hash.value) {
                let bytes = bytes(of: runs, text)
                let items = numbered(bytes[...], joined.hash.value)
                if !items.isEmpty {
                    return Find(
                        last: runs.upperBound, items: items, how: blanks == 0 ? .number : .wrapped, bytes: bytes,
                        digits: joined.isDigits ? joined.count : 0)
                }
            }
        }
        let start = Int(text.runs[runs.lowerBound].start)
        let isCreditor =
            !joined.isDigits && joined.count > 4 && text.bytes[start] == 0x52
            && start + 1 < text.bytes.count && text.bytes[start + 1] == 0x46
        var hash = joined.isDigits ? joined.stripped.value : joined.hash.value
        var count = joined.isDigits ? joined.strippedCount : joined.count
        var key: [UInt8]?
        if isCreditor {
            let stripped = Folding.stripped(bytes(of: runs, text))
            (hash, count, key) = (KeyHash.of(stripped), stripped.count, stripped)
        }
        if count >= 6 || joined.count >= 10, catalogue.referenceLengths.contains(count),
            catalogue.references.contains(hash),
            let find = issued(key ?? Folding.stripped(bytes(of: runs, text)), hash, runs, text)
        {
            return find
        }
        guard let key = key ?? otherDigits(joined, runs, text) else { return nil }
        return otherForms(of: key).lazy.compactMap { self.issued($0, KeyHash.of($0), runs, text) }.first
    }

    /// Digits that may be called otherwise; nil where they cannot be, as nearly always.
    private func otherDigits(_ joined: Joined, _ runs: ClosedRange<Int>, _ text: Remittance) -> [UInt8]? {
        guard joined.isDigits, joined.count >= Self.wrappedMin else { return nil }
        let row = text.bytes[Int(text.runs[runs.lowerBound].start)..<Int(text.runs[runs.upperBound].end)]
        guard mayBeOtherForm(row, joined.count, stripped: joined.strippedCount),
            joined.count >= Self.plainMin && joined.strippedCount >= Self.surelyWrapped
                || isCalled(joined.strippedCount, runs.lowerBound, text)
        else { return nil }
        return self.bytes(of: runs, text)
    }

    /// A scheme's word says that digits are a reference. Without it, few are anything: who mistypes an invoice's number is at
    /// somebody's `RF` reference soon.
    private func isCalled(_ stripped: Int, _ index: Int, _ text: Remittance) -> Bool {
        if ReferenceWord.precedes(index, in: text, isScheme: true) { return true }
        return stripped >= Self.surelyWrapped && !InvoiceWord.precedes(index, in: text)
    }

    /// Fewer digits behind a word for an invoice are its number.
    private static let plainMin = 15

    /// `RE2500 010 44`: digits that are broken more than once, and come to a long number all the same.
    private func isBroken(_ joined: Joined, _ runs: ClosedRange<Int>, _ blanks: Int, _ text: Remittance) -> Bool {
        blanks <= Self.blanksMax && joined.count >= Self.brokenMin
            && text.runs[runs.lowerBound + 1..<runs.upperBound + 1].allSatisfy { $0.isDigits && $0.kind == .plain }
    }

    private static let blanksMax = 4
    private static let brokenMin = 9

    /// Items with exactly this number.
    func numbered(_ bytes: ArraySlice<UInt8>, _ hash: UInt64) -> [Int32] {
        catalogue.numbers.values(hash, limit: Self.readingsMax) {
            catalogue.numberTexts.holds(bytes, at: $0)
        }
    }

    /// `104130/393/447`, `1001-1004`, `RE250000029-RE250000032`: the numbers that the first one stands for.
    private func readShortened(after find: Find, at start: Int, _ text: Remittance, _ reading: Reading) -> Int {
        guard let owner = find.items.first, find.items.count == 1 else { return start }
        if let behind = readRange(from: find, at: start, text, reading) { return behind }
        var index = start
        var previous = find.bytes
        while index < text.runs.count, reading.mentions.count < Self.mentionsMax {
            let isBehindWord = index + 1 < text.runs.count && ListWord.isOne(at: index, in: text)
            let place = isBehindWord ? index + 1 : index
            let run = text.runs[place]
            guard run.kind == .plain, run.start - text.runs[place - 1].end <= 3,
                place == index || text.runs[index].start - text.runs[index - 1].end <= 3
            else { break }
            // What is a number in full, from here on, is not the end of another one: `25-08816; 25-08815`.
            if let whole = longest(from: place, text, reading), whole.last > place || run.separator != 0x2D { break }
            let bytes = text.bytes[Int(run.start)..<Int(run.end)]
            let isRange = run.separator == 0x2D
            // The bank cut the text in the next number.
            if bytes.count < 3, Int(run.end) == text.bytes.count, text.isTruncated { break }
            var target: [UInt8]
            let isShort = run.isDigits && Self.isTail(bytes.count, of: find.bytes)
            if isShort || isRange && bytes.count == find.bytes.count { asks(allOfOwner: owner, reading) }
            if isShort {
                target = Array(find.bytes.dropLast(bytes.count)) + bytes
                if lookUpOwn(target, of: owner) == nil {
                    let next = Self.next(behind: previous, endingWith: bytes)
                    if let item = next.flatMap({ lookUpOwn($0, of: owner) }) ?? lookUpCore(bytes, of: owner) {
                        target = Array(catalogue.number(item))
                    }
                }
            } else if isRange, bytes.count == find.bytes.count {
                target = Array(bytes)
            } else {
                break
            }
            if !isRange, lookUpOwn(target, of: owner) == nil {
                // A list may go on behind a number that is not theirs or not issued, but not behind plain words.
                break
            }
            let numbers = isRange ? Self.range(from: previous, to: target) : [target]
            guard !numbers.isEmpty, lookUpOwn(target, of: owner) != nil else { break }
            for number in numbers {
                guard let item = lookUpOwn(number, of: owner) else { continue }
                reading.mentions.append(
                    Mention(
                        item: item, how: isRange ? .range : .abbreviated, from: run.start, to: run.end,
                        place: 100_000 + Int32(reading.mentions.count), digits: 0, isDoubtful: false))
            }
            reading.used[place] = true
            previous = target
            index = place + 1
        }
        return index
    }

    /// Whether so many digits may stand for the end of another number of the series; as many as it ends with, where letters
    /// stand before them: `RE-1001-1003`.
    static func isTail(_ count: Int, of number: [UInt8]) -> Bool {
        let trailing = trailingDigits(number)
        return count < trailing || count == trailing && trailing < number.count
    }

    func lookUpOwn(_ number: [UInt8], of owner: Int32) -> Int32? {
        let found = numbered(number[...], KeyHash.of(number)).filter {
            catalogue.customerOf[Int($0)] == catalogue.customerOf[Int(owner)]
        }
        return found.count == 1 ? found[0] : nil
    }

    /// The running part alone, of another month or year: `F/2025/03/00768 04/00887`.
    private func lookUpCore(_ digits: ArraySlice<UInt8>, of owner: Int32) -> Int32? {
        let core = digits.drop { $0 == 0x30 }
        let customer = catalogue.customerOf[Int(owner)]
        guard digits.count >= 3, customer >= 0 else { return nil }
        let found = catalogue.items(of: customer, core: core, limit: 16)
        return found.count == 1 ? found[0] : nil
    }

    static func trailingDigits(_ bytes: [UInt8]) -> Int {
        bytes.reversed().prefix(while: Folding.isDigit).count
    }

    /// The numbers after `first` up to and with `last`; empty when they are not of one series or too many.
    static func range(from first: [UInt8], to last: [UInt8]) -> [[UInt8]] {
        guard first.count == last.count else { return [] }
        let digits = min(9, min(trailingDigits(first), trailingDigits(last)))
        guard digits > 0, first.dropLast(digits) == last.dropLast(digits) else { return [] }
        let low = first.suffix(digits).reduce(0) { $0 * 10 + Int($1 - 0x30) }
        let high = last.suffix(digits).reduce(0) { $0 * 10 + Int($1 - 0x30) }
        guard high > low, high - low <= rangeMax else { return [] }
        return (low + 1...high).map { value in
            var tail: [UInt8] = []
            var rest = value
            for _ in 0..<digits {
                tail.append(0x30 + UInt8(rest % 10))
                rest /= 10
            }
            return Array(first.dropLast(digits)) + tail.reversed()
        }
    }

    /// Orders, in what no number explained.
    private func readOrders(_ text: Remittance, into reading: Reading) {
        for index in text.runs.indices where !reading.used[index] && text.runs[index].kind == .plain {
            let run = text.runs[index]
            guard run.hasDigit else { continue }
            var joined = Joined()
            joined.add(text.bytes, run.start, run.end)
            var to = run.end
            var orders = order(joined, index...index, text)
            if orders.isEmpty, index + 1 < text.runs.count, text.runs[index + 1].gap == .blank {
                joined.add(text.bytes, text.runs[index + 1].start, text.runs[index + 1].end)
                orders = order(joined, index...index + 1, text)
                if !orders.isEmpty { to = text.runs[index + 1].end }
            }
            guard !orders.isEmpty else { continue }
            for item in orders {
                reading.mentions.append(
                    Mention(
                        item: item, how: .order, from: run.start, to: to, place: 200_000 + Int32(index),
                        digits: Int32(run.count), isDoubtful: false))
            }
            reading.orderSpans.append((run.start, to))
            reading.orderRuns.append(index)
        }
    }

    private func order(_ joined: Joined, _ runs: ClosedRange<Int>, _ text: Remittance) -> [Int32] {
        guard joined.count >= 5, catalogue.orderLengths.contains(joined.count),
            catalogue.orders.contains(joined.hash.value)
        else { return [] }
        let bytes = bytes(of: runs, text)
        return catalogue.orders.values(joined.hash.value, limit: Self.readingsMax) {
            catalogue.order($0) == bytes[...]
        }
    }
}
