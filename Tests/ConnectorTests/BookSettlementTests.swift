// SPDX-License-Identifier: Apache-2.0
import Connector
import Testing
import Trees

/// The accounting system's ledger and the bank's file state the same receipts.
@Suite("Cash of an accounting ledger and of the bank is there once")
struct BookSettlementTests {
    enum Step: CaseIterable, Sendable { case ledger, bank, reconcile }

    static let orders: [[Step]] = [
        [.bank, .ledger, .reconcile], [.ledger, .bank, .reconcile], [.bank, .reconcile, .ledger, .reconcile],
        [.ledger, .reconcile, .bank, .reconcile],
    ]

    @Test(
        "A ledger and the bank file of the same month give the same books in either order",
        arguments: LedgerSample.Kind.allCases, orders)
    func eitherOrder(_ kind: LedgerSample.Kind, _ order: [Step]) throws {
        let scene = try ConversationScene()
        for step in order {
            switch step {
            case .ledger: try scene.importing("ledger.\(kind.ending)", LedgerSample.text(kind))
            case .bank: try scene.importing("bank.xml", LedgerSample.bank(LedgerSample.receipts))
            case .reconcile: _ = try scene.workplace().reconcile(dryRun: false, allocations: nil)
            }
            #expect(try !scene.workplace().verify().failed, "after \(step)")
        }
        #expect(try scene.openItems() == ["F2026-12 150.00", "F2026-13 300.00"])
        #expect(try scene.amounts(.items, "source_clearing") == ["0.00", "0.00", "0.00"])
        let payments = try scene.list(.payments)
        #expect(
            payments.filter { $0["status"]?.scalar == "booked" }.map { $0["source"]?.scalar } == [
                "documents", "documents",
            ])
        #expect(try scene.amounts(.payments, "unapplied").allSatisfy { $0 == "0.00" }, "\(payments)")
        #expect(
            payments.filter { $0["status"]?.scalar == "information" }.allSatisfy {
                $0["source"]?.scalar == "accounting"
            })
    }

    @Test("Without a bank file the ledger's payments settle, and are no cash", arguments: LedgerSample.Kind.allCases)
    func ledgerAlone(_ kind: LedgerSample.Kind) throws {
        let scene = try ConversationScene()
        try scene.importing("ledger.\(kind.ending)", LedgerSample.text(kind))
        try scene.importing("again.\(kind.ending)", LedgerSample.text(kind) + "\n")
        let answer = try scene.workplace().reconcile(dryRun: false, allocations: nil)
        #expect(answer.json.at("cash.0.received") ?? "0.00" == "0.00")
        #expect(try scene.openItems() == ["F2026-12 150.00", "F2026-13 300.00"])
        #expect(try scene.amounts(.items, "source_clearing") == ["121.00", "50.00", "0.00"])
        #expect(try !scene.workplace().verify().failed)
    }

    @Test("What the ledger calls settled and no bank file proves for two weeks is for a person, until it is proved")
    func unproven() throws {
        let scene = try ConversationScene()
        func asked(_ day: String) throws -> [String] {
            scene.set(day)
            _ = try scene.workplace().plan(dryRun: false)
            return try scene.list(.exceptions).filter {
                $0["kind"]?.scalar == "SOURCE-CLEARING-OLD" && $0["state"]?.scalar == "open"
            }.compactMap { $0["message"]?.scalar }
        }
        try scene.importing("ledger.xaf", LedgerSample.text(.xaf))
        #expect(try asked("2026-07-28") == [])
        let messages = try asked("2026-08-24")
        #expect(messages.count == 1)
        #expect(messages.first?.contains("171.00 EUR on 2 items") == true, "\(messages)")
        #expect(try asked("2026-08-25") == messages)
        try scene.importing("bank.xml", LedgerSample.bank(LedgerSample.receipts))
        _ = try scene.workplace().reconcile(dryRun: false, allocations: nil)
        #expect(try asked("2026-08-26") == [])
        #expect(try !scene.workplace().verify().failed)
    }

    @Test("Payments may come before their invoices", arguments: [true, false])
    func paymentsFirst(_ swapped: Bool) throws {
        let scene = try ConversationScene()
        let files = [
            LedgerSample.xaf(sales: LedgerSample.invoices, money: []),
            LedgerSample.xaf(sales: [], money: LedgerSample.receipts),
        ]
        for (index, file) in (swapped ? files.reversed() : files).enumerated() {
            try scene.importing("\(index).xaf", file)
        }
        #expect(try scene.openItems() == ["F2026-12 150.00", "F2026-13 300.00"])
    }

    @Test("What an export of open items knew already is not taken off again; what came later is")
    func statedOpen() throws {
        let scene = try ConversationScene()
        scene.set("2026-07-15")
        try scene.importing(
            "open.csv",
            """
            number,kind,customer_id,customer_name,currency,issued_on,due_on,total,open
            F2026-12,invoice,10001,Bakker B.V.,EUR,2026-07-01,2026-07-31,200.00,180.00

            """)
        scene.set("2026-08-10")
        let money: [LedgerSample.Line] = [
            ("F2026-12", "20.00", "2026-07-10"), ("F2026-12", "50.00", "2026-07-21"),
        ]
        try scene.importing("money.xaf", LedgerSample.xaf(sales: [], money: money))
        #expect(try scene.openItems() == ["F2026-12 130.00"])
    }

    @Test("Coins have no bank entry: the ledger's word is their cash", arguments: LedgerSample.Kind.allCases)
    func coins(_ kind: LedgerSample.Kind) throws {
        let scene = try ConversationScene()
        try scene.importing("ledger.\(kind.ending)", LedgerSample.text(kind, isCash: true))
        _ = try scene.workplace().reconcile(dryRun: false, allocations: nil)
        #expect(try scene.openItems() == ["F2026-12 150.00", "F2026-13 300.00"])
        #expect(try scene.amounts(.items, "cash") == ["121.00", "50.00", "0.00"])
    }

    @Test(
        "Money on account by the ledger alone lowers what may be asked, until the bank says it",
        arguments: [true, false])
    func onAccount(_ isBankRead: Bool) throws {
        let scene = try ConversationScene()
        try scene.importing(
            "customers.csv",
            """
            id,number,name,party_type,phone,email,country,language,time_zone,account,opted_in,opted_out,do_not_automate
            10001,10001,Bakker B.V.,business,+31600000001,a@example.com,NL,nl,Europe/Amsterdam,,true,false,false

            """)
        let sales: [LedgerSample.Line] = [("F2026-11", "121.00", "2026-06-01")]
        let money: [LedgerSample.Line] = [("", "121.00", "2026-07-21")]
        try scene.importing("ledger.xaf", LedgerSample.xaf(sales: sales, money: money))
        let bank: [LedgerSample.Line] = isBankRead ? [("loan", "5.00", "2026-08-07")] : [("loan", "5.00", "2026-07-03")]
        try scene.importing("bank.xml", LedgerSample.bank(bank))
        let plan = try scene.workplace().plan(dryRun: true).json
        #expect((plan.at("held.0.rule") == "NET-ZERO") == !isBankRead, "\(plan.indentedJSON)")
    }
}

