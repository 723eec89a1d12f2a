// SPDX-License-Identifier: Apache-2.0
import Documents
import Formats
import Testing

/// What the messages of banks become.
@Suite("MT940 becomes payments and statements")
struct MT940ReaderTests {
    private static func eur(_ minor: Int64) -> Money { Money(minorUnits: minor, currency: .eur) }

    @Test("An entry behind the end of its message is listed: nothing says whose account it is")
    func outside() throws {
        let sample = MT940Sample(
            entries: ":61:2603030302CR121,00NTRFNONREF\n:86:INV-7", closing: "C260302EUR1121,00")
        let (payments, _, reading) = try MT940Sample.read(
            sample.text + "-\n:61:2603030302CR5,00NTRFNONREF\n:86:INV-8\n")
        #expect(payments.map(\.amount) == [Self.eur(12100)])
        #expect(reading.faults.map(\.code) == ["MT940-ENTRY-OUTSIDE"])
        #expect(reading.faults.first?.severity == .row)
    }

    @Test("The payer's IBAN of field 38 counts before the digits of field 31", arguments: [true, false])
    func wholeAccount(_ isIBAN: Bool) throws {
        let account = isIBAN ? "PL61109010140000071219812874" : "see below"
        let sample = MT940Sample(
            entries: """
                :61:2603030302C121,00S073NONREF
                :86:073<00PRZELEW<20FAKTURA 7<3010901014<310000071219812874<32KAWIARNIA<38\(account)
                """, closing: "C260302EUR1121,00")
        let payment = try #require(try sample.read().payments.first)
        #expect(payment.payerAccount == (isIBAN ? account : "0000071219812874"))
        #expect(payment.remittance == "FAKTURA 7")
    }

    @Test("A German credit with every field is read whole")
    func german() throws {
        let sample = MT940Sample(
            entries: """
                :61:2603030302CR121,00NTRFNONREF//2026030212345678
                :86:166?00SEPA-GUTSCHRIFT?109251?20EREF+E2E-9?21KREF+BANK-77?22SVWZ+R
                echnungen INV-7 und I?23NV-8 vom 01.02.?30COBADEFFXXX?31DE8937040044053
                2013000?32Buyer GmbH & Co.?33 KG?34000
                """, closing: "C260302EUR1121,00")
        let (payments, statements, reading) = try sample.read()
        #expect(reading.faults.isEmpty, "\(reading.faults)")
        let payment = try #require(payments.first)
        #expect(payment.amount == Self.eur(12100))
        #expect(payment.account == "DE89370400440532013000")
        #expect(payment.payerName == "Buyer GmbH & Co. KG")
        #expect(payment.payerAccount == "DE89370400440532013000")
        #expect(payment.endToEndID == "E2E-9")
        #expect(payment.remittance == "Rechnungen INV-7 und INV-8 vom 01.02.")
        #expect(payment.bankCode == "NTRF+166")
        #expect(payment.entryReference == "2026030212345678")
        #expect(payment.status == .booked)
        #expect(payment.bookedOn.text == "2026-03-02")
        #expect(payment.valuedOn?.text == "2026-03-03")
        #expect(payment.reverses == nil)
        #expect(payment.provenance.at == .line(5))
        let statement = try #require(statements.first)
        #expect(statement.account == "DE89370400440532013000")
        #expect(statement.number == "00042/001")
        #expect(statement.sequence == 42)
        #expect(statement.openingBalance == Self.eur(100_000))
        #expect(statement.closingBalance == Self.eur(112_100))
        #expect(statement.openingOn?.text == "2026-03-01")
        #expect(statement.closingOn?.text == "2026-03-02")
        #expect(statement.entryCount == 1)
        #expect(statement.credits == Self.eur(12100))
        #expect(statement.kind == .statement)
    }

