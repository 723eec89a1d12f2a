// SPDX-License-Identifier: Apache-2.0

import Documents

extension Workspace {
    /// The payer's own items by amount, with whatever the text adds; the weakest evidence that may post.
    func decideByPayer(_ matter: Matter) -> Decision {
        var customers = payers(matter)
        guard !customers.isEmpty else { return decideUnknown(matter) }
        // An account that pays for several customers says which by the name in the text.
        var likely = matter.reading.references.isEmpty ? matter.payer.likely : customers
        if customers.count > 1, matter.payer.certain.count > 1 {
            let named = customersNamed(inTextOf: matter).filter(customers.contains)
            if named.count == 1 { (customers, likely) = (named, named) }
        }
        let candidates = candidates(of: likely, matter)
        if let decision = decideSupported(candidates, customers, matter) ?? decideCoreSum(customers, matter)
            ?? decideCorePart(customers, matter) ?? decideByMonth(candidates, customers, matter)
        {
            return decision
        }
        return decideByReference(candidates, customers, matter) ?? decideByAmount(candidates, customers, matter)
    }

    /// Digits in the text point at one of the items that fit.
    private func decideSupported(
        _ candidates: [Candidate], _ customers: [Int32], _ matter: Matter
    ) -> Decision? {
        let supported = candidates.filter { $0.support <= .begun }
        guard let best = supported.map(\.support).min() else { return nil }
        let strongest = supported.filter { $0.support == best }
        let free = strongest.filter { !$0.isClaimed }
        // What somebody else names as well makes no room for a weaker guess.
        if free.isEmpty { return reviewClaimed(strongest, matter) }
        if free.count == 1, customers.count == 1 || best == .core || !matter.payer.certain.isEmpty {
            return settleSupported(free[0], candidates, matter)
        }
        return review(
            matter, .ambiguous, strongest.map { proposal($0, matter) },
            "Several items of the payer fit the amount and the text")
    }

    /// The month in the text is that of one of the items that fit: of rents and fees it tells which.
    private func decideByMonth(
        _ candidates: [Candidate], _ customers: [Int32], _ matter: Matter
    ) -> Decision? {
        let fitting = candidates.filter { $0.support == .month && $0.fit.isWithinTerms }
        guard let only = fitting.first, fitting.count == 1, let token = only.token,
            customers.count == 1 || !matter.payer.certain.isEmpty,
            !matter.payer.certain.isEmpty || matter.payer.likeness == .full,
            // A month tells which item, not which of the customers that an account pays for.
            !matter.payer.isShared(only.customer)
        else { return nil }
        let months = months(matter)
        guard months.allSatisfy({ $0.month == months[0].month && $0.year == months[0].year }) else { return nil }
        if only.isClaimed { return reviewClaimed(fitting, matter) }
        let match = proposal(only, matter)
        if isContested(only.item, matter) {
            return review(
                matter, .ambiguous, [match], "An earlier payment of the same amount may have been for the same item")
        }
        if let decision = decideNamedElse([match], matter) { return decision }
        if let doubt = doubtAboutText(match, matter) { return review(matter, .weak, [match], doubt) }
        if let decision = reviewSet(besides: only, match, matter) { return decision }
        if let other = namedBeside(match.customer, matter) {
            return review(
                matter, .ambiguous, [match] + exactly(of: other, matter), "The text points at \(name(other)) as well")
        }
        if let other = relativeOwing(match.customer, matter) {
            return review(matter, .ambiguous, [match] + exactly(of: other, matter), relative(other))
        }
        var decision = settle(matter, only.fit == .exact ? .payerAmount : .payerDiscount, match)
        decision.evidence.insert(
            Evidence(
                "MONTH-NAMED", text: matter.reading.folded.text(token.from, token.to),
                span: matter.reading.folded.span(token.from, token.to),
                itemID: catalogue.items[Int(only.item)].id, bits: 5), at: 0)
        return decision
    }

    /// What is named does not fit, but is one slip away from an item of the payer that does.
    func decideMistyped(_ matter: Matter) -> Decision? {
        let named = mentioned(matter)
        let customers = matter.payer.certain.isEmpty ? matter.payer.named : matter.payer.certain
        guard named.count == 1, let mention = matter.reading.mentions.first, matter.reading.mentions.count == 1,
            !customers.isEmpty
        else { return nil }
        // The payer's own item that took this very amount before is rather paid twice.
        let isRepeated = memory.settling(mention.item).contains {
            memory.seen($0).amount == matter.amount && !memory.seen($0).isReturned
        }
        let candidates = candidates(of: customers, matter).filter { $0.support == .mistyped }
        guard !isRepeated, candidates.count == 1 else { return nil }
        if candidates[0].isClaimed { return reviewClaimed(candidates, matter) }
        // As it is written it may just as well be a part of the item that it names.
        if customers.contains(catalogue.customerOf[Int(mention.item)]), !mention.isDoubtful,
            catalogue.facts[Int(mention.item)].currency == matter.currency,
            balances.available(mention.item, catalogue, on: matter.day) > matter.amount
        {
            return review(
                matter, .ambiguous, [proposal(candidates[0], matter), partly(mention.item, matter)],
                "It is less than the named item, and exactly another one whose number differs by one character")
        }
        return settleSupported(candidates[0], candidates, matter)
    }

