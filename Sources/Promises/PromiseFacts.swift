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

        package init(itemID: String, valueDay: Day, amount: Money, inLedgerWhenTaken: Bool = false) {
            self.itemID = itemID
            self.valueDay = valueDay
            self.amount = amount
            self.inLedgerWhenTaken = inLedgerWhenTaken
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

    package init(
        cash: [Cash], open: [PromiseToPay.Line] = [], coveredThrough: Day?, atHand: Money? = nil,
        replacedItems: [String] = []
    ) {
        self.cash = cash
        self.open = open
        self.coveredThrough = coveredThrough
        self.atHand = atHand
        self.replacedItems = replacedItems
    }

    /// Whether cash was already in the ledger when a promise was taken.
    ///
    /// With the instant of the promise that is a question of when the cash was recorded. A promise that came from
    /// a file has only a day, and its cash may have been imported in any order: then the booking day decides.
    package static func wasKnown(
        recordedAt: Timestamp, bookedOn: Day, takenAt: Timestamp?, promisedOn: Day
    ) -> Bool {
        takenAt.map { recordedAt < $0 } ?? (bookedOn < promisedOn)
    }
}
