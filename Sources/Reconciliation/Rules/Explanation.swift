// SPDX-License-Identifier: Apache-2.0

import Documents

extension Workspace {
    /// An automatic decision, unless policy sends its rule to a person.
    func settle(_ matter: Matter, _ rule: Rule, _ match: Match) -> Decision {
        if match.shape != .exact || match.shares.contains(where: { $0.cash < 0 }),
            let last = memory.lastWaiting(matter.payment), matter.payment.bookedOn - last <= policy.repeatDays
        {
            return review(matter, .weak, [match], "The same payer sent the same amount on \(last), which waits")
        }
        var decision = Decision(
            paymentID: matter.payment.id, verdict: policy.isAuto(rule) ? .auto : .review, rule: rule,
            sentence: sentence(match, matter))
        let (lines, proposed) = lines(match, on: matter.payment.bookedOn)
        decision.lines = lines
        decision.proposed = proposed
        if match.shape == .part { decision.proposed += shortfall(match, matter) }
        decision.customerID = match.customer >= 0 ? catalogue.customers[Int(match.customer)].id : nil
        decision.evidence = evidence(match, matter) + runnersUp(match, matter)
        return decision
    }

    /// Other items of the customer that ask for exactly this too: what the decision was made against.
    private func runnersUp(_ match: Match, _ matter: Matter) -> [Evidence] {
        guard match.customer >= 0, match.shares.count == 1, match.shape == .exact else { return [] }
        let payment = matter.payment
        var found: [Evidence] = []
        for place in balances.items(of: match.customer, amount: payment.amount, limit: 16)
        where place != match.shares[0].item && catalogue.facts[Int(place)].currency == payment.currency
            && catalogue.facts[Int(place)].issuedOn <= payment.bookedOn
            && balances.available(place, catalogue, on: payment.bookedOn) == payment.amount && found.count < 2
        {
            let item = catalogue.items[Int(place)]
            found.append(Evidence("ALSO-FITS", text: item.number, itemID: item.id, bits: -4))
        }
        return found
    }

    /// A proposal with what else it may be; nothing is applied.
    func review(_ matter: Matter, _ rule: Rule, _ matches: [Match], _ why: String) -> Decision {
        let ranked = rank(matches, matter)
        var text = why + "."
        if let first = ranked.first { text += " \(sentence(first, matter))" }
        var decision = Decision(paymentID: matter.payment.id, verdict: .review, rule: rule, sentence: text)
        if let first = ranked.first {
            let (lines, proposed) = lines(first, on: matter.payment.bookedOn)
            decision.lines = lines
            decision.proposed = proposed + (first.shape == .part ? shortfall(first, matter) : [])
            decision.evidence = evidence(first, matter)
            let customers = Set(ranked.map(\.customer))
            if customers.count == 1, first.customer >= 0 {
                decision.customerID = catalogue.customers[Int(first.customer)].id
            }
        }
        for match in ranked.prefix(5) {
            decision.alternatives.append(
                Alternative(
                    lines: lines(match, on: matter.payment.bookedOn).lines, sentence: sentence(match, matter)))
        }
        for match in ranked where match.shares.reduce(Int64(0), { $0 &+ $1.cash }) == matter.payment.amount {
            decision.possibleItems += match.shares.map { catalogue.items[Int($0.item)].id }
        }
        if ranked.isEmpty {
            decision.evidence = matter.reading.mentions.prefix(5).map { evidence($0, matter) }
            // Whose money it is, is known; it counts in that customer's net position while it waits.
            if matter.payer.certain.count == 1, let payer = matter.payer.certain.first, payer >= 0 {
                decision.customerID = catalogue.customers[Int(payer)].id
            }
        }
        return decision
    }

    /// What a customer said they would pay comes first, then exact fits, then what is due first.
    private func rank(_ matches: [Match], _ matter: Matter) -> [Match] {
        func key(_ match: Match) -> (Int, Int, Int32, Int32) {
            let expected = expectation(for: match, matter) == nil ? 1 : 0
            let shape = match.shape == .exact ? 0 : match.shape == .discount ? 1 : 2
            let due = match.shares.first.map { share in
                catalogue.facts[Int(share.item)].dueOn.number
            }
            return (expected, shape, due ?? 0, match.shares.first?.item ?? 0)
        }
        return matches.map { (key($0), $0) }.sorted { $0.0 < $1.0 }.map(\.1)
    }

