// SPDX-License-Identifier: Apache-2.0
import Documents

/// What a cell's number format makes of its number.
enum SheetStyle: Hashable, Sendable {
    case plain
    case day
    /// `00000`: a number shown with leading zeros, as identifiers are.
    case padded(Int)
    /// Shown with the mark of a currency: `€`, `$`, `USD`.
    case money(String)

    /// The formats that every workbook has without stating them: 14 to 22 and 45 to 47 in all languages, 27 to 36 and
    /// 50 to 58 in East Asian ones.
    init(builtIn id: Int) {
        switch id {
        case 14...22, 27...36, 45...47, 50...58: self = .day
        default: self = .plain
        }
    }

    /// By ECMA-376 part 1, 18.8.31: letters outside quotes, escapes and brackets.
    init(code: String) {
        var bytes: [UInt8] = []
        var mark: String?
        var rest = Array(code.utf8)[...]
        while let byte = rest.first {
            rest = rest.dropFirst()
            switch byte {
            case 0x22:
                let quoted = rest.prefix { $0 != 0x22 }
                rest = rest.dropFirst(quoted.count).dropFirst()
                mark = mark ?? Self.currency(quoted)
            case 0x5C, 0x5F, 0x2A: rest = rest.dropFirst()
            case 0x5B:
                let inside = rest.prefix { $0 != 0x5D }
                rest = rest.dropFirst(inside.count).dropFirst()
                // [h], [mm] and [ss] are elapsed time; anything else is a colour, a condition or a currency.
                if inside.first == 0x24 { mark = mark ?? Self.currency(inside.dropFirst().prefix { $0 != 0x2D }) }
                if !inside.isEmpty, inside.allSatisfy({ "hHmMsS".utf8.contains($0) }) { bytes.append(0x68) }
            case 0x3B: rest = []
            default: bytes.append(byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A ? byte | 0x20 : byte)
            }
        }
        if bytes == Array("general".utf8) {
            self = .plain
        } else if bytes.contains(where: { "dmyhs".utf8.contains($0) }) {
            self = .day
        } else if bytes.count > 1, bytes.allSatisfy({ $0 == 0x30 }) {
            self = .padded(bytes.count)
        } else {
            self = mark.map { .money($0) } ?? .plain
        }
    }

    /// `[$€-407]` and `"€"`. The currency of a locale alone (`[$-409]`) shows none.
    private static func currency(_ text: ArraySlice<UInt8>) -> String? {
        let text = CSVDialect.trimmed(String(decoding: text, as: UTF8.self))
        return ["€", "$", "£", "¥", "R$"].contains(text) || text == text.uppercased() && Currency(text) != nil
            ? text : nil
    }
}
