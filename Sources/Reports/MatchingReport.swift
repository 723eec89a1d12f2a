// SPDX-License-Identifier: Apache-2.0
package import Documents
import Ledger
import Reconciliation

/// What became of the money of a month: what the machine matched, what people did, and what is left of it.
///
/// A payment is of the month of its first entry. Its amounts are the log's, so that they add up to what came in; what is
/// left is what the payments' own balances say.
package struct MonthsMoney: Sendable {
    package enum Direction: String, Sendable, CaseIterable {
        case received = "in"
        case paidOut = "out"
    }

    package enum Way: String, Sendable, CaseIterable {
        case automatic
        /// Proposed, and accepted by a person.
        case review
        case person
        case setAside = "set_aside"
        case wentBack = "went_back"
        case unapplied
        /// The bank's row of an earlier month has another amount now.
        case changed

        fileprivate var place: Int? { Self.allCases.firstIndex(of: self) }
    }

    package struct Share: Hashable, Sendable {
        package var direction: Direction
        package var way: Way
        package var payments: Int
        /// Minor units, without a sign of the direction.
        package var amount: Int64
    }

    /// One payment of the month, in minor units with its sign.
    private struct Case {
        var booked: Int64 = 0
        /// In the order of the ways.
        var ways = [Int64](repeating: 0, count: Way.allCases.count)
    }

    package let currency: Currency
    package private(set) var shares: [Share] = []
    /// What the log says that came in, and went out, in the month.
    private var booked: [Direction: (payments: Int, amount: Int64)] = [:]

    package func total(_ direction: Direction) -> (payments: Int, amount: Int64) { booked[direction] ?? (0, 0) }

    /// What the shares of a direction miss of its total; zero, or the books do not tie.
    package func difference(_ direction: Direction) -> Int64 {
        shares.reduce(total(direction).amount) { $1.direction == direction ? $0 - $1.amount : $0 }
    }

    package static func make(_ books: BooksPosition, month: Month) -> [MonthsMoney] {
        var reading = Reading(month: month)
        for entry in books.entries { reading.add(entry) }
        for payment in books.cash { reading.leave(payment.unapplied, of: payment.id) }
        return books.currencies.compactMap { reading.money($0) }
    }

    /// The log as it goes by.
    private struct Reading {
        let month: Month
        private var cases: [Direction: [String: Case]] = [:]
        private var currencyOf: [String: Currency] = [:]
        private var earlier: Set<String> = []
        private var changes: [Direction: [Currency: (payments: Set<String>, amount: Int64)]] = [:]
        private var sums: [Direction: [Currency: Int64]] = [:]
        /// Who made the first entry of a decision: what moves it or takes it back has another name on it.
        private var makers: [String: Way] = [:]

        init(month: Month) { self.month = month }

        mutating func add(_ entry: Entry) {
            guard let payment = entry.payment else { return }
            switch entry.kind {
            case .received: book(entry, payment, .received)
            case .paidOut: book(entry, payment, .paidOut)
            case .applied, .converted, .charged: use(entry, payment, .received, nil)
            case .setAside: use(entry, payment, .received, .setAside)
            case .consumed: use(entry, payment, .received, .wentBack)
            case .returned, .refunded: use(entry, payment, .paidOut, nil)
            default: break
            }
        }

        private mutating func book(_ entry: Entry, _ payment: String, _ direction: Direction) {
            let isNow = Month(of: entry.postingDay) == month
            if isNow { sums[direction, default: [:]][entry.currency, default: 0] += entry.amount }
            if cases[direction]?[payment] != nil {
                cases[direction]?[payment]?.booked += entry.amount
            } else if isNow, !earlier.contains(payment) {
                cases[direction, default: [:]][payment] = Case(booked: entry.amount)
                currencyOf[payment] = entry.currency
            } else if isNow {
                changes[direction, default: [:]][entry.currency, default: ([], 0)].payments.insert(payment)
                changes[direction, default: [:]][entry.currency, default: ([], 0)].amount += entry.amount
            } else {
                earlier.insert(payment)
            }
        }

        /// - Parameter way: nil where it is what its maker says.
        private mutating func use(_ entry: Entry, _ payment: String, _ direction: Direction, _ way: Way?) {
            guard cases[direction]?[payment] != nil, let place = (way ?? self.way(of: entry)).place else { return }
            cases[direction]?[payment]?.ways[place] += entry.amount
        }

        private mutating func way(of entry: Entry) -> Way {
            let own: Way =
                entry.actor == MonthsMoney.machine ? .automatic : entry.rule == Rule.person.rawValue ? .person : .review
            guard let decision = entry.decision else { return own }
            if let first = makers[decision] { return first }
            makers[decision] = own
            return own
        }

        /// What is left of a payment that came in, by its balance.
        mutating func leave(_ unapplied: Int64, of payment: String) {
            guard let place = Way.unapplied.place else { return }
            cases[.received]?[payment]?.ways[place] = unapplied
        }

        func money(_ currency: Currency) -> MonthsMoney? {
            var money = MonthsMoney(currency: currency)
            for direction in Direction.allCases {
                let sign: Int64 = direction == .received ? 1 : -1
                var payments = 0
                var shares = Way.allCases.map { Share(direction: direction, way: $0, payments: 0, amount: 0) }
                // order-free: sums and counts of every payment
                for (id, one) in cases[direction] ?? [:] where currencyOf[id] == currency {
                    payments += 1
                    var ways = one.ways
                    if direction == .paidOut, let rest = Way.unapplied.place {
                        ways[rest] = one.booked - ways.reduce(0, +)
                    }
                    for place in ways.indices where ways[place] != 0 {
                        shares[place].payments += 1
                        shares[place].amount += ways[place] * sign
                    }
                }
                if let change = changes[direction]?[currency], let place = Way.changed.place {
                    payments += change.payments.count
                    shares[place].payments = change.payments.count
                    shares[place].amount = change.amount * sign
                }
                guard payments > 0 else { continue }
                money.shares += shares
                money.booked[direction] = (payments, (sums[direction]?[currency] ?? 0) * sign)
            }
            return money.shares.isEmpty ? nil : money
        }
    }

    private init(currency: Currency) { self.currency = currency }

    /// Who books what the rules decide by themselves.
    private static let machine = "reconcile"
}

