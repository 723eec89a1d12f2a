// SPDX-License-Identifier: Apache-2.0

import Documents
import Reconciliation
import Testing

/// What a text says beside numbers: for which month, for whom, that it is no payment, another invoice's number.
struct TextDoubtTests {
    static let customers = """
        customer C1 | Anna Bergmann | no 10001
        customer C2 | Peter Schmidt | no 10002
        customer C3 | Nordlicht Service GmbH | no 10003

        """

    static let months = [
        Case(
            "two months, and a range of them, name as many items",
            """
            invoice 2501 | C1 | 605.00 | 2025-01-01
            invoice 2502 | C1 | 605.00 | 2025-02-01
            invoice 2503 | C1 | 605.00 | 2025-03-01
            invoice 2504 | C1 | 605.00 | 2025-04-01
            invoice 2505 | C1 | 605.00 | 2025-05-01
            invoice 2506 | C1 | 605.00 | 2025-06-01
            payment P1 | 2025-06-02 | 1210.00 | from Anna Bergmann | text Huur mei + juni 2025
            payment P2 | 2025-06-03 | 1815.00 | from Anna Bergmann | text Miete Januar bis März
            """,
            is: "P1 auto PAYER-SET 2505 605.00 2506 605.00\nP2 auto PAYER-SET 2501 605.00 2502 605.00 2503 605.00"),
        Case(
            "a month names the one of equal items that was issued in it",
            """
            invoice RE2500019 | C1 | 49.00 | 2025-08-01
            invoice RE2500101 | C1 | 49.00 | 2025-09-01
            invoice RE2500201 | C1 | 49.00 | 2025-10-01
            payment P1 | 2025-10-02 | 49.00 | from Anna Bergmann | text Miete September 2025
            payment P2 | 2025-10-03 | 49.00 | from Anna Bergmann | text Miete 10/2025
            payment P3 | 2025-10-04 | 49.00 | from Anna Bergmann | text Miete 08/25
            """,
            is:
                "P1 auto PAYER-AMOUNT RE2500101 49.00\nP2 auto PAYER-AMOUNT RE2500201 49.00\nP3 auto PAYER-AMOUNT RE2500019 49.00"
        ),
        Case(
            "a month is no running part of a number",
            """
            invoice 10001-03 | C1 | 49.00 | 2025-05-01
            invoice 10001-05 | C1 | 49.00 | 2025-07-01
            payment P1 | 2025-08-10 | 49.00 | from Anna Bergmann | text Beitrag 05/25
            """, is: "P1 auto PAYER-AMOUNT 10001-03 49.00"),
        Case(
            "nor are a street's number and a flat's",
            """
            invoice 10001-07 | C1 | 49.00 | 2025-07-01
            invoice 10001-08 | C1 | 49.00 | 2025-08-01
            payment P1 | 2025-08-10 | 49.00 | from Anna Bergmann | text Hausgeld Whg 07
            payment P2 | 2025-08-11 | 49.00 | from Anna Bergmann | text Musterstr. 08
            """, is: "P1 review AMBIGUOUS 10001-08 49.00\nP2 review AMBIGUOUS 10001-08 49.00"),
        Case(
            "two digits that are said to be an invoice's are its number",
            """
            invoice 10001-07 | C1 | 49.00 | 2025-07-01
            invoice 10001-08 | C1 | 49.00 | 2025-08-01
            payment P1 | 2025-08-10 | 49.00 | from Anna Bergmann | text Rechnung 08
            """, is: "P1 auto CORE-EXACT 10001-08 49.00"),
        Case(
            "the year is no mistyped number",
            """
            invoice 2025/0225 | C1 | 19.00 | 2025-01-01
            invoice 2025/0975 | C1 | 19.00 | 2025-04-01
            payment P1 | 2025-04-26 | 19.00 | from Anna Bergmann | text Jahr 2025
            """, is: "P1 review AMBIGUOUS 2025/0975 19.00"),
        Case(
            "the only open item is of another month",
            """
            invoice RE2500301 | C1 | 49.00 | 2025-04-01
            payment P1 | 2025-04-10 | 49.00 | from Anna Bergmann | text Beitrag Maerz 2025
            """, is: "P1 review WEAK RE2500301 49.00"),
        Case(
            "who bills ahead issues in the last days of the month before",
            """
            invoice RE2500301 | C1 | 49.00 | 2025-03-28
            payment P1 | 2025-04-10 | 49.00 | from Anna Bergmann | text Beitrag April 2025
            """, is: "P1 auto PAYER-AMOUNT RE2500301 49.00"),
        Case(
            "a day with a month's name is a date",
            """
            invoice RE2500301 | C1 | 49.00 | 2025-03-01
            payment P1 | 2025-04-10 | 49.00 | from Anna Bergmann | text Zahlung vom 9. April 2025
            """, is: "P1 auto PAYER-AMOUNT RE2500301 49.00"),
    ]

