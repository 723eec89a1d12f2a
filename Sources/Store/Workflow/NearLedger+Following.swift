// SPDX-License-Identifier: Apache-2.0
import Reconciliation

extension NearLedger {
    /// What the log says of items behind what made them.
    private struct Settlements {
        var payments: Set<String> = []
        /// Those that netted them.
        var decisions: Set<String> = []
        /// What took the place of any of them.
        var replacements: Set<String> = []
    }

    /// What took the new items' place, until there is nothing new; and the payments that settled them. Each item is
    /// read and looked at once.
    func follow() throws {
        var found = Settlements()
        while true {
            let new = try session.rows("SELECT no FROM near_new ORDER BY no") { $0.int(0) }
            try session.script(
                """
                INSERT OR IGNORE INTO near_item(no) SELECT no FROM near_new;
                INSERT OR IGNORE INTO near_followed(no) SELECT no FROM near_new; DELETE FROM near_new
                """)
            try readItems()
            found.replacements = []
            for no in new { if let place = places[no] { try read(items[place].id, into: &found) } }
            for id in found.replacements.sorted() {
                try session.execute(
                    """
                    INSERT OR IGNORE INTO near_new(no) SELECT no FROM item_row
                    WHERE id = ? AND company = ? AND no NOT IN (SELECT no FROM near_followed)
                    """, [id, company])
            }
            if try session.first("SELECT 1 FROM near_new LIMIT 1", [], { _ in true }) == nil { break }
        }
        for id in found.payments.sorted() { try takePayment("company = ? AND id = ?", [company, id]) }
        for id in found.decisions.sorted() {
            try takePayment(
                "company = ? AND id = (SELECT payment_id FROM decision WHERE id = ? AND company = ?)",
                [company, id, company])
        }
    }

    private func read(_ item: String, into found: inout Settlements) throws {
        let statement = entriesOfItem
        statement.reset()
        statement.bind(0, item)
        statement.bind(1, company)
        while try statement.step() {
            let row = Row(statement: statement)
            switch row.int(0) {
            case 4: if let successor = row.optionalText(2) { found.replacements.insert(successor) }
            case 21: if !row.isNull(2), let decision = row.optionalText(3) { found.decisions.insert(decision) }
            default: if let payment = row.optionalText(1) { found.payments.insert(payment) }
            }
        }
        statement.reset()
    }
}
