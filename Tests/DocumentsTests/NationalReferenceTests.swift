// SPDX-License-Identifier: Apache-2.0
import Documents
import Testing

/// The schemes beside those of `ReferenceTests`: public examples, then one wrong digit.
struct NationalReferenceTests {
    @Test("Estonian references pass", arguments: ["71998532127", "10058", "1 0058"])
    func estonian(_ text: String) throws {
        let reference = try #require(EstonianReference(text))
        #expect(EstonianReference.make(reference.text.dropLast()) == reference)
    }

    @Test("Wrong Estonian references are nil", arguments: ["71998532128", "10059", "0", "00", "", "1005a"])
    func refusesEstonian(_ text: String) {
        #expect(EstonianReference(text) == nil)
    }

    @Test(
        "Danish payment ids pass, filled with zeros or not",
        arguments: [
            ("026840149965328", DanishReference.Kind.kind71), ("000000000000018", .kind71), ("18", .kind71),
        ])
    func danish(_ text: String, _ kind: DanishReference.Kind) throws {
        let reference = try #require(DanishReference(text, kind: kind))
        #expect(reference.text.utf8.count == 15)
        #expect(DanishReference.make(reference.text.dropLast(), kind: kind) == reference)
        #expect(DanishReference(reference.text.dropLast() + "9", kind: kind) == nil)
    }

    @Test("A Danish line gives the id and the creditor")
    func danishLine() throws {
        let line = try #require(DanishReference.line("+71<026840149965328+84073841<"))
        #expect(line.reference.text == "026840149965328")
        #expect(line.creditor == "84073841")
        #expect(DanishReference.line("+73<84073841<") == nil)
        #expect(DanishReference.line("+71<026840149965327+84073841<") == nil)
        #expect(DanishReference.make("1234", kind: .kind75)?.text.utf8.count == 16)
        #expect(DanishReference("000000000000000", kind: .kind71) == nil)
    }

    @Test(
        "Slovenian references pass by the model's own parts",
        arguments: ["SI05 19-1235-84503", "SI06 125412-135-1257", "SI12 12345678909", "SI99", "SI00 20260117"])
    func slovenian(_ text: String) throws {
        let reference = try #require(SlovenianReference(text))
        #expect(SlovenianReference(reference.printed) == reference)
        #expect(reference.isChecked == ["05", "06", "12"].contains(reference.model))
    }

    @Test(
        "Wrong Slovenian references are nil",
        arguments: [
            "SI05 18-1235-84503", "SI06 125412-135-1258", "SI12 12345678908", "SI1", "HR12 12345678909", "SI00 a",
        ])
    func refusesSlovenian(_ text: String) {
        #expect(SlovenianReference(text) == nil)
    }

    @Test("A Slovenian reference is made under model 12")
    func makesSlovenian() {
        #expect(SlovenianReference.make("1234567890")?.printed == "SI12 12345678909")
        #expect(SlovenianReference.make("1234567890123") == nil)
    }

    @Test("A Croatian reference is text: no check is believed or refused")
    func croatian() throws {
        let reference = try #require(CroatianReference("HR01 7269-68949637676-00019"))
        #expect(reference.model == "01")
        #expect(reference.body == "7269-68949637676-00019")
        #expect(CroatianReference("HR0") == nil)
        #expect(CroatianReference("SI01 1234") == nil)
    }

    @Test("An Italian notice carries its check behind segregation code and number")
    func italian() throws {
        let notice = try #require(ItalianNotice("301012345678901240"))
        #expect(notice.paymentCode == "01012345678901240")
        #expect(ItalianNotice.make(segregation: "01", "0123456789012") == notice)
        #expect(ItalianNotice("301012345678901241") == nil)
        #expect(ItalianNotice("401012345678901240") == nil)
        #expect(ItalianNotice("30101234567890124") == nil)
    }

