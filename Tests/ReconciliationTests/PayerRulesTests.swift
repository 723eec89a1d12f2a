// SPDX-License-Identifier: Apache-2.0

import Documents
import Reconciliation
import Testing

/// Who paid and how much, with whatever digits the text still has.
struct PayerRulesTests {
    static let customers = """
        customer C1 | Nordwind Logistik GmbH | no 10001 | account DE02 1203
        customer C2 | Ostsee Handel AG | no 10002 | parent Hansa Gruppe SE | parent-account DE02 5001

        """

    static let amounts = [
        Case(
            "a known account and the only item of that amount",
            """
            invoice RE-1001 | C1 | 119.00 | 2025-01-10
            invoice RE-1002 | C1 | 120.00 | 2025-01-10
            payment P1 | 2025-02-01 | 119.00 | from N. Logistik | account DE021203
            """, is: "P1 auto PAYER-AMOUNT RE-1001 119.00"),
        Case(
            "two items of that amount are never a guess",
            """
            invoice RE-1001 | C1 | 119.00 | 2025-01-10
            invoice RE-1002 | C1 | 119.00 | 2025-01-10
            payment P1 | 2025-02-01 | 119.00 | from Nordwind Logistik GmbH | account DE021203
            """, is: "P1 review AMBIGUOUS RE-1001 119.00"),
        Case(
            "one of two that another payment names later was open on that day as well",
            """
            invoice RE-1001 | C1 | 119.00 | 2025-01-10
            invoice RE-1002 | C1 | 119.00 | 2025-01-20
            payment P1 | 2025-02-01 | 119.00 | from Nordwind Logistik GmbH | account DE021203
            payment P2 | 2025-02-27 | 119.00 | from Nordwind Logistik GmbH | account DE021203 | text RE-1002
            """, is: "P1 review WEAK RE-1001 119.00\nP2 auto NUMBER-EXACT RE-1002 119.00"),
        Case(
            "one of two that was paid by then was not",
            """
            invoice RE-1001 | C1 | 119.00 | 2025-01-10
            invoice RE-1002 | C1 | 119.00 | 2025-01-20
            payment P1 | 2025-02-01 | 119.00 | from Nordwind Logistik GmbH | account DE021203 | text RE-1002
            payment P2 | 2025-02-27 | 119.00 | from Nordwind Logistik GmbH | account DE021203
            """, is: "P1 auto NUMBER-EXACT RE-1002 119.00\nP2 auto PAYER-AMOUNT RE-1001 119.00"),
        Case(
            "nobody known and only an amount",
            """
            invoice RE-1001 | C1 | 119.00 | 2025-01-10
            payment P1 | 2025-02-01 | 119.00 | from Someone Else | account DE11111111111111111111
            """, is: "P1 review NO-EVIDENCE RE-1001 119.00"),
        Case(
            "a round amount without a reference is money on account",
            """
            invoice RE-1001 | C1 | 500.00 | 2025-01-10
            payment P1 | 2025-02-01 | 500.00 | from Nordwind Logistik GmbH | account DE021203
            """, is: "P1 review ON-ACCOUNT RE-1001 500.00"),
        Case(
            "the same amount a week ago",
            """
            invoice RE-1001 | C1 | 119.00 | 2025-01-10
            past P0 | 2025-01-25 | 119.00 | from Nordwind | account DE021203 | pays RE-0900 119.00
            payment P1 | 2025-02-01 | 119.00 | from Nordwind Logistik GmbH | account DE021203
            """, is: "P1 review WEAK RE-1001 119.00"),
        Case(
            "the text names a document that is not known",
            """
            invoice RE-1001 | C1 | 119.00 | 2025-01-10
            payment P1 | 2025-02-01 | 119.00 | from Nordwind Logistik GmbH | account DE021203 | text RE-8888
            """, is: "P1 review WEAK RE-1001 119.00"),
        Case(
            "the parent company pays",
            """
            invoice RE-1001 | C2 | 119.00 | 2025-01-10
            payment P1 | 2025-02-01 | 119.00 | from Hansa Gruppe SE | account DE025001
            """, is: "P1 auto PAYER-AMOUNT RE-1001 119.00"),
        Case(
            "the customer's number, said to be one",
            """
            invoice RE-1001 | C2 | 119.00 | 2025-01-10
            payment P1 | 2025-02-01 | 119.00 | from X | text Kundennummer 10002
            """, is: "P1 auto PAYER-AMOUNT RE-1001 119.00"),
        Case(
            "a discount within its terms, by amount alone",
            """
            invoice RE-1001 | C1 | 300.00 | 2025-01-10 | discount 2% 2025-01-20
            payment P1 | 2025-01-18 | 294.00 | from N | account DE021203
            """, is: "P1 auto PAYER-DISCOUNT RE-1001 294.00 RE-1001 discount 6.00"),
        Case(
            "an item that another payment names is left to it",
            """
            invoice RE-1001 | C1 | 119.00 | 2025-01-10
            invoice RE-1002 | C1 | 119.00 | 2025-01-10
            payment P1 | 2025-02-01 | 119.00 | from Nordwind Logistik GmbH | account DE021203
            payment P2 | 2025-03-01 | 119.00 | from Nordwind Logistik GmbH | account DE021203 | text RE-1002
            """, is: "P1 auto PAYER-AMOUNT RE-1001 119.00\nP2 auto NUMBER-EXACT RE-1002 119.00"),
        Case(
            "an account learned from a payment that named its invoice",
            """
            invoice RE-1001 | C2 | 119.00 | 2025-01-10
            invoice RE-1002 | C2 | 83.00 | 2025-01-10
            payment P1 | 2025-02-01 | 119.00 | from Treuhand Meier | account DE77777777777777777777 | text RE-1001
            payment P2 | 2025-02-20 | 83.00 | from Treuhand Meier | account DE77777777777777777777
            """, is: "P1 auto NUMBER-EXACT RE-1001 119.00\nP2 auto PAYER-AMOUNT RE-1002 83.00"),
        Case(
            "a provider's payout is nobody's invoice",
            """
            invoice RE-1001 | C1 | 119.00 | 2025-01-10
            payment P1 | 2025-02-01 | 119.00 | from STRIPE PAYMENTS EUROPE | text STRIPE PAYOUT po_1
            """, is: "P1 none PROVIDER-PAYOUT"),
        Case(
            "an item issued after the money is proposed, and not booked by its amount",
            """
            invoice RE-1001 | C1 | 119.00 | 2025-02-10
            payment P1 | 2025-02-01 | 119.00 | from Nordwind Logistik GmbH | account DE021203
            """, is: "P1 review NO-EVIDENCE RE-1001 119.00"),
    ]

