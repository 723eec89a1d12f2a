// SPDX-License-Identifier: Apache-2.0
package import Documents
package import Trees

/// Documents as trees whose keys are the mapping language's target names; amounts are decimal text beside `currency`.
extension Document {
    /// All of it: `type`, then what the source stated, in the language's order; what is absent has no key.
    package var node: Node { .compact([("type", .text(entity))] + fields) }

    /// What the source stated, null where it stated nothing.
    package var fields: [(String, Node)] {
        switch self {
        case .customer(let value): value.fields
        case .invoice(let value): value.fields
        case .payment(let value): value.fields
        case .statement(let value): value.fields
        case .promise(let value): value.fields
        case .balance(let value): value.fields
        case .allocation(let value): value.fields
        case .settlement(let value): value.fields
        case .rate(let value): value.fields
        }
    }
}

private func text(_ money: Money?) -> Node { .text(money?.amountText) }
private func text(_ day: Day?) -> Node { .text(day?.text) }
private func text(_ value: ScaledDecimal?) -> Node { .text(value?.text) }
private func flag(_ value: Bool) -> Node { value ? .bool(true) : .null }
private func list(_ items: [Node]) -> Node { items.isEmpty ? .null : .list(items) }

extension Invoice {
    fileprivate var fields: [(String, Node)] {
        texts + amounts + days + lists
    }

    private var texts: [(String, Node)] {
        [
            ("id", .text(id)), ("number", .text(number)), ("kind", .text(kind.rawValue)),
            ("customer_id", .text(customerID)), ("customer_name", .text(customerName)),
            ("customer_trading_name", .text(customerTradingName)), ("seller_name", .text(sellerName)),
            ("seller_tax_id", .text(sellerTaxID)), ("currency", .text(currency.code)),
            ("status", .text(status?.rawValue)), ("reference", .text(reference)),
            ("structured_reference", .text(structuredReference)), ("po_number", .text(purchaseOrder)),
            ("tax_id", .text(taxID)), ("document", .text(document)), ("corrects", .text(corrects)),
            ("correction", .text(correction?.rawValue)), ("collection_method", .text(collectionMethod)),
            ("assigned_to", .text(assignedTo)),
        ]
    }

    private var amounts: [(String, Node)] {
        [
            ("total", text(total)), ("net", text(net)), ("tax", text(tax)), ("payable", text(payable)),
            ("prepaid", text(prepaid)), ("rounding", text(rounding)), ("open", text(open)), ("paid", text(paid)),
            ("in_transit", text(inTransit)), ("total_base", text(totalBase)), ("open_base", text(openBase)),
            ("rate", text(rate)),
        ]
    }

    private var days: [(String, Node)] {
        [
            ("issued_on", text(issuedOn)), ("posted_on", text(postedOn)), ("due_on", text(dueOn)),
            ("paid_on", text(paidOn)), ("last_dunned_on", text(lastDunnedOn)),
            ("dunning_level", dunningLevel.map { .integer($0) } ?? .null),
            ("modified_at", .text(modifiedAt?.text)), ("deleted", flag(deleted)), ("disputed", flag(disputed)),
            ("dunning_blocked", flag(dunningBlocked)),
        ]
    }

    private var lists: [(String, Node)] {
        let instalments = instalments.map { part in
            Node.compact([
                ("n", .integer(part.n)), ("due_on", text(part.dueOn)), ("amount", text(part.amount)),
                ("open", text(part.open)), ("paid_on", text(part.paidOn)),
            ])
        }
        let discounts = discounts.map { part in
            Node.compact([
                ("percent", text(part.percent)), ("amount", text(part.amount)), ("base", .text(part.base.rawValue)),
                ("until", text(part.until)),
            ])
        }
        let taxes = taxes.map { part in
            Node.compact([("rate", text(part.rate)), ("net", text(part.net)), ("tax", text(part.tax))])
        }
        let attachments = attachments.map { part in
            Node.compact([
                ("name", .text(part.name)), ("media_type", .text(part.mediaType)), ("size", .integer(part.bytes.count)),
            ])
        }
        return [
            ("instalments", list(instalments)), ("discounts", list(discounts)), ("taxes", list(taxes)),
            ("attachments", list(attachments)),
        ]
    }
}

