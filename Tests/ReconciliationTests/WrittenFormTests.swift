// SPDX-License-Identifier: Apache-2.0

import Documents
import Reconciliation
import Testing

/// References that their scheme writes in more than one way: the invoice has one, the payment another.
struct WrittenFormTests {
    private static let line = "00190.00009 01207.113000 09000.206186 5 38600000004000"
    private static let barcode = "00195386000000040000000001207113000900020618"
    private static let bill = "83620000000-5 66780048100-0 18097565731-3 00158963608-1"
    private static let billCode = "83620000000667800481001809756573100158963608"

    /// What the invoice has, and what the payment.
    static let forms: [(String, String)] = [
        (line, barcode), (barcode, line), (barcode, String(line.filter(\.isNumber))), (bill, billCode),
        (billCode, bill), (billCode, String(bill.filter(\.isNumber))),
        ("301012345678901240", "01012345678901240"), ("01012345678901240", "301012345678901240"),
        ("01012345678901240", "3010 1234 5678 9012 40"), ("101012345678901241", "01012345678901241"),
        ("002012345678901277", "012345678901277"), ("012345678901277", "002012345678901277"),
        ("12345672", "RF8512345672"), ("12345672", "RF85 1234 5672"), ("12345672", "RF85000012345672"),
        ("RF18539007547034", "539007547034"), ("2345676", "0000000002345676"),
    ]
    /// Few digits: in a text, only where a scheme's word says what they are.
    static let short: [(String, String)] = [
        ("RF8512345672", "12345672"), ("RF8512345672", "123 45672"), ("RF8512345672", "00000000000012345672"),
        ("RF341234561", "1234561"),
    ]

    private static func books(_ issued: String) -> String {
        """
        customer C1 | Nordwind Logistik GmbH
        customer C2 | Ostsee Handel AG
        invoice A-7 | C1 | 117.30 | 2025-01-10 | ref \(issued)
        invoice A-8 | C2 | 117.30 | 2025-01-10 | ref 99887763

        """
    }

    @Test("In the reference field", arguments: forms + short)
    func field(_ issued: String, _ paid: String) {
        let payment = "payment P1 | 2025-02-09 | 117.30 | from M. Unbekannt | ref \(paid)"
        #expect(Notation(Self.books(issued) + payment).outcome == "P1 auto REF-FIELD-EXACT A-7 117.30")
    }

    @Test("In the text", arguments: forms)
    func text(_ issued: String, _ paid: String) {
        for words in [paid, "Zahlung \(paid) danke", "Ref: \(paid)"] {
            let payment = "payment P1 | 2025-02-09 | 117.30 | from M. Unbekannt | text \(words)"
            #expect(Notation(Self.books(issued) + payment).outcome == "P1 auto REF-TEXT-EXACT A-7 117.30", "\(words)")
        }
    }

    @Test("Few digits behind a scheme's word, and nowhere else", arguments: short)
    func called(_ issued: String, _ paid: String) {
        for words in ["viite \(paid)", "Viitenumero: \(paid) kiitos"] {
            let payment = "payment P1 | 2025-02-09 | 117.30 | from M. Unbekannt | text \(words)"
            #expect(Notation(Self.books(issued) + payment).outcome == "P1 auto REF-TEXT-EXACT A-7 117.30", "\(words)")
        }
        for words in ["\(paid)", "SVWZ+\(paid)", "F/2025/05/\(paid)", "ftra. INV-2025-\(paid)", "Zahlung \(paid)"] {
            let payment = "payment P1 | 2025-02-09 | 117.30 | from M. Unbekannt | text \(words)"
            let decision = Notation(Self.books(issued) + payment).decide()[0]
            #expect(!decision.evidence.contains { $0.code.hasPrefix("REF-TEXT") }, "\(words)")
        }
    }

    @Test(
        "A payment code in the words that banks pass it on with",
        arguments: [
            "/RFB/01012345678901240/117.30", "/RFS/01012345678901240/117.30/TXT/Pagamento", "RFS/01012345678901240",
            "URI/RFB/01012345678901240", "IUV01012345678901240", "PUR/LGPE-RIVERSAMENTO/URI/RFS/01012345678901240",
        ])
    func paymentCode(_ text: String) {
        let payment = "payment P1 | 2025-02-09 | 117.30 | from M. Unbekannt | text \(text)"
        for issued in ["301012345678901240", "01012345678901240"] {
            #expect(Notation(Self.books(issued) + payment).outcome == "P1 auto REF-TEXT-EXACT A-7 117.30")
        }
    }

    @Test(
        "In the end-to-end id, and there with few digits where the payer is the customer",
        arguments: [
            ("RF341234561", "1234561", "Nordwind Logistik GmbH", "auto REF-TEXT-EXACT"),
            ("1234561", "1234561", "Nordwind Logistik GmbH", "auto REF-TEXT-EXACT"),
            ("1234561", "RF341234561", "M. Unbekannt", "auto REF-TEXT-EXACT"),
            ("RF18539007547034", "539007547034", "M. Unbekannt", "auto REF-TEXT-EXACT"),
            ("1234561", "1234561", "M. Unbekannt", "review WEAK"),
        ])
    func endToEnd(_ issued: String, _ id: String, _ payer: String, _ outcome: String) {
        let books =
            Self.books(issued) + "invoice A-9 | C1 | 117.30 | 2025-01-10\n"
            + "payment P1 | 2025-02-09 | 117.30 | from \(payer) | end-to-end \(id)"
        #expect(Notation(books).outcome == "P1 \(outcome) A-7 117.30")
    }

