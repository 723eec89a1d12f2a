// SPDX-License-Identifier: Apache-2.0

/// References that a creditor gives a customer once, and prints on every invoice: a Nordic viite, KID or OCR number, that
/// of a rent, an insurance, a club.
///
/// Such a reference says who pays, and not what for. It is known by its invoices: two or more numbers of one customer bear
/// it. Instalments of one invoice are one number; a credit note bears what the invoice does that it corrects, and an
/// invoice that another one replaced hands its reference on.
struct CustomerReferences: Sendable {
    /// By the reference's key, an item that bears it.
    private var bearers = KeyTable()

    init() {}

    /// - Parameter references: of all items.
    init(_ references: ChainIndex, _ shelf: ItemShelf, _ customerOf: [Int32]) {
        var seen = KeyTable()
        references.forEachShared { key in
            guard seen[key] == nil else { return }
            seen.set(1, for: key)
            if let item = Self.bearer(of: key, references, shelf, customerOf) { bearers.set(item, for: key) }
        }
    }

    /// An item of the one customer whose reference it is; nil for one of an invoice, or of several customers.
    private static func bearer(
        of key: UInt64, _ references: ChainIndex, _ shelf: ItemShelf, _ customerOf: [Int32]
    ) -> Int32? {
        var first: Int32?
        var (isOfOne, isOfSeveral) = (true, false)
        references.forEach(key) { item in
            guard shelf.facts[Int(item)].total > 0, shelf.successors[item] == nil else { return true }
            guard let known = first else {
                first = item
                isOfOne = customerOf[Int(item)] >= 0
                return isOfOne
            }
            isOfOne =
                customerOf[Int(item)] == customerOf[Int(known)]
                && shelf.references.holds(shelf.references[item], at: known)
            let isOfOneInvoice =
                shelf.numbers.holds(shelf.numbers[item], at: known)
                || shelf.invoices[item] != nil && shelf.invoices[item] == shelf.invoices[known]
            isOfSeveral = isOfSeveral || !isOfOneInvoice
            return isOfOne
        }
        return isOfOne && isOfSeveral ? first : nil
    }

    subscript(_ key: UInt64) -> Int32? { bearers[key] }
}

extension Catalogue {
    /// The customer whose reference it is; nil for a reference of an invoice.
    /// - Parameter reference: as references are compared.
    func customer(ofReference reference: [UInt8], _ key: UInt64) -> Int32? {
        guard let item = customerReferences[key], referenceTexts.holds(reference[...], at: item) else { return nil }
        return customerOf[Int(item)]
    }
}
