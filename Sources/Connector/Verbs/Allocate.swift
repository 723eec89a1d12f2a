// SPDX-License-Identifier: Apache-2.0
import Documents
import Dunning
import Ledger
import Reconciliation
import Reports
import Store
import Trees

extension Workplace {
    /// What a person books by hand.
    package struct ManualAllocation: Sendable {
        package enum Kind: Sendable {
            case cash, discount, fee, withholding, writeOff, rounding, exchange, refund
            /// Interest and fines that the payment paid on top of the item.
            case lateCharges
        }

        package struct Line: Sendable {
            package var kind: Kind
            /// `item=amount`
            package var text: String

            package init(kind: Kind, text: String) {
                self.kind = kind
                self.text = text
            }
        }

        package var actor: String
        package var reason: String
        /// A payment, or an open credit note; nil for adjustments alone.
        package var source: String?
        package var secondPerson: String?
        package var lines: [Line] = []

        package init(actor: String, reason: String) {
            self.actor = actor
            self.reason = reason
        }
    }

    package func allocate(_ request: ManualAllocation) throws -> Answer {
        guard !request.lines.isEmpty else {
            throw Failure("ALLOCATE-EMPTY", "Nothing was named to book.", hint: "Add --to ITEM=AMOUNT.")
        }
        try Signing.require(request.actor, request.reason)
        let policy = try PolicyFile.load(self).policy
        return try act { session in
            let hand = try HandBooking(workplace: self, session: session, request: request)
            let entries = try hand.entries()
            try Signing.requireSmall(entries, policy)
            try Signing.requireSecond(
                request.secondPerson, besides: request.actor, entries, policy,
                short: try self.shortOfWorth(entries, session) + self.beyondRates(entries, session),
                earlier: try self.givenAlone(by: request.actor, on: entries, session))
            let numbers = try session.numbers(company: self.company.id, items: entries.compactMap(\.item))
            try self.append(entries, session, actor: request.actor, rule: Rule.person.rawValue)
            try self.keep(entries, of: request, as: hand.decision, session)
            return Answer(
                json: .object([("decision", .text(hand.decision)), ("entries", .integer(entries.count))]),
                text: entries.map { "\($0.kind.words): \($0.money)\($0.item.map { " on \(numbers[$0] ?? $0)" } ?? "")" }
                    .joined(separator: "\n")
                    + "\nTake it back with: tieout review undo \(hand.decision) --actor … --reason …")
        }
    }
}

/// Turns `item=amount` lines into entries of one decision.
private struct HandBooking {
    let workplace: Workplace
    let session: Session
    let request: Workplace.ManualAllocation
    let decision: String
    private let now: Timestamp

    init(workplace: Workplace, session: Session, request: Workplace.ManualAllocation) throws {
        self.workplace = workplace
        self.session = session
        self.request = request
        now = workplace.environment.now()
        var builder = Fingerprint.Builder()
        builder.add("manual")
        builder.add(request.source)
        for line in request.lines { builder.add(line.text) }
        builder.add(now.milliseconds)
        // Two bookings alike within one millisecond are two.
        builder.add(try session.nextSeq())
        builder.add(request.actor)
        decision = builder.finish().base32
    }

    func entries() throws -> [Entry] {
        let company = workplace.company.id
        let period = try session.period(company: company)
        let booking = Booking(
            company: company, period: period, decision: decision, recordedAt: now, actor: request.actor,
            reason: Signature(actor: request.actor, reason: request.reason, secondPerson: request.secondPerson).kept)
        var entries: [Entry] = []
        let payment = try request.source.flatMap { try session.matchCandidate(company: company, id: $0) }
        let credit = try payment == nil ? request.source.map { try item($0) } : nil
        for line in request.lines {
            let (name, text) = try split(line.text)
            if line.kind == .refund {
                entries += try refund(from: name, text, payment, booking)
                continue
            }
            let target = try item(name)
            let amount = try amount(text, target.currency)
            switch line.kind {
            case .cash:
                if let payment {
                    try requireForward(payment, amount, target, line.text)
                    entries += Recovery(booking: booking).entries(
                        of: target, settling: amount, with: payment.payment.id, on: payment.postingDay,
                        before: try cash(payment, on: target, amount, booking))
                } else if let credit {
                    try requireCredit(credit, on: target)
                    guard amount > 0 else { throw Self.lowers(line.text) }
                    entries.append(
                        booking.netting(
                            credit: credit.id, creditFacts: credit.facts, on: target.id, facts: target.facts,
                            amount: amount, rule: Rule.person.rawValue))
                } else {
                    throw Failure(
                        "ALLOCATE-SOURCE", "--to needs a payment or an open credit note.",
                        hint: "Name it first: tieout review allocate PAYMENT --to \(line.text).")
                }
            case .exchange:
                if let payment, payment.payment.currency != target.currency {
                    try requireForward(payment, amount, target, line.text)
                    entries += try exchange(payment, for: target, amount, booking, beside: entries)
                } else {
                    entries.append(try adjust(.exchange, target, amount, booking))
                }
            case .discount: entries.append(try adjust(.discount, target, amount, booking))
            case .fee: entries.append(try adjust(.fee, target, amount, booking))
            case .withholding: entries.append(try adjust(.withholding, target, amount, booking))
            case .writeOff: entries.append(try adjust(.writeOff, target, amount, booking))
            case .rounding: entries.append(try adjust(.rounding, target, amount, booking))
            case .lateCharges:
                entries.append(try charge(payment, target, amount, line.text, booking))
            case .refund: break
            }
        }
        return entries
    }

