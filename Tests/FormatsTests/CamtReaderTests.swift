// SPDX-License-Identifier: Apache-2.0
import Documents
import Formats
import Testing

/// What a statement's entries become.
@Suite("camt.053 becomes payments and a statement")
struct CamtReaderTests {
    private static func eur(_ minor: Int64) -> Money { Money(minorUnits: minor, currency: .eur) }

    @Test("A credit with every field is read whole")
    func credit() throws {
        var sample = CamtSample()
        sample.entries = [
            CamtSample.entry(
                "121.00",
                details: [
                    """
                    <Refs><AcctSvcrRef>BANK-1</AcctSvcrRef><EndToEndId>E2E-9</EndToEndId></Refs>
                    <Amt Ccy="EUR">121.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>
                    <BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd>
                    <RltdPties><Dbtr><Pty><Nm>Buyer N.V.</Nm></Pty></Dbtr>
                      <DbtrAcct><Id><IBAN>BE71 0961 2345 6769</IBAN></Id></DbtrAcct>
                      <Cdtr><Pty><Nm>Demo</Nm></Pty></Cdtr></RltdPties>
                    <RmtInf><Ustrd>Invoice INV-7 and</Ustrd><Ustrd>INV-8</Ustrd>
                      <Strd><RfrdDocInf><Nb>INV-9</Nb></RfrdDocInf><CdtrRefInf><Ref>RF18539007547034</Ref></CdtrRefInf></Strd></RmtInf>
                    """
                ])
        ]
        sample.closing = "1121.00"
        let (payments, statements, reading) = try sample.read()
        let payment = try #require(payments.first)
        #expect(reading.faults.isEmpty, "\(reading.faults)")
        #expect(payment.id == "BANK-1")
        #expect(payment.amount == Self.eur(12100))
        #expect(payment.account == "NL77ABNA0574908765")
        #expect(payment.payerName == "Buyer N.V.")
        #expect(payment.payerAccount == "BE71096123456769")
        #expect(payment.remittance == "Invoice INV-7 and INV-8 INV-9")
        #expect(payment.structuredReference == "RF18539007547034")
        #expect(payment.endToEndID == "E2E-9")
        #expect(payment.bankCode == "PMNT/RCDT/ESCT")
        #expect(payment.status == .booked)
        #expect(payment.bookedOn.text == "2026-03-02")
        #expect(payment.valuedOn?.text == "2026-03-03")
        #expect(payment.reverses == nil)
        #expect(payment.originalAmount == nil)
        #expect(payment.provenance.at == .path("/Document/BkToCstmrStmt/Stmt[1]/Ntry[1]/NtryDtls/TxDtls[1]"))
        let statement = try #require(statements.first)
        #expect(statement.account == "NL77ABNA0574908765")
        #expect(statement.number == "42")
        #expect(statement.sequence == 42)
        #expect(statement.openingBalance == Self.eur(100_000))
        #expect(statement.closingBalance == Self.eur(112_100))
        #expect(statement.openingOn?.text == "2026-03-02")
        #expect(statement.entryCount == 1)
        #expect(statement.credits == Self.eur(12100))
        #expect(statement.bookedDebits.isZero)
    }

    @Test("The old version's places say the same: party without Pty, status as text, amount in AmtDtls")
    func oldVersion() throws {
        var sample = CamtSample(version: "001.02")
        sample.entries = [
            CamtSample.entry(
                "50.00", status: "<Sts>BOOK</Sts>", days: "<BookgDt><DtTm>2026-03-02T23:59:59+01:00</DtTm></BookgDt>",
                details: [
                    """
                    <Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs>
                    <AmtDtls><TxAmt><Amt Ccy="EUR">50.00</Amt></TxAmt></AmtDtls>
                    <RltdPties><Dbtr><Nm>Buyer</Nm></Dbtr><DbtrAcct><Id><Othr><Id>123-456</Id></Othr></Id></DbtrAcct></RltdPties>
                    <RmtInf><Strd><CdtrRefInf><Ref>210000000003139471430009017</Ref></CdtrRefInf></Strd></RmtInf>
                    """
                ])
        ]
        sample.closing = "1050.00"
        let (payments, _, reading) = try sample.read()
        let payment = try #require(payments.first)
        #expect(reading.faults.isEmpty)
        #expect(payment.payerName == "Buyer")
        #expect(payment.payerAccount == "123-456")
        #expect(payment.endToEndID == nil)
        #expect(payment.structuredReference == "210000000003139471430009017")
        #expect(payment.bookedOn.text == "2026-03-02")
    }

