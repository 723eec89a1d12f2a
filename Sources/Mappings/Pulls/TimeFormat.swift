// SPDX-License-Identifier: Apache-2.0
import Documents
import Trees

/// How a moment is written into a request: the names and letters of `read.date`, and single parts of it (`yyyy`).
package struct TimeFormat: Hashable, Sendable {
    enum Form: Hashable, Sendable {
        case iso, http, epochSeconds, epochMilliseconds
        case pattern([Element])
    }

    enum Element: Hashable, Sendable {
        case literal(String)
        /// A letter of the pattern and how many digits it has at least.
        case part(UInt8, Int)
    }

    static let iso = TimeFormat(form: .iso)
    let form: Form

    private init(form: Form) { self.form = form }

    /// Nil for an unknown letter or an unclosed quote.
    package init?(_ text: String) {
        switch text {
        case "iso": form = .iso
        case "http": form = .http
        case "epoch_s": form = .epochSeconds
        case "epoch_ms": form = .epochMilliseconds
        default:
            guard let elements = Self.elements(text) else { return nil }
            form = .pattern(elements)
        }
    }

    private static func elements(_ text: String) -> [Element]? {
        var elements: [Element] = []
        let bytes = Array(text.utf8)
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if byte == 0x27 {
                guard let close = bytes[(index + 1)...].firstIndex(of: 0x27) else { return nil }
                elements.append(.literal(String(decoding: bytes[(index + 1)..<close], as: UTF8.self)))
                index = close + 1
                continue
            }
            var end = index
            while end < bytes.count, bytes[end] == byte { end += 1 }
            if (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) {
                guard "yMdHmsSX".utf8.contains(byte) else { return nil }
                elements.append(.part(byte, end - index))
            } else {
                elements.append(.literal(String(decoding: bytes[index..<end], as: UTF8.self)))
            }
            index = end
        }
        return elements.isEmpty ? nil : elements
    }

    /// - Parameter milliseconds: since 1970, UTC (or the source's own clock, for a source that states no offset).
    package func text(_ milliseconds: Int64) -> String {
        let day = Day(number: Int32(clamping: Self.floor(milliseconds, 86_400_000)))
        let time = milliseconds - Self.floor(milliseconds, 86_400_000) * 86_400_000
        let (hour, minute) = (time / 3_600_000, time / 60_000 % 60)
        let (second, fraction) = (time / 1000 % 60, time % 1000)
        func padded(_ number: Int64, _ digits: Int) -> String {
            let text = String(number)
            return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
        }
        switch form {
        case .iso:
            let clock = "\(padded(hour, 2)):\(padded(minute, 2)):\(padded(second, 2))"
            return "\(day)T\(clock)" + (fraction == 0 ? "" : ".\(padded(fraction, 3))") + "Z"
        case .http:
            let names = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
            let weekday = names[Int(((Int64(day.number) % 7) + 7) % 7)]
            return "\(weekday), \(padded(Int64(day.dayOfMonth), 2)) \(HTTPDate.months[day.month - 1]) \(day.year) "
                + "\(padded(hour, 2)):\(padded(minute, 2)):\(padded(second, 2)) GMT"
        case .epochSeconds: return String(Self.floor(milliseconds, 1000))
        case .epochMilliseconds: return String(milliseconds)
        case .pattern(let elements):
            return elements.map { element in
                switch element {
                case .literal(let text): return text
                case .part(let letter, let digits):
                    switch letter {
                    case 0x79: return padded(Int64(digits == 2 ? day.year % 100 : day.year), digits)
                    case 0x4D: return padded(Int64(day.month), digits)
                    case 0x64: return padded(Int64(day.dayOfMonth), digits)
                    case 0x48: return padded(hour, digits)
                    case 0x6D: return padded(minute, digits)
                    case 0x73: return padded(second, digits)
                    case 0x53: return padded(fraction, digits)
                    default: return digits == 1 ? "Z" : digits == 2 ? "+0000" : "+00:00"
                    }
                }
            }.joined()
        }
    }

    static func floor(_ value: Int64, _ unit: Int64) -> Int64 {
        let quotient = value / unit
        return value < 0 && quotient * unit != value ? quotient - 1 : quotient
    }
}

