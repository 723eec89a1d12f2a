// SPDX-License-Identifier: Apache-2.0
import Documents

/// One line of a format whose fields are columns, counted from 1 as the banks' manuals count them.
struct FixedLine {
    /// The line's number in the file, from 1.
    let number: Int
    /// Characters it has; bytes where the program that wrote it counted those.
    let width: Int
    private let cells: [Unicode.Scalar]

    /// - Parameter width: What the format wants. A program that writes UTF-8 and counts bytes reaches it in bytes.
    init(_ bytes: [UInt8], number: Int, width wanted: Int) {
        self.number = number
        var scalars = Array(String(decoding: bytes, as: UTF8.self).unicodeScalars)
        if scalars.count != wanted, bytes.count == wanted {
            // A letter of two bytes takes two columns; the second holds nothing.
            scalars = scalars.flatMap { [$0] + Array(repeating: Self.filler, count: UTF8.width($0) - 1) }
        }
        cells = scalars
        width = scalars.count
    }

    private static let filler: Unicode.Scalar = "\0"

    /// The columns' text without blanks at both ends; what the line does not reach is blank.
    func text(_ columns: ClosedRange<Int>) -> String {
        raw(columns).trimmed
    }

    /// The columns' text with its blanks, as wide as was asked for.
    func raw(_ columns: ClosedRange<Int>) -> String {
        var text = String.UnicodeScalarView()
        for column in columns {
            guard column >= 1, column <= cells.count else {
                text.append(" ")
                continue
            }
            let scalar = cells[column - 1]
            if scalar != Self.filler { text.append(scalar) }
        }
        return String(text)
    }

    /// The scalar in a column, blank beyond the line's end.
    func letter(_ column: Int) -> Unicode.Scalar {
        column >= 1 && column <= cells.count ? cells[column - 1] : " "
    }

    /// The number that digits without a sign or mark make; nil when another character is among them.
    func integer(_ columns: ClosedRange<Int>) -> Int128? {
        guard columns.upperBound <= cells.count, columns.count <= 30 else { return nil }
        var value: Int128 = 0
        for column in columns {
            let digit = cells[column - 1].value
            guard digit >= 0x30, digit <= 0x39 else { return nil }
            value = value * 10 + Int128(digit - 0x30)
        }
        return value
    }

    /// An amount in columns of digits whose last `scale` are decimals.
    func decimal(_ columns: ClosedRange<Int>, scale: UInt8) -> ScaledDecimal? {
        integer(columns).map { ScaledDecimal(coefficient: $0, scale: scale) }
    }

    /// `DDMMYY` or `DDMMYYYY`, by the number of columns; nil for zeros, blanks and days that do not exist.
    func day(_ columns: ClosedRange<Int>) -> Day? {
        guard let number = integer(columns), number > 0 else { return nil }
        let digits = Int(number)
        let isLong = columns.count == 8
        let (day, month) = (digits / (isLong ? 1_000_000 : 10000), digits / (isLong ? 10000 : 100) % 100)
        return Day(year: isLong ? digits % 10000 : Century.year(digits % 100), month: month, day: day)
    }
}

/// Years of two digits, as bank files have them.
enum Century {
    /// 80 to 99 are of the twentieth century: no file is older, and no booking is that far in the future.
    static func year(_ digits: Int) -> Int { digits >= 80 ? 1900 + digits : 2000 + digits }
}
