// SPDX-License-Identifier: Apache-2.0

import Documents

/// Payments that name an invoice whose place another one took: they are for the other one.
extension Reader {
    /// The longest chain of replacements that is followed; a circle ends there too.
    private static let chainMax = 8

    /// What the payment says, with the replacement where the text names what it replaced.
    func reading(of payment: MatchPayment) -> Reading {
        let reading = read(payment)
        for place in reading.mentions.indices {
            let named = reading.mentions[place].item
            let item = successor(of: named)
            guard item != named else { continue }
            reading.mentions[place].item = item
            if !reading.replaced.contains(where: { $0.old == named }) { reading.replaced.append((named, item)) }
        }
        return reading
    }

    private func successor(of item: Int32) -> Int32 {
        var current = item
        for _ in 0..<Self.chainMax {
            guard let next = catalogue.successor(current) else { return current }
            current = next
        }
        return current
    }
}

extension Workspace {
    /// Says which invoice the text named, and which one took its place.
    func tellReplacements(_ decision: Decision, _ reading: Reading) -> Decision {
        var told = decision
        for (old, new) in reading.replaced {
            let was = catalogue.items[Int(old)]
            let now = catalogue.items[Int(new)]
            let text = "\(was.number) was replaced by \(now.number)"
            told.sentence += " \(text)."
            told.evidence.append(Evidence("REPLACED", text: text, itemID: now.id, bits: 0))
        }
        return told
    }
}
