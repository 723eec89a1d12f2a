// SPDX-License-Identifier: Apache-2.0

import Documents

/// Why named items that explain an amount are a person's all the same.
struct Doubt {
    var rule: Rule
    /// What it may be; which comes first is for `rank` to say.
    var matches: [Match]
    var why: String
}

extension Workspace {
    /// A mention that may not be passed over: not a date, not digits that anybody's document could have.
    func isCredible(_ mention: Mention, _ matter: Matter) -> Bool {
        if mention.isDoubtful { return false }
        if mention.digits == 0 || mention.how.isReference || mention.digits >= 8 { return true }
        let standing = matter.payer.standing(catalogue.customerOf[Int(mention.item)], catalogue)
        if standing >= .named { return true }
        return standing == .unknown && (matter.payer.certain.isEmpty || matter.payer.paysForOthers)
            && mention.digits >= 5
    }

    /// What speaks against an explained payment; nil when nothing does.
    func doubt(_ match: Match, _ named: NamedItems, _ matter: Matter) -> Doubt? {
        var standing = matter.payer.standing(match.customer, catalogue)
        // Whose item it is, says the text too: somebody pays for another.
        if standing < .named, customersNamed(inTextOf: matter).contains(match.customer) { standing = .named }
        if standing == .contradicted {
            return Doubt(
                rule: .payerConflict, matches: [match] + owed(besides: match, matter),
                why: "The paying account belongs to another customer")
        }
        if let why = doubtAboutOthers(match, named, standing, matter) {
            return Doubt(rule: .ambiguous, matches: [match], why: why)
        }
        if match.shares.contains(where: { isContested($0.item, matter) }) {
            return Doubt(
                rule: .ambiguous, matches: [match],
                why: "An earlier payment of the same amount may have been for the same item")
        }
        if let why = doubtAboutCredit(match, matter) {
            return Doubt(rule: .ambiguous, matches: [match] + withFee(match), why: why)
        }
        guard standing < .named else { return nil }
        // Everybody's programs number their payments: `20260001` is a stranger's first one of the year, too.
        if match.mentions.contains(where: { $0.isOfField && $0.digits > 0 && ($0.how == .number || $0.isDoubtful) }) {
            return Doubt(
                rule: .weak, matches: [match],
                why: "Only the payment's own id names the item, and the payer is not known to be the customer")
        }
        let named = customersNamed(inTextOf: matter).filter { $0 != match.customer }
        let theirs = named.prefix(8).flatMap { exactly(of: $0, matter) }
        if let first = theirs.first {
            return Doubt(
                rule: .ambiguous, matches: theirs + [match],
                why: "The text names the customer \(name(first.customer)), who owes this very amount")
        }
        let owed = rivals(of: match, matter)
        if !owed.isEmpty {
            return Doubt(
                rule: .ambiguous, matches: owed + [match],
                why: "The text names another customer's item, and the payer owes this very amount too")
        }
        return doubtAboutDigits(match, matter).map { Doubt(rule: .weak, matches: [match], why: $0) }
    }

    /// What else the text names.
    private func doubtAboutOthers(
        _ match: Match, _ named: NamedItems, _ standing: Payer.Standing, _ matter: Matter
    ) -> String? {
        // Two items and more that come to the cent are what is paid, whatever else is written beside them.
        if standing >= .named, match.shares.count > 1, match.shape == .exact { return nil }
        func counts(_ mention: Mention) -> Bool {
            isCredible(mention, matter) && mention.how <= .spelled && !isOtherReading(mention, of: match, standing)
        }
        if named.closed.contains(where: {
            counts($0) && !isUsedCredit($0, of: match) && !isPaidInstalment($0, before: match, matter)
        }) || named.foreign.contains(where: counts) {
            return "The text also names an item that is settled or in another currency"
        }
        guard standing < .named || match.shares.count == 1 else { return nil }
        let strangers = named.groups.contains { group in
            group.customer != match.customer && group.mentions.contains(where: counts)
        }
        return strangers ? "The text also names another customer's item" : nil
    }

    /// A number that was used twice: from the one customer it is the one item, and says nothing of the other. Two of the
    /// same customer are told apart by what they ask for.
    private func isOtherReading(_ mention: Mention, of match: Match, _ standing: Payer.Standing) -> Bool {
        guard standing >= .named, match.mentions.contains(where: { $0.place == mention.place }) else { return false }
        let cash = match.shares.reduce(Int64(0)) { $0 &+ $1.cash }
        return catalogue.customerOf[Int(mention.item)] != match.customer
            || catalogue.facts[Int(mention.item)].total != cash
    }

