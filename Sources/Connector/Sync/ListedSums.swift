// SPDX-License-Identifier: Apache-2.0
import Documents

/// What a list of open items sums to, per currency: the control total of a snapshot that was read to its end.
///
/// A file needs a total from outside, because nothing says whether it is the whole list. A pull knows: every page came,
/// none moved, and no record was left out.
struct ListedSums {
    private var sums: [String: (currency: Currency, minorUnits: Int128)] = [:]
    private(set) var count = 0

    mutating func add(_ document: Document) {
        guard case .invoice(let invoice) = document, !invoice.deleted else { return }
        guard invoice.status != .draft, invoice.status != .void else { return }
        guard let money = invoice.open ?? invoice.payable ?? invoice.total else { return }
        count += 1
        sums[money.currency.code, default: (money.currency, 0)].minorUnits += Int128(money.minorUnits)
    }

    func balances(asOf day: Day, name: String) -> [Balance] {
        let origin = Provenance.Origin(sha256: "", name: name, format: "pull", mapping: nil, mappingDigest: nil)
        return sums.sorted { $0.key < $1.key }.compactMap { _, sum in
            guard let minorUnits = Int64(exactly: sum.minorUnits) else { return nil }
            return Balance(
                asOf: day, amount: Money(minorUnits: minorUnits, currency: sum.currency),
                provenance: Provenance(origin, at: .file))
        }
    }
}