    @Test(
        "Each bank's field 86 gives the other side, the text and the references",
        arguments: [
            Dialect(
                "Rabobank", ":61:260302C10,00N541EREF            \nNL44RABO0123456789",
                ":86:/EREF/E2E-1/ORDP//NAME/Janssen B.V./REMI/Factuur 2026-17/ISDT/2026-03-02",
                "Janssen B.V.", "NL44RABO0123456789", "Factuur 2026-17", "E2E-1"),
            Dialect(
                "ING", ":61:2603020302C10,00NTRFEREF//26061012345678",
                ":86:/EREF/NOTPROVIDED//CNTP/NL32INGB0000012345/INGBNL2A/ING BANK NV INZ\nAKE WEB///REMI/USTD//"
                    + "Factuur 17/",
                "ING BANK NV INZAKE WEB", "NL32INGB0000012345", "Factuur 17", nil),
            Dialect(
                "ABN AMRO", ":61:2603020302C10,00N196NONREF",
                ":86:/TRTP/SEPA OVERBOEKING/IBAN/NL32INGB0000012345/BIC/INGBNL2A/NAME\n/Jansen/REMI/Betaling 99/EREF/77",
                "Jansen", "NL32INGB0000012345", "Betaling 99", "77"),
            Dialect(
                "ABN AMRO in words", ":61:2603020302C10,00N196NONREF",
                ":86:SEPA OVERBOEKING                 IBAN: NL32INGB0000012345\nBIC: INGBNL2A                    "
                    + "NAAM: W. DE WIT\nOMSCHRIJVING: FACT 12             KENMERK: K-9",
                "W. DE WIT", "NL32INGB0000012345", "FACT 12", "K-9"),
            Dialect(
                "Knab", ":61:2603020302C10,00NTRFNONREF//B4G29PGCVO7Q06US",
                ":86:FACTUUR 17\nREK: NL32INGB0000012345/NAAM: WEB WINKEL", "WEB WINKEL", "NL32INGB0000012345",
                "FACTUUR 17", nil),
            Dialect(
                "ASN Bank", ":61:2603020302C10,00NOVBNL32INGB0000012345\nhr w de wit",
                ":86:NL32INGB0000012345 hr w de wit\n\nFactuur 17\n", "hr w de wit", "NL32INGB0000012345", "Factuur 17",
                nil),
            Dialect(
                "mBank", ":61:2603020302CN10,00NTRFNONREF//MB170119012058\n911-TRANSAKCJA IPH",
                ":86:911 TRANSAKCJA; Z RACH.: 56114010810000267002001001; OD: JAN NOWAK; TYT.: FAKTURA 9; TNR: 17",
                "JAN NOWAK", "56114010810000267002001001", "FAKTURA 9", nil),
            Dialect(
                "Belgian, free text", ":61:2603020302C10,00NTRFNONREF",
                ":86:VAN BE68539007547034 JANSSENS\n+++090/9337/55493+++", nil, nil,
                "VAN BE68539007547034 JANSSENS +++090/9337/55493+++", nil, structured: "090933755493"),
            Dialect(
                "Dutch payment reference", ":61:2603020302C10,00NTRFNONREF",
                ":86:/ORDP//NAME/A/REMI/STRD/CUR/9000000000000017/", "A", nil, "9000000000000017", nil,
                structured: "9000000000000017"),
            Dialect(
                "Triodos", ":61:260302C10,00N000NONREF",
                ":86:000>100987654321\n>20Huur >21maart>310390123456>32De Huurder",
                "De Huurder", "0390123456", "Huur maart", nil),
            Dialect(
                "Danske, without 86", ":61:2603020302CK10,00NMSCFaktura 17//4711", "", nil, nil, "Faktura 17 4711", nil),
            Dialect(
                "old Rabobank", ":61:260302C000000000010,00N0440121470966      W.P. Jansen      ",
                ":86:FACTUUR 9               \n:86:20095731", "W.P. Jansen", "0121470966", "FACTUUR 9 20095731", nil),
        ])
    func dialects(_ dialect: Dialect) throws {
        let sample = MT940Sample(
            entries: dialect.entry + (dialect.details.isEmpty ? "" : "\n" + dialect.details),
            closing: "C260302EUR1010,00")
        let (payments, _, reading) = try sample.read()
        #expect(reading.faults.isEmpty, "\(reading.faults)")
        let payment = try #require(payments.first)
        #expect(payment.amount == Self.eur(1000))
        #expect(payment.payerName == dialect.name)
        #expect(payment.payerAccount == dialect.account)
        #expect(payment.remittance == dialect.text)
        #expect(payment.endToEndID == dialect.endToEndID)
        #expect(payment.structuredReference == dialect.structured)
    }

