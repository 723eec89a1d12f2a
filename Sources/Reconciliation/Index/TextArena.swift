// SPDX-License-Identifier: Apache-2.0

/// Many short texts one behind the other: a million of them without a million arrays.
struct TextArena {
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

    subscript(_ place: Int32) -> ArraySlice<UInt8> {
        bytes[Int(starts[Int(place)])..<Int(starts[Int(place) + 1])]
    }

    /// Whether the text there is these bytes.
    func holds(_ other: ArraySlice<UInt8>, at place: Int32) -> Bool {
        let start = Int(starts[Int(place)])
        guard Int(starts[Int(place) + 1]) - start == other.count else { return false }
        let from = other.startIndex
        for offset in 0..<other.count where bytes[start + offset] != other[from + offset] { return false }
        return true
    }
}

/// Where the running part of a number is: its last run of digits, counted from the end of its letters and digits.
struct NumberParts {
    /// Letters behind the last digit.
    var tail: UInt8 = 0
    /// Digits of the last run.
    var digits: UInt8 = 0
    /// Leading ones of them that are the year of issue.
    var year: UInt8 = 0

    init(_ number: String, issuedIn issueYear: Int) {
        let bytes = Folding.fold(number).bytes
        guard bytes.count < 256 else { return }
        var end = bytes.count
        while end > 0, !Folding.isDigit(bytes[end - 1]) {
            end -= 1
            if Folding.isAlphanumeric(bytes[end]) { tail += 1 }
        }
        var start = end
        while start > 0, Folding.isDigit(bytes[start - 1]) { start -= 1 }
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
}
