// SPDX-License-Identifier: Apache-2.0

/// Words that stand between the first and the last number of a range: `RE-1001 bis RE-1004`, `501 t/m 504`.
enum RangeWord {
    private static let words: [[[UInt8]]] =
        [
            "BIS ZU", "BIS", "TOT EN MET", "TOT", "T M", "TM", "TO", "THROUGH", "THRU", "TILL", "UNTIL", "JUSQU AU",
            "JUSQU A",
            "AU", "A", "AL", "HASTA", "ATE", "FINO A", "FINO AL", "TIL OG MED", "TIL", "TILL OCH MED", "DO",
        ].map { $0.split(separator: " ").map { Array($0.utf8) } }
        .sorted { $0.count > $1.count }

    /// Where what comes behind such a word begins, or nil when none stands at this run.
    static func end(at index: Int, in text: Remittance) -> Int? {
        guard index < text.runs.count, !text.runs[index].hasDigit else { return nil }
        for word in words where index + word.count < text.runs.count {
            let isHere = word.indices.allSatisfy { place in
                let run = text.runs[index + place]
                return text.bytes[Int(run.start)..<Int(run.end)].elementsEqual(word[place])
            }
            if isHere { return index + word.count }
        }
        return nil
    }
}

extension Reader {
    /// The numbers behind the first one of a range that is written with a word, up to and with the last; both are of one
    /// series and of one customer.
    /// - Returns: Where the text goes on, or nil when there is no range here.
    func readRange(from first: Find, at index: Int, _ text: Remittance, _ reading: Reading) -> Int? {
        guard let owner = first.items.first, let start = RangeWord.end(at: index, in: text) else { return nil }
        let run = text.runs[start]
        var (target, last): ([UInt8], Int)
        if let whole = longest(from: start, text, reading), whole.bytes.count == first.bytes.count {
            (target, last) = (whole.bytes, whole.last)
        } else if run.isDigits, Self.isTail(run.count, of: first.bytes) {
            let bytes = text.bytes[Int(run.start)..<Int(run.end)]
            (target, last) = (Array(first.bytes.dropLast(bytes.count)) + bytes, start)
        } else {
            return nil
        }
        let numbers = Self.range(from: first.bytes, to: target)
        guard !numbers.isEmpty, lookUpOwn(target, of: owner) != nil else { return nil }
        asks(allOfOwner: owner, reading)
        for item in numbers.compactMap({ lookUpOwn($0, of: owner) }) {
            reading.mentions.append(
                Mention(
                    item: item, how: .range, from: run.start, to: text.runs[last].end,
                    place: 100_000 + Int32(reading.mentions.count), digits: 0, isDoubtful: false))
        }
        for part in index...last { reading.used[part] = true }
        return last + 1
    }
}
