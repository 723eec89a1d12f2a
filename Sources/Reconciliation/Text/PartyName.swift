// SPDX-License-Identifier: Apache-2.0

/// A company's or person's name as words, without its legal form.
struct PartyName: Hashable {
    struct Word: Hashable {
        var bytes: [UInt8]
        /// Written with a full stop: `MED.`
        var isAbbreviated: Bool
    }

    /// How much of a payer's name a customer's name explains.
    enum Likeness: Int, Comparable {
        case none, partial, full
        static func < (left: Likeness, right: Likeness) -> Bool { left.rawValue < right.rawValue }
    }

    let words: [Word]
    let length: Int
    /// A bank's field may have cut it.
    var isCut: Bool { length >= 17 }

    init(_ text: String) {
        let bytes = Folding.fold(text).bytes
        var words: [Word] = []
        var start: Int?
        var end = bytes.count
        while end > 0, bytes[end - 1] == 0x20 { end -= 1 }
        length = end
        for index in 0...bytes.count {
            let isWord = index < bytes.count && Folding.isAlphanumeric(bytes[index])
            if isWord, start == nil { start = index }
            if !isWord, let from = start {
                words.append(
                    Word(
                        bytes: Array(bytes[from..<index]),
                        isAbbreviated: index < bytes.count && bytes[index] == 0x2E))
                start = nil
            }
        }
        self.words = Self.withoutLegalForm(words, isCut: length >= 17)
    }

    /// Single letters (`e.K.`, `S.r.l.`, `B.V.`) and the legal forms of Europe and the Americas.
    /// A bank's field may cut the form itself: `GM`.
    private static func withoutLegalForm(_ words: [Word], isCut: Bool) -> [Word] {
        var kept = words.filter { $0.bytes.count > 1 && !legalForms.contains($0.bytes) }
        if isCut, kept.count > 1, let last = kept.last, last.bytes.count <= 3,
            ["GMBH", "LTDA", "SARL", "SPA", "OHG"].contains(where: { $0.utf8.starts(with: last.bytes) })
        {
            kept.removeLast()
        }
        return kept.isEmpty ? words : kept
    }

    private static let legalForms: Set<[UInt8]> = Set(
        """
        GMBH CO KG KGAA AG UG OHG GBR EK EV MBH SE BV NV VOF CV SA SAS SARL SASU EURL SCA SRL SPA SNC SAPA SL SLU SCP
        AB AS ASA APS IVS OY OYJ TMI KY LTD LIMITED LLC LLP LP PLC INC CORP CORPORATION COMPANY OU AB UAB SIA LDA LTDA
        EIRELI ME EPP DOO DD KFT ZRT SP ZOO AND UND ET THE
        """.split(whereSeparator: { $0 == " " || $0 == "\n" }).map { Array($0.utf8) })

    /// How well this payer's name fits a customer's: every word must be explained by another one of the customer's.
    ///
    /// A word is explained by an equal one, by one it abbreviates (`MED.`), by one it begins (five letters), or as
    /// the last word of a name that a bank's field cut.
    func likeness(to customer: PartyName) -> Likeness {
        guard !words.isEmpty, !customer.words.isEmpty else { return .none }
        var used: [Bool] = Array(repeating: false, count: customer.words.count)
        var equal = 0
        var distinct = 0
        for (index, word) in words.enumerated() {
            guard
                let match = customer.words.indices.first(where: {
                    !used[$0] && customer.words[$0].bytes == word.bytes
                })
                    ?? customer.words.indices.first(where: {
                        !used[$0] && explains(customer.words[$0].bytes, word, at: index)
                    })
            else { return .none }
            used[match] = true
            if customer.words[match].bytes == word.bytes { equal += 1 }
            distinct = max(distinct, word.bytes.count)
        }
        if equal == words.count, equal == customer.words.count { return .full }
        // One word has to be distinctive, and it has to be the customer's own, not its line of business.
        return distinct >= 5 && used[0] ? .partial : .none
    }

    private func explains(_ whole: [UInt8], _ word: Word, at index: Int) -> Bool {
        let begun = word.bytes
        guard begun.count < whole.count, whole.starts(with: begun) else { return false }
        if word.isAbbreviated { return begun.count >= 3 }
        if begun.count >= 5 { return true }
        return index == words.count - 1 && index > 0 && isCut
    }
}
