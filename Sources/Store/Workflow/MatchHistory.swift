// SPDX-License-Identifier: Apache-2.0
package import Reconciliation

/// What payments settled before, as matching remembers it: read from the log.
extension Session {
    /// The log's rows of settled payments, in the words of its partial index.
    private static let settling = "l.payment IS NOT NULL AND l.kind NOT IN (10, 11)"

    /// What the log says each payment has on items now: the cash and adjustments that a return takes back.
    ///
    /// A credit note that was netted in a payment's decision stands as it was decided: with its freed amount as part of
    /// the cash of what it paid.
    package func appliedLines(company: String, _ extent: Extent = .whole) throws -> [String: [Line]] {
        let reasons: [Int64: Line.Reason] = [
            15: .lateCharges, 20: .cash, 24: .cleared, 30: .discount, 31: .fee, 32: .withholding, 34: .rounding,
            35: .exchange,
        ]
        var lines: [String: [Line]] = [:]
        try each(
            """
            SELECT l.payment, l.item, l.kind, SUM(l.amount) FROM \(extent.settlements)
            WHERE l.company = ? AND \(Self.settling) AND l.kind IN (15, 20, 24, 30, 31, 32, 34, 35)
            GROUP BY l.payment, l.item, l.kind HAVING SUM(l.amount) <> 0 ORDER BY l.payment, l.item, l.kind < 20, l.kind
            """, [company]
        ) { row in
            let amount = row.int(3)
            let line: Line =
                switch reasons[row.int(2)] ?? .cash {
                case .cash: Line(itemID: row.text(1), reason: .cash, cash: amount)
                case .lateCharges:
                    Line(itemID: row.text(1), reason: .lateCharges, cash: amount, adjustment: 0 - amount)
                case let reason: Line(itemID: row.text(1), reason: reason, cash: 0, adjustment: amount)
                }
            lines[row.text(0), default: []].append(line)
        }
        try each(
            """
            SELECT l.payment, l.counter, SUM(l.amount) FROM \(extent.settlements)
            WHERE l.company = ? AND \(Self.settling) AND l.kind = 23
            GROUP BY l.payment, l.counter HAVING SUM(l.amount) <> 0 ORDER BY l.payment, l.counter
            """, [company]
        ) { row in
            // The money's own side names the item that it settled then; another may have taken that one's place.
            let (payment, item) = (row.text(0), row.text(1))
            let exchanged = (lines[payment] ?? []).indices.filter { lines[payment]?[$0].reason == .exchange }
            guard let place = exchanged.first(where: { lines[payment]?[$0].itemID == item }) ?? exchanged.first
            else { return }
            lines[payment]?[place].cash += row.int(2)
        }
        var netted: [String: Int] = [:]
        try each(
            """
            SELECT d.payment_id, l.item, l.counter, SUM(l.amount) FROM \(extent.nettings)
            WHERE l.company = ? AND l.counter IS NOT NULL AND l.kind = 21 AND l.item IS NOT NULL
            GROUP BY d.payment_id, l.item, l.counter HAVING SUM(l.amount) <> 0
            ORDER BY d.payment_id, MIN(l.seq)
            """, [company]
        ) { row in
            let payment = row.text(0)
            Self.net(
                row.text(1), with: row.text(2), row.int(3), in: &lines[payment, default: []],
                &netted[payment, default: 0])
        }
        return lines
    }

    /// Puts what was netted into a payment's lines. The claims stand in the order in which credit notes were netted with
    /// them, before all others, as booking took them: a return then takes back the same between each two.
    ///
    /// - Parameter front: how many of the lines are such claims.
    private static func net(
        _ claim: String, with credit: String, _ amount: Int64, in lines: inout [Line], _ front: inout Int
    ) {
        if let place = lines.firstIndex(where: { $0.itemID == claim && $0.reason == .cash }) {
            lines[place].cash += amount
            if place >= front {
                lines.insert(lines.remove(at: place), at: front)
                front += 1
            }
        } else {
            lines.insert(Line(itemID: claim, reason: .cash, cash: amount), at: front)
            front += 1
        }
        if let place = lines.firstIndex(where: { $0.itemID == credit && $0.reason == .credit }) {
            lines[place].cash -= amount
        } else {
            lines.append(Line(itemID: credit, reason: .credit, cash: 0 - amount))
        }
    }

    /// What applied a payment's cash.
    private struct Applied {
        /// Nil where it is not known.
        var rule: Rule?
        var isByPerson: Bool
    }

    /// What applied each payment's cash last.
    private func applied(company: String, _ extent: Extent) throws -> [String: Applied] {
        var applied: [String: Applied] = [:]
        try each(
            """
            SELECT l.payment, COALESCE(l.rule, b.rule), b.kind = 'person' FROM \(extent.settlements) JOIN batch b ON b.no = l.batch
            WHERE l.company = ? AND l.kind IN (20, 35) AND \(Self.settling) ORDER BY l.seq
            """, [company]
        ) { applied[$0.text(0)] = Applied(rule: Rule(rawValue: $0.text(1)), isByPerson: $0.bool(2)) }
        return applied
    }

    /// Payments that a return took back or a refund paid back.
    package func takenBack(company: String, _ extent: Extent = .whole) throws -> Set<String> {
        var ids: Set<String> = []
        try each(
            """
            SELECT d.counterpart_id FROM \(extent.takings)
            WHERE d.company = ? AND d.counterpart_id IS NOT NULL AND d.state = 'committed'
                AND d.kind IN ('return', 'refund')
            """, [company]
        ) { ids.insert($0.text(0)) }
        return ids
    }

    /// What payments settled before, as far as it stands.
    package func pastPayments(company: String, _ extent: Extent = .whole) throws -> [PastPayment] {
        let lines = try appliedLines(company: company, extent)
        let applied = try applied(company: company, extent)
        let takenBack = try takenBack(company: company, extent)
        return try appliedPayments(company: company, extent).map {
            let by = applied[$0.payment.id]
            return PastPayment(
                payment: $0.payment, lines: lines[$0.payment.id] ?? [], isReturned: takenBack.contains($0.payment.id),
                rule: by?.rule, isByPerson: by?.isByPerson ?? false, rest: $0.unapplied)
        }
    }
}
