// SPDX-License-Identifier: Apache-2.0

import Documents

/// One of the payer's items whose amount fits, and what in the text speaks for it.
struct Candidate {
    /// What besides the amount points at the item, strongest first.
    enum Support: Int, Comparable {
        case core, mistyped, begun, month, issueDay, none
        static func < (left: Support, right: Support) -> Bool { left.rawValue < right.rawValue }
    }

    var item: Int32
    var customer: Int32
    var fit: Balances.Fit
    var support: Support = .none
    var token: Token?
    /// Another payment of the run names the item outright.
    var isClaimed = false
}

extension Workspace {
    func candidates(of customers: [Int32], _ matter: Matter) -> [Candidate] {
        let (amount, day) = (matter.amount, matter.day)
        var found: [Candidate] = []
        foresee(customers.prefix(32), amount)
        for customer in customers.prefix(32) {
            // Payers round their own discount: one minor unit either way.
            var places = balances.items(of: customer, amount: amount, limit: 256, catalogue)
            if places.isEmpty, catalogue.hasDiscounts {
                places = balances.items(of: customer, roundedTo: amount, limit: 256, catalogue)
            }
            for item in places {
                let issuedOn = catalogue.facts[Int(item)].issuedOn
                guard catalogue.facts[Int(item)].currency == matter.currency,
                    issuedOn <= day + policy.prepaymentDaysMax,
                    let fit = balances.fit(
                        item, amount, catalogue, on: day)
                else { continue }
                var candidate = Candidate(item: item, customer: customer, fit: fit)
                (candidate.support, candidate.token) = support(for: item, matter)
                // What is issued later is paid ahead only by whoever says so.
                if issuedOn > day, !isWhole(candidate, matter) { continue }
                // The running part of its number is as good a claim as the whole number.
                candidate.isClaimed = isClaimed(item) && candidate.support > .core
                found.append(candidate)
            }
        }
        return found
    }

    /// - Parameter slips: numbers that were found and may be slips for another one; nil for all of them.
    func support(
        for place: Int32, _ matter: Matter, mentioned slips: [Token]? = nil
    ) -> (Candidate.Support, Token?) {
        for token in matter.reading.cores where isRunning(token, of: place, matter) { return (.core, token) }
        let number = Array(catalogue.number(place))
        let sequence = Array(catalogue.sequence(place))
        for token in matter.reading.unknown + matter.reading.cores + (slips ?? mentioned(matter))
        where token.label != .other && !isYear(token, matter) {
            if number.count >= 5, Distance.isOne(token.bytes, number) { return (.mistyped, token) }
            if sequence.count >= 4, token.bytes.count >= 4, Distance.isOne(token.bytes, sequence) {
                return (.mistyped, token)
            }
            if token.bytes.count >= 5, Int(token.to) >= matter.reading.text.bytes.count - 2,
                number.starts(with: token.bytes)
                    || catalogue.order(place).starts(with: token.bytes)
            {
                return (.begun, token)
            }
        }
        let issuedOn = catalogue.facts[Int(place)].issuedOn
        if let month = months(matter).first(where: { $0.holds(issuedOn) }) {
            return (.month, Token(from: month.from, to: month.to, bytes: [], isDigits: false))
        }
        return matter.reading.text.named.contains { $0.day == issuedOn } ? (.issueDay, nil) : (.none, nil)
    }

    private static let lastDigitsMin = 4

    /// Whether digits are the running part of the item's number. Two of them may be a month, a flat, a week, anything: they
    /// count with their zeros, or where a word says that they are an invoice's.
    func isRunning(_ token: Token, of place: Int32, _ matter: Matter) -> Bool {
        let digits = token.bytes[...].drop { $0 == 0x30 }
        guard token.bytes.count >= 2, token.label != .other, !isYear(token, matter) else { return false }
        guard catalogue.hasCore(place, digits) else {
            // `04205` of `104205`: the first digits of a long row tell nobody anything.
            return token.bytes.count >= Self.lastDigitsMin && catalogue.number(place).count > token.bytes.count
                && catalogue.number(place).suffix(token.bytes.count) == token.bytes[...]
        }
        return digits.count >= 3 || token.bytes.count >= 4 || token.label == .invoice
    }

