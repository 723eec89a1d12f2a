// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger
import Reconciliation
import Store

/// What is given away where cash of another currency settles an item: what the item is worth more than the cash, by a rate
/// with a source. Within the band that matching allows it is the rate's own noise; without any rate nobody can say.
struct ExchangeGifts {
    let session: Session
    let company: String
    let policy: Policy

    /// How old a quoted rate may be, in days: as matching has it.
    private static let daysMax = 7

    /// Of entries that belong together: the cash that an item takes, and what it settles there.
    /// - Returns: What each `exchange` entry with cash gives away, in its item's currency; 0 is left out.
    func gifts(_ entries: [Entry]) throws -> [(entry: Entry, gift: Money)] {
        try entries.compactMap { entry in
            guard let cash = Self.cash(of: entry, in: entries), let gift = try gift(entry, cash) else { return nil }
            return (entry, gift)
        }
    }

    /// The cash of another currency that stands behind an `exchange` entry; nil where there is none.
    static func cash(of entry: Entry, in entries: [Entry]) -> Entry? {
        guard entry.kind == .exchange else { return nil }
        return entries.first { $0.kind == .converted && $0.decision == entry.decision && $0.counter == entry.item }
    }

    /// Of entries that belong together: what cash is worth more than what it settles, by a rate.
    func beyondRates(_ entries: [Entry]) throws -> [(entry: Entry, money: Money)] {
        try entries.compactMap { entry in
            guard let cash = Self.cash(of: entry, in: entries), entry.money.isPositive,
                let short = try short(entry, cash)
            else { return nil }
            return short < 0 && isBeyondBand(short, entry)
                ? (entry, Money(minorUnits: Int64(clamping: 0 - short), currency: entry.currency)) : nil
        }
    }

    private func gift(_ entry: Entry, _ cash: Entry) throws -> Money? {
        guard entry.money.isPositive, let short = try short(entry, cash), short > 0, isBeyondBand(short, entry) else {
            return nil
        }
        return Money(minorUnits: Int64(clamping: short), currency: entry.currency)
    }

    private func isBeyondBand(_ short: Int128, _ entry: Entry) -> Bool {
        Int128(short.magnitude) * 1000 > Int128(entry.money.minorUnits) * Int128(policy.rateBandPermille)
    }

    /// How much less the cash is worth than what it settles, in the item's minor units; nil where no rate says so.
    private func short(_ entry: Entry, _ cash: Entry) throws -> Int128? {
        guard let item = entry.item, let payment = cash.payment,
            let candidate = try session.matchCandidate(company: company, id: payment),
            let covered = try covered(by: cash.money, candidate.payment, on: item, entry)
        else { return nil }
        return Int128(entry.money.minorUnits) - covered
    }

    /// What the cash is worth in the item's currency: by the bank's own statement, by what the decision was made with, or by
    /// a quoted rate.
    private func covered(
        by cash: Money, _ payment: MatchPayment, on item: String, _ entry: Entry
    ) throws -> Int128? {
        let paid = Int128(cash.magnitude.minorUnits)
        if let ordered = payment.originalAmount, ordered.currency == entry.currency, ordered.isPositive,
            payment.amount > 0
        {
            return Int128(ordered.minorUnits) * paid / Int128(payment.amount)
        }
        for id in [entry.decision, payment.id].compactMap({ $0 }) {
            guard let stored = try session.decision(company: company, idOrPayment: id),
                let seen = Self.seenRate(stored, item, in: cash.currency)
            else { continue }
            return Int128(seen.whole) * paid / Int128(seen.worth)
        }
        return try quoted(cash, in: entry.currency, on: payment.bookedOn)
    }

    /// What the evidence says that all of the item's open amount is worth in the payment's currency.
    private static func seenRate(
        _ stored: StoredDecision, _ item: String, in currency: Currency
    ) -> (whole: Int64, worth: Int64)? {
        let lines = stored.decision.lines + stored.decision.alternatives.flatMap(\.lines)
        guard let line = lines.first(where: { $0.reason == .exchange && $0.itemID == item && $0.adjustment > 0 }),
            let fact = DecisionText.evidence(stored).first(where: {
                ($0.code == "RATE" || $0.code == "RATE-DIFFERS") && $0.itemID == item
            }),
            let end = fact.text.firstRange(of: " \(currency.code) by "),
            let worth = ScaledDecimal(fact.text[..<end.lowerBound])?.money(currency), worth.isPositive
        else { return nil }
        return (line.adjustment, worth.minorUnits)
    }

    private func quoted(_ cash: Money, in currency: Currency, on day: Day) throws -> Int128? {
        let near = try session.quotedRates(company: company).filter { $0.day <= day && day - $0.day <= Self.daysMax }
        func last(_ base: Currency, _ quote: Currency) -> ScaledDecimal? {
            near.filter { $0.base == base && $0.quote == quote }.max {
                ($0.day, $0.origin, $0.value.coefficient) < ($1.day, $1.origin, $1.value.coefficient)
            }.flatMap { rate in
                let isSane = rate.value.coefficient > 0 && rate.value.coefficient < 1_000_000_000_000
                return isSane && rate.value.scale <= 12 ? rate.value : nil
            }
        }
        let paid = Int128(cash.magnitude.minorUnits)
        let (from, to) = (cash.currency.exponent, currency.exponent)
        if let rate = last(cash.currency, currency) {
            return paid * rate.coefficient * ScaledDecimal.power(of: to) / ScaledDecimal.power(of: from + rate.scale)
        }
        guard let rate = last(currency, cash.currency) else { return nil }
        return paid * ScaledDecimal.power(of: to + rate.scale) / (rate.coefficient * ScaledDecimal.power(of: from))
    }
}