    /// What is set off without a payment is a credit note, on the same customer's invoice in the same currency.
    private func requireCredit(_ credit: OpenItem, on target: OpenItem) throws {
        guard credit.isCredit else {
            throw Failure(
                "ALLOCATE-SOURCE", "\(credit.number) is an invoice: it pays nothing.",
                hint:
                    "Name a payment or an open credit note: tieout review allocate PAYMENT --to \(target.number)=AMOUNT."
            )
        }
        guard credit.customerID == target.customerID else {
            throw Failure(
                "ALLOCATE-CUSTOMER",
                "Credit note \(credit.number) is \(credit.customerID)'s, invoice \(target.number) is \(target.customerID)'s.",
                hint: "A credit pays only its own customer's invoices; refund it, or correct whose it is.")
        }
        guard credit.currency == target.currency else {
            throw Failure(
                "ALLOCATE-CURRENCY",
                "Credit note \(credit.number) is in \(credit.currency), invoice \(target.number) in \(target.currency).",
                hint:
                    "A credit note is set off in its own currency only; refund it, or let the source exchange it for one "
                    + "in \(target.currency).")
        }
    }

    /// Interest and fines that were paid on top: income of their own, and no part of the claim.
    private func charge(
        _ payment: Session.MatchCandidate?, _ target: OpenItem, _ amount: Int64, _ text: String, _ booking: Booking
    ) throws -> Entry {
        guard let payment, payment.payment.amount > 0, payment.payment.currency == target.currency,
            target.balance.amount > 0
        else {
            throw Failure(
                "ALLOCATE-CHARGES", "--late-charges \(text) needs a payment that came in, in the invoice's currency.",
                hint: "Name it first: tieout review allocate PAYMENT --late-charges INVOICE=12.50.")
        }
        guard amount > 0 else { throw Self.lowers(text) }
        return booking.lateCharges(
            on: target.id, facts: target.facts, amount: amount, payment: payment.payment.id, day: payment.postingDay,
            rule: Rule.person.rawValue)
    }

    private func cash(
        _ payment: Session.MatchCandidate, on target: OpenItem, _ amount: Int64, _ booking: Booking
    ) throws -> [Entry] {
        guard payment.payment.currency == target.currency else {
            throw Failure(
                "ALLOCATE-CURRENCY",
                "\(payment.payment.id) is in \(payment.payment.currency), \(target.number) in \(target.currency).",
                hint: "Use --exchange \(target.number)=AMOUNT with the amount in \(target.currency).")
        }
        return book(Line(itemID: target.id, reason: .cash, cash: amount), of: payment, on: target, booking)
    }

    private func book(
        _ line: Line, of payment: Session.MatchCandidate, on target: OpenItem, _ booking: Booking
    ) -> [Entry] {
        var decided = Decision(
            paymentID: payment.payment.id, verdict: .auto, rule: .person, sentence: request.reason)
        decided.lines = [line]
        let facts = target.facts
        return booking.entries(
            decided,
            cash: Booking.Cash(
                id: payment.payment.id,
                amount: Money(minorUnits: payment.payment.amount, currency: payment.payment.currency),
                postingDay: payment.postingDay, isBooked: payment.isBooked),
            item: { _ in facts }
        ).map { entry in
            var copy = entry
            copy.reason = booking.reason
            return copy
        }
    }

    /// All that is left of a payment for an item in another currency, both sides on one day; the difference in home currency
    /// is the report's.
    private func exchange(
        _ payment: Session.MatchCandidate, for target: OpenItem, _ amount: Int64, _ booking: Booking,
        beside entries: [Entry]
    ) throws -> [Entry] {
        let used = entries.filter { $0.payment == payment.payment.id && Self.cashKinds.contains($0.kind) }
        let left = payment.unapplied - used.reduce(0) { $0 + $1.money.minorUnits }
        guard left != 0, (left > 0) == (amount > 0) else {
            throw Failure(
                "CASH-SPENT", "The payment \(payment.payment.id) has nothing left for \(target.number).",
                hint: "See what used it with `tieout explain \(payment.payment.id)`, and take that back first.")
        }
        let line = Line(itemID: target.id, reason: .exchange, cash: left, adjustment: amount)
        return book(line, of: payment, on: target, booking)
    }

