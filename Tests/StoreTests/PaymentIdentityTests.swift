// SPDX-License-Identifier: Apache-2.0
import Documents
import Store
import Testing

/// A bank's reference is one within an account and its currency.
@Suite struct PaymentIdentityTests {
    static func payment(_ currency: Currency, account: String, _ amount: Int64) -> Document {
        var payment = Payment(
            amount: Money(minorUnits: amount, currency: currency), bookedOn: "2026-03-10",
            provenance: Provenance(.init(sha256: "", name: "bank", format: "camt.053"), at: .file))
        payment.id = "REF/01"
        payment.account = account
        return .payment(payment)
    }

    static let euro = payment(.eur, account: "NL91ABNA0417164300", 10_000)
    static let dollar = payment(.usd, account: "NL91ABNA0417164300", 20_000)
    static let other = payment(.eur, account: "DE89370400440532013000", 30_000)

    @Test(
        "The same reference in another account or currency is another payment, in one file or in three",
        arguments: [[[euro, dollar, other]], [[euro], [dollar], [other]], [[other], [euro, dollar]]])
    func accounts(_ files: [[Document]]) throws {
        let books = try TestBooks()
        for documents in files { try books.load(documents, source: "documents", format: "camt.053") }
        let payments = try books.store.read { try $0.payments(company: "acme") }
        #expect(payments.map(\.payment.amount.minorUnits).sorted() == [10_000, 20_000, 30_000])
        #expect(try books.violations() == [])
    }

    private func entry(_ day: Day, _ amount: Int64, _ payer: String?, _ text: String?, id: String = "REF/01")
        -> Document
    {
        guard case .payment(var payment) = Self.payment(.eur, account: "NL91ABNA0417164300", amount) else {
            preconditionFailure("a payment")
        }
        (payment.id, payment.bookedOn, payment.payerAccount, payment.remittance) = (id, day, payer, text)
        return .payment(payment)
    }

    private struct Line: Hashable {
        let day: Day
        let amount: Int64
    }

    private func lines(_ books: TestBooks) throws -> [Line] {
        try books.store.read { try $0.payments(company: "acme") }
            .map { Line(day: $0.payment.bookedOn, amount: $0.payment.amount.minorUnits) }
            .sorted { ($0.day, $0.amount) < ($1.day, $1.amount) }
    }

    @Test("A reference that a bank uses again is another entry, whether or not the files come again")
    func usedAgain() throws {
        let books = try TestBooks()
        let files = [
            [entry("2026-03-10", 10_000, "DE01", "INV-1001")], [entry("2026-03-13", 10_000, "DE02", "INV-1002")],
            [entry("2026-03-16", 7_000, "DE02", "INV-1003")], [entry("2026-03-16", -7_000, "DE02", "INV-1003")],
        ]
        let expected = [
            Line(day: "2026-03-10", amount: 10_000), Line(day: "2026-03-13", amount: 10_000),
            Line(day: "2026-03-16", amount: -7_000), Line(day: "2026-03-16", amount: 7_000),
        ]
        for (number, file) in files.enumerated() {
            let outcome = try books.load(file, source: "bank", format: "camt.053", bytes: "\(number)")
            #expect(outcome.payments.new == 1 && outcome.exceptions.isEmpty)
        }
        #expect(try lines(books) == expected)
        for (number, file) in files.reversed().enumerated() {
            let outcome = try books.load(file, source: "bank", format: "camt.053", bytes: "again \(number)")
            #expect(outcome.payments.new == 0 && outcome.payments.changed == 0)
        }
        #expect(try lines(books) == expected)
        #expect(try books.violations() == [])
    }

    @Test(
        "A statement that comes again with more words, or with one thing corrected, states the same entry",
        arguments: [
            ("DE01", "SEPA INV-1001 THANK YOU", "2026-03-10", 10_000), ("DE01", "INV-1001", "2026-03-11", 10_000),
            ("DE01", "INV-1001", "2026-03-10", 9_000), (nil, nil, "2026-03-11", 10_000),
        ] as [(String?, String?, Day, Int64)])
    func comesAgain(_ payer: String?, _ text: String?, _ day: Day, _ amount: Int64) throws {
        let books = try TestBooks()
        try books.load([entry("2026-03-10", 10_000, "DE01", "INV-1001")], source: "bank", format: "camt.053")
        try books.load([entry(day, amount, payer, text)], source: "bank", format: "camt.053")
        #expect(try lines(books) == [Line(day: day, amount: amount)])
    }

    @Test("A program's payment stays one, and a person hears that its day and its payer are others now")
    func program() throws {
        let books = try TestBooks()
        try books.load([entry("2026-03-10", 10_000, "DE01", "INV-1001")], mapping: "program")
        let outcome = try books.load([entry("2026-03-13", 10_000, "DE02", "INV-1002")], mapping: "program")
        #expect(outcome.exceptions.map(\.kind) == ["PAYMENT-CHANGED"])
        #expect(outcome.exceptions.first?.message.contains("another day and another payer and another text") == true)
        #expect(try lines(books) == [Line(day: "2026-03-13", amount: 10_000)])
    }

    @Test("Where its amount is another as well, one exception says all of it")
    func programWithAmount() throws {
        let books = try TestBooks()
        try books.load([entry("2026-03-10", 10_000, "DE01", "INV-1001")], mapping: "program")
        let outcome = try books.load([entry("2026-03-13", 9_000, "DE02", "INV-1002")], mapping: "program")
        #expect(outcome.exceptions.map(\.kind) == ["PAYMENT-CHANGED"])
        let message = try #require(outcome.exceptions.first?.message)
        #expect(message.contains("from 100.00 EUR to 90.00 EUR") && message.contains("another day and another payer"))
        #expect(try lines(books) == [Line(day: "2026-03-13", amount: 9_000)])
    }
}
