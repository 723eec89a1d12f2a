// SPDX-License-Identifier: Apache-2.0

extension Reader {
    /// Customers whose numbers stand in the text.
    func readCustomers(_ text: Remittance, into reading: Reading) {
        for (index, run) in text.runs.enumerated() where run.kind == .plain {
            var last = index
            var customer = run.hasDigit ? self.customer(numbered: text.bytes[Int(run.start)..<Int(run.end)]) : nil
            // What people write with a dash, or a stop, is one number where the customer's is written so.
            if customer == nil, let end = joined(from: index, text),
                let found = self.customer(
                    numbered: text.bytes[Int(run.start)..<Int(text.runs[end].end)], isJoined: true)
            {
                (customer, last) = (found, end)
            }
            guard let customer else { continue }
            let isLabelled = CustomerWord.precedes(index, in: text)
            reading.customers.append(
                NamedCustomer(
                    customer: customer, isLabelled: isLabelled, from: run.start, to: text.runs[last].end))
            if isLabelled { for place in index...last { reading.used[place] = true } }
        }
    }

    private static let joinedMax = 4

    /// The last of several words that something else than a blank joins, and that nothing joins to more.
    private func joined(from index: Int, _ text: Remittance) -> Int? {
        guard index == 0 || text.runs[index].gap != .connector else { return nil }
        var last = index
        while last + 1 < text.runs.count, text.runs[last + 1].gap == .connector, text.runs[last + 1].kind == .plain {
            last += 1
        }
        return last > index && last - index < Self.joinedMax && text.runs[index...last].contains(where: \.hasDigit)
            ? last : nil
    }

    /// - Parameter isJoined: there is something between the words, as there is in the customer's number.
    private func customer(numbered bytes: ArraySlice<UInt8>, isJoined: Bool = false) -> Int32? {
        let number = isJoined ? bytes.filter(Folding.isAlphanumeric)[...] : bytes
        guard catalogue.customerNumberLengths.contains(number.count) else { return nil }
        let found = catalogue.customerNumbers.values(KeyHash.of(number), limit: 4) {
            guard let written = catalogue.customers[Int($0)].number else { return false }
            return Folding.isCanonical(number, of: written) && (!isJoined || Folding.isCut(bytes, like: written))
        }
        return found.count == 1 ? found[0] : nil
    }
}

extension Payer {
    /// A number that nothing announces is the customer's where the name stands there, too: `Miete 102-13, Sabine Hoffmann`.
    static func isNamed(_ customer: Int32, in text: Remittance, _ catalogue: Catalogue) -> Bool {
        let name = catalogue.names[Int(customer)]?.words.map(\.bytes).filter { $0.count >= 3 } ?? []
        let words = name.count < 2 ? [] : text.words
        return name.count >= 2 && name.allSatisfy(words.contains)
    }
}
