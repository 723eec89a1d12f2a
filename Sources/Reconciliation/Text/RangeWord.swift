// SPDX-License-Identifier: Apache-2.0

import Documents

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

extension Remittance {
    /// `RE-1001 - RE-1003`, or without the blanks.
    fileprivate func isDash(before index: Int) -> Bool {
        index > 0 && runs[index].separator == 0x2D && runs[index].start - runs[index - 1].end <= 3
    }
}

/// Words between the numbers of a list.
enum ListWord {
    private static let words = Set(
        ["UND", "U", "AND", "ET", "EN", "E", "Y", "OG", "OCH", "JA", "I", "SOWIE"].map { Array($0.utf8) })

    static func isOne(at index: Int, in text: Remittance) -> Bool {
        let run = text.runs[index]
        return !run.hasDigit && words.contains(Array(text.bytes[Int(run.start)..<Int(run.end)]))
    }
}

extension Reader {
    /// The numbers behind the first one of a range that is written with a word, up to and with the last; both are of one
    /// series and of one customer.
    /// - Returns: Where the text goes on, or nil when there is no range here.
    func readRange(from first: Find, at index: Int, _ text: Remittance, _ reading: Reading) -> Int? {
        guard let owner = first.items.first, index < text.runs.count else { return nil }
        let word = RangeWord.end(at: index, in: text)
        guard word != nil || text.isDash(before: index) else { return nil }
        let start = word ?? index
        let run = text.runs[start]
        var (target, last, behind, isWhole): ([UInt8], Int, Int32, Bool)
        if let whole = longest(from: start, text, reading), whole.bytes.count == first.bytes.count {
            (target, last, behind, isWhole) = (whole.bytes, whole.last, whole.behind, true)
        } else if word != nil, run.isDigits, Self.isTail(run.count, of: first.bytes) {
            let bytes = text.bytes[Int(run.start)..<Int(run.end)]
            (target, last, behind, isWhole) = (Array(first.bytes.dropLast(bytes.count)) + bytes, start, 0, false)
        } else {
            return nil
        }
        let numbers = Self.range(from: first.bytes, to: target)
        if !numbers.isEmpty { asks(allOfOwner: owner, reading) }
        guard !numbers.isEmpty, lookUpOwn(target, of: owner) != nil else { return nil }
        // Digits say as much as those of the first, and what makes it doubtful makes this one.
        let digits = target.allSatisfy(Folding.isDigit) ? target.count : 0
        let isDoubtful = reading.mentions.last?.isDoubtful ?? false
        for number in numbers {
            guard let item = lookUpOwn(number, of: owner) else { continue }
            let isLast = isWhole && number == target
            var mention = Mention(
                item: item, how: isLast ? .number : .range, from: run.start, to: text.runs[last].end - behind,
                place: 100_000 + Int32(reading.mentions.count), digits: isLast ? Int32(digits) : 0,
                isDoubtful: isDoubtful)
            if isLast, digits > 0 {
                mention.yearDigits = yearDigits(target[...], catalogue.facts[Int(item)].issuedOn.year)
            }
            reading.mentions.append(mention)
        }
        for part in index...last { reading.used[part] = true }
        return last + 1
    }

    /// Two digits are a day as well.
    private static let nextDigitsMin = 3

    /// The next number of the series that ends with these digits: behind `02534`, `029` is `03029`.
    static func next(behind number: [UInt8], endingWith tail: ArraySlice<UInt8>) -> [UInt8]? {
        var next = Array(number.dropLast(tail.count)) + tail
        guard tail.count >= nextDigitsMin, next.count == number.count, next != number else { return nil }
        guard next.lexicographicallyPrecedes(number) else { return next }
        var place = number.count - tail.count - 1
        while place >= 0, Folding.isDigit(next[place]) {
            guard next[place] == 0x39 else {
                next[place] += 1
                return next
            }
            next[place] = 0x30
            place -= 1
        }
        return nil
    }
}
