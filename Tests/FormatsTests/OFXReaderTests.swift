// SPDX-License-Identifier: Apache-2.0
import Documents
import Formats
import Testing

/// What the statements of banks and card issuers become.
@Suite("OFX becomes payments and statements")
struct OFXReaderTests {
    @Test("SGML without closing tags and XML say the same")
    func both() throws {
        for isXML in [false, true] {
            var sample = OFXSample(isXML: isXML)
            sample.transactions = [
                [
                    "TRNTYPE": "CREDIT", "DTPOSTED": "20260302120000.000[-3:BRT]", "DTAVAIL": "20260303",
                    "TRNAMT": "121.00", "FITID": "N-1", "NAME": "Buyer &amp; Sons", "MEMO": "INV-7 A & B",
                    "SRVRTID": "8877665544",
                ]
            ]
            let (payments, statements, reading) = try sample.read()
            #expect(reading.faults.isEmpty, "\(reading.faults)")
            let payment = try #require(payments.first)
            #expect(payment.amount == Money(minorUnits: 12100, currency: .brl))
            #expect(payment.account == "12345-6")
            #expect(payment.id == "N-1/2026-03-02/121.00")
            #expect(payment.entryReference == "8877665544")
            #expect(payment.payerName == "Buyer & Sons")
            #expect(payment.remittance == "Buyer & Sons INV-7 A & B")
            #expect(payment.bookedOn.text == "2026-03-02")
            #expect(payment.valuedOn?.text == "2026-03-03")
            #expect(payment.bankCode == "CREDIT")
            let statement = try #require(statements.first)
            #expect(statement.from?.text == "2026-03-01")
            #expect(statement.to?.text == "2026-03-31")
            #expect(statement.closingBalance == Money(minorUnits: 50000, currency: .brl))
            #expect(statement.closingOn?.text == "2026-03-31")
            #expect(statement.entryCount == 1)
            #expect(statement.kind == .statement)
        }
    }

    @Test(
        "Amounts are read as banks write them",
        arguments: [
            ("-200,00", -20000), ("1.234,56", 123_456), ("1,234.56", 123_456), ("+00000000000115.83", 11583),
            ("1 234,5", 123_450), ("-.5", -50), ("12", 1200), ("1,234,567", 123_456_700), ("0,5", 50),
            ("0.005", 1), ("3070.1328011762807", 307_013),
        ])
    func amounts(_ text: String, _ minor: Int64) throws {
        var sample = OFXSample()
        sample.transactions = [["DTPOSTED": "20260302", "TRNAMT": text, "FITID": "1"]]
        let (payments, _, reading) = try sample.read()
        #expect(payments.map(\.amount.minorUnits) == [minor])
        let isRounded = text == "0.005" || text.hasPrefix("3070")
        #expect(reading.faults.map(\.code) == (isRounded ? ["AMOUNT-ROUNDED"] : []))
    }

    @Test(
        "A transaction that cannot be read is left out and named",
        arguments: [
            (["DTPOSTED": "20260302", "TRNAMT": "$20"], "OFX-AMOUNT"), (["DTPOSTED": "20260302"], "OFX-AMOUNT"),
            (["DTPOSTED": "20260302", "TRNAMT": "1,234"], "OFX-AMOUNT-AMBIGUOUS"), (["TRNAMT": "1.00"], "OFX-DATE"),
            (["DTPOSTED": "20260231", "TRNAMT": "1.00"], "OFX-DATE"),
            (["DTPOSTED": "201120000000", "TRNAMT": "1.00"], "OFX-DATE"),
            (["DTPOSTED": "20260302", "TRNAMT": "99999999999999999999"], "AMOUNT-RANGE"),
            (["DTPOSTED": "20260302", "TRNAMT": "1.234.5"], "OFX-AMOUNT"),
        ])
    func rows(_ transaction: [String: String], _ code: String) throws {
        var sample = OFXSample()
        sample.transactions = [transaction, ["DTPOSTED": "20260302", "TRNAMT": "1.00", "FITID": "2"]]
        let (payments, statements, reading) = try sample.read()
        #expect(payments.count == 1)
        #expect(statements.first?.entryCount == 2)
        #expect(reading.faults.map(\.code) == [code])
        #expect(reading.faults.first?.severity == .row)
    }

    @Test("A missing posting day is the day it was made")
    func userDay() throws {
        var sample = OFXSample()
        sample.transactions = [["DTUSER": "20260305", "TRNAMT": "1.00"]]
        #expect(try sample.read().payments.first?.bookedOn.text == "2026-03-05")
    }

    @Test("Ids that are not unique lose no payment")
    func ids() throws {
        var sample = OFXSample()
        let one = ["DTPOSTED": "20260302", "TRNAMT": "10.00", "FITID": "1"]
        sample.transactions = [one, one, ["DTPOSTED": "20260303", "TRNAMT": "10.00", "FITID": "1"]]
        let (payments, _, reading) = try sample.read()
        #expect(payments.map(\.id) == ["1/2026-03-02/10.00", "1/2026-03-02/10.00~2", "1/2026-03-03/10.00"])
        #expect(reading.faults.map(\.code) == ["OFX-FITID"])
    }

