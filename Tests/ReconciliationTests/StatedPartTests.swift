// SPDX-License-Identifier: Apache-2.0

import Documents
import Reconciliation
import Testing

/// `stated INTEREST FINE DISCOUNT FEE`: what the bank states beside the principal.
@Suite("What a bank states beside the principal")
struct StatedPartTests {
    static let customers = "customer C1 | Nordwind Logistik GmbH | no 10001 | account DE02 1203\n"

    static let cases = [
        Case(
            "interest and fine on top of a named item are late charges, and the item is settled",
            """
            invoice RE-1001 | C1 | 1000.00 | 2025-01-10
            payment P1 | 2025-02-20 | 1033.00 | from Nordwind Logistik GmbH | text RE-1001 | stated 13.00 20.00 0.00
            """, is: "P1 auto LATE-CHARGES RE-1001 1000.00 RE-1001 late_charges -33.00"),
        Case(
            "without them, more than the item is a person's",
            """
            invoice RE-1001 | C1 | 1000.00 | 2025-01-10
            payment P1 | 2025-02-20 | 1033.00 | from Nordwind Logistik GmbH | text RE-1001
            """, is: "P1 review NUMBER-OVER RE-1001 1000.00"),
        Case(
            "charges that do not come to what is on top are a person's, with what they would pay",
            """
            invoice RE-1001 | C1 | 1000.00 | 2025-01-10
            payment P1 | 2025-02-20 | 1040.00 | from Nordwind Logistik GmbH | text RE-1001 | stated 13.00 20.00 0.00
            """, is: "P1 review NUMBER-OVER RE-1001 1000.00 RE-1001 late_charges -33.00"),
        Case(
            "an item that holds the charges already is paid by the whole amount",
            """
            invoice RE-1001 | C1 | 1033.00 | 2025-01-10
            payment P1 | 2025-02-20 | 1033.00 | from Nordwind Logistik GmbH | text RE-1001 | stated 13.00 20.00 0.00
            """, is: "P1 auto NUMBER-EXACT RE-1001 1033.00"),
        Case(
            "a stated discount is given without terms of its own",
            """
            invoice RE-1001 | C1 | 1000.00 | 2025-01-10
            payment P1 | 2025-01-20 | 975.00 | from Nordwind Logistik GmbH | text RE-1001 | stated 0.00 0.00 25.00
            """, is: "P1 auto STATED-DISCOUNT RE-1001 975.00 RE-1001 discount 25.00"),
        Case(
            "a rebate and interest in one payment",
            """
            invoice RE-1001 | C1 | 1000.00 | 2025-01-10
            payment P1 | 2025-02-20 | 963.00 | from Nordwind Logistik GmbH | text RE-1001 | stated 13.00 0.00 50.00
            """,
            is: "P1 auto LATE-CHARGES RE-1001 950.00 RE-1001 discount 50.00 RE-1001 late_charges -13.00"),
        Case(
            "the principal names the item by its payer and amount",
            """
            invoice RE-1001 | C1 | 1234.56 | 2025-01-10
            invoice RE-1002 | C1 | 1267.56 | 2025-01-12
            payment P1 | 2025-02-20 | 1267.56 | from Nordwind Logistik GmbH | account DE021203 | stated 13.00 20.00 0.00
            """, is: "P1 auto LATE-CHARGES RE-1001 1234.56 RE-1001 late_charges -33.00"),
        Case(
            "a return takes the charges back with the rest",
            """
            invoice RE-1001 | C1 | 1000.00 | 2025-01-10
            payment P1 | 2025-02-20 | 1033.00 | from Nordwind Logistik GmbH | text RE-1001 | stated 13.00 20.00 0.00
            payment P2 | 2025-02-25 | -1033.00 | from Nordwind Logistik GmbH | text RE-1001 | reverses P1
            """,
            is: "P1 auto LATE-CHARGES RE-1001 1000.00 RE-1001 late_charges -33.00\n"
                + "P2 auto RETURN RE-1001 -1000.00 RE-1001 late_charges 33.00"),
        Case(
            "a return of what was booked before this run, too",
            """
            invoice RE-1001 | C1 | 1000.00 | 2025-01-10 | open 0.00
            past P1 | 2025-02-20 | 1033.00 | from Nordwind Logistik GmbH | pays RE-1001 1000.00 | late_charges RE-1001 33.00
            payment P2 | 2025-02-25 | -1033.00 | from Nordwind Logistik GmbH | text RE-1001 | reverses P1
            """, is: "P2 auto RETURN RE-1001 -1000.00 RE-1001 late_charges 33.00"),
        Case(
            "the same money twice stays the same money twice",
            """
            invoice RE-1001 | C1 | 1000.00 | 2025-01-10
            payment P1 | 2025-02-20 | 1033.00 | from Nordwind Logistik GmbH | text RE-1001 | stated 13.00 20.00 0.00
            payment P2 | 2025-02-21 | 1033.00 | from Nordwind Logistik GmbH | text RE-1001 | stated 13.00 20.00 0.00
            """,
            is: "P1 auto LATE-CHARGES RE-1001 1000.00 RE-1001 late_charges -33.00\nP2 review DUPLICATE"),
    ]

