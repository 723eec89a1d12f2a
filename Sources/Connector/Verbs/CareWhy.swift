// SPDX-License-Identifier: Apache-2.0
import Documents
import Outbox
import Store
import Trees

extension Workplace {
    /// Why something was or was not said: every gate of a message's or a customer's plan lines, and what was decided
    /// at hand-over.
    package func why(_ id: String) throws -> Answer {
        try openStore(readOnly: true).read { session in
            if let message = try session.message(company: self.company.id, id: id) {
                return try self.why(message, session)
            }
            let customer = try NameFinder(company: self.company.id, session: session).customer(id)
            let lines = try session.planLines(company: self.company.id, customer: customer)
            let day = lines.map(\.day).max()
            let latest = lines.filter { $0.day == day }
            var text = ["\(customer): \(lines.isEmpty ? "nothing was planned" : "as planned on \(day?.text ?? "")")"]
            text += latest.flatMap(Self.words)
            return Answer(
                json: .compact([
                    ("customer_id", .text(customer)), ("day", .text(day?.text)),
                    ("lines", .list(latest.map(Self.node))),
                    ("earlier", .list(lines.filter { $0.day != day }.map(Self.node))),
                    ("acts", .list(try session.acts(company: self.company.id, subject: customer).map(Self.node))),
                ]), text: text.joined(separator: "\n"))
        }
    }

    private func why(_ message: StoredMessage, _ session: Session) throws -> Answer {
        let lines = try session.planLines(company: company.id, message: message.id)
        let again = try session.redecisions(company: company.id, message: message.id)
        let state = try session.delivery(company: company.id, message: message.id)?.state.rawValue
        var text = [
            "\(message.id) to \(message.customerID): "
                + "\(Message.stepName(message.purpose, message.step)), revision \(message.revision), \(state ?? "")"
                + (message.cancelReason.map { " (\($0))" } ?? "")
        ]
        text += lines.flatMap(Self.words)
        text += again.map { decision in
            "  \(decision.at.text) at hand-over: \(decision.verdict)"
                + (decision.rule.map { " \($0): \(decision.sentence ?? "")" } ?? "")
        }
        return Answer(
            json: .compact([
                ("message_id", .text(message.id)), ("customer_id", .text(message.customerID)),
                ("purpose", .text(message.purpose.rawValue)), ("step", .integer(message.step)),
                ("revision", .integer(message.revision)), ("state", .text(state)),
                ("cancel_reason", .text(message.cancelReason)), ("lines", .list(lines.map(Self.node))),
                ("redecisions", .list(again.map(Self.node))),
                ("acts", .list(try session.acts(company: company.id, subject: message.id).map(Self.node))),
            ]), text: text.joined(separator: "\n"))
    }

    private static func words(_ line: StoredPlanLine) -> [String] {
        let gates = JSONText.read(line.detail).node?["gates"]?.items ?? []
        let step = Message.Purpose(rawValue: line.purpose).map { Message.stepName($0, line.step) } ?? line.purpose
        return ["  \(line.day.text) \(step): \(line.verdict)\(line.rule.map { " \($0)" } ?? "")"]
            + gates.map { gate in
                let mark = gate["allows"]?.scalar == "true" ? "yes" : "no "
                return "    \(mark) \(gate["rule"]?.scalar ?? ""): \(gate["sentence"]?.scalar ?? "")"
            }
    }

    private static func node(_ line: StoredPlanLine) -> Node {
        let detail = JSONText.read(line.detail).node?.entries ?? []
        return .compact(
            [
                ("day", .text(line.day.text)), ("customer_id", .text(line.customerID)),
                ("message_id", .text(line.messageID)), ("purpose", .text(line.purpose)), ("step", .integer(line.step)),
                ("verdict", .text(line.verdict)), ("rule", .text(line.rule)),
            ] + detail.map { ($0.key, $0.value) })
    }

    private static func node(_ decision: StoredRedecision) -> Node {
        .compact([
            ("at", .text(decision.at.text)), ("day", .text(decision.day.text)),
            ("revision", .integer(decision.revision)), ("verdict", .text(decision.verdict)),
            ("rule", .text(decision.rule)), ("sentence", .text(decision.sentence)),
            ("gates", JSONText.read(decision.detail).node ?? .list([])),
        ])
    }

    private static func node(_ act: PersonAct) -> Node {
        .object([
            ("at", .text(act.at.text)), ("day", .text(act.day.text)), ("actor", .text(act.actor)),
            ("verb", .text(act.verb)), ("reason", .text(act.reason)),
        ])
    }
}