    @Test("A month in the text tells which of equal items is meant, and nothing else", arguments: months)
    func month(_ example: Case) {
        #expect(Notation(Self.customers + example.books).outcome == example.outcome)
    }

    @Test(
        "Money that the text says comes back waits",
        arguments: [
            ("Erstattung Ihre Kundennr 88123", false), ("Gutschrift", false), ("Remboursement", false),
            ("Trop perçu 9509", false), ("Guthaben Kundenkonto", false), ("SEPA-Gutschrift", true),
            ("Dauerauftrag", true),
        ])
    func refund(_ text: String, _ isPayment: Bool) {
        let books = """
            invoice RE2500301 | C3 | 149.00 | 2025-04-01
            payment P1 | 2025-04-10 | 149.00 | from Nordlicht Service GmbH | text \(text)
            """
        let outcome = Notation(Self.customers + books).outcome
        #expect(outcome == (isPayment ? "P1 auto PAYER-AMOUNT RE2500301 149.00" : "P1 review WEAK RE2500301 149.00"))
    }

    static let names = [
        Case(
            "for whom they pay comes before what they owe",
            """
            invoice RE25010 | C1 | 49.00 | 2025-03-01
            invoice RE25011 | C2 | 49.00 | 2025-03-02
            payment P1 | 2025-03-10 | 49.00 | from Anna Bergmann | text Beitrag fuer Peter Schmidt
            """, is: "P1 review AMBIGUOUS RE25011 49.00"),
        Case(
            "and is proposed where they owe nothing",
            """
            invoice RE25011 | C2 | 49.00 | 2025-03-02
            payment P1 | 2025-03-10 | 49.00 | from Anna Bergmann | text Beitrag Schmidt, Peter
            """, is: "P1 review WEAK RE25011 49.00"),
        Case(
            "by whomever it is paid",
            """
            invoice RE25011 | C2 | 275.34 | 2025-03-02
            payment P1 | 2025-03-10 | 275.34 | from Gross Steuerberatung | text Peter Schmidt
            """, is: "P1 review WEAK RE25011 275.34"),
        Case(
            "the payer's own name says nothing",
            """
            invoice RE25010 | C1 | 49.00 | 2025-03-01
            payment P1 | 2025-03-10 | 49.00 | from Anna Bergmann | text Beitrag Anna Bergmann
            """, is: "P1 auto PAYER-AMOUNT RE25010 49.00"),
    ]

    @Test("A customer's whole name in the text says for whom somebody pays", arguments: names)
    func name(_ example: Case) {
        #expect(Notation(Self.customers + example.books).outcome == example.outcome)
    }

