// SPDX-License-Identifier: Apache-2.0
import Documents

/// How documents are told apart (`accounting.md`, "One thing once").
enum Identity {
    /// The invoice's identity across sources, without its fiscal year: kind and number.
    static func key(kind: String, number: String) -> Int64 {
        var builder = Fingerprint.Builder()
        builder.add(kind)
        builder.add(number)
        return Int64(bitPattern: builder.finish().low)
    }

    /// The id of an invoice whose source has none: kind, number and fiscal year, told apart by occurrence.
    static func invoice(key: Int64, year: Int64, occurrence: Int64) -> String {
        var builder = Fingerprint.Builder()
        builder.add(key)
        builder.add(year)
        builder.add(occurrence)
        return "i" + short(builder.finish())
    }

    /// The id of a payment or another record whose source has none: its content and its occurrence.
    static func record(_ prefix: String, _ fingerprint: Fingerprint, occurrence: Int64) -> String {
        var builder = Fingerprint.Builder()
        builder.add(Int64(bitPattern: fingerprint.high))
        builder.add(Int64(bitPattern: fingerprint.low))
        builder.add(occurrence)
        return prefix + short(builder.finish())
    }

    static func fingerprint(_ fields: [String?]) -> Fingerprint {
        var builder = Fingerprint.Builder()
        for field in fields { builder.add(field) }
        return builder.finish()
    }

    /// A name as it is compared: letters and digits, lower case. Nil when nothing is left.
    static func normalizedName(_ name: String?) -> String? {
        guard let name else { return nil }
        let folded = name.lowercased().unicodeScalars.filter {
            $0.properties.isAlphabetic || $0.properties.numericType != nil
        }
        return folded.isEmpty ? nil : String(String.UnicodeScalarView(folded))
    }

    /// A tax number as it is compared: letters and digits, upper case.
    static func normalizedTaxID(_ text: String?) -> String? {
        let bytes = (text ?? "").utf8.compactMap { byte -> UInt8? in
            switch byte {
            case 0x30...0x39, 0x41...0x5A: byte
            case 0x61...0x7A: byte - 0x20
            default: nil
            }
        }
        return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
    }

    static func hash(_ text: String?) -> Int64? {
        text.map { Int64(bitPattern: fingerprint([$0]).low) }
    }

    /// Two tax numbers of one party: equal, or equal but for the country's letters in front of one of them.
    static func isSameTaxID(_ left: String, _ right: String) -> Bool {
        guard left != right else { return true }
        let short = left.utf8.count < right.utf8.count ? left : right
        let long = left.utf8.count < right.utf8.count ? right : left
        return long.utf8.count == short.utf8.count + 2 && short.utf8.count >= 6 && long.hasSuffix(short)
            && long.prefix(2).utf8.allSatisfy { $0 >= 0x41 && $0 <= 0x5A }
    }

    /// An account number of a company's list, however much of it the file shows.
    static func isSameAccount(_ left: String, _ right: String) -> Bool {
        let left = normalizedTaxID(left) ?? ""
        let right = normalizedTaxID(right) ?? ""
        if left == right { return true }
        let short = left.utf8.count < right.utf8.count ? left : right
        let long = short == left ? right : left
        return short.utf8.count >= 8 && long.hasSuffix(short)
    }

    /// 80 bits are enough to tell a hundred million documents apart, and short enough to read aloud.
    private static func short(_ fingerprint: Fingerprint) -> String { String(fingerprint.base32.suffix(16)) }
}
