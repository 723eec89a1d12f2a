# SPDX-License-Identifier: Apache-2.0
"""What every comparison shares: processes measured, rounds alternated, medians and ratios told.

Wall time, processor time (user and system) and the peak resident set are what the kernel reports of one process
(wait4). Processor time hardly depends on what else runs; wall time is what a person waits.
"""

import hashlib
import os
import pathlib
import platform
import shutil
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass

HERE = pathlib.Path(__file__).resolve().parent


@dataclass
class Run:
    seconds: float
    processor: float
    memory: int
    """Peak resident set, bytes; it cannot tell less than this script's own size, about 20 MB."""


@dataclass
class Comparison:
    title: str
    """What is read, in a sentence."""
    subject: str
    unit: str
    count: int
    contestants: dict
    """By name: a function of an empty folder to a `Run`; ours is the last one."""
    aims: list
    """Sentences."""


def measure(arguments, output=subprocess.DEVNULL, **options):
    """Runs one process; stops the benchmark when it fails."""
    started = time.monotonic()
    process = subprocess.Popen(arguments, stdout=output, **options)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"`{' '.join(map(str, arguments))}` exited {process.returncode}")
    return Run(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024)


def measure_output(arguments, folder, **options):
    """The same, with what it printed: kept in a file, as a pipe would make the program wait for this script."""
    path = folder / "output"
    with open(path, "wb") as file:
        run = measure(arguments, output=file, **options)
    return run, path


def expect(name, found, wanted):
    """A benchmark of something that read nothing is worth nothing."""
    if found != wanted:
        sys.exit(f"{name}: {found:,} were read, {wanted:,} were expected")


def count_lines(path, containing=b""):
    with open(path, "rb") as file:
        return sum(1 for line in file if containing in line)


def alternate(comparison, rounds, folder):
    """All contestants once a round, each in an empty folder."""
    results = {name: [] for name in comparison.contestants}
    for _ in range(rounds):
        for name, run in comparison.contestants.items():
            room = folder / "room"
            room.mkdir()
            try:
                results[name].append(run(room))
            finally:
                shutil.rmtree(room)
            latest = results[name][-1]
            print(f"{name}: {latest.seconds:.2f} s, {latest.processor:.2f} s of processor", file=sys.stderr)
    return results


def report(comparison, conditions, results):
    def median(name, of):
        return statistics.median(of(run) for run in results[name])

    names = list(results)
    ours = names[-1]
    lines = [
        f"## {comparison.title}", "", comparison.subject, "", conditions, "",
        f"| | seconds | processor seconds | {comparison.unit}/s | peak memory, MB | every round, seconds |",
        "|---|---|---|---|---|---|",
    ]
    for name in names:
        seconds, processor = median(name, lambda run: run.seconds), median(name, lambda run: run.processor)
        memory = max(run.memory for run in results[name]) / 1e6
        every = ", ".join(f"{run.seconds:.2f}" for run in results[name])
        lines.append(
            f"| {name} | {seconds:.2f} | {processor:.2f} | {comparison.count / seconds:,.0f} | {memory:.0f} | {every} |")
    lines.append("")
    for name in names[:-1]:
        wall = median(ours, lambda run: run.seconds) / median(name, lambda run: run.seconds)
        processor = median(ours, lambda run: run.processor) / median(name, lambda run: run.processor)
        lines.append(f"`{ours}` takes **{wall:.2f}×** the time of `{name}` ({processor:.2f}× its processor time).")
    lines += ["", *comparison.aims]
    return "\n".join(lines)


def machine(folder):
    return (
        f"{platform.machine()}, {os.cpu_count()} cores; a synced 4 KB write takes "
        f"{disk_sync_milliseconds(folder):.2f} ms here; load when it began {os.getloadavg()[0]:.1f}.")


def digest_of(folder):
    """Of every file below, by name and bytes; nothing where there is none."""
    whole, paths = hashlib.sha256(), sorted(path for path in folder.rglob("*") if path.is_file())
    for path in paths:
        with open(path, "rb") as file:
            # In pieces: a child's peak memory is told as no less than this script's.
            whole.update(path.name.encode() + hashlib.file_digest(file, "sha256").digest())
    return whole.hexdigest()[:16] if paths else ""


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


def generate(script, *arguments, into=None):
    """Runs a generator of this folder; what it prints goes into a file."""
    command = [sys.executable, str(HERE / script), *map(str, arguments)]
    if into is None:
        subprocess.run(command, check=True)
        return
    with open(into, "wb") as file:
        subprocess.run(command, stdout=file, check=True)
