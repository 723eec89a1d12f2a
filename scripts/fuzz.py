#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Feeds every parser with libFuzzer for a bounded time each; fails when an input crashes, hangs or takes too much memory.

    scripts/fuzz.py [--seconds N] [--only PARSER ...] [--jobs N]

Seeds are the error gallery, the samples, the mappings and Fuzz/Seeds. What was found stays in .build-fuzz/found; run it
again with the command that is printed.
"""
import argparse
import os
import re
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / ".build-fuzz"
GALLERY = ROOT / "Tests" / "Fixtures" / "Errors"
# Where a parser's seeds are, beside Fuzz/Seeds/<parser>: folders of the gallery by prefix, and other files.
GALLERIES = {
    "saft": ["saft"], "xaf": ["xaf"], "ubl": ["ubl", "xml"], "cii": ["cii"], "camt": ["camt"], "pain": ["pain"],
    "pdf": ["pdf"], "mt940": ["mt940"], "ofx": ["ofx"], "coda": ["coda"], "cnab": ["cnab"], "datev": ["datev"],
    "csv": ["csv"], "inspect": ["csv", "mt940", "ubl", "camt", "ofx"],
}
FILES = {
    "csv": ["samples/mappings/*.csv"], "inspect": ["samples/mappings/*.csv"], "yaml": ["mappings/*.yaml"],
    "mapping": ["mappings/*.yaml"], "service": ["mappings/rest/*.yaml"], "json": ["samples/mappings/*.jsonl"],
    "xlsx": ["Tests/Fixtures/xlsx/*.xlsx"],
}
SEED_SIZE_MAX = 64 * 1024
INPUT_SIZE_MAX = 8 * 1024
MEMORY_MB = 1024
SECONDS_PER_INPUT = 10


def build() -> Path:
    """The fuzzed program, with the address sanitizer, in a build folder of its own."""
    command = [
        "nice", "-n", "5", "swift", "build", "-c", "release", "--sanitize", "fuzzer", "--sanitize", "address",
        "--product", "FuzzFormats", "--build-path", str(BUILD),
    ]
    environment = dict(os.environ, TIEOUT_FUZZ="1")
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        sys.exit(done.stdout[-4000:])
    return BUILD / "release" / "FuzzFormats"


def parsers(program: Path) -> list[str]:
    environment = dict(os.environ, TIEOUT_FUZZ_PARSER="list")
    listed = subprocess.run([program, "-runs=0"], env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    return listed.stdout.split()


def gather(parser: str) -> Path:
    """A fresh corpus folder with the seeds; libFuzzer adds what covers more."""
    folder = BUILD / "corpus" / parser
    folder.mkdir(parents=True, exist_ok=True)
    seeds = sorted((ROOT / "Fuzz" / "Seeds" / parser).glob("*"))
    for prefix in GALLERIES.get(parser, []):
        seeds += sorted(GALLERY.glob(f"{prefix}-*/input*"))
    for pattern in FILES.get(parser, []):
        seeds += sorted(ROOT.glob(pattern))
    for number, seed in enumerate(seeds):
        if seed.is_file() and seed.stat().st_size <= SEED_SIZE_MAX:
            shutil.copyfile(seed, folder / f"seed-{number}")
    return folder


def run(program: Path, parser: str, seconds: int) -> dict:
    corpus = gather(parser)
    found = BUILD / "found" / parser
    shutil.rmtree(found, ignore_errors=True)
    found.mkdir(parents=True)
    environment = dict(os.environ, TIEOUT_FUZZ_PARSER=parser, SWIFT_BACKTRACE="enable=no")
    # Swift keeps what is alive for the process; leaks are looked for by memory, not by the leak checker.
    environment["ASAN_OPTIONS"] = "detect_leaks=0:detect_stack_use_after_return=0:allocator_may_return_null=1"
    command = [
        str(program), str(corpus), f"-max_total_time={seconds}", f"-max_len={INPUT_SIZE_MAX}", f"-rss_limit_mb={MEMORY_MB}",
        f"-timeout={SECONDS_PER_INPUT}", f"-artifact_prefix={found}/", "-print_final_stats=1", "-seed=1",
    ]
    started = time.monotonic()
    with open(found / "log", "w+") as log:
        status = subprocess.run(command, env=environment, stdout=log, stderr=log).returncode
        log.seek(0)
        text = log.read()
    count = re.search(r"stat::number_of_executed_units:\s*(\d+)", text)
    crashes = sorted(path for path in found.iterdir() if path.name != "log")
    return {
        "parser": parser, "seconds": time.monotonic() - started, "runs": int(count.group(1)) if count else 0,
        "crashes": crashes, "failed": bool(crashes) or status != 0, "log": text,
    }


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--seconds", type=int, default=60, help="per parser")
    arguments.add_argument("--only", nargs="*", default=[], help="parsers, by name")
    arguments.add_argument("--jobs", type=int, default=2, help="parsers at once")
    options = arguments.parse_args()
    program = build()
    names = options.only or parsers(program)
    if not names:
        sys.exit("fuzz: the program lists no parsers")
    with ThreadPoolExecutor(options.jobs) as pool:
        results = list(pool.map(lambda name: run(program, name, options.seconds), names))
    print(f"{'parser':<14} {'inputs':>10} {'seconds':>8} {'crashes':>8}")
    for result in results:
        print(f"{result['parser']:<14} {result['runs']:>10} {result['seconds']:>8.0f} {len(result['crashes']):>8}")
    bad = [result for result in results if result["failed"]]
    for result in bad:
        broken = re.search(r"BROKEN: .*|Fatal error: .*|ERROR: .*", result["log"])
        print(f"\n{result['parser']}: {broken.group(0)[:400] if broken else result['log'][-1500:]}")
        for crash in result["crashes"]:
            print(f"  TIEOUT_FUZZ_PARSER={result['parser']} {program} {crash}")
    total = sum(result["runs"] for result in results)
    print(f"\nfuzz: {len(results)} parsers, {total} inputs, {sum(len(result['crashes']) for result in results)} crashes")
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
