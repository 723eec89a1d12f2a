// SPDX-License-Identifier: Apache-2.0
package import Documents

/// How a column or a field writes its days.
package enum DateConvention: Hashable, Sendable {
    /// `yyyy-MM-dd`, with or without a time and an offset.
    case iso
    case pattern(DatePattern)
    /// Day, month, four-digit year with `.`, `-` or `/` between; one or two digits. Settled from a column's values.
    case dayFirst
    case monthFirst
    /// `yyyy` first, with or without marks.
    case yearFirst
    /// A month in words and a four-digit year, in one of the ways of `DatePattern.inWords`: no two read a text alike.
    case monthInWords
    case epochSeconds
    case epochMilliseconds
    /// `/Date(1700000000000+0000)/`; a date is its UTC day, because its senders encode midnight UTC.
    case msjson
    /// A map of year, month and day; trees only.
    case parts
    /// Days since 1899-12-30, as spreadsheets count.
    case excel
    /// The first that the text fits; compiled so that no text fits two of them as different days.
    case oneOf([DateConvention])

    /// A `read.date` or `date:` text; nil when it is none of the names and no pattern.
    package init?(_ text: String) {
        switch text {
        case "iso": self = .iso
        case "epoch_s": self = .epochSeconds
        case "epoch_ms": self = .epochMilliseconds
        case "msjson": self = .msjson
        case "parts": self = .parts
        case "excel": self = .excel
        default:
            guard let pattern = DatePattern(text) else { return nil }
            self = .pattern(pattern)
        }
    }

    package var description: String {
        switch self {
        case .iso: "iso"
        case .pattern(let pattern): pattern.text
        case .dayFirst: "day, month, year"
        case .monthFirst: "month, day, year"
        case .yearFirst: "year, month, day"
        case .monthInWords: "day, month in words, year"
        case .epochSeconds: "epoch_s"
        case .epochMilliseconds: "epoch_ms"
        case .msjson: "msjson"
        case .parts: "parts"
        case .excel: "excel"
        case .oneOf(let conventions): conventions.map(\.description).joined(separator: " or ")
        }
    }

    /// What a column may be settled to that no mapping describes.
    package static let settled: [DateConvention] = [.yearFirst, .dayFirst, .monthFirst, .monthInWords]

    /// A text that two of the conventions read as different days, and both readings; nil when there is none.
    ///
    /// Tried with every day of a leap year, as it is written: patterns differ by marks and order, not by the day.
    static func clash(_ conventions: [DateConvention]) -> (text: String, one: Day, other: Day)? {
        for number in Int32(15_340)..<Int32(15_706) {
            let day = Day(number: number)
            for writer in conventions {
                let text = if case .pattern(let pattern) = writer { pattern.text(of: day) } else { day.text }
                for reader in conventions {
                    if let other = reader.read(text)?.day, other != day { return (text, day, other) }
                }
            }
        }
        return nil
    }
}

/// A day, or an instant, or a local time without a zone.
package struct DateReading: Hashable, Sendable {
    /// The day as written.
    package var day: Day
    /// Milliseconds after midnight, as written.
    package var time: Int64 = 0
    /// Milliseconds east of UTC, where the text says so.
    package var offset: Int64?

    package init(day: Day, time: Int64 = 0, offset: Int64? = nil) {
        self.day = day
        self.time = time
        self.offset = offset
    }

    /// Milliseconds since the epoch, reading a text without offset as UTC.
    package var milliseconds: Int64 { Int64(day.number) * 86_400_000 + time - (offset ?? 0) }
}

