// SPDX-License-Identifier: Apache-2.0
import Documents
import Promises
import Store
import Trees

/// A promise to pay as a finance person reads it.
enum PromiseText {
    static func text(_ promise: PromiseToPay, _ session: Session) throws -> String {
        let name = try session.customer(company: promise.company, id: promise.customerID)?.customer.name
        let numbers = try session.numbers(company: promise.company, items: promise.lines.map(\.itemID))
        let whose = name.map { " (\($0))" } ?? ""
        var lines = [
            "promise \(promise.id)",
            "  \(promise.customerID)\(whose) promised \(promise.amount) for \(promise.promisedFor.text), said on "
                + "\(promise.promisedOn.text); money counts as in time through \(promise.lastDay.text)",
        ]
        lines += promise.lines.map { "  \($0.amount) for \(numbers[$0.itemID] ?? $0.itemID)" }
        lines.append("  it is \(promise.status.rawValue), and \(words(promise.state))")
        lines += promise.judgements.map {
            "  judged on \($0.on.text): \(words($0.state)), \($0.paid) of \($0.promised) paid; \($0.why)"
        }
        if let day = promise.paidLateOn { lines.append("  paid late on \(day.text)") }
        if let day = promise.closedOn {
            let reason = Workplace.closeReason(promise.closeReason).map { ": \($0.replacing("_", with: " "))" } ?? ""
            lines.append("  closed on \(day.text)\(reason)\(promise.closeNote.map { ", \($0)" } ?? "")")
        }
        if let evidence = promise.evidence { lines.append("  it rests on: \(evidence)") }
        if let other = promise.supersedes { lines.append("  it takes the place of \(other)") }
        if let other = promise.supersededBy { lines.append("  \(other) has taken its place") }
        return lines.joined(separator: "\n")
    }

    /// One that a file states and that is no promise yet.
    static func text(waiting node: Node) -> String {
        func word(_ key: String) -> String { node[key]?.scalar ?? "" }
        var lines = [
            "promise \(word("id")) of a file",
            "  \(word("customer_id")) promised \(word("amount")) \(word("currency")) for \(word("promised_for")), said on "
                + word("promised_on"),
            "  it is \(word("status"))" + (node["why"]?.scalar.map { ": \($0)" } ?? ""),
        ]
        if let file = node["import"]?.scalar {
            lines.append("  from \(file) at \(word("at")), sha256 \(word("sha256"))")
        }
        return lines.joined(separator: "\n")
    }

    private static func words(_ state: PromiseToPay.State) -> String { state.rawValue.replacing("_", with: " ") }
}
