// SPDX-License-Identifier: Apache-2.0

import Documents
import Reconciliation
import Testing

/// A reference that a customer's invoices share says who pays, and the amount says what for.
struct ReferenceRulesTests {
    static let books = """
        customer C1 | Anna Bergmann | no 10001
        customer C2 | Peter Schmidt | no 10002 | account DE02 5001
        invoice 1001 | C1 | 41.00 | 2025-01-01 | due 2025-01-15 | ref 12345672
        invoice 1002 | C1 | 49.00 | 2025-02-01 | due 2025-02-28 | ref 12345672
        invoice 1003 | C1 | 49.00 | 2025-02-02 | due 2025-02-15 | ref 12345672
        invoice 1004 | C1 | 49.00 | 2025-03-01 | due 2025-03-15 | ref 12345672
        invoice 2001 | C2 | 49.00 | 2025-01-01 | ref 22345679

        """

    static let cases = [
        Case(
            "the only one of the amount",
            "payment P1 | 2025-03-05 | 41.00 | from A. B. | ref 12345672",
            is: "P1 auto REF-CUSTOMER 1001 41.00"),
        Case(
            "of equal amounts none, whichever is due first",
            "payment P1 | 2025-03-05 | 49.00 | from A. B. | ref 12345672",
            is: "P1 review AMBIGUOUS 1002 49.00"),
        Case(
            "what a later payment names is one of the equal amounts all the same",
            """
            payment P1 | 2025-02-16 | 49.00 | from A. B. | account DE77 0001 | ref 12345672
            payment P2 | 2025-02-17 | 49.00 | from A. B. | account DE77 0001 | text Rechnung 1003
            """,
            is: "P1 review AMBIGUOUS 1003 49.00\nP2 review AMBIGUOUS 1003 49.00"),
        Case(
            "what is issued only after the money came",
            "payment P1 | 2025-01-16 | 49.00 | from A. B. | ref 12345672",
            is: "P1 review NO-EVIDENCE 1003 49.00"),
        Case(
            "all that is open",
            "payment P1 | 2025-03-05 | 188.00 | from A. B. | ref 12345672",
            is: "P1 auto REF-CUSTOMER 1001 41.00 1002 49.00 1003 49.00 1004 49.00"),
        Case(
            "all that is due",
            """
            invoice 1005 | C1 | 60.00 | 2025-03-10 | due 2025-04-10 | ref 12345672
            payment P1 | 2025-01-16 | 41.00 | from A. B. | ref 12345672
            payment P2 | 2025-03-16 | 147.00 | from A. B. | ref 12345672
            """, is: "P1 auto REF-CUSTOMER 1001 41.00\nP2 auto REF-CUSTOMER 1002 49.00 1003 49.00 1004 49.00"),
        Case(
            "what is due is a guess where as much is open of what is not",
            "payment P1 | 2025-02-20 | 90.00 | from A. B. | ref 12345672",
            is: "P1 review AMBIGUOUS 1001 41.00 1003 49.00"),
        Case(
            "in the text, of a payer who is not known",
            "payment P1 | 2025-03-05 | 41.00 | from Someone Else | text viite 12345672",
            is: "P1 auto REF-CUSTOMER 1001 41.00"),
        Case(
            "no sum and no item",
            "payment P1 | 2025-03-05 | 20.00 | from A. B. | ref 12345672",
            is: "P1 review NO-EVIDENCE 1002 20.00"),
        Case(
            "a number in the text says what for",
            "payment P1 | 2025-03-05 | 49.00 | from A. B. | ref 12345672 | text Rechnung 1004",
            is: "P1 auto NUMBER-EXACT 1004 49.00"),
        Case(
            "the account is known to be another customer's",
            "payment P1 | 2025-03-05 | 41.00 | from X | account DE025001 | ref 12345672",
            is: "P1 review PAYER-CONFLICT 1001 41.00"),
        Case(
            "a number in the text is another customer's",
            """
            invoice RE-77001 | C2 | 55.00 | 2025-01-01
            payment P1 | 2025-03-05 | 55.00 | from X | ref 12345672 | text RE-77001
            """, is: "P1 review PAYER-CONFLICT RE-77001 55.00"),
        Case(
            "another reference of the same customer keeps its invoices",
            """
            invoice 3001 | C1 | 77.00 | 2025-01-01 | ref 55500010
            invoice 3002 | C1 | 78.00 | 2025-01-01 | ref 55500010
            payment P1 | 2025-03-05 | 41.00 | from X | ref 55500010
            """, is: "P1 review AMBIGUOUS 1001 41.00"),
    ]

    @Test("A customer's reference says who pays, and the amount what for", arguments: cases)
    func customers(_ example: Case) {
        #expect(Notation(Self.books + example.books).outcome == example.outcome)
    }

