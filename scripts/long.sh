#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# What takes too long for every push: more kills, the large reconciliation workload, the demonstration over and over.
# Prints a log for docs/long.log: what ran, on what, how it ended.
#
# usage: long.sh [release|debug] > docs/long.log
set -uo pipefail

config=${1:-release}
root=$(cd "$(dirname "$0")/.." && pwd)
cd "$root"
failed=0

say() { printf '%s\n' "$*"; }
part() { say; say "== $*"; }

say "commit  $(git rev-parse --short HEAD 2>/dev/null || echo unknown)"
say "date    $(date -u +%Y-%m-%dT%H:%M:%SZ)"
say "machine $(nproc) cores, $(awk '/MemTotal/ { printf "%d MB", $2 / 1024 }' /proc/meminfo), $(uname -sr)"
say "swift   $(swift --version 2>/dev/null | head -1)"

part "build ($config)"
if ! swift build -c "$config" --build-tests > /tmp/long-build.$$ 2>&1; then
    tail -30 /tmp/long-build.$$
    rm -f /tmp/long-build.$$
    exit 1
fi
rm -f /tmp/long-build.$$
tieout=$(swift build -c "$config" --show-bin-path)/tieout
"$tieout" --version

# Runs the suites whose names match, with every repeat count raised, and keeps what they print about themselves.
suites() {
    part "$1"
    shift
    local log status
    log=$(mktemp)
    TIEOUT_LONG=1 swift test -c "$config" --skip-build --disable-xctest --filter "$1" > "$log" 2>&1
    status=$?
    grep -E 'kills of|recorded an issue|Test run with|time |: precision' "$log"
    if [ $status -ne 0 ]; then
        say "FAILED ($status)"
        failed=1
    fi
    rm -f "$log"
}

suites "kills of import and outbox" 'ImportKillTests|OutboxKillTests'
suites "kills of a sync, and a busy system" 'SyncTests|SystemBoundTests'
suites "a million invoices into the store, a field of 2 GB" 'BulkTests|HostileFileTests'
suites "orders, repeats and simulations" 'OrderTests|RepeatTests|SimulationTests'

for workload in d2k d20k; do
    folder=${TIEOUT_SHARED:-$root/../shared}/recon/$workload
    part "reconciliation workload $workload"
    if [ -d "$folder" ]; then
        scripts/recon/score.sh "$folder" "$tieout" || failed=1
    else
        say "skipped: it is not beside this checkout"
    fi
done

part "result"
if [ $failed -eq 0 ]; then say "everything passed"; else say "something failed"; fi
exit $failed
