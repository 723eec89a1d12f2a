# SPDX-License-Identifier: Apache-2.0
"""`tieout import` of invoices as CSV, beside `sqlite3 .import` and DuckDB's read_csv plus insert."""

import json
import sqlite3
import subprocess

from measure import HERE, Comparison, expect, generate, measure, measure_output


def comparison(options, folder):
    csv, rows = folder / "invoices.csv", options.rows
    generate("generate.py", rows, into=csv)

    def sqlite(room):
        script = room / "baseline.sql"
        script.write_text((HERE / "baseline.sql").read_text().replace(":csv:", str(csv)))
        with open(script, "rb") as lines:
            run = measure(["sqlite3", str(room / "baseline.db")], stdin=lines)
        connection = sqlite3.connect(f"file:{room / 'baseline.db'}?mode=ro", uri=True)
        expect("sqlite3 .import", connection.execute("SELECT count(*) FROM item").fetchone()[0], rows)
        connection.close()
        return run

    def duckdb(room):
        run, output = measure_output(
            [options.python, str(HERE / "peer_duckdb.py"), str(csv), str(room / "peer.duckdb")], room)
        expect("DuckDB", int(output.read_text()), rows)
        return run

    def tieout(room):
        run, output = measure_output(
            [options.tieout, "import", "--db", str(room / "tieout.db"), "--json", str(csv)], room,
            stderr=subprocess.DEVNULL)
        landed = json.loads(output.read_text())["files"][0]["documents"]["invoices"]["new"]
        expect("tieout import", landed, rows)
        return run

    return Comparison(
        title="CSV import",
        subject=f"{rows:,} invoices as CSV, {csv.stat().st_size / 1e6:.0f} MB, into an empty database.",
        unit="rows", count=rows,
        contestants={"sqlite3 .import": sqlite, "duckdb read_csv, insert": duckdb, "tieout import": tieout},
        aims=["The aim beside `sqlite3 .import` is 1.0×. DuckDB reads and inserts on all cores."])
