// SPDX-License-Identifier: Apache-2.0

import Documents

/// A provider's settlement lines by payout, and by what they come to.
struct Payouts {
    private(set) var charges: [SettledCharge] = []
    private var byID: [String: [Int]] = [:]
    private var byTotal: [Total: [String]] = [:]

    private struct Total: Hashable {
        var currency: Currency
        var net: Int64
    }

    /// A payout reaches the bank within so many days after its last charge.
    private static let daysMax = 14

    init(_ unordered: [SettledCharge]) {
        charges = unordered.sorted {
            ($0.payoutID, $0.occurredOn, $0.gross, $0.reference ?? "", $0.customerName ?? "")
                < ($1.payoutID, $1.occurredOn, $1.gross, $1.reference ?? "", $1.customerName ?? "")
        }
        var ids: [String] = []
        for (place, charge) in charges.enumerated() {
            if ids.last != charge.payoutID { ids.append(charge.payoutID) }
            byID[charge.payoutID, default: []].append(place)
        }
        for id in ids {
            guard let first = byID[id]?.first else { continue }
            let key = Total(currency: charges[first].currency, net: total(of: id))
            byTotal[key, default: []].append(id)
        }
    }

    var isEmpty: Bool { charges.isEmpty }

    func places(of id: String) -> [Int] { byID[id] ?? [] }

    /// The books that its lines are from.
    func sources(of id: String) -> [String] {
        var sources: [String] = []
        for place in places(of: id) where !sources.contains(charges[place].source) {
            sources.append(charges[place].source)
        }
        return sources
    }

    func total(of id: String) -> Int64 { places(of: id).reduce(Int64(0)) { $0 &+ charges[$1].net } }

    /// The payouts that this bank entry may be: the one it names, else those of this sum in the days before.
    func candidates(for payment: MatchPayment) -> [String] {
        for word in [payment.endToEndID, payment.structuredReference, payment.remittance].compactMap({ $0 }) {
            let pieces = word.split { $0 == " " || $0 == "," || $0 == ";" || $0 == "/" }
            if let id = pieces.map({ String($0) }).first(where: { byID[$0] != nil }) { return [id] }
        }
        let key = Total(currency: payment.currency, net: payment.amount)
        return (byTotal[key] ?? []).filter { id in
            guard let last = places(of: id).map({ charges[$0].occurredOn }).max() else { return false }
            return last <= payment.bookedOn && payment.bookedOn - last <= Self.daysMax
        }
    }

    /// The charge as a payment of its own: its gross amount, with the reference and the name the shop knew.
    func payment(_ place: Int) -> MatchPayment {
        let charge = charges[place]
        var payment = MatchPayment(
            id: "\(charge.payoutID)#\(place)", amount: charge.gross, currency: charge.currency,
            bookedOn: charge.occurredOn)
        payment.remittance = charge.reference
        payment.payerName = charge.customerName
        return payment
    }
}

/// What a charge came to, and what that was decided from.
struct DecidedCharge {
    var lines: [Line]
    var isSure: Bool
    var sentence: String
    var read: Topics.Read
    var decidedAt: Int32
}

extension Workspace {
    /// Whether a provider pays out. One of that name may be a customer, too, and pays what it owes: that is a payout where a
    /// report has it, and, from a name that only a provider has, where no item of its own is named.
    func isPayout(_ matter: Matter) -> Bool {
        guard let name = matter.docket.name else { return false }
        guard name.isProvider else { return isPaidThrough(name, matter) }
        guard name.likeness == .full, ownPayouts(matter).ids.isEmpty else { return true }
        return Provider.isUnmistakable(name.party)
            && !matter.reading.mentions.contains {
                isCredible($0, matter) && name.customers.contains(catalogue.customerOf[Int($0.item)])
            }
    }

    /// Somebody else's name, with a provider's word in it, for just the sum of a payout of that provider.
    private func isPaidThrough(_ name: PayerName, _ matter: Matter) -> Bool {
        guard !payouts.isEmpty, matter.amount > 0, name.likeness == .none, matter.payer.certain.isEmpty else {
            return false
        }
        return payouts.candidates(for: matter.payment).contains { id in
            payouts.total(of: id) == matter.amount
                && payouts.sources(of: id).contains { Provider.isNamed(name.party, by: $0) }
        }
    }

