// SPDX-License-Identifier: Apache-2.0

import Documents
import Reconciliation
import Testing

/// What a payment's own words name: references, numbers, lists, and the vetoes that forbid weaker evidence.
struct NamedRulesTests {
    static let customers = """
        customer C1 | Nordwind Logistik GmbH | no 10001 | account DE02 1203
        customer C2 | Ostsee Handel AG | no 10002 | account DE02 5001

        """

    static let references = [
        Case(
            "a reference in its field with the exact amount",
            """
            invoice RE-1001 | C1 | 119.00 | 2025-01-10 | ref RF18 5390 0754 7034
            payment P1 | 2025-02-01 | 119.00 | from Anybody | ref RF18539007547034
            """, is: "P1 auto REF-FIELD-EXACT RE-1001 119.00"),
        Case(
            "a reference in the text, grouped as banks group it",
            """
            invoice RE-1001 | C1 | 119.00 | 2025-01-10 | ref +++020/0000/00166+++
            payment P1 | 2025-02-01 | 119.00 | from Anybody | text Mededeling +++020/0000/00166+++
            """, is: "P1 auto REF-TEXT-EXACT RE-1001 119.00"),
        Case(
            "a padded reference is the same reference",
            """
            invoice RE-1001 | C1 | 119.00 | 2025-01-10 | ref 2010055
            payment P1 | 2025-02-01 | 119.00 | from Anybody | ref 00000000000002010055
            """, is: "P1 auto REF-FIELD-EXACT RE-1001 119.00"),
        Case(
            "a valid reference that was never issued is no evidence",
            """
            invoice RE-1001 | C1 | 119.00 | 2025-01-10 | ref RF18539007547034
            payment P1 | 2025-02-01 | 250.10 | from Anybody | ref RF85000000000000012345672
            """, is: "P1 none NO-EVIDENCE"),
        Case(
            "a reference issued twice is not a choice for the machine",
            """
            invoice RE-1001 | C1 | 119.00 | 2025-01-10 | ref 12345672
            invoice RE-1002 | C2 | 119.00 | 2025-01-10 | ref 12345672
            payment P1 | 2025-02-01 | 119.00 | from Anybody | ref 12345672
            """, is: "P1 review AMBIGUOUS RE-1001 119.00"),
    ]

    @Test("An issued reference decides, in its field or in the text", arguments: references)
    func reference(_ example: Case) {
        #expect(Notation(Self.customers + example.books).outcome == example.outcome)
    }

