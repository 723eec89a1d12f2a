// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger
import Promises
import Reconciliation
import Reports
import Store
import Trees

extension Workplace {
    /// The chain from a figure to the bytes: document, entries, import, file digest, mapping, position.
    package func explain(_ id: String) throws -> Answer {
        let store = try openStore(readOnly: true)
        return try store.read { session in
            let company = company.id
            if let stored = try session.promise(company: company, id: id) {
                return Answer(json: promiseJSON(stored), text: try PromiseText.text(stored.promise, session))
            }
            if let node = try waitingPromises(session, id: id).first {
                return Answer(json: node, text: PromiseText.text(waiting: node))
            }
            if try session.message(company: company, id: id) != nil { return try why(id) }
            let ids = try session.resolve(company: company, id)
            guard !ids.isEmpty else {
                if let stored = try session.decision(company: company, idOrPayment: id) {
                    let people = try peoplesRules(session)
                    return Answer(
                        json: try ReviewJSON.node(stored, session, company: company, people),
                        text: try ReviewJSON.text(stored, session, company: company, people))
                }
                throw Failure(
                    "EXPLAIN-UNKNOWN", "Nothing in the books is called “\(id)”.",
                    hint: "Use an invoice number, or an id from `tieout list`.")
            }
            var nodes: [Node] = []
            var lines: [String] = []
            for found in ids {
                let (node, text) = try chain(found, session)
                nodes.append(node)
                lines += text
            }
            return Answer(json: nodes.count == 1 ? nodes[0] : .list(nodes), text: lines.joined(separator: "\n"))
        }
    }

    private func chain(_ found: Session.Resolved, _ session: Session) throws -> (Node, [String]) {
        var lines = ["\(found.kind) \(found.id)\(found.number.map { " (\($0))" } ?? "")"]
        var origins: [Node] = []
        for origin in try session.origins(company: company.id, found) {
            lines.append(
                "  from \(origin.file) at \(origin.position)\(origin.mapping.map { ", mapping \($0)" } ?? "")"
                    + ", sha256 \(origin.sha256)\(origin.isKept ? ", bytes kept" : "")")
            origins.append(
                .compact([
                    ("import", .integer(origin.importNo)), ("file", .text(origin.file)), ("at", .text(origin.position)),
                    ("sha256", .text(origin.sha256)), ("format", .text(origin.format)),
                    ("mapping", .text(origin.mapping)), ("mapping_digest", .text(origin.mappingDigest)),
                    ("source", .text(origin.source)), ("evidence", .text(origin.evidence)),
                    ("kept", .bool(origin.isKept)),
                ]))
        }
        var entries: [Node] = []
        for item in found.items {
            if found.items.count > 1 {
                lines.append("  instalment \(try session.number(company: company.id, named: item) ?? item)")
            }
            for logged in try session.entryList(company: company.id, filter: EntryFilter(item: item)) {
                lines.append("    " + (try line(logged, session, of: item)))
                entries.append(node(logged))
            }
            lines += try session.chargeBookings(company: company.id, item: item).map { "  " + $0.sentence }
        }
        let payment =
            found.kind == "payment" ? try session.matchCandidate(company: company.id, id: found.id)?.payment : nil
        var decision: Node = .null
        if found.kind == "payment" {
            for logged in try session.entryList(company: company.id, filter: EntryFilter(payment: found.id)) {
                lines.append("    " + (try line(logged, session, of: found.id)))
                entries.append(node(logged))
            }
            if let stored = try session.decision(company: company.id, idOrPayment: found.id) {
                let people = try peoplesRules(session)
                lines += try decided(stored, session, people)
                decision = try ReviewJSON.node(stored, session, company: company.id, people)
            }
        }
        if let stated = payment.flatMap(StatedPayment.words) { lines.insert("  \(stated)", at: 1) }
        let changes = try session.changes(company: company.id, id: found.id)
        lines += changes.map { change in
            let values = change.before ?? change.after
            let words = values == nil ? "" : ": \(change.before ?? "nothing") → \(change.after ?? "nothing")"
            return "  \(change.field) changed with import \(change.importNo)\(words)"
        }
        let head: [(String, Node)] = [
            ("kind", .text(found.kind)), ("id", .text(found.id)), ("number", .text(found.number)),
        ]
        let body: [(String, Node)] = [
            ("origins", .list(origins)), ("entries", .list(entries)),
            ("changes", changes.isEmpty ? .null : .list(changes.map(Self.node))), ("decision", decision),
        ]
        let node = Node.compact(head + (payment.map(StatedPayment.fields) ?? []) + body)
        return (node, lines)
    }

