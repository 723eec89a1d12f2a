// SPDX-License-Identifier: Apache-2.0

import Documents
import Reconciliation
import Testing

@Suite("What a company moves between its own accounts is no customer's money")
struct OwnTransferTests {
    static let books = """
        customer C1 | Nordwind Logistik GmbH | no 10001 | account DE02 1203
        invoice RE-1001 | C1 | 5000.00 | 2025-01-10

        """

    private func outcome(_ payment: String, own: [String] = ["NL91 ABNA 0417 1643 00", "DE89370400440532013000"])
        -> String
    {
        var books = Notation(Self.books + payment)
        books.policy.own(own)
        return books.outcome
    }

    @Test(
        "Both ways, whatever the text says",
        arguments: [
            "5000.00 | from Own B.V. | text transfer", "5000.00 | from Own B.V. | text RE-1001",
            "-5000.00 | from Own B.V. | text transfer", "-5000.00 | from Own B.V. | text reversal | code RRCT",
        ])
    func own(_ payment: String) {
        let line = "payment P1 | 2025-01-20 | \(payment) | account NL91ABNA0417164300"
        #expect(outcome(line + " | between") == "P1 not_receivable OWN-TRANSFER")
        #expect(!outcome(line + " | between", own: []).contains("OWN-TRANSFER"))
        // The bank names our account beside a sum of its own, such as collected direct debits.
        #expect(!outcome(line).contains("OWN-TRANSFER"))
    }

    @Test("The decision says whose account it is") func told() throws {
        var books = Notation(
            Self.books + "payment P1 | 2025-01-20 | 5000.00 | from Own B.V. | account NL91ABNA0417164300 | between")
        books.policy.own(["NL91ABNA0417164300"])
        let decision = try #require(books.decide().first)
        #expect(
            decision.sentence == "5000.00 EUR came from the company's own account NL91ABNA0417164300: it is no "
                + "customer's money.")
        #expect(decision.evidence.map(\.code) == ["OWN-ACCOUNT"])
    }
}
