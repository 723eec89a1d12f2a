// SPDX-License-Identifier: Apache-2.0
import Documents

// Values straight from the bytes: the general initialisers of Documents are generic and, called from another
// target, take several times as long per byte.
extension XMLNode {
    /// A decimal in XML Schema's form (optional sign, digits, at most one point); nil for anything else.
    var decimal: ScaledDecimal? {
        let bytes = trimmed
        // Up to 18 digits fit Int64; longer ones go the general way.
        guard bytes.count <= 18 else { return text.flatMap { ScaledDecimal($0) } }
        var value: Int64 = 0
        var scale: UInt8 = 0
        var digits = 0
        var point = false
        var negative = false
        for index in bytes.indices {
            let byte = bytes[index]
            switch byte {
            case 0x30...0x39:
                value = value &* 10 &+ Int64(byte &- 0x30)
                digits += 1
                if point { scale += 1 }
            case 0x2E where !point: point = true
            case 0x2D where index == bytes.startIndex: negative = true
            case 0x2B where index == bytes.startIndex: break
            default: return nil
            }
        }
        guard digits > 0 else { return nil }
        return ScaledDecimal(coefficient: Int128(negative ? 0 &- value : value), scale: scale)
    }

    /// The civil date as it is written, of a `date` or a `dateTime`: a zone or a time after it moves nothing
    /// (`2026-03-31+02:00` is the 31st).
    var day: Day? {
        let bytes = trimmed
        guard bytes.count >= 10 else { return nil }
        let start = bytes.startIndex
        func number(_ from: Int, _ count: Int) -> Int? {
            var value = 0
            for index in (start + from)..<(start + from + count) {
                guard bytes[index] >= 0x30, bytes[index] <= 0x39 else { return nil }
                value = value * 10 + Int(bytes[index] - 0x30)
            }
            return value
        }
        guard bytes[start + 4] == 0x2D, bytes[start + 7] == 0x2D, let year = number(0, 4),
            let month = number(5, 2), let day = number(8, 2)
        else { return nil }
        if bytes.count > 10 {
            // T, Z, + or -.
            let next = bytes[start + 10]
            guard next == 0x54 || next == 0x5A || next == 0x2B || next == 0x2D else { return nil }
        }
        return Day(year: year, month: month, day: day)
    }

    /// The civil date of digits only, as UN/CEFACT's formats 102, 203 and 204 write it (`20260331`, a time after
    /// it moves nothing).
    var compactDay: Day? {
        let bytes = trimmed
        guard [8, 12, 14].contains(bytes.count), bytes.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return nil }
        let start = bytes.startIndex
        func number(_ from: Int, _ count: Int) -> Int {
            bytes[(start + from)..<(start + from + count)].reduce(0) { $0 * 10 + Int($1 - 0x30) }
        }
        return Day(year: number(0, 4), month: number(4, 2), day: number(6, 2))
    }

    /// An ISO 4217 code; nil for anything else.
    var currencyCode: Currency? {
        let bytes = trimmed
        guard bytes.count == 3 else { return nil }
        let start = bytes.startIndex
        switch (bytes[start], bytes[start + 1], bytes[start + 2]) {
        case (0x45, 0x55, 0x52): return .eur
        case (0x55, 0x53, 0x44): return .usd
        case (0x42, 0x52, 0x4C): return .brl
        default: return text.flatMap { Currency($0) }
        }
    }
}
