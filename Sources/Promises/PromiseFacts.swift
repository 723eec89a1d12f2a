// SPDX-License-Identifier: Apache-2.0
package import Documents

/// What the books know about the items of one promise on the day it is judged.
package struct PromiseFacts: Hashable, Sendable {
    /// Cash on a promised item: positive was applied, negative was taken back by a return.
    package struct Cash: Hashable, Sendable {
        package var itemID: String
        /// The bank's value day of the payment or of its return.
        package var valueDay: Day
        package var amount: Money
        /// The cash was already off the open amount that the promise was made about; it does not count again.
        package var inLedgerWhenTaken: Bool
        /// It takes back a match that was wrong, since the last verdict: that money never was for this item.
        package var isUndo: Bool

        package init(
            itemID: String, valueDay: Day, amount: Money, inLedgerWhenTaken: Bool = false, isUndo: Bool = false
        ) {
            self.itemID = itemID
            self.valueDay = valueDay
            self.amount = amount
            self.inLedgerWhenTaken = inLedgerWhenTaken
            self.isUndo = isUndo
        }
    }

    package var cash: [Cash]
    /// What is open now per promised item; an item that is absent is taken as open in full.
    package var open: [PromiseToPay.Line]
    /// The last day through which every receiving account is known without a hole; nil when one is not known at all.
    package var coveredThrough: Day?
    /// Money of this payer, in review or unapplied, that could still turn out to be the promised payment.
    package var atHand: Money?
    /// Promised items whose invoice was replaced by another.
    package var replacedItems: [String]
    /// Promised items that are another customer's now.
    package var movedItems: [String]
    /// A person said what the verdict is.
    package var isDecided: Bool

    package init(
        cash: [Cash], open: [PromiseToPay.Line] = [], coveredThrough: Day?, atHand: Money? = nil,
        replacedItems: [String] = [], movedItems: [String] = [], isDecided: Bool = false
    ) {
        self.cash = cash
        self.open = open
        self.coveredThrough = coveredThrough
        self.atHand = atHand
        self.replacedItems = replacedItems
        self.movedItems = movedItems
        self.isDecided = isDecided
    }

    /// As the verdict saw it: with the matches that were undone since.
    var beforeUndo: PromiseFacts {
        var facts = self
        facts.cash.removeAll(where: \.isUndo)
        return facts
    }

    /// Whether cash was already off the open amount when a promise was taken.
    ///
    /// With the instant of the promise that is a question of when the cash was put on the item, whatever its value day:
    /// cash that was in the ledger and on no item yet had lowered nothing. A promise of which only the day is known may
    /// have been told after its cash, in any order: then the booking day decides.
    /// - Parameter recordedAt: when the cash was put on the item.
    package static func wasKnown(
        recordedAt: Timestamp, bookedOn: Day, takenAt: Timestamp?, promisedOn: Day
    ) -> Bool {
        takenAt.map { recordedAt <= $0 } ?? (bookedOn < promisedOn)
    }
}
