// SPDX-License-Identifier: Apache-2.0

import Documents

extension Workspace {
    /// Customers whose whole name stands in the text, the payer's own name aside.
    func customersNamed(inTextOf matter: Matter) -> [Int32] {
        if let known = matter.namedInText { return known }
        let named =
            matter.payment.remittance.map { catalogue.customers(namedIn: $0, besides: matter.payer.name?.party) } ?? []
        matter.namedInText = named
        for customer in named { topics.reads(customer: customer) }
        return named
    }

    /// The text says for whom the payer pays: families, advisers and parent companies do. What that customer owes of this
    /// amount comes before what the payer owes.
    /// - Parameter own: what only the payer and the amount point at; where there is nothing, the customer named must owe
    ///   this amount.
    func decideNamedElse(_ own: [Match], _ matter: Matter) -> Decision? {
        let others = customersNamed(inTextOf: matter).filter { matter.payer.standing($0, catalogue) < .named }
        guard let first = others.first else { return nil }
        let theirs = others.prefix(8).flatMap { exactly(of: $0, matter) }
        if theirs.isEmpty, own.isEmpty { return nil }
        let rule: Rule = theirs.count == 1 && own.isEmpty ? .weak : .ambiguous
        var decision = review(matter, rule, theirs.isEmpty ? own : theirs, "The text names the customer \(name(first))")
        guard !theirs.isEmpty, !own.isEmpty else { return decision }
        let also = review(matter, rule, own, "")
        decision.alternatives = Array((decision.alternatives.prefix(4) + also.alternatives).prefix(5))
        decision.possibleItems += also.possibleItems
        decision.possiblePlaces.items += also.possiblePlaces.items
        return decision
    }

    /// Within so many days the same text with the same amount may be the same money.
    private static let copyDays = 60

    /// Why this may be the money of a payment that waits: it came before with the same number of a document and the same
    /// amount, from whichever account.
    func doubtAboutCopy(_ matter: Matter) -> String? {
        let reading = matter.reading
        guard
            !reading.mentions.isEmpty || !reading.unknown.isEmpty || !reading.announced.isEmpty
                || !reading.cores.isEmpty
        else { return nil }
        topics.reads(Topics.money(matter.amount))
        guard memory.hasWaitingCopy(of: matter.docket, within: Self.copyDays) else { return nil }
        return "A payment of the same amount with the same text waits already"
    }

    /// What the text says against items that only the payer and the amount point at.
    func doubtAboutText(_ match: Match, _ matter: Matter) -> String? {
        if namesUnknown(matter) { return "The text names a document that is not known" }
        if !matter.isCharge, matter.reading.announced.contains(where: { !names($0, match, matter) }) {
            return "The text names an invoice that is not known"
        }
        return doubtAboutRefund(match, matter) ?? doubtAboutMonth(match, matter) ?? doubtAboutCopy(matter)
    }

    /// Another customer who owes exactly this, and whose number or a word of whose name stands in the text: `Beitrag Max`.
    /// Families, advisers and authorities pay for several; what the account is known for is one of them only.
    func namedBeside(_ customer: Int32, _ matter: Matter) -> Int32? {
        let numbered = matter.reading.customers.map(\.customer).filter { $0 != customer }
        for other in numbered {
            topics.reads(customer: other)
            if !exactly(of: other, matter).isEmpty { return other }
        }
        let words = otherWords(besides: customer, matter)
        guard !words.isEmpty, count(ofAmount: matter.amount) > 1 else { return nil }
        let owing = items(ofAmount: matter.amount, limit: Self.askingMax).map { catalogue.customerOf[Int($0)] }
        // An amount that many ask for points at nobody: then the words do.
        let others =
            owing.isEmpty
            ? customers(withOneOf: words, beside: customer, matter)
            : owing.filter { $0 >= 0 && $0 != customer && hasOne(of: words, in: $0) }
        return others.first { other in
            topics.reads(customer: other)
            return !exactly(of: other, matter).isEmpty
        }
    }

