// SPDX-License-Identifier: Apache-2.0

import Documents

/// Payments side by side, their texts one behind the other as bytes: a million of them in some two hundred megabytes.
///
/// Whoever reads payments from a store appends one after the other and keeps none of them; each is made again when it is
/// read, and let go of when it is decided. So are the bytes, some hundred thousand payments at a time.
package struct PaymentShelf: Sendable, RandomAccessCollection {
    private struct Facts {
        var amount: Int64
        var currency: Currency
        var bookedOn: Day
        var valuedOn: Day?
        var isPart: Bool
        var isBetweenAccounts: Bool
    }

    /// Texts of payments that follow each other.
    private struct Stretch {
        /// The first of them.
        var from: Int
        /// Ten texts of each payment: a length and one, or 0 where there is none, and the bytes.
        var bytes: [UInt8] = []
    }

    /// An allocation of this size goes back to the system as soon as it is let go of.
    private static let stretchSize = 33 << 20
    private var facts: [Facts] = []
    private var stretches: [Stretch] = []
    /// Where each payment's texts begin in their stretch.
    private var starts: [Int32] = []
    /// Of the few that have them, by the payment's place.
    private var originalAmounts: [Int: Money] = [:]
    private var stated: [Int: StatedParts] = [:]

    package init(capacity: Int = 0) {
        facts.reserveCapacity(capacity)
        starts.reserveCapacity(capacity)
        // What is not used of it is never touched.
        begin(reserving: capacity * 160)
    }

    package init(_ payments: some Sequence<MatchPayment>) {
        self.init(capacity: payments.underestimatedCount)
        for payment in payments { append(payment) }
    }

    package var startIndex: Int { 0 }
    package var endIndex: Int { facts.count }

    private mutating func begin(reserving size: Int) {
        stretches.append(Stretch(from: count))
        stretches[stretches.count - 1].bytes.reserveCapacity(Swift.min(size, Self.stretchSize))
    }

    package mutating func append(_ payment: MatchPayment) {
        let place = count
        // The texts of one payment are far less than what is left here.
        if stretches[stretches.count - 1].bytes.count > Self.stretchSize - 1 << 20 {
            begin(reserving: Self.stretchSize)
        }
        facts.append(
            Facts(
                amount: payment.amount, currency: payment.currency, bookedOn: payment.bookedOn,
                valuedOn: payment.valuedOn, isPart: payment.isPart,
                isBetweenAccounts: payment.isBetweenAccounts))
        if let amount = payment.originalAmount { originalAmounts[place] = amount }
        if let parts = payment.stated { stated[place] = parts }
        starts.append(Int32(truncatingIfNeeded: stretches[stretches.count - 1].bytes.count))
        put(payment.id)
        for text in [
            payment.payerName, payment.payerAccount, payment.remittance, payment.structuredReference,
            payment.endToEndID,
            payment.bankCode, payment.reverses, payment.returnReason, payment.customerID,
        ] { put(text) }
    }

    /// Nobody reads payments before this place any more.
    package mutating func letGo(before place: Int) {
        for index in stretches.indices where !stretches[index].bytes.isEmpty {
            let end = index + 1 < stretches.count ? stretches[index + 1].from : count
            if end <= place { stretches[index].bytes = [] }
        }
    }

    package var stretchCount: Int { stretches.count }
    /// Bytes of the texts that are still here.
    package var heldBytes: Int { stretches.reduce(0) { $0 + $1.bytes.count } }

    private func stretch(of place: Int) -> Int {
        var index = stretches.count - 1
        while stretches[index].from > place { index -= 1 }
        return index
    }

    package subscript(_ place: Int) -> MatchPayment {
        let facts = facts[place]
        let bytes = stretches[stretch(of: place)].bytes
        var cursor = Int(starts[place])
        func text(_ cursor: inout Int) -> String? { Self.text(bytes, &cursor) }
        var payment = MatchPayment(
            id: text(&cursor) ?? "", amount: facts.amount, currency: facts.currency, bookedOn: facts.bookedOn)
        payment.valuedOn = facts.valuedOn
        payment.isPart = facts.isPart
        payment.isBetweenAccounts = facts.isBetweenAccounts
        payment.payerName = text(&cursor)
        payment.payerAccount = text(&cursor)
        payment.remittance = text(&cursor)
        payment.structuredReference = text(&cursor)
        payment.endToEndID = text(&cursor)
        payment.bankCode = text(&cursor)
        payment.reverses = text(&cursor)
        payment.returnReason = text(&cursor)
        payment.customerID = text(&cursor)
        if !originalAmounts.isEmpty { payment.originalAmount = originalAmounts[place] }
        if !stated.isEmpty { payment.stated = stated[place] }
        return payment
    }

    /// Lengths in seven bits each, the lowest first.
    private mutating func put(_ text: String?) {
        let last = stretches.count - 1
        var length = text.map { $0.utf8.count + 1 } ?? 0
        while length >= 0x80 {
            stretches[last].bytes.append(UInt8(truncatingIfNeeded: length) | 0x80)
            length >>= 7
        }
        stretches[last].bytes.append(UInt8(truncatingIfNeeded: length))
        if let text { stretches[last].bytes.append(contentsOf: text.utf8) }
    }

    private static func text(_ bytes: [UInt8], _ cursor: inout Int) -> String? {
        var (length, shift) = (0, 0)
        while true {
            let byte = bytes[cursor]
            cursor += 1
            length |= Int(byte & 0x7F) << shift
            shift += 7
            if byte < 0x80 { break }
        }
        guard length > 0 else { return nil }
        let from = cursor
        cursor += length - 1
        return String(decoding: bytes[from..<cursor], as: UTF8.self)
    }

    private func id(_ place: Int) -> String {
        var cursor = Int(starts[place])
        return Self.text(stretches[stretch(of: place)].bytes, &cursor) ?? ""
    }

    private func precedes(_ left: Int, _ right: Int) -> Bool {
        let (one, other) = (facts[left].bookedOn, facts[right].bookedOn)
        return one != other ? one < other : id(left) < id(right)
    }

    /// The order in which they are decided, by booking day and id; nil where they are in it.
    package func order() -> [Int]? {
        indices.dropFirst().allSatisfy { precedes($0 - 1, $0) } ? nil : indices.sorted(by: precedes)
    }

    package func arranged(_ order: [Int]) -> PaymentShelf { PaymentShelf(order.lazy.map { self[$0] }) }
}
