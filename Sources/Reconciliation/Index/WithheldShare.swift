// SPDX-License-Identifier: Apache-2.0

/// A share of what an item asks for that its payer keeps and passes on as a tax: twenty per cent of the net amount, on which
/// 22 per cent VAT come, are 20/122.
package struct WithheldShare: Hashable, Sendable {
    package let taken: Int64
    package let whole: Int64

    /// Nil unless it is more than nothing and at most a third.
    package init?(_ taken: Int64, of whole: Int64) {
        guard taken > 0, whole > 0, whole <= 1_000_000, taken <= whole / 3 else { return nil }
        (self.taken, self.whole) = (taken, whole)
    }

    /// `20/122`, `6.15%`
    package init?(_ text: String) {
        let text = text.filter { $0 != " " }
        if text.hasSuffix("%") {
            let parts = text.dropLast().split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
            guard let first = parts.first, let units = Self.digits(first) else { return nil }
            guard parts.count == 2 else {
                self.init(units, of: 100)
                return
            }
            guard parts[1].utf8.count <= 2, let decimals = Self.digits(parts[1]) else { return nil }
            self.init(units * 100 + (parts[1].utf8.count == 1 ? decimals * 10 : decimals), of: 10_000)
        } else {
            let parts = text.split(separator: "/", omittingEmptySubsequences: false)
            guard parts.count == 2, let taken = Self.digits(parts[0]), let whole = Self.digits(parts[1]) else {
                return nil
            }
            self.init(taken, of: whole)
        }
    }

    private static func digits(_ text: some StringProtocol) -> Int64? {
        text.utf8.count <= 7 && text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int64(text) : nil
    }

    /// `16.39 %`
    var text: String {
        let hundredths = (taken * 20_000 + whole) / (whole * 2)
        let (units, rest) = hundredths.quotientAndRemainder(dividingBy: 100)
        return "\(units)." + (rest < 10 ? "0\(rest)" : "\(rest)") + " %"
    }

    /// Whether as much is missing of the total, in minor units; one either way is the rounding of the net amount and of the tax.
    func isExactly(_ missing: Int64, of total: Int64) -> Bool {
        guard missing >= 20, total > 0 else { return false }
        return (Int128(missing) * Int128(whole) - Int128(total) * Int128(taken)).magnitude <= UInt128(whole.magnitude)
    }

    /// What payers of a country keep of what they owe a firm for its work, as shares that are no round part of the gross amount.
    ///
    /// IT: DPR 600/1973 art. 25 (20 % of the net) and 25-ter (4 %, condominiums), and what banks keep of transfers for renovations
    /// (DL 78/2010 art. 25, 11 %, before 2024 8 %). BR: Lei 10.833/2003 art. 30 (4.65 %), with the income tax of 1.5 % 6.15 %. ES:
    /// RIRPF art. 95 and 100 (15, 7, 19 % of the net). IN: Income-tax Act s. 194C and 194J (2, 10 %). TH: 3 and 5 % of the net.
    package static func customary(in country: String?) -> [WithheldShare] {
        let shares: [(Int64, Int64)] =
            switch country {
            case "IT": [(20, 122), (4, 122), (4, 110), (11, 122), (8, 122)]
            case "BR": [(465, 10_000), (615, 10_000)]
            case "ES": [(15, 121), (7, 121), (19, 121)]
            case "IN": [(2, 118), (10, 118)]
            case "TH": [(3, 107), (5, 107)]
            default: []
            }
        return shares.compactMap { WithheldShare($0.0, of: $0.1) }
    }
}

extension Workspace {
    /// Whether what is missing may be a tax by its share: a round one of the gross amount, or one that is known.
    func isTaxRate(_ missing: Int64, of total: Int64) -> Bool {
        Habits.isRate(missing, of: total) || isKnownShare(missing, of: total)
    }

    func isKnownShare(_ missing: Int64, of total: Int64) -> Bool {
        grantedShare(missing, of: total) != nil || policy.customaryShares.contains { $0.isExactly(missing, of: total) }
    }

    /// The share that the company's policy takes as a tax withheld.
    func grantedShare(_ missing: Int64, of total: Int64) -> WithheldShare? {
        policy.withheldShares.first { $0.isExactly(missing, of: total) }
    }
}
