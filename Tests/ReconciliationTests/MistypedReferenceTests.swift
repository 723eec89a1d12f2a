// SPDX-License-Identifier: Apache-2.0

import Documents
import Reconciliation
import Testing

/// What a payment bears is no reference that was issued, but one slip of the finger away from one.
struct MistypedReferenceTests {
    static let books = """
        customer C1 | Nordwind Logistik GmbH
        customer C2 | Ostsee Handel AG
        invoice A-7 | C1 | 117.30 | 2025-01-10 | ref 12345672
        invoice A-8 | C2 | 228.40 | 2025-01-10 | ref RF18539007547034
        invoice A-9 | C2 | 228.40 | 2025-01-11 | ref 020343057642
        invoice A-10 | C2 | 60.00 | 2025-01-11 | ref 210000000003139471430009017

        """

    private func decision(_ payment: String) -> Decision {
        Notation(Self.books + "payment P1 | 2025-02-09 | " + payment).decide()[0]
    }

    @Test(
        "It is told, and the item is shown, whoever paid and whatever came",
        arguments: [
            ("117.30 | from M. Unbekannt | ref 12345673", "A-7"), ("117.30 | from M. Unbekannt | ref 12354672", "A-7"),
            ("117.30 | from M. Unbekannt | ref 1234672", "A-7"), ("88.00 | from M. Unbekannt | ref 123456772", "A-7"),
            ("88.00 | from M. Unbekannt | text KID 12345673", "A-7"),
            ("130.00 | from M. Unbekannt | text viite: 123 45673 kiitos", "A-7"),
            ("88.00 | from M. Unbekannt | text RF19 5390 0754 7034", "A-8"),
            ("228.40 | from M. Unbekannt | ref RF81539007547034", "A-8"),
            ("228.40 | from Ostsee Handel AG | text RF18 5390 0754 7043", "A-8"),
            ("228.40 | from M. Unbekannt | text +++020/3430/57643+++", "A-9"),
            ("228.40 | from M. Unbekannt | text RF85 1234 5673", "A-7"),
            ("77.00 | from M. Unbekannt | text 21 00000 00003 13947 14300 09107", "A-10"),
        ])
    func told(_ payment: String, _ item: String) throws {
        let decision = decision(payment)
        let evidence = try #require(decision.evidence.first { $0.code == "REF-MISTYPED" }, "\(decision.sentence)")
        #expect(decision.verdict == .review && evidence.itemID == item)
        #expect(decision.sentence.contains("one slip away from that of \(item)"), "\(decision.sentence)")
        #expect(decision.alternatives.contains { $0.lines.contains { $0.itemID == item } })
    }

    @Test("Money of a known payer is not booked on another item than the one that the slip is near")
    func other() {
        let decision = decision("228.40 | from Ostsee Handel AG | ref 12345673")
        #expect(decision.verdict == .review)
        let books = """
            customer C1 | Nordwind Logistik GmbH
            invoice A-7 | C1 | 117.30 | 2025-01-10 | ref 12345672
            invoice A-8 | C1 | 90.00 | 2025-01-10 | ref 99345672
            payment P1 | 2025-02-09 | 90.00 | from Nordwind Logistik GmbH
            """
        #expect(Notation(books).outcome == "P1 auto PAYER-AMOUNT A-8 90.00")
        let slipped = Notation(books + " | ref 12345673").decide()[0]
        #expect(slipped.verdict == .review && slipped.rule == .ambiguous)
        #expect(slipped.alternatives.map { $0.lines.map(\.itemID) } == [["A-8"], ["A-7"]])
    }

    @Test("What the payer and the amount point at is booked where the slip is near the same item")
    func same() {
        let decision = decision("117.30 | from Nordwind Logistik GmbH | ref 12345673")
        #expect(decision.verdict == .auto && decision.rule == .payerAmount)
        #expect(decision.evidence.contains { $0.code == "REF-MISTYPED" && $0.itemID == "A-7" })
    }

    @Test(
        "Nothing is told of what is near nothing, near two, or somebody's own",
        arguments: [
            "117.30 | from M. Unbekannt | ref 55545672", "117.30 | from M. Unbekannt | text 12345673",
            "117.30 | from M. Unbekannt | text Tel. 0123 45673", "117.30 | from M. Unbekannt | text 12.34.5673",
            "117.30 | from M. Unbekannt | ref Rechnung 12345673 von gestern",
            "228.40 | from M. Unbekannt | text RF18539007547034 | ref 020343057643",
            "-117.30 | from M. Unbekannt | ref 12345673",
            // A telephone's number, whose it is is said.
            "77.00 | from M. Unbekannt | text Tel. 210000000003139471430009018",
        ])
    func silent(_ payment: String) {
        let decision = decision(payment)
        #expect(!decision.evidence.contains { $0.code == "REF-MISTYPED" }, "\(decision.sentence)")
    }

    @Test("Near two issued references, and near a settled one")
    func two() {
        let two = Self.books + "invoice A-11 | C1 | 117.30 | 2025-01-10 | ref 12345674\n"
        let payment = "payment P1 | 2025-02-09 | 50.00 | from M. Unbekannt | ref 12345673"
        #expect(Notation(two + payment).decide()[0].verdict == .none)
        let settled = """
            customer C1 | Nordwind Logistik GmbH
            invoice A-7 | C1 | 117.30 | 2025-01-10 | open 0.00 | ref 12345672
            payment P1 | 2025-02-09 | 117.30 | from M. Unbekannt | ref 12345673
            """
        let decision = Notation(settled).decide()[0]
        #expect(decision.verdict == .none && decision.sentence.contains("cannot take this money"))
    }

    @Test("A reference of a customer is told by the customer's name")
    func borne() {
        let books = """
            customer C1 | Anna Bergmann
            invoice 1001 | C1 | 41.00 | 2025-01-01 | ref 12345672
            invoice 1002 | C1 | 49.00 | 2025-02-01 | ref 12345672
            payment P1 | 2025-03-05 | 49.00 | from M. Unbekannt | ref 12345673
            """
        let decision = Notation(books).decide()[0]
        #expect(decision.verdict == .review && decision.sentence.contains("the reference of Anna Bergmann"))
        #expect(decision.alternatives.contains { $0.lines.contains { $0.itemID == "1002" } })
    }
}