    static let numbers = [
        Case(
            "a full number at word boundaries",
            """
            invoice INV-2025-000123 | C1 | 119.00 | 2025-01-10
            payment P1 | 2025-02-01 | 119.00 | from Anybody | text Rg.Nr. INV-2025-000123 vom 10.01.2025
            """, is: "P1 auto NUMBER-EXACT INV-2025-000123 119.00"),
        Case(
            "a number that the bank's 27-column line cut",
            """
            invoice RE250001728 | C1 | 119.00 | 2025-01-10
            payment P1 | 2025-02-01 | 119.00 | from Anybody | text Payment for invoice RE25000 1728 Beleg 77
            """, is: "P1 auto NUMBER-EXACT RE250001728 119.00"),
        Case(
            "part of a longer number is no hit",
            """
            invoice 100410 | C1 | 119.00 | 2025-01-10
            payment P1 | 2025-02-01 | 119.00 | from Anybody | text Vertrag 99100410
            """, is: "P1 review NO-EVIDENCE 100410 119.00"),
        Case(
            "six digits that are a date are no number",
            """
            invoice 100325 | C1 | 119.00 | 2025-01-10
            payment P1 | 2025-03-12 | 119.00 | from Anybody | text Wertstellung 100325
            """, is: "P1 review WEAK 100325 119.00"),
        Case(
            "an amount in the text is no number",
            """
            invoice 1308 | C1 | 92.00 | 2025-01-10
            payment P1 | 2025-03-12 | 1308.92 | from Anybody | text Betrag 1308,92
            """, is: "P1 none NO-EVIDENCE"),
        Case(
            "an umlaut or an accent changes no number",
            """
            invoice RÉ-77-2025 | C1 | 119.00 | 2025-01-10
            payment P1 | 2025-02-01 | 119.00 | from Anybody | text Rechnung re-77-2025
            """, is: "P1 auto NUMBER-EXACT RÉ-77-2025 119.00"),
        Case(
            "instalments of one invoice: the one that is due first",
            """
            invoice RE-1005#1 | C1 | 100.00 | 2025-01-10 | due 2025-02-10
            invoice RE-1005#2 | C1 | 100.00 | 2025-01-10 | due 2025-03-10
            payment P1 | 2025-02-01 | 100.00 | from Anybody | text RE-1005 (RE-1005)
            """, is: "P1 auto NUMBER-EXACT RE-1005#1 100.00"),
        Case(
            "all instalments at once",
            """
            invoice RE-1005#1 | C1 | 100.00 | 2025-01-10 | due 2025-02-10
            invoice RE-1005#2 | C1 | 60.00 | 2025-01-10 | due 2025-03-10
            payment P1 | 2025-02-01 | 160.00 | from Anybody | text RE-1005
            """, is: "P1 auto NUMBERS-SUM RE-1005#1 100.00 RE-1005#2 60.00"),
        Case(
            "part of an invoice in instalments fills them in order",
            """
            invoice RE-1005#1 | C1 | 100.00 | 2025-01-10 | due 2025-02-10
            invoice RE-1005#2 | C1 | 60.00 | 2025-01-10 | due 2025-03-10
            payment P1 | 2025-02-01 | 130.00 | from Nordwind Logistik GmbH | text RE-1005
            """, is: "P1 auto NUMBER-PART RE-1005#1 100.00 RE-1005#2 30.00"),
        Case(
            "a number that was used in two years says nothing about equal amounts",
            """
            invoice A1 | C1 | 100.00 | 2024-01-10 | number 10041
            invoice A2 | C1 | 100.00 | 2025-01-10 | number 10041
            payment P1 | 2025-02-01 | 100.00 | from Nordwind Logistik GmbH | text Rechnung 10041
            """, is: "P1 review AMBIGUOUS A2 100.00"),
        Case(
            "the payer's account is another customer's",
            """
            invoice RE-1001 | C1 | 119.00 | 2025-01-10
            payment P1 | 2025-02-01 | 119.00 | from Ostsee | account DE025001 | text RE-1001
            """, is: "P1 review PAYER-CONFLICT RE-1001 119.00"),
        Case(
            "an item issued long after the money",
            """
            invoice RE-1001 | C1 | 119.00 | 2025-06-10
            payment P1 | 2025-02-01 | 119.00 | from Nordwind Logistik GmbH | text RE-1001
            """, is: "P1 review WEAK"),
        Case(
            "money in advance for a number that was issued a week later",
            """
            invoice RE-1001 | C1 | 119.00 | 2025-02-08
            payment P1 | 2025-02-01 | 119.00 | from Nordwind Logistik GmbH | text RE-1001
            """, is: "P1 auto NUMBER-EXACT RE-1001 119.00"),
        Case(
            "another currency needs a rate",
            """
            invoice RE-1001 | C1 | 119.00 | 2025-01-10 | currency USD
            invoice RE-1002 | C1 | 100.00 | 2025-01-10
            payment P1 | 2025-02-01 | 100.00 | from Nordwind Logistik GmbH | account DE021203 | text RE-1001
            """, is: "P1 review OTHER-CURRENCY RE-1001 exchange 119.00"),
        Case(
            "another currency forbids the amount",
            """
            invoice RE-1001 | C1 | 119.00 | 2025-01-10 | currency USD
            invoice RE-1999 | C1 | 100.00 | 2025-01-10
            payment P1 | 2025-02-01 | 100.00 | from Nordwind Logistik GmbH | account DE021203 | text RE-1001
            """, is: "P1 review OTHER-CURRENCY RE-1001 exchange 119.00"),
    ]

    @Test("A full invoice number decides where it stands by itself", arguments: numbers)
    func number(_ example: Case) {
        #expect(Notation(Self.customers + example.books).outcome == example.outcome)
    }

