// SPDX-License-Identifier: Apache-2.0

/// The Danish payment id of a joint inpayment form (FI, indbetalingskort): its digits end in a mod-10 check.
///
/// Kinds 71 and 15 digits, 75 and 16, 04 and 16 carry an id; kind 73 has none and is only an account.
package struct DanishReference: Hashable, Sendable {
    package enum Kind: String, Sendable, CaseIterable {
        case kind04 = "04"
        case kind71 = "71"
        case kind75 = "75"

        /// Digits of the id, its check included.
        package var length: Int { self == .kind71 ? 15 : 16 }
    }

    package let kind: Kind
    /// The id with its leading zeros.
    package let text: String

    /// Nil when the length or the check is wrong; shorter ids are filled with zeros in front, as banks print them.
    package init?(_ text: some StringProtocol, kind: Kind) {
        guard let digits = CheckDigit.digits(text), (2...kind.length).contains(digits.count) else { return nil }
        let padded = [UInt8](repeating: 0x30, count: kind.length - digits.count) + digits
        guard padded.contains(where: { $0 != 0x30 }), CheckDigit.luhn(padded.dropLast()) == padded.last
        else { return nil }
        self.kind = kind
        self.text = CheckDigit.text(padded)
    }

    /// A whole line as it stands on the form: `+71<026840149965328+84073841<`.
    /// - Returns: The id and the creditor's eight digits; nil when a part is missing or wrong.
    package static func line(_ text: some StringProtocol) -> (reference: DanishReference, creditor: String)? {
        let parts = text.split { $0 == "+" || $0 == "<" || $0 == ">" || $0 == " " }
        guard parts.count == 3, let kind = Kind(rawValue: String(parts[0])),
            let reference = DanishReference(parts[1], kind: kind), let creditor = CheckDigit.digits(parts[2]),
            creditor.count == 8
        else { return nil }
        return (reference, CheckDigit.text(creditor))
    }

    /// The id of a number, filled with zeros in front.
    package static func make(_ number: some StringProtocol, kind: Kind) -> DanishReference? {
        guard let digits = CheckDigit.digits(number), (1..<kind.length).contains(digits.count) else { return nil }
        return DanishReference(CheckDigit.text(digits + [CheckDigit.luhn(digits)]), kind: kind)
    }
}
