// SPDX-License-Identifier: Apache-2.0
import Documents

/// A lease's token: chance, and a check over it and the message it was granted for.
///
/// A late ack of an earlier lease is news worth keeping; a token that no claim of this message ever printed is a
/// mistake. The check tells them apart without a list of all leases there ever were.
enum LeaseToken {
    static func make(_ chance: [UInt64], for message: String) -> String {
        let digits = chance.map(hex).joined()
        return digits + check(digits[...], message)
    }

    /// Whether a claim of the message could have printed it.
    static func isOf(_ message: String, _ token: String) -> Bool {
        guard token.utf8.count == 48 else { return false }
        return token.suffix(16) == check(token.dropLast(16), message)
    }

    private static func check(_ digits: Substring, _ message: String) -> String {
        var builder = Fingerprint.Builder()
        builder.add("lease")
        builder.add(message)
        builder.add(String(digits))
        return String(builder.finish().base32.prefix(16))
    }

    private static func hex(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }
}