    static let oldest = [
        Case(
            "of equal amounts what is due first, whatever was paid before",
            """
            payment P1 | 2025-03-05 | 49.00 | from A. B. | account DE77 0001 | ref 12345672
            payment P2 | 2025-03-06 | 49.00 | from A. B. | account DE77 0001 | ref 12345672
            payment P3 | 2025-03-07 | 49.00 | from A. B. | account DE77 0001 | ref 12345672
            """,
            is: "P1 auto REF-CUSTOMER 1003 49.00\nP2 auto REF-CUSTOMER 1002 49.00\nP3 auto REF-CUSTOMER 1004 49.00"),
        Case(
            "nothing that was issued after the money came",
            """
            payment P1 | 2025-02-16 | 49.00 | from A. B. | ref 12345672
            payment P2 | 2025-02-17 | 49.00 | from A. B. | ref 12345672
            payment P3 | 2025-02-18 | 49.00 | from A. B. | ref 12345672
            """,
            is: "P1 auto REF-CUSTOMER 1003 49.00\nP2 auto REF-CUSTOMER 1002 49.00\nP3 review NO-EVIDENCE 1004 49.00"),
        Case(
            "some of several equal amounts: those due first",
            """
            payment P1 | 2025-03-05 | 41.00 | from A. B. | ref 12345672
            payment P2 | 2025-03-06 | 98.00 | from A. B. | ref 12345672
            """,
            is: "P1 auto REF-CUSTOMER 1001 41.00\nP2 auto REF-CUSTOMER 1002 49.00 1003 49.00"),
    ]

    @Test("Where policy says so, equal amounts are paid in the order in which they are due", arguments: oldest)
    func takesOldest(_ example: Case) {
        var books = Notation(Self.books + example.books)
        books.policy.takesOldest = true
        #expect(books.outcome == example.outcome)
    }

    static let invoices = [
        Case(
            "one invoice bears it",
            """
            invoice 1001 | C1 | 41.00 | 2025-01-01 | ref 12345672
            payment P1 | 2025-03-05 | 41.00 | from A. B. | ref 12345672
            """, is: "P1 auto REF-FIELD-EXACT 1001 41.00"),
        Case(
            "instalments of one invoice bear it",
            """
            invoice 1001#1 | C1 | 50.00 | 2025-01-01 | due 2025-02-01 | ref 12345672
            invoice 1001#2 | C1 | 50.00 | 2025-01-01 | due 2025-03-01 | ref 12345672
            payment P1 | 2025-02-05 | 50.00 | from A. B. | ref 12345672
            """, is: "P1 auto REF-FIELD-EXACT 1001#1 50.00"),
        Case(
            "its credit note bears it too",
            """
            invoice 1001 | C1 | 50.00 | 2025-01-01 | ref 12345672
            credit 1002 | C1 | -10.00 | 2025-01-02 | ref 12345672
            payment P1 | 2025-02-05 | 40.00 | from A. B. | ref 12345672
            """, is: "P1 auto NUMBERS-SUM 1001 50.00 1002 -10.00"),
        Case(
            "two customers' invoices bear it",
            """
            customer C2 | Peter Schmidt
            invoice 1001 | C1 | 41.00 | 2025-01-01 | ref 12345672
            invoice 1002 | C2 | 41.00 | 2025-01-01 | ref 12345672
            payment P1 | 2025-03-05 | 41.00 | from X | ref 12345672
            """, is: "P1 review AMBIGUOUS 1001 41.00"),
    ]

    @Test("A reference of one invoice, or of several customers, names items", arguments: invoices)
    func items(_ example: Case) {
        #expect(Notation("customer C1 | Anna Bergmann\n" + example.books).outcome == example.outcome)
    }

    /// A year of monthly invoices, each paid in its month: most of them are settled, or not issued, when the next is paid.
    @Test("However many invoices bear the reference, each payment finds its own", arguments: [true, false])
    func year(_ isEqual: Bool) {
        var books = "customer C1 | Anna Bergmann\n"
        var expected: [String] = []
        for month in 1...24 {
            let (year, number) = (2024 + (month - 1) / 12, (month - 1) % 12 + 1)
            let day = "\(year)-\(number < 10 ? "0" : "")\(number)"
            let amount = isEqual ? "49.00" : "\(40 + month).00"
            books += "invoice RE-\(100 + month) | C1 | \(amount) | \(day)-01 | ref 12345672\n"
            books += "payment P\(100 + month) | \(day)-10 | \(amount) | from A. B. | account FI21 0001 | ref 12345672\n"
            expected.append("P\(100 + month) auto REF-CUSTOMER RE-\(100 + month) \(amount)")
        }
        #expect(Notation(books).outcome == expected.joined(separator: "\n"))
    }

    @Test("What waited while one invoice bore the reference is settled when a second one does")
    func secondInvoice() {
        let first = """
            customer C1 | Anna Bergmann
            invoice 1001 | C1 | 49.00 | 2025-01-01 | ref 12345672 | open 0.00
            past P0 | 2025-01-10 | 49.00 | from A. B. | ref 12345672 | pays 1001 49.00
            payment P1 | 2025-02-10 | 49.00 | from A. B. | ref 12345672

            """
        #expect(Notation(first).outcome.hasPrefix("P1 review DUPLICATE"))
        let second = "invoice 1002 | C1 | 49.00 | 2025-02-01 | ref 12345672"
        #expect(Notation(first + second).outcome == "P1 auto REF-CUSTOMER 1002 49.00")
    }

