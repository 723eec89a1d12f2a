// SPDX-License-Identifier: Apache-2.0
import Documents
import Formats
import Reconciliation
import Store
import Trees

/// A decision as a finance person reads it: what spoke for it, what against, what else it might have been, who decided.
enum DecisionText {
    /// One stored piece of evidence.
    private struct Fact {
        var code: String
        var text: String
        var item: String?
        var bits: Int
        /// UTF-8 offsets in the payment's text.
        var span: Range<Int>?

        init?(_ node: Node) {
            guard let code = node["code"]?.scalar else { return nil }
            self.code = code
            text = node["text"]?.scalar ?? ""
            item = node["item"]?.scalar
            bits = node["bits"]?.scalar.flatMap { Int($0) } ?? 0
            let ends = (node["span"]?.items ?? []).compactMap { $0.scalar.flatMap { Int($0) } }
            if ends.count == 2, ends[0] >= 0, ends[0] < ends[1] { span = ends[0]..<ends[1] }
        }
    }

    /// The evidence of a decision in words, each with its weight.
    private struct Account {
        var speaksFor: [String] = []
        var speaksAgainst: [String] = []
        /// What weighs nothing by itself.
        var seen: [String] = []
        var runnerUp: String?
        var isEmpty = true

        init(_ stored: StoredDecision, _ session: Session, _ company: String) throws {
            let facts = facts(stored).filter { $0.code != Return.possible }
            isEmpty = facts.isEmpty
            let numbers = try session.numbers(company: company, items: facts.compactMap(\.item))
            for fact in facts {
                let number = fact.item.map { numbers[$0] ?? $0 }
                let shown = fact.text.isEmpty || fact.text == number ? "" : " “\(fact.text)”"
                let words = words(of: fact.code, stored.decision) + shown + (number.map { " (\($0))" } ?? "")
                let weighed = "\(words), weight \(fact.bits)"
                if fact.code == "ALSO-FITS" {
                    runnerUp = runnerUp ?? weighed
                } else if fact.bits == 0 || fact.code == "DISCOUNT-LATE" {
                    seen.append(words)
                } else if fact.bits > 0 {
                    speaksFor.append(weighed)
                } else {
                    speaksAgainst.append(weighed)
                }
            }
        }
    }

    /// The same for scripts: what spoke for and against, what else it might have been, and who decided.
    static func fields(_ stored: StoredDecision, _ session: Session, company: String) throws -> [(String, Node)] {
        func texts(_ texts: [String]) -> Node { .list(texts.map { .text($0) }) }
        let account = try Account(stored, session, company)
        let isOfPerson = stored.state == .committed && stored.actor != "reconcile"
        let notChosen = try isOfPerson ? notChosen(stored, session, company) : []
        return [
            ("speaks_for", texts(account.speaksFor)), ("speaks_against", texts(account.speaksAgainst)),
            ("to_be_seen", account.seen.isEmpty ? .null : texts(account.seen)),
            ("runner_up", .text(isOfPerson ? nil : account.runnerUp)),
            ("not_chosen", notChosen.isEmpty ? .null : texts(notChosen)), ("decided_by", .text(decider(stored))),
        ]
    }

    static func lines(
        _ stored: StoredDecision, _ session: Session, company: String, _ people: PeoplesRules
    ) throws -> [String] {
        let account = try Account(stored, session, company)
        let isMachine = stored.actor == "reconcile"
        var lines = account.speaksFor.map { "  speaks for it: \($0)" }
        lines += account.speaksAgainst.map { "  speaks against: \($0)" }
        lines += account.seen.map { "  to be seen: \($0)" }
        if stored.decision.verdict == .review, isMachine {
            lines += whyItWaits(stored, people).map { "  why it waits: \($0)" }
        } else if account.speaksAgainst.isEmpty, isMachine || !account.isEmpty {
            lines.append("  speaks against: nothing")
        }
        if !account.isEmpty { lines.append("  (ten more of weight: a thousand times likelier)") }
        if isMachine, let runnerUp = account.runnerUp {
            lines.append("  runner-up: \(runnerUp); the evidence above is not for it")
        } else if stored.state == .committed {
            lines +=
                isMachine
                ? ["  runner-up: none; nothing else explains the amount and the text"]
                : try toldNotChosen(stored, session, company)
        }
        let (decided, currency) = (stored.decision.lines, stored.amount.currency)
        for (_, discount, shares) in try AdjustmentTaxes.discounts(decided, currency, session, company: company) {
            lines.append("  of the discount of \(discount): \(AdjustmentTaxes.text(shares))")
        }
        lines.append("  " + decider(stored))
        return lines
    }

