// SPDX-License-Identifier: Apache-2.0
package import Documents
package import PaymentRequests

/// Somebody asked for a copy of an invoice.
package struct StoredCopyRequest: Hashable, Sendable {
    package var id: String
    package var customerID: String
    package var itemID: String
    package var document: Message.Attachment
    package var requestedOn: Day
    package var requestedBy: String

    package init(
        id: String, customerID: String, itemID: String, document: Message.Attachment, requestedOn: Day,
        requestedBy: String
    ) {
        self.id = id
        self.customerID = customerID
        self.itemID = itemID
        self.document = document
        self.requestedOn = requestedOn
        self.requestedBy = requestedBy
    }
}

extension Session {
    package func save(_ link: PaymentLink, at time: Timestamp) throws {
        try execute(
            """
            INSERT INTO link(company, id, customer_id, kind, payload, amount, currency, reference, revision, created_on,
                expires_on, state, superseded_by, closed_reason, closed_on, recorded_at)
            VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)
            ON CONFLICT(company, id) DO UPDATE SET state = excluded.state, superseded_by = excluded.superseded_by,
                closed_reason = excluded.closed_reason, closed_on = excluded.closed_on
            """,
            [
                link.company, link.id, link.customer, link.kind.rawValue, link.payload, link.amount.minorUnits,
                link.amount.currency, link.reference, link.revision, link.createdOn, link.expiresOn,
                link.state.rawValue, link.supersededBy, link.closedReason, link.closedOn, time,
            ])
        for part in link.items {
            try execute(
                """
                INSERT INTO link_item(company, link_id, item_id, number, amount) VALUES(?,?,?,?,?)
                ON CONFLICT(company, link_id, item_id) DO NOTHING
                """, [link.company, link.id, part.item, part.number, part.amount.minorUnits])
        }
    }

    package func link(company: String, id: String) throws -> PaymentLink? {
        let links = try rows("SELECT * FROM link WHERE company = ? AND id = ?", [company, id], Self.link)
        guard var link = links.first else { return nil }
        try fill(&link)
        return link
    }

    /// Links that somebody may still pay with.
    package func activeLinks(company: String) throws -> [PaymentLink] {
        try rows("SELECT * FROM link WHERE company = ? AND state = 'active' ORDER BY id", [company], Self.link).map {
            var link = $0
            try fill(&link)
            return link
        }
    }

    /// Links over any of the items, the newest last.
    package func links(company: String, item: String) throws -> [PaymentLink] {
        let found = try rows(
            """
            SELECT * FROM link WHERE company = ? AND id IN (
                SELECT link_id FROM link_item WHERE company = ? AND item_id = ?) ORDER BY created_on, revision, id
            """, [company, company, item], Self.link)
        return try found.map {
            var link = $0
            try fill(&link)
            return link
        }
    }

    private func fill(_ link: inout PaymentLink) throws {
        let currency = link.amount.currency
        link.items = try rows(
            "SELECT item_id, number, amount FROM link_item WHERE company = ? AND link_id = ? ORDER BY item_id",
            [link.company, link.id]
        ) { row in
            PaymentLink.Part(
                item: row.text(0), number: row.optionalText(1),
                amount: Money(minorUnits: row.int(2), currency: currency))
        }
    }

    private static func link(_ row: Row) throws -> PaymentLink {
        guard let kind = PaymentLink.Kind(rawValue: row.text("kind")),
            let state = PaymentLink.State(rawValue: row.text("state"))
        else { throw StoreFailure("STORE-DAMAGED", "link \(row.text("id")) has an unknown kind or state") }
        var link = PaymentLink(
            id: row.text("id"), company: row.text("company"), customer: row.optionalText("customer_id"), kind: kind,
            payload: row.text("payload"),
            amount: Money(minorUnits: row.int("amount"), currency: try row.currency("currency")), items: [],
            reference: row.optionalText("reference"), revision: Int(row.int("revision")),
            createdOn: row.day("created_on"), expiresOn: row.optionalDay("expires_on"))
        link.state = state
        link.supersededBy = row.optionalText("superseded_by")
        link.closedReason = row.optionalText("closed_reason")
        link.closedOn = row.optionalDay("closed_on")
        return link
    }

    /// - Returns: false when the same request was there before.
    package func add(_ request: StoredCopyRequest, company: String, at time: Timestamp) throws -> Bool {
        try execute(
            """
            INSERT INTO copy_request(company, id, customer_id, item_id, sha256, name, requested_on, requested_by,
                recorded_at) VALUES(?,?,?,?,?,?,?,?,?) ON CONFLICT(company, id) DO NOTHING
            """,
            [
                company, request.id, request.customerID, request.itemID, request.document.sha256,
                request.document.name, request.requestedOn, request.requestedBy, time,
            ]) > 0
    }

    package func copyRequests(company: String, customer: String) throws -> [StoredCopyRequest] {
        try rows(
            "SELECT * FROM copy_request WHERE company = ? AND customer_id = ? ORDER BY requested_on, id",
            [company, customer]
        ) { row in
            StoredCopyRequest(
                id: row.text("id"), customerID: customer, itemID: row.text("item_id"),
                document: Message.Attachment(sha256: row.text("sha256"), name: row.text("name")),
                requestedOn: row.day("requested_on"), requestedBy: row.text("requested_by"))
        }
    }
}
