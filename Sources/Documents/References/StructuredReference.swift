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

    /// The keys under which a reference may have been issued, the likeliest first: as it is written, and as its scheme
    /// writes it otherwise.
    ///
    /// An `RF` reference may wrap a national or invoice number that the invoice shows alone; a payment may bear a
    /// Slovenian or Croatian reference without its country, or with it.
    package static func lookupKeys(_ text: some StringProtocol) -> [String] {
        let key = canonical(text)
        guard !key.isEmpty else { return [] }
        if let body = CreditorReference(key)?.body {
            // Fewer than four characters would hit by chance.
            let inner = canonical(body)
            return inner.utf8.count < 4 ? [key] : [key, inner]
        }
        let written = Array(text.uppercased().utf8).filter { isDigit($0) || ($0 >= 0x41 && $0 <= 0x5A) }
        let digits = written.filter(isDigit)
        var keys = [key]
        if digits.count == written.count {
            keys += otherForms(of: written)
            if let wrapped = wrapped(written) { keys.append(wrapped) }
            if written.count >= countryLengthMin { keys += ["SI", "HR"].map { $0 + CheckDigit.text(written) } }
        } else if key.hasPrefix("SI") || key.hasPrefix("HR"), digits.count == written.count - 2,
            digits.count >= countryLengthMin
        {
            // With its model, and without.
            for rest in [digits.drop { $0 == 0x30 }, digits.dropFirst(2).drop { $0 == 0x30 }]
            where rest.count >= countryLengthMin { keys.append(CheckDigit.text(rest)) }
        } else if written.count >= wrappedLengthMin, !digits.isEmpty, let wrapped = CreditorReference.make(key) {
            keys.append(canonical(wrapped.text))
        }
        return keys.filter { !$0.isEmpty }
    }

    /// A model and a number behind it.
    private static let countryLengthMin = 6
    /// So many digits may be wrapped that have no check of their own.
    private static let uncheckedMin = 10
    /// ISO 11649 has room for no more.
    private static let wrappedMax = 21
    /// Letters and digits that somebody's `RF` reference may be without its first four.
    private static let wrappedLengthMin = 8

    /// The keys of what a reference of digits is called otherwise: a slip's line or its bar code, a notice's number or its
    /// payment code, a form's id without the kind of form. (`wrapped` is another one.)
    ///
    /// - Parameter digits: with their zeros.
    package static func otherForms(of digits: [UInt8]) -> [String] {
        let text = CheckDigit.text(digits)
        var forms: [String] = []
        switch digits.count {
        case 44:
            if let slip = BrazilianSlip(text) { forms.append(slip.line) }
            if let bill = BrazilianBill(text) { forms.append(bill.line) }
        case 47: if let slip = BrazilianSlip(text) { forms.append(slip.barcode) }
        case 48: if let bill = BrazilianBill(text) { forms.append(bill.barcode) }
        case 15, 17, 18:
            if let notice = ItalianNotice(text) { forms.append(notice.paymentCode) }
            forms += ItalianNotice.bearing(text).map(\.text)
            if let kind = DanishReference.Kind(rawValue: String(text.prefix(2))), digits.count == 2 + kind.length,
                let form = DanishReference(text.dropFirst(2), kind: kind)
            {
                forms.append(form.text)
            }
        default: break
        }
        return forms.map { canonical($0) }
    }

    /// The key of the `RF` form of digits, where they have one.
    package static func wrapped(_ digits: [UInt8]) -> String? {
        guard let check = check(wrapping: digits) else { return nil }
        return "RF\(check < 10 ? "0" : "")\(check)" + CheckDigit.text(digits.drop { $0 == 0x30 })
    }

    /// The two digits behind the `RF` of digits: of a Finnish reference, or of a long row. Such references wrap running
    /// numbers, too, and few digits are the running part of anything.
    ///
    /// It is asked of every long row of a text, and takes no room.
    /// - Parameter row: what is no digit, and the zeros before, are passed over.
    package static func check(wrapping row: some BidirectionalCollection<UInt8>) -> Int? {
        var (count, remainder) = (0, 0)
        for byte in row where isDigit(byte) && (count > 0 || byte != 0x30) {
            count += 1
            remainder = (remainder * 10 + Int(byte - 0x30)) % 97
        }
        guard count <= wrappedMax, count >= uncheckedMin || FinnishReference.isRight(row) else { return nil }
        // `RF00` behind it, by ISO 7064: R is 27, F is 15.
        return 98 - (remainder * 1_000_000 + 271_500) % 97
    }

    /// Whether a reference of so many digits may be called otherwise, but for its `RF` form.
    package static func hasOtherForms(_ count: Int) -> Bool {
        switch count {
        case 15, 17, 18, 44, 47, 48: true
        default: false
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

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
