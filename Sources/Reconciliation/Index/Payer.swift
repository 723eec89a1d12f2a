// SPDX-License-Identifier: Apache-2.0

import Documents

/// Who a payment seems to come from, before its text is believed.
final class Payer {
    /// How a customer stands to the payment's counterparty.
    enum Standing: Int, Comparable {
        /// The account belongs to somebody else.
        case contradicted
        case unknown
        /// The name fits.
        case named
        /// Stated by the source, by a known account, by a learned one, or by the customer's number.
        case certain
        static func < (left: Standing, right: Standing) -> Bool { left.rawValue < right.rawValue }
    }

    let certain: [Int32]
    /// Why each certain customer is.
    private let reasons: [Reason]
    /// The master data knows the account, so a customer without it is contradicted.
    let isKnownAccount: Bool
    let name: PayerName?
    /// Customers whose name, or whose parent's name, fits best and equally well, and those whom it was seen to pay for.
    let named: [Int32]
    let likeness: PartyName.Likeness
    /// Customers for whom a payer of this name was seen to pay, without an account: like one whose name fits in part.
    private let aliased: [Int32]

    /// As an evidence code.
    enum Reason: String {
        case stated = "CUSTOMER-STATED"
        case number = "CUSTOMER-NUMBER"
        case account = "PAYER-ACCOUNT"
        case parentAccount = "PARENT-ACCOUNT"
        case learned = "LEARNED-ACCOUNT"
        /// By a reference that stands on all invoices of theirs.
        case reference = "CUSTOMER-REFERENCE"
    }

    /// By what never changes: what payments teach comes later.
    init(_ docket: Docket, _ reading: Reading, _ catalogue: Catalogue) {
        name = docket.name
        (named, likeness) = (docket.name?.customers ?? [], docket.name?.likeness ?? .none)
        var (owners, parents): ([Int32], [Int32]) = ([], [])
        if let key = docket.accountKey, let account = docket.account {
            owners = catalogue.accounts.owners(of: account, key, limit: 16)
            parents = catalogue.parentAccounts.owners(of: account, key, limit: 64)
        }
        isKnownAccount = !owners.isEmpty || !parents.isEmpty
        var found = Found()
        if let customer = docket.payment.customerID.flatMap({ catalogue.customer($0) }) { found.add(customer, .stated) }
        for named in reading.customers
        where named.isLabelled || Self.isNamed(named.customer, in: reading.text, catalogue) {
            found.add(named.customer, .number)
        }
        for customer in owners { found.add(customer, .account) }
        for customer in parents { found.add(customer, .parentAccount) }
        for borne in reading.references { found.add(borne.customer, .reference) }
        (certain, reasons, aliased) = (found.customers, found.reasons, [])
    }

    /// The same payer, and whom the account was seen to pay for.
    private init(_ known: Payer, learned owners: [Int32]) {
        (isKnownAccount, name, aliased) = (known.isKnownAccount, known.name, [])
        (named, likeness) = (known.named, known.likeness)
        var found = Found(customers: known.certain, reasons: known.reasons)
        for customer in owners { found.add(customer, .learned) }
        (certain, reasons) = (found.customers, found.reasons)
    }

    func adding(learned owners: [Int32]) -> Payer {
        owners.allSatisfy(certain.contains) ? self : Payer(self, learned: owners)
    }

    /// The same payer, and whom this name was seen to pay for.
    private init(_ known: Payer, aliasOf customers: [Int32]) {
        (isKnownAccount, name, certain, reasons) = (known.isKnownAccount, known.name, known.certain, known.reasons)
        (named, likeness, aliased) = (known.named + customers, .partial, customers)
    }

    /// Whose full name it is needs no other.
    func adding(aliasOf customers: [Int32]) -> Payer {
        let others = customers.filter { !named.contains($0) }
        return others.isEmpty || likeness == .full ? self : Payer(self, aliasOf: others)
    }

    /// It is known only from payments before that this name pays for the customer.
    func isAlias(of customer: Int32) -> Bool { aliased.contains(customer) }

    private struct Found {
        var customers: [Int32] = []
        var reasons: [Reason] = []

        mutating func add(_ customer: Int32, _ reason: Reason) {
            guard !customers.contains(customer) else { return }
            customers.append(customer)
            reasons.append(reason)
        }
    }

    func reason(for customer: Int32) -> Reason? {
        certain.firstIndex(of: customer).map { reasons[$0] }
    }

    /// Whose items the amount is looked for among: a number in the text does not silence another customer's full name.
    var likely: [Int32] {
        if certain.isEmpty { return named }
        guard likeness == .full, reasons.allSatisfy({ $0 == .number }) else { return certain }
        return certain + named.filter { !certain.contains($0) }
    }

    /// The text has another customer's number.
    func isContradicted(_ customer: Int32) -> Bool { !certain.isEmpty && !certain.contains(customer) }

    /// All that says that the customer is meant is an account that paid for others, too, or whose holder bears another name.
    func isShared(_ customer: Int32) -> Bool { reason(for: customer) == .learned && !named.contains(customer) }

