// SPDX-License-Identifier: Apache-2.0

/// Part of a decision: one open item moved by cash or by one adjustment.
///
/// The item's open amount falls by `cash + adjustment`. A credit note that is netted against invoices has a
/// negative `cash`: what it frees is part of the cash that the invoices' lines show, so that the lines' cash
/// always sums to what the payment spends.
package struct Line: Hashable, Sendable {
    package enum Reason: String, Sendable, CaseIterable {
        case cash, credit, discount, fee, withholding, rounding, reversal, refund
        /// The item is in another currency: `cash` is the payment's side in its own currency, `adjustment` what the item
        /// loses in its own.
        case exchange
        /// An advance that the invoice takes off: the claim grows by it (`adjustment`, negative), and `cash` pays that.
        case prepaid
        /// Interest and fine for late payment: `cash` pays them, and `adjustment` is the same, negative, as they are no
        /// part of the claim.
        case lateCharges = "late_charges"
        /// What a provider charged for the item stands against its clearing already: the payout's `cash` and fee take its
        /// place. `adjustment` is the charge with the opposite sign.
        case cleared
        /// What the bank charged for taking a payment back, as it states: `cash` is that, and `adjustment` the opposite, as
        /// it is no part of the claim and no customer's.
        case returnCharge = "return_charge"
        /// What the text or the amount suggests but policy leaves to a person.
        case short
    }

    package var itemID: String
    package var reason: Reason
    /// Minor units of the payment that this item takes.
    package var cash: Int64
    /// Minor units settled without cash, for the reason; 0 on a cash line.
    package var adjustment: Int64
    /// The part of `cash` that proves what the source already called settled, and so does not lower `open`.
    package var proves: Int64
    /// Where the workspace that made the line keeps the item, or -1; no part of what the line says.
    package var place: Int32 = -1

    package static func == (left: Line, right: Line) -> Bool {
        left.cash == right.cash && left.adjustment == right.adjustment && left.reason == right.reason
            && left.proves == right.proves && left.itemID == right.itemID
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(itemID)
        hasher.combine(reason)
        hasher.combine(cash)
        hasher.combine(adjustment)
        hasher.combine(proves)
    }

    package init(
        itemID: String, reason: Reason, cash: Int64, adjustment: Int64 = 0, proves: Int64 = 0
    ) {
        self.itemID = itemID
        self.reason = reason
        self.cash = cash
        self.adjustment = adjustment
        self.proves = proves
    }
}

/// One fact that spoke for or against a decision.
package struct Evidence: Hashable, Sendable {
    /// Stable: `REF-FIELD`, `NUMBER`, `PAYER-ACCOUNT`, `AMOUNT-EXACT` …
    package var code: String
    /// What was seen, as it stands in the payment.
    package var text: String
    /// UTF-8 offsets in the remittance text, where the fact has a place there.
    package var span: Range<Int>?
    package var itemID: String?
    /// log2 of how much more likely the fact is when the match is right; negative speaks against.
    package var bits: Int

    package init(_ code: String, text: String, span: Range<Int>? = nil, itemID: String? = nil, bits: Int) {
        self.code = code
        self.text = text
        self.span = span
        self.itemID = itemID
        self.bits = bits
    }
}

/// Something else the payment may be, for a person to choose from: what it says is put into words from its lines.
package struct Alternative: Hashable, Sendable {
    package var lines: [Line]

    package init(lines: [Line]) { self.lines = lines }
}

/// What is to happen with one payment, and why.
package struct Decision: Hashable, Sendable {
    package enum Verdict: String, Sendable {
        /// Apply the lines.
        case auto
        /// A person chooses; `lines` is the proposal, nothing is applied.
        case review
        /// Nothing is known; the money waits unapplied.
        case none
        /// Money that has nothing to do with receivables.
        case notReceivable = "not_receivable"
    }

    package enum Kind: String, Sendable {
        case payment, refund, payout, other
        case `return` = "return"
    }

    package var paymentID: String
    package var verdict: Verdict
    package var kind: Kind
    package var rule: Rule
    package var lines: [Line] = []
    /// Adjustments that would close what the cash leaves open, for a person to grant (late discount, fee).
    package var proposed: [Line] = []
    /// The customer the money comes from or goes to, where that is known.
    package var customerID: String?
    /// The earlier payment that a return takes back, a refund pays out, or this one repeats.
    package var counterpartID: String?
    package var evidence: [Evidence] = []
    /// Plain English with amounts and numbers, for a finance person.
    package var sentence: String
    /// At most five, best first.
    package var alternatives: [Alternative] = []
    /// Every item that the whole payment may be for by itself, those beyond the five shown included.
    package var possibleItems: [String] = []
    /// Where the workspace that decided keeps them: a hint, and no part of what the decision says.
    var possiblePlaces = Places()

    /// Equal to any other: what is said is said by the ids.
    struct Places: Hashable, Sendable {
        var items: [Int32] = []
        static func == (left: Places, right: Places) -> Bool { true }
        func hash(into hasher: inout Hasher) {}
    }

    package init(
        paymentID: String, verdict: Verdict, kind: Kind = .payment, rule: Rule, sentence: String
    ) {
        self.paymentID = paymentID
        self.verdict = verdict
        self.kind = kind
        self.rule = rule
        self.sentence = sentence
    }

    /// Whether it says which payment went back. A copy names the payment that it repeats, which is no proposal.
    package var namesCounterpart: Bool { (kind == .return || kind == .refund) && counterpartID != nil }

    /// The provider's payout that the payment is, as its report names it.
    package var payoutID: String? { kind == .payout ? evidence.first { $0.code == "PAYOUT" }?.text : nil }

    /// Minor units of the payment that the lines spend.
    package var cash: Int64 {
        lines.reduce(0) { total, line in
            let (sum, overflow) = total.addingReportingOverflow(line.cash)
            return overflow ? total : sum
        }
    }
}
