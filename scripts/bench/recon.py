#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Quality and speed of matching together: workloads of growing size, Tieout beside plain SQL, in one run.

usage: recon.py --tieout PATH --workload PATH [--sizes 10000,100000,1000000] [--seed 11] [--difficulty 500]
                [--numbers usual] [--python PYTHON] [--write FILE]

The workload comes from the project's own generator (Benchmarks/Workload); the baseline is Benchmarks/baseline.py and
needs a Python with duckdb (--python). Each size is imported, reconciled and evaluated by the command line.
"""

import argparse
import datetime
import hashlib
import json
import os
import pathlib
import platform
import subprocess
import sys
import tempfile

from measure import measure_output

ROOT = pathlib.Path(__file__).resolve().parents[2]
MAPPINGS = ROOT / "Tests" / "Fixtures" / "Recon"
KINDS = ["customers", "invoices", "payments", "promises", "psp_report"]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tieout", required=True)
    parser.add_argument("--workload", required=True, help="the generator's executable")
    parser.add_argument("--sizes", default="10000,100000,1000000")
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--difficulty", type=int, default=500)
    parser.add_argument("--numbers", default="usual", help="the series of numbers")
    parser.add_argument("--python", default=sys.executable, help="a Python that has duckdb")
    parser.add_argument("--folder", help="where to work; a temporary folder otherwise")
    parser.add_argument("--write", help="also write the figures to this file")
    options = parser.parse_args()
    options.tieout = str(pathlib.Path(options.tieout).resolve())
    options.workload = str(pathlib.Path(options.workload).resolve())
    return options


def digest(folder):
    whole = hashlib.sha256()
    for path in sorted(folder.glob("*.csv")):
        whole.update(path.name.encode() + hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()[:16]


def tieout(options, room, data):
    """Imports, reconciles and evaluates one workload."""
    last = max(line.split(",")[1] for line in open(data / "payments.csv", encoding="utf-8").readlines()[1:])
    environment = dict(os.environ, TIEOUT_SHARE=str(ROOT), TIEOUT_NOW=f"{last}T20:00:00Z")
    common = ["--db", str(room / "tieout.db"), "--config", str(MAPPINGS / "tieout.yaml")]

    def run(*words):
        return measure_output([options.tieout, *words, *common], room, env=environment, stderr=subprocess.DEVNULL)

    seconds = 0
    for kind in KINDS:
        done, _ = run("import", "--mapping", str(MAPPINGS / f"{kind}.yaml"), str(data / f"{kind}.csv"))
        seconds += done.seconds
    matched, path = run("reconcile", "--json", "--timings", "--allocations", str(room / "allocations.csv"))
    timings = json.loads(path.read_text())["timings"]
    _, path = run("evaluate", "--json", "--truth", str(data / "truth.csv"))
    total = json.loads(path.read_text())["total"]
    return {
        "import": seconds,
        "wall": matched.seconds,
        "processor": matched.processor,
        "peak_megabytes": matched.memory >> 20,
        **{name: float(value) for name, value in timings.items() if name != "ledger"},
        **total,
    }


def baseline(options, data):
    done = subprocess.run(
        [options.python, str(ROOT / "Benchmarks" / "baseline.py"), str(data)], capture_output=True, text=True
    )
    if done.returncode != 0:
        return None
    return json.loads(done.stdout)


def row(*cells):
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def main():
    options = arguments()
    lines = [
        "## Matching",
        "",
        f"`{pathlib.Path(sys.argv[0]).name} {' '.join(sys.argv[1:])}`, {datetime.date.today()}, "
        f"{platform.machine()}, {os.cpu_count()} cores.",
        "",
        row(
            "invoices", "payments", "data", "import s", "load s", "match s", "µs a payment", "write s", "total s", "MB",
            "precision", "low 95 %", "straight-through", "resolved", "adjustments",
        ),
        row(*["---"] * 15),
    ]
    peers = ["", "Plain SQL (DuckDB, one thread) on the same files:", ""]
    peers += [row("invoices", "load s", "match s", "write s", "MB", "precision", "straight-through"), row(*["---"] * 7)]
    with tempfile.TemporaryDirectory(prefix="tieout-recon-", dir=options.folder) as name:
        for size in map(int, options.sizes.split(",")):
            room = pathlib.Path(name) / str(size)
            data = room / "data"
            data.mkdir(parents=True)
            subprocess.run(
                [
                    options.workload, "--out", str(data), "--invoices", str(size), "--seed", str(options.seed),
                    "--difficulty", str(options.difficulty), "--numbers", options.numbers,
                ],
                check=True,
            )
            ours = tieout(options, room, data)
            lines.append(
                row(
                    f"{size:,}", f"{ours['payments']:,}", digest(data), f"{ours['import']:.1f}", f"{ours['load']:.1f}",
                    f"{ours['match']:.1f}", f"{ours['match'] * 1e6 / max(1, ours['payments']):.1f}",
                    f"{ours['write']:.1f}", f"{ours['wall']:.1f}", ours["peak_megabytes"],
                    f"{ours['precision']:.5f}", f"{ours['precision_lo95']:.5f}", f"{ours['stp_correct']:.5f}",
                    f"{ours['resolved']:.5f}", f"{ours['adjustment_right']:.5f}",
                )
            )
            print(lines[-1], flush=True)
            peer = baseline(options, data)
            if peer is None:
                peers.append(row(f"{size:,}", "no duckdb in", options.python, "", "", "", ""))
                continue
            peers.append(
                row(
                    f"{size:,}", f"{peer['load']:.1f}", f"{peer['match']:.1f}", f"{peer['write']:.1f}",
                    peer["peak_megabytes"], f"{peer['precision']:.5f}", f"{peer['straight_through']:.5f}",
                )
            )
            print(peers[-1], flush=True)
    text = "\n".join(lines + peers) + "\n"
    print(text)
    if options.write:
        pathlib.Path(options.write).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
