// SPDX-License-Identifier: Apache-2.0
import Documents
import Dunning
import Formats
import FoundationEssentials
import Ledger
import Outbox
import Store
import Trees

extension Workplace {
    /// Takes confirmations and signals, one JSON object a line, in any order; what was seen before changes nothing.
    ///
    /// A bad line is a fault and the others land. Documents that customers ask for are fetched first, where the system
    /// that the invoice came from hands them out.
    package func confirm(_ path: String, _ surroundings: SyncSurroundings? = nil) throws -> Answer {
        guard let input = try InputFiles.expand([path]).first,
            let data = FileManager.default.contents(atPath: input.path)
        else {
            throw Failure("FILE-MISSING", "\(path) cannot be read.", hint: "Check the path; nothing was taken.")
        }
        let policy = try PolicyFile.load(self).policy
        let lines = data.split(separator: 0x0A, omittingEmptySubsequences: false).map { [UInt8]($0) }
        let store = try openStore()
        let asked = try store.read { try self.invoicesAsked(for: lines, $0) }
        let faults = try DocumentFetch(self, surroundings, store).perform(asked)
        let outcome = try store.write { session in
            var run = try ConfirmRun(self, session, policy: policy)
            run.missing = faults
            for (index, line) in lines.enumerated() where line.contains(where: { $0 > 0x20 }) {
                try run.take(line, number: index + 1)
            }
            return run.outcome
        }
        return outcome.answer(self)
    }

    /// The invoices that lines of `confirm` ask a copy of. What is wrong with a line is said when it is taken.
    private func invoicesAsked(for lines: [[UInt8]], _ session: Session) throws -> [String] {
        let finder = NameFinder(company: company.id, session: session)
        return lines.flatMap { line -> [String] in
            var reader = SignalJSON(company: company.id, line: 1)
            guard let node = JSONReader.read(line).node,
                case .signal(let signal)? = reader.read(node, raw: line).incoming, signal.kind == .invoiceRequest,
                let customer = try? finder.customer(signal.customerID)
            else { return [] }
            return signal.invoices.compactMap { try? finder.items($0, customer: customer).first?.item.invoiceID }
        }
    }
}

/// What one file of confirmations and signals came to.
struct ConfirmOutcome: Sendable {
    struct Counts: Sendable {
        var new = 0
        var seen = 0

        var node: Node { .object([("new", .integer(new)), ("seen", .integer(seen))]) }
    }

    var confirmations = Counts()
    var signals = Counts()
    var exceptions: [ExceptionRecord] = []
    var faults: [Fault] = []

    func answer(_ workplace: Workplace) -> Answer {
        let raised = exceptions.map {
            workplace.exceptionJSON(StoredException(record: $0, raisedOn: workplace.today, resolvedBy: nil))
        }
        var lines = [
            "\(confirmations.new) confirmations (\(confirmations.seen) seen before), "
                + "\(signals.new) signals (\(signals.seen) seen before)"
        ]
        lines += exceptions.map { "  for a person: \($0.kind) \($0.subject): \($0.message)" }
        lines += faults.map { "  \($0.at.text): \($0.message) \($0.hint) [\($0.code)]" }
        var answer = Answer(
            json: .object([
                ("confirmations", confirmations.node), ("signals", signals.node), ("exceptions", .list(raised)),
                ("faults", .list(faults.map(DocumentJSON.fault))),
            ]), text: lines.joined(separator: "\n"))
        answer.needsReview = !exceptions.isEmpty
        answer.failed = !faults.isEmpty
        return answer
    }
}

/// One file of confirmations and signals inside one transaction, each line in a savepoint of its own.
struct ConfirmRun {
    let workplace: Workplace
    let session: Session
    let policy: DunningPolicy
    var desk: OutboxDesk
    /// Why a document is not to be had, by invoice.
    var missing: [String: Fault] = [:]
    var outcome = ConfirmOutcome()

    var company: String { workplace.company.id }
    var now: Timestamp { workplace.environment.now() }

    init(_ workplace: Workplace, _ session: Session, policy: DunningPolicy) throws {
        self.workplace = workplace
        self.session = session
        self.policy = policy
        desk = try OutboxDesk(workplace, session, policy: policy)
        try desk.expireLeases()
    }

    mutating func take(_ line: [UInt8], number: Int) throws {
        let (node, broken) = JSONReader.read(line)
        guard let node else {
            outcome.faults += broken.map { fault in
                Fault("CONFIRM-LINE", .row, at: .line(number), fault.message, hint: fault.hint)
            }
            return
        }
        var reader = SignalJSON(company: company, line: number)
        let (incoming, faults) = reader.read(node, raw: line)
        outcome.faults += faults
        guard let incoming else { return }
        let before = outcome
        do {
            try session.savepoint {
                switch incoming {
                case .confirmation(let confirmation): try fold(confirmation)
                case .signal(let signal): try hear(signal, payload: node.json)
                }
            }
        } catch let failure as Failure {
            outcome = before
            outcome.faults.append(
                Fault(failure.code, .row, at: .line(number), failure.message, hint: failure.hint))
        }
    }

    mutating func raise(_ record: ExceptionRecord) throws {
        try session.raise(record, on: workplace.today, at: now)
        outcome.exceptions.append(record)
    }

    /// Folds one confirmation: the highest rank wins, however late or doubled.
    private mutating func fold(_ confirmation: Confirmation) throws {
        guard var row = try session.delivery(company: company, message: confirmation.messageID) else {
            throw Failure(
                "MESSAGE-UNKNOWN", "There is no message \(confirmation.messageID).",
                hint: "Give the message_id that claim printed.")
        }
        guard try session.add(confirmation, id: confirmation.id ?? "", company: company, at: now) else {
            outcome.confirmations.seen += 1
            return
        }
        outcome.confirmations.new += 1
        let kind: Delivery.Confirmation.Kind =
            switch confirmation.kind {
            case .accepted: .accepted
            case .sent: .sent
            case .delivered: .delivered
            // Who answers has read it.
            case .read, .replied: .read
            case .failed:
                .failed(
                    ErrorClass.classify(code: confirmation.errorCode.flatMap { Int($0) }), code: confirmation.errorCode)
            }
        let named = confirmation.providerID.map { Delivery.ProviderMessage(provider: confirmation.provider, id: $0) }
        let effect = desk.receive(
            .confirm(Delivery.Confirmation(kind, message: named, at: confirmation.at)), &row)
        try session.save(row, company: company)
        if let record = try desk.tell(effect, row) { outcome.exceptions.append(record) }
    }
}
