# SPDX-License-Identifier: Apache-2.0
"""`tieout read` of a large camt.053, beside `xmllint --stream`, which parses it and keeps nothing."""

from measure import Comparison, count_lines, expect, generate, measure, measure_output


def comparison(options, folder):
    statement = folder / "statement.xml"
    generate("generate_camt.py", options.megabytes, into=statement)
    payments = count_lines(statement, b"<TxDtls>")

    def xmllint(room):
        return measure(["xmllint", "--stream", "--noout", str(statement)])

    def tieout(room):
        run, output = measure_output([options.tieout, "read", str(statement)], room)
        expect("tieout read", count_lines(output, b'"type":"payment"'), payments)
        return run

    return Comparison(
        title="camt.053",
        subject=f"One statement of {statement.stat().st_size / 1e6:.0f} MB with {payments:,} payments, "
        "read to JSON lines.",
        unit="payments", count=payments, contestants={"xmllint --stream": xmllint, "tieout read": tieout},
        aims=["The aim is 1.3× the time of `xmllint --stream`, under 64 MB."])
