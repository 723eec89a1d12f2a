// SPDX-License-Identifier: Apache-2.0

import Documents
import Reconciliation
import Testing

/// Keys, neighbourhood, decision: a few payments against a part of the ledger decide as against all of it.
struct NeighbourhoodTests {
    @Test("A day's payments decide the same on their neighbourhood as on everything", arguments: 1...6, [false, true])
    func sameAsEverything(_ seed: Int, _ sharesReferences: Bool) {
        let number = UInt64(seed) &+ 300
        var world = sharesReferences ? ReferenceRulesTests.world(number) : InvariantTests.world(number)
        let register = KeyRegister(items: world.items, customers: world.customers)
        let all = world.payments
        for day in stride(from: 0, to: all.count, by: 20) {
            world.payments = Array(all[day..<min(all.count, day + 20)])
            let part = Workspace(register.neighbourhood(of: world.payments))
            #expect(part.run(world.payments) == world.decide(), "seed \(seed), payments from \(day)")
        }
    }

    @Test(
        "A part of each customer's items, widened by what decisions ask for, decides as everything", arguments: 1...12,
        [false, true])
    func widened(_ seed: Int, _ sharesReferences: Bool) {
        let number = UInt64(seed) &+ 1300
        let world = sharesReferences ? ReferenceRulesTests.world(number) : InvariantTests.world(number)
        let fewest = Self.widen(world)
        #expect(fewest < world.items.count / 2 || sharesReferences)
    }

    /// Decides ten payments at a time on a part of the ledger, which is widened until nothing more is asked for.
    /// - Returns: Of how many items the smallest part was.
    static func widen(_ whole: Notation) -> Int {
        var world = whole
        let register = KeyRegister(items: world.items, customers: world.customers)
        let all = world.payments
        var fewest = Int.max
        for day in stride(from: 0, to: all.count, by: 10) {
            world.payments = Array(all[day..<min(all.count, day + 10)])
            var near = register.neighbourhood(of: world.payments)
            let patterns = NumberPatterns(near.frequencies.shapes.patterns)
            let texts = Set(world.payments.flatMap { MatchKeys($0, patterns).texts })
            let amounts = Set(world.payments.flatMap { MatchKeys($0, patterns).amounts })
            near.frequencies.listed = amounts
            let paid = Set(world.payments.map(\.amount))
            near.frequencies.amounts = near.frequencies.amounts.filter { paid.contains($0.key) }
            var whole: Set<String> = []
            var credited: Set<String> = []
            var listedOf: Set<CustomerAmount> = []
            var asked: Set<UInt64> = []
            var decisions: [Decision] = []
            for _ in 0..<10 {
                near.frequencies.searched = asked
                near.frequencies.whole = whole
                near.frequencies.credited = credited
                near.frequencies.listedOf = listedOf
                near.items = world.items.filter { item in
                    let customer = item.customerID ?? ""
                    return whole.contains(customer)
                        || credited.contains(customer) && (item.total < 0 || item.open < 0)
                        || MatchKeys(item).texts.contains { texts.contains($0) || asked.contains($0) }
                        || amounts.contains { Self.isSettled(item, by: $0) }
                        || listedOf.contains { $0.customer == customer && Self.isSettled(item, by: $0.amount) }
                }
                fewest = min(fewest, near.items.count)
                let part = Workspace(near)
                decisions = part.run(world.payments)
                let wanted = part.wanted
                if wanted.isEmpty { break }
                #expect(whole.isDisjoint(with: wanted.customers + wanted.credits + wanted.amounts.map(\.customer)))
                #expect(credited.isDisjoint(with: wanted.credits) && listedOf.isDisjoint(with: wanted.amounts))
                whole.formUnion(wanted.customers)
                credited.formUnion(wanted.credits)
                listedOf.formUnion(wanted.amounts)
                #expect(asked.isDisjoint(with: wanted.texts))
                asked.formUnion(wanted.texts)
                for amount in wanted.counts {
                    #expect(near.frequencies.amounts[amount] == nil)
                    near.frequencies.amounts[amount] = world.items.count { MatchKeys($0).amounts.contains(amount) }
                }
            }
            #expect(decisions == world.decide(), "payments from \(day)")
        }
        return fewest
    }

