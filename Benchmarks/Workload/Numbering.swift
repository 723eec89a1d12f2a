// SPDX-License-Identifier: Apache-2.0

/// How a company numbers its invoices: a set of series, each customer's invoices in one of them.
///
/// No rule of matching may fit one set only, so the sets look like nothing they have in common: years in front, plain
/// short numbers, customers' numbers in front, zeros, slashes, numbers that could be days or amounts, and numbers that come
/// again every year.
enum Numbering: String, CaseIterable {
    case usual, other, short, zeros, customer, dated, slashed, amounts, yearly, tiny

    /// Whether each year counts from one again; then the world has the turn of a year in its middle.
    var beginsAnew: Bool { self == .yearly }

    /// Series that are in use side by side.
    var count: Int {
        switch self {
        case .usual: 4
        case .other: 7
        case .yearly: 3
        case .short, .zeros, .customer, .dated, .slashed, .amounts, .tiny: 2
        }
    }

    /// - Parameters:
    ///   - count: the running number within the series, from 1.
    ///   - ofCustomer: the running number within the customer's own invoices, from 1.
    func number(_ series: Int, _ count: Int, day: Int, customer: String, ofCustomer: Int) -> String {
        switch (self, series) {
        case (.usual, 0): return "RE25" + padded(count, 7)
        case (.usual, 1): return "INV-2025-" + padded(count, 6)
        case (.usual, 2): return String(100_000 + count)
        case (.usual, _): return "F/2025/" + padded(day / 30 % 12 + 1, 2) + "/" + padded(count, 5)
        case (.other, 0): return "A-\(20_000 + count)/25"
        case (.other, 1): return "25-" + padded(count, 6)
        case (.other, 2): return "R.2025." + padded(count, 6)
        case (.other, 3): return "K" + padded(count, 8)
        case (.other, 4): return String(4_000_000 + count)
        case (.other, 5): return "2025/\(count + 10)"
        case (.other, _): return "SI" + padded(count, 6) + "-B"
        case (.short, 0): return String(1_000 + count)
        case (.short, _): return "R\(count)"
        case (.zeros, 0): return padded(count, 10)
        case (.zeros, _): return "00" + padded(700_000 + count, 8)
        case (.customer, 0): return customer + "-" + padded(ofCustomer, 4)
        case (.customer, _): return customer + "/25/" + padded(ofCustomer, 3)
        case (.dated, 0): return CalendarText.plain(day) + "-" + padded(count, 4)
        case (.dated, _): return CalendarText.plain(day).suffix(6) + padded(count, 5)
        case (.slashed, 0): return "\(count)/2025"
        case (.slashed, _): return padded(day / 30 % 12 + 1, 2) + "/25/" + padded(count, 4)
        case (.amounts, 0): return "\(count / 1000 + 1)." + padded(count % 1000, 3)
        case (.yearly, 0): return padded(count, 5)
        case (.yearly, 1): return "\(count)/\(CalendarText.civil(day).0 % 100)"
        case (.yearly, _): return "\(CalendarText.civil(day).0)-" + padded(count, 4)
        case (.tiny, 0): return String(count)
        case (.tiny, _): return "B\(count)"
        case (.amounts, _): return "\(count / 100 + 10)-" + padded(count % 100, 2)
        }
    }
}