    @Test(
        "A payment code may be of these notices",
        arguments: [
            ("01012345678901240", ["301012345678901240", "101012345678901240", "201012345678901240"]),
            ("01012345678901241", ["101012345678901241", "201012345678901241"]),
            ("012345678901277", ["002012345678901277", "095012345678901277"]), ("012345678901299", []), ("1", []),
        ])
    func notices(_ code: String, _ notices: [String]) {
        #expect(ItalianNotice.bearing(code).map(\.text) == notices)
        #expect(ItalianNotice.bearing(code).allSatisfy { $0.paymentCode == code })
    }

    @Test(
        "A bill's line and bar code are the same",
        arguments: [
            "83620000000-5 66780048100-0 18097565731-3 00158963608-1",
            "84890000000-2 40420162201-5 80605190429-2 58603411122-0",
        ])
    func bill(_ line: String) throws {
        let bill = try #require(BrazilianBill(line))
        #expect(bill.barcode.count == 44 && bill.line == line)
        #expect(BrazilianBill(bill.barcode) == bill)
        #expect(BrazilianSlip(bill.barcode) == nil)
    }

    @Test(
        "A wrong digit refuses a bill, and so does another kind of slip",
        arguments: [
            "83620000000-5 66780048100-0 18097565731-3 00158963609-1",
            "83620000000-6 66780048100-0 18097565731-3 00158963608-1", "83620000000667800481001809756573100158963609",
            "00190.00009 01207.113000 09000.206186 5 38600000004000", "8", "",
        ])
    func refusesBill(_ text: String) {
        #expect(BrazilianBill(text) == nil)
    }

    @Test("A boleto's line and bar code are the same slip")
    func boleto() throws {
        let line = "00190.00009 01207.113000 09000.206186 5 38600000004000"
        let slip = try #require(BrazilianSlip(line))
        #expect(slip.barcode == "00195386000000040000000001207113000900020618")
        #expect(BrazilianSlip(slip.barcode) == slip)
        #expect(slip.line == line)
        #expect(slip.bank == "001")
        #expect(slip.cents == 4_000)
        #expect(
            BrazilianSlip.make(bank: "001", factor: 3860, cents: 4_000, free: "0000001207113000900020618") == slip)
    }

    @Test(
        "A wrong digit anywhere refuses a boleto",
        arguments: [
            "00191.00009 01207.113000 09000.206186 5 38600000004000",
            "00190.00009 01207.113000 09000.206186 5 38600000004001",
            "00190.00009 01207.113001 09000.206186 5 38600000004000",
            "00195386000000040000000001207113000900020619", "0019538600000004000000000120711300090002061", "",
        ])
    func refusesBoleto(_ text: String) {
        #expect(BrazilianSlip(text) == nil)
    }

    @Test("A boleto's due day counts from 1997, and again from 2025")
    func boletoDue() throws {
        func due(_ factor: Int, readOn day: String) throws -> Day? {
            let free = String(repeating: "1", count: 25)
            let slip = BrazilianSlip.make(bank: "001", factor: factor, cents: 1, free: free)
            return try #require(slip).due(readOn: try #require(Day(day)))
        }
        #expect(try due(9999, readOn: "2025-02-01") == Day("2025-02-21"))
        #expect(try due(1000, readOn: "2025-02-25") == Day("2025-02-22"))
        #expect(try due(0, readOn: "2025-02-25") == nil)
    }

    @Test("Pix ids are told apart by their shape")
    func pix() throws {
        let charge = try #require(PixIdentifier("7f733863543b4a16b516d839bd4bc34e"))
        #expect(charge.isDynamic)
        #expect(charge.text == "7f733863543b4a16b516d839bd4bc34e")
        let payment = try #require(PixIdentifier("E12345678202009091221abcdef12345"))
        #expect(payment == .payment("E12345678202009091221abcdef12345"))
        #expect(payment.day == Day("2020-09-09"))
        #expect(PixIdentifier("PEDIDO17")?.isDynamic == false)
        #expect(PixIdentifier("") == nil)
        #expect(PixIdentifier("PEDIDO-17") == nil)
        #expect(PixIdentifier(String(repeating: "a", count: 36)) == nil)
    }
}
