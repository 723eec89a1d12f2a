// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger

/// The same entry in a bank's intraday report, statement and notification (camt.052, .053, .054) is one payment.
///
/// The highest message that has been read says what is booked; each adds what the others leave out. Where one has the
/// total of an entry and another its parts, the parts are the payments.
extension Merge {
    func linkReports() throws {
        guard let rank = ReportRank(reader: run.reader), try hasOtherReports(rank) else { return }
        let lines = try stagedReportLines()
        guard let first = lines.map(\.bookedOn).min(), let last = lines.map(\.bookedOn).max() else { return }
        var known = try knownReportLines(rank, first - 10, last + 10)
        guard !known.isEmpty else { return }
        var left = lines
        for evidence in ReportLine.Evidence.allCases {
            var pairs: [(line: ReportLine, payment: ReportLine)] = []
            (left, known) = Self.pair(left, known, evidence, &pairs)
            for pair in pairs { try same(pair.line, pair.payment, rank, evidence.rawValue) }
        }
        try linkBatches(left, known)
    }

    private func hasOtherReports(_ rank: ReportRank) throws -> Bool {
        try count(
            "SELECT count(*) FROM (SELECT 1 FROM import_run WHERE company = ? AND format IN (?, ?) LIMIT 1)",
            [company] + rank.others) > 0
    }

    /// Rows that this reader did not bring before.
    private func stagedReportLines() throws -> [ReportLine] {
        var lines: [ReportLine] = []
        try session.each(
            """
            SELECT s.no, COALESCE(m.id, s.id) AS id, \(ReportLine.columns)
            FROM \(staged).payment s LEFT JOIN merge_id m ON m.no = s.no
            WHERE m.skip IS NULL AND NOT EXISTS (SELECT 1 FROM payment_link t WHERE t.company = ? AND t.source = ?
                    AND t.reader = ? AND t.source_id = COALESCE(m.id, s.id))
                AND NOT EXISTS (SELECT 1 FROM payment i WHERE i.company = ? AND i.id = COALESCE(m.id, s.id)
                    AND i.reader = ? AND COALESCE(i.account, '') = COALESCE(s.account, ''))
            ORDER BY s.no
            """,
            [company, run.source, run.reader, company, run.reader]
        ) { lines.append(ReportLine(staged: $0, source: run.source, reader: run.reader)) }
        return lines
    }

    /// Payments of the other messages that this reader has not stated yet.
    private func knownReportLines(_ rank: ReportRank, _ from: Int64, _ to: Int64) throws -> [ReportLine] {
        var lines: [ReportLine] = []
        try session.each(
            """
            SELECT 0 AS no, id, source, reader, applied <> 0 OR set_aside <> 0 OR consumed <> 0 AS used,
                \(ReportLine.columns)
            FROM payment i
            WHERE company = ? AND reader IN (?, ?) AND booked_on BETWEEN ? AND ? AND NOT EXISTS (
                SELECT 1 FROM payment_link t WHERE t.company = i.company AND t.payment_id = i.id AND t.reader = ?)
            ORDER BY booked_on, i.no
            """, [company] + rank.others + [from, to, run.reader]
        ) { lines.append(ReportLine(known: $0)) }
        return lines
    }

    private static func pair(
        _ lines: [ReportLine], _ known: [ReportLine], _ evidence: ReportLine.Evidence,
        _ pairs: inout [(line: ReportLine, payment: ReportLine)]
    ) -> (lines: [ReportLine], known: [ReportLine]) {
        var places: [String: [Int]] = [:]
        for (index, payment) in known.enumerated() {
            if let key = evidence.key(payment) { places[key, default: []].append(index) }
        }
        var taken: Set<Int> = []
        var left: [ReportLine] = []
        for line in lines {
            guard let key = evidence.key(line),
                let place = places[key]?.first(where: { !taken.contains($0) && evidence.holds(line, known[$0]) })
            else {
                left.append(line)
                continue
            }
            taken.insert(place)
            pairs.append((line, known[place]))
        }
        return (left, known.indices.filter { !taken.contains($0) }.map { known[$0] })
    }

    private func same(
        _ line: ReportLine, _ payment: ReportLine, _ rank: ReportRank, _ evidence: String
    ) throws {
        try link(no: line.no, as: line.id, to: payment.id, at: line.position, evidence: evidence)
        // A later message corrects an earlier one; and whichever message books it, it is booked.
        let before = ReportRank(reader: payment.reader)?.rawValue ?? 0
        let outranks = rank.rawValue > before || line.isBooked && !payment.isBooked
        let changes = outranks && (line.status != payment.status || line.amount != payment.amount)
        try session.execute(
            "INSERT INTO merge_known(no, id, how, same) VALUES (?, ?, ?, ?)",
            [line.no, payment.id, outranks ? 4 : 3, changes ? 0 : 1])
        // A notification's details are the payer's own words; the others often have the bank's.
        try fillBlanks(of: payment.id, from: line.no, prefersNew: rank == .notification)
        if outranks, !changes { try takeOver(no: line.no, id: payment.id) }
    }