    @Test("A known payer and a unique amount decide", arguments: amounts)
    func amount(_ example: Case) {
        #expect(Notation(Self.customers + example.books).outcome == example.outcome)
    }

    static let digits = [
        Case(
            "the running part before the year",
            """
            invoice 588/2025 | C1 | 119.00 | 2025-01-10
            invoice 589/2025 | C1 | 119.00 | 2025-01-10
            payment P1 | 2025-02-01 | 119.00 | from Nordwind Logistik GmbH | text Zahlung 588
            """, is: "P1 auto CORE-EXACT 588/2025 119.00"),
        Case(
            "the year of all numbers names none of them",
            """
            invoice 588/2025 | C1 | 119.00 | 2025-01-10
            payment P1 | 2025-02-01 | 119.00 | from Nordwind Logistik GmbH | text Zahlung 718/2025 vom 04.02.25
            """, is: "P1 review WEAK 588/2025 119.00"),
        Case(
            "a year alone is no running part",
            """
            invoice RE-2025 | C1 | 119.00 | 2025-01-10
            payment P1 | 2025-02-01 | 119.00 | from Nordwind Logistik GmbH | text Jahr 2025
            """, is: "P1 auto PAYER-AMOUNT RE-2025 119.00"),
        Case(
            "the running part of a number within the payer's items",
            """
            invoice RE250000588 | C1 | 119.00 | 2025-01-10
            invoice RE250000589 | C1 | 119.00 | 2025-01-10
            payment P1 | 2025-02-01 | 119.00 | from Nordwind Logistik GmbH | text Zahlung 588
            """, is: "P1 auto CORE-EXACT RE250000588 119.00"),
        Case(
            "the same digits from a stranger",
            """
            invoice RE250000588 | C1 | 119.00 | 2025-01-10
            payment P1 | 2025-02-01 | 119.00 | from Someone Else | text Zahlung 588
            """, is: "P1 review NO-EVIDENCE RE250000588 119.00"),
        Case(
            "two digits swapped",
            """
            invoice RE250000588 | C1 | 119.00 | 2025-01-10
            invoice RE250000771 | C1 | 119.00 | 2025-01-10
            payment P1 | 2025-02-01 | 119.00 | from Nordwind Logistik GmbH | text RE250000858
            """, is: "P1 auto TYPO-EXACT RE250000588 119.00"),
        Case(
            "a slip that reads as another customer's number",
            """
            invoice RE250000588 | C1 | 119.00 | 2025-01-10
            invoice RE250000858 | C2 | 70.00 | 2025-01-10
            payment P1 | 2025-02-01 | 119.00 | from Nordwind Logistik GmbH | account DE021203 | text RE250000858
            """, is: "P1 auto TYPO-EXACT RE250000588 119.00"),
        Case(
            "a slip, or a part of the item that is named",
            """
            invoice RE250000588 | C1 | 119.00 | 2025-01-10
            invoice RE250000858 | C1 | 400.00 | 2025-01-10
            payment P1 | 2025-02-01 | 119.00 | from Nordwind Logistik GmbH | text RE250000858
            """, is: "P1 review AMBIGUOUS RE250000588 119.00"),
        Case(
            "two items one slip away",
            """
            invoice RE250000588 | C1 | 119.00 | 2025-01-10
            invoice RE250000589 | C1 | 119.00 | 2025-01-10
            payment P1 | 2025-02-01 | 119.00 | from Nordwind Logistik GmbH | text RE250000580
            """, is: "P1 review AMBIGUOUS RE250000588 119.00"),
        Case(
            "an order number of one open item",
            """
            invoice RE-1001 | C1 | 119.00 | 2025-01-10 | order 4500012345
            payment P1 | 2025-02-01 | 119.00 | from Someone Else | text PO 4500012345
            """, is: "P1 auto ORDER-EXACT RE-1001 119.00"),
        Case(
            "an order with two invoices of that amount",
            """
            invoice RE-1001 | C1 | 119.00 | 2025-01-10 | order 4500012345
            invoice RE-1002 | C1 | 119.00 | 2025-01-10 | order 4500012345
            payment P1 | 2025-02-01 | 119.00 | from Someone Else | text PO 4500012345
            """, is: "P1 review AMBIGUOUS RE-1001 119.00"),
        Case(
            "a part of an item by its digits",
            """
            invoice RE250000588 | C1 | 119.00 | 2025-01-10
            payment P1 | 2025-02-01 | 50.00 | from Nordwind Logistik GmbH | text Rechnung 0588
            """, is: "P1 auto CORE-PART RE250000588 50.00"),
        Case(
            "a year is no running number",
            """
            invoice RE250002025 | C1 | 119.00 | 2025-01-10
            payment P1 | 2025-02-01 | 50.10 | from Nordwind Logistik GmbH | text Miete 2025
            """, is: "P1 review NO-EVIDENCE RE250002025 50.10"),
    ]

