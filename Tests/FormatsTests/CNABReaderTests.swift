// SPDX-License-Identifier: Apache-2.0
import Documents
import Formats
import Mappings
import Testing
import Trees

/// What return files become.
@Suite("CNAB returns become payments")
struct CNABReaderTests {
    private static func brl(_ minor: Int64) -> Money { Money(minorUnits: minor, currency: .brl) }

    @Test("A paid title of CNAB 240 is read whole")
    func narrow() throws {
        let sample = CNABSample240(titles: [
            .init(occurrence: "06", paid: 10300, net: 10050, interest: 300, face: 10000, fee: 250)
        ])
        let (payments, statements, reading) = try CNABSample240.read(sample.text)
        #expect(reading.faults.isEmpty, "\(reading.faults)")
        let payment = try #require(payments.first)
        #expect(payment.amount == Self.brl(10300))
        #expect(payment.originalAmount == Self.brl(10000))
        #expect(payment.interest == Self.brl(300))
        #expect(payment.fine == nil)
        #expect(payment.fee == Self.brl(250))
        #expect(payment.structuredReference == "00000000000000012345")
        #expect(payment.remittance == "INV-17 CTRL-9")
        #expect(payment.payerName == "COMPRADOR LTDA")
        #expect(payment.account == "001/3286-0/7536-7")
        #expect(payment.bookedOn.text == "2026-03-03")
        #expect(payment.valuedOn?.text == "2026-03-02")
        #expect(payment.bankCode == "06")
        #expect(payment.method == "boleto")
        #expect(payment.status == .booked)
        #expect(payment.provenance.at == .line(3))
        let statement = try #require(statements.first)
        #expect(statement.kind == .notification)
        #expect(!statement.provesDays)
        #expect(statement.sequence == 257)
        #expect(statement.bookedCredits == Self.brl(10300))
        #expect(reading.records == 1)
    }

