// SPDX-License-Identifier: Apache-2.0
import Documents
import Trees

// What a document says, in the mapping language's order: written once, for a tree and for a line of JSON.

extension Document {
    func write(to sink: inout some FieldSink) {
        switch self {
        case .customer(let value): value.write(to: &sink)
        case .invoice(let value): value.write(to: &sink)
        case .payment(let value): value.write(to: &sink)
        case .statement(let value): value.write(to: &sink)
        case .promise(let value): value.write(to: &sink)
        case .balance(let value): value.write(to: &sink)
        case .allocation(let value): value.write(to: &sink)
        case .settlement(let value): value.write(to: &sink)
        case .rate(let value): value.write(to: &sink)
        }
    }
}

private func text(_ money: Money?) -> Node { .text(money?.amountText) }
private func text(_ day: Day?) -> Node { .text(day?.text) }
private func text(_ value: ScaledDecimal?) -> Node { .text(value?.text) }

extension Invoice {
    fileprivate func write(to sink: inout some FieldSink) {
        sink.text("id", id)
        sink.text("number", number)
        sink.text("kind", kind.rawValue)
        sink.text("customer_id", customerID)
        sink.text("customer_name", customerName)
        sink.text("customer_trading_name", customerTradingName)
        sink.text("seller_name", sellerName)
        sink.text("seller_tax_id", sellerTaxID)
        sink.text("currency", currency.code)
        sink.text("status", status?.rawValue)
        sink.text("reference", reference)
        sink.text("structured_reference", structuredReference)
        sink.text("po_number", purchaseOrder)
        sink.text("tax_id", taxID)
        sink.text("document", document)
        sink.text("corrects", corrects)
        sink.text("correction", correction?.rawValue)
        sink.text("collection_method", collectionMethod)
        sink.text("assigned_to", assignedTo)
        sink.amount("total", total)
        sink.amount("net", net)
        sink.amount("tax", tax)
        sink.amount("payable", payable)
        sink.amount("prepaid", prepaid)
        sink.amount("rounding", rounding)
        sink.amount("open", open)
        sink.amount("paid", paid)
        sink.amount("in_transit", inTransit)
        sink.amount("total_base", totalBase)
        sink.amount("open_base", openBase)
        sink.text("base_currency", (totalBase ?? openBase)?.currency.code)
        sink.decimal("rate", rate)
        sink.day("issued_on", issuedOn)
        sink.day("posted_on", postedOn)
        sink.day("due_on", dueOn)
        sink.day("paid_on", paidOn)
        sink.day("last_dunned_on", lastDunnedOn)
        sink.integer("dunning_level", dunningLevel)
        sink.text("modified_at", modifiedAt?.text)
        sink.flag("deleted", deleted ? true : nil)
        sink.flag("disputed", disputed ? true : nil)
        sink.flag("dunning_blocked", dunningBlocked ? true : nil)
        lists(to: &sink)
    }

    private func lists(to sink: inout some FieldSink) {
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
        sink.list("instalments", instalments)
        sink.list("discounts", discounts)
        sink.list("taxes", taxes)
        sink.list("attachments", attachments)
    }
}

extension Payment {
    fileprivate func write(to sink: inout some FieldSink) {
        sink.text("id", id)
        sink.amount("amount", amount)
        sink.text("currency", amount.currency.code)
        sink.amount("original_amount", originalAmount)
        sink.text("original_currency", originalAmount?.currency.code)
        sink.amount("fee", fee)
        sink.amount("interest", interest)
        sink.amount("fine", fine)
        sink.amount("discount", discount)
        sink.text("account", account)
        sink.text("payer_name", payerName)
        sink.text("payer_account", payerAccount)
        sink.text("remittance", remittance)
        sink.text("structured_reference", structuredReference)
        sink.text("end_to_end_id", endToEndID)
        sink.text("bank_code", bankCode)
        sink.text("customer_id", customerID)
        sink.text("method", method)
        sink.text("reverses", reverses)
        sink.text("reason", returnReason)
        sink.text("status", status.rawValue)
        sink.day("booked_on", bookedOn)
        sink.day("valued_on", valuedOn)
        sink.day("posted_on", postedOn)
    }
}

extension Statement {
    fileprivate func write(to sink: inout some FieldSink) {
        sink.text("id", id)
        sink.text("account", account)
        sink.text("currency", currency.code)
        sink.text("number", number)
        sink.integer("sequence", sequence)
        sink.day("from", from)
        sink.day("to", to)
        sink.amount("opening_balance", openingBalance)
        sink.amount("closing_balance", closingBalance)
        sink.day("opening_on", openingOn)
        sink.day("closing_on", closingOn)
        sink.integer("entry_count", entryCount)
        sink.amount("credits", credits)
        sink.amount("debits", debits)
        sink.amount("booked_credits", bookedCredits)
        sink.amount("booked_debits", bookedDebits)
    }
}

extension Customer {
    fileprivate func write(to sink: inout some FieldSink) {
        sink.text("id", id)
        sink.text("number", number)
        sink.text("name", name)
        sink.text("legal_name", legalName)
        sink.text("party_type", partyType?.rawValue)
        sink.text("phone", phone)
        sink.text("email", email)
        sink.text("country", country)
        sink.text("language", language)
        sink.text("time_zone", timeZone)
        sink.text("account", account)
        sink.text("tax_id", taxID)
        sink.text("parent_id", parentID)
        sink.text("parent_name", parentName)
        sink.text("parent_account", parentAccount)
        sink.text("segment", segment)
        sink.list("tags", tags.map { .text($0) })
        sink.flag("opted_in", optedIn)
        sink.flag("opted_out", optedOut)
        sink.flag("do_not_automate", doNotAutomate)
    }
}

extension PromiseRecord {
    fileprivate func write(to sink: inout some FieldSink) {
        sink.text("id", id)
        sink.text("customer_id", customerID)
        sink.text("invoice_id", invoiceID)
        sink.amount("amount", amount)
        sink.text("currency", amount.currency.code)
        sink.day("promised_for", promisedFor)
        sink.day("promised_on", promisedOn)
        sink.text("taken_by", takenBy)
        sink.text("channel", channel)
    }
}

extension Balance {
    fileprivate func write(to sink: inout some FieldSink) {
        sink.text("account", account)
        sink.text("customer_id", customerID)
        sink.text("currency", amount.currency.code)
        sink.day("as_of", asOf)
        sink.amount("amount", amount)
    }
}

extension StatedAllocation {
    fileprivate func write(to sink: inout some FieldSink) {
        sink.text("payment_id", paymentID)
        sink.text("invoice_id", invoiceID)
        sink.amount("amount", amount)
        sink.text("currency", amount.currency.code)
        sink.text("reason", reason)
        sink.day("posted_on", postedOn)
    }
}

extension SettlementLine {
    fileprivate func write(to sink: inout some FieldSink) {
        sink.text("payout_id", payoutID)
        sink.text("id", id)
        sink.text("kind", kind)
        sink.amount("gross", gross)
        sink.amount("fee", fee)
        sink.amount("net", net)
        sink.text("currency", net.currency.code)
        sink.text("reference", reference)
        sink.text("customer_name", customerName)
        sink.day("occurred_on", occurredOn)
        sink.text("status", status)
    }
}

extension Rate {
    fileprivate func write(to sink: inout some FieldSink) {
        sink.day("day", day)
        sink.text("base", base.code)
        sink.text("quote", quote.code)
        sink.decimal("value", value)
        sink.text("origin", origin)
    }
}
