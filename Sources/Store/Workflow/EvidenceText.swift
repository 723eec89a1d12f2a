// SPDX-License-Identifier: Apache-2.0
import Reconciliation

/// Evidence as it is stored and as it is shown.
///
/// Shown it is a JSON list of objects with `code`, `text`, `item`, `span` and `bits`. A large run stores millions of them:
/// they lie as fields, divided by the control characters that are made for it, in half the bytes.
///
///     NUMBER␟20␟2026-0117␟I1␟4␟13␞AMOUNT-EXACT␟11␟1180.00 EUR
///
/// The item and both ends of the span are left out where there are none. A list with a text in which such a character
/// stands is stored as JSON, as all of them were once.
enum EvidenceText {
    private static let betweenFields: UInt8 = 0x1F
    private static let betweenFacts: UInt8 = 0x1E

    // MARK: Stored

    /// As it is stored, in the place of what was there.
    static func put(_ evidence: [Evidence], _ bytes: inout [UInt8]) {
        bytes.removeAll(keepingCapacity: true)
        guard !evidence.isEmpty, evidence.indices.allSatisfy({ isPlain(evidence[$0]) }) else {
            return putJSON(evidence, &bytes)
        }
        for index in evidence.indices {
            if index > 0 { bytes.append(betweenFacts) }
            put(evidence[index].code, &bytes)
            bytes.append(betweenFields)
            put(evidence[index].bits, &bytes)
            bytes.append(betweenFields)
            put(evidence[index].text, &bytes)
            let span = evidence[index].span
            guard evidence[index].itemID != nil || span != nil else { continue }
            bytes.append(betweenFields)
            if let item = evidence[index].itemID { put(item, &bytes) }
            guard let span else { continue }
            bytes.append(betweenFields)
            put(span.lowerBound, &bytes)
            bytes.append(betweenFields)
            put(span.upperBound, &bytes)
        }
    }

    private static func isPlain(_ evidence: Evidence) -> Bool {
        guard let first = evidence.code.utf8.first, first != 0x5B, isPlain(evidence.code), isPlain(evidence.text) else {
            return false
        }
        return evidence.itemID.map { !$0.isEmpty && isPlain($0) } ?? true
    }

    private static func isPlain(_ text: String) -> Bool {
        let characters = text.utf8.span
        var isPlain = true
        for index in characters.indices where characters[index] < 0x20 { isPlain = false }
        return isPlain
    }

    // MARK: Shown

    static func json(_ evidence: [Evidence]) -> String {
        var bytes: [UInt8] = []
        putJSON(evidence, &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Of what is stored.
    static func json(stored: String) -> String {
        guard stored.utf8.first != 0x5B else { return stored }
        var bytes: [UInt8] = [0x5B]
        for fact in stored.utf8.split(separator: betweenFacts, omittingEmptySubsequences: false) {
            let fields = fact.split(separator: betweenFields, omittingEmptySubsequences: false).map {
                String(Substring($0))
            }
            guard fields.count >= 3 else { continue }
            putJSON(
                code: fields[0], text: fields[2], item: fields.count > 3 && !fields[3].isEmpty ? fields[3] : nil,
                span: fields.count > 5 ? (fields[4], fields[5]) : nil, bits: fields[1], &bytes)
        }
        bytes.append(0x5D)
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func putJSON(_ evidence: [Evidence], _ bytes: inout [UInt8]) {
        bytes.append(0x5B)
        for fact in evidence {
            putJSON(
                code: fact.code, text: fact.text, item: fact.itemID,
                span: fact.span.map { (String($0.lowerBound), String($0.upperBound)) }, bits: String(fact.bits), &bytes)
        }
        bytes.append(0x5D)
    }

    /// One object of the list, its numbers as they are written.
    private static func putJSON(
        code: String, text: String, item: String?, span: (String, String)?, bits: String, _ bytes: inout [UInt8]
    ) {
        if bytes.count > 1 { bytes.append(0x2C) }
        put("{\"code\":", &bytes)
        quote(code, &bytes)
        put(",\"text\":", &bytes)
        quote(text, &bytes)
        if let item {
            put(",\"item\":", &bytes)
            quote(item, &bytes)
        }
        if let span { put(",\"span\":[\(span.0),\(span.1)]", &bytes) }
        put(",\"bits\":\(bits)}", &bytes)
    }

    private static func put(_ text: String, _ bytes: inout [UInt8]) { bytes.append(contentsOf: text.utf8) }

    private static func put(_ number: Int, _ bytes: inout [UInt8]) {
        if number < 0 { bytes.append(0x2D) }
        let rest = number.magnitude
        var unit: UInt = 1
        while rest / unit >= 10 { unit *= 10 }
        while unit > 0 {
            bytes.append(0x30 + UInt8(truncatingIfNeeded: rest / unit % 10))
            unit /= 10
        }
    }

    private static func quote(_ text: String, _ bytes: inout [UInt8]) {
        bytes.append(0x22)
        let characters = text.utf8.span
        var isPlain = true
        for index in characters.indices {
            let byte = characters[index]
            if byte == 0x22 || byte == 0x5C || byte < 0x20 { isPlain = false }
        }
        if isPlain {
            bytes.append(contentsOf: text.utf8)
        } else {
            for byte in text.utf8 { escape(byte, &bytes) }
        }
        bytes.append(0x22)
    }

    private static func escape(_ byte: UInt8, _ bytes: inout [UInt8]) {
        switch byte {
        case 0x22, 0x5C:
            bytes.append(0x5C)
            bytes.append(byte)
        case 0x00..<0x20:
            bytes += "\\u00".utf8
            for digit in [byte >> 4, byte & 15] { bytes.append(digit < 10 ? 0x30 + digit : 0x57 + digit) }
        default: bytes.append(byte)
        }
    }
}
