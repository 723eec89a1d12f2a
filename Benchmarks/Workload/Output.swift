// SPDX-License-Identifier: Apache-2.0
import Foundation

/// The files of a workload.
struct Output {
    let folder: String

    private func file(_ name: String, _ header: String, _ rows: (inout String) -> Void) throws {
        var text = header + "\n"
        rows(&text)
        try Data(text.utf8).write(to: URL(fileURLWithPath: folder).appendingPathComponent(name))
    }

    private static func row(_ fields: [String], _ text: inout String) {
        text += fields.map { field in
            guard field.utf8.contains(where: { $0 == 0x2C || $0 == 0x22 || $0 == 0x0A }) else { return field }
            return "\"" + field.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
                + "\""
        }.joined(separator: ",")
        text += "\n"
    }

    private static func money(_ amount: Int) -> String {
        let digits = padded(abs(amount), 3)
        return (amount < 0 ? "-" : "") + digits.dropLast(2) + "." + digits.suffix(2)
    }

    func write(_ world: World, _ payers: Payers) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try file("customers.csv", "customer_id,customer_no,name,country,currency,known_iban,parent_name,parent_iban") {
            for customer in world.customers {
                Self.row(
                    [
                        customer.id, customer.number, customer.name, customer.country, customer.currency,
                        customer.isKnown ? customer.account : "", customer.parentName ?? "",
                        customer.isKnown ? customer.parentAccount ?? "" : "",
                    ], &$0)
            }
        }
        try file(
            "invoices.csv",
            "invoice_id,doc_type,invoice_no,customer_id,issue_date,due_date,currency,amount,structured_ref,"
                + "discount_pct,discount_until,po_number"
        ) {
            for invoice in world.invoices {
                let customer = world.customers[invoice.customer]
                Self.row(
                    [
                        invoice.id, invoice.isCredit ? "credit_note" : "invoice", invoice.number, customer.id,
                        CalendarText.iso(invoice.issued), CalendarText.iso(invoice.due), customer.currency,
                        Self.money(invoice.amount), invoice.reference,
                        invoice.discount > 0 ? String(invoice.discount) : "",
                        invoice.discount > 0 ? CalendarText.iso(invoice.discountUntil) : "", invoice.order,
                    ], &$0)
            }
        }
        try write(payers, world)
        try file("psp_report.csv", "payout_id,psp,psp_tx_id,type,date,gross,fee,net,currency,reference,customer_name") {
            for charge in payers.charges {
                Self.row(
                    [
                        charge.payout, charge.provider, charge.id, "charge", CalendarText.iso(charge.day),
                        Self.money(charge.gross), Self.money(charge.fee), Self.money(charge.gross - charge.fee),
                        charge.currency, charge.reference, charge.name,
                    ], &$0)
            }
        }
        try file("promises.csv", "promise_id,customer_id,invoice_id,made_on,promised_date,amount") {
            for (place, promise) in payers.promises.enumerated() {
                let invoice = world.invoices[promise.invoice]
                Self.row(
                    [
                        "R" + padded(place + 1, 7), world.customers[invoice.customer].id, invoice.id,
                        CalendarText.iso(promise.made), CalendarText.iso(max(promise.made, promise.day)),
                        Self.money(invoice.amount),
                    ], &$0)
            }
        }
    }

    private func write(_ payers: Payers, _ world: World) throws {
        let order = payers.payments.indices.sorted {
            (payers.payments[$0].day, $0) < (payers.payments[$1].day, $1)
        }
        try file(
            "payments.csv",
            "payment_id,booking_date,value_date,amount,currency,payer_name,payer_iban,remittance,structured_ref,"
                + "end_to_end_id,tx_code,orig_amount,orig_currency"
        ) {
            for (place, index) in order.enumerated() {
                let payment = payers.payments[index]
                Self.row(
                    [
                        "P" + padded(place + 1, 8), CalendarText.iso(payment.day), CalendarText.iso(payment.day),
                        Self.money(payment.amount), payment.currency, payment.payerName, payment.account,
                        payment.text, payment.reference, payment.endToEnd, payment.code,
                        payment.ordered.map { Self.money($0.amount) } ?? "", payment.ordered?.currency ?? "",
                    ], &$0)
            }
        }
        try file("truth.csv", "payment_id,invoice_id,amount,kind,adjustment,noise") {
            for (place, index) in order.enumerated() {
                let payment = payers.payments[index]
                let id = "P" + padded(place + 1, 8)
                let noise = payment.noise.joined(separator: "|")
                if payment.truth.isEmpty { Self.row([id, "", "0.00", payment.kind, "0.00", noise], &$0) }
                for share in payment.truth {
                    Self.row(
                        [
                            id, world.invoices[share.invoice].id, Self.money(share.cash), payment.kind,
                            Self.money(share.adjustment), noise,
                        ], &$0)
                }
            }
        }
    }
}
