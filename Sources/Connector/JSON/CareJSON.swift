// SPDX-License-Identifier: Apache-2.0
import Documents
import PaymentRequests
import Promises
package import Store
package import Trees

// What lies beside the books, as scripts read it.
extension Workplace {
    package func promiseJSON(_ stored: Session.StoredPromise) -> Node {
        let promise = stored.promise
        let last = promise.judgements.last
        return .compact([
            ("id", .text(promise.id)), ("customer_id", .text(promise.customerID)),
            (
                "lines",
                .list(
                    promise.lines.map {
                        .object([
                            ("item_id", .text($0.itemID)), ("amount", .text($0.amount.amountText)),
                            ("currency", .text(promise.currency.code)),
                        ])
                    })
            ),
            ("amount", .text(promise.amount.amountText)), ("currency", .text(promise.currency.code)),
            ("promised_for", .text(promise.promisedFor.text)), ("promised_on", .text(promise.promisedOn.text)),
            ("grace_until", .text(promise.lastDay.text)), ("status", .text(promise.status.rawValue)),
            ("state", .text(promise.state.rawValue)), ("close_reason", .text(Self.closeReason(promise.closeReason))),
            ("closed_on", .text(promise.closedOn?.text)), ("close_note", .text(promise.closeNote)),
            ("judged_on", .text(last?.on.text)), ("paid", .text(last?.paid.amountText)),
            ("paid_late_on", .text(promise.paidLateOn?.text)), ("level", .integer(promise.level)),
            ("taken_by", .text(promise.takenBy)), ("channel", .text(promise.channel)),
            ("recorded_by", .text(promise.recordedBy.rawValue)), ("evidence", .text(promise.evidence)),
            ("proposed_through", .text(promise.status == .proposed ? promise.proposedThrough.text : nil)),
            ("supersedes", .text(promise.supersedes)), ("superseded_by", .text(promise.supersededBy)),
            (
                "judgements",
                .list(
                    promise.judgements.map {
                        .object([
                            ("judged_on", .text($0.on.text)), ("recorded_at", .text($0.recordedAt.text)),
                            ("state", .text($0.state.rawValue)), ("paid", .text($0.paid.amountText)),
                            ("promised", .text($0.promised.amountText)), ("currency", .text(promise.currency.code)),
                            ("why", .text($0.why)),
                        ])
                    })
            ),
        ])
    }

    /// The machine's word for a newer promise taking the place is `replaced`; people say superseded.
    static func closeReason(_ reason: PromiseToPay.CloseReason?) -> String? {
        reason == .replaced ? "superseded" : reason?.rawValue
    }

    package func exceptionJSON(_ stored: StoredException) -> Node {
        let record = stored.record
        return .compact([
            ("id", .text(record.id)), ("kind", .text(record.kind)), ("customer_id", .text(record.customerID)),
            ("subject", .text(record.subject)), ("message", .text(record.message)),
            (
                "context",
                record.context.isEmpty
                    ? .null
                    : .list(record.context.map { .object([("name", .text($0.name)), ("value", .text($0.value))]) })
            ),
            ("owner", .text(record.owner)), ("due_on", .text(record.dueOn.text)),
            ("state", .text(record.state.rawValue)), ("raised_on", .text(stored.raisedOn.text)),
            ("resolution", .text(record.resolution)), ("resolved_by", .text(stored.resolvedBy)),
        ])
    }

    func linkJSON(_ link: PaymentLink) -> Node {
        .compact([
            ("id", .text(link.id)), ("customer_id", .text(link.customer)), ("kind", .text(link.kind.rawValue)),
            ("payload", .text(link.payload)), ("amount", .text(link.amount.amountText)),
            ("currency", .text(link.amount.currency.code)), ("reference", .text(link.reference)),
            (
                "items",
                .list(
                    link.items.map {
                        .compact([
                            ("item_id", .text($0.item)), ("number", .text($0.number)),
                            ("amount", .text($0.amount.amountText)), ("currency", .text($0.amount.currency.code)),
                        ])
                    })
            ),
            ("state", .text(link.state.rawValue)), ("revision", .integer(link.revision)),
            ("created_on", .text(link.createdOn.text)), ("expires_on", .text(link.expiresOn?.text)),
            ("superseded_by", .text(link.supersededBy)), ("closed_reason", .text(link.closedReason)),
            ("closed_on", .text(link.closedOn?.text)),
        ])
    }
}
