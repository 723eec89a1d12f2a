// SPDX-License-Identifier: Apache-2.0

import Documents

/// Money that bears its customer's reference, which stands on every invoice of theirs: who pays is sure, and the amount has
/// to say what for.
///
///     viite 12345672 on invoices of 41.00, 42.00, 49.00 and 49.00
///     42.00 ──► the one of 42.00      181.00 ──► all four      49.00 ──► a person chooses
///
/// Ledgers that run such references pay what is due first. A company may say so (`Policy.takesOldest`); by itself a guess
/// between equal items stays a guess.
extension Workspace {
    /// Whose items the payment may be for.
    func payers(_ matter: Matter) -> [Int32] {
        let payer = matter.payer
        guard !matter.reading.references.isEmpty else { return payer.certain.isEmpty ? payer.named : payer.certain }
        // Account and name say who sent it; the reference says whose debt it is for.
        return payer.certain.filter { customer in matter.reading.references.contains { $0.customer == customer } }
    }

    /// - Parameter candidates: items of these customers that the amount fits.
    func decideByReference(_ candidates: [Candidate], _ customers: [Int32], _ matter: Matter) -> Decision? {
        guard !matter.reading.references.isEmpty, customers.count == 1, let customer = customers.first else {
            return nil
        }
        part.asks(allOf: customer)
        let fitting = byDueDay(candidates.filter { bears($0.item, matter) && $0.fit.isWithinTerms })
        if !fitting.isEmpty { return bearing(settle(fitting, matter), customer, matter) }
        if let (match, isSure) = balance(of: customer, matter) {
            let why = "So many open items of one amount make this sum, or others of that amount do"
            return bearing(
                isSure ? settle(matter, .refCustomer, match) : review(matter, .ambiguous, [match], why), customer,
                matter)
        }
        var decision =
            decideWithheld(customers, matter) ?? decideSet(customers, matter)
            ?? proposePossible(
                (candidates.isEmpty ? ahead(customer, matter) : candidates).map { proposal($0, matter) }, customers,
                matter)
        let claims = decision.lines.filter { $0.cash > 0 }.compactMap { catalogue.place(of: $0) }
        if decision.verdict == .auto, !claims.allSatisfy({ bears($0, matter) }) {
            decision = forPerson(decision, .ambiguous, "The reference stands on other invoices of the customer")
        }
        return bearing(decision, customer, matter)
    }

    /// How many days after its due day an item is still paid as a matter of course.
    private static let usualDelay = 30

    /// One open item of the amount is what the payment is for. Of several nobody says which: a person chooses, unless
    /// policy says that the one that is due first is taken.
    private func settle(_ fitting: [Candidate], _ matter: Matter) -> Decision {
        let free = fitting.filter { !$0.isClaimed }
        let all = fitting.map { proposal($0, matter) }
        guard let first = free.first else {
            return review(matter, .ambiguous, all, "Another payment names the item that the amount fits")
        }
        if isContested(first.item, matter) {
            return review(
                matter, .ambiguous, all, "An earlier payment of the same amount may have been for the same item")
        }
        let whole = balances.available(first.item, catalogue, on: matter.day)
        let areAlike = free.allSatisfy {
            $0.fit == first.fit && balances.available($0.item, catalogue, on: matter.day) == whole
        }
        // One that another payment names fits as well: that payment may be the same money twice.
        guard fitting.count == 1 || areAlike && policy.takesOldest else {
            return review(matter, .ambiguous, all, "\(fitting.count) open items fit equally")
        }
        if !policy.takesOldest, catalogue.facts[Int(first.item)].dueOn + Self.usualDelay < matter.day,
            let doubt = doubtAboutLaterAlike(first.item, matter)
        {
            return review(matter, .weak, all, doubt)
        }
        var decision = settle(matter, .refCustomer, proposal(first, matter))
        if free.count > 1 {
            decision.sentence += " Of \(free.count) open items of this amount it is the one that is due first."
        }
        return decision
    }

    private func bears(_ item: Int32, _ matter: Matter) -> Bool {
        matter.reading.references.contains { catalogue.referenceTexts.holds($0.key[...], at: item) }
    }

    func byDueDay(_ candidates: [Candidate]) -> [Candidate] {
        candidates.sorted { isDueBefore($0.item, $1.item) }
    }

    private func isDueBefore(_ left: Int32, _ right: Int32) -> Bool {
        let (one, other) = (catalogue.facts[Int(left)].dueOn, catalogue.facts[Int(right)].dueOn)
        return one != other ? one < other : catalogue.issueRank[Int(left)] < catalogue.issueRank[Int(right)]
    }