    /// A relative of the customer who owes as much, where the payer bears neither's name in full: one account pays for
    /// brothers and sisters, and says nothing of whom.
    func relativeOwing(_ customer: Int32, _ matter: Matter) -> Int32? {
        guard let payer = matter.payer.name, !(matter.payer.likeness == .full && matter.payer.named.contains(customer)),
            let own = catalogue.names[Int(customer)]?.words.map(\.bytes).filter({ $0.count >= 4 }), own.count > 1,
            count(ofAmount: matter.amount) > 1
        else { return nil }
        let shared = own.filter { word in payer.party.words.contains { $0.bytes == word } }
        guard !shared.isEmpty else { return nil }
        return customers(withOneOf: shared, beside: customer, matter).first { other in
            guard let theirs = catalogue.names[Int(other)]?.words,
                own.count(where: { word in theirs.contains { $0.bytes == word } }) > 1
            else { return false }
            topics.reads(customer: other)
            return !exactly(of: other, matter).isEmpty
        }
    }

    func relative(_ customer: Int32) -> String { "\(name(customer)) bears the same names and owes as much" }

    private static let askingMax = 32
    /// A word that more customers have may be a trade's or a town's: it points at a relative only.
    private static let rareMax = 16

    /// Words of the text that are neither the customer's nor the payer's.
    private func otherWords(besides customer: Int32, _ matter: Matter) -> [[UInt8]] {
        let own = (catalogue.names[Int(customer)]?.words ?? []) + (matter.payer.name?.party.words ?? [])
        // `Miete März` is no tenant of that name.
        let bytes = matter.reading.folded.bytes
        let months = matter.reading.months.map { bytes[Int($0.from)..<Int($0.to)] }
        return matter.reading.text.words.filter { word in
            !own.contains { $0.bytes == word } && !months.contains { $0.starts(with: word) }
        }
    }

    private func hasOne(of words: [[UInt8]], in customer: Int32) -> Bool {
        catalogue.names[Int(customer)]?.words.contains { words.contains($0.bytes) } == true
    }

    /// Other customers who have one of the words in their names: a rare one, or one beside a name that they share with the
    /// customer or the payer. Nobody where so many have it that it tells nothing.
    private func customers(withOneOf words: [[UInt8]], beside customer: Int32, _ matter: Matter) -> [Int32] {
        let family = ((catalogue.names[Int(customer)]?.words ?? []) + (matter.payer.name?.party.words ?? []))
            .filter { $0.bytes.count >= 3 }.map(\.bytes)
        var found: [Int32] = []
        for word in words {
            guard let key = Catalogue.wordKey(word) else { continue }
            part.asks(customersWith: key)
            let count = wordCounts[key] ?? catalogue.nameWords.count(key)
            guard count <= Frequencies.customersOfWordMax else { continue }
            for other in catalogue.nameWords.customers(key)
            where other != customer && hasOne(of: [word], in: other)
                && (count <= Self.rareMax || hasOne(of: family, in: other))
            {
                found.append(other)
            }
        }
        return found
    }

    /// Why items of one customer that only make the sum may not be meant: the text names somebody else, or a time that one of
    /// them is not of.
    func doubtAboutSet(_ match: Match, _ matter: Matter) -> String? {
        if let other = matter.reading.customers.first(where: { isOther($0, match, matter) })?.customer {
            return "The text has the number of the customer \(name(other))"
        }
        if let other = customersNamed(inTextOf: matter).first(where: { $0 != match.customer }) {
            return "The text names the customer \(name(other))"
        }
        let others = otherWords(besides: match.customer, matter)
        if let other = customers(withOneOf: others, beside: match.customer, matter).first(where: { other in
            topics.reads(customer: other)
            return balances.openItems(of: other).contains { balances.available($0, catalogue, on: matter.day) > 0 }
        }) {
            return "The text points at \(name(other)), who owes as well"
        }
        // Who pays their own arrears names the first month of them.
        let isOwn = matter.payer.name == nil || matter.payer.likeness == .full && matter.payer.named == [match.customer]
        let months = isOwn ? [] : Self.expanded(months(matter), matter.reading.text)
        if let first = months.first,
            let share = match.shares.first(where: { share in
                share.cash > 0 && !months.contains { $0.holds(catalogue.facts[Int(share.item)].issuedOn) }
            })
        {
            let word = matter.reading.folded.text(first.from, first.to)
            return "The text names \(word), and \(catalogue.items[Int(share.item)].number) is not of that month"
        }
        return doubtAboutText(match, matter)
    }

