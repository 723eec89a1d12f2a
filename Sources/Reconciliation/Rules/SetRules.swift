// SPDX-License-Identifier: Apache-2.0

import Documents

extension Workspace {
    /// Sets of one customer's open items that come to exactly this payment, with what they leave to doubt.
    struct Sets {
        var matches: [Match] = []
        /// Expected accidental hits per million, over everything that was tried.
        var accidents: Int64 = 0
        var isComplete = true
        var isSure: Bool { matches.count == 1 && isComplete && accidents < 1_000 }
    }

    /// No customer's open items beyond this are searched; a person sees the oldest.
    static let openMax = 200

    /// The customer's open claims in the payment's currency that were issued by its day, oldest first.
    ///
    /// Empty for a customer with more of them than are ever searched: a marketplace, not a payer.
    func openItems(of customer: Int32, _ matter: Matter) -> [Int32] {
        let payment = matter.payment
        let all = balances.openItems(of: customer)
        guard all.count <= Self.openMax * 2 else { return [] }
        return all.filter { place in
            let item = catalogue.facts[Int(place)]
            return item.issuedOn <= payment.bookedOn && item.currency == payment.currency
                && balances.available(place, catalogue, on: payment.bookedOn) != 0
        }
    }

    /// - Parameter fixed: items the text names for certain; they are in every set.
    func sets(of customer: Int32, fixed: [Int32], mentions: [Mention], _ matter: Matter) -> Sets {
        var found = Sets()
        var budget = SetSearch.visitsMax
        let day = matter.day
        let all = openItems(of: customer, matter)
        let claims = all.filter { balances.available($0, catalogue, on: day) > 0 && !fixed.contains($0) }
        let credits = all.filter { balances.available($0, catalogue, on: day) < 0 && !fixed.contains($0) }
        guard claims.count <= Self.openMax, balances.openItems(of: customer).count <= Self.openMax * 2 else {
            found.isComplete = false
            return found
        }
        for isDiscounted in [false, true] {
            let pool = Pool(claims, isDiscounted, self, day)
            if isDiscounted, !pool.hasDiscount, !fixed.contains(where: { discount($0, day) > 0 }) { continue }
            let base = fixed.reduce(Int64(0)) {
                $0 &+ balances.available($1, catalogue, on: day) &- (isDiscounted ? discount($1, day) : 0)
            }
            for credit in creditChoices(credits, day) {
                let worth = credit.reduce(Int64(0)) { $0 &+ balances.available($1, catalogue, on: day) }
                var search = SetSearch(
                    pool.values, sizeMax: SetSearch.sizeMax(among: pool.values.count), visitsMax: budget)
                let left = matter.amount &- base &- worth
                search.run(left)
                budget -= search.visits
                if left == 0, !fixed.isEmpty, credit.count + fixed.count > 1 {
                    found.add(match(customer, fixed + credit, isDiscounted, mentions, day))
                }
                found.accidents += search.accidentsPerMillion
                found.isComplete = found.isComplete && search.isComplete
                for solution in search.solutions {
                    let items = fixed + solution.map { pool.places[$0] } + credit
                    found.add(match(customer, items, isDiscounted, mentions, day))
                }
            }
        }
        return found
    }

    private struct Pool {
        var places: [Int32]
        var values: [Int64]
        var hasDiscount = false

        init(_ claims: [Int32], _ isDiscounted: Bool, _ workspace: Workspace, _ day: Day) {
            var pairs: [(value: Int64, place: Int32)] = []
            for place in claims {
                let whole = workspace.balances.available(place, workspace.catalogue, on: day)
                let discount = isDiscounted ? workspace.discount(place, day) : 0
                if discount > 0 { hasDiscount = true }
                pairs.append((whole - discount, place))
            }
            pairs.sort { ($1.value, $0.place) < ($0.value, $1.place) }
            places = pairs.map(\.place)
            values = pairs.map(\.value)
        }
    }

    func discount(_ place: Int32, _ day: Day) -> Int64 {
        balances.discount(place, catalogue, on: day)
    }

    /// None, all, or one of the open credit notes; among more than a few, any single one would fit by accident.
    private func creditChoices(_ credits: [Int32], _ day: Day) -> [[Int32]] {
        var choices: [[Int32]] = [[]]
        if !credits.isEmpty { choices.append(credits) }
        if credits.count > 1, credits.count <= 4 { choices += credits.map { [$0] } }
        return choices
    }

