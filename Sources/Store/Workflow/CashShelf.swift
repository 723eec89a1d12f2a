// SPDX-License-Identifier: Apache-2.0
import Documents

/// What the books need of payments that are decided on, side by side, in half the room that each takes by itself.
package struct CashShelf: Sendable, RandomAccessCollection {
    private struct Row {
        var unapplied: Int64
        /// 0 where there is none.
        var untouchedRow: UInt32
        var postingDay: Day
        var currency: Currency
        var isBooked: Bool
        var isNamed: Bool
    }

    private var rows: [Row] = []
    /// Of the few of which a part was used before: all that is known.
    private var parts: [Int: Session.UndecidedCash] = [:]

    init(capacity: Int = 0) { rows.reserveCapacity(capacity) }

    package var startIndex: Int { 0 }
    package var endIndex: Int { rows.count }

    mutating func append(_ cash: Session.UndecidedCash) {
        let row = UInt32(clamping: cash.untouchedRow ?? 0)
        if cash.amount.minorUnits != cash.unapplied || Int64(row) != cash.untouchedRow ?? 0 { parts[count] = cash }
        rows.append(
            Row(
                unapplied: cash.unapplied, untouchedRow: row, postingDay: cash.postingDay,
                currency: cash.amount.currency, isBooked: cash.isBooked, isNamed: cash.isNamed))
    }

    package subscript(_ place: Int) -> Session.UndecidedCash {
        if !parts.isEmpty, let part = parts[place] { return part }
        let row = rows[place]
        return Session.UndecidedCash(
            amount: Money(minorUnits: row.unapplied, currency: row.currency), unapplied: row.unapplied,
            postingDay: row.postingDay, isBooked: row.isBooked, isNamed: row.isNamed,
            untouchedRow: row.untouchedRow == 0 ? nil : Int64(row.untouchedRow))
    }

    package func arranged(_ order: [Int]) -> CashShelf {
        var arranged = CashShelf(capacity: order.count)
        for place in order { arranged.append(self[place]) }
        return arranged
    }
}
