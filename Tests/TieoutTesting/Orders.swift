// SPDX-License-Identifier: Apache-2.0

/// Orders of the same elements, for "the same books, whatever the order of the input".
package enum Orders {
    /// Every order; elements that are equal are still told apart by place. Six elements make 720 orders.
    package static func all<Element>(_ elements: [Element]) -> [[Element]] {
        guard elements.count > 1 else { return [elements] }
        var orders: [[Element]] = []
        for index in elements.indices {
            var rest = elements
            let first = rest.remove(at: index)
            for order in all(rest) { orders.append([first] + order) }
        }
        return orders
    }

    /// As given, reversed, then `count` shuffles from the seed.
    package static func some<Element>(_ elements: [Element], count: Int, seed: UInt64) -> [[Element]] {
        var generator = SplitMix64(seed: seed)
        var orders = [elements, elements.reversed()]
        for _ in 0..<count { orders.append(generator.shuffled(elements)) }
        return orders
    }
}
