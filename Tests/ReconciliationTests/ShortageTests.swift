// SPDX-License-Identifier: Apache-2.0

import Documents
import Reconciliation
import Testing

/// Less than an item asks for: what was seen before says whether it is a tax, a fee or a part.
struct ShortageTests {
    static let customers = "customer C1 | Nordwind Logistik GmbH | no 10001 | account DE02 1203\n"

    static let shortages = [
        Case(
            "a share withheld for the first time is a person's to say, the second time it is known",
            """
            invoice RE-1001 | C1 | 1000.00 | 2025-01-10
            invoice RE-1002 | C1 | 437.20 | 2025-01-12
            payment P1 | 2025-02-01 | 850.00 | from Nordwind Logistik GmbH | text RE-1001
            payment P2 | 2025-02-03 | 371.62 | from Nordwind Logistik GmbH | text RE-1002
            """,
            is: "P1 auto NUMBER-WITHHOLDING RE-1001 850.00 RE-1001 withholding 150.00\n"
                + "P2 auto NUMBER-WITHHOLDING RE-1002 371.62 RE-1002 withholding 65.58"),
        Case(
            "terms are kept on the day on which the bank had the money",
            """
            invoice RE-1001 | C1 | 1000.00 | 2025-01-10 | discount 2% 2025-01-20
            payment P1 | 2025-01-28 | 980.00 | from Anybody | text RE-1001 | valued 2025-01-20
            """, is: "P1 auto NUMBER-DISCOUNT RE-1001 980.00 RE-1001 discount 20.00"),
        Case(
            "alone, why something is missing is a person's to say",
            """
            invoice RE-1001 | C1 | 1000.00 | 2025-01-10
            payment P1 | 2025-02-01 | 850.00 | from Nordwind Logistik GmbH | text RE-1001
            """, is: "P1 review NUMBER-PART RE-1001 850.00"),
        Case(
            "a payer who says instalment pays one",
            """
            invoice RE-1001 | C1 | 1000.00 | 2025-01-10
            payment P1 | 2025-02-01 | 850.00 | from Nordwind Logistik GmbH | text Rate 1/2 RE-1001
            """, is: "P1 auto NUMBER-PART RE-1001 850.00"),
        Case(
            "what looks like a bank's fee needs two earlier ones",
            """
            invoice RE-1001 | C1 | 1000.00 | 2025-01-10
            payment P1 | 2025-02-01 | 988.00 | from Nordwind Logistik GmbH | text RE-1001
            """, is: "P1 review NUMBER-PART RE-1001 988.00"),
        Case(
            "fees seen before this run",
            """
            invoice RE-0901 | C1 | 700.00 | 2025-01-01 | open 0.00
            invoice RE-0902 | C1 | 300.00 | 2025-01-01 | open 0.00
            invoice RE-1001 | C1 | 1000.00 | 2025-01-10
            past P8 | 2025-01-20 | 690.00 | from Nordwind | pays RE-0901 690.00 | fee RE-0901 10.00
            past P9 | 2025-01-21 | 285.00 | from Nordwind | pays RE-0902 285.00 | fee RE-0902 15.00
            payment P1 | 2025-02-01 | 988.00 | from Nordwind Logistik GmbH | text RE-1001
            """, is: "P1 auto NUMBER-FEE RE-1001 988.00 RE-1001 fee 12.00"),
        Case(
            "a text that was cut in its list may have named more",
            """
            invoice 25032600253 | C1 | 8974.03 | 2025-01-10
            payment P1 | 2025-02-01 | 7782.73 | from Nordwind Logistik GmbH | text Fra 25032600253 un
            """, is: "P1 review NUMBER-PART 25032600253 7782.73"),
        Case(
            "what a provider kept of its charges says nothing about the customer's bank",
            """
            invoice RE-0901 | C1 | 700.00 | 2025-01-01 | open 0.00
            invoice RE-0902 | C1 | 300.00 | 2025-01-01 | open 0.00
            invoice RE-1001 | C1 | 1000.00 | 2025-01-10
            past P8 | 2025-01-20 | 690.00 | from STRIPE PAYMENTS | pays RE-0901 690.00 | fee RE-0901 10.00
            past P9 | 2025-01-21 | 285.00 | from STRIPE PAYMENTS | pays RE-0902 285.00 | fee RE-0902 15.00
            payment P1 | 2025-02-01 | 988.00 | from Nordwind Logistik GmbH | text RE-1001
            """, is: "P1 review NUMBER-PART RE-1001 988.00"),
        Case(
            "an open credit note worth what the customer's bank kept before explains no better than a fee",
            """
            invoice RE-0901 | C1 | 700.00 | 2025-01-01 | open 0.00
            invoice RE-1001 | C1 | 1000.00 | 2025-01-10
            credit CN-7 | C1 | -12.00 | 2025-01-20
            past P8 | 2025-01-20 | 690.00 | from Nordwind | pays RE-0901 690.00 | fee RE-0901 10.00
            payment P1 | 2025-02-01 | 988.00 | from Nordwind Logistik GmbH | text RE-1001
            """, is: "P1 review AMBIGUOUS RE-1001 1000.00 CN-7 -12.00"),
        Case(
            "a fee that was learned last tells of the payments before it, too",
            """
            invoice RE-1001 | C1 | 1000.00 | 2025-01-10
            invoice RE-1002 | C1 | 700.00 | 2025-01-10
            invoice RE-1003 | C1 | 500.00 | 2025-01-10
            payment P1 | 2025-02-01 | 988.00 | from Nordwind Logistik GmbH | text RE-1001
            payment P2 | 2025-02-02 | 690.00 | from Nordwind Logistik GmbH | text RE-1002
            payment P3 | 2025-02-03 | 485.00 | from Nordwind Logistik GmbH | text RE-1003
            """,
            is: "P1 auto NUMBER-FEE RE-1001 988.00 RE-1001 fee 12.00\n"
                + "P2 auto NUMBER-FEE RE-1002 690.00 RE-1002 fee 10.00\n"
                + "P3 auto NUMBER-FEE RE-1003 485.00 RE-1003 fee 15.00"),
        Case(
            "the payer and the usual share, without a word",
            """
            invoice RE-0901 | C1 | 700.00 | 2025-01-01 | open 0.00
            invoice RE-0902 | C1 | 300.00 | 2025-01-01 | open 0.00
            invoice RE-1001 | C1 | 1234.00 | 2025-01-10
            invoice RE-1002 | C1 | 1240.00 | 2025-01-10
            past P8 | 2025-01-20 | 595.00 | from Nordwind | pays RE-0901 595.00 | withholding RE-0901 105.00
            past P9 | 2025-01-21 | 255.00 | from Nordwind | pays RE-0902 255.00 | withholding RE-0902 45.00
            payment P1 | 2025-02-01 | 1048.90 | from Nordwind Logistik GmbH | account DE021203
            """, is: "P1 auto PAYER-WITHHOLDING RE-1001 1048.90 RE-1001 withholding 185.10"),
        Case(
            "late and above the policy's limit",
            """
            invoice RE-1001 | C1 | 9000.00 | 2025-01-10 | discount 2% 2025-01-20
            payment P1 | 2025-02-10 | 8820.00 | from Anybody | text RE-1001
            """, is: "P1 review NUMBER-DISCOUNT-LATE RE-1001 8820.00"),
        Case(
            "much too late",
            """
            invoice RE-1001 | C1 | 1000.00 | 2025-01-10 | discount 2% 2025-01-20
            payment P1 | 2025-03-10 | 980.00 | from Anybody | text RE-1001
            """, is: "P1 review NUMBER-DISCOUNT-LATE RE-1001 980.00"),
        Case(
            "what a credit note left, less the terms' share of it",
            """
            invoice RE-1001 | C1 | 1210.00 | 2025-01-10 | discount 2% 2025-01-20 | open 1089.00
            payment P1 | 2025-01-18 | 1067.22 | from Nordwind Logistik GmbH | text RE-1001
            """, is: "P1 review NUMBER-PART RE-1001 1067.22 RE-1001 discount 21.78"),
        Case(
            "fifteen per cent of the net amount for the second time",
            """
            invoice RE-1001 | C1 | 1210.00 | 2025-01-10
            invoice RE-1002 | C1 | 2420.00 | 2025-01-20
            payment P1 | 2025-02-01 | 1060.00 | from Nordwind Logistik GmbH | text RE-1001
            payment P2 | 2025-02-08 | 2120.00 | from Nordwind Logistik GmbH | text RE-1002
            """,
            is: """
                P1 auto NUMBER-PART RE-1001 1060.00
                P2 review NUMBER-PART RE-1002 2120.00
                """),
        Case(
            "a difference that is neither round nor a rate is a part",
            """
            invoice RE-1001 | C1 | 1000.00 | 2025-01-10
            payment P1 | 2025-02-01 | 612.34 | from Nordwind Logistik GmbH | text RE-1001
            """, is: "P1 auto NUMBER-PART RE-1001 612.34"),
    ]

