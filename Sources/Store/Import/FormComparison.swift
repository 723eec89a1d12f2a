// SPDX-License-Identifier: Apache-2.0
import Documents

/// One account in one currency, as a file states it and as other forms of its statement stated it before.
///
///     the file's entries ─┬─ pair up with the known ones ──► known: nothing is booked again
///                         ├─ left over on days that nobody stated ──► new
///                         └─ left over on days that another form stated ──► new, where a proven statement completes
///                            the rows of a table; else the two contradict each other, and a person is asked
struct FormComparison {
    /// Of the file, and not known by an id.
    let entries: [FormEntry]
    let known: [FormEntry]
    let frames: [FormFrame]
    let knownFrames: [FormFrame]
    /// The file lists all entries of its days.
    let isWhole: Bool
    private(set) var pairs: [(entry: Int, known: Int, evidence: FormEntry.Evidence)] = []
    private var pairedEntries: Set<Int> = []
    private var pairedKnown: Set<Int> = []
    private let statedDays: Set<Day>
    private let knownDays: Set<Day>

    init(
        _ entries: [FormEntry], _ known: [FormEntry], frames: [FormFrame], knownFrames: [FormFrame], isWhole: Bool
    ) {
        self.entries = entries
        self.known = known
        self.frames = frames
        self.knownFrames = knownFrames
        self.isWhole = isWhole
        statedDays = Set(entries.map(\.day))
        knownDays = Set(known.map(\.day))
        for evidence in FormEntry.Evidence.allCases { pair(evidence) }
    }

    private mutating func pair(_ evidence: FormEntry.Evidence) {
        var places: [String: [Int]] = [:]
        for (place, entry) in known.enumerated() where !entry.isTaken && !pairedKnown.contains(place) {
            // Another day may be that of another payment where the two forms do not both state the two days.
            if evidence == .nearDay, !isStated(entry.day) { continue }
            for key in evidence.keys(entry) { places[key, default: []].append(place) }
        }
        guard !places.isEmpty else { return }
        // How many of a key's places are paired, from the first one on: of many equal entries each is looked at once.
        var paired: [String: Int] = [:]
        func counterpart(_ entry: FormEntry) -> Int? {
            for key in evidence.keys(entry) {
                guard let list = places[key] else { continue }
                var next = paired[key, default: 0]
                while next < list.count, pairedKnown.contains(list[next]) { next += 1 }
                paired[key] = next
                let found = list[next...].first { !pairedKnown.contains($0) && evidence.holds(entry, known[$0]) }
                if let found { return found }
            }
            return nil
        }
        for (index, entry) in entries.enumerated() where !pairedEntries.contains(index) {
            if evidence == .nearDay, !isKnown(entry.day) { continue }
            guard let found = counterpart(entry) else { continue }
            pairs.append((index, found, evidence))
            pairedEntries.insert(index)
            pairedKnown.insert(found)
        }
    }

    private func isKnown(_ day: Day) -> Bool { knownDays.contains(day) || knownFrames.contains { $0.covers(day) } }
    private func isStated(_ day: Day) -> Bool { statedDays.contains(day) || frames.contains { $0.covers(day) } }

    /// A statement has all entries of the day; of its first day only where there are any.
    private static func isProven(_ day: Day, by frames: [FormFrame], _ days: Set<Day>) -> Bool {
        frames.contains { $0.isProven && ($0.covers(day) || $0.from == day && days.contains(day)) }
    }

    /// What no pair was found for, the parts of a batch and their total among them.
    var unpaired: (entries: [FormEntry], known: [FormEntry]) {
        (
            entries.indices.filter { !pairedEntries.contains($0) }.map { entries[$0] },
            known.indices.filter { !pairedKnown.contains($0) && !known[$0].isTaken }.map { known[$0] }
        )
    }

    /// Entries without a counterpart on days that both state.
    /// - Parameter met: numbers and ids of those that were found to be a batch and its parts.
    private func left(_ met: MetBatches) -> (entries: [FormEntry], known: [FormEntry]) {
        let unpaired = unpaired
        return (
            unpaired.entries.filter { !met.lines.contains($0.line.no) && isKnown($0.day) },
            isWhole ? unpaired.known.filter { !met.payments.contains($0.line.id) && isStated($0.day) } : []
        )
    }