    /// Whether the digits that point at an item are all that is written, and no part of another number: `betr. 250001507`.
    private func isWhole(_ candidate: Candidate, _ matter: Matter) -> Bool {
        guard candidate.support == .core, let token = candidate.token else { return false }
        return !matter.reading.unknown.contains {
            $0.from <= token.from && token.to <= $0.to && $0.bytes.count > token.bytes.count
        }
    }

    /// Months that the text names, but for what is a part of the payer's name.
    func months(_ matter: Matter) -> [NamedMonth] {
        let months = matter.reading.months
        guard !months.isEmpty, let name = matter.payer.name else { return months }
        return months.filter { month in
            let word = matter.reading.folded.bytes[Int(month.from)..<Int(month.to)]
            return !name.party.words.contains { $0.bytes[...] == word }
        }
    }

    /// Whether what is written is one slip away from several other numbers of the customer's that asked for as much, paid
    /// or not: then the slip tells nothing.
    func isOneOfMany(_ candidate: Candidate, _ matter: Matter) -> Bool {
        guard candidate.support == .mistyped, let token = candidate.token else { return false }
        topics.reads(customer: candidate.customer)
        let item = catalogue.facts[Int(candidate.item)]
        let others = items(of: candidate.customer).lazy.filter { place in
            let other = self.catalogue.facts[Int(place)]
            return place != candidate.item && other.total == item.total && other.currency == item.currency
                && other.issuedOn <= matter.day && !self.catalogue.areOfOneInvoice(place, candidate.item)
                && self.isSlip(token, of: place)
        }
        return others.prefix(2).count == 2
    }

    /// Whether the customer got an invoice of as much after this one, and it was open as well on the day of the payment: another
    /// payment names it, or paid it later.
    ///
    /// Of equal items the payment may be for either, and that the other one was paid rests on another payment's text.
    func doubtAboutLaterAlike(_ place: Int32, _ matter: Matter) -> String? {
        let item = catalogue.facts[Int(place)]
        let customer = catalogue.customerOf[Int(place)]
        topics.reads(customer: customer)
        let alike = items(of: customer).first { other in
            let later = catalogue.facts[Int(other)]
            return later.total == item.total && later.issuedOn > item.issuedOn && later.issuedOn <= matter.day
                && later.currency == item.currency && !catalogue.areOfOneInvoice(other, place)
                && !wasPaid(other, by: matter.day)
        }
        return alike.map {
            "\(catalogue.items[Int($0)].number) asked for as much later, and was not paid yet on that day"
        }
    }

    private func wasPaid(_ item: Int32, by day: Day) -> Bool {
        balances.available(item, catalogue, on: day) == 0
            && memory.settling(item, limit: 8).allSatisfy { memory.seen($0).bookedOn <= day }
    }

    private func isSlip(_ token: Token, of place: Int32) -> Bool {
        let sequence = Array(catalogue.sequence(place))
        return Distance.isOne(token.bytes, Array(catalogue.number(place)))
            || sequence.count >= 4 && token.bytes.count >= 4 && Distance.isOne(token.bytes, sequence)
    }

    /// The texts of numbers that were found but do not fit: one of them may be a slip for another number.
    /// - Parameter fixed: items that are meant: of their numbers only those that stand there more than once.
    func mentioned(_ matter: Matter, besides fixed: [Int32] = []) -> [Token] {
        let all = matter.reading.mentions
        return all.compactMap { mention in
            if fixed.contains(mention.item),
                !all.contains(where: { $0.item == mention.item && $0.place != mention.place })
            {
                return nil
            }
            // Digits that are a date, or said to be a contract's, are no slip of the finger.
            guard (Mention.How.number...(.spelled)).contains(mention.how), !isOwnNumber(mention, matter),
                mention.digits == 0 || !mention.isDoubtful
            else { return nil }
            return Token(
                from: mention.from, to: mention.to, bytes: Array(catalogue.number(mention.item)),
                isDigits: mention.digits > 0)
        }
    }

    /// A year of about now says nothing about a number.
    func isYear(_ token: Token, _ matter: Matter) -> Bool {
        guard token.bytes.count == 4, token.isDigits || token.bytes.allSatisfy(Folding.isDigit) else { return false }
        let value = token.bytes.reduce(0) { $0 * 10 + Int($1 - 0x30) }
        return abs(value - matter.day.year) <= 2
    }
}

extension Balances.Fit {
    /// The whole amount, or all but a discount that may still be taken.
    var isWithinTerms: Bool {
        if case .lateDiscount = self { return false }
        return true
    }
}
