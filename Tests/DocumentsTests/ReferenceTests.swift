// SPDX-License-Identifier: Apache-2.0
import Documents
import Testing

struct ReferenceTests {
    @Test(
        "ISO 11649 references pass with spaces and in lower case",
        arguments: [
            "RF18539007547034", "RF18 5390 0754 7034", "rf18539007547034", "RF185390075470Y",
            "RF18000000000539007547034", "RF49N73GBST73AKL38ZX", "RF08B3700321", "RF19N8BG33KQ9HSS7BG",
            "RF66qs9H7NJ4fvs99SPO", "RF040", "RF73INV20260042",
        ])
    func creditor(_ text: String) throws {
        let reference = try #require(CreditorReference(text))
        #expect(CreditorReference.make(reference.body) == reference)
        #expect(CreditorReference(reference.printed) == reference)
    }

    @Test(
        "Wrong ISO 11649 references are nil",
        arguments: [
            "RF04", "RF20.0000.3", "RFA8FN3DD938494", "RF0CNHF", "RF04GHJ74CV9B4DFH99RXPLMMQ43JKL0",
            "RF19539007547034", "", "RF", "R", "XX18539007547034", "RF18539007547043",
        ])
    func refusesCreditor(_ text: String) {
        #expect(CreditorReference(text) == nil)
    }

    @Test("ISO 11649 references are made from a body")
    func makesCreditor() {
        #expect(CreditorReference.make("B334BOPQE39D902DC")?.text == "RF91B334BOPQE39D902DC")
        #expect(CreditorReference.make("7")?.text == "RF097")
        #expect(CreditorReference.make("inv 20260042")?.text == "RF73INV20260042")
        #expect(CreditorReference.make("INV-1") == nil)
        #expect(CreditorReference.make("") == nil)
        #expect(CreditorReference.make(String(repeating: "1", count: 22)) == nil)
    }

    @Test(
        "IBANs pass with spaces, and normalise",
        arguments: [
            ("DE89370400440532013000", "DE89370400440532013000"), ("nl91 abna 0417 1643 00", "NL91ABNA0417164300"),
            ("IBAN: CZ58 5500 0000 0012 6509 8001", "CZ5855000000001265098001"),
            ("CH5800791123000889012", "CH5800791123000889012"),
            ("GB29-NWBK-6016-1331-9268-19", "GB29NWBK60161331926819"),
            ("BR1800360305000010009795493C1", "BR1800360305000010009795493C1"),
        ])
    func iban(_ text: String, _ normal: String) throws {
        let iban = try #require(IBAN(text))
        #expect(iban.text == normal)
        #expect(IBAN(iban.printed) == iban)
    }

    @Test(
        "Wrong IBANs are nil",
        arguments: ["NL91ABNA0417164301", "DE8937040044053201300", "", "DE", "NL91ABNA04171643001", "1234567890123456"])
    func refusesIBAN(_ text: String) {
        #expect(IBAN(text) == nil)
    }

    @Test("A wrong IBAN still has a key to look it up by")
    func normalises() {
        #expect(IBAN.normalised(" nl91 abna\u{A0}0417 1643 01 ") == "NL91ABNA0417164301")
    }

    @Test(
        "Belgian communications pass in every print",
        arguments: ["+++020/3430/57642+++", "***020/3430/57642***", "020343057642", "020343053497", "010806817183"])
    func belgian(_ text: String) throws {
        let reference = try #require(BelgianReference(text))
        #expect(BelgianReference.make(reference.text.prefix(10)) == reference)
        #expect(BelgianReference(reference.printed) == reference)
    }

    @Test(
        "Wrong Belgian communications are nil",
        arguments: ["+++020/3430/57643+++", "02034305764", "020343053400", "abc", ""])
    func refusesBelgian(_ text: String) {
        #expect(BelgianReference(text) == nil)
    }

