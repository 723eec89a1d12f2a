// SPDX-License-Identifier: Apache-2.0
import Documents
import Formats
import Testing

/// What a status report's transactions become.
@Suite("pain.002 becomes rejected and returned direct debits")
struct PainReaderTests {
    private func read(
        _ transactions: String, message: String = "pain.008.001.02", namespace: Bool = true, block: String = ""
    ) throws -> (payments: [Payment], reading: Reading) {
        let attribute = namespace ? " xmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.002.001.03\"" : ""
        let text = """
            <?xml version="1.0" encoding="UTF-8"?>
            <Document\(attribute)><CstmrPmtStsRpt>
            <GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-03-05T08:00:00Z</CreDtTm></GrpHdr>
            <OrgnlGrpInfAndSts><OrgnlMsgId>DD1</OrgnlMsgId><OrgnlMsgNmId>\(message)</OrgnlMsgNmId></OrgnlGrpInfAndSts>
            <OrgnlPmtInfAndSts><OrgnlPmtInfId>P1</OrgnlPmtInfId>\(block)\(transactions)</OrgnlPmtInfAndSts>
            </CstmrPmtStsRpt></Document>
            """
        var payments: [Payment] = []
        let origin = Provenance.Origin(sha256: "", name: "status.xml", format: "pain.002")
        let reading = try PainFormat.read(pieces: [Array(text.utf8)], origin) {
            if case .payment(let payment) = $0 { payments.append(payment) }
        }
        return (payments, reading)
    }

    private func transaction(
        _ status: String, _ reason: String = "AC04", collected: String = "2026-03-06", amount: String = "53.00"
    ) -> String {
        """
        <TxInfAndSts><OrgnlEndToEndId>E2E-1</OrgnlEndToEndId><TxSts>\(status)</TxSts>
        <StsRsnInf><Rsn><Cd>\(reason)</Cd></Rsn></StsRsnInf>
        <OrgnlTxRef><Amt><InstdAmt Ccy="EUR">\(amount)</InstdAmt></Amt><ReqdColltnDt>\(collected)</ReqdColltnDt>
        <RmtInf><Ustrd>INV-9</Ustrd></RmtInf><Dbtr><Nm>Buyer</Nm></Dbtr>
        <DbtrAcct><Id><IBAN>DE89370400440532013000</IBAN></Id></DbtrAcct>
        <CdtrAcct><Id><IBAN>NL77ABNA0574908765</IBAN></Id></CdtrAcct></OrgnlTxRef></TxInfAndSts>
        """
    }

    @Test("A rejection before the collection is a failed payment: no cash, and it names what and why")
    func rejected() throws {
        let (payments, reading) = try read(transaction("RJCT"))
        let payment = try #require(payments.first)
        #expect(reading.faults.isEmpty, "\(reading.faults)")
        #expect(payment.amount == Money(minorUnits: -5300, currency: .eur))
        #expect(payment.status == .failed)
        #expect(payment.reverses == "E2E-1")
        #expect(payment.endToEndID == nil)
        #expect(payment.returnReason == "AC04")
        #expect(payment.payerName == "Buyer")
        #expect(payment.payerAccount == "DE89370400440532013000")
        #expect(payment.account == "NL77ABNA0574908765")
        #expect(payment.remittance == "INV-9")
        #expect(payment.id == "M1/E2E-1")
        #expect(payment.bookedOn.text == "2026-03-05")
        #expect(payment.provenance.at.text.hasSuffix("/OrgnlPmtInfAndSts[1]/TxInfAndSts[1]"))
    }

    @Test(
        "A return after the collection is announced, and booked by the statement only",
        arguments: [("AC04", "2026-03-03"), ("MD06", "2026-03-06")])
    func returned(_ reason: String, _ collected: String) throws {
        #expect(try read(transaction("RJCT", reason, collected: collected)).payments.map(\.status) == [.pending])
    }

    @Test("What is accepted is no payment, and that is said")
    func accepted() throws {
        let (payments, reading) = try read(transaction("ACSP") + transaction("PDNG"))
        #expect(payments.isEmpty)
        #expect(reading.faults.map(\.code) == ["PAIN-NOTHING-RETURNED"])
        #expect(!reading.refused && reading.records == 2)
    }

    @Test("Our own rejected transfers are left out with a warning")
    func transfers() throws {
        let (payments, reading) = try read(transaction("RJCT"), message: "pain.001.001.03")
        #expect(payments.isEmpty)
        #expect(reading.faults.map(\.code) == ["PAIN-CREDIT-TRANSFER"])
    }

    @Test("A status without an amount is a fault of its row that names it")
    func noAmount() throws {
        let bare = "<TxInfAndSts><OrgnlEndToEndId>E2E-1</OrgnlEndToEndId><TxSts>RJCT</TxSts></TxInfAndSts>"
        let (payments, reading) = try read(bare)
        #expect(payments.isEmpty)
        #expect(reading.faults.map(\.code) == ["PAIN-AMOUNT"])
        #expect(reading.faults.first?.message.contains("E2E-1") == true)
    }

    @Test("A block's status holds for its transactions, and without any it is told")
    func block() throws {
        let plain = transaction("RJCT").replacing("<TxSts>RJCT</TxSts>", with: "")
        #expect(try read(plain, block: "<PmtInfSts>RJCT</PmtInfSts>").payments.count == 1)
        #expect(
            try read("", block: "<PmtInfSts>RJCT</PmtInfSts>").reading.faults.map(\.code) == ["PAIN-GROUP-REJECTED"])
    }

    @Test("A file without a namespace is recognised and read")
    func bare() throws {
        #expect(try read(transaction("RJCT"), namespace: false).payments.count == 1)
        let head = Array("<Document><CstmrPmtStsRpt/></Document>".utf8)
        #expect(PainFormat.detect(head: head, name: "x.xml").confidence == 90)
        #expect(CamtFormat.format.detect(head, "x.xml").confidence < 90)
        let other = try PainFormat.read(
            pieces: [Array("<Document><BkToCstmrStmt/></Document>".utf8)],
            Provenance.Origin(sha256: "", name: "x", format: "pain.002")
        ) { _ in }
        #expect(other.faults.map(\.code) == ["PAIN-NO-REPORT"])
    }

    @Test("Statuses of one reference stay apart")
    func repeated() throws {
        let (payments, _) = try read(transaction("RJCT") + transaction("RJCT"))
        #expect(payments.map(\.id) == ["M1/E2E-1", "M1/E2E-1~2"])
    }
}
