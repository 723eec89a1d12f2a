// SPDX-License-Identifier: Apache-2.0
import Documents
import Dunning
import Ledger
import Reconciliation
import Store

/// Who does something, and who besides: every act of a person has a name and a reason, and two people are two names.
package enum Signing {
    /// Nothing that could be read as a name or a reason.
    package static func isBlank(_ text: String) -> Bool {
        !text.contains { $0.isLetter || $0.isNumber || $0.isSymbol }
    }

    /// Whether two names are one person's, however they are spelled: case, blanks, width and composition do not count.
    package static func isSame(_ one: String, _ other: String) -> Bool { folded(one) == folded(other) }

    static func require(_ actor: String, _ reason: String) throws {
        guard !isBlank(actor), !isBlank(reason) else {
            throw Failure("ACTOR", "An act of a person needs a name and a reason.", hint: "Give --actor and --reason.")
        }
        guard !reason.contains(approval) else {
            throw Failure(
                "REASON-APPROVAL", "“\(reason)” names a second person within the reason.",
                hint: "Name who approves it with --second-person.")
        }
    }

    /// - Parameter what: the subject of the sentence: `A write-off of 700.00 EUR`.
    static func requireSecond(_ second: String?, besides actor: String, for what: String) throws {
        guard let second, !isBlank(second), !isSame(second, actor) else {
            throw Failure(
                "SECOND-PERSON", "\(what) needs a second person.",
                hint: "Add --second-person NAME, somebody other than \(actor).")
        }
    }

    /// Letters and digits only, without case; both ways of writing an accent are one to `Character`.
    private static func folded(_ name: String) -> [Character] {
        let kept = name.filter { $0.isLetter || $0.isNumber }
        let half = String(
            String.UnicodeScalarView(
                (kept.isEmpty ? name : kept).unicodeScalars.map { scalar in
                    // Full-width Latin letters and digits are the same ones, wider.
                    (0xFF01...0xFF5E).contains(scalar.value) ? Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar : scalar
                }))
        return Array(half.uppercased().lowercased())
    }
}

/// A person's name and reason, and who approves what they do.
struct Signature {
    var actor: String
    var reason: String
    var secondPerson: String?

    /// The reason as the books keep it: with who approved it.
    var kept: String { secondPerson.map { "\(reason)\(Signing.approval)\($0))" } ?? reason }
}

extension Signing {
    /// Stands behind the reason of what a second person approved; nobody writes it as a reason of their own.
    static let approval = " (second person: "

    /// What lowers an item without money. An exchange difference does where no cash of another currency is its other side;
    /// where some is, what the item is worth more than that cash (`ExchangeGifts`).
    static let given: Set<Entry.Kind> = [.writeOff, .discount, .fee, .withholding, .rounding]

    /// What one person gave away alone on one item before.
    struct Earlier {
        var number: String
        /// Minor units, more than 0.
        var amount: Int64
    }

    /// What an act gives away of one item.
    struct Gift {
        var item: String?
        var money: Money
    }

    /// - Parameter short: what cash of another currency falls short of its items.
    private static func gifts(_ entries: [Entry], _ short: [Gift]) -> [Gift] {
        entries.filter { entry in
            given.contains(entry.kind)
                || entry.kind == .exchange && ExchangeGifts.cash(of: entry, in: entries) == nil
        }.map { Gift(item: $0.item, money: $0.money) } + short
    }

    private static func sums(_ gifts: [Gift]) -> [Money] {
        Set(gifts.map(\.money.currency)).sorted().map { currency in
            let sum = gifts.reduce(Int128(0)) {
                $1.money.currency == currency ? $0 + Int128($1.money.minorUnits.magnitude) : $0
            }
            return Money(minorUnits: Int64(clamping: sum), currency: currency)
        }
    }

    /// What is given away by hand above the policy's limit, or a large amount booked by hand, needs somebody besides
    /// the actor; what the parts of one act come to is added up, and what the actor gave away alone on the same item
    /// before, so that none slips below it.
    ///
    /// - Parameters:
    ///   - short: what cash of another currency falls short of its items.
    ///   - earlier: by item.
    ///   - isProposed: the cash is as reconcile proposed it: only what is given away is looked at.
    static func requireSecond(
        _ second: String?, besides actor: String, _ entries: [Entry], _ policy: DunningPolicy, short: [Gift] = [],
        earlier: [String: Earlier] = [:], isProposed: Bool = false
    ) throws {
        let gifts = gifts(entries, short)
        // What settles an item with cash of another currency is that cash.
        let booked = entries.filter { entry in
            [.applied, .charged, .converted].contains(entry.kind) || ExchangeGifts.cash(of: entry, in: entries) != nil
        }
        let rules = policy.secondPerson
        var large = sums(gifts).filter { rules.needsSecond(adjustment: $0) }.map { "\(word(entries)) of \($0)" }
        if !isProposed {
            large += sums(booked.map { Gift(item: $0.item, money: $0.money) })
                .filter { rules.needsSecond(allocation: $0) }.map { "Booking \($0) by hand" }
        }
        for (item, before) in earlier.sorted(by: { $0.key < $1.key }) {
            large += sums(gifts.filter { $0.item == item }).filter { now in
                let sum = Int128(now.minorUnits) + Int128(before.amount)
                return rules.needsSecond(
                    adjustment: Money(minorUnits: Int64(clamping: sum), currency: now.currency))
            }
            .map {
                "\(word(entries)) of \($0) on \(before.number), where \(actor) gave up "
                    + "\(Money(minorUnits: before.amount, currency: $0.currency)) alone before,"
            }
        }
        if let first = large.first { try requireSecond(second, besides: actor, for: first) }
    }

