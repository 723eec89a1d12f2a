// SPDX-License-Identifier: Apache-2.0

/// The arithmetic behind the reference schemes, over ASCII bytes that the caller has checked to be digits.
///
/// A check digit rejects and repairs; it is no evidence: one random number in ten passes most of these.
enum CheckDigit {
    /// ISO 7064 mod 97-10 over digits and capital letters, A = 10 … Z = 35; nil for any other byte.
    static func mod97(_ text: some Sequence<UInt8>) -> Int? {
        var remainder = 0
        for byte in text {
            switch byte {
            case 0x30...0x39: remainder = (remainder * 10 + Int(byte - 0x30)) % 97
            case 0x41...0x5A: remainder = (remainder * 100 + Int(byte - 0x41) + 10) % 97
            default: return nil
            }
        }
        return remainder
    }

    /// The digit that makes `digits` + digit pass Luhn (mod 10, weights 2 and 1 from the right, digit sums).
    static func luhn(_ digits: some BidirectionalCollection<UInt8>) -> UInt8 {
        var sum = 0
        for (index, byte) in digits.reversed().enumerated() {
            let product = Int(byte &- 0x30) * (index.isMultiple(of: 2) ? 2 : 1)
            sum += product > 9 ? product - 9 : product
        }
        return 0x30 + UInt8((10 - sum % 10) % 10)
    }

    /// The sum of digits times `weights`, which repeat from the right.
    static func weighted(_ digits: some BidirectionalCollection<UInt8>, weights: [Int]) -> Int {
        var sum = 0
        for (index, byte) in digits.reversed().enumerated() {
            sum += Int(byte &- 0x30) * weights[index % weights.count]
        }
        return sum
    }

    /// Recursive mod 10 of the Swiss references (Swiss Payment Standards, annex B).
    static func recursiveMod10(_ digits: some Sequence<UInt8>) -> UInt8 {
        let table = [0, 9, 4, 6, 8, 2, 7, 1, 3, 5]
        var carry = 0
        for byte in digits { carry = table[(carry + Int(byte &- 0x30)) % 10] }
        return 0x30 + UInt8((10 - carry) % 10)
    }

    /// The bytes without spaces; nil when one of the rest is not a digit.
    static func digits(_ text: some StringProtocol, dropping separators: [UInt8] = []) -> [UInt8]? {
        var result: [UInt8] = []
        for byte in text.utf8 where byte != 0x20 && !separators.contains(byte) {
            guard byte >= 0x30, byte <= 0x39 else { return nil }
            result.append(byte)
        }
        return result
    }

    static func text(_ bytes: some Collection<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }

    /// Groups from the left, `size` characters each, the last one shorter: `NL91 ABNA 0417 1643 00`.
    static func grouped(_ text: String, by size: Int) -> String {
        var result = ""
        for (index, character) in text.enumerated() {
            if index > 0, index.isMultiple(of: size) { result.append(" ") }
            result.append(character)
        }
        return result
    }

    /// Groups counted from the right, as Finland, Switzerland and the Netherlands print them.
    static func groupedFromRight(_ text: String, by size: Int) -> String {
        let first = text.count % size
        let head = text.prefix(first)
        let tail = grouped(String(text.dropFirst(first)), by: size)
        return head.isEmpty ? tail : tail.isEmpty ? String(head) : "\(head) \(tail)"
    }
}
