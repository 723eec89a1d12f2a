// SPDX-License-Identifier: Apache-2.0

import Documents
import Reconciliation
import Testing

/// Money that goes out again.
struct OutgoingRulesTests {
    static let customers = """
        customer C1 | Nordwind Logistik GmbH | no 10001 | account DE02 1203
        customer C2 | Ostsee Handel AG | no 10002

        """

    static let returns = [
        Case(
            "by the end-to-end id, discount and all",
            """
            invoice RE-1001 | C1 | 1000.00 | 2025-01-10 | discount 2% 2025-01-20
            payment P1 | 2025-01-18 | 980.00 | from N | end-to-end E2E-77 | text RE-1001
            payment P2 | 2025-01-25 | -980.00 | from N | end-to-end E2E-77 | code RRCT
            """,
            is: "P1 auto NUMBER-DISCOUNT RE-1001 980.00 RE-1001 discount 20.00\n"
                + "P2 auto RETURN RE-1001 -980.00 RE-1001 discount -20.00"),
        Case(
            "by the item it names",
            """
            invoice RE-1001 | C1 | 90.00 | 2025-01-10
            invoice RE-1002 | C1 | 90.00 | 2025-01-10
            payment P1 | 2025-01-18 | 90.00 | from N | account DE123456 | text RE-1001
            payment P2 | 2025-01-19 | 90.00 | from N | account DE123456 | text RE-1002
            payment P3 | 2025-01-25 | -90.00 | from N | account DE123456 | text RUECKLASTSCHRIFT RE-1002
            """,
            is: "P1 auto NUMBER-EXACT RE-1001 90.00\nP2 auto NUMBER-EXACT RE-1002 90.00\n"
                + "P3 auto RETURN RE-1002 -90.00"),
        Case(
            "by account and amount when only one fits",
            """
            invoice RE-1001 | C1 | 90.00 | 2025-01-10
            payment P1 | 2025-01-18 | 90.00 | from N | account DE123456 | text RE-1001
            payment P2 | 2025-01-25 | -90.00 | from N | account DE123456 | text Rueckgabe
            """, is: "P1 auto NUMBER-EXACT RE-1001 90.00\nP2 auto RETURN RE-1001 -90.00"),
        Case(
            "a word alone does not outweigh a double payment that waits and names the same invoice: it is paid back",
            """
            invoice RE-1001 | C1 | 90.00 | 2025-01-10
            payment P1 | 2025-01-18 | 90.00 | from N | account DE123456 | text RE-1001
            payment P2 | 2025-01-19 | 90.00 | from N | account DE123456 | text RE-1001
            payment P3 | 2025-01-25 | -90.00 | from N | account DE123456 | text Devolucao RE-1001
            """,
            is: "P1 auto NUMBER-EXACT RE-1001 90.00\nP2 review DUPLICATE\nP3 auto REFUND"),
        Case(
            "two payments may be meant",
            """
            invoice RE-1001 | C1 | 90.00 | 2025-01-10
            invoice RE-1002 | C1 | 90.00 | 2025-01-10
            payment P1 | 2025-01-18 | 90.00 | from N | account DE123456 | text RE-1001
            payment P2 | 2025-01-19 | 90.00 | from N | account DE123456 | text RE-1002
            payment P3 | 2025-01-25 | -90.00 | from N | account DE123456 | text Rueckgabe
            """,
            is:
                "P1 auto NUMBER-EXACT RE-1001 90.00\nP2 auto NUMBER-EXACT RE-1002 90.00\n"
                + "P3 review RETURN RE-1002 -90.00"
        ),
        Case(
            "the account that it comes back from outweighs a number that was cut",
            """
            invoice 130 | C2 | 49.00 | 2024-08-14
            invoice 1306 | C1 | 49.00 | 2024-12-10
            payment P1 | 2024-09-24 | 49.00 | from Ostsee Handel AG | account DE999999 | text 130
            payment P2 | 2024-12-20 | 49.00 | from Nordwind Logistik GmbH | account DE021203 | text 1306
            payment P3 | 2024-12-30 | -49.00 | from Nordwind Logistik GmbH | account DE021203 | text Retour 130
            """,
            is: "P1 auto NUMBER-EXACT 130 49.00\nP2 auto NUMBER-EXACT 1306 49.00\nP3 review RETURN 1306 -49.00"),
        Case(
            "it names what somebody else paid",
            """
            invoice RE-1001 | C1 | 90.00 | 2025-01-10
            payment P1 | 2025-01-18 | 90.00 | from Nordwind Logistik GmbH | account DE123456 | text RE-1001
            payment P2 | 2025-01-25 | -90.00 | from Ostsee Handel AG | account DE999999 | text RE-1001 | code RRTN
            """, is: "P1 auto NUMBER-EXACT RE-1001 90.00\nP2 review RETURN RE-1001 -90.00"),
        Case(
            "it names what somebody else paid for the customer that it names",
            """
            invoice RE-1001 | C1 | 90.00 | 2025-01-10
            payment P1 | 2025-01-18 | 90.00 | from Anna Bergmann | account DE999999 | text RE-1001
            payment P2 | 2025-01-25 | -90.00 | from Nordwind Logistik GmbH | account DE021203 | text RE-1001 | code RRTN
            """, is: "P1 auto NUMBER-EXACT RE-1001 90.00\nP2 auto RETURN RE-1001 -90.00"),
        Case(
            "the bank writes the same payer's name shorter, and another account",
            """
            invoice RE-1001 | C1 | 90.00 | 2025-01-10
            payment P1 | 2025-01-18 | 90.00 | from Nordwind Logistik GmbH | account DE123456 | text RE-1001
            payment P2 | 2025-01-25 | -90.00 | from Nordwind Logist. | account DE999999 | text RE-1001 | code RRTN
            """, is: "P1 auto NUMBER-EXACT RE-1001 90.00\nP2 auto RETURN RE-1001 -90.00"),
        Case(
            "with the bank's charge on top: the payer's latest payment is proposed",
            """
            invoice RE-1001 | C1 | 49.00 | 2025-01-10
            invoice RE-1002 | C1 | 49.00 | 2025-02-10
            payment P1 | 2025-01-18 | 49.00 | from N | account DE123456 | text RE-1001
            payment P2 | 2025-02-18 | 49.00 | from N | account DE123456 | text RE-1002
            payment P3 | 2025-02-25 | -52.00 | from N | account DE123456 | text Ruecklastschrift zzgl. Entgelt
            payment P4 | 2025-02-26 | -90.00 | from N | account DE123456 | text Ruecklastschrift
            """,
            is: "P1 auto NUMBER-EXACT RE-1001 49.00\nP2 auto NUMBER-EXACT RE-1002 49.00\n"
                + "P3 review RETURN RE-1002 -49.00\nP4 review RETURN"),
        Case(
            "with the bank's charge on top, of an item that is named",
            """
            invoice RE-1001 | C1 | 49.00 | 2025-01-10
            invoice RE-1002 | C1 | 49.00 | 2025-02-10
            payment P1 | 2025-01-18 | 49.00 | from N | account DE123456 | text RE-1001
            payment P2 | 2025-02-18 | 49.00 | from N | account DE123456 | text RE-1002
            payment P3 | 2025-02-25 | -53.50 | text Ruecklastschrift RE-1001
            """,
            is: "P1 auto NUMBER-EXACT RE-1001 49.00\nP2 auto NUMBER-EXACT RE-1002 49.00\n"
                + "P3 review RETURN RE-1001 -49.00"),
        Case(
            "the same payer's latest payment came without an account",
            """
            invoice RE-1001 | C1 | 150.00 | 2025-01-01
            invoice RE-1002 | C1 | 150.00 | 2025-02-01
            payment P1 | 2025-01-10 | 150.00 | from Nordwind Logistik GmbH | account DE123456 | text RE-1001
            payment P2 | 2025-02-10 | 150.00 | from Nordwind Logistik GmbH | text RE-1002
            payment P3 | 2025-02-13 | -150.00 | from Nordwind Logistik GmbH | account DE123456 | code RRTN
            """,
            is: "P1 auto NUMBER-EXACT RE-1001 150.00\nP2 auto NUMBER-EXACT RE-1002 150.00\n"
                + "P3 review RETURN RE-1002 -150.00"),
        Case(
            "nothing of that amount came in",
            """
            invoice RE-1001 | C1 | 90.00 | 2025-01-10
            payment P1 | 2025-01-18 | 90.00 | from N | account DE123456 | text RE-1001
            payment P2 | 2025-01-25 | -89.00 | from N | account DE123456 | text Rueckgabe
            """, is: "P1 auto NUMBER-EXACT RE-1001 90.00\nP2 review RETURN"),
        Case(
            "longer ago than a return can be",
            """
            invoice RE-1001 | C1 | 90.00 | 2024-01-10 | open 0.00
            past P1 | 2024-01-18 | 90.00 | from N | account DE123456 | pays RE-1001 90.00
            payment P2 | 2025-06-25 | -90.00 | from N | account DE123456 | text Rueckgabe
            """, is: "P2 review RETURN"),
        Case(
            "a payment comes back once",
            """
            invoice RE-1001 | C1 | 90.00 | 2025-01-10
            payment P1 | 2025-01-18 | 90.00 | from N | account DE123456 | text RE-1001
            payment P2 | 2025-01-25 | -90.00 | from N | account DE123456 | text Rueckgabe
            payment P3 | 2025-01-26 | -90.00 | from N | account DE123456 | text Rueckgabe
            """, is: "P1 auto NUMBER-EXACT RE-1001 90.00\nP2 auto RETURN RE-1001 -90.00\nP3 review RETURN"),
        Case(
            "a returned item can be paid again",
            """
            invoice RE-1001 | C1 | 90.00 | 2025-01-10
            payment P1 | 2025-01-18 | 90.00 | from N | account DE123456 | text RE-1001
            payment P2 | 2025-01-25 | -90.00 | from N | account DE123456 | text Rueckgabe
            payment P3 | 2025-02-26 | 90.00 | from N | account DE123456 | text RE-1001
            """,
            is: "P1 auto NUMBER-EXACT RE-1001 90.00\nP2 auto RETURN RE-1001 -90.00\n"
                + "P3 auto NUMBER-EXACT RE-1001 90.00"),
        Case(
            "the netted credit note is open again too",
            """
            invoice RE-1001 | C1 | 100.00 | 2025-01-10
            credit CN-7 | C1 | -30.00 | 2025-01-12
            payment P1 | 2025-02-01 | 70.00 | from N | account DE123456 | text RE-1001 CN-7
            payment P2 | 2025-02-05 | -70.00 | from N | account DE123456 | reverses P1
            """,
            is: "P1 auto NUMBERS-SUM RE-1001 100.00 CN-7 -30.00\nP2 auto RETURN RE-1001 -100.00 CN-7 30.00"),
    ]

