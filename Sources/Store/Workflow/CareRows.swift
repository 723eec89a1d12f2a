// SPDX-License-Identifier: Apache-2.0
package import Documents

/// A payment a customer says they made: a pause and a wish to be matched first, never money.
package struct ClaimedPayment: Hashable, Sendable {
    package enum State: String, Sendable { case open, matched, lapsed }

    package var id: String
    package var customerID: String
    /// Item ids; empty for the whole balance.
    package var items: [String]
    package var amount: Money?
    package var claimedOn: Day
    /// The last day the claim holds messages.
    package var through: Day
    package var state: State
    /// The day the money was found, or a person took over.
    package var resolvedOn: Day?
    package var paymentID: String?
    package var recordedAt: Timestamp

    package init(
        id: String, customerID: String, items: [String], amount: Money?, claimedOn: Day, through: Day,
        state: State = .open, resolvedOn: Day? = nil, paymentID: String? = nil, recordedAt: Timestamp
    ) {
        self.id = id
        self.customerID = customerID
        self.items = items
        self.amount = amount
        self.claimedOn = claimedOn
        self.through = through
        self.state = state
        self.resolvedOn = resolvedOn
        self.paymentID = paymentID
        self.recordedAt = recordedAt
    }
}

/// What a customer agreed to.
package struct Consent: Hashable, Sendable {
    package var optedIn: Bool?
    package var optedOut: Bool?
    package var optedOutOn: Day?

    package init(optedIn: Bool? = nil, optedOut: Bool? = nil, optedOutOn: Day? = nil) {
        self.optedIn = optedIn
        self.optedOut = optedOut
        self.optedOutOn = optedOutOn
    }
}

extension Session {
    package func save(_ dispute: Dispute, actor: String, note: String?, at time: Timestamp) throws {
        try execute(
            """
            INSERT INTO dispute(company, id, customer_id, invoice_id, reason, amount, currency, opened_on, state,
                resolution, resolved_on, actor, note, recorded_at) VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?)
            ON CONFLICT(company, id) DO UPDATE SET state = excluded.state, resolution = excluded.resolution,
                resolved_on = excluded.resolved_on, actor = excluded.actor, note = excluded.note
            """,
            [
                dispute.company, dispute.id, dispute.customerID, dispute.invoiceID, dispute.reason,
                dispute.amount?.minorUnits, dispute.amount?.currency, dispute.openedOn, dispute.state.rawValue,
                dispute.resolution, dispute.resolvedOn, actor, note, time,
            ])
    }

    package func disputes(company: String, customer: String? = nil) throws -> [Dispute] {
        let asked = Conditions(company: company).and("customer_id = ?", customer)
        return try rows("SELECT * FROM dispute \(asked.sql) ORDER BY opened_on, id", asked.values) { row in
            Dispute(
                id: row.text("id"), company: company, customerID: row.text("customer_id"),
                invoiceID: row.text("invoice_id"), reason: row.text("reason"),
                amount: try row.optionalInt("amount").map {
                    Money(minorUnits: $0, currency: try row.currency("currency"))
                }, openedOn: row.day("opened_on"), state: Dispute.State(rawValue: row.text("state")) ?? .open,
                resolution: row.optionalText("resolution"), resolvedOn: row.optionalDay("resolved_on"))
        }
    }

    package func save(_ hold: Hold, at time: Timestamp) throws {
        try execute(
            """
            INSERT INTO hold(company, id, customer_id, items, kind, reason, set_by, from_day, through_day, recorded_at)
            VALUES(?,?,?,?,?,?,?,?,?,?) ON CONFLICT(company, id) DO NOTHING
            """,
            [
                hold.company, hold.id, hold.customerID, hold.items.joined(separator: "\n"), hold.kind.rawValue,
                hold.reason, hold.setBy, hold.from, hold.through, time,
            ])
    }

    package func liftHolds(company: String, customer: String, by actor: String) throws -> Int {
        try execute(
            "UPDATE hold SET lifted_by = ? WHERE company = ? AND customer_id = ? AND lifted_by IS NULL",
            [actor, company, customer])
    }

