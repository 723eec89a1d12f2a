// SPDX-License-Identifier: Apache-2.0

import Documents
import Reconciliation
import Testing

@Suite("An end-to-end id that is a number or a reference of ours")
struct EndToEndTests {
    static let books = """
        customer C1 | Nordwind Logistik GmbH | no 10001
        customer C2 | Ostsee Handel AG | no 10002
        invoice FJ-26-3442 | C1 | 500.00 | 2025-01-10 | ref RF18539007547034
        invoice FJ-26-3443 | C1 | 500.00 | 2025-01-10
        invoice 25001234 | C2 | 500.00 | 2025-01-10
        invoice 1234 | C2 | 500.00 | 2025-01-10

        """

    static let cases = [
        Case(
            "names the one of two equal items whose number it is",
            "payment P1 | 2025-01-20 | 500.00 | from Nordwind Logistik GmbH | end-to-end FJ-26-3442",
            is: "P1 auto NUMBER-EXACT FJ-26-3442 500.00"),
        Case(
            "names the item whose reference it is",
            "payment P1 | 2025-01-20 | 500.00 | from Nordwind Logistik GmbH | end-to-end RF18 5390 0754 7034",
            is: "P1 auto REF-TEXT-EXACT FJ-26-3442 500.00"),
        Case(
            "names with digits alone, of the customer itself",
            "payment P1 | 2025-01-20 | 500.00 | from Ostsee Handel AG | end-to-end 25001234",
            is: "P1 auto NUMBER-EXACT 25001234 500.00"),
        Case(
            "is a stranger's own count, where it is digits alone",
            "payment P1 | 2025-01-20 | 500.00 | from Jemand Anders | end-to-end 25001234",
            is: "P1 review WEAK 25001234 500.00"),
        Case(
            "says nothing beside a text that names another",
            "payment P1 | 2025-01-20 | 500.00 | from Nordwind Logistik GmbH | text FJ-26-3443 | end-to-end FJ-26-3442",
            is: "P1 auto NUMBER-EXACT FJ-26-3443 500.00"),
    ]

    @Test("It names its item as a whole, where nothing else names one", arguments: cases)
    func decided(_ example: Case) {
        #expect(Notation(Self.books + example.books).outcome == example.outcome)
    }

    @Test(
        "A part of it says nothing, nor do few digits, as programs count, nor a filler",
        arguments: ["XFJ-26-3442-7", "1234", "NOTPROVIDED"])
    func silent(_ id: String) {
        let payment = "payment P1 | 2025-01-20 | 500.00 | from Nordwind Logistik GmbH"
        #expect(
            Notation(Self.books + payment + " | end-to-end \(id)").outcome == Notation(Self.books + payment).outcome)
    }

    @Test("The evidence is the id") func evidence() throws {
        let decision = try #require(Notation(Self.books + Self.cases[0].books).decide().first)
        #expect(decision.evidence.contains { $0.code == "END-TO-END" && $0.text == "FJ-26-3442" && $0.span == nil })
    }
}
