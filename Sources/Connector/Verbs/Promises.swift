// SPDX-License-Identifier: Apache-2.0
import Documents
import Dunning
import Ledger
import Promises
import Store
import Trees

extension Workplace {
    /// A promise as somebody heard it.
    package struct PromiseRequest: Sendable {
        /// The customer's id or number.
        package var customer: String
        /// Numbers or ids; empty for all that is overdue.
        package var invoices: [String] = []
        /// Decimal text; nil for everything open.
        package var amount: String?
        package var currency: String?
        /// yyyy-MM-dd
        package var promisedFor: String
        package var promisedOn: String?
        package var takenBy: String
        package var channel = "phone"
        package var proposed = false

        package init(customer: String, promisedFor: String, takenBy: String) {
            self.customer = customer
            self.promisedFor = promisedFor
            self.takenBy = takenBy
        }
    }

    /// Records a promise, or says by which rule it is none.
    package func recordPromise(_ request: PromiseRequest) throws -> Answer {
        let promisedFor = try Self.day(request.promisedFor, "--for")
        let promisedOn = try request.promisedOn.map { try Self.day($0, "--on") } ?? today
        let policy = try PolicyFile.load(self).policy
        let recording = try openStore().write { session in
            let finder = NameFinder(company: self.company.id, session: session)
            let customer = try finder.customer(request.customer)
            let items = try self.promisedItems(request.invoices, customer: customer, finder)
            let desk = PromiseDesk(self, session, policy: policy)
            let takenAt = promisedOn == self.today ? self.environment.now() : nil
            let open = try desk.openWhenSaid(items.map(\.item), on: promisedOn, at: takenAt)
            let amount = try Self.promisedAmount(request.amount, request.currency, open)
            let proposal = PromiseProposal(
                company: self.company.id, customerID: customer, lines: PromiseSpread.lines(amount, over: open),
                promisedFor: promisedFor, promisedOn: promisedOn, takenAt: takenAt, takenBy: request.takenBy,
                channel: request.channel, recordedBy: request.proposed ? .agent : .person)
            let recording = try desk.record(proposal)
            if let promise = recording.promise { try desk.ask(about: promise) }
            return recording
        }
        guard let promise = recording.promise else {
            let refusal = recording.refusals.first
            throw Failure(
                refusal?.rule ?? "PROMISE-REFUSED", recording.refusals.map(\.sentence).joined(separator: " "),
                hint: "Nothing was recorded; agree on another day or amount.")
        }
        return Self.answer(promise, self, remarks: recording.remarks)
    }

    /// The customer takes a promise back; it is closed without a verdict.
    package func withdrawPromise(_ id: String, actor: String, reason: String) throws -> Answer {
        try Signing.require(actor, reason)
        let policy = try PolicyFile.load(self).policy
        let promise = try openStore().write { session in
            guard let stored = try session.promise(company: self.company.id, id: id) else {
                throw Failure("PROMISE-UNKNOWN", "There is no promise \(id).", hint: "See tieout promise list.")
            }
            var promise = stored.promise
            guard promise.withdraw(on: self.today, note: "\(actor): \(reason)") else {
                throw Failure(
                    "PROMISE-CLOSED", "Promise \(id) is closed already.", hint: "See tieout promise list.")
            }
            try session.save(promise, at: stored.recordedAt)
            try PromiseDesk(self, session, policy: policy).answered(id, "\(actor): \(reason)")
            try session.recordAct(
                company: self.company.id, verb: "promise withdraw", subject: id, actor: actor, reason: reason,
                on: self.today, at: self.environment.now())
            try session.bumpAccountVersion(company: self.company.id, customer: promise.customerID)
            return promise
        }
        return Self.answer(promise, self)
    }

    /// Judges every promise by value-dated, covered cash.
    package func evaluatePromises() throws -> Answer {
        let policy = try PolicyFile.load(self).policy
        let (judged, waiting) = try openStore().write { session in
            let desk = PromiseDesk(self, session, policy: policy)
            try desk.importRecords()
            let result = try desk.judge()
            try desk.matchClaims()
            return result
        }
        let nodes = judged.map {
            self.promiseJSON(.init(promise: $0.promise, recordedAt: environment.now()))
        }
        let open = waiting.map { evaluation in
            Node.object([
                ("id", .text(evaluation.promise.id)), ("customer_id", .text(evaluation.promise.customerID)),
                ("status", .text(evaluation.promise.status.rawValue)), ("why", .text(evaluation.why)),
            ])
        }
        var lines = judged.map { "  \(Self.words($0.promise)): \($0.why)" }
        lines += waiting.map { "  \(Self.words($0.promise)): \($0.why)" }
        var answer = Answer(
            json: .object([("day", .text(today.text)), ("judged", .list(nodes)), ("waiting", .list(open))]),
            text: (["\(today.text): \(judged.count) judged, \(waiting.count) open"] + lines).joined(separator: "\n"))
        answer.needsReview = waiting.contains { !$0.exceptions.isEmpty }
        return answer
    }

    // MARK: Inside the transaction of import and reconcile

    /// Judges every promise; late cash judges again.
    func judgePromises(_ session: Session, _ ahead: ReadAhead? = nil) throws {
        let desk = PromiseDesk(self, session, policy: try PolicyFile.load(self).policy)
        try desk.importRecords(ahead)
        _ = try desk.judge(ahead)
    }

