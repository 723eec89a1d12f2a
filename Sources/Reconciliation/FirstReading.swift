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
        var notes = ReadingNotes(places)
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
            let name = payment.payerName.map { notes.names.place($0, reader.catalogue, counts: wordCounts) }
            guard payment.amount > 0, takenBack.isEmpty || !takenBack.contains(payment.id) else {
                notes.readings.skip(name)
                continue
            }
            let reading = reader.reading(of: payment)
            for mention in reading.mentions where mention.isClaim { notes.claimed.append(mention.item) }
            notes.readings.append(reading, name)
        }
        return notes
    }
}

/// What a part of the payments says.
package struct ReadingNotes: Sendable {
    fileprivate let places: Range<Int>
    fileprivate(set) var days: [Day] = []
    /// Places of money that went out.
    fileprivate(set) var outgoing: [Int] = []
    /// Payments that the bank exchanged.
    fileprivate(set) var exchanged: [MatchPayment] = []
    fileprivate(set) var names = PayerNames()
    fileprivate var readings: ReadingShelf
    /// Items, once for each payment that names them for certain.
    fileprivate(set) var claimed: [Int32] = []

    fileprivate init(_ places: Range<Int>) {
        self.places = places
        days.reserveCapacity(places.count)
        readings = ReadingShelf(capacity: places.count)
    }
}

/// What was found in payments' words and bears no doubt: such a text need not be read a second time.
struct ReadingShelf: Sendable {
    private struct Entry {
        /// Where the payer's name is, or -1.
        var name: Int32
        /// Where what it mentions begins.
        var mentions: Int32
        var customers: Int32
        /// As in `Reading`; -1 where the text is to be read again.
        var tries: Int32
    }

    private static let mentionsMax = 16
    private var entries: [Entry] = []
    private var mentions: [Mention] = []
    private var customers: [NamedCustomer] = []

    init(capacity: Int = 0) {
        entries.reserveCapacity(capacity)
        mentions.reserveCapacity(capacity)
    }

    mutating func append(_ reading: Reading, _ name: Int32?) {
        let isKept =
            !reading.mentions.isEmpty && reading.references.isEmpty && reading.mentions.count <= Self.mentionsMax
            && reading.replaced.isEmpty
            && reading.mentions.allSatisfy(\.isClaim) && reading.asked.isEmpty
        append(name, tries: isKept ? reading.tries : -1)
        guard isKept else { return }
        mentions += reading.mentions
        customers += reading.customers
    }

    /// A payment that was not read.
    mutating func skip(_ name: Int32?) { append(name, tries: -1) }

    private mutating func append(_ name: Int32?, tries: Int) {
        entries.append(
            Entry(
                name: name ?? -1, mentions: Int32(truncatingIfNeeded: mentions.count),
                customers: Int32(truncatingIfNeeded: customers.count), tries: Int32(clamping: tries)))
    }

    func name(_ place: Int, _ names: [PayerName]) -> PayerName? {
        entries[place].name < 0 ? nil : names[Int(entries[place].name)]
    }

    func reading(_ place: Int, of payment: MatchPayment, _ reader: Reader) -> Reading {
        let entry = entries[place]
        guard entry.tries >= 0 else { return reader.reading(of: payment) }
        let isLast = place + 1 == entries.count
        let mentionsEnd = isLast ? mentions.count : Int(entries[place + 1].mentions)
        let customersEnd = isLast ? customers.count : Int(entries[place + 1].customers)
        return Reading(
            known: payment, mentions[Int(entry.mentions)..<mentionsEnd], customers[Int(entry.customers)..<customersEnd],
            tries: Int(entry.tries), reader: reader)
    }
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
        var parts: [DocketReading.Part] = []
        for part in notes {
            days += part.days
            outgoing += part.outgoing
            for payment in part.exchanged { rates.saw(payment) }
            for item in part.claimed { claim(item, 1) }
            var names = part.names
            payerNames.share(&names)
            parts.append(DocketReading.Part(places: part.places, readings: part.readings, names: names.all))
        }
        payerNames.forgetFits()
        memory.reserve(days.count)
        let order = Course.order(days, outgoing)
        return Course(DocketReading(reader: reader, parts: parts, order: order), payment)
    }
}

/// Reads payments for their decision, some hundreds at a time. It reads only what does not change: a thread of its own may
/// be a block ahead of the one that decides.
package struct DocketReading: Sendable {
    /// Payments that were read first by one thread.
    struct Part: Sendable {
        let places: Range<Int>
        var readings: ReadingShelf
        var names: [PayerName]
    }

    let reader: Reader
    private var parts: [Part]
    /// Places of the payments in the order in which they are decided.
    let order: [Int]

    /// By block: the first payment that it or one behind it reads.
    private let firstNeeded: [Int]

    private static let blockSize = 256

    init(reader: Reader, parts: [Part], order: [Int]) {
        (self.reader, self.parts, self.order) = (reader, parts, order)
        var needed = Array(repeating: order.count, count: (order.count + Self.blockSize - 1) / Self.blockSize + 1)
        for (index, place) in order.enumerated() {
            needed[index / Self.blockSize] = min(needed[index / Self.blockSize], place)
        }
        for block in needed.indices.dropLast().reversed() { needed[block] = min(needed[block], needed[block + 1]) }
        firstNeeded = needed
    }

    /// The first payment that is read from this block on, or the count of all.
    package func firstNeeded(from block: Int) -> Int { firstNeeded[min(block, firstNeeded.count - 1)] }

    /// No block before this one is read any more.
    package mutating func letGo(before block: Int) {
        let needed = firstNeeded(from: block)
        for index in parts.indices where parts[index].places.upperBound <= needed {
            (parts[index].readings, parts[index].names) = (ReadingShelf(), [])
        }
    }

    package var blockCount: Int { (order.count + Self.blockSize - 1) / Self.blockSize }

    /// - Parameter payment: the payment at a place.
    package func block(_ index: Int, _ payment: (Int) -> MatchPayment) -> DocketBlock {
        let first = index * Self.blockSize
        return DocketBlock(
            dockets: order[first..<min(first + Self.blockSize, order.count)].map { docket($0, payment($0)) })
    }

    func docket(_ place: Int, _ payment: MatchPayment) -> Docket {
        // By index: a part of its own would have each of its columns counted, for every payment.
        for index in parts.indices where parts[index].places.contains(place) {
            let offset = place - parts[index].places.lowerBound
            return Docket(
                payment, parts[index].readings.reading(offset, of: payment, reader),
                parts[index].readings.name(offset, parts[index].names), reader.catalogue)
        }
        return Docket(payment, reader.reading(of: payment), nil, reader.catalogue)
    }
}

/// Some payments, read.
///
/// Unchecked: whoever reads them hands them over whole, and keeps nothing of them.
package struct DocketBlock: @unchecked Sendable {
    let dockets: [Docket]
    /// Of each docket.
    let outlooks: [Outlook]

    init(dockets: [Docket]) {
        self.dockets = dockets
        outlooks = dockets.map { Outlook($0) }
    }
}