    @Test("The principal is matched, the rest has lines of its own", arguments: cases)
    func decided(_ example: Case) {
        #expect(Notation(Self.customers + example.books).outcome == example.outcome)
    }

    @Test("A company may keep late charges for a person")
    func policy() {
        var books = Notation(Self.customers + Self.cases[0].books)
        books.policy.reviewRules = [.lateCharges]
        #expect(books.outcome == "P1 review LATE-CHARGES RE-1001 1000.00 RE-1001 late_charges -33.00")
    }

    @Test("The decision says what the bank states")
    func told() {
        let decision = Notation(Self.customers + Self.cases[0].books).decide()[0]
        #expect(decision.sentence.contains("interest of 13.00 EUR and a fine of 20.00 EUR"), "\(decision.sentence)")
        #expect(decision.evidence.contains { $0.code == "LATE-CHARGES" })
    }

    @Test("Parts that are more than the amount say nothing")
    func absurd() {
        var books = Notation(Self.customers + Self.cases[1].books)
        books.payments[0].stated = StatedParts(interest: .max, fine: .max, discount: 0)
        #expect(books.outcome == Self.cases[1].outcome)
        #expect(StatedParts(interest: 0, fine: 0, discount: 0) == nil)
    }

    static let fees = [
        Case(
            "what the bank kept and came make just what the item asks",
            """
            invoice RE-1001 | C1 | 1000.00 | 2025-01-10
            payment P1 | 2025-01-20 | 987.50 | from Nordwind Logistik GmbH | text RE-1001 | stated 0.00 0.00 0.00 12.50
            """, is: "P1 auto NUMBER-FEE RE-1001 987.50 RE-1001 fee 12.50"),
        Case(
            "a charge beside the amount changes nothing",
            """
            invoice RE-1001 | C1 | 1000.00 | 2025-01-10
            payment P1 | 2025-01-20 | 1000.00 | from Nordwind Logistik GmbH | text RE-1001 | stated 0.00 0.00 0.00 12.50
            """, is: "P1 auto NUMBER-EXACT RE-1001 1000.00"),
        Case(
            "where the two do not come to it, the charge explains nothing",
            """
            invoice RE-1001 | C1 | 1000.00 | 2025-01-10
            payment P1 | 2025-01-20 | 985.00 | from Nordwind Logistik GmbH | text RE-1001 | stated 0.00 0.00 0.00 12.50
            """, is: "P1 review NUMBER-PART RE-1001 985.00"),
        Case(
            "nor where no item is named",
            """
            invoice RE-1001 | C1 | 1000.00 | 2025-01-10
            payment P1 | 2025-01-20 | 987.50 | from Nordwind Logistik GmbH | text vielen Dank | stated 0.00 0.00 0.00 12.50
            """, is: "P1 review NO-EVIDENCE RE-1001 987.50"),
        Case(
            "more than the policy gives up is a person's, with the fee",
            """
            invoice RE-1001 | C1 | 1000.00 | 2025-01-10
            payment P1 | 2025-01-20 | 950.00 | from Nordwind Logistik GmbH | text RE-1001 | stated 0.00 0.00 0.00 50.00
            """, is: "P1 review NUMBER-FEE RE-1001 950.00 RE-1001 fee 50.00"),
        Case(
            "a charge beside late charges leaves those as they are",
            """
            invoice RE-1001 | C1 | 1000.00 | 2025-01-10
            payment P1 | 2025-02-20 | 1033.00 | from Nordwind Logistik GmbH | text RE-1001 | stated 13.00 20.00 0.00 3.00
            """, is: "P1 auto LATE-CHARGES RE-1001 1000.00 RE-1001 late_charges -33.00"),
    ]

    @Test("A charge that the bank states to be inside the amount is a fee of a named item", arguments: fees)
    func fee(_ example: Case) {
        #expect(Notation(Self.customers + example.books).outcome == example.outcome)
    }
}
