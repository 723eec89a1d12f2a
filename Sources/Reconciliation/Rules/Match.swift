// SPDX-License-Identifier: Apache-2.0

import Documents

/// A way to spend a payment on items: which, how much cash each, and what settles the rest.
struct Match {
    enum Shape: Equatable {
        case exact
        case discount
        case lateDiscount(days: Int)
        /// A credit note that the text does not name explains the difference.
        case silentCredit
        /// Less the tax that the customer withholds, as in so many other payments.
        case withheld(seen: Int)
        /// Less a bank's fee, as in so many other payments.
        case fee(seen: Int)
        case part
        case over
        case differs
    }

    struct Share: Hashable {
        var item: Int32
        var cash: Int64
        var discount: Int64 = 0
    }

    var customer: Int32
    var shares: [Share]
    var shape: Shape
    var mentions: [Mention]

    /// Why the shares' discounts are given.
    var reason: Line.Reason {
        switch shape {
        case .withheld: .withholding
        case .fee: .fee
        default: .discount
        }
    }

    /// The strongest way in which the weakest-named item is named.
    var weakest: Mention.How? {
        var weakest: Mention.How?
        for share in shares where share.cash > 0 {
            var strongest: Mention.How?
            for mention in mentions where mention.item == share.item {
                strongest = min(strongest ?? mention.how, mention.how)
            }
            guard let how = strongest else { continue }
            weakest = max(weakest ?? how, how)
        }
        return weakest
    }
}

extension Workspace {
    /// The lines that a match stands for; a late discount is proposed, never taken.
    func lines(_ match: Match, on day: Day) -> (lines: [Line], proposed: [Line]) {
        var lines: [Line] = []
        var proposed: [Line] = []
        lines.reserveCapacity(match.shares.count)
        for share in match.shares {
            let id = catalogue.items[Int(share.item)].id
            let proof = balances.proof(share.item, catalogue, on: day)
            let proves = share.cash > 0 ? max(0, min(proof, share.cash)) : min(0, max(proof, share.cash))
            var paid = Line(
                itemID: id, reason: share.cash < 0 ? .credit : .cash, cash: share.cash, proves: proves)
            paid.place = share.item
            lines.append(paid)
            guard share.discount > 0 else { continue }
            var line = Line(itemID: id, reason: match.reason, cash: 0, adjustment: share.discount)
            line.place = share.item
            if isGranted(match.shape, share.discount) { lines.append(line) } else { proposed.append(line) }
        }
        return (lines, proposed)
    }

    /// Whether policy lets the adjustment go with the cash.
    func isGranted(_ shape: Match.Shape, _ amount: Int64) -> Bool {
        guard case .lateDiscount(let days) = shape else { return true }
        return days <= policy.lateDiscountDaysMax && amount <= policy.lateDiscountMax
    }

    /// What the named items, taken together, make of an amount; nil when they do not explain it.
    func explain(
        _ items: [Int32], of customer: Int32, _ amount: Int64, on day: Day, mentions: [Mention]
    ) -> [Match] {
        if items.count == 1, amount > 0, balances.available(items[0], catalogue, on: day) == amount {
            let share = Match.Share(item: items[0], cash: amount)
            return [Match(customer: customer, shares: [share], shape: .exact, mentions: mentions)]
        }
        var sum: Int64 = 0
        var discounted: Int64 = 0
        var shares: [Match.Share] = []
        var reduced: [Match.Share] = []
        for item in items {
            let whole = balances.available(item, catalogue, on: day)
            let discount =
                whole > 0 ? balances.discount(item, catalogue, on: day) : 0
            let (next, overflow) = sum.addingReportingOverflow(whole)
            guard !overflow else { return [] }
            sum = next
            discounted &+= whole - discount
            shares.append(Match.Share(item: item, cash: whole))
            reduced.append(Match.Share(item: item, cash: whole - discount, discount: discount))
        }
        func match(_ shares: [Match.Share], _ shape: Match.Shape) -> Match {
            Match(customer: customer, shares: shares, shape: shape, mentions: mentions)
        }
        guard sum > 0 else { return [] }
        if sum == amount { return [match(shares, .exact)] }
        var found: [Match] = []
        if items.count == 1,
            let fit = balances.fit(items[0], amount, catalogue, on: day)
        {
            switch fit {
            case .exact: return [match([Match.Share(item: items[0], cash: amount)], .exact)]
            case .discount(let value):
                found.append(match([Match.Share(item: items[0], cash: amount, discount: value)], .discount))
            case .lateDiscount(let value, let days):
                found.append(
                    match([Match.Share(item: items[0], cash: amount, discount: value)], .lateDiscount(days: days)))
            }
        } else if items.count > 1, discounted == amount, discounted < sum {
            found.append(match(reduced, .discount))
        }
        if amount < sum {
            for credits in credits(of: customer, worth: amount - sum, besides: items, on: day) {
                let netted = credits.map {
                    Match.Share(item: $0, cash: balances.available($0, catalogue, on: day))
                }
                found.append(match(shares + netted, .silentCredit))
            }
        }
        return found
    }

    /// Sets of one to three of the customer's open credit notes that come to exactly this (negative) amount.
    ///
    /// Larger sets are looked for only among few notes: among many, some set fits any amount.
    private func credits(
        of customer: Int32, worth amount: Int64, besides items: [Int32], on day: Day
    ) -> [[Int32]] {
        guard customer >= 0 else { return [] }
        let currency = items.first.map { catalogue.facts[Int($0)].currency }
        // Whether it is not rather a fee is a question of how they pay: that is asked for at once.
        if let currency, isFee(0 - amount, currency) { part.asks(allOf: customer) }
        let notes = credits(of: customer).filter {
            balances.available($0, catalogue, on: day) < 0 && !items.contains($0)
                && catalogue.facts[Int($0)].issuedOn <= day && catalogue.facts[Int($0)].currency == currency
        }
        let worth = notes.map { balances.available($0, catalogue, on: day) }
        var found: [[Int32]] = []
        for (first, note) in notes.enumerated() where worth[first] == amount { found.append([note]) }
        guard found.isEmpty, notes.count <= 8 else { return found }
        for first in notes.indices {
            for second in notes.indices where second > first {
                let pair = worth[first] &+ worth[second]
                if pair == amount { found.append([notes[first], notes[second]]) }
                for third in notes.indices where third > second && pair &+ worth[third] == amount {
                    found.append([notes[first], notes[second], notes[third]])
                }
            }
        }
        return found
    }
}
