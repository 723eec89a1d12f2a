// SPDX-License-Identifier: Apache-2.0

import Documents

/// Step one of an incremental run: everything a payment can be found by, and everything an item or a customer is
/// found under. Pure functions of one record each, so that a store may keep them in an index.
///
/// Keys are 64-bit hashes with a fixed seed; a collision brings a neighbour too many, never a wrong match, because
/// the decision compares the texts again.
package struct MatchKeys: Hashable, Sendable {
    /// Of numbers, references, orders, customer numbers and accounts, ascending, without repetition.
    package var texts: [UInt64] = []
    /// Of the words of names; a payer is looked up by the one that fewest customers share.
    package var words: [UInt64] = []
    /// Minor units; empty for a customer.
    package var amounts: [Int64] = []
    /// The customer that the source names itself.
    package var customerID: String?

    private static let piecesMax = 8

    package init(_ item: MatchItem) {
        self.init(
            number: item.number, reference: item.structuredReference, order: item.purchaseOrder,
            asked: item.open &+ item.provable)
    }

    /// Of an item of which no more is known.
    package init(number: String, reference: String?, order: String?, asked: Int64) {
        for text in [number, order ?? ""] {
            let bytes = Folding.canonical(text)
            if !bytes.isEmpty { texts.append(KeyHash.of(bytes)) }
        }
        if let reference { texts.append(KeyHash.of(StructuredReference.canonical(reference))) }
        if asked > 0 { amounts = [asked] }
        finish()
    }

    /// Who paid: the account where there is one, else the name.
    package static func payer(name: String?, account: String?) -> UInt64? {
        if let account = account.map(Folding.canonical), account.count >= 5 { return KeyHash.of(account) }
        return name.map { KeyHash.of(Folding.canonical($0)) }
    }

    /// Whether an account says who paid.
    package static func isAccount(_ account: String?) -> Bool {
        account.map { Folding.canonical($0).count >= 5 } ?? false
    }

    package init(_ customer: MatchCustomer) {
        let texts = [customer.number, customer.parentAccount].compactMap { $0 } + customer.accounts
        self.texts = texts.map { KeyHash.of(Folding.canonical($0)) }
        if let key = customer.name.flatMap({ FullName.key(PartyName($0)) }) { self.texts.append(key) }
        for name in [customer.name, customer.parentName].compactMap({ $0 }) {
            for word in PartyName(name).words { words += Catalogue.wordKeys(of: word) }
        }
        finish()
    }

    /// - Parameter patterns: of the ledger's numbers.
    package init(_ payment: MatchPayment, _ patterns: NumberPatterns) {
        customerID = payment.customerID
        amounts = Self.amounts(of: payment)
        if let field = payment.structuredReference {
            texts += StructuredReference.lookupKeys(field).map { KeyHash.of($0) }
        }
        if let id = payment.endToEndID, Docket.isTelling(id) {
            let key = Folding.canonical(id)
            texts += ([key, Folding.stripped(key)] + Reader.otherForms(of: key)).map { KeyHash.of($0) }
        }
        if let account = payment.payerAccount { texts.append(KeyHash.of(Folding.canonical(account))) }
        if let name = payment.payerName {
            words = NameSearch.searches(name).flatMap(\.keys)
        }
        for place in FullName.places(in: payment.remittance ?? "") { texts += place.keys }
        let text = Remittance(
            FoldedText(payment.remittance ?? "", field: payment.structuredReference), amount: payment.amount,
            currency: payment.currency, bookedOn: payment.bookedOn)
        for first in text.runs.indices {
            texts += text.spellings(at: first, patterns).map { KeyHash.of($0.number) }
            for part in text.gluedReferences(at: first).map({ Array($0) }) {
                texts += ([Folding.stripped(part)] + Reader.otherForms(of: part)).map { KeyHash.of($0) }
            }
            texts += text.gluedKeys(at: first)
            var bytes: [UInt8] = []
            for last in first..<min(first + Self.piecesMax, text.runs.count) {
                if last > first, text.runs[last].gap == .other { break }
                bytes += text.bytes[Int(text.runs[last].start)..<Int(text.runs[last].end)]
                if bytes.count > Reader.lengthMax { break }
                guard bytes.contains(where: Folding.isDigit) else { continue }
                texts.append(KeyHash.of(bytes))
                texts.append(KeyHash.of(Folding.stripped(bytes)))
                texts += Reader.otherForms(of: bytes).map { KeyHash.of($0) }
                if last == first {
                    texts.append(KeyHash.of(bytes.drop { !Folding.isDigit($0) }))
                    texts += Reader.lettered(bytes).map { KeyHash.of($0) }
                }
            }
        }
        finish()
    }

    /// Of the words of a payment's text, which may be customers' names.
    static func words(inTextOf payment: MatchPayment) -> [UInt64] {
        Remittance(
            FoldedText(payment.remittance ?? "", field: payment.structuredReference), amount: payment.amount,
            currency: payment.currency, bookedOn: payment.bookedOn
        ).words.compactMap { Catalogue.wordKey($0) }
    }

    /// Of the references that what a payment bears may be a slip for.
    static func slips(of payment: MatchPayment) -> [UInt64] {
        let text = Remittance(
            FoldedText(payment.remittance ?? "", field: payment.structuredReference), amount: payment.amount,
            currency: payment.currency, bookedOn: payment.bookedOn)
        var keys: [UInt64] = []
        for written in text.writtenReferences { written.forEachSlip { keys.append(KeyHash.of($0)) } }
        return keys
    }

    /// What a payment may settle, in minor units.
    package static func amounts(of payment: MatchPayment) -> [Int64] {
        var amounts = [payment.amount.magnitude > UInt64(Money.magnitudeMax) ? 0 : Int64(payment.amount.magnitude)]
        if let ordered = payment.originalAmount { amounts.append(ordered.minorUnits) }
        for stated in [payment.stated, payment.stated?.withoutFee] {
            if let principal = stated?.principal(of: payment.amount) { amounts.append(principal) }
        }
        return amounts
    }

    /// Amounts that settle an item, beside all that it asks for: those that `Balances` finds it by.
    package static func settling(
        open: Int64, provable: Int64, total: Int64, discounts: [MatchItem.Discount]
    ) -> [Int64] {
        var amounts = provable == 0 ? [] : [open, provable]
        for discount in discounts {
            let value = ItemShelf.amount(of: discount, total: total)
            if value > 0, value < total { amounts.append(total - value) }
        }
        return unique(amounts.filter { $0 > 0 })
    }

    private mutating func finish() {
        texts = Self.unique(texts)
        words = Self.unique(words)
        amounts = Self.unique(amounts)
    }

    private static func unique<Value: Comparable>(_ values: [Value]) -> [Value] {
        var kept: [Value] = []
        for value in values.sorted() where kept.last != value { kept.append(value) }
        return kept
    }
}

