#!/usr/bin/env python3
"""The province of examples/reorganisation through its three change scripts, counted again by the csv module alone.

    reorganisation_test.py PATH_OF_dangbo_generate PATH_OF_dangbo PATH_OF_examples

On the day before each reorganisation and on its day the same people must be at home in the province, each in a unit in
force whose superiors lead to the province; the figures frozen before must come out the same after.
"""

import collections
import csv
import pathlib
import subprocess
import sys
import tempfile
import unittest

GENERATE = COMMAND = ""
EXAMPLES = pathlib.Path()

# Script, the day before, the day, the time of the commit.
STEPS = [
    ("2025-02", "2025-02-09", "2025-02-10", "2025-02-12"),
    ("2025-07", "2025-06-30", "2025-07-01", "2025-07-03"),
    ("2026-09", "2026-09-29", "2026-09-30", "2026-10-02"),
]
MEMBERS = 14_000
OF_BLOC = 6_000


def run(*arguments):
    return subprocess.run([COMMAND, *map(str, arguments)], capture_output=True, text=True, encoding="utf-8", timeout=120)


def in_force(row, day):
    return (row["from"] or "0000") <= day < (row["until"] or "9999")


class Folder:
    def __init__(self, path):
        self.path = pathlib.Path(path)

    def rows(self, table):
        with open(self.path / f"{table}.csv", encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def tree(self, day):
        found = [row for row in self.rows("units") if in_force(row, day)]
        tree = {row["unit_id"]: row for row in found}
        assert len(tree) == len(found), "a unit has two rows on a day"
        return tree

    def homes(self, day):
        home = ("home", "CHINHTHUC")
        found = [row for row in self.rows("memberships") if row["kind"] in home and in_force(row, day)]
        homes = {row["member_id"]: row["unit_id"] for row in found}
        assert len(homes) == len(found), "a member has two homes on a day"
        return homes


def path_to_top(tree, unit):
    path = [unit]
    while tree[path[-1]]["parent_id"]:
        path.append(tree[path[-1]]["parent_id"])
    return path


class Reorganisation(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.work = pathlib.Path(cls.folder.name)
        subprocess.run([GENERATE, "body", "reorganisation", cls.work / "0"], check=True)
        cls.book = cls.work / "tinh.dangbo"
        cls.said = {"load": run("load", cls.work / "0", "-o", cls.book, "--time", "2025-01-05", "--quiet")}
        questions = {
            "members": ["--each", "all", "--by", "sex"],
            "grades": ["--of", "evaluations", "--period", "2024", "--by", "unit.kind,grade"],
        }
        for name, question in questions.items():
            query = run("rollup", "--on", "2024-12-31", "--unit", "T", *question, "--show-query").stdout
            cls.said[name] = run("freeze", query, "--data", cls.book, "-o", cls.work / f"{name}.json")
        for number, (script, _, _, time) in enumerate(STEPS, 1):
            cls.said[f"try {script}"] = cls.apply(script, time, "--dry-run")
            cls.said[script] = cls.apply(script, time)
            cls.said[f"export {script}"] = run("export", cls.book, cls.work / str(number))

    @classmethod
    def apply(cls, script, time, *more):
        path = EXAMPLES / "reorganisation" / f"{script}.yaml"
        to = ["--to", cls.book, "--time", time, "--source-version", script]
        return run("apply", path, *to, "--format", "csv", *more)

    def before_and_after(self):
        for number, (script, yesterday, day, _) in enumerate(STEPS, 1):
            folder = Folder(self.work / str(number))
            yield script, folder, yesterday, day

    def total(self, day):
        return int(run("rollup", self.book, "--on", day, "--unit", "T", "--format", "csv").stdout.split()[-1])

    # ---- the commands

    def test_everything_is_accepted(self):
        for step, done in self.said.items():
            self.assertEqual(0, done.returncode, f"{step}: {done.stderr}")

    def test_a_trial_says_what_is_made(self):
        for script, *_ in STEPS:
            self.assertEqual(self.said[f"try {script}"].stdout, self.said[script].stdout)
            self.assertGreater(self.said[script].stdout.count("\n"), 50)

    def test_totals_are_equal_and_figures_of_2024_stay(self):
        for script, _, yesterday, day in self.before_and_after():
            self.assertEqual((MEMBERS, MEMBERS), (self.total(yesterday), self.total(day)), script)
        for name in ("members", "grades"):
            compared = run("compare", self.work / f"{name}.json", self.book, "--format", "csv")
            self.assertEqual((0, 1), (compared.returncode, compared.stdout.count("\n")), compared.stdout)

    def test_a_script_is_made_once(self):
        before = run("log", self.book, "--format", "csv").stdout
        again = self.apply("2025-07", "2025-07-03")
        self.assertEqual((0, ""), (again.returncode, again.stdout))
        self.assertIn("đã được ghi, là lần ghi 3", again.stderr)
        self.assertEqual(before, run("log", self.book, "--format", "csv").stdout)

    # ---- the rows

    def test_the_bloc_has_six_thousand(self):
        folder = Folder(self.work / "0")
        tree, homes = folder.tree("2024-12-31"), folder.homes("2024-12-31")
        below = collections.Counter(path_to_top(tree, unit)[-2] for unit in homes.values())
        self.assertEqual((MEMBERS, OF_BLOC), (below.total(), below["K"]))
        self.assertEqual({"K", "Q", "H01", "H02", "H03", "H04"}, set(below))
        self.assertEqual(32, sum(row["kind"] in ("XA", "PHUONG", "THITRAN") for row in tree.values()))
        self.assertEqual("2024-12-31", max(row["from"] for row in folder.rows("memberships")))

    def test_nobody_is_lost(self):
        for script, folder, yesterday, day in self.before_and_after():
            old, new = folder.homes(yesterday), folder.homes(day)
            self.assertEqual(set(old), set(new), script)
            tree = folder.tree(day)
            for member, unit in new.items():
                self.assertEqual("T", path_to_top(tree, unit)[-1], (script, member))

    def test_only_merged_cells_move_their_members(self):
        moved = {script: 0 for script, *_ in STEPS}
        for script, folder, yesterday, day in self.before_and_after():
            old, new = folder.homes(yesterday), folder.homes(day)
            went = {(old[member], new[member]) for member in old if old[member] != new[member]}
            moved[script] = went
        self.assertEqual({"2025-02": {("K38", "K84"), ("K39", "K84")}, "2025-07": set(), "2026-09": set()}, moved)

    def test_what_ends_and_what_takes_over(self):
        for script, folder, yesterday, day in self.before_and_after():
            old, new = folder.tree(yesterday), folder.tree(day)
            top = sorted(unit for unit, row in new.items() if row["parent_id"] == "T")
            if script == "2025-02":
                self.assertEqual({"K", "K10", "K18", "K38", "K39"}, set(old) - set(new))
                self.assertEqual({"CQD", "UBT", "K84"}, set(new) - set(old))
                self.assertEqual(["CQD", "H01", "H02", "H03", "H04", "Q", "UBT"], top)
                homes = folder.homes(day)
                below = collections.Counter(path_to_top(new, unit)[-2] for unit in homes.values())
                self.assertEqual(OF_BLOC, below["CQD"] + below["UBT"])
                self.assertGreater(min(below["CQD"], below["UBT"]), 0)
            elif script == "2025-07":
                kinds = {row["kind"] for row in new.values()}
                self.assertTrue(kinds.isdisjoint({"district", "township", "HUYEN", "THITRAN"}), kinds)
                communes = [unit for unit in top if unit[0] in "MX"]
                self.assertEqual(15, len(communes))
                self.assertEqual(communes + ["CQD", "Q", "UBT"], sorted(top, key=lambda unit: (unit[0] in "CQU", unit)))
                above = [unit for unit in communes if new[unit]["class"] == "upper_grassroots"]
                self.assertEqual((["M05"], "pilot"), (above, new["M05"]["flags"]))
            else:
                self.assertEqual(({"H02.1", "H02.2"}, set()), (set(old) - set(new), set(new) - set(old)))
                self.assertEqual(("grassroots", "e4", ""), tuple(new["M05"][k] for k in ("class", "epoch", "flags")))
                under = {row["kind"] for row in new.values() if row["parent_id"] == "M05"}
                self.assertEqual({"cell"}, under)
                self.assertEqual(["M05"], [unit for unit, row in new.items() if row["epoch"] == "e4"])

    def test_every_event_has_its_decision(self):
        folder = Folder(self.work / "3")
        decisions = {row["decision_id"] for row in folder.rows("decisions")}
        events = [row for row in folder.rows("unit_events") if row["date"] >= "2025"]
        self.assertGreater(len(events), 100)
        for row in events:
            self.assertIn(row["decision_id"], decisions, row)


if __name__ == "__main__":
    GENERATE, COMMAND, EXAMPLES = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
    unittest.main(argv=sys.argv[:1])
