// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger
import Store

/// What a system does not show yet of the payments that were applied here to its invoices.
///
/// What it states as open is held beside what is open here, invoice by invoice: somebody may have booked a payment
/// there by hand, so that a payment which nobody handed over may be known all the same.
struct PostGap {
    enum Knowledge {
        case unknown, known
        /// It knows a part of what was paid, and which payments that is cannot be told.
        case unclear
    }

    private struct Place: Hashable {
        var payment: String
        var invoice: String
    }

    private var answers: [Place: Knowledge] = [:]

    /// - Parameter readAt: when the system's invoices were last read to their end; nil for never.
    init(_ candidates: [PostCandidate], readAt: Timestamp?) {
        let byInvoice = Dictionary(grouping: candidates, by: \.invoiceID)
        // order-free: each invoice is decided by itself
        for (invoice, payments) in byInvoice {
            for (payment, answer) in Self.decide(payments, readAt: readAt) {
                answers[Place(payment: payment, invoice: invoice)] = answer
            }
        }
    }

    func knowledge(payment: String, invoice: String) -> Knowledge {
        answers[Place(payment: payment, invoice: invoice)] ?? .unknown
    }

    /// What was applied here to a source's invoices and its own sums need not show yet, by candidate.
    static func pending(_ candidates: [PostCandidate]) -> [(candidate: PostCandidate, amount: Int64)] {
        let waiting = candidates.filter { $0.lastState != .done }
        var left: [String: Int64] = [:]
        return waiting.compactMap { candidate in
            guard let stated = candidate.statedOpen else { return nil }
            let room = left[candidate.invoiceID] ?? max(0, stated - candidate.open)
            let amount = min(room, candidate.amount.minorUnits)
            left[candidate.invoiceID] = room - amount
            return amount > 0 ? (candidate, amount) : nil
        }
    }

    /// What is open of a payment's invoice in the system: what it states, or where it states nothing, what is open here
    /// with the payments that it does not have yet.
    static func openThere(_ candidate: PostCandidate, among all: [PostCandidate]) -> Int64 {
        candidate.statedOpen
            ?? all.reduce(candidate.open) { sum, other in
                other.invoiceID == candidate.invoiceID && other.lastState != .done
                    ? sum &+ other.amount.minorUnits : sum
            }
    }

    private static func decide(_ payments: [PostCandidate], readAt: Timestamp?) -> [(String, Knowledge)] {
        guard let first = payments.first, let stated = first.statedOpen else {
            return payments.map { ($0.paymentID, .unknown) }
        }
        // What was written before the last reading is in what it states; what was written since cannot be.
        let written = payments.filter { $0.lastState == .done }
        let unread = written.filter { !isBefore($0.lastChange, readAt) }
        let most = stated - first.open - unread.reduce(0) { $0 + $1.amount.minorUnits }
        let others = payments.filter { $0.lastState != .done }
        func answer(_ open: [PostCandidate]) -> [(String, Knowledge)]? {
            let amounts = open.map(\.amount.minorUnits)
            let unknown = SourceClearing.unknown(amounts, pending: most, beside: first.beside)
            // What the source settled and no money proves may be one of these, with a later day at the bank.
            if first.clearing > 0,
                SourceClearing.unknown(amounts, pending: most - first.clearing, beside: first.beside) != unknown
            {
                return nil
            }
            return unknown.map { unknown in zip(open, unknown).map { ($0.paymentID, $1 ? .unknown : .known) } }
        }
        let done = written.map { ($0.paymentID, Knowledge.known) }
        if let answers = answer(others) { return done + answers }
        // A file that was handed over is what the system is most likely to know.
        let filed = others.filter { $0.lastState == .exported && isBefore($0.lastChange, readAt) }
        if !filed.isEmpty, let rest = answer(others.filter { !filed.contains($0) }) {
            return done + filed.map { ($0.paymentID, .known) } + rest
        }
        return done + others.map { ($0.paymentID, .unclear) }
    }

    private static func isBefore(_ time: Timestamp?, _ other: Timestamp?) -> Bool {
        guard let time, let other else { return false }
        return time < other
    }
}

extension PostFaults {
    static func changed(_ order: PostOrder) -> Fault {
        Fault(
            "POST-CHANGED", .refusal, at: .path(order.number),
            "\(order.amount) of \(order.paidOn) is not what the books hold on \(order.number) any more",
            hint: "Propose it anew with `tieout post propose \(order.source)` if anything of it still stands.")
    }

    /// Of a system that takes nothing but all that is open of an invoice; nil where this is all of it.
    static func part(_ order: PostOrder, open: Int64) -> Fault? {
        guard open != order.amount.minorUnits else { return nil }
        return Fault(
            "POST-PART", .warning, at: .path(order.number),
            "\(order.source) takes only a payment of all that is open of an invoice: "
                + "\(Money(minorUnits: open, currency: order.amount.currency)) is open there, the payment is "
                + "\(order.amount)",
            hint: "It is not sent. Hand it over as a file once it is approved: "
                + "`tieout post run \(order.source) --out FILE`.")
    }

    /// Nil for a payment that the system does not show.
    static func known(_ order: PostOrder, _ candidate: PostCandidate, _ knowledge: PostGap.Knowledge) -> Fault? {
        let money = { Money(minorUnits: $0, currency: order.amount.currency) }
        let sides =
            "\(order.source) states \(money(candidate.statedOpen ?? 0)) as open of \(order.number), the books "
            + "hold \(money(candidate.open)) after \(order.amount) of \(order.paidOn)"
        switch knowledge {
        case .unknown: return nil
        case .known:
            return Fault(
                "POST-KNOWN", .warning, at: .path(order.number), "\(sides): it shows that payment already",
                hint: "Run `tieout sync \(order.source)`; if it still differs, look at the invoice there.")
        case .unclear:
            return Fault(
                "POST-UNCLEAR", .warning, at: .path(order.number),
                "\(sides): it shows a part of what was paid here, and whether this is in it cannot be told",
                hint: "Look at the invoice there and book by hand what is missing; after `tieout sync \(order.source)` "
                    + "both say the same.")
        }
    }
}
