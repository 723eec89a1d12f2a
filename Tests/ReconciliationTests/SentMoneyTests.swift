// SPDX-License-Identifier: Apache-2.0

import Documents
import Reconciliation
import Testing

/// What we send and what comes back to us looks like a bank's return, and is none.
struct SentMoneyTests {
    static let customers = """
        customer C1 | Nordwind Logistik GmbH | no 10001 | account DE02 1203
        customer C2 | Ostsee Handel AG | no 10002
        invoice RE-1001 | C1 | 119.00 | 2025-01-10
        payment P1 | 2025-01-18 | 119.00 | from Nordwind Logistik GmbH | account DE021203 | text RE-1001 | code RCDT

        """
    static let paid = "P1 auto NUMBER-EXACT RE-1001 119.00\n"
    static let payer = "from Nordwind Logistik GmbH | account DE021203"

    static let refunds = [
        Case(
            "returned goods: the credit note is named beside its invoice",
            """
            credit CN-2025-7 | C1 | -119.00 | 2025-02-01
            payment P2 | 2025-02-03 | -119.00 | \(payer) | text Retour RE-1001 CN-2025-7
            """, is: "P2 auto REFUND CN-2025-7 -119.00"),
        Case(
            "as we sent it, whatever the text calls it",
            """
            credit CN-2025-7 | C1 | -119.00 | 2025-02-01
            payment P2 | 2025-02-03 | -119.00 | \(payer) | text Stornierung Ihrer Bestellung 5567 | code PMNT-ICDT-ESCT
            """, is: "P2 review REFUND CN-2025-7 -119.00"),
        Case(
            "a supplier's invoice that we paid, less what we sent back",
            """
            payment P2 | 2025-02-03 | -119.00 | \(payer) | text ER 4711 abzgl. Retour | code PMNT/ICDT/ESCT
            """, is: "P2 review REFUND"),
        Case(
            "a cancelled order, with an open credit note of the amount",
            """
            credit CN-2025-7 | C1 | -119.00 | 2025-02-01
            payment P2 | 2025-02-03 | -119.00 | \(payer) | text Erstattung Storno RE-1001
            """, is: "P2 review REFUND CN-2025-7 -119.00"),
        Case(
            "the invoice that is named was corrected by an open credit note of the amount",
            """
            credit CN-2025-7 | C1 | -119.00 | 2025-02-01 | corrects RE-1001
            credit CN-2025-8 | C1 | -119.00 | 2025-02-01 | corrects RE-0999
            payment P2 | 2025-02-03 | -119.00 | \(payer) | text Erstattung Rechnung RE-1001
            """, is: "P2 auto REFUND CN-2025-7 -119.00"),
        Case(
            "of two that correct it a person says which",
            """
            credit CN-2025-7 | C1 | -119.00 | 2025-02-01 | corrects RE-1001
            credit CN-2025-8 | C1 | -119.00 | 2025-02-01 | corrects RE-1001
            payment P2 | 2025-02-03 | -119.00 | \(payer) | text Erstattung Rechnung RE-1001
            """, is: "P2 review REFUND CN-2025-7 -119.00"),
        Case(
            "the bank takes the payment of a corrected invoice back",
            """
            credit CN-2025-7 | C1 | -119.00 | 2025-02-01 | corrects RE-1001
            payment P2 | 2025-02-03 | -119.00 | \(payer) | text Rücklastschrift RE-1001
            """, is: "P2 auto RETURN RE-1001 -119.00"),
        Case(
            "a word that everybody uses, and nothing else: a person says what it was",
            "payment P2 | 2025-02-03 | -119.00 | \(payer) | text Storno RE-1001",
            is: "P2 review RETURN RE-1001 -119.00"),
        Case(
            "the same word of a direct debit is the bank's",
            "payment P2 | 2025-02-03 | -119.00 | \(payer) | text Storno Lastschrift RE-1001",
            is: "P2 auto RETURN RE-1001 -119.00"),
        Case(
            "the same word with the scheme's reason is the bank's",
            "payment P2 | 2025-02-03 | -119.00 | \(payer) | text RETOUR AC04 RE-1001",
            is: "P2 auto RETURN RE-1001 -119.00"),
        Case(
            "a plain word of banks is enough",
            "payment P2 | 2025-02-03 | -119.00 | \(payer) | text Rücklastschrift RE-1001",
            is: "P2 auto RETURN RE-1001 -119.00"),
        Case(
            "of a sent transfer the bank's own word counts all the same",
            "payment P2 | 2025-02-03 | -119.00 | \(payer) | text RE-1001 | code PMNT/ICDT/ESCT | reverses P1",
            is: "P2 auto RETURN RE-1001 -119.00"),
        Case(
            "the credit note that is named went to another account",
            """
            credit CN-2025-7 | C1 | -119.00 | 2025-02-01
            payment P2 | 2025-02-03 | -119.00 | from Klaus Winter | account DE42 | text Erstattung CN-2025-7
            """, is: "P2 review REFUND CN-2025-7 -119.00"),
        Case(
            "a direct debit without cover takes back no transfer",
            "payment P2 | 2025-02-03 | -119.00 | \(payer) | text Ruecklastschrift MD06 | code PMNT-RDDT-UPDD",
            is: "P2 review RETURN RE-1001 -119.00"),
        Case(
            "a return that the bank does not call a direct debit's takes it back",
            "payment P2 | 2025-02-03 | -119.00 | \(payer) | text Reversal | code PMNT/RDDT/RRTN",
            is: "P2 auto RETURN RE-1001 -119.00"),
    ]

    @Test("What we sent is a refund, and what may be one waits", arguments: refunds)
    func sent(_ example: Case) {
        #expect(Notation(Self.customers + example.books).outcome == Self.paid + example.outcome)
    }

    static let incoming = [
        Case(
            "it says so by its code",
            "payment P2 | 2025-02-25 | 119.00 | \(payer) | code PMNT/RRCT/RRTN",
            is: "P2 review PAYER-AMOUNT RE-1002 119.00"),
        Case(
            "it says so by its code, and names an invoice",
            "payment P2 | 2025-02-25 | 119.00 | \(payer) | code PMNT-ICDT-RRTN | text RE-1002",
            is: "P2 review NUMBER-EXACT RE-1002 119.00"),
        Case(
            "it names the payment that it reverses",
            "payment P2 | 2025-02-25 | 119.00 | \(payer) | reverses X-1 | text RE-1002",
            is: "P2 review NUMBER-EXACT RE-1002 119.00"),
        Case(
            "an instant payment is none",
            "payment P2 | 2025-02-25 | 119.00 | \(payer) | code PMNT/RRCT/ESCT | text RE-1002",
            is: "P2 auto NUMBER-EXACT RE-1002 119.00"),
    ]

    @Test("Money that came back to us is not booked on an invoice by itself", arguments: incoming)
    func cameBack(_ example: Case) {
        let books = Self.customers + "invoice RE-1002 | C1 | 119.00 | 2025-02-20\n" + example.books
        #expect(Notation(books).outcome == Self.paid + example.outcome)
    }
}
