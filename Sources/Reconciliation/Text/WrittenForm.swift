// SPDX-License-Identifier: Apache-2.0

import Documents

/// References that a text has, as they were issued or as their scheme writes them otherwise.
extension Reader {
    /// Behind `RF` and its check, which make it sure.
    private static let innerMin = 6
    /// Digits in a text that may be the rest of an `RF` reference.
    static let wrappedMin = 7
    /// So many need no word that says so.
    static let surelyWrapped = 10
    /// What a notice or a form is called has so many digits without the zeros before.
    private static let schemeMin = 11
    /// A bar code, or the line that is typed for it, in whatever pieces.
    static let slipMin = 44

    /// The keys under which what is written here may have been issued, beside its own.
    /// - Parameter reference: letters and digits, with its zeros.
    static func otherForms(of reference: [UInt8]) -> [[UInt8]] {
        if reference.allSatisfy(Folding.isDigit) {
            let isLong = reference.drop { $0 == 0x30 }.count >= wrappedMin
            let wrapped = isLong ? StructuredReference.wrapped(reference) : nil
            return (StructuredReference.otherForms(of: reference) + [wrapped].compactMap { $0 }).map { Array($0.utf8) }
        }
        guard reference.starts(with: creditor), let body = CreditorReference(decoded(reference))?.body else {
            return []
        }
        let inner = Array(StructuredReference.canonical(body).utf8)
        return inner.count < innerMin ? [] : [inner]
    }

    func otherForms(of reference: [UInt8]) -> [[UInt8]] {
        let least = reference.allSatisfy(Folding.isDigit) ? Self.schemeMin : Self.innerMin
        return Self.otherForms(of: reference).filter {
            $0.count >= least && catalogue.referenceLengths.contains($0.count)
        }
    }

    /// Whether digits may be called otherwise: those of a slip, a notice or a form, where references are as long; and those
    /// whose `RF` form was issued.
    /// - Parameters:
    ///   - row: with the signs between them.
    ///   - stripped: how many they are without the zeros before.
    func mayBeOtherForm(_ row: some BidirectionalCollection<UInt8>, _ count: Int, stripped: Int) -> Bool {
        if StructuredReference.hasOtherForms(count), catalogue.referenceLengths.hasAny(from: Self.schemeMin) {
            return true
        }
        guard stripped >= Self.wrappedMin, catalogue.referenceLengths.contains(stripped + 4),
            let wrapped = Self.wrappedHash(of: row)
        else { return false }
        return catalogue.references.contains(wrapped)
    }

    /// The same of letters and digits.
    private func mayBeOtherForm(_ reference: ArraySlice<UInt8>) -> Bool {
        guard reference.allSatisfy(Folding.isDigit) else { return reference.starts(with: Self.creditor) }
        let stripped = reference.drop { $0 == 0x30 }.count
        return mayBeOtherForm(reference, reference.count, stripped: stripped)
    }

    /// The hash of the `RF` form of digits.
    static func wrappedHash(of row: some BidirectionalCollection<UInt8>) -> UInt64? {
        guard let check = StructuredReference.check(wrapping: row) else { return nil }
        var hash = KeyHash()
        hash.add(UInt8(0x52))
        hash.add(UInt8(0x46))
        hash.add(0x30 + UInt8(check / 10))
        hash.add(0x30 + UInt8(check % 10))
        for byte in row.lazy.filter(Folding.isDigit).drop(while: { $0 == 0x30 }) { hash.add(byte) }
        return hash.value
    }

    /// Digits behind `RF` and a check that is wrong, or another company's, are no reference by themselves; those behind a
    /// whole one are the next.
    private func isBehindCreditor(_ index: Int, _ text: Remittance) -> Bool {
        func word(_ index: Int) -> ArraySlice<UInt8> {
            text.bytes[Int(text.runs[index].start)..<Int(text.runs[index].end)]
        }
        guard text.runs[index].isDigits else { return false }
        var before = index
        while before > 0, text.runs[before].gap != .other, text.runs[before - 1].hasDigit {
            before -= 1
            if WrittenReference.isCreditor(word(before)) {
                return CreditorReference(Self.decoded(Array(word(before)))) == nil
            }
        }
        return false
    }

    private static let creditor = Array("RF".utf8)
    private static func decoded(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    /// Whose an issued reference is that these runs have, in whatever form.
    func issued(_ key: [UInt8], _ hash: UInt64, _ runs: ClosedRange<Int>, _ text: Remittance) -> Find? {
        guard catalogue.references.contains(hash), !isBehindCreditor(runs.lowerBound, text) else { return nil }
        let written = bytes(of: runs, text)
        // Behind `RF` and its check, digits are digits all the same.
        let digits = [written, key].first { $0.allSatisfy(Folding.isDigit) }?.count ?? 0
        let find = Find(last: runs.upperBound, items: [], how: .referenceText, bytes: written, digits: digits)
        return bearers(of: key, hash, find, from: text.runs[runs.lowerBound].start, to: text.runs[runs.upperBound].end)
    }

    /// `KID2345676`: a reference that a word is written onto.
    func gluedReference(at index: Int, _ text: Remittance) -> Find? {
        let run = text.runs[index]
        let label = text.bytes[Int(run.start)..<Int(run.end)].prefix { !Folding.isDigit($0) }
        for part in text.gluedReferences(at: index) {
            let written = Array(part)
            let isSure =
                Folding.isLetter(written[0]) || ReferenceWord.isScheme(label)
                || Folding.stripped(written).count >= Self.surelyWrapped && !InvoiceWord.isOne(label)
            let forms = isSure && mayBeOtherForm(part) ? otherForms(of: written) : []
            for key in [Folding.stripped(written)] + forms {
                let hash = KeyHash.of(key)
                guard key.count >= Self.innerMin, catalogue.referenceLengths.contains(key.count),
                    catalogue.references.contains(hash)
                else { continue }
                let find = Find(
                    last: index, items: [], how: .referenceText, bytes: written,
                    digits: written.allSatisfy(Folding.isDigit) ? written.count : 0,
                    behind: run.end - Int32(part.endIndex))
                if let borne = bearers(of: key, hash, find, from: run.start, to: run.end) { return borne }
            }
        }
        return nil
    }

    /// Whose a reference is: the items that bear it, or the customer who has it on all invoices; nil where it is nobody's.
    /// - Parameters:
    ///   - key: without leading zeros.
    ///   - find: where the text has it.
    func bearers(of key: [UInt8], _ hash: UInt64, _ find: Find, from: Int32, to: Int32) -> Find? {
        var find = find
        if let customer = catalogue.customer(ofReference: key, hash) {
            find.borne = BorneReference(customer: customer, key: key, from: from, to: to, digits: find.digits)
            return find
        }
        find.items = catalogue.references.values(hash, limit: Self.readingsMax) {
            catalogue.referenceTexts.holds(key[...], at: $0)
        }
        return find.items.isEmpty ? nil : find
    }
}
