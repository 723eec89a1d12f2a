// SPDX-License-Identifier: Apache-2.0

import Documents

/// What a payment's text says about items, sorted by what can be done about it.
struct NamedItems {
    /// Mentions of items that can take money, by customer in ascending order.
    var groups: [(customer: Int32, mentions: [Mention])] = []
    var closed: [Mention] = []
    var foreign: [Mention] = []
    var future: [Mention] = []
}

extension Workspace {
    /// The decision that the named items lead to; nil when nothing that counts is named.
    func decideNamed(_ matter: Matter) -> Decision? {
        let named = sort(matter)
        var winners: [[Match]] = []
        for group in named.groups {
            let matches = explain(group.customer, group.mentions, matter)
            if !matches.isEmpty { winners.append(matches) }
        }
        winners = preferred(winners, matter)
        if winners.count == 1, let match = winners[0].first {
            if winners[0].count > 1 {
                return review(matter, .ambiguous, winners[0], "More than one way to settle the named items fits")
            }
            return judge(match, named, matter)
        }
        if winners.count > 1 {
            return review(
                matter, .ambiguous, winners.compactMap(\.first),
                "Items of different customers are named and fit equally")
        }
        // The payer's own item in full is no slip for another one, if it cannot take this money.
        let isOwn = (named.foreign + named.future).contains { mention in
            isCredible(mention, matter)
                && matter.payer.standing(catalogue.customerOf[Int(mention.item)], catalogue) >= .named
        }
        if let decision = decideSeveral(named, matter) { return decision }
        // Nor is what a payment names whose other part settled it.
        if !isOwn, !matter.payment.isPart, let decision = decideMistyped(matter) { return decision }
        let credible = named.groups.filter { $0.mentions.contains { isCredible($0, matter) } }
        if let group = credible.first {
            if credible.count > 1 { return differs(credible.flatMap(\.mentions), group.customer, matter) }
            return unequal(group.customer, group.mentions.filter { isCredible($0, matter) }, named, matter)
        }
        return vetoed(named, matter)
    }

    private func sort(_ matter: Matter) -> NamedItems {
        var named = NamedItems()
        let day = matter.day
        for mention in matter.reading.mentions where !isOwnNumber(mention, matter) {
            let item = catalogue.facts[Int(mention.item)]
            if item.currency != matter.currency {
                named.foreign.append(mention)
            } else if balances.available(mention.item, catalogue, on: day) == 0 {
                named.closed.append(mention)
            } else if item.issuedOn > day + policy.prepaymentDaysMax {
                named.future.append(mention)
            } else {
                let customer = catalogue.customerOf[Int(mention.item)]
                if let place = named.groups.firstIndex(where: { $0.customer == customer }) {
                    named.groups[place].mentions.append(mention)
                } else {
                    named.groups.append((customer, [mention]))
                }
            }
        }
        named.groups.sort { $0.customer < $1.customer }
        return named
    }

    /// The first of the nested sets of mentions, most certain first, that explains the amount.
    private func explain(_ customer: Int32, _ mentions: [Mention], _ matter: Matter) -> [Match] {
        // Most payments name one thing, or several in full: every nested set is the same then.
        if mentions.allSatisfy({ !$0.isDoubtful && $0.how <= .wrapped }) {
            return explain(set: mentions, customer, matter)
        }
        let sure = mentions.filter { !$0.isDoubtful && $0.how <= .abbreviated }
        let plain = sure.filter { $0.how <= .range }
        let sets = [
            sure, plain, sure.filter { $0.how <= .spelled }, sure.filter { $0.how <= .wrapped },
            mentions.filter { !$0.isDoubtful },
            mentions.filter { $0.how == .order },
            mentions.filter { $0.how <= .abbreviated }, mentions.filter(\.isDoubtful),
        ]
        for set in sets where !set.isEmpty {
            let matches = explain(set: set, customer, matter)
            if !matches.isEmpty { return matches }
        }
        return []
    }

