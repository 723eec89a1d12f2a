// SPDX-License-Identifier: Apache-2.0
import Documents
import Formats
import Testing

/// What coded statements become.
@Suite("CODA becomes payments and statements")
struct CODAReaderTests {
    private static func eur(_ minor: Int64) -> Money { Money(minorUnits: minor, currency: .eur) }

    @Test("A credit with every record is read whole")
    func credit() throws {
        var sample = CODASample()
        sample.movements = [
            CODASample.movement(
                amount: "000000000121000", communication: "0" + "Invoice INV-7 ".padded(53), next: "1"),
            CODASample.second(communication: "and INV-8", reference: "E2E-9"),
            CODASample.third(account: "BE68539007547034", name: "JANSSENS BVBA", communication: "of March"),
        ]
        sample.closing = "0000000001121000"
        let (payments, statements, reading) = try sample.read()
        #expect(reading.faults.isEmpty, "\(reading.faults)")
        let payment = try #require(payments.first)
        #expect(payment.amount == Self.eur(12100))
        #expect(payment.account == "BE68539007547034")
        #expect(payment.payerName == "JANSSENS BVBA")
        #expect(payment.payerAccount == "BE68539007547034")
        #expect(payment.remittance == "Invoice INV-7 and INV-8 of March")
        #expect(payment.endToEndID == "E2E-9")
        #expect(payment.bankCode == "00150000")
        #expect(payment.bookedOn.text == "2026-03-02")
        #expect(payment.valuedOn?.text == "2026-03-03")
        #expect(payment.entryReference == "REF00000000000000001")
        #expect(payment.provenance.at == .line(3))
        let statement = try #require(statements.first)
        #expect(statement.account == "BE68539007547034")
        #expect(statement.sequence == 42)
        #expect(statement.openingBalance == Self.eur(100_000))
        #expect(statement.closingBalance == Self.eur(112_100))
        #expect(statement.closingOn?.text == "2026-03-02")
        #expect(reading.records == 1)
    }

    @Test("A structured communication is the reference", arguments: ["101", "102"])
    func structured(_ kind: String) throws {
        var sample = CODASample()
        sample.movements = [
            CODASample.movement(amount: "000000000121000", communication: "1\(kind)090933755493")
        ]
        sample.closing = "0000000001121000"
        let payment = try #require(try sample.read().payments.first)
        #expect(payment.structuredReference == "090933755493")
        #expect(payment.remittance == nil)
    }

    @Test("A returned direct debit names its reason and what it takes back")
    func returned() throws {
        let parts = [
            "127", "020326", "110", "CREDITOR".padded(35), "MANDATE".padded(35), "invoice 12".padded(62), "2AC04",
        ]
        let whole = parts.joined().padded(149)
        var sample = CODASample()
        sample.movements = [
            CODASample.movement(
                amount: "000000000053000", sign: "1", communication: "1" + whole.slice(0, 53), code: "00503000",
                next: "1"),
            CODASample.second(communication: whole.slice(53, 53), reference: "DD-17"),
            CODASample.third(account: "BE68539007547034", name: "BUYER", communication: whole.slice(106, 43)),
        ]
        sample.closing = "0000000000947000"
        let (payments, _, reading) = try sample.read()
        #expect(reading.faults.isEmpty, "\(reading.faults)")
        let payment = try #require(payments.first)
        #expect(payment.amount == Self.eur(-5300))
        #expect(payment.returnReason == "AC04")
        #expect(payment.reverses == "DD-17")
        #expect(payment.remittance == "invoice 12")
    }

    @Test("A globalisation is its details, which are not counted twice")
    func globalisation() throws {
        var sample = CODASample()
        sample.movements = [
            CODASample.movement(amount: "000000000075000", code: "10107000", globalisation: "1"),
            CODASample.movement(amount: "000000000025000", detail: "0001", code: "50107000", globalisation: "0"),
            CODASample.movement(amount: "000000000050000", detail: "0002", code: "50107000", globalisation: "1"),
        ]
        sample.closing = "0000000001075000"
        let (payments, statements, reading) = try sample.read()
        #expect(reading.faults.isEmpty, "\(reading.faults)")
        #expect(payments.map(\.amount.minorUnits) == [2500, 5000])
        #expect(payments.map(\.entryAmount) == [Self.eur(7500), Self.eur(7500)])
        #expect(Set(payments.map(\.id)).count == 2)
        #expect(statements.first?.entryCount == 1)
        #expect(statements.first?.credits == Self.eur(7500))
    }