    @Test("A shortage is explained by what was seen before, or left to a person", arguments: shortages)
    func shortage(_ example: Case) {
        #expect(Notation(Self.customers + example.books).outcome == example.outcome)
    }

    static let applied = [
        Case(
            "an unexplained shortage",
            """
            invoice RE-1001 | C1 | 1000.00 | 2025-01-10
            payment P1 | 2025-02-01 | 850.00 | from Nordwind Logistik GmbH | text RE-1001
            """, is: "P1 auto NUMBER-PART RE-1001 850.00"),
        Case(
            "a discount that nobody granted",
            """
            invoice RE-1001 | C1 | 1000.00 | 2025-01-10 | discount 2% 2025-01-20
            payment P1 | 2025-03-10 | 980.00 | from Anybody | text RE-1001
            """, is: "P1 auto NUMBER-DISCOUNT-LATE RE-1001 980.00"),
        Case(
            "what others of the run explain is still explained",
            """
            invoice RE-1001 | C1 | 1000.00 | 2025-01-10
            invoice RE-1002 | C1 | 437.20 | 2025-01-12
            payment P1 | 2025-02-01 | 850.00 | from Nordwind Logistik GmbH | text RE-1001
            payment P2 | 2025-02-03 | 371.62 | from Nordwind Logistik GmbH | text RE-1002
            """,
            is: "P1 auto NUMBER-WITHHOLDING RE-1001 850.00 RE-1001 withholding 150.00\n"
                + "P2 auto NUMBER-WITHHOLDING RE-1002 371.62 RE-1002 withholding 65.58"),
    ]