    private func explain(set: [Mention], _ customer: Int32, _ matter: Matter) -> [Match] {
        let day = matter.day
        if set.count == 1 { return explain([set[0].item], of: customer, matter.amount, on: day, mentions: set) }
        var places: [Int32: [Int32]] = [:]
        var order: [Int32] = []
        for mention in set {
            if places[mention.place] == nil { order.append(mention.place) }
            if places[mention.place]?.contains(mention.item) != true {
                places[mention.place, default: []].append(mention.item)
            }
        }
        var all: [Int32] = []
        for place in order {
            for item in places[place] ?? [] where !all.contains(item) { all.append(item) }
        }
        let whole = explain(all, of: customer, matter.amount, on: day, mentions: set)
        let isOnePlace = order.allSatisfy { places[$0] == places[order[0]] }
        if !whole.isEmpty || !isOnePlace || all.count == 1 { return whole }
        return explain(oneOf: all, customer, set, matter)
    }

    /// One number, several open items: instalments of one invoice, or a number that was used twice.
    private func explain(
        oneOf items: [Int32], _ customer: Int32, _ set: [Mention], _ matter: Matter
    ) -> [Match] {
        var found: [Match] = []
        for item in items {
            found += explain(
                [item], of: customer, matter.amount, on: matter.day,
                mentions: set.filter { $0.item == item })
        }
        let exact = found.filter { $0.shape == .exact }
        if !exact.isEmpty { found = exact }
        guard isOneInvoice(items) else { return found }
        // The debtor's own designation comes first.
        if let said = instalment(of: items, set, matter), let named = found.first(where: { $0.shares[0].item == said })
        {
            return [named]
        }
        // Equal instalments of one invoice are no ambiguity: the one that is due first is paid first.
        let inOrder = byDueDay(items)
        if let earliest = inOrder.lazy.compactMap({ item in found.first { $0.shares[0].item == item } }).first {
            return [earliest]
        }
        for count in 2..<max(2, inOrder.count) {
            let first = explain(
                Array(inOrder.prefix(count)), of: customer, matter.amount, on: matter.day,
                mentions: set
            ).filter { $0.shape == .exact }
            if !first.isEmpty { return first }
        }
        return []
    }

    /// The instalment that the text names among these of one invoice: `2026-1604/2`, `2e termijn`.
    private func instalment(of items: [Int32], _ set: [Mention], _ matter: Matter) -> Int32? {
        guard let first = items.first, let count = matter.reading.text.instalment(behind: set.map(\.to)) else {
            return nil
        }
        let all = self.items(of: catalogue.customerOf[Int(first)]).filter { catalogue.areOfOneInvoice($0, first) }
        let inOrder = byDueDay(all)
        return (1...max(1, inOrder.count)).contains(count) && !inOrder.isEmpty ? inOrder[count - 1] : nil
    }

    func isOneInvoice(_ items: [Int32]) -> Bool {
        guard let first = items.first else { return false }
        return items.allSatisfy { catalogue.areOfOneInvoice($0, first) }
    }

    private func byDueDay(_ items: [Int32]) -> [Int32] {
        items.sorted { left, right in
            // Places are in the order of the ids.
            (catalogue.facts[Int(left)].dueOn, left) < (catalogue.facts[Int(right)].dueOn, right)
        }
    }

    /// Where several customers' items fit, only mentions that stand by themselves keep their group in.
    private func preferred(_ winners: [[Match]], _ matter: Matter) -> [[Match]] {
        guard winners.count > 1 else { return winners }
        let standing = winners.filter { matches in
            matches.contains { matter.payer.standing($0.customer, catalogue) >= .named }
        }
        let sure = winners.filter { matches in
            matches.contains { $0.mentions.contains { !$0.isDoubtful && ($0.digits == 0 || $0.how.isReference) } }
        }
        if standing.count == 1, sure.isEmpty || sure.contains(where: { $0[0].customer == standing[0][0].customer }) {
            return standing
        }
        return standing.isEmpty && sure.count == 1 ? sure : winners
    }

