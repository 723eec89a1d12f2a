// SPDX-License-Identifier: Apache-2.0

import Documents

/// How a customer pays less than is asked: what was left out of which items, and how often nothing was.
///
/// A habit is counted from payments that name their item, or from what a person granted; it is listed and deletable
/// like every other thing that was learned. Two payments that agree are needed before a third is believed.
struct Habits {
    /// Something was left out of one item.
    struct Sighting {
        var item: Int32
        var total: Int64
        var missing: Int64
        /// It was booked so, by a person or by what was seen before.
        var isGranted = false

        /// Withheld taxes are at most a third of what they are taken of.
        var isShare: Bool { Int128(missing) * 20 <= Int128(total) * 7 }
        /// Nobody's bank keeps more than a fifth of the money.
        var isSmall: Bool { Int128(missing) * 5 <= Int128(total) }
        /// Up to this a fee need not have been seen as large: banks take a flat fee and a share.
        fileprivate var isVerySmall: Bool { Int128(missing) * 10 <= Int128(total) }
    }

    /// Habits change: only the latest are kept.
    private static let sightingsMax = 24
    private(set) var sightings: [Sighting] = []
    /// Items that this customer paid in full, or but for their discount.
    private(set) var full = 0

    /// The same share of a different amount, to the minor unit; both large enough not to agree by accident.
    static func agree(_ left: Sighting, _ right: Sighting) -> Bool {
        guard left.missing != right.missing, left.total > 0, right.total > 0, left.missing >= 100,
            right.missing >= 100
        else { return false }
        let difference =
            Int128(left.missing) * Int128(right.total) - Int128(right.missing) * Int128(left.total)
        return difference.magnitude * 2 <= UInt128(left.total.magnitude) + UInt128(right.total.magnitude)
    }

    /// The same share, or the same amount of the same amount.
    static func isAlike(_ left: Sighting, _ right: Sighting) -> Bool {
        left.total == right.total && left.missing == right.missing || agree(left, right)
    }

    /// Withheld taxes are whole or half per cents of what the tax is taken of, and at most a third of it.
    static func isRate(_ missing: Int64, of total: Int64) -> Bool {
        guard missing >= 20, total > 0, Int128(missing) * 20 <= Int128(total) * 7 else { return false }
        // The nearest multiple of half a per cent, and whether it gives this amount when rounded either way.
        let steps = (Int128(missing) * 200 + Int128(total) / 2) / Int128(total)
        let exact = steps * Int128(total)
        return steps > 0 && (exact - Int128(missing) * 200).magnitude <= 200
    }

    /// How many other sightings are of the same rate; 0 when the customer more often pays in full.
    /// - Parameter isKnown: it is a share that is known as a tax's; then the same of the same amount tells as much.
    func rate(like now: Sighting, isKnown: Bool) -> Int {
        guard isKnown || Self.isRate(now.missing, of: now.total) else { return 0 }
        let count = sightings.count { $0.item != now.item && (isKnown ? Self.isAlike : Self.agree)($0, now) }
        return count > 0 && full <= count ? count : 0
    }

    /// As much was booked before as a share of the same rate.
    func granted(asMuchAs now: Sighting) -> Bool {
        sightings.contains { $0.isGranted && $0.missing >= now.missing && Self.isAlike($0, now) }
    }

    /// How many other sightings are of the same share, which is no round one of the gross; 0 when the customer more often pays
    /// in full.
    func shares(like now: Sighting) -> Int {
        guard now.isShare else { return 0 }
        let count = sightings.count { $0.item != now.item && Self.agree($0, now) }
        return full <= count ? count : 0
    }

    /// What looks like a bank's fee, a small part of what was to be paid; nothing unless that was seen at least twice, and
    /// of a fifth of all payments.
    func fees(besides item: Int32 = -1, _ isFee: (Int64) -> Bool) -> [Sighting] {
        let fees = sightings.filter {
            $0.item != item && isFee($0.missing) && $0.isSmall
        }
        return fees.count >= 2 && full <= fees.count * 4 ? fees : []
    }

