#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes docs/faults.md: every fault and failure that the sources can raise, with its words and what to do.

A fault is a call whose first string is its code and which names a `hint:`; a failure is a `…Failure("CODE", …)`.
What is filled in at run time stands as …. Rows are in the order of their codes.

usage: faults.py [--check]     --check: exit 1 when docs/faults.md is not what the sources say
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "faults.md"
CODE = re.compile(r'\(\s*(?:code:\s*)?"([A-Z][A-Z0-9]*(?:-[A-Z0-9]+)+)"')
SEVERITIES = {"refusal": "file refused", "row": "row left out", "warning": "warning"}


def call(text, start):
    """The text from an opening bracket to the one that closes it; strings, with what they interpolate, are skipped."""
    depth, index = 0, start
    while index < len(text):
        letter = text[index]
        if letter == '"':
            index = string_end(text, index)
            continue
        if letter in "([{":
            depth += 1
        elif letter in ")]}":
            depth -= 1
            if depth == 0:
                return text[start : index + 1]
        index += 1
    return text[start:]


def string_end(text, start):
    fence = '"""' if text.startswith('"""', start) else '"'
    index = start + len(fence)
    while index < len(text):
        if text.startswith("\\(", index):
            index += 1
            index += len(call(text, index))
        elif text[index] == "\\":
            index += 2
        elif text.startswith(fence, index):
            return index + len(fence)
        else:
            index += 1
    return index


def words(literal):
    """A string literal as a reader sees it."""
    out, index = [], 0
    while index < len(literal):
        if literal.startswith("\\(", index):
            index += 1
            index += len(call(literal, index))
            out.append("…")
        elif literal[index] == "\\" and index + 1 < len(literal):
            out.append({"n": " ", "t": " "}.get(literal[index + 1], literal[index + 1]))
            index += 2
        else:
            out.append(literal[index])
            index += 1
    return re.sub(r"\s+", " ", "".join(out))


def strings(source):
    """Every string literal of a call, joined where `+` joins them, with the label before it."""
    found, index, label, joined = [], 0, "", False
    while index < len(source):
        if source[index] == '"':
            end = string_end(source, index)
            fence = 3 if source.startswith('"""', index) else 1
            text = words(source[index + fence : end - fence])
            if joined and found:
                found[-1] = (found[-1][0], found[-1][1] + text)
            else:
                found.append((label, text))
            index, label, joined = end, "", False
            continue
        match = re.match(r"([a-z]\w*):\s", source[index:])
        if match:
            label = match.group(1)
            index += match.end()
            continue
        if source[index] == "+":
            joined = True
        elif source[index] == ",":
            label, joined = "", False
        index += 1
    return found


def collect():
    rows = {}
    for path in sorted((ROOT / "Sources").rglob("*.swift")):
        text = path.read_text()
        for match in CODE.finditer(text):
            source = call(text, match.start())
            before = text[max(0, match.start() - 40) : match.start()]
            is_failure = re.search(r"\w*Failure$", before) is not None
            if "hint:" not in source and not is_failure:
                continue
            parts = strings(source)
            hint = next((text for label, text in parts if label == "hint"), "").strip()
            message = next((text for label, text in parts[1:] if label != "hint" and " " in text), "").strip()
            if not message and match.group(1).startswith("BR-"):
                message = "the document breaks the rule of EN 16931 with this id; what it states stands"
            severity = re.search(r"\.(refusal|row|warning)\b", source)
            kind = SEVERITIES[severity.group(1)] if severity else "failure" if is_failure else "fault"
            rows.setdefault(match.group(1), set()).add((kind, message, hint))
    for code, row in examples():
        if code not in rows or not any(message for _, message, _ in rows[code]):
            rows.setdefault(code, set()).add(row)
    return rows


def examples():
    """What the gallery of bad input shows, for the codes whose words are put together elsewhere."""
    for path in sorted((ROOT / "Tests" / "Fixtures" / "Errors").glob("*/expected.txt")):
        lines = path.read_text(errors="replace").splitlines()
        for index, line in enumerate(lines):
            match = re.match(r"(refusal|row|warning) ([A-Z0-9-]+) at ", line)
            if match and index + 1 < len(lines):
                hint = lines[index + 2].strip() if index + 2 < len(lines) and lines[index + 2].startswith("  ") else ""
                yield match.group(2), (SEVERITIES[match.group(1)], lines[index + 1].strip(), hint)


def page():
    lines = [
        "# Faults",
        "",
        "Every code that reading, importing or the books can answer with, made from the sources by `scripts/docs/faults.py`. `…` is",
        "filled in with what was found; some rows are examples from `Tests/Fixtures/Errors`. *File refused*: nothing of the file lands. *Row left out*: the others land. *Warning*: it",
        "lands, look at it. *Fault*: one of the three, by where it is found. *Failure*: the command stopped, nothing is half-done.",
        "",
        "| code | what happens | message | what to do |",
        "|---|---|---|---|",
    ]
    for code, kinds in sorted(collect().items()):
        for kind, message, hint in sorted(kinds):
            cells = [f"`{code}`", kind, message, hint]
            lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def main():
    text = page()
    if "--check" in sys.argv[1:]:
        if not PAGE.exists() or PAGE.read_text() != text:
            sys.exit("docs/faults.md is not what the sources say; run scripts/docs/faults.py")
        return
    PAGE.write_text(text)
    print(f"{PAGE.relative_to(ROOT)}: {text.count(chr(10)) - 8} rows")


if __name__ == "__main__":
    main()
