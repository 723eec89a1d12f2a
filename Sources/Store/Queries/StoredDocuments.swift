// SPDX-License-Identifier: Apache-2.0
package import Documents
package import Ledger

/// An invoice as its first source states it, with what other sources filled in.
package struct StoredInvoice: Hashable, Sendable {
    package var company: String
    package var id: String
    package var source: String
    package var reader: String
    package var importNo: Int64
    package var customerID: String
    /// Nil: not in the ledger (a draft, a void, or nothing open at cut-over).
    package var basis: Receivable.Basis?
    /// Without the buyer's and the seller's names, which live with the customer and the company.
    package var invoice: Invoice
}

/// A payment with what is left of it.
package struct StoredPayment: Hashable, Sendable {
    package var company: String
    package var id: String
    package var source: String
    package var reader: String
    package var importNo: Int64
    package var customerID: String?
    package var postingDay: Day
    package var balance: CashBalance
    package var payment: Payment
}

/// A customer with the contact data that `erase` removes.
package struct StoredCustomer: Hashable, Sendable {
    package var company: String
    package var source: String
    package var isDerived: Bool
    package var importNo: Int64
    package var customer: Customer
}

/// The row that bears an invoice's document. Row numbers stay inside the store.
struct Bearer {
    let table: String
    let no: Int64
}

extension Session {
    static let bearers = ["item_row", "invoice_row"]

    func bearer(company: String, invoice id: String) throws -> Bearer? {
        for table in Self.bearers {
            let no = try first(
                "SELECT no FROM \(table) WHERE company = ? AND id = ? AND import_no IS NOT NULL", [company, id]
            ) { $0.int(0) }
            if let no { return Bearer(table: table, no: no) }
        }
        return nil
    }

    package func invoice(company: String, id: String) throws -> StoredInvoice? {
        try invoices(company: company, where: "v.id = ?", [id]).first
    }

    /// Invoices in the order of their ids; all of them, or a customer's.
    package func invoices(company: String, customer: String? = nil) throws -> [StoredInvoice] {
        try invoices(company: company, where: customer == nil ? "1 = 1" : "v.customer = ?", customer.map { [$0] } ?? [])
    }

    /// Invoices by the number that the customer knows, whatever their kind and year.
    package func invoices(company: String, number: String) throws -> [StoredInvoice] {
        let keys = Invoice.Kind.allCases.map { Identity.key(kind: $0.rawValue, number: number) }
        return try invoices(
            company: company, where: "v.key IN (?, ?, ?, ?) AND v.number = ?", keys.map { $0 } + [number])
    }

    private func invoices(
        company: String, where condition: String, _ arguments: [(any Bindable)?]
    ) throws -> [StoredInvoice] {
        try rows(
            """
            SELECT v.*, r.sha256 AS o_sha256, r.name AS o_name, r.format AS o_format, r.mapping AS o_mapping,
                r.mapping_digest AS o_mapping_digest
            FROM invoice v JOIN import_run r ON r.no = v.import_no
            WHERE v.company = ? AND \(condition) ORDER BY v.id
            """, [company] + arguments
        ) { row in
            StoredInvoice(
                company: company, id: row.text("id"), source: row.text("source"), reader: row.text("reader"),
                importNo: row.int("import_no"), customerID: row.text("customer"),
                basis: row.optionalText("basis").flatMap { Receivable.Basis(rawValue: $0) },
                invoice: try Self.invoice(row, origin: Self.origin(row)))
        }
    }

    package func payment(company: String, id: String) throws -> StoredPayment? {
        try payments(company: company, where: "v.id = ?", [id]).first
    }

    /// Payments in the order of their days and ids.
    /// - Parameter onlyUnapplied: those with something left, and outgoing ones that nobody identified.
    package func payments(
        company: String, customer: String? = nil, onlyUnapplied: Bool = false
    ) throws -> [StoredPayment] {
        var condition =
            onlyUnapplied ? "(v.unapplied <> 0 OR v.amount < 0 AND v.booked = 0 AND v.first_seq IS NOT NULL)" : "1 = 1"
        if customer != nil { condition += " AND v.customer = ?" }
        return try payments(company: company, where: condition, customer.map { [$0] } ?? [])
    }

    private func payments(
        company: String, where condition: String, _ arguments: [(any Bindable)?]
    ) throws -> [StoredPayment] {
        try rows(
            """
            SELECT v.*, t.payer_name, t.payer_account, t.remittance, r.sha256 AS o_sha256, r.name AS o_name,
                r.format AS o_format, r.mapping AS o_mapping, r.mapping_digest AS o_mapping_digest
            FROM payment v JOIN import_run r ON r.no = v.import_no LEFT JOIN payment_text t ON t.payment = v.no
            WHERE v.company = ? AND \(condition) ORDER BY v.booked_on, v.id
            """, [company] + arguments
        ) { try Self.payment($0, company: company) }
    }