    /// How many other sightings say that what is missing is a bank's fee: at least half of it was kept, twice or more; and
    /// where it is more than a tenth of the item, as much was kept before.
    func fees(like now: Sighting, _ isFee: (Int64) -> Bool) -> Int {
        guard isFee(now.missing), now.isSmall else { return 0 }
        let fees = fees(besides: now.item, isFee)
        let isSeen = fees.contains { $0.missing >= now.missing }
        guard isSeen || now.isVerySmall else { return 0 }
        let count = fees.count { now.missing <= $0.missing &* 2 }
        return count >= 2 ? count : 0
    }

    /// A share that was withheld at least twice, and more often than nothing was; nil when there is none.
    /// - Parameter isKnown: whether it is a share that is known as a tax's.
    func usual(_ isKnown: (Sighting) -> Bool) -> Sighting? {
        guard sightings.count >= 2 else { return nil }
        var best: (count: Int, sighting: Sighting)?
        for sighting in sightings {
            let isAlike = isKnown(sighting) ? Self.isAlike : Self.agree
            let count = sightings.count { $0.item != sighting.item && isAlike($0, sighting) } + 1
            if count >= 2, full <= count, count > best?.count ?? 0 { best = (count, sighting) }
        }
        return best?.sighting
    }

    mutating func saw(_ sighting: Sighting) {
        forget(sighting.item)
        sightings.append(sighting)
        if sightings.count > Self.sightingsMax { sightings.removeFirst() }
    }

    /// What was missing came after all, or the item was paid in full.
    mutating func paid(_ item: Int32, isFull: Bool) {
        forget(item)
        if isFull { full += 1 }
    }

    private mutating func forget(_ item: Int32) {
        guard sightings.contains(where: { $0.item == item }) else { return }
        sightings.removeAll { $0.item == item }
    }
}

/// What less than the open amount most probably means.
enum Shortage: Equatable {
    /// The customer withholds this share as tax; seen in so many other payments, or in none where the policy knows it.
    case withheld(seen: Int)
    /// A bank on the way kept a fee, as it did of so many other payments.
    case fee(seen: Int)
    /// It may be a fee or a tax, and nothing was seen that says so: a person decides about what is missing.
    case unclear(String)
    /// Plainly a part.
    case part
}

extension Workspace {
    /// Bank fees are round: multiples of half a major unit within the policy's limits. What is less than the least fee
    /// is a part that was forgotten.
    func isFee(_ missing: Int64, _ currency: Currency) -> Bool {
        var unit: Int64 = 1
        for _ in 0..<currency.exponent { unit *= 10 }
        return missing >= policy.feeMin && missing <= policy.feeMax && missing * 2 % unit == 0
    }

    /// - Parameter missing: minor units between the open amount and the payment.
    func shortage(_ place: Int32, missing: Int64, _ matter: Matter) -> Shortage {
        let item = catalogue.facts[Int(place)]
        let customer = catalogue.customerOf[Int(place)]
        let whole = balances.available(place, catalogue, on: matter.day)
        // What is left of an item that was paid in part is no base for a rate.
        guard customer >= 0, whole == item.total, !matter.reading.text.saysInstalment else { return .part }
        let habits = memory.habits(of: customer)
        let now = Habits.Sighting(item: place, total: whole, missing: missing)
        if grantedShare(missing, of: whole) != nil {
            let isSmall = missing <= policy.withheldMax || habits.granted(asMuchAs: now)
            return isSmall
                ? .withheld(seen: 0)
                : .unclear("More would be given up as a withheld tax than the machine may (withheld_max)")
        }
        let isKnown = isKnownShare(missing, of: whole)
        let rates = habits.rate(like: now, isKnown: isKnown)
        if rates > 0 {
            if habits.granted(asMuchAs: now) { return .withheld(seen: rates) }
            if missing > policy.withheldMax {
                return .unclear("More would be given up as a withheld tax than the machine may (withheld_max)")
            }
            // Up to three per cent, it is far more often a discount that nobody agreed on.
            if Int128(missing) * 100 <= Int128(whole) * 3 {
                return .unclear("The share that is missing may be a discount that was not agreed")
            }
            return .withheld(seen: rates)
        }
        if isFee(missing, item.currency) {
            let fees = habits.fees(like: now) { isFee($0, item.currency) }
            if fees > 0 { return .fee(seen: fees) }
            // Where more than a third is missing, it is no fee, whatever the amount.
            guard Int128(missing) * 3 > Int128(whole) else { return .unclear("The difference may be a bank's fee") }
        }
        if habits.shares(like: now) > 0 || isLeftOpen(now, of: customer) {
            return .unclear("The same share was missing before: it may be a tax that is withheld of the net amount")
        }
        // Above a fifth of the whole, which is a quarter of its net, a first round share missing is a part payment:
        // trade invoices are not taxed so high at their source, and paying three quarters is common.
        if Int128(missing) * 100 <= Int128(whole) * 21, isKnown || Habits.isRate(missing, of: whole) {
            return .unclear("The difference may be a withheld tax")
        }
        return .part
    }

