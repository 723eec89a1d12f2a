// SPDX-License-Identifier: Apache-2.0
import Documents
package import Reconciliation

/// Writes the decisions of one run, many at a time, with statements that are compiled once.
package final class DecisionWriter {
    private let session: Session
    private let company: String
    private let decisions: BulkInsert
    private let lines: BulkInsert
    /// Whether anything waits or was noted at all: a first run has nothing to replace.
    let mayReplace: Bool

    package init(_ session: Session, company: String) throws {
        self.session = session
        self.company = company
        decisions = try BulkInsert(
            session.database, target: DecisionRows.Target.decision.rawValue, into: "decision",
            [
                "no", "id", "payment_id", "verdict", "kind", "rule", "state", "customer_id", "counterpart_id",
                "explanation", "detail", "amount", "currency", "decided_on", "recorded_at", "actor", "reason",
            ], same: [("company", .text(company))])
        lines = try BulkInsert(
            session.database, target: DecisionRows.Target.line.rawValue, into: "decision_line",
            ["decision", "alternative", "n", "item_id", "reason", "cash", "adjustment", "proves"])
        mayReplace =
            try session.first(
                """
                SELECT 1 FROM decision WHERE company = ? AND state IN ('waiting', 'noted')
                    AND \(DecisionTables.notCommitted) LIMIT 1
                """, [company]
            ) { $0.int(0) } != nil
    }

    /// Where the numbers of new decisions begin.
    func rows() throws -> DecisionRows {
        DecisionRows(after: try session.first("SELECT COALESCE(MAX(no), 0) FROM decision") { $0.int(0) } ?? 0)
    }

    /// Keeps decisions; the latest of a payment that was not booked takes the place of the one before.
    package func write(_ all: [StoredDecision]) throws {
        let rows = try rows()
        let packed = RowBytes()
        for stored in all { rows.pack(stored, into: packed) }
        try write(packed, of: all.lazy.map(\.decision.paymentID))
    }

    /// The same of rows that were packed before.
    func write(_ packed: RowBytes, of payments: some Sequence<String>) throws {
        if mayReplace { for payment in payments { try replace(payment) } }
        try decisions.write(packed)
        try lines.write(packed)
    }

    private func replace(_ payment: String) throws {
        let old = try session.rows(
            "SELECT no FROM decision WHERE company = ? AND payment_id = ? AND state IN ('waiting', 'noted')",
            [company, payment]
        ) { $0.int(0) }
        for no in old {
            try session.execute("DELETE FROM decision_line WHERE decision = ?", [no])
            try session.execute("DELETE FROM decision WHERE no = ?", [no])
        }
    }
}

/// Makes the rows of decisions, one number behind the other.
final class DecisionRows {
    enum Target: Int { case decision, line }

    private var no: Int64
    private var evidence: [UInt8] = []

    init(after no: Int64) { self.no = no }

    func pack(_ stored: StoredDecision, into rows: RowBytes) {
        no += 1
        let no = no
        if stored.storedEvidence == nil { EvidenceText.put(stored.decision.evidence, &evidence) }
        rows.add(Target.decision.rawValue) { row in
            row.place(no)
            row.place(stored.id)
            row.place(stored.decision.paymentID)
            row.place(stored.decision.verdict.rawValue)
            row.place(stored.decision.kind.rawValue)
            row.place(stored.decision.rule.rawValue)
            row.place(stored.state.rawValue)
            row.place(stored.decision.customerID)
            row.place(stored.decision.counterpartID)
            row.place(stored.decision.sentence)
            if let known = stored.storedEvidence { row.place(known) } else { row.place(utf8: evidence) }
            row.place(stored.amount.minorUnits)
            row.place(stored.amount.currency.code)
            row.place(Int64(stored.decidedOn.number))
            row.place(stored.recordedAt.milliseconds)
            row.place(stored.actor)
            row.place(stored.reason)
        }
        Self.pack(stored.decision.lines, of: no, alternative: 0, into: rows)
        for (index, alternative) in stored.decision.alternatives.enumerated() {
            Self.pack(alternative.lines, of: no, alternative: index + 1, into: rows)
        }
    }

    private static func pack(_ lines: [Line], of no: Int64, alternative: Int, into rows: RowBytes) {
        for (n, part) in lines.enumerated() {
            rows.add(Target.line.rawValue) { row in
                row.place(no)
                row.place(Int64(alternative))
                row.place(Int64(n))
                row.place(part.itemID)
                row.place(part.reason.rawValue)
                row.place(part.cash)
                row.place(part.adjustment)
                row.place(part.proves)
            }
        }
    }
}

extension Session {
    /// What booking must know of one item.
    package func itemFacts(company: String, item: String) throws -> Booking.ItemFacts? {
        try first(
            "SELECT customer, posting_day, currency FROM item WHERE company = ? AND id = ?", [company, item]
        ) { row in
            Booking.ItemFacts(customerID: row.text(0), postingDay: row.day(1), currency: try row.currency("currency"))
        }
    }
}