    /// Why a person has to look, as far as the sentence does not say it by itself: its opening, and a rule that was sent to
    /// people.
    static func whyItWaits(_ stored: StoredDecision, _ people: PeoplesRules) -> [String] {
        guard stored.decision.verdict == .review, stored.actor == "reconcile" else { return [] }
        return [parts(stored.decision.sentence).why, people.why(stored)].compactMap { $0 }
    }

    /// What else a person was shown when they decided.
    private static func notChosen(_ stored: StoredDecision, _ session: Session, _ company: String) throws -> [String] {
        let decision = stored.decision
        let returned = returnedPayments(stored).filter { $0 != decision.counterpartID }
        let others = try decision.alternatives.map(\.lines).filter { !$0.isEmpty && $0 != decision.lines }.map {
            try ReviewJSON.words($0, stored.amount.currency, session, company)
        }
        return others + returned.map { "payment \($0) goes back" }
    }

    private static func toldNotChosen(
        _ stored: StoredDecision, _ session: Session, _ company: String
    ) throws -> [String] {
        let all = try notChosen(stored, session, company)
        return all.isEmpty ? ["  runner-up: none was shown"] : all.map { "  not chosen: \($0)" }
    }

    /// A sentence that opens with why a person has to look, and what it says behind that, which begins with the money: a
    /// payer's name may hold a full stop.
    static func parts(_ sentence: String) -> (why: String?, says: String) {
        for mark in [". ", ": "] {
            for found in sentence.ranges(of: mark) {
                let words = sentence[found.upperBound...].split(separator: " ", maxSplits: 3)
                guard words.count == 4, words[2] == "from", Currency(words[1]) != nil,
                    words[0].allSatisfy({ $0.isNumber || $0 == "." })
                else { continue }
                return (sentence[..<found.lowerBound] + ".", String(sentence[found.upperBound...]))
            }
        }
        return (nil, sentence)
    }

    /// Why a person has to look, where it says nothing that is one payment's own: no name, no number and no day.
    static func commonDoubt(_ sentence: String) -> String? {
        let doubt = parts(sentence).why ?? sentence
        return doubt.dropFirst().contains { $0.isUppercase || $0.isNumber } ? nil : doubt
    }

    /// What is open is not the same for one item, for several, and for what a bank takes back.
    private static func words(of code: String, _ decision: Decision) -> String {
        guard code == "AMOUNT-EXACT" else { return words[code] ?? code.lowercased() }
        if decision.kind == .return || decision.kind == .refund { return "the amount is what that was" }
        let isNetted = decision.lines.contains { $0.cash < 0 }
        let isSum = Set(decision.lines.filter { $0.cash > 0 }.map(\.itemID)).count > 1
        return "the amount is exactly " + (isSum ? "the sum of " : "") + "what is open"
            + (isNetted ? ", less the credit notes" : "")
    }

