// SPDX-License-Identifier: Apache-2.0

/// What identifies a Pix (Banco Central do Brasil): the receiver's own id of a charge, or the payment's end-to-end id.
///
/// Neither has a check digit: they are keys to look a charge or a payment up by.
package enum PixIdentifier: Hashable, Sendable {
    /// 26 to 35 letters and digits on a dynamic code, 1 to 35 on a static one.
    case charge(String)
    /// `E`, the payer bank's eight digits (ISPB), year, month, day, hour and minute, and eleven letters or digits.
    case payment(String)

    /// Nil when it is neither; an end-to-end id is told by its shape.
    package init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8)
        let isPlain = bytes.allSatisfy {
            ($0 >= 0x30 && $0 <= 0x39) || ($0 >= 0x41 && $0 <= 0x5A) || ($0 >= 0x61 && $0 <= 0x7A)
        }
        guard isPlain, (1...35).contains(bytes.count) else { return nil }
        if Self.isEndToEnd(bytes) {
            self = .payment(CheckDigit.text(bytes))
        } else {
            self = .charge(CheckDigit.text(bytes))
        }
    }

    package var text: String {
        switch self {
        case .charge(let text), .payment(let text): text
        }
    }

    /// A charge's id that a dynamic code may carry.
    package var isDynamic: Bool {
        if case .charge(let text) = self { return text.utf8.count >= 26 }
        return false
    }

    /// The day that an end-to-end id carries.
    package var day: Day? {
        guard case .payment(let text) = self else { return nil }
        let digits = text.dropFirst(9).prefix(8)
        guard let year = Int(digits.prefix(4)), let month = Int(digits.dropFirst(4).prefix(2)),
            let day = Int(digits.dropFirst(6))
        else { return nil }
        return Day(year: year, month: month, day: day)
    }

    private static func isEndToEnd(_ bytes: [UInt8]) -> Bool {
        bytes.count == 32 && bytes[0] == 0x45 && bytes[1...20].allSatisfy { $0 >= 0x30 && $0 <= 0x39 }
    }
}
