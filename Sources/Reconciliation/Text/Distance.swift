// SPDX-License-Identifier: Apache-2.0

/// Whether two short texts are one slip of the finger apart.
enum Distance {
    /// One character replaced, dropped, doubled or added, or two neighbours swapped.
    static func isOne(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        let (short, long) = left.count <= right.count ? (left, right) : (right, left)
        guard long.count - short.count <= 1 else { return false }
        var start = 0
        while start < short.count, short[start] == long[start] { start += 1 }
        var end = 0
        while end < short.count - start, short[short.count - 1 - end] == long[long.count - 1 - end] { end += 1 }
        let middle = short.count - start - end
        if long.count > short.count { return middle == 0 }
        if middle == 1 { return true }
        return middle == 2 && short[start] == long[start + 1] && short[start + 1] == long[start]
    }
}