    @Test(
        "Finnish references pass, in their RF form too",
        arguments: ["12345672", "2023000098", "234096783", "0000012345672", "1 23456 72"])
    func finnish(_ text: String) throws {
        let reference = try #require(FinnishReference(text))
        #expect(FinnishReference.make(reference.text.dropLast()) == reference)
        #expect(FinnishReference(reference.printed) == reference)
        #expect(FinnishReference(try #require(reference.international).text) == reference)
    }

    @Test("Wrong Finnish references are nil", arguments: ["12345673", "123", "", "0000", "RF18539007547034X"])
    func refusesFinnish(_ text: String) {
        #expect(FinnishReference(text) == nil)
    }

    @Test(
        "Norwegian KIDs pass by the check that was agreed",
        arguments: [
            ("2345676", NorwegianReference.Check.mod10), ("12344", .mod10), ("12345678903", .mod11), ("12343", .mod11),
        ])
    func norwegian(_ text: String, _ check: NorwegianReference.Check) throws {
        let reference = try #require(NorwegianReference(text, check: check))
        #expect(NorwegianReference.make(text.dropLast(), check: check) == reference)
        #expect(NorwegianReference("9\(text.dropFirst())", check: check) == nil)
    }

    @Test("A Norwegian mod-11 check of ten is a hyphen, of eleven a zero")
    func norwegianHyphen() {
        #expect(NorwegianReference.make("6", check: .mod11)?.text == "6-")
        #expect(NorwegianReference("6-", check: .mod11) != nil)
        #expect(NorwegianReference.make("14", check: .mod11)?.text == "140")
        #expect(NorwegianReference("6-", check: .mod10) == nil)
        #expect(NorwegianReference("-6", check: .mod11) == nil)
        #expect(NorwegianReference("12343", check: .mod10) == nil)
        #expect(NorwegianReference("12344", check: .mod11) == nil)
    }

    @Test("Swedish OCR numbers pass", arguments: ["1230", "12351", "123067", "18108401345678778"])
    func swedish(_ text: String) {
        #expect(SwedishReference(text)?.text == text)
        #expect(SwedishReference.make(text.dropLast())?.text == text)
    }

    @Test("A Swedish length digit counts all digits")
    func swedishLength() {
        #expect(SwedishReference.make("123", lengthDigit: true)?.text == "12351")
        #expect(SwedishReference("12351", lengthDigit: true) != nil)
        #expect(SwedishReference("123067", lengthDigit: true) != nil)
        #expect(SwedishReference("1230", lengthDigit: true) == nil)
        #expect(SwedishReference.make("12345")?.text == "123455")
        #expect(SwedishReference("123451") == nil)
    }

    @Test(
        "Swiss QR references pass",
        arguments: [
            "210000000003139471430009017", "21 00000 00003 13947 14300 09017", "123456000000001291146290514",
            "000000000000000000001234565",
        ])
    func swiss(_ text: String) throws {
        let reference = try #require(SwissReference(text))
        #expect(SwissReference.make(reference.text.dropLast()) == reference)
        #expect(SwissReference(reference.printed) == reference)
        #expect(SwissReference.make("187858")?.text.hasSuffix("1878583") == true)
    }

    @Test(
        "Wrong Swiss QR references are nil",
        arguments: ["210000000003139471430009016", "2100000003139471430009017", "000000000000000000000000000", ""])
    func refusesSwiss(_ text: String) {
        #expect(SwissReference(text) == nil)
    }

    @Test(
        "Dutch references pass",
        arguments: ["5010.0021.6701.0010", "0001041146910100", "3961 3079 9841 0020", "1234567", "5000056789012345"])
    func dutch(_ text: String) throws {
        let reference = try #require(DutchReference(text))
        #expect(DutchReference(reference.printed) == reference)
    }

    @Test("Dutch references of every length that exists are made and read back", arguments: 1...17)
    func makesDutch(_ count: Int) throws {
        let number = String("98765432109876543".prefix(count))
        let made = DutchReference.make(number)
        #expect((made == nil) == !(7...15).contains(count))
        guard let text = made?.text else { return }
        #expect(text.count == (count <= 12 ? count + 2 : 16))
        #expect(text.hasSuffix(number))
        for wrong in "0123456789" where wrong != text.first {
            // Ten is written 1 and eleven 0, so only a changed check digit is sure to fail.
            #expect(DutchReference("\(wrong)\(text.dropFirst())") == nil)
        }
    }