    @Test("The decision says what the reference is, and which of equal items was taken")
    func sentence() throws {
        var books = Notation(Self.books + "payment P1 | 2025-03-05 | 49.00 | from A. B. | ref 12345672")
        books.policy.takesOldest = true
        let decision = try #require(books.decide().first)
        #expect(
            decision.sentence
                == "The reference 12345672 stands on several invoices of Anna Bergmann: it says who pays, not what for. "
                + "49.00 EUR from A. B. fits 1003 of Anna Bergmann and pays exactly what is open. "
                + "Of 3 open items of this amount it is the one that is due first.")
        #expect(decision.evidence.contains(Evidence("CUSTOMER-REFERENCE", text: "12345672", bits: 12)))
        #expect(decision.evidence.count { $0.code == "CUSTOMER-REFERENCE" } == 1)
        #expect(decision.customerID == "C1")
    }

    @Test("Policy sends it to a person")
    func policy() {
        var books = Notation(Self.books + "payment P1 | 2025-03-05 | 49.00 | from A. B. | ref 12345672")
        books.policy.takesOldest = true
        books.policy.reviewRules = [.refCustomer]
        #expect(books.outcome == "P1 review REF-CUSTOMER 1003 49.00")
    }

    /// Half of the customers have one reference on all of their invoices, and most payments bear one.
    static func world(_ seed: UInt64) -> Notation {
        var world = InvariantTests.world(seed)
        var random = InvariantTests.Seeded(state: seed ^ 0xABCD)
        for index in world.items.indices {
            guard let customer = world.items[index].customerID?.dropFirst(), let number = Int(customer) else {
                continue
            }
            // One reference is used again for a second customer.
            let bearer = number == 8 ? 0 : number
            if bearer % 2 == 0 { world.items[index].structuredReference = "55000\(100 + bearer)" }
        }
        // Accounts that are nobody's by the master data pay for several.
        for index in world.payments.indices where world.payments[index].payerAccount == nil && random.roll(2) == 0 {
            world.payments[index].payerAccount = "DE99000\(random.roll(8))"
        }
        for index in world.payments.indices where random.roll(3) > 0 {
            let reference = "55000\(100 + 2 * random.roll(6))"
            if random.roll(2) == 0 {
                world.payments[index].structuredReference = reference
            } else {
                world.payments[index].remittance = "ref \(reference)"
            }
        }
        return world
    }

    @Test("Decisions on shared references are the same in any order of the input", arguments: 1...6)
    func orderIndependence(_ seed: Int) {
        let world = Self.world(UInt64(seed))
        let expected = world.decide()
        #expect(expected.contains { $0.verdict == .auto && $0.rule == .refCustomer })
        var random = InvariantTests.Seeded(state: UInt64(seed) &* 77)
        for _ in 0..<3 {
            var shuffled = world
            shuffled.items.shuffle(using: &random)
            shuffled.customers.shuffle(using: &random)
            shuffled.payments.shuffle(using: &random)
            #expect(shuffled.decide() == expected)
        }
    }
}

extension ReferenceRulesTests {
    @Test("Of a year of equal invoices those that are due about the day of the payment are shown, the nearest first")
    func nearest() throws {
        let invoices = (1...12).map { month in
            let day = month < 10 ? "2025-0\(month)" : "2025-\(month)"
            return "invoice \(1000 + month) | C1 | 49.00 | \(day)-01 | due \(day)-15 | ref 12345672"
        }
        let books = Notation(
            (["customer C1 | Nordwind Logistik GmbH"] + invoices + [
                "payment P1 | 2025-08-18 | 49.00 | from Nordwind Logistik GmbH | ref 12345672"
            ]).joined(separator: "\n"))
        let decision = try #require(books.decide().first)
        #expect(decision.verdict == .review)
        #expect(
            decision.alternatives.map { $0.lines.map(\.itemID) } == [["1008"], ["1007"], ["1006"], ["1005"], ["1004"]])
    }

    @Test("An item long overdue is not paid where a later one of as much was open too", arguments: [20, 80])
    func longOverdue(_ days: Int) {
        let books = Notation(
            """
            customer C1 | Nordwind Logistik GmbH
            invoice 1001 | C1 | 49.00 | 2025-01-01 | due 2025-01-15 | ref 12345672
            invoice 1002 | C1 | 49.00 | 2025-02-01 | due 2025-02-15 | ref 12345672
            payment P1 | \(Notation.day("2025-01-15") + days) | 49.00 | from Nordwind Logistik GmbH | ref 12345672
            payment P2 | 2025-05-10 | 49.00 | from Nordwind Logistik GmbH | text 1002
            """)
        let first = days > 30 ? "P1 review WEAK 1001 49.00" : "P1 auto REF-CUSTOMER 1001 49.00"
        #expect(books.outcome == first + "\nP2 auto NUMBER-EXACT 1002 49.00")
    }
}
