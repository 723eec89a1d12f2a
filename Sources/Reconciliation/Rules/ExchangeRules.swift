// SPDX-License-Identifier: Apache-2.0

import Documents

/// What one currency was worth in another: as quoted by a source, and as the bank itself exchanged.
struct ExchangeRates {
    private struct Pair: Hashable {
        var from: Currency
        var to: Currency
    }
    private struct Exchange {
        var payment: String
        var day: Day
        var ordered: Int64
        var booked: Int64
    }

    /// A quoted rate older than this says little; the bank's own are a little noisier, so a few are pooled.
    private static let daysMax = 7
    private static let pooledMax = 5
    private var quoted: [Pair: [QuotedRate]] = [:]
    private var exchanged: [Pair: [Exchange]] = [:]

    init(_ rates: [QuotedRate]) {
        for rate in rates.sorted(by: {
            ($0.day, $0.origin, $0.value.coefficient) < ($1.day, $1.origin, $1.value.coefficient)
        }) {
            quoted[Pair(from: rate.base, to: rate.quote), default: []].append(rate)
        }
    }

    /// The bank booked `payment.amount` for what was ordered in another currency: its word, whatever becomes of the
    /// payment. Kept in the order of the days.
    mutating func saw(_ payment: MatchPayment) {
        guard let ordered = payment.originalAmount, ordered.currency != payment.currency, ordered.minorUnits > 0,
            payment.amount >= 1_000, ordered.minorUnits >= 1_000
        else { return }
        let now = Exchange(
            payment: payment.id, day: payment.bookedOn, ordered: ordered.minorUnits, booked: payment.amount)
        var known = exchanged.removeValue(forKey: Pair(from: ordered.currency, to: payment.currency)) ?? []
        var place = known.count
        while place > 0, (now.day, now.payment) < (known[place - 1].day, known[place - 1].payment) { place -= 1 }
        if place == 0 || known[place - 1].payment != now.payment { known.insert(now, at: place) }
        exchanged[Pair(from: ordered.currency, to: payment.currency)] = known
    }

    /// What `amount` of `from` is about worth in `to`, with where that comes from; nil when no source is near.
    func worth(_ amount: Int64, _ from: Currency, in to: Currency, on day: Day) -> (amount: Int64, source: String)? {
        let near = (quoted[Pair(from: from, to: to)] ?? []).last { $0.day <= day && day - $0.day <= Self.daysMax }
        if let near, let value = Self.multiply(amount, from, near.value, to) {
            return (value, "\(near.origin) of \(near.day)")
        }
        let inverse = (quoted[Pair(from: to, to: from)] ?? []).last { $0.day <= day && day - $0.day <= Self.daysMax }
        if let inverse, let value = Self.divide(amount, from, inverse.value, to) {
            return (value, "\(inverse.origin) of \(inverse.day)")
        }
        let pooled = pooled(Pair(from: from, to: to), on: day)
        let ordered = pooled.reduce(Int128(0)) { $0 + Int128($1.ordered) }
        guard let last = pooled.last, ordered > 0 else { return nil }
        let booked = pooled.reduce(Int128(0)) { $0 + Int128($1.booked) }
        return (Int64(clamping: Int128(amount) * booked / ordered), "the bank's own exchange of \(last.day)")
    }

    /// The latest exchanges up to a day.
    private func pooled(_ pair: Pair, on day: Day) -> ArraySlice<Exchange> {
        guard let known = exchanged[pair] else { return [] }
        var (low, high) = (0, known.count)
        while low < high {
            let middle = (low + high) / 2
            if known[middle].day <= day { low = middle + 1 } else { high = middle }
        }
        var first = max(0, low - Self.pooledMax)
        while first < low, day - known[first].day > Self.daysMax * 2 { first += 1 }
        return known[first..<low]
    }

