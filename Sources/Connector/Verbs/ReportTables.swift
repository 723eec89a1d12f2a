// SPDX-License-Identifier: Apache-2.0
import Documents
import Outbox
import Promises
import Reports
import Store

// Tables of what lies beside the log: promises, deliveries, exceptions.
extension Workplace {
    /// Promises that were due in the month (or all), by who took them.
    func promiseTable(_ session: Session, month: Month?) throws -> Table {
        var table = Table(
            "promises", "Promises by who took them",
            columns: [
                Table.Column("taken_by", "Taken by"), Table.Column("id", "Promise"),
                Table.Column("customer_id", "Customer"), Table.Column("promised_on", "On", .day),
                Table.Column("promised_for", "For", .day), Table.Column("currency", "Currency"),
                Table.Column("amount", "Promised", .money), Table.Column("paid", "Paid in time", .money),
                Table.Column("status", "Status"), Table.Column("state", "State"),
                Table.Column("close_reason", "Closed because"), Table.Column("paid_late_on", "Paid late", .day),
            ])
        let stored = try session.promises(company: company.id).map(\.promise).filter { promise in
            month.map { Month(of: promise.promisedFor) == $0 } ?? true
        }
        for promise in stored.sorted(by: {
            ($0.takenBy ?? "", $0.promisedFor, $0.id) < ($1.takenBy ?? "", $1.promisedFor, $1.id)
        }) {
            let verdict = promise.judgements.last
            table.add([
                .text(promise.takenBy ?? ""), .text(promise.id), .text(promise.customerID), .day(promise.promisedOn),
                .day(promise.promisedFor), .text(promise.currency.code), .money(promise.amount),
                verdict.map { .money($0.paid) } ?? .empty, .text(promise.status.rawValue),
                Self.spoken(promise.state.rawValue), Self.spoken(Self.closeReason(promise.closeReason) ?? ""),
                promise.paidLateOn.map { .day($0) } ?? .empty,
            ])
        }
        return table
    }

    /// What was planned in the month: said with its delivery state, held with the rule that held it.
    func deliveryTable(_ session: Session, month: Month?) throws -> Table {
        var table = Table(
            "deliveries", "What was said and what was held",
            columns: [
                Table.Column("day", "Day", .day), Table.Column("customer_id", "Customer"),
                Table.Column("purpose", "Purpose"), Table.Column("verdict", "Said or held"),
                Table.Column("rule", "Rule"), Table.Column("state", "Delivery"), Table.Column("message_id", "Message"),
            ])
        let lines = try session.planLines(
            company: company.id, from: month?.firstDay, through: month?.lastDay ?? today)
        for line in lines {
            let delivery = try line.messageID.flatMap { try session.delivery(company: company.id, message: $0) }
            table.add([
                .day(line.day), .text(line.customerID),
                .text(line.step > 0 ? "\(line.purpose) \(line.step)" : line.purpose),
                .text(line.verdict), .text(line.rule ?? ""), .text(delivery?.state.rawValue ?? ""),
                .text(line.messageID ?? ""),
            ])
        }
        return table
    }

    /// `partially_kept`, read as words.
    private static func spoken(_ name: String) -> Table.Cell { .named(name, name.replacing("_", with: " ")) }

    func exceptionTable(_ session: Session) throws -> Table {
        var table = Table(
            "exceptions", "Exceptions waiting for a person",
            columns: [
                Table.Column("due_on", "Due", .day), Table.Column("kind", "Kind"),
                Table.Column("customer_id", "Customer"), Table.Column("subject", "About"),
                Table.Column("message", "What"), Table.Column("owner", "Owner"), Table.Column("id", "Id"),
            ])
        for stored in try session.exceptions(company: company.id, openOnly: true) {
            let record = stored.record
            let number = try session.number(company: company.id, named: record.subject)
            table.add([
                .day(record.dueOn), .text(record.kind), .text(record.customerID ?? ""),
                .named(record.subject, number ?? record.subject),
                .text(record.message), .text(record.owner ?? ""), .text(record.id),
            ])
        }
        return table
    }
}
