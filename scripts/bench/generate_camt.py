#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes one camt.053.001.08 statement of about so many megabytes; the same bytes for the same arguments.

Nine entries in ten have one transaction, the tenth is a batch of twenty; the balances connect.

usage: generate_camt.py MEGABYTES [SEED] > statement.xml
"""

import sys

from generate import DAYS, NAMES, split_mix

ACCOUNT = "NL91ABNA0417164300"
OPENING = 12_345_678
BATCH = 20

HEAD = f"""<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08">
  <BkToCstmrStmt>
    <GrpHdr>
      <MsgId>BENCH-1</MsgId>
      <CreDtTm>2026-12-31T18:00:00+01:00</CreDtTm>
    </GrpHdr>
    <Stmt>
      <Id>BENCH-1-1</Id>
      <ElctrncSeqNb>1</ElctrncSeqNb>
      <CreDtTm>2026-12-31T18:00:00+01:00</CreDtTm>
      <FrToDt><FrDtTm>2026-01-01T00:00:00+01:00</FrDtTm><ToDtTm>2026-12-31T23:59:59+01:00</ToDtTm></FrToDt>
      <Acct>
        <Id><IBAN>{ACCOUNT}</IBAN></Id>
        <Ccy>EUR</Ccy>
        <Ownr><Nm>Tieout Bench B.V.</Nm></Ownr>
      </Acct>
"""
FOOT = "    </Stmt>\n  </BkToCstmrStmt>\n</Document>\n"


def money(cents):
    return f"{cents // 100}.{cents % 100:02}"


def text(value):
    return value.replace("&", "&amp;").replace("<", "&lt;")


def balance(code, cents, day):
    return f"""      <Bal>
        <Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>
        <Amt Ccy="EUR">{money(cents)}</Amt>
        <CdtDbtInd>CRDT</CdtDbtInd>
        <Dt><Dt>{day}</Dt></Dt>
      </Bal>
"""


def details(reference, chance, cents):
    customer = chance % 9973
    name = text(f"{NAMES[customer % len(NAMES)]} {customer}")
    return f"""          <TxDtls>
            <Refs>
              <AcctSvcrRef>{reference}</AcctSvcrRef>
              <EndToEndId>E2E-{chance % 1_000_000_007:010}</EndToEndId>
            </Refs>
            <Amt Ccy="EUR">{money(cents)}</Amt>
            <CdtDbtInd>CRDT</CdtDbtInd>
            <RltdPties>
              <Dbtr><Pty><Nm>{name}</Nm><PstlAdr><Ctry>NL</Ctry><AdrLine>Kade {customer}</AdrLine></PstlAdr></Pty></Dbtr>
              <DbtrAcct><Id><IBAN>NL{10 + customer % 89}RABO0{customer:09}</IBAN></Id></DbtrAcct>
            </RltdPties>
            <RltdAgts><DbtrAgt><FinInstnId><BICFI>RABONL2U</BICFI></FinInstnId></DbtrAgt></RltdAgts>
            <RmtInf><Ustrd>Invoice 2026-{(chance >> 24) % 10_000_000:07} customer C{customer:06}</Ustrd></RmtInf>
          </TxDtls>
"""


def entry(index, numbers):
    chance = next(numbers)
    count = BATCH if index % 10 == 9 else 1
    amounts = [1000 + (next(numbers) >> 20) % 900_000 for _ in range(count)]
    day = DAYS[(chance >> 40) % len(DAYS)]
    reference = f"BNK{index:012}"
    parts = "".join(details(f"{reference}{n:03}", next(numbers), cents) for n, cents in enumerate(amounts))
    total = sum(amounts)
    return total, f"""      <Ntry>
        <NtryRef>{index}</NtryRef>
        <Amt Ccy="EUR">{money(total)}</Amt>
        <CdtDbtInd>CRDT</CdtDbtInd>
        <Sts><Cd>BOOK</Cd></Sts>
        <BookgDt><Dt>{day}</Dt></BookgDt>
        <ValDt><Dt>{day}</Dt></ValDt>
        <AcctSvcrRef>{reference}</AcctSvcrRef>
        <BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd>
        <NtryDtls>
{parts}        </NtryDtls>
      </Ntry>
"""


def statement(size, seed):
    """The pieces of the file; two passes over the same chance, as the closing balance comes first."""
    entries, total, length, numbers = 0, 0, 0, split_mix(seed)
    while length < size:
        cents, written = entry(entries, numbers)
        total += cents
        length += len(written)
        entries += 1
    yield HEAD
    yield balance("OPBD", OPENING, "2026-01-01")
    yield balance("CLBD", OPENING + total, "2026-12-31")
    numbers = split_mix(seed)
    for index in range(entries):
        yield entry(index, numbers)[1]
    yield FOOT


def main():
    if len(sys.argv) not in (2, 3) or not sys.argv[1].isdigit():
        sys.exit(__doc__)
    size, seed = int(sys.argv[1]) * 1_000_000, int(sys.argv[2]) if len(sys.argv) == 3 else 1
    out = open(sys.stdout.fileno(), "w", encoding="utf-8", newline="", closefd=False, buffering=1 << 20)
    out.writelines(statement(size, seed))
    out.flush()


if __name__ == "__main__":
    main()
