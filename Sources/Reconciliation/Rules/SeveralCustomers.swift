// SPDX-License-Identifier: Apache-2.0

import Documents

/// A list of numbers of several customers that makes exactly the sum: parents of pupils, insurers, advisers and heads of a
/// group pay so.
extension Workspace {
    /// Nil where a number may be a slip, or the payer is one of the customers and the others are none of theirs.
    func decideSeveral(_ named: NamedItems, _ matter: Matter) -> Decision? {
        let mentions = named.groups.flatMap(\.mentions)
        guard named.groups.count > 1, named.groups.allSatisfy({ $0.customer >= 0 }),
            named.closed.isEmpty, named.foreign.isEmpty, named.future.isEmpty,
            mentions.allSatisfy({ isInFull($0) }), matter.reading.unknown.isEmpty, matter.reading.references.isEmpty,
            paysForAll(named.groups.map(\.customer), matter)
        else { return nil }
        var shares: [Match.Share] = []
        var sum: Int64 = 0
        for mention in mentions where !shares.contains(where: { $0.item == mention.item }) {
            let whole = balances.available(mention.item, catalogue, on: matter.day)
            guard whole > 0, catalogue.facts[Int(mention.item)].issuedOn <= matter.day, !isClaimed(mention.item),
                !isContested(mention.item, matter)
            else { return nil }
            sum = sum &+ whole
            shares.append(Match.Share(item: mention.item, cash: whole))
        }
        // What stands there twice, or is the number of two items, is a person's.
        guard sum == matter.amount, shares.count == mentions.count else { return nil }
        let match = Match(customer: -1, shares: shares, shape: .exact, mentions: mentions)
        if matter.reading.text.saysInstalment || matter.reading.text.saysDeduction
            || doubtAboutText(match, matter) != nil
        {
            return nil
        }
        return settle(matter, .numbersSum, match)
    }

    /// A whole number, that is no telephone's or another list's.
    private func isInFull(_ mention: Mention) -> Bool {
        (mention.how == .number || mention.how.isReference) && !mention.isDoubtful && !mention.isOfField
            && (mention.digits == 0 || mention.digits >= Self.wholeDigitsMin)
    }

    private static let wholeDigitsMin = 6

    /// All are of one group or bear the payer's name, or the payer is none of them.
    private func paysForAll(_ customers: [Int32], _ matter: Matter) -> Bool {
        let payer = matter.payer
        let parents = Set(customers.map { catalogue.customers[Int($0)].parentName })
        if parents.count == 1, parents.first != .some(nil) { return true }
        let isTheirs = customers.allSatisfy { payer.standing($0, catalogue) >= .named || isOfFamily($0, payer) }
        let isNobody = payer.certain.isEmpty && payer.named.isEmpty && !payer.isKnownAccount
        return isTheirs || isNobody || payer.paysForOthers
    }

    /// A word of the payer's name is the customer's as well: a surname, or a group's name.
    private func isOfFamily(_ customer: Int32, _ payer: Payer) -> Bool {
        guard let own = payer.name?.party.words, let theirs = catalogue.names[Int(customer)]?.words else {
            return false
        }
        return own.contains { word in word.bytes.count >= 4 && theirs.contains { $0.bytes == word.bytes } }
    }
}

extension Payer {
    /// An account that was seen to pay for several, and bears the name of none: an insurer's, an adviser's.
    var paysForOthers: Bool { certain.count > 1 && certain.allSatisfy(isShared) }
}