    /// The payment is from now on what this message states; its former reader is remembered.
    func takeOver(no: Int64, id: String) throws {
        try session.execute(
            """
            INSERT INTO payment_link(company, source, reader, source_id, payment_id, import_no, position, evidence)
            SELECT company, source, reader, COALESCE(source_id, id), id, import_no, position, 'REPORT-EARLIER' FROM payment
            WHERE company = ? AND id = ? ON CONFLICT DO NOTHING
            """, [company, id])
        try session.execute(
            """
            UPDATE payment_row SET reader = ?, (status, amount, booked_on, valued_on, posted_on) = (
                SELECT s.status, s.amount, s.booked_on, COALESCE(s.valued_on, payment_row.valued_on),
                    COALESCE(s.posted_on, payment_row.posted_on) FROM \(staged).payment s WHERE s.no = ?)
            WHERE company = ? AND id = ?
            """, [run.reader, no, company, id])
    }

    // MARK: Batches

    @discardableResult
    func linkBatches(
        _ lines: [ReportLine], _ known: [ReportLine], acrossForms: Bool = false
    ) throws -> MetBatches {
        var met = MetBatches()
        var parts: [[ReportLine]] = Self.batches(known)
        for total in lines {
            guard let key = total.totalKey,
                let place = parts.firstIndex(where: {
                    $0.first?.batchKey == key && total.isBatch(of: $0[0], acrossForms: acrossForms)
                })
            else { continue }
            let own = parts.remove(at: place)
            try meet(total, own)
            met.add([total], own)
        }
        var totals = known.filter { $0.entryAmount == nil }
        for batch in Self.batches(lines) {
            guard
                let place = totals.firstIndex(where: {
                    $0.totalKey == batch[0].batchKey && $0.isBatch(of: batch[0], acrossForms: acrossForms)
                })
            else { continue }
            let total = totals.remove(at: place)
            try split(total, batch)
            met.add(batch, [total])
        }
        return met
    }

    /// The parts of each entry, where all of them are there.
    private static func batches(_ lines: [ReportLine]) -> [[ReportLine]] {
        var order: [String] = []
        var groups: [String: [ReportLine]] = [:]
        for line in lines {
            guard let key = line.batchKey else { continue }
            let whole = "\(key)|\(line.entryReference ?? "day \(line.bookedOn)")"
            if groups[whole] == nil { order.append(whole) }
            groups[whole, default: []].append(line)
        }
        return order.compactMap { groups[$0] }.filter { group in
            group.reduce(Int128(0)) { $0 + Int128($1.amount) } == Int128(group[0].entryAmount ?? 0)
        }
    }

    /// The total of an entry whose parts the books hold: nothing new, but it may book them.
    private func meet(_ total: ReportLine, _ parts: [ReportLine]) throws {
        try link(no: total.no, as: total.id, to: parts[0].id, at: total.position, evidence: "REPORT-TOTAL")
        try session.execute(
            "INSERT INTO merge_known(no, id, how, same) VALUES (?, ?, 3, 1)", [total.no, parts[0].id])
        guard total.isBooked else { return }
        for part in parts where !part.isBooked {
            try rebook(part, from: 0, to: part.amount, day: Day(number: Int32(clamping: total.bookedOn)))
            try session.execute(
                "UPDATE payment_row SET status = 'booked', booked_on = ? WHERE company = ? AND id = ?",
                [total.bookedOn, company, part.id])
        }
    }

    /// The parts of an entry whose total the books hold: they take its place, unless its money is spent.
    private func split(_ total: ReportLine, _ parts: [ReportLine]) throws {
        guard !total.isUsed else {
            for part in parts {
                try link(no: part.no, as: part.id, to: total.id, at: part.position, evidence: "REPORT-PART")
                try session.execute(
                    "INSERT INTO merge_known(no, id, how, same) VALUES (?, ?, 3, 1)", [part.no, total.id])
            }
            outcome.add(
                "BATCH-DETAILS", total.id,
                "the bank now tells the \(parts.count) parts of this payment, but some of it is applied already; "
                    + "undo that to have the parts, or allocate the rest by hand")
            return
        }
        if total.isBooked {
            let day = Day(number: Int32(clamping: total.bookedOn))
            try rebook(total, from: total.amount, to: 0, day: day)
            for part in parts where !part.isBooked {
                try session.execute(
                    """
                    UPDATE \(staged).payment SET status = 'booked', booked_on = ?, posting_day = ? WHERE no = ?
                    """, [total.bookedOn, total.bookedOn, part.no])
            }
        }
        try session.execute(
            """
            INSERT INTO payment_link(company, source, reader, source_id, payment_id, import_no, position, evidence)
            VALUES (?, ?, ?, ?, ?, ?, ?, 'REPORT-TOTAL') ON CONFLICT DO NOTHING
            """, [company, total.source, total.reader, total.id, total.id, importNo, total.position])
        try session.execute(
            "UPDATE payment_row SET status = 'information', amount = 0, source_id = NULL WHERE company = ? AND id = ?",
            [company, total.id])
    }

    private func rebook(_ line: ReportLine, from: Int64, to: Int64, day: Day) throws {
        guard run.company.cutOver.map({ day > $0 }) ?? true, let currency = Currency(line.currency) else { return }
        let customer = try session.first(
            "SELECT customer FROM payment WHERE company = ? AND id = ?", [company, line.id]
        ) {
            $0.optionalText(0)
        }
        _ = try move(
            line.id, from: from, to: to, day: day, currency: currency, customer: customer ?? nil, tells: false)
    }
}