    /// Claims of payments that money has answered are over.
    func matchClaims(_ session: Session) throws {
        try PromiseDesk(self, session, policy: try PolicyFile.load(self).policy).matchClaims()
    }

    /// Promises as files state them become promises by the rules, as soon as their invoice is known.
    func promisesFromImport(_ session: Session) throws {
        try PromiseDesk(self, session, policy: try PolicyFile.load(self).policy).importRecords()
    }

    // MARK: Reading requests

    static func day(_ text: String, _ option: String) throws -> Day {
        guard let day = Day(text) else {
            throw Failure("DAY", "“\(text)” is no day for \(option).", hint: "Write yyyy-MM-dd.")
        }
        return day
    }

    /// The named invoices' open items, else all that is overdue, else all that is open.
    func promisedItems(_ invoices: [String], customer: String, _ finder: NameFinder) throws -> [AccountItem] {
        if !invoices.isEmpty {
            var seen: Set<String> = []
            let named = try invoices.flatMap { try finder.items($0, customer: customer) }
            let items = named.filter { !$0.item.isCredit && seen.insert($0.item.id).inserted }
            let open = items.filter { $0.item.balance.open > 0 }
            guard open.isEmpty else { return open }
            throw Failure(
                "PROMISE-NOTHING-OPEN", "Nothing is open on \(invoices.joined(separator: ", ")).",
                hint: "There is nothing to promise.")
        }
        let open = try finder.session.accountItems(company: company.id, customer: customer)
            .filter { $0.item.balance.open > 0 && !$0.item.isCredit }
        let overdue = open.filter { $0.item.dueOn < today }
        guard !open.isEmpty else {
            throw Failure(
                "PROMISE-NOTHING-OPEN", "Customer \(customer) owes nothing.", hint: "There is nothing to promise.")
        }
        return overdue.isEmpty ? open : overdue
    }

    /// The amount in the items' one currency; everything that was open when no amount is named.
    static func promisedAmount(_ text: String?, _ code: String?, _ open: [PromiseToPay.Line]) throws -> Money {
        let currencies = Set(open.map(\.amount.currency)).sorted()
        let wanted = code.flatMap { Currency($0) }
        if let code, wanted == nil {
            throw Failure("CURRENCY", "“\(code)” is no currency.", hint: "Write its ISO 4217 code: EUR.")
        }
        guard let currency = wanted ?? (currencies.count == 1 ? currencies.first : nil) else {
            throw Failure(
                "CURRENCY-NEEDED", "The customer owes in \(currencies.map(\.code).joined(separator: " and ")).",
                hint: "Say which with --currency.")
        }
        guard let text else {
            return PromiseSpread.sum(open, in: currency)
        }
        guard let money = ScaledDecimal(text)?.money(currency), money.isPositive,
            money.minorUnits <= Money.magnitudeMax
        else {
            throw Failure(
                "AMOUNT", "“\(text)” is no amount of \(currency).", hint: "Write decimal text above zero: 1180.00.")
        }
        return money
    }

    static func words(_ promise: PromiseToPay) -> String {
        "\(promise.id) \(promise.customerID) \(promise.amount) for \(promise.promisedFor.text) is "
            + (promise.status == .closed ? closeReason(promise.closeReason) ?? "closed" : promise.status.rawValue)
    }

    static func answer(
        _ promise: PromiseToPay, _ workplace: Workplace, remarks: [PromiseRecording.Refusal] = []
    ) -> Answer {
        let node = workplace.promiseJSON(
            .init(promise: promise, recordedAt: workplace.environment.now()))
        let warnings = remarks.map {
            Node.object([("rule", .text($0.rule)), ("message", .text($0.sentence))])
        }
        var lines = [words(promise) + ", last day \(promise.lastDay.text)"]
        if promise.status == .proposed {
            lines.append(
                "  Reminders pause through \(promise.proposedThrough.text); then it lapses unless it is confirmed: "
                    + "tieout promise confirm \(promise.id) --actor … --reason …")
        }
        lines += remarks.map { "  beyond policy: \($0.sentence) [\($0.rule)]" }
        return Answer(
            json: warnings.isEmpty
                ? node : .object((node.entries ?? []).map { ($0.key, $0.value) } + [("warnings", .list(warnings))]),
            text: lines.joined(separator: "\n"))
    }
}

/// Spreads a promised amount over items, the oldest due first; what is more than open stays on the last.
enum PromiseSpread {
    static func sum(_ open: [PromiseToPay.Line], in currency: Currency) -> Money {
        let sum = open.reduce(Int128(0)) { $0 + ($1.amount.currency == currency ? Int128($1.amount.minorUnits) : 0) }
        return Money(minorUnits: Int64(clamping: sum), currency: currency)
    }

    static func lines(_ amount: Money, over open: [PromiseToPay.Line]) -> [PromiseToPay.Line] {
        let fitting = open.filter { $0.amount.currency == amount.currency }
        var left = amount.minorUnits
        var lines: [PromiseToPay.Line] = []
        for item in fitting where left > 0 {
            let share = min(left, max(0, item.amount.minorUnits))
            guard share > 0 else { continue }
            left -= share
            lines.append(.init(itemID: item.itemID, amount: Money(minorUnits: share, currency: amount.currency)))
        }
        guard left > 0 else { return lines }
        if let last = lines.indices.last {
            lines[last].amount.minorUnits += left
        } else if let first = fitting.first {
            lines = [.init(itemID: first.itemID, amount: Money(minorUnits: left, currency: amount.currency))]
        }
        return lines
    }
}