    private func match(
        _ customer: Int32, _ items: [Int32], _ isDiscounted: Bool, _ mentions: [Mention], _ day: Day
    ) -> Match {
        var shares: [Match.Share] = []
        var hasDiscount = false
        for place in items.sorted() {
            let whole = balances.available(place, catalogue, on: day)
            let off = isDiscounted && whole > 0 ? discount(place, day) : 0
            hasDiscount = hasDiscount || off > 0
            shares.append(Match.Share(item: place, cash: whole - off, discount: off))
        }
        return Match(customer: customer, shares: shares, shape: hasDiscount ? .discount : .exact, mentions: mentions)
    }
}

extension Workspace {
    /// Some items are named and the rest of the money is for others: a list that was cut, mistyped or shortened.
    func completed(_ customer: Int32, _ mentions: [Mention], _ matter: Matter) -> Decision? {
        var fixed: [Int32] = []
        for mention in mentions where catalogue.customerOf[Int(mention.item)] == customer {
            if !fixed.contains(mention.item) { fixed.append(mention.item) }
        }
        guard customer >= 0, !fixed.isEmpty else { return nil }
        let sets = sets(of: customer, fixed: fixed, mentions: mentions, matter)
        guard !sets.matches.isEmpty else { return nil }
        let supported = sets.matches.filter { match in
            match.shares.allSatisfy { fixed.contains($0.item) || $0.cash < 0 || isHinted($0.item, fixed, matter) }
                || isCutOff(match, fixed, matter)
        }
        let standing = matter.payer.standing(customer, catalogue)
        let sure = supported.count == 1 && sets.isComplete ? supported.first : sets.isSure ? sets.matches.first : nil
        guard let match = sure, standing >= .named, !isTwice(match, fixed, matter),
            // A number that is none of these says more than that a sum comes out.
            !supported.isEmpty || !namesUnknown(matter),
            !match.shares.contains(where: { isContested($0.item, matter) || isClaimedElsewhere($0.item, fixed) })
        else {
            return review(
                matter, .numbersDiffer, sets.matches, "The named items and others of the customer make this sum")
        }
        return settle(matter, .numbersCompleted, match)
    }

    /// Digits in the text that none of these items explained are this item's, shortened or one slip away. A number that names
    /// its own item once is no slip for another one.
    private func isHinted(_ place: Int32, _ fixed: [Int32], _ matter: Matter) -> Bool {
        support(for: place, matter, mentioned: mentioned(matter, besides: fixed)).0 <= .begun
    }

    /// The bank cut the list, and one item more makes the sum.
    private func isCutOff(_ match: Match, _ fixed: [Int32], _ matter: Matter) -> Bool {
        fixed.count > 1 && matter.reading.text.isTruncated
            && match.shares.count(where: { $0.cash > 0 && !fixed.contains($0.item) }) == 1
    }

    /// Twice what is named is what a bank sees when somebody pays twice: another item of that amount explains nothing. A
    /// number that stands there once is its own item's, and no slip for another one as well.
    private func isTwice(_ match: Match, _ fixed: [Int32], _ matter: Matter) -> Bool {
        match.shares.contains { share in
            share.cash > 0 && !fixed.contains(share.item)
                && fixed.contains { balances.available($0, catalogue, on: matter.day) == share.cash }
                && support(for: share.item, matter, mentioned: mentioned(matter, besides: fixed)).0 > .begun
        }
    }

    private func isClaimedElsewhere(_ place: Int32, _ fixed: [Int32]) -> Bool {
        !fixed.contains(place) && isClaimed(place)
    }

    /// The payer is known and no single item fits: some items together may.
    func decideSet(_ customers: [Int32], _ matter: Matter) -> Decision? {
        let isKnown = !matter.payer.certain.isEmpty || (customers.count == 1 && matter.payer.likeness == .full)
        if isKnown, customers.count == 1, let match = allOpen(of: customers[0], matter) {
            if !isTaken(match, matter), doubtAboutSet(match, matter) == nil { return settle(matter, .payerSet, match) }
        }
        if isKnown, customers.count == 1, let match = ofMonths(customers[0], matter), !isTaken(match, matter),
            doubtAboutSet(match, matter) == nil
        {
            return settle(matter, .payerSet, match)
        }
        var found = Sets()
        for customer in customers.prefix(4) {
            let sets = sets(of: customer, fixed: [], mentions: [], matter)
            found.matches += sets.matches
            found.accidents += sets.accidents
            found.isComplete = found.isComplete && sets.isComplete
        }
        guard let match = found.matches.first else { return nil }
        guard found.isSure, isKnown, customers.count <= 4, !isTaken(match, matter)
        else { return review(matter, .ambiguous, found.matches, "Several open items together make this sum") }
        if let doubt = doubtAboutSet(match, matter) { return review(matter, .weak, [match], doubt) }
        return settle(matter, .payerSet, match)
    }

