// SPDX-License-Identifier: Apache-2.0
import TieoutTesting

/// A made-up ledger that grows day by day: invoices and payments with every way of naming, mixing up, paying short,
/// sending back and paying twice that matching knows.
struct DayLedger {
    struct Invoice {
        var number: String
        var customer: Int
        var amount: Int
        var order: String?
        var reference: String?
        var isCredit = false
    }

    struct Paid {
        var id: String
        var row: [String]
        var amount: Int
    }

    private var random: SplitMix64
    private var invoices: [Invoice] = []
    private var paid: [Paid] = []
    private var day = 0
    private let customers: Int
    private static let words = [
        "Nordwind", "Ostsee", "Talblick", "Bergstein", "Waldheim", "Seebach", "Handel", "Logistik", "Bau", "Technik",
    ]
    /// Some pay for several customers, without an account.
    private static let partners = ["Anna", "Bodo", "Clara", "Dirk", "Edda", "Falk", "Gesa", "Hilde"]
    private static let amounts = [4900, 4900, 9900, 11_900, 25_000, 7350, 9900, 12_345, 31_415, 99_900]

    init(seed: UInt64, customers: Int = 40) {
        random = SplitMix64(seed: seed)
        self.customers = customers
    }

    private static func name(_ customer: Int) -> String {
        "\(words[customer % 6]) \(words[6 + customer % 4]) \(customer / 12) GmbH"
    }
    private static func account(_ customer: Int) -> String? {
        customer % 2 == 0 ? "DE00\(1_000_000 + customer)" : nil
    }
    private static func text(_ amount: Int) -> String {
        let whole = amount.magnitude
        return "\(amount < 0 ? "-" : "")\(whole / 100).\(whole % 100 < 10 ? "0" : "")\(whole % 100)"
    }
    private var date: String { Self.date(day) }
    private static func date(_ day: Int) -> String {
        let (month, rest) = (1 + day / 28, 1 + day % 28)
        return "2026-\(month < 10 ? "0" : "")\(month)-\(rest < 10 ? "0" : "")\(rest)"
    }

    /// The customers' file; some are renamed on every day that it is exported.
    mutating func customersFile() -> String {
        var text = "id,number,name,party_type,account,parent_name,parent_account\n"
        for customer in 0..<customers {
            var name = Self.name(customer)
            if day > 0, random.chance(perMille: 60) { name = "\(Self.words[random.int(in: 0...5)]) \(name)" }
            let parent = customer % 9 == 0 ? "Gruppe \(Self.words[customer % 6]),DE77\(customer)" : ","
            text += "C-\(customer),\(10_000 + customer),\(name),business,\(Self.account(customer) ?? ""),\(parent)\n"
        }
        return text
    }

    /// New invoices of a day, and old ones whose open amount, order or total is stated anew.
    mutating func invoicesFile(_ count: Int) -> String {
        var text =
            "number,kind,customer_id,currency,issued_on,due_on,total,po_number,structured_reference,corrects,"
            + "correction,prepaid,discount_percent,discount_until,instalment_1_due_on,instalment_1_amount,"
            + "instalment_2_due_on,instalment_2_amount\n"
        for _ in 0..<count { text += newInvoice() }
        for _ in 0..<count / 10 where day > 0 {
            guard let place = invoices.indices.randomElement(using: &random) else { continue }
            if random.chance(perMille: 500) {
                invoices[place].order = "PO\(random.int(in: 10_000...10_400))"
            } else if !invoices[place].isCredit {
                invoices[place].amount += 100
            }
            text += row(invoices[place], "", "", "", ",,,")
        }
        return text
    }

    private mutating func newInvoice() -> String {
        let index = invoices.count
        var invoice = Invoice(
            number: ["RE2600\(10_000 + index)", "F/2026/\(10_000 + index)", "\(200_000 + index)"][index % 3],
            customer: random.int(in: 0...customers - 1),
            amount: (random.pick(Self.amounts) ?? 100) + random.int(in: 0...2) * 17)
        if random.chance(perMille: 300) { invoice.order = "PO\(random.int(in: 10_000...10_400))" }
        if random.chance(perMille: 200) { invoice.reference = "RF18\(539_007_547 + index)" }
        var (corrects, prepaid, discount, parts) = ("", "", "", ",,,")
        if random.chance(perMille: 90) {
            invoice.isCredit = true
            invoice.amount = 0 - invoice.amount / 3
            if random.chance(perMille: 500), let other = random.pick(invoices), !other.isCredit {
                invoice.customer = other.customer
                corrects = other.number
            }
        } else if random.chance(perMille: 80) {
            prepaid = Self.text(invoice.amount / 5)
        } else if random.chance(perMille: 300) {
            discount = "2"
        } else if random.chance(perMille: 60) {
            parts =
                "\(Self.date(day + 5)),\(Self.text(invoice.amount - invoice.amount / 2)),\(Self.date(day + 20)),"
                + Self.text(invoice.amount / 2)
        }
        invoices.append(invoice)
        return row(invoice, corrects, prepaid, discount, parts)
    }