    /// A small difference is proposed as a fee, any other as an amount that stays open.
    private func shortfall(_ match: Match, _ matter: Matter) -> [Line] {
        guard let share = match.shares.last else { return [] }
        let item = catalogue.items[Int(share.item)]
        let missing = balances.available(share.item, catalogue, on: matter.payment.bookedOn) - share.cash
        guard missing > 0 else { return [] }
        let whole = missing &+ share.cash
        let reason: Line.Reason =
            whole == item.total && Habits.isRate(missing, of: whole) && !isFee(missing, item.currency)
            ? .withholding : missing <= policy.feeMax ? .fee : .short
        return [Line(itemID: item.id, reason: reason, cash: 0, adjustment: missing)]
    }

    func expectation(for match: Match, _ matter: Matter) -> AnnouncedMoney? {
        guard match.customer >= 0 else { return nil }
        let payment = matter.payment
        return expectations[catalogue.customers[Int(match.customer)].id]?.first { expected in
            expected.currency == payment.currency && expected.amount == payment.amount
                && expected.from <= payment.bookedOn && payment.bookedOn <= expected.through
                && (expected.itemIDs.isEmpty
                    || match.shares.contains { expected.itemIDs.contains(catalogue.items[Int($0.item)].id) })
        }
    }

    func evidence(_ mention: Mention, _ matter: Matter) -> Evidence {
        let (code, bits): (String, Int) =
            switch mention.how {
            case .referenceField: ("REF-FIELD", 24)
            case .referenceText: ("REF-TEXT", 22)
            case .number: ("NUMBER", 20)
            case .wrapped: ("NUMBER-WRAPPED", 18)
            case .range: ("NUMBER-RANGE", 14)
            case .abbreviated: ("NUMBER-SHORTENED", 10)
            case .order: ("ORDER", 14)
            }
        let isField = mention.how == .referenceField
        return Evidence(
            code,
            text: isField
                ? matter.payment.structuredReference ?? "" : matter.reading.text.text(mention.from, mention.to),
            span: isField ? nil : matter.reading.text.span(mention.from, mention.to),
            itemID: catalogue.items[Int(mention.item)].id, bits: bits)
    }

    private func evidence(_ match: Match, _ matter: Matter) -> [Evidence] {
        var found: [Evidence] = []
        var seen: [Int32] = []
        for mention in match.mentions.sorted(by: { ($0.how, $0.from, $0.item) < ($1.how, $1.from, $1.item) })
        where !seen.contains(mention.item) {
            seen.append(mention.item)
            found.append(evidence(mention, matter))
        }
        let shares = balances.count(ofAmount: matter.payment.amount)
        switch match.shape {
        case .exact, .silentCredit:
            // The rarer the amount in this ledger, the more it says.
            var bits = 12
            var count = shares
            while count > 1, bits > 1 {
                count /= 2
                bits -= 1
            }
            found.append(Evidence("AMOUNT-EXACT", text: matter.money, bits: bits))
        case .discount: found.append(Evidence("DISCOUNT-IN-TERMS", text: matter.money, bits: 11))
        case .lateDiscount(let days): found.append(Evidence("DISCOUNT-LATE", text: "\(days) days", bits: 6))
        case .withheld(let seen):
            found.append(Evidence("WITHHOLDING-HABIT", text: "\(seen) times before", bits: 10))
        case .fee(let seen): found.append(Evidence("FEE-HABIT", text: "\(seen) times before", bits: 8))
        case .part: found.append(Evidence("AMOUNT-PART", text: matter.money, bits: 0))
        case .over, .differs: found.append(Evidence("AMOUNT-DIFFERS", text: matter.money, bits: -6))
        }
        found += payerEvidence(match.customer, matter)
        if let expected = expectation(for: match, matter) {
            found.append(
                Evidence(
                    expected.kind == .promise ? "PROMISED" : "CLAIMED-PAID",
                    text: "\(matter.text(expected.amount)) until \(expected.through)", bits: 6))
        }
        return found
    }

