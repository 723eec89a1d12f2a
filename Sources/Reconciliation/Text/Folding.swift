// SPDX-License-Identifier: Apache-2.0

import Documents

/// Letters as banks pass them on: ASCII upper case, umlauts spelled out, accents dropped.
enum Folding {
    /// Folds UTF-8 to upper-case ASCII; what has no ASCII form becomes a blank.
    /// - Returns: The bytes, and for each its offset in the input, or nil when they are the same.
    static func fold(_ text: String) -> (bytes: [UInt8], offsets: [Int32]?) {
        guard isNarrow(text.utf8.span) else { return foldWide(text) }
        var bytes = Array(text.utf8)
        for index in 0..<bytes.count where bytes[index] >= 0x61 && bytes[index] <= 0x7A { bytes[index] -= 0x20 }
        return (bytes, nil)
    }

    private static func isNarrow(_ bytes: Span<UInt8>) -> Bool {
        var all: UInt8 = 0
        for index in bytes.indices { all |= bytes[index] }
        return all < 0x80
    }

    /// The same for UTF-8 that stands in an arena.
    static func fold(_ text: ArraySlice<UInt8>) -> [UInt8] {
        if text.contains(where: { $0 >= 0x80 }) { return foldWide(String(decoding: text, as: UTF8.self)).bytes }
        var bytes = Array(text)
        for index in 0..<bytes.count where bytes[index] >= 0x61 && bytes[index] <= 0x7A { bytes[index] -= 0x20 }
        return bytes
    }

    private static func foldWide(_ text: String) -> (bytes: [UInt8], offsets: [Int32]?) {
        var bytes: [UInt8] = []
        var offsets: [Int32] = []
        bytes.reserveCapacity(text.utf8.count + 4)
        offsets.reserveCapacity(text.utf8.count + 4)
        var offset: Int32 = 0
        for scalar in text.unicodeScalars {
            let value = scalar.value
            if value < 0x80 {
                let byte = UInt8(truncatingIfNeeded: value)
                bytes.append(byte >= 0x61 && byte <= 0x7A ? byte - 0x20 : byte)
                offsets.append(offset)
            } else if let combining = combiningFold(value, after: bytes.last) {
                for byte in combining {
                    bytes.append(byte)
                    offsets.append(offset)
                }
            } else {
                for byte in letters[value] ?? [0x20] {
                    bytes.append(byte)
                    offsets.append(offset)
                }
            }
            offset += Int32(UTF8.width(scalar))
        }
        return (bytes, offsets)
    }

    /// A combining mark after its letter: an umlaut adds the E, any other adds nothing.
    private static func combiningFold(_ value: UInt32, after last: UInt8?) -> [UInt8]? {
        guard (0x300...0x36F).contains(value) else { return nil }
        let takesE = last == 0x41 || last == 0x4F || last == 0x55
        return value == 0x308 && takesE ? [0x45] : []
    }

    /// Latin-1 and Latin Extended-A, as the passports' and banks' transliterations have them (ICAO 9303).
    private static let letters: [UInt32: [UInt8]] = {
        var table: [UInt32: [UInt8]] = [:]
        for (ascii, characters) in [
            ("A", "àáâãāăą"), ("A", "ÀÁÂÃĀĂĄ"), ("AE", "äæÄÆ"), ("AA", "åÅ"), ("C", "çćĉċč"), ("C", "ÇĆĈĊČ"),
            ("D", "ďđðĎĐÐ"), ("E", "èéêëēĕėęě"), ("E", "ÈÉÊËĒĔĖĘĚ"), ("G", "ĝğġģĜĞĠĢ"), ("H", "ĥħĤĦ"),
            ("I", "ìíîïĩīĭįı"), ("I", "ÌÍÎÏĨĪĬĮİ"), ("J", "ĵĴ"), ("K", "ķĶ"), ("L", "ĺļľŀłĹĻĽĿŁ"),
            ("N", "ñńņňÑŃŅŇ"), ("O", "òóôõōŏő"), ("O", "ÒÓÔÕŌŎŐ"), ("OE", "öøœÖØŒ"), ("R", "ŕŗřŔŖŘ"),
            ("S", "śŝşšŚŜŞŠ"), ("SS", "ß"), ("T", "ţťŧŢŤŦ"), ("U", "ùúûũūŭůűų"), ("U", "ÙÚÛŨŪŬŮŰŲ"),
            ("UE", "üÜ"), ("W", "ŵŴ"), ("Y", "ýÿŷÝŶŸ"), ("Z", "źżžŹŻŽ"),
            ("TH", "þÞ"), ("-", "–—‐‑−"), ("/", "⁄∕"), ("", "\u{AD}\u{200B}\u{200C}\u{200D}\u{2060}\u{FEFF}"),
        ] {
            for scalar in characters.unicodeScalars { table[scalar.value] = Array(ascii.utf8) }
        }
        // Full width, as East Asian keyboards write them.
        for value in UInt32(0xFF01)...0xFF5E {
            let byte = UInt8(value - 0xFF01 + 0x21)
            table[value] = [byte >= 0x61 && byte <= 0x7A ? byte - 0x20 : byte]
        }
        return table
    }()

    /// So many letters or digits that stand alone, one behind the other, are one word: `R E 2 5 0 0 1 8`.
    private static let spacedMin = 5

