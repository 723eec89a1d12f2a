// SPDX-License-Identifier: Apache-2.0

import Documents

extension Workspace {
    /// An automatic decision, unless policy sends its rule to a person.
    func settle(_ matter: Matter, _ rule: Rule, _ match: Match) -> Decision {
        if match.shape != .exact || match.shares.contains(where: { $0.cash < 0 }),
            let last = memory.lastWaiting(matter.docket, within: policy.repeatDays)
        {
            return review(matter, .weak, [match], "The same payer sent the same amount on \(last), which waits")
        }
        if case .lateDiscount = match.shape, !policy.appliesUnexplained,
            match.shares.contains(where: { !isGranted(match.shape, $0.discount) })
        {
            return review(matter, rule, [match], "The discount is late, and nobody has granted it")
        }
        var decision = Decision(
            paymentID: matter.payment.id, verdict: policy.isAuto(rule) ? .auto : .review, rule: rule,
            sentence: sentence(match, matter))
        let (lines, proposed) = lines(match, on: matter.day)
        decision.lines = lines
        decision.proposed = proposed
        if match.shape == .part { decision.proposed += shortfall(match, matter) }
        decision.customerID = match.customer >= 0 ? catalogue.customers[Int(match.customer)].id : nil
        decision.evidence = evidence(match, matter)
        addRunnersUp(match, matter, &decision.evidence)
        return decision
    }

    /// Other items of the customer that ask for exactly this too: what the decision was made against.
    private func addRunnersUp(_ match: Match, _ matter: Matter, _ evidence: inout [Evidence]) {
        guard match.customer >= 0, match.shares.count == 1, match.shape == .exact else { return }
        let (amount, day) = (matter.amount, matter.day)
        guard balances.mayAsk(for: amount, besides: 1) else { return }
        var found = 0
        for place in balances.items(of: match.customer, amount: amount, limit: 16, catalogue)
        where place != match.shares[0].item && catalogue.facts[Int(place)].currency == matter.currency
            && catalogue.facts[Int(place)].issuedOn <= day
            && balances.available(place, catalogue, on: day) == amount && found < 2
        {
            let item = catalogue.items[Int(place)]
            evidence.append(Evidence("ALSO-FITS", text: item.number, itemID: item.id, bits: -4))
            found += 1
        }
    }

    /// Two customers' items that are not settled together (`decideSeveral`) are a person's, whether or not they add up.
    func whyDiffers(_ items: [Int32], _ matter: Matter) -> String {
        let isEqual =
            items.reduce(Int128(0)) { $0 + Int128(balances.available($1, catalogue, on: matter.payment.bookedOn)) }
            == Int128(matter.payment.amount)
        guard items.contains(where: { catalogue.customerOf[Int($0)] != catalogue.customerOf[Int(items[0])] }) else {
            return "The named items do not add up to the payment"
        }
        return isEqual
            ? "The named items are those of different customers"
            : "The named items are those of different customers and do not add up to the payment"
    }