    func standing(_ customer: Int32, _ catalogue: Catalogue) -> Standing {
        certain.contains(customer) ? .certain : standingByName(customer, catalogue)
    }

    /// How a customer stands whom the payment bears the reference of, had it borne none.
    func standingBesideReference(_ customer: Int32, _ catalogue: Catalogue) -> Standing {
        reason(for: customer) == .reference ? standingByName(customer, catalogue) : standing(customer, catalogue)
    }

    private func standingByName(_ customer: Int32, _ catalogue: Catalogue) -> Standing {
        guard customer >= 0 else { return .unknown }
        if isAlias(of: customer) { return .named }
        if let name, name.isLike(customer, catalogue), !(name.isBare && isKnownAccount) { return .named }
        return isKnownAccount ? .contradicted : .unknown
    }
}

/// A payer's name as it stands in payments, and whose it may be; the same for every payment that bears it.
final class PayerName: Sendable {
    let party: PartyName
    /// Letters and digits only.
    let canonical: [UInt8]
    let key: UInt64
    let isProvider: Bool
    /// Customers whose name, or whose parent's name, fits best and equally well.
    let customers: [Int32]
    /// They and those whose name differs in its legal form.
    let namesakes: [Int32]
    let likeness: PartyName.Likeness
    private let asked: WordIndex.Asked
    /// Each of two that pay together.
    private let people: [Asked]
    /// The name without what is written about it, where it fits only so.
    private let bare: Asked?
    var isBare: Bool { bare != nil }

    typealias Asked = (party: PartyName, asked: WordIndex.Asked)

    /// Whom words fit: the same for every name that has them.
    struct Fit: Sendable {
        var party: PartyName
        var asked: WordIndex.Asked
        var customers: [Int32]
        var namesakes: [Int32]
        var likeness: PartyName.Likeness
        var people: [Asked] = []
        var bare: Asked?
    }

    init(_ text: String, _ fit: Fit) {
        party = fit.party
        canonical = Folding.canonical(text)
        key = KeyHash.of(canonical)
        isProvider = Provider.isOne(party)
        (asked, customers, likeness) = (fit.asked, fit.customers, fit.likeness)
        (people, bare, namesakes) = (fit.people, fit.bare, fit.namesakes)
    }

    /// A word that more customers share is read no further.
    private static let customersMax = 4000

    /// - Parameter counts: how many customers of a larger ledger share a word.
    static func fit(_ party: PartyName, _ catalogue: Catalogue, counts: [UInt64: Int]) -> Fit {
        let asked = catalogue.nameWords.asked(of: party)
        let (customers, likeness) = likest(party, asked, catalogue, counts)
        var fit = Fit(
            party: party, asked: asked, customers: preferred(customers, party, catalogue), namesakes: customers,
            likeness: likeness)
        fit.people = party.people.map { ($0, catalogue.nameWords.asked(of: $0)) }
        guard likeness == .none else { return fit }
        if let bare = party.bare.first {
            let asked = catalogue.nameWords.asked(of: bare)
            let (namesakes, likeness) = likest(bare, asked, catalogue, counts)
            // What is left of `Pedro Sá Costa` without a legal form is no part of a name.
            guard likeness == .full else { return fit }
            // What is written behind it may make it another one's.
            (fit.bare, fit.namesakes, fit.likeness) = ((bare, asked), namesakes, .partial)
            fit.customers = preferred(namesakes, bare, catalogue)
            return fit
        }
        guard !party.people.isEmpty else { return fit }
        // Whose invoice two pay together is one's or the other's.
        var either: Set<Int32> = []
        for person in fit.people { either.formUnion(likest(person.party, person.asked, catalogue, counts).customers) }
        (fit.customers, fit.likeness) = (either.sorted(), either.isEmpty ? .none : .partial)
        fit.namesakes = fit.customers
        return fit
    }

    /// Of customers whose names differ in their legal form, those who have the one that is written.
    private static func preferred(_ customers: [Int32], _ party: PartyName, _ catalogue: Catalogue) -> [Int32] {
        guard customers.count > 1, !party.form.isEmpty else { return customers }
        let exact = customers.filter { customer in
            [catalogue.names[Int(customer)], catalogue.parentNames[Int(customer)]].contains {
                $0.map(party.isExactly) ?? false
            }
        }
        return exact.isEmpty ? customers : exact
    }

    private static func likest(
        _ party: PartyName, _ asked: WordIndex.Asked, _ catalogue: Catalogue, _ counts: [UInt64: Int]
    ) -> (customers: [Int32], likeness: PartyName.Likeness) {
        // The word that fewest customers share finds them all: every word of the payer must be explained.
        var rarest: UInt64?
        var fewest = Int.max
        for word in party.words {
            guard let key = Catalogue.wordKey(word.bytes) else { continue }
            let count = counts[key] ?? min(Self.customersMax, catalogue.nameWords.count(key))
            if count > 0, count < fewest { (rarest, fewest) = (key, count) }
        }
        var (customers, best): ([Int32], PartyName.Likeness) = ([], .none)
        guard let rarest, !asked.isUnknown else { return (customers, best) }
        for customer in catalogue.nameWords.customers(rarest).suffix(Self.customersMax)
        where catalogue.nameWords.mayExplain(asked, customer) {
            var likeness = PartyName.Likeness.none
            if let other = catalogue.names[Int(customer)] { likeness = party.likeness(to: other) }
            if likeness < .full, let other = catalogue.parentNames[Int(customer)] {
                likeness = max(likeness, party.likeness(to: other))
            }
            if likeness > best {
                customers = []
                best = likeness
            }
            if likeness == best, likeness > .none { customers.append(customer) }
        }
        return (customers, best)
    }

