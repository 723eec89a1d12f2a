// SPDX-License-Identifier: Apache-2.0
package import Documents

/// How far the cash of one receiving account is known without a hole.
package struct Coverage: Hashable, Sendable {
    package struct Gap: Hashable, Sendable {
        /// The missing days, both ends included.
        package let from: Day
        package let to: Day

        package init(from: Day, to: Day) {
            self.from = from
            self.to = to
        }
    }

    package let account: String
    /// The last day of the unbroken chain; nil when nothing was ever seen.
    package let through: Day?
    /// What interrupts the chain, oldest first.
    package let gaps: [Gap]
    /// A statement proves its frame with balances or numbers; an export of rows without balances does not.
    package let isProven: Bool

    package init(account: String, through: Day?, gaps: [Gap], isProven: Bool) {
        self.account = account
        self.through = through
        self.gaps = gaps
        self.isProven = isProven
    }

    /// One statement's frame, as the chain needs it. `from` and `to` are days with both ends included.
    package struct Frame: Hashable, Sendable {
        package var from: Day
        package var to: Day
        package var sequence: Int?
        package var opening: Int64?
        package var closing: Int64?

        package init(from: Day, to: Day, sequence: Int? = nil, opening: Int64? = nil, closing: Int64? = nil) {
            self.from = from
            self.to = to
            self.sequence = sequence
            self.opening = opening
            self.closing = closing
        }
    }

    /// Walks the frames of one account in order of days. A frame continues the chain when the statement numbers
    /// follow each other, when closing(n) = opening(n+1), or when no banking day lies between them and neither says
    /// otherwise.
    package static func chain(account: String, frames: [Frame], calendar: BankingCalendar) -> Coverage {
        let ordered = frames.sorted {
            ($0.to, $0.from, $0.sequence ?? 0, $0.opening ?? 0) < ($1.to, $1.from, $1.sequence ?? 0, $1.opening ?? 0)
        }
        guard var last = ordered.first else {
            return Coverage(account: account, through: nil, gaps: [], isProven: false)
        }
        var through = last.to
        var gaps: [Gap] = []
        var proven = last.closing != nil || last.sequence != nil
        for frame in ordered.dropFirst() {
            proven = proven || frame.closing != nil || frame.sequence != nil
            if frame.to <= last.to && frame.from >= last.from { continue }
            if !follows(frame, last, calendar: calendar) {
                let from = calendar.next(after: last.to)
                gaps.append(Gap(from: from, to: max(from, frame.from - 1)))
            }
            if gaps.isEmpty { through = max(through, frame.to) }
            last = frame
        }
        return Coverage(account: account, through: through, gaps: gaps, isProven: proven)
    }

    private static func follows(_ next: Frame, _ last: Frame, calendar: BankingCalendar) -> Bool {
        if let opening = next.opening, let closing = last.closing { return opening == closing }
        if let number = next.sequence, let before = last.sequence, number == before + 1 { return true }
        return next.from <= calendar.next(after: last.to)
    }
}