    /// The match that a shortage with a known reason makes; nil where the reason is open.
    func explained(_ match: Match, by shortage: Shortage, missing: Int64) -> Match? {
        guard match.shares.count == 1 else { return nil }
        var explained = match
        explained.shares[0].discount = missing
        switch shortage {
        case .withheld(let seen): explained.shape = .withheld(seen: seen)
        case .fee(let seen): explained.shape = .fee(seen: seen)
        case .unclear, .part: return nil
        }
        return explained
    }

    /// Why credit notes that nobody names may not be what is missing; nil where nothing else explains it.
    func doubtAboutCredit(_ match: Match, _ matter: Matter) -> String? {
        guard match.shape == .silentCredit, match.customer >= 0 else { return nil }
        let missing = match.shares.reduce(Int64(0)) { $0 - min(0, $1.cash) }
        let claims = match.shares.filter { $0.cash > 0 }
        if let claim = claims.first {
            let now = Habits.Sighting(item: claim.item, total: matter.amount &+ missing, missing: missing)
            if isFee(missing, matter.currency), now.isSmall {
                return "The difference is an open credit note, or a bank's fee"
            }
            if claims.count == 1,
                memory.habits(of: match.customer).rate(
                    like: now, isKnown: isKnownShare(missing, of: now.total)) > 0
            {
                return "The difference is an open credit note, or the share that this customer withholds"
            }
        }
        let unnamed = match.shares.count { share in
            share.cash < 0 && !match.mentions.contains { $0.item == share.item }
        }
        return unnamed > 2
            ? "\(unnamed) credit notes that are not named make up the difference, perhaps by chance" : nil
    }

    /// Another item of the customer was paid but for the same share, which is open still.
    private func isLeftOpen(_ now: Habits.Sighting, of customer: Int32) -> Bool {
        guard now.isShare else { return false }
        return balances.openItems(of: customer).prefix(400).contains { other in
            let (open, total) = (balances.open[Int(other)], catalogue.facts[Int(other)].total)
            let left = Habits.Sighting(item: other, total: total, missing: open)
            return other != now.item && open > 0 && open < total && Habits.agree(left, now)
        }
    }

    /// What a credit note or a part left, less the share that the terms give: of what the discount is taken then, no document
    /// says.
    func discountOfRest(_ item: Int32, _ match: Match, _ matter: Matter) -> Match? {
        let (whole, total) = (balances.available(item, catalogue, on: matter.day), catalogue.facts[Int(item)].total)
        guard match.shares.count == 1, whole < total, catalogue.hasDiscounts else { return nil }
        let missing = whole - matter.amount
        let isDiscount = catalogue.discounts(item).contains { discount in
            let share = Int128(discount.amount) * Int128(whole) / Int128(total)
            return discount.amount > 0 && matter.day <= discount.until + balances.graceDays
                && (Int128(missing) - share).magnitude <= 1
        }
        let share = Match.Share(item: item, cash: matter.amount, discount: missing)
        return isDiscount
            ? Match(customer: match.customer, shares: [share], shape: .discount, mentions: match.mentions) : nil
    }

    /// A named item and less money than it asks for: the reason is known, or a part, or a person's to say.
    func settleShort(_ item: Int32, _ match: Match, _ rule: Rule, _ matter: Matter) -> Decision {
        let whole = balances.available(item, catalogue, on: matter.day)
        let missing = whole &- matter.amount
        guard match.shares.count == 1 else { return settle(matter, rule, match) }
        if matter.reading.text.saysDeduction {
            return review(matter, .weak, [match], "The text speaks of a deduction that no document grants")
        }
        let shortage = shortage(item, missing: missing, matter)
        if let explained = explained(match, by: shortage, missing: missing) {
            if case .fee = shortage { return settle(matter, .numberFee, explained) }
            return settle(matter, .numberWithholding, explained)
        }
        if matter.reading.text.saysWithheld {
            return review(matter, rule, [match], "The text says that a tax was withheld, and nobody granted it so far")
        }
        // Others of this run may show why; if none does, applying the cash and giving up the rest are two decisions.
        if case .unclear(let why) = shortage, !appliesUnclear { return review(matter, rule, [match], why) }
        return settle(matter, rule, match)
    }