    /// An explained payment: automatic unless something speaks against it.
    private func judge(_ match: Match, _ named: NamedItems, _ matter: Matter) -> Decision {
        // Who says that more will come takes no discount and keeps no credit.
        if match.shape != .exact, matter.reading.text.saysInstalment {
            return unequal(match.customer, match.mentions, named, matter)
        }
        if let doubt = doubt(match, named, matter) { return review(matter, doubt.rule, doubt.matches, doubt.why) }
        return settle(matter, rule(for: match, match.weakest ?? .order), match)
    }

    private func rule(for match: Match, _ how: Mention.How) -> Rule {
        switch match.shape {
        case .silentCredit: return .numberCredit
        case .discount: return how.isReference ? .refDiscount : .numberDiscount
        case .lateDiscount: return .numberDiscountLate
        case .withheld: return .numberWithholding
        case .fee: return .numberFee
        case .exact, .part, .over, .differs: break
        }
        if match.shares.count > 1 { return .numbersSum }
        switch how {
        case .referenceField: return .refFieldExact
        case .referenceText: return .refTextExact
        case .order: return .orderExact
        case .number, .wrapped, .spelled, .range, .abbreviated: return .numberExact
        }
    }

    /// Named for certain, but the amount is neither all of it nor explained: a part, more, or a list with a gap.
    private func unequal(
        _ customer: Int32, _ mentions: [Mention], _ named: NamedItems, _ matter: Matter
    ) -> Decision {
        let day = matter.day
        let amount = matter.amount
        var items: [Int32] = []
        for mention in mentions where !items.contains(mention.item) { items.append(mention.item) }
        let sum = items.reduce(Int64(0)) { $0 &+ balances.available($1, catalogue, on: day) }
        guard let item = items.first, isOneInvoice(items), sum > 0 else {
            return differs(mentions, customer, matter)
        }
        // Part of an invoice in instalments fills the instalments in the order in which they are due.
        var left = amount
        var shares: [Match.Share] = []
        for instalment in byDueDay(items) {
            let cash = min(left, max(0, balances.available(instalment, catalogue, on: day)))
            if cash > 0 { shares.append(Match.Share(item: instalment, cash: cash)) }
            left -= cash
        }
        let match = Match(
            customer: customer, shares: shares, shape: amount > sum ? .over : .part, mentions: mentions)
        if amount > sum {
            if let decision = completed(customer, mentions, matter) { return decision }
            return review(matter, .numberOver, [match], "The payment is more than the named item")
        }
        if let reduced = discountOfRest(item, match, matter) {
            return review(matter, .numberPart, [reduced, match], "It is what is left of the item, less its discount")
        }
        if let decision = lessDiscount(item, match, matter) { return decision }
        if let doubt = doubtAboutPart(item, match, named, matter) { return review(matter, .numberPart, [match], doubt) }
        return settleBesideRest(item, match, matter) ?? settleShort(item, match, .numberPart, matter)
    }

    private func differs(_ mentions: [Mention], _ customer: Int32, _ matter: Matter) -> Decision {
        if let decision = completed(customer, mentions, matter) { return decision }
        var left = matter.amount
        var shares: [Match.Share] = []
        var seen: [Int32] = []
        for mention in mentions where !seen.contains(mention.item) {
            seen.append(mention.item)
            let whole = balances.available(mention.item, catalogue, on: matter.day)
            if whole < 0 { left -= whole }
        }
        for item in seen {
            let whole = balances.available(item, catalogue, on: matter.day)
            let cash = whole < 0 ? whole : min(whole, left)
            guard cash != 0 else { continue }
            shares.append(Match.Share(item: item, cash: cash))
            if whole > 0 { left -= cash }
        }
        let match = Match(customer: customer, shares: shares, shape: .differs, mentions: mentions)
        // One of them alone may be what is paid: the other number is then an order's, or an earlier payment's.
        let alone = seen.filter { balances.available($0, catalogue, on: matter.day) == matter.amount }.map { item in
            Match(
                customer: catalogue.customerOf[Int(item)], shares: [Match.Share(item: item, cash: matter.amount)],
                shape: .exact, mentions: mentions.filter { $0.item == item })
        }
        return review(matter, .numbersDiffer, alone + [match], whyDiffers(seen, matter))
    }

