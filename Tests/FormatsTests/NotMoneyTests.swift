// SPDX-License-Identifier: Apache-2.0
import Documents
import Formats
import Testing
import Trees

/// What stands where money stands, and is none.
@Suite("What looks like money and is none is not taken for it")
struct NotMoneyTests {
    @Test(
        "A balance among the transactions of an OFX file is left out and named",
        arguments: [
            ["MEMO": "SALDO ANTERIOR"], ["NAME": "Saldo do dia"], ["NAME": "SALDO TOTAL DISPONÍVEL DIA", "MEMO": ""],
            ["MEMO": "SALDO ANTERIOR 28/02/2026"], ["NAME": "Saldo Anterior", "MEMO": "SALDO ANTERIOR"],
            ["MEMO": "S A L D O"],
        ])
    func balanceRow(_ words: [String: String]) throws {
        var sample = OFXSample()
        sample.transactions = [
            ["TRNTYPE": "CREDIT", "DTPOSTED": "20260302", "TRNAMT": "2494790.27", "FITID": "1"].merging(words) { $1 },
            ["TRNTYPE": "CREDIT", "DTPOSTED": "20260302", "TRNAMT": "121.00", "FITID": "2", "MEMO": "PIX RECEBIDO"],
        ]
        let (payments, statements, reading) = try sample.read()
        #expect(payments.map(\.amount.amountText) == ["121.00"])
        #expect(statements.map(\.credits.amountText) == ["121.00"])
        #expect(reading.faults.map(\.code) == ["OFX-BALANCE-ROW"])
        #expect(reading.faults.first?.message.replacing(" ", with: "").lowercased().contains("saldo") == true)
    }

    @Test(
        "Somebody who pays a balance is no balance",
        arguments: [
            ["MEMO": "SALDO NF 1001"], ["NAME": "SALDO ANTERIOR", "MEMO": "TED DE ACME LTDA"], ["NAME": "Saldo Ltda"],
            ["MEMO": "SALDO"],
        ])
    func paysBalance(_ words: [String: String]) throws {
        var sample = OFXSample()
        sample.transactions = [
            ["TRNTYPE": "CREDIT", "DTPOSTED": "20260302", "TRNAMT": "121.00", "FITID": "1"].merging(words) { $1 }
        ]
        let (payments, _, reading) = try sample.read()
        #expect(payments.map(\.status) == [.booked])
        #expect(reading.faults == [])
    }

    @Test("A debit without a minus is no cash that came in") func unsigned() throws {
        var sample = OFXSample()
        sample.transactions = [
            ["TRNTYPE": "DEBIT", "DTPOSTED": "20260302", "TRNAMT": "50.00", "FITID": "1"],
            ["TRNTYPE": "DEBIT", "DTPOSTED": "20260302", "TRNAMT": "-20.00", "FITID": "2"],
            ["TRNTYPE": "CREDIT", "DTPOSTED": "20260302", "TRNAMT": "121.00", "FITID": "3"],
        ]
        let (payments, statements, reading) = try sample.read()
        #expect(payments.map(\.status) == [.information, .booked, .booked])
        #expect(statements.map(\.bookedCredits.amountText) == ["121.00"])
        #expect(reading.faults.map(\.code) == ["OFX-SIGN"])
    }

    @Test("What corrects another transaction is not added to it", arguments: ["REPLACE", "DELETE"])
    func correction(_ action: String) throws {
        var sample = OFXSample()
        sample.transactions = [
            ["TRNTYPE": "CREDIT", "DTPOSTED": "20260302", "TRNAMT": "100.00", "FITID": "1"],
            [
                "TRNTYPE": "CREDIT", "DTPOSTED": "20260302", "TRNAMT": "110.00", "FITID": "2", "CORRECTFITID": "1",
                "CORRECTACTION": action,
            ],
        ]
        let (payments, _, reading) = try sample.read()
        #expect(payments.map(\.amount.amountText) == ["100.00"])
        #expect(reading.faults.map(\.code) == ["OFX-CORRECTION"])
        #expect(reading.faults.map(\.severity) == [.row])
    }

    @Test("A transaction that is pending has the day on which it was made") func pending() throws {
        let text = OFXSample().text.replacing(
            "</STMTRS>",
            with: "<BANKTRANLISTP>\n<DTASOF>20260331\n<STMTTRNP>\n<TRNTYPE>CREDIT\n<DTTRAN>20260330\n<TRNAMT>77.00\n"
                + "<NAME>Shop\n</STMTTRNP>\n</BANKTRANLISTP>\n</STMTRS>")
        let (payments, statements, reading) = try OFXSample.read(text)
        #expect(payments.map(\.status) == [.pending])
        #expect(payments.map(\.bookedOn.text) == ["2026-03-30"])
        #expect(statements.map(\.bookedCredits.amountText) == ["0.00"])
        #expect(reading.faults == [])
    }

    @Test("An entry that MT940 calls expected is not booked") func expected() throws {
        let sample = MT940Sample(
            entries: ":61:260302EC121,00NTRFNONREF\n:61:260302ED20,00NTRFNONREF\n:61:260302C5,00NTRFNONREF",
            closing: "C260302EUR1005,00")
        let (payments, statements, reading) = try sample.read()
        #expect(payments.map(\.status) == [.pending, .pending, .booked])
        #expect(payments.map(\.amount.amountText) == ["121.00", "-20.00", "5.00"])
        #expect(statements.map(\.bookedCredits.amountText) == ["5.00"])
        #expect(reading.faults == [])
    }

