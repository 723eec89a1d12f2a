# SPDX-License-Identifier: Apache-2.0
"""`tieout sync` of a list over HTTP on this machine, beside dlt's REST source into DuckDB, from the same server."""

import atexit
import json
import os
import pathlib
import subprocess
import sys

from measure import HERE, Comparison, expect, measure_output

COUNT, SIZE = 100_000, 100
DLT = "dlt[duckdb]==1.31.0"
MAPPING = """mapping: 1
name: bench
tested: documentation
documentation: [scripts/bench/rest_server.py]
source:
  http:
    base: https://bench.invalid
    page: {{ number: {{ first: 1, param: page }}, size: {{ param: per_page, n: {size} }}, until: pages }}
streams:
  invoices:
    http: {{ get: /invoices, query: {{ since: $(since) }} }}
    records: items/*
    sync: {{ mode: incremental, cursor: updated_at, start: 2000-01-01, overlap: 5m }}
    emit:
      invoice:
        key: [id]
        fields: {{ id: id, number: number, customer_id: customer_id, customer_name: customer_name, issued_on: issued_on,
          due_on: due_on, currency: currency, total: total, open: open, status: {{ from: status, map: {{ open: open, paid: paid }} }} }}
"""


def python_with_dlt(options):
    """The Python that was named, where it has dlt; else one of our own, beside the user's other caches."""
    if subprocess.run([options.python, "-c", "import dlt, duckdb"], capture_output=True).returncode == 0:
        return options.python
    home = pathlib.Path(os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache")) / "tieout-bench/dlt"
    python = home / "bin/python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "-q", DLT], check=True)
    return str(python)


def comparison(options, folder):
    python = python_with_dlt(options)
    server = subprocess.Popen(
        [sys.executable, str(HERE / "rest_server.py"), str(COUNT), str(SIZE)], stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, text=True)
    atexit.register(server.stdin.close)
    url = f"http://127.0.0.1:{server.stdout.readline().strip()}"

    def dlt(room):
        quiet = dict(os.environ, RUNTIME__DLTHUB_TELEMETRY="false", DLT_DATA_DIR=str(room / "dlt"))
        run, output = measure_output(
            [python, str(HERE / "peer_dlt.py"), url, str(room)], room, env=quiet, cwd=room, stderr=subprocess.DEVNULL)
        expect("dlt", int(output.read_text().split()[-1]), COUNT)
        return run

    def tieout(room):
        (room / "bench.yaml").write_text(MAPPING.format(size=SIZE).replace("https://bench.invalid", "$(config.base)").replace(
            "source:\n", "config: { base: { description: The server } }\nsource:\n"))
        (room / "tieout.yaml").write_text(
            "companies:\n  - id: acme\n    home_currency: EUR\n    authority: source\n    sources:\n"
            f"      - {{ id: bench, mapping: bench.yaml, config: {{ base: '{url}' }} }}\n")
        run, output = measure_output([options.tieout, "sync", "--json"], room, cwd=room)
        stream = json.loads(output.read_text())["sources"][0]["streams"][0]
        expect("tieout sync", stream["documents"]["invoices"]["new"], COUNT)
        return run

    return Comparison(
        title="Pulling over REST",
        subject=f"{COUNT:,} invoices in pages of {SIZE} from a server on this machine: dlt 1.31 appends them to DuckDB; "
        "tieout maps them, knows them again, and books them with their original answers kept.",
        unit="invoices", count=COUNT, contestants={"dlt": dlt, "tieout sync": tieout},
        aims=["The aim is a tenth of the time of dlt in a tenth of its memory."])
