// SPDX-License-Identifier: Apache-2.0

import Documents

extension Memory {
    /// A payment as later ones ask for it again and again, without anything that is counted by reference.
    struct Seen {
        var amount: Int64
        /// 0 where there is none.
        var account: UInt64
        var payer: UInt64
        /// What of the amount waits.
        var rest: Int64
        var currency: Currency
        var bookedOn: Day
        /// When it was seen among all others.
        var order: Int32
        /// Its lines: where they are.
        var lines: Range<Int32>
        /// Items its text named, whatever came of it: where they are.
        var named: Range<Int32>
        /// The rule that settled it; nil while it waits, or where it is not known.
        var rule: Rule?
        /// A person settled it.
        var isByPerson: Bool
        var route: Route
        var isSettled: Bool
        /// Taken back by a return, or paid back by a refund.
        var isReturned: Bool
        /// What is left of a payment whose other part was used before.
        var isPart: Bool

        var accountKey: UInt64? { account == 0 ? nil : account }
        var payerKey: UInt64? { payer == 0 ? nil : payer }

        /// Its text names no item.
        var isWordless: Bool { named.isEmpty }
        /// It settled nothing.
        var isIdle: Bool { lines.isEmpty }

        /// Shows for whom its payer pays: by a rule strong enough, or because a person said so.
        var isTelling: Bool {
            amount > 0 && payerKey != nil && (isByPerson || rule.map(Workspace.teaches) == true)
        }
    }

    /// What a payment is called, and by whom it was made.
    struct Label {
        var id: String
        var endToEndID: String?
        var name: PayerName?
    }

    /// A line without the id of its item, which is known by its place, and in one amount what nearly every line says in one.
    private struct KeptLine {
        enum Form: UInt8 {
            case cash, provingCash, adjustment
            /// In `Register.amounts`.
            case apart
        }
        let amount: Int64
        let item: Int32
        let reason: Line.Reason
        let form: Form

        init(_ line: Line) {
            (item, reason) = (line.place, line.reason)
            (amount, form) =
                switch (line.cash, line.adjustment, line.proves) {
                case (let cash, 0, 0): (cash, .cash)
                case (0, let adjustment, 0): (adjustment, .adjustment)
                case (let cash, 0, let proves) where cash == proves: (cash, .provingCash)
                default: (0, .apart)
                }
        }
    }

    /// Payments in columns.
    struct Register {
        var seen: [Seen] = []
        private(set) var labels: [Label] = []
        private var lines: [KeptLine] = []
        /// Of the few lines whose item has no place in the catalogue.
        private var strangers: [Int32: String] = [:]
        /// Of the few lines that say more than one amount.
        private var amounts: [Int32: (cash: Int64, adjustment: Int64, proves: Int64)] = [:]
        private var names: [Int32] = []

        mutating func reserve(_ count: Int) {
            seen.reserveCapacity(seen.count + count)
            labels.reserveCapacity(labels.count + count)
            // What is not used of it is never touched.
            lines.reserveCapacity(lines.count + 2 * count)
            names.reserveCapacity(names.count + 2 * count)
        }

        mutating func append(_ payment: Seen, _ label: Label, _ settled: [Line], _ mentions: [Mention]) {
            var payment = payment
            let (line, name) = (Int32(truncatingIfNeeded: lines.count), Int32(truncatingIfNeeded: names.count))
            payment.lines = line..<line + Int32(truncatingIfNeeded: settled.count)
            payment.named = name..<name + Int32(truncatingIfNeeded: mentions.count)
            seen.append(payment)
            labels.append(label)
            for line in settled {
                let index = Int32(truncatingIfNeeded: lines.count)
                let kept = KeptLine(line)
                if line.place < 0 { strangers[index] = line.itemID }
                if kept.form == .apart { amounts[index] = (line.cash, line.adjustment, line.proves) }
                lines.append(kept)
            }
            for mention in mentions { names.append(mention.item) }
        }

        func lines(_ payment: Int, _ catalogue: Catalogue) -> [Line] {
            seen[payment].lines.map { index in
                let kept = lines[Int(index)]
                let id = kept.item < 0 ? strangers[index] ?? "" : catalogue.id(kept.item)
                let (cash, adjustment, proves) = said(index)
                var line = Line(
                    itemID: id, reason: kept.reason, cash: cash, adjustment: adjustment, proves: proves)
                line.place = kept.item
                return line
            }
        }

        private func said(_ index: Int32) -> (cash: Int64, adjustment: Int64, proves: Int64) {
            let kept = lines[Int(index)]
            return switch kept.form {
            case .cash: (kept.amount, 0, 0)
            case .provingCash: (kept.amount, 0, kept.amount)
            case .adjustment: (0, kept.amount, 0)
            case .apart: amounts[index] ?? (0, 0, 0)
            }
        }

        /// Whether it paid one of these items: what its lines say, without making them.
        func paid(_ items: [Int32], _ payment: Int, _ catalogue: Catalogue) -> Bool {
            for index in seen[payment].lines where said(index).cash > 0 {
                let known = lines[Int(index)].item
                let item = known >= 0 ? known : strangers[index].flatMap { catalogue.place(ofItem: $0) }
                if let item, items.contains(item) { return true }
            }
            return false
        }

        func named(_ payment: Int) -> ArraySlice<Int32> {
            let range = seen[payment].named
            return names[Int(range.lowerBound)..<Int(range.upperBound)]
        }
    }
}