    /// Whether it is another customer's number, and not the running part of an item that is paid.
    private func isOther(_ named: NamedCustomer, _ match: Match, _ matter: Matter) -> Bool {
        let digits = matter.reading.folded.bytes[Int(named.from)..<Int(named.to)].drop { $0 == 0x30 }
        return named.customer != match.customer
            && (named.isLabelled || digits.count >= Self.ownDigitsMin)
            && !match.shares.contains { catalogue.hasCore($0.item, digits) }
    }

    private static let ownDigitsMin = 4

    /// Whether something in the shape of our numbers is none of them. A shop's own order number stands in a charge, and
    /// a contract's or a project's beside any payment.
    func namesUnknown(_ matter: Matter) -> Bool {
        let unknown = matter.reading.unknown
        guard unknown.contains(where: { !matter.isCharge || !$0.isDigits }) else { return false }
        return unknown.contains { $0.label != .other } || OtherWord.saysClaim(matter.reading.text)
    }

    /// Whether a number that the text gives an invoice is that of one of the items.
    private func names(_ token: Token, _ match: Match, _ matter: Matter) -> Bool {
        let digits = token.bytes[...].drop { $0 == 0x30 }
        return match.shares.contains { share in
            let number = catalogue.number(share.item)
            return catalogue.hasCore(share.item, digits)
                || token.bytes.count >= 3 && number.suffix(token.bytes.count) == token.bytes[...]
                || begins(token, number.filter(Folding.isDigit), matter)
                || isOfMonth(token, catalogue.facts[Int(share.item)].issuedOn)
        }
    }

    /// The whole number, as much of it as a bank left at the end of the text, or its first part before a line's end.
    private func begins(_ token: Token, _ digits: [UInt8], _ matter: Matter) -> Bool {
        guard digits.starts(with: token.bytes) else { return false }
        let bytes = matter.reading.folded.bytes
        let rest = bytes[Int(token.to)...].drop { $0 == 0x20 || $0 == 0x0A || $0 == 0x0D }
        return digits.count == token.bytes.count || rest.isEmpty
            || rest.starts(with: digits.dropFirst(token.bytes.count))
    }

    /// `Rechnung 05/2025` may be that of May.
    private func isOfMonth(_ token: Token, _ day: Day) -> Bool {
        let value = token.bytes.prefix(8).reduce(0) { $0 * 10 + Int($1 - 0x30) }
        let month = day.month
        return [month * 10_000 + day.year, month * 100 + day.year % 100, day.year * 100 + month].contains(value)
    }

    /// Money that the text says comes back is no payment; unless it says so of a credit note that is set off.
    func doubtAboutRefund(_ match: Match, _ matter: Matter) -> String? {
        guard !match.shares.contains(where: { $0.cash < 0 }), let run = RefundWord.first(in: matter.reading.text) else {
            return nil
        }
        let word = matter.reading.folded.text(run.start, run.end)
        return "The text says \(word): money that comes back is no payment of an invoice"
    }

    /// The text names months, and no item is of any of them; or an invoice by a day on which none was issued.
    func doubtAboutMonth(_ match: Match, _ matter: Matter) -> String? {
        let issued = match.shares.filter { $0.cash > 0 }.map { catalogue.facts[Int($0.item)].issuedOn }
        if let named = matter.reading.text.named.first(where: { $0.isInvoices && !issued.contains($0.day) }) {
            return "The text names an invoice of \(named.day.text)"
        }
        let periods = matter.reading.periods
        if let first = periods.first, !issued.contains(where: { day in periods.contains { $0.holds(day) } }) {
            return
                "The text names \(matter.reading.folded.text(first.from, first.to)), and the item is not of that time"
        }
        let months = months(matter)
        guard let first = months.first, !issued.contains(where: { day in months.contains { $0.holds(day) } }) else {
            return nil
        }
        let word = matter.reading.folded.text(first.from, first.to)
        return issued.count > 1
            ? "The text names \(word), and none of the items is of that month"
            : "The text names \(word), and the item is not of that month"
    }
}
