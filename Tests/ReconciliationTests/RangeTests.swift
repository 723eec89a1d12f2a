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
    ]

    @Test("What lies between the first and the last is meant, and what comes after what is paid", arguments: cases)
    func range(_ example: Case) {
        #expect(Notation(Self.customers + example.books).outcome == example.outcome)
    }
}
