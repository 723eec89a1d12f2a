#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Times `tieout import` of a CSV beside `sqlite3 .import` of the same rows, in one run.

Both start from an empty database and alternate; the medians are compared. Memory is the peak resident set that
the kernel reports for the process (wait4); it cannot tell less than this script's own size, about 20 MB.

usage: bench.py --tieout PATH [--rows 1000000] [--rounds 3] [--write docs/benchmarks.md] [--folder DIR]
"""

import argparse
import json
import os
import pathlib
import platform
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent


def measure(arguments, **options):
    """Wall seconds, peak resident bytes and output of one process; stops the benchmark when it fails."""
    started = time.monotonic()
    process = subprocess.Popen(arguments, stdout=subprocess.PIPE, **options)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"`{' '.join(map(str, arguments))}` exited {process.returncode}\n{output.decode(errors='replace')}")
    return seconds, usage.ru_maxrss * 1024, output


def disk_sync_milliseconds(folder, count=50):
    """Median of small synced writes: what one commit costs here, to make runs comparable."""
    path = folder / "probe"
    times = []
    with open(path, "wb", buffering=0) as file:
        for _ in range(count):
            started = time.monotonic()
            file.write(b"x" * 4096)
            os.fsync(file.fileno())
            times.append((time.monotonic() - started) * 1000)
    path.unlink()
    return statistics.median(times)


def expect_rows(name, count, rows):
    """A benchmark of something that landed nothing is worth nothing."""
    if count != rows:
        sys.exit(f"{name}: {count} rows landed, {rows} were expected")


def baseline(csv, folder, rows):
    database = folder / "baseline.db"
    script = (HERE / "baseline.sql").read_text().replace(":csv:", str(csv))
    path = folder / "baseline.sql"
    path.write_text(script)
    with open(path, "rb") as lines:
        result = measure(["sqlite3", str(database)], stdin=lines)
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    expect_rows("sqlite3 .import", connection.execute("SELECT count(*) FROM item").fetchone()[0], rows)
    connection.close()
    return result


def tieout(binary, csv, folder, rows):
    database = folder / "tieout.db"
    result = measure([binary, "import", "--db", str(database), "--json", str(csv)], stderr=subprocess.DEVNULL)
    landed = json.loads(result[2])["files"][0]["documents"]["invoices"]["new"]
    expect_rows("tieout import", landed, rows)
    return result


def round_trip(name, run, folder):
    room = folder / name
    room.mkdir()
    try:
        return run(room)
    finally:
        shutil.rmtree(room)


def report(options, results, sync):
    seconds = {name: statistics.median(run[0] for run in runs) for name, runs in results.items()}
    memory = {name: max(run[1] for run in runs) / 1e6 for name, runs in results.items()}
    ratio = seconds["tieout import"] / seconds["sqlite3 .import"]
    lines = [
        f"{options.rows:,} invoices as CSV, {options.size / 1e6:.0f} MB; {options.rounds} alternating rounds, medians.",
        f"SQLite shell {sqlite3_version()}, {platform.machine()}, {os.cpu_count()} cores; "
        f"a synced 4 KB write takes {sync:.2f} ms here.",
        "",
        "| | seconds | rows/s | peak memory, MB | every round, seconds |",
        "|---|---|---|---|---|",
    ]
    for name, runs in results.items():
        rounds = ", ".join(f"{run[0]:.2f}" for run in runs)
        lines.append(
            f"| {name} | {seconds[name]:.2f} | {options.rows / seconds[name]:,.0f} | {memory[name]:.0f} | {rounds} |"
        )
    lines += ["", f"Ratio `tieout import` / `sqlite3 .import`: **{ratio:.2f}×** (1.0× is the aim; less is faster)."]
    return "\n".join(lines)


def sqlite3_version():
    return subprocess.run(["sqlite3", "--version"], capture_output=True, text=True, check=True).stdout.split()[0]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tieout", required=True, help="the program to measure")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", help="where to work; a temporary folder otherwise")
    parser.add_argument("--write", help="also write the figures to this file")
    options = parser.parse_args()
    binary = str(pathlib.Path(options.tieout).resolve())

    with tempfile.TemporaryDirectory(prefix="tieout-bench-", dir=options.folder) as name:
        folder = pathlib.Path(name)
        csv = folder / "invoices.csv"
        with open(csv, "wb") as out:
            subprocess.run([sys.executable, str(HERE / "generate.py"), str(options.rows)], stdout=out, check=True)
        options.size = csv.stat().st_size
        sync = disk_sync_milliseconds(folder)
        contestants = {
            "sqlite3 .import": lambda room: baseline(csv, room, options.rows),
            "tieout import": lambda room: tieout(binary, csv, room, options.rows),
        }
        results = {name: [] for name in contestants}
        for _ in range(options.rounds):
            for name, run in contestants.items():
                results[name].append(round_trip(name.replace(" ", "-"), run, folder))
                print(f"{name}: {results[name][-1][0]:.2f} s", file=sys.stderr)
    text = report(options, results, sync)
    print(text)
    if options.write:
        heading = "# Benchmarks\n\nWritten by `make bench BENCH_ARGS=\"--write docs/benchmarks.md\"`.\n\n## CSV import\n\n"
        pathlib.Path(options.write).write_text(heading + text + "\n")


if __name__ == "__main__":
    main()