extension ConversationScene {
    /// Number and open amount of what is open, by number.
    func openItems() throws -> [String] {
        try list(.items).filter { $0["open"]?.scalar != "0.00" }.map {
            "\($0["number"]?.scalar ?? "") \($0["open"]?.scalar ?? "")"
        }.sorted()
    }

    func amounts(_ what: Workplace.Listing, _ key: String) throws -> [String] {
        try list(what).sorted { ($0["number"]?.scalar ?? "") < ($1["number"]?.scalar ?? "") }.map {
            $0[key]?.scalar ?? ""
        }
    }
}

/// One month of one customer as each ledger format, and the bank, write it.
enum LedgerSample {
    /// An invoice's number, an amount, a day.
    typealias Line = (number: String, amount: String, day: String)

    enum Kind: CaseIterable, Sendable {
        case saft, xaf, datev

        var ending: String { self == .datev ? "csv" : self == .xaf ? "xaf" : "xml" }
    }

    static let invoices: [Line] = [
        ("F2026-11", "121.00", "2026-07-01"), ("F2026-12", "200.00", "2026-07-01"),
        ("F2026-13", "300.00", "2026-07-02"),
    ]
    static let receipts: [Line] = [("F2026-11", "121.00", "2026-07-20"), ("F2026-12", "50.00", "2026-07-21")]