    private static func multiply(_ amount: Int64, _ from: Currency, _ rate: ScaledDecimal, _ to: Currency) -> Int64? {
        guard rate.coefficient > 0, rate.coefficient < 1_000_000_000_000, rate.scale <= 12 else { return nil }
        let (up, down) = (power(Int(to.exponent)), power(Int(from.exponent) + Int(rate.scale)))
        return Int64(clamping: Int128(amount) * rate.coefficient * up / down)
    }

    private static func divide(_ amount: Int64, _ from: Currency, _ rate: ScaledDecimal, _ to: Currency) -> Int64? {
        guard rate.coefficient > 0, rate.coefficient < 1_000_000_000_000, rate.scale <= 12 else { return nil }
        let (up, down) = (power(Int(to.exponent) + Int(rate.scale)), power(Int(from.exponent)))
        return Int64(clamping: Int128(amount) * up / (rate.coefficient * down))
    }

    private static func power(_ exponent: Int) -> Int128 {
        var value: Int128 = 1
        for _ in 0..<max(0, exponent) { value *= 10 }
        return value
    }
}

extension Workspace {
    /// The payer ordered an amount in another currency and the bank exchanged it: the order is matched, and the
    /// bank's own statement of both amounts is the rate's source.
    func decideOrdered(_ matter: Matter) -> Decision? {
        let payment = matter.payment
        guard let ordered = payment.originalAmount, ordered.currency != payment.currency, ordered.minorUnits > 0,
            ordered.minorUnits <= Money.magnitudeMax
        else { return nil }
        var view = payment
        view.amount = ordered.minorUnits
        view.currency = ordered.currency
        view.originalAmount = nil
        let viewed = Matter(Docket(view, matter.reading, matter.docket.name), matter.reading, matter.payer)
        var decision = decideNamed(viewed) ?? decideByPayer(viewed)
        let isNamed = decision.evidence.contains { $0.span != nil || $0.code == "REF-FIELD" }
        decision.rule = decision.verdict == .auto ? (isNamed ? .numberCurrency : .orderedAmount) : .otherCurrency
        if decision.verdict == .auto {
            guard let lines = exchanged(decision.lines, payment) else { return nil }
            decision.lines = lines
            if !policy.isAuto(decision.rule) { decision.verdict = .review }
        } else {
            decision.lines = exchanged(decision.lines, payment) ?? []
            decision.alternatives = decision.alternatives.compactMap { alternative in
                exchanged(alternative.lines, payment).map { Alternative(lines: $0) }
            }
            if decision.lines.isEmpty { return nil }
        }
        decision.sentence += " It was ordered as \(ordered), and the bank exchanged it to \(matter.money)."
        decision.evidence.append(Evidence("ORDERED-AMOUNT", text: "\(ordered)", bits: 12))
        return decision
    }

    /// The same lines with the payment's own money on the one item that takes it.
    private func exchanged(_ lines: [Line], _ payment: MatchPayment) -> [Line]? {
        let moved = lines.filter { $0.cash != 0 }
        guard moved.count == 1, let first = moved.first, first.cash > 0, first.proves == 0 else { return nil }
        return lines.map { line in
            guard line.cash != 0 else { return line }
            return Line(itemID: line.itemID, reason: .exchange, cash: payment.amount, adjustment: line.cash)
        }
    }