/// What a ledger's own numbers look like: enough to tell that a text looks like one of them.
package struct NumberShapes: Hashable, Sendable {
    package private(set) var lengths: UInt64 = 0
    package private(set) var digitsOnlyLengths: UInt64 = 0
    /// What stands before the first digit, in any order.
    package private(set) var prefixes: Set<[UInt8]> = []
    package private(set) var patterns: Set<NumberPattern> = []

    package init() {}

    package init(
        lengths: UInt64, digitsOnlyLengths: UInt64, prefixes: Set<[UInt8]>, patterns: Set<NumberPattern>
    ) {
        self.lengths = lengths
        self.digitsOnlyLengths = digitsOnlyLengths
        self.prefixes = prefixes
        self.patterns = patterns
    }

    package init(_ items: [MatchItem]) {
        for item in items { add(item.number) }
    }

    /// The shape of one more number.
    package mutating func add(_ number: String) {
        let folded = Folding.fold(number).bytes
        if patterns.count <= NumberPatterns.patternsMax, let pattern = NumberPattern(folded) {
            patterns.insert(pattern)
        }
        add(Folding.canonical(folded: folded))
    }

    private mutating func add(_ number: [UInt8]) {
        guard !number.isEmpty else { return }
        if number.count < 64 { lengths |= 1 << UInt64(number.count) }
        let prefix = number.prefix { !Folding.isDigit($0) }
        if prefix.count < number.count, prefix.isEmpty, number.count < 64, number.allSatisfy(Folding.isDigit) {
            digitsOnlyLengths |= 1 << UInt64(number.count)
        }
        prefixes.insert(Array(prefix))
    }
}
