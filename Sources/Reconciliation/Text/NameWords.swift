// SPDX-License-Identifier: Apache-2.0

/// The words of a name as they are written.
struct NameWords {
    private(set) var words: [PartyName.Word] = []
    /// What stands between two people: places of words, or of what a sign stands before.
    private var joints: [Range<Int>] = []
    /// Words that a comma stands before.
    private var behindComma: [Int] = []
    /// Without blanks at the end.
    let length: Int

    init(_ text: String) {
        let bytes = Folding.fold(text).bytes
        var end = bytes.count
        while end > 0, bytes[end - 1] == 0x20 { end -= 1 }
        length = end
        var start: Int?
        for index in 0...bytes.count {
            let isWord = index < bytes.count && Folding.isAlphanumeric(bytes[index])
            if isWord, start == nil { start = index }
            if !isWord, let from = start {
                let isAbbreviated = index < bytes.count && bytes[index] == 0x2E
                words.append(PartyName.Word(bytes: Array(bytes[from..<index]), isAbbreviated: isAbbreviated))
                start = nil
                if Self.isJoining(words[words.count - 1]) { joints.append(words.count - 1..<words.count) }
            }
            if index < bytes.count, bytes[index] == 0x2C { behindComma.append(words.count) }
            // `&` and `+`
            if index < bytes.count, bytes[index] == 0x26 || bytes[index] == 0x2B {
                joints.append(words.count..<words.count)
            }
        }
        if text.utf8.contains(where: { $0 >= 0x80 }) { addPlain(text) }
    }

    private static let joining = Set(["U", "UND", "AND", "ET", "EN", "OG", "OCH", "JA"].map { Array($0.utf8) })
    /// Single letters that join only where they are no initial: `Ana e Rui`, `Ana y Luis`.
    private static let joiningLetters = Set(["E", "Y"].map { Array($0.utf8) })

    private static func isJoining(_ word: PartyName.Word) -> Bool {
        joining.contains(word.bytes) || !word.isAbbreviated && joiningLetters.contains(word.bytes)
    }

    /// What people are called beside their names.
    static let titles: Set<[UInt8]> = Set(
        """
        HERR HERRN FRAU FAMILIE FAM EHELEUTE DR PROF MME MLLE MONSIEUR MADAME MR MRS MS MISS SR SRA SIG SIGRA DHR MEVR MW
        """.split(whereSeparator: { $0 == " " || $0 == "\n" }).map { Array($0.utf8) })

    /// Two people with one surname, or each with their own: `Anna u. Max Bergmann`, `Anna Bergmann + Max Frank`.
    var people: [[PartyName.Word]] {
        guard joints.count == 1, let joint = joints.first else { return [] }
        func names(_ words: ArraySlice<PartyName.Word>) -> [PartyName.Word] {
            words.filter { $0.bytes.count > 1 && !Self.titles.contains($0.bytes) }
        }
        let (left, right) = (names(words[..<joint.lowerBound]), names(words[joint.upperBound...]))
        switch (left.count, right.count) {
        case (1, 2): return [[left[0], right[1]], right]
        case (2, 1): return [left, [left[0], right[0]]]
        case (2, 2): return [left, right]
        default: return []
        }
    }

    private static let companyWords = Set(["FIRMA", "FA"].map { Array($0.utf8) })

    /// The words without what banks and people write about a name: `Fa.`, an address, a place behind the legal form, `c/o`, the
    /// name once more. Nil where there is nothing of it.
    var bare: [PartyName.Word]? {
        let start = words.count > 1 && Self.companyWords.contains(words[0].bytes) ? 1 : 0
        let rest = words[start...]
        let ends = [behindForm(start), address(start), careOf(start), repetition(start)].compactMap { $0 }
        guard let end = ends.min() ?? (start > 0 ? rest.endIndex : nil), end > start else { return nil }
        return Array(words[start..<end])
    }

    /// `Nordwind GmbH & Co. KG, Berlin`, `Nordwind GmbH Hauptstr. 12`; other words behind the form make another company.
    private func behindForm(_ start: Int) -> Int? {
        guard let form = words.indices.dropFirst(start + 1).first(where: { formLength(at: $0) > 0 }) else { return nil }
        var end = form + formLength(at: form)
        while end < words.count,
            words[end].bytes.count == 1 || LegalForm.isOne(words[end].bytes) || Self.isJoining(words[end])
        { end += 1 }
        guard end < words.count, !words[end...].contains(where: { LegalForm.isEnd($0.bytes) }) else { return nil }
        let isPlace = behindComma.contains(end) || words[end...].contains { $0.bytes.contains(where: Folding.isDigit) }
        return isPlace ? end : nil
    }

    private func formLength(at place: Int) -> Int {
        if LegalForm.isEnd(words[place].bytes) { return 1 }
        return LegalForm.longestBegin(words[place...].prefix { $0.bytes.count == 1 }.map { $0.bytes[0] }[...])
    }

    /// `Anna Bergmann, Hauptstr. 12`, `Anna Bergmann Hauptstr. 12`: two words at least are the name.
    private func address(_ start: Int) -> Int? {
        guard let number = words.indices.first(where: { words[$0].bytes.contains(where: Folding.isDigit) }) else {
            return nil
        }
        if let comma = behindComma.first(where: { $0 >= start + 2 && $0 <= number }) { return comma }
        return number >= start + 3 && OtherWord.isStreet(words[number - 1].bytes) ? number - 1 : nil
    }

    private func careOf(_ start: Int) -> Int? {
        words.indices.dropFirst(start + 1).first {
            $0 + 1 < words.count && words[$0].bytes == [0x43] && words[$0 + 1].bytes == [0x4F]
                && !words[$0].isAbbreviated
        }
    }

    private func repetition(_ start: Int) -> Int? {
        let half = (words.count - start) / 2
        guard half > 0, (words.count - start) % 2 == 0 else { return nil }
        return words[start..<start + half].elementsEqual(words[(start + half)...], by: { $0.bytes == $1.bytes })
            ? start + half : nil
    }

    /// The same words from a text whose umlauts lost their dots.
    private mutating func addPlain(_ text: String) {
        var plain = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "ä", "Ä", "å", "Å": plain.append("A")
            case "ö", "Ö", "ø", "Ø": plain.append("O")
            case "ü", "Ü": plain.append("U")
            case "\u{308}", "\u{30A}": continue
            default: plain.append(scalar)
            }
        }
        let others = Folding.fold(String(plain)).bytes.split(whereSeparator: { !Folding.isAlphanumeric($0) })
        guard others.count == words.count else { return }
        for place in words.indices where words[place].bytes != Array(others[place]) {
            words[place].plain = Array(others[place])
        }
    }
}