    @Test("Shortened and mistyped numbers count only within the payer's items", arguments: digits)
    func shortened(_ example: Case) {
        #expect(Notation(Self.customers + example.books).outcome == example.outcome)
    }

    @Test(
        "A payer's name is read through the ways banks and people spoil it",
        arguments: [
            ("NORDWIND LOGISTIK GMBH", true), ("Logistik Nordwind", true), ("NORDWI LOG. GmbH", true),
            ("NORDWIND LOGISTIK ", true), ("Nordwind Spedition GmbH", false), ("Nord Wind", false),
            ("Südwind Logistik GmbH", false), ("Logistik", false),
        ])
    func names(_ name: String, _ fits: Bool) {
        let outcome = Notation(
            Self.customers + """
                invoice RE250000588 | C1 | 119.00 | 2025-01-10
                payment P1 | 2025-02-01 | 119.00 | from \(name) | text Zahlung 588
                """
        ).outcome
        #expect((outcome == "P1 auto CORE-EXACT RE250000588 119.00") == fits, "\(outcome)")
    }

    @Test("A payment that waits has the item that others leave it before a later one of the same amount")
    func leftover() {
        let books =
            Self.customers + """
                invoice RE-1001 | C1 | 119.00 | 2025-01-10
                invoice RE-1002 | C1 | 119.00 | 2025-01-11
                invoice RE-1003 | C1 | 70.00 | 2025-01-12
                payment P1 | 2025-02-01 | 119.00 | from Nordwind Logistik GmbH | account DE021203
                payment P2 | 2025-02-20 | 189.00 | from Nordwind Logistik GmbH | account DE021203 | text RE-1001, RE-1003
                payment P3 | 2025-03-20 | 119.00 | from Nordwind Logistik GmbH | account DE021203
                """
        let outcome = Notation(books).outcome.split(separator: "\n")
        #expect(outcome.first == "P1 auto PAYER-AMOUNT RE-1002 119.00")
        #expect(outcome.last?.hasPrefix("P3 auto") == false)
    }

