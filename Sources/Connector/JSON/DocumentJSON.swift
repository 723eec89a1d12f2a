// SPDX-License-Identifier: Apache-2.0
package import Documents
package import Trees

/// Documents as JSON: the keys are the mapping language's target names.
package enum DocumentJSON {
    /// One document as a file states it, for `read`: amounts keep the sign of the document.
    package static func read(_ document: Document, file: String) -> Node {
        var pairs: [(String, Node)] = [
            ("file", .text(file)), ("at", .text(document.provenance.at.text)), ("type", .text(document.entity)),
        ]
        switch document {
        case .invoice(let invoice): pairs += self.invoice(invoice, asStated: true)
        case .payment(let payment): pairs += self.payment(payment)
        case .statement(let statement): pairs += self.statement(statement)
        case .customer(let customer): pairs += self.customer(customer)
        case .promise(let promise): pairs += self.promise(promise)
        case .balance(let balance): pairs += self.balance(balance)
        case .allocation(let line):
            pairs += [
                ("payment_id", .text(line.paymentID)), ("invoice_id", .text(line.invoiceID)),
                ("amount", .text(line.amount.amountText)), ("currency", .text(line.amount.currency.code)),
                ("reason", .text(line.reason)), ("posted_on", .text(line.postedOn?.text)),
            ]
        case .settlement(let line):
            pairs += [
                ("payout_id", .text(line.payoutID)), ("id", .text(line.id)), ("kind", .text(line.kind)),
                ("gross", .text(line.gross.amountText)), ("fee", .text(line.fee.amountText)),
                ("net", .text(line.net.amountText)), ("currency", .text(line.gross.currency.code)),
                ("reference", .text(line.reference)), ("occurred_on", .text(line.occurredOn.text)),
            ]
        case .rate(let rate):
            pairs += [
                ("day", .text(rate.day.text)), ("base", .text(rate.base.code)), ("quote", .text(rate.quote.code)),
                ("value", .text(rate.value.text)), ("origin", .text(rate.origin)),
            ]
        }
        return .compact(pairs)
    }

    package static func invoice(_ invoice: Invoice, asStated: Bool) -> [(String, Node)] {
        let flip = asStated && invoice.statedNegated
        func amount(_ money: Money?) -> Node { .text(money.map { flip ? (-$0).amountText : $0.amountText }) }
        return [
            ("id", .text(invoice.id)), ("number", .text(invoice.number)), ("kind", .text(invoice.kind.rawValue)),
            ("status", .text(invoice.status?.rawValue)), ("currency", .text(invoice.currency.code)),
            ("issued_on", .text(invoice.issuedOn.text)), ("posted_on", .text(invoice.postedOn?.text)),
            ("due_on", .text(invoice.dueOn?.text)), ("customer_id", .text(invoice.customerID)),
            ("customer_name", .text(invoice.customerName)),
            ("customer_trading_name", .text(invoice.customerTradingName)),
            ("seller_name", .text(invoice.sellerName)), ("seller_tax_id", .text(invoice.sellerTaxID)),
            ("tax_id", .text(invoice.taxID)), ("reference", .text(invoice.reference)),
            ("structured_reference", .text(invoice.structuredReference)),
            ("po_number", .text(invoice.purchaseOrder)), ("corrects", .text(invoice.corrects)),
            ("correction", .text(invoice.correction?.rawValue)), ("total", amount(invoice.total)),
            ("net", amount(invoice.net)), ("tax", amount(invoice.tax)), ("payable", amount(invoice.payable)),
            ("prepaid", amount(invoice.prepaid)), ("rounding", amount(invoice.rounding)),
            ("open", amount(invoice.open)), ("paid", amount(invoice.paid)),
            ("collection_method", .text(invoice.collectionMethod)),
            ("disputed", invoice.disputed ? .bool(true) : .null),
            ("dunning_blocked", invoice.dunningBlocked ? .bool(true) : .null),
            (
                "instalments",
                invoice.instalments.isEmpty
                    ? .null
                    : .list(
                        invoice.instalments.map {
                            .compact([
                                ("n", .integer($0.n)), ("due_on", .text($0.dueOn.text)), ("amount", amount($0.amount)),
                                ("open", amount($0.open)),
                            ])
                        })
            ),
            (
                "discounts",
                invoice.discounts.isEmpty
                    ? .null
                    : .list(
                        invoice.discounts.map {
                            .compact([
                                ("percent", .text($0.percent?.text)), ("amount", amount($0.amount)),
                                ("base", .text($0.base.rawValue)), ("until", .text($0.until.text)),
                            ])
                        })
            ),
            (
                "attachments",
                invoice.attachments.isEmpty
                    ? .null
                    : .list(
                        invoice.attachments.map {
                            .object([
                                ("name", .text($0.name)), ("media_type", .text($0.mediaType)),
                                ("size", .integer($0.bytes.count)),
                            ])
                        })
            ),
        ]
    }

    package static func payment(_ payment: Payment) -> [(String, Node)] {
        [
            ("id", .text(payment.id)), ("booked_on", .text(payment.bookedOn.text)),
            ("valued_on", .text(payment.valuedOn?.text)), ("amount", .text(payment.amount.amountText)),
            ("currency", .text(payment.amount.currency.code)), ("account", .text(payment.account)),
            ("payer_name", .text(payment.payerName)), ("payer_account", .text(payment.payerAccount)),
            ("remittance", .text(payment.remittance)),
            ("structured_reference", .text(payment.structuredReference)),
            ("end_to_end_id", .text(payment.endToEndID)), ("bank_code", .text(payment.bankCode)),
            ("reverses", .text(payment.reverses)), ("return_reason", .text(payment.returnReason)),
            ("status", .text(payment.status.rawValue)), ("fee", .text(payment.fee?.amountText)),
            ("original_amount", .text(payment.originalAmount?.amountText)),
            ("original_currency", .text(payment.originalAmount?.currency.code)),
            ("customer_id", .text(payment.customerID)),
        ]
    }

    package static func statement(_ statement: Statement) -> [(String, Node)] {
        [
            ("account", .text(statement.account)), ("currency", .text(statement.currency.code)),
            ("number", .text(statement.number ?? statement.id)),
            ("sequence", statement.sequence.map { .integer($0) } ?? .null),
            ("from", .text(statement.from?.text)), ("to", .text(statement.to?.text)),
            ("opening_balance", .text(statement.openingBalance?.amountText)),
            ("closing_balance", .text(statement.closingBalance?.amountText)),
            ("entry_count", .integer(statement.entryCount)), ("credits", .text(statement.credits.amountText)),
            ("debits", .text(statement.debits.amountText)),
            ("booked_credits", .text(statement.bookedCredits.amountText)),
            ("booked_debits", .text(statement.bookedDebits.amountText)),
        ]
    }

    package static func customer(_ customer: Customer) -> [(String, Node)] {
        [
            ("id", .text(customer.id)), ("number", .text(customer.number)), ("name", .text(customer.name)),
            ("legal_name", .text(customer.legalName)), ("party_type", .text(customer.partyType?.rawValue)),
            ("phone", .text(customer.phone)), ("email", .text(customer.email)),
            ("country", .text(customer.country)), ("language", .text(customer.language)),
            ("time_zone", .text(customer.timeZone)), ("account", .text(customer.account)),
            ("tax_id", .text(customer.taxID)), ("parent_id", .text(customer.parentID)),
            ("parent_name", .text(customer.parentName)), ("parent_account", .text(customer.parentAccount)),
            ("segment", .text(customer.segment)),
            ("tags", customer.tags.isEmpty ? .null : .list(customer.tags.map { .text($0) })),
            ("opted_in", customer.optedIn.map { .bool($0) } ?? .null),
            ("opted_out", customer.optedOut.map { .bool($0) } ?? .null),
            ("do_not_automate", customer.doNotAutomate.map { .bool($0) } ?? .null),
        ]
    }

    package static func promise(_ promise: PromiseRecord) -> [(String, Node)] {
        [
            ("id", .text(promise.id)), ("customer_id", .text(promise.customerID)),
            ("invoice_id", .text(promise.invoiceID)), ("amount", .text(promise.amount.amountText)),
            ("currency", .text(promise.amount.currency.code)), ("promised_for", .text(promise.promisedFor.text)),
            ("promised_on", .text(promise.promisedOn.text)), ("taken_by", .text(promise.takenBy)),
            ("channel", .text(promise.channel)),
        ]
    }

    package static func balance(_ balance: Balance) -> [(String, Node)] {
        [
            ("account", .text(balance.account)), ("customer_id", .text(balance.customerID)),
            ("as_of", .text(balance.asOf.text)), ("amount", .text(balance.amount.amountText)),
            ("currency", .text(balance.amount.currency.code)),
        ]
    }

    package static func fault(_ fault: Fault) -> Node {
        .object([
            ("code", .text(fault.code)), ("severity", .text(fault.severity.rawValue)),
            ("at", .text(fault.at.text)), ("message", .text(fault.message)), ("hint", .text(fault.hint)),
        ])
    }
}
