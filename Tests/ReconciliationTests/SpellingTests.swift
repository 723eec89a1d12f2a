// SPDX-License-Identifier: Apache-2.0

import Documents
import Reconciliation
import Testing

/// Numbers that a text writes otherwise than they were issued.
struct SpellingTests {
    static let books = """
        customer C1 | Nordwind Logistik GmbH | no 10001
        customer C2 | Ostsee Handel AG | no 10002
        invoice INV-2025-000018 | C1 | 117.30 | 2025-01-10
        invoice F/2025/01/00024 | C1 | 118.40 | 2025-01-10
        invoice RE250001044 | C1 | 119.50 | 2025-01-10
        invoice 102613 | C1 | 120.60 | 2025-01-10
        invoice 150125 | C1 | 121.70 | 2025-01-10
        invoice 10115 | C1 | 122.80 | 2025-01-10
        credit CN-2025-00009 | C2 | -30.00 | 2025-01-10

        """

    /// Nobody knows the payer: only what is written says what is paid.
    @Test(
        "A number is known without its zeros, its letters or its signs, with letters for digits, and in one word with the next",
        arguments: [
            ("INV-2025-18", "117.30"), ("INV 2025-18", "117.30"), ("inv-25-000018", "117.30"), ("F/25/1/24", "118.40"),
            ("F/2025/1/24", "118.40"), ("2025000018", "117.30"), ("Rg. 20250100024", "118.40"),
            ("2025/01/00024", "118.40"), ("Rg 250001044", "119.50"), ("INV-2O25-OOOO18", "117.30"),
            ("RE25OOOIO44", "119.50"), ("lO2613", "120.60"), ("INV-2025-000018vom 10.01.", "117.30"),
            ("102613EREF+NOTPROVIDED", "120.60"), ("SVWZ+F/2025/01/00024ABWA+X", "118.40"),
            ("RechnungINV-2025-000018", "117.30"), ("FactureF/2025/1/24", "118.40"), ("RE2500 010 44", "119.50"),
            ("R E 2 5 0 0 0 1 0 4 4", "119.50"), ("Nr. 1 0 2 6 1 3 danke", "120.60"),
            ("ＩＮＶ−２０２５−００００１８", "117.30"), ("INV-2025-0000\u{AD}18", "117.30"),
        ])
    func isKnown(_ text: String, _ amount: String) {
        let notation = Notation(
            Self.books + "payment P1 | 2025-02-09 | \(amount) | from M. Unbekannt | text \(text)\n")
        let decision = notation.decide()[0]
        #expect(decision.verdict == .auto && decision.rule == .numberExact, "\(text): \(decision.sentence)")
    }

    @Test(
        "What is no spelling of a number names nothing",
        arguments: [
            // A digit is missing, not a zero.
            "INV-2025-00018", "F/2025/01/0024",
            // Another document's letters.
            "AB-2025-000018", "CN-2025000018", "KV/20250100024",
            // A month, and digits of anything.
            "invoice 2025-18", "1044", "Beleg 1044",
            // A day, a postcode, an order, with the next word written onto them.
            "150125Miete", "10115Berlin", "Bestellung AB-102613X", "102613STORNO",
            // Litres, and a number that goes on.
            "10261l", "INV-25-18-7",
            // One letter makes another number.
            "102613A", "INV-2025-000018B",
        ])
    func isNot(_ text: String) {
        let notation = Notation(Self.books + "payment P1 | 2025-02-09 | 77.77 | from M. Unbekannt | text \(text)\n")
        let decision = notation.decide()[0]
        #expect(decision.verdict == .none && decision.evidence.isEmpty, "\(text): \(decision.evidence)")
    }

