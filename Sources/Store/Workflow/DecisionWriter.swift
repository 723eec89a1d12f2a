// SPDX-License-Identifier: Apache-2.0
import Documents
package import Reconciliation

/// Writes the decisions of one run, with statements that are compiled once.
package final class DecisionWriter {
    private let session: Session
    private let company: String
    private let decision: PreparedStatement
    private let line: PreparedStatement
    /// Whether anything waits or was noted at all: a first run has nothing to replace.
    private let mayReplace: Bool

    package init(_ session: Session, company: String) throws {
        self.session = session
        self.company = company
        decision = try session.prepare(
            """
            INSERT INTO decision(company, id, payment_id, verdict, kind, rule, state, customer_id, counterpart_id,
                explanation, detail, amount, currency, decided_on, recorded_at, actor, reason)
            VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)
            """)
        line = try session.prepare(
            """
            INSERT INTO decision_line(company, decision_id, alternative, n, item_id, reason, cash, adjustment, proves)
            VALUES(?,?,?,?,?,?,?,?,?)
            """)
        mayReplace =
            try session.first(
                "SELECT 1 FROM decision WHERE company = ? AND state IN ('waiting', 'noted') LIMIT 1", [company]
            ) { $0.int(0) } != nil
    }

    /// Keeps a decision; the latest of a payment that was not booked takes the place of the one before.
    package func write(_ stored: StoredDecision) throws {
        let decided = stored.decision
        if mayReplace { try replace(decided.paymentID) }
        decision.reset()
        decision.bind(0, company)
        decision.bind(1, stored.id)
        decision.bind(2, decided.paymentID)
        decision.bind(3, decided.verdict.rawValue)
        decision.bind(4, decided.kind.rawValue)
        decision.bind(5, decided.rule.rawValue)
        decision.bind(6, stored.state.rawValue)
        bind(7, decided.customerID)
        bind(8, decided.counterpartID)
        decision.bind(9, decided.sentence)
        decision.bind(10, stored.evidence)
        decision.bind(11, stored.amount.minorUnits)
        decision.bind(12, stored.amount.currency.code)
        decision.bind(13, Int64(stored.decidedOn.number))
        decision.bind(14, stored.recordedAt.milliseconds)
        decision.bind(15, stored.actor)
        bind(16, stored.reason)
        while try decision.step() {}
        decision.reset()
        try write(decided.lines, of: stored.id, alternative: 0)
        for (index, alternative) in decided.alternatives.enumerated() {
            try write(alternative.lines, of: stored.id, alternative: index + 1)
        }
    }

    private func bind(_ index: Int, _ text: String?) {
        if let text { decision.bind(index, text) } else { decision.bindNull(index) }
    }

    private func write(_ lines: [Line], of id: String, alternative: Int) throws {
        for (n, part) in lines.enumerated() {
            line.reset()
            line.bind(0, company)
            line.bind(1, id)
            line.bind(2, Int64(alternative))
            line.bind(3, Int64(n))
            line.bind(4, part.itemID)
            line.bind(5, part.reason.rawValue)
            line.bind(6, part.cash)
            line.bind(7, part.adjustment)
            line.bind(8, part.proves)
            while try line.step() {}
        }
        line.reset()
    }

    private func replace(_ payment: String) throws {
        let old = try session.rows(
            "SELECT id FROM decision WHERE company = ? AND payment_id = ? AND state IN ('waiting', 'noted')",
            [company, payment]
        ) { $0.text(0) }
        for id in old {
            try session.execute("DELETE FROM decision_line WHERE company = ? AND decision_id = ?", [company, id])
            try session.execute("DELETE FROM decision WHERE company = ? AND id = ?", [company, id])
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
