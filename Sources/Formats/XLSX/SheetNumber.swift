// SPDX-License-Identifier: Apache-2.0
import Documents

/// A spreadsheet's number as exact decimal text.
///
/// A sheet stores binary fractions: `1180.1` is kept as `1180.0999999999999`. What it shows has at most 15 significant
/// digits; so do we, and at most nine decimals, past which lie only the traces of subtraction. Digits left of that are
/// lost in the sheet already: such a number keeps its exponent (`1.23E+17`), which no amount or identifier accepts.
struct SheetNumber {
    /// Significant digits, without zeros at either end.
    private(set) var digits: [UInt8] = []
    /// The value is 0.digits × 10^point.
    private(set) var point = 0
    private(set) var isNegative = false

    static let digitsMax = 15
    static let decimalsMax = 9

    /// Nil when the text is no number.
    init?(_ text: ArraySlice<UInt8>) {
        var index = text.startIndex
        if index < text.endIndex, text[index] == 0x2D || text[index] == 0x2B {
            isNegative = text[index] == 0x2D
            index += 1
        }
        var seen = 0
        var isFraction = false
        scan: while index < text.endIndex {
            let byte = text[index]
            switch byte {
            case 0x30...0x39:
                seen += 1
                if digits.isEmpty, byte == 0x30 {
                    if isFraction { point -= 1 }
                } else {
                    if digits.count < 40 { digits.append(byte &- 0x30) }
                    if !isFraction { point += 1 }
                }
            case 0x2E where !isFraction: isFraction = true
            case 0x45, 0x65: break scan
            default: return nil
            }
            index += 1
        }
        guard seen > 0 else { return nil }
        if index < text.endIndex {
            guard let exponent = Int(String(decoding: text[(index + 1)...], as: UTF8.self)), abs(exponent) < 400 else {
                return nil
            }
            point += exponent
        }
        round(to: min(Self.digitsMax, Self.decimalsMax + point))
    }

    private mutating func round(to count: Int) {
        if count < 0 { digits = [] }
        if count >= 0, digits.count > count {
            let up = digits[count] >= 5
            digits.removeLast(digits.count - count)
            if up { increment() }
        }
        while digits.last == 0 { digits.removeLast() }
        if digits.isEmpty { (point, isNegative) = (0, false) }
    }

    private mutating func increment() {
        var index = digits.count - 1
        while index >= 0 {
            if digits[index] < 9 {
                digits[index] += 1
                return
            }
            digits[index] = 0
            index -= 1
        }
        digits.insert(1, at: 0)
        point += 1
    }

    /// Appends the text: digits with a decimal point, or with an exponent where digits are lost.
    func append(to bytes: inout [UInt8]) {
        if isNegative { bytes.append(0x2D) }
        guard point <= Self.digitsMax else {
            for (index, digit) in digits.enumerated() {
                if index == 1 { bytes.append(0x2E) }
                bytes.append(digit + 0x30)
            }
            bytes.append(contentsOf: "E+\(point - 1)".utf8)
            return
        }
        if point <= 0 {
            bytes.append(0x30)
            if !digits.isEmpty {
                bytes.append(0x2E)
                bytes.append(contentsOf: repeatElement(0x30, count: -point))
            }
        }
        for (index, digit) in digits.enumerated() {
            if index == point, index > 0 { bytes.append(0x2E) }
            bytes.append(digit + 0x30)
        }
        if point > digits.count { bytes.append(contentsOf: repeatElement(0x30, count: point - digits.count)) }
    }

    /// The digits left of the point; nil past what a day or a padded number can be.
    var whole: Int? {
        guard point <= Self.digitsMax else { return nil }
        var value = 0
        for index in 0..<max(0, point) { value = value * 10 + (index < digits.count ? Int(digits[index]) : 0) }
        return isNegative ? -value : value
    }

    var isWhole: Bool { digits.count <= max(0, point) }

    /// Seconds of the fraction of a day, to the nearest.
    private var seconds: Int {
        var fraction = 0
        for place in 0..<12 {
            let index = point + place
            fraction = fraction * 10 + (index >= 0 && index < digits.count ? Int(digits[index]) : 0)
        }
        return (fraction / 1000 * 86_400 + 500_000_000) / 1_000_000_000
    }

    /// Appends the day a serial number stands for, with its time where it has one; false when it is no day.
    ///
    /// Day 60 of the 1900 calendar is 29 February 1900, which never was; the days before it are counted from it.
    func appendDay(to bytes: inout [UInt8], from1904: Bool) -> Bool {
        guard !isNegative, var serial = whole, serial < 2_958_466 else { return false }
        var seconds = seconds
        if seconds >= 86_400 { (serial, seconds) = (serial + 1, 0) }
        if serial == 0, !from1904 {
            Self.appendTime(seconds, to: &bytes)
            return true
        }
        if from1904 { serial += 1462 } else if serial == 60 { return false } else if serial < 60 { serial += 1 }
        let day = Day(number: Int32(serial - 25_569))
        bytes.append(contentsOf: day.text.utf8)
        guard seconds > 0 else { return true }
        bytes.append(0x54)
        Self.appendTime(seconds, to: &bytes)
        return true
    }

    private static func appendTime(_ seconds: Int, to bytes: inout [UInt8]) {
        for (index, part) in [seconds / 3600, seconds / 60 % 60, seconds % 60].enumerated() {
            if index > 0 { bytes.append(0x3A) }
            bytes.append(UInt8(0x30 + part / 10 % 10))
            bytes.append(UInt8(0x30 + part % 10))
        }
    }
}