    static let waiting = [
        Case(
            "more than the item that both name",
            """
            invoice RE-1001 | C1 | 750.00 | 2025-01-10
            payment P1 | 2025-01-18 | 800.00 | from N | account DE123456 | text RE-1001
            payment P2 | 2025-01-25 | -800.00 | from N | account DE123456 | text RE-1001 | code RRTN
            """, is: "P1 review NUMBER-OVER RE-1001 750.00\nP2 auto RETURN"),
        Case(
            "of the account, on one day and with the smaller id",
            """
            invoice RE-1001 | C1 | 750.00 | 2025-01-10
            payment P2 | 2025-01-18 | 800.00 | from N | account DE123456 | text RE-1001
            payment P1 | 2025-01-18 | -800.00 | from N | account DE123456 | code RRTN
            """, is: "P1 auto RETURN\nP2 review NUMBER-OVER RE-1001 750.00"),
        Case(
            "of the name only: too little",
            """
            invoice RE-1001 | C1 | 750.00 | 2025-01-10
            payment P1 | 2025-01-18 | 800.00 | from N | text RE-1001
            payment P2 | 2025-01-25 | -800.00 | from N | code RRTN
            """, is: "P1 review NUMBER-OVER RE-1001 750.00\nP2 review RETURN"),
        Case(
            "one that settled and one that waits fit equally",
            """
            invoice RE-1001 | C1 | 90.00 | 2025-01-10
            payment P1 | 2025-01-18 | 90.00 | from N | account DE123456 | text RE-1001
            payment P2 | 2025-01-19 | 90.00 | from N | account DE123456 | text RE-1001
            payment P3 | 2025-01-25 | -90.00 | from N | account DE123456 | text RE-1001 | code RRTN
            """, is: "P1 auto NUMBER-EXACT RE-1001 90.00\nP2 review DUPLICATE\nP3 review RETURN"),
        Case(
            "a direct debit's return takes back the direct debit",
            """
            invoice RE-1001 | C1 | 90.00 | 2025-01-10
            payment P1 | 2025-01-18 | 90.00 | from N | account DE123456 | text RE-1001 | code NTRF+166
            payment P2 | 2025-01-19 | 90.00 | from N | account DE123456 | text RE-1001 | code NDDT+171
            payment P3 | 2025-01-25 | -90.00 | from N | account DE123456 | text RE-1001 | code NRTI+109 | reverses X9
            """, is: "P1 auto NUMBER-EXACT RE-1001 90.00\nP2 review DUPLICATE\nP3 auto RETURN"),
        Case(
            "what it is named by outweighs what came from another account",
            """
            invoice RE-1001 | C1 | 90.00 | 2025-01-10
            payment P1 | 2025-01-18 | 90.00 | from N | account DE123456 | text RE-1001
            payment P2 | 2025-01-19 | 90.00 | from N | account DE999999 | text RE-1001
            payment P3 | 2025-01-25 | -90.00 | from N | account DE999999 | text RE-1001 | code RRTN
            """, is: "P1 auto NUMBER-EXACT RE-1001 90.00\nP2 review DUPLICATE\nP3 auto RETURN"),
        Case(
            "a part of it settled and the rest waits",
            """
            invoice RE-1001 | C1 | 750.00 | 2025-01-10 | open 0.00
            past P1 | 2025-01-18 | 800.00 | from N | account DE123456 | pays RE-1001 750.00 | rest 50.00
            payment P2 | 2025-01-25 | -800.00 | from N | account DE123456 | text RE-1001 | code RRTN
            """, is: "P2 auto RETURN RE-1001 -750.00"),
        Case(
            "the rest was used otherwise",
            """
            invoice RE-1001 | C1 | 750.00 | 2025-01-10 | open 0.00
            past P1 | 2025-01-18 | 800.00 | from N | account DE123456 | pays RE-1001 750.00 | rest 0.00
            payment P2 | 2025-01-25 | -800.00 | from N | account DE123456 | text RE-1001 | code RRTN
            """, is: "P2 review RETURN RE-1001 -750.00"),
        Case(
            "it goes back once",
            """
            invoice RE-1001 | C1 | 750.00 | 2025-01-10
            payment P1 | 2025-01-18 | 800.00 | from N | account DE123456 | text RE-1001
            payment P2 | 2025-01-25 | -800.00 | from N | account DE123456 | text RE-1001 | code RRTN
            payment P3 | 2025-01-26 | -800.00 | from N | account DE123456 | text RE-1001 | code RRTN
            """, is: "P1 review NUMBER-OVER RE-1001 750.00\nP2 auto RETURN\nP3 review RETURN RE-1001 -800.00"),
    ]

