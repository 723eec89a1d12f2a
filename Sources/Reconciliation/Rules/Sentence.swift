// SPDX-License-Identifier: Apache-2.0

import Documents

extension Workspace {
    /// What a match says, for a finance person.
    func sentence(_ match: Match, _ matter: Matter) -> String {
        let currency = matter.currency
        let amount = matter.amount
        var (items, credits): ([Int32], [Int32]) = ([], [])
        for share in match.shares {
            if share.cash > 0 { items.append(share.item) }
            if share.cash < 0 { credits.append(share.item) }
        }
        let whole = items.reduce(Int64(0)) { $0 &+ balances.available($1, catalogue, on: matter.day) }
        let discount = match.shares.reduce(Int64(0)) { $0 &+ $1.discount }
        var phrase = Phrase()
        phrase.add(amount, currency)
        phrase.add(" from ")
        phrase.add(matter.payment.payerName ?? name(match.customer))
        if match.shape == .over {
            phrase.add(" is ")
            phrase.add(amount &- whole, currency)
        }
        let isNamed = { (item: Int32) in match.mentions.contains { $0.item == item } }
        let named = match.mentions.isEmpty || items.allSatisfy(isNamed) ? items : items.filter(isNamed)
        phrase.add(opening(match))
        phrase.add(list(named))
        func open(_ before: String = ", open ", then after: String = "") {
            phrase.add(before)
            phrase.add(whole, currency)
            phrase.add(after)
        }
        func less(_ before: String, _ after: String) {
            open()
            phrase.add(before)
            phrase.add(discount, currency)
            phrase.add(after)
        }
        switch match.shape {
        case .exact:
            if !credits.isEmpty {
                phrase.add(" less ")
                phrase.add(list(credits), ", which make exactly this sum.")
            } else if named.count < items.count {
                phrase.add("; with ")
                phrase.add(
                    list(items.filter { !named.contains($0) }), ", which it does not name, that is exactly this sum.")
            } else if items.count > 1 {
                phrase.add(", which add up to exactly this sum.")
            } else {
                phrase.add(" of ")
                phrase.add(name(match.customer), " and pays exactly what is open.")
            }
        case .discount:
            let late = grace(match, matter)
            less(", less the discount of ", late.map { ", \($0)." } ?? ", within its terms.")
        case .lateDiscount(let days):
            less(", less a discount of ", " that ended \(days) days earlier; ")
            phrase.add(isGranted(match.shape, discount) ? "policy grants it." : "the rest stays open.")
        case .silentCredit:
            open(then: "; the open credit note ")
            phrase.add(list(credits), " makes up the difference exactly.")
        case .withheld(let seen): less(", less ", " withheld: \(Self.share(seen)).")
        case .fee(let seen): less(", less a bank's fee of ", ", as was kept from \(Self.others(seen)).")
        case .part:
            open(then: "; ")
            phrase.add(whole &- amount, currency)
            phrase.add(" stays open.")
        case .over: phrase.add(" asks for.")
        case .differs: open(then: " together.")
        }
        return phrase.text
    }

    private static func share(_ seen: Int) -> String {
        seen == 0 ? "a share that the company's policy takes as a tax" : "the same share as in \(others(seen))"
    }

    /// What stands between the payer and the numbers.
    private func opening(_ match: Match) -> String {
        switch match.shape {
        case .part: " pays part of "
        case .over: " more than "
        case .differs: " names "
        default: match.mentions.isEmpty ? " fits " : " names "
        }
    }

    /// Of a discount that is taken behind its last day: by how much, and why it counts all the same. Nil where the bank had
    /// the money in time.
    func grace(_ match: Match, _ matter: Matter) -> String? {
        let day = min(matter.day, matter.payment.valuedOn ?? matter.day)
        var late = 0
        for share in match.shares where share.discount > 0 {
            let taken = catalogue.discounts(share.item).filter { matter.day <= $0.until + balances.graceDays }
            let own = taken.filter { ($0.amount - share.discount).magnitude <= 1 }
            late = max(late, (own.isEmpty ? taken : own).map { day - $0.until }.min() ?? 0)
        }
        let days = policy.discountGraceDays
        return late <= 0
            ? nil : "\(late) day\(late == 1 ? "" : "s") late, within the \(days) day\(days == 1 ? "" : "s") of grace"
    }

    /// Of a habit: it may have been learned from payments before and after.
    static func others(_ count: Int) -> String { "\(count) other payment\(count == 1 ? "" : "s")" }

    /// `RE-1`, `RE-1 and RE-2`, `RE-1, RE-2 and 4 more`; the instalments of one invoice are one number.
    func list(_ items: [Int32]) -> String {
        if items.count == 1 { return catalogue.items[Int(items[0])].number }
        var numbers: [String] = []
        for item in items {
            let number = catalogue.items[Int(item)].number
            if !numbers.contains(number) { numbers.append(number) }
        }
        guard let last = numbers.last else { return "nothing" }
        if numbers.count == 1 { return last }
        if numbers.count > 4 { return "\(numbers[0]), \(numbers[1]) and \(numbers.count - 2) more" }
        return numbers.dropLast().joined(separator: ", ") + " and " + last
    }
}