    @Test(
        "Behind a whole reference stands the next one",
        arguments: ["RF8512345672 RF18539007547034", "RF8512345672 539007547034", "viite 12345672 RF18 5390 0754 7034"])
    func several(_ text: String) {
        let books =
            Self.books("RF8512345672") + """
                invoice A-9 | C1 | 50.00 | 2025-01-10 | ref RF18539007547034
                payment P1 | 2025-02-09 | 167.30 | from M. Unbekannt | text \(text)
                """
        #expect(Notation(books).outcome.hasPrefix("P1 auto "))
        #expect(Notation(books).outcome.hasSuffix(" A-7 117.30 A-9 50.00"), "\(Notation(books).outcome)")
    }

    @Test(
        "What only looks like another form names nothing",
        arguments: [
            // Checks that are wrong, of all forms.
            ("00195386000000040000000001207113000900020618", "00190.00009 01207.113001 09000.206186 5 38600000004000"),
            ("301012345678901240", "01012345678901241"), ("002012345678901277", "012345678901278"),
            // A telephone number, an account, a day, an order, an RF check that wraps another number.
            ("12345672", "RF8512345673"), ("RF8512345672", "+49 1234 5673 88"), ("RF8512345672", "DE1234567212345672"),
            ("12345672", "RF86 1234 5672"), ("RF8512345672", "RF86 1234 5672"),
            // Another company's reference, which wraps as much.
            ("RF70123456726", "RF8512345672"),
            // The running part of somebody else's number.
            ("RF890000022", "Rg. 0000022"), ("RF341234561", "Rechnung 1234561"), ("RF65150125", "15.01.25"),
            ("RF8512345672", "Bestellung AB12345672"),
        ])
    func isNot(_ issued: String, _ written: String) {
        let payment = "payment P1 | 2025-02-09 | 77.77 | from M. Unbekannt | text \(written)"
        let decision = Notation(Self.books(issued) + payment).decide()[0]
        #expect(!decision.evidence.contains { $0.code.hasPrefix("REF-TEXT") }, "\(decision.evidence)")
    }

    @Test("A short id of a program's own is no reference's where it does not explain the amount")
    func count() {
        let books =
            Self.books("1234561") + """
                invoice A-9 | C1 | 55.10 | 2025-01-10
                payment P1 | 2025-02-09 | 55.10 | from Nordwind Logistik GmbH | end-to-end 1234561
                """
        #expect(Notation(books).outcome == "P1 auto PAYER-AMOUNT A-9 55.10")
    }

    @Test("Payments that bear another form decide the same on a part of the ledger as on all of it", arguments: 1...3)
    func near(_ seed: Int) {
        var world = InvariantTests.world(UInt64(seed) &+ 8000)
        var random = InvariantTests.Seeded(state: UInt64(seed))
        for place in world.items.indices {
            let number = "\(80_000_000 + random.roll(9_000_000))"
            switch random.roll(4) {
            case 0: world.items[place].structuredReference = FinnishReference.make(number)?.text
            case 1: world.items[place].structuredReference = CreditorReference.make(number)?.text
            case 2: world.items[place].structuredReference = ItalianNotice.make(segregation: "01", number)?.text
            default: world.items[place].structuredReference = ItalianNotice.make(segregation: "02", number)?.paymentCode
            }
        }
        world.payments = world.payments.map { payment in
            let item = world.items[random.roll(world.items.count)]
            var written = payment
            written.amount = abs(item.total)
            let forms = StructuredReference.lookupKeys(item.structuredReference ?? "")
            let form = forms[min(1, forms.count - 1)]
            // Every third is mistyped.
            let text = random.roll(3) > 0 ? form : String(form.dropLast(2)) + "7" + String(form.suffix(1))
            if random.roll(2) == 0 { written.structuredReference = text } else { written.remittance = "viite \(text)" }
            return written
        }
        let decisions = world.decide()
        #expect(decisions.count { $0.rule == .refTextExact || $0.rule == .refFieldExact } > 10)
        #expect(decisions.contains { decision in decision.evidence.contains { $0.code == "REF-MISTYPED" } })
        _ = NeighbourhoodTests.widen(world)
        let register = KeyRegister(items: world.items, customers: world.customers)
        let all = world.payments
        for first in stride(from: 0, to: all.count, by: 20) {
            world.payments = Array(all[first..<min(all.count, first + 20)])
            let part = Workspace(register.neighbourhood(of: world.payments))
            #expect(part.run(world.payments) == world.decide(), "seed \(seed), payments from \(first)")
        }
    }
}