    func isLike(_ customer: Int32, _ catalogue: Catalogue) -> Bool {
        if customers.contains(customer) { return true }
        return isLike(party, asked, customer, catalogue, least: .partial)
            || people.contains { isLike($0.party, $0.asked, customer, catalogue, least: .partial) }
            || bare.map { isLike($0.party, $0.asked, customer, catalogue, least: .full) } ?? false
    }

    private func isLike(
        _ party: PartyName, _ asked: WordIndex.Asked, _ customer: Int32, _ catalogue: Catalogue,
        least: PartyName.Likeness
    ) -> Bool {
        guard catalogue.nameWords.mayExplain(asked, customer) else { return false }
        return [catalogue.names[Int(customer)], catalogue.parentNames[Int(customer)]].contains {
            $0.map { party.likeness(to: $0) >= least } ?? false
        }
    }

    /// Whether both are written alike.
    func isSame(as other: PayerName?) -> Bool {
        guard let other, !canonical.isEmpty else { return false }
        return self === other || key == other.key && canonical == other.canonical
    }

    /// Whether one of both may be the other, cut or shortened.
    func isAlike(_ other: PayerName) -> Bool {
        party.likeness(to: other.party) > .none || other.party.likeness(to: party) > .none
    }
}

/// A payment with what is worked out of it once: what its words say, and the keys that it is remembered under.
final class Docket {
    let payment: MatchPayment
    /// Nil for a payment that was decided before.
    let reading: Reading?
    let name: PayerName?
    /// Who sent it by what never changes; nil where nobody asked yet.
    private(set) var payer: Payer?
    /// The paying account without blanks; nil where there is none to speak of.
    let account: [UInt8]?
    let accountKey: UInt64?
    /// The account where there is one, else the name.
    let payerKey: UInt64?
    /// The payer and the amount.
    let repeatKey: UInt64?
    let amountKey: UInt64
    let idKey: UInt64
    /// Of an end-to-end id that says something.
    let endToEndKey: UInt64?

    /// - Parameter catalogue: where it is to be worked out right away who sent it.
    init(_ payment: MatchPayment, _ reading: Reading?, _ name: PayerName?, _ catalogue: Catalogue? = nil) {
        self.payment = payment
        self.reading = reading
        self.name = name
        let account = payment.payerAccount.map(Folding.canonical)
        self.account = account.flatMap { $0.count >= 5 ? $0 : nil }
        accountKey = self.account.map { KeyHash.of($0) }
        payerKey = accountKey ?? name?.key
        repeatKey = payerKey.map { Self.repeatKey($0, payment.amount) }
        amountKey = Self.amountKey(payment.amount)
        idKey = KeyHash.of(payment.id)
        endToEndKey = payment.endToEndID.flatMap { Self.isTelling($0) ? KeyHash.of($0) : nil }
        if let catalogue, let reading { payer = Payer(self, reading, catalogue) }
    }

    static func repeatKey(_ payer: UInt64, _ amount: Int64) -> UInt64 {
        var hash = KeyHash()
        hash.add(Int64(bitPattern: payer))
        hash.add(amount)
        return hash.value
    }

    /// The text's letters and digits with the amount; nil for a text that says little.
    var textKey: UInt64? {
        guard payment.amount > 0, let bytes = reading?.folded.bytes.filter(Folding.isAlphanumeric), bytes.count >= 6,
            bytes.contains(where: Folding.isDigit)
        else { return nil }
        var hash = KeyHash()
        for byte in bytes { hash.add(byte) }
        hash.add(payment.amount)
        return hash.value
    }

    static func amountKey(_ amount: Int64) -> UInt64 {
        var hash = KeyHash()
        hash.add(amount)
        return hash.value
    }

    private static let fillers: [[UInt8]] = [Array("NOTPROVIDED".utf8), Array("NONREF".utf8)]

    /// Banks fill the field when the payer gave nothing.
    static func isTelling(_ endToEndID: String) -> Bool {
        Folding.canonicalCount(endToEndID) >= 4 && !isFiller(endToEndID)
    }

    private static func isFiller(_ endToEndID: String) -> Bool {
        fillers.contains { Folding.isCanonical($0[...], of: endToEndID) }
    }

    /// Whether both payments have the same id, however short: beside an account and an amount that is enough.
    static func isStated(_ endToEndID: String?, _ other: String?) -> Bool {
        guard let endToEndID, endToEndID == other else { return false }
        return Folding.canonicalCount(endToEndID) >= 2 && !isFiller(endToEndID)
    }
}
