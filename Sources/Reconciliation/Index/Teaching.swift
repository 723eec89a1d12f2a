// SPDX-License-Identifier: Apache-2.0

import Documents

/// What settled payments teach: for whom a payer pays, and how a customer pays.
extension Workspace {
    /// What a settled payment teaches; the same when it is read back from the books.
    func teach(_ docket: Docket, _ place: Int32, _ lines: [Line]) {
        teachHabits(at: place, lines)
        learnPayer(at: place, docket.account ?? docket.name?.canonical, lines)
    }

    /// - Parameters:
    ///   - place: where memory keeps the payment.
    ///   - lines: what it settled.
    ///   - customers: whose habits are learned; nil for everybody's.
    func teachHabits(at place: Int32, _ lines: [Line], only customers: Set<Int32>? = nil) {
        let seen = memory.seen(place)
        guard seen.amount > 0, seen.rule != .providerPayout, memory.name(place)?.isProvider != true else { return }
        learnHabit(from: Self.netted(lines[...]), on: seen.bookedOn, settledAt: place, only: customers)
    }

    /// What credit notes free is part of the cash that the claims show: without it, as the books keep the cash.
    private static func netted(_ lines: ArraySlice<Line>) -> ArraySlice<Line> {
        guard lines.contains(where: { $0.cash < 0 }) else { return lines }
        var netted = lines
        for credit in netted.indices {
            for claim in netted.indices where netted[credit].cash < 0 && netted[claim].cash > 0 {
                let amount = min(netted[claim].cash, 0 - netted[credit].cash)
                netted[claim].cash -= amount
                netted[credit].cash += amount
            }
        }
        return netted
    }

    /// Learns for whom the payer pays: by the account, and by the name where there is no account and the name tells nothing.
    ///
    /// - Parameters:
    ///   - place: where memory keeps the payment.
    ///   - text: the account or the name, as memory keeps it.
    func learnPayer(at place: Int32, _ text: [UInt8]?, _ lines: [Line]) {
        let seen = memory.seen(place)
        guard seen.isTelling else { return }
        let name = memory.name(place)
        if seen.accountKey == nil {
            guard let name, !name.isProvider, name.canonical.count >= Self.aliasMin else { return }
        }
        for customer in customers(paidBy: lines, isSeveral: seen.isByPerson) {
            guard
                forgotten.isEmpty
                    || forgotten.teachesPayer(text, catalogue.customers[Int(customer)].id, on: seen.bookedOn),
                seen.accountKey != nil || name?.isLike(customer, catalogue) == false
            else { continue }
            memory.learn(seen.payerKey, text, paysFor: customer) { [self] in
                isOthers(seen.accountKey, text, name, than: customer)
            }
        }
    }

    /// A shorter name is anybody's.
    private static let aliasMin = 5

    /// Whose items lines pay, in their order.
    ///
    /// - Parameter isSeveral: they may be of several customers.
    func customers(paidBy lines: [Line], isSeveral: Bool) -> [Int32] {
        var customers: [Int32] = []
        for line in lines where !isSeveral || line.cash > 0 {
            guard let item = catalogue.place(of: line) else { continue }
            let customer = catalogue.customerOf[Int(item)]
            if customer >= 0, !customers.contains(customer) { customers.append(customer) }
            if !isSeveral { break }
        }
        return customers
    }

    /// Whether a payer is another customer, by the master data or by the name: then one payment may have named the wrong
    /// item, and does not teach that it pays for this customer.
    private func isOthers(_ key: UInt64?, _ account: [UInt8]?, _ name: PayerName?, than customer: Int32) -> Bool {
        let least: PartyName.Likeness = key == nil ? .partial : .full
        if let name, name.likeness >= least, !name.isLike(customer, catalogue) { return true }
        guard let key, let account else { return false }
        let owners = catalogue.accounts.owners(of: account, key, limit: 16)
        return !owners.isEmpty && !owners.contains(customer)
            && !catalogue.parentAccounts.owners(of: account, key, limit: 64).contains(customer)
    }
}
