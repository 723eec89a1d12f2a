// SPDX-License-Identifier: Apache-2.0
import Documents
import Formats
import Testing

/// What an audit file's records become.
@Suite("SAF-T becomes customers, invoices, payments and what they pay")
struct SAFTReaderTests {
    private func read(_ text: String, encoding: ((String) -> [UInt8])? = nil) throws -> (
        documents: [Document], reading: Reading
    ) {
        var documents: [Document] = []
        let origin = Provenance.Origin(sha256: "", name: "saft.xml", format: "saf-t")
        let bytes = encoding?(text) ?? Array(text.utf8)
        let reading = try SAFTFormat.read(pieces: [bytes], origin) { documents.append($0) }
        return (documents, reading)
    }

    private func portugal(
        customers: String = "<Customer><CustomerID>C1</CustomerID><CustomerTaxID>500000000</CustomerTaxID>"
            + "<CompanyName>Padaria</CompanyName><BillingAddress><Country>PT</Country></BillingAddress></Customer>",
        invoices: String = "", payments: String = ""
    ) -> String {
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <AuditFile xmlns="urn:OECD:StandardAuditFile-Tax:PT_1.04_01"><Header><CompanyName>Nós</CompanyName>
        <TaxRegistrationNumber>599999993</TaxRegistrationNumber><StartDate>2026-01-01</StartDate>
        <EndDate>2026-12-31</EndDate><CurrencyCode>EUR</CurrencyCode></Header>
        <MasterFiles>\(customers)</MasterFiles><SourceDocuments><SalesInvoices>\(invoices)</SalesInvoices>
        <Payments>\(payments)</Payments></SourceDocuments></AuditFile>
        """
    }

    private func invoice(
        _ number: String, _ type: String = "FT", status: String = "N", lines: String = "", totals: String = "121.00",
        more: String = "", customer: String = "C1"
    ) -> String {
        """
        <Invoice><InvoiceNo>\(number)</InvoiceNo><DocumentStatus><InvoiceStatus>\(status)</InvoiceStatus></DocumentStatus>
        <InvoiceDate>2026-03-02</InvoiceDate><InvoiceType>\(type)</InvoiceType><CustomerID>\(customer)</CustomerID>\(lines)
        <DocumentTotals><TaxPayable>21.00</TaxPayable><NetTotal>100.00</NetTotal><GrossTotal>\(totals)</GrossTotal>\(more)
        </DocumentTotals></Invoice>
        """
    }

    private func line(_ invoice: String, _ amount: String, tax: String? = nil, discount: String? = nil) -> String {
        "<Line><SourceDocumentID><OriginatingON>\(invoice)</OriginatingON></SourceDocumentID>"
            + (discount.map { "<SettlementAmount>\($0)</SettlementAmount>" } ?? "")
            + "<CreditAmount>\(amount)</CreditAmount>"
            + (tax.map { "<Tax><TaxPercentage>\($0)</TaxPercentage></Tax>" } ?? "") + "</Line>"
    }

    private func payment(
        _ lines: String, means: [(String, String)], total: String, status: String = "N", more: String = ""
    )
        -> String
    {
        let all = means.map {
            "<PaymentMethod><PaymentMechanism>\($0.0)</PaymentMechanism><PaymentAmount>\($0.1)</PaymentAmount>"
                + "<PaymentDate>2026-03-20</PaymentDate></PaymentMethod>"
        }.joined()
        return """
            <Payment><PaymentRefNo>RG 1/1</PaymentRefNo><TransactionDate>2026-03-21</TransactionDate>
            <DocumentStatus><PaymentStatus>\(status)</PaymentStatus></DocumentStatus>\(all)<CustomerID>C1</CustomerID>
            \(lines)<DocumentTotals><GrossTotal>\(total)</GrossTotal></DocumentTotals>\(more)</Payment>
            """
    }

    private func allocations(_ documents: [Document]) -> [String] {
        documents.compactMap {
            guard case .allocation(let line) = $0 else { return nil }
            return "\(line.paymentID) \(line.invoiceID) \(line.amount.amountText)"
                + (line.reason.map { " \($0)" } ?? "")
        }
    }

    @Test("A customer and an invoice are read whole")
    func whole() throws {
        let (documents, reading) = try read(portugal(invoices: invoice("FT 1/1")))
        #expect(reading.faults.isEmpty, "\(reading.faults)")
        #expect(reading.records == 2)
        guard case .customer(let customer)? = documents.first, case .invoice(let found)? = documents.last else {
            Issue.record("\(documents)")
            return
        }
        #expect(customer.id == "C1" && customer.name == "Padaria" && customer.country == "PT")
        #expect(found.number == "FT 1/1" && found.kind == .invoice && found.customerID == "C1")
        #expect(found.total == Money(minorUnits: 12100, currency: .eur))
        #expect(found.net?.minorUnits == 10000 && found.tax?.minorUnits == 2100)
        #expect(found.sellerTaxID == "599999993")
    }

    @Test(
        "Each type of document has its kind and the sign of its claim",
        arguments: [
            ("FT", Invoice.Kind.invoice, Int64(12100)), ("FS", .invoice, 12100), ("ND", .debitNote, 12100),
            ("NC", .creditNote, -12100),
        ])
    func kinds(_ type: String, _ kind: Invoice.Kind, _ total: Int64) throws {
        let lines = "<Line><References><Reference>FT 1/0</Reference></References></Line>"
        let (documents, _) = try read(portugal(invoices: invoice("X 1/1", type, lines: lines)))
        guard case .invoice(let found)? = documents.last else { return }
        #expect(found.kind == kind)
        #expect(found.total?.minorUnits == total)
        #expect(found.corrects == (type == "NC" || type == "ND" ? "FT 1/0" : nil))
        #expect(found.statedNegated == (type == "NC"))
    }

    @Test("An annulled invoice is void, and its number may not come twice")
    func void() throws {
        let (documents, reading) = try read(
            portugal(invoices: invoice("FT 1/1", status: "A") + invoice("FT 1/1")))
        let invoices = documents.compactMap { if case .invoice(let one) = $0 { one } else { nil } }
        #expect(invoices.map(\.status) == [.void])
        #expect(reading.faults.map(\.code) == ["SAFT-NUMBER-REPEATED"])
    }

    @Test("A document that another invoice took over claims nothing; one that the customer issued itself is a claim")
    func takenOver() throws {
        let (documents, _) = try read(
            portugal(invoices: invoice("FS 1/1", "FS", status: "F") + invoice("FT 1/2", status: "S")))
        let invoices = documents.compactMap { if case .invoice(let one) = $0 { one } else { nil } }
        #expect(invoices.map(\.status) == [.void, nil])
    }

    @Test("A receipt whose lines debit more than they credit paid money back")
    func refund() throws {
        let debit = line("NC 1/1", "121.00").replacing("CreditAmount", with: "DebitAmount")
        for means in [[("TB", "121.00")], []] {
            let (documents, reading) = try read(portugal(payments: payment(debit, means: means, total: "121.00")))
            #expect(reading.faults.isEmpty, "\(reading.faults)")
            let payments = documents.compactMap { if case .payment(let one) = $0 { one } else { nil } }
            #expect(payments.map(\.amount.minorUnits) == [-12100])
            #expect(allocations(documents) == ["RG 1/1 NC 1/1 -121.00"])
        }
        let parts = portugal(payments: payment(debit, means: [("TB", "100.00"), ("CC", "21.00")], total: "121.00"))
        #expect(try allocations(read(parts).documents) == ["RG 1/1/1 NC 1/1 -100.00", "RG 1/1/2 NC 1/1 -21.00"])
        // A credit note that the receipt uses up makes it smaller, and it stays a receipt.
        let (used, _) = try read(
            portugal(payments: payment(line("FT 1/1", "200.00") + debit, means: [("TB", "79.00")], total: "79.00")))
        #expect(allocations(used) == ["RG 1/1 FT 1/1 200.00", "RG 1/1 NC 1/1 -121.00"])
    }

    @Test("An invoice-receipt is paid by what stands on it, else in full")
    func receipt() throws {
        let paid =
            "<Payment><PaymentMechanism>CC</PaymentMechanism><PaymentAmount>100.00</PaymentAmount>"
            + "<PaymentDate>2026-03-02</PaymentDate></Payment><Payment><PaymentMechanism>NU</PaymentMechanism>"
            + "<PaymentAmount>21.00</PaymentAmount><PaymentDate>2026-03-03</PaymentDate></Payment>"
        let (documents, _) = try read(portugal(invoices: invoice("FR 1/1", "FR", more: paid) + invoice("FR 1/2", "FR")))
        #expect(allocations(documents) == ["FR 1/1/1 FR 1/1 100.00", "FR 1/1/2 FR 1/1 21.00"])
        let invoices = documents.compactMap { if case .invoice(let one) = $0 { one } else { nil } }
        #expect(invoices.map { $0.open?.minorUnits } == [nil, 0])
        #expect(invoices.map(\.status) == [nil, .paid])
    }

    @Test("A receipt pays its invoices by each means in order, tax on top where the lines have none")
    func allocation() throws {
        let lines = line("FT 1/1", "100.00", tax: "21") + line("FT 1/2", "50.00", tax: "0")
        let (documents, reading) = try read(
            portugal(payments: payment(lines, means: [("TB", "150.00"), ("CC", "21.00")], total: "171.00")))
        #expect(reading.faults.isEmpty, "\(reading.faults)")
        #expect(
            allocations(documents) == ["RG 1/1/1 FT 1/1 121.00", "RG 1/1/1 FT 1/2 29.00", "RG 1/1/2 FT 1/2 21.00"])
        let payments = documents.compactMap { if case .payment(let one) = $0 { one } else { nil } }
        #expect(payments.map(\.amount.minorUnits) == [15000, 2100])
        #expect(payments.map(\.bookedOn.text) == ["2026-03-20", "2026-03-20"])
        #expect(payments.map(\.postedOn?.text) == ["2026-03-21", "2026-03-21"])
        #expect(payments.first?.remittance == "FT 1/1 FT 1/2")
    }

    @Test("Discount and tax withheld are allocations with their reason, beside the money")
    func reasons() throws {
        let more = "<WithholdingTax><WithholdingTaxAmount>150.00</WithholdingTaxAmount></WithholdingTax>"
        let (documents, _) = try read(
            portugal(
                payments: payment(
                    line("FT 1/4", "900.00", tax: "20", discount: "100"), means: [("TB", "950.00")], total: "1100.00",
                    more: more)))
        #expect(
            allocations(documents) == [
                "RG 1/1 FT 1/4 950.00", "RG 1/1 FT 1/4 100.00 discount", "RG 1/1 FT 1/4 150.00 withholding",
            ])
    }

    @Test("An annulled receipt is no cash and pays nothing; netting moves no money")
    func annulled() throws {
        let (documents, _) = try read(
            portugal(payments: payment(line("FT 1/1", "10.00"), means: [("TB", "10.00")], total: "10.00", status: "A")))
        let payments = documents.compactMap { if case .payment(let one) = $0 { one } else { nil } }
        #expect(payments.map(\.status) == [.failed])
        #expect(allocations(documents).isEmpty)
        let (netted, _) = try read(
            portugal(payments: payment(line("FT 1/1", "10.00"), means: [("CO", "10.00")], total: "10.00")))
        #expect(netted.contains { if case .payment(let one) = $0 { one.status == .information } else { false } })
    }

    @Test("A customer without master data is told once, and the invoice lands")
    func stranger() throws {
        let (documents, reading) = try read(
            portugal(invoices: invoice("FT 1/1", customer: "X") + invoice("FT 1/2", customer: "X")))
        #expect(documents.count == 3)
        #expect(reading.faults.map(\.code) == ["SAFT-CUSTOMER-MISSING"])
    }

    @Test("An invoice in another currency keeps both amounts")
    func currency() throws {
        let more =
            "<Currency><CurrencyCode>USD</CurrencyCode><CurrencyAmount>140.00</CurrencyAmount>"
            + "<ExchangeRate>0.8643</ExchangeRate></Currency>"
        let (documents, _) = try read(portugal(invoices: invoice("FT 1/1", more: more)))
        guard case .invoice(let found)? = documents.last else { return }
        #expect(found.total == Money(minorUnits: 14000, currency: .usd))
        #expect(found.totalBase == Money(minorUnits: 12100, currency: .eur))
        #expect(found.rate?.text == "0.8643")
    }

    @Test("A file in windows-1252 that says so is read")
    func windows() throws {
        let text = portugal().replacing("encoding=\"UTF-8\"", with: "encoding=\"Windows-1252\"")
            .replacing("Padaria", with: "Conservatória")
        let (documents, reading) = try read(text) { $0.unicodeScalars.map { UInt8($0.value) } }
        #expect(reading.faults.isEmpty, "\(reading.faults)")
        guard case .customer(let customer)? = documents.first else { return }
        #expect(customer.name == "Conservatória")
    }

    @Test("A bad invoice is left out and the others land")
    func row() throws {
        let (documents, reading) = try read(
            portugal(
                invoices: invoice("FT 1/1", totals: "12,00") + invoice("FT 1/2", totals: "1.005") + invoice("FT 1/3")))
        #expect(reading.faults.map(\.code) == ["AMOUNT-FORMAT", "AMOUNT-PRECISION"])
        #expect(reading.faults.allSatisfy { $0.severity == .row })
        #expect(documents.count == 2)
    }

    @Test("A file of purchases alone is refused")
    func nothing() throws {
        let purchases = portugal(customers: "").replacing("SalesInvoices", with: "PurchaseInvoices")
        let (documents, reading) = try read(purchases)
        #expect(documents.isEmpty && reading.refused)
        #expect(reading.faults.map(\.code) == ["SAFT-NOTHING"])
    }

    @Test("Of a Norwegian file the lines on customers' accounts are read")
    func norway() throws {
        func entry(_ id: String, _ lines: String) -> String {
            "<n1:Transaction><n1:TransactionID>\(id)</n1:TransactionID>"
                + "<n1:TransactionDate>2026-03-02</n1:TransactionDate>\(lines)</n1:Transaction>"
        }
        func line(_ account: String, _ side: String, _ amount: String, _ more: String = "") -> String {
            "<n1:Line><n1:RecordID>2</n1:RecordID><n1:AccountID>\(account)</n1:AccountID>\(more)"
                + "<n1:\(side)Amount><n1:Amount>\(amount)</n1:Amount></n1:\(side)Amount></n1:Line>"
        }
        let customer = "<n1:CustomerID>1000</n1:CustomerID>"
        let text = """
            <n1:AuditFile xmlns:n1="urn:StandardAuditFile-Taxation-Financial:NO"><n1:Header>
            <n1:Company><n1:RegistrationNumber>888888888</n1:RegistrationNumber><n1:Name>Oss</n1:Name></n1:Company>
            <n1:DefaultCurrencyCode>NOK</n1:DefaultCurrencyCode></n1:Header>
            <n1:MasterFiles><n1:GeneralLedgerAccounts><n1:Account><n1:AccountID>1920</n1:AccountID>
            <n1:StandardAccountID>19</n1:StandardAccountID></n1:Account></n1:GeneralLedgerAccounts>
            <n1:Customers><n1:Customer><n1:Name>Butikk</n1:Name>\(customer)
            <n1:OpeningDebitBalance>32000</n1:OpeningDebitBalance></n1:Customer></n1:Customers></n1:MasterFiles>
            <n1:GeneralLedgerEntries><n1:Journal>
            \(entry("1", line("1500", "Debit", "1250", customer + "<n1:ReferenceNumber>F1</n1:ReferenceNumber>")
                + line("3000", "Credit", "1250")))
            \(entry("2", line("1500", "Credit", "250", customer + "<n1:ReferenceNumber>K1</n1:ReferenceNumber>")
                + line("3000", "Debit", "250")))
            \(entry("3", line("1920", "Debit", "1000")
                + line("1500", "Credit", "1000", customer + "<n1:ReferenceNumber>F1</n1:ReferenceNumber>")))
            </n1:Journal></n1:GeneralLedgerEntries></n1:AuditFile>
            """
        let (documents, reading) = try read(text)
        #expect(reading.faults.map(\.code) == ["SAFT-OPENING"])
        let invoices = documents.compactMap { if case .invoice(let one) = $0 { one } else { nil } }
        #expect(invoices.map(\.number) == ["F1", "K1"])
        #expect(invoices.map { $0.total?.amountText } == ["1250.00", "-250.00"])
        #expect(invoices.map(\.kind) == [.invoice, .creditNote])
        let payments = documents.compactMap { if case .payment(let one) = $0 { one } else { nil } }
        #expect(payments.map(\.amount.amountText) == ["1000.00"])
        #expect(payments.map(\.id) == ["3/2"])
        #expect(payments.first?.remittance == "F1")
    }

    @Test("The OECD core's own names for lines and totals are read, amounts in an element of their own")
    func core() throws {
        let text = """
            <AuditFile xmlns="mfp:anaf:dgti:d406:declaratie:v1"><Header><DefaultCurrencyCode>RON</DefaultCurrencyCode></Header>
            <MasterFiles><Customers><Customer><CustomerID>00123</CustomerID><Name>Client</Name></Customer></Customers>
            </MasterFiles><SourceDocuments><SalesInvoices><Invoice><InvoiceNo>F1</InvoiceNo>
            <CustomerInfo><CustomerID>00123</CustomerID></CustomerInfo><InvoiceDate>2026-03-02</InvoiceDate>
            <InvoiceType>381</InvoiceType><InvoiceDocumentTotals><GrossTotal>119.00</GrossTotal></InvoiceDocumentTotals>
            </Invoice></SalesInvoices><Payments>
            <Payment><PaymentRefNo>P1</PaymentRefNo><TransactionDate>2026-03-09</TransactionDate><PaymentMethod>42</PaymentMethod>
            <PaymentLine><SourceDocumentID>F0</SourceDocumentID><CustomerID>00123</CustomerID>
            <DebitCreditIndicator>C</DebitCreditIndicator><PaymentLineAmount><Amount>50.00</Amount></PaymentLineAmount></PaymentLine>
            </Payment><Payment><PaymentRefNo>P2</PaymentRefNo><TransactionDate>2026-03-09</TransactionDate>
            <PaymentLine><SupplierID>9</SupplierID><PaymentLineAmount><Amount>7.00</Amount></PaymentLineAmount></PaymentLine>
            </Payment></Payments></SourceDocuments></AuditFile>
            """
        let (documents, reading) = try read(text)
        #expect(reading.faults.isEmpty, "\(reading.faults)")
        #expect(
            documents.compactMap { if case .invoice(let one) = $0 { one.total?.amountText } else { nil } } == [
                "-119.00"
            ])
        let payments = documents.compactMap { if case .payment(let one) = $0 { one } else { nil } }
        #expect(payments.map(\.amount.amountText) == ["50.00"])
        #expect(payments.first?.customerID == "00123")
        #expect(allocations(documents) == ["P1 F0 50.00"])
    }

    @Test("Cut anywhere, the file is refused")
    func cut() throws {
        let bytes = Array(portugal(invoices: invoice("FT 1/1")).utf8)
        for count in stride(from: 0, to: bytes.count - 1, by: 41) {
            let origin = Provenance.Origin(sha256: "", name: "saft.xml", format: "saf-t")
            let reading = try SAFTFormat.read(pieces: [Array(bytes.prefix(count))], origin) { _ in }
            #expect(reading.refused, "cut at \(count)")
        }
    }
}