    @Test(
        "A reference is known where a word is written onto it",
        arguments: [
            "KID002345676", "Ref2345676", "2345676danke", "SVWZ+2345676ABWA+X", "RF18539007547034danke",
            "SCORRF18539007547034",
        ])
    func isReference(_ text: String) {
        let books = """
            customer C1 | Nordwind Logistik GmbH
            invoice A-7 | C1 | 117.30 | 2025-01-10 | ref 2345676
            invoice A-8 | C1 | 117.30 | 2025-01-10 | ref RF18539007547034
            payment P1 | 2025-02-09 | 117.30 | from M. Unbekannt | text \(text)
            """
        let decision = Notation(books).decide()[0]
        #expect(decision.verdict == .auto && decision.rule == .refTextExact, "\(text): \(decision.sentence)")
    }

    @Test("Of two short parts one is the year, and it is one of about the payment's")
    func year() {
        let books = """
            customer C1 | Kern GmbH
            customer C2 | Fuchs GmbH
            invoice RE-2025-0018 | C1 | 49.90 | 2025-01-10
            invoice RE-2025-2018 | C2 | 49.90 | 2025-01-10
            invoice GU-0018/2025 | C1 | 53.10 | 2025-01-10
            payment P1 | 2025-02-09 | 49.90 | from M. Unbekannt | text RE-2025-18
            payment P2 | 2025-02-09 | 53.10 | from M. Unbekannt | text GU-18/25
            """
        #expect(
            Notation(books).outcome
                == "P1 auto NUMBER-EXACT RE-2025-0018 49.90\nP2 auto NUMBER-EXACT GU-0018/2025 53.10")
    }

    @Test("A span of letters written one by one leads back to the text as it was")
    func span() {
        let books = Self.books + "payment P1 | 2025-02-09 | 120.60 | from M. Unbekannt | text Nr. 1 0 2 6 1 3 danke\n"
        let evidence = Notation(books).decide()[0].evidence.first { $0.code == "NUMBER" }
        #expect(evidence?.span == 4..<15)
    }

    @Test(
        "A pattern is stored and read back", arguments: ["INV-2025-000018", "F/2025/01/00024", "100018", "2025-RE-7b"])
    func stored(_ number: String) throws {
        var shapes = NumberShapes()
        shapes.add(number)
        let pattern = try #require(shapes.patterns.first)
        #expect(NumberPattern(stored: pattern.stored) == pattern)
        #expect(NumberPattern(stored: "") == nil && NumberPattern(stored: "RE#0") == nil)
        shapes.add(number.replacing("-", with: " "))
        shapes.add("ohne")
        #expect(shapes.patterns == [pattern])
    }

    @Test(
        "Payments that write numbers otherwise decide the same on their neighbourhood as on everything",
        arguments: 1...4)
    func near(_ seed: Int) {
        var world = InvariantTests.world(UInt64(seed) &+ 7000)
        let register = KeyRegister(items: world.items, customers: world.customers)
        var random = InvariantTests.Seeded(state: UInt64(seed))
        let all = world.payments.map { payment in
            let item = world.items[random.roll(world.items.count)]
            var written = payment
            written.amount = abs(item.total)
            written.remittance = Self.spelled(item.number, random.roll(6))
            return written
        }
        var named = 0
        for day in stride(from: 0, to: all.count, by: 20) {
            world.payments = Array(all[day..<min(all.count, day + 20)])
            let decisions = Workspace(register.neighbourhood(of: world.payments)).run(world.payments)
            #expect(decisions == world.decide(), "seed \(seed), payments from \(day)")
            named += decisions.count { decision in decision.evidence.contains { $0.code == "NUMBER-SPELLED" } }
        }
        #expect(named > 20)
    }

    private static func spelled(_ number: String, _ way: Int) -> String {
        switch way {
        case 0: String(number.filter(\.isNumber))
        case 1: number.replacing("0", with: "O", maxReplacements: 1)
        case 2: number + "vom"
        case 3: "Rechnung" + number
        case 4: number.replacing("2025", with: "25")
        default: number.map { "\($0)" }.joined(separator: " ")
        }
    }
}