/// A fixed date pattern: `yyyy yy MM M MMM dd d HH mm ss SSS XXX`, other characters as themselves, letters quoted.
///
/// `M` and `d` take one or two digits, `MMM` a month of `MonthNames` with or without a dot, `yy` 00–79 is 20yy.
package struct DatePattern: Hashable, Sendable {
    enum Element: Hashable, Sendable {
        case literal(UInt8)
        case year4, year2, month2, month, monthName, day2, day, hour, minute, second, fraction, offset
    }

    package let text: String
    let elements: [Element]

    /// How programs write a month in words.
    package static let inWords = (days + timed).compactMap { DatePattern($0) }

    private static let days = [
        "d MMM yyyy", "d-MMM-yyyy", "d/MMM/yyyy", "d.MMM.yyyy", "d. MMM yyyy", "d 'de' MMM 'de' yyyy", "MMM d, yyyy",
        "MMM d yyyy",
    ]
    /// The usual ones, with the time of day that payment providers add.
    private static let timed = ["d MMM yyyy", "d-MMM-yyyy", "MMM d, yyyy"].flatMap { day in
        [" HH:mm", " HH:mm:ss", ", HH:mm", ", HH:mm:ss"].map { day + $0 }
    }

    /// Nil for an unknown letter, an unclosed quote, or a pattern without year, month and day.
    package init?(_ text: String) {
        var elements: [Element] = []
        let bytes = Array(text.utf8)
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if byte == 0x27 {
                guard let close = bytes[(index + 1)...].firstIndex(of: 0x27) else { return nil }
                if close == index + 1 { elements.append(.literal(0x27)) }
                elements.append(contentsOf: bytes[(index + 1)..<close].map(Element.literal))
                index = close + 1
                continue
            }
            guard (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) else {
                elements.append(.literal(byte))
                index += 1
                continue
            }
            var run = index
            while run < bytes.count, bytes[run] == byte { run += 1 }
            guard let element = Self.element(byte, run - index) else { return nil }
            elements.append(element)
            index = run
        }
        let hasYear = elements.contains(.year4) || elements.contains(.year2)
        let hasMonth = elements.contains(.month2) || elements.contains(.month) || elements.contains(.monthName)
        guard hasYear, hasMonth, elements.contains(.day2) || elements.contains(.day) else { return nil }
        self.text = text
        self.elements = elements
    }

    private static func element(_ letter: UInt8, _ count: Int) -> Element? {
        switch (letter, count) {
        case (0x79, 4): .year4
        case (0x79, 2): .year2
        case (0x4D, 3): .monthName
        case (0x4D, 2): .month2
        case (0x4D, 1): .month
        case (0x64, 2): .day2
        case (0x64, 1): .day
        case (0x48, 2): .hour
        case (0x6D, 2): .minute
        case (0x73, 2): .second
        case (0x53, 3): .fraction
        case (0x58, 1...3): .offset
        default: nil
        }
    }

    /// The whole of `bytes[start..<end]` must match.
    func read(_ bytes: [UInt8], _ start: Int, _ end: Int) -> DateReading? {
        var scan = DateScan(bytes: bytes, index: start, end: end)
        var (year, month, day) = (0, 0, 0)
        var time: Int64 = 0
        var offset: Int64?
        for (place, element) in elements.enumerated() {
            switch element {
            case .literal(let byte): guard scan.take(byte) else { return nil }
            case .year4:
                guard let value = scan.number(4, 4) else { return nil }
                year = value
            case .year2:
                guard let value = scan.number(2, 2) else { return nil }
                year = value < 80 ? 2000 + value : 1900 + value
            case .month2, .month:
                guard let value = scan.number(element == .month2 ? 2 : 1, 2) else { return nil }
                month = value
            case .monthName:
                // A dot that the pattern has itself is the pattern's.
                let isDotted = place + 1 < elements.count && elements[place + 1] == .literal(0x2E)
                guard let value = scan.monthName(mayEndInDot: !isDotted) else { return nil }
                month = value
            case .day2, .day:
                guard let value = scan.number(element == .day2 ? 2 : 1, 2) else { return nil }
                day = value
            case .hour, .minute, .second, .fraction:
                guard let value = scan.clock(element) else { return nil }
                time += value
            case .offset:
                guard let value = scan.offset() else { return nil }
                offset = value
            }
        }
        guard scan.index == end, let date = Day(year: year, month: month, day: day) else { return nil }
        return DateReading(day: date, time: time, offset: offset)
    }
}

/// A cursor over the bytes of a date.
struct DateScan {
    let bytes: [UInt8]
    var index: Int
    let end: Int

    mutating func take(_ byte: UInt8) -> Bool {
        guard index < end, bytes[index] == byte else { return false }
        index += 1
        return true
    }

    /// A number of `least` to `most` digits.
    mutating func number(_ least: Int, _ most: Int) -> Int? {
        var value = 0
        var count = 0
        while index < end, count < most {
            let digit = bytes[index] &- 0x30
            guard digit <= 9 else { break }
            value = value * 10 + Int(digit)
            count += 1
            index += 1
        }
        return count >= least ? value : nil
    }

    mutating func clock(_ element: DatePattern.Element) -> Int64? {
        switch element {
        case .hour: number(2, 2).flatMap { $0 < 24 ? Int64($0) * 3_600_000 : nil }
        case .minute: number(2, 2).flatMap { $0 < 60 ? Int64($0) * 60_000 : nil }
        case .second: number(2, 2).flatMap { $0 < 61 ? Int64($0) * 1000 : nil }
        default: number(3, 3).map(Int64.init)
        }
    }

    /// All letters from here must be one month's name.
    mutating func monthName(mayEndInDot: Bool) -> Int? {
        var stop = index
        while stop < end, bytes[stop] >= 0x80 || (0x61...0x7A).contains(bytes[stop] | 0x20) { stop += 1 }
        guard stop > index, let month = MonthNames.month(String(decoding: bytes[index..<stop], as: UTF8.self)) else {
            return nil
        }
        index = stop
        if mayEndInDot { _ = take(0x2E) }
        return month
    }

    /// `Z`, `+0100` or `+01:00`, in milliseconds.
    mutating func offset() -> Int64? {
        if take(0x5A) || take(0x7A) { return 0 }
        let sign: Int64
        if take(0x2B) { sign = 1 } else if take(0x2D) { sign = -1 } else { return nil }
        guard let hours = number(2, 2), hours < 19 else { return nil }
        _ = take(0x3A)
        guard let minutes = number(2, 2), minutes < 60 else { return nil }
        return sign * Int64(hours * 60 + minutes) * 60_000
    }

    /// `HH:mm[:ss[.fraction]]` and an offset, to the end.
    mutating func timeAndOffset() -> (time: Int64, offset: Int64?)? {
        guard let hour = number(2, 2), hour < 24, take(0x3A), let minute = number(2, 2), minute < 60 else {
            return nil
        }
        var time = Int64(hour * 60 + minute) * 60_000
        if take(0x3A) {
            guard let second = number(2, 2), second < 61 else { return nil }
            time += Int64(second) * 1000
            if take(0x2E) {
                guard let fraction = fractionMilliseconds() else { return nil }
                time += fraction
            }
        }
        if index == end { return (time, nil) }
        _ = take(0x20)
        guard let zone = offset(), index == end else { return nil }
        return (time, zone)
    }

    private mutating func fractionMilliseconds() -> Int64? {
        var value: Int64 = 0
        var unit: Int64 = 100
        var count = 0
        while index < end, bytes[index] &- 0x30 <= 9, count < 9 {
            value += Int64(bytes[index] - 0x30) * unit
            unit /= 10
            count += 1
            index += 1
        }
        return count > 0 ? value : nil
    }
}
