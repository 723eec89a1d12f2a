// SPDX-License-Identifier: Apache-2.0
import Documents
package import Ledger

/// Rows of `item` and `payment`: written as the core's folds returned them, never computed here.
extension Session {
    static let itemColumns = """
        i.company, i.id, COALESCE(i.parent_id, i.id), i.number, i.kind, i.instalment, i.customer, i.currency, i.issued_on,
        i.due_on, i.posting_day, i.amount, i.cash, i.credit, i.discount, i.fee, i.withholding, i.write_off,
        i.rounding, i.exchange, i.source, i.stated, i.stated_as_of,
        i.provider
        """

    static func item(_ row: Row) throws -> OpenItem {
        guard let kind = Invoice.Kind(rawValue: row.text(4)), let currency = Currency(row.text(7)) else {
            throw StoreFailure("STORE-DAMAGED", "item \(row.text(1)) has an unknown kind or currency; run verify")
        }
        var balance = ItemBalance()
        balance.amount = row.int(11)
        balance.cash = row.int(12)
        balance.credit = row.int(13)
        balance.discount = row.int(14)
        balance.fee = row.int(15)
        balance.withholding = row.int(16)
        balance.writeOff = row.int(17)
        balance.rounding = row.int(18)
        balance.exchange = row.int(19)
        balance.source = row.int(20)
        balance.stated = row.optionalInt(21)
        balance.statedAsOf = row.optionalDay(22)
        balance.provider = row.int(23)
        return OpenItem(
            company: row.text(0), id: row.text(1), invoiceID: row.text(2), number: row.text(3), kind: kind,
            instalment: Int(row.int(5)), customerID: row.text(6), currency: currency, issuedOn: row.day(8),
            dueOn: row.day(9), postingDay: row.day(10), balance: balance)
    }

    /// One item by its id.
    package func item(company: String, id: String) throws -> OpenItem? {
        try first("SELECT \(Self.itemColumns) FROM item i WHERE i.company = ? AND i.id = ?", [company, id]) {
            try Self.item($0)
        }
    }

    /// A new item without entries; `append` gives it its amount.
    func insert(_ item: OpenItem) throws {
        try execute(
            """
            INSERT INTO item_row(no, company, id, parent_id, bearer, number, kind, instalment, customer, currency,
                issued_on, due_on, posting_day) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                try lastDocumentNo() + 1, item.company, item.id, item.invoiceID == item.id ? nil : item.invoiceID,
                try bearer(company: item.company, invoice: item.invoiceID)?.no, item.number, item.kind.rawValue,
                item.instalment,
                item.customerID, item.currency, item.issuedOn, item.dueOn, item.postingDay,
            ])
    }
}

/// A payment's row as far as an entry needs it.
struct StoredCash {
    var balance: CashBalance
    var currency: Currency
    var customer: String?
}
