// SPDX-License-Identifier: Apache-2.0

import Documents
import Reconciliation
import Testing

/// A bank's fee is given up by itself only where one like it was seen.
struct FeeTests {
    static let books = """
        customer C1 | Nordwind Logistik GmbH | no 10001
        invoice RE-0901 | C1 | 29.00 | 2025-01-01 | open 0.00
        invoice RE-0902 | C1 | 29.00 | 2025-01-01 | open 0.00
        past P8 | 2025-01-20 | 24.00 | from Nordwind | pays RE-0901 24.00 | fee RE-0901 5.00
        past P9 | 2025-01-21 | 24.00 | from Nordwind | pays RE-0902 24.00 | fee RE-0902 5.00

        """

    static let cases = [
        Case(
            "the same fee, whatever its share up to a fifth",
            """
            invoice RE-1001 | C1 | 29.00 | 2025-01-10
            payment P1 | 2025-02-01 | 24.00 | from Nordwind Logistik GmbH | text RE-1001
            """, is: "P1 auto NUMBER-FEE RE-1001 24.00 RE-1001 fee 5.00"),
        Case(
            "twice as much, up to a tenth of the item",
            """
            invoice RE-1001 | C1 | 100.00 | 2025-01-10
            invoice RE-1002 | C1 | 95.00 | 2025-01-10
            invoice RE-1003 | C1 | 400.00 | 2025-01-10
            payment P1 | 2025-02-01 | 90.00 | from Nordwind Logistik GmbH | text RE-1001
            payment P2 | 2025-02-01 | 85.00 | from Nordwind Logistik GmbH | text RE-1002
            payment P3 | 2025-02-01 | 375.00 | from Nordwind Logistik GmbH | text RE-1003
            """,
            is: "P1 auto NUMBER-FEE RE-1001 90.00 RE-1001 fee 10.00\n"
                + "P2 auto NUMBER-FEE RE-1002 85.00 RE-1002 fee 10.00\n"
                + "P3 review NUMBER-PART RE-1003 375.00"),
        Case(
            "much more than was seen",
            """
            invoice RE-1001 | C1 | 429.00 | 2025-01-10
            payment P1 | 2025-02-01 | 396.00 | from Nordwind Logistik GmbH | text RE-1001
            """, is: "P1 review NUMBER-PART RE-1001 396.00"),
        Case(
            "more than a fifth of the item",
            """
            invoice RE-1001 | C1 | 20.00 | 2025-01-10
            payment P1 | 2025-02-01 | 15.00 | from Nordwind Logistik GmbH | text RE-1001
            """, is: "P1 review NUMBER-PART RE-1001 15.00"),
        Case(
            "more than a third of the item is no fee but a part that is not paid yet",
            """
            invoice RE-1001 | C1 | 29.00 | 2025-01-10
            payment P1 | 2025-02-01 | 8.00 | from Nordwind Logistik GmbH | text RE-1001
            """, is: "P1 auto NUMBER-PART RE-1001 8.00"),
    ]

    @Test("A fee is one like those that were seen, and small", arguments: cases)
    func fee(_ example: Case) {
        #expect(Notation(Self.books + example.books).outcome == example.outcome)
    }

    static let credits = [
        Case(
            "worth what a bank keeps",
            """
            invoice RE-1001 | C1 | 140.90 | 2025-01-10
            credit CN-7 | C1 | -10.00 | 2024-02-20
            payment P1 | 2025-02-01 | 130.90 | from Nordwind Logistik GmbH | text RE-1001
            """, is: "P1 review AMBIGUOUS RE-1001 140.90 CN-7 -10.00"),
        Case(
            "worth what no bank keeps",
            """
            invoice RE-1001 | C1 | 140.90 | 2025-01-10
            credit CN-7 | C1 | -10.10 | 2024-02-20
            payment P1 | 2025-02-01 | 130.80 | from Nordwind Logistik GmbH | text RE-1001
            """, is: "P1 auto NUMBER-CREDIT RE-1001 140.90 CN-7 -10.10"),
        Case(
            "worth the share that the customer withholds",
            """
            invoice RE-1001 | C1 | 437.20 | 2025-01-10
            invoice RE-0903 | C1 | 1000.00 | 2025-01-10 | open 0.00
            credit CN-7 | C1 | -65.58 | 2025-01-20
            past P7 | 2025-01-20 | 850.00 | from Nordwind | pays RE-0903 850.00 | withholding RE-0903 150.00
            payment P1 | 2025-02-01 | 371.62 | from Nordwind Logistik GmbH | text RE-1001
            """, is: "P1 review AMBIGUOUS RE-1001 437.20 CN-7 -65.58"),
        Case(
            "three that nobody names",
            """
            invoice RE-1001 | C1 | 140.90 | 2025-01-10
            credit CN-7 | C1 | -10.13 | 2024-02-20
            credit CN-8 | C1 | -8.27 | 2024-02-20
            credit CN-9 | C1 | -3.19 | 2024-02-20
            payment P1 | 2025-02-01 | 119.31 | from Nordwind Logistik GmbH | text RE-1001
            """, is: "P1 review AMBIGUOUS RE-1001 140.90 CN-7 -10.13 CN-8 -8.27 CN-9 -3.19"),
    ]

    @Test(
        "A credit note that is not named is used up by itself only where nothing else explains it", arguments: credits)
    func credit(_ example: Case) {
        #expect(Notation(Self.books + example.books).outcome == example.outcome)
    }

    @Test("A habit may have been learned from later payments: the sentence says of how many others")
    func sentences() {
        let decisions = Notation(
            """
            customer C1 | Nordwind Logistik GmbH | no 10001
            invoice RE-1001 | C1 | 1000.00 | 2025-01-10
            invoice RE-1002 | C1 | 700.00 | 2025-01-10
            invoice RE-1003 | C1 | 500.00 | 2025-01-10
            invoice RE-1004 | C1 | 437.20 | 2025-01-12
            invoice RE-1005 | C1 | 800.00 | 2025-01-12
            payment P1 | 2025-02-01 | 988.00 | from Nordwind Logistik GmbH | text RE-1001
            payment P2 | 2025-02-02 | 690.00 | from Nordwind Logistik GmbH | text RE-1002
            payment P3 | 2025-02-03 | 485.00 | from Nordwind Logistik GmbH | text RE-1003
            payment P4 | 2025-02-04 | 371.62 | from Nordwind Logistik GmbH | text RE-1004
            payment P5 | 2025-02-05 | 680.00 | from Nordwind Logistik GmbH | text RE-1005
            """
        ).decide()
        #expect(
            decisions.map { $0.sentence.split(separator: ", ").last.map(String.init) ?? "" } == [
                "as was kept from 2 other payments.", "as was kept from 2 other payments.",
                "as was kept from 2 other payments.",
                "less 65.58 EUR withheld: the same share as in 1 other payment.",
                "less 120.00 EUR withheld: the same share as in 1 other payment.",
            ])
    }
}