    /// Whom the payer is for certain, or by its full name.
    private func known(_ payer: Payer) -> [Int32] {
        payer.certain.isEmpty ? (payer.likeness == .full ? payer.named : []) : payer.certain
    }

    /// The payer's own number as a customer, which somebody's invoice has too.
    func isOwnNumber(_ mention: Mention, _ matter: Matter) -> Bool {
        guard mention.digits > 0, !matter.reading.customers.isEmpty else { return false }
        let payer = matter.payer
        return matter.reading.customers.contains { named in
            named.from == mention.from && named.to == mention.to
                && named.customer != catalogue.customerOf[Int(mention.item)]
                && (payer.certain.contains(named.customer)
                    || payer.likeness == .full && payer.named.contains(named.customer))
        }
    }

    /// What the payer owes itself, where it may be meant instead of another customer's item that is named.
    ///
    /// In a dense series every slip of the finger is somebody's number, and where all pay the same it is their amount too.
    /// Digits alone may be a contract, an account or a telephone as well. A reference checks itself.
    private func rivals(of match: Match, _ matter: Matter) -> [Match] {
        guard match.weakest?.isReference != true else { return [] }
        let owed = owed(besides: match, matter)
        let written = match.mentions.filter { $0.digits == 0 && !$0.isDoubtful && $0.how != .spelled }.map {
            Array(catalogue.number($0.item))
        }
        guard !owed.isEmpty, !written.isEmpty else { return owed }
        return owed.filter { rival in
            let number = Array(catalogue.number(rival.shares[0].item))
            return written.contains { Distance.isOne($0, number) }
        }
    }

    /// Items of the payer's own that ask for this very amount.
    func owed(besides match: Match, _ matter: Matter) -> [Match] {
        known(matter.payer).prefix(32).filter { $0 != match.customer }.flatMap { exactly(of: $0, matter) }
            .filter { !isClaimed($0.shares[0].item) }
    }

