// SPDX-License-Identifier: Apache-2.0

import Documents

/// Reads what every payment's own words name, before any is decided: a strong word anywhere keeps weaker evidence away
/// from its item.
///
/// It reads only what does not change: parts of the payments may be read on threads of their own, and the notes come out
/// the same however they were cut.
package struct FirstReading: Sendable {
    let reader: Reader
    /// How many customers of a larger ledger share a word.
    let wordCounts: [UInt64: Int]
    /// Payments that were taken back before this run: they claim nothing.
    let takenBack: Set<String>

    /// - Parameter payment: the payment at a place, in the order of (booking day, id).
    package func read(_ places: Range<Int>, _ payment: (Int) -> MatchPayment) -> ReadingNotes {
        var notes = ReadingNotes()
        notes.days.reserveCapacity(places.count)
        var last: MatchPayment?
        for place in places {
            let payment = payment(place)
            if let last {
                precondition(!Workspace.precedes(payment, last), "payments are read in their order")
            }
            last = payment
            notes.days.append(payment.bookedOn)
            if payment.amount < 0 { notes.outgoing.append(place) }
            if payment.originalAmount != nil { notes.exchanged.append(payment) }
            if let name = payment.payerName, notes.names[name] == nil {
                notes.names[name] = PayerName(name, reader.catalogue, counts: wordCounts)
            }
            guard payment.amount > 0, takenBack.isEmpty || !takenBack.contains(payment.id) else {
                continue
            }
            for mention in reader.reading(of: payment).mentions where mention.isClaim {
                notes.claimed.append(mention.item)
            }
        }
        return notes
    }
}

/// What a part of the payments says.
package struct ReadingNotes: Sendable {
    fileprivate(set) var days: [Day] = []
    /// Places of money that went out.
    fileprivate(set) var outgoing: [Int] = []
    /// Payments that the bank exchanged.
    fileprivate(set) var exchanged: [MatchPayment] = []
    fileprivate(set) var names: [String: PayerName] = [:]
    /// Items, once for each payment that names them for certain.
    fileprivate(set) var claimed: [Int32] = []
}

extension Workspace {
    package var firstReading: FirstReading {
        FirstReading(reader: reader, wordCounts: wordCounts, takenBack: takenBack.ids)
    }

    /// - Parameter payments: in the order of (booking day, id).
    package func begin(_ payments: [MatchPayment]) -> Course {
        begin([firstReading.read(payments.indices) { payments[$0] }]) { payments[$0] }
    }

    /// - Parameters:
    ///   - notes: of all payments, in their order.
    ///   - payment: the payment at a place.
    package func begin(_ notes: [ReadingNotes], _ payment: @escaping (Int) -> MatchPayment) -> Course {
        appliesUnclear = false
        charges = [:]
        var days: [Day] = []
        var outgoing: [Int] = []
        for part in notes {
            days += part.days
            outgoing += part.outgoing
            for payment in part.exchanged { rates.saw(payment) }
            for item in part.claimed { claim(item, 1) }
            payerNames.merge(part.names) { known, _ in known }
        }
        memory.reserve(days.count)
        let order = Course.order(days, outgoing)
        return Course(DocketReading(reader: reader, names: payerNames, order: order), payment)
    }
}

/// Reads payments for their decision, some hundreds at a time. It reads only what does not change: a thread of its own may
/// be a block ahead of the one that decides.
package struct DocketReading: Sendable {
    let reader: Reader
    let names: [String: PayerName]
    /// Places of the payments in the order in which they are decided.
    let order: [Int]

    private static let blockSize = 256

    package var blockCount: Int { (order.count + Self.blockSize - 1) / Self.blockSize }

    /// - Parameter payment: the payment at a place.
    package func block(_ index: Int, _ payment: (Int) -> MatchPayment) -> DocketBlock {
        let first = index * Self.blockSize
        return DocketBlock(
            dockets: order[first..<min(first + Self.blockSize, order.count)].map { place in
                let payment = payment(place)
                return Docket(payment, reader.reading(of: payment), payment.payerName.flatMap { names[$0] })
            })
    }
}

/// Some payments, read.
///
/// Unchecked: whoever reads them hands them over whole, and keeps nothing of them.
package struct DocketBlock: @unchecked Sendable {
    let dockets: [Docket]
}