    @Test("A batch is one payment a detail, with mixed signs, and adds up to the entry")
    func batch() throws {
        var sample = CamtSample()
        sample.entries = [
            CamtSample.entry(
                "141.95", head: "<AcctSvcrRef>B7</AcctSvcrRef>",
                details: [("157.70", "CRDT"), ("5.75", "DBIT"), ("10.00", "DBIT")].map {
                    "<Amt Ccy=\"EUR\">\($0.0)</Amt><CdtDbtInd>\($0.1)</CdtDbtInd>"
                })
        ]
        sample.closing = "1141.95"
        let (payments, statements, reading) = try sample.read()
        #expect(reading.faults.isEmpty, "\(reading.faults)")
        #expect(payments.map(\.amount.minorUnits) == [15770, -575, -1000])
        #expect(payments.map(\.id) == ["B7/1", "B7/2", "B7/3"])
        #expect(statements.first?.entryCount == 1)
        #expect(statements.first?.credits == Self.eur(14195))
    }

    @Test(
        "Whatever the details say, the booked payments of an entry are the entry",
        arguments: [
            [("60.00", "CRDT"), ("30.00", "CRDT")], [("60.00", "CRDT"), ("40.00", "DBIT")],
            [("60.00", "CRDT"), ("x", "CRDT")],
            [("100.00", "CRDT"), ("100.00", "CRDT")], [("99999999999999999999", "CRDT"), ("0.00", "CRDT")],
            [("200.00", "DBIT")],
            [("0.00", "CRDT"), ("100.00", "CRDT")], [("100.004", "CRDT"), ("0.00", "CRDT")],
        ])
    func conservation(_ details: [(String, String)]) throws {
        var sample = CamtSample()
        sample.entries = [
            CamtSample.entry(
                "100.00", details: details.map { "<Amt Ccy=\"EUR\">\($0.0)</Amt><CdtDbtInd>\($0.1)</CdtDbtInd>" })
        ]
        sample.closing = "1100.00"
        let (payments, _, reading) = try sample.read()
        #expect(payments.filter { $0.status == .booked }.map(\.amount.minorUnits).reduce(0, +) == 10000)
        #expect(!reading.faults.contains { $0.code == "CAMT-BALANCE" })
    }

    @Test("Details that cannot be told apart keep their text in the one payment")
    func merged() throws {
        var sample = CamtSample()
        sample.entries = [
            CamtSample.entry(
                "100.00", details: ["INV-1", "INV-2"].map { "<RmtInf><Ustrd>\($0)</Ustrd></RmtInf>" })
        ]
        let (payments, _, reading) = try sample.read()
        #expect(payments.count == 1)
        #expect(payments.first?.remittance == "INV-1 INV-2")
        #expect(reading.faults.contains { $0.code == "CAMT-DETAIL-AMOUNT" })
    }

    @Test(
        "Only booked entries are booked, and only they move the balance",
        arguments: [
            ("PDNG", Payment.Status.pending), ("FUTR", .pending), ("INFO", .information), ("BOOK", .booked),
        ])
    func status(_ code: String, _ expected: Payment.Status) throws {
        for status in ["<Sts>\(code)</Sts>", "<Sts><Cd>\(code)</Cd></Sts>"] {
            var sample = CamtSample()
            sample.entries = [CamtSample.entry("100.00", status: status)]
            sample.closing = expected == .booked ? "1100.00" : "1000.00"
            let (payments, statements, reading) = try sample.read()
            #expect(payments.map(\.status) == [expected])
            #expect(statements.first?.credits == Self.eur(10000))
            #expect(statements.first?.bookedCredits == Self.eur(expected == .booked ? 10000 : 0))
            #expect(reading.faults.isEmpty)
        }
    }

    @Test("A returned direct debit goes out, names its reason and what it takes back, and who paid")
    func returned() throws {
        var sample = CamtSample()
        sample.entries = [
            CamtSample.entry(
                "53.00", "DBIT", head: "<RvslInd>true</RvslInd>",
                details: [
                    """
                    <Refs><EndToEndId>DD-17</EndToEndId></Refs>
                    <AmtDtls><InstdAmt><Amt Ccy="EUR">50.00</Amt></InstdAmt></AmtDtls>
                    <Chrgs><Rcrd><Amt Ccy="EUR">3.00</Amt><ChrgInclInd>true</ChrgInclInd></Rcrd></Chrgs>
                    <RltdPties><Dbtr><Nm>Buyer</Nm></Dbtr><DbtrAcct><Id><IBAN>DE89370400440532013000</IBAN></Id></DbtrAcct>
                      <Cdtr><Nm>Demo</Nm></Cdtr><CdtrAcct><Id><IBAN>NL77ABNA0574908765</IBAN></Id></CdtrAcct></RltdPties>
                    <RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>
                    """
                ])
        ]
        sample.closing = "947.00"
        let (payments, _, reading) = try sample.read()
        let payment = try #require(payments.first)
        #expect(reading.faults.isEmpty, "\(reading.faults)")
        #expect(payment.amount == Self.eur(-5300))
        #expect(payment.originalAmount == Self.eur(-5000))
        #expect(payment.fee == Self.eur(300))
        #expect(payment.returnReason == "AC04")
        #expect(payment.reverses == "DD-17")
        #expect(payment.payerName == "Buyer")
        #expect(payment.payerAccount == "DE89370400440532013000")
    }

