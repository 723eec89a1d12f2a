// SPDX-License-Identifier: Apache-2.0
import Documents
import Formats
import Reconciliation
import Store
import Trees

/// A decision for people and scripts.
enum ReviewJSON {
    static func node(
        _ stored: StoredDecision, _ session: Session, company: String, _ people: PeoplesRules
    ) throws -> Node {
        let decision = stored.decision
        let items = (decision.lines + decision.alternatives.flatMap(\.lines)).map(\.itemID)
        let invoices = try session.invoiceOfItem(company: company, items: items)
        let numbers = try session.numbers(company: company, items: items)
        func taxes(_ line: Line) throws -> Node {
            try AdjustmentTaxes.discounts([line], stored.amount.currency, session, company: company).first.map {
                AdjustmentTaxes.node($0.shares)
            } ?? .null
        }
        func lines(_ lines: [Line]) throws -> Node {
            .list(
                try lines.map { line in
                    .compact(
                        [
                            ("item_id", .text(line.itemID)), ("invoice_id", .text(invoices[line.itemID])),
                            ("number", .text(numbers[line.itemID])),
                            ("reason", .text(line.reason.rawValue)),
                            (
                                "amount",
                                .text(Money(minorUnits: line.cash, currency: stored.amount.currency).amountText)
                            ),
                        ] + (try adjustment(line, stored.amount.currency, session, company)) + [
                            ("taxes", try taxes(line))
                        ])
                })
        }
        let candidate = try session.matchCandidate(company: company, id: decision.paymentID)
        let left = candidate.map { Money(minorUnits: $0.unapplied, currency: stored.amount.currency) }
        let said = try AlternativeText(session: session, company: company, left: left).sentences(stored)
        let why = DecisionText.whyItWaits(stored, people)
        let head: [(String, Node)] = [
            ("id", .text(stored.id)), ("payment_id", .text(decision.paymentID)),
            ("state", .text(stored.state.rawValue)), ("verdict", .text(decision.verdict.rawValue)),
            ("kind", .text(decision.kind.rawValue)), ("rule", .text(decision.rule.rawValue)),
            ("amount", .text(stored.amount.amountText)), ("currency", .text(stored.amount.currency.code)),
            ("left_to_allocate", .text(left?.amountText)),
            ("booked_on", .text(candidate?.payment.bookedOn.text)), ("payer_name", .text(candidate?.payment.payerName)),
            ("remittance", .text(candidate?.payment.remittance)),
        ]
        let body: [(String, Node)] = [
            ("customer_id", .text(decision.customerID)),
            ("counterpart_id", .text(decision.counterpartID)), ("explanation", .text(decision.sentence)),
            ("why_it_waits", why.isEmpty ? .null : .text(why.joined(separator: " "))),
            ("lines", try lines(decision.lines)),
            ("alternatives", .list(try decision.alternatives.map { try lines($0.lines) })),
            ("alternative_sentences", said.isEmpty ? .null : .list(said.map { .text($0) })),
            ("evidence", JSONReader.read(Array(stored.evidence.utf8)).node ?? .null),
            ("decided_on", .text(stored.decidedOn.text)), ("actor", .text(stored.actor)),
            ("reason", .text(stored.reason)),
        ]
        let told = try DecisionText.fields(stored, session, company: company)
        return .compact(head + (candidate.map { StatedPayment.fields($0.payment) } ?? []) + body + told)
    }

    /// In the item's currency, which is another one than the payment's where cash was exchanged.
    private static func adjustment(
        _ line: Line, _ currency: Currency, _ session: Session, _ company: String
    ) throws -> [(String, Node)] {
        guard line.adjustment != 0 else { return [] }
        let own = try ownCurrency(line, currency, session, company)
        return [("adjustment", .text(Money(minorUnits: line.adjustment, currency: own).amountText))]
            + (own == currency ? [] : [("adjustment_currency", .text(own.code))])
    }

