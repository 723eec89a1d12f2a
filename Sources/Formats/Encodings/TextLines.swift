// SPDX-License-Identifier: Apache-2.0
import Documents

/// Where the bytes of a text format come from.
enum TextSource {
    case file(SourceFile)
    /// In memory, in any pieces.
    case pieces([[UInt8]])

    func each(_ body: ([UInt8]) throws -> Void) throws {
        switch self {
        case .file(let file): try file.chunks { try body($0) }
        case .pieces(let pieces): for piece in pieces { try body(piece) }
        }
    }

    /// What the bytes say of their encoding.
    var census: ByteCensus {
        switch self {
        case .file(let file): return file.census
        case .pieces(let pieces):
            var census = ByteCensus()
            for piece in pieces { census.add(piece) }
            census.finish()
            return census
        }
    }

    func head(_ count: Int) throws -> [UInt8] {
        switch self {
        case .file(let file): return try file.head(count)
        case .pieces(let pieces):
            var head: [UInt8] = []
            for piece in pieces where head.count < count { head += piece.prefix(count - head.count) }
            return head
        }
    }
}

extension EncodingChoice {
    /// The encoding of a file that no mapping describes: its mark, else UTF-8 when all of it is, else what it
    /// declares, else the usual code page of banks.
    /// - Parameter declared: What the file says of itself; bank files often say it wrongly.
    static func choose(
        _ source: TextSource, declared: TextEncoding? = nil
    ) throws -> Result<EncodingChoice, EncodingRefusal> {
        try find(source, declared).map { choice in
            var choice = choice
            choice.isPadded =
                choice.encoding != .utf16le && choice.encoding != .utf16be && source.census.firstNUL != nil
            return choice
        }
    }

    private static func find(
        _ source: TextSource, _ declared: TextEncoding?
    ) throws -> Result<EncodingChoice, EncodingRefusal> {
        let mark = TextEncoding.mark(of: try source.head(3))
        let census = source.census
        // In UTF-16 half of the bytes may be zero.
        if let offset = census.innerNUL, mark == nil || mark?.encoding == .utf8 {
            let fault = Fault(
                "NUL-BYTE", .refusal, at: .file, "byte \(offset + 1) of the file is NUL, so it is no text",
                hint: "It is damaged, or UTF-16 without a byte order mark: download it again from the bank.")
            return .failure(EncodingRefusal(fault: fault))
        }
        if let mark {
            return .success(
                EncodingChoice(
                    encoding: mark.encoding, markLength: mark.length, reason: "the file begins with its mark"))
        }
        if census.isUTF8 {
            return .success(
                EncodingChoice(
                    encoding: .utf8,
                    reason: census.isASCII ? "every byte is ASCII" : "every byte is well-formed UTF-8"))
        }
        if let declared, declared != .utf8, declared != .utf16le, declared != .utf16be {
            return .success(EncodingChoice(encoding: declared, reason: "the file says so, and it is not UTF-8"))
        }
        var choice = EncodingChoice(
            encoding: .windows1252, reason: "not UTF-8; windows-1252 is what most Western banks write")
        choice.warning = Fault(
            "ENCODING-GUESSED", .warning, at: .line(census.firstBadLine ?? 1),
            "the file is not UTF-8 and states no other encoding; it is read as windows-1252",
            hint: "Check a name with an accent. Amounts, days and account numbers are not touched by it.")
        return .success(choice)
    }
}

/// Cuts UTF-8 into lines that end in LF, CR LF or CR; only the line that is not finished is kept.
struct LineSplitter {
    /// Bytes; the longest line of the formats read by lines has 400 characters.
    static let lineMax = 1 << 16

    /// The number of the line that was last passed on, from 1.
    private(set) var number = 0
    private var line: [UInt8] = []
    private var endsInReturn = false

    /// In the middle of a line.
    var isInside: Bool { !line.isEmpty }

    /// - Returns: The refusal of a line without end, or what `body` refuses.
    mutating func feed(_ bytes: [UInt8], _ body: ([UInt8], Int) throws -> Fault?) rethrows -> Fault? {
        var start = 0
        if endsInReturn, let first = bytes.first {
            if first == 0x0A { start = 1 }
            endsInReturn = false
        }
        var cursor = start
        while cursor < bytes.count {
            let byte = bytes[cursor]
            guard byte == 0x0A || byte == 0x0D else {
                cursor += 1
                continue
            }
            line += bytes[start..<cursor]
            if let fault = try pass(body) { return fault }
            cursor += 1
            if byte == 0x0D {
                if cursor == bytes.count { endsInReturn = true }
                if cursor < bytes.count, bytes[cursor] == 0x0A { cursor += 1 }
            }
            start = cursor
        }
        line += bytes[start...]
        return tooLong
    }

    /// What follows the last end of line.
    mutating func finish(_ body: ([UInt8], Int) throws -> Fault?) rethrows -> Fault? {
        line.isEmpty ? nil : try pass(body)
    }

    private mutating func pass(_ body: ([UInt8], Int) throws -> Fault?) rethrows -> Fault? {
        if let tooLong { return tooLong }
        number += 1
        let whole = line
        line.removeAll(keepingCapacity: true)
        return try body(whole, number)
    }

    private var tooLong: Fault? {
        guard line.count > Self.lineMax else { return nil }
        return Fault(
            "LINE-LENGTH", .refusal, at: .line(number + 1),
            "line \(number + 1) has more than \(Self.lineMax) bytes",
            hint: "A bank's file has lines of at most some hundred characters: download it again.")
    }
}

/// Reads a text format line by line, in bounded memory.
enum TextLines {
    /// - Parameter body: Takes a line as UTF-8 without its end, and its number from 1; may refuse the file.
    /// - Returns: Why the file is refused; after that the rest is only passed by, so that the digest is of all of it.
    ///   And whether its last line has no end.
    static func run(
        _ source: TextSource, _ choice: EncodingChoice, _ body: ([UInt8], Int) throws -> Fault?
    ) throws -> (refusal: Fault?, isCut: Bool) {
        var decoder = TextDecoder(choice)
        var splitter = LineSplitter()
        var fault: Fault?
        try source.each { bytes in
            guard fault == nil else { return }
            fault = try splitter.feed(decoder.decode(bytes), body)
        }
        if fault == nil { fault = try splitter.feed(decoder.decode([], isLast: true), body) }
        let isCut = splitter.isInside
        if fault == nil { fault = try splitter.finish(body) }
        return (fault, isCut)
    }
}