    /// A customer's items, issued by that day, of which exactly this amount is open.
    func exactly(of customer: Int32, _ matter: Matter) -> [Match] {
        balances.items(of: customer, amount: matter.amount, limit: 16, catalogue).filter { item in
            catalogue.facts[Int(item)].currency == matter.currency
                && catalogue.facts[Int(item)].issuedOn <= matter.day
                && balances.available(item, catalogue, on: matter.day) == matter.amount
        }.map { item in
            let share = Match.Share(item: item, cash: matter.amount)
            return Match(customer: customer, shares: [share], shape: .exact, mentions: [])
        }
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

    private static let instalmentDaysEarly = 10

    /// An instalment of the same invoice that was paid before. Where this one is not due yet, the same amount within days of
    /// it may be the same money twice.
    private func isPaidInstalment(_ mention: Mention, before match: Match, _ matter: Matter) -> Bool {
        guard match.shares.contains(where: { catalogue.areOfOneInvoice($0.item, mention.item) }) else { return false }
        let days = Self.instalmentDaysEarly
        if match.shares.allSatisfy({ catalogue.facts[Int($0.item)].dueOn <= matter.day + days }) { return true }
        return !memory.settling(mention.item).contains { place in
            let earlier = memory.seen(place)
            return !earlier.isReturned && earlier.amount == matter.amount && matter.day - earlier.bookedOn <= days
        }
    }

    /// Digits alone, from somebody who is not known to be the customer.
    private func doubtAboutDigits(_ match: Match, _ matter: Matter) -> String? {
        let isOther = !known(matter.payer).isEmpty
        var isShort = false
        var fewest: Int64 = .max
        for mention in match.mentions {
            if mention.digits == 0 || mention.how == .referenceField { return nil }
            if mention.isDoubtful { continue }
            let text = matter.reading.text
            let index = text.runs.firstIndex { $0.start == mention.from }
            let isAnnounced = index.map { InvoiceWord.precedes($0, in: text) } ?? false
            let isOthers = index.map { OtherWord.precedes($0, in: text) } ?? false
            // A few digits are a year, a house, a postcode or a file far more often than by chance.
            let isWeak = mention.digits < 6 ? isOther || !isAnnounced : isOthers && mention.telling < 8
            // Who is known as somebody else writes numbers of their own: an order's, a contract's.
            if isWeak || isOther && !isAnnounced {
                isShort = true
                continue
            }
            let isOfYear = !isAnnounced && mention.yearDigits > 0
            let digits = Int(isAnnounced ? mention.digits : mention.telling)
            fewest = min(fewest, accidents(digits, isOfYear: isOfYear, matter))
        }
        guard fewest > policy.accidentsPerBillionMax else { return nil }
        return isShort
            ? "The digits that name the item may be anything else, and the payer is not known to be the customer"
            : "Digits alone name the item, many items ask for this amount, and the payer is not known"
    }

    /// Expected accidental hits per 10^9 payments: items of this amount times the chance of such digits in a text.
    /// - Parameter isOfYear: a year stands beside them, which they do not count.
    func accidents(_ digits: Int, isOfYear: Bool = false, _ matter: Matter) -> Int64 {
        var chance: Int64 = 1_000_000_000
        for _ in 0..<min(9, digits) { chance /= 10 }
        // About one text in twenty has a number of this year, whosever it is.
        if isOfYear { chance /= 20 }
        let same = Int64(max(1, count(ofAmount: matter.amount)))
        return chance * same * Int64(max(1, matter.reading.tries))
    }

    /// Why less than the open amount may not simply be a part payment; nil when nothing speaks against it.
    func doubtAboutPart(_ item: Int32, _ match: Match, _ named: NamedItems, _ matter: Matter) -> String? {
        let payment = matter.payment
        let how = match.weakest ?? .order
        let whole = balances.available(item, catalogue, on: payment.bookedOn)
        let standing = matter.payer.standing(match.customer, catalogue)
        if standing < .named { return "It is less than the named item, and the payer is not known to be the customer" }
        if how > .spelled { return "It is less than the item, which is not named in full" }
        // Behind a cut there may be a credit note; and where the text goes on to it, parts of other invoices. A text whose
        // last word says what was kept has said it.
        let text = matter.reading.text
        let goesOn = text.bytes.count - Int(match.mentions.map(\.to).max() ?? 0) >= 2 && !text.endsWithReason
        if !how.isReference, text.isTruncated, goesOn || hasCredits(match.customer, matter),
            rest(of: match.customer, makingUp: whole - payment.amount, matter) == nil
        {
            return "It is less than the named item, and the text may be cut off before what explains it"
        }
        let isClosed = named.closed.contains {
            !isOtherReading($0, of: match, standing) && !isPaidInstalment($0, before: match, matter)
        }
        if isClosed || !named.foreign.isEmpty || !matter.reading.unknown.isEmpty {
            return "It is less than the named item, and the text names something else too"
        }
        // `Rechnung 100954 und 101`: the bank cut the next number.
        let end = matter.reading.text.bytes.count - 1
        if matter.reading.cores.contains(where: { $0.label == .none && $0.isDigits && Int($0.to) >= end }),
            !matter.reading.text.saysInstalment
        {
            return "It is less than the named item, and the text goes on to another number"
        }
        if !matter.reading.text.saysInstalment, !isEqualShare(payment.amount, of: item),
            let last = memory.lastSame(matter.docket, within: policy.repeatDays)
        {
            return "It is less than the named item, and the same payer paid the same amount on \(last)"
        }
        if Int128(payment.amount) * 1000 < Int128(whole) * Int128(policy.partSharePermilleMin),
            !matter.reading.text.saysInstalment
        {
            return "It is a very small part of the named item"
        }
        let others = balances.items(of: match.customer, amount: payment.amount, limit: 16, catalogue).filter {
            !catalogue.areOfOneInvoice($0, item)
                && catalogue.facts[Int($0)].currency == payment.currency
                && balances.fit(
                    $0, payment.amount, catalogue, on: payment.bookedOn) != nil
                && catalogue.facts[Int($0)].issuedOn <= payment.bookedOn
        }
        if !others.isEmpty { return "It is less than the named item and exactly another open one of the customer" }
        return nil
    }

    /// Halves, thirds and so on, to the minor unit for each.
    private func isEqualShare(_ amount: Int64, of item: Int32) -> Bool {
        let total = catalogue.facts[Int(item)].total
        return (2...12).contains { (total - $0 * amount).magnitude <= UInt64($0) }
    }

    func hasCredits(_ customer: Int32, _ matter: Matter) -> Bool {
        customer >= 0
            && credits(of: customer).contains {
                balances.available($0, catalogue, on: matter.day) < 0
            }
    }

    /// It says that it is a part, and a larger item is so many times this amount.
    func doubtAboutInstalment(_ item: Int32, _ matter: Matter) -> String? {
        guard matter.reading.text.saysInstalment else { return nil }
        let isShare = openItems(of: catalogue.customerOf[Int(item)], matter).prefix(400).contains { other in
            let open = balances.available(other, catalogue, on: matter.day)
            return open > matter.amount && open % matter.amount == 0 && open / matter.amount <= 24
        }
        return isShare ? "The text says that it is a part, and a larger item is a multiple of this amount" : nil
    }
}
