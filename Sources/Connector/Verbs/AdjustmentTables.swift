// SPDX-License-Identifier: Apache-2.0
import Documents
import Ledger
import Reconciliation
import Reports
import Store
import Trees

extension Workplace {
    /// What lowered claims without money, entry by entry, and what of it goes off the net amounts and the taxes.
    func adjustmentTables(month: Month?, _ session: Session) throws -> [Table] {
        var columns = Self.entryColumns
        columns.insert(
            contentsOf: [
                Table.Column("net", "Net", .money), Table.Column("tax", "Tax", .money),
                Table.Column("taxes", "Tax by rate"),
            ], at: 7)
        var table = Table(ReportName.adjustments.rawValue, "Adjustments", columns: columns)
        var sums = TaxSums()
        try eachEntry(month: month, session) { kind, row, cells in
            guard let kind, kind.isAdjustment || kind == .converted else { return }
            var cells = cells
            let keys = ["amount", "net", "tax", "taxes"]
            cells.insert(contentsOf: keys.map { effect(kind, row[$0]) }, at: 6)
            table.add(cells)
            if case .taxes(let shares) = row["taxes"], case .money(let amount) = row["amount"] {
                sums.add(kind, amount, shares)
            }
        }
        return [table] + (sums.isEmpty ? [] : [sums.table])
    }

    /// An adjustment as the roll-forward signs it: what lowers a claim is negative.
    private func effect(_ kind: Entry.Kind, _ field: ListedRow.Field) -> Table.Cell {
        if case .taxes(let shares) = field { return .text(AdjustmentTaxes.text(shares, isNegated: true)) }
        guard case .money(let money) = field, kind != .converted else { return cell(field) }
        return .money(-money)
    }
}

/// Discounts and write-offs by the rate of their tax: what a tax return corrects.
private struct TaxSums {
    private struct Key: Hashable {
        var kind: Entry.Kind
        var currency: Currency
        /// Nil where the invoice states its tax in one sum.
        var rate: ScaledDecimal?
        var isKnown = true
    }

    private var sums: [Key: (amount: Int64, net: Int64, tax: Int64)] = [:]

    var isEmpty: Bool { sums.isEmpty }

    mutating func add(_ kind: Entry.Kind, _ amount: Money, _ shares: [TaxShare]?) {
        guard let shares else {
            let key = Key(kind: kind, currency: amount.currency, isKnown: false)
            sums[key, default: (0, 0, 0)].amount -= amount.minorUnits
            return
        }
        for share in shares {
            let key = Key(kind: kind, currency: amount.currency, rate: share.rate)
            sums[key, default: (0, 0, 0)].amount -= share.net.minorUnits + share.tax.minorUnits
            sums[key, default: (0, 0, 0)].net -= share.net.minorUnits
            sums[key, default: (0, 0, 0)].tax -= share.tax.minorUnits
        }
    }

    var table: Table {
        var table = Table(
            "adjustments_by_rate", "Adjustments by rate of tax",
            columns: [
                Table.Column("kind", "Kind"), Table.Column("currency", "Currency"), Table.Column("rate", "Rate %"),
                Table.Column("amount", "Amount", .money), Table.Column("net", "Net", .money),
                Table.Column("tax", "Tax", .money),
            ],
            note: sums.keys.contains { !$0.isKnown }
                ? "Tax unknown: the invoices do not tell their taxes; a person says what of the amount is tax." : nil)
        func order(_ key: Key) -> (String, Int, Int, Int128) {
            (key.currency.code, key.kind.rawValue, key.isKnown ? 0 : 1, key.rate?.exactly(scale: 6)?.coefficient ?? -1)
        }
        for (key, sum) in sums.sorted(by: { order($0.key) < order($1.key) }) {
            func money(_ amount: Int64) -> Table.Cell {
                key.isKnown ? .money(Money(minorUnits: amount, currency: key.currency)) : .empty
            }
            table.add([
                .named(Workplace.name(key.kind), key.kind.words), .text(key.currency.code),
                .text(key.isKnown ? key.rate?.text ?? "" : AdjustmentTaxes.unknown),
                .money(Money(minorUnits: sum.amount, currency: key.currency)), money(sum.net), money(sum.tax),
            ])
        }
        return table
    }
}

/// The taxes of an adjustment, for scripts and for people.
enum AdjustmentTaxes {
    static let unknown = "tax unknown"

    /// Of each discount among the lines, in their order.
    static func discounts(
        _ lines: [Line], _ currency: Currency, _ session: Session, company: String
    ) throws -> [(line: Line, discount: Money, shares: [TaxShare]?)] {
        try lines.filter { $0.reason == .discount && $0.adjustment != 0 }.map { line in
            let own = try session.itemFacts(company: company, item: line.itemID)?.currency ?? currency
            let discount = Money(minorUnits: line.adjustment, currency: own)
            return (line, discount, try session.taxShares(of: discount, item: line.itemID, company: company))
        }
    }

    static func node(_ shares: [TaxShare]?) -> Node {
        guard let shares else { return .text(unknown) }
        return .list(
            shares.map { share in
                .compact([
                    ("rate", .text(share.rate?.text)), ("net", .text(share.net.amountText)),
                    ("tax", .text(share.tax.amountText)),
                ])
            })
    }

    /// `net 84.03 and tax 15.97 at 19 %`
    static func text(_ shares: [TaxShare]?, isNegated: Bool = false) -> String {
        guard let shares else { return unknown }
        return shares.map { share in
            let (net, tax) = isNegated ? (-share.net, -share.tax) : (share.net, share.tax)
            let rate = share.rate.map { " at \($0.text) %" } ?? ""
            return "net \(net.amountText) and tax \(tax.amountText)\(rate)"
        }.joined(separator: ", ")
    }
}
