// SPDX-License-Identifier: Apache-2.0

import Documents
import Reconciliation
import Testing

/// Numbers beside an invoice's: a contract's, a house's, the year, the beginning of the next one where a bank cut the text.
struct OtherNumberTests {
    static let customers = """
        customer C1 | Anna Bergmann | no 10001
        customer C2 | Peter Schmidt | no 10002
        customer C3 | Nordlicht Service GmbH | no 10003

        """

    static let labelled = [
        Case(
            "a contract's number is no document of ours",
            """
            invoice 100456 | C3 | 49.00 | 2025-06-01
            payment P1 | 2025-07-01 | 49.00 | from Nordlicht Service GmbH | text Vertrag 166033
            """, is: "P1 auto PAYER-AMOUNT 100456 49.00"),
        Case(
            "a claim's number says that the money may be for something else",
            """
            invoice 100456 | C3 | 49.00 | 2025-06-01
            payment P1 | 2025-07-01 | 49.00 | from Nordlicht Service GmbH | text Schaden 166033
            """, is: "P1 review WEAK 100456 49.00"),
        Case(
            "a number in parts is all of it the project's",
            """
            invoice 10225-0001 | C1 | 99.00 | 2025-01-01
            invoice 10225-0007 | C1 | 99.00 | 2025-07-01
            payment P1 | 2025-07-19 | 99.00 | from Anna Bergmann | text Projekt 2025-0091
            """, is: "P1 review AMBIGUOUS 10225-0007 99.00"),
        Case(
            "a house keeps nobody from an item of its number",
            """
            invoice 174 | C1 | 49.00 | 2025-05-01
            invoice 216 | C1 | 49.00 | 2025-06-01
            payment P1 | 2025-07-01 | 49.00 | from Anna Bergmann | text Zahlung
            payment P2 | 2025-07-02 | 66.66 | from Peter Schmidt | text Objekt 216
            """, is: "P1 review AMBIGUOUS 216 49.00\nP2 review NO-EVIDENCE"),
        Case(
            "beside the number of the payer's item, an order's says nothing",
            """
            invoice 100103 | C3 | 29.00 | 2025-06-01
            invoice 100435 | C1 | 49.00 | 2025-06-01
            payment P1 | 2025-07-01 | 29.00 | from Nordlicht Service GmbH | text Facture 100103 Projekt 100435
            """, is: "P1 auto NUMBER-EXACT 100103 29.00"),
        Case(
            "nor is a contract's a slip for the payer's item",
            """
            invoice 100522 | C1 | 79.00 | 2025-03-01
            invoice 102116 | C1 | 79.00 | 2025-10-01
            invoice 100622 | C3 | 79.00 | 2025-03-01
            payment P1 | 2025-10-31 | 79.00 | from Anna Bergmann | text Projekt 100622
            """, is: "P1 review AMBIGUOUS 102116 79.00"),
        Case(
            "a customer who calls the invoice an order still names it",
            """
            invoice 100103 | C3 | 29.00 | 2025-06-01
            invoice 100104 | C3 | 29.00 | 2025-06-02
            payment P1 | 2025-07-01 | 29.00 | from Nordlicht Service GmbH | text Order 100104
            """, is: "P1 auto NUMBER-EXACT 100104 29.00"),
    ]

    @Test("What a word before a number says that it is", arguments: labelled)
    func label(_ example: Case) {
        #expect(Notation(Self.customers + example.books).outcome == example.outcome)
    }

    static let parts = [
        Case(
            "a number that begins with the year, behind a blank, and one that is written like the year",
            """
            invoice 20/25 | C2 | 17.00 | 2025-06-01
            invoice 2025-0521 | C1 | 250.50 | 2025-08-23
            invoice 2025-0541 | C1 | 250.50 | 2025-08-25
            payment P1 | 2025-09-03 | 250.50 | from Anna Bergmann | text Invoice 2025 0541
            """, is: "P1 auto NUMBER-EXACT 2025-0541 250.50"),
        Case(
            "the digits of an item that is issued tomorrow are no reason to pay an older one",
            """
            invoice RE250001101 | C1 | 29.00 | 2025-06-01
            invoice RE250001507 | C1 | 29.00 | 2025-08-01
            payment P1 | 2025-07-31 | 29.00 | from Anna Bergmann | text betr. 1507
            """, is: "P1 auto CORE-EXACT RE250001507 29.00"),
        Case(
            "a list that the bank cut in its next number",
            """
            invoice 10336-0001 | C1 | 99.00 | 2025-01-20
            invoice 10336-0004 | C1 | 19.00 | 2025-05-05
            invoice 10336-0005 | C1 | 445.30 | 2025-05-14
            invoice 10336-0006 | C1 | 99.00 | 2025-06-05
            payment P1 | 2025-06-15 | 563.30 | from Anna Bergmann | text Invoice no. 10336-0004/10336-0005/1
            """, is: "P1 review NUMBERS-DIFFER 10336-0004 19.00 10336-0005 445.30 10336-0006 99.00"),
        Case(
            "a part, where the text goes on to another number",
            """
            invoice 100954 | C3 | 7733.88 | 2025-04-19
            payment P1 | 2025-04-27 | 6990.19 | from Nordlicht Service GmbH | text Zahlung der Rechnungen 100954 und 101
            """, is: "P1 review NUMBER-PART 100954 6990.19"),
        Case(
            "the same part twice within days may be the same money twice",
            """
            invoice RE2500301 | C3 | 79.00 | 2025-06-01
            payment P1 | 2025-06-10 | 11.16 | from Nordlicht Service GmbH | text RE2500301
            payment P2 | 2025-06-15 | 11.16 | from Nordlicht Service GmbH | text RE2500301
            """, is: "P1 auto NUMBER-PART RE2500301 11.16\nP2 review NUMBER-PART RE2500301 11.16"),
        Case(
            "unless it says that it is an instalment",
            """
            invoice RE2500301 | C3 | 79.00 | 2025-06-01
            payment P1 | 2025-06-10 | 11.16 | from Nordlicht Service GmbH | text RE2500301 Rate 1
            payment P2 | 2025-06-15 | 11.16 | from Nordlicht Service GmbH | text RE2500301 Rate 2
            """, is: "P1 auto NUMBER-PART RE2500301 11.16\nP2 auto NUMBER-PART RE2500301 11.16"),
    ]

    @Test("Which number it is, where only some of it or more than one stands there", arguments: parts)
    func part(_ example: Case) {
        #expect(Notation(Self.customers + example.books).outcome == example.outcome)
    }
}