    struct Dialect: Sendable, CustomTestStringConvertible {
        let bank: String
        let entry: String
        let details: String
        let name: String?
        let account: String?
        let text: String?
        let endToEndID: String?
        let structured: String?

        init(
            _ bank: String, _ entry: String, _ details: String, _ name: String?, _ account: String?, _ text: String?,
            _ endToEndID: String?, structured: String? = nil
        ) {
            self.bank = bank
            self.entry = entry
            self.details = details
            self.name = name
            self.account = account
            self.text = text
            self.endToEndID = endToEndID
            self.structured = structured
        }

        var testDescription: String { bank }
    }

    @Test(
        "Marks, dates and amounts are read as banks write them",
        arguments: [
            (":61:2603020302DR6,00N024NONREF", -600, "2026-03-02"),
            (":61:2603020302RC204,88NRTINONREF", -20488, "2026-03-02"),
            (":61:2603020302RDR204,88NRTINONREF", 20488, "2026-03-02"),
            (":61:260302C500,NTRFNONREF", 50000, "2026-03-02"),
            (":61:260302    C00,12NTRFNONREF", 12, "2026-03-02"), (":61:260302C001,1NTRFNONREF", 110, "2026-03-02"),
            (":61:2512311231C1,00NTRFNONREF", 100, "2025-12-31"), (":61:2512310102C1,00NTRFNONREF", 100, "2026-01-02"),
            (":61:2601011231C1,00NTRFNONREF", 100, "2025-12-31"), (":61:9912311231C1,00NTRFNONREF", 100, "1999-12-31"),
            (":61:260302CR1,00S051", 100, "2026-03-02"), (":61:2603020302C000000000012,34NTRFA//B", 1234, "2026-03-02"),
        ])
    func entries(_ line: String, _ minor: Int64, _ day: String) throws {
        let (payments, _, _) = try MT940Sample(entries: line).read()
        #expect(payments.map(\.amount.minorUnits) == [minor])
        #expect(payments.map(\.bookedOn.text) == [day])
    }

    @Test("30 February is the last day of the month, and that is told")
    func february() throws {
        let sample = MT940Sample(entries: ":61:1602300301DR6,00N024NONREF", closing: "C160301EUR994,00")
        let (payments, _, reading) = try sample.read()
        #expect(payments.first?.valuedOn?.text == "2016-02-29")
        #expect(payments.first?.bookedOn.text == "2016-03-01")
        #expect(reading.faults.map(\.code) == ["MT940-DATE"])
        #expect(!reading.refused)
    }

    @Test("An amount without a comma is whole, and that is told")
    func noComma() throws {
        let sample = MT940Sample(entries: ":61:260302C500NTRFNONREF", closing: "C260302EUR1500,00")
        let (payments, _, reading) = try sample.read()
        #expect(payments.first?.amount == Self.eur(50000))
        #expect(reading.faults.map(\.code) == ["MT940-AMOUNT"])
    }

    @Test("A returned direct debit names its reason and what it takes back")
    func returned() throws {
        let sample = MT940Sample(
            entries: """
                :61:2603020302DR53,00NRTINONREF//2026030299887766
                :86:109?00RETOURE?20EREF+DD-17?21MREF+M-1?22OAMT+50,00?23SVWZ+RUECKLAST
                SCHRIFT AC04 KONTO?24 AUFGELOEST?32Buyer
                """, closing: "C260302EUR947,00")
        let (payments, _, reading) = try sample.read()
        #expect(reading.faults.isEmpty)
        let payment = try #require(payments.first)
        #expect(payment.amount == Self.eur(-5300))
        #expect(payment.originalAmount == Self.eur(-5000))
        #expect(payment.returnReason == "AC04")
        #expect(payment.reverses == "DD-17")
        #expect(payment.endToEndID == "DD-17")
        #expect(payment.payerName == "Buyer")
    }

