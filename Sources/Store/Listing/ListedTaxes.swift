// SPDX-License-Identifier: Apache-2.0
package import Documents
package import Ledger

extension ListedRow {
    /// The last columns, of an entry's document: they tell its taxes, and are no fields of the row.
    static let taxColumns = [
        ("m:document_net", "v.net"), ("m:document_tax", "v.tax"), ("document_taxes", "v.taxes"),
    ]

    /// With the net amount and the taxes of what lowers them, in the place of what its document states.
    func withTaxes() -> ListedRow {
        let own = Array(fields.dropLast(Self.taxColumns.count))
        guard case .count(let code) = self["kind_code"], Entry.Kind(rawValue: Int(code))?.changesTax == true,
            case .money(let amount) = self["amount"]
        else { return ListedRow(fields: own) }
        var stated: [Invoice.Tax] = []
        if case .text(let text) = self["document_taxes"] { stated = TermsText.taxes(text, amount.currency) }
        guard let shares = TaxShare.split(amount, by: stated, net: money("document_net"), tax: money("document_tax"))
        else { return ListedRow(fields: own + [("taxes", .taxes(nil))]) }
        let net = shares.reduce(Int64(0)) { $0 + $1.net.minorUnits }
        let sums: [(key: String, field: Field)] = [
            ("net", .money(Money(minorUnits: net, currency: amount.currency))),
            ("tax", .money(Money(minorUnits: amount.minorUnits - net, currency: amount.currency))),
            ("taxes", .taxes(shares)),
        ]
        return ListedRow(fields: own + sums)
    }

    private func money(_ key: String) -> Money? {
        if case .money(let money) = self[key] { money } else { nil }
    }
}

extension Session {
    /// What an adjustment of an item takes of its net amount and of its taxes; nil where its document does not tell them.
    package func taxShares(of adjustment: Money, item: String, company: String) throws -> [TaxShare]? {
        let currency = adjustment.currency
        let stated = try first(
            """
            SELECT v.net, v.tax, v.taxes FROM item_row i JOIN invoice_more v ON v.no = COALESCE(i.bearer, i.no)
            WHERE i.company = ? AND i.id = ?
            """, [company, item]
        ) { row in
            let sums = (0...1).map { at in
                row.optionalInt(at).map { Money(minorUnits: $0, currency: currency) }
            }
            return (sums: sums, taxes: TermsText.taxes(row.optionalText(2), currency))
        }
        return stated.flatMap { TaxShare.split(adjustment, by: $0.taxes, net: $0.sums[0], tax: $0.sums[1]) }
    }
}