    static func text(
        _ stored: StoredDecision, _ session: Session, company: String, _ people: PeoplesRules
    ) throws -> String {
        let decision = stored.decision
        var lines = ["\(decision.paymentID)  \(stored.amount)  \(stored.state.rawValue)  [\(decision.rule.rawValue)]"]
        if let candidate = try session.matchCandidate(company: company, id: decision.paymentID) {
            let payment = candidate.payment
            let left = Money(minorUnits: candidate.unapplied, currency: payment.currency)
            lines.append(
                "  \(payment.bookedOn) from \(payment.payerName ?? "nobody named")"
                    + (payment.payerAccount.map { ", \($0)" } ?? "") + "; left to allocate: \(left)")
            if let text = payment.remittance { lines.append("  text: \(DecisionText.marked(text, stored))") }
            if let stated = StatedPayment.words(payment) { lines.append("  \(stated)") }
        }
        // Why it waits has a line of its own.
        let isWaiting = stored.state == .waiting
        lines.append("  \(isWaiting ? DecisionText.parts(decision.sentence).says : decision.sentence)")
        // Of two that are equally likely none is proposed: both are alternatives.
        if !decision.lines.isEmpty, stored.state != .waiting || DecisionText.asLikely(stored) == nil {
            let verb = stored.state == .committed ? "booked" : stored.state == .undone ? "had booked" : "proposes"
            lines.append("  \(verb) " + (try words(decision.lines, stored.amount.currency, session, company)))
        }
        // What was not chosen of a booked one is said with who chose.
        if stored.state != .committed { lines += try alternatives(stored, session, company) }
        lines += try DecisionText.lines(stored, session, company: company, people)
        for other in try session.committedDecisions(company: company, payment: decision.paymentID)
        where other.id != stored.id && !other.decision.lines.isEmpty {
            let parts = try words(other.decision.lines, other.amount.currency, session, company)
            lines.append("  booked of it besides: \(parts), by \(other.actor) on \(other.decidedOn)")
        }
        return lines.joined(separator: "\n")
    }

    private static func alternatives(
        _ stored: StoredDecision, _ session: Session, _ company: String
    ) throws -> [String] {
        let unapplied = try session.matchCandidate(company: company, id: stored.decision.paymentID)?.unapplied
        let left = unapplied.map { Money(minorUnits: $0, currency: stored.amount.currency) }
        let said = try AlternativeText(session: session, company: company, left: left).sentences(stored)
        let returned = DecisionText.returnedPayments(stored)
        return try said.indices.compactMap { place in
            let alternatives = stored.decision.alternatives
            var parts: [String] = []
            if place < alternatives.count, !alternatives[place].lines.isEmpty {
                parts.append(try words(alternatives[place].lines, stored.amount.currency, session, company))
            }
            if place < returned.count { parts.append("takes back payment \(returned[place])") }
            guard !parts.isEmpty else { return nil }
            return "  alternative \(place + 1): \(parts.joined(separator: "; "))"
                + (said[place].isEmpty ? "" : "\n    \(said[place])")
        }
    }

    /// What a person's yes came to: amounts on invoices; the sentence where nothing is booked on any.
    static func booked(
        _ decision: Decision, _ amount: Money, _ session: Session, company: String
    ) throws -> String {
        guard !decision.lines.isEmpty else {
            let other = decision.namesCounterpart ? decision.counterpartID : nil
            return "\(amount) of \(decision.paymentID)\(other.map { ", which goes back from payment \($0)" } ?? "")."
        }
        return try words(decision.lines, amount.currency, session, company) + ", from \(decision.paymentID)."
    }

    /// `900.00 EUR and 15.00 EUR fee on 2026-101`, of each line.
    static func words(
        _ lines: [Line], _ currency: Currency, _ session: Session, _ company: String
    ) throws -> String {
        let numbers = try session.numbers(company: company, items: lines.map(\.itemID))
        return try lines.map { line in
            let number = numbers[line.itemID] ?? line.itemID
            let reason = line.reason.rawValue.replacing("_", with: " ")
            let cash = Money(minorUnits: line.cash, currency: currency)
            // The adjustment is the same money again, as it is no part of the claim.
            if line.reason == .returnCharge { return "\(cash) as the bank's charge" }
            if line.reason == .lateCharges { return "\(cash) \(reason) on \(number)" }
            var parts = line.cash == 0 ? [] : ["\(cash)"]
            if line.adjustment != 0 {
                let own = try ownCurrency(line, currency, session, company)
                parts.append("\(Money(minorUnits: line.adjustment, currency: own)) \(reason)")
            }
            return parts.joined(separator: " and ") + " on \(number)"
        }.joined(separator: ", ")
    }

    /// What an item loses is in its own currency.
    private static func ownCurrency(
        _ line: Line, _ currency: Currency, _ session: Session, _ company: String
    ) throws -> Currency {
        guard line.adjustment != 0 else { return currency }
        return try session.itemFacts(company: company, item: line.itemID)?.currency ?? currency
    }
}
