// SPDX-License-Identifier: Apache-2.0
package import Documents

/// One month of receivables in one currency, every term a line of its own; nothing is called "other".
package struct RollForward: Hashable, Sendable {
    /// The lines between opening and closing, in the order they are printed.
    package enum Line: String, Sendable, CaseIterable {
        case invoiced
        case creditNotes = "credit_notes"
        case cash
        case lateCharges = "late_charges"
        case returned
        case refunded
        case discount
        case fee
        case withholding
        case writeOff = "write_off"
        case recovered
        case exchange
        case rounding
        case openingEntries = "opening_entries"
        case amended
        case replaced
        case providerClearing = "provider_clearing"
        case sourceClearing = "source_clearing"
        case closedBySource = "closed_by_source"
    }

    package var opening: Int64 = 0
    /// Signed as they move the balance, in the order of `Line.allCases`.
    package var lines = [Int64](repeating: 0, count: Line.allCases.count)
    package var closing: Int64 = 0
    /// The part of the lines that belongs to an earlier, closed month.
    package var priorPeriod: Int64 = 0

    package init() {}

    package subscript(line: Line) -> Int64 {
        get { lines[Self.position(line)] }
        set { lines[Self.position(line)] = newValue }
    }

    /// Zero, or the books do not tie.
    package var difference: Int64 { opening + lines.reduce(0, +) - closing }

    /// Folds the log for one company and currency. `closing` is summed over the whole log up to the month's end,
    /// independently of the lines, so that `difference` can fail.
    package static func compute(_ entries: some Sequence<Entry>, month: Month) -> RollForward {
        var result = RollForward()
        for entry in entries { result.add(entry, month: month) }
        return result
    }

    /// Folds one entry, for a log that streams by; entries posted after the month do not count.
    package mutating func add(_ entry: Entry, month: Month) {
        guard entry.movesMoney, entry.postingDay <= month.lastDay else { return }
        let effect = Chart.controlEffect(of: entry)
        for posting in Chart.postings(of: entry) where posting.account.isControl { closing += posting.amount }
        if entry.postingDay < month.firstDay {
            opening += effect
        } else if let line = Self.line(of: entry) {
            self[line] += effect
            if entry.isPriorPeriod { priorPeriod += effect }
        }
    }

    /// The line an entry belongs to; nil for what moves nothing between customers and the rest (application, netting).
    package static func line(of entry: Entry) -> Line? {
        switch entry.kind {
        case .invoiced: entry.amount < 0 && entry.undoes == nil ? .creditNotes : .invoiced
        case .opening: .openingEntries
        case .amended: .amended
        case .replaced: .replaced
        case .received: .cash
        // The bank's charge on a return went out and is set aside: so much less was returned.
        case .setAside: (entry.amount < 0) == (entry.undoes == nil) ? .returned : .cash
        case .charged: .lateCharges
        case .returned: .returned
        case .refunded: .refunded
        case .discount: .discount
        case .fee: .fee
        case .withholding: .withholding
        case .writeOff: .writeOff
        case .recovered: .recovered
        case .rounding: .rounding
        case .exchange, .converted: .exchange
        case .providerClearing: .providerClearing
        case .sourceClearing: .sourceClearing
        case .closedBySource: .closedBySource
        case .applied, .netted, .consumed, .paidOut, .stated, .monthClosed, .monthReopened: nil
        }
    }

    private static func position(_ line: Line) -> Int { Line.allCases.firstIndex(of: line) ?? 0 }
}