    /// What `KeyScope` finds an item by: all that it asks for, or less; of that one minor unit either way too.
    private static func isSettled(_ item: MatchItem, by amount: Int64) -> Bool {
        let settling = MatchKeys.settling(
            open: item.open, provable: item.provable, total: item.total, discounts: item.discounts)
        return MatchKeys(item).amounts.contains(amount) || settling.contains { (-1...1).contains($0 - amount) }
    }

    @Test("One payment's neighbourhood is a small part of the ledger")
    func small() {
        let world = InvariantTests.world(17)
        let register = KeyRegister(items: world.items, customers: world.customers)
        var payment = MatchPayment(id: "Z", amount: 123_456, currency: .eur, bookedOn: Notation.day("2025-03-01"))
        payment.remittance = world.items[3].number
        let near = register.neighbourhood(of: [payment])
        #expect(near.items.contains { $0.id == world.items[3].id })
        #expect(near.items.allSatisfy { $0.customerID == world.items[3].customerID })
        #expect(near.items.count < world.items.count / 3)
    }

    /// What the run settled becomes history and lower open amounts, as the ledger would say.
    private static func after(_ world: Notation, _ decisions: [Decision]) -> Notation {
        var next = world
        var settled: [String: Decision] = [:]
        for decision in decisions where decision.verdict == .auto || decision.verdict == .notReceivable {
            settled[decision.paymentID] = decision
        }
        var open: [String: Int64] = [:]
        var returned: Set<String> = []
        for decision in decisions where decision.verdict == .auto {
            for line in decision.lines { open[line.itemID, default: 0] += line.cash + line.adjustment }
            if decision.kind != .payment, let id = decision.counterpartID { returned.insert(id) }
        }
        for index in next.items.indices { next.items[index].open -= open[next.items[index].id] ?? 0 }
        for payment in world.payments {
            guard let decision = settled[payment.id], decision.verdict == .auto else { continue }
            next.history.append(
                PastPayment(
                    payment: payment, lines: decision.lines, isReturned: returned.contains(payment.id),
                    rule: decision.rule))
        }
        // What went back to its payer before it settled anything waits no more.
        next.payments = world.payments.filter { settled[$0.id] == nil && !returned.contains($0.id) }
        return next
    }

    /// How often an amount occurs is weighed when a decision is made; it is no part of what was decided.
    private static func plain(_ decision: Decision) -> Decision {
        var plain = decision
        plain.evidence = []
        return plain
    }

    @Test("Running again settles nothing new, and says the same of what waits", arguments: 1...40, [false, true])
    func rerun(_ seed: Int, _ sharesReferences: Bool) {
        let number = UInt64(seed) &+ 700
        let world = sharesReferences ? ReferenceRulesTests.world(number) : InvariantTests.world(number)
        let first = world.decide()
        let again = Self.after(world, first).decide()
        #expect(again.allSatisfy { $0.verdict != .auto }, "\(again.filter { $0.verdict == .auto })")
        var waiting: [String: Decision] = [:]
        for decision in first { waiting[decision.paymentID] = decision }
        for decision in again {
            let before = waiting[decision.paymentID].map { Self.plain($0) }
            #expect(before == Self.plain(decision), "\(Notation.text(decision))")
        }
    }

    @Test("Taking one settlement back and running again comes to the same lines", arguments: 1...4)
    func undo(_ seed: Int) throws {
        let world = InvariantTests.world(UInt64(seed) &+ 900)
        let first = world.decide()
        var done = Self.after(world, first)
        let decision = try #require(
            first.last { $0.verdict == .auto && $0.kind == .payment && $0.rule == .numberExact })
        for line in decision.lines {
            for index in done.items.indices where done.items[index].id == line.itemID {
                done.items[index].open += line.cash + line.adjustment
            }
        }
        let payment = try #require(world.payments.first { $0.id == decision.paymentID })
        done.history.removeAll { $0.payment.id == payment.id }
        done.payments.append(payment)
        let again = try #require(done.decide().first { $0.paymentID == payment.id })
        // Others that wait may want the same item by now; what it is proposed for is the same.
        #expect(again.lines == decision.lines)
    }
}
