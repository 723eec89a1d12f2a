// SPDX-License-Identifier: Apache-2.0

/// Chance that a seed decides: the same seed makes the same workload on every machine.
struct Chance {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 0xD1B5_4A32_D192_ED03 }

    /// SplitMix64.
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func below(_ limit: Int) -> Int { limit > 0 ? Int(next() % UInt64(limit)) : 0 }
    mutating func between(_ low: Int, _ high: Int) -> Int { low + below(high - low + 1) }
    mutating func permille(_ share: Int) -> Bool { below(1000) < share }
    mutating func pick<Value>(_ values: [Value]) -> Value { values[below(values.count)] }

    mutating func digits(_ count: Int) -> String {
        var text = String(between(1, 9))
        for _ in 1..<max(1, count) { text += String(below(10)) }
        return text
    }

    /// Small values often, large ones rarely: the sizes of customers and of invoices.
    mutating func skewed(_ limit: Int) -> Int {
        // All its digits count: a thousand steps would leave a million invoices to a thousand customers.
        let share = below(1_000_000)
        return min(limit - 1, limit * (share * share / 1_000_000) / 1_000_000)
    }
}
