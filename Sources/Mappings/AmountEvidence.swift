// SPDX-License-Identifier: Apache-2.0
package import Documents

/// What the values of one column say about its decimal and group marks.
///
/// Ambiguity is a property of the whole column: `1,234` is settled by a `12,5` anywhere in it.
package struct AmountEvidence: Sendable {
    package struct Sample: Hashable, Sendable {
        package var line: Int
        package var text: String
    }

    /// The first value that can only be read with this decimal mark.
    package private(set) var comma: Sample?
    package private(set) var point: Sample?
    /// The first values that can be read both ways.
    package private(set) var unclear: [Sample] = []
    package private(set) var unclearCount = 0
    private var spaces = false
    private var apostrophes = false

    package static let samplesMax = 5

    package init() {}

    /// Looks at one value; marks inside it are all that counts.
    package mutating func add(_ bytes: [UInt8], _ start: Int, _ end: Int, line: Int) {
        var lastMark: UInt8 = 0
        var commas = 0
        var points = 0
        var before = 0
        var after = 0
        var leadingZero = false
        var seenBlank = false
        for index in start..<end {
            let byte = bytes[index]
            switch byte {
            case 0x30...0x39:
                if seenBlank { spaces = true }
                if before == 0, lastMark == 0 { leadingZero = byte == 0x30 }
                if lastMark == 0 { before += 1 } else { after += 1 }
            case 0x2C, 0x2E:
                if byte == 0x2C { commas += 1 } else { points += 1 }
                lastMark = byte
                after = 0
            case 0x20, 0xA0, 0xAF: seenBlank = before > 0
            case 0x27, 0x99: apostrophes = before > 0
            default: break
            }
        }
        guard lastMark != 0, before > 0 else { return }
        func sample() -> Sample {
            Sample(line: line, text: String(decoding: bytes[start..<end], as: UTF8.self))
        }
        if commas > 0, points > 0 {
            decide(lastMark, sample())
        } else if commas + points > 1 {
            decide(lastMark == 0x2C ? 0x2E : 0x2C, sample())
        } else if after == 3, before <= 3, !leadingZero {
            unclearCount += 1
            if unclear.count < Self.samplesMax { unclear.append(sample()) }
        } else {
            decide(lastMark, sample())
        }
    }

    private mutating func decide(_ decimal: UInt8, _ sample: @autoclosure () -> Sample) {
        if decimal == 0x2C {
            if comma == nil { comma = sample() }
        } else if point == nil {
            point = sample()
        }
    }

    /// The column's convention, or the refusal that says why there is none.
    package func settle(column: String) -> Result<AmountConvention, Refusal> {
        switch (comma, point) {
        case (let comma?, let point?):
            return .failure(
                Refusal(
                    "AMOUNT-MIXED", line: max(comma.line, point.line),
                    "column \"\(column)\" uses both marks as decimal mark: \"\(comma.text)\" in line "
                        + "\(comma.line), \"\(point.text)\" in line \(point.line)",
                    hint: "Correct the export; one column can have only one decimal mark."))
        case (.some, nil): return .success(convention(0x2C))
        case (nil, .some): return .success(convention(0x2E))
        case (nil, nil):
            guard let first = unclear.first else { return .success(convention(0x2E)) }
            let readings = AmountText.readings(of: first.text) ?? (first.text, first.text)
            return .failure(
                Refusal(
                    "AMOUNT-AMBIGUOUS", line: first.line,
                    "column \"\(column)\": \"\(first.text)\" is \(readings.decimal) or \(readings.group), and no "
                        + "other value of the column settles which (\(Refusal.lines(unclear.map(\.line), of: unclearCount)))",
                    hint: "State `read: { decimal: …, group: … }` in the mapping."))
        }
    }

    private func convention(_ decimal: UInt8) -> AmountConvention {
        let group: AmountConvention.Group =
            apostrophes ? .apostrophe : spaces ? .space : .mark(decimal == 0x2C ? 0x2E : 0x2C)
        return AmountConvention(decimal: decimal, group: group)
    }
}

/// A doubt that refuses the whole file.
package struct Refusal: Error, Hashable, Sendable {
    package var code: String
    package var line: Int
    package var message: String
    package var hint: String

    package init(_ code: String, line: Int, _ message: String, hint: String) {
        self.code = code
        self.line = line
        self.message = message
        self.hint = hint
    }

    package var fault: Fault {
        Fault(code, .refusal, at: line > 0 ? .line(line) : .file, message, hint: hint)
    }

    /// `line 3`, `lines 3, 4, 9 and 12 more`.
    static func lines(_ numbers: [Int], of count: Int) -> String {
        let listed = numbers.map(String.init).joined(separator: ", ")
        let more = count - numbers.count
        return (count == 1 ? "line " : "lines ") + listed + (more > 0 ? " and \(more) more" : "")
    }
}
