// SPDX-License-Identifier: Apache-2.0
package import Documents
package import Ledger
package import Promises

/// Everything a decision about one customer is made from, and nothing else: same snapshot, same plan.
package struct AccountSnapshot: Hashable, Sendable {
    /// An open item with what keeps it from being chased.
    package struct Item: Hashable, Sendable {
        package var item: OpenItem
        /// The source itself marks it as disputed.
        package var disputed = false
        package var dunningBlocked = false
        /// Collected by direct debit: the money is fetched, not asked for.
        package var directDebit = false
        /// On its way and not in the books yet, positive.
        package var inTransit: Money?
        package var factored = false
        package var atAgency = false
        /// The day a payment of this item was taken back; nil when none was since it was last settled.
        package var returnedOn: Day?
        package var returned: Money?
        package var sourceDunningLevel: Int?
        package var sourceDunnedOn: Day?

        package init(_ item: OpenItem) { self.item = item }
    }

    /// A receiving account and how far its cash is known.
    package struct Account: Hashable, Sendable {
        package var id: String
        /// The last day of the unbroken chain; nil when nothing was ever seen.
        package var through: Day?
        /// The last day of the last statement, with or without holes before it.
        package var lastDay: Day?
        package var gaps: [Coverage.Gap]

        package init(id: String, through: Day?, lastDay: Day? = nil, gaps: [Coverage.Gap] = []) {
            self.id = id
            self.through = through
            self.lastDay = lastDay ?? through
            self.gaps = gaps
        }

        package init(_ coverage: Coverage, lastDay: Day?) {
            self.init(id: coverage.account, through: coverage.through, lastDay: lastDay, gaps: coverage.gaps)
        }
    }

    /// Where invoices come from, and the day they are known through.
    package struct Source: Hashable, Sendable {
        package var id: String
        package var asOf: Day?
        /// The source's own limit; the policy's where it has none.
        package var daysMax: Int?

        package init(id: String, asOf: Day?, daysMax: Int? = nil) {
            self.id = id
            self.asOf = asOf
            self.daysMax = daysMax
        }
    }

    /// The customer said they had paid.
    package struct Claim: Hashable, Sendable {
        package var id: String
        /// Empty when the customer named no invoice: all of them.
        package var items: [String]
        package var claimedOn: Day
        package var resolvedOn: Day?

        package init(id: String, items: [String] = [], claimedOn: Day, resolvedOn: Day? = nil) {
            self.id = id
            self.items = items
            self.claimedOn = claimedOn
            self.resolvedOn = resolvedOn
        }
    }

    /// A message that was planned before, with what became of it.
    package struct Said: Hashable, Sendable {
        package enum Outcome: String, Sendable {
            /// Begun, accepted or unknown: it counts as said.
            case handedOver = "handed_over"
            case delivered
            /// Final; it counts as said, because a person decides what comes next.
            case failed
            /// Never left: it does not count.
            case cancelled
        }

        package var key: Message.Key
        package var revision: Int
        package var items: [String]
        package var at: LocalTime
        package var outcome: Outcome
        /// It went to the number that the customer has now, and nobody else has answered there since.
        package var isToNumber: Bool

        package init(
            key: Message.Key, revision: Int = 1, items: [String], at: LocalTime, outcome: Outcome,
            isToNumber: Bool = true
        ) {
            self.isToNumber = isToNumber
            self.key = key
            self.revision = revision
            self.items = items
            self.at = at
            self.outcome = outcome
        }
    }

    /// Booked and matched cash that a confirmation could be sent for.
    package struct Receipt: Hashable, Sendable {
        package var paymentID: String
        /// What of it went to this customer; all of it where it settled nobody else's invoice.
        package var amount: Money
        package var bookedOn: Day
        /// What it settled of this customer's, with what is open now.
        package var lines: [Message.Line]
        /// The customer had said that they paid it.
        package var answersClaim: Bool
        /// Taken back since.
        package var isReturned: Bool

        package init(
            paymentID: String, amount: Money, bookedOn: Day, lines: [Message.Line], answersClaim: Bool = false,
            isReturned: Bool = false
        ) {
            self.paymentID = paymentID
            self.amount = amount
            self.bookedOn = bookedOn
            self.lines = lines
            self.answersClaim = answersClaim
            self.isReturned = isReturned
        }
    }

    /// The customer, or a person for them, asked for a copy of an invoice.
    package struct CopyRequest: Hashable, Sendable {
        package var id: String
        package var line: Message.Line
        package var document: Message.Attachment

        package init(id: String, line: Message.Line, document: Message.Attachment) {
            self.id = id
            self.line = line
            self.document = document
        }
    }

    /// Part of a payment that waits for a person: the item that every reading of it settles.
    package struct Waiting: Hashable, Sendable {
        package var paymentID: String
        package var itemID: String
        /// What it settles, in the item's currency.
        package var covers: Money
        /// What of the payment does so, in the payment's.
        package var cash: Money
        /// The payer is known to be this customer: `unapplied` counts it too.
        package var isOwn: Bool

        package init(paymentID: String, itemID: String, covers: Money, cash: Money, isOwn: Bool) {
            self.paymentID = paymentID
            self.itemID = itemID
            self.covers = covers
            self.cash = cash
            self.isOwn = isOwn
        }
    }

    package var company: Company
    package var customer: Customer
    package var items: [Item] = []
    /// Open credit notes per currency, as positive amounts.
    package var openCredits: [Money] = []
    /// Cash that is not applied yet per currency, as positive amounts.
    package var unapplied: [Money] = []
    /// What of it, and of unknown payers' money, settles an item whatever a person decides.
    package var waiting: [Waiting] = []
    package var promises: [PromiseToPay] = []
    package var claims: [Claim] = []
    package var disputes: [Dispute] = []
    package var holds: [Hold] = []
    /// Beside what the master data says: the day the customer told us to stop.
    package var optedOutOn: Day?
    package var numberProven = false
    package var history: [Said] = []
    /// In the outbox, not handed over.
    package var pending: [Message] = []
    package var accounts: [Account] = []
    package var sources: [Source] = []
    package var receipts: [Receipt] = []
    package var copyRequests: [CopyRequest] = []

    package init(company: Company, customer: Customer) {
        self.company = company
        self.customer = customer
    }
}

extension AccountSnapshot {
    /// Claims that are open, in a fixed order whatever the order of the input.
    var chaseable: [Item] {
        items.filter { $0.item.open.isPositive && !$0.item.isCredit }
            .sorted { ($0.item.dueOn, $0.item.number, $0.item.id) < ($1.item.dueOn, $1.item.number, $1.item.id) }
    }

    /// What lowers the debt in a currency before anybody is reminded, in minor units.
    func credits(_ currency: Currency) -> Int128 {
        (openCredits + unapplied).reduce(0) { sum, money in
            money.currency == currency ? sum + Int128(money.magnitude.minorUnits) : sum
        }
    }

    /// The day through which the books are complete.
    func booksAsOf(_ day: Day) -> Day {
        min(day, accounts.compactMap(\.through).min() ?? day)
    }

    /// What was said and when, oldest first.
    var said: [Said] {
        history.filter { $0.outcome != .cancelled }
            .sorted { ($0.at, $0.key.id, $0.revision) < ($1.at, $1.key.id, $1.revision) }
    }
}