    @Test("A promise puts its item first among equals and is shown, but decides nothing")
    func promise() throws {
        let books =
            Self.customers + """
                invoice RE-1001 | C1 | 119.00 | 2025-01-10
                invoice RE-1002 | C1 | 119.00 | 2025-01-10
                promise C1 | RE-1002 | 119.00 | 2025-01-30 | 2025-02-05
                payment P1 | 2025-02-01 | 119.00 | from Nordwind Logistik GmbH | account DE021203
                """
        let decision = try #require(Notation(books).decide().first)
        #expect(decision.verdict == .review)
        #expect(decision.alternatives.first?.lines.first?.itemID == "RE-1002")
        #expect(decision.evidence.contains { $0.code == "PROMISED" })
    }

    @Test(
        "Money for what is settled is the sender's: the debtor's own, or another customer's with a wrong number",
        arguments: [
            ("from Nordwind Logistik GmbH | account DE02 1203", "C1"), ("from Anybody", "C1"),
            ("from Ostsee Handel AG | account DE02 5001", "C2"), ("from Whoever | account DE02 5001", "C2"),
            ("from Ostsee Handel AG", nil),
        ] as [(String, String?)])
    func sentTwice(_ sender: String, _ customer: String?) {
        let decisions = Notation(
            """
            customer C1 | Nordwind Logistik GmbH | no 10001 | account DE02 1203
            customer C2 | Ostsee Handel AG | no 10002 | account DE02 5001
            invoice RE-1001 | C1 | 100.00 | 2025-01-10 | open 0.00
            invoice RE-1002 | C2 | 100.00 | 2025-01-10
            past P0 | 2025-01-20 | 100.00 | from Nordwind Logistik GmbH | pays RE-1001 100.00
            payment P1 | 2025-02-03 | 100.00 | \(sender) | text RE-1001
            """
        ).decide()
        #expect(decisions.map(\.rule) == [.duplicate])
        #expect(decisions.map(\.customerID) == [customer])
    }
}
