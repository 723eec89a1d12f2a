// SPDX-License-Identifier: Apache-2.0
package import Documents

/// One file, or one pull, on its way into the books.
package struct ImportRun: Hashable, Sendable {
    /// "What is absent is settled": only with a declared scope and a control total.
    package struct Snapshot: Hashable, Sendable {
        /// Nil: all currencies of the source.
        package var currency: Currency?
        /// Accept that more than 5 % of the items or of their value disappear.
        package var acceptDrop: Bool

        package init(currency: Currency? = nil, acceptDrop: Bool = false) {
            self.currency = currency
            self.acceptDrop = acceptDrop
        }
    }

    /// A list that holds every payment of a span: one that was on it before and is not any more is gone.
    package struct Listing: Hashable, Sendable {
        package struct Line: Hashable, Sendable {
            /// The payment's id in its source.
            package var id: String
            /// Where it stands, in milliseconds since 1970 or numbers of a sequence; 0 in a list of everything.
            package var place: Int64

            package init(id: String, place: Int64) {
                self.id = id
                self.place = place
            }
        }

        /// The first place of the span; the lowest number for a list of everything.
        package var from: Int64
        package var lines: [Line]
        /// Accept that more than 5 % of the payments disappear.
        package var acceptDrop: Bool

        package init(from: Int64, lines: [Line], acceptDrop: Bool = false) {
            self.from = from
            self.lines = lines
            self.acceptDrop = acceptDrop
        }
    }

    /// An entry on a day that the books have from another form of the same account (camt, MT940, a table).
    package enum Overlap: String, Sendable, CaseIterable {
        /// The one of its day and amount; what has none is booked.
        case same
        /// Another payment; all of them are booked.
        case other
    }

    package var company: Company
    /// The external book: a bank account, an accounting company; never a format.
    package var source: String
    package var name: String
    package var sha256: String
    package var size: Int64
    package var format: String
    package var mapping: String?
    package var mappingDigest: String?
    /// The as-of day of what the source states.
    package var importedOn: Day
    package var recordedAt: Timestamp
    package var actor: String
    package var snapshot: Snapshot?
    /// Nil where a payment that is not listed says nothing.
    package var listing: Listing?
    /// Control totals given beside the file; those inside it are documents.
    package var controlTotals: [Balance] = []
    /// They state the whole receivables, so the books are compared with them; a snapshot's always are.
    package var comparesTotals = false
    /// What a person says of entries on days that another form of the account's statement stated, where the two differ.
    package var overlap: Overlap?
    /// What reading the file found wrong; stored with the run.
    package var faults: [Fault] = []

    package init(
        company: Company, source: String, name: String, sha256: String, size: Int64, format: String,
        mapping: String? = nil, mappingDigest: String? = nil, importedOn: Day, recordedAt: Timestamp,
        actor: String
    ) {
        self.company = company
        self.source = source
        self.name = name
        self.sha256 = sha256
        self.size = size
        self.format = format
        self.mapping = mapping
        self.mappingDigest = mappingDigest
        self.importedOn = importedOn
        self.recordedAt = recordedAt
        self.actor = actor
    }

    /// What read the bytes: the mapping, else the format. Two readers of one book may state the same document twice.
    package var reader: String { mapping ?? format }

    /// What the file lists is all of the days it names; a bank's intraday report or notification is not.
    var readsWholeDays: Bool { reader != "camt.052" && reader != "camt.054" }

    /// Its entries are those of a bank's own message: what was booked stays as it was booked. OFX is none of them: its ids
    /// are unique (FITID), and programs write a day and a text anew with each download.
    var isOfBank: Bool {
        mapping == nil && ["camt.052", "camt.053", "camt.054", "mt940", "coda", "cnab"].contains(format)
    }
}

/// What an import did.
package struct ImportOutcome: Hashable, Sendable {
    package struct Count: Hashable, Sendable {
        package var new = 0
        package var changed = 0
        package var unchanged = 0

        package init() {}
    }

    /// Minor units; `credited` and `returned` are positive.
    package struct Totals: Hashable, Sendable {
        package var invoiced: Int64 = 0
        package var credited: Int64 = 0
        package var received: Int64 = 0
        package var returned: Int64 = 0

        package init() {}
    }

    /// What a person must see.
    package struct Exception: Hashable, Sendable {
        /// `SOURCE-CONFLICT`, `VOID-WITH-CASH`, `PAYMENT-CHANGED`, `PAYMENT-GONE`, `NUMBER-REPEATED`, `CLOSED-BY-SOURCE`, `CONTROL-TOTAL` …
        package var kind: String
        /// The document's or item's id.
        package var subject: String
        package var customer: String?
        package var message: String
    }

    /// The import's number; nil for a dry run of nothing.
    package var importNo: Int64?
    /// The same bytes were imported before: nothing was changed.
    package var alreadyImported = false
    package var invoices = Count()
    package var payments = Count()
    package var customers = Count()
    package var promises = Count()
    package var statements = Count()
    package var balances = Count()
    package var allocations = Count()
    package var settlements = Count()
    package var rates = Count()
    /// Raised while merging; the run's own faults are not repeated.
    package var faults: [Fault] = []
    package var totals: [Currency: Totals] = [:]
    package var exceptions: [Exception] = []
    /// Ids in `promise_record` that the promise machine has not seen.
    package var newPromises: [String] = []

    package init() {}

    /// Entity name (as in `Document.entity`) and counts, in the order of the manual.
    package var counts: [(entity: String, count: Count)] {
        [
            ("invoice", invoices), ("payment", payments), ("customer", customers), ("promise", promises),
            ("statement", statements), ("balance", balances), ("allocation", allocations),
            ("settlement", settlements), ("rate", rates),
        ]
    }

    mutating func add(_ kind: String, _ subject: String, customer: String? = nil, _ message: String) {
        exceptions.append(Exception(kind: kind, subject: subject, customer: customer, message: message))
    }
}
