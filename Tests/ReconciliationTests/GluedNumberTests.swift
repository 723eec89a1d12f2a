// SPDX-License-Identifier: Apache-2.0

import Documents
import Reconciliation
import Testing

/// Numbers of a list that nothing stands between.
struct GluedNumberTests {
    static let books = """
        customer C1 | Nordwind Logistik GmbH
        customer C2 | Ostsee Handel AG
        invoice RE250000361 | C1 | 117.30 | 2025-01-10
        invoice RE250000563 | C1 | 228.40 | 2025-01-10
        invoice RE250000777 | C2 | 51.10 | 2025-01-10
        invoice AR-2025-0361 | C1 | 10.10 | 2025-01-10
        invoice AR-2025-0563 | C1 | 20.20 | 2025-01-10
        invoice 102613 | C1 | 31.00 | 2025-01-10
        invoice 102719 | C1 | 42.00 | 2025-01-10
        invoice 20250131 | C1 | 53.00 | 2025-01-10
        invoice 14253647 | C1 | 64.00 | 2025-01-10

        """

    private func outcome(_ payment: String) -> String {
        Notation(Self.books + "payment P1 | 2025-02-09 | " + payment).outcome
    }

    @Test(
        "All of one customer's, which make the sum",
        arguments: [
            ("345.70 | from M. Unbekannt | text RE250000361RE250000563", "RE250000361 117.30 RE250000563 228.40"),
            (
                "345.70 | from M. Unbekannt | text Rg RE-250000361RE-250000563 danke",
                "RE250000361 117.30 RE250000563 228.40"
            ),
            ("30.30 | from M. Unbekannt | text AR-2025-0361AR-2025-0563", "AR-2025-0361 10.10 AR-2025-0563 20.20"),
            ("73.00 | from Nordwind Logistik GmbH | text 102613102719", "102613 31.00 102719 42.00"),
        ])
    func booked(_ payment: String, _ lines: String) {
        #expect(outcome(payment) == "P1 auto NUMBERS-SUM \(lines)")
    }

    @Test(
        "Not another sum, another customer's, or a number that nobody issued",
        arguments: [
            "300.00 | from M. Unbekannt | text RE250000361RE250000563",
            "168.40 | from M. Unbekannt | text RE250000361RE250000777",
            "345.70 | from M. Unbekannt | text RE250000361RE250000999",
            // Digits that nobody is known by: a moment, a telephone number.
            "73.00 | from M. Unbekannt | text 102613102719", "117.00 | from M. Unbekannt | text 2025013114253647",
        ])
    func waits(_ payment: String) {
        #expect(!outcome(payment).contains(" auto "), "\(outcome(payment))")
    }

    @Test("What is one number as a whole is not two")
    func whole() {
        let books = """
            customer C1 | Nordwind Logistik GmbH
            invoice AB12345 | C1 | 10.00 | 2025-01-10
            invoice CD67890 | C1 | 20.00 | 2025-01-10
            invoice AB12345CD67890 | C1 | 30.00 | 2025-01-10
            payment P1 | 2025-02-09 | 30.00 | from M. Unbekannt | text AB12345CD67890
            """
        #expect(Notation(books).outcome == "P1 auto NUMBER-EXACT AB12345CD67890 30.00")
    }

    @Test("Digits that do not make the sum are no numbers")
    func digits() {
        #expect(
            outcome("64.00 | from Nordwind Logistik GmbH | text 102613102719")
                == "P1 auto PAYER-AMOUNT 14253647 64.00")
    }
}