    func proposal(_ candidate: Candidate, _ matter: Matter) -> Match {
        var share = Match.Share(item: candidate.item, cash: matter.amount)
        var shape = Match.Shape.exact
        switch candidate.fit {
        case .exact: break
        case .discount(let value):
            share.discount = value
            shape = .discount
        case .lateDiscount(let value, let days):
            share.discount = value
            shape = .lateDiscount(days: days)
        }
        return Match(customer: candidate.customer, shares: [share], shape: shape, mentions: [])
    }

    private func settleSupported(_ candidate: Candidate, _ all: [Candidate], _ matter: Matter) -> Decision {
        let match = proposal(candidate, matter)
        let rule: Rule = candidate.support == .core ? .coreExact : .typoExact
        let standing = matter.payer.standing(candidate.customer, catalogue)
        if standing < .named { return review(matter, .weak, [match], "The payer is not known to be the customer") }
        if isContested(candidate.item, matter) {
            return review(
                matter, .ambiguous, [match], "An earlier payment of the same amount may have been for the same item")
        }
        if candidate.support != .core, let decision = decideNamedElse([match], matter) { return decision }
        if isOneOfMany(candidate, matter) {
            return review(
                matter, .ambiguous, [match], "What is written is one slip away from several numbers of the customer")
        }
        if candidate.support != .core, let other = asWritten(candidate, matter) {
            return review(
                matter, .ambiguous, [match] + (exactly(of: catalogue.customerOf[Int(other)], matter)),
                "What is written is the running part of \(catalogue.items[Int(other)].number)")
        }
        let refund = candidate.token?.label == .invoice ? nil : doubtAboutRefund(match, matter)
        if let why = refund ?? doubtAboutCopy(matter) { return review(matter, .weak, [match], why) }
        var decision = settle(matter, rule, match)
        if let token = candidate.token {
            let code = candidate.support == .core ? "NUMBER-CORE" : "NUMBER-MISTYPED"
            decision.evidence.insert(
                Evidence(
                    code, text: matter.reading.folded.text(token.from, token.to),
                    span: matter.reading.folded.span(token.from, token.to),
                    itemID: catalogue.items[Int(candidate.item)].id, bits: candidate.support == .core ? 10 : 8), at: 0)
        }
        return decision
    }

    /// The payer's item by the running part of its number, with less than its amount.
    private func decideCorePart(_ customers: [Int32], _ matter: Matter) -> Decision? {
        var found: [Int32] = []
        var strongest = 0
        for customer in customers.prefix(32) {
            for token in matter.reading.cores
            where token.bytes.count >= 3 && token.label != .other && !isYear(token, matter) {
                part.asks(allOf: customer)
                let core = token.bytes[...].drop { $0 == 0x30 }
                for item in catalogue.items(of: customer, core: core, limit: 64)
                where catalogue.facts[Int(item)].currency == matter.currency
                    && catalogue.facts[Int(item)].issuedOn <= matter.day && !found.contains(item)
                {
                    found.append(item)
                    strongest = max(strongest, token.bytes.count)
                }
            }
        }
        guard !found.isEmpty else { return nil }
        let day = matter.day
        let open = found.filter { balances.available($0, catalogue, on: day) > 0 }
        guard open.count == 1, found.count == 1, let item = open.first else {
            let matches = open.map { partly($0, matter) }
            return review(matter, .ambiguous, matches, "Shortened numbers point at items that do not fit the amount")
        }
        let match = partly(item, matter)
        if let decision = withCredit(item, match, matter) { return decision }
        guard match.shape == .part else {
            return review(matter, .numberOver, [match], "The payment is more than the item its digits point at")
        }
        let others = matter.reading.unknown.contains {
            !catalogue.hasCore(item, $0.bytes[...].drop { $0 == 0x30 })
        }
        let isCut = matter.reading.text.isTruncated && hasCredits(match.customer, matter)
        let doubts =
            strongest < 3 || isCut || others
            || matter.payer.standing(match.customer, catalogue) < .named || customers.count > 1
        if doubts {
            return review(matter, .corePart, [match], "It is less than the item that its digits point at")
        }
        return settleShort(item, match, .corePart, matter)
    }

