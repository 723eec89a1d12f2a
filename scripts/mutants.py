#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Breaks rules of Ledger and Outbox one at a time and asks whether the Store tests notice.

The sources are copied, every rule below gets a switch that an environment variable turns, and the Store tests are
built once from that copy. They must pass with no switch turned and fail with each one. Nothing of the checkout is
touched, and the real sources know nothing of it. A rule whose text is no longer there stops the script: name it anew.

usage: mutants.py [--scratch FOLDER] [--config debug|release] [--only NAME]
"""
import argparse
import os
import pathlib
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent

# name, file, the rule as it stands (exactly once in the file), the rule when it is broken
MUTANTS = [
    ("ledger-cash-not-counted", "Ledger/OpenItem.swift",
     "case .applied: cash += entry.amount", "case .applied: cash += ON ? 0 : entry.amount"),
    ("ledger-netting-one-sided", "Ledger/OpenItem.swift",
     "credit -= entry.amount }", "credit -= ON ? 0 : entry.amount }"),
    ("ledger-item-over-applied", "Ledger/Invariants.swift",
     "if amount >= 0 && left < 0 {", "if amount >= 0 && left < (ON ? -1_000_000 : 0) {"),
    ("ledger-cash-spent-twice", "Ledger/Invariants.swift",
     "if booked >= 0 && (unapplied < 0 || applied < 0) {",
     "if booked >= 0 && (unapplied < (ON ? -1_000_000 : 0) || applied < 0) {"),
    ("ledger-clearing-twice", "Ledger/SourceClearing.swift",
     "let clearing = amount - inside.settled - stated",
     "let clearing = amount - (ON ? 0 : inside.settled) - stated"),
    ("ledger-months-in-any-order", "Ledger/Period.swift",
     "closedThrough.map { $0.next == month } ?? true", "ON || (closedThrough.map { $0.next == month } ?? true)"),
    ("outbox-lane-last-first", "Outbox/Lane.swift",
     "{ delivery.sequence < $0.sequence }", "{ ON || delivery.sequence < $0.sequence }"),
    ("outbox-lane-not-advanced", "Outbox/Lane.swift",
     "        head = next\n", "        if !ON { head = next }\n"),
    ("outbox-lane-unknown-lets-go", "Outbox/Delivery.swift",
     "case .queued, .leased, .begun, .unknown: true", "case .queued, .leased, .begun: true\n"
     "            case .unknown: !ON"),
    ("outbox-begun-sent-again", "Outbox/Delivery+Receive.swift",
     "        case .begun:\n            if let lease, lease.until > now { return .refused(.notDue(lease.until)) }\n"
     "            lease = nil\n            state = .unknown\n",
     "        case .begun:\n            if let lease, lease.until > now { return .refused(.notDue(lease.until)) }\n"
     "            lease = nil\n            state = ON ? .queued : .unknown\n"),
    ("outbox-stale-token-begins", "Outbox/Delivery+Receive.swift",
     "guard let lease, lease.token == token else { return .refused(.staleToken) }",
     "guard let lease, ON || lease.token == token else { return .refused(.staleToken) }"),
    ("outbox-failure-beats-delivery", "Outbox/Delivery+Confirm.swift",
     "        guard rank < 3 else { return }\n", "        guard rank < 3 || ON else { return }\n"),
]

SWITCH = """// SPDX-License-Identifier: Apache-2.0
import Glibc

/// Which rule is broken in this run: only in the copy that `scripts/mutants.py` makes.
package enum Mutant {
    private static let name: String = {
        guard let value = unsafe getenv("TIEOUT_MUTANT") else { return "" }
        return unsafe String(cString: value)
    }()

    package static func isOn(_ mutant: String) -> Bool { name == mutant }
}
"""


def sources():
    """Every file of the copy by its path: the sources with their switches, the Store tests and what they share."""
    files = {}
    for folder in ["Sources", "Benchmarks/Workload", "Tests/StoreTests", "Tests/TieoutTesting"]:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file():
                files[str(path.relative_to(ROOT))] = path.read_bytes()
    for name in ["Package.swift", "Package.resolved"]:
        if (ROOT / name).exists():
            files[name] = (ROOT / name).read_bytes()
    files["Sources/Documents/Mutant.swift"] = SWITCH.encode()
    for name, file, rule, broken in MUTANTS:
        text = files["Sources/" + file].decode()
        if text.count(rule) != 1:
            sys.exit(f"mutants: the rule of {name} is {text.count(rule)} times in Sources/{file}, not once: name it anew")
        text = text.replace(rule, broken.replace("ON", f'Mutant.isOn("{name}")'))
        if "import Documents\n" not in text:
            head, tail = text.split("\n", 1)
            text = f"{head}\nimport Documents\n{tail}"
        files["Sources/" + file] = text.encode()
    return files


def copy(scratch):
    """A package without the other test targets; what did not change keeps its time, so that a second run builds little."""
    package = scratch / "package"
    files = sources()
    for path in sorted(package.rglob("*")):
        if path.is_file() and str(path.relative_to(package)) not in files:
            path.unlink()
    for name, content in files.items():
        path = package / name
        if path.exists() and path.read_bytes() == content:
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return package


def build(package, scratch, config):
    product = ["swift", "build", "-c", config, "--package-path", str(package), "--scratch-path", str(scratch / "build")]
    subprocess.run(product + ["--product", "tieoutPackageTests"], check=True)
    shown = subprocess.run(product + ["--show-bin-path"], check=True, capture_output=True, text=True)
    return pathlib.Path(shown.stdout.strip()) / "tieoutPackageTests.xctest"


# Which suites are asked about a rule; every suite runs once with all rules in their places.
SUITES = {"ledger": "AppendTests|VerifyTests|SourcesTests|ImportTests", "outbox": "OutboxRowTests"}


def run(tests, mutant):
    """How the Store tests end with one rule broken: the exit status and the lines that say what failed."""
    environment = dict(os.environ, TIEOUT_MUTANT=mutant, SWIFT_BACKTRACE="enable=no")
    ended = subprocess.run(
        [str(tests), "--testing-library", "swift-testing"]
        + (["--filter", SUITES[mutant.split("-")[0]]] if mutant else []),
        env=environment, cwd=tests.parent, capture_output=True, text=True, errors="replace", timeout=600)
    lines = (ended.stdout + ended.stderr).splitlines()
    return ended.returncode, [line for line in lines if "recorded an issue" in line], lines[-1:] or [""]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--scratch", type=pathlib.Path, default=ROOT / ".build" / "mutants")
    parser.add_argument("--config", default="debug", choices=["debug", "release"])
    parser.add_argument("--only")
    options = parser.parse_args()
    started = time.monotonic()
    tests = build(copy(options.scratch.resolve()), options.scratch.resolve(), options.config)
    print(f"mutants: built in {time.monotonic() - started:.0f} s", flush=True)
    status, issues, last = run(tests, "")
    if status != 0:
        print("\n".join(issues[:20] + last))
        sys.exit("mutants: the Store tests fail with every rule in its place")
    survivors = []
    for name, *_ in MUTANTS:
        if options.only not in (None, name):
            continue
        status, issues, last = run(tests, name)
        caught = status != 0 and issues
        print(f"  {'caught ' if caught else 'MISSED '} {name}: " + (f"{len(issues)} issues" if caught else last[0]), flush=True)
        if not caught:
            survivors.append(name)
    if survivors:
        sys.exit(f"mutants: the Store tests pass although a rule is broken: {', '.join(survivors)}")
    print(f"mutants: every broken rule was caught, {time.monotonic() - started:.0f} s in all")


if __name__ == "__main__":
    main()
