// SPDX-License-Identifier: Apache-2.0
import Documents
import Dunning
import Outbox
import Store
package import Trees

extension Workplace {
    /// What a person or a look-up found out about an unknown outcome.
    package enum UnknownOutcome: String, Sendable, CaseIterable {
        case sent
        case notSent = "not-sent"
    }

    /// Leases messages to an agent, each customer's in order, every gate decided again in the same transaction.
    package func claim(limit: Int, leaseSeconds: Int, agent: String) throws -> [Node] {
        guard (1...1000).contains(limit), (1...900).contains(leaseSeconds) else {
            throw Failure(
                "CLAIM-RANGE", "A claim takes 1 to 1000 messages for 1 to 900 seconds.",
                hint: "Correct --limit or --lease.")
        }
        let policy = try PolicyFile.load(self).policy
        return try openStore().write { session in
            var desk = try OutboxDesk(self, session, policy: policy)
            try desk.expireLeases()
            var claimed: [Node] = []
            var seen: Set<String> = []
            while claimed.count < limit {
                let heads = try session.dueHeads(
                    company: self.company.id, now: desk.clock, limit: limit + seen.count
                ).filter { !seen.contains($0.messageID) }
                guard !heads.isEmpty else { break }
                for head in heads where claimed.count < limit {
                    seen.insert(head.messageID)
                    if let node = try desk.hand(head, milliseconds: Int64(leaseSeconds) * 1000, to: agent) {
                        claimed.append(node)
                    }
                }
            }
            return claimed
        }
    }

    /// Right before the provider is called; whatever comes back other than `begun` means: do not call.
    package func begin(_ id: String, token: String) throws -> Answer {
        var answer = try deliver(id) { desk, row, stored in
            guard row.state == .leased, row.lease?.token == token, row.lease.map({ $0.until > desk.clock }) ?? false
            else {
                return desk.receive(.begin(token: token), &row)
            }
            let claimed = try desk.session.claimedRevision(company: self.company.id, message: id)
            guard claimed == stored.revision else {
                desk.release(&row)
                return .requeued(at: desk.clock)
            }
            let version = try desk.session.accountVersion(company: self.company.id, customer: stored.customerID)
            if version != stored.accountVersion || stored.freshUntil < self.today {
                let (decision, view) = try desk.redecide(stored)
                try desk.note(decision, stored)
                switch decision {
                case .send: break
                case .revise(let message):
                    _ = try desk.enqueue(message, view)
                    row = try desk.session.delivery(company: self.company.id, message: id) ?? row
                    desk.release(&row)
                    return .requeued(at: desk.clock)
                case .hold(_, _, let until):
                    try desk.postpone(row, until: view.instant(until))
                    row = try desk.session.delivery(company: self.company.id, message: id) ?? row
                    return .requeued(at: row.dueAt ?? desk.clock)
                case .cancel(let rule, let sentence):
                    try desk.cancel(row, rule: rule, sentence: sentence)
                    row = try desk.session.delivery(company: self.company.id, message: id) ?? row
                    return .closed(row.state)
                }
            }
            let effect = desk.receive(.begin(token: token), &row)
            if case .begun = effect {
                try desk.session.markBegun(company: self.company.id, message: id, at: desk.clock)
            }
            return effect
        }
        answer.failed = answer.json["effect"]?.scalar != "begun"
        return answer
    }

    /// The provider took the message over.
    package func acknowledge(
        _ id: String, token: String, provider: String, providerMessageID: String?
    ) throws -> Answer {
        let named = providerMessageID.map { Delivery.ProviderMessage(provider: provider, id: $0) }
        return try deliver(id) { desk, row, _ in
            let isKnown = token == row.lease?.token || token == row.begunToken
            guard isKnown || LeaseToken.isOf(id, token) else { return .refused(.staleToken) }
            return desk.receive(.ack(token: token, named), &row)
        }
    }

    /// The provider refused the message, or the agent could not call it.
    ///
    /// - Parameters:
    ///   - code: a WhatsApp Cloud API code decides by itself; one nobody knows makes the outcome unknown.
    package func fail(
        _ id: String, token: String, final: Bool, code: String?, retryAfterSeconds: Int?
    ) throws -> Answer {
        let known = code.map { ErrorClass.classify(code: Int($0)) } ?? .retryBackoff
        let error = final && known.disposition != .final ? .finalRequest : known
        let wait = retryAfterSeconds.map { Int64(min(max(0, $0), 86_400)) * 1000 }
        return try deliver(id) { desk, row, _ in
            desk.receive(.fail(token: token, error, code: code, retryAfterMilliseconds: wait), &row)
        }
    }

