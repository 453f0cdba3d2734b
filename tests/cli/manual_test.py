#!/usr/bin/env python3
"""Runs every example of docs/command.md, docs/lineage.md and docs/rules.md and compares what it prints.

A block `csv PATH` is a file; a block `console` holds commands after `$ `, each followed by what it writes to stdout. A line
that ends in … stands for every line that begins like it.
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

DOCS = pathlib.Path(__file__).resolve().parents[2] / "docs"
MANUAL = DOCS / "command.md"
COMMAND = None

BLOCK = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(manual):
    return [match.groups() for match in BLOCK.finditer(manual.read_text(encoding="utf-8"))]


def examples(body):
    """(command, expected output) of a console block."""
    parts = re.split(r"^\$ ", body, flags=re.MULTILINE)
    assert parts[0] == "", "a console block begins with a command"
    for part in parts[1:]:
        command, _, output = part.partition("\n")
        yield command, output


def agree(expected, got):
    wanted, lines = expected.split("\n"), got.replace("\r\n", "\n").split("\n")
    return len(wanted) == len(lines) and all(
        line.startswith(want[:-1]) if want.endswith("…") else line == want for want, line in zip(wanted, lines)
    )


class Manual(unittest.TestCase):
    maxDiff = None

    def test_examples(self):
        self.assertGreater(self.run_examples(MANUAL), 10)

    def test_examples_of_lineage(self):
        self.assertGreater(self.run_examples(DOCS / "lineage.md"), 5)

    def test_examples_of_rules(self):
        self.assertGreater(self.run_examples(DOCS / "rules.md"), 3)

    def run_examples(self, manual):
        count = 0
        # The manual says `dangbo`; the command under test is found under that name first.
        environment = dict(os.environ, PATH=f"{COMMAND.parent}{os.pathsep}{os.environ['PATH']}")
        with tempfile.TemporaryDirectory() as folder:
            for kind, name, body in blocks(manual):
                if name:
                    path = pathlib.Path(folder) / name
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_text(body, encoding="utf-8")
                elif kind == "console":
                    for command, expected in examples(body):
                        run = subprocess.run(
                            ["/bin/sh", "-c", command], cwd=folder, env=environment, stdout=subprocess.PIPE, timeout=60
                        )
                        count += 1
                        with self.subTest(command):
                            got = run.stdout.decode("utf-8")
                            if not agree(expected, got):
                                self.assertEqual(expected, got)
        return count

    def test_every_command_has_a_chapter(self):
        text = MANUAL.read_text(encoding="utf-8")
        shown = subprocess.run([COMMAND, "--help"], stdout=subprocess.PIPE, check=True, timeout=60).stdout.decode("utf-8")
        commands = re.findall(r"^  ([a-z]+) ", shown[shown.index("Lệnh:") : shown.index("Tuỳ chọn:")], re.MULTILINE)
        self.assertGreater(len(commands), 10)
        for command in commands:
            self.assertIn(f"\n## {command}\n", text)
            shown = subprocess.run([COMMAND, command, "--help"], stdout=subprocess.PIPE, check=True, timeout=60).stdout
            for option in re.findall(r"^  (--[a-z-]+)", shown.decode("utf-8"), re.MULTILINE):
                if option != "--lang":
                    self.assertTrue(f"`{option}" in text, f"{command} {option} is not in the manual")


if __name__ == "__main__":
    COMMAND = pathlib.Path(sys.argv.pop(1)).resolve()
    unittest.main(argv=sys.argv)