    @Test("A Dutch return names its reason")
    func dutchReturn() throws {
        let sample = MT940Sample(
            entries: ":61:2603020302D10,00NRTINONREF\n:86:/RTRN/MS03//EREF/E-5//REMI/USTD//X/",
            closing: "C260302EUR990,00")
        let payment = try #require(try sample.read().payments.first)
        #expect(payment.returnReason == "MS03")
        #expect(payment.reverses == "E-5")
    }

    @Test("Balances that do not connect warn, and what the bank states stands")
    func balance() throws {
        let (payments, statements, reading) = try MT940Sample(entries: ":61:260302C1,00NTRFNONREF").read()
        #expect(payments.count == 1)
        #expect(statements.first?.closingBalance == Self.eur(100_000))
        #expect(reading.faults.map(\.code) == ["MT940-BALANCE"])
        #expect(reading.faults.first?.message.contains("(difference -1.00)") == true)
    }

    @Test("An interim report's entries are pending, and it proves no day")
    func interim() throws {
        let text = """
            {1:F01AAAABB99BSMK3513951576}{2:O9420934081223BBBBAA33XXXX03592332770812230834N}{4:
            :20:1234567
            :25:DE89370400440532013000
            :28C:5/1
            :34F:EURD1,00
            :34F:EURC1,00
            :13D:2603021730+0100
            :61:2603020302C42,00NTRFNONREF//2026030212345678
            :86:166?20SVWZ+INV-1?32Buyer
            :90D:0EUR0,00
            :90C:1EUR42,00
            -}
            """
        let (payments, statements, reading) = try MT940Sample.read(text)
        #expect(reading.faults.isEmpty, "\(reading.faults)")
        #expect(payments.map(\.status) == [.pending])
        #expect(payments.first?.amount == Self.eur(4200))
        let statement = try #require(statements.first)
        #expect(statement.kind == .report)
        #expect(!statement.provesDays)
        #expect(statement.credits == Self.eur(4200))
        #expect(statement.bookedCredits.isZero)
        #expect(statement.to?.text == "2026-03-02")
    }

