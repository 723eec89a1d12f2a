// SPDX-License-Identifier: Apache-2.0

import Documents
import Reconciliation
import Testing

/// Payments that wait lie side by side as bytes, and each comes back as it was.
struct PaymentShelfTests {
    private static func payment(_ id: String, _ day: Int32 = 20_000) -> MatchPayment {
        MatchPayment(id: id, amount: 100, currency: .eur, bookedOn: Day(number: day))
    }

    @Test(
        "Every field comes back, whatever its text's length, and none is not empty",
        arguments: [nil, "", "x", "Müller", String(repeating: "ü", count: 63), String(repeating: "a", count: 20_000)])
    func fields(_ text: String?) {
        let texts: [WritableKeyPath<MatchPayment, String?>] = [
            \.payerName, \.payerAccount, \.remittance, \.structuredReference, \.endToEndID, \.bankCode, \.reverses,
            \.returnReason, \.customerID,
        ]
        var payments = [Self.payment("P0")]
        for field in texts {
            var one = Self.payment("P\(payments.count)")
            one[keyPath: field] = text
            payments.append(one)
        }
        var all = Self.payment("P99")
        for field in texts { all[keyPath: field] = text }
        all.amount = -7
        all.valuedOn = Day(number: 20_001)
        all.isPart = true
        all.originalAmount = Money(minorUnits: 120, currency: .eur)
        all.stated = StatedParts(interest: 1, fine: 2, discount: 3)
        payments.append(all)
        #expect(Array(PaymentShelf(payments)) == payments)
    }

    @Test("They are put into the order of their days and ids, and are not touched where they are in it")
    func order() throws {
        let unordered = PaymentShelf([Self.payment("P2", 2), Self.payment("P3", 1), Self.payment("P1", 2)])
        let ordered = unordered.arranged(try #require(unordered.order()))
        #expect(ordered.map(\.id) == ["P3", "P1", "P2"])
        #expect(ordered.order() == nil)
        #expect(PaymentShelf().order() == nil)
    }
}
