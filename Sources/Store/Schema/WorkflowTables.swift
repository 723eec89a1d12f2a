// SPDX-License-Identifier: Apache-2.0

/// What the loop keeps beside the books: decisions, promises, messages and what people said and did.
enum WorkflowTables {
    static let sql: [String] = [
        // A customer's money that waits: asked for with every promise and every plan.
        "CREATE INDEX payment_waiting ON payment(company, customer) WHERE unapplied <> 0",
        // What reconcile decided on a payment; the lines that were booked are in the log under the same decision id.
        """
        CREATE TABLE decision(
            company TEXT NOT NULL, id TEXT NOT NULL, payment_id TEXT NOT NULL, verdict TEXT NOT NULL,
            kind TEXT NOT NULL, rule TEXT NOT NULL, state TEXT NOT NULL, customer_id TEXT, counterpart_id TEXT,
            explanation TEXT NOT NULL, detail TEXT NOT NULL, amount INTEGER NOT NULL, currency TEXT NOT NULL,
            decided_on INTEGER NOT NULL, recorded_at INTEGER NOT NULL, actor TEXT NOT NULL, reason TEXT,
            PRIMARY KEY(company, id)) STRICT
        """,
        "CREATE INDEX decision_payment ON decision(company, payment_id)",
        """
        CREATE TABLE decision_line(
            company TEXT NOT NULL, decision_id TEXT NOT NULL, alternative INTEGER NOT NULL, n INTEGER NOT NULL,
            item_id TEXT NOT NULL, reason TEXT NOT NULL, cash INTEGER NOT NULL, adjustment INTEGER NOT NULL,
            proves INTEGER NOT NULL, PRIMARY KEY(company, decision_id, alternative, n)) STRICT
        """,
        """
        CREATE TABLE promise(
            company TEXT NOT NULL, id TEXT NOT NULL, customer_id TEXT NOT NULL, status TEXT NOT NULL,
            state TEXT NOT NULL, close_reason TEXT, closed_on INTEGER, close_note TEXT, currency TEXT NOT NULL,
            promised_for INTEGER NOT NULL, promised_on INTEGER NOT NULL, taken_by TEXT, channel TEXT,
            recorded_by TEXT NOT NULL, evidence TEXT, level INTEGER NOT NULL, grace_days INTEGER NOT NULL,
            basis TEXT NOT NULL, calendar TEXT NOT NULL, shortfall INTEGER NOT NULL, shortfall_percent TEXT NOT NULL,
            holds_fully INTEGER NOT NULL, proposed_through INTEGER NOT NULL, supersedes TEXT, superseded_by TEXT,
            paid_late_on INTEGER, taken_at INTEGER, recorded_at INTEGER NOT NULL, PRIMARY KEY(company, id)) STRICT
        """,
        "CREATE INDEX promise_customer ON promise(company, customer_id)",
        """
        CREATE TABLE promise_line(
            company TEXT NOT NULL, promise_id TEXT NOT NULL, n INTEGER NOT NULL, item_id TEXT NOT NULL,
            amount INTEGER NOT NULL, PRIMARY KEY(company, promise_id, n)) STRICT
        """,
        // Both verdicts stay when late cash re-judges a promise.
        """
        CREATE TABLE promise_judgement(
            company TEXT NOT NULL, promise_id TEXT NOT NULL, n INTEGER NOT NULL, judged_on INTEGER NOT NULL,
            recorded_at INTEGER NOT NULL, state TEXT NOT NULL, paid INTEGER NOT NULL, promised INTEGER NOT NULL,
            why TEXT NOT NULL, PRIMARY KEY(company, promise_id, n)) STRICT
        """,
        """
        CREATE TABLE message(
            company TEXT NOT NULL, id TEXT NOT NULL, customer_id TEXT NOT NULL, purpose TEXT NOT NULL,
            step INTEGER NOT NULL, period TEXT NOT NULL, revision INTEGER NOT NULL, language TEXT NOT NULL,
            planned_on INTEGER NOT NULL, created_at INTEGER NOT NULL, account_version INTEGER NOT NULL,
            not_before INTEGER, not_after INTEGER, fresh_until INTEGER NOT NULL, cancel_reason TEXT,
            PRIMARY KEY(company, id)) STRICT
        """,
        "CREATE INDEX message_customer ON message(company, customer_id)",
        """
        CREATE TABLE message_payload(
            company TEXT NOT NULL, message_id TEXT NOT NULL, revision INTEGER NOT NULL, payload TEXT NOT NULL,
            PRIMARY KEY(company, message_id, revision)) STRICT
        """,
        """
        CREATE TABLE message_item(
            company TEXT NOT NULL, message_id TEXT NOT NULL, item_id TEXT NOT NULL, open INTEGER NOT NULL,
            currency TEXT NOT NULL, PRIMARY KEY(company, message_id, item_id)) STRICT
        """,
        // `Outbox.Delivery`, field by field; `due_at` and `holds_lane` are what the machine says of itself.
        """
        CREATE TABLE delivery(
            company TEXT NOT NULL, message_id TEXT NOT NULL, lane TEXT NOT NULL, sequence INTEGER NOT NULL,
            state TEXT NOT NULL, holds_lane INTEGER NOT NULL, due_at INTEGER, attempts INTEGER NOT NULL,
            claims INTEGER NOT NULL, lease_token TEXT, lease_until INTEGER, lease_ms INTEGER, begun_token TEXT,
            not_before INTEGER, not_after INTEGER, wait_until INTEGER, wait_ms INTEGER, provider TEXT,
            provider_id TEXT, rank INTEGER NOT NULL, rank_at INTEGER, failure_class TEXT, failure_code TEXT,
            failure_provider TEXT, failure_provider_id TEXT, failure_at INTEGER, error_class TEXT, error_code TEXT,
            error_at INTEGER, withdrawal TEXT, withdrawal_reason TEXT, done_at INTEGER, begun_at INTEGER,
            claimed_revision INTEGER, claimed_by TEXT,
            PRIMARY KEY(company, message_id)) STRICT
        """,
        "CREATE UNIQUE INDEX delivery_lane ON delivery(company, lane, sequence)",
        "CREATE TABLE lane(company TEXT NOT NULL, key TEXT NOT NULL, head_id TEXT, head_sequence INTEGER, "
            + "PRIMARY KEY(company, key)) STRICT",
        """
        CREATE TABLE confirmation(
            company TEXT NOT NULL, id TEXT NOT NULL, message_id TEXT NOT NULL, kind TEXT NOT NULL, provider TEXT,
            provider_id TEXT, at INTEGER NOT NULL, error_code TEXT, recorded_at INTEGER NOT NULL,
            PRIMARY KEY(company, id)) STRICT
        """,
        """
        CREATE TABLE signal(
            company TEXT NOT NULL, id TEXT NOT NULL, customer_id TEXT, kind TEXT NOT NULL, at INTEGER NOT NULL,
            message_id TEXT, outcome TEXT NOT NULL, payload TEXT NOT NULL, recorded_at INTEGER NOT NULL,
            PRIMARY KEY(company, id)) STRICT
        """,
        """
        CREATE TABLE exception(
            company TEXT NOT NULL, id TEXT NOT NULL, kind TEXT NOT NULL, customer_id TEXT, subject TEXT NOT NULL,
            message TEXT NOT NULL, context TEXT NOT NULL, owner TEXT, due_on INTEGER NOT NULL, state TEXT NOT NULL,
            resolution TEXT, raised_on INTEGER NOT NULL, recorded_at INTEGER NOT NULL, resolved_at INTEGER,
            resolved_by TEXT, PRIMARY KEY(company, id)) STRICT
        """,
        """
        CREATE TABLE dispute(
            company TEXT NOT NULL, id TEXT NOT NULL, customer_id TEXT NOT NULL, invoice_id TEXT NOT NULL,
            reason TEXT NOT NULL, amount INTEGER, currency TEXT, opened_on INTEGER NOT NULL, state TEXT NOT NULL,
            resolution TEXT, resolved_on INTEGER, actor TEXT NOT NULL, note TEXT, recorded_at INTEGER NOT NULL,
            PRIMARY KEY(company, id)) STRICT
        """,
        """
        CREATE TABLE hold(
            company TEXT NOT NULL, id TEXT NOT NULL, customer_id TEXT NOT NULL, items TEXT NOT NULL,
            kind TEXT NOT NULL, reason TEXT NOT NULL, set_by TEXT NOT NULL, from_day INTEGER NOT NULL, through_day INTEGER,
            lifted_by TEXT, recorded_at INTEGER NOT NULL, PRIMARY KEY(company, id)) STRICT
        """,
        """
        CREATE TABLE claimed_payment(
            company TEXT NOT NULL, id TEXT NOT NULL, customer_id TEXT NOT NULL, items TEXT NOT NULL,
            amount INTEGER, currency TEXT, claimed_on INTEGER NOT NULL, through_day INTEGER NOT NULL,
            state TEXT NOT NULL, resolved_on INTEGER, payment_id TEXT, recorded_at INTEGER NOT NULL,
            PRIMARY KEY(company, id)) STRICT
        """,
        "CREATE INDEX claimed_payment_customer ON claimed_payment(company, customer_id)",
        """
        CREATE TABLE consent(
            company TEXT NOT NULL, customer_id TEXT NOT NULL, opted_in INTEGER, opted_out INTEGER, opted_out_on INTEGER,
            proven INTEGER NOT NULL, source TEXT NOT NULL, recorded_at INTEGER NOT NULL,
            PRIMARY KEY(company, customer_id)) STRICT
        """,
        // Every gate with its yes or no, of every plan that was kept.
        """
        CREATE TABLE plan_line(
            company TEXT NOT NULL, day INTEGER NOT NULL, customer_id TEXT NOT NULL, n INTEGER NOT NULL,
            message_id TEXT, purpose TEXT NOT NULL, step INTEGER NOT NULL, verdict TEXT NOT NULL, rule TEXT,
            detail TEXT NOT NULL, recorded_at INTEGER NOT NULL, PRIMARY KEY(company, day, customer_id, n)) STRICT
        """,
        """
        CREATE TABLE link(
            company TEXT NOT NULL, id TEXT NOT NULL, customer_id TEXT, kind TEXT NOT NULL, payload TEXT NOT NULL,
            amount INTEGER NOT NULL, currency TEXT NOT NULL, reference TEXT, revision INTEGER NOT NULL,
            created_on INTEGER NOT NULL, expires_on INTEGER, state TEXT NOT NULL, superseded_by TEXT,
            closed_reason TEXT, closed_on INTEGER, recorded_at INTEGER NOT NULL, PRIMARY KEY(company, id)) STRICT
        """,
        """
        CREATE TABLE link_item(
            company TEXT NOT NULL, link_id TEXT NOT NULL, item_id TEXT NOT NULL, number TEXT, amount INTEGER NOT NULL,
            PRIMARY KEY(company, link_id, item_id)) STRICT
        """,
        "CREATE INDEX link_item_item ON link_item(company, item_id)",
        // Somebody asked for a copy of an invoice; the message that carries it has this id as its period.
        """
        CREATE TABLE copy_request(
            company TEXT NOT NULL, id TEXT NOT NULL, customer_id TEXT NOT NULL, item_id TEXT NOT NULL,
            sha256 TEXT NOT NULL, name TEXT NOT NULL, requested_on INTEGER NOT NULL, requested_by TEXT NOT NULL,
            recorded_at INTEGER NOT NULL, PRIMARY KEY(company, id)) STRICT
        """,
        "CREATE INDEX copy_request_customer ON copy_request(company, customer_id)",
        // What was decided about a message when an agent wanted it.
        """
        CREATE TABLE redecision(
            no INTEGER PRIMARY KEY, company TEXT NOT NULL, message_id TEXT NOT NULL, revision INTEGER NOT NULL,
            at INTEGER NOT NULL, day INTEGER NOT NULL, verdict TEXT NOT NULL, rule TEXT, sentence TEXT,
            detail TEXT NOT NULL) STRICT
        """,
        "CREATE INDEX redecision_message ON redecision(company, message_id)",
        // What a person did outside the books: holds, disputes, consent, exceptions, unknown outcomes.
        """
        CREATE TABLE person_act(
            no INTEGER PRIMARY KEY, company TEXT NOT NULL, at INTEGER NOT NULL, day INTEGER NOT NULL, actor TEXT NOT NULL,
            verb TEXT NOT NULL, subject TEXT NOT NULL, reason TEXT NOT NULL) STRICT
        """,
    ]
}