    @Test("A bank's code before an IBAN is no part of the account") func bankBeforeAccount() throws {
        let text = MT940Sample(entries: ":61:260302C121,00NTRFNONREF", closing: "C260302EUR1121,00").text
        for (field, account) in [
            ("ABNANL2A/NL91ABNA0417164300", "NL91ABNA0417164300"), ("37040044/0532013000", "37040044/0532013000"),
        ] {
            let read = try MT940Sample.read(text.replacing("DE89370400440532013000", with: field))
            #expect(read.payments.map(\.account) == [account])
        }
    }

    @Test("A return with its charges says how much of it was the payment") func charges() throws {
        let sample = MT940Sample(
            entries: """
                :61:2603020302D53,50NRTINONREF
                /OCMT/EUR50,00/CHGS/EUR3,50/
                :86:109?00RETOURE?20EREF+E2E-7
                :61:2603020302C46,50NTRFNONREF
                /OCMT/USD50,00/EXCH/1,07/
                :86:166?00GUTSCHRIFT?20RE 5
                """, closing: "C260302EUR993,00")
        let payments = try sample.read().payments
        #expect(payments.map(\.originalAmount?.description) == ["-50.00 EUR", "50.00 USD"])
        #expect(payments.map(\.fee?.description) == ["3.50 EUR", nil])
    }

    @Test("An invoice that calls itself a test claims nothing", arguments: [("true", true), ("false", false)])
    func test(_ word: String, _ isTest: Bool) throws {
        for age in [CIISample.Age.today, .zugferd1] {
            var sample = CIISample()
            sample.age = age
            sample.mark = "<ram:TestIndicator><udt:Indicator>\(word)</udt:Indicator></ram:TestIndicator>"
            let (invoice, reading) = try sample.read()
            #expect(invoice?.status == (isTest ? .draft : nil))
            #expect(reading.faults.contains { $0.code == "INVOICE-TEST" } == isTest)
        }
    }

    @Test("A formula that nobody has computed is a fault where it is read, and not an empty cell") func formula() throws
    {
        let sample = XLSXSample([
            XLSXReadingTests.header,
            XLSXSample.row("2026-02-01") + "<c><f>50+50</f><v></v></c>" + XLSXSample.row("x"),
            XLSXSample.row("2026-02-01") + "<c><f>50+50</f></c>" + XLSXSample.row("y"),
            XLSXSample.row("2026-02-01") + "<c><f>50+50</f><v>100</v></c>"
                + "<c t=\"str\"><f>\"\"</f><v></v></c>",
        ])
        let (reading, documents) = try XLSXReadingTests().read(sample)
        #expect(reading.faults.map(\.code) == ["CELL-ERROR", "CELL-ERROR"])
        #expect(XLSXReadingTests().field("amount", documents) == ["100.00"])
    }

    @Test(
        "A number that is shown in another currency than the row's is refused",
        arguments: [
            ("[$$-409]#,##0.00", false), ("#,##0.00\\ [$USD]", false), ("[$£-809]#,##0.00", false),
            ("&quot;$&quot;#,##0.00", false), ("#,##0.00\\ [$€-407]", true), ("#,##0.00&quot; €&quot;", true),
            ("[$-409]#,##0.00", true), ("#,##0.00", true), ("#,##0&quot; pcs&quot;", true),
        ])
    func format(_ code: String, _ isOurs: Bool) throws {
        var sample = XLSXSample([
            XLSXReadingTests.header,
            XLSXSample.row("2026-02-01") + XLSXSample.number("100.5", style: 1) + XLSXSample.row("x"),
        ])
        sample.formats = [code]
        let (reading, documents) = try XLSXReadingTests().read(sample)
        #expect(reading.faults.map(\.code) == (isOurs ? [] : ["AMOUNT-CURRENCY"]))
        #expect(XLSXReadingTests().field("amount", documents) == (isOurs ? ["100.50"] : []))
    }

    @Test(
        "A currency's symbol beside an amount is believed",
        arguments: [("$1.50", false), ("1.50 £", false), ("R$ 1.50", false), ("¥1.50", false), ("€1.50", true)])
    func symbol(_ text: String, _ isOurs: Bool) throws {
        let (reading, documents) = try Desk.read("d;a;n\n2026-02-01;\(text);x\n", mapping: CSVReadingTests.plain)
        #expect(reading.faults.map(\.code) == (isOurs ? [] : ["AMOUNT-CURRENCY"]))
        #expect(documents.count == (isOurs ? 1 : 0))
    }

    @Test("Amounts in several currencies are not all suggested to be in the first's") func mixed() throws {
        let head = "Invoice No;Invoice date;Due date;Amount\n"
        for (second, line) in [
            ("€20.00", "currency: { const: EUR }   # guess"), ("$20.00", "# currency: { const: EUR }"),
        ] {
            let table = try InspectTests().table(
                head + "F-1;2026-02-01;2026-03-01;€10.50\nF-2;2026-02-13;2026-03-13;\(second)\n")
            #expect(table.suggestedMapping(name: "s").contains(line))
        }
    }
}
