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
        Money(minorUnits: amount, currency: currency).putDigits(&bytes)
        bytes.append(0x20)
        add(currency.code)
    }

    var text: String { String(decoding: bytes, as: UTF8.self) }
}
