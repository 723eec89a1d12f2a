#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Installs the Debian packages that are missing and nothing else; for the benchmark also its peers that are Python
# packages, into .build/bench.
#   scripts/install.sh build    what compiling needs
#   scripts/install.sh test     … and what the tests run
#   scripts/install.sh bench    … and what the benchmark runs
set -euo pipefail

cd "$(dirname "$0")/.."
purpose=${1:-build}
wanted=(pkg-config libxml2-dev libsqlite3-dev zlib1g-dev libzip-dev libqpdf-dev libcurl4-openssl-dev tzdata)
case $purpose in
    build) ;;
    test | bench)
        command -v sqlite3 >/dev/null || wanted+=(sqlite3)
        [[ -x /usr/bin/python3 ]] || wanted+=(python3)
        [[ $purpose == test ]] || wanted+=(libxml2-utils)
        [[ $purpose == test ]] || python3 -c "import ensurepip, venv" 2>/dev/null || wanted+=(python3-venv)
        ;;
    *)
        echo "usage: scripts/install.sh build|test|bench" >&2
        exit 64
        ;;
esac

if ! command -v swift >/dev/null; then
    echo "Swift 6.2 or later is needed and was not found on the PATH: see https://www.swift.org/install" >&2
    exit 1
fi

if ! command -v dpkg-query >/dev/null; then
    echo "Not a Debian system: make sure that the equivalents of these packages are there: ${wanted[*]}" >&2
    exit 0
fi

# What the benchmark compares with, in versions that its figures were taken with.
install_peers() {
    local peers=.build/bench
    [[ -f $peers/installed-1 ]] && return
    python3 -m venv "$peers"
    "$peers/bin/pip" install --quiet --disable-pip-version-check \
        duckdb==2.0.0 lxml==6.1.3 openpyxl==3.1.5 python-calamine==0.9.1
    touch "$peers/installed-1"
}

is_installed() {
    [[ $(dpkg-query --show --showformat='${Status}' "$1" 2>/dev/null || true) == "install ok installed" ]]
}
missing=()
for package in "${wanted[@]}"; do
    is_installed "$package" || missing+=("$package")
done
# Linked where it is there; large runs are faster with it, and nothing needs it: asked for once.
optional=libjemalloc-dev
asked=.build/asked-for-$optional
is_installed "$optional" && optional=

as_root=()
if [[ $(id -u) -ne 0 ]]; then
    if command -v sudo >/dev/null; then
        as_root=(sudo)
    elif [[ ${#missing[@]} -gt 0 ]]; then
        echo "These packages are missing, and neither root nor sudo is at hand: ${missing[*]}" >&2
        exit 1
    else
        optional=
    fi
fi
[[ ${#missing[@]} -gt 0 || ! -e $asked ]] || optional=

export DEBIAN_FRONTEND=noninteractive
install=(apt-get install --yes --quiet --no-install-recommends)
if [[ ${#missing[@]} -gt 0 ]]; then
    echo "Installing ${missing[*]}" >&2
    "${as_root[@]}" apt-get update -qq
    "${as_root[@]}" "${install[@]}" "${missing[@]}"
fi
if [[ -n $optional ]]; then
    mkdir -p .build
    touch "$asked"
    # Nobody is asked for a password for what is not needed.
    [[ ${#as_root[@]} -eq 0 ]] || as_root=(sudo -n)
    install=("${as_root[@]}" "${install[@]}")
    "${install[@]}" "$optional" >/dev/null 2>&1 ||
        { timeout 60 "${as_root[@]}" apt-get update -qq && "${install[@]}" "$optional"; } >/dev/null 2>&1 ||
        echo "$optional cannot be installed: large runs will take a tenth longer." >&2
fi
[[ $purpose != bench ]] || install_peers