    /// The payouts that it may be, without those of other providers.
    private func ownPayouts(_ matter: Matter) -> (ids: [String], others: [String]) {
        var (ids, others): ([String], [String]) = ([], [])
        for id in payouts.candidates(for: matter.payment) {
            let isAnothers = matter.docket.name.map { name in
                payouts.sources(of: id).contains { Provider.isAnother(name.party, than: $0) }
            }
            if isAnothers == true { others.append(id) } else { ids.append(id) }
        }
        return (ids, others)
    }

    /// A payout is its charges, each matched by its own reference; only all of them together are automatic.
    func decidePayout(_ matter: Matter) -> Decision {
        let payment = matter.payment
        var decision = Decision(
            paymentID: payment.id, verdict: .none, kind: .payout, rule: .providerPayout,
            sentence: "\(payment.payerName ?? "A payment provider") pays out "
                + "\(matter.money); its settlement lines say what it is for.")
        decision.evidence = [Evidence("PROVIDER", text: payment.payerName ?? "", bits: 10)]
        let (ids, others) = ownPayouts(matter)
        guard let id = ids.first else {
            if let other = others.first {
                decision.verdict = .review
                let book = payouts.sources(of: other).first ?? ""
                decision.sentence += " \(other) is another provider's, by the report of \(book)."
            }
            return proposeNamed(matter, decision)
        }
        guard ids.count == 1 else {
            decision.verdict = .review
            decision.sentence += " \(ids.count) payouts come to this sum."
            return decision
        }
        decision.evidence.append(Evidence("PAYOUT", text: id, bits: 20))
        guard payouts.total(of: id) == payment.amount else {
            decision.verdict = .review
            decision.sentence += " The lines of \(id) come to \(matter.text(payouts.total(of: id)))."
            return decision
        }
        let places = payouts.places(of: id)
        var isWhole = policy.isAuto(.providerPayout)
        var matched = 0
        var taken: [String] = []
        var kept: Int64 = 0
        for place in places {
            if payouts.charges[place].kind == .fee, payouts.charges[place].net <= 0 {
                kept -= payouts.charges[place].net
                continue
            }
            // What stands in the books stands for each charge by itself, until its payout is here.
            let isBooked = payouts.charges[place].standing != .none
            let charge = isBooked ? standing(payouts.charges[place]) : known(place)
            let repeats = charge.lines.contains { taken.contains($0.itemID) } && charge.lines.first?.reason != .cleared
            if charge.isSure, !repeats { matched += 1 } else { isWhole = false }
            if !repeats { decision.lines += charge.lines }
            taken += charge.lines.map(\.itemID)
            decision.evidence.append(
                Evidence(
                    charge.isSure ? "CHARGE" : "CHARGE-OPEN", text: charge.sentence, itemID: charge.lines.first?.itemID,
                    bits: charge.isSure ? 12 : -4))
        }
        guard let lines = Self.sharing(kept, decision.lines) else {
            decision.verdict = .review
            decision.sentence += " The fees of \(id) are more than its charges."
            return decision
        }
        decision.lines = lines
        decision.verdict = isWhole ? .auto : .review
        if isWhole { for place in places { charges[place] = nil } }
        let fees = lines.reduce(Int64(0)) { $1.reason == .fee ? $0 &+ $1.adjustment : $0 }
        decision.sentence =
            "\(payment.payerName ?? "A payment provider") pays out \(matter.money) for \(id): \(matched) of "
            + "\(places.count { payouts.charges[$0].kind != .fee }) charges are matched, \(matter.text(fees)) "
            + "of them kept as fee."
        if !isWhole {
            decision.alternatives = [Alternative(lines: decision.lines)]
        }
        return decision
    }

    /// No settlement line says what it is for: what its text names is proposed. A person says whether it is all of it.
    private func proposeNamed(_ matter: Matter, _ payout: Decision) -> Decision {
        guard matter.reading.mentions.contains(where: { isCredible($0, matter) }), let named = decideNamed(matter),
            !named.lines.isEmpty, named.lines.allSatisfy({ $0.reason != .exchange })
        else { return payout }
        var decision = payout
        decision.verdict = .review
        decision.lines = named.lines
        decision.alternatives = named.alternatives.isEmpty ? [Alternative(lines: named.lines)] : named.alternatives
        decision.evidence += named.evidence
        decision.sentence =
            "\(matter.payment.payerName ?? "A payment provider") passes on \(matter.money), and no settlement line says "
            + "what for. \(named.sentence)"
        decision.possiblePlaces.items = named.lines.compactMap { catalogue.place(of: $0) }
        decision.possibleItems = decision.possiblePlaces.items.map { catalogue.id($0) }
        return decision
    }

