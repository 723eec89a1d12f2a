// SPDX-License-Identifier: Apache-2.0

import Documents

extension Workspace {
    /// No list of shortened numbers is longer.
    private static let coresMax = 40
    /// Two digits are a month, a flat, anything.
    private static let coreDigitsMin = 3

    /// `Rechnungen 802, 939, 1137`: running parts of several of the payer's numbers, each of one open item, which make the sum.
    func decideCoreSum(_ customers: [Int32], _ matter: Matter) -> Decision? {
        let tokens = matter.reading.cores.filter { token in
            token.bytes.count >= Self.coreDigitsMin && token.label != .other && !isYear(token, matter)
                && !matter.reading.customers.contains { $0.from == token.from }
        }
        guard (2...Self.coresMax).contains(tokens.count), matter.reading.mentions.isEmpty else { return nil }
        let matches = customers.prefix(4).compactMap { customer in
            named(by: tokens, customer, matter).flatMap { sum(of: $0, customer, matter) }
        }
        guard let match = matches.first, matches.count == 1, explainsUnknown(tokens, match, matter) else { return nil }
        if match.shares.contains(where: { isClaimed($0.item) || isContested($0.item, matter) }) {
            return review(matter, .ambiguous, [match], "Another payment may be for the same items")
        }
        if matter.payer.standing(match.customer, catalogue) < .named {
            return review(matter, .weak, [match], "The payer is not known to be the customer")
        }
        if let decision = decideNamedElse([match], matter) { return decision }
        if let why = doubtAboutRefund(match, matter) ?? doubtAboutCopy(matter) {
            return review(matter, .weak, [match], why)
        }
        var decision = settle(matter, .coreExact, match)
        decision.evidence.insert(
            contentsOf: tokens.map { token in
                Evidence(
                    "NUMBER-CORE", text: matter.reading.folded.text(token.from, token.to),
                    span: matter.reading.folded.span(token.from, token.to), bits: 10)
            }, at: 0)
        return decision
    }

    /// The customer's open items that the tokens point at, one for each; nil where one of them points at none or at more.
    private func named(by tokens: [Token], _ customer: Int32, _ matter: Matter) -> [Int32]? {
        part.asks(allOf: customer)
        topics.reads(customer: customer)
        var items: [Int32] = []
        for token in tokens {
            let open = catalogue.items(of: customer, core: token.bytes[...].drop { $0 == 0x30 }, limit: 16).filter {
                let item = catalogue.facts[Int($0)]
                return item.currency == matter.currency && item.issuedOn <= matter.day
                    && balances.available($0, catalogue, on: matter.day) > 0
            }
            guard let item = open.first, open.count == 1, !items.contains(item) else { return nil }
            items.append(item)
        }
        return items
    }

    private func sum(of items: [Int32], _ customer: Int32, _ matter: Matter) -> Match? {
        let matches = explain(items, of: customer, matter.amount, on: matter.day, mentions: [])
        guard let match = matches.first, matches.count == 1, match.shape == .exact || match.shape == .discount else {
            return nil
        }
        return match
    }

    /// Whether what looks like other documents' numbers is nothing but the tokens.
    private func explainsUnknown(_ tokens: [Token], _ match: Match, _ matter: Matter) -> Bool {
        matter.reading.unknown.allSatisfy { unknown in
            tokens.contains { $0.from <= unknown.from && unknown.to <= $0.to }
                || match.shares.contains { catalogue.hasCore($0.item, unknown.bytes[...].drop { $0 == 0x30 }) }
        }
    }
}