    /// Says what became of a message whose outcome is unknown.
    package func settle(
        _ id: String, outcome: UnknownOutcome, actor: String, reason: String
    ) throws -> Answer {
        try deliver(id) { desk, row, _ in
            let effect = desk.receive(.settle(outcome == .sent ? .sent(nil) : .notSent), &row)
            guard !effect.isRefused else { return effect }
            try desk.session.recordAct(
                company: self.company.id, verb: "settle \(outcome.rawValue)", subject: id, actor: actor, reason: reason,
                on: self.today, at: self.environment.now())
            try desk.session.resolveExceptions(
                company: self.company.id, kind: "DELIVERY-UNKNOWN", subject: id,
                resolution: "\(actor) settled it as \(outcome.rawValue): \(reason)", at: self.environment.now())
            return effect
        }
    }

    /// One event on one message, committed whatever the machine answers.
    private func deliver(
        _ id: String, _ event: (inout OutboxDesk, inout Delivery, StoredMessage) throws -> Delivery.Effect
    ) throws -> Answer {
        let policy = try PolicyFile.load(self).policy
        return try openStore().write { session in
            var desk = try OutboxDesk(self, session, policy: policy)
            try desk.expireLeases()
            guard let stored = try session.message(company: self.company.id, id: id),
                var row = try session.delivery(company: self.company.id, message: id)
            else {
                throw Failure(
                    "MESSAGE-UNKNOWN", "There is no message \(id) in the outbox.", hint: "See tieout outbox list.")
            }
            let effect = try event(&desk, &row, stored)
            try session.save(row, company: self.company.id)
            let raised = try desk.tell(effect, row)
            return DeliveryAnswer(row: row, stored: stored, effect: effect, raised: raised).answer
        }
    }

    /// Messages and where each stands, oldest first.
    func messageNodes(_ session: Session, openOnly: Bool, customer: String?) throws -> [Node] {
        let clock = decisionTime()
        return try session.messages(company: company.id, customer: customer).compactMap { stored in
            guard let row = try session.delivery(company: company.id, message: stored.id) else { return nil }
            if openOnly && !row.state.holdsLane { return nil }
            let isLost = row.state == .begun && row.lease.map { $0.until <= clock } ?? false
            let payload = try stored.decoded()
            return .compact([
                ("message_id", .text(stored.id)), ("customer_id", .text(stored.customerID)),
                ("purpose", .text(stored.purpose.rawValue)), ("step", .integer(stored.step)),
                ("period", .text(stored.period)), ("revision", .integer(stored.revision)),
                ("language", .text(stored.language)), ("state", .text(isLost ? "unknown" : row.state.rawValue)),
                ("planned_on", .text(stored.plannedOn.text)), ("attempts", .integer(row.attempts)),
                ("invoices", .list((payload?.facts.lines ?? []).map { .text($0.number) })),
                ("not_before", .text(row.notBefore?.text)), ("lease_until", .text(row.lease?.until.text)),
                ("wait_until", .text(row.wait?.until.text)), ("provider", .text(row.message?.provider)),
                ("provider_message_id", .text(row.message?.id)),
                ("error_code", .text(row.failure?.code ?? row.lastError?.code)),
                ("cancel_reason", .text(stored.cancelReason)), ("done_at", .text(row.doneAt?.text)),
            ])
        }
    }
}

extension OutboxDesk {
    /// Decides the head of a lane again and leases it.
    /// - Returns: nil when it may not go now.
    mutating func hand(_ head: Delivery, milliseconds: Int64, to agent: String) throws -> Node? {
        let company = workplace.company.id
        guard let stored = try session.message(company: company, id: head.messageID) else { return nil }
        var row = head
        // A message past its last moment is closed without being decided about.
        if row.notAfter.map({ $0 <= clock }) ?? false, row.state == .queued || row.state == .leased {
            release(&row)
            let effect = receive(.expire, &row)
            try session.save(row, company: company)
            try session.setCancelReason("EXPIRED: its last moment has passed", message: row.messageID, company: company)
            try tell(effect, row)
            return nil
        }
        let (decision, view) = try redecide(stored)
        try note(decision, stored)
        switch decision {
        case .hold(_, _, let until):
            try postpone(row, until: view.instant(until))
            return nil
        case .cancel(let rule, let sentence):
            try cancel(row, rule: rule, sentence: sentence)
            return nil
        case .revise(let message):
            _ = try enqueue(message, view)
            row = try session.delivery(company: company, message: row.messageID) ?? row
            if let earliest = row.notBefore, earliest > clock { return nil }
        case .send(let message):
            try session.refresh(
                message: stored.id, company: company,
                accountVersion: try session.accountVersion(company: company, customer: stored.customerID),
                freshUntil: message.freshUntil)
        }
        let effect = receive(.claim(token: token(for: row.messageID), leaseMilliseconds: milliseconds), &row)
        try session.save(row, company: company)
        try tell(effect, row)
        guard case .granted(let token, let until) = effect,
            let current = try session.message(company: company, id: row.messageID),
            let entries = JSONText.read(current.payload).node?.entries
        else { return nil }
        try session.markClaimed(company: company, message: row.messageID, revision: current.revision, by: agent)
        let lease: [(String, Node)] = [
            ("token", .text(token)), ("lease_until", .text(until.text)), ("attempts", .integer(row.attempts)),
        ]
        return .object(entries.map { ($0.key, $0.value) } + lease)
    }
}
