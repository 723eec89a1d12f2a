// SPDX-License-Identifier: Apache-2.0

import Documents
import Reconciliation
import Testing

/// Whose a payer's name is, in the ways that people and banks write it.
struct PartyNameTests {
    static let books = """
        customer C1 | Anna Bergmann
        customer C2 | Müller Bau GmbH
        customer C3 | Müller Bau AG
        customer C4 | Silberdruck Labor Oy
        customer C5 | Öztürk Handel
        invoice RE-1 | C1 | 49.10 | 2025-01-10
        invoice RE-2 | C2 | 52.20 | 2025-01-10
        invoice RE-3 | C3 | 63.30 | 2025-01-10
        invoice RE-4 | C4 | 74.40 | 2025-01-10
        invoice RE-5 | C5 | 85.50 | 2025-01-10
        invoice XX-4 | C9 | 74.40 | 2025-01-10

        """

    static let payers: [(name: String, amount: String, outcome: String)] = [
        ("Anna Bergmann", "49.10", "auto PAYER-AMOUNT RE-1 49.10"),
        ("Bergmann, Anna", "49.10", "auto PAYER-AMOUNT RE-1 49.10"),
        ("Frau Anna Bergmann", "49.10", "auto PAYER-AMOUNT RE-1 49.10"),
        ("Prof. Dr. Anna Bergmann", "49.10", "auto PAYER-AMOUNT RE-1 49.10"),
        ("Anna J. Bergmann", "49.10", "auto PAYER-AMOUNT RE-1 49.10"),
        ("A. Bergmann", "49.10", "auto PAYER-AMOUNT RE-1 49.10"),
        ("Anna u. Max Bergmann", "49.10", "auto PAYER-AMOUNT RE-1 49.10"),
        ("Max + Anna Bergmann", "49.10", "auto PAYER-AMOUNT RE-1 49.10"),
        ("Herr Max und Frau Anna Bergmann", "49.10", "auto PAYER-AMOUNT RE-1 49.10"),
        ("Max Frank und Anna Bergmann", "49.10", "auto PAYER-AMOUNT RE-1 49.10"),
        ("M. Bergmann", "49.10", "review NO-EVIDENCE RE-1 49.10"),
        ("Max Bergmann", "49.10", "review NO-EVIDENCE RE-1 49.10"),
        ("Bergmann", "49.10", "review NO-EVIDENCE RE-1 49.10"),
        // The form tells them apart, where it is written.
        ("Mueller Bau GmbH", "52.20", "auto PAYER-AMOUNT RE-2 52.20"),
        ("MULLER BAU GMBH", "52.20", "auto PAYER-AMOUNT RE-2 52.20"),
        ("Müller Bau A.G.", "63.30", "auto PAYER-AMOUNT RE-3 63.30"),
        ("Müller Bau", "63.30", "review WEAK RE-3 63.30"),
        ("Mueller Bau GmbH", "63.30", "review NO-EVIDENCE RE-3 63.30"),
        ("Ozturk Handel", "85.50", "auto PAYER-AMOUNT RE-5 85.50"),
        ("Oeztuerk Handel", "85.50", "auto PAYER-AMOUNT RE-5 85.50"),
        // Another country's form is another company, unless nobody else is asked for the amount.
        ("Silberdruck Labor GmbH", "74.40", "review WEAK RE-4 74.40"),
        ("Silberdruck Labor Oy Ab", "74.40", "auto PAYER-AMOUNT RE-4 74.40"),
        ("Silberdruck Labor", "74.40", "auto PAYER-AMOUNT RE-4 74.40"),
    ]

    @Test("A name is the customer's with its titles, initials, partner, umlauts and legal form", arguments: payers)
    func payer(_ payer: (name: String, amount: String, outcome: String)) {
        let books = Notation(Self.books + "payment P1 | 2025-02-01 | \(payer.amount) | from \(payer.name) | text Danke")
        #expect(books.outcome == "P1 " + payer.outcome)
    }

    @Test("Two customers of one name: the sentence says so")
    func namesakes() {
        let decision = Notation(
            """
            customer C1 | Anna Bergmann
            customer C2 | Anna Bergmann
            invoice RE-1 | C1 | 49.10 | 2025-01-10
            payment P1 | 2025-02-01 | 49.10 | from Anna Bergmann | text Danke
            """
        ).decide()[0]
        #expect(decision.sentence.hasPrefix("The payer's name fits 2 customers. 49.10 EUR from Anna Bergmann"))
    }
}
