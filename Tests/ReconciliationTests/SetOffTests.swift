// SPDX-License-Identifier: Apache-2.0

import Documents
import Reconciliation
import Testing

/// What customers take off by their own account, pay ahead and pay too much, and what a bank takes back with its charge.
struct SetOffTests {
    static let discounts = [
        Case(
            "taken off the net amount where the terms mean the gross one",
            """
            invoice RE-1001 | C1 | 2420.00 | 2025-01-02 | discount 2% 2025-01-12
            payment P1 | 2025-01-10 | 2380.00 | from Nordwind Logistik GmbH | text RE-1001 abzgl. 2% Skonto
            """, is: "P1 review NUMBER-PART RE-1001 2380.00 RE-1001 discount 40.00"),
        Case(
            "more than the terms grant",
            """
            invoice RE-1001 | C1 | 2420.00 | 2025-01-02 | discount 2% 2025-01-12
            payment P1 | 2025-01-10 | 2360.00 | from Nordwind Logistik GmbH | text RE-1001 abzgl. 2% Skonto
            """, is: "P1 review WEAK RE-1001 2360.00"),
        Case(
            "after its last day",
            """
            invoice RE-1001 | C1 | 2420.00 | 2025-01-02 | discount 2% 2025-01-12
            payment P1 | 2025-02-10 | 2380.00 | from Nordwind Logistik GmbH | text RE-1001 abzgl. 2% Skonto
            """, is: "P1 review WEAK RE-1001 2380.00"),
        Case(
            "where the text speaks of no discount, it is a part",
            """
            invoice RE-1001 | C1 | 2420.00 | 2025-01-02 | discount 2% 2025-01-12
            payment P1 | 2025-01-10 | 2380.00 | from Nordwind Logistik GmbH | text RE-1001
            """, is: "P1 auto NUMBER-PART RE-1001 2380.00"),
    ]

    @Test("Less discount than the terms grant is proposed as that", arguments: discounts)
    func discount(_ example: Case) {
        #expect(Notation(OutgoingRulesTests.customers + example.books).outcome == example.outcome)
    }

    private static let overpaid = """
        invoice RE-1001 | C1 | 400.40 | 2025-05-03 | open 0.00
        invoice RE-1002 | C1 | 350.20 | 2025-05-13
        past OV | 2025-06-17 | 500.40 | from Nordwind Logistik GmbH | text RE-1001 | pays RE-1001 400.40 | rest 100.00
        payment OV | 2025-06-17 | 100.00 | from Nordwind Logistik GmbH | text RE-1001 | part

        """

    static let setOffs = [
        Case(
            "the part is booked, and the rest of the earlier payment is proposed for what it leaves open",
            overpaid
                + "payment SH | 2025-06-19 | 250.20 | from Nordwind Logistik GmbH | text RE-1002 minus 100 zu viel gezahlt",
            is: "OV review CLOSED-ITEM RE-1002 100.00\nSH auto NUMBER-PART RE-1002 250.20"),
        Case(
            "a rest that looks like a bank's fee",
            """
            invoice RE-1001 | C1 | 400.40 | 2025-05-03 | open 0.00
            invoice RE-1002 | C1 | 350.20 | 2025-05-13
            past OV | 2025-06-17 | 415.40 | from Nordwind Logistik GmbH | text RE-1001 | pays RE-1001 400.40 | rest 15.00
            payment OV | 2025-06-17 | 15.00 | from Nordwind Logistik GmbH | text RE-1001 | part
            payment SH | 2025-06-19 | 335.20 | from Nordwind Logistik GmbH | text RE-1002
            """, is: "OV review CLOSED-ITEM RE-1002 15.00\nSH auto NUMBER-PART RE-1002 335.20"),
        Case(
            "what is left fits nothing",
            overpaid
                + "payment SH | 2025-06-19 | 260.20 | from Nordwind Logistik GmbH | text RE-1002 minus 90 zu viel gezahlt",
            is: "OV review CLOSED-ITEM\nSH auto NUMBER-PART RE-1002 260.20"),
        Case(
            "another customer's rest",
            overpaid
                + "invoice RE-1003 | C2 | 350.20 | 2025-05-13\n"
                + "payment SH | 2025-06-19 | 250.20 | from Ostsee Handel AG | text RE-1003",
            is: "OV review CLOSED-ITEM\nSH auto NUMBER-PART RE-1003 250.20"),
    ]

    @Test("What was paid too much before is set off later", arguments: setOffs)
    func setOff(_ example: Case) {
        #expect(Notation(OutgoingRulesTests.customers + example.books).outcome == example.outcome)
    }