    static let numbers = [
        Case(
            "an invoice of that number is not known, however short it is",
            """
            invoice 18 | C3 | 49.00 | 2025-06-01
            invoice 1019 | C3 | 79.00 | 2025-06-01
            payment P1 | 2025-07-01 | 49.00 | from Nordlicht Service GmbH | text Rechnung 43
            payment P2 | 2025-07-01 | 79.00 | from Nordlicht Service GmbH | text Rechnung 4711
            """, is: "P1 review WEAK 18 49.00\nP2 review WEAK 1019 79.00"),
        Case(
            "a number that a bank cut at the end of the text",
            """
            invoice RE250000556 | C3 | 49.00 | 2025-06-01
            payment P1 | 2025-07-01 | 49.00 | from Nordlicht Service GmbH | text Rechnung RE25
            """, is: "P1 auto PAYER-AMOUNT RE250000556 49.00"),
        Case(
            "a word is written onto a number, and one behind it",
            """
            invoice RE2500224 | C1 | 29.00 | 2025-06-01
            invoice RE2500257 | C1 | 29.00 | 2025-06-01
            payment P1 | 2025-07-01 | 29.00 | from Anna Bergmann | text RechnungRE2500257vom01.06.2025
            """, is: "P1 auto NUMBER-EXACT RE2500257 29.00"),
        Case(
            "a word on a number that is not known",
            """
            invoice RE2500224 | C1 | 29.00 | 2025-06-01
            payment P1 | 2025-07-01 | 29.00 | from Anna Bergmann | text BelegRE2500957
            """, is: "P1 review WEAK RE2500224 29.00"),
        Case(
            "what somebody else names makes no room for a weaker guess",
            """
            invoice 1037 | C1 | 49.00 | 2025-06-01
            invoice 1053 | C1 | 49.00 | 2025-06-05
            payment P1 | 2025-07-01 | 49.00 | from Anna Bergmann | text Beleg 0153
            payment P2 | 2025-07-02 | 49.00 | from Peter Schmidt | text RE 1053
            """, is: "P1 review AMBIGUOUS 1053 49.00\nP2 review AMBIGUOUS 1053 49.00"),
        Case(
            "the year of everybody's files tells nothing of a stranger",
            """
            invoice 2025/1444 | C1 | 99.00 | 2025-06-01
            invoice 2025/1445 | C2 | 99.00 | 2025-06-01
            payment P1 | 2025-07-01 | 99.00 | from Finanzamt Koeln | text Az. 2025/1444
            """, is: "P1 review WEAK 2025/1444 99.00"),
        Case(
            "a year by itself names no invoice",
            """
            invoice 2025 | C1 | 99.00 | 2025-06-01
            invoice 2026 | C1 | 99.00 | 2025-06-02
            payment P1 | 2025-07-01 | 99.00 | from Anna Bergmann | text Abrechnung 2025
            """, is: "P1 review AMBIGUOUS 2026 99.00"),
        Case(
            "unless a word for an invoice says that it does",
            """
            invoice 2025 | C1 | 99.00 | 2025-06-01
            invoice 2026 | C1 | 99.00 | 2025-06-02
            payment P1 | 2025-07-02 | 99.00 | from Anna Bergmann | text Rechnung 2026
            """, is: "P1 auto NUMBER-EXACT 2026 99.00"),
    ]

    @Test("Numbers that are none of the ledger's, or not certainly", arguments: numbers)
    func number(_ example: Case) {
        #expect(Notation(Self.customers + example.books).outcome == example.outcome)
    }

    @Test("Who pays everything that is open pays no other sum, though all items ask for the same")
    func balance() {
        let books = """
            invoice RE25001 | C1 | 49.00 | 2025-01-01
            invoice RE25002 | C1 | 49.00 | 2025-02-01
            invoice RE25003 | C1 | 49.00 | 2025-03-01

            """
        func outcome(_ amount: String) -> String {
            Notation(Self.customers + books + "payment P1 | 2025-06-10 | \(amount) | from Anna Bergmann | text Saldo")
                .outcome
        }
        #expect(outcome("147.00") == "P1 auto PAYER-SET RE25001 49.00 RE25002 49.00 RE25003 49.00")
        #expect(outcome("98.00").hasPrefix("P1 review AMBIGUOUS"))
    }

    @Test("A payment that names an item and waits for another reason may be the same money")
    func copy() {
        let books = """
            invoice RE25001 | C1 | 49.00 | 2025-01-01
            payment P1 | 2025-02-01 | 49.00 | from PayPal Europe | text Anna Bergmann RE25001
            payment P2 | 2025-02-05 | 49.00 | from Anna Bergmann | text RE25001
            """
        #expect(Notation(Self.customers + books).outcome.hasSuffix("P2 review AMBIGUOUS RE25001 49.00"))
    }
}
