// SPDX-License-Identifier: Apache-2.0
package import Documents

/// A payment that is to be, or was, written into the system an invoice came from.
package struct PostOrder: Hashable, Sendable {
    package enum State: String, Sendable {
        /// Waits for a person.
        case proposed
        /// To be sent.
        case approved
        /// Sent, and not heard of since: the process may have died.
        case sending
        /// Nobody knows whether the system took it.
        case unknown
        /// A part of the write stands there: a step of it was refused, and what came before could not be taken back.
        case half
        case done, refused, reversed
        /// Handed over as a file.
        case exported
    }

    package var no: Int64 = 0
    package var source: String
    package var paymentID: String
    package var invoiceID: String
    package var round: Int
    /// The invoice's own id in the system.
    package var target: String
    package var number: String
    package var customerID: String
    package var amount: Money
    package var paidOn: Day
    package var key: String
    package var batch: Int64
    package var state = State.proposed
    /// How many writing steps are done, where each can be looked for by itself.
    package var written = 0
    /// What the system answered, as JSON: the id of what it made.
    package var kept: String?
    package var fault: Fault?
    package var proposedBy: String
    package var approvedBy: String?
    package var reason: String?

    package init(
        _ candidate: PostCandidate, source: String, round: Int, key: String, batch: Int64, proposedBy: String
    ) {
        self.source = source
        paymentID = candidate.paymentID
        invoiceID = candidate.invoiceID
        self.round = round
        target = candidate.target
        number = candidate.number
        customerID = candidate.customerID
        amount = candidate.amount
        paidOn = candidate.paidOn
        self.key = key
        self.batch = batch
        self.proposedBy = proposedBy
    }
}

/// Cash that was applied here to an invoice of a source, and that the source still shows as open.
package struct PostCandidate: Hashable, Sendable {
    package var paymentID: String
    package var invoiceID: String
    package var target: String
    package var number: String
    package var customerID: String
    package var amount: Money
    package var paidOn: Day
    /// What the source says is open of the invoice; nil where it does not say.
    package var statedOpen: Int64?
    /// What is open of it here.
    package var open: Int64 = 0
    /// What was settled of it here without money: discounts, netted credits and the like.
    package var beside: Int64 = 0
    /// What the source settled of it and no money here proves.
    package var clearing: Int64 = 0
    /// The largest round that was used; 0 when nothing was written yet.
    package var lastRound: Int
    /// The state of that round.
    package var lastState: PostOrder.State?
    /// When it came into that state.
    package var lastChange: Timestamp?
}

extension Session {
    /// In order of payments and invoices.
    package func postCandidates(company: String, source: String) throws -> [PostCandidate] {
        func sum(_ column: String) -> String {
            """
            (SELECT SUM(\(column)) FROM item s WHERE s.company = l.company AND s.id >= v.id
                AND s.id < v.id || '0' AND COALESCE(s.parent_id, s.id) = v.id)
            """
        }
        return try rows(
            """
            SELECT l.payment, v.id, v.source_id, v.number, i.customer, i.currency, SUM(l.amount), p.booked_on,
                \(sum("s.stated")), o.round, o.state, o.changed_at, \(sum("s.open")),
                \(sum("s.amount - s.open - s.cash - s.source")), \(sum("s.source"))
            FROM log l
            JOIN item i ON i.company = l.company AND i.id = l.item
            JOIN invoice v ON v.company = l.company AND v.id = COALESCE(i.parent_id, i.id)
            JOIN payment p ON p.company = l.company AND p.id = l.payment
            LEFT JOIN post_order o ON o.company = l.company AND o.source = v.source AND o.payment_id = l.payment
                AND o.invoice_id = v.id AND o.round = (SELECT MAX(round) FROM post_order x
                    WHERE x.company = o.company AND x.source = o.source AND x.payment_id = o.payment_id
                        AND x.invoice_id = o.invoice_id)
            WHERE l.company = ? AND l.kind = 20 AND v.source = ? AND p.source <> ? AND v.source_id IS NOT NULL
            GROUP BY l.payment, v.id HAVING SUM(l.amount) > 0 ORDER BY l.payment, v.id
            """, [company, source, source]
        ) { row in
            PostCandidate(
                paymentID: row.text(0), invoiceID: row.text(1), target: row.text(2), number: row.text(3),
                customerID: row.text(4),
                amount: Money(minorUnits: row.int(6), currency: try row.currency("currency")), paidOn: row.day(7),
                statedOpen: row.optionalInt(8), open: row.int(12), beside: row.int(13), clearing: row.int(14),
                lastRound: Int(clamping: row.optionalInt(9) ?? 0),
                lastState: row.optionalText(10).flatMap { PostOrder.State(rawValue: $0) },
                lastChange: row.optionalInt(11).map { Timestamp(milliseconds: $0) })
        }
    }

