// SPDX-License-Identifier: Apache-2.0
import Documents
import Formats
import Testing

/// What a Dutch audit file's records become.
@Suite("XAF becomes customers, invoices, payments and what they pay")
struct XAFReaderTests {
    private func read(_ text: String) throws -> (documents: [Document], reading: Reading) {
        var documents: [Document] = []
        let origin = Provenance.Origin(sha256: "", name: "audit.xaf", format: "xaf")
        let reading = try XAFFormat.read(pieces: [Array(text.utf8)], origin) { documents.append($0) }
        return (documents, reading)
    }

    private func file(
        journals: String, opening: String = "", subledgers: String = "", version: String = "3.2",
        account: String =
            "<ledgerAccount><accID>1300</accID><accDesc>Debiteuren</accDesc><accTp>B</accTp></ledgerAccount>"
    ) -> String {
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <auditfile xmlns="http://www.auditfiles.nl/XAF/\(version)"><header><fiscalYear>2026</fiscalYear>
        <startDate>2026-01-01</startDate><endDate>2026-12-31</endDate><curCode>EUR</curCode></header>
        <company><companyName>Wij B.V.</companyName><customersSuppliers>
        <customerSupplier><custSupID>100</custSupID><custSupName>Bakker B.V.</custSupName><custSupTp>C</custSupTp>
        <eMail>admin@bakker.example</eMail><streetAddress><country>NL</country></streetAddress></customerSupplier>
        <customerSupplier><custSupID>900</custSupID><custSupName>Leverancier</custSupName><custSupTp>S</custSupTp>
        </customerSupplier></customersSuppliers><generalLedger>\(account)
        <ledgerAccount><accID>8000</accID><accDesc>Omzet</accDesc><accTp>P</accTp></ledgerAccount>
        </generalLedger><openingBalance><opBalDate>2026-01-01</opBalDate>\(opening)</openingBalance>
        <transactions>\(journals)\(subledgers)</transactions></company></auditfile>
        """
    }

    private func journal(_ type: String, _ lines: String, offset: String = "") -> String {
        "<journal><jrnID>J\(type)</jrnID><jrnTp>\(type)</jrnTp>\(offset)<transaction><nr>7</nr><trDt>2026-03-02</trDt>"
            + "\(lines)</transaction></journal>"
    }

    private func line(
        _ n: Int, _ account: String, _ amount: String, _ side: String, customer: String? = "100",
        invoice: String? = "F1"
    ) -> String {
        "<trLine><nr>\(n)</nr><accID>\(account)</accID><desc>regel</desc><amnt>\(amount)</amnt><amntTp>\(side)</amntTp>"
            + (customer.map { "<custSupID>\($0)</custSupID>" } ?? "") + (invoice.map { "<invRef>\($0)</invRef>" } ?? "")
            + "</trLine>"
    }

    private func invoices(_ documents: [Document]) -> [Invoice] {
        documents.compactMap { if case .invoice(let one) = $0 { one } else { nil } }
    }

    @Test("Of a sale the line on the receivables account is the invoice, whatever lines name the customer")
    func sale() throws {
        let sale = line(1, "1300", "121.00", "D") + line(2, "8000", "100.00", "C") + line(3, "1500", "21.00", "C")
        let (documents, reading) = try read(file(journals: journal("S", sale)))
        #expect(reading.faults.isEmpty, "\(reading.faults)")
        guard case .customer(let customer)? = documents.first else { return }
        #expect(customer.id == "100" && customer.name == "Bakker B.V." && customer.email == "admin@bakker.example")
        let found = invoices(documents)
        #expect(documents.count == 2)
        #expect(found.map(\.number) == ["F1"])
        #expect(found.map { $0.total?.minorUnits } == [12100])
        #expect(found.first?.customerID == "100")
        #expect(found.first?.issuedOn.text == "2026-03-02")
        #expect(found.first?.id == "JS/7/100/F1")
    }

    @Test("The subledger, which comes later, gives the due day; several lines of one invoice are one")
    func terms() throws {
        let sale = line(1, "1300", "100.00", "D") + line(2, "1300", "21.00", "D")
        let subledger =
            "<subledgers><subledger><sbType>CS</sbType><sbLine><custSupID>100</custSupID><invRef>F1</invRef>"
            + "<invDt>2026-03-01</invDt><invDueDt>2026-03-31</invDueDt><amnt>121</amnt><amntTp>D</amntTp></sbLine>"
            + "</subledger></subledgers>"
        let found = invoices(try read(file(journals: journal("S", sale), subledgers: subledger)).documents)
        #expect(found.map { $0.total?.minorUnits } == [12100])
        #expect(found.map(\.dueOn?.text) == ["2026-03-31"])
        #expect(found.map(\.issuedOn.text) == ["2026-03-01"])
        #expect(found.map(\.postedOn?.text) == ["2026-03-02"])
    }

    @Test("A transaction of a hundred thousand lines is read in a moment, each at its place", .timeLimit(.minutes(1)))
    func manyLines() throws {
        let count = 100_000
        let lines = (1...count).map { line($0, "1300", "1.00", "D", invoice: "F\($0)") }.joined()
        let (documents, reading) = try read(file(journals: journal("S", lines)))
        #expect(reading.faults.isEmpty, "\(reading.faults.prefix(3))")
        #expect(invoices(documents).count == count)
        #expect(documents.last?.provenance.at.text.hasSuffix("/transaction[1]/trLine[\(count)]") == true)
    }

    @Test("A credit is a credit note, money from the bank a payment with what it pays, a memorial a correction")
    func others() throws {
        let text = file(
            journals: journal("S", line(1, "1300", "50.00", "C", invoice: "C1"))
                + journal("B", line(1, "1100", "71.00", "D", customer: nil) + line(2, "1300", "71.00", "C"))
                + journal("M", line(1, "1300", "5.00", "C")))
        let (documents, reading) = try read(text)
        #expect(reading.faults.isEmpty, "\(reading.faults)")
        let found = invoices(documents)
        #expect(found.map(\.kind) == [.creditNote, .creditNote])
        #expect(found.map { $0.total?.minorUnits } == [-5000, -500])
        #expect(found.map(\.corrects) == [nil, "F1"])
        let payments = documents.compactMap { if case .payment(let one) = $0 { one } else { nil } }
        #expect(payments.map(\.amount.minorUnits) == [7100])
        #expect(payments.map(\.id) == ["JB/7/2"])
        let paid = documents.compactMap { if case .allocation(let one) = $0 { one } else { nil } }
        #expect(paid.map(\.invoiceID) == ["F1"] && paid.map(\.amount.minorUnits) == [7100])
    }

    @Test(
        "The receivables account is known by its reference code, its name or a sales journal",
        arguments: [
            "<ledgerAccount><accID>1300</accID><accDesc>Klanten</accDesc><accTp>B</accTp><leadCode>BVorDebHad</leadCode></ledgerAccount>",
            "<ledgerAccount><accID>1300</accID><accDesc>Accounts receivable</accDesc><accTp>B</accTp></ledgerAccount>",
            "offset",
        ])
    func account(_ account: String) throws {
        let offset = account == "offset" ? "<offsetAccID>1300</offsetAccID>" : ""
        let text = file(
            journals: journal("S", line(1, "1300", "121.00", "D"), offset: offset),
            account: account == "offset" ? "" : account)
        #expect(try invoices(read(text).documents).count == 1)
    }

    @Test("An account that a later sales journal names is receivables from the beginning")
    func laterAccount() throws {
        let text = file(
            journals: journal("B", line(1, "1300", "71.00", "C"))
                + journal("S", line(1, "1300", "71.00", "D"), offset: "<offsetAccID>1300</offsetAccID>"), account: "")
        #expect(try read(text).documents.count == 4)
    }

    @Test("Without a receivables account only customers are read, and that is said")
    func unknownAccount() throws {
        let (documents, reading) = try read(file(journals: journal("S", line(1, "1300", "1.00", "D")), account: ""))
        #expect(documents.count == 1)
        #expect(reading.faults.map(\.code) == ["XAF-NO-RECEIVABLES"])
    }

    @Test("Open items of the first day are invoices; an opening balance without them is told")
    func opening() throws {
        let balance = "<obLine><nr>1</nr><accID>1300</accID><amntTp>D</amntTp><amnt>60.00</amnt></obLine>"
        let (_, reading) = try read(file(journals: "", opening: balance))
        #expect(reading.faults.map(\.code) == ["XAF-OPENING"])
        let items =
            "<obSubledgers><obSubledger><sbType>CS</sbType><obSbLine><custSupID>100</custSupID><invRef>F0</invRef>"
            + "<invDt>2025-12-10</invDt><invDueDt>2026-01-09</invDueDt><amntTp>D</amntTp><amnt>60.00</amnt></obSbLine>"
            + "<obSbLine><custSupID>900</custSupID><invRef>X</invRef><amntTp>C</amntTp><amnt>5.00</amnt></obSbLine>"
            + "</obSubledger></obSubledgers>"
        let (documents, second) = try read(file(journals: "", opening: balance + items))
        #expect(second.faults.isEmpty, "\(second.faults)")
        #expect(invoices(documents).map(\.number) == ["F0"])
        #expect(invoices(documents).map(\.dueOn?.text) == ["2026-01-09"])
        #expect(invoices(documents).map(\.issuedOn.text) == ["2025-12-10"])
    }

    @Test("Bad lines are told and left out; another version and an empty file are refused")
    func faults() throws {
        let bad =
            line(1, "1300", "x", "D") + line(2, "1300", "1.00", "Q", invoice: "F2")
            + line(3, "1300", "2.00", "D", invoice: "F3")
        let (documents, reading) = try read(file(journals: journal("S", bad)))
        #expect(reading.faults.map(\.code) == ["AMOUNT-FORMAT", "XAF-AMOUNT"])
        #expect(invoices(documents).map(\.number) == ["F3"])
        #expect(try read(file(journals: "", version: "4.0")).reading.faults.map(\.code) == ["FORMAT-UNSUPPORTED"])
        let nothing =
            "<auditfile xmlns=\"http://www.auditfiles.nl/XAF/3.2\"><header><curCode>EUR</curCode></header></auditfile>"
        #expect(try read(nothing).reading.faults.map(\.code) == ["XAF-NOTHING"])
        let whole = Array(file(journals: "").utf8)
        for count in stride(from: 0, to: whole.count - 1, by: 61) {
            #expect(try read(String(decoding: whole.prefix(count), as: UTF8.self)).reading.refused)
        }
    }
}