    @Test("Where a company says so, the cash of a named item is applied and the rest stays open", arguments: applied)
    func appliesUnexplained(_ example: Case) {
        var books = Notation(Self.customers + example.books)
        books.policy.appliesUnexplained = true
        #expect(books.outcome == example.outcome)
    }

    @Test("A late discount is granted up to the company's limit, and not above")
    func lateDiscountLimit() {
        var books = Notation(
            """
            customer C1 | Nordwind Logistik GmbH
            invoice RE-1001 | C1 | 1000.00 | 2025-01-10 | discount 2% 2025-01-20
            payment P1 | 2025-02-10 | 980.00 | from Anybody | text RE-1001
            """)
        books.policy.lateDiscountMax = 2_000
        #expect(books.outcome == "P1 auto NUMBER-DISCOUNT-LATE RE-1001 980.00 RE-1001 discount 20.00")
        books.policy.lateDiscountMax = 1_999
        #expect(books.outcome == "P1 review NUMBER-DISCOUNT-LATE RE-1001 980.00")
    }

    @Test("What waits offers both ways: with the difference given up, and without")
    func bothWays() throws {
        let books =
            Self.customers + """
                invoice RE-1001 | C1 | 1000.00 | 2025-01-10
                payment P1 | 2025-02-01 | 850.00 | from Nordwind Logistik GmbH | text RE-1001
                """
        let decision = try #require(Notation(books).decide().first)
        #expect(decision.alternatives.map { $0.lines.map(\.adjustment) } == [[0], [0, 15_000]])
        #expect(decision.alternatives.last?.lines.last?.reason == .withholding)
    }

