// SPDX-License-Identifier: Apache-2.0

/// What the reference schemes have in common: one form to compare an issued reference with one in a payment.
package enum StructuredReference {
    /// The form that an index of references is keyed by.
    ///
    /// Letters and digits only, upper case; leading zeros go where nothing but digits is left, and behind the
    /// check digits of a valid ISO 11649 reference, because banks fill both. Empty when nothing but zeros is left:
    /// that is how files say "no reference".
    package static func canonical(_ text: some StringProtocol) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        var onlyDigits = true
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39: bytes.append(byte)
            case 0x41...0x5A:
                bytes.append(byte)
                onlyDigits = false
            case 0x61...0x7A:
                bytes.append(byte - 0x20)
                onlyDigits = false
            case 0x80...0xFF: return canonicalBeyondASCII(text)
            default: continue
            }
        }
        if onlyDigits { return CheckDigit.text(bytes.drop { $0 == 0x30 }) }
        if bytes.count >= 6, bytes[0] == 0x52, bytes[1] == 0x46, bytes[4] == 0x30,
            CreditorReference(CheckDigit.text(bytes)) != nil
        {
            let body = bytes[4...].drop { $0 == 0x30 }
            return CheckDigit.text(bytes[0..<4]) + (body.isEmpty ? "0" : CheckDigit.text(body))
        }
        return CheckDigit.text(bytes)
    }

    /// The keys under which a reference may have been issued, the likeliest first.
    ///
    /// An `RF` reference may wrap a national or invoice number that the invoice shows alone, and a Finnish number may
    /// come back in its `RF` form.
    package static func lookupKeys(_ text: some StringProtocol) -> [String] {
        let key = canonical(text)
        guard !key.isEmpty else { return [] }
        guard let body = CreditorReference(text)?.body else {
            let international = FinnishReference(text)?.international?.text
            return international.map { [key, $0] } ?? [key]
        }
        // Fewer than four characters would hit by chance.
        let inner = canonical(body)
        return inner.utf8.count < 4 ? [key] : [key, inner]
    }

    /// Letters of other scripts stay, so that two references that differ in them stay two.
    private static func canonicalBeyondASCII(_ text: some StringProtocol) -> String {
        var result = ""
        for scalar in String(text).uppercased().unicodeScalars {
            let properties = scalar.properties
            if properties.isAlphabetic || properties.numericType != nil { result.unicodeScalars.append(scalar) }
        }
        guard result.utf8.allSatisfy({ $0 < 0x80 }) else { return result }
        return canonical(result)
    }
}
