// SPDX-License-Identifier: Apache-2.0

import Documents

/// What a payment's text says about items, sorted by what can be done about it.
private struct Named {
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
        if let decision = decideMistyped(matter) { return decision }
        let credible = named.groups.filter { $0.mentions.contains { isCredible($0, matter) } }
        if let group = credible.first {
            if credible.count > 1 { return differs(credible.flatMap(\.mentions), group.customer, matter) }
            return unequal(group.customer, group.mentions.filter { isCredible($0, matter) }, named, matter)
        }
        return vetoed(named, matter)
    }

    private func sort(_ matter: Matter) -> Named {
        var named = Named()
        let day = matter.day
        for mention in matter.reading.mentions {
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
        if mentions.allSatisfy({ !$0.isDoubtful && $0.how <= .range }) {
            return explain(set: mentions, customer, matter)
        }
        let sure = mentions.filter { !$0.isDoubtful && $0.how <= .abbreviated }
        let plain = sure.filter { $0.how <= .range }
        let sets = [
            sure, plain, mentions.filter { !$0.isDoubtful }, mentions.filter { $0.how == .order },
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

    private func isOneInvoice(_ items: [Int32]) -> Bool {
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

    /// A mention that may not be passed over: not a date, not digits that anybody's document could have.
    func isCredible(_ mention: Mention, _ matter: Matter) -> Bool {
        if mention.isDoubtful { return false }
        if mention.digits == 0 || mention.how.isReference || mention.digits >= 8 { return true }
        let standing = matter.payer.standing(catalogue.customerOf[Int(mention.item)], catalogue)
        if standing >= .named { return true }
        return standing == .unknown && matter.payer.certain.isEmpty && mention.digits >= 5
    }

    /// An explained payment: automatic unless something speaks against it.
    private func judge(_ match: Match, _ named: Named, _ matter: Matter) -> Decision {
        let standing = matter.payer.standing(match.customer, catalogue)
        let how = match.weakest ?? .order
        if standing == .contradicted {
            return review(
                matter, .payerConflict, [match], "The paying account belongs to another customer")
        }
        if named.closed.contains(where: { isCredible($0, matter) && $0.how <= .number && !isUsedCredit($0, of: match) })
            || named.foreign.contains(where: { isCredible($0, matter) && $0.how <= .number })
        {
            return review(
                matter, .ambiguous, [match], "The text also names an item that is settled or in another currency")
        }
        let strangers = named.groups.contains { group in
            group.customer != match.customer
                && group.mentions.contains { isCredible($0, matter) && $0.how <= .number }
        }
        if strangers, standing < .named || match.shares.count == 1 {
            return review(matter, .ambiguous, [match], "The text also names another customer's item")
        }
        if match.shares.contains(where: { isContested($0.item, matter) }) {
            return review(
                matter, .ambiguous, [match], "An earlier payment of the same amount may have been for the same item")
        }
        if let why = doubtAboutCredit(match, matter) {
            return review(matter, .ambiguous, [match] + withFee(match), why)
        }
        if standing < .named, accidents(match, matter) > policy.accidentsPerBillionMax {
            return review(
                matter, .weak, [match],
                "Digits alone name the item, many items ask for this amount, and the payer is not known")
        }
        return settle(matter, rule(for: match, how), match)
    }

    /// A credit note that nobody names, worth what the customer's bank is used to keep: one explanation is as good as
    /// the other.
    func doubtAboutCredit(_ match: Match, _ matter: Matter) -> String? {
        guard match.shape == .silentCredit, match.customer >= 0 else { return nil }
        let missing = match.shares.reduce(Int64(0)) { $0 - min(0, $1.cash) }
        guard isFee(missing, matter.currency),
            memory.habits(of: match.customer).sightings.contains(where: {
                isFee($0.missing, matter.currency)
            })
        else { return nil }
        return "The difference is an open credit note, or a fee as this customer's bank kept before"
    }

    /// The same items with the difference given up as a fee.
    private func withFee(_ match: Match) -> [Match] {
        let claims = match.shares.filter { $0.cash > 0 }
        guard claims.count == 1 else { return [] }
        var part = match
        part.shares = [
            Match.Share(item: claims[0].item, cash: match.shares.reduce(0) { $0 + $1.cash })
        ]
        part.shape = .part
        return [part]
    }

    /// A credit note of the same customer that was netted before the money came: naming it explains the amount.
    private func isUsedCredit(_ mention: Mention, of match: Match) -> Bool {
        catalogue.facts[Int(mention.item)].kind == .creditNote
            && catalogue.customerOf[Int(mention.item)] == match.customer && match.shape == .exact
    }

    /// Expected accidental hits per 10^9 payments: items of this amount times the chance of their digits in a text.
    private func accidents(_ match: Match, _ matter: Matter) -> Int64 {
        var best: Int64 = .max
        for mention in match.mentions {
            if mention.digits == 0 || mention.how == .referenceField { return 0 }
            if mention.isDoubtful { continue }
            var chance: Int64 = 1_000_000_000
            for _ in 0..<min(9, mention.telling) { chance /= 10 }
            let same = Int64(max(1, count(ofAmount: matter.amount)))
            best = min(best, chance * same * Int64(max(1, matter.reading.tries)))
        }
        return best
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
        case .number, .wrapped, .range, .abbreviated: return .numberExact
        }
    }

    /// Named for certain, but the amount is neither all of it nor explained: a part, more, or a list with a gap.
    private func unequal(
        _ customer: Int32, _ mentions: [Mention], _ named: Named, _ matter: Matter
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
        if let doubt = doubtAboutPart(item, match, named, matter) { return review(matter, .numberPart, [match], doubt) }
        return settleShort(item, match, .numberPart, matter)
    }

    /// Why less than the open amount may not simply be a part payment; nil when nothing speaks against it.
    private func doubtAboutPart(_ item: Int32, _ match: Match, _ named: Named, _ matter: Matter) -> String? {
        let payment = matter.payment
        let how = match.weakest ?? .order
        let whole = balances.available(item, catalogue, on: payment.bookedOn)
        let standing = matter.payer.standing(match.customer, catalogue)
        if standing < .named { return "It is less than the named item, and the payer is not known to be the customer" }
        if how > .wrapped { return "It is less than the item, which is not named in full" }
        // Behind a cut there may be a credit note; and where the text goes on to it, parts of other invoices.
        let rest = matter.reading.text.bytes.count - Int(match.mentions.map(\.to).max() ?? 0)
        if !how.isReference, matter.reading.text.isTruncated, rest >= 2 || hasCredits(match.customer, matter) {
            return "It is less than the named item, and the text may be cut off before what explains it"
        }
        if !named.closed.isEmpty || !named.foreign.isEmpty || !matter.reading.unknown.isEmpty {
            return "It is less than the named item, and the text names something else too"
        }
        if Int128(payment.amount) * 1000 < Int128(whole) * Int128(policy.partSharePermilleMin) {
            return "It is a very small part of the named item"
        }
        let others = balances.items(of: match.customer, amount: payment.amount, limit: 16, catalogue).filter {
            !catalogue.areOfOneInvoice($0, item)
                && catalogue.facts[Int($0)].currency == payment.currency
                && balances.fit(
                    $0, payment.amount, catalogue, on: payment.bookedOn, graceDays: policy.discountGraceDays) != nil
                && catalogue.facts[Int($0)].issuedOn <= payment.bookedOn
        }
        if !others.isEmpty { return "It is less than the named item and exactly another open one of the customer" }
        return nil
    }

    func hasCredits(_ customer: Int32, _ matter: Matter) -> Bool {
        customer >= 0
            && credits(of: customer).contains {
                balances.available($0, catalogue, on: matter.day) < 0
            }
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
        return review(matter, .numbersDiffer, [match], whyDiffers(seen, matter))
    }

    /// Only items that cannot take this money are named: that forbids weaker evidence.
    private func vetoed(_ named: Named, _ matter: Matter) -> Decision? {
        if let mention = named.foreign.first(where: { isCredible($0, matter) }) {
            return otherCurrency(mention, matter)
        }
        if let mention = named.closed.first(where: { isCredible($0, matter) }) { return repeated(mention, matter) }
        guard let mention = named.future.first(where: { isCredible($0, matter) }) else { return nil }
        let item = catalogue.items[Int(mention.item)]
        return review(matter, .weak, [], "The named item \(item.number) was issued long after the payment")
    }

    /// The named item is settled: the same money twice, or something a person must look at.
    private func repeated(_ mention: Mention, _ matter: Matter) -> Decision {
        let item = catalogue.items[Int(mention.item)]
        let (payment, payer) = (matter.payment, matter.payer)
        for place in memory.settling(mention.item).reversed() {
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
        var decision = review(matter, .closedItem, [], "The named item \(item.number) is already settled")
        if matter.payer.standing(catalogue.customerOf[Int(mention.item)], catalogue) >= .named {
            decision.customerID = item.customerID
        }
        return decision
    }
}