    @Test(
        "Dutch references of a wrong length or length digit are nil",
        arguments: ["12345678", "123456789012345", "119234567", "", "x"])
    func refusesDutch(_ text: String) {
        #expect(DutchReference(text) == nil)
    }

    @Test(
        "An issued reference and the one in a payment have one key",
        arguments: [
            ("+++020/3430/57642+++", "020343057642"), ("***020/3430/57642***", "20343057642"),
            ("RF18 5390 0754 7034", "rf18000000000539007547034"), ("INV-2026-0042", "inv 2026/0042"),
            ("0000012345672", "1 23456 72"), ("5010.0021.6701.0010", "5010002167010010"),
            ("21 00000 00003 13947 14300 09017", "210000000003139471430009017"), ("Å-1", "å1"),
            ("RF040", "RF04 00"),
        ])
    func canonical(_ issued: String, _ paid: String) {
        let key = StructuredReference.canonical(issued)
        #expect(!key.isEmpty)
        #expect(key == StructuredReference.canonical(paid))
        #expect(key == StructuredReference.canonical(key))
    }

    @Test("Zeros, blanks and marks are no reference", arguments: ["", "000000", " ", "+++", "0-0", "—"])
    func noReference(_ text: String) {
        #expect(StructuredReference.canonical(text).isEmpty)
        #expect(StructuredReference.lookupKeys(text).isEmpty)
    }

    @Test("Letters keep two references apart")
    func distinct() {
        #expect(StructuredReference.canonical("A-0042") != StructuredReference.canonical("0042"))
        #expect(StructuredReference.canonical("ИНВ-12") != StructuredReference.canonical("12"))
    }

    @Test("A national number is found in its RF form, and the other way round")
    func keys() throws {
        let national = "12345672"
        let international = try #require(CreditorReference.make(national)).text
        #expect(StructuredReference.lookupKeys(international) == [international, national])
        #expect(StructuredReference.lookupKeys(national).prefix(2) == [national, international])
        #expect(StructuredReference.lookupKeys("RF097") == ["RF097"])
        #expect(StructuredReference.lookupKeys("INV-1") == ["INV1"])
    }

    @Test(
        "A reference is found under the other form of its scheme",
        arguments: [
            (
                "00190.00009 01207.113000 09000.206186 5 38600000004000",
                "00195386000000040000000001207113000900020618"
            ),
            (
                "83620000000-5 66780048100-0 18097565731-3 00158963608-1",
                "83620000000667800481001809756573100158963608"
            ),
            ("301012345678901240", "01012345678901240"), ("002012345678901277", "012345678901277"),
            ("RF18 5390 0754 7034", "539007547034"), ("SI05 19-1235-84503", "05 19-1235-84503"),
            ("HR01 7269-68949637676-00019", "01 7269-68949637676-00019"),
        ])
    func otherForm(_ one: String, _ other: String) {
        #expect(StructuredReference.lookupKeys(other).contains(StructuredReference.canonical(one)))
        #expect(StructuredReference.lookupKeys(one).contains(StructuredReference.canonical(other)))
    }

    @Test("A number is found behind RF, and a Danish id without the kind of its form")
    func withoutFirst() {
        // The running part of a number is no reference that `RF` wraps.
        #expect(!StructuredReference.lookupKeys("0000022").contains { $0.hasPrefix("RF") })
        #expect(!StructuredReference.lookupKeys("123456789").contains { $0.hasPrefix("RF") })
        #expect(StructuredReference.lookupKeys("71026840149965328").contains("26840149965328"))
        #expect(!StructuredReference.lookupKeys("71026840149965329").contains("26840149965329"))
        // Without the model, four digits are anything.
        #expect(!StructuredReference.lookupKeys("SI001234").contains("1234"))
        #expect(StructuredReference.lookupKeys("191230100405JSH0438").contains("RF24191230100405JSH0438"))
    }
}
