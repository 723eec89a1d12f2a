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
        customer C6 | Silva Perez
        invoice RE-1 | C1 | 49.10 | 2025-01-10
        invoice RE-2 | C2 | 52.20 | 2025-01-10
        invoice RE-3 | C3 | 63.30 | 2025-01-10
        invoice RE-4 | C4 | 74.40 | 2025-01-10
        invoice RE-5 | C5 | 85.50 | 2025-01-10
        invoice RE-6 | C6 | 90.90 | 2025-01-10
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
        // What banks and people write about a name.
        ("Anna Bergmann, Lindenstr. 12, 10115 Berlin", "49.10", "auto PAYER-AMOUNT RE-1 49.10"),
        ("Anna Bergmann Lindenstr. 12", "49.10", "auto PAYER-AMOUNT RE-1 49.10"),
        ("Anna Bergmann c/o Frank", "49.10", "auto PAYER-AMOUNT RE-1 49.10"),
        ("Anna Bergmann Anna Bergmann", "49.10", "auto PAYER-AMOUNT RE-1 49.10"),
        ("Fa. Müller Bau GmbH", "52.20", "auto PAYER-AMOUNT RE-2 52.20"),
        ("Müller Bau GmbH, Berlin", "52.20", "auto PAYER-AMOUNT RE-2 52.20"),
        ("Müller Bau GmbH Verwaltung", "52.20", "review NO-EVIDENCE RE-2 52.20"),
        ("Silberdruck Labor Oy, Hauptstr. 3, Wien", "74.40", "review WEAK RE-4 74.40"),
        ("Müller Bau Berlin GmbH", "52.20", "review NO-EVIDENCE RE-2 52.20"),
        ("Anna Bergmann Frank", "49.10", "review NO-EVIDENCE RE-1 49.10"),
        // The last word before a number is a street's, or the name's.
        ("Anna Bergmann Nord 12", "49.10", "review NO-EVIDENCE RE-1 49.10"),
        // A surname that is another country's legal form.
        ("Silva SA Costa", "90.90", "review NO-EVIDENCE RE-6 90.90"),
        ("Silva c/o Frank", "90.90", "review NO-EVIDENCE RE-6 90.90"),
        ("Max Frank, Bergmannstr. 12", "49.10", "review NO-EVIDENCE RE-1 49.10"),
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

    static let conflicts = [
        Case(
            "another customer's number in the text of one whose own item fits",
            """
            customer C1 | Anna Bergmann | no 10001
            customer C2 | Nordlicht Service GmbH | no 10003
            invoice RE-1 | C1 | 49.10 | 2025-01-10
            invoice RE-2 | C2 | 49.10 | 2025-01-10
            payment P1 | 2025-02-01 | 49.10 | from Nordlicht Service GmbH | text Kundennummer 10001
            """, is: "P1 review AMBIGUOUS RE-1 49.10"),
        Case(
            "another customer's number, and only the payer's item fits",
            """
            customer C1 | Anna Bergmann | no 10001
            customer C2 | Nordlicht Service GmbH | no 10003
            invoice RE-2 | C2 | 49.10 | 2025-01-10
            payment P1 | 2025-02-01 | 49.10 | from Nordlicht Service GmbH | text Kundennummer 10001
            """, is: "P1 review WEAK RE-2 49.10"),
        Case(
            "another customer's number, and only that one's item fits",
            """
            customer C1 | Anna Bergmann | no 10001
            customer C2 | Nordlicht Service GmbH | no 10003
            invoice RE-1 | C1 | 49.10 | 2025-01-10
            payment P1 | 2025-02-01 | 49.10 | from Nordlicht Service GmbH | text Kundennummer 10001
            """, is: "P1 auto PAYER-AMOUNT RE-1 49.10"),
        Case(
            "an account that paid for several customers needs an amount that nobody else is asked for",
            """
            customer C1 | Anna Bergmann
            customer C2 | Peter Schmidt
            invoice RE-1001 | C1 | 49.10 | 2025-01-10
            invoice RE-1002 | C2 | 52.20 | 2025-01-10
            invoice RE-1003 | C2 | 63.30 | 2025-01-10
            invoice RE-1005 | C2 | 85.50 | 2025-01-10
            invoice XX-1003 | C3 | 63.30 | 2025-01-10
            invoice XX-1004 | C3 | 74.40 | 2025-01-10
            invoice RE-1004 | C2 | 74.40 | 2025-01-10
            payment P1 | 2025-02-01 | 49.10 | from Gross Steuerberatung | account DE123456 | text RE-1001
            payment P2 | 2025-02-01 | 52.20 | from Gross Steuerberatung | account DE123456 | text RE-1002
            payment P3 | 2025-03-01 | 63.30 | from Gross Steuerberatung | account DE123456 | text Danke
            payment P4 | 2025-04-01 | 74.40 | from Peter Schmidt | account DE123456 | text Danke
            payment P5 | 2025-04-02 | 85.50 | from Gross Steuerberatung | account DE123456 | text Danke
            """,
            is: "P1 auto NUMBER-EXACT RE-1001 49.10\nP2 auto NUMBER-EXACT RE-1002 52.20\n"
                + "P3 review WEAK RE-1003 63.30\nP4 auto PAYER-AMOUNT RE-1004 74.40\n"
                + "P5 auto PAYER-AMOUNT RE-1005 85.50"),
        Case(
            "one slip does not teach that a customer's account pays for another",
            """
            customer C1 | Anna Bergmann
            customer C2 | Peter Schmidt
            invoice RE-1001 | C1 | 49.10 | 2025-01-10
            invoice RE-1021 | C2 | 52.20 | 2025-01-10
            invoice RE-1040 | C2 | 63.30 | 2025-01-10
            payment P1 | 2025-02-01 | 49.10 | from Anna Bergmann | account DE123456 | text RE-1001
            payment P2 | 2025-02-02 | 52.20 | from Anna Bergmann | account DE123456 | text RE-1021
            payment P3 | 2025-03-01 | 63.30 | from Anna Bergmann | account DE123456 | text Danke
            """,
            is: "P1 auto NUMBER-EXACT RE-1001 49.10\nP2 auto NUMBER-EXACT RE-1021 52.20\n"
                + "P3 review NO-EVIDENCE"),
    ]

    @Test("A payer of whom two things are said is nobody's by the amount alone", arguments: conflicts)
    func conflict(_ example: Case) {
        #expect(Notation(example.books).outcome == example.outcome)
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