    private static let cashKinds: Set<Entry.Kind> = [.applied, .charged, .converted]

    private func refund(
        from name: String, _ text: String, _ payment: Session.MatchCandidate?, _ booking: Booking
    ) throws -> [Entry] {
        guard let payment, payment.payment.amount < 0 else {
            throw Failure(
                "ALLOCATE-REFUND", "--refunds needs the outgoing payment.",
                hint: "tieout review allocate OUTGOING --refunds PAYMENT=AMOUNT.")
        }
        let value = try amount(text, payment.payment.currency)
        var decided = Decision(
            paymentID: payment.payment.id, verdict: .auto, kind: .refund, rule: .refund, sentence: request.reason)
        decided.counterpartID = name
        guard payment.unapplied != 0 else {
            throw Failure(
                "ALLOCATE-REFUND", "Nothing is left of \(payment.payment.id) to give a place.",
                hint: "What it was used for is taken back first: tieout review undo \(payment.payment.id).")
        }
        guard 0 - value == payment.unapplied else {
            throw Failure(
                "ALLOCATE-REFUND",
                "The refund is \(Money(minorUnits: 0 - payment.unapplied, currency: payment.payment.currency)).",
                hint: "Name its whole amount.")
        }
        return booking.entries(
            decided,
            cash: Booking.Cash(
                id: payment.payment.id,
                amount: Money(minorUnits: payment.payment.amount, currency: payment.payment.currency),
                postingDay: payment.postingDay, isBooked: payment.isBooked), item: { _ in nil })
    }

    /// Only what came back may raise an item again, and only by what it had settled; and no money that came in pays what we
    /// owe the customer.
    private func requireForward(
        _ payment: Session.MatchCandidate, _ amount: Int64, _ target: OpenItem, _ text: String
    ) throws {
        guard payment.payment.amount > 0 else { return }
        guard amount > 0 else { throw Self.lowers(text) }
        guard target.balance.amount < 0 else { return }
        throw Failure(
            "ALLOCATE-CREDIT", "\(target.number) is a credit note: money that came in does not pay it.",
            hint: "A credit note pays an invoice: tieout review allocate \(target.number) --to INVOICE=AMOUNT.")
    }

    private static func lowers(_ text: String) -> Failure {
        Failure(
            "ALLOCATE-NEGATIVE", "“\(text)” would raise what is open.",
            hint: "Nothing is raised by hand: take the decision back that lowered it with `tieout review undo`.")
    }

    /// An adjustment lowers what is open: positive on a claim, negative on a credit.
    private func adjust(
        _ kind: Entry.Kind, _ target: OpenItem, _ amount: Int64, _ booking: Booking
    ) throws -> Entry {
        guard target.balance.amount < 0 ? amount < 0 : amount > 0 else {
            throw Self.lowers("\(target.number)=\(Money(minorUnits: amount, currency: target.currency).amountText)")
        }
        return booking.adjustment(
            kind, on: target.id, facts: target.facts, amount: amount, day: workplace.today,
            rule: Rule.person.rawValue)
    }

    private func item(_ name: String) throws -> OpenItem {
        let company = workplace.company.id
        if let item = try session.item(company: company, id: name) { return item }
        let found = try session.items(company: company, number: name)
        guard let only = found.first else {
            throw Failure("ITEM-UNKNOWN", "There is no invoice or item “\(name)”.", hint: "See `tieout list items`.")
        }
        let open = found.filter { $0.balance.open != 0 }
        guard open.count <= 1 else {
            throw Failure(
                "ITEM-SEVERAL", "“\(name)” has \(open.count) open items.",
                hint: "Name one: \(open.map(\.id).joined(separator: ", ")).")
        }
        return open.first ?? only
    }

    private func split(_ text: String) throws -> (String, String) {
        guard let mark = text.lastIndex(of: "="), mark > text.startIndex else {
            throw Failure("ALLOCATE-LINE", "“\(text)” is not item=amount.", hint: "Write INVOICE=100.00.")
        }
        return (String(text[..<mark]), String(text[text.index(after: mark)...]))
    }

    private func amount(_ text: String, _ currency: Currency) throws -> Int64 {
        guard let money = ScaledDecimal(text)?.money(currency), !money.isZero else {
            throw Failure("ALLOCATE-AMOUNT", "“\(text)” is no amount in \(currency).", hint: "Write it as 100.00.")
        }
        return money.minorUnits
    }
}