    @Test("Several messages, envelopes, preambles and intermediate balances stay apart")
    func several() throws {
        let first = MT940Sample(
            entries: ":61:260302C1,00NTRFA\n", opening: ":60F:C260301EUR1,00", closing: "C260302EUR2,00")
        var second = MT940Sample(
            entries: ":61:260303D1,00NTRFB\n", opening: ":60M:C260302EUR2,00", closing: "C260303EUR1,00")
        second.closingTag = "62M"
        let text =
            "ABNANL2A\r\n940\r\n" + first.text + "-\r\n{1:F01X}{2:O940Y}{4:\r\n" + second.text + "-}{5:{CHK:1}}\r\n"
            + first.text.replacing("DE89370400440532013000", with: "51230800/0000007055EUR")
        let (payments, statements, reading) = try MT940Sample.read(text)
        #expect(reading.faults.isEmpty, "\(reading.faults)")
        #expect(payments.map(\.amount.minorUnits) == [100, -100, 100])
        #expect(
            statements.map(\.account) == ["DE89370400440532013000", "DE89370400440532013000", "51230800/0000007055"])
        #expect(statements.map(\.closingBalance?.minorUnits) == [200, 100, 200])
        #expect(reading.records == 3)
    }

    @Test("Two entries with one bank reference stay two, and the same entry has one id in every file")
    func ids() throws {
        let line = ":61:2603020302C10,00NTRFNONREF//2026030212345678\n"
        let twice = try MT940Sample(entries: line + line + ":61:2603020302C10,00NTRFNONREF//melding\n").read().payments
        #expect(
            twice.map(\.id) == [
                "2026030212345678/2026-03-02/10.00", "2026030212345678/2026-03-02/10.00~2", nil,
            ])
        #expect(try MT940Sample(entries: line).read().payments.first?.id == twice.first?.id)
    }

    @Test("Text in a code page of one byte is read, and it is told that the code page was guessed")
    func latin1() throws {
        var bytes = Array(MT940Sample(entries: ":61:260302C0,00NTRFNONREF\n:86:M*LLER").text.utf8)
        bytes = bytes.map { $0 == 0x2A ? 0xDC : $0 }
        let (payments, _, reading) = try MT940Sample.read(bytes: bytes)
        #expect(payments.first?.remittance == "MÜLLER")
        #expect(payments.first?.status == .information)
        #expect(reading.faults.map(\.code) == ["ENCODING-GUESSED"])
    }

    @Test("The mark of debit and credit may be small", arguments: [("d", -100), ("c", 100), ("rc", -100), ("Rd", 100)])
    func smallMarks(_ mark: String, _ minor: Int64) throws {
        let (payments, _, reading) = try MT940Sample(entries: ":61:2603020302\(mark)1,00N946NONREF").read()
        #expect(payments.map(\.amount.minorUnits) == [minor])
        #expect(!reading.faults.contains { $0.code == "MT940-ENTRY" })
    }

    @Test("The pieces a file comes in make no difference", arguments: [1, 2, 7, 64])
    func pieces(_ size: Int) throws {
        let sample = MT940Sample(entries: ":61:2603020302C10,00NTRFNONREF\r\n:86:/REMI/USTD//Müller/NAME/Ä\r\n")
        let bytes = Array(sample.text.replacing("\n", with: "\r\n").utf8)
        let pieces = stride(from: 0, to: bytes.count, by: size).map { Array(bytes[$0..<min(bytes.count, $0 + size)]) }
        let origin = Provenance.Origin(sha256: "", name: "sample.sta", format: "mt940")
        var cut: [Document] = []
        _ = try MT940Format.read(pieces: pieces, origin) { cut.append($0) }
        var whole: [Document] = []
        _ = try MT940Format.read(pieces: [bytes], origin) { whole.append($0) }
        #expect(cut == whole)
        #expect(cut.count == 2)
    }

    @Test("It is told apart by its tags, behind whatever a bank puts in front")
    func detection() {
        func confidence(_ text: String) -> Int { MT940Format.format.detect(Array(text.utf8), "x").confidence }
        let text = MT940Sample(entries: "").text
        #expect(confidence(text) == 95)
        #expect(confidence("This is an example\r\n\r\n{1:F01}{2:O940}{4:\r\n" + text) == 95)
        #expect(confidence("\u{1}\n:20:A\n:25:B\n") == 95)
        #expect(confidence(":61:260302C1,00NTRF\n") == 60)
        #expect(confidence("1\n2\nhttp://example.com\n") == 0)
        #expect(confidence("a;b\n:20:;c\n") == 0)
        #expect(confidence("") == 0)
    }
}

/// A small message to change one thing of.
struct MT940Sample {
    var entries: String
    var opening = ":60F:C260301EUR1000,00"
    var closing = "C260302EUR1000,00"
    var closingTag = "62F"

    var text: String {
        """
        :20:STARTUMS
        :25:DE89370400440532013000
        :28C:00042/001
        \(opening)
        \(entries)
        :\(closingTag):\(closing)

        """
    }

    func read() throws -> (payments: [Payment], statements: [Statement], reading: Reading) { try Self.read(text) }

    static func read(_ text: String) throws -> (payments: [Payment], statements: [Statement], reading: Reading) {
        try read(bytes: Array(text.utf8))
    }

    static func read(bytes: [UInt8]) throws -> (payments: [Payment], statements: [Statement], reading: Reading) {
        let origin = Provenance.Origin(sha256: "", name: "sample.sta", format: "mt940")
        var payments: [Payment] = []
        var statements: [Statement] = []
        let reading = try MT940Format.read(pieces: [bytes], origin) {
            if case .payment(let payment) = $0 { payments.append(payment) }
            if case .statement(let statement) = $0 { statements.append(statement) }
        }
        return (payments, statements, reading)
    }
}
