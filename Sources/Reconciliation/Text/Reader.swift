// SPDX-License-Identifier: Apache-2.0

import Documents

/// Finds items, customers and orders in a payment's reference and text.
struct Reader {
    let catalogue: Catalogue
    private static let piecesMax = 8
    private static let lengthMax = 40
    private static let rangeMax = 50
    /// No remittance names more; a hostile one could.
    private static let mentionsMax = 1000
    /// More items under one number or reference than this tell nothing apart.
    private static let readingsMax = 8

    func read(_ payment: MatchPayment) -> Reading {
        var reading = Reading(
            text: Remittance(
                payment.remittance ?? "", amount: payment.amount, currency: payment.currency,
                bookedOn: payment.bookedOn))
        readField(payment.structuredReference, into: &reading)
        var used = Array(repeating: false, count: reading.text.runs.count)
        readCustomers(&reading, &used)
        readNumbers(&reading, &used)
        readRest(&reading, used)
        return reading
    }

    private func readField(_ field: String?, into reading: inout Reading) {
        guard let field, !field.isEmpty else { return }
        for key in StructuredReference.lookupKeys(field) where key.utf8.count >= 4 {
            for item in catalogue.references.values(KeyHash.of(key), limit: Self.readingsMax)
            where isReference(key, item) {
                reading.mentions.append(
                    Mention(
                        item: item, how: .referenceField, from: 0, to: 0, place: -1, digits: 0,
                        isDoubtful: false))
            }
            if !reading.mentions.isEmpty { return }
        }
    }

    private func isReference(_ key: String, _ item: Int32) -> Bool {
        catalogue.items[Int(item)].structuredReference.map { StructuredReference.canonical($0) } == key
    }

    private func readCustomers(_ reading: inout Reading, _ used: inout [Bool]) {
        let text = reading.text
        for (index, run) in text.runs.enumerated()
        where run.hasDigit && run.kind == .plain && catalogue.customerNumberLengths.contains(run.count) {
            let bytes = Array(text.bytes[Int(run.start)..<Int(run.end)])
            let found = catalogue.customerNumbers.values(KeyHash.of(bytes), limit: 4).filter {
                catalogue.customers[Int($0)].number.map(Folding.canonical) == bytes
            }
            guard let customer = found.first, found.count == 1 else { continue }
            let isLabelled = CustomerWord.precedes(index, in: text)
            reading.customers.append((customer, isLabelled, run.start, run.end))
            if isLabelled { used[index] = true }
        }
    }

    private struct Find {
        var last: Int
        var items: [Int32]
        var how: Mention.How
        var bytes: [UInt8]
    }

    private func readNumbers(_ reading: inout Reading, _ used: inout [Bool]) {
        var index = 0
        while index < reading.text.runs.count {
            let run = reading.text.runs[index]
            guard run.kind == .plain, !used[index], let find = longest(from: index, &reading, used) else {
                index += 1
                continue
            }
            let isDigits = find.bytes.allSatisfy(Folding.isDigit)
            let before = index > 0 ? reading.text.runs[index - 1] : nil
            let isTail = run.gap == .connector && isDigits && before?.hasDigit == true && !used[index - 1]
            let last = reading.text.runs[find.last]
            for item in find.items {
                reading.mentions.append(
                    Mention(
                        item: item, how: find.how, from: run.start, to: last.end, place: Int32(index),
                        digits: isDigits ? Int32(find.bytes.count) : 0,
                        isDoubtful: isTail || (run.isDateLike && find.last == index)))
            }
            for part in index...find.last { used[part] = true }
            index = find.last + 1
            if !find.how.isReference { index = readShortened(after: find, at: index, &reading, &used) }
        }
    }

    /// The longest joined run that is an issued number or reference; joins over a blank only where none without is.
    private func longest(from index: Int, _ reading: inout Reading, _ used: [Bool]) -> Find? {
        let text = reading.text
        var bytes: [UInt8] = []
        var blanks = 0
        var hasDigit = false
        var found: Find?
        var foundBlanks = 0
        for last in index..<min(index + Self.piecesMax, text.runs.count) {
            let run = text.runs[last]
            guard run.kind == .plain || last > index, !used[last] else { break }
            if last > index {
                if run.gap == .other { break }
                if run.gap == .blank { blanks += 1 }
            }
            bytes.append(contentsOf: text.bytes[Int(run.start)..<Int(run.end)])
            hasDigit = hasDigit || run.hasDigit
            if bytes.count > Self.lengthMax { break }
            guard hasDigit, found == nil || blanks == foundBlanks || found?.how == .wrapped else { continue }
            if let hit = lookUp(bytes, blanks, &reading.tries) {
                found = Find(last: last, items: hit.items, how: hit.how, bytes: bytes)
                foundBlanks = blanks
            }
        }
        return found ?? glued(at: index, text)
    }