    @Test("An answer that is an error is refused with the bank's words")
    func errors() throws {
        let text =
            OFXSample.header + """
                <OFX><SIGNONMSGSRSV1><SONRS><STATUS><CODE>15500<SEVERITY>ERROR<MESSAGE>Wrong password</STATUS>
                </SONRS></SIGNONMSGSRSV1></OFX>
                """
        let (payments, statements, reading) = try OFXSample.read(text)
        #expect(payments.isEmpty && statements.isEmpty)
        #expect(reading.faults.map(\.code) == ["OFX-ERROR"])
        #expect(reading.faults.first?.message.contains("15500: Wrong password") == true)
    }

    @Test(
        "What is no statement is refused",
        arguments: [
            ("<OFX></OFX>", "OFX-NO-STATEMENT"), ("", "OFX-NO-STATEMENT"), ("<OFX><BANKMSGSRSV1>", "OFX-TRUNCATED"),
            ("<OFX><STMTRS><CURDEF>EUR</STMTRS></OFX>", "OFX-NO-ACCOUNT"),
            ("<OFX><STMTRS><CURDEF>XXQ<BANKACCTFROM><ACCTID>1</BANKACCTFROM></STMTRS></OFX>", "OFX-CURRENCY"),
            ("<OFX><STMTRS><CURDEF>EUR<BANKACCTFROM><ACCTID>1</BANKACCTFROM><STMTTRN><TRNAMT>1", "OFX-TRUNCATED"),
        ])
    func refusals(_ body: String, _ code: String) throws {
        let reading = try OFXSample.read(OFXSample.header + body).reading
        #expect(reading.refused)
        #expect(reading.faults.last?.code == code)
    }

    @Test("Several accounts and a card stay apart")
    func several() throws {
        var card = OFXSample()
        card.isCard = true
        card.account = "4111"
        card.transactions = [["DTPOSTED": "20260302", "TRNAMT": "-5.50", "FITID": "1"]]
        var bank = OFXSample()
        bank.transactions = [["DTPOSTED": "20260302", "TRNAMT": "7.00", "FITID": "1"]]
        let (payments, statements, reading) = try OFXSample.read(
            OFXSample.header + "<OFX>" + card.statement + bank.statement + "</OFX>")
        #expect(reading.faults.isEmpty)
        #expect(payments.map(\.account) == ["4111", "12345-6"])
        #expect(statements.map(\.debits.minorUnits) == [550, 0])
    }

    @Test("Securities trades are no payments; the bank transactions beside them are")
    func investments() throws {
        let text =
            OFXSample.header + """
                <OFX><INVSTMTMSGSRSV1><INVSTMTTRNRS><INVSTMTRS><DTASOF>20260331<CURDEF>USD<INVACCTFROM><BROKERID>x<ACCTID>A1
                </INVACCTFROM><INVTRANLIST><DTSTART>20260301<DTEND>20260331
                <BUYSTOCK><INVBUY><INVTRAN><FITID>1<DTTRADE>20260302</INVTRAN><UNITS>5<TOTAL>-100</INVBUY></BUYSTOCK>
                <INVBANKTRAN><STMTTRN><TRNTYPE>CREDIT<DTPOSTED>20260303<TRNAMT>3.35<FITID>2<CURRENCY><CURRATE>1.06<CURSYM>EUR
                </CURRENCY></STMTTRN><SUBACCTFUND>CASH</INVBANKTRAN>
                </INVTRANLIST></INVSTMTRS></INVSTMTTRNRS></INVSTMTMSGSRSV1></OFX>
                """
        let (payments, statements, reading) = try OFXSample.read(text)
        #expect(payments.map(\.amount) == [Money(minorUnits: 335, currency: .eur)])
        #expect(statements.first?.kind == .notification)
        #expect(statements.first?.credits.isZero == true)
        #expect(reading.faults.map(\.code) == ["OFX-ENTRY-CURRENCY", "OFX-TRADES"])
    }

    @Test("A header that lies about the encoding misleads nobody")
    func encodings() throws {
        var sample = OFXSample(isXML: true)
        sample.encoding = "utf-16"
        sample.transactions = [["DTPOSTED": "20260302", "TRNAMT": "1.00", "MEMO": "Pagamento João"]]
        #expect(try sample.read().payments.first?.remittance == "Pagamento João")
        var old = OFXSample()
        old.transactions = [["DTPOSTED": "20260302", "TRNAMT": "1.00", "MEMO": "Jo*o"]]
        let bytes = Array(old.text.utf8).map { $0 == 0x2A ? 0xE3 : $0 }
        let (payments, _, reading) = try OFXSample.read(bytes: bytes)
        #expect(payments.first?.remittance == "João")
        #expect(reading.faults.isEmpty, "the header says 1252")
    }

