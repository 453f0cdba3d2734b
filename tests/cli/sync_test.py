#!/usr/bin/env python3
"""Rosters from the command: the first night, later nights, what is refused, kill -9 at any point."""

import os
import pathlib
import random
import signal
import sqlite3
import subprocess
import sys
import time
import unittest

import cli_test
from cli_test import Case

EXAMPLE = pathlib.Path(__file__).resolve().parents[2] / "examples" / "nightly.sh"
UNITS = "unit_id,parent_id,kind\nK,,KHOI\nCB1,K,CB\nCB2,K,CB\n"


class Nights(Case):
    def roster(self, folder, homes, units=UNITS):
        self.write(
            folder,
            {
                "units": units,
                "members": "member_id\n" + "".join(f"{member}\n" for member in homes),
                "memberships": "member_id,unit_id,kind\n" + "".join(f"{member},{unit},home\n" for member, unit in homes.items()),
            },
        )

    def sync(self, code, folder, day, *options):
        return self.ask(code, "sync", folder, "--to", "so.dangbo", "--on", day, *options)

    def stock(self, day):
        return int(self.rows("rollup", "so.dangbo", "--on", day)[1][0])

    def test_nights(self):
        homes = {f"A{i}": f"CB{i % 2 + 1}" for i in range(10)}
        self.roster("n1", homes)
        self.sync(0, "n1", "2024-03-01", "--source-version", "n1")
        _, err = self.sync(0, "n1", "2024-03-01", "--source-version", "n1")
        self.assertIn("không ghi lại", err)
        homes["B1"] = "CB1"
        homes["A1"] = "CB1"
        self.roster("n2", homes)
        out, err = self.sync(0, "n2", "2024-03-02", "--dry-run", "-o", "doi.yaml", "--format", "csv")
        self.assertIn("new,memberships,B1 CB1 home,,,,2024-03-02,2024-03-01,,", out)
        self.assertIn("chưa ghi gì", err)
        self.assertEqual(10, self.stock("2024-03-02"))
        # The script alone does what the night would.
        self.ask(0, "apply", "doi.yaml", "--to", "so.dangbo")
        self.assertEqual(11, self.stock("2024-03-02"))
        self.sync(0, "n2", "2024-03-02")
        self.assertEqual((10, 11), (self.stock("2024-03-01"), self.stock("2024-03-02")))
        _, err = self.ask(1, "rollup", "so.dangbo", "--on", "2024-02-29")
        self.assertIn("2024-03-01", err)
        _, err = self.sync(1, "n1", "2024-03-01")
        self.assertIn("cũ hơn", err)

    def test_what_vanishes(self):
        homes = {f"A{i}": "CB1" for i in range(10)}
        self.roster("n1", homes)
        self.sync(0, "n1", "2024-03-01")
        self.roster("half", dict(list(homes.items())[:5]))
        _, err = self.sync(1, "half", "2024-03-02", "--problems", "p.csv")
        self.assertIn("5/10", err)
        self.assertTrue((self.folder / "p.csv").exists())
        self.sync(0, "half", "2024-03-02", "--dry-run", "--partial", "memberships", "--partial", "members")
        self.assertEqual(10, self.stock("2024-03-02"))
        self.sync(0, "half", "2024-03-02", "--max-vanished", "50")
        self.assertEqual(5, self.stock("2024-03-02"))

    def test_usage(self):
        self.roster("n1", {"A1": "CB1"})
        for call in (
            ("sync",),
            ("sync", "n1"),
            ("sync", "n1", "--to", "so.dangbo"),
            ("sync", "n1", "--to", "so.dangbo", "--on", "2024-03"),
            ("sync", "n1", "--to", "so.dangbo", "--on", "2024-03-01", "--max-vanished", "101"),
            ("sync", "n1", "--to", "so.dangbo", "--on", "2024-03-01", "--format", "xml"),
        ):
            with self.subTest(call):
                self.ask(2, *call)
        self.roster("bad", {"A1": "NOWHERE"})
        self.sync(1, "bad", "2024-03-01")
        self.sync(0, "n1", "2024-03-01", "--dry-run")
        self.assertFalse((self.folder / "so.dangbo").exists())

    def test_quarantine(self):
        self.roster("n1", {"A1": "CB1", "A2": "NOWHERE"})
        self.ask(1, "load", "n1", "-o", "q.dangbo")
        _, err = self.ask(0, "load", "n1", "-o", "q.dangbo", "--quarantine")
        self.assertIn("1 dòng", err)
        out, _ = self.ask(0, "rollup", "q.dangbo", "--on", "2024-03-01")
        self.assertRegex(out, r"(?m)^ *1$")
        self.assertIn("dòng bị gác lại: 1", out)

    def test_quarantine_night_after_night(self):
        homes = {f"A{i}": "CB1" for i in range(8)}
        self.roster("n1", homes)
        self.sync(0, "n1", "2024-03-01")
        self.roster("n2", {**homes, "A3": "NOWHERE", "B1": "CB2"})
        self.sync(1, "n2", "2024-03-02")
        _, err = self.sync(0, "n2", "2024-03-02", "--quarantine", "--problems", "aside.csv")
        self.assertIn("gác lại 1 dòng", err)
        self.assertIn("NOWHERE", (self.folder / "aside.csv").read_text(encoding="utf-8"))
        self.assertEqual(9, self.stock("2024-03-02"))
        self.roster("n3", {**homes, "A3": "CB2", "B1": "CB2"})
        _, err = self.sync(0, "n3", "2024-03-03", "--quarantine")
        self.assertNotIn("gác lại", err)
        out, _ = self.ask(0, "rollup", "so.dangbo", "--on", "2024-03-03")
        self.assertNotIn("gác lại", out)

    def test_rows_of_a_database(self):
        """NULL and '', dates with a time, padded CHAR, numeric ids, inclusive ends, old encodings in bytes."""
        host = sqlite3.connect(self.folder / "host.db")
        host.executescript(
            """CREATE TABLE party_unit(code, parent, name BLOB, kind, founded);
               CREATE TABLE party_member(id NUMERIC, full_name, born);
               CREATE TABLE party_home(member NUMERIC, unit, since, last_day);
               INSERT INTO party_member VALUES (1001, 'An   ', '1980-03-05 00:00:00'), (1002.0, '', NULL);
               INSERT INTO party_home VALUES (1001, 'CB1   ', '2020-01-01T08:30:00', NULL), (1002.0, 'CB1', '', '2024-03-09');"""
        )
        host.executemany(
            "INSERT INTO party_unit VALUES (?, ?, ?, 'CB', NULL)",
            [("K     ", "", "Đảng".encode("cp1258", "ignore")), ("CB1   ", "K     ", "Mây".encode("cp1258"))],
        )
        host.commit()
        host.close()
        call = [sys.executable, "-B", EXAMPLE.parent / "hosts" / "host_rows.py", cli_test.COMMAND, "host.db", "so.dangbo", "2024-03-01"]
        self.assertEqual(0, subprocess.run(call, cwd=self.folder, stdout=subprocess.DEVNULL, timeout=60).returncode)
        self.ask(0, "export", "so.dangbo", "out")

        def lines(table):
            return sorted((self.folder / "out" / f"{table}.csv").read_text(encoding="utf-8").splitlines())

        self.assertEqual(["1001,An,1980-03-05", "1002,,", "member_id,full_name,birth_date"], lines("members"))
        self.assertEqual(
            ["1001,CB1,home,2020-01-01,", "1002,CB1,home,,2024-03-10", "member_id,unit_id,kind,from,until"], lines("memberships")
        )
        self.assertIn("CB1,K,Mây,cell", lines("units"))
        self.assertEqual((2, 1), (self.stock("2024-03-09"), self.stock("2024-03-10")))

    @unittest.skipIf(sys.platform == "win32", "a shell script")
    def test_killed_at_any_point(self):
        chance = random.Random(7)
        homes = {f"A{i}": f"CB{i % 2 + 1}" for i in range(100)}
        (self.folder / "nights").mkdir()
        for night in range(1, 5):
            self.roster(f"nights/2024-03-0{night}", homes)
            homes[f"A{night}"] = "CB1" if homes[f"A{night}"] == "CB2" else "CB2"
            homes[f"B{night}"] = "CB1"
            homes.pop(f"A{90 + night}")

        def nightly(file):
            return subprocess.Popen(
                [EXAMPLE, cli_test.COMMAND, self.folder / "nights", self.folder / file],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )

        began = time.monotonic()
        self.assertEqual(0, nightly("whole.dangbo").wait(60))
        whole = time.monotonic() - began
        for attempt in range(5):
            file = f"killed{attempt}.dangbo"
            for _ in range(3):
                process = nightly(file)
                time.sleep(chance.uniform(0, whole))
                os.killpg(process.pid, signal.SIGKILL) if process.poll() is None else None
                process.wait()
            self.assertEqual(0, nightly(file).wait(60))
            for name in ("units", "members", "memberships"):
                with self.subTest(attempt=attempt, table=name):
                    self.assertEqual(self.state("whole.dangbo", name), self.state(file, name))
            self.assertEqual(len(self.rows("log", "whole.dangbo")), len(self.rows("log", file)))

    def state(self, file, name):
        folder = self.folder / ("out_" + file)
        if not folder.exists():
            self.ask(0, "export", file, folder)
        return sorted((folder / f"{name}.csv").read_text(encoding="utf-8").splitlines())


if __name__ == "__main__":
    cli_test.COMMAND = pathlib.Path(sys.argv.pop(1)).resolve()
    unittest.main(argv=sys.argv)