    static let lists = [
        Case(
            "named numbers that add up",
            """
            invoice RE-1001 | C1 | 100.00 | 2025-01-10
            invoice RE-1002 | C1 | 200.00 | 2025-01-11
            payment P1 | 2025-02-01 | 300.00 | from Nordwind Logistik GmbH | text RE-1001, RE-1002
            """, is: "P1 auto NUMBERS-SUM RE-1001 100.00 RE-1002 200.00"),
        Case(
            "a named credit note is netted",
            """
            invoice RE-1001 | C1 | 100.00 | 2025-01-10
            credit CN-7 | C1 | -30.00 | 2025-01-12
            payment P1 | 2025-02-01 | 70.00 | from Anybody | text RE-1001 ./. CN-7
            """, is: "P1 auto NUMBERS-SUM RE-1001 100.00 CN-7 -30.00"),
        Case(
            "an open credit note that nobody names makes up the difference",
            """
            invoice RE-1001 | C1 | 100.00 | 2025-01-10
            credit CN-7 | C1 | -30.00 | 2025-01-12
            payment P1 | 2025-02-01 | 70.00 | from Nordwind Logistik GmbH | text RE-1001
            """, is: "P1 auto NUMBER-CREDIT RE-1001 100.00 CN-7 -30.00"),
        Case(
            "two credit notes of that amount: nobody knows which",
            """
            invoice RE-1001 | C1 | 100.00 | 2025-01-10
            credit CN-7 | C1 | -30.00 | 2025-01-12
            credit CN-8 | C1 | -30.00 | 2025-01-12
            payment P1 | 2025-02-01 | 70.00 | from Nordwind Logistik GmbH | text RE-1001
            """, is: "P1 review AMBIGUOUS RE-1001 100.00 CN-7 -30.00"),
        Case(
            "a range of one customer's numbers",
            """
            invoice RE250001001 | C1 | 100.00 | 2025-01-10
            invoice RE250001002 | C1 | 200.00 | 2025-01-11
            invoice RE250001003 | C1 | 50.00 | 2025-01-11
            payment P1 | 2025-02-01 | 350.00 | from Anybody | text RE250001001-1003
            """, is: "P1 auto NUMBERS-SUM RE250001001 100.00 RE250001002 200.00 RE250001003 50.00"),
        Case(
            "shortened numbers behind a full one",
            """
            invoice 104130 | C1 | 100.00 | 2025-01-10
            invoice 104393 | C1 | 200.00 | 2025-01-11
            payment P1 | 2025-02-01 | 300.00 | from Nordwind Logistik GmbH | text RG 104130/393
            """, is: "P1 auto NUMBERS-SUM 104130 100.00 104393 200.00"),
        Case(
            "a full number that only begins like a shortened one",
            """
            invoice 25-08816 | C1 | 100.00 | 2025-01-10
            invoice 25-08815 | C1 | 100.00 | 2025-01-10
            invoice 25-08825 | C1 | 100.00 | 2025-01-10
            payment P1 | 2025-02-01 | 200.00 | from Nordwind Logistik GmbH | text RG 25-08816; 25-08815
            """, is: "P1 auto NUMBERS-SUM 25-08816 100.00 25-08815 100.00"),
        Case(
            "a list that does not add up is proposed, not posted",
            """
            invoice RE-1001 | C1 | 100.00 | 2025-01-10
            invoice RE-1002 | C1 | 200.00 | 2025-01-11
            payment P1 | 2025-02-01 | 290.00 | from Nordwind Logistik GmbH | text RE-1001, RE-1002
            """, is: "P1 review NUMBERS-DIFFER RE-1001 100.00 RE-1002 190.00"),
        Case(
            "another customer's item beside the payer's own is a person's",
            """
            invoice RE-1001 | C1 | 100.00 | 2025-01-10
            invoice RE-1002 | C2 | 200.00 | 2025-01-11
            payment P1 | 2025-02-01 | 300.00 | from Nordwind Logistik GmbH | text RE-1001, RE-1002
            """, is: "P1 review NUMBERS-DIFFER RE-1001 100.00 RE-1002 200.00"),
    ]

    @Test("Several named numbers decide when they add up exactly", arguments: lists)
    func list(_ example: Case) {
        #expect(Notation(Self.customers + example.books).outcome == example.outcome)
    }

