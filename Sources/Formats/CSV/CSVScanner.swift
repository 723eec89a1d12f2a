// SPDX-License-Identifier: Apache-2.0
package import Mappings

/// Splits UTF-8 text into rows by RFC 4180: quotes, doubled quotes, line ends inside quotes; CR, LF or CRLF.
///
/// Rows lie in one buffer as byte ranges; nothing is allocated per row. Blank lines are no rows.
package struct CSVScanner {
    /// The row that `next` found; its bytes are valid until the next `feed`.
    package private(set) var row = Record()
    package let delimiter: UInt8
    package let quote: UInt8
    /// Line of the next byte to scan, from 1.
    private var line: Int
    /// Where scanning goes on in `row.bytes`.
    private var cursor = 0
    private var atEnd = false
    private var doubled: [Int] = []

    package static let fieldBytesMax = 1 << 20
    package static let columnsMax = 1000
    package static let rowBytesMax = 1 << 24

    package init(delimiter: UInt8, quote: UInt8 = 0x22, line: Int = 1) {
        self.delimiter = delimiter
        self.quote = quote
        self.line = line
    }

    /// Appends text and forgets rows that were taken.
    package mutating func feed(_ text: [UInt8]) {
        if cursor > 0 {
            row.bytes.removeFirst(cursor)
            cursor = 0
        }
        row.bytes.append(contentsOf: text)
    }

    /// No more text comes: what is left is the last row.
    package mutating func finish() { atEnd = true }

    /// Finds the next whole row. False: more text is needed, or there is none.
    package mutating func next() throws(CSVFailure) -> Bool {
        while true {
            let found = try scan()
            guard found.complete else { return false }
            if !doubled.isEmpty { unquote() }
            cursor = found.after
            let startLine = line
            line = found.line
            row.line = startLine
            if row.count > 1 || row.starts[0] < row.ends[0] || found.quoted { return true }
        }
    }

    private struct Found {
        var complete: Bool
        var after: Int
        var line: Int
        var quoted: Bool
    }

    private mutating func scan() throws(CSVFailure) -> Found {
        let bytes = row.bytes
        let end = bytes.count
        var index = cursor
        var line = self.line
        var quoted = false
        row.count = 0
        if !doubled.isEmpty { doubled.removeAll(keepingCapacity: true) }
        guard index < end else { return Found(complete: false, after: index, line: line, quoted: false) }
        while true {
            guard index - cursor <= Self.rowBytesMax else { throw CSVFailure(.rowTooLong, line: self.line) }
            let start = index
            if index < end, bytes[index] == quote {
                quoted = true
                guard let close = try closing(bytes, index + 1, &line) else {
                    return Found(complete: false, after: index, line: line, quoted: true)
                }
                append(start + 1, close)
                index = close + 1
                if index >= end, !atEnd { return Found(complete: false, after: index, line: line, quoted: true) }
                guard index >= end || isBreak(bytes[index]) else {
                    throw CSVFailure(
                        .textAfterQuote, line: line,
                        text: String(decoding: bytes[start..<min(end, index + 20)], as: UTF8.self))
                }
            } else {
                while index < end, !isBreak(bytes[index]) { index += 1 }
                guard index - start <= Self.fieldBytesMax else { throw CSVFailure(.fieldTooLong, line: self.line) }
                append(start, index)
            }
            guard index < end else {
                return Found(complete: atEnd, after: index, line: line + 1, quoted: quoted)
            }
            if bytes[index] == delimiter {
                guard row.count < Self.columnsMax else { throw CSVFailure(.tooManyColumns, line: self.line) }
                index += 1
                continue
            }
            if bytes[index] == 0x0D {
                guard index + 1 < end || atEnd else {
                    return Found(complete: false, after: index, line: line, quoted: quoted)
                }
                if index + 1 < end, bytes[index + 1] == 0x0A { index += 1 }
            }
            return Found(complete: true, after: index + 1, line: line + 1, quoted: quoted)
        }
    }

    @inline(__always)
    private func isBreak(_ byte: UInt8) -> Bool { byte == delimiter || byte == 0x0A || byte == 0x0D }

    /// The index of the quote that closes a field; nil when it has not come yet.
    private mutating func closing(_ bytes: [UInt8], _ from: Int, _ line: inout Int) throws(CSVFailure) -> Int? {
        var index = from
        let end = bytes.count
        while index < end {
            let byte = bytes[index]
            if byte == quote {
                guard index + 1 < end else { return atEnd ? index : nil }
                guard bytes[index + 1] == quote else { return index }
                if doubled.last != row.count { doubled.append(row.count) }
                index += 2
                continue
            }
            if byte == 0x0A || byte == 0x0D && (index + 1 >= end || bytes[index + 1] != 0x0A) { line += 1 }
            index += 1
            guard index - from <= Self.fieldBytesMax else { throw CSVFailure(.quoteOpen, line: self.line) }
        }
        if atEnd { throw CSVFailure(.quoteOpen, line: self.line) }
        return nil
    }

    @inline(__always)
    private mutating func append(_ start: Int, _ end: Int) {
        if row.count < row.starts.count {
            row.starts[row.count] = start
            row.ends[row.count] = end
        } else {
            row.starts.append(start)
            row.ends.append(end)
        }
        row.count += 1
    }

    /// Makes one quote of two, in place; only fields that have them are touched.
    private mutating func unquote() {
        for field in doubled {
            var write = row.starts[field]
            var read = write
            let end = row.ends[field]
            while read < end {
                if row.bytes[read] == quote { read += 1 }
                row.bytes[write] = row.bytes[min(read, end - 1)]
                write += 1
                read += 1
            }
            row.ends[field] = write
        }
    }
}

/// A doubt about the structure of the text, which refuses the whole file.
package struct CSVFailure: Error, Hashable, Sendable {
    package enum Problem: Hashable, Sendable {
        case quoteOpen, textAfterQuote, fieldTooLong, rowTooLong, tooManyColumns
    }

    package var problem: Problem
    /// The line the row begins on, where a quote was opened.
    package var line: Int
    package var text: String

    init(_ problem: Problem, line: Int, text: String = "") {
        self.problem = problem
        self.line = line
        self.text = text
    }
}
