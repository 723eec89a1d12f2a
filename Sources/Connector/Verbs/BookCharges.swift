// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger
import Reconciliation
import Store
import Trees

/// Books what payment providers have charged: a charge settles its invoice on the day it occurred, against the
/// provider's clearing, and the payout's bank entry takes its place later.
///
///     charge 10 June  100.00 ──► provider clearing  100.00 on 2026-0101
///     payout 14 June   97.00 ──► provider clearing −100.00, cash 97.00, fee 3.00 on 2026-0101
///
/// Only a charge that names one open invoice beyond doubt is booked: by its number or by the reference that we issued,
/// in its currency, and by no more than is open. Everything else waits for its payout. A refund or a chargeback opens
/// again what its charge settled.
struct BookCharges {
    struct Counts: Sendable {
        var booked = 0
        var reopened = 0
        var takenBack = 0

        var isNothing: Bool { booked + reopened + takenBack == 0 }

        var node: Node {
            .object([
                ("booked", .integer(booked)), ("reopened", .integer(reopened)), ("taken_back", .integer(takenBack)),
            ])
        }

        var sentences: [String] {
            isNothing
                ? []
                : [
                    "Providers' charges: \(booked) settled their invoices, \(reopened) refunds or chargebacks opened them "
                        + "again, \(takenBack) failed."
                ]
        }
    }

    let company: Company
    let session: Session
    let rulings: Rulings
    private(set) var counts = Counts()

    static let rule = "PROVIDER-CHARGE"
    /// A charge whose invoice has not come so many days after the charge was imported waits for its payout alone.
    private static let importDaysMax = 90

    private var entries: [Entry] = []
    /// What this run books on each item, in minor units.
    private var taken: [String: Int64] = [:]

    init(company: Company, session: Session, rulings: Rulings) {
        self.company = company
        self.session = session
        self.rulings = rulings
    }

    mutating func perform() throws {
        try takeBackFailed()
        try session.tieChargesByID(company: company.id)
        var waiting = try session.unbookedCharges(
            company: company.id, importedSince: rulings.today - Self.importDaysMax)
        guard !waiting.isEmpty else { return }
        // What a payout has settled already, by weaker evidence or by a person's word, is not settled again.
        let arrived = try session.arrivedPayouts(company: company.id, on: rulings.today, onlyBooked: true)
        waiting.removeAll { charge in
            charge.payoutID.flatMap { arrived[$0] }.map { charge.occurredOn <= $0.on } ?? false
        }
        for charge in waiting where charge.kind == .charge { try book(charge) }
        for charge in waiting where charge.kind != .charge && charge.amount.isNegative { try reopen(charge) }
        try session.append(entries, batch: batch)
        // Whoever keeps the counts does not keep these.
        (entries, taken) = ([], [:])
    }

    private var batch: BatchInfo {
        BatchInfo(
            company: company.id, kind: "reconcile", recordedAt: rulings.now, actor: "reconcile", rule: Self.rule)
    }

    // MARK: Charges

    private mutating func book(_ charge: ProviderCharge) throws {
        // What was open at cut-over is open without it.
        guard charge.amount.isPositive, company.cutOver.map({ charge.occurredOn > $0 }) ?? true else { return }
        let named = try named(by: charge)
        guard Set(named.map(\.item.invoiceID)).count == 1 else { return }
        for one in named where try session.tie(charge, item: one.item.id, company: company.id) { return }
        let open = named.filter { room(of: $0.item, on: charge.occurredOn) > 0 }
        guard open.count == 1, let one = open.first, isSure(one, charge) else { return }
        try append(charge, on: one.item, reason: "charge")
        counts.booked += 1
    }

    private struct Named {
        var item: OpenItem
        /// Only digits, as a shop's own order numbers are too.
        var isPlain: Bool
        var hasDiscount: Bool
    }