    /// A fee that the provider keeps in a line of its own, shared out over the charges by their money; nil where it is
    /// more than they are.
    private static func sharing(_ fee: Int64, _ lines: [Line]) -> [Line]? {
        guard fee > 0, !lines.isEmpty else { return lines }
        let total = lines.reduce(Int64(0)) { $0 &+ max(0, $1.cash) }
        guard total > fee else { return nil }
        var shared: [Line] = []
        var (left, rest) = (fee, total)
        for line in lines {
            guard line.cash > 0 else {
                shared.append(line)
                continue
            }
            // What is left is shared over what is left, so that the parts come to the whole.
            let part = Int64(clamping: Int128(left) * Int128(line.cash) / Int128(rest))
            (left, rest) = (left - part, rest - line.cash)
            var paid = line
            paid.cash -= part
            paid.proves = min(paid.proves, paid.cash)
            shared.append(paid)
            if part > 0 { shared.append(Self.fee(part, line)) }
        }
        return shared
    }

    private static func fee(_ amount: Int64, _ paid: Line) -> Line {
        var fee = Line(itemID: paid.itemID, reason: .fee, cash: 0, adjustment: amount)
        fee.place = paid.place
        return fee
    }

    /// A charge of a payout that waits is decided again only where something has changed that it was decided from.
    private func known(_ place: Int) -> (lines: [Line], isSure: Bool, sentence: String) {
        if let known = charges[place], !topics.hasChanged(known.read, since: known.decidedAt) {
            topics.reads(known.read)
            return (known.lines, known.isSure, known.sentence)
        }
        let decidedAt = topics.clock
        let (found, read) = topics.apart { charge(place) }
        let decided = DecidedCharge(
            lines: found.lines, isSure: found.isSure, sentence: found.sentence, read: read, decidedAt: decidedAt)
        charges[place] = decided
        return found
    }

    private func charge(_ place: Int) -> (lines: [Line], isSure: Bool, sentence: String) {
        let charge = payouts.charges[place]
        let (docket, reading) = docket(of: payouts.payment(place))
        if let key = docket.payerKey { topics.reads(Topics.payer(key)) }
        let matter = Matter(docket, reading, identify(docket, reading), isCharge: true)
        guard charge.kind == .charge, charge.gross > 0, charge.gross == charge.net + charge.fee, charge.fee >= 0 else {
            return ([], false, "\(matter.text(charge.gross)) is no plain charge.")
        }
        let decided = decideNamed(matter) ?? decideByPayer(matter)
        guard decided.lines.count == 1, let line = decided.lines.first, line.reason == .cash,
            line.cash == charge.gross
        else { return ([], false, decided.sentence) }
        var paid = Line(itemID: line.itemID, reason: .cash, cash: charge.net, proves: min(line.proves, charge.net))
        paid.place = line.place
        let lines = charge.fee > 0 ? [paid, Self.fee(charge.fee, paid)] : [paid]
        return (lines, decided.verdict == .auto, decided.sentence)
    }

    /// What a charge, a refund or a chargeback settled on its own day, cash and fee take the place of.
    private func standing(_ charge: SettledCharge) -> (lines: [Line], isSure: Bool, sentence: String) {
        var phrase = Phrase()
        phrase.add(charge.gross, charge.currency)
        let words = "The \(charge.kind.rawValue) of \(phrase.text) of \(charge.occurredOn.text)"
        guard case .booked(let item) = charge.standing, !paidOut.contains(charge.payoutID) else {
            return ([], false, "\(words) is paid out already, or a person took it off its invoice.")
        }
        guard charge.gross == charge.net + charge.fee else {
            return ([], false, "\(words) is not what its net amount and its fee come to.")
        }
        var lines = [
            Line(itemID: item, reason: .cleared, cash: 0, adjustment: 0 - charge.gross),
            Line(itemID: item, reason: charge.net < 0 ? .reversal : .cash, cash: charge.net),
        ]
        if charge.fee != 0 { lines.append(Line(itemID: item, reason: .fee, cash: 0, adjustment: charge.fee)) }
        return (lines, true, "\(words) is in the books since that day.")
    }
}
