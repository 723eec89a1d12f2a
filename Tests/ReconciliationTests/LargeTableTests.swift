// SPDX-License-Identifier: Apache-2.0

import Documents
import Reconciliation
import Testing

/// Large tables are filled part by part: nothing may be lost or found in another order for it.
struct LargeTableTests {
    private static let day = Day(number: 20_100)
    private static let count = 9_000

    /// Each customer has three items, two of them of one amount.
    private static func ledger() -> (items: [MatchItem], customers: [MatchCustomer]) {
        let customers = (0..<count / 3).map { MatchCustomer(id: "C\(100_000 + $0)", name: "Payer \(100_000 + $0)") }
        let items = (0..<count).map { place in
            let amount = Int64(100_003 + place - (place % 3 == 2 ? 1 : 0))
            return MatchItem(
                id: "I\(100_000 + place)", invoiceID: "I\(100_000 + place)", number: "RE-\(200_000 + place)",
                customerID: customers[place / 3].id, currency: .eur, issuedOn: day - 30, total: amount, open: amount)
        }
        return (items, customers)
    }

    private static func payment(_ place: Int, _ amount: Int64) -> MatchPayment {
        var payment = MatchPayment(
            id: "P\(100_000 + place)", amount: amount, currency: .eur, bookedOn: day)
        payment.payerName = "Payer \(100_000 + place / 3)"
        return payment
    }

    @Test("Every item of a large ledger is found by its number")
    func numbers() {
        let (items, customers) = Self.ledger()
        let payments = items.indices.map { place in
            var payment = Self.payment(place, items[place].open)
            payment.remittance = items[place].number
            return payment
        }
        let decisions = Workspace(items: items, customers: customers).run(payments)
        #expect(decisions.count == items.count)
        for (place, decision) in decisions.enumerated() {
            #expect(decision.verdict == .auto && decision.lines.map(\.itemID) == [items[place].id], "\(place)")
        }
    }

    @Test("Every item is found by its payer and its amount, and of two the older by its id comes first")
    func amounts() {
        let (items, customers) = Self.ledger()
        let firsts = stride(from: 0, to: Self.count, by: 3).map { $0 }
        let payments = firsts.flatMap { [Self.payment($0, items[$0].open), Self.payment($0 + 1, items[$0 + 1].open)] }
        let decisions = Workspace(items: items, customers: customers).run(payments)
        #expect(decisions.count == firsts.count * 2)
        for (index, first) in firsts.enumerated() {
            let (only, either) = (decisions[index * 2], decisions[index * 2 + 1])
            #expect(only.verdict == .auto && only.lines.map(\.itemID) == [items[first].id], "\(first)")
            #expect(either.verdict == .review && either.rule == .ambiguous, "\(first)")
            #expect(either.possibleItems == [items[first + 1].id, items[first + 2].id], "\(first)")
        }
    }
}