    /// A payment's text with what was read of it in brackets.
    static func marked(_ text: String, _ stored: StoredDecision) -> String {
        var bytes = Array(text.utf8)
        var end = bytes.count
        let spans = facts(stored).compactMap(\.span).sorted {
            ($1.lowerBound, $1.upperBound) < ($0.lowerBound, $0.upperBound)
        }
        // From the last one on; of two that overlap, the later one.
        for span in spans where span.upperBound <= end {
            // What was read ends with a whole character.
            let close = bytes[span.upperBound...].firstIndex { $0 & 0xC0 != 0x80 } ?? bytes.count
            bytes.insert(UInt8(ascii: "]"), at: close)
            bytes.insert(UInt8(ascii: "["), at: span.lowerBound)
            end = span.lowerBound
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The payments that a return may take back, one for each alternative.
    static func returnedPayments(_ stored: StoredDecision) -> [String] {
        facts(stored).filter { $0.code == Return.possible }.map(\.text)
    }

    /// What nothing but the order of the list puts behind the proposal.
    static func asLikely(_ stored: StoredDecision) -> String? {
        facts(stored).first { $0.code == "EQUALLY-LIKELY" }?.text
    }

    /// What the evidence of a decision is about.
    static func items(_ stored: StoredDecision) -> [String] { facts(stored).compactMap(\.item) }

    /// As it was found, for a decision that a person takes over.
    static func evidence(_ stored: StoredDecision) -> [Evidence] {
        facts(stored).map { Evidence($0.code, text: $0.text, span: $0.span, itemID: $0.item, bits: $0.bits) }
    }

    /// How much speaks for a proposal, less what speaks against it.
    static func weight(_ stored: StoredDecision) -> Int { facts(stored).reduce(0) { $0 + $1.bits } }

    private static func facts(_ stored: StoredDecision) -> [Fact] {
        (JSONReader.read(Array(stored.evidence.utf8)).node?.items ?? []).compactMap { Fact($0) }
    }

    private static func decider(_ stored: StoredDecision) -> String {
        let rule = stored.decision.rule.rawValue
        let reason = stored.reason.map { " (\($0))" } ?? ""
        let isMachine = stored.actor == "reconcile"
        switch stored.state {
        case .committed:
            return isMachine
                ? "decided by the rule \(rule) on \(stored.decidedOn), no person"
                : "decided by \(stored.actor) on \(stored.decidedOn)\(reason)"
        case .waiting: return "waits for a person since \(stored.decidedOn), proposed by the rule \(rule)"
        case .rejected: return "refused by \(stored.actor)\(reason)"
        case .undone: return "taken back by \(stored.actor)\(reason)"
        case .noted:
            if stored.isSettledOtherwise {
                return "noted by \(stored.actor) on \(stored.decidedOn): something else used what was left of the money"
            }
            let booked =
                stored.decision.verdict == .notReceivable ? "set aside as no customer's money" : "no item was paid"
            return "noted by \(stored.actor) on \(stored.decidedOn), \(booked)\(reason)"
        }
    }

    private static let words: [String: String] = [
        "REF-FIELD": "the reference field holds the reference that was issued",
        "REF-TEXT": "the text holds the reference that was issued",
        "NUMBER": "the text names the number",
        "END-TO-END": "the end-to-end id is the number or the reference",
        "NUMBER-SPELLED": "the text names the number, written otherwise",
        "NUMBER-WRAPPED": "the text names the number, broken by a blank",
        "NUMBER-RANGE": "a range in the text covers the number",
        "NUMBER-SHORTENED": "the text names the end of the number behind another one",
        "NUMBER-CORE": "the text has the running part of the number",
        "NUMBER-MISTYPED": "the text is one slip away from the number",
        "REF-MISTYPED": "the payment bears what is one slip away from the reference",
        "MONTH-NAMED": "the text names the month the item is of",
        "ORDER": "the text names the purchase order",
        "DISCOUNT-IN-TERMS": "the amount is what is open less the discount, in time",
        "DISCOUNT-IN-GRACE": "the amount is what is open less the discount",
        "DISCOUNT-LATE": "the discount is late by",
        "LATE-CHARGES": "the bank states what came on top of the amount:",
        "STATED-FEE": "the bank states what it kept of the amount:",
        "STATED-DISCOUNT": "the bank states what was taken off the amount:",
        "WITHHOLDING-POLICY": "the policy takes this share as a tax withheld:",
        "WITHHOLDING-HABIT": "the customer withheld the same share of",
        "FEE-HABIT": "the customer's bank kept a like fee from",
        "AMOUNT-PART": "the amount is a part",
        "AMOUNT-DIFFERS": "the amount differs",
        "CUSTOMER-STATED": "the source names the customer",
        "CUSTOMER-NUMBER": "the text names the customer's number",
        "PAYER-ACCOUNT": "the account is the customer's",
        "PARENT-ACCOUNT": "the account is the customer's parent company's",
        "LEARNED-ACCOUNT": "other payments of this account are this customer's",
        "LEARNED-NAME": "other payments under this payer's name are this customer's",
        "CUSTOMER-REFERENCE": "the reference is the customer's, on several invoices of theirs",
        "PAYER-NAME": "the payer's name fits the customer's",
        "PAYER-OTHER": "the account belongs to another customer",
        "PROMISED": "the customer promised this amount",
        "CLAIMED-PAID": "the customer said that this was paid",
        "ALSO-FITS": "the same amount is open on",
        "EQUALLY-LIKELY": "as likely is",
        "RATE": "the amount is its worth",
        "RATE-DIFFERS": "the amount is not its worth",
        "ORDERED-AMOUNT": "the payer ordered",
        "RETURNED-ID": "the bank names the payment that it takes back",
        "RETURNED-AMOUNT": "the amount is that payment's",
        "RETURN-CHARGE-STATED": "the bank states its charge", "DISCOUNT-SMALLER": "less discount than the terms grant",
        "REST-OF-EARLIER": "as much is left of an earlier payment",
        "RETURN-CHARGE": "with the bank's charge it is the payment",
        "RETURNED-ITEM": "the text names what that payment settled",
        "RETURNED-ACCOUNT": "the account is that payment's",
        "RETURNED-NAME": "the name is that payment's",
        "PROVIDER": "the counterparty pays out other people's money",
        "PAYOUT": "the payout is",
        "CHARGE": "a charge is matched:",
        "CHARGE-OPEN": "a charge is not matched:",
        "OWN-ACCOUNT": "the account is one of the company's own:",
        "NEVER-CUSTOMER": "a person set money of this account aside before",
    ]
}