    package func holds(company: String, customer: String) throws -> [Hold] {
        try rows(
            "SELECT * FROM hold WHERE company = ? AND customer_id = ? AND lifted_by IS NULL ORDER BY from_day, id",
            [company, customer]
        ) { row in
            Hold(
                id: row.text("id"), company: company, customerID: customer,
                items: row.text("items").split(separator: "\n").map(String.init),
                kind: Hold.Kind(rawValue: row.text("kind")) ?? .manual, reason: row.text("reason"),
                setBy: row.text("set_by"), from: row.day("from_day"), through: row.optionalDay("through_day"))
        }
    }

    package func save(_ claim: ClaimedPayment, company: String) throws {
        try execute(
            """
            INSERT INTO claimed_payment(company, id, customer_id, items, amount, currency, claimed_on, through_day,
                state, resolved_on, payment_id, recorded_at) VALUES(?,?,?,?,?,?,?,?,?,?,?,?)
            ON CONFLICT(company, id) DO UPDATE SET state = excluded.state, resolved_on = excluded.resolved_on,
                payment_id = excluded.payment_id
            """,
            [
                company, claim.id, claim.customerID, claim.items.joined(separator: "\n"), claim.amount?.minorUnits,
                claim.amount?.currency, claim.claimedOn, claim.through, claim.state.rawValue, claim.resolvedOn,
                claim.paymentID,
                claim.recordedAt,
            ])
    }

    package func claimedPayments(
        company: String, customer: String? = nil, openOnly: Bool = false
    ) throws -> [ClaimedPayment] {
        let asked = Conditions(company: company).and("customer_id = ?", customer)
            .and("state = 'open'", when: openOnly)
        return try rows("SELECT * FROM claimed_payment \(asked.sql) ORDER BY claimed_on, id", asked.values) { row in
            ClaimedPayment(
                id: row.text("id"), customerID: row.text("customer_id"),
                items: row.text("items").split(separator: "\n").map(String.init),
                amount: try row.optionalInt("amount").map {
                    Money(minorUnits: $0, currency: try row.currency("currency"))
                }, claimedOn: row.day("claimed_on"), through: row.day("through_day"),
                state: ClaimedPayment.State(rawValue: row.text("state")) ?? .open,
                resolvedOn: row.optionalDay("resolved_on"), paymentID: row.optionalText("payment_id"),
                recordedAt: row.time("recorded_at"))
        }
    }

    package func consent(company: String, customer: String) throws -> Consent? {
        try first("SELECT * FROM consent WHERE company = ? AND customer_id = ?", [company, customer]) { row in
            Consent(
                optedIn: row.optionalInt("opted_in").map { $0 != 0 },
                optedOut: row.optionalInt("opted_out").map { $0 != 0 },
                optedOutOn: row.optionalDay("opted_out_on"))
        }
    }

    package func save(
        _ consent: Consent, company: String, customer: String, source: String, at time: Timestamp
    ) throws {
        try execute(
            """
            INSERT INTO consent(company, customer_id, opted_in, opted_out, opted_out_on, source, recorded_at)
            VALUES(?,?,?,?,?,?,?)
            ON CONFLICT(company, customer_id) DO UPDATE SET opted_in = excluded.opted_in,
                opted_out = excluded.opted_out, opted_out_on = excluded.opted_out_on, source = excluded.source,
                recorded_at = excluded.recorded_at
            """,
            [company, customer, consent.optedIn, consent.optedOut, consent.optedOutOn, source, time])
    }

    /// Keeps what a person did; never changed afterwards.
    package func recordAct(
        company: String, verb: String, subject: String, actor: String, reason: String, on day: Day, at time: Timestamp
    ) throws {
        try execute(
            "INSERT INTO person_act(company, at, day, actor, verb, subject, reason) VALUES(?,?,?,?,?,?,?)",
            [company, time, day, actor, verb, subject, reason])
    }

    package func acts(company: String, subject: String) throws -> [PersonAct] {
        try rows("SELECT * FROM person_act WHERE company = ? AND subject = ? ORDER BY no", [company, subject]) { row in
            PersonAct(
                at: row.time("at"), day: row.day("day"), actor: row.text("actor"), verb: row.text("verb"),
                reason: row.text("reason"))
        }
    }
}

/// Something a person did outside the books, with their reason.
package struct PersonAct: Hashable, Sendable {
    package var at: Timestamp
    package var day: Day
    package var actor: String
    package var verb: String
    package var reason: String
}
