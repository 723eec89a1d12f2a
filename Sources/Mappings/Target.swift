// SPDX-License-Identifier: Apache-2.0

/// Every name the mapping language gives a value; the type is implied by the name.
package enum Target: String, Hashable, Sendable, CaseIterable {
    case account, amount, base, channel, correction, corrects, country, currency, day, deleted
    case discount, discounts, disputed, document, email, fee, fine, from, gross, id, instalments, interest, kind
    case language
    case method, n, name, net, number, open, origin, paid, payable, percent, phone, prepaid, quote
    case rate, reason, reference, remittance, reverses, rounding, segment, sequence, status, tags
    case tax, taxes, to, total, until, value
    case asOf = "as_of", assignedTo = "assigned_to", bankCode = "bank_code", bookedOn = "booked_on"
    case closingBalance = "closing_balance", collectionMethod = "collection_method"
    case customerID = "customer_id", customerName = "customer_name", doNotAutomate = "do_not_automate"
    case dueOn = "due_on", dunningBlocked = "dunning_blocked", dunningLevel = "dunning_level"
    case endToEndID = "end_to_end_id", inTransit = "in_transit", invoiceID = "invoice_id"
    case issuedOn = "issued_on", lastDunnedOn = "last_dunned_on", legalName = "legal_name"
    case modifiedAt = "modified_at", occurredOn = "occurred_on", openBase = "open_base"
    case openingBalance = "opening_balance", optedIn = "opted_in", optedOut = "opted_out"
    case originalAmount = "original_amount", originalCurrency = "original_currency", paidOn = "paid_on"
    case parentAccount = "parent_account", parentID = "parent_id", parentName = "parent_name"
    case partyType = "party_type", payerAccount = "payer_account", payerName = "payer_name"
    case paymentID = "payment_id", payoutID = "payout_id", poNumber = "po_number"
    case postedOn = "posted_on", promisedFor = "promised_for", promisedOn = "promised_on"
    case sellerTaxID = "seller_tax_id", structuredReference = "structured_reference"
    case takenBy = "taken_by", taxID = "tax_id", timeZone = "time_zone", totalBase = "total_base"
    case valuedOn = "valued_on"

    package enum Kind: Hashable, Sendable {
        case text
        /// Text that a spreadsheet must not have turned into a number.
        case identifier
        /// Decimal in the record's currency.
        case money
        /// Decimal without a currency.
        case decimal
        case date, integer, timestamp, bool, currency, list
    }

    package var kind: Kind {
        switch self {
        case .id, .number, .customerID, .invoiceID, .paymentID, .payoutID, .structuredReference,
            .endToEndID, .account, .payerAccount, .parentID, .parentAccount, .corrects, .taxID,
            .sellerTaxID, .poNumber, .phone:
            .identifier
        case .total, .net, .tax, .payable, .prepaid, .open, .paid, .inTransit, .totalBase, .openBase, .amount,
            .originalAmount, .fee, .interest, .fine, .discount, .gross, .openingBalance, .closingBalance, .rounding:
            .money
        case .rate, .percent, .value: .decimal
        case .issuedOn, .postedOn, .dueOn, .paidOn, .lastDunnedOn, .until, .bookedOn, .valuedOn, .from, .to,
            .occurredOn, .promisedFor, .promisedOn, .asOf, .day:
            .date
        case .dunningLevel, .n, .sequence: .integer
        case .modifiedAt: .timestamp
        case .deleted, .disputed, .dunningBlocked, .optedIn, .optedOut, .doNotAutomate: .bool
        case .currency, .originalCurrency, .quote: .currency
        case .instalments, .discounts, .taxes: .list
        default: .text
        }
    }

    /// The targets of one element of a list target.
    var elements: [Target] {
        switch self {
        case .instalments: [.n, .dueOn, .amount, .open, .paidOn]
        case .discounts: [.percent, .amount, .base, .until]
        case .taxes: [.rate, .net, .tax]
        default: []
        }
    }
}

/// What a mapping can emit; the names are the language's.
package enum Entity: String, Hashable, Sendable, CaseIterable {
    case invoice, payment, statement, allocation, settlement, customer, promise, balance, rate

    package var targets: [Target] {
        switch self {
        case .invoice:
            [
                .id, .number, .kind, .customerID, .customerName, .sellerTaxID, .currency, .status, .reference,
                .structuredReference, .poNumber, .taxID, .document, .corrects, .correction, .collectionMethod,
                .assignedTo, .total, .net, .tax, .payable, .prepaid, .rounding, .open, .paid, .inTransit,
                .totalBase, .openBase, .rate, .issuedOn, .postedOn, .dueOn, .paidOn, .lastDunnedOn,
                .dunningLevel, .modifiedAt, .deleted, .disputed, .dunningBlocked, .instalments, .discounts, .taxes,
            ]
        case .payment:
            [
                .id, .currency, .payerName, .payerAccount, .account, .remittance, .structuredReference,
                .endToEndID, .bankCode, .customerID, .method, .reverses, .reason, .originalCurrency, .status,
                .amount, .originalAmount, .fee, .interest, .fine, .discount, .bookedOn, .valuedOn, .postedOn,
            ]
        case .statement:
            [
                .id, .account, .currency, .number, .sequence, .from, .to, .openingBalance, .closingBalance,
            ]
        case .allocation: [.paymentID, .invoiceID, .amount, .currency, .reason, .postedOn]
        case .settlement:
            [
                .payoutID, .id, .kind, .gross, .fee, .net, .currency, .reference, .customerName, .occurredOn,
                .status,
            ]
        case .customer:
            [
                .id, .number, .name, .legalName, .partyType, .phone, .email, .country, .language, .timeZone,
                .account, .taxID, .parentID, .parentName, .parentAccount, .segment, .tags, .optedIn, .optedOut,
                .doNotAutomate,
            ]
        case .promise:
            [
                .id, .customerID, .invoiceID, .amount, .currency, .promisedFor, .promisedOn, .takenBy, .channel,
            ]
        case .balance: [.account, .customerID, .currency, .asOf, .amount]
        case .rate: [.day, .base, .quote, .value, .origin]
        }
    }

    /// The target of a name, and its present name where the mapping uses an older one.
    func target(_ name: String) -> (target: Target?, now: String?) {
        if let target = Target(rawValue: name), targets.contains(target) { return (target, nil) }
        let now: Target? =
            switch (self, name) {
            case (.payment, "paid_on"): .bookedOn
            case (.payment, "reference"): .remittance
            case (.allocation, "paid_on"): .postedOn
            default: nil
            }
        return (now, now?.rawValue)
    }

    /// Without a rule for each of these nothing could be emitted.
    var required: [Target] {
        switch self {
        case .invoice: [.number, .issuedOn]
        case .payment: [.amount, .bookedOn]
        case .statement: [.account]
        case .allocation: [.paymentID, .invoiceID, .amount]
        case .settlement: [.payoutID, .kind, .net, .occurredOn]
        case .customer: [.id]
        case .promise: [.amount, .promisedFor]
        case .balance: [.amount]
        case .rate: [.day, .base, .quote, .value]
        }
    }

    /// The word `--as` uses for it.
    package var plural: String {
        switch self {
        case .promise: "promises"
        case .balance: "balances"
        default: rawValue + "s"
        }
    }
}
