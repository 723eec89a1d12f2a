// SPDX-License-Identifier: Apache-2.0

import Documents
import Reconciliation
import Testing

/// What keeps a payment from an item that only its payer and its amount, or digits, point at: words for another time, another
/// person, another document, or a deduction.
struct ContraryWordTests {
    private static let customers = """
        customer C1 | Anna Bergmann | no 10001 | account DE001
        customer C2 | Max Hofer | no 10235
        customer C3 | Nordlicht Service GmbH | no 10003 | account DE003

        """

    static let times = [
        Case(
            "a time from day to day", "text Miete 01.03.2025-31.03.2025 | 2025-02-01",
            is: "The text names 01.03.2025-31.03.2025, and the item is not of that time"),
        Case("a quarter", "text Beitrag 2. Quartal | 2025-01-08", is: "The text names 2. QUARTAL"),
        Case("a quarter in short", "text Beitrag Q3/2025 | 2025-01-08", is: "The text names Q3/2025"),
        Case("the same quarter says nothing", "text Beitrag Q1/2025 | 2025-01-08", is: ""),
        Case("a year behind a word for a fee", "text Jahresbeitrag 2026 | 2025-01-08", is: "The text names 2026"),
        Case("a year behind another word says nothing", "text Zahlung 2026 | 2025-01-08", is: ""),
        Case("the day of another invoice", "text Rechnung vom 05.03.2025 | 2025-02-05", is: "an invoice of 2025-03-05"),
        Case("the invoice's own day", "text Rechnung vom 05.02.2025 | 2025-02-05", is: ""),
        Case("a month in Danish", "text Husleje marts | 2025-02-05", is: "The text names MARTS"),
        Case("a month in Polish", "text Czynsz za marzec | 2025-02-05", is: "The text names MARZEC"),
        Case(
            "what is of a month in Finnish", "text Vuokra maaliskuulta | 2025-02-05", is: "The text names MAALISKUULTA"),
        Case("a space's number is no day", "text Stellplatz 8 Maerz | 2025-02-05", is: "The text names MAERZ"),
    ]

    @Test("A time that the item is not of keeps the payment for a person", arguments: times)
    func time(_ example: Case) throws {
        let parts = example.books.split(separator: "|").map { $0.trimmingPrefix(" ") }
        let books = Notation(
            Self.customers + """
                invoice M-1 | C1 | 645.10 | \(parts[1])
                payment P1 | 2025-04-02 | 645.10 | from Anna Bergmann | account DE001 | \(parts[0])
                """)
        let decision = try #require(books.decide().first)
        #expect(decision.verdict == (example.outcome.isEmpty ? .auto : .review), "\(decision.sentence)")
        #expect(example.outcome.isEmpty || decision.sentence.contains(example.outcome), "\(decision.sentence)")
    }

    static let people = [
        Case(
            "a word of another customer's name who owes as much",
            """
            invoice B-1 | C1 | 85.10 | 2025-01-01
            invoice B-2 | C2 | 85.10 | 2025-01-01
            payment P1 | 2025-02-01 | 85.10 | from Anna Bergmann | account DE001 | text Beitrag Max
            """, is: "P1 review WEAK B-1 85.10"),
        Case(
            "another customer's number, whatever stands before it",
            """
            invoice B-1 | C1 | 85.10 | 2025-01-01
            invoice B-2 | C2 | 85.10 | 2025-01-01
            payment P1 | 2025-02-01 | 85.10 | from Anna Bergmann | account DE001 | text Mieternr 10235
            """, is: "P1 review AMBIGUOUS B-1 85.10"),
        Case(
            "who does not owe that, says nothing",
            """
            invoice B-1 | C1 | 85.10 | 2025-01-01
            invoice B-2 | C2 | 99.10 | 2025-01-01
            payment P1 | 2025-02-01 | 85.10 | from Anna Bergmann | account DE001 | text Beitrag Max
            """, is: "P1 auto PAYER-AMOUNT B-1 85.10"),
        Case(
            "an account that paid for one customer once, under another name, where others owe as much",
            """
            invoice B-2025-0001 | C1 | 70.10 | 2025-01-01
            invoice B-2025-0002 | C1 | 85.10 | 2025-02-01
            invoice B-2025-0003 | C2 | 85.10 | 2025-02-01
            payment P1 | 2025-01-20 | 70.10 | from Amt fuer Soziales | account DE009 | text B-2025-0001
            payment P2 | 2025-02-20 | 85.10 | from Amt fuer Soziales | account DE009 | text Leistung
            """, is: "P1 auto NUMBER-EXACT B-2025-0001 70.10\nP2 review WEAK B-2025-0002 85.10"),
        Case(
            "a number of one customer beside the full name of another who owes as much",
            """
            invoice B-2025-0101 | C1 | 85.10 | 2025-01-01
            invoice B-2025-0187 | C2 | 85.10 | 2025-01-01
            payment P1 | 2025-02-01 | 85.10 | from Karl Unbekannt | text B-2025-0101 Max Hofer
            """, is: "P1 review AMBIGUOUS B-2025-0101 85.10"),
        Case(
            "an order's number, from somebody known as another customer",
            """
            invoice 100452 | C2 | 49.90 | 2025-01-01
            payment P1 | 2025-02-01 | 49.90 | from Nordlicht Service GmbH | text Bestell-Nr. 100452
            """, is: "P1 review WEAK 100452 49.90"),
    ]