    static let sets = [
        Case(
            "two open items make the sum",
            """
            invoice RE-1001 | C1 | 437.22 | 2025-01-10
            invoice RE-1002 | C1 | 456.70 | 2025-01-14
            invoice RE-1003 | C1 | 1219.31 | 2025-01-15
            payment P1 | 2025-03-01 | 893.92 | from Nordwind Logistik GmbH | text See remittance advice
            """, is: "P1 auto PAYER-SET RE-1001 437.22 RE-1002 456.70"),
        Case(
            "two sets make it: nobody guesses",
            """
            invoice RE-1001 | C1 | 437.22 | 2025-01-10
            invoice RE-1002 | C1 | 456.70 | 2025-01-14
            invoice RE-1003 | C1 | 456.70 | 2025-01-15
            payment P1 | 2025-03-01 | 893.92 | from Nordwind Logistik GmbH | text See remittance advice
            """, is: "P1 review AMBIGUOUS RE-1001 437.22 RE-1002 456.70"),
        Case(
            "round amounts come to a round sum too easily",
            """
            invoice RE-1001 | C1 | 170.00 | 2025-01-10
            invoice RE-1002 | C1 | 71.00 | 2025-01-14
            invoice RE-1003 | C1 | 1219.31 | 2025-01-15
            payment P1 | 2025-03-01 | 241.00 | from Nordwind Logistik GmbH
            """, is: "P1 review AMBIGUOUS RE-1001 170.00 RE-1002 71.00"),
        Case(
            "all open items and the open credit note",
            """
            invoice RE-1001 | C1 | 279.14 | 2025-01-10
            invoice RE-1002 | C1 | 332.57 | 2025-01-14
            credit CN-7 | C1 | -52.08 | 2025-01-12
            payment P1 | 2025-03-01 | 559.63 | from Nordwind Logistik GmbH | text Avis
            """, is: "P1 auto PAYER-SET CN-7 -52.08 RE-1001 279.14 RE-1002 332.57"),
        Case(
            "an invoice that its credit note takes off whole is no part of what is paid",
            """
            invoice RE-1001 | C1 | 279.14 | 2025-01-10
            invoice RE-1002 | C1 | 332.57 | 2025-01-14
            invoice RE-1003 | C1 | 708.21 | 2025-01-16
            credit CN-7 | C1 | -708.21 | 2025-01-18 | corrects RE-1003
            payment P1 | 2025-03-01 | 611.71 | from Nordwind Logistik GmbH | text Avis
            """, is: "P1 auto PAYER-SET RE-1001 279.14 RE-1002 332.57"),
        Case(
            "a list that the bank cut",
            """
            invoice RE-1001 | C1 | 413.07 | 2025-01-10
            invoice RE-1002 | C1 | 644.66 | 2025-01-14
            invoice RE-1003 | C1 | 595.13 | 2025-01-15
            payment P1 | 2025-03-01 | 1652.86 | from Nordwind Logistik GmbH | text RG RE-1001, RE-1002,
            """, is: "P1 auto NUMBERS-COMPLETED RE-1001 413.07 RE-1002 644.66 RE-1003 595.13"),
    ]

    @Test("Sets are found within a budget, and believed only where they are the one answer", arguments: sets)
    func set(_ example: Case) {
        #expect(Notation(Self.customers + example.books).outcome == example.outcome)
    }

    static let exchanges = [
        Case(
            "a named item within the band of a rate with a source",
            """
            invoice RE-1001 | C1 | 1000.00 | 2025-01-10 | currency USD
            rate USD | EUR | 2025-02-01 | 0.90
            payment P1 | 2025-02-02 | 905.00 | from Nordwind Logistik GmbH | text RE-1001
            """, is: "P1 auto NUMBER-RATE RE-1001 exchange 1000.00"),
        Case(
            "nobody gives up two per cent unasked",
            """
            invoice RE-1001 | C1 | 1000.00 | 2025-01-10 | currency USD
            rate USD | EUR | 2025-02-01 | 0.90
            payment P1 | 2025-02-02 | 882.00 | from Nordwind Logistik GmbH | text RE-1001
            """, is: "P1 review OTHER-CURRENCY RE-1001 exchange 1000.00"),
        Case(
            "outside the band",
            """
            invoice RE-1001 | C1 | 1000.00 | 2025-01-10 | currency USD
            rate USD | EUR | 2025-02-01 | 0.90
            payment P1 | 2025-02-02 | 800.00 | from Nordwind Logistik GmbH | text RE-1001
            """, is: "P1 review OTHER-CURRENCY RE-1001 exchange 1000.00"),
        Case(
            "ordered in the item's currency, without a word",
            """
            invoice RE-1001 | C1 | 1033.17 | 2025-01-10 | currency USD
            payment P1 | 2025-02-02 | 905.00 | from Nordwind Logistik GmbH | account DE021203 | ordered 1033.17 USD
            """, is: "P1 auto ORDERED-AMOUNT RE-1001 exchange 1033.17"),
    ]

    @Test("Another currency needs a rate with its source", arguments: exchanges)
    func exchange(_ example: Case) {
        #expect(Notation(Self.customers + example.books).outcome == example.outcome)
    }