    @Test("A file on one line, glued to its header, in any pieces, is the same file", arguments: [1, 3, 50, 100_000])
    func pieces(_ size: Int) throws {
        var sample = OFXSample()
        sample.transactions = [
            ["DTPOSTED": "20260302", "TRNAMT": "1.00", "FITID": "1", "MEMO": "<![CDATA[a < b]]>", "NAME": "C & A <3"]
        ]
        let bytes = Array(sample.text.replacing("\n", with: "").utf8)
        let pieces = stride(from: 0, to: bytes.count, by: size).map { Array(bytes[$0..<min(bytes.count, $0 + size)]) }
        var payments: [Payment] = []
        let origin = Provenance.Origin(sha256: "", name: "sample.ofx", format: "ofx")
        let reading = try OFXFormat.read(pieces: pieces, origin) {
            if case .payment(let payment) = $0 { payments.append(payment) }
        }
        #expect(reading.faults.isEmpty, "\(reading.faults)")
        #expect(payments.first?.remittance == "C & A <3 a < b")
    }

    @Test("It is told apart by its header or its root element")
    func detection() {
        func confidence(_ text: String) -> Int { OFXFormat.format.detect(Array(text.utf8), "x").confidence }
        #expect(confidence("\n\n OFXHEADER:100\nDATA:OFXSGML\n") == 100)
        #expect(confidence("<?xml version=\"1.0\"?>\n<?OFX OFXHEADER=\"200\"?><OFX>") == 100)
        #expect(confidence("\n<OFX>\n<SIGNONMSGSRSV1>") == 95)
        #expect(confidence("<Invoice><OFX></OFX></Invoice>") == 0)
        #expect(confidence("a;b;c") == 0)
        #expect(confidence("") == 0)
    }
}

/// A small statement to change one thing of.
struct OFXSample {
    var isXML = false
    var isCard = false
    var encoding = "UTF-8"
    var account = "12345-6"
    var transactions: [[String: String]] = []

    init(isXML: Bool = false) { self.isXML = isXML }

    static let header = """
        OFXHEADER:100
        DATA:OFXSGML
        VERSION:102
        SECURITY:NONE
        ENCODING:USASCII
        CHARSET:1252
        COMPRESSION:NONE
        OLDFILEUID:NONE
        NEWFILEUID:NONE

        """

    private func element(_ name: String, _ text: String) -> String {
        isXML ? "<\(name)>\(text)</\(name)>\n" : "<\(name)>\(text)\n"
    }

    var statement: String {
        let kind = isCard ? "CC" : ""
        let order = [
            "TRNTYPE", "DTPOSTED", "DTUSER", "DTAVAIL", "TRNAMT", "FITID", "SRVRTID", "CORRECTFITID", "CORRECTACTION",
            "NAME", "MEMO",
        ]
        let list = transactions.map { transaction in
            let inner = order.compactMap { name in transaction[name].map { element(name, $0) } }.joined()
            return "<STMTTRN>\n\(inner)</STMTTRN>\n"
        }
        let side = isCard ? "CC" : "BANK"
        return [
            "<\(kind)STMTTRNRS><\(kind)STMTRS>\n", element("CURDEF", "BRL"), "<\(side)ACCTFROM>\n",
            element("ACCTID", account), "</\(side)ACCTFROM>\n<BANKTRANLIST>\n", element("DTSTART", "20260301"),
            element("DTEND", "20260430"), list.joined(), "</BANKTRANLIST>\n<LEDGERBAL>\n", element("BALAMT", "500.00"),
            element("DTASOF", "20260331"), "</LEDGERBAL>\n</\(kind)STMTRS></\(kind)STMTTRNRS>\n",
        ].joined()
    }

    var text: String {
        let start =
            isXML
            ? "<?xml version=\"1.0\" encoding=\"\(encoding)\"?>\n<?OFX OFXHEADER=\"200\" VERSION=\"203\"?>\n"
            : Self.header
        return [
            start, "<OFX>\n<SIGNONMSGSRSV1><SONRS>\n<STATUS>\n", element("CODE", "0"), element("SEVERITY", "INFO"),
            "</STATUS>\n", element("DTSERVER", "20260331101010"), "</SONRS></SIGNONMSGSRSV1>\n", statement, "</OFX>\n",
        ].joined()
    }

    func read() throws -> (payments: [Payment], statements: [Statement], reading: Reading) { try Self.read(text) }

    static func read(_ text: String) throws -> (payments: [Payment], statements: [Statement], reading: Reading) {
        try read(bytes: Array(text.utf8))
    }

    static func read(bytes: [UInt8]) throws -> (payments: [Payment], statements: [Statement], reading: Reading) {
        let origin = Provenance.Origin(sha256: "", name: "sample.ofx", format: "ofx")
        var payments: [Payment] = []
        var statements: [Statement] = []
        let reading = try OFXFormat.read(pieces: [bytes], origin) {
            if case .payment(let payment) = $0 { payments.append(payment) }
            if case .statement(let statement) = $0 { statements.append(statement) }
        }
        return (payments, statements, reading)
    }
}
