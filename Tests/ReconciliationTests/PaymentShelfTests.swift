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
        all.isBetweenAccounts = true
        all.originalAmount = Money(minorUnits: 120, currency: .eur)
        all.stated = StatedParts(interest: 1, fine: 2, discount: 3, fee: 4)
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

    @Test("What is let go of is let go of in stretches, and what comes behind is as it was")
    func letGo() {
        let texts = ["a", "b"].map { String(repeating: $0, count: 1 << 20) }
        let payments = (0..<80).map { place in
            var payment = Self.payment("P\(place)")
            payment.remittance = texts[place % 2]
            return payment
        }
        var shelf = PaymentShelf(payments)
        #expect(shelf.stretchCount == 3)
        #expect(shelf.heldBytes > 80 << 20)
        shelf.letGo(before: 50)
        #expect(shelf.heldBytes < 50 << 20)
        #expect((50..<80).allSatisfy { shelf[$0] == payments[$0] })
        shelf.letGo(before: 80)
        #expect(shelf.heldBytes == 0)
    }

    @Test("A payment that is decided out of its turn is needed until then")
    func firstNeeded() {
        let payments = (0..<600).map { place in
            MatchPayment(
                id: "P\(1000 + place)", amount: place == 3 ? -100 : 100, currency: .eur, bookedOn: Day(number: 20_000))
        }
        let dockets = Workspace(items: [], customers: []).begin(payments).dockets
        // What went out comes last on its day.
        #expect((0...3).map { dockets.firstNeeded(from: $0) } == [0, 3, 3, 600])
    }
}