    private func withCredit(_ item: Int32, _ match: Match, _ matter: Matter) -> Decision? {
        let matches = explain(
            [item], of: match.customer, matter.amount, on: matter.day, mentions: [])
        guard matches.count == 1, matches[0].shape == .silentCredit,
            matter.payer.standing(match.customer, catalogue) >= .named
        else { return nil }
        if let why = doubtAboutCredit(matches[0], matter) { return review(matter, .ambiguous, matches, why) }
        return settle(matter, .numberCredit, matches[0])
    }

    func partly(_ item: Int32, _ matter: Matter) -> Match {
        let whole = balances.available(item, catalogue, on: matter.day)
        let amount = matter.amount
        return Match(
            customer: catalogue.customerOf[Int(item)],
            shares: [Match.Share(item: item, cash: min(whole, amount))], shape: amount < whole ? .part : .over,
            mentions: [])
    }

    /// Nothing but who paid and how much.
    private func decideByAmount(_ candidates: [Candidate], _ customers: [Int32], _ matter: Matter) -> Decision {
        let payment = matter.payment
        let matches = candidates.map { proposal($0, matter) }
        if !matter.isCharge, isRound(payment), matter.reading.unknown.isEmpty, matter.reading.cores.isEmpty {
            var decision = review(
                matter, .onAccount, matches, "A round amount without a reference may be money on account")
            decision.customerID = customers.count == 1 ? catalogue.customers[Int(customers[0])].id : nil
            return decision
        }
        let free = candidates.filter { !$0.isClaimed }
        let exact = free.filter { $0.fit == .exact }
        let inTerms = free.filter {
            if case .discount = $0.fit { return true }
            return false
        }
        let fitting = exact + inTerms
        guard let first = fitting.first else {
            if free.isEmpty, !candidates.isEmpty { return reviewClaimed(candidates, matter) }
            if let decision = decideNamedElse([], matter) { return decision }
            let withheld = RefundWord.first(in: matter.reading.text) == nil ? decideWithheld(customers, matter) : nil
            if let decision = withheld ?? decideSet(customers, matter) { return decision }
            return proposePossible(matches, customers, matter)
        }
        // Equal instalments of one invoice are no ambiguity: the one that is due first is paid first.
        let isInTurn = exact.count == fitting.count && isOneInvoice(exact.map(\.item))
        let only = isInTurn ? byDueDay(exact)[0] : first
        guard fitting.count == 1 || isInTurn else {
            return review(
                matter, .ambiguous, fitting.map { proposal($0, matter) }, "\(fitting.count) open items fit equally")
        }
        let match = proposal(only, matter)
        if let decision = decideNamedElse([match], matter) { return decision }
        if fitting.count == 1, let decision = reviewSet(besides: only, match, matter) { return decision }
        // Who pays without a word pays what is due first: an older item of this amount is no other payment's alone.
        let rank = catalogue.issueRank[Int(only.item)]
        if candidates.contains(where: {
            $0.isClaimed && ($0.support < .none || catalogue.issueRank[Int($0.item)] < rank)
        }) {
            return reviewClaimed(candidates, matter)
        }
        if let doubt = doubtAboutAmount(match, customers, matter) { return review(matter, .weak, [match], doubt) }
        return settle(matter, exact.isEmpty ? .payerDiscount : .payerAmount, match)
    }

    /// The payer is known and nothing explains the amount: what it may be in another currency, or a part of.
    func proposePossible(_ matches: [Match], _ customers: [Int32], _ matter: Matter) -> Decision {
        let why = "The payer is known, but no open item or named sum explains the amount"
        let namesakes = matter.payer.name?.namesakes.filter { !customers.contains($0) } ?? []
        let matches = matches.isEmpty ? candidates(of: namesakes, matter).map { proposal($0, matter) } : matches
        if matches.isEmpty, let ahead = decidePaidAhead(customers, matter) { return ahead }
        var decision = review(matter, .noEvidence, matches + (matches.isEmpty ? parts(of: customers, matter) : []), why)
        let foreign = worthAbout(customers, matter)
        guard let first = foreign.first else { return decision }
        decision.rule = .otherCurrency
        decision.sentence = "\(why). \(first.sentence)"
        decision.lines = [first.line]
        decision.alternatives =
            (foreign.map { Alternative(lines: [$0.line]) } + decision.alternatives).prefix(5).map { $0 }
        return decision
    }