    /// A proposal with what else it may be; nothing is applied.
    func review(_ matter: Matter, _ rule: Rule, _ matches: [Match], _ why: String) -> Decision {
        let ranked = rank(matches, matter)
        var text = why + "."
        if let first = ranked.first { text += " \(sentence(first, matter))" }
        var decision = Decision(paymentID: matter.payment.id, verdict: .review, rule: rule, sentence: text)
        if let first = ranked.first {
            let (lines, proposed) = lines(first, on: matter.day)
            decision.lines = lines
            decision.proposed = proposed + (first.shape == .part ? shortfall(first, matter) : [])
            decision.evidence = evidence(first, matter)
            if rule == .ambiguous, ranked.count > 1, areEquallyLikely(first, ranked[1], matter) {
                decision.evidence.append(Evidence("EQUALLY-LIKELY", text: list(ranked[1].shares.map(\.item)), bits: 0))
            }
            // A guess must not come back in the next run as something the books state.
            if matter.payer.certain == [first.customer], ranked.allSatisfy({ $0.customer == first.customer }) {
                decision.customerID = catalogue.customers[Int(first.customer)].id
            }
        }
        for match in ranked.prefix(5) where decision.alternatives.count < 5 {
            decision.alternatives += alternatives(match, matter)
        }
        decision.alternatives = Array(decision.alternatives.prefix(5))
        for match in ranked where match.shares.reduce(Int64(0), { $0 &+ $1.cash }) == matter.amount {
            decision.possibleItems += match.shares.map { catalogue.items[Int($0.item)].id }
            decision.possiblePlaces.items += match.shares.map(\.item)
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

    /// A match as it is, and, where something is missing that a person may give up, with that given up.
    private func alternatives(_ match: Match, _ matter: Matter) -> [Alternative] {
        let (lines, proposed) = lines(match, on: matter.day)
        let missing = (match.shape == .part ? shortfall(match, matter) : proposed).filter { $0.reason != .short }
        return missing.isEmpty
            ? [Alternative(lines: lines)] : [Alternative(lines: lines), Alternative(lines: lines + missing)]
    }

    /// What a customer said they would pay comes first, then the payer's own, exact fits, and what is due about the day of the
    /// payment: of a year of equal invoices, this month's is likelier than the oldest that nobody decided on yet.
    private func rank(_ matches: [Match], _ matter: Matter) -> [Match] {
        matches.map { (likelihood($0, matter), $0) }.sorted { $0.0 < $1.0 }.map(\.1)
    }

    private func likelihood(_ match: Match, _ matter: Matter) -> (Int, Int, Int, Int, Int32) {
        let expected = expectation(for: match, matter) == nil ? 1 : 0
        let isPayer = matter.payer.standing(match.customer, catalogue) >= .named
        let shape = match.shape == .exact ? 0 : match.shape == .discount ? 1 : 2
        let first = match.shares.first?.item
        let days = first.map { abs(catalogue.facts[Int($0)].dueOn - matter.day) } ?? 0
        return (expected, isPayer ? 0 : 1, shape, days, first ?? 0)
    }

    /// Nothing but the order in a list puts one before the other: when an item is due says nothing of whose money it is.
    private func areEquallyLikely(_ first: Match, _ second: Match, _ matter: Matter) -> Bool {
        let (one, other) = (likelihood(first, matter), likelihood(second, matter))
        return (one.0, one.1, one.2) == (other.0, other.1, other.2)
            && (one.3 == other.3 || first.customer != second.customer)
    }

    /// A small difference is proposed as a fee, any other as an amount that stays open.
    private func shortfall(_ match: Match, _ matter: Matter) -> [Line] {
        guard let share = match.shares.last else { return [] }
        let item = catalogue.items[Int(share.item)]
        let missing = balances.available(share.item, catalogue, on: matter.day) - share.cash
        guard missing > 0 else { return [] }
        let whole = missing &+ share.cash
        let reason: Line.Reason =
            whole == item.total && isTaxRate(missing, of: whole) && !isFee(missing, item.currency)
            ? .withholding : missing <= policy.feeMax ? .fee : .short
        var line = Line(itemID: item.id, reason: reason, cash: 0, adjustment: missing)
        line.place = share.item
        return [line]
    }

    func expectation(for match: Match, _ matter: Matter) -> AnnouncedMoney? {
        guard match.customer >= 0, !expectations.isEmpty, !expectations[Int(match.customer)].isEmpty else { return nil }
        let (amount, currency, day) = (matter.amount, matter.currency, matter.day)
        let announced = expectations[Int(match.customer)]
        for place in announced.indices
        where announced[place].amount == amount && announced[place].currency == currency
            && announced[place].from <= day && day <= announced[place].through
        {
            let expected = announced[place]
            if expected.itemIDs.isEmpty { return expected }
            if match.shares.contains(where: { expected.itemIDs.contains(catalogue.items[Int($0.item)].id) }) {
                return expected
            }
        }
        return nil
    }

    func evidence(_ mention: Mention, _ matter: Matter) -> Evidence {
        let (code, bits): (String, Int) =
            switch mention.how {
            case .referenceField: ("REF-FIELD", 24)
            case .referenceText: ("REF-TEXT", 22)
            case .number: ("NUMBER", 20)
            case .wrapped: ("NUMBER-WRAPPED", 18)
            case .spelled: ("NUMBER-SPELLED", 16)
            case .range: ("NUMBER-RANGE", 14)
            case .abbreviated: ("NUMBER-SHORTENED", 10)
            case .order: ("ORDER", 14)
            }
        let itemID = catalogue.items[Int(mention.item)].id
        if mention.isOfField {
            let (field, isReference) = (matter.payment.structuredReference, mention.how == .referenceField)
            return Evidence(
                isReference ? code : "END-TO-END", text: (isReference ? field : matter.payment.endToEndID) ?? "",
                itemID: itemID, bits: bits)
        }
        return Evidence(
            code, text: matter.reading.folded.text(mention.from, mention.to),
            span: matter.reading.folded.span(mention.from, mention.to), itemID: itemID, bits: bits)
    }

    private func evidence(_ match: Match, _ matter: Matter) -> [Evidence] {
        var found: [Evidence] = []
        found.reserveCapacity(match.mentions.count + 3)
        if match.mentions.count == 1 {
            found.append(evidence(match.mentions[0], matter))
        } else if !match.mentions.isEmpty {
            var seen: [Int32] = []
            for mention in match.mentions.sorted(by: { ($0.how, $0.from, $0.item) < ($1.how, $1.from, $1.item) })
            where !seen.contains(mention.item) {
                seen.append(mention.item)
                found.append(evidence(mention, matter))
            }
        }
        switch match.shape {
        case .exact, .silentCredit:
            topics.reads(Topics.amount(matter.amount))
            // The rarer the amount in this ledger, the more it says.
            var bits = 12
            var count = balances.count(ofAmount: matter.amount)
            while count > 1, bits > 1 {
                count /= 2
                bits -= 1
            }
            found.append(Evidence("AMOUNT-EXACT", text: matter.money, bits: bits))
        case .discount:
            if let late = grace(match, matter) {
                found.append(Evidence("DISCOUNT-IN-GRACE", text: "\(matter.money), \(late)", bits: 11))
            } else {
                found.append(Evidence("DISCOUNT-IN-TERMS", text: matter.money, bits: 11))
            }
        case .lateDiscount(let days): found.append(Evidence("DISCOUNT-LATE", text: "\(days) days", bits: 6))
        case .withheld(0):
            found.append(Evidence("WITHHOLDING-POLICY", text: match.shares.first.map { share(of: $0) } ?? "", bits: 10))
        case .withheld(let seen):
            found.append(Evidence("WITHHOLDING-HABIT", text: Self.others(seen), bits: 10))
        case .fee(let seen): found.append(Evidence("FEE-HABIT", text: Self.others(seen), bits: 8))
        case .part: found.append(Evidence("AMOUNT-PART", text: matter.money, bits: 0))
        case .over, .differs: found.append(Evidence("AMOUNT-DIFFERS", text: matter.money, bits: -6))
        }
        if let payer = payerEvidence(match.customer, matter) { found.append(payer) }
        if let expected = expectation(for: match, matter) {
            found.append(
                Evidence(
                    expected.kind == .promise ? "PROMISED" : "CLAIMED-PAID",
                    text: "\(matter.text(expected.amount)) \(expected.told)", bits: 6))
        }
        return found
    }

    private func share(of share: Match.Share) -> String {
        grantedShare(share.discount, of: catalogue.facts[Int(share.item)].total)?.text ?? ""
    }

    private func payerEvidence(_ customer: Int32, _ matter: Matter) -> Evidence? {
        let payer = matter.payer
        if let reason = payer.reason(for: customer) {
            let text =
                switch reason {
                case .account, .parentAccount, .learned: matter.payment.payerAccount
                case .reference: borneText(matter)
                case .stated, .number: customer >= 0 ? catalogue.customers[Int(customer)].number : nil
                }
            return Evidence(reason.rawValue, text: text ?? "", bits: 12)
        }
        switch payer.standing(customer, catalogue) {
        case .named:
            let code = payer.isAlias(of: customer) ? "LEARNED-NAME" : "PAYER-NAME"
            return Evidence(code, text: matter.payment.payerName ?? "", bits: 6)
        case .contradicted: return Evidence("PAYER-OTHER", text: matter.payment.payerAccount ?? "", bits: -10)
        case .unknown, .certain: return nil
        }
    }

    func name(_ customer: Int32) -> String {
        guard customer >= 0 else { return "an unknown customer" }
        if let name = catalogue.customers[Int(customer)].name { return name }
        return catalogue.customers[Int(customer)].number ?? catalogue.customers[Int(customer)].id
    }
}
