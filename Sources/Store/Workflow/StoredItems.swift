// SPDX-License-Identifier: Apache-2.0
package import Reconciliation

/// Every item of a company, side by side as matching keeps them, as one connection found them.
package struct StoredItems: Sendable {
    package private(set) var shelf: ItemShelf
    /// The number of each item's row, ascending.
    private var rows: [Int64] = []
    /// The last entry that the connection saw.
    private let seq: Int64

    package init(_ session: Session, company: String) throws {
        let count =
            try session.first("SELECT COUNT(*) FROM item_row WHERE company = ?", [company]) { Int($0.int(0)) } ?? 0
        var (shelf, rows) = (ItemShelf(capacity: count), [Int64]())
        rows.reserveCapacity(count)
        try session.eachMatchItem(company, .whole) { item, kept in
            shelf.append(item, row: kept.isTouched ? 0 : kept.row, postingDay: kept.postingDay)
            rows.append(kept.row)
        }
        self.shelf = shelf
        self.rows = rows
        seq = try session.nextSeq() - 1
    }

    /// Brings what is open up to date with what another connection's transaction has booked on these items.
    package mutating func update(_ session: Session, company: String) throws {
        try session.each(
            """
            SELECT DISTINCT i.no, i.open, i.source FROM log l CROSS JOIN item i ON i.id = l.item AND i.company = l.company
            WHERE l.seq > ? AND l.company = ?
            """, [seq, company]
        ) { row in
            guard let place = place(of: row.int(0)) else { return }
            shelf[standing: place] = ItemShelf.Standing(open: row.int(1), provable: row.int(2))
        }
    }

    /// Hands the items over, so that nobody keeps them twice.
    package mutating func takeShelf() -> ItemShelf {
        defer { (shelf, rows) = (ItemShelf(), []) }
        return shelf
    }

    private func place(of row: Int64) -> Int? {
        var (low, high) = (0, rows.count)
        while low < high {
            let middle = (low + high) / 2
            if rows[middle] < row { low = middle + 1 } else { high = middle }
        }
        return low < rows.count && rows[low] == row ? low : nil
    }
}