    /// The same without the blanks within words that are written letter by letter.
    static func closed(_ folded: (bytes: [UInt8], offsets: [Int32]?)) -> (bytes: [UInt8], offsets: [Int32]?) {
        let bytes = folded.bytes
        var (closed, offsets): ([UInt8], [Int32]) = ([], [])
        var (place, kept) = (0, 0)
        while place + 2 < bytes.count {
            let isStart = place == 0 || bytes[place - 1] == 0x20
            guard isStart, bytes[place] != 0x20, bytes[place + 1] == 0x20, bytes[place + 2] != 0x20 else {
                place += 1
                continue
            }
            var (end, count) = (place, 0)
            while end < bytes.count, bytes[end] != 0x20, end + 1 == bytes.count || bytes[end + 1] == 0x20 {
                if isAlphanumeric(bytes[end]) { count += 1 }
                end += 2
            }
            if count >= spacedMin {
                for index in kept..<min(end, bytes.count) where index < place || (index - place) % 2 == 0 {
                    closed.append(bytes[index])
                    offsets.append(folded.offsets.map { $0[index] } ?? Int32(index))
                }
                kept = min(end - 1, bytes.count)
            }
            place = max(end - 1, place + 1)
        }
        guard kept > 0 else { return folded }
        for index in kept..<bytes.count {
            closed.append(bytes[index])
            offsets.append(folded.offsets.map { $0[index] } ?? Int32(index))
        }
        return (closed, offsets)
    }

    @inline(__always)
    static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
    @inline(__always)
    static func isLetter(_ byte: UInt8) -> Bool { byte >= 0x41 && byte <= 0x5A }
    @inline(__always)
    static func isAlphanumeric(_ byte: UInt8) -> Bool { isDigit(byte) || isLetter(byte) }

    /// Letters and digits only: how numbers, accounts and order numbers are compared.
    static func canonical(_ text: String) -> [UInt8] { canonical(folded: fold(text).bytes) }

    static func canonical(folded bytes: consuming [UInt8]) -> [UInt8] {
        guard var end = bytes.firstIndex(where: { !isAlphanumeric($0) }) else { return bytes }
        for index in end..<bytes.count where isAlphanumeric(bytes[index]) {
            bytes[end] = bytes[index]
            end += 1
        }
        bytes.removeLast(bytes.count - end)
        return bytes
    }

    /// How many letters and digits a text has.
    static func canonicalCount(_ text: String) -> Int {
        var count = 0
        for byte in text.utf8 {
            if byte >= 0x80 { return canonical(text).count }
            if isAlphanumeric(byte >= 0x61 && byte <= 0x7A ? byte - 0x20 : byte) { count += 1 }
        }
        return count
    }

    /// Whether both have something between the same letters and digits: `102.13` is cut like `102-13`, and not `10-213`.
    static func isCut(_ bytes: ArraySlice<UInt8>, like text: String) -> Bool {
        func pieces(_ bytes: some Collection<UInt8>) -> [Int] {
            bytes.split(whereSeparator: { !isAlphanumeric($0 >= 0x61 && $0 <= 0x7A ? $0 - 0x20 : $0) }).map(\.count)
        }
        return pieces(bytes) == pieces(text.utf8)
    }

    /// Whether these are the letters and digits of a text.
    static func isCanonical(_ canonical: ArraySlice<UInt8>, of text: String) -> Bool {
        var place = canonical.startIndex
        for byte in text.utf8 {
            if byte >= 0x80 { return self.canonical(text)[...] == canonical }
            let upper = byte >= 0x61 && byte <= 0x7A ? byte - 0x20 : byte
            guard isAlphanumeric(upper) else { continue }
            guard place < canonical.endIndex, canonical[place] == upper else { return false }
            place += 1
        }
        return place == canonical.endIndex
    }

    /// A structured reference as it stands in running text, in the form of `StructuredReference.canonical`.
    static func stripped(_ bytes: [UInt8]) -> [UInt8] {
        if bytes.count > 5, bytes[0] == 0x52, bytes[1] == 0x46, bytes[4] == 0x30 {
            return Array(StructuredReference.canonical(String(decoding: bytes, as: UTF8.self)).utf8)
        }
        guard bytes.allSatisfy(isDigit) else { return bytes }
        return Array(bytes.drop { $0 == 0x30 })
    }
}

/// A 64-bit hash with a fixed seed: the same key on every machine and in every process. Hits are always verified.
struct KeyHash {
    private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    @inline(__always)
    mutating func add(_ byte: UInt8) {
        value = (value ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
    }
    @inline(__always)
    mutating func add(_ number: Int64) {
        var bits = UInt64(bitPattern: number) &* 0x9E37_79B9_7F4A_7C15
        bits ^= bits >> 29
        value = (value ^ bits) &* 0xBF58_476D_1CE4_E5B9
        value ^= value >> 32
    }

    static func of(_ bytes: some Sequence<UInt8>) -> UInt64 {
        var hash = KeyHash()
        for byte in bytes { hash.add(byte) }
        return hash.value
    }
    static func of(_ text: String) -> UInt64 {
        var hash = KeyHash()
        for byte in text.utf8 { hash.add(byte) }
        return hash.value
    }
}