    private static func payment(_ row: Row, company: String) throws -> StoredPayment {
        let currency = try row.currency("currency")
        var payment = Payment(
            amount: Money(minorUnits: row.int("amount"), currency: currency), bookedOn: row.day("booked_on"),
            provenance: Provenance(origin(row), at: Position(text: row.text("position"))))
        payment.id = row.optionalText("source_id")
        if let original = row.optionalText("original_currency").flatMap({ Currency($0) }) {
            payment.originalAmount = row.optionalInt("original_amount").map {
                Money(minorUnits: $0, currency: original)
            }
        }
        payment.fee = row.optionalInt("fee").map { Money(minorUnits: $0, currency: currency) }
        payment.interest = row.optionalInt("interest").map { Money(minorUnits: $0, currency: currency) }
        payment.fine = row.optionalInt("fine").map { Money(minorUnits: $0, currency: currency) }
        payment.discount = row.optionalInt("discount").map { Money(minorUnits: $0, currency: currency) }
        payment.account = row.optionalText("account")
        payment.payerName = row.optionalText("payer_name")
        payment.payerAccount = row.optionalText("payer_account")
        payment.remittance = row.optionalText("remittance")
        payment.structuredReference = row.optionalText("structured_reference")
        payment.endToEndID = row.optionalText("end_to_end_id")
        payment.bankCode = row.optionalText("bank_code")
        payment.customerID = row.optionalText("customer")
        payment.method = row.optionalText("method")
        payment.reverses = row.optionalText("reverses")
        payment.returnReason = row.optionalText("return_reason")
        payment.status = Payment.Status(rawValue: row.text("status")) ?? .information
        payment.valuedOn = row.optionalDay("valued_on")
        payment.postedOn = row.optionalDay("posted_on")
        var balance = CashBalance()
        balance.booked = row.int("booked")
        balance.applied = row.int("applied")
        balance.setAside = row.int("set_aside")
        balance.consumed = row.int("consumed")
        return StoredPayment(
            company: company, id: row.text("id"), source: row.text("source"), reader: row.text("reader"),
            importNo: row.int("import_no"), customerID: row.optionalText("customer"),
            postingDay: row.day("posting_day"), balance: balance, payment: payment)
    }

    package func customer(company: String, id: String) throws -> StoredCustomer? {
        try customers(company: company, where: "v.id = ?", [id]).first
    }

    package func customers(company: String) throws -> [StoredCustomer] {
        try customers(company: company, where: "1 = 1", [])
    }

    private func customers(
        company: String, where condition: String, _ arguments: [(any Bindable)?]
    ) throws -> [StoredCustomer] {
        try rows(
            """
            SELECT v.*, t.*, r.sha256 AS o_sha256, r.name AS o_name, r.format AS o_format, r.mapping AS o_mapping,
                r.mapping_digest AS o_mapping_digest, v.no AS customer_no
            FROM customer v JOIN import_run r ON r.no = v.import_no LEFT JOIN customer_contact t ON t.customer = v.no
            WHERE v.company = ? AND \(condition) ORDER BY v.id
            """, [company] + arguments
        ) { row in
            StoredCustomer(
                company: company, source: row.text("source"), isDerived: row.bool("is_derived"),
                importNo: row.int("import_no"), customer: Self.customer(row))
        }
    }

    private static func customer(_ row: Row) -> Customer {
        var customer = Customer(
            id: row.text("id"),
            provenance: Provenance(origin(row), at: Position(text: row.optionalText("position") ?? "file")))
        customer.number = row.optionalText("number")
        customer.name = row.optionalText("name")
        customer.legalName = row.optionalText("legal_name")
        customer.partyType = row.optionalText("party_type").flatMap { Customer.PartyType(rawValue: $0) }
        customer.phone = row.optionalText("phone")
        customer.email = row.optionalText("email")
        customer.country = row.optionalText("country")
        customer.language = row.optionalText("language")
        customer.timeZone = row.optionalText("time_zone")
        customer.account = row.optionalText("account")
        customer.taxID = row.optionalText("tax_id")
        customer.parentID = row.optionalText("parent_id")
        customer.parentName = row.optionalText("parent_name")
        customer.parentAccount = row.optionalText("parent_account")
        customer.segment = row.optionalText("segment")
        customer.tags = (row.optionalText("tags") ?? "").split(separator: "\n").map { String($0) }
        customer.optedIn = row.optionalInt("opted_in").map { $0 != 0 }
        customer.optedOut = row.optionalInt("opted_out").map { $0 != 0 }
        customer.doNotAutomate = row.optionalInt("do_not_automate").map { $0 != 0 }
        return customer
    }

    static func origin(_ row: Row) -> Provenance.Origin {
        Provenance.Origin(
            sha256: row.text("o_sha256"), name: row.text("o_name"), format: row.text("o_format"),
            mapping: row.optionalText("o_mapping"), mappingDigest: row.optionalText("o_mapping_digest"))
    }
}
