// SPDX-License-Identifier: Apache-2.0
import Documents
import Store
import Testing

/// Money that an accounting system says it has on account, until the bank's own file can say it.
struct OnAccountTests {
    private func told(_ amount: Int64, id: String, booked: Day = "2026-03-10") -> Document {
        Make.payment(amount, id: id, booked: booked) {
            $0.status = .information
            $0.customerID = "C1"
        }
    }

    private func pays(_ payment: String, _ amount: Int64, currency: Currency = .eur) -> Document {
        .allocation(
            StatedAllocation(
                paymentID: payment, invoiceID: "i-\(payment)", amount: Money(minorUnits: amount, currency: currency),
                provenance: Provenance(Make.origin(), at: .line(2))))
    }

    private func onAccount(_ documents: [Document], format: String = "pull", after: Day? = nil) throws -> [String] {
        let books = try TestBooks()
        try books.load([Make.invoice("F-1", 100_000, id: "1")])
        try books.load(documents, format: format, mapping: format == "pull" ? "book-payments" : nil)
        #expect(try books.violations() == [])
        return try books.store.read { session in
            try session.statedOnAccount(company: "acme", customer: "C1", ledgers: ["xaf"], after: after)
        }.map { "\($0)" }
    }

    @Test func `What a payment is not said to pay is on account`() throws {
        #expect(try onAccount([told(10_000, id: "p1")]) == ["100.00 EUR"])
        #expect(try onAccount([told(10_000, id: "p1"), pays("p1", 6_000)]) == ["40.00 EUR"])
        #expect(try onAccount([told(10_000, id: "p1"), pays("p1", 6_000), pays("p1", 4_000)]) == [])
        // More than all of it leaves nothing, and takes nothing from another one.
        #expect(
            try onAccount([told(10_000, id: "p1"), pays("p1", 12_000), told(500, id: "p2")]) == ["5.00 EUR"])
    }

    @Test func `What it pays in another currency is taken for all of it`() throws {
        #expect(try onAccount([told(10_000, id: "p1"), pays("p1", 100, currency: .usd)]) == [])
    }

    @Test func `Money that went back lowers it, and never below nothing`() throws {
        #expect(try onAccount([told(10_000, id: "p1"), told(-3_000, id: "p2")]) == ["70.00 EUR"])
        #expect(try onAccount([told(1_000, id: "p1"), told(-3_000, id: "p2")]) == [])
    }

    @Test func `It counts by the word of ledgers and of what is pulled, after the bank's last day`() throws {
        #expect(try onAccount([told(10_000, id: "p1")], format: "xaf") == ["100.00 EUR"])
        #expect(try onAccount([told(10_000, id: "p1")], format: "csv") == [])
        #expect(try onAccount([told(10_000, id: "p1")], after: "2026-03-09") == ["100.00 EUR"])
        #expect(try onAccount([told(10_000, id: "p1")], after: "2026-03-10") == [])
    }

    @Test func `What a system tells is no day of the bank`() throws {
        let books = try TestBooks()
        try books.load([Make.invoice("F-1", 100_000, id: "1")])
        func bankDay() throws -> Day? {
            try books.store.read { try $0.lastBankDay(company: "acme", ledgers: ["xaf"]) }
        }
        try books.load([told(10_000, id: "p1", booked: "2026-03-20")], format: "pull", mapping: "mollie-payments")
        #expect(try bankDay() == nil)
        try books.load([Make.payment(700, id: "k1", booked: "2026-03-12")], source: "bank", format: "camt.053")
        #expect(try bankDay() == "2026-03-12")
    }
}
