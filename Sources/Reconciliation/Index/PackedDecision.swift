// SPDX-License-Identifier: Apache-2.0

/// A decision that waits, as bytes: some hundreds of them in place of some thousands, and in one piece. What later passes ask
/// of it again and again stands beside them.
struct PackedDecision: Equatable {
    let verdict: Decision.Verdict
    let kind: Decision.Kind
    let rule: Rule
    /// Items that the payment may be for: their places.
    let possible: [Int32]
    /// Its lines, and then all else.
    private let bytes: [UInt8]

    private static let reasons = Line.Reason.allCases

    init(_ decision: Decision) {
        (verdict, kind, rule) = (decision.verdict, decision.kind, decision.rule)
        possible = decision.possiblePlaces.items
        var writer = Writer()
        writer.put(decision.lines)
        writer.put(decision.proposed)
        writer.put(decision.customerID)
        writer.put(decision.counterpartID)
        writer.put(decision.sentence)
        writer.put(count: decision.evidence.count)
        for evidence in decision.evidence {
            writer.put(evidence.code)
            writer.put(evidence.text)
            writer.put(evidence.itemID)
            writer.put(Int64(evidence.bits))
            writer.put(count: evidence.span == nil ? 0 : 1)
            if let span = evidence.span {
                writer.put(count: span.lowerBound)
                writer.put(count: span.count)
            }
        }
        writer.put(count: decision.alternatives.count)
        for alternative in decision.alternatives { writer.put(alternative.lines) }
        bytes = writer.exact()
    }

    /// The lines alone.
    func lines(_ catalogue: Catalogue) -> [Line] {
        var reader = Reader(bytes: bytes, catalogue: catalogue)
        return reader.lines()
    }

    /// - Parameters:
    ///   - payment: the id of the payment that was decided.
    ///   - catalogue: of the workspace that decided.
    func decision(on payment: String, _ catalogue: Catalogue) -> Decision {
        var reader = Reader(bytes: bytes, catalogue: catalogue)
        var decision = Decision(paymentID: payment, verdict: verdict, kind: kind, rule: rule, sentence: "")
        decision.lines = reader.lines()
        decision.proposed = reader.lines()
        decision.customerID = reader.text()
        decision.counterpartID = reader.text()
        decision.sentence = reader.text() ?? ""
        decision.evidence = (0..<reader.count()).map { _ in reader.evidence() }
        decision.alternatives = (0..<reader.count()).map { _ in Alternative(lines: reader.lines()) }
        decision.possibleItems = possible.map { catalogue.id($0) }
        decision.possiblePlaces.items = possible
        return decision
    }

    private struct Writer {
        private var bytes: [UInt8] = []

        init() { bytes.reserveCapacity(1024) }

        /// Without the room that is not used.
        func exact() -> [UInt8] {
            var exact: [UInt8] = []
            exact.reserveCapacity(bytes.count)
            exact.append(contentsOf: bytes)
            return exact
        }

        /// Seven bits in each byte, the lowest first.
        private mutating func put(_ value: UInt64) {
            var value = value
            while value >= 0x80 {
                bytes.append(UInt8(truncatingIfNeeded: value) | 0x80)
                value >>= 7
            }
            bytes.append(UInt8(truncatingIfNeeded: value))
        }

        mutating func put(count: Int) { put(UInt64(count)) }

        /// Small numbers of either sign take one byte.
        mutating func put(_ number: Int64) { put(UInt64(bitPattern: number << 1 ^ number >> 63)) }

        /// A length and one, or 0 where there is none.
        mutating func put(_ text: String?) {
            guard let text else { return put(count: 0) }
            put(count: text.utf8.count + 1)
            bytes.append(contentsOf: text.utf8)
        }

        mutating func put(_ lines: [Line]) {
            put(count: lines.count)
            for line in lines {
                // Whoever knows the place knows the id.
                put(count: Int(line.place) + 1)
                if line.place < 0 { put(line.itemID) }
                put(count: PackedDecision.reasons.firstIndex(of: line.reason) ?? 0)
                put(line.cash)
                put(line.adjustment)
                put(line.proves)
            }
        }
    }

    private struct Reader {
        let bytes: [UInt8]
        let catalogue: Catalogue
        private var cursor = 0

        init(bytes: [UInt8], catalogue: Catalogue) { (self.bytes, self.catalogue) = (bytes, catalogue) }

        private mutating func value() -> UInt64 {
            var (value, shift): (UInt64, UInt64) = (0, 0)
            while true {
                let byte = bytes[cursor]
                cursor += 1
                value |= UInt64(byte & 0x7F) << shift
                shift += 7
                if byte < 0x80 { return value }
            }
        }

        mutating func count() -> Int { Int(truncatingIfNeeded: value()) }

        mutating func number() -> Int64 {
            let value = value()
            return Int64(bitPattern: value >> 1) ^ (0 - Int64(bitPattern: value & 1))
        }

        mutating func text() -> String? {
            let length = count()
            guard length > 0 else { return nil }
            cursor += length - 1
            return String(decoding: bytes[cursor - length + 1..<cursor], as: UTF8.self)
        }

        mutating func lines() -> [Line] {
            (0..<count()).map { _ in
                let place = Int32(truncatingIfNeeded: count() - 1)
                let id = place < 0 ? text() ?? "" : catalogue.id(place)
                let reason = PackedDecision.reasons[count()]
                var line = Line(itemID: id, reason: reason, cash: number(), adjustment: number(), proves: number())
                line.place = place
                return line
            }
        }

        mutating func evidence() -> Evidence {
            let (code, text, item) = (text() ?? "", text() ?? "", text())
            let bits = Int(number())
            var span: Range<Int>?
            if count() == 1 {
                let from = count()
                span = from..<from + count()
            }
            return Evidence(code, text: text, span: span, itemID: item, bits: bits)
        }
    }
}
