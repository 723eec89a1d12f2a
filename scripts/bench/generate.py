#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes invoices in Tieout's canonical CSV; the same rows for the same arguments, on every machine.

usage: generate.py ROWS [SEED] > invoices.csv
"""

import sys

HEADERS = "id,number,kind,customer_id,customer_name,currency,issued_on,due_on,total,reference"
NAMES = [
    "Köhler & Söhne GmbH", "Van den Berg B.V.", "Padaria São José Ltda", "Müller Logistik AG",
    "Jansen, De Vries & Co", "Açúcar do Vale S.A.", "Håkon Fisk AS", 'Le "Petit" Marché',
    "Bakker Installaties", "Schreinerei Weiß",
]
DAYS = [f"2026-{month:02}-{day:02}" for month in range(1, 13) for day in range(1, 29)]
MASK = (1 << 64) - 1


def split_mix(seed):
    """SplitMix64, so that the file does not depend on the version of Python's own generator."""
    state = seed & MASK
    while True:
        state = (state + 0x9E3779B97F4A7C15) & MASK
        mixed = state
        mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & MASK
        yield mixed ^ (mixed >> 31)


def field(text):
    """A CSV field, quoted only where RFC 4180 asks for it."""
    if "," in text or '"' in text:
        return '"' + text.replace('"', '""') + '"'
    return text


def rows(count, seed):
    numbers = split_mix(seed)
    customers = max(1, count // 50)
    for index in range(count):
        chance = next(numbers)
        customer = chance % customers
        cents = 1000 + (chance >> 20) % 900_000
        issued = (chance >> 40) % (len(DAYS) - 28)
        is_credit = (chance >> 52) % 25 == 0
        sign, kind = ("-", "credit_note") if is_credit else ("", "invoice")
        number = f"2026-{index + 1:07}"
        name = field(f"{NAMES[customer % len(NAMES)]} {customer}")
        yield (
            f"INV{index + 1:09},{number},{kind},C{customer:06},{name},EUR,{DAYS[issued]},{DAYS[issued + 28]},"
            f"{sign}{cents // 100}.{cents % 100:02},Order {chance % 1_000_003:07}\n"
        )


def main():
    if len(sys.argv) not in (2, 3) or not sys.argv[1].isdigit():
        sys.exit(__doc__)
    count, seed = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) == 3 else 1
    out = open(sys.stdout.fileno(), "w", encoding="utf-8", newline="", closefd=False, buffering=1 << 20)
    out.write(HEADERS + "\n")
    out.writelines(rows(count, seed))
    out.flush()


if __name__ == "__main__":
    main()