    /// Why the two do not state one account; nil where they do, or where they have no day in common.
    func contradiction(_ met: MetBatches, _ currency: Currency) -> String? {
        let left = left(met)
        if let balances = balances(currency) { return balances }
        guard !left.entries.isEmpty || !left.known.isEmpty else { return nil }
        func isProven(_ entry: FormEntry) -> Bool { Self.isProven(entry.day, by: frames, statedDays) }
        func isProvenThere(_ entry: FormEntry) -> Bool { Self.isProven(entry.day, by: knownFrames, knownDays) }
        if left.known.isEmpty, left.entries.allSatisfy({ isProven($0) && !isProvenThere($0) }), isTelling(left.entries)
        {
            return nil
        }
        if left.entries.isEmpty, left.known.allSatisfy({ isProvenThere($0) && !isProven($0) }) { return nil }
        return days(left.entries + left.known, currency)
    }

    /// Of equal amounts on one day where one is new, more than amount and day say which are known.
    private func isTelling(_ left: [FormEntry]) -> Bool {
        let sums = Set(left.map { [$0.line.bookedOn, $0.line.amount] })
        return pairs.allSatisfy { pair in
            pair.evidence.isTelling
                || !sums.contains([entries[pair.entry].line.bookedOn, entries[pair.entry].line.amount])
        }
    }

    /// Two proven statements that end on one day end in one balance.
    private func balances(_ currency: Currency) -> String? {
        for frame in frames.filter(\.isProven) {
            let others = knownFrames.filter { $0.isProven && $0.to == frame.to }.compactMap(\.closing)
            guard let closing = frame.closing, let other = others.last, !others.contains(closing),
                statedDays.contains(where: { frame.from <= $0 && $0 <= frame.to && isKnown($0) })
            else { continue }
            let money = [closing, other].map { Money(minorUnits: $0, currency: currency).description }
            return "the closing balance of \(frame.to) is \(money[0]) here and \(money[1]) there"
        }
        return nil
    }

    /// `2026-03-10: 2 of 100.00 EUR here, 3 of 150.00 EUR there`, of three days at most.
    private func days(_ left: [FormEntry], _ currency: Currency) -> String {
        func told(_ all: [FormEntry], _ day: Day) -> String {
            let own = all.filter { $0.day == day }
            let sum = own.reduce(Int64(0)) { $0 &+ $1.line.amount }
            return "\(own.count) of \(Money(minorUnits: sum, currency: currency)) in all"
        }
        let days = Set(left.map(\.day)).sorted()
        let first = days.prefix(3).map { day in "\(day): \(told(entries, day)) here, \(told(known, day)) there" }
        return first.joined(separator: "; ") + (days.count > 3 ? "; and \(days.count - 3) more days" : "")
    }

    /// Days and files of the known entries that were found again.
    func told(_ met: MetBatches) -> (count: Int, from: Day, to: Day, origins: String)? {
        let again = entries.indices.filter { pairedEntries.contains($0) || met.lines.contains(entries[$0].line.no) }
        let days = again.map { entries[$0].day }
        guard let from = days.min(), let to = days.max() else { return nil }
        return (again.count, from, to, Self.origins(pairs.map { known[$0.known] }))
    }

    /// The files whose entries lie on days that the file states, too.
    var origins: String { Self.origins(known.filter { isStated($0.day) }) }

    private static func origins(_ entries: [FormEntry]) -> String {
        let names = Set(entries.map(\.origin)).sorted()
        return names.prefix(2).joined(separator: ", ") + (names.count > 2 ? " and \(names.count - 2) more" : "")
    }
}

/// Lines of a file and payments of the books that are a batch and its parts.
struct MetBatches {
    private(set) var lines: Set<Int64> = []
    private(set) var payments: Set<String> = []

    mutating func add(_ lines: [ReportLine], _ payments: [ReportLine]) {
        self.lines.formUnion(lines.map(\.no))
        self.payments.formUnion(payments.map(\.id))
    }
}