    static let discounts = [
        Case(
            "exactly the invoice's discount, in time",
            """
            invoice RE-1001 | C1 | 1000.00 | 2025-01-10 | discount 2% 2025-01-20
            payment P1 | 2025-01-20 | 980.00 | from Anybody | text RE-1001
            """, is: "P1 auto NUMBER-DISCOUNT RE-1001 980.00 RE-1001 discount 20.00"),
        Case(
            "the days that banks take do not cost the discount",
            """
            invoice RE-1001 | C1 | 1000.00 | 2025-01-10 | discount 2% 2025-01-20
            payment P1 | 2025-01-23 | 980.00 | from Anybody | text RE-1001
            """, is: "P1 auto NUMBER-DISCOUNT RE-1001 980.00 RE-1001 discount 20.00"),
        Case(
            "a discount taken too late is a person's to grant or to claim",
            """
            invoice RE-1001 | C1 | 1000.00 | 2025-01-10 | discount 2% 2025-01-20
            payment P1 | 2025-02-10 | 980.00 | from Anybody | text RE-1001
            """, is: "P1 review NUMBER-DISCOUNT-LATE RE-1001 980.00"),
        Case(
            "the better of two tiers while it lasts",
            """
            invoice RE-1001 | C1 | 1000.00 | 2025-01-10 | discount 3% 2025-01-15 | discount 2% 2025-01-25
            payment P1 | 2025-01-24 | 980.00 | from Anybody | text RE-1001
            """, is: "P1 auto NUMBER-DISCOUNT RE-1001 980.00 RE-1001 discount 20.00"),
        Case(
            "some other deduction is no discount",
            """
            invoice RE-1001 | C1 | 1000.00 | 2025-01-10 | discount 2% 2025-01-20
            payment P1 | 2025-01-18 | 970.00 | from Anybody | text RE-1001
            """, is: "P1 review NUMBER-PART RE-1001 970.00"),
        Case(
            "a list, all of it discounted",
            """
            invoice RE-1001 | C1 | 1000.00 | 2025-01-10 | discount 2% 2025-01-20
            invoice RE-1002 | C1 | 500.00 | 2025-01-11 | discount 2% 2025-01-21
            payment P1 | 2025-01-18 | 1470.00 | from Anybody | text RE-1001 RE-1002
            """,
            is: "P1 auto NUMBER-DISCOUNT RE-1001 980.00 RE-1001 discount 20.00 RE-1002 490.00 RE-1002 discount 10.00"),
        Case(
            "a reference with its discount",
            """
            invoice RE-1001 | C1 | 1000.00 | 2025-01-10 | discount 2% 2025-01-20 | ref RF18539007547034
            payment P1 | 2025-01-18 | 980.00 | from Anybody | ref RF18539007547034
            """, is: "P1 auto REF-DISCOUNT RE-1001 980.00 RE-1001 discount 20.00"),
    ]

    @Test("A discount is taken within its terms, apart from the cash", arguments: discounts)
    func discount(_ example: Case) {
        #expect(Notation(Self.customers + example.books).outcome == example.outcome)
    }

    static let parts = [
        Case(
            "the customer pays part of a named invoice",
            """
            invoice RE-1001 | C1 | 1000.00 | 2025-01-10
            payment P1 | 2025-02-01 | 400.00 | from Nordwind Logistik GmbH | text Rate 1 RE-1001
            """, is: "P1 auto NUMBER-PART RE-1001 400.00"),
        Case(
            "a stranger's part is looked at",
            """
            invoice RE-1001 | C1 | 1000.00 | 2025-01-10
            payment P1 | 2025-02-01 | 400.00 | from Anybody | text RE-1001
            """, is: "P1 review NUMBER-PART RE-1001 400.00"),
        Case(
            "part of one, or all of another that is not named",
            """
            invoice RE-1001 | C1 | 1000.00 | 2025-01-10
            invoice RE-1777 | C1 | 400.00 | 2025-01-10
            payment P1 | 2025-02-01 | 400.00 | from Nordwind Logistik GmbH | text RE-1001
            """, is: "P1 review NUMBER-PART RE-1001 400.00"),
        Case(
            "a cut text may hide a credit note",
            """
            invoice RE-1001 | C1 | 1000.00 | 2025-01-10
            credit CN-7 | C1 | -33.00 | 2025-01-12
            payment P1 | 2025-02-01 | 400.00 | from Nordwind Logistik GmbH | text RE-1001 abzueglich
            """, is: "P1 review NUMBER-PART RE-1001 400.00"),
        Case(
            "more than the invoice is looked at",
            """
            invoice RE-1001 | C1 | 1000.00 | 2025-01-10
            payment P1 | 2025-02-01 | 1010.00 | from Nordwind Logistik GmbH | text RE-1001
            """, is: "P1 review NUMBER-OVER RE-1001 1000.00"),
        Case(
            "two parts settle the invoice, a third one waits",
            """
            invoice RE-1001 | C1 | 1000.00 | 2025-01-10
            payment P1 | 2025-02-01 | 400.00 | from Nordwind Logistik GmbH | text RE-1001
            payment P2 | 2025-03-01 | 600.00 | from Nordwind Logistik GmbH | text RE-1001
            payment P3 | 2025-04-01 | 400.00 | from Nordwind Logistik GmbH | text RE-1001
            """,
            is: "P1 auto NUMBER-PART RE-1001 400.00\nP2 auto NUMBER-EXACT RE-1001 600.00\nP3 review DUPLICATE"),
    ]

