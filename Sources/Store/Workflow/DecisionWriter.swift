// SPDX-License-Identifier: Apache-2.0
import Documents
package import Reconciliation

/// Writes the decisions of one run, many at a time, with statements that are compiled once.
package final class DecisionWriter {
    private enum Target: Int { case decision, line }

    private let session: Session
    private let company: String
    private let decisions: BulkInsert
    private let lines: BulkInsert
    private let rows = RowBytes()
    /// Whether anything waits or was noted at all: a first run has nothing to replace.
    let mayReplace: Bool

    package init(_ session: Session, company: String) throws {
        self.session = session
        self.company = company
        decisions = try BulkInsert(
            session.database, target: Target.decision.rawValue, into: "decision",
            [
                "no", "id", "payment_id", "verdict", "kind", "rule", "state", "customer_id", "counterpart_id",
                "explanation", "detail", "amount", "currency", "decided_on", "recorded_at", "actor", "reason",
            ], same: [("company", .text(company))])
        lines = try BulkInsert(
            session.database, target: Target.line.rawValue, into: "decision_line",
            ["decision", "alternative", "n", "item_id", "reason", "cash", "adjustment", "proves"])
        mayReplace =
            try session.first(
                """
                SELECT 1 FROM decision WHERE company = ? AND state IN ('waiting', 'noted')
                    AND \(DecisionTables.notCommitted) LIMIT 1
                """, [company]
            ) { $0.int(0) } != nil
    }

    /// Keeps decisions; the latest of a payment that was not booked takes the place of the one before.
    package func write(_ all: [StoredDecision]) throws {
        if mayReplace { for stored in all { try replace(stored.decision.paymentID) } }
        var no = try session.first("SELECT COALESCE(MAX(no), 0) FROM decision") { $0.int(0) } ?? 0
        rows.clear()
        for stored in all {
            no += 1
            pack(stored, no)
        }
        try decisions.write(rows)
        try lines.write(rows)
    }

    private func pack(_ stored: StoredDecision, _ no: Int64) {
        let decided = stored.decision
        rows.add(Target.decision.rawValue) { row in
            row.place(no)
            row.place(stored.id)
            row.place(decided.paymentID)
            row.place(decided.verdict.rawValue)
            row.place(decided.kind.rawValue)
            row.place(decided.rule.rawValue)
            row.place(stored.state.rawValue)
            row.place(decided.customerID)
            row.place(decided.counterpartID)
            row.place(decided.sentence)
            row.place(stored.evidence)
            row.place(stored.amount.minorUnits)
            row.place(stored.amount.currency.code)
            row.place(Int64(stored.decidedOn.number))
            row.place(stored.recordedAt.milliseconds)
            row.place(stored.actor)
            row.place(stored.reason)
        }
        pack(decided.lines, of: no, alternative: 0)
        for (index, alternative) in decided.alternatives.enumerated() {
            pack(alternative.lines, of: no, alternative: index + 1)
        }
    }

    private func pack(_ lines: [Line], of no: Int64, alternative: Int) {
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

/// Evidence as it is stored: a list of objects with `code`, `text`, `item`, `span` and `bits`.
enum EvidenceText {
    static func json(_ evidence: [Evidence]) -> String {
        var bytes: [UInt8] = [0x5B]
        bytes.reserveCapacity(64 + evidence.count * 96)
        for (index, fact) in evidence.enumerated() {
            if index > 0 { bytes.append(0x2C) }
            bytes += "{\"code\":".utf8
            quote(fact.code, &bytes)
            bytes += ",\"text\":".utf8
            quote(fact.text, &bytes)
            if let item = fact.itemID {
                bytes += ",\"item\":".utf8
                quote(item, &bytes)
            }
            if let span = fact.span { bytes += ",\"span\":[\(span.lowerBound),\(span.upperBound)]".utf8 }
            bytes += ",\"bits\":\(fact.bits)}".utf8
        }
        bytes.append(0x5D)
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func quote(_ text: String, _ bytes: inout [UInt8]) {
        bytes.append(0x22)
        for byte in text.utf8 {
            switch byte {
            case 0x22, 0x5C:
                bytes.append(0x5C)
                bytes.append(byte)
            case 0x00..<0x20:
                bytes += "\\u00".utf8
                for digit in [byte >> 4, byte & 15] { bytes.append(digit < 10 ? 0x30 + digit : 0x57 + digit) }
            default: bytes.append(byte)
            }
        }
        bytes.append(0x22)
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