    @Test("Levels inside a globalisation are totals, too")
    func levels() throws {
        var sample = CODASample()
        let rows = [("075000", "0000", "1"), ("025000", "0001", "2"), ("020000", "0002", "0"), ("005000", "0003", "2")]
        sample.movements = (rows + [("050000", "0004", "1")]).map {
            CODASample.movement(amount: "000000000" + $0.0, detail: $0.1, code: "10107000", globalisation: $0.2)
        }
        sample.closing = "0000000001075000"
        let (payments, _, reading) = try sample.read()
        #expect(payments.map(\.amount.minorUnits) == [2000, 500, 5000])
        #expect(reading.faults.isEmpty, "\(reading.faults)")
    }

    @Test("Details that do not add up are one payment of the movement")
    func broken() throws {
        var sample = CODASample()
        sample.movements = [
            CODASample.movement(amount: "000000000075000", code: "10107000", globalisation: "1"),
            CODASample.movement(
                amount: "000000000025000", detail: "0001", communication: "0INV-1", code: "50107000", globalisation: "1"
            ),
        ]
        sample.closing = "0000000001075000"
        let (payments, _, reading) = try sample.read()
        #expect(payments.map(\.amount.minorUnits) == [7500])
        #expect(payments.first?.remittance == "INV-1")
        #expect(reading.faults.map(\.code) == ["CODA-DETAIL-SUM"])
    }

    @Test("A simple amount with details is one payment, with its gross amount and its charges")
    func charges() throws {
        var sample = CODASample()
        sample.movements = [
            CODASample.movement(amount: "000000000095000", code: "30150000"),
            CODASample.movement(amount: "000000000100000", detail: "0001", code: "80150100"),
            CODASample.movement(amount: "000000000005000", sign: "1", detail: "0002", code: "80150006"),
        ]
        sample.closing = "0000000001095000"
        let payment = try #require(try sample.read().payments.first)
        #expect(payment.amount == Self.eur(9500))
        #expect(payment.originalAmount == Self.eur(10000))
        #expect(payment.fee == Self.eur(500))
    }

    @Test(
        "Hand-edited files warn and land",
        arguments: [
            ("0000000001000000", "CODA-BALANCE"), ("1000000001000000", "CODA-BALANCE"),
            ("0000000001121001", "AMOUNT-ROUNDED"), ("000000000112100X", "CODA-BALANCE-FORM"),
        ])
    func edited(_ closing: String, _ code: String) throws {
        var sample = CODASample()
        sample.movements = [CODASample.movement(amount: "000000000121000")]
        sample.closing = closing
        let (payments, statements, reading) = try sample.read()
        #expect(payments.count == 1 && statements.count == 1)
        #expect(reading.faults.map(\.code) == [code])
        #expect(!reading.refused)
    }

    @Test(
        "What is no version 2 statement is refused",
        arguments: [
            ("version", "CODA-VERSION"), ("cut", "CODA-TRUNCATED"), ("half", "CODA-TRUNCATED"),
            ("headless", "CODA-ORDER"),
            ("empty", "CODA-NO-STATEMENT"),
            ("currency", "CODA-CURRENCY"), ("order", "CODA-ORDER"), ("bare", "CODA-NO-STATEMENT"),
        ])
    func refusals(_ what: String, _ code: String) throws {
        var sample = CODASample()
        sample.movements = [CODASample.movement(amount: "000000000121000")]
        sample.closing = "0000000001121000"
        var lines = sample.lines
        switch what {
        case "version": lines[0] = lines[0].slice(0, 127) + "5"
        case "cut": lines.removeLast(2)
        case "half":
            lines.removeLast()
            lines[lines.count - 1] = lines[lines.count - 1].slice(0, 50)
        case "headless": lines.removeFirst()
        case "currency": lines[1] = lines[1].replacing("EUR", with: "QQQ")
        case "order": lines.remove(at: 1)
        case "bare": lines = [lines[0], lines[lines.count - 1]]
        default: lines = []
        }
        let reading = try CODASample.read(lines.joined(separator: "\r\n")).reading
        #expect(reading.refused)
        #expect(reading.faults.last?.code == code)
    }

    @Test("A line that lost its trailing blanks is read, and told")
    func trimmed() throws {
        var sample = CODASample()
        sample.movements = [CODASample.movement(amount: "000000000121000")]
        sample.closing = "0000000001121000"
        let text = sample.lines.enumerated().map { $0.offset == 3 ? $0.element.slice(0, 90) : $0.element }
        let (payments, _, reading) = try CODASample.read(text.joined(separator: "\n"))
        #expect(payments.count == 1)
        #expect(reading.faults.map(\.code) == ["CODA-WIDTH"])
    }