    /// Claims that the reference names: by a number that is a word of it, or by the reference that we issued.
    private func named(by charge: ProviderCharge) throws -> [Named] {
        var found: [Named] = []
        for word in Self.words(charge.reference) where try session.hasNumber(word, company: company.id) {
            for stored in try session.invoices(company: company.id, number: word) {
                let isPlain = word.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 }
                for item in try session.items(company: company.id, invoice: stored.id)
                where !item.isCredit && item.balance.amount > 0 && item.currency == charge.amount.currency {
                    found.append(
                        Named(item: item, isPlain: isPlain, hasDiscount: !stored.invoice.discounts.isEmpty))
                }
            }
        }
        guard found.isEmpty, let reference = CreditorReference(charge.reference) else { return found }
        return try session.items(company: company.id, issued: reference.text).filter {
            !$0.isCredit && $0.balance.amount > 0 && $0.currency == charge.amount.currency
        }.map { Named(item: $0, isPlain: false, hasDiscount: true) }
    }

    /// The whole reference and its words, each once.
    static func words(_ reference: String) -> [String] {
        let pieces = reference.split { " \t,;:()#\"".contains($0) }.map { String($0) }
        var words: [String] = []
        for word in [reference] + pieces where word.utf8.count >= 3 && !words.contains(word) { words.append(word) }
        return words
    }

    /// What is open, and what the accounting system calls settled since: the charge may be what it means.
    private func room(of item: OpenItem, on day: Day) -> Int64 {
        let isStated = item.balance.statedAsOf.map { max(day, item.postingDay) <= $0 } ?? false
        return item.balance.open + (isStated ? max(0, item.balance.source) : 0) - (taken[item.id] ?? 0)
    }

    /// Part of an invoice may be a payment with a discount, or another matter with a number like ours.
    private func isSure(_ named: Named, _ charge: ProviderCharge) -> Bool {
        let room = room(of: named.item, on: charge.occurredOn)
        if charge.amount.minorUnits == room { return true }
        return charge.amount.minorUnits < room && !named.isPlain && !named.hasDiscount
    }

    private mutating func append(_ charge: ProviderCharge, on item: OpenItem, reason: String) throws {
        var booking = rulings.booking(charge.decision)
        booking.reason = reason
        entries.append(
            booking.providerClearing(
                charge.id, on: item.id, facts: item.facts, amount: charge.amount.minorUnits, day: charge.occurredOn,
                rule: Self.rule))
        taken[item.id, default: 0] += charge.amount.minorUnits
        try session.save(charge, item: item.id, company: company.id)
    }

    // MARK: What went back

    /// A refund or chargeback of what a charge of this provider settled: by the invoice's number, or by the charge's id.
    private mutating func reopen(_ charge: ProviderCharge) throws {
        var candidates: [ChargeBooking] = []
        for word in Self.words(charge.reference) {
            let isNumber = try session.hasNumber(word, company: company.id)
            for item in isNumber ? try session.items(company: company.id, number: word) : [] {
                candidates += try session.chargeBookings(company: company.id, item: item.id)
            }
            if let known = try session.chargeBooking(
                company: company.id, decision: "charge/\(charge.provider)/\(word)")
            {
                candidates.append(known)
            }
        }
        let items = Set(
            candidates.filter { $0.state == .booked && $0.amount.currency == charge.amount.currency }.map(\.item))
        guard items.count == 1, let id = items.first, let item = try session.item(company: company.id, id: id) else {
            return
        }
        let charged = try session.chargeBookings(company: company.id, item: id).filter { $0.state == .booked }
            .reduce(Int64(0)) { $0 &+ $1.amount.minorUnits }
        let settled = item.balance.settled + (taken[id] ?? 0)
        guard charged + charge.amount.minorUnits >= 0, settled + charge.amount.minorUnits >= 0 else { return }
        try append(charge, on: item, reason: charge.kind.rawValue)
        counts.reopened += 1
        let word = charge.kind == .refund ? "paid back" : "had taken back"
        try session.raise(
            ExceptionRecord(
                "PAYMENT-RETURNED", company: company.id, customerID: item.customerID, subject: charge.decision,
                message: "\(charge.provider) \(word) \(charge.amount.magnitude) of \(item.number) on "
                    + "\(charge.occurredOn.text) (\(charge.id)); as much of it is open again.",
                context: [.init("amount", "\(charge.amount)"), .init("rule", Self.rule)],
                dueOn: rulings.calendar.adding(2, to: rulings.today)),
            on: rulings.today, at: rulings.now)
    }

    /// What a provider lists as failed, or lists no more, settles nothing; it may be told again.
    private mutating func takeBackFailed() throws {
        for decision in try session.failedCharges(company: company.id) {
            let logged = try session.entryList(company: company.id, filter: EntryFilter(decision: decision))
            let undone = Set(logged.compactMap(\.entry.undoes))
            let entries = logged.filter {
                $0.entry.undoes == nil && $0.entry.kind == .providerClearing && !undone.contains($0.seq)
            }.map {
                $0.entry.undone(
                    position: $0.seq, on: rulings.period.postingDay(for: $0.entry.postingDay), at: rulings.now,
                    actor: "reconcile", reason: "the provider says that it failed")
            }
            try session.append(entries, batch: batch)
            try session.forgetCharge(company: company.id, decision: decision)
            counts.takenBack += 1
        }
    }
}
