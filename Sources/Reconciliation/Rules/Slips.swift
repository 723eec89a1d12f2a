// SPDX-License-Identifier: Apache-2.0

extension Workspace {
    /// The item whose running part the digits are as they are written, where they are a slip for another one: of the same
    /// customer, paid or not; or anybody's that asks for this very amount.
    func asWritten(_ candidate: Candidate, _ matter: Matter) -> Int32? {
        guard let token = candidate.token, token.bytes.count >= 3, token.bytes.allSatisfy(Folding.isDigit) else {
            return nil
        }
        let core = token.bytes[...].drop { $0 == 0x30 }
        // What reads as somebody's number.
        let named = matter.reading.mentions.first {
            $0.item != candidate.item && $0.from < token.to && token.from < $0.to
                && balances.available($0.item, catalogue, on: matter.day) == matter.amount
        }
        if let named { return named.item }
        part.asks(allOf: candidate.customer)
        let own = catalogue.items(of: candidate.customer, core: core, limit: 16).first { $0 != candidate.item }
        return own
            ?? items(ofAmount: matter.amount, limit: 32).first { $0 != candidate.item && catalogue.hasCore($0, core) }
    }
}
