// SPDX-License-Identifier: Apache-2.0

import Documents

extension Workspace {
    /// No list of shortened numbers is longer.
    private static let coresMax = 40
    /// Of more namesakes nobody says which is meant.
    private static let customersMax = 4
    /// Two digits are a month, a flat, anything.
    private static let coreDigitsMin = 3

    /// `Rechnungen 802, 939, 1137`: running parts of several of the payer's numbers, each of one open item, which make the sum.
    func decideCoreSum(_ customers: [Int32], _ matter: Matter) -> Decision? {
        let tokens = matter.reading.cores.filter { token in
            token.bytes.count >= Self.coreDigitsMin && token.label != .other && !isYear(token, matter)
                && !matter.reading.customers.contains { $0.from == token.from }
        }
        guard (2...Self.coresMax).contains(tokens.count), matter.reading.mentions.isEmpty,
            customers.count <= Self.customersMax, areNumbers(tokens, matter)
        else { return nil }
        var found: [(items: [Int32], match: Match)] = []
        for customer in customers {
            guard let items = named(by: tokens, customer, matter), let match = sum(of: items, customer, matter) else {
                continue
            }
            found.append((items, match))
        }
        guard let (items, match) = found.first, found.count == 1, explainsUnknown(tokens, match, matter) else {
            return nil
        }
        if match.shares.contains(where: { isContested($0.item, matter) }) {
            return review(matter, .ambiguous, [match], "Another payment may be for the same items")
        }
        if matter.payer.standing(match.customer, catalogue) < .named {
            return review(matter, .weak, [match], "The payer is not known to be the customer")
        }
        if let decision = decideNamedElse([match], matter) { return decision }
        if let why = doubtAboutRefund(match, matter) ?? doubtAboutMonth(match, matter) ?? doubtAboutCopy(matter) {
            return review(matter, .weak, [match], why)
        }
        var decision = settle(matter, .coreExact, match)
        decision.evidence.insert(
            contentsOf: zip(tokens, items).map { token, item in
                Evidence(
                    "NUMBER-CORE", text: matter.reading.folded.text(token.from, token.to),
                    span: matter.reading.folded.span(token.from, token.to), itemID: catalogue.id(item), bits: 10)
            }, at: 0)
        return decision
    }

    /// Whether digits are said to be invoices', or nothing is said beside them: `Wohnungen 101 und 102` are flats.
    private func areNumbers(_ tokens: [Token], _ matter: Matter) -> Bool {
        let text = matter.reading.text
        if matter.reading.cores.contains(where: { $0.label == .other }) { return false }
        if tokens[0].label == .invoice { return true }
        return !text.runs.contains { run in
            let word = text.bytes[Int(run.start)..<Int(run.end)]
            return !run.hasDigit && run.count >= Self.wordMin && !InvoiceWord.isOne(word)
        }
    }

    /// Shorter ones are signs and `und`.
    private static let wordMin = 4

    /// The customer's open items that the tokens point at, one for each; nil where one of them points at none or at more.
    private func named(by tokens: [Token], _ customer: Int32, _ matter: Matter) -> [Int32]? {
        topics.reads(customer: customer)
        let open = openItems(of: customer, matter)
        var items: [Int32] = []
        for token in tokens {
            let meant = open.filter { isRunning(token, of: $0, matter) }
            guard let item = meant.first, meant.count == 1, !items.contains(item) else { return nil }
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
