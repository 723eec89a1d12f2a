// SPDX-License-Identifier: Apache-2.0

extension Workspace {
    /// The item whose running part the digits are as they are written, where they are a slip for another one: of the same
    /// customer, paid or not; or anybody's that asks for this very amount.
    func asWritten(_ candidate: Candidate, _ matter: Matter) -> Int32? {
        guard let token = candidate.token else { return nil }
        // What reads as somebody's number without its letters.
        let named = matter.reading.mentions.first { mention in
            mention.item != candidate.item && mention.from < token.to && token.from < mention.to
                && (mention.digits > 0 && catalogue.customerOf[Int(mention.item)] == candidate.customer
                    || balances.available(mention.item, catalogue, on: matter.day) == matter.amount)
        }
        if let named { return named.item }
        guard token.bytes.count >= 3, token.bytes.allSatisfy(Folding.isDigit) else { return nil }
        let core = token.bytes[...].drop { $0 == 0x30 }
        part.asks(allOf: candidate.customer)
        let own = catalogue.items(of: candidate.customer, core: core, limit: 16).first { $0 != candidate.item }
        return own
            ?? items(ofAmount: matter.amount, limit: 32).first { $0 != candidate.item && catalogue.hasCore($0, core) }
    }
}
