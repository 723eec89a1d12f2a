// SPDX-License-Identifier: Apache-2.0
package import Documents

/// OFX bank and card statements: version 1 (SGML, also as QFX) and version 2 (XML), and what banks make of them.
///
/// Emits the payments of a statement in the order of its transactions, then the statement itself. Securities trades of
/// an investment statement are no payments; its bank transactions are.
package enum OFXFormat {
    package static let format = Format(
        name: "ofx", isText: true, detect: { head, _ in detect(head) },
        read: { file, context, emit in
            let origin = Provenance.Origin(sha256: file.sha256, name: file.name, format: "ofx")
            return try read(.file(file), origin, context.defaultCurrency, emit)
        })

    /// Reads bytes in memory, in any pieces.
    /// - Throws: What `emit` throws.
    package static func read(
        pieces: [[UInt8]], _ origin: Provenance.Origin, defaultCurrency: Currency? = nil,
        _ emit: (Document) throws -> Void
    ) throws -> Reading {
        try read(.pieces(pieces), origin, defaultCurrency, emit)
    }

    static func detect(_ head: [UInt8]) -> Format.Detection {
        // UTF-16 is told apart by its zeros.
        let text = OFXHeader.plain(head)
        if OFXHeader.begins(text, with: "OFXHEADER") {
            return Format.Detection(100, "the file begins with an OFX header (version 1, SGML)")
        }
        guard XMLRoot.looksLikeXML(head) || text.first == 0x3C else { return .none }
        if OFXHeader.find("<?OFX", in: text) != nil {
            return Format.Detection(100, "the file has an OFX processing instruction (version 2, XML)")
        }
        guard let start = OFXHeader.find("<OFX>", in: text) else { return .none }
        // Only a prolog may stand before the root element.
        let before = text[..<start].filter { $0 == 0x3C }.count
        let instructions = text[..<start].enumerated().filter { index, byte in
            byte == 0x3C && index + 1 < text.count && (text[index + 1] == 0x3F || text[index + 1] == 0x21)
        }.count
        return before == instructions ? Format.Detection(95, "the root element is OFX") : .none
    }

    private static func read(
        _ source: TextSource, _ origin: Provenance.Origin, _ currency: Currency?, _ emit: (Document) throws -> Void
    ) throws -> Reading {
        var reading = Reading(format: "ofx")
        let choice: EncodingChoice
        switch try EncodingChoice.choose(source, declared: OFXHeader.encoding(try source.head(4096))) {
        case .success(let found): choice = found
        case .failure(let refusal):
            reading.faults.append(refusal.fault)
            return reading
        }
        var reader = OFXReader(origin: origin, defaultCurrency: currency)
        if let warning = choice.warning { reader.faults.add(warning) }
        var decoder = TextDecoder(choice)
        var scanner = OFXScanner()
        var refusal: Fault?
        func drain(_ bytes: [UInt8]) throws {
            guard refusal == nil else { return }
            scanner.feed(bytes)
            while refusal == nil, let token = scanner.next() {
                refusal = reader.take(token)
                for document in reader.take() { try emit(document) }
            }
            refusal = refusal ?? scanner.fault
        }
        try source.each { try drain(decoder.decode($0)) }
        try drain(decoder.decode([], isLast: true))
        if refusal == nil { refusal = reader.finish() }
        if refusal == nil { for document in reader.take() { try emit(document) } }
        if let refusal { reader.faults.add(refusal) }
        reading.faults = reader.faults.list
        reading.records = reader.records
        return reading
    }
}

/// What stands before the root element.
enum OFXHeader {
    /// Without zeros and byte order marks, blanks at the beginning and beyond 4 KiB.
    static func plain(_ head: [UInt8]) -> [UInt8] {
        let marks: Set<UInt8> = [0xEF, 0xBB, 0xBF, 0xFE, 0xFF]
        let bytes = head.prefix(8192).filter { $0 != 0 }
        return Array(bytes.drop { marks.contains($0) || $0 <= 0x20 }.prefix(4096))
    }

    static func begins(_ text: [UInt8], with word: String) -> Bool {
        text.prefix(word.utf8.count).map(upper) == Array(word.utf8)
    }

    static func find(_ word: String, in text: [UInt8]) -> Int? {
        let word = Array(word.utf8)
        guard text.count >= word.count else { return nil }
        return (0...(text.count - word.count)).first { start in
            word.indices.allSatisfy { upper(text[start + $0]) == word[$0] }
        }
    }

    private static func upper(_ byte: UInt8) -> UInt8 { byte >= 0x61 && byte <= 0x7A ? byte - 0x20 : byte }

    /// `CHARSET:1252` of version 1 or `encoding="…"` of version 2; often not true, so only asked when it matters.
    static func encoding(_ head: [UInt8]) -> TextEncoding? {
        let text = plain(head)
        for word in ["ENCODING=", "CHARSET:", "ENCODING:"] {
            guard let start = find(word, in: text) else { continue }
            let name = text[(start + word.utf8.count)...].drop { $0 == 0x22 || $0 == 0x27 || $0 == 0x20 }
                .prefix { $0 > 0x20 && $0 != 0x22 && $0 != 0x27 && $0 != 0x3C }
            switch String(decoding: name, as: UTF8.self).uppercased() {
            case "1252": return .windows1252
            case "1250": return .windows1250
            case "8859-1", "ISO8859-1": return .latin1
            case "8859-15": return .latin9
            case "850": return .dos850
            case "437": return .dos437
            case let other:
                if let encoding = TextEncoding(name: other), encoding != .utf8 { return encoding }
            }
        }
        return nil
    }
}