    package func nextPostBatch(company: String) throws -> Int64 {
        try first("SELECT COALESCE(MAX(batch), 0) + 1 FROM post_order WHERE company = ?", [company]) { $0.int(0) } ?? 1
    }

    package func addPost(_ order: PostOrder, company: String, at time: Timestamp) throws {
        try execute(
            """
            INSERT INTO post_order(company, source, payment_id, invoice_id, round, target, number, customer, amount,
                currency, paid_on, key, batch, state, code, message, hint, proposed_by, changed_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                company, order.source, order.paymentID, order.invoiceID, Int64(order.round), order.target,
                order.number, order.customerID, order.amount.minorUnits, order.amount.currency, order.paidOn,
                order.key, order.batch, order.state.rawValue, order.fault?.code, order.fault?.message,
                order.fault?.hint, order.proposedBy, time,
            ])
    }

    /// What changes in an order's life: its state, who said so, and what the system answered.
    package func savePost(_ order: PostOrder, company: String, at time: Timestamp) throws {
        try execute(
            """
            UPDATE post_order SET state = ?, written = ?, kept = ?, code = ?, message = ?, hint = ?, approved_by = ?, reason = ?,
                changed_at = ? WHERE company = ? AND no = ?
            """,
            [
                order.state.rawValue, Int64(order.written), order.kept, order.fault?.code, order.fault?.message,
                order.fault?.hint,
                order.approvedBy, order.reason, time, company, order.no,
            ])
    }

    package func posts(company: String, source: String? = nil, batch: Int64? = nil) throws -> [PostOrder] {
        let asked = Conditions(company: company).and("source = ?", source).and("batch = ?", batch)
        return try rows(
            """
            SELECT no, source, payment_id, invoice_id, round, target, number, customer, amount, currency, paid_on, key,
                batch, state, kept, code, message, hint, proposed_by, approved_by, reason, written
            FROM post_order \(asked.sql) ORDER BY no
            """, asked.values
        ) { row in
            var order = PostOrder(
                PostCandidate(
                    paymentID: row.text(2), invoiceID: row.text(3), target: row.text(5), number: row.text(6),
                    customerID: row.text(7),
                    amount: Money(minorUnits: row.int(8), currency: try row.currency("currency")),
                    paidOn: row.day(10), statedOpen: nil, lastRound: 0),
                source: row.text(1), round: Int(clamping: row.int(4)), key: row.text(11), batch: row.int(12),
                proposedBy: row.text(18))
            order.no = row.int(0)
            order.state = PostOrder.State(rawValue: row.text(13)) ?? .unknown
            order.kept = row.optionalText(14)
            if let code = row.optionalText(15) {
                order.fault = Fault(
                    code, .refusal, at: .path(order.number), row.optionalText(16) ?? "",
                    hint: row.optionalText(17) ?? "")
            }
            order.approvedBy = row.optionalText(19)
            order.reason = row.optionalText(20)
            order.written = Int(clamping: row.int(21))
            return order
        }
    }
}