    private func row(
        _ invoice: Invoice, _ corrects: String, _ prepaid: String, _ discount: String, _ parts: String
    ) -> String {
        [
            invoice.number, invoice.isCredit ? "credit_note" : "invoice", "C-\(invoice.customer)", "EUR", date,
            Self.date(day + 30), Self.text(invoice.amount), invoice.order ?? "", invoice.reference ?? "", corrects,
            corrects.isEmpty ? "" : "difference", prepaid, discount, discount.isEmpty ? "" : Self.date(day + 10),
            parts,
        ].joined(separator: ",") + "\n"
    }

    /// The bank's entries of a day.
    mutating func paymentsFile(_ count: Int) -> String {
        var text =
            "id,amount,currency,booked_on,account,payer_name,payer_account,remittance,structured_reference,"
            + "end_to_end_id,bank_code,reverses,original_amount,original_currency\n"
        for _ in 0..<count {
            let id = "P-\(day)-\(paid.count)"
            let payment = random.chance(perMille: 120) ? back(id) : payment(id)
            text += payment.row.joined(separator: ",") + "\n"
            paid.append(payment)
        }
        return text
    }

    mutating func nextDay() { day += 1 }

    private mutating func payment(_ id: String) -> Paid {
        let recent = max(0, invoices.count - 120)
        let place =
            random.chance(perMille: 700)
            ? random.int(in: recent...invoices.count - 1) : random.int(in: 0...invoices.count - 1)
        let invoice = invoices[place]
        let other = random.pick(invoices) ?? invoice
        var amount = abs(invoice.amount)
        switch random.int(in: 0...11) {
        case 0: amount = amount * 98 / 100
        case 1: amount /= 2
        case 2: amount += abs(other.amount)
        case 3: amount -= 500
        case 4: amount /= 5
        case 5: amount = random.pick(Self.amounts) ?? amount
        default: break
        }
        var name = Self.name(invoice.customer)
        var account = Self.account(invoice.customer) ?? ""
        switch random.int(in: 0...7) {
        case 0: name = "Jemand Anders"
        case 7: (name, account) = ("Kasse \(Self.partners[invoice.customer % 8]) Meyer", "")
        case 1: name = String(name.prefix(12))
        case 2: (name, account) = ("Treuhand \(invoice.customer % 3)", "NL20INGB000\(1000 + invoice.customer % 5)")
        default: break
        }
        var remittance = ""
        var reference = ""
        switch random.int(in: 0...9) {
        case 0, 1: remittance = "Rechnung \(invoice.number)"
        case 2: remittance = "\(invoice.number) \(other.number)"
        case 3: remittance = "Zahlung \(invoice.number.suffix(4))"
        case 4: remittance = "Rg \(invoice.number.dropLast(2))\(random.int(in: 10...99))"
        case 5: remittance = "Kd-Nr \(10_000 + invoice.customer)"
        case 6: remittance = "Bestellung \(invoice.order ?? "ohne")"
        case 7: reference = invoice.reference ?? ""
        default: break
        }
        let isForeign = random.chance(perMille: 40)
        return Paid(
            id: id,
            row: [
                id, Self.text(isForeign ? amount * 9 / 10 : amount), "EUR", date, "NL91ABNA0417164300", name, account,
                remittance, reference, random.chance(perMille: 500) ? "E2E-\(id)" : "NOTPROVIDED", "", "",
                isForeign ? Self.text(amount) : "", isForeign ? "USD" : "",
            ], amount: amount)
    }

    /// A return of an earlier payment, a refund, or the same money again.
    private mutating func back(_ id: String) -> Paid {
        guard let original = random.pick(paid) else { return payment(id) }
        var again = original
        again.id = id
        again.row[0] = id
        again.row[3] = date
        switch random.int(in: 0...4) {
        case 0: break
        case 1:
            again.row[1] = "-" + original.row[1]
            again.row[11] = original.row[9]
        case 2:
            again.row[1] = "-" + original.row[1]
            again.row[7] = "RETURN " + original.row[7]
            again.row[9] = ""
        case 3:
            again.row[1] = "-" + original.row[1]
            again.row[7] = "Erstattung " + original.row[7]
        default:
            again.row[1] = "-" + original.row[1]
            again.row[5] = "Belastingdienst"
        }
        if again.row[1].hasPrefix("--") { again.row[1].removeFirst(2) }
        return again
    }
}
