// SPDX-License-Identifier: Apache-2.0

/// The lower end of Wilson's 95 % interval for a share, in whole numbers.
///
/// E. B. Wilson, 1927: with z = 1.96, `(k + z²/2 − z·√(k(n−k)/n + z²/4)) / (n + z²)`.
package enum WilsonBound {
    /// - Returns: Parts of 100,000, rounded half up; 0 where nothing was counted.
    package static func low(_ right: Int, of count: Int) -> Int64 {
        guard count > 0, right >= 0, right <= count else { return 0 }
        let unit: Int128 = 1_000_000_000
        let (k, n) = (Int128(right), Int128(count))
        let spread = root((k * (n - k) * unit * unit + n / 2) / n + 960_400_000 * unit)
        let above = k * unit + 1_920_800_000 - spread * 196 / 100
        let below = n * unit + 3_841_600_000
        return Int64(clamping: (max(0, above) * 200_000 + below) / (below * 2))
    }

    /// The whole part of a square root.
    private static func root(_ value: Int128) -> Int128 {
        guard value > 0 else { return 0 }
        var low: Int128 = 0
        var high: Int128 = 1
        while high * high <= value { high *= 2 }
        while low + 1 < high {
            let middle = (low + high) / 2
            if middle * middle <= value { low = middle } else { high = middle }
        }
        return low
    }
}