extension MonthsMoney.Way {
    package func words(_ direction: MonthsMoney.Direction) -> String {
        switch self {
        case .automatic: "Matched automatically"
        case .review: "Matched after review"
        case .person: "Allocated by a person"
        case .setAside: "Set aside, no customer's money"
        case .wentBack: "Went back"
        case .unapplied: direction == .received ? "Not applied" : "On no customer's account"
        case .changed: "Changed by the bank, of earlier months"
        }
    }
}

/// How a month's money was matched, as a table that adds up to what came in and went out.
package enum MatchingReport {
    package static func table(_ money: [MonthsMoney], month: Month) -> Table {
        var table = Table(
            "matching", "How the month's money was matched",
            columns: [
                Table.Column("currency", "Currency"), Table.Column("direction", "Direction"),
                Table.Column("way", "How"), Table.Column("payments", "Payments", .count),
                Table.Column("amount", "Amount", .money), Table.Column("share", "% of it", .percent),
            ],
            note:
                "Payments booked in \(month.text). One that went several ways counts in each of them, and once in the "
                + "total.")
        for one in money {
            for direction in MonthsMoney.Direction.allCases where one.total(direction).payments > 0 {
                let total = one.total(direction)
                func row(_ way: Table.Cell, _ payments: Int, _ amount: Int64, isTotal: Bool = false) {
                    table.add(
                        [
                            .text(one.currency.code), .text(direction.rawValue), way, .count(payments),
                            .money(Money(minorUnits: amount, currency: one.currency)), share(amount, of: total.amount),
                        ], isTotal: isTotal, isSilent: !isTotal && payments == 0)
                }
                for share in one.shares where share.direction == direction {
                    row(.named(share.way.rawValue, share.way.words(direction)), share.payments, share.amount)
                }
                let name = direction == .received ? ("received", "Received") : ("paid_out", "Went out")
                row(.named(name.0, name.1), total.payments, total.amount, isTotal: true)
            }
        }
        return table
    }

    package static func checks(_ money: [MonthsMoney]) -> [Report.Check] {
        money.map { one in
            let gap = MonthsMoney.Direction.allCases.first { one.difference($0) != 0 }
            func text(_ amount: Int64) -> String { "\(Money(minorUnits: amount, currency: one.currency))" }
            return Report.Check(
                "matching \(one.currency.code)", holds: gap == nil,
                gap.map { "What became of the month's money misses \(text(one.difference($0))) of it." }
                    ?? "\(text(one.total(.received).amount)) came in; what was matched, set aside, went back and is left gives the "
                    + "same.")
        }
    }

    /// Half-up to tenths of a percent; empty where nothing came in.
    private static func share(_ amount: Int64, of total: Int64) -> Table.Cell {
        guard total > 0 else { return .empty }
        let scaled = Int128(amount) * 2000 / Int128(total)
        return .tenths(Int64(clamping: scaled >= 0 ? (scaled + 1) / 2 : (scaled - 1) / 2))
    }
}