    @Test("A reversal is one whether or not its details name what it reverses", arguments: ["R1", nil])
    func reversal(_ reference: String?) throws {
        var sample = CamtSample()
        let head = "<RvslInd>true</RvslInd>" + (reference.map { "<AcctSvcrRef>\($0)</AcctSvcrRef>" } ?? "")
        let detail = "<Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs><RmtInf><Ustrd>INV-1001</Ustrd></RmtInf>"
        sample.entries = [
            CamtSample.entry("53.00", "DBIT", head: head, details: [detail]),
            CamtSample.entry("53.00", "DBIT", head: head),
        ]
        sample.closing = "894.00"
        let (payments, _, _) = try sample.read()
        #expect(payments.map(\.reverses) == Array(repeating: reference ?? "RvslInd", count: 2))
        #expect(payments.allSatisfy { $0.isStatedReturn })
    }

    @Test("An amount in another currency is the original amount")
    func foreign() throws {
        var sample = CamtSample()
        sample.entries = [
            CamtSample.entry(
                "92.00", details: ["<AmtDtls><InstdAmt><Amt Ccy=\"USD\">100.00</Amt></InstdAmt></AmtDtls>"])
        ]
        sample.closing = "1092.00"
        let (payments, _, _) = try sample.read()
        #expect(payments.first?.amount == Self.eur(9200))
        #expect(payments.first?.originalAmount == Money(minorUnits: 10000, currency: .usd))
    }

    @Test("Two entries with one bank reference stay two, in the same way every time")
    func repeatedReference() throws {
        var sample = CamtSample()
        let one = CamtSample.entry("10.00", head: "<AcctSvcrRef>SAME</AcctSvcrRef>")
        sample.entries = [one, one, CamtSample.entry("10.00", head: "<AcctSvcrRef>NONREF</AcctSvcrRef>")]
        sample.closing = "1030.00"
        #expect(try sample.read().payments.map(\.id) == ["SAME", "SAME~2", nil])
    }

    @Test("No two payments have one id, whatever the bank's references look like")
    func manyReferences() throws {
        var sample = CamtSample()
        let many = (0..<300).map { "R\($0)" }
        let own = ["A", "A", "A~2", "A", "a"]
        sample.entries = (own + many + many + ["R7"]).map {
            CamtSample.entry("10.00", head: "<AcctSvcrRef>\($0)</AcctSvcrRef>")
        }
        sample.closing = "7060.00"
        let ids = try sample.read().payments.compactMap(\.id)
        #expect(Array(ids.prefix(5)) == ["A", "A~2", "A~2~2", "A~3", "a"])
        #expect(Array(ids.dropFirst(5)) == many + many.map { "\($0)~2" } + ["R7~3"])
        #expect(Set(ids).count == ids.count)
    }

    @Test("Trailing zeros are exact, a lost digit is not")
    func decimals() throws {
        var sample = CamtSample()
        sample.entries = [CamtSample.entry("27.05000")]
        sample.closing = "1027.050"
        let (payments, _, reading) = try sample.read()
        #expect(payments.map(\.amount) == [Self.eur(2705)])
        #expect(reading.faults.isEmpty)
        sample.entries = [CamtSample.entry("27.051"), CamtSample.entry("1.00")]
        let (others, _, second) = try sample.read()
        #expect(others.count == 1)
        #expect(second.faults.first?.code == "AMOUNT-PRECISION")
        #expect(second.faults.first?.severity == .row)
    }

    @Test("A zero entry is counted and is information, no cash")
    func zero() throws {
        var sample = CamtSample()
        sample.entries = [CamtSample.entry("0.00")]
        let (payments, statements, _) = try sample.read()
        #expect(payments.map(\.status) == [.information])
        #expect(statements.first?.entryCount == 1)
    }

    @Test("A debit balance is negative, and JPY has no decimals")
    func balances() throws {
        var sample = CamtSample()
        sample.currency = "JPY"
        sample.opening = "500"
        sample.closing = "700"
        sample.sign = "DBIT"
        sample.entries = [CamtSample.entry("200", "DBIT", currency: "JPY")]
        let (payments, statements, reading) = try sample.read()
        #expect(reading.faults.isEmpty, "\(reading.faults)")
        #expect(payments.first?.amount.minorUnits == -200)
        #expect(statements.first?.openingBalance?.minorUnits == -500)
        #expect(statements.first?.closingBalance?.minorUnits == -700)
    }