    /// `Huur mei + juni`, `januari t/m maart`: of each month that the text names the one open item, where they make the sum.
    private func ofMonths(_ customer: Int32, _ matter: Matter) -> Match? {
        let months = Self.expanded(months(matter), matter.reading.text)
        guard months.count > 1 else { return nil }
        let open = openItems(of: customer, matter).filter { balances.available($0, catalogue, on: matter.day) > 0 }
        var items: [Int32] = []
        for month in months {
            let own = open.filter { catalogue.facts[Int($0)].issuedOn.month == month.month }
            let fitting = (own.isEmpty ? open : own).filter { month.holds(catalogue.facts[Int($0)].issuedOn) }
            guard fitting.count == 1, !items.contains(fitting[0]) else { return nil }
            items.append(fitting[0])
        }
        let whole = match(customer, items, false, [], matter.day)
        return whole.shares.reduce(0) { $0 &+ $1.cash } == matter.amount ? whole : nil
    }

    /// With those between two that a range joins.
    static func expanded(_ months: [NamedMonth], _ text: Remittance) -> [NamedMonth] {
        guard months.count == 2, let next = text.runs.firstIndex(where: { $0.start >= months[0].to }) else {
            return months
        }
        let (first, last) = (months[0], months[1])
        let isRange =
            RangeWord.end(at: next, in: text).map { text.runs[$0].start == last.from } ?? false
            || text.runs[next].start == last.from && text.bytes[Int(first.to)..<Int(last.from)].contains(0x2D)
        guard isRange, first.month < last.month, first.year == last.year || first.year == nil else { return months }
        return (first.month...last.month).map { NamedMonth(month: $0, year: last.year, from: first.from, to: last.to) }
    }

    /// Other open items of the customer that make the same sum: rents of two months, and a deposit of as much. Nothing where
    /// a number tells which.
    func set(besides only: Candidate, _ matter: Matter) -> Match? {
        guard only.support >= .month, only.fit == .exact else { return nil }
        let others = openItems(of: only.customer, matter).filter {
            $0 != only.item && (1..<matter.amount).contains(balances.available($0, catalogue, on: matter.day))
        }
        guard (2...24).contains(others.count) else { return nil }
        let pool = Pool(others, false, self, matter.day)
        var search = SetSearch(pool.values, sizeMax: others.count <= 8 ? 3 : 2, visitsMax: 1_000)
        search.run(matter.amount)
        return search.solutions.first.map { match(only.customer, $0.map { pool.places[$0] }, false, [], matter.day) }
    }

    private func isTaken(_ match: Match, _ matter: Matter) -> Bool {
        match.shares.contains { isContested($0.item, matter) || isClaimed($0.item) }
    }

    /// Everything that the customer has open, credit notes included, where that is exactly this payment: who pays the
    /// balance pays no other sum, however many of the items ask for the same.
    private func allOpen(of customer: Int32, _ matter: Matter) -> Match? {
        let items = openItems(of: customer, matter)
        guard items.count >= 2, items.count <= Self.openMax else { return nil }
        var sum: Int64 = 0
        var shares: [Match.Share] = []
        for item in items.sorted() where !isTakenOff(item, items, matter.day) {
            let whole = balances.available(item, catalogue, on: matter.day)
            let (next, overflow) = sum.addingReportingOverflow(whole)
            guard !overflow else { return nil }
            sum = next
            shares.append(Match.Share(item: item, cash: whole))
        }
        guard sum == matter.amount, shares.count > 1 else { return nil }
        // Twice the same is rather one paid twice.
        if shares.count == 2, shares[0].cash == shares[1].cash { return nil }
        return Match(customer: customer, shares: shares, shape: .exact, mentions: [])
    }

    /// A credit note that takes the invoice it corrects off whole, and that invoice, are no part of what a payment pays.
    private func isTakenOff(_ item: Int32, _ items: [Int32], _ day: Day) -> Bool {
        let worth = balances.available(item, catalogue, on: day)
        return items.contains { other in
            guard balances.available(other, catalogue, on: day) == 0 - worth else { return false }
            let (credit, claim) = worth < 0 ? (item, other) : (other, item)
            return catalogue.corrected(credit) == catalogue.writtenNumber(claim)
        }
    }
}

extension Workspace.Sets {
    mutating func add(_ match: Match) {
        guard !matches.contains(where: { $0.shares == match.shares }) else { return }
        matches.append(match)
    }
}
