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
}