    /// Items that this may be a part of, the likeliest first: less what looks like a fee or a tax, an equal share,
    /// what is due first.
    private func parts(of customers: [Int32], _ matter: Matter) -> [Match] {
        let payment = matter.payment
        var ranked: [(rank: Int, day: Int32, place: Int32)] = []
        for customer in customers.prefix(4) {
            for place in openItems(of: customer, matter).prefix(400) {
                let item = catalogue.facts[Int(place)]
                let missing = balances.available(place, catalogue, on: payment.bookedOn) &- payment.amount
                guard missing > 0 else { continue }
                let whole = missing &+ payment.amount
                let isShare = (2...4).contains { count in
                    (item.total / Int64(count) &- payment.amount).magnitude <= 1
                }
                let rank =
                    isFee(missing, item.currency) || isTaxRate(missing, of: whole)
                    ? 0 : isShare ? 1 : missing <= whole / 2 ? 2 : 3
                ranked.append((rank, item.dueOn.number, place))
            }
        }
        ranked.sort { ($0.rank, $0.day, $0.place) < ($1.rank, $1.day, $1.place) }
        return ranked.prefix(5).map { partly($0.place, matter) }
    }

    private func reviewSet(besides only: Candidate, _ match: Match, _ matter: Matter) -> Decision? {
        set(besides: only, matter).map {
            review(matter, .ambiguous, [match, $0], "One open item asks for this amount, and others make it together")
        }
    }

    func reviewClaimed(_ candidates: [Candidate], _ matter: Matter) -> Decision {
        review(
            matter, .ambiguous, candidates.map { proposal($0, matter) },
            "The payer and the amount fit, but another payment names the same item")
    }

    private func doubtAboutAmount(_ match: Match, _ customers: [Int32], _ matter: Matter) -> String? {
        let item = match.shares[0].item
        if let doubt = doubtAboutText(match, matter) { return doubt }
        let (payer, customer) = (matter.payer, catalogue.customerOf[Int(item)])
        if payer.isContradicted(customer) { return "The text has another customer's number" }
        let isNamed = payer.certain.isEmpty
        if isNamed, customers.count > 1 { return "The payer's name fits \(customers.count) customers" }
        // Part of a name, or an account of several, is enough only where nobody else is asked for this amount.
        if isNamed ? payer.likeness < .full : payer.isShared(customer),
            count(ofAmount: balances.available(item, catalogue, on: matter.day)) > 1
        {
            let who =
                isNamed
                ? "The payer's name is not quite the customer's"
                : payer.certain.count > 1
                    ? "The account paid for \(payer.certain.count) customers"
                    : "The account's holder is not the customer"
            return "\(who), and others are asked for this amount"
        }
        if let other = namedBeside(customer, matter) {
            return "The text points at \(name(other)), who is asked for this amount too"
        }
        if let other = relativeOwing(customer, matter) { return relative(other) }
        if let doubt = doubtAboutInstalment(item, matter) { return doubt }
        if let last = memory.lastSame(matter.docket, within: policy.repeatDays) {
            return "The same payer paid the same amount on \(last)"
        }
        if isContested(item, matter) {
            return "An earlier payment of the same amount may have been for the same item"
        }
        return doubtAboutLaterAlike(item, matter)
    }

    private func isRound(_ payment: MatchPayment) -> Bool {
        var unit = policy.roundUnits
        for _ in 0..<payment.currency.exponent { unit *= 10 }
        return unit > 0 && payment.amount % unit == 0
    }

    /// Nobody is known: at most a list of open items of this very amount, for a person.
    private func decideUnknown(_ matter: Matter) -> Decision {
        let payment = matter.payment
        if isStranger(matter.docket) {
            var decision = Decision(
                paymentID: payment.id, verdict: .notReceivable, kind: .other, rule: .unrelated,
                sentence: "\(matter.money) came from an account that a person set aside before as nobody's who owes us."
            )
            decision.evidence = [Evidence("NEVER-CUSTOMER", text: payment.payerAccount ?? "", bits: 12)]
            return decision
        }
        if let decision = decideNamedElse([], matter) { return decision }
        let same = items(ofAmount: payment.amount, limit: 64).filter {
            catalogue.facts[Int($0)].currency == payment.currency
                && catalogue.facts[Int($0)].issuedOn <= payment.bookedOn
                && balances.available($0, catalogue, on: payment.bookedOn) == payment.amount
        }
        let hints = same.filter { support(for: $0, matter).0 < .none }
        let shown = hints.isEmpty ? same : hints
        guard !shown.isEmpty, shown.count <= 5, !isRound(payment) || !hints.isEmpty else {
            return Decision(
                paymentID: payment.id, verdict: .none, rule: .noEvidence,
                sentence: "Neither the text nor the payer of \(matter.money) points at a customer.")
        }
        let matches = shown.map {
            Match(
                customer: catalogue.customerOf[Int($0)], shares: [Match.Share(item: $0, cash: payment.amount)],
                shape: .exact, mentions: [])
        }
        return review(matter, .noEvidence, matches, "Only the amount points at an item")
    }
}
