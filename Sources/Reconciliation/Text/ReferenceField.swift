// SPDX-License-Identifier: Apache-2.0

import Documents

/// A reference in a payment that its creditor gave to a customer, not to an invoice.
struct BorneReference {
    var customer: Int32
    /// As references are compared.
    var key: [UInt8]
    /// Folded bytes of the text; empty for the reference field.
    var from: Int32
    var to: Int32
    /// The characters in the text are digits only: how many. 0 for the field, where nothing else is expected.
    var digits: Int
    var isField: Bool { from == to }
}

extension Reader {
    /// What a payment's reference field names.
    struct NamedInField {
        var mentions: [Mention] = []
        var references: [BorneReference] = []
        /// It is no reference that was issued.
        var isNothing: Bool { mentions.isEmpty && references.isEmpty }
    }

    func readField(_ field: String?) -> NamedInField {
        var named = NamedInField()
        guard let field, !field.isEmpty else { return named }
        // Most fields come back as they were issued; only the others are worth their other forms.
        let folded = Folding.fold(field)
        if folded.offsets == nil {
            readField(Folding.stripped(folded.bytes.filter(Folding.isAlphanumeric)), into: &named)
        }
        guard named.isNothing else { return named }
        for key in StructuredReference.lookupKeys(field) {
            readField(Array(key.utf8), into: &named)
            if !named.isNothing { break }
        }
        return named
    }

    private func readField(_ key: [UInt8], into named: inout NamedInField) {
        let hash = KeyHash.of(key)
        guard key.count >= 4 else { return }
        if let customer = catalogue.customer(ofReference: key, hash) {
            named.references.append(BorneReference(customer: customer, key: key, from: 0, to: 0, digits: 0))
            return
        }
        let found = catalogue.references.values(hash, limit: Self.readingsMax) {
            catalogue.referenceTexts.holds(key[...], at: $0)
        }
        for item in found {
            named.mentions.append(
                Mention(item: item, how: .referenceField, from: 0, to: 0, place: -1, digits: 0, isDoubtful: false))
        }
    }

    /// So few digits of an end-to-end id are a program's own count as well.
    private static let telling = 8
    private static let endToEndMin = 5

    /// What the payer's own program calls the payment: an issued reference or an invoice's number, as a whole, where
    /// nothing else names anything. Programs number their payments: few digits count only where they are a reference that
    /// was issued, and explain the amount.
    func readEndToEnd(_ id: String?, into reading: Reading) {
        guard let id, Docket.isTelling(id) else { return }
        let key = Folding.canonical(id)
        let isDigits = key.allSatisfy(Folding.isDigit)
        guard (Self.endToEndMin...Self.lengthMax).contains(key.count), key.contains(where: Folding.isDigit) else {
            return
        }
        let isShort = isDigits && key.count < Self.telling
        var (how, found) = (Mention.How.number, isShort ? [] : numbered(key[...], KeyHash.of(key)))
        var isDoubtful = isShort
        let own = Folding.stripped(key)
        for issued in [own] + otherForms(of: key) where found.isEmpty {
            guard catalogue.customer(ofReference: issued, KeyHash.of(issued)) == nil else { continue }
            how = .referenceText
            isDoubtful = isShort || isDigits && issued != own && own.count < Self.surelyWrapped
            found = catalogue.references.values(KeyHash.of(issued), limit: Self.readingsMax) {
                catalogue.referenceTexts.holds(issued[...], at: $0)
            }
        }
        for item in found {
            reading.mentions.append(
                Mention(
                    item: item, how: how, from: 0, to: 0, place: -1, digits: isDigits ? Int32(key.count) : 0,
                    isDoubtful: isDoubtful))
        }
    }
}