    private static func node(_ change: DocumentChange) -> Node {
        .compact([
            ("field", .text(change.field)), ("before", .text(change.before)), ("after", .text(change.after)),
            ("import", .integer(change.importNo)),
        ])
    }

    /// What was decided last on a payment.
    private func decided(
        _ stored: StoredDecision, _ session: Session, _ people: PeoplesRules
    ) throws -> [String] {
        let sentence = stored.decision.sentence
        // Why it waits has a line of its own.
        let shown = stored.state == .waiting ? DecisionText.parts(sentence).says : sentence
        return ["  decided \(stored.decision.rule.rawValue): \(shown)"]
            + (try DecisionText.lines(stored, session, company: company.id, people))
    }

    /// - Parameter own: the item or payment that is explained: the other side of an entry is told, whichever it stands on.
    private func line(_ logged: LoggedEntry, _ session: Session, of own: String) throws -> String {
        let entry = logged.entry
        return
            "#\(logged.seq) \(entry.postingDay) \(try what(entry, session, of: own)) [\(entry.rule)] by \(entry.actor) at "
            + "\(entry.recordedAt)\(entry.reason.map { " – \($0)" } ?? "")" + (try undo(logged, session))
    }

    private func what(_ entry: Entry, _ session: Session, of own: String) throws -> String {
        func name(_ id: String) throws -> String { try session.number(company: company.id, named: id) ?? id }
        // An entry stands on what it lowers; what it names beside it shows it, too, and was not lowered.
        if let item = entry.item, entry.counter == own, item != own {
            switch entry.kind {
            case .replaced where entry.undoes == nil:
                return "takes the place of \(try name(item)), of which \(entry.money.magnitude) was open"
            case .replaced:
                return "takes the place of \(try name(item)) no more, of which \(entry.money.magnitude) is open again"
            default: return "\(entry.kind.words) \(entry.money) → \(try name(item))"
            }
        }
        // Seen from the payment, its money goes to an item, or back with another payment.
        if entry.payment == own, let target = entry.item ?? entry.counter {
            return "\(entry.kind.words) \(entry.money) → \(try name(target))"
        }
        let other = try entry.payment ?? entry.counter.map(name)
        let arrow = entry.kind == .replaced ? "by" : "←"
        return "\(entry.kind.words) \(entry.money)\(other.map { " \(arrow) \($0)" } ?? "")"
    }

    /// How to take the entry's decision back, where there is one that stands.
    private func undo(_ logged: LoggedEntry, _ session: Session) throws -> String {
        guard let decision = logged.entry.decision, logged.entry.undoes == nil, logged.entry.kind != .sourceClearing
        else { return "" }
        let all = try session.entryList(company: company.id, filter: EntryFilter(decision: decision))
        guard !all.contains(where: { $0.entry.undoes == logged.seq }) else { return ", taken back" }
        return " (undo: tieout review undo \(decision))"
    }

    private func node(_ logged: LoggedEntry) -> Node {
        let entry = logged.entry
        return .compact([
            ("position", .integer(logged.seq)), ("batch", .integer(logged.batch)),
            ("kind", .text(Self.name(entry.kind))),
            ("amount", .text(entry.money.amountText)), ("currency", .text(entry.currency.code)),
            ("item_id", .text(entry.item)), ("payment_id", .text(entry.payment)), ("counter_id", .text(entry.counter)),
            ("posting_day", .text(entry.postingDay.text)), ("business_day", .text(entry.businessDay.text)),
            ("recorded_at", .text(entry.recordedAt.text)), ("actor", .text(entry.actor)),
            ("rule", .text(entry.rule)), ("reason", .text(entry.reason)), ("decision", .text(entry.decision)),
            ("undoes", entry.undoes.map { .integer($0) } ?? .null),
        ])
    }
}