    @Test("Part of a named invoice is applied when the payer agrees", arguments: parts)
    func part(_ example: Case) {
        #expect(Notation(Self.customers + example.books).outcome == example.outcome)
    }

    static let duplicates = [
        Case(
            "the same money twice waits",
            """
            invoice RE-1001 | C1 | 119.00 | 2025-01-10
            payment P1 | 2025-02-01 | 119.00 | from Nordwind Logistik GmbH | text RE-1001
            payment P2 | 2025-02-03 | 119.00 | from Nordwind Logistik GmbH | text RE-1001
            """, is: "P1 auto NUMBER-EXACT RE-1001 119.00\nP2 review DUPLICATE"),
        Case(
            "the first one was paid before this run",
            """
            invoice RE-1001 | C1 | 119.00 | 2025-01-10 | open 0.00
            past P0 | 2025-01-20 | 119.00 | from Nordwind Logistik GmbH | pays RE-1001 119.00
            payment P1 | 2025-02-03 | 119.00 | from Nordwind Logistik GmbH | text RE-1001
            """, is: "P1 review DUPLICATE"),
        Case(
            "a settled item forbids weaker evidence for another one",
            """
            invoice RE-1001 | C1 | 90.00 | 2025-01-10 | open 0.00
            invoice RE-1777 | C1 | 119.00 | 2025-01-10
            payment P1 | 2025-02-03 | 119.00 | from Nordwind Logistik GmbH | account DE021203 | text RE-1001
            """, is: "P1 review CLOSED-ITEM"),
        Case(
            "the first copy names nothing and the second one everything: a person decides",
            """
            invoice RE-1001 | C1 | 119.00 | 2025-01-10
            payment P1 | 2025-02-01 | 119.00 | from Nordwind Logistik GmbH | account DE021203
            payment P2 | 2025-02-03 | 119.00 | from Nordwind Logistik GmbH | account DE021203 | text RE-1001
            """, is: "P1 review AMBIGUOUS RE-1001 119.00\nP2 review AMBIGUOUS RE-1001 119.00"),
    ]

    @Test("What is settled is not settled again", arguments: duplicates)
    func duplicate(_ example: Case) {
        #expect(Notation(Self.customers + example.books).outcome == example.outcome)
    }

    static let statedItems = [
        Case(
            "cash before the source's statement proves what it called settled",
            """
            invoice RE-1001 | C1 | 100.00 | 2025-01-10 | open 0.00 | provable 100.00 | stated 2025-02-28
            payment P1 | 2025-02-01 | 100.00 | from Anybody | text RE-1001
            """, is: "P1 auto NUMBER-EXACT RE-1001 100.00 (proves 100.00)"),
        Case(
            "cash after the statement does not",
            """
            invoice RE-1001 | C1 | 100.00 | 2025-01-10 | open 0.00 | provable 100.00 | stated 2025-02-28
            payment P1 | 2025-03-01 | 100.00 | from Anybody | text RE-1001
            """, is: "P1 review CLOSED-ITEM"),
        Case(
            "the part that the source has booked, then the rest",
            """
            invoice RE-1001 | C1 | 100.00 | 2025-01-10 | open 60.00 | provable 40.00 | stated 2025-02-28
            payment P1 | 2025-02-01 | 40.00 | from Anybody | text RE-1001
            payment P2 | 2025-03-05 | 60.00 | from Anybody | text RE-1001
            """, is: "P1 auto NUMBER-EXACT RE-1001 40.00 (proves 40.00)\nP2 auto NUMBER-EXACT RE-1001 60.00"),
    ]

    @Test("Cash that the source has counted already is linked, not applied again", arguments: statedItems)
    func stated(_ example: Case) {
        #expect(Notation(Self.customers + example.books).outcome == example.outcome)
    }
}
