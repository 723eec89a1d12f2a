// SPDX-License-Identifier: Apache-2.0

import Reconciliation
import Testing

/// Ranges of numbers, and what is paid of one invoice in turn.
struct RangeTests {
    static let customers = "customer C1 | Nordwind Logistik GmbH | no 10001 | account DE02 1203\n"

    static let cases = [
        Case(
            "a range with a word is all that lies between its ends",
            """
            invoice FZ26-0501 | C1 | 100.00 | 2025-01-10
            invoice FZ26-0502 | C1 | 100.00 | 2025-01-10
            invoice FZ26-0503 | C1 | 100.00 | 2025-01-10
            invoice FZ26-0504 | C1 | 100.00 | 2025-01-10
            invoice FZ26-0509 | C1 | 100.00 | 2025-01-10
            payment P1 | 2025-02-09 | 300.00 | from Nordwind Logistik GmbH | text Facturen FZ26-0502 t/m FZ26-0504
            """, is: "P1 auto NUMBERS-SUM FZ26-0502 100.00 FZ26-0503 100.00 FZ26-0504 100.00"),
        Case(
            "a range whose last number is shortened, in other words",
            """
            invoice RE2500501 | C1 | 110.00 | 2025-01-10
            invoice RE2500502 | C1 | 120.00 | 2025-01-10
            invoice RE2500503 | C1 | 130.00 | 2025-01-10
            payment P1 | 2025-02-09 | 360.00 | from Nordwind Logistik GmbH | text Rechnungen RE2500501 bis 503
            """, is: "P1 auto NUMBERS-SUM RE2500501 110.00 RE2500502 120.00 RE2500503 130.00"),
        Case(
            "nothing outside a range makes up what is missing of it",
            """
            invoice FZ26-0501 | C1 | 110.00 | 2025-01-10
            invoice FZ26-0502 | C1 | 125.50 | 2025-01-10
            invoice FZ26-0503 | C1 | 130.00 | 2025-01-10
            invoice FZ26-0504 | C1 | 120.50 | 2025-01-10
            payment P1 | 2025-02-09 | 360.50 | from Nordwind Logistik GmbH | text FZ26-0501 tot en met FZ26-0503
            """, is: "P1 review NUMBERS-DIFFER FZ26-0501 110.00 FZ26-0502 125.50 FZ26-0503 125.00"),
        Case(
            "the next instalments, when the first are paid",
            """
            invoice RE-1005#1 | C1 | 100.00 | 2025-01-10 | due 2025-02-10
            invoice RE-1005#2 | C1 | 100.00 | 2025-01-10 | due 2025-03-10
            invoice RE-1005#3 | C1 | 80.00 | 2025-01-10 | due 2025-04-10
            payment P1 | 2025-02-09 | 100.00 | from Nordwind Logistik GmbH | text RE-1005
            payment P2 | 2025-03-08 | 100.00 | from Nordwind Logistik GmbH | text RE-1005
            payment P3 | 2025-03-12 | 80.00 | from Nordwind Logistik GmbH | text RE-1005
            """,
            is: """
                P1 auto NUMBER-EXACT RE-1005#1 100.00
                P2 auto NUMBER-EXACT RE-1005#2 100.00
                P3 auto NUMBER-EXACT RE-1005#3 80.00
                """),
        Case(
            "the instalment that the payer names",
            """
            invoice RE-1005#1 | C1 | 100.00 | 2025-01-10 | due 2025-02-10
            invoice RE-1005#2 | C1 | 100.00 | 2025-01-10 | due 2025-03-10
            invoice RE-1006#1 | C1 | 120.00 | 2025-01-10 | due 2025-02-10
            invoice RE-1006#2 | C1 | 120.00 | 2025-01-10 | due 2025-03-10
            payment P1 | 2025-03-09 | 100.00 | from Nordwind Logistik GmbH | text RE-1005 2e termijn
            payment P2 | 2025-03-09 | 120.00 | from Nordwind Logistik GmbH | text RE-1006/2
            """, is: "P1 auto NUMBER-EXACT RE-1005#2 100.00\nP2 auto NUMBER-EXACT RE-1006#2 120.00"),
        Case(
            "an instalment's amount again within days, long before the next is due",
            """
            invoice RE-1005#1 | C1 | 100.00 | 2025-01-10 | due 2025-02-10
            invoice RE-1005#2 | C1 | 100.00 | 2025-01-10 | due 2025-03-10
            payment P1 | 2025-02-09 | 100.00 | from Nordwind Logistik GmbH | text RE-1005
            payment P2 | 2025-02-11 | 100.00 | from Nordwind Logistik GmbH | text RE-1005
            """,
            is: """
                P1 auto NUMBER-EXACT RE-1005#1 100.00
                P2 review AMBIGUOUS RE-1005#2 100.00
                """),
        Case(
            "equal instalments without a number are paid as they are due, not twice in a month",
            """
            invoice RE-1005#1 | C1 | 117.30 | 2025-01-10 | due 2025-02-10
            invoice RE-1005#2 | C1 | 117.30 | 2025-01-10 | due 2025-03-10
            invoice RE-1005#3 | C1 | 117.30 | 2025-01-10 | due 2025-04-10
            payment P1 | 2025-02-09 | 117.30 | from Nordwind Logistik GmbH | account DE021203
            payment P2 | 2025-03-09 | 117.30 | from Nordwind Logistik GmbH | account DE021203
            payment P3 | 2025-03-12 | 117.30 | from Nordwind Logistik GmbH | account DE021203
            """,
            is: """
                P1 auto PAYER-AMOUNT RE-1005#1 117.30
                P2 auto PAYER-AMOUNT RE-1005#2 117.30
                P3 review WEAK RE-1005#3 117.30
                """),
        Case(
            "a range of whole numbers with blanks about the dash, and one that another customer's number lies in",
            """
            customer C2 | Ostsee Handel AG | no 10002
            invoice FK-0501 | C1 | 110.00 | 2025-01-10
            invoice FK-0502 | C1 | 120.00 | 2025-01-10
            invoice FK-0503 | C2 | 130.00 | 2025-01-10
            invoice FK-0504 | C1 | 140.00 | 2025-01-10
            payment P1 | 2025-02-09 | 370.00 | from M. Unbekannt | text FK-0501 - FK-0504
            """, is: "P1 auto NUMBERS-SUM FK-0501 110.00 FK-0502 120.00 FK-0504 140.00"),
        Case(
            "a dash between two numbers that are all that is paid",
            """
            invoice FK-0501 | C1 | 110.00 | 2025-01-10
            invoice FK-0502 | C1 | 120.00 | 2025-01-10
            invoice FK-0503 | C1 | 130.00 | 2025-01-10
            payment P1 | 2025-02-09 | 240.00 | from M. Unbekannt | text FK-0501 - FK-0503
            """, is: "P1 auto NUMBERS-SUM FK-0501 110.00 FK-0503 130.00"),
        Case(
            "digits at both ends are digits to an unknown payer, and a word before them holds for both",
            """
            invoice 102613 | C1 | 19.00 | 2025-01-10
            invoice 102620 | C1 | 19.00 | 2025-01-10
            payment P1 | 2025-02-09 | 38.00 | from M. Unbekannt | text Vertrag 102613 - 102620
            """, is: "P1 review WEAK 102613 19.00 102620 19.00"),
        Case(
            "a list whose last number is shortened behind a word",
            """
            invoice FK-0501 | C1 | 110.00 | 2025-01-10
            invoice FK-0502 | C1 | 120.00 | 2025-01-10
            invoice FK-0504 | C1 | 140.00 | 2025-01-10
            payment P1 | 2025-02-09 | 370.00 | from M. Unbekannt | text FK-0501, 0502 und 0504
            """, is: "P1 auto NUMBERS-SUM FK-0501 110.00 FK-0502 120.00 FK-0504 140.00"),
        Case(
            "a list that goes on behind a thousand",
            """
            invoice RE2502534 | C1 | 110.00 | 2025-01-10
            invoice RE2503029 | C1 | 120.00 | 2025-01-10
            invoice RE2503113 | C1 | 140.00 | 2025-01-10
            payment P1 | 2025-02-09 | 370.00 | from M. Unbekannt | text RE2502534+029+113
            """, is: "P1 auto NUMBERS-SUM RE2502534 110.00 RE2503029 120.00 RE2503113 140.00"),
        Case(
            "a day behind a number goes on with nothing",
            """
            invoice 100187 | C1 | 500.00 | 2025-01-10
            invoice 100211 | C1 | 120.00 | 2025-01-11
            payment P1 | 2025-02-09 | 280.00 | from Nordwind Logistik GmbH | text Rate 1/2 Zahlung 100187 / 11.02.2025
            """, is: "P1 auto NUMBER-PART 100187 280.00"),
        Case(
            "running parts of numbers that make the sum",
            """
            invoice F/2025/01/00802 | C1 | 110.00 | 2025-01-10
            invoice F/2025/01/00939 | C1 | 120.00 | 2025-01-10
            invoice F/2025/02/01137 | C1 | 140.00 | 2025-02-01
            invoice F/2025/02/01138 | C1 | 20.00 | 2025-02-01
            payment P1 | 2025-02-09 | 370.00 | from Nordwind Logistik GmbH | text Rechnungen 802, 939 + 01137
            """, is: "P1 auto CORE-EXACT F/2025/01/00802 110.00 F/2025/01/00939 120.00 F/2025/02/01137 140.00"),
        Case(
            "flats and cars are no invoices",
            """
            invoice RE-2025-0101 | C1 | 650.00 | 2025-01-10
            invoice RE-2025-0102 | C1 | 650.00 | 2025-01-10
            payment P1 | 2025-02-09 | 1300.00 | from Nordwind Logistik GmbH | text Miete Wohnungen 101 und 102
            """, is: "P1 review AMBIGUOUS RE-2025-0101 650.00"),
        Case(
            "the last digits of numbers, less a credit note",
            """
            invoice 100802 | C1 | 110.00 | 2025-01-10
            invoice 100939 | C1 | 120.00 | 2025-01-10
            invoice 101137 | C1 | 140.00 | 2025-02-01
            credit CN-2025-00096 | C1 | -30.00 | 2025-02-01
            payment P1 | 2025-02-09 | 200.00 | from Nordwind Logistik GmbH | text 00802, 00939 ./. 00096
            """, is: "P1 auto CORE-EXACT 100802 110.00 100939 120.00 CN-2025-00096 -30.00"),
        Case(
            "but not where one of them is of nothing, or they do not make it",
            """
            invoice F/2025/01/00802 | C1 | 110.00 | 2025-01-10
            invoice F/2025/01/00939 | C1 | 120.00 | 2025-01-10
            invoice F/2025/02/01137 | C1 | 140.00 | 2025-02-01
            payment P1 | 2025-02-09 | 230.00 | from Nordwind Logistik GmbH | text Rechnungen 802, 939, 777
            payment P2 | 2025-02-09 | 250.00 | from Nordwind Logistik GmbH | text Rechnungen 939, 1137
            """,
            is: """
                P1 review AMBIGUOUS F/2025/01/00802 110.00
                P2 review AMBIGUOUS F/2025/02/01137 140.00
                """),
    ]

    @Test("What lies between the first and the last is meant, and what comes after what is paid", arguments: cases)
    func range(_ example: Case) {
        #expect(Notation(Self.customers + example.books).outcome == example.outcome)
    }
}
