// SPDX-License-Identifier: Apache-2.0

/// The stable names of what can be decided, strongest evidence first; they are stored and shown.
package enum Rule: String, Sendable, CaseIterable {
    case refFieldExact = "REF-FIELD-EXACT"
    case refTextExact = "REF-TEXT-EXACT"
    case refCustomer = "REF-CUSTOMER"
    case numberExact = "NUMBER-EXACT"
    case numbersSum = "NUMBERS-SUM"
    case numbersCompleted = "NUMBERS-COMPLETED"
    case numberCredit = "NUMBER-CREDIT"
    case refDiscount = "REF-DISCOUNT"
    case numberDiscount = "NUMBER-DISCOUNT"
    case numberDiscountLate = "NUMBER-DISCOUNT-LATE"
    case lateCharges = "LATE-CHARGES"
    case statedDiscount = "STATED-DISCOUNT"
    case orderExact = "ORDER-EXACT"
    case coreExact = "CORE-EXACT"
    case typoExact = "TYPO-EXACT"
    case payerAmount = "PAYER-AMOUNT"
    case payerDiscount = "PAYER-DISCOUNT"
    case numberWithholding = "NUMBER-WITHHOLDING"
    case numberFee = "NUMBER-FEE"
    case payerWithholding = "PAYER-WITHHOLDING"
    case payerSet = "PAYER-SET"
    case prepaidAdvance = "PREPAID-ADVANCE"
    case numberPart = "NUMBER-PART"
    case corePart = "CORE-PART"
    case numberOver = "NUMBER-OVER"
    case numbersDiffer = "NUMBERS-DIFFER"
    case returned = "RETURN"
    case refund = "REFUND"
    case duplicate = "DUPLICATE"
    case closedItem = "CLOSED-ITEM"
    case numberCurrency = "NUMBER-CURRENCY"
    case orderedAmount = "ORDERED-AMOUNT"
    case numberRate = "NUMBER-RATE"
    case otherCurrency = "OTHER-CURRENCY"
    case payerConflict = "PAYER-CONFLICT"
    case ambiguous = "AMBIGUOUS"
    case weak = "WEAK"
    case onAccount = "ON-ACCOUNT"
    case providerPayout = "PROVIDER-PAYOUT"
    case noEvidence = "NO-EVIDENCE"
    case ownTransfer = "OWN-TRANSFER"
    case unrelated = "UNRELATED"
    /// What a person booked by hand.
    case person = "PERSON"
}

/// What a company lets the machine do by itself. Amounts are minor units of the payment's currency.
package struct Policy: Hashable, Sendable {
    /// Rules that a company sends to a person although the evidence would do.
    package var reviewRules: Set<Rule> = []
    /// A discount counts as within terms when the money is booked this many days after its last day at most:
    /// the payer's order was in time and the banks took the days.
    package var discountGraceDays = 3
    /// A discount taken later than that, by up to this many days after its last day, is granted all the same where a
    /// company says so (`lateDiscountMax`); else a person grants it or claims the rest.
    package var lateDiscountDaysMax = 30
    /// Minor units up to which a late discount is granted without a person. Applying cash and giving the rest away are
    /// two decisions, and nobody made the second one yet: none.
    package var lateDiscountMax: Int64 = 0
    /// A named item that is paid short gets its cash though nobody has said why: what is missing stays open. Else the
    /// payment waits, with both ways to settle it.
    package var appliesUnexplained = false
    /// Of equal open items that bear the customer's reference, the one that is due first is paid. Else a person chooses.
    package var takesOldest = false
    /// A share below this of the open amount is no part payment but a doubt, unless the payer says that it is one; per
    /// mille.
    package var partSharePermilleMin: Int64 = 100
    /// Differences from this up to `feeMax` are proposed as bank fee; no bank on the way takes less.
    package var feeMin: Int64 = 200
    package var feeMax: Int64 = 3500
    /// Up to this a share that a customer withheld before is booked as a tax they withhold; more of it, once as much was.
    package var withheldMax: Int64 = 25_000
    /// Shares that the company knows its customers to keep as a tax: nobody needs to have done so before.
    package var withheldShares: [WithheldShare] = []
    /// Shares that are kept as a tax in the company's country: believed of a customer who kept one before.
    package var customaryShares: [WithheldShare] = []
    /// An item issued up to this many days after the money counts as paid in advance.
    package var prepaymentDaysMax = 30
    /// An advance that an invoice takes off may be booked this many days after the invoice's day.
    package var advanceDaysMax = 5
    /// How far back a return looks for what it takes back.
    package var returnDaysMax = 400
    /// The same payer and amount within this many days is not matched by amount alone.
    package var repeatDays = 21
    /// Multiples of this many major units without any reference are money on account, never an amount match.
    package var roundUnits: Int64 = 250
    /// A payment in another currency pays a named item when it is within this of its worth by a rate with a source.
    package var rateBandPermille: Int64 = 10
    /// Expected accidental hits per 10^9 payments above which a match needs a second, independent fact.
    package var accidentsPerBillionMax: Int64 = 100_000

    /// The company's own accounts, as accounts are compared: what it moves between them is no customer's.
    var ownAccounts: Set<[UInt8]> = []

    /// A rule goes to a person, and comes back, by how often people agreed with it.
    package var learnsTiers = true

    package init() {}

    /// The company's own accounts: IBANs or local numbers, any spacing.
    package mutating func own(_ accounts: [String]) {
        ownAccounts = Set(accounts.map(Folding.canonical).filter { $0.count >= 5 })
    }

    /// Whether the rule may post by itself.
    package func isAuto(_ rule: Rule) -> Bool {
        switch rule {
        case .numberOver, .numbersDiffer, .duplicate, .closedItem, .otherCurrency, .payerConflict, .ambiguous,
            .weak, .onAccount, .noEvidence, .ownTransfer, .unrelated, .person:
            false
        default: !reviewRules.contains(rule)
        }
    }
}
