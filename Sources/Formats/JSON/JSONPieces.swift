// SPDX-License-Identifier: Apache-2.0
import Documents

/// Cuts a JSON text into its values: the elements of one array, or the values that follow each other (JSON lines).
///
/// It only looks for quotes and brackets; each piece is read strictly afterwards.
struct JSONPieces {
    struct Piece: Sendable {
        var bytes: [UInt8]
        /// The line of the text it begins on, from 1.
        var line: Int
    }

    /// Bytes of one piece.
    static let bytesMax = 64 << 20

    /// Whole pieces, to be taken between calls of `feed`.
    var found: [Piece] = []
    private(set) var refusal: Fault?
    private let splitsArray: Bool
    private var current: [UInt8] = []
    private var currentLine = 1
    private var line = 1
    private var depth = 0
    private var inText = false
    private var escaped = false
    /// Inside the array whose elements are the pieces.
    private var inArray = false
    private var afterComma = false
    private var closed = false
    private var skippedMark = false

    init(splitsArray: Bool) { self.splitsArray = splitsArray }

    mutating func feed(_ chunk: [UInt8]) {
        var bytes = chunk[...]
        if !skippedMark {
            skippedMark = true
            if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes = bytes.dropFirst(3) }
        }
        for byte in bytes {
            take(byte)
            if byte == 0x0A { line += 1 }
            if refusal != nil { return }
        }
    }

    /// The text has ended; what is left is the last piece.
    mutating func finish() {
        guard refusal == nil else { return }
        if inArray { return refuse("it ends inside the array", "The file was cut short; fetch or export it again.") }
        endPiece()
    }

    private mutating func take(_ byte: UInt8) {
        let isBlank = byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
        if inText {
            append(byte)
            if escaped {
                escaped = false
            } else if byte == 0x5C {
                escaped = true
            } else if byte == 0x22 {
                inText = false
            }
            return
        }
        if current.isEmpty, depth == 0 {
            if isBlank { return }
            if closed { return refuse("there is more after the value", "Correct the text at this place.") }
            if splitsArray, !inArray, byte == 0x5B {
                inArray = true
                return
            }
        }
        if inArray, depth == 0, byte == 0x2C || byte == 0x5D {
            if byte == 0x5D, current.isEmpty, !afterComma {
                (inArray, closed) = (false, true)
                return
            }
            if current.isEmpty { return refuse("a value is expected", "Correct the text at this place.") }
            endPiece()
            afterComma = byte == 0x2C
            if byte == 0x5D { (inArray, closed) = (false, true) }
            return
        }
        // Between values that follow each other a blank ends a number or a word.
        if !inArray, depth == 0, isBlank { return endPiece() }
        append(byte)
        switch byte {
        case 0x22: inText = true
        case 0x7B, 0x5B: depth += 1
        case 0x7D, 0x5D:
            depth -= 1
            if depth < 0 { return refuse("a bracket closes that was never opened", "Correct the text at this place.") }
            if depth == 0, !inArray { endPiece() }
        default: break
        }
    }

    private mutating func append(_ byte: UInt8) {
        if current.isEmpty { currentLine = line }
        current.append(byte)
        guard current.count > Self.bytesMax else { return }
        refusal = Fault(
            "JSON-LIMIT", .refusal, at: .line(currentLine),
            "one value of the file is larger than \(Self.bytesMax >> 20) MB",
            hint: "Export it in parts, as an array of records, or as one record a line.")
    }

    private mutating func endPiece() {
        guard !current.isEmpty else { return }
        found.append(Piece(bytes: current, line: currentLine))
        current.removeAll(keepingCapacity: true)
        afterComma = false
    }

    private mutating func refuse(_ message: String, _ hint: String) {
        refusal = Fault("JSON-FORM", .refusal, at: .line(line), "this is no JSON: \(message)", hint: hint)
    }
}
