#!/usr/bin/env python3
"""Adds up the JUnit reports of several ctest runs and prints one line: N passed, N failed[, N skipped].

Usage: ctest_summary.py name=report.xml …   A report that does not exist is a run that never began: one failure.
"""

import re
import sys
import xml.etree.ElementTree as ElementTree

# GoogleTest skips inside a binary that ctest counts as passed.
_GTEST_SKIP = re.compile(r"^\[  SKIPPED \] (\S+) \(", re.MULTILINE)
# XML 1.0 forbids most control characters; the output of a test may hold them all the same.
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]|&#(?:[0-8]|1[124-9]|2[0-9]|3[01]);")


class Sum:
    def __init__(self):
        self.passed = 0
        self.failed = []
        self.skipped = []

    def add_report(self, name, text):
        cases = list(ElementTree.fromstring(_FORBIDDEN.sub("", text)).iter("testcase"))
        if not cases:
            self.failed.append(f"{name}: no test ran")
        for case in cases:
            self._add_case(f"{name}: {case.get('name')}", case)

    def _add_case(self, title, case):
        output = case.findtext("system-out") or ""
        status = case.get("status")
        if case.find("failure") is not None or status == "fail":
            self.failed.append(title)
        elif case.find("skipped") is not None or status in ("notrun", "disabled"):
            lines = [line.strip() for line in output.splitlines() if line.strip()]
            skipped = case.find("skipped")
            reason = lines[-1] if lines else (skipped.get("message") if skipped is not None else None)
            # A program that could not be started is "not run" too; that is no choice of the test.
            if skipped is not None and re.search(r"SKIP_|Skip regular", skipped.get("message") or ""):
                self.skipped.append((title, reason or "no reason given"))
            elif status == "disabled":
                self.skipped.append((title, "disabled"))
            else:
                self.failed.append(f"{title} (could not be run: {reason or status})")
        else:
            self.passed += 1
            for match in _GTEST_SKIP.finditer(output):
                self.skipped.append((f"{title} {match.group(1)}", _gtest_reason(output, match.start())))

    def line(self):
        text = f"{self.passed} passed, {len(self.failed)} failed"
        return text + (f", {len(self.skipped)} skipped" if self.skipped else "")


def _gtest_reason(output, end):
    """The text between "[ RUN ]" and "[ SKIPPED ]" of one test, on one line."""
    body = output[:end].rpartition("[ RUN      ]")[2]
    return " ".join(body.splitlines()[1:]) or "no reason given"


def main(arguments):
    total = Sum()
    for argument in arguments:
        name, _, path = argument.partition("=")
        try:
            with open(path, encoding="utf-8", errors="replace") as file:
                total.add_report(name, file.read())
        except OSError:
            total.failed.append(f"{name}: did not build or did not run")
        except ElementTree.ParseError as error:
            total.failed.append(f"{name}: report unreadable ({error})")
    for title, reason in total.skipped:
        print(f"skipped: {title}: {reason}")
    for title in total.failed:
        print(f"failed: {title}")
    print(total.line())
    return 1 if total.failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