    /// The text names an item in another currency: within the policy's band around a rate with a source it is paid.
    func otherCurrency(_ mention: Mention, _ matter: Matter) -> Decision {
        let payment = matter.payment
        let item = catalogue.items[Int(mention.item)]
        let customer = catalogue.customerOf[Int(mention.item)]
        let names = "\(matter.money) from \(payment.payerName ?? "the payer") names \(item.number)"
        let whole = balances.available(mention.item, catalogue, on: payment.bookedOn)
        let line = Line(itemID: item.id, reason: .exchange, cash: payment.amount, adjustment: whole)
        let worth = whole > 0 ? rates.worth(whole, item.currency, in: payment.currency, on: payment.bookedOn) : nil
        var decision = Decision(paymentID: payment.id, verdict: .review, rule: .otherCurrency, sentence: "")
        if matter.payer.standing(customer, catalogue) >= .named { decision.customerID = item.customerID }
        decision.evidence = [evidence(mention, matter)]
        let open = Money(minorUnits: whole, currency: item.currency)
        guard let worth, whole > 0 else {
            decision.sentence = "\(names) in \(item.currency.code): a rate with its source is needed."
            if whole > 0 {
                decision.lines = [line]
                decision.alternatives = [Alternative(lines: [line])]
            }
            return decision
        }
        decision.lines = [line]
        let isWithin = Self.isWithin(payment.amount, worth.amount, policy.rateBandPermille)
        decision.evidence.append(
            Evidence(
                isWithin ? "RATE" : "RATE-DIFFERS", text: "\(matter.text(worth.amount)) by \(worth.source)",
                itemID: item.id, bits: isWithin ? 5 : -6))
        decision.sentence = "\(names), open \(open), which is \(matter.text(worth.amount)) by \(worth.source)."
        let isSure =
            isWithin && mention.how <= .spelled && matter.payer.standing(customer, catalogue) >= .named
            && !matter.reading.mentions.contains { $0.item != mention.item && isCredible($0, matter) }
            && !isContested(mention.item, matter) && !isAskedFor(payment.amount, customer, matter)
        if isSure, policy.isAuto(.numberRate) {
            decision.rule = .numberRate
            decision.verdict = .auto
        } else {
            decision.alternatives = [Alternative(lines: [line])]
        }
        return decision
    }

    /// Another item of the customer asks for exactly this, in the payment's own currency.
    private func isAskedFor(_ amount: Int64, _ customer: Int32, _ matter: Matter) -> Bool {
        balances.items(of: customer, amount: amount, limit: 16, catalogue).contains {
            catalogue.facts[Int($0)].currency == matter.currency
                && balances.available($0, catalogue, on: matter.day) == amount
        }
    }

    static func isWithin(_ amount: Int64, _ expected: Int64, _ permille: Int64) -> Bool {
        let difference = Int128(amount) - Int128(expected)
        return difference.magnitude * 1000 <= UInt128(expected.magnitude) * UInt128(permille.magnitude)
    }

    /// How far from its worth an item may be that is shown to a person.
    private static let worthPermille: Int64 = 80

    /// The payer's items in other currencies that are worth about this much, nearest first.
    func worthAbout(_ customers: [Int32], _ matter: Matter) -> [(line: Line, sentence: String)] {
        let payment = matter.payment
        var found: [(distance: Int64, place: Int32, line: Line, sentence: String)] = []
        for customer in customers.prefix(4) {
            for place in balances.openItems(of: customer).prefix(400) {
                let facts = catalogue.facts[Int(place)]
                guard facts.currency != payment.currency, facts.issuedOn <= payment.bookedOn else { continue }
                let item = catalogue.items[Int(place)]
                let whole = balances.available(place, catalogue, on: payment.bookedOn)
                guard whole > 0,
                    let worth = rates.worth(whole, item.currency, in: payment.currency, on: payment.bookedOn),
                    Self.isWithin(payment.amount, worth.amount, max(Self.worthPermille, policy.rateBandPermille * 2))
                else { continue }
                let open = Money(minorUnits: whole, currency: item.currency)
                found.append(
                    (
                        Int64((payment.amount - worth.amount).magnitude), place,
                        Line(itemID: item.id, reason: .exchange, cash: payment.amount, adjustment: whole),
                        "\(item.number), open \(open), is worth \(matter.text(worth.amount)) by \(worth.source)."
                    ))
            }
        }
        found.sort { ($0.distance, $0.place) < ($1.distance, $1.place) }
        return found.map { ($0.line, $0.sentence) }
    }
}