    @Test("Letters of two bytes take the columns they were counted in")
    func accents() throws {
        var sample = CODASample()
        sample.movements = [
            CODASample.movement(amount: "000000000121000", next: "1"),
            CODASample.third(account: "BE68539007547034", name: "CAFÉ DE LA GARE", communication: "é"),
        ]
        sample.closing = "0000000001121000"
        #expect(try sample.read().payments.first?.payerName == "CAFÉ DE LA GARE")
        let bytes = sample.text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
        #expect(try CODASample.read(bytes: bytes).payments.first?.payerName == "CAFÉ DE LA GARE")
        // A program that counts bytes writes one blank less for each.
        let counted = sample.lines.map { line in
            line.utf8.count == 128 ? line : String(line.replacing(" é ", with: " é").replacing("GARE ", with: "GARE"))
        }
        #expect(counted.allSatisfy { $0.utf8.count == 128 })
        #expect(
            try CODASample.read(counted.joined(separator: "\n")).payments.first?.payerName == "CAFÉ DE LA GARE")
    }

    @Test("It is told apart by its header record")
    func detection() {
        func confidence(_ text: String) -> Int { CODAFormat.format.detect(Array(text.utf8), "x").confidence }
        #expect(confidence(CODASample().text) == 95)
        #expect(confidence("00000" + String(repeating: "0", count: 123)) == 0)
        #expect(confidence("") == 0)
    }
}

/// A small file to change one thing of.
struct CODASample {
    var movements: [String] = []
    var closing = "0000000001000000"

    static func movement(
        amount: String, sign: String = "0", detail: String = "0000", communication: String = "0",
        code: String = "00150000",
        globalisation: String = "0", next: String = "0"
    ) -> String {
        let reference = "REF0000000000000000" + (detail == "0000" ? "1" : detail.slice(3, 1))
        return [
            "210001", detail, reference.padded(21), sign, amount, "030326", code, communication.padded(54), "020326",
            "042", globalisation, next, " 0",
        ].joined()
    }

    static func second(communication: String, reference: String) -> String {
        ["2200010000", communication.padded(53), reference.padded(35), "GEBABEBB".padded(27), "1 0"].joined()
    }

    static func third(account: String, name: String, communication: String) -> String {
        ["2300010000", account.padded(34), "EUR", name.padded(35), communication.padded(43), "0 0"].joined()
    }

    var lines: [String] {
        let opening = "0000000001000000"
        let count = movements.count + 2
        let sums = movements.filter { $0.hasPrefix("210001" + "0000") }.map {
            ($0.slice(31, 1), Int($0.slice(32, 15)) ?? 0)
        }
        func sum(_ sign: String) -> String {
            let total = String(sums.filter { $0.0 == sign }.reduce(0) { $0 + $1.1 })
            return String(repeating: "0", count: 15 - total.count) + total
        }
        let account = "BE68539007547034".padded(31) + "   EUR"
        let header = ["0000002032600105", "".padded(18), "DEMO BVBA"].joined().padded(127) + "2"
        let old = ["12042", account, opening, "010326", "DEMO BVBA"].joined().padded(125) + "042"
        let new = ["8042", account, closing, "020326"].joined().padded(127) + "0"
        let records = String(repeating: "0", count: 6 - "\(count)".count) + "\(count)"
        let last = ["9".padded(16), records, sum("1"), sum("0")].joined().padded(127) + "2"
        return [header, old] + movements + [new, last]
    }

    var text: String { lines.joined(separator: "\n") + "\n" }

    func read() throws -> (payments: [Payment], statements: [Statement], reading: Reading) { try Self.read(text) }

    static func read(_ text: String) throws -> (payments: [Payment], statements: [Statement], reading: Reading) {
        try read(bytes: Array(text.utf8))
    }

    static func read(bytes: [UInt8]) throws -> (payments: [Payment], statements: [Statement], reading: Reading) {
        let origin = Provenance.Origin(sha256: "", name: "sample.cod", format: "coda")
        var payments: [Payment] = []
        var statements: [Statement] = []
        let reading = try CODAFormat.read(pieces: [bytes], origin) {
            if case .payment(let payment) = $0 { payments.append(payment) }
            if case .statement(let statement) = $0 { statements.append(statement) }
        }
        return (payments, statements, reading)
    }
}

extension String {
    /// With blanks behind it, or cut.
    func padded(_ width: Int) -> String {
        count >= width ? String(prefix(width)) : self + String(repeating: " ", count: width - count)
    }

    func slice(_ from: Int, _ count: Int) -> String { String(dropFirst(from).prefix(count)) }
}