    private func payerEvidence(_ customer: Int32, _ matter: Matter) -> [Evidence] {
        let payer = matter.payer
        if let reason = payer.reason(for: customer) {
            let isAccount = reason.hasSuffix("ACCOUNT")
            let text =
                isAccount
                ? matter.payment.payerAccount : customer >= 0 ? catalogue.customers[Int(customer)].number : nil
            return [Evidence(reason, text: text ?? "", bits: 12)]
        }
        switch payer.standing(customer, catalogue) {
        case .named: return [Evidence("PAYER-NAME", text: matter.payment.payerName ?? "", bits: 6)]
        case .contradicted: return [Evidence("PAYER-OTHER", text: matter.payment.payerAccount ?? "", bits: -10)]
        case .unknown, .certain: return []
        }
    }

    func name(_ customer: Int32) -> String {
        guard customer >= 0 else { return "an unknown customer" }
        let value = catalogue.customers[Int(customer)]
        return value.name ?? value.number ?? value.id
    }

    /// `RE-1`, `RE-1 and RE-2`, `RE-1, RE-2 and 4 more`.
    func list(_ items: [Int32]) -> String {
        let numbers = items.map { catalogue.items[Int($0)].number }
        guard numbers.count > 1, let last = numbers.last else { return numbers.first ?? "nothing" }
        if numbers.count > 4 { return "\(numbers[0]), \(numbers[1]) and \(numbers.count - 2) more" }
        return numbers.dropLast().joined(separator: ", ") + " and " + last
    }

    func sentence(_ match: Match, _ matter: Matter) -> String {
        let money = matter.money
        let items = match.shares.filter { $0.cash > 0 }.map(\.item)
        let credits = match.shares.filter { $0.cash < 0 }.map(\.item)
        let numbers = list(items)
        let subject = "\(money) from \(matter.payment.payerName ?? name(match.customer))"
        let whole = items.reduce(Int64(0)) { $0 &+ balances.available($1, catalogue, on: matter.payment.bookedOn) }
        let discount = match.shares.reduce(Int64(0)) { $0 &+ $1.discount }
        let verb = match.mentions.isEmpty ? "fits" : "names"
        switch match.shape {
        case .exact:
            if !credits.isEmpty {
                return "\(subject) \(verb) \(numbers) less \(list(credits)), which make exactly this sum."
            }
            if items.count > 1 { return "\(subject) \(verb) \(numbers), which add up to exactly this sum." }
            return "\(subject) \(verb) \(numbers) of \(name(match.customer)) and pays exactly what is open."
        case .discount:
            return "\(subject) \(verb) \(numbers), open \(matter.text(whole)), less the discount of "
                + "\(matter.text(discount)), within its terms."
        case .lateDiscount(let days):
            return "\(subject) \(verb) \(numbers), open \(matter.text(whole)), less a discount of "
                + "\(matter.text(discount)) that ended \(days) days earlier; "
                + (isGranted(match.shape, discount) ? "policy grants it." : "the rest stays open.")
        case .silentCredit:
            return "\(subject) \(verb) \(numbers), open \(matter.text(whole)); the open credit note "
                + "\(list(credits)) makes up the difference exactly."
        case .withheld(let seen):
            return "\(subject) \(verb) \(numbers), open \(matter.text(whole)), less \(matter.text(discount)) withheld: "
                + "the same share as \(seen) times before."
        case .fee(let seen):
            return "\(subject) \(verb) \(numbers), open \(matter.text(whole)), less a bank's fee of "
                + "\(matter.text(discount)), as \(seen) times before."
        case .part:
            return "\(subject) pays part of \(numbers), open \(matter.text(whole)); "
                + "\(matter.text(whole &- matter.payment.amount)) stays open."
        case .over:
            return "\(subject) is \(matter.text(matter.payment.amount &- whole)) more than \(numbers) asks for."
        case .differs:
            return "\(subject) names \(numbers), open \(matter.text(whole)) together."
        }
    }
}