    private func lookUp(
        _ bytes: [UInt8], _ blanks: Int, _ tries: inout Int
    ) -> (items: [Int32], how: Mention.How)? {
        if blanks <= 1, catalogue.numberLengths.contains(bytes.count), bytes.count >= 3 {
            if bytes.allSatisfy(Folding.isDigit) { tries += 1 }
            let items = catalogue.numbers.values(KeyHash.of(bytes), limit: Self.readingsMax).filter {
                catalogue.number($0) == bytes
            }
            if !items.isEmpty { return (items, blanks == 0 ? .number : .wrapped) }
        }
        let key = Folding.stripped(bytes)
        guard key.count >= 6 || bytes.count >= 10, catalogue.referenceLengths.contains(key.count) else { return nil }
        let text = String(decoding: key, as: UTF8.self)
        let items = catalogue.references.values(KeyHash.of(key), limit: Self.readingsMax).filter {
            isReference(text, $0)
        }
        return items.isEmpty ? nil : (items, .referenceText)
    }

    /// `RG100410`: a label written onto a number of digits.
    private func glued(at index: Int, _ text: Remittance) -> Find? {
        let run = text.runs[index]
        guard run.hasDigit, !run.isDigits else { return nil }
        let bytes = text.bytes[Int(run.start)..<Int(run.end)]
        let digits = Array(bytes.drop { !Folding.isDigit($0) })
        guard digits.count >= 5, digits.count < bytes.count, digits.allSatisfy(Folding.isDigit),
            catalogue.numberLengths.contains(digits.count)
        else { return nil }
        let items = catalogue.numbers.values(KeyHash.of(digits), limit: Self.readingsMax).filter {
            catalogue.number($0) == digits
        }
        return items.isEmpty ? nil : Find(last: index, items: items, how: .number, bytes: digits)
    }