    static func text(_ kind: Kind, isCash: Bool = false) -> String {
        switch kind {
        case .saft: saft(means: isCash ? "NU" : "TB")
        case .xaf: xaf(sales: invoices, money: receipts, journal: isCash ? "C" : "B")
        case .datev: datev(account: isCash ? "1000" : "1200")
        }
    }

    private static func saft(means: String) -> String {
        let sales = invoices.map {
            """
            <Invoice><InvoiceNo>\($0.number)</InvoiceNo><DocumentStatus><InvoiceStatus>N</InvoiceStatus></DocumentStatus>
            <InvoiceDate>\($0.day)</InvoiceDate><InvoiceType>FT</InvoiceType><CustomerID>10001</CustomerID>
            <DocumentTotals><TaxPayable>0.00</TaxPayable><NetTotal>\($0.amount)</NetTotal>
            <GrossTotal>\($0.amount)</GrossTotal></DocumentTotals></Invoice>
            """
        }.joined()
        let money = receipts.enumerated().map { index, line in
            """
            <Payment><PaymentRefNo>RG 1/\(index)</PaymentRefNo><TransactionDate>\(line.day)</TransactionDate>
            <DocumentStatus><PaymentStatus>N</PaymentStatus></DocumentStatus><PaymentMethod>
            <PaymentMechanism>\(means)</PaymentMechanism><PaymentAmount>\(line.amount)</PaymentAmount>
            <PaymentDate>\(line.day)</PaymentDate></PaymentMethod><CustomerID>10001</CustomerID>
            <Line><SourceDocumentID><OriginatingON>\(line.number)</OriginatingON></SourceDocumentID>
            <CreditAmount>\(line.amount)</CreditAmount></Line>
            <DocumentTotals><GrossTotal>\(line.amount)</GrossTotal></DocumentTotals></Payment>
            """
        }.joined()
        return """
            <?xml version="1.0" encoding="UTF-8"?>
            <AuditFile xmlns="urn:OECD:StandardAuditFile-Tax:PT_1.04_01"><Header><CompanyName>Acme B.V.</CompanyName>
            <StartDate>2026-07-01</StartDate><EndDate>2026-07-31</EndDate><CurrencyCode>EUR</CurrencyCode></Header>
            <MasterFiles><Customer><CustomerID>10001</CustomerID><CompanyName>Bakker B.V.</CompanyName></Customer>
            </MasterFiles><SourceDocuments><SalesInvoices>\(sales)</SalesInvoices><Payments>\(money)</Payments>
            </SourceDocuments></AuditFile>
            """
    }