    /// Only items that cannot take this money are named: that forbids weaker evidence.
    private func vetoed(_ named: NamedItems, _ matter: Matter) -> Decision? {
        if let mention = named.foreign.first(where: { isCredible($0, matter) }) {
            return otherCurrency(mention, matter)
        }
        let closed = named.closed.filter { isCredible($0, matter) }
        if let mention = closed.first { return overpaid(closed, matter) ?? repeated(mention, matter) }
        guard let mention = named.future.first(where: { isCredible($0, matter) }) else { return nil }
        let item = catalogue.items[Int(mention.item)]
        return review(matter, .weak, [], "The named item \(item.number) was issued long after the payment")
    }

    /// What is left of a payment that settled what it names: it was more than that asked for.
    private func overpaid(_ mentions: [Mention], _ matter: Matter) -> Decision? {
        guard matter.payment.isPart else { return nil }
        var settled: [Int32] = []
        var whole: Int64?
        for mention in mentions where !settled.contains(mention.item) {
            guard let place = memory.settling(mention.item).first(where: { memory.id($0) == matter.payment.id }) else {
                continue
            }
            settled.append(mention.item)
            whole = memory.seen(place).amount
        }
        guard let first = settled.first, let whole else { return nil }
        let rests = takingRest(catalogue.customerOf[Int(first)], matter)
        let why =
            "\(matter.money) of the payment's \(matter.text(whole)) is more than \(list(settled)) asked for, which it settled"
        var decision = unclaimed(review(matter, .closedItem, rests, why + Self.whatRests(rests)))
        if matter.payer.standing(catalogue.customerOf[Int(first)], catalogue) >= .named {
            decision.customerID = catalogue.items[Int(first)].customerID
        }
        return decision
    }

    private static func whatRests(_ rests: [Match]) -> String {
        rests.isEmpty ? "" : ", and what is left of the payment is what is open of another"
    }

    /// The named item is settled: the same money twice, or something a person must look at. What is left of a payment is
    /// no payment of that amount.
    private func repeated(_ mention: Mention, _ matter: Matter) -> Decision {
        let item = catalogue.items[Int(mention.item)]
        let (payment, payer) = (matter.payment, matter.payer)
        for place in memory.settling(mention.item).reversed() where !payment.isPart {
            let earlier = memory.seen(place)
            guard !earlier.isReturned, earlier.amount == payment.amount, earlier.currency == payment.currency
            else { continue }
            var decision = review(
                matter, .duplicate, [],
                "\(item.number) was settled by payment \(memory.id(place)) of the same amount, booked "
                    + "\(earlier.bookedOn): this looks like the same money twice")
            decision.counterpartID = memory.id(place)
            // From another customer's own account it is theirs, with a wrong number or not.
            let owner = catalogue.customerOf[Int(mention.item)]
            if payer.standing(owner, catalogue) >= .named || payer.certain.isEmpty && payer.named.isEmpty {
                decision.customerID = item.customerID
            }
            return decision
        }
        let rests = takingRest(catalogue.customerOf[Int(mention.item)], matter)
        let why = "The named item \(item.number) is already settled"
        var decision = unclaimed(review(matter, .closedItem, rests, why + Self.whatRests(rests)))
        if matter.payer.standing(catalogue.customerOf[Int(mention.item)], catalogue) >= .named {
            decision.customerID = item.customerID
        }
        return decision
    }
}
