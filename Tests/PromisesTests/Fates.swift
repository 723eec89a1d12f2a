// SPDX-License-Identifier: Apache-2.0
import Documents
import Promises

/// A promise of 1,180.00 for 20 November 2026 (a Friday), taken on the 10th, with two banking days of grace.
enum Fates {
    static func day(_ text: String) -> Day { Day(text) ?? Day(number: 0) }

    static func euro(_ minor: Int64) -> Money { Money(minorUnits: minor, currency: .eur) }

    static func promise(
        _ id: String = "P", lines: [(String, Int64)] = [("A", 118_000)], status: PromiseToPay.Status = .active,
        shortfall: Int64 = 100
    ) -> PromiseToPay {
        PromiseToPay(
            id: id, company: "lantern", customerID: "C-1",
            lines: lines.map { .init(itemID: $0.0, amount: euro($0.1)) }, currency: .eur,
            promisedFor: day("2026-11-20"), promisedOn: day("2026-11-10"), takenBy: "mara", recordedBy: .person,
            tolerance: .init(graceDays: 2, basis: .banking, calendar: .target, shortfall: shortfall),
            status: status)
    }

    static func cash(_ day: String, _ minor: Int64, item: String = "A", known: Bool = false) -> PromiseFacts.Cash {
        PromiseFacts.Cash(itemID: item, valueDay: self.day(day), amount: euro(minor), inLedgerWhenTaken: known)
    }

    static let now = Timestamp(milliseconds: 1_800_000_000_000)
}