    static func xaf(sales: [Line], money: [Line], journal: String = "B") -> String {
        func transactions(_ type: String, _ lines: [Line], _ side: String) -> String {
            lines.enumerated().map { index, line in
                let reference = line.number.isEmpty ? "" : "<invRef>\(line.number)</invRef>"
                return "<journal><jrnID>J\(type)</jrnID><jrnTp>\(type)</jrnTp><transaction><nr>\(index)</nr>"
                    + "<trDt>\(line.day)</trDt><trLine><nr>1</nr><accID>1300</accID><desc>x</desc>"
                    + "<amnt>\(line.amount)</amnt><amntTp>\(side)</amntTp><custSupID>10001</custSupID>\(reference)"
                    + "</trLine></transaction></journal>"
            }.joined()
        }
        return """
            <?xml version="1.0" encoding="UTF-8"?>
            <auditfile xmlns="http://www.auditfiles.nl/XAF/3.2"><header><fiscalYear>2026</fiscalYear>
            <startDate>2026-07-01</startDate><endDate>2026-07-31</endDate><curCode>EUR</curCode></header>
            <company><companyName>Acme B.V.</companyName><customersSuppliers><customerSupplier>
            <custSupID>10001</custSupID><custSupName>Bakker B.V.</custSupName><custSupTp>C</custSupTp>
            </customerSupplier></customersSuppliers><generalLedger><ledgerAccount><accID>1300</accID>
            <accDesc>Debiteuren</accDesc><accTp>B</accTp></ledgerAccount></generalLedger>
            <transactions>\(transactions("S", sales, "D"))\(transactions(journal, money, "C"))</transactions>
            </company></auditfile>
            """
    }

    private static func datev(account: String) -> String {
        let columns = [
            "Umsatz (ohne Soll/Haben-Kz)", "Soll/Haben-Kennzeichen", "WKZ Umsatz", "Kurs", "Basisumsatz",
            "WKZ Basisumsatz", "Konto", "Gegenkonto (ohne BU-Schlüssel)", "BU-Schlüssel", "Belegdatum",
            "Belegfeld 1", "Belegfeld 2", "Skonto", "Buchungstext",
        ].joined(separator: ";")
        func row(_ line: Line, _ side: String, _ other: String) -> String {
            let amount = String(line.amount.map { $0 == "." ? "," : $0 })
            let day = "\(line.day.suffix(2))\(line.day.dropFirst(5).prefix(2))"
            return "\(amount);\"\(side)\";\"\";;;;10001;\(other);;\(day);\"\(line.number)\";\"\";;\"x\""
        }
        let head =
            "\"EXTF\";700;\"21\";\"Buchungsstapel\";9;20260801102500000;;\"XY\";\"\";\"\";1001;456;20260101;4;"
            + "20260701;20260731;\"Test\";\"\";1;;0;\"EUR\";\"\";\"\";\"\";\"\";\"03\";;;\"\";\"\""
        return
            ([head, columns] + invoices.map { row($0, "S", "8400") } + receipts.map { row($0, "H", account) })
            .joined(separator: "\r\n") + "\r\n"
    }

    /// A statement of July as camt.053.
    static func bank(_ lines: [Line]) -> String {
        let entries = lines.map { line in
            "<Ntry><Amt Ccy=\"EUR\">\(line.amount)</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>"
                + "<BookgDt><Dt>\(line.day)</Dt></BookgDt><ValDt><Dt>\(line.day)</Dt></ValDt><NtryDtls><TxDtls><Refs>"
                + "<AcctSvcrRef>B\(line.amount)</AcctSvcrRef></Refs><RltdPties><Dbtr><Pty><Nm>Bakker B.V.</Nm></Pty></Dbtr>"
                + "</RltdPties><RmtInf><Ustrd>Factuur \(line.number)</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"
        }.joined()
        return """
            <?xml version="1.0" encoding="UTF-8"?>
            <Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>
            <GrpHdr><MsgId>M1</MsgId></GrpHdr><Stmt><Id>S1</Id><ElctrncSeqNb>7</ElctrncSeqNb>
            <FrToDt><FrDtTm>2026-07-01T00:00:00</FrDtTm><ToDtTm>2026-08-07T23:59:59</ToDtTm></FrToDt>
            <Acct><Id><IBAN>NL91ABNA0417164300</IBAN></Id><Ccy>EUR</Ccy></Acct>\(entries)</Stmt></BkToCstmrStmt>
            </Document>
            """
    }
}