    @Test("What is no payment is counted, named and passed over")
    func others() throws {
        let sample = CNABSample240(
            titles: ["02", "06", "09", "28", "17"].map { .init(occurrence: $0, paid: 100, net: 100) })
        let (payments, _, reading) = try CNABSample240.read(sample.text)
        #expect(payments.map(\.bankCode) == ["06", "17"])
        #expect(reading.records == 5)
        #expect(reading.faults.map(\.code) == ["CNAB-NO-PAYMENT"])
        #expect(
            reading.faults.first?.message
                == "3 of 5 titles report no payment (1 × 02 entry confirmed, 1 × 09 withdrawn, 1 × 28 fee)")
    }

    @Test("Records whose blanks at the end were cut are read all the same, and are found by their content")
    func trimmed() throws {
        let sample = CNABSample240(titles: [.init(occurrence: "06", paid: 10300, net: 10300)])
        let lines = sample.lines.map(\.trimmedEnd)
        let header = String(lines[0].prefix(157))
        let text = ([header] + lines.dropFirst()).joined(separator: "\n") + "\n"
        #expect(CNABFormat.format.detect(Array(text.utf8), "x.ret").confidence > 50)
        let (payments, _, reading) = try CNABSample240.read(text)
        #expect(payments.map(\.amount) == [Self.brl(10300)])
        #expect(reading.faults.map(\.code) == ["CNAB-WIDTH"])
    }

    @Test("What a bank made of a remessa is refused as that, not as an unknown table", arguments: ["1", "3", "4", "5"])
    func processed(_ code: String) throws {
        var lines = CNABSample240(titles: []).lines
        lines[0] = String(lines[0].prefix(142)) + code + String(lines[0].dropFirst(143))
        let text = lines.joined(separator: "\n") + "\n"
        #expect(CNABFormat.format.detect(Array(text.utf8), "x.ret").confidence > 50)
        #expect(try CNABSample240.read(text).reading.faults.map(\.code) == ["CNAB-REMESSA"])
    }

    @Test("A code that no bank we know has is no silent loss of money", arguments: ["05", "  "])
    func unclear(_ occurrence: String) throws {
        let sample = CNABSample400(titles: [.init(occurrence: occurrence, paid: 10350, face: 10000)])
        let text = sample.text.replacing("237BRADESCO", with: "070BRASILIA")
        let (payments, _, reading) = try CNABSample240.read(text)
        #expect(payments.isEmpty)
        #expect(reading.faults.filter { $0.severity == .row }.map(\.code) == ["CNAB-OCCURRENCE"], "\(reading.faults)")
    }

    @Test("A paid title of CNAB 400 is read whole")
    func wide() throws {
        let sample = CNABSample400(
            titles: [.init(occurrence: "06", paid: 10350, face: 10000, fee: 250, interest: 150, fine: 200, discount: 0)]
        )
        let (payments, statements, reading) = try CNABSample240.read(sample.text)
        #expect(reading.faults.isEmpty, "\(reading.faults)")
        let payment = try #require(payments.first)
        #expect(payment.amount == Self.brl(10350))
        #expect(payment.originalAmount == Self.brl(10000))
        #expect(payment.interest == Self.brl(150))
        #expect(payment.fine == Self.brl(200))
        let told = Document.payment(payment).node
        #expect(told["interest"]?.scalar == "1.50")
        #expect(told["fine"]?.scalar == "2.00")
        #expect(payment.discount == nil)
        #expect(payment.fee == Self.brl(250))
        #expect(payment.structuredReference == "000000000097")
        #expect(payment.remittance == "INV-17")
        #expect(payment.account == "237/0123/45678-9")
        #expect(payment.bookedOn.text == "2026-03-03")
        #expect(payment.valuedOn?.text == "2026-03-02")
        #expect(statements.first?.number == "00042")
    }

    @Test("The same event has one id in every file, and two events of one title have two")
    func ids() throws {
        let one = CNABSample400.Title(occurrence: "06", paid: 100)
        let payments = try CNABSample240.read(
            CNABSample400(titles: [one, one, .init(occurrence: "17", paid: 50)]).text
        )
        .payments
        #expect(
            payments.map(\.id) == [
                "000000000097/06/2026-03-03/1.00", "000000000097/06/2026-03-03/1.00~2",
                "000000000097/17/2026-03-03/0.50",
            ])
    }

    @Test("An unknown bank's columns are the usual ones, and that is told")
    func unknownBank() throws {
        let text = CNABSample400(titles: [.init(occurrence: "06", paid: 100)]).text.replacing(
            "237BRADESCO", with: "999UM BANCO")
        let (payments, _, reading) = try CNABSample240.read(text)
        #expect(payments.map(\.amount.minorUnits) == [100])
        #expect(reading.faults.map(\.code) == ["CNAB-BANK"])
    }

    @Test("Lines of another width are read and told, whatever blanks a program took or put")
    func widths() throws {
        let lines = CNABSample240(titles: [.init(occurrence: "06", paid: 100, net: 100)]).lines
        let changed = ["\u{FEFF}" + lines[0] + "   "] + lines.dropFirst().map { $0.trimmedEnd } + ["\u{1A}"]
        let (payments, _, reading) = try CNABSample240.read(changed.joined(separator: "\r\n"))
        #expect(payments.map(\.amount.minorUnits) == [100])
        #expect(reading.faults.map(\.code) == ["CNAB-WIDTH"])
    }

    @Test("A title whose amount or partner is broken is left out and named")
    func rows() throws {
        let good = CNABSample240(titles: [.init(occurrence: "06", paid: 100, net: 100)]).lines
        let broken = good[3].slice(0, 77) + "00000000000X100" + good[3].slice(92, 200)
        let unpaired = good[2]
        let text = [good[0], good[1], good[2], broken, unpaired, good[2], good[3], good[3], unpaired, good[4], good[5]]
        let (payments, _, reading) = try CNABSample240.read(text.joined(separator: "\n"))
        #expect(payments.map(\.amount.minorUnits) == [100])
        #expect(reading.faults.map(\.code) == ["CNAB-AMOUNT", "CNAB-SEGMENT", "CNAB-SEGMENT", "CNAB-SEGMENT"])
        #expect(reading.faults.allSatisfy { $0.severity == .row })
    }

    @Test(
        "What is no return is refused",
        arguments: [
            ("remessa 400", "CNAB-REMESSA"), ("remessa 240", "CNAB-REMESSA"), ("neither", "CNAB-NO-RETURN"),
            ("cut", "CNAB-TRUNCATED"), ("text", "CNAB-NO-HEADER"), ("empty", "CNAB-NO-HEADER"),
        ])
    func refusals(_ what: String, _ code: String) throws {
        let wide = CNABSample400(titles: [.init(occurrence: "06", paid: 100)])
        let narrow = CNABSample240(titles: [.init(occurrence: "06", paid: 100, net: 100)])
        let text =
            switch what {
            case "remessa 400": wide.text.replacing("02RETORNO", with: "01REMESSA")
            case "remessa 240":
                ([narrow.lines[0].slice(0, 142) + "1" + narrow.lines[0].slice(143, 97)] + narrow.lines.dropFirst())
                    .joined(separator: "\n")
            case "neither": wide.text.replacing("02RETORNO", with: "012345678")
            case "cut": narrow.lines.dropLast(1).joined(separator: "\n")
            case "text": "hello"
            default: ""
            }
        let (payments, _, reading) = try CNABSample240.read(text)
        #expect(reading.refused)
        #expect(reading.faults.last?.code == code)
        #expect(payments.isEmpty || code == "CNAB-TRUNCATED")
    }

    @Test("It is told apart by its header record")
    func detection() {
        func confidence(_ text: String) -> Int { CNABFormat.format.detect(Array(text.utf8), "x").confidence }
        #expect(confidence(CNABSample240(titles: []).text) == 90)
        #expect(confidence(CNABSample400(titles: []).text) == 95)
        #expect(confidence("\u{FEFF}" + CNABSample240(titles: []).text) == 90)
        #expect(confidence(String(repeating: "0", count: 240)) == 0)
        #expect(confidence("") == 0)
    }
}