    /// Everything that is open under the reference, or all that is due of it; or of equal amounts those due first.
    ///
    /// It is not sure where an item that is left out asks for as much as one that is not.
    private func balance(of customer: Int32, _ matter: Matter) -> (match: Match, isSure: Bool)? {
        let day = matter.day
        func worth(_ item: Int32) -> Int64 { balances.available(item, catalogue, on: day) }
        let open = openItems(of: customer, matter)
        let claims = open.filter { bears($0, matter) && worth($0) > 0 }.sorted(by: isDueBefore)
        let credits = open.filter { worth($0) < 0 }
        guard claims.count > 1, !claims.contains(where: { isClaimed($0) || isContested($0, matter) }) else {
            return nil
        }
        let due = claims.filter { catalogue.facts[Int($0)].dueOn <= day }
        var sets = [claims + credits, claims, due + credits, due]
        let each = worth(claims[0])
        if matter.amount % each == 0, matter.amount / each < Int64(claims.count),
            claims.allSatisfy({ worth($0) == each })
        {
            sets.append(Array(claims.prefix(Int(matter.amount / each))))
        }
        guard
            let set = sets.first(where: { set in
                set.count > 1 && set.reduce(0) { $0 &+ worth($1) } == matter.amount
            })
        else { return nil }
        let areAlike = claims.contains { left in
            !set.contains(left) && set.contains { worth($0) == worth(left) }
        }
        let shares = set.sorted().map { Match.Share(item: $0, cash: worth($0)) }
        let match = Match(customer: customer, shares: shares, shape: .exact, mentions: [])
        return (match, !areAlike || policy.takesOldest)
    }

    /// What is issued soon after the money came and asks for exactly this.
    private func ahead(_ customer: Int32, _ matter: Matter) -> [Candidate] {
        balances.items(of: customer, amount: matter.amount, limit: 256, catalogue).filter { item in
            let facts = catalogue.facts[Int(item)]
            return bears(item, matter) && facts.currency == matter.currency && facts.issuedOn > matter.day
                && facts.issuedOn <= matter.day + policy.prepaymentDaysMax
                && balances.available(item, catalogue, on: matter.day) == matter.amount
        }.map { Candidate(item: $0, customer: customer, fit: .exact) }
    }

    private func bearing(_ decision: Decision, _ customer: Int32, _ matter: Matter) -> Decision {
        guard let reference = matter.reading.references.first else { return decision }
        var told = decision
        let text = borneText(matter)
        told.sentence =
            "The reference \(text) stands on several invoices of \(name(customer)): it says who pays, not what for. "
            + decision.sentence
        if !told.evidence.contains(where: { $0.code == Payer.Reason.reference.rawValue }) {
            let span = reference.isField ? nil : matter.reading.folded.span(reference.from, reference.to)
            told.evidence.insert(Evidence(Payer.Reason.reference.rawValue, text: text, span: span, bits: 12), at: 0)
        }
        return told
    }

    /// The customer's reference as it stands in the payment.
    func borneText(_ matter: Matter) -> String {
        guard let borne = matter.reading.references.first else { return "" }
        return borne.isField
            ? matter.payment.structuredReference ?? "" : matter.reading.folded.text(borne.from, borne.to)
    }

    /// Money that bears a customer's reference is booked by itself on that customer's items only, and not where the account
    /// is known to be another one's.
    func held(_ decision: Decision, _ matter: Matter) -> Decision {
        guard decision.verdict == .auto, let borne = matter.reading.references.first else { return decision }
        let owners = decision.lines.compactMap { catalogue.place(of: $0) }.map { catalogue.customerOf[Int($0)] }
        if owners.contains(where: { owner in !matter.reading.references.contains { $0.customer == owner } }) {
            let why = "The payment bears the reference of \(name(borne.customer))"
            return forPerson(decision, .payerConflict, why)
        }
        let standing = matter.payer.standingBesideReference(borne.customer, catalogue)
        if standing == .contradicted {
            return forPerson(decision, .payerConflict, "The paying account belongs to another customer")
        }
        if standing < .named, borne.digits > 0, accidents(borne.digits, matter) > policy.accidentsPerBillionMax {
            let why = "Digits alone name the customer, many items ask for this amount, and the payer is not known"
            return forPerson(decision, .weak, why)
        }
        return decision
    }

    /// The same lines as a proposal.
    func forPerson(_ decision: Decision, _ rule: Rule, _ why: String) -> Decision {
        var waiting = decision
        waiting.verdict = .review
        waiting.rule = rule
        waiting.sentence = "\(why). \(decision.sentence)"
        waiting.alternatives = [Alternative(lines: decision.lines)]
        let claims = decision.lines.filter { $0.cash > 0 }
        waiting.possiblePlaces.items = claims.compactMap { catalogue.place(of: $0) }
        waiting.possibleItems = claims.map(\.itemID)
        return waiting
    }
}
