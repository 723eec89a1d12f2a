// SPDX-License-Identifier: Apache-2.0
import Documents
import Formats
import Testing

/// An entry of many details is held in another form than an entry of few; nobody may notice.
@Suite("A batch of many payments is read like one of few")
struct CamtBatchTests {
    private static let count = 900
    private static let few = 100

    /// Details that differ in what they say, in what they leave out, and in where one text ends like another begins.
    private static func detail(_ index: Int) -> String {
        let amount = "\(index % 89 + 1).\(index % 10)0"
        let name = ["Müller & Söhne", "Müller", "M", "Mül­ler GmbH", "日本商事", "Zoë"][index % 6]
            .split(separator: "&").joined(separator: "&amp;")
        let amounts = [
            "<Amt Ccy=\"EUR\">\(amount)</Amt><CdtDbtInd>CRDT</CdtDbtInd>",
            "<AmtDtls><TxAmt><Amt Ccy=\"EUR\">\(amount)</Amt></TxAmt></AmtDtls>",
            "<Amt>\(amount)0</Amt><AmtDtls><InstdAmt><Amt Ccy=\"USD\">\(index).5</Amt></InstdAmt></AmtDtls>",
        ][index % 3]
        let parties =
            index % 5 == 0
            ? ""
            : "<RltdPties><Dbtr><Nm>\(name)</Nm></Dbtr>"
                + "<DbtrAcct><Id><IBAN>NL\(index % 7)1</IBAN></Id></DbtrAcct></RltdPties>"
        let texts = [
            "<RmtInf><Ustrd>Invoice 2026-\(index)</Ustrd><Ustrd>2026-\(index / 2)</Ustrd></RmtInf>",
            "<RmtInf><Strd><CdtrRefInf><Ref>RF\(index / 3)</Ref></CdtrRefInf></Strd>"
                + "<Strd><CdtrRefInf><Ref>RF\(index)</Ref></CdtrRefInf></Strd></RmtInf>",
            "", "<AddtlTxInf>more \(index / 4)</AddtlTxInf>",
        ][index % 4]
        let returned =
            index % 11 == 3 ? "<RtrInf><Rsn><Cd>AC0\(index % 4)</Cd></Rsn></RtrInf>" : ""
        let charges =
            index % 13 == 2
            ? "<Chrgs><Rcrd><Amt Ccy=\"EUR\">0.\(index % 8)1</Amt><ChrgInclInd>true</ChrgInclInd></Rcrd></Chrgs>" : ""
        return "<Refs><AcctSvcrRef>B\(index)</AcctSvcrRef><EndToEndId>E\(index % 17)</EndToEndId></Refs>"
            + amounts + charges + parties + texts + returned
    }

    private static func amount(_ range: Range<Int>) -> String {
        let cents = range.reduce(0) { $0 + ($1 % 89 + 1) * 100 + $1 % 10 * 10 }
        let rest = cents % 100
        return "\(cents / 100).\(rest < 10 ? "0" : "")\(rest)"
    }

    private static func entry(_ range: Range<Int>) -> String {
        CamtSample.entry(amount(range), details: range.map(detail))
    }

    @Test("Nine hundred details in one entry say what they say a hundred at a time")
    func one() throws {
        var sample = CamtSample()
        sample.entries = [Self.entry(0..<Self.count)]
        let whole = try sample.read().payments
        sample.entries = stride(from: 0, to: Self.count, by: Self.few).map { Self.entry($0..<($0 + Self.few)) }
        let parts = try sample.read().payments
        try #require(whole.count == Self.count && parts.count == Self.count)
        for (index, (one, other)) in zip(whole, parts).enumerated() {
            var one = one
            var other = other
            #expect(one.provenance.at == .path("/Document/BkToCstmrStmt/Stmt[1]/Ntry[1]/NtryDtls/TxDtls[\(index + 1)]"))
            one.provenance = other.provenance
            #expect(one.entryAmount?.amountText == Self.amount(0..<Self.count))
            one.entryAmount = nil
            other.entryAmount = nil
            #expect(one == other)
        }
        #expect(whole.contains { $0.payerName == "Mül­ler GmbH" } && whole.contains { $0.fee != nil })
        #expect(whole.contains { $0.returnReason == "AC03" } && whole.contains { $0.originalAmount?.currency == .usd })
    }

    @Test("One reference that came before makes every one of the batch's its own no more")
    func shared() throws {
        var sample = CamtSample()
        var details = (0..<Self.count).map(Self.detail)
        details[Self.count - 1] = details[Self.count - 1].replacing("<AcctSvcrRef>B899<", with: "<AcctSvcrRef>B7<")
        sample.entries = [
            CamtSample.entry(
                Self.amount(0..<Self.count), head: "<AcctSvcrRef>ALL</AcctSvcrRef>", details: details)
        ]
        let payments = try sample.read().payments
        #expect(payments.map(\.id) == (1...Self.count).map { "ALL/\($0)" })
    }

    @Test("A large batch that does not add up is one payment, with the first words of its details")
    func differs() throws {
        var sample = CamtSample()
        sample.entries = [CamtSample.entry("1.00", details: (0..<Self.count).map(Self.detail))]
        let (payments, _, reading) = try sample.read()
        try #require(payments.count == 1)
        #expect(payments[0].amount.amountText == "1.00")
        #expect(payments[0].remittance?.count == 4200)
        #expect(payments[0].remittance?.hasPrefix("Invoice 2026-0 2026-0 RF0 RF1 Invoice 2026-4") == true)
        #expect(reading.faults.contains { $0.code == "CAMT-DETAIL-SUM" })
    }

    @Test("Large batches after each other do not mix")
    func several() throws {
        var sample = CamtSample()
        sample.entries = [Self.entry(0..<400), Self.entry(400..<403), Self.entry(403..<900)]
        #expect(try sample.read().payments.compactMap(\.id) == (0..<900).map { "B\($0)" })
    }

    @Test("Who takes the documents may stop in the midst of an entry")
    func stopped() throws {
        struct Enough: Error {}
        var sample = CamtSample()
        sample.entries = [Self.entry(0..<Self.count), Self.entry(0..<Self.count)]
        let origin = Provenance.Origin(sha256: "", name: "sample.xml", format: "camt.053")
        var taken = 0
        #expect(throws: Enough.self) {
            try CamtFormat.read(pieces: [Array(sample.text.utf8)], origin) { _ in
                taken += 1
                if taken == 5 { throw Enough() }
            }
        }
        #expect(taken == 5)
    }
}
