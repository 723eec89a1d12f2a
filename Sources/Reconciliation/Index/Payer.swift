// SPDX-License-Identifier: Apache-2.0

import Documents

/// Who a payment seems to come from, before its text is believed.
struct Payer {
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

    var certain: [Int32] = []
    /// Why each certain customer is, as an evidence code.
    var reasons: [String] = []
    /// Customers whose name, or whose parent's name, fits best and equally well.
    var named: [Int32] = []
    var likeness: PartyName.Likeness = .none
    /// The master data knows the account, so a customer without it is contradicted.
    var isKnownAccount = false
    var name: PartyName?

    mutating func add(_ customer: Int32, _ reason: String) {
        guard !certain.contains(customer) else { return }
        certain.append(customer)
        reasons.append(reason)
    }

    func reason(for customer: Int32) -> String? {
        certain.firstIndex(of: customer).map { reasons[$0] }
    }

    func standing(_ customer: Int32, _ catalogue: Catalogue) -> Standing {
        if certain.contains(customer) { return .certain }
        guard customer >= 0 else { return .unknown }
        if let name {
            if let other = catalogue.names[Int(customer)], name.likeness(to: other) > .none { return .named }
            if let other = catalogue.parentNames[Int(customer)], name.likeness(to: other) > .none { return .named }
        }
        return isKnownAccount ? .contradicted : .unknown
    }
}

/// What was learned and seen: accounts after strong matches, payments after their decision.
struct Memory {
    struct Seen {
        var payment: MatchPayment
        var lines: [Line]
        /// Items its text named, whatever came of it.
        var named: [Int32] = []
        /// Taken back by a return, or paid back by a refund.
        var isReturned = false
    }

    /// An account pays for at most this many customers; beyond, it identifies nobody (a factor, a lawyer).
    private static let ownersMax = 8
    private(set) var learned: [UInt64: [Int32]] = [:]
    private(set) var seen: [Seen] = []
    var habits: [Int32: Habits] = [:]
    private var byAmount = ChainIndex()
    private var byEndToEnd = ChainIndex()
    private var byItem = ChainIndex()
    private var lastByPayer: [UInt64: Day] = [:]
    /// When a payer last sent an amount that settled nothing and named nothing.
    private var waitingByPayer: [UInt64: Day] = [:]

    static func accountKey(_ account: String?) -> UInt64? {
        guard let account else { return nil }
        let canonical = Folding.canonical(account)
        return canonical.count >= 5 ? KeyHash.of(canonical) : nil
    }

    /// The account where there is one, else the name.
    static func payerKey(_ payment: MatchPayment) -> UInt64? {
        accountKey(payment.payerAccount) ?? payment.payerName.map { KeyHash.of(Folding.canonical($0)) }
    }

    mutating func learn(_ account: String?, paysFor customer: Int32) {
        guard let key = Self.accountKey(account), customer >= 0 else { return }
        var owners = learned[key] ?? []
        guard !owners.contains(customer), owners.count <= Self.ownersMax else { return }
        owners.append(customer)
        owners.sort()
        learned[key] = owners
    }

    func owners(_ account: String?) -> [Int32] {
        guard let key = Self.accountKey(account), let owners = learned[key], owners.count <= Self.ownersMax else {
            return []
        }
        return owners
    }

    /// - Parameters:
    ///   - settled: the items of the lines.
    ///   - named: the items that the payment's own words name.
    mutating func record(
        _ payment: MatchPayment, lines: [Line], settled: [Int32], named: [Int32], isReturned: Bool
    ) {
        let place = Int32(truncatingIfNeeded: seen.count)
        seen.append(Seen(payment: payment, lines: lines, named: named, isReturned: isReturned))
        byAmount.insert(place, for: Self.amountKey(payment.amount, payment.currency))
        if let id = payment.endToEndID, Self.isTelling(id) { byEndToEnd.insert(place, for: KeyHash.of(id)) }
        byEndToEnd.insert(place, for: KeyHash.of(payment.id))
        for item in settled { byItem.insert(place, for: UInt64(UInt32(bitPattern: item))) }
        guard let key = Self.repeatKey(payment) else { return }
        lastByPayer[key] = payment.bookedOn
        if lines.isEmpty, named.isEmpty, payment.amount > 0 { waitingByPayer[key] = payment.bookedOn }
    }

    mutating func markReturned(_ place: Int32) { seen[Int(place)].isReturned = true }

    /// Banks fill the field when the payer gave nothing.
    static func isTelling(_ endToEndID: String) -> Bool {
        let id = Folding.canonical(endToEndID)
        return id.count >= 4 && id != Array("NOTPROVIDED".utf8) && id != Array("NONREF".utf8)
    }

    /// When this payer last paid this very amount.
    func lastSame(_ payment: MatchPayment) -> Day? { Self.repeatKey(payment).flatMap { lastByPayer[$0] } }

    /// When this payer last sent this very amount without a word, and it still waits.
    func lastWaiting(_ payment: MatchPayment) -> Day? { Self.repeatKey(payment).flatMap { waitingByPayer[$0] } }

    func sameAmount(_ amount: Int64, _ currency: Currency, limit: Int) -> [Int32] {
        byAmount.values(Self.amountKey(amount, currency), limit: limit)
    }
    func named(_ id: String) -> [Int32] { byEndToEnd.values(KeyHash.of(id), limit: 8) }
    func settling(_ item: Int32) -> [Int32] { byItem.values(UInt64(UInt32(bitPattern: item)), limit: 32) }

    private static func amountKey(_ amount: Int64, _ currency: Currency) -> UInt64 {
        var hash = KeyHash()
        for byte in currency.code.utf8 { hash.add(byte) }
        hash.add(amount)
        return hash.value
    }

    private static func repeatKey(_ payment: MatchPayment) -> UInt64? {
        guard let payer = payerKey(payment) else { return nil }
        var hash = KeyHash()
        hash.add(Int64(bitPattern: payer))
        hash.add(payment.amount)
        return hash.value
    }
}
