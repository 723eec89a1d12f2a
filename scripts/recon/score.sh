#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Imports a reconciliation workload through the mappings of Tests/Fixtures/Recon, reconciles it by the command line,
# and prints the workload's own scorer and the wall times.
#
# usage: score.sh WORKLOAD TIEOUT [FOLDER]     WORKLOAD: a folder with customers.csv, invoices.csv, …, truth.csv;
#                                              its scorer score_recon.py lies in it or beside it
set -euo pipefail

if [ $# -lt 2 ]; then
    sed -n '6,7s/^# //p' "$0" >&2
    exit 64
fi
workload=$(cd "$1" && pwd)
tieout=$(readlink -f "$2")
root=$(cd "$(dirname "$0")/../.." && pwd)
mappings=$root/Tests/Fixtures/Recon
folder=${3:-}
if [ -z "$folder" ]; then
    folder=$(mktemp -d)
    trap 'rm -rf "$folder"' EXIT
fi
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
rm -rf "$folder"/tieout.db*
scorer=$workload/score_recon.py
[ -f "$scorer" ] || scorer=$(dirname "$workload")/score_recon.py
if [ ! -f "$scorer" ]; then
    echo "score.sh: there is no score_recon.py in $workload or beside it" >&2
    exit 1
fi

export TIEOUT_SHARE=${TIEOUT_SHARE:-$root}
# The day after the last booking: the workload's clock, not this machine's.
last=$(cut -d, -f2 "$workload/payments.csv" | tail -n +2 | sort | tail -1)
export TIEOUT_NOW="${last}T20:00:00Z"
options=(--db "$folder/tieout.db" --config "$mappings/tieout.yaml")

seconds() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", b - a }'; }
timed() {
    local name=$1 start
    shift
    start=$(date +%s.%N)
    "$@" > "$folder/last.out" || { echo "$name failed:" >&2; cat "$folder/last.out" >&2; exit 1; }
    echo "time $name $(seconds "$start" "$(date +%s.%N)") s"
}

for kind in customers invoices payments promises psp_report; do
    [ -f "$workload/$kind.csv" ] || continue
    timed "import $kind" "$tieout" import "${options[@]}" --mapping "$mappings/$kind.yaml" "$workload/$kind.csv"
done
timed reconcile "$tieout" reconcile "${options[@]}" --json --allocations "$folder/allocations.csv"
cat "$folder/last.out"
timed verify "$tieout" verify "${options[@]}"
python3 "$scorer" --dir "$workload" --result "$folder/allocations.csv" --json "$folder/score.json" --slices
