// SPDX-License-Identifier: Apache-2.0

import Documents

/// What stands in a payment as references stand there, whether it was issued or not.
struct WrittenReference {
    /// Letters and digits, with their zeros.
    var bytes: [UInt8]
    var runs: ClosedRange<Int>

    /// Hands over all references that it may be a slip for, as references are compared: one digit wrong, left out or too
    /// many, two swapped; and, where the check behind `RF` is wrong, what it wraps. One may come twice.
    func forEachSlip(_ body: ([UInt8]) -> Void) {
        // What passes its check by 97 is somebody's.
        if isCreditor, CreditorReference(String(decoding: bytes, as: UTF8.self)) != nil { return }
        if isCreditor {
            let wrapped = Array(bytes.dropFirst(4))
            if let right = CreditorReference.make(String(decoding: wrapped, as: UTF8.self)) {
                body(Array(StructuredReference.canonical(right.text).utf8))
            }
            if wrapped.allSatisfy(Folding.isDigit), wrapped.count >= Self.lengthMin {
                let inner = Folding.stripped(wrapped)
                if inner.count >= Self.lengthMin { body(inner) }
                WrittenReference(bytes: wrapped, runs: runs).forEachSlip(body)
            } else if wrapped.count >= Self.lengthMin {
                body(wrapped)
            }
        }
        let own = Folding.stripped(bytes)
        forEachVariant { variant in
            let key = Folding.stripped(variant)
            guard key.count >= Self.lengthMin, key != own else { return }
            body(key)
            // Ten digits may be wrapped without a check of their own: that would be near too much.
            if !isCreditor, key.allSatisfy(Folding.isDigit), FinnishReference.isRight(key),
                let check = StructuredReference.check(wrapping: key)
            {
                body([0x52, 0x46, 0x30 + UInt8(check / 10), 0x30 + UInt8(check % 10)] + key)
            }
        }
    }

    private func forEachVariant(_ body: ([UInt8]) -> Void) {
        var word = bytes
        for place in word.indices where Folding.isDigit(word[place]) {
            let was = word[place]
            for digit in Self.digits where digit != was {
                word[place] = digit
                body(word)
            }
            word[place] = was
        }
        for place in word.indices.dropLast() where word[place] != word[place + 1] {
            word.swapAt(place, place + 1)
            body(word)
            word.swapAt(place, place + 1)
        }
        for place in word.indices where Folding.isDigit(word[place]) {
            let was = word.remove(at: place)
            body(word)
            word.insert(was, at: place)
        }
        for place in (isCreditor ? 2 : 0)...word.count {
            for digit in Self.digits {
                word.insert(digit, at: place)
                body(word)
                word.remove(at: place)
            }
        }
    }

    private static let digits = Array(UInt8(0x30)...0x39)
    private var isCreditor: Bool { Self.isCreditor(bytes[...]) }

    /// `RF18…`
    static func isCreditor(_ word: ArraySlice<UInt8>) -> Bool {
        word.count >= 4 && word.starts(with: [0x52, 0x46]) && word.dropFirst(2).prefix(2).allSatisfy(Folding.isDigit)
    }

    /// Shorter ones are anything, and longer ones are nobody's to type.
    fileprivate static let lengthMin = 6
    fileprivate static let lengthMax = 27
    /// Digits that no word calls a reference: a date, a telephone and an order have less.
    fileprivate static let unsaidMin = 10
    fileprivate static let countMax = 4
    /// Of no more pieces is a reference looked up.
    fileprivate static let piecesMax = 8
}

extension Remittance {
    /// Of the reference field all of it; of the text long rows of digits, what a word calls a reference, and what begins as
    /// ISO 11649 does.
    var writtenReferences: [WrittenReference] {
        var found: [WrittenReference] = []
        var index = 0
        while index < runs.count, found.count < WrittenReference.countMax {
            guard let runs = writtenReference(at: index) else {
                index += 1
                continue
            }
            let written = runs.flatMap { bytes[Int(self.runs[$0].start)..<Int(self.runs[$0].end)] }
            found.append(WrittenReference(bytes: written, runs: runs))
            index = runs.upperBound + 1
        }
        return found
    }

    private func writtenReference(at index: Int) -> ClosedRange<Int>? {
        let run = runs[index]
        guard run.hasDigit else { return nil }
        let isField = Int(run.start) >= folded.end && !(index > 0 && Int(runs[index - 1].start) >= folded.end)
        guard isField || run.kind == .plain && (run.isDigits || run.count >= 4) else { return nil }
        let isCreditor = WrittenReference.isCreditor(bytes[Int(run.start)..<Int(run.end)])
        guard isField || isCreditor || run.isDigits else { return nil }
        var (last, count) = (index, run.count)
        while last + 1 < runs.count, last - index + 1 < WrittenReference.piecesMax,
            isField || runs[last + 1].gap != .other
        {
            let next = runs[last + 1]
            guard next.hasDigit || isField, isField || isCreditor || next.isDigits && next.kind == .plain,
                count + next.count <= WrittenReference.lengthMax
            else { break }
            count += next.count
            last += 1
        }
        // What else the field says makes it a text.
        if isField, last + 1 < runs.count || !runs[index...last].allSatisfy(\.hasDigit) { return nil }
        return isLong(count, index, isSaid: isField || isCreditor) ? index...last : nil
    }

    private func isLong(_ count: Int, _ index: Int, isSaid: Bool) -> Bool {
        guard (WrittenReference.lengthMin...WrittenReference.lengthMax).contains(count) else { return false }
        if isSaid { return true }
        if ReferenceWord.precedes(index, in: self, isScheme: false) { return true }
        // A telephone's, an order's, a contract's.
        return count >= WrittenReference.unsaidMin && !OtherWord.precedes(index, in: self)
    }
}
