// SPDX-License-Identifier: Apache-2.0

import Documents

/// A sentence that is put together from pieces, as bytes: every decision has one, and there may be a million.
struct Phrase {
    private var bytes: [UInt8] = []

    init() { bytes.reserveCapacity(192) }

    mutating func add(_ text: String) { bytes.append(contentsOf: text.utf8) }
    mutating func add(_ first: String, _ second: String) {
        add(first)
        add(second)
    }

    /// `1180.00 EUR`, without its sign.
    mutating func add(_ amount: Int64, _ currency: Currency) {
        let exponent = Int(currency.exponent)
        let amount = amount.magnitude
        var place = 0
        var unit: UInt64 = 1
        while place < exponent || amount / unit >= 10 {
            unit *= 10
            place += 1
        }
        while true {
            bytes.append(0x30 + UInt8(truncatingIfNeeded: amount / unit % 10))
            if place == exponent, exponent > 0 { bytes.append(0x2E) }
            if place == 0 { break }
            unit /= 10
            place -= 1
        }
        bytes.append(0x20)
        add(currency.code)
    }

    var text: String { String(decoding: bytes, as: UTF8.self) }
}
