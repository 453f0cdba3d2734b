#!/usr/bin/env python3
"""Counts the instructions of a fixed load with callgrind and compares them with a committed baseline.

guard.py check <program> <baseline.json> <compiler>   fails where a section takes over a tenth more than it did
guard.py renew <program> <baseline.json> <compiler>   writes the baseline; commit it with the change that explains it
guard.py self                                         the comparison sees planted changes

Instructions, not seconds: they are the same on a busy machine. They are not the same under another compiler, whose
baseline is therefore skipped (77), as is everything where there is no valgrind.
"""

import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

TOLERANCE = 10  # in a hundred
SECTIONS = ("totals", "any_day", "trends", "groups", "query", "moves")


def count(program):
    """Section -> instructions: what came before its function is dumped when that begins, its own when it ends."""
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder) / "callgrind.out"
        command = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}"]
        for section in SECTIONS:
            command += [f"--dump-before=section_{section}", f"--dump-after=section_{section}"]
        subprocess.run([*command, program], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=300)
        return read_dumps(path.read_text() for path in sorted(pathlib.Path(folder).iterdir()))


def read_dumps(dumps):
    found = {}
    for dump in dumps:
        trigger = re.search(r"^desc: Trigger: --dump-after=section_(\w+)", dump, re.MULTILINE)
        total = re.search(r"^(?:totals|summary): (\d+)", dump, re.MULTILINE)
        if trigger and total:
            found[trigger.group(1)] = int(total.group(1))
    missing = [section for section in SECTIONS if not found.get(section)]
    if missing:
        raise SystemExit(f"guard: callgrind counted nothing in: {', '.join(missing)}")
    return found


def compare(counted, baseline):
    """Lines to print, and whether a section takes more than it may."""
    lines = []
    failed = False
    for section in SECTIONS:
        was, now = baseline[section], counted[section]
        change = now / was - 1
        verdict = ""
        if now * 100 > was * (100 + TOLERANCE):
            verdict = f"  TOO MANY: over +{TOLERANCE} %"
            failed = True
        elif now * 100 < was * (100 - TOLERANCE):
            verdict = "  improved: renew the baseline (./dev guard renew)"
        lines.append(f"{section:8} {was:>13} -> {now:>13} {change:+8.1%}{verdict}")
    return lines, failed


def check_self():
    base = {section: 1000 for section in SECTIONS}
    assert compare(base, base)[1] is False
    assert compare({**base, "query": 1100}, base)[1] is False
    lines, failed = compare({**base, "query": 1101}, base)
    assert failed and [line for line in lines if "TOO MANY" in line] == [lines[SECTIONS.index("query")]]
    lines, failed = compare({**base, "moves": 899}, base)
    assert not failed and "renew" in lines[SECTIONS.index("moves")]
    dumps = [f"desc: Trigger: --dump-after=section_{name}\nsummary: {i + 1}\n" for i, name in enumerate(SECTIONS)]
    assert read_dumps(dumps) == {name: i + 1 for i, name in enumerate(SECTIONS)}
    try:
        read_dumps(dumps[1:])
    except SystemExit as left_out:
        assert SECTIONS[0] in str(left_out)
    else:
        raise AssertionError("a section without a count is no count")
    return 0


def main(arguments):
    if arguments == ["self"]:
        return check_self()
    if len(arguments) != 4 or arguments[0] not in ("check", "renew"):
        print(__doc__, file=sys.stderr)
        return 2
    what, program, path, compiler = arguments
    if shutil.which("valgrind") is None:
        print("skipped: no valgrind (./dev deps installs it)")
        return 77
    if what == "renew":
        content = {"compiler": compiler, "instructions": count(program)}
        pathlib.Path(path).write_text(json.dumps(content, indent=2) + "\n")
        print(f"guard: {path} is renewed")
        return 0
    baseline = json.loads(pathlib.Path(path).read_text())
    if baseline["compiler"] != compiler:
        print(f"skipped: the baseline is of {baseline['compiler']}, this is {compiler}")
        return 77
    lines, failed = compare(count(program), baseline["instructions"])
    print("\n".join(lines))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
