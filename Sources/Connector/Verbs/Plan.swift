// SPDX-License-Identifier: Apache-2.0
import Documents
import Dunning
import Ledger
import Outbox
import Store
import Trees

extension Workplace {
    /// What is said to whom on the business day, and what is not, each with every gate's answer.
    ///
    /// Planning the same day twice adds nothing: a message keeps its key, and one that says something else takes its
    /// place as a new revision while it waits.
    package func plan(dryRun: Bool) throws -> Answer {
        let file = try PolicyFile.load(self)
        let store = try openStore()
        let lines = try store.write(dryRun: dryRun) { session in
            try file.keep(session, at: self.environment.now())
            var run = try PlanRun(self, session, policy: file.policy)
            var customers = Set(try session.accountsInPlay(company: self.company.id))
            if file.policy.confirmPayments == .always {
                let since = self.today - file.policy.confirmPaymentsWithinDays
                customers.formUnion(try session.customersWithCash(company: self.company.id, since: since))
            }
            for customer in customers.sorted() { try run.plan(customer) }
            try run.closeAnswered()
            try self.judgeUnprovenClearing(after: file.policy.sourceClearingDaysMax, session)
            try self.judgeOldPayouts(after: file.policy.sourceClearingDaysMax, session)
            return run.lines
        }
        return PlanAnswer(day: today, lines: lines, dryRun: dryRun, policy: file.name).answer
    }
}

/// One planning run inside one transaction.
struct PlanRun {
    private let workplace: Workplace
    private let session: Session
    private let policy: DunningPolicy
    private var desk: OutboxDesk
    private(set) var lines: [PlanLine] = []

    private var company: String { workplace.company.id }

    init(_ workplace: Workplace, _ session: Session, policy: DunningPolicy) throws {
        self.workplace = workplace
        self.session = session
        self.policy = policy
        desk = try OutboxDesk(workplace, session, policy: policy)
        try desk.expireLeases()
    }

    /// Decides about one customer and keeps it.
    /// - Parameter purpose: only messages of this purpose; nil for all.
    mutating func plan(_ customer: String, only purpose: Message.Purpose? = nil) throws {
        let view = try desk.account(customer)
        let offer = desk.offer(view)
        var decided = policy.plan(
            for: view.snapshot, on: workplace.today, local: view.local, howToPay: offer.ways)
        if let purpose { decided.removeAll { $0.purpose != purpose } }
        for index in decided.indices {
            if let message = decided[index].message, decided[index].verdict == .say {
                decided[index].message = try desk.enqueue(message, view)
                try supersede(decided[index].replaces, by: message)
            }
            for record in decided[index].exceptions { try raiseOnce(record) }
        }
        try keep(decided, customer, only: purpose)
        lines += decided
    }

    private mutating func supersede(_ messages: [String], by newer: Message) throws {
        for id in messages {
            guard var waiting = try session.delivery(company: company, message: id) else { continue }
            let effect = desk.receive(.supersede(by: newer.id), &waiting)
            guard effect != .unchanged else { continue }
            try session.save(waiting, company: company)
            try session.setCancelReason("SUPERSEDED: \(newer.id) takes its place", message: id, company: company)
        }
    }

    /// What a plan tells a person it tells once: a person's answer is not asked for again.
    private func raiseOnce(_ record: ExceptionRecord) throws {
        guard try session.exception(company: company, id: record.id) == nil else { return }
        try session.raise(record, on: workplace.today, at: workplace.environment.now())
    }

    /// A question about an item that is settled since needs no person any more.
    func closeAnswered() throws {
        for stored in try session.exceptions(company: company, openOnly: true)
        where ["STEPS-EXHAUSTED", "RETURNED"].contains(stored.record.kind) {
            let subject = stored.record.subject
            guard let item = try session.item(company: company, id: subject), item.balance.open == 0 else { continue }
            try session.resolveExceptions(
                company: company, kind: stored.record.kind, subject: subject,
                resolution: "nothing is open on it any more", at: workplace.environment.now())
        }
    }

    /// The day's lines of the customer; what was handed over earlier that day stays.
    private func keep(_ decided: [PlanLine], _ customer: String, only purpose: Message.Purpose?) throws {
        let day = workplace.today
        let before = try session.planLines(company: company, customer: customer, from: day, through: day)
        let now = Set(decided.compactMap { $0.message?.id })
        var rows = try before.filter { line in
            if let purpose, line.purpose != purpose.rawValue { return true }
            guard let id = line.messageID, !now.contains(id) else { return false }
            guard let state = try session.delivery(company: company, message: id)?.state else { return false }
            return ![.queued, .leased, .cancelled, .superseded, .expired].contains(state)
        }
        rows += decided.map { line in
            StoredPlanLine(
                day: day, customerID: customer, messageID: line.message?.id, purpose: line.purpose.rawValue,
                step: line.step, verdict: line.verdict.rawValue, rule: line.rule, detail: PlanAnswer.detail(line).json)
        }
        guard !rows.isEmpty || !before.isEmpty else { return }
        try session.save(rows, day: day, customer: customer, company: company, at: workplace.environment.now())
    }
}