    @Test("A part says that as much is left of an earlier payment")
    func saysRest() throws {
        let books = Self.overpaid + "payment SH | 2025-06-19 | 250.20 | from Nordwind Logistik GmbH | text RE-1002"
        let decided = Notation(OutgoingRulesTests.customers + books).decide()
        let part = try #require(decided.first { $0.paymentID == "SH" })
        #expect(part.sentence.hasSuffix("100.00 EUR stays open. As much is left of payment OV of 2025-06-17."))
        let rest = try #require(decided.first { $0.paymentID == "OV" })
        #expect(
            rest.sentence.contains(
                "500.40 EUR is more than RE-1001 asked for, which it settled, and what is left of the payment is what is open of "
                    + "another"),
            "\(rest.sentence)")
    }

    static let ahead = [
        Case(
            "an invoice that asks for just that",
            """
            payment P1 | 2025-02-18 | 150.45 | from Nordwind Logistik GmbH | account DE021203 | text Vorauszahlung
            invoice RE-1009 | C1 | 150.45 | 2025-02-20
            """, is: "P1 review NO-EVIDENCE RE-1009 150.45"),
        Case(
            "an invoice that takes just that off",
            """
            payment P1 | 2025-02-18 | 200.45 | from Nordwind Logistik GmbH | account DE021203 | text Vorauszahlung
            invoice RE-1009 | C1 | 800.00 | 2025-02-20 | prepaid 200.45
            """, is: "P1 review PREPAID-ADVANCE RE-1009 prepaid -200.45"),
        Case(
            "issued long after it",
            """
            payment P1 | 2025-02-18 | 150.45 | from Nordwind Logistik GmbH | account DE021203 | text Vorauszahlung
            invoice RE-1009 | C1 | 150.45 | 2025-05-20
            """, is: "P1 review NO-EVIDENCE"),
        Case(
            "another customer's",
            """
            payment P1 | 2025-02-18 | 150.45 | from Nordwind Logistik GmbH | account DE021203 | text Vorauszahlung
            invoice RE-1009 | C2 | 150.45 | 2025-02-20
            """, is: "P1 review NO-EVIDENCE"),
        Case(
            "what names the invoice later is its payment",
            """
            payment P1 | 2025-02-18 | 150.45 | from Nordwind Logistik GmbH | account DE021203 | text Vorauszahlung
            payment P2 | 2025-03-15 | 150.45 | from Nordwind Logistik GmbH | account DE021203 | text RE-1009
            invoice RE-1009 | C1 | 150.45 | 2025-02-20
            """, is: "P1 review NO-EVIDENCE\nP2 auto NUMBER-EXACT RE-1009 150.45"),
        Case(
            "the text names another month",
            """
            payment P1 | 2025-01-28 | 150.45 | from Nordwind Logistik GmbH | account DE021203 | text Miete Dezember 2024
            invoice RE-1009 | C1 | 150.45 | 2025-02-20
            """, is: "P1 review NO-EVIDENCE"),
    ]

    @Test("Money that came before its invoice, without a number, is proposed for it", arguments: ahead)
    func paidAhead(_ example: Case) {
        #expect(Notation(OutgoingRulesTests.customers + example.books).outcome == example.outcome)
    }

    private static let debit = """
        invoice RE-2003 | C1 | 415.00 | 2025-02-02
        payment K3 | 2025-02-17 | 415.00 | from Nordwind Logistik GmbH | account DE021203 | end-to-end H-7700 | text RE-2003

        """

    static let charges = [
        Case(
            "ordered as less, by its id",
            debit
                + "payment R3 | 2025-02-18 | -419.50 | from N | end-to-end H-7700 | code UPDD | ordered -415.00 EUR",
            is: "R3 auto RETURN RE-2003 -415.00 RE-2003 return_charge 4.50"),
        Case(
            "a charge that is stated, by its account",
            debit
                + "payment R3 | 2025-02-18 | -419.50 | from N | account DE021203 | code UPDD | stated 0 0 0 4.50",
            is: "R3 auto RETURN RE-2003 -415.00 RE-2003 return_charge 4.50"),
        Case(
            "a transfer with the same id, which the bank takes back like a debit",
            debit
                + "payment R3 | 2025-02-18 | -419.50 | from N | account DE021203 | end-to-end H-7700 | code UPDD | ordered -415.00 EUR",
            is: "R3 auto RETURN RE-2003 -415.00 RE-2003 return_charge 4.50"),
        Case(
            "two statements that differ",
            debit
                + "payment R3 | 2025-02-18 | -419.50 | from N | account DE021203 | code UPDD | ordered -415.00 EUR | stated 0 0 0 3.00",
            is: "R3 review RETURN RE-2003 -415.00"),
        Case(
            "nothing came of what is stated",
            debit
                + "payment R3 | 2025-02-18 | -419.50 | from N | account DE021203 | code UPDD | ordered -410.00 EUR",
            is: "R3 review RETURN RE-2003 -415.00"),
        Case(
            "nobody says that it is a return",
            debit + "payment R3 | 2025-02-18 | -419.50 | from N | account DE021203 | ordered -415.00 EUR",
            is: "R3 review REFUND"),
    ]

    @Test("A return with the charge that the bank states is booked with it", arguments: charges)
    func statedCharge(_ example: Case) {
        let outcome = Notation(OutgoingRulesTests.customers + example.books).outcome
        #expect(outcome == "K3 auto NUMBER-EXACT RE-2003 415.00\n" + example.outcome)
    }

    @Test("A refund says what it pays back: a payment that settled nothing, or what is left of one")
    func refunds() throws {
        func sentence(_ text: String) throws -> String {
            let books =
                Self.overpaid + "payment RF | 2025-06-25 | -100.00 | from Nordwind Logistik GmbH | text \(text)"
            return try #require(
                Notation(OutgoingRulesTests.customers + books).decide().first { $0.paymentID == "RF" }
            ).sentence
        }
        #expect(
            try sentence("Erstattung RE-1001")
                == "100.00 EUR went back to Nordwind Logistik GmbH: it pays back what was left of payment OV of 2025-06-17."
        )
        #expect(
            try sentence("Erstattung")
                == "100.00 EUR went out to Nordwind Logistik GmbH. It does not say what it refunds; it may pay back what was "
                + "left of payment OV of 2025-06-17.")
    }

    private static let others = """
        customer C3 | Stone Bakery Ltd
        customer C4 | Nets Oy
        customer C5 | Mollie B.V.
        invoice RE-1001 | C1 | 119.00 | 2025-01-02
        invoice RE-1003 | C3 | 219.00 | 2025-01-02
        invoice RE-1004 | C4 | 319.00 | 2025-01-02
        invoice RE-1005 | C5 | 419.00 | 2025-01-02
        charge po_1 | 2025-01-09 | 119.00 | fee 2.00 | for RE-1001

        """

    static let providers = [
        Case(
            "who holds the money for one",
            "payment P1 | 2025-01-12 | 117.00 | from Stichting Mollie Payments | text po_1",
            is: "P1 auto PROVIDER-PAYOUT RE-1001 117.00 RE-1001 fee 2.00"),
        Case(
            "one that is a customer, too, by its report",
            "payment P1 | 2025-01-12 | 117.00 | from Mollie B.V. | text po_1",
            is: "P1 auto PROVIDER-PAYOUT RE-1001 117.00 RE-1001 fee 2.00"),
        Case(
            "one that is a customer, too, and names its invoice",
            "payment P1 | 2025-01-12 | 419.00 | from Mollie B.V. | text RE-1005",
            is: "P1 auto NUMBER-EXACT RE-1005 419.00"),
        Case(
            "one that is a customer, too, and names nothing",
            "payment P1 | 2025-01-12 | 419.00 | from Mollie B.V. | text x",
            is: "P1 none PROVIDER-PAYOUT"),
        Case(
            "a customer with a provider's word in its name",
            "payment P1 | 2025-01-12 | 219.00 | from STONE BAKERY LTD | text x",
            is: "P1 auto PAYER-AMOUNT RE-1003 219.00"),
        Case(
            "a customer with a provider's whole name", "payment P1 | 2025-01-12 | 319.00 | from Nets Oy | text x",
            is: "P1 auto PAYER-AMOUNT RE-1004 319.00"),
        Case(
            "nobody's customer with such a word", "payment P1 | 2025-01-12 | 119.00 | from Stone Masons | text RE-1001",
            is: "P1 auto NUMBER-EXACT RE-1001 119.00"),
        Case(
            "the provider of that word", "payment P1 | 2025-01-12 | 117.00 | from STONE PAGAMENTOS S.A. | text po_1",
            is: "P1 auto PROVIDER-PAYOUT RE-1001 117.00 RE-1001 fee 2.00"),
    ]

    @Test("A provider is known by its name, and a customer who has one pays what it owes", arguments: providers)
    func provider(_ example: Case) {
        #expect(Notation(OutgoingRulesTests.customers + Self.others + example.books).outcome == example.outcome)
    }

    private static func settled(_ book: String, _ payout: String = "po_1") -> String {
        """
        invoice RE-1001 | C1 | 119.00 | 2025-01-02
        invoice RE-1002 | C2 | 219.00 | 2025-01-02
        charge \(payout) | 2025-01-09 | 119.00 | fee 2.00 | for RE-1001 | book \(book)
        charge \(payout) | 2025-01-09 | 219.00 | fee 3.00 | for RE-1002 | book \(book)

        """
    }

    /// A bank entry of just the payout's sum that names no payout, by the name that it bears and the book that it is in.
    private static func paidOut(_ name: String, _ book: String, _ outcome: String) -> Case {
        Case(
            "\(name), \(book)", settled(book) + "payment P1 | 2025-01-12 | 333.00 | from \(name) | text Auszahlung",
            is: "P1 " + outcome)
    }

    private static let whole =
        "auto PROVIDER-PAYOUT RE-1001 117.00 RE-1001 fee 2.00 RE-1002 216.00 RE-1002 fee 3.00"

    static let books = [
        paidOut("Stichting Mollie Payments", "mollie", whole),
        paidOut("Stripe Technology Europe", "stripe-payouts", whole),
        paidOut("Adyen N.V.", "adyen-settlement", whole),
        paidOut("PayPal Europe S.a r.l. et Cie S.C.A.", "paypal", whole),
        paidOut("PayPal Europe S.a r.l. et Cie S.C.A.", "zettle", whole),
        paidOut("GoCardless Ltd", "gocardless", whole), paidOut("SumUp Payments", "sumup", whole),
        paidOut("Klarna Bank AB", "klarna", whole),
        paidOut("Mercado Pago Instituicao", "mercado-pago-settlement", whole),
        paidOut("Mollie B.V.", "recon-settlements", whole),
        paidOut("Banking Circle for SumUp", "sumup", whole), paidOut("Tikkie B.V.", "tikkie", whole),
        paidOut("Stripe Payments Europe", "mollie", "review PROVIDER-PAYOUT"),
        paidOut("Adyen N.V.", "stripe-payouts", "review PROVIDER-PAYOUT"),
        paidOut("Banking Circle for SumUp", "mollie", "none NO-EVIDENCE"),
        paidOut("Rapyd Europe hf.", "tikkie", "none NO-EVIDENCE"),
        paidOut("Payments of Settlements Ltd", "payments-settlement", "none NO-EVIDENCE"),
        paidOut("Granite and Stone Masons", "stone", "none NO-EVIDENCE"),
        paidOut("Nordwind Logistik GmbH", "nordwind", "review NO-EVIDENCE"),
        Case(
            "a cent less than the payout",
            settled("sumup") + "payment P1 | 2025-01-12 | 332.99 | from Banking Circle for SumUp | text x",
            is: "P1 none NO-EVIDENCE"),
        Case(
            "another provider's payout, by its id",
            settled("mollie") + "payment P1 | 2025-01-12 | 333.00 | from Stripe Payments Europe | text po_1",
            is: "P1 review PROVIDER-PAYOUT"),
        Case(
            "two of a sum, one of them its own",
            settled("mollie")
                + "charge po_2 | 2025-01-09 | 333.00 | fee 0.00 | for RE-1009 | book stripe\n"
                + "payment P1 | 2025-01-12 | 333.00 | from Stichting Mollie Payments | text x",
            is: "P1 " + whole),
        Case(
            "two of its own",
            settled("mollie")
                + "charge po_2 | 2025-01-09 | 333.00 | fee 0.00 | for RE-1009 | book mollie\n"
                + "payment P1 | 2025-01-12 | 333.00 | from Stichting Mollie Payments | text x",
            is: "P1 review PROVIDER-PAYOUT"),
        Case(
            "long after it",
            settled("tikkie") + "payment P1 | 2025-03-12 | 333.00 | from Tikkie B.V. | text x",
            is: "P1 none NO-EVIDENCE"),
    ]

    @Test("A payout is booked by its sum where its provider's name is in the payer's", arguments: books)
    func book(_ example: Case) {
        #expect(Notation(OutgoingRulesTests.customers + example.books).outcome == example.outcome)
    }

    @Test(
        "The names under which providers pay out",
        arguments: [
            "Stichting Mollie Payments", "Stripe Technology Europe Limited", "STRIPE PAYMENTS UK LTD", "Adyen N.V.",
            "PayPal (Europe) S.a r.l. et Cie, S.C.A.", "SumUp Limited", "Klarna Bank AB (publ)",
            "Stichting Derdengelden Buckaroo",
            "Nets Denmark A/S",
        ])
    func names(_ name: String) { #expect(NameSearch(name).isProvider) }

    @Test(
        "Names that only look like one",
        arguments: ["Stichting Zonnestraal", "Stone Bakery", "Nets & Ropes Ltd", "Cielo Bar"])
    func noProvider(_ name: String) { #expect(!NameSearch(name).isProvider) }
}
