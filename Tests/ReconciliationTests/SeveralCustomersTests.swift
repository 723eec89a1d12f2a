// SPDX-License-Identifier: Apache-2.0

import Reconciliation
import Testing

/// One payment, several customers' invoices.
@Suite("A list of several customers' numbers that makes the sum")
struct SeveralCustomersTests {
    private static let books = """
        customer C1 | Sofía Rubio Castillo
        customer C2 | Daniel Rubio Castillo
        customer C3 | Hafen Spedition AG | account DE003
        invoice R25/00092 | C1 | 215.00 | 2025-01-01
        invoice R25/00093 | C1 | 98.00 | 2025-01-01
        invoice R25/00094 | C2 | 215.00 | 2025-01-01
        invoice R25/00097 | C3 | 215.00 | 2025-01-01
        invoice R25/00099 | C3 | 98.00 | 2025-01-01

        """

    private func outcome(_ payment: String) -> String {
        Notation(Self.books + "payment P1 | 2025-01-20 | " + payment).outcome
    }

    private static let booked = "P1 auto NUMBERS-SUM R25/00092 215.00 R25/00093 98.00 R25/00094 215.00"

    @Test(
        "Whose name all bear, or who is no customer, pays for them",
        arguments: [
            "528.00 | from Laura Castillo Martínez | text recibos R25/00092 R25/00093 R25/00094",
            "528.00 | from Helvetia Versicherungen | account CH009 | text R25/00092, R25/00093 und R25/00094",
        ])
    func books(_ payment: String) throws {
        #expect(outcome(payment) == Self.booked)
        let decision = Notation(Self.books + "payment P1 | 2025-01-20 | " + payment).decide()[0]
        #expect(decision.customerID == nil && decision.sentence.contains("add up to exactly this sum"))
    }

    @Test(
        "Another sum, another customer's item beside the payer's own, running parts, or another word are a person's",
        arguments: [
            "527.00 | from Laura Castillo Martínez | text recibos R25/00092 R25/00093 R25/00094",
            // One of them may be a slip: R25/00099 asks for as much as R25/00093.
            "313.00 | from Hafen Spedition AG | account DE003 | text R25/00097 R25/00093",
            "528.00 | from Laura Castillo Martínez | text 92 93 94",
            "528.00 | from Laura Castillo Martínez | text Rückzahlung R25/00092 R25/00093 R25/00094",
            "528.00 | from Laura Castillo Martínez | text R25/00092 R25/00093 R25/00094 R25/00777",
        ])
    func waits(_ payment: String) { #expect(!outcome(payment).contains(" auto "), "\(outcome(payment))") }

    @Test("A parent company pays for its group")
    func group() {
        let books = Self.books.replacing("Sofía Rubio Castillo", with: "Werk Nord GmbH | parent Stahl Holding AG")
            .replacing("Daniel Rubio Castillo", with: "Werk Süd GmbH | parent Stahl Holding AG")
        let paid = "payment P1 | 2025-01-20 | 528.00 | from Stahl Holding AG | text R25/00092 R25/00093 R25/00094"
        #expect(Notation(books + paid).outcome == Self.booked)
    }
}
