# SPDX-License-Identifier: Apache-2.0
"""The project's own workloads (Benchmarks/Workload): made, imported, reconciled and evaluated by the command line."""

import json
import os
import subprocess

from measure import HERE, digest_of, measure_output

ROOT = HERE.parents[1]
MAPPINGS = ROOT / "Tests" / "Fixtures" / "Recon"


class Workload:
    """One workload in a folder, and a ledger beside it."""

    def __init__(self, options, size, folder, numbers=None, noise=""):
        self.options, self.folder, self.data = options, folder, folder / "data"
        self.data.mkdir(parents=True)
        subprocess.run(
            [
                options.workload, "--out", str(self.data), "--invoices", str(size), "--seed", str(options.seed),
                "--difficulty", str(options.difficulty), "--numbers", numbers or options.numbers, "--noise", noise,
            ],
            check=True, stdout=subprocess.DEVNULL)
        with open(self.data / "payments.csv", encoding="utf-8") as file:
            days = [line.split(",", 2)[1] for line in file][1:]
        self.payments, last = len(days), max(days)
        self.environment = dict(os.environ, TIEOUT_SHARE=str(ROOT), TIEOUT_NOW=f"{last}T20:00:00Z")

    def run(self, *words):
        """What the process took, and what it printed."""
        common = ["--db", str(self.folder / "tieout.db"), "--config", str(MAPPINGS / "tieout.yaml")]
        done, path = measure_output(
            [self.options.tieout, *map(str, words), *common], self.folder, env=self.environment,
            stderr=subprocess.DEVNULL)
        return done, path.read_text()

    def load(self, kind, path=None):
        """Seconds to import one of the workload's files."""
        done, _ = self.run("import", "--mapping", MAPPINGS / f"{kind}.yaml", path or self.data / f"{kind}.csv")
        return done.seconds

    def reconcile(self, *words):
        """What the process took, what it says of its payments, and the seconds of its parts."""
        done, printed = self.run("reconcile", "--json", "--timings", *words)
        answer = json.loads(printed)
        return done, answer["payments"], answer["timings"]

    def digest(self):
        return digest_of(self.data)


def row(*cells):
    return "| " + " | ".join(map(str, cells)) + " |"


def heading(*cells):
    return [row(*cells), "|" + "---|" * len(cells)]
