#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What plain SQL matches: structured reference + amount, number + amount, and lists whose numbers add up.

usage: baseline.py WORKLOAD

Needs duckdb. Reads the files of a workload, prints one line of JSON: seconds to load, to match and to write, how many
payments were matched, and how many of these rightly. One thread, as the product decides on one.
"""

import csv
import json
import pathlib
import resource
import sys
import time

import duckdb

MATCH = """
CREATE TABLE token AS
SELECT DISTINCT payment_id, customer_token AS no FROM (
    SELECT payment_id, regexp_replace(unnest(string_split_regex(upper(remittance), '[\\s,;+&]+')), '[^A-Z0-9]', '', 'g')
        AS customer_token FROM pay WHERE cents > 0 AND remittance IS NOT NULL) WHERE length(customer_token) >= 4;
CREATE TABLE named AS SELECT t.payment_id, i.* FROM token t JOIN inv i ON i.no = t.no;
CREATE TABLE hit AS
SELECT p.payment_id, p.booking_date, i.invoice_id, i.customer_id, i.cents AS item, p.cents AS paid, 1 AS rank
FROM pay p JOIN inv i ON i.ref = p.ref AND i.currency = p.currency
WHERE p.ref IS NOT NULL AND i.cents = p.cents AND i.issue_date <= p.booking_date
UNION ALL
SELECT p.payment_id, p.booking_date, i.invoice_id, i.customer_id, i.cents, p.cents, 2
FROM named i JOIN pay p USING (payment_id)
WHERE i.currency = p.currency AND i.cents = p.cents AND i.issue_date <= p.booking_date;
CREATE TABLE single AS
SELECT payment_id, invoice_id, item AS cash FROM (
    SELECT *, row_number() OVER (PARTITION BY invoice_id ORDER BY booking_date, payment_id) AS turn,
        count(*) OVER (PARTITION BY payment_id) AS found
    FROM (SELECT DISTINCT payment_id, booking_date, invoice_id, item FROM hit))
WHERE turn = 1 AND found = 1;
CREATE TABLE listed AS
SELECT p.payment_id, i.invoice_id, i.cents AS cash, i.customer_id, p.cents AS paid, p.booking_date
FROM named i JOIN pay p USING (payment_id)
WHERE i.currency = p.currency AND p.payment_id NOT IN (SELECT payment_id FROM single)
    AND i.invoice_id NOT IN (SELECT invoice_id FROM single) AND i.issue_date <= p.booking_date;
CREATE TABLE result AS
SELECT payment_id, invoice_id, cash FROM single
UNION ALL
SELECT payment_id, invoice_id, cash FROM (
    SELECT *, sum(cash) OVER (PARTITION BY payment_id, customer_id) AS total,
        count(*) OVER (PARTITION BY payment_id, customer_id) AS items,
        row_number() OVER (PARTITION BY invoice_id ORDER BY booking_date, payment_id) AS turn FROM listed)
WHERE total = paid AND items > 1 AND turn = 1;
"""


def load(base, folder):
    base.execute(
        """
        CREATE TABLE inv AS SELECT invoice_id, upper(regexp_replace(invoice_no, '[^A-Za-z0-9]', '', 'g')) AS no,
            customer_id, issue_date, currency, CAST(round(CAST(amount AS DECIMAL(18, 2)) * 100) AS BIGINT) AS cents,
            nullif(upper(replace(structured_ref, ' ', '')), '') AS ref
        FROM read_csv(?, header = true, all_varchar = true)""",
        [str(folder / "invoices.csv")],
    )
    base.execute(
        """
        CREATE TABLE pay AS SELECT payment_id, booking_date, currency, remittance,
            CAST(round(CAST(amount AS DECIMAL(18, 2)) * 100) AS BIGINT) AS cents,
            nullif(upper(replace(structured_ref, ' ', '')), '') AS ref
        FROM read_csv(?, header = true, all_varchar = true)""",
        [str(folder / "payments.csv")],
    )


def score(folder, result):
    truth = {}
    with open(folder / "truth.csv", newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            cash = truth.setdefault(row["payment_id"], {})
            if row["invoice_id"]:
                cash[row["invoice_id"]] = round(float(row["amount"]) * 100)
    found = {}
    for payment, invoice, cash in result:
        found.setdefault(payment, {})[invoice] = cash
    right = sum(1 for payment, cash in found.items() if truth.get(payment) == cash)
    matchable = sum(1 for cash in truth.values() if cash)
    return len(found), right, matchable


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    folder = pathlib.Path(sys.argv[1])
    base = duckdb.connect()
    base.execute("SET threads = 1")
    clock = [time.monotonic()]
    load(base, folder)
    clock.append(time.monotonic())
    base.execute(MATCH)
    clock.append(time.monotonic())
    result = base.execute("SELECT payment_id, invoice_id, cash FROM result ORDER BY 1, 2").fetchall()
    clock.append(time.monotonic())
    automatic, right, matchable = score(folder, result)
    print(
        json.dumps(
            {
                "load": clock[1] - clock[0],
                "match": clock[2] - clock[1],
                "write": clock[3] - clock[2],
                "peak_megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
                "automatic": automatic,
                "precision": right / automatic if automatic else 0,
                "straight_through": right / matchable if matchable else 0,
            }
        )
    )


if __name__ == "__main__":
    main()