/// A small return of Banco do Brasil to change one thing of.
struct CNABSample240 {
    struct Title {
        var occurrence: String
        var paid = 0
        var net = 0
        var interest = 0
        var face = 0
        var fee = 0
    }

    var titles: [Title]

    var lines: [String] {
        let company = ["00100000".padded(17), "2", "26599530001760", "329486000".padded(20), "032860", "0000000075367"]
        let header = [
            company.joined().padded(72), "DEMO LTDA".padded(30), "BANCO DO BRASIL".padded(40), "2", "03032026",
            "110247",
            "000257", "030",
        ].joined()
        let batch = "00100011T0100020 "
        let details = titles.flatMap { title in
            [
                [
                    "0010001300001T ", title.occurrence, "0328600000000075367 ", "00000000000000012345", "1",
                    "INV-17".padded(15), "10032026", digits(title.face == 0 ? title.paid : title.face), "00103286",
                    "7", "CTRL-9".padded(25), "09", "1", "000012345678901", "COMPRADOR LTDA".padded(40), "0000000000",
                    digits(title.fee),
                ].joined().padded(240),
                [
                    "0010001300002U ", title.occurrence, digits(title.interest), digits(0), digits(0), digits(0),
                    digits(title.paid), digits(title.net), digits(0), digits(0), "02032026", "03032026",
                ].joined().padded(240),
            ]
        }
        return [header.padded(240), batch.padded(240)] + details + ["00100015".padded(240), "00199999".padded(240)]
    }

    private func digits(_ value: Int) -> String {
        String(repeating: "0", count: 15 - "\(value)".count) + "\(value)"
    }

    var text: String { lines.joined(separator: "\r\n") + "\r\n" }

    static func read(_ text: String) throws -> (payments: [Payment], statements: [Statement], reading: Reading) {
        let origin = Provenance.Origin(sha256: "", name: "sample.ret", format: "cnab")
        var payments: [Payment] = []
        var statements: [Statement] = []
        let reading = try CNABFormat.read(pieces: [Array(text.utf8)], origin) {
            if case .payment(let payment) = $0 { payments.append(payment) }
            if case .statement(let statement) = $0 { statements.append(statement) }
        }
        return (payments, statements, reading)
    }
}

/// A small return of Bradesco to change one thing of.
struct CNABSample400 {
    struct Title {
        var occurrence: String
        var paid = 0
        var face = 0
        var fee = 0
        var interest = 0
        var fine = 0
        var discount = 0
    }

    var titles: [Title]

    var text: String {
        let header =
            [
                "02RETORNO01COBRANCA".padded(26), "00000000000004466911", "DEMO LTDA".padded(30),
                "237BRADESCO".padded(18),
                "030326", "01600000", "00042",
            ].joined().padded(394) + "000001"
        let details = titles.map { title in
            var line = "1020414679200016800009  " + "0012300456789"
            line = (line.padded(70) + "000000000097").padded(108)
            line += [title.occurrence, "020326", "INV-17".padded(30), "100326"].joined()
            line += digits(title.face == 0 ? title.paid : title.face)
            line = line.padded(175) + digits(title.fee)
            let amounts = [title.discount, title.paid, title.interest, title.fine]
            line = line.padded(240) + amounts.map(digits).joined()
            return (line.padded(295) + "030326").padded(394) + "000002"
        }
        return ([header] + details + ["9201237".padded(394) + "000009"]).joined(separator: "\r\n") + "\r\n"
    }

    private func digits(_ value: Int) -> String {
        String(repeating: "0", count: 13 - "\(value)".count) + "\(value)"
    }
}

extension String {
    var trimmedEnd: String { String(reversed().drop { $0 == " " }.reversed()) }
}