    static let payouts = [
        Case(
            "every charge by its own reference, the fee apart",
            """
            invoice RE-1001 | C1 | 119.00 | 2025-01-01
            invoice RE-1002 | C1 | 80.50 | 2025-01-02
            charge po_1 | 2025-01-09 | 119.00 | fee 2.00 | for RE-1001 | by Nordwind Logistik GmbH
            charge po_1 | 2025-01-09 | 80.50 | fee 1.50 | for ord_4711 | by Nordwind Logistik GmbH
            payment P1 | 2025-01-10 | 196.00 | from STRIPE PAYMENTS EUROPE | text STRIPE PAYOUT po_1
            """,
            is: "P1 auto PROVIDER-PAYOUT RE-1002 79.00 RE-1002 fee 1.50 RE-1001 117.00 RE-1001 fee 2.00"),
        Case(
            "a fee in a line of its own is shared out over the charges",
            """
            invoice RE-1001 | C1 | 100.00 | 2025-01-01
            invoice RE-1002 | C1 | 200.00 | 2025-01-02
            charge po_1 | 2025-01-09 | 100.00 | for RE-1001 | by Nordwind Logistik GmbH
            charge po_1 | 2025-01-09 | 200.00 | for RE-1002 | by Nordwind Logistik GmbH
            charge po_1 | 2025-01-09 | -4.00 | kind fee
            payment P1 | 2025-01-10 | 296.00 | from MOLLIE PAYMENTS | text MOLLIE PAYOUT po_1
            """,
            is: "P1 auto PROVIDER-PAYOUT RE-1001 98.67 RE-1001 fee 1.33 RE-1002 197.33 RE-1002 fee 2.67"),
        Case(
            "no line is here: what the text names is proposed",
            """
            invoice RE-1001 | C1 | 119.00 | 2025-01-01
            payment P1 | 2025-01-10 | 119.00 | from PAYPAL EUROPE | text Nordwind Logistik RE-1001
            payment P2 | 2025-01-11 | 119.00 | from Nordwind Logistik GmbH
            payment P3 | 2025-01-12 | 80.00 | from PAYPAL EUROPE | text PAYOUT 4711
            """,
            is: "P1 review PROVIDER-PAYOUT RE-1001 119.00\nP2 review WEAK RE-1001 119.00\nP3 none PROVIDER-PAYOUT"),
        Case(
            "the lines do not come to the payout",
            """
            invoice RE-1001 | C1 | 119.00 | 2025-01-01
            charge po_1 | 2025-01-09 | 119.00 | fee 2.00 | for RE-1001 | by Nordwind Logistik GmbH
            payment P1 | 2025-01-10 | 116.00 | from STRIPE PAYMENTS EUROPE | text STRIPE PAYOUT po_1
            """, is: "P1 review PROVIDER-PAYOUT"),
        Case(
            "one charge is nobody's: a person sees them all",
            """
            invoice RE-1001 | C1 | 119.00 | 2025-01-01
            charge po_1 | 2025-01-09 | 119.00 | fee 2.00 | for RE-1001 | by Nordwind Logistik GmbH
            charge po_1 | 2025-01-09 | 33.00 | fee 1.00 | for ord_1 | by Somebody Else
            payment P1 | 2025-01-10 | 149.00 | from STRIPE PAYMENTS EUROPE | text STRIPE PAYOUT po_1
            """, is: "P1 review PROVIDER-PAYOUT RE-1001 117.00 RE-1001 fee 2.00"),
    ]

    @Test("A payout is its charges", arguments: payouts)
    func payout(_ example: Case) {
        #expect(Notation(Self.customers + example.books).outcome == example.outcome)
    }

    @Test("What else would have fitted stands beside the decision")
    func runnerUp() throws {
        let books =
            Self.customers + """
                invoice RE-1001 | C1 | 119.00 | 2025-01-10
                invoice RE-1002 | C1 | 119.00 | 2025-01-12
                payment P1 | 2025-02-01 | 119.00 | from Nordwind Logistik GmbH | text RE-1002
                """
        let decision = try #require(Notation(books).decide().first)
        #expect(decision.verdict == .auto)
        #expect(decision.evidence.contains { $0.code == "ALSO-FITS" && $0.itemID == "RE-1001" && $0.bits < 0 })
    }
}