    /// Nothing but the payer, who always withholds the same share, and an amount that is one open item less that share.
    func decideWithheld(_ customers: [Int32], _ matter: Matter) -> Decision? {
        let payment = matter.payment
        guard customers.count == 1, let customer = customers.first else { return nil }
        let usual = memory.habits(of: customer).usual { isKnownShare($0.missing, of: $0.total) }
        guard usual != nil || !policy.withheldShares.isEmpty else { return nil }
        var found: [Match] = []
        for place in openItems(of: customer, matter) {
            let whole = balances.available(place, catalogue, on: payment.bookedOn)
            let missing = whole - payment.amount
            guard whole == catalogue.facts[Int(place)].total, missing > 0 else { continue }
            let now = Habits.Sighting(item: place, total: whole, missing: missing)
            let isUsual = usual.map { Habits.isAlike($0, now) } ?? false
            guard isUsual || grantedShare(missing, of: whole) != nil,
                missing <= policy.withheldMax || memory.habits(of: customer).granted(asMuchAs: now)
            else { continue }
            let count = isUsual ? memory.habits(of: customer).sightings.count { Habits.isAlike($0, now) } : 0
            found.append(
                Match(
                    customer: customer,
                    shares: [Match.Share(item: place, cash: payment.amount, discount: missing)],
                    shape: .withheld(seen: count), mentions: []))
        }
        guard let match = found.first else { return nil }
        let isKnown = !matter.payer.certain.isEmpty || matter.payer.likeness == .full
        let isDoubtful =
            !isKnown || !matter.reading.unknown.isEmpty || isContested(match.shares[0].item, matter)
            || isClaimed(match.shares[0].item)
        if found.count > 1 || isDoubtful {
            return review(matter, .ambiguous, found, "It is less than an open item by the share usually withheld")
        }
        return settle(matter, .payerWithholding, match)
    }

    /// Whether a payment that waits may show how its customer pays.
    static func showsHabit(
        _ verdict: Decision.Verdict, _ kind: Decision.Kind, _ rule: Rule, _ amount: Int64
    ) -> Bool {
        amount > 0 && kind == .payment && verdict == .review && (rule == .numberPart || rule == .corePart)
    }

    /// What a payment that waits shows of it.
    func learnHabit(waiting lines: [Line], on day: Day) {
        if lines.count == 1 { learnHabit(from: lines[...], on: day) }
    }

    /// - Parameters:
    ///   - settledAt: where memory keeps the payment; nil for what a person has not decided yet.
    ///   - customers: whose habits are learned; nil for everybody's.
    func learnHabit(
        from lines: ArraySlice<Line>, on day: Day, settledAt: Int32? = nil, only customers: Set<Int32>? = nil
    ) {
        let isApplied = settledAt != nil
        for line in lines where line.reason == .cash && line.cash > 0 {
            guard let place = catalogue.place(of: line) else { continue }
            let total = catalogue.facts[Int(place)].total
            let customer = catalogue.customerOf[Int(place)]
            guard customer >= 0, total > 0, teachesHabit(customer, on: day)
            else { continue }
            let kept =
                lines.count == 1
                ? nil : lines.first { $0.itemID == line.itemID && ($0.reason == .withholding || $0.reason == .fee) }
            let missing = kept?.adjustment ?? (isApplied ? 0 : total &- line.cash)
            if let customers, !customers.contains(customer) { continue }
            if let settledAt { memory.teaches(customer, by: settledAt) }
            if missing > 0, missing < total {
                memory.saw(
                    Habits.Sighting(item: place, total: total, missing: missing, isGranted: isApplied), of: customer,
                    isSettled: isApplied)
            } else if isApplied {
                memory.paid(place, of: customer, isFull: line.cash == total)
            }
        }
    }
}
