// SPDX-License-Identifier: Apache-2.0

import Documents
import Reconciliation
import Testing

/// What a careful bookkeeper asks about before it is booked, although a number or an amount fits.
struct DoubtTests {
    static let customers = """
        customer C1 | Anna Bergmann | no 10001
        customer C2 | Peter Schmidt | no 10002
        customer C3 | Nordlicht Service GmbH | no 10003

        """

    static let slips = [
        Case(
            "another customer's number, one slip away from what the payer owes",
            """
            invoice RE2500132 | C1 | 49.00 | 2025-03-01
            invoice RE2500123 | C2 | 49.00 | 2025-03-01
            payment P1 | 2025-03-10 | 49.00 | from Anna Bergmann | text Rechnung RE2500123
            """, is: "P1 review AMBIGUOUS RE2500132 49.00"),
        Case(
            "the same when the payer is known by an account that was learned",
            """
            invoice RE2500001 | C1 | 49.00 | 2025-01-01
            invoice RE2500132 | C1 | 49.00 | 2025-03-01
            invoice RE2500123 | C2 | 49.00 | 2025-03-01
            payment P0 | 2025-01-10 | 49.00 | from Anna Bergmann | account DE0212030000 | text RE2500001
            payment P1 | 2025-03-10 | 49.00 | from A. B. | account DE0212030000 | text RE2500123
            """, is: "P0 auto NUMBER-EXACT RE2500001 49.00\nP1 review AMBIGUOUS RE2500132 49.00"),
        Case(
            "a number with letters that is no slip: one customer pays for another",
            """
            invoice RE2500777 | C1 | 49.00 | 2025-03-01
            invoice RE2500123 | C2 | 49.00 | 2025-03-01
            payment P1 | 2025-03-10 | 49.00 | from Anna Bergmann | text Rechnung RE2500123
            """, is: "P1 auto NUMBER-EXACT RE2500123 49.00"),
        Case(
            "a slip for what the payer has paid already, or owes in another amount, is not asked about",
            """
            invoice RE2500132 | C1 | 50.00 | 2025-03-01
            invoice RE2500123 | C2 | 49.00 | 2025-03-01
            payment P1 | 2025-03-10 | 49.00 | from Anna Bergmann | text Rechnung RE2500123
            """, is: "P1 auto NUMBER-EXACT RE2500123 49.00"),
        Case(
            "digits that may be a contract or an account, from somebody who owes this amount",
            """
            invoice 100777 | C1 | 49.00 | 2025-03-01
            invoice 100456 | C2 | 49.00 | 2025-03-01
            payment P1 | 2025-03-10 | 49.00 | from Anna Bergmann | text Vertrag 100456
            """, is: "P1 review AMBIGUOUS 100777 49.00"),
        Case(
            "the payer's own number as a customer, which is another one's invoice",
            """
            invoice 20817 | C2 | 49.00 | 2025-03-01
            invoice 10002 | C1 | 49.00 | 2025-03-01
            payment P1 | 2025-03-10 | 49.00 | from Peter Schmidt | text 10002
            """, is: "P1 auto PAYER-AMOUNT 20817 49.00"),
        Case(
            "one customer's number, and the full name of another who owes this amount",
            """
            invoice RE1001 | C1 | 49.00 | 2025-03-01
            invoice RE1077 | C3 | 49.00 | 2025-03-01
            payment P1 | 2025-03-10 | 49.00 | from Nordlicht Service GmbH | text Kundennummer 10001
            """, is: "P1 review AMBIGUOUS RE1001 49.00"),
        Case(
            "the payer's own item in another currency is no slip for its neighbour",
            """
            invoice RE1001 | C1 | 100.00 | 2025-03-01 | currency USD
            invoice RE1002 | C1 | 100.00 | 2025-03-01
            payment P1 | 2025-03-10 | 100.00 | from Anna Bergmann | text RE1001
            """, is: "P1 review OTHER-CURRENCY RE1001 exchange 100.00"),
    ]

