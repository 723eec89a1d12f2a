// SPDX-License-Identifier: Apache-2.0
import Documents

/// The lexical forms of XML Schema's `date` and `dateTime`.
enum XMLDay {
    /// The civil date as it is written: a zone or a time after it moves nothing (`2026-03-31+02:00` is the 31st).
    static func parse(_ text: String) -> Day? {
        let bytes = text.utf8
        guard bytes.count > 10 else { return Day(text) }
        let next = bytes[bytes.index(bytes.startIndex, offsetBy: 10)]
        // T, Z, + or -.
        guard next == 0x54 || next == 0x5A || next == 0x2B || next == 0x2D else { return nil }
        return Day(text.prefix(10))
    }
}