/// A plan as scripts and people read it.
struct PlanAnswer {
    let day: Day
    let lines: [PlanLine]
    let dryRun: Bool
    let policy: String

    var answer: Answer {
        let said = lines.filter { $0.verdict == .say }
        let held = lines.filter { $0.verdict != .say }
        var pairs: [(String, Node)] = [
            ("day", .text(day.text)), ("policy", .text(policy)), ("messages", .list(said.map(Self.said))),
            ("held", .list(held.map(Self.held))),
        ]
        if dryRun { pairs.append(("dry_run", .bool(true))) }
        var text = ["\(day.text): \(said.count) to say, \(held.count) held\(dryRun ? " (dry run)" : "")"]
        text += said.map { line in
            "  say   \(Self.words(line))" + (line.message.map { "  [\($0.language), revision \($0.revision)]" } ?? "")
        }
        text += held.map { line in
            let sentence = line.gates.first { $0.rule == line.rule && !$0.allows }?.sentence ?? ""
            return "  hold  \(Self.words(line))  \(line.rule ?? "")  \(sentence)"
        }
        return Answer(json: .object(pairs), text: text.joined(separator: "\n"))
    }

    private static func words(_ line: PlanLine) -> String {
        var amounts = asked(line).map { "\($0)" }.joined(separator: " + ")
        if asked(line) != line.amounts {
            amounts += " of \(line.amounts.map { "\($0)" }.joined(separator: " + ")) open"
        }
        return [line.customerID, line.stepName, numbers(line).joined(separator: " "), amounts].joined(separator: "  ")
    }

    private static func said(_ line: PlanLine) -> Node {
        let message = line.message
        return .compact(
            [
                ("message_id", .text(message?.id)), ("customer_id", .text(line.customerID)),
                ("purpose", .text(line.purpose.rawValue)), ("step", .integer(line.step)),
                ("step_name", .text(line.stepName)), ("revision", message.map { .integer($0.revision) } ?? .null),
                ("language", .text(message?.language)), ("template", .text(message?.templateName)),
                ("disclosure", .text(message?.disclosure.rawValue)),
                ("invoices", .list(numbers(line).map { .text($0) })),
            ] + amounts(line) + [
                ("lines", .list(line.lines.map(MessageJSON.line))), ("text", .text(message?.text)),
                ("how_to_pay", .list((message?.howToPay ?? []).map(MessageJSON.howToPay))),
                ("not_before", .text(message?.notBefore?.text)), ("rule", .null),
                ("gates", .list(line.gates.map(MessageJSON.gate))),
            ])
    }

    private static func held(_ line: PlanLine) -> Node {
        let sentence = line.gates.first { $0.rule == line.rule && !$0.allows }?.sentence
        return .compact(
            [
                ("customer_id", .text(line.customerID)), ("purpose", .text(line.purpose.rawValue)),
                ("step", .integer(line.step)), ("step_name", .text(line.stepName)),
                ("verdict", .text(line.verdict.rawValue)), ("invoices", .list(numbers(line).map { .text($0) })),
            ] + amounts(line) + [
                ("rule", .text(line.rule)), ("sentence", .text(sentence)),
                ("until", MessageJSON.localTime(line.until)), ("gates", .list(line.gates.map(MessageJSON.gate))),
            ])
    }

    /// Everything about a line that `why` and the reports want later.
    static func detail(_ line: PlanLine) -> Node {
        .object(
            [("invoices", Node.list(numbers(line).map { .text($0) }))] + amounts(line)
                + [("until", MessageJSON.localTime(line.until)), ("gates", .list(line.gates.map(MessageJSON.gate)))])
    }

    /// What is asked for: what a reminder says, after credits and unapplied cash; else what is open.
    private static func asked(_ line: PlanLine) -> [Money] {
        let net = line.message?.facts.totals.map(\.net) ?? []
        return net.isEmpty ? line.amounts : net
    }

    /// One currency beside the amount; several as a list. What is open stands beside what is asked where they differ.
    private static func amounts(_ line: PlanLine) -> [(String, Node)] {
        let amounts = asked(line)
        var pairs: [(String, Node)] =
            amounts.count == 1
            ? [("amount", .text(amounts[0].amountText)), ("currency", .text(amounts[0].currency.code))]
            : [("amounts", .list(amounts.map(MessageJSON.money)))]
        if amounts != line.amounts { pairs.append(("open", .list(line.amounts.map(MessageJSON.money)))) }
        return pairs
    }

    /// Invoice numbers, each once, in the lines' order.
    private static func numbers(_ line: PlanLine) -> [String] {
        var seen: Set<String> = []
        return line.lines.map(\.number).filter { seen.insert($0).inserted }
    }
}
