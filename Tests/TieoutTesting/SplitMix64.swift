// SPDX-License-Identifier: Apache-2.0

/// A seeded generator: the seed in a failure's message is the whole bug report.
///
/// SplitMix64 (Steele, Lea, Flood 2014); the same numbers on every machine.
package struct SplitMix64: RandomNumberGenerator, Sendable {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }

    /// A number in the range, without the standard library's choice of algorithm, which may change.
    package mutating func int(in range: ClosedRange<Int>) -> Int {
        let width = UInt64(range.upperBound - range.lowerBound) + 1
        return range.lowerBound + Int(next().multipliedFullWidth(by: width).high)
    }

    /// True `perMille` times in a thousand.
    package mutating func chance(perMille: Int) -> Bool { int(in: 0...999) < perMille }

    /// Nil only for an empty array.
    package mutating func pick<Element>(_ elements: [Element]) -> Element? {
        elements.isEmpty ? nil : elements[int(in: 0...elements.count - 1)]
    }

    /// Fisher and Yates, stable across versions of Swift.
    package mutating func shuffled<Element>(_ elements: [Element]) -> [Element] {
        var result = elements
        for index in result.indices.dropFirst().reversed() {
            result.swapAt(index, int(in: 0...index))
        }
        return result
    }
}
