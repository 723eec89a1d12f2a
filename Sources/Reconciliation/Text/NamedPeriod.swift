// SPDX-License-Identifier: Apache-2.0

import Documents

/// A time that a text names beside single months: `01.03.2025-31.03.2025`, `2. Quartal`, `Q3/2025`, `Jahresbeitrag 2025`.
///
/// It never chooses an item; an item of another time is not paid by its amount alone.
struct NamedPeriod {
    enum Time {
        case days(Day, Day)
        /// Months of a year, 1 to 12; the year is nil where the text names none.
        case months(ClosedRange<Int>, year: Int?)
        case year(Int)
    }

    var time: Time
    /// Folded bytes of the text.
    var from: Int32
    var to: Int32

    /// Days before and after, as bills are written a little ahead or behind.
    private static let (ahead, behind) = (10, 15)

    /// Whether something issued on this day may be of the time.
    func holds(_ day: Day) -> Bool {
        switch time {
        case .days(let first, let last): (first - Self.ahead...last + Self.behind).contains(day)
        case .months(let months, let year):
            [day, day + Self.ahead, day - Self.behind].contains {
                months.contains($0.month) && (year == nil || year == $0.year)
            }
        case .year(let year): day.year == year || (day + 31).year == year
        }
    }
}

extension Remittance {
    /// - Parameter used: runs that something else explains.
    func periods(_ used: [Bool]) -> [NamedPeriod] {
        var found: [NamedPeriod] = []
        for (one, other) in zip(named, named.dropFirst())
        where other.from - one.to <= 5 && (20...100).contains(other.day - one.day) {
            found.append(NamedPeriod(time: .days(one.day, other.day), from: one.from, to: other.to))
        }
        for index in runs.indices where runs[index].kind == .plain {
            if let quarter = quarter(at: index) { found.append(quarter) }
            if !used[index], let year = yearOfFee(at: index) { found.append(year) }
        }
        return found
    }

    /// `2. Quartal 2025`, `Q3/2025`, `1. Halbjahr`.
    private func quarter(at index: Int) -> NamedPeriod? {
        let run = runs[index]
        let word = bytes[Int(run.start)..<Int(run.end)]
        var (first, count, length) = (index, 0, 3)
        if word.count == 2, word.first == 0x51, let digit = word.last, (0x31...0x34).contains(digit) {
            count = Int(digit - 0x30)
        } else if index > 0, runs[index - 1].count == 1, let number = number(index - 1), number >= 1 {
            if Self.quarters.contains(Array(word)), number <= 4 { count = number }
            if Self.halves.contains(Array(word)), number <= 2 { (count, length) = (number, 6) }
            first = index - 1
        }
        guard count > 0 else { return nil }
        let next = index + 1 < runs.count && runs[index + 1].gap != .other ? index + 1 : nil
        let year = next.flatMap { self.year(at: $0) }
        return NamedPeriod(
            time: .months((count - 1) * length + 1...count * length, year: year), from: runs[first].start,
            to: year == nil ? run.end : runs[next ?? index].end)
    }

    /// `Jahresbeitrag 2025`: a year by itself, behind a word for what is paid year by year.
    private func yearOfFee(at index: Int) -> NamedPeriod? {
        let run = runs[index]
        guard index > 0, run.count == 4, run.gap == .blank,
            index + 1 == runs.count || runs[index + 1].gap != .connector,
            let year = year(at: index)
        else { return nil }
        let before = runs[index - 1]
        guard Self.fees.contains(Array(bytes[Int(before.start)..<Int(before.end)])) else { return nil }
        return NamedPeriod(time: .year(year), from: run.start, to: run.end)
    }

    private static func words(_ text: String) -> Set<[UInt8]> {
        Set(text.split(separator: " ").map { Array($0.utf8) })
    }
    private static let quarters = words("QUARTAL QUARTER KWARTAAL TRIMESTRE KVARTAL KWARTAL TRIM QTR")
    private static let halves = words("HALBJAHR SEMESTRE HALFJAAR HALVAR HALVAAR")
    private static let fees = words(
        "BEITRAG JAHRESBEITRAG MITGLIEDSBEITRAG GEBUEHR JAHRESGEBUEHR PRAEMIE CONTRIBUTIE COTISATION CUOTA QUOTA FEE "
            + "MEMBERSHIP SUBSCRIPTION ABO ABONNEMENT MIETE PACHT RENT HUUR LOYER LIDMAATSCHAP KONTINGENT MEDLEMSAVGIFT"
    )
}