    /// `104130/393/447`, `1001-1004`, `RE250000029-RE250000032`: the numbers that the first one stands for.
    private func readShortened(
        after find: Find, at start: Int, _ reading: inout Reading, _ used: inout [Bool]
    ) -> Int {
        guard let owner = find.items.first, find.items.count == 1 else { return start }
        let text = reading.text
        var index = start
        var previous = find.bytes
        while index < text.runs.count, reading.mentions.count < Self.mentionsMax {
            let run = text.runs[index]
            guard run.kind != .amount, run.start - text.runs[index - 1].end <= 3 else { break }
            // What is a number in full, from here on, is not the end of another one: `25-08816; 25-08815`.
            if let whole = longest(from: index, &reading, used), whole.last > index || run.separator != 0x2D { break }
            let bytes = text.bytes[Int(run.start)..<Int(run.end)]
            let isRange = run.separator == 0x2D
            var target: [UInt8]
            if run.isDigits, bytes.count < Self.trailingDigits(find.bytes) {
                target = Array(find.bytes.dropLast(bytes.count)) + bytes
                if lookUpOwn(target, of: owner) == nil, let item = lookUpCore(bytes, of: owner) {
                    target = catalogue.number(item)
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
            used[index] = true
            previous = target
            index += 1
        }
        return index
    }

    private func lookUpOwn(_ number: [UInt8], of owner: Int32) -> Int32? {
        let found = catalogue.numbers.values(KeyHash.of(number), limit: Self.readingsMax).filter {
            catalogue.number($0) == number
                && catalogue.customerOf[Int($0)] == catalogue.customerOf[Int(owner)]
        }
        return found.count == 1 ? found[0] : nil
    }

    /// The running part alone, of another month or year: `F/2025/03/00768 04/00887`.
    private func lookUpCore(_ digits: ArraySlice<UInt8>, of owner: Int32) -> Int32? {
        let core = digits.drop { $0 == 0x30 }
        let customer = catalogue.customerOf[Int(owner)]
        guard digits.count >= 3, customer >= 0 else { return nil }
        let found = catalogue.cores.values(Catalogue.coreKey(customer: customer, core), limit: 16).filter {
            catalogue.customerOf[Int($0)] == customer
                && Catalogue.cores(of: catalogue.items[Int($0)]).contains(core)
        }
        return found.count == 1 ? found[0] : nil
    }

    private static func trailingDigits(_ bytes: [UInt8]) -> Int {
        bytes.reversed().prefix(while: Folding.isDigit).count
    }

    /// The numbers after `first` up to and with `last`; empty when they are not of one series or too many.
    private static func range(from first: [UInt8], to last: [UInt8]) -> [[UInt8]] {
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

    /// What no number explained: orders, running parts, and text in the shape of a number.
    private func readRest(_ reading: inout Reading, _ used: [Bool]) {
        let text = reading.text
        var index = 0
        while index < text.runs.count {
            var last = index
            while last + 1 < text.runs.count, text.runs[last + 1].gap == .connector, !used[last + 1] { last += 1 }
            defer { index = last + 1 }
            for part in index...last where !used[part] && text.runs[part].kind == .plain {
                readToken(part, &reading)
            }
            readUnknown(index...last, &reading, used)
        }
    }

    private func readToken(_ index: Int, _ reading: inout Reading) {
        let text = reading.text
        let run = text.runs[index]
        guard run.hasDigit else { return }
        var bytes = Array(text.bytes[Int(run.start)..<Int(run.end)])
        var to = run.end
        var orders = order(bytes)
        if orders.isEmpty, index + 1 < text.runs.count, text.runs[index + 1].gap == .blank {
            let next = text.runs[index + 1]
            let joined = bytes + text.bytes[Int(next.start)..<Int(next.end)]
            orders = order(joined)
            if !orders.isEmpty { to = next.end }
        }
        for item in orders {
            reading.mentions.append(
                Mention(
                    item: item, how: .order, from: run.start, to: to, place: 200_000 + Int32(index),
                    digits: Int32(bytes.count), isDoubtful: false))
        }
        if !orders.isEmpty { reading.orderSpans.append((run.start, to)) }
        guard orders.isEmpty, !run.isDateLike else { return }
        if !run.isDigits { bytes = Array(bytes.drop { !Folding.isDigit($0) }) }
        guard bytes.count >= 2, bytes.count <= 12, bytes.allSatisfy(Folding.isDigit) else { return }
        reading.cores.append(
            Token(from: run.end - Int32(bytes.count), to: run.end, bytes: bytes, isDigits: run.isDigits))
    }

    private func order(_ bytes: [UInt8]) -> [Int32] {
        guard catalogue.orderLengths.contains(bytes.count), bytes.count >= 5 else { return [] }
        return catalogue.orders.values(KeyHash.of(bytes), limit: Self.readingsMax).filter {
            catalogue.items[Int($0)].purchaseOrder.map(Folding.canonical) == bytes
        }
    }

    private func readUnknown(_ range: ClosedRange<Int>, _ reading: inout Reading, _ used: [Bool]) {
        let text = reading.text
        for first in range where !used[first] && text.runs[first].kind == .plain {
            var bytes: [UInt8] = []
            for last in first...range.upperBound {
                guard text.runs[last].kind == .plain else { break }
                bytes.append(contentsOf: text.bytes[Int(text.runs[last].start)..<Int(text.runs[last].end)])
                guard bytes.count <= Self.lengthMax else { break }
                let from = text.runs[first].start
                let to = text.runs[last].end
                if first == last, text.runs[first].isDateLike { continue }
                if reading.orderSpans.contains(where: { $0.from <= from && to <= $0.to }) { continue }
                if reading.customers.contains(where: { $0.from == from && $0.to == to }) { continue }
                guard catalogue.looksLikeNumber(bytes), reading.unknown.count < 12 else { continue }
                reading.unknown.append(
                    Token(from: from, to: to, bytes: bytes, isDigits: bytes.allSatisfy(Folding.isDigit)))
            }
        }
    }
}

/// Words that announce a customer's number, in the languages customers write in.
enum CustomerWord {
    private static let words: Set<[UInt8]> = Set(
        """
        KD KDNR KUNDE KUNDEN KUNDENNR KUNDENNUMMER KNR CUSTOMER CUST CLIENT CLIENTE CLI CLIENTID KLANT KLANTNR
        KLANTNUMMER DEBITOR DEB DEBNR DEBITEUR DEBITEURNR DEBITEURNUMMER KUND KUNDNR KUNDENR ASIAKAS ASIAKASNRO
        ASIAKASNUMERO CONTO ACCOUNT ACCT NUMCLIENT KLIENT KLIENTNR CODCLI
        """.split(whereSeparator: { $0 == " " || $0 == "\n" }).map { Array($0.utf8) })
    private static let fillers: Set<[UInt8]> = Set(
        ["NR", "NO", "NUM", "N", "NUMMER", "NUMBER", "ID"].map { Array($0.utf8) })

    static func precedes(_ index: Int, in text: Remittance) -> Bool {
        var before = index - 1
        var steps = 0
        while before >= 0, steps < 3 {
            let run = text.runs[before]
            let word = Array(text.bytes[Int(run.start)..<Int(run.end)])
            if words.contains(word) { return true }
            if word.count == 1, word[0] == 0x4B, steps == 1 { return true }
            guard fillers.contains(word) else { return false }
            before -= 1
            steps += 1
        }
        return false
    }
}