    static let numbers = [
        Case(
            "a number in the reference field names its item",
            """
            invoice RE-2025-0101 | C1 | 85.10 | 2025-01-01
            payment P1 | 2025-02-01 | 85.10 | from Karl Unbekannt | ref RE-2025-0101 | text Zahlung
            """, is: "P1 auto NUMBER-EXACT RE-2025-0101 85.10"),
        Case(
            "of an item that is paid, it keeps from another one",
            """
            invoice RE-2025-0101 | C1 | 85.10 | 2025-01-01
            invoice RE-2025-0102 | C1 | 85.10 | 2025-02-01
            payment P1 | 2025-01-20 | 85.10 | from Anna Bergmann | account DE001 | text RE-2025-0101
            payment P2 | 2025-03-20 | 85.10 | from Anna Bergmann | account DE001 | ref RE-2025-0101
            """, is: "P1 auto NUMBER-EXACT RE-2025-0101 85.10\nP2 review DUPLICATE"),
        Case(
            "two in the field are paid together",
            """
            invoice 00561 | C1 | 100.10 | 2025-01-01
            invoice 00562 | C1 | 200.30 | 2025-01-01
            invoice 00563 | C1 | 300.40 | 2025-01-01
            payment P1 | 2025-02-20 | 300.40 | from Anna Bergmann | account DE001 | ref 00561 00562
            """, is: "P1 auto NUMBERS-SUM 00561 100.10 00562 200.30"),
        Case(
            "a known sum is not paid by what names other documents",
            """
            invoice RE-2025-0150 | C1 | 614.37 | 2025-01-01
            invoice RE-2025-0151 | C1 | 332.91 | 2025-01-01
            invoice RE-2025-0160 | C1 | 1270.55 | 2025-01-01
            payment P1 | 2025-02-20 | 947.28 | from Anna Bergmann | account DE001 | text RE-2025-0198, RE-2025-0199
            """, is: "P1 review WEAK RE-2025-0150 614.37 RE-2025-0151 332.91"),
        Case(
            "all digits of the running part are a list and a range behind letters",
            """
            invoice D1K-1001 | C1 | 10.10 | 2025-01-01
            invoice D1K-1002 | C1 | 20.20 | 2025-01-01
            invoice D1K-1003 | C1 | 40.40 | 2025-01-01
            payment P1 | 2025-02-20 | 70.70 | from Karl Unbekannt | text D1K-1001-1003
            payment P2 | 2025-02-21 | 30.30 | from Karl Unbekannt | text nichts
            """, is: "P1 auto NUMBERS-SUM D1K-1001 10.10 D1K-1002 20.20 D1K-1003 40.40\nP2 review NO-EVIDENCE"),
        Case(
            "one item, and others that make the same sum",
            """
            invoice M-1 | C1 | 620.10 | 2025-01-01
            invoice M-2 | C1 | 620.10 | 2025-02-01
            invoice K-1 | C1 | 1240.20 | 2025-01-15
            payment P1 | 2025-02-20 | 1240.20 | from Anna Bergmann | account DE001 | text Miete
            """, is: "P1 review AMBIGUOUS K-1 1240.20"),
    ]

    @Test("Another person's name or number, another document or another sum does", arguments: people + numbers)
    func decides(_ example: Case) { #expect(Notation(Self.customers + example.books).outcome == example.outcome) }

    @Test(
        "A share that is missing twice is a tax withheld, but not where a deduction is spoken of, nor a discount's, nor without limit",
        arguments: [
            (425, 850, "Zahlung", "auto NUMBER-WITHHOLDING"), (425, 850, "abzgl. 15% Skonto", "review WEAK"),
            (425, 850, "less 15% retention", "review WEAK"),
            (425, 850, "abzgl. 15% Quellensteuer", "auto NUMBER-WITHHOLDING"),
            (490, 980, "Zahlung", "review NUMBER-PART"), (8500, 17000, "Zahlung", "review NUMBER-PART"),
        ])
    func withheld(_ first: Int, _ second: Int, _ text: String, _ outcome: String) throws {
        let whole = first < 1000 ? 500 : 10_000
        let books = Notation(
            Self.customers + """
                invoice RE-2025-0101 | C3 | \(whole).00 | 2025-01-01
                invoice RE-2025-0102 | C3 | \(whole * 2).00 | 2025-01-20
                payment P1 | 2025-02-01 | \(first).00 | from Nordlicht Service GmbH | account DE003 | text RE-2025-0101 \(text)
                payment P2 | 2025-02-20 | \(second).00 | from Nordlicht Service GmbH | account DE003 | text RE-2025-0102 \(text)
                """)
        let decision = try #require(books.decide().last)
        #expect("\(decision.verdict) \(decision.rule.rawValue)" == outcome, "\(decision.sentence)")
    }
}