/// `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, 5.6.7), as `Date` and `Retry-After` have it.
enum HTTPDate {
    static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    static func milliseconds(_ text: String) -> Int64? {
        let words = text.split(separator: " ")
        guard words.count == 6, words[5] == "GMT" || words[5] == "UTC",
            let month = months.firstIndex(of: String(words[2])), let number = Int(words[1]),
            let year = Int(words[3]), let day = Day(year: year, month: month + 1, day: number)
        else { return nil }
        let clock = words[4].split(separator: ":").compactMap { Int64($0) }
        guard clock.count == 3, clock[0] < 24, clock[1] < 60, clock[2] < 62, clock.allSatisfy({ $0 >= 0 }) else {
            return nil
        }
        return Int64(day.number) * 86_400_000 + (clock[0] * 3600 + clock[1] * 60 + clock[2]) * 1000
    }
}

/// How far a stream was read: the largest value seen and committed.
package enum PullCursor: Hashable, Sendable, Comparable {
    /// A sequence number, such as a row version.
    case number(Int64)
    /// Milliseconds since 1970.
    case time(Int64)

    package var kind: String {
        switch self {
        case .number: "number"
        case .time: "time"
        }
    }

    package var value: Int64 {
        switch self {
        case .number(let value), .time(let value): value
        }
    }

    package init?(kind: String, value: Int64) {
        switch kind {
        case "number": self = .number(value)
        case "time": self = .time(value)
        default: return nil
        }
    }

    package static func < (left: PullCursor, right: PullCursor) -> Bool { left.value < right.value }

    /// In words that people read: the moment, or the number.
    package var text: String {
        switch self {
        case .number(let number): String(number)
        case .time(let milliseconds): TimeFormat.iso.text(milliseconds)
        }
    }

    func minus(_ overlap: Int64) -> PullCursor {
        switch self {
        case .number(let value): .number(value.subtractingReportingOverflow(overlap).partialValue)
        case .time(let value): .time(value.subtractingReportingOverflow(overlap).partialValue)
        }
    }
}

/// Reads the value a record is ordered by.
struct CursorReading: Sendable {
    /// The first that has a value counts.
    var paths: [Path]
    var isNumber: Bool
    /// `read.date`, then `sync.as`.
    var conventions: [DateConvention]

    /// Nil when the record has none; such a record does not move the cursor.
    func value(_ record: Record) -> PullCursor? {
        for path in paths {
            for node in path.hits(in: record.tree) {
                if let value = value(node) { return value }
            }
        }
        return nil
    }

    private func value(_ node: Node) -> PullCursor? {
        if node.entries != nil { return parts(node) }
        guard let text = node.ownText, !text.isEmpty else { return nil }
        if isNumber { return Int64(text).map(PullCursor.number) }
        for convention in conventions {
            if let reading = convention.read(text) { return .time(reading.milliseconds) }
        }
        return nil
    }

    /// `{year, month, day, hour, minute, second, microsecond}`.
    private func parts(_ node: Node) -> PullCursor? {
        func number(_ key: String) -> Int64? { node[key]?.scalar.flatMap { Int64($0) } }
        guard let year = number("year"), let month = number("month"), let dayNumber = number("day"),
            let day = Day(year: Int(clamping: year), month: Int(clamping: month), day: Int(clamping: dayNumber))
        else { return nil }
        let clock = [number("hour") ?? 0, number("minute") ?? 0, number("second") ?? 0]
        let micro = number("microsecond") ?? 0
        guard clock.allSatisfy({ $0 >= 0 && $0 < 62 }), micro >= 0, micro < 1_000_000 else { return nil }
        return .time(
            Int64(day.number) * 86_400_000 + (clock[0] * 3600 + clock[1] * 60 + clock[2]) * 1000 + micro / 1000)
    }
}
