// SPDX-License-Identifier: Apache-2.0

/// A company's or person's name as words, without its legal form and without titles.
struct PartyName: Hashable, Sendable {
    struct Word: Hashable {
        var bytes: [UInt8]
        /// Written with a full stop: `MED.`
        var isAbbreviated: Bool
        /// As banks write it that drop the dots of an umlaut: `MULLER`; nil where that is no other word.
        var plain: [UInt8]?

        fileprivate func isSame(as other: Word) -> Bool { bytes == other.bytes || plain == other.bytes }
    }

    /// How much of a payer's name a customer's name explains.
    enum Likeness: Int, Comparable {
        case none, partial, full
        static func < (left: Likeness, right: Likeness) -> Bool { left.rawValue < right.rawValue }
    }

    let words: [Word]
    /// Single letters that are part of no legal form: `A. Bergmann`.
    let initials: [UInt8]
    let form: LegalForm
    /// Each of two that are named together: `Anna u. Max Bergmann`.
    let people: [PartyName]
    /// The name without what is written about it, `c/o` or an address; none or one.
    let bare: [PartyName]
    let length: Int
    /// A bank's field may have cut it.
    var isCut: Bool { length >= 17 }

    init(_ text: String) {
        let written = NameWords(text)
        length = written.length
        let reduced = Self.reduced(written.words, isCut: length >= 17)
        (words, initials, form) = reduced
        people = reduced.form.isEmpty ? written.people.map { PartyName(words: $0) } : []
        bare = people.isEmpty ? written.bare.map { [PartyName(bare: $0)] } ?? [] : []
    }

    private init(bare words: [Word]) {
        (self.words, initials, form) = Self.reduced(words, isCut: false)
        (people, bare, length) = ([], [], 0)
    }

    /// One of two.
    private init(words: [Word]) {
        (self.words, initials, form, people, bare, length) = (words, [], LegalForm(), [], [], 0)
    }

    /// What tells the name from others: without its legal form, single letters, and titles where enough is left. A bank's
    /// field may cut the form itself: `GM`.
    private static func reduced(
        _ words: [Word], isCut: Bool
    ) -> (words: [Word], initials: [UInt8], form: LegalForm) {
        var (kept, initials, form): ([Word], [UInt8], LegalForm) = ([], [], LegalForm())
        var place = 0
        while place < words.count {
            guard words[place].bytes.count == 1 else {
                if LegalForm.isOne(words[place].bytes) {
                    form.add(words[place].bytes)
                } else {
                    kept.append(words[place])
                }
                place += 1
                continue
            }
            let letters = words[place...].prefix { $0.bytes.count == 1 }.map { $0.bytes[0] }
            // What begins a name is no form: `S. A. Bergmann`.
            let count = place == 0 ? 0 : LegalForm.longestBegin(letters[...])
            if count > 0 { form.add(Array(letters.prefix(count))) }
            initials += letters.dropFirst(count)
            place += letters.count
        }
        if isCut, kept.count > 1, let last = kept.last, last.bytes.count <= 3,
            ["GMBH", "LTDA", "SARL", "SPA", "OHG"].contains(where: { $0.utf8.starts(with: last.bytes) })
        {
            kept.removeLast()
        }
        if form.isEmpty {
            let untitled = kept.filter { !NameWords.titles.contains($0.bytes) }
            if untitled.count >= 2 { kept = untitled }
        }
        return (kept.isEmpty ? words : kept, initials, form)
    }

    /// How well this payer's name fits a customer's: every word must be explained by another one of the customer's.
    ///
    /// A word is explained by an equal one, by one it abbreviates (`MED.`), by one it begins (five letters), or as
    /// the last word of a name that a bank's field cut. An initial is explained by a word that it begins.
    func likeness(to customer: PartyName) -> Likeness {
        // More words than a bank's field could hold are nobody's name.
        guard !words.isEmpty, (1...64).contains(customer.words.count) else { return .none }
        var used: UInt64 = 0
        var equal = 0
        var distinct = 0
        for (index, word) in words.enumerated() {
            guard
                let match = customer.words.indices.first(where: {
                    used & 1 << $0 == 0 && customer.words[$0].isSame(as: word)
                })
                    ?? customer.words.indices.first(where: {
                        used & 1 << $0 == 0 && explains(customer.words[$0].bytes, word, at: index)
                    })
            else { return .none }
            used |= 1 << match
            if customer.words[match].isSame(as: word) { equal += 1 }
            distinct = max(distinct, word.bytes.count)
        }
        if equal == words.count, equal == customer.words.count {
            return form.contradicts(customer.form) ? .partial : .full
        }
        // One word has to be distinctive, and it has to be the customer's own, not its line of business.
        return distinct >= 5 && (used & 1 != 0 || areExplained(initials, customer, used)) ? .partial : .none
    }

    /// Whether it is the same name word by word, with the same form.
    func isExactly(_ customer: PartyName) -> Bool {
        form.isSame(as: customer.form) && words.count == customer.words.count
            && zip(words, customer.words).allSatisfy { $1.isSame(as: $0) }
    }

    /// The first names of which only the first letter is written; all of them.
    private func areExplained(_ initials: [UInt8], _ customer: PartyName, _ used: UInt64) -> Bool {
        let left = customer.words.indices.filter { used & 1 << $0 == 0 }
        return !initials.isEmpty && left.count == initials.count && left.first == 0
            && zip(left, initials).allSatisfy { customer.words[$0].bytes.first == $1 }
    }

    private func explains(_ whole: [UInt8], _ word: Word, at index: Int) -> Bool {
        let begun = word.bytes
        guard begun.count < whole.count, whole.starts(with: begun) else { return false }
        if word.isAbbreviated { return begun.count >= 3 }
        if begun.count >= 5 { return true }
        return index == words.count - 1 && index > 0 && isCut
    }
}
