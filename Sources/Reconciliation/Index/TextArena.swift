// SPDX-License-Identifier: Apache-2.0

/// Many short texts one behind the other: a million of them without a million arrays.
struct TextArena: Sendable {
    private var bytes: [UInt8] = []
    private var starts: [Int32] = [0]

    init(capacity: Int = 0) {
        bytes.reserveCapacity(capacity * 12)
        starts.reserveCapacity(capacity + 1)
    }

    mutating func append(_ text: [UInt8]) {
        bytes.append(contentsOf: text)
        starts.append(Int32(truncatingIfNeeded: bytes.count))
    }

    mutating func append(_ text: String) {
        bytes.append(contentsOf: text.utf8)
        starts.append(Int32(truncatingIfNeeded: bytes.count))
    }

    mutating func append(_ text: ArraySlice<UInt8>) {
        bytes.append(contentsOf: text)
        starts.append(Int32(truncatingIfNeeded: bytes.count))
    }

    subscript(_ place: Int32) -> ArraySlice<UInt8> {
        bytes[Int(starts[Int(place)])..<Int(starts[Int(place) + 1])]
    }

    /// Where the text begins: see `Foresight`.
    @inline(__always)
    func foresee(_ place: Int32) -> Int {
        let start = Int(starts[Int(place)])
        return start < bytes.count ? Int(bytes[start]) : 0
    }

    func text(_ place: Int32) -> String { String(decoding: self[place], as: UTF8.self) }

    /// Whether the text there is these bytes.
    func holds(_ other: ArraySlice<UInt8>, at place: Int32) -> Bool {
        let start = Int(starts[Int(place)])
        guard Int(starts[Int(place) + 1]) - start == other.count else { return false }
        let from = other.startIndex
        for offset in 0..<other.count where bytes[start + offset] != other[from + offset] { return false }
        return true
    }

    func holds(_ other: String, at place: Int32) -> Bool {
        var cursor = Int(starts[Int(place)])
        let end = Int(starts[Int(place) + 1])
        guard end - cursor == other.utf8.count else { return false }
        for byte in other.utf8 {
            if bytes[cursor] != byte { return false }
            cursor += 1
        }
        return true
    }

    /// Whether the text there comes before these bytes.
    func precedes(_ place: Int32, _ other: ArraySlice<UInt8>) -> Bool { self[place].lexicographicallyPrecedes(other) }

    func isAscending(_ left: Int32, _ right: Int32) -> Bool {
        var (a, b) = (Int(starts[Int(left)]), Int(starts[Int(right)]))
        let (aEnd, bEnd) = (Int(starts[Int(left) + 1]), Int(starts[Int(right) + 1]))
        while a < aEnd, b < bEnd {
            if bytes[a] != bytes[b] { return bytes[a] < bytes[b] }
            a += 1
            b += 1
        }
        return a == aEnd && b < bEnd
    }

    /// The same texts in another order.
    func arranged(_ order: [Int32]) -> TextArena {
        var arranged = TextArena()
        arranged.bytes.reserveCapacity(bytes.count)
        arranged.starts.reserveCapacity(starts.count)
        for place in order { arranged.append(self[place]) }
        return arranged
    }
}

/// Where the running part of a number is: its last run of digits, or the one before where that is the year of issue
/// (`577/2025`), counted from the end of its letters and digits.
struct NumberParts: Sendable {
    /// Letters and digits behind the running part.
    var tail: UInt8 = 0
    /// Digits of the running part.
    var digits: UInt8 = 0
    /// Leading ones of them that are the year of issue.
    var year: UInt8 = 0

    func lastDigits(of number: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        number.dropLast(Int(tail)).suffix(Int(digits))
    }

    /// The last digits without leading zeros, and the same without the year of issue in front.
    func running(of number: ArraySlice<UInt8>) -> (whole: ArraySlice<UInt8>, short: ArraySlice<UInt8>?) {
        let digits = lastDigits(of: number)
        let whole = digits.drop { $0 == 0x30 }
        guard year > 0, !whole.isEmpty else { return (whole, nil) }
        let rest = digits.dropFirst(Int(year)).drop { $0 == 0x30 }
        return (whole, rest.isEmpty || rest.count >= whole.count ? nil : rest)
    }

    /// - Parameter bytes: folded, with what stands between letters and digits.
    init(_ bytes: [UInt8], issuedIn issueYear: Int) {
        guard bytes.count < 256 else { return }
        var (start, end) = Self.lastRun(bytes[...])
        if Self.isYear(bytes[start..<end], issueYear) {
            let before = Self.lastRun(bytes[..<start])
            if before.start < before.end, before.end < start, !Self.isYear(bytes[before.start..<before.end], issueYear)
            {
                (start, end) = before
            }
        }
        tail = UInt8(truncatingIfNeeded: bytes[end...].count(where: Folding.isAlphanumeric))
        digits = UInt8(truncatingIfNeeded: end - start)
        for length in [4, 2] where end - start >= length + 3 {
            var value = 0
            for index in start..<start + length { value = value * 10 + Int(bytes[index] - 0x30) }
            if value == (length == 4 ? issueYear : issueYear % 100) {
                year = UInt8(length)
                return
            }
        }
    }

    private static func lastRun(_ bytes: ArraySlice<UInt8>) -> (start: Int, end: Int) {
        var end = bytes.endIndex
        while end > bytes.startIndex, !Folding.isDigit(bytes[end - 1]) { end -= 1 }
        var start = end
        while start > bytes.startIndex, Folding.isDigit(bytes[start - 1]) { start -= 1 }
        return (start, end)
    }

    /// The whole of it is the year of issue. Two digits may as well count something.
    private static func isYear(_ run: ArraySlice<UInt8>, _ issueYear: Int) -> Bool {
        run.count == 4 && run.reduce(0) { $0 * 10 + Int($1 - 0x30) } == issueYear
    }
}