extension UnappliedReport {
    /// Cash that is not applied, by why it is not: its sum is that of the aged balance.
    package static func byReason(_ books: BooksPosition) -> Table {
        var table = Table(
            "unapplied_by_reason", "Unapplied cash by reason",
            columns: [
                Table.Column("currency", "Currency"), Table.Column("state", "State"), Table.Column("rule", "Rule"),
                Table.Column("reason", "Why"), Table.Column("payments", "Payments", .count),
                Table.Column("amount", "Amount", .money),
            ], note: "What the latest decision on each payment says; `tieout report unapplied` names the payments.")
        for currency in books.currencies {
            var sums: [BooksPosition.Standing: (payments: Int, amount: Int64)] = [:]
            for payment in books.cash where payment.currency == currency && payment.unapplied != 0 {
                sums[payment.standing, default: (0, 0)].payments += 1
                sums[payment.standing, default: (0, 0)].amount += payment.unapplied
            }
            guard !sums.isEmpty else { continue }
            let sorted = sums.sorted { left, right in
                (left.key.state.rank, 0 - left.value.amount, left.key.rule?.rawValue ?? "", left.key.doubt ?? "")
                    < (
                        right.key.state.rank, 0 - right.value.amount, right.key.rule?.rawValue ?? "",
                        right.key.doubt ?? ""
                    )
            }
            for (standing, sum) in sorted {
                table.add([
                    .text(currency.code), .named(standing.state.rawValue, standing.state.words),
                    .text(standing.rule?.rawValue ?? ""), .text(standing.doubt ?? standing.rule?.doubt ?? ""),
                    .count(sum.payments),
                    .money(Money(minorUnits: sum.amount, currency: currency)),
                ])
            }
            table.add(
                [
                    .text(currency.code), .named("total", "Unapplied"), .empty, .empty,
                    .count(sorted.reduce(0) { $0 + $1.value.payments }),
                    .money(Money(minorUnits: sorted.reduce(0) { $0 + $1.value.amount }, currency: currency)),
                ], isTotal: true)
        }
        return table
    }
}

extension BooksPosition.Standing.State {
    /// What a person has to look at comes first.
    fileprivate var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }

    package var words: String {
        switch self {
        case .waiting: "waits for a person"
        case .rejected: "a person refused it"
        case .undone: "taken back"
        case .rest: "rest of what is booked"
        case .unexplained: "nothing is proposed"
        case .undecided: "not reconciled yet"
        }
    }
}

extension Rule {
    /// What makes a payment wait under the rule, where its own doubt names a person, a number or a day; nil where the rule
    /// says it.
    fileprivate var doubt: String? {
        switch self {
        case .noEvidence: "Nothing explains it."
        case .ambiguous: "More than one answer fits, or another payment may be meant."
        case .weak: "Something speaks against the only answer."
        case .duplicate: "It looks like the same money twice."
        case .closedItem: "What it names is settled."
        case .numberOver: "It is more than what it names."
        case .numberPart, .corePart: "It is less than what it names."
        case .numbersDiffer: "What it names does not add up to it."
        case .payerConflict: "Who pays is another customer."
        case .onAccount: "It may be money on account."
        case .otherCurrency, .numberCurrency: "It is for an item in another currency."
        case .providerPayout: "A provider's payout whose lines are not all matched."
        case .returned: "Which payment goes back is not certain."
        case .refund: "What it refunds is not certain."
        default: nil
        }
    }
}