    @Test("Several statements of several accounts in one file stay apart")
    func several() throws {
        var first = CamtSample()
        first.entries = [CamtSample.entry("1.00")]
        first.closing = "1001.00"
        var second = CamtSample()
        second.account = "<Id><Othr><Id>LT41 4319</Id></Othr></Id>"
        second.entries = [CamtSample.entry("2.00", "DBIT"), CamtSample.entry("3.00", "DBIT")]
        second.closing = "995.00"
        let (payments, statements, reading) = try CamtSample.read(
            CamtSample.wrap(first.statement + second.statement + CamtSample().statement))
        #expect(reading.faults.isEmpty, "\(reading.faults)")
        #expect(statements.map(\.entryCount) == [1, 2, 0])
        #expect(payments.map(\.account) == ["NL77ABNA0574908765", "LT41 4319", "LT41 4319"])
        #expect(payments.last?.provenance.at == .path("/Document/BkToCstmrStmt/Stmt[2]/Ntry[2]"))
        #expect(reading.records == 3)
    }

    @Test("Faults are bounded, however many entries are bad")
    func manyFaults() throws {
        var sample = CamtSample()
        sample.entries = Array(repeating: CamtSample.entry("x"), count: 3000)
        let reading = try sample.read().reading
        #expect(reading.faults.count == Reading.faultsMax + 1)
        #expect(reading.faults.last?.code == "FAULTS-MORE")
    }

    @Test("Each version from 001.01 to 001.13 is read, and a file without a namespace", arguments: 1...13)
    func versions(_ version: Int) throws {
        let text = version < 10 ? "001.0\(version)" : "001.\(version)"
        var sample = CamtSample(version: text)
        sample.entries = [CamtSample.entry("1.00")]
        sample.closing = "1001.00"
        #expect(try sample.read().payments.count == 1)
        let bare = sample.text.replacing(" xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.\(text)\"", with: "")
        #expect(try CamtSample.read(bare).payments.count == 1)
    }
}

/// A small statement to change one thing of.
struct CamtSample {
    var version = "001.08"
    var account = "<Id><IBAN>NL77ABNA0574908765</IBAN></Id>"
    var currency = "EUR"
    var opening = "1000.00"
    var closing = "1000.00"
    var sign = "CRDT"
    var entries: [String] = []

    init(version: String = "001.08") { self.version = version }

    static func entry(
        _ amount: String, _ indicator: String = "CRDT", currency: String = "EUR",
        status: String = "<Sts><Cd>BOOK</Cd></Sts>",
        days: String = "<BookgDt><Dt>2026-03-02</Dt></BookgDt><ValDt><Dt>2026-03-03</Dt></ValDt>", head: String = "",
        details: [String] = []
    ) -> String {
        let inner = details.map { "<TxDtls>\($0)</TxDtls>" }.joined()
        return
            "<Ntry><Amt Ccy=\"\(currency)\">\(amount)</Amt><CdtDbtInd>\(indicator)</CdtDbtInd>\(status)\(days)\(head)"
            + (details.isEmpty ? "" : "<NtryDtls>\(inner)</NtryDtls>") + "</Ntry>\n"
    }

    private func balance(_ code: String, _ amount: String) -> String {
        "<Bal><Tp><CdOrPrtry><Cd>\(code)</Cd></CdOrPrtry></Tp><Amt Ccy=\"\(currency)\">\(amount)</Amt>"
            + "<CdtDbtInd>\(sign)</CdtDbtInd><Dt><Dt>2026-03-02</Dt></Dt></Bal>\n"
    }

    var statement: String {
        "<Stmt><Id>S1</Id><ElctrncSeqNb>42</ElctrncSeqNb><Acct>\(account)<Ccy>\(currency)</Ccy></Acct>\n"
            + balance("OPBD", opening) + balance("CLBD", closing) + entries.joined() + "</Stmt>\n"
    }

    static func wrap(_ statements: String, version: String = "001.08") -> String {
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.\(version)"><BkToCstmrStmt>
        <GrpHdr><MsgId>M1</MsgId></GrpHdr>
        \(statements)</BkToCstmrStmt></Document>

        """
    }

    var text: String { Self.wrap(statement, version: version) }

    func read() throws -> (payments: [Payment], statements: [Statement], reading: Reading) {
        try Self.read(text)
    }

    static func read(_ text: String) throws -> (payments: [Payment], statements: [Statement], reading: Reading) {
        let origin = Provenance.Origin(sha256: "", name: "sample.xml", format: "camt.053")
        var payments: [Payment] = []
        var statements: [Statement] = []
        let reading = try CamtFormat.read(pieces: [Array(text.utf8)], origin) {
            if case .payment(let payment) = $0 { payments.append(payment) }
            if case .statement(let statement) = $0 { statements.append(statement) }
        }
        return (payments, statements, reading)
    }
}
