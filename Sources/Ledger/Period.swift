// SPDX-License-Identifier: Apache-2.0
package import Documents

/// Which months are frozen. A fact of a frozen month posts on the first open day, as prior period.
package struct Period: Hashable, Sendable {
    /// The last frozen month; nil while none is.
    package var closedThrough: Month?

    package init(closedThrough: Month? = nil) { self.closedThrough = closedThrough }

    package var firstOpenDay: Day? { closedThrough.map { $0.next.firstDay } }

    /// The day that a fact of `day` is posted on.
    package func postingDay(for day: Day) -> Day {
        firstOpenDay.map { max($0, day) } ?? day
    }

    /// The day an allocation is posted: the latest of the cash's, the item's and the first open day.
    package func allocationDay(cash: Day, item: Day) -> Day { postingDay(for: max(cash, item)) }

    /// Months close in order; nil when `month` is not the one after the last that was closed.
    package func canClose(_ month: Month) -> Bool {
        closedThrough.map { $0.next == month } ?? true
    }
}