    /// Rounding is for cents; more than that is something else and has to be called so.
    static func requireSmall(_ entries: [Entry], _ policy: DunningPolicy) throws {
        for entry in entries where entry.kind == .rounding {
            let limit = policy.roundingLimit(entry.currency)
            guard entry.money.magnitude.minorUnits > limit.minorUnits else { continue }
            throw Failure(
                "ROUNDING-LARGE", "\(entry.money) is no rounding difference: they end at \(limit).",
                hint: "Say what it is: --write-off, --discount, --fee or --withholding.")
        }
    }

    /// A write-off, a discount …; several kinds in one act are adjustments.
    private static func word(_ entries: [Entry]) -> String {
        let kinds = Set(
            entries.map(\.kind).filter {
                [.writeOff, .discount, .fee, .withholding, .rounding, .exchange].contains($0)
            })
        guard kinds.count == 1, let only = kinds.first else { return "Adjusting by a sum" }
        switch only {
        case .writeOff: return "A write-off"
        case .discount: return "A discount"
        case .fee: return "A fee"
        case .withholding: return "Withholding"
        case .rounding: return "A rounding"
        default: return "An exchange difference"
        }
    }
}

extension Workplace {
    /// Whether a person's yes to what reconcile proposed gives away so much that it needs a second one. What a provider's
    /// report states and what a return takes back is nobody's gift.
    func requireSecond(
        _ signature: Signature, _ entries: [Entry], of decision: Decision, _ policy: DunningPolicy, _ session: Session
    ) throws {
        guard decision.kind == .payment else { return }
        try Signing.requireSecond(
            signature.secondPerson, besides: signature.actor, entries, policy,
            short: try shortOfWorth(entries, session),
            earlier: try givenAlone(by: signature.actor, on: entries, session), isProposed: true)
    }

    /// What cash of another currency falls short of the items that it settles.
    func shortOfWorth(_ entries: [Entry], _ session: Session) throws -> [Signing.Gift] {
        try exchangeGifts(session).gifts(entries).map { Signing.Gift(item: $0.entry.item, money: $0.gift) }
    }

    /// What cash of another currency is worth more than the item that it settles.
    func beyondRates(_ entries: [Entry], _ session: Session) throws -> [Signing.Gift] {
        try exchangeGifts(session).beyondRates(entries).map { Signing.Gift(item: $0.entry.item, money: $0.money) }
    }

    private func exchangeGifts(_ session: Session) -> ExchangeGifts {
        ExchangeGifts(session: session, company: company.id, policy: books.matching)
    }

    /// What a person gave away on the items of some entries since these entered the books, without a second person, as
    /// far as it stands.
    func givenAlone(by actor: String, on entries: [Entry], _ session: Session) throws -> [String: Signing.Earlier] {
        let given = Signing.given.union([.exchange])
        var earlier: [String: Signing.Earlier] = [:]
        for item in Set(entries.filter { given.contains($0.kind) }.compactMap(\.item)).sorted() {
            let standing = live(try session.entryList(company: company.id, filter: EntryFilter(item: item))).map(
                \.entry)
            var amount: Int64 = 0
            for entry in standing where given.contains(entry.kind) && Signing.isSame(entry.actor, actor) {
                let decision = try entry.decision.flatMap { try session.decision(company: company.id, idOrPayment: $0) }
                let reasons = [entry.reason, decision?.reason].compactMap { $0 }
                guard !reasons.contains(where: { $0.contains(Signing.approval) }) else { continue }
                guard let cash = ExchangeGifts.cash(of: entry, in: standing) else {
                    amount += entry.money.magnitude.minorUnits
                    continue
                }
                amount += try exchangeGifts(session).gifts([cash, entry]).first?.gift.minorUnits ?? 0
            }
            guard amount > 0 else { continue }
            let number = try session.number(company: company.id, named: item) ?? item
            earlier[item] = Signing.Earlier(number: number, amount: amount)
        }
        return earlier
    }
}