    @Test("A number is weighed against who pays and what they owe", arguments: slips)
    func slip(_ example: Case) { #expect(Notation(Self.customers + example.books).outcome == example.outcome) }

    static let strangers = [
        Case(
            "a year, a file or a postcode from somebody unknown",
            """
            invoice 2025 | C3 | 317.20 | 2025-06-01
            invoice 20099 | C3 | 18.15 | 2025-06-01
            payment P1 | 2025-07-01 | 317.20 | from Mueller Haustechnik | text Abrechnung 2025
            payment P2 | 2025-07-01 | 18.15 | from Anna Meier | text Spende Steindamm 3 20099 Hamburg
            """, is: "P1 review NO-EVIDENCE 2025 317.20\nP2 review WEAK 20099 18.15"),
        Case(
            "a file of this year, where many items ask for the amount, and where one does",
            """
            invoice 2025/1444 | C3 | 99.00 | 2025-06-01
            invoice 2025/1445 | C1 | 99.00 | 2025-06-01
            invoice 2025/1446 | C1 | 99.00 | 2025-06-01
            invoice 2025/2001 | C3 | 317.20 | 2025-06-01
            payment P1 | 2025-07-01 | 317.20 | from Mueller Haustechnik | text 2025/2001
            payment P2 | 2025-07-01 | 99.00 | from Mueller Haustechnik | text Zeichen 77 2025/1444 und 31 12
            """, is: "P1 auto NUMBER-EXACT 2025/2001 317.20\nP2 auto NUMBER-EXACT 2025/1444 99.00"),
        Case(
            "the same digits behind a word for an invoice",
            """
            invoice 20099 | C3 | 18.15 | 2025-06-01
            payment P1 | 2025-07-01 | 18.15 | from Anna Meier | text Rechnung Nr. 20099
            """, is: "P1 auto NUMBER-EXACT 20099 18.15"),
        Case(
            "but not from another customer",
            """
            invoice 1053 | C1 | 49.00 | 2025-06-01
            payment P1 | 2025-07-01 | 49.00 | from Peter Schmidt | text RE 1053
            """, is: "P1 review WEAK 1053 49.00"),
    ]

    @Test("A few digits from a stranger name nothing by themselves", arguments: strangers)
    func stranger(_ example: Case) { #expect(Notation(Self.customers + example.books).outcome == example.outcome) }

    static let twice = [
        Case(
            "a number that another customer had the year before",
            """
            invoice A0 | C2 | 111.00 | 2024-01-07 | number 00036
            invoice A1 | C1 | 74.12 | 2025-01-07 | number 00036
            payment P0 | 2024-02-01 | 111.00 | from Peter Schmidt | text Rg. 00036
            payment P1 | 2025-02-01 | 74.12 | from Anna Bergmann | text Rg. 00036
            """, is: "P0 auto NUMBER-EXACT A0 111.00\nP1 auto NUMBER-EXACT A1 74.12"),
        Case(
            "the payer's own of last year, for another amount",
            """
            invoice A0 | C1 | 111.00 | 2024-01-07 | number 00036
            invoice A1 | C1 | 74.12 | 2025-01-07 | number 00036
            payment P0 | 2024-02-01 | 111.00 | from Anna Bergmann | text Rg. 00036
            payment P1 | 2025-02-01 | 74.12 | from Anna Bergmann | text Rg. 00036
            """, is: "P0 auto NUMBER-EXACT A0 111.00\nP1 auto NUMBER-EXACT A1 74.12"),
        Case(
            "for the same amount it may be last year's once more",
            """
            invoice A0 | C1 | 74.12 | 2024-01-07 | number 00036
            invoice A1 | C1 | 74.12 | 2025-01-07 | number 00036
            payment P0 | 2024-02-01 | 74.12 | from Anna Bergmann | text Rg. 00036
            payment P1 | 2025-02-01 | 74.12 | from Anna Bergmann | text Rg. 00036
            """, is: "P0 auto NUMBER-EXACT A0 74.12\nP1 review AMBIGUOUS A1 74.12"),
    ]

    @Test("Other readings of the same number are nothing else that is named", arguments: twice)
    func reused(_ example: Case) { #expect(Notation(Self.customers + example.books).outcome == example.outcome) }

    static let parts = [
        Case(
            "who says that it is a part takes no discount",
            """
            invoice RE25001 | C3 | 100.00 | 2025-06-01 | discount 2% 2025-06-15
            payment P1 | 2025-06-10 | 98.00 | from Nordlicht Service GmbH | text Teilzahlung RE25001, Rest folgt
            """, is: "P1 auto NUMBER-PART RE25001 98.00"),
        Case(
            "nor uses up a credit note that is not named",
            """
            invoice RE25001 | C3 | 100.00 | 2025-06-01
            credit CN25009 | C3 | -20.00 | 2025-06-05
            payment P1 | 2025-06-10 | 80.00 | from Nordlicht Service GmbH | text Teilzahlung RE25001
            """, is: "P1 auto NUMBER-PART RE25001 80.00"),
        Case(
            "a twentieth of an item is a part only where the payer says so",
            """
            invoice RE25001 | C3 | 1000.00 | 2025-06-01
            invoice RE25002 | C1 | 1000.00 | 2025-06-01
            payment P1 | 2025-06-10 | 50.00 | from Nordlicht Service GmbH | text RE25001
            payment P2 | 2025-06-10 | 50.00 | from Anna Bergmann | text Rate RE25002
            """, is: "P1 review NUMBER-PART RE25001 50.00\nP2 auto NUMBER-PART RE25002 50.00"),
        Case(
            "a rate of a larger item, and another item of this very amount",
            """
            invoice RE25001 | C3 | 147.00 | 2025-06-01
            invoice RE25072 | C3 | 49.00 | 2025-06-01
            payment P1 | 2025-06-10 | 49.00 | from Nordlicht Service GmbH | text Rate 1/3
            """, is: "P1 review WEAK RE25072 49.00"),
        Case(
            "twice the named amount is no second item of that amount",
            """
            invoice RE24001 | C3 | 250.00 | 2025-05-01
            invoice RE24002 | C3 | 250.00 | 2025-06-01
            payment P1 | 2025-06-10 | 500.00 | from Nordlicht Service GmbH | text RE24002
            """, is: "P1 review NUMBERS-DIFFER RE24001 250.00 RE24002 250.00"),
        Case(
            "a list that comes to the cent is paid, whatever else is written",
            """
            invoice RE24001 | C3 | 107.13 | 2025-05-01
            invoice RE24002 | C3 | 114.13 | 2025-05-01
            invoice RE24777 | C1 | 10.00 | 2025-05-01
            payment P0 | 2025-05-10 | 10.00 | from Anna Bergmann | text RE24777
            payment P1 | 2025-06-10 | 221.26 | from Nordlicht Service GmbH | text RE24001 RE24002 Buchung RE24777
            """, is: "P0 auto NUMBER-EXACT RE24777 10.00\nP1 auto NUMBERS-SUM RE24001 107.13 RE24002 114.13"),
        Case(
            "two are named and one of them is the amount",
            """
            invoice RE24009 | C3 | 163.13 | 2025-05-01
            invoice RE24002 | C3 | 114.13 | 2025-05-01
            payment P1 | 2025-06-10 | 114.13 | from Nordlicht Service GmbH | text EREF+RE24009 SVWZ+RE24002
            """, is: "P1 review NUMBERS-DIFFER RE24002 114.13"),
    ]

    @Test("Parts, sums and what completes them", arguments: parts)
    func part(_ example: Case) { #expect(Notation(Self.customers + example.books).outcome == example.outcome) }
}
