// SPDX-License-Identifier: Apache-2.0

import Documents
import Reconciliation
import Testing

struct ReviewSentenceTests {
    @Test(
        "Named items of two customers are told as that, whether or not they add up",
        arguments: [
            ("150.00", "C2", "The named items are those of different customers."),
            ("140.00", "C2", "The named items are those of different customers and do not add up to the payment."),
            ("140.00", "C1", "The named items do not add up to the payment."),
        ])
    func differentCustomers(_ amount: String, _ other: String, _ why: String) throws {
        let decision = try #require(
            Notation(
                """
                customer C1 | Nordwind Logistik GmbH | no 10001
                customer C2 | Hafen Spedition AG | no 10002
                invoice RE-1001 | C1 | 100.00 | 2025-01-10
                invoice RE-1002 | \(other) | 50.00 | 2025-01-10
                payment P1 | 2025-02-01 | \(amount) | from Nordwind Logistik GmbH | text RE-1001 RE-1002
                """
            ).decide().first)
        #expect(decision.verdict == .review && decision.rule == .numbersDiffer)
        #expect(decision.sentence.contains(why), "\(decision.sentence)")
    }

    @Test(
        "A discount behind its last day is told as late, within the days of grace; by the value day it may be in time",
        arguments: [
            ("2026-09-20", "2026-09-20", "within its terms.", "DISCOUNT-IN-TERMS"),
            ("2026-09-22", "2026-09-22", "2 days late, within the 3 days of grace.", "DISCOUNT-IN-GRACE"),
            ("2026-09-22", "2026-09-21", "1 day late, within the 3 days of grace.", "DISCOUNT-IN-GRACE"),
            ("2026-09-22", "2026-09-20", "within its terms.", "DISCOUNT-IN-TERMS"),
        ])
    func grace(_ booked: String, _ valued: String, _ said: String, _ code: String) throws {
        let decision = try #require(
            Notation(
                """
                customer C1 | Falk Druck GmbH | no 10001
                invoice RE-1001 | C1 | 1000.00 | 2026-09-10 | discount 2% 2026-09-20
                payment P1 | \(booked) | 980.00 | from Falk Druck GmbH | valued \(valued) | text RE-1001 2% Skonto
                """
            ).decide().first)
        #expect(decision.verdict == .auto && decision.rule == .numberDiscount)
        #expect(decision.sentence.hasSuffix("less the discount of 20.00 EUR, \(said)"), "\(decision.sentence)")
        #expect(decision.evidence.contains { $0.code == code })
    }

    @Test(
        "A text that ends with what was kept is not cut before what explains it",
        arguments: [
            ("INV RE-2026-1161 less bank charges", "The difference may be a bank's fee"),
            ("INV RE-2026-1161 less bank charge.", "The difference may be a bank's fee"),
            ("INV. RE-2026-1161 less bank chargx", "the text may be cut off"),
            ("Zahl. RE-2026-1161 abzgl. Bankgebü", "the text may be cut off"),
            ("INV RE-2026-1161 less bank charges,", "the text may be cut off"),
        ])
    func wholeReason(_ text: String, _ why: String) throws {
        var books = Notation(
            """
            customer C1 | Helios Trading Ltd | no 10001
            invoice RE-2026-1161 | C1 | 3000.00 | 2026-08-05
            payment P1 | 2026-09-07 | 2985.00 | from Helios Trading Ltd | text -
            """)
        books.payments[0].remittance = text + String(repeating: "-", count: max(0, 34 - text.utf8.count))
        let decision = try #require(books.decide().first)
        #expect(decision.verdict == .review)
        #expect(decision.sentence.contains(why), "\(decision.sentence)")
    }

    @Test("What was announced is told with the day that was said, not with how long it counts")
    func announced() throws {
        var books = Notation(
            """
            customer C1 | Alpha GmbH | no 10001
            invoice RE-1 | C1 | 100.00 | 2026-08-10
            invoice RE-2 | C1 | 100.00 | 2026-08-10
            promise C1 | RE-2 | 100.00 | 2026-09-01 | 2026-09-10
            payment P1 | 2026-09-08 | 100.00 | from Alpha GmbH | text danke
            """)
        books.expectations[0].day = Day("2026-09-08")
        let decision = try #require(books.decide().first)
        #expect(decision.evidence.contains { $0.code == "PROMISED" && $0.text == "100.00 EUR for 2026-09-08" })
        books.expectations[0].kind = .claimedPayment
        books.expectations[0].day = Day("2026-09-05")
        let claimed = try #require(books.decide().first)
        #expect(
            claimed.evidence.contains { $0.code == "CLAIMED-PAID" && $0.text == "100.00 EUR as said on 2026-09-05" })
    }
}