extension Payment {
    fileprivate var fields: [(String, Node)] {
        [
            ("id", .text(id)), ("amount", text(amount)), ("currency", .text(amount.currency.code)),
            ("original_amount", text(originalAmount)),
            ("original_currency", .text(originalAmount?.currency.code)), ("fee", text(fee)),
            ("account", .text(account)), ("payer_name", .text(payerName)), ("payer_account", .text(payerAccount)),
            ("remittance", .text(remittance)), ("structured_reference", .text(structuredReference)),
            ("end_to_end_id", .text(endToEndID)), ("bank_code", .text(bankCode)),
            ("customer_id", .text(customerID)), ("method", .text(method)), ("reverses", .text(reverses)),
            ("reason", .text(returnReason)), ("status", .text(status.rawValue)), ("booked_on", text(bookedOn)),
            ("valued_on", text(valuedOn)), ("posted_on", text(postedOn)),
        ]
    }
}

extension Statement {
    fileprivate var fields: [(String, Node)] {
        [
            ("id", .text(id)), ("account", .text(account)), ("currency", .text(currency.code)),
            ("number", .text(number)), ("sequence", sequence.map { .integer($0) } ?? .null), ("from", text(from)),
            ("to", text(to)), ("opening_balance", text(openingBalance)), ("closing_balance", text(closingBalance)),
            ("opening_on", text(openingOn)), ("closing_on", text(closingOn)), ("entry_count", .integer(entryCount)),
            ("credits", text(credits)), ("debits", text(debits)), ("booked_credits", text(bookedCredits)),
            ("booked_debits", text(bookedDebits)),
        ]
    }
}

extension Customer {
    fileprivate var fields: [(String, Node)] {
        [
            ("id", .text(id)), ("number", .text(number)), ("name", .text(name)), ("legal_name", .text(legalName)),
            ("party_type", .text(partyType?.rawValue)), ("phone", .text(phone)), ("email", .text(email)),
            ("country", .text(country)), ("language", .text(language)), ("time_zone", .text(timeZone)),
            ("account", .text(account)), ("tax_id", .text(taxID)), ("parent_id", .text(parentID)),
            ("parent_name", .text(parentName)), ("parent_account", .text(parentAccount)),
            ("segment", .text(segment)), ("tags", list(tags.map { .text($0) })),
            ("opted_in", optedIn.map { .bool($0) } ?? .null), ("opted_out", optedOut.map { .bool($0) } ?? .null),
            ("do_not_automate", doNotAutomate.map { .bool($0) } ?? .null),
        ]
    }
}

extension PromiseRecord {
    fileprivate var fields: [(String, Node)] {
        [
            ("id", .text(id)), ("customer_id", .text(customerID)), ("invoice_id", .text(invoiceID)),
            ("amount", text(amount)), ("currency", .text(amount.currency.code)), ("promised_for", text(promisedFor)),
            ("promised_on", text(promisedOn)), ("taken_by", .text(takenBy)), ("channel", .text(channel)),
        ]
    }
}

extension Balance {
    fileprivate var fields: [(String, Node)] {
        [
            ("account", .text(account)), ("customer_id", .text(customerID)),
            ("currency", .text(amount.currency.code)), ("as_of", text(asOf)), ("amount", text(amount)),
        ]
    }
}

extension StatedAllocation {
    fileprivate var fields: [(String, Node)] {
        [
            ("payment_id", .text(paymentID)), ("invoice_id", .text(invoiceID)), ("amount", text(amount)),
            ("currency", .text(amount.currency.code)), ("reason", .text(reason)), ("posted_on", text(postedOn)),
        ]
    }
}

extension SettlementLine {
    fileprivate var fields: [(String, Node)] {
        [
            ("payout_id", .text(payoutID)), ("id", .text(id)), ("kind", .text(kind)), ("gross", text(gross)),
            ("fee", text(fee)), ("net", text(net)), ("currency", .text(net.currency.code)),
            ("reference", .text(reference)), ("customer_name", .text(customerName)),
            ("occurred_on", text(occurredOn)), ("status", .text(status)),
        ]
    }
}

extension Rate {
    fileprivate var fields: [(String, Node)] {
        [
            ("day", text(day)), ("base", .text(base.code)), ("quote", .text(quote.code)), ("value", text(value)),
            ("origin", .text(origin)),
        ]
    }
}