    @Test("A return takes back what waits, where exactly one payment can be meant", arguments: waiting)
    func takesBackWaiting(_ example: Case) {
        #expect(Notation(Self.customers + example.books).outcome == example.outcome)
    }

    @Test("A return reopens exactly what its payment settled", arguments: returns)
    func takesBack(_ example: Case) {
        #expect(Notation(Self.customers + example.books).outcome == example.outcome)
    }

    static let refunds = [
        Case(
            "a credit note it names, in full",
            """
            credit CN-2025-7 | C1 | -30.00 | 2025-01-12
            payment P1 | 2025-02-01 | -30.00 | from Nordwind Logistik GmbH | text Erstattung CN-2025-7
            """, is: "P1 auto REFUND CN-2025-7 -30.00"),
        Case(
            "to somebody who is not the credit note's customer",
            """
            credit CN-2025-7 | C1 | -30.00 | 2025-01-12
            payment P1 | 2025-02-01 | -30.00 | from Ostsee Handel AG | text Erstattung CN-2025-7
            """, is: "P1 review REFUND"),
        Case(
            "to a customer, without saying what for",
            """
            credit CN-2025-7 | C1 | -30.00 | 2025-01-12
            payment P1 | 2025-02-01 | -30.00 | from Nordwind Logistik GmbH | text Gutschrift
            """, is: "P1 review REFUND CN-2025-7 -30.00"),
        Case(
            "the second payment of an invoice, named",
            """
            invoice RE-1001 | C1 | 119.00 | 2025-01-10
            payment P1 | 2025-02-01 | 119.00 | from Nordwind Logistik GmbH | text RE-1001
            payment P2 | 2025-02-03 | 119.00 | from Nordwind Logistik GmbH | text RE-1001
            payment P3 | 2025-02-10 | -119.00 | from Nordwind Logistik GmbH | text Erstattung RE-1001
            payment P4 | 2025-02-11 | -119.00 | from Nordwind Logistik GmbH | text Erstattung RE-1001
            """,
            is: "P1 auto NUMBER-EXACT RE-1001 119.00\nP2 review DUPLICATE\nP3 auto REFUND\nP4 review REFUND"),
        Case(
            "to nobody that is a customer",
            """
            credit CN-2025-7 | C1 | -30.00 | 2025-01-12
            payment P1 | 2025-02-01 | -30.00 | from Stadtwerke | text Strom Februar
            """, is: "P1 not_receivable UNRELATED"),
    ]

    @Test("A refund consumes the credit it names", arguments: refunds)
    func paysOut(_ example: Case) {
        #expect(Notation(Self.customers + example.books).outcome == example.outcome)
    }
}
