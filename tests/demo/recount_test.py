#!/usr/bin/env python3
"""The generated bodies counted again, by a program that shares nothing with the library.

    recount_test.py PATH_OF_dangbo_generate PATH_OF_examples

Every published figure must come out of the files by the definitions of docs (rows in force on the day, the tree of that
day), and must not come out by counting lines.
"""

import collections
import csv
import datetime
import pathlib
import subprocess
import sys
import tempfile
import unittest

GENERATE = ""
EXAMPLES = pathlib.Path()

HEADERS = {
    "mã tổ chức": "unit_id", "từ ngày": "from", "ngày kết thúc": "until", "mã cấp trên": "parent_id",
    "tên tổ chức": "name", "cấp": "class", "loại": "kind", "loại hình": "sector", "đặc điểm": "flags",
    "mã đảng viên": "member_id", "giới tính": "sex", "ngày sinh": "birth_date", "dân tộc": "ethnicity",
    "tôn giáo": "religion", "đoàn viên": "youth_union", "ngày vào Đảng": "joined_date", "lý do đến": "in_reason",
    "lý do đi": "out_reason", "danh hiệu": "honour", "năm": "year", "biến động": "event",
    "từ đơn vị": "from_unit", "thành đơn vị": "to_unit", "kỳ đánh giá": "period", "mức xếp loại": "grade",
    "mã đối tượng": "subject_id", "trạng thái": "status",
}  # fmt: skip
AS_OF = {"000": "2022-12-31", "001": "2018-12-31", "003": "2020-11-30", "004": "2017-09-30"}
REORGANISED = {"000": "2021-03-01", "001": "2018-04-02", "003": "2020-07-01", "004": "2017-03-01"}


def generate(*arguments):
    subprocess.run([GENERATE, *map(str, arguments)], check=True)


def in_force(row, day):
    # ISO days compare as texts.
    return (row["from"] or "0000") <= day < (row["until"] or "9999")


class Folder:
    def __init__(self, path):
        self.path = pathlib.Path(path)

    def rows(self, table):
        with open(self.path / f"{table}.csv", encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        return [{HEADERS.get(name, name): value for name, value in row.items()} for row in rows]

    def lines(self, table):
        return len(self.rows(table))

    def tree(self, day):
        return {row["unit_id"]: row for row in self.rows("units") if in_force(row, day)}

    def homes(self, day):
        """The home unit of everybody who has one."""
        return {
            row["member_id"]: row["unit_id"]
            for row in self.rows("memberships")
            if row["kind"] == "CHINHTHUC" and in_force(row, day)
        }

    def stock(self, day):
        """The rows of the members in force, of those with a home."""
        homes = self.homes(day)
        return [row for row in self.rows("members") if row["member_id"] in homes and in_force(row, day)]

    def is_below(self, tree, unit, top):
        while unit and unit != top:
            unit = tree[unit]["parent_id"]
        return unit == top


def kinds(tree):
    return collections.Counter(unit["kind"] for unit in tree.values())


def of_every_body(test):
    def run(self):
        for body, folder in self.folders.items():
            with self.subTest(body=body):
                test(self, body, folder)

    return run


def of_body(number):
    return lambda test: lambda self: test(self, number, self.folders[number])


class Bodies(unittest.TestCase):
    """All that every body must hold to."""

    seed = 1

    @classmethod
    def setUpClass(cls):
        temporary = tempfile.TemporaryDirectory()
        cls.addClassCleanup(temporary.cleanup)
        cls.folders = {}
        for number in AS_OF:
            path = pathlib.Path(temporary.name) / number
            generate("body", number, path, "--seed", cls.seed)
            cls.folders[number] = Folder(path)

    # ---- structure

    @of_every_body
    def test_parents_are_in_force_and_there_is_no_cycle(self, body, folder):
        units = folder.rows("units")
        days = {row[end] for row in units for end in ("from", "until")} - {""}
        for day in days | {AS_OF[body]}:
            tree = folder.tree(day)
            for unit, row in tree.items():
                path = [unit]
                while row["parent_id"]:
                    self.assertNotIn(row["parent_id"], path)
                    self.assertIn(row["parent_id"], tree, (day, unit))
                    path.append(row["parent_id"])
                    row = tree[row["parent_id"]]

    @of_every_body
    def test_a_member_has_one_home_a_day_within_the_life_of_the_unit(self, body, folder):
        lives = collections.defaultdict(list)
        for row in folder.rows("units"):
            lives[row["unit_id"]].append((row["from"], row["until"] or "9999"))
        homes = collections.defaultdict(list)
        for row in folder.rows("memberships"):
            begin, end = row["from"], row["until"] or "9999"
            self.assertLess(begin, end)
            self.assertGreaterEqual(begin, min(lives[row["unit_id"]])[0])
            self.assertLessEqual(end, max(until for _, until in lives[row["unit_id"]]))
            if row["kind"] == "CHINHTHUC":
                homes[row["member_id"]].append((begin, end))
        for spans in homes.values():
            spans.sort()
            for (_, end), (begin, _) in zip(spans, spans[1:]):
                self.assertLessEqual(end, begin)

    @of_every_body
    def test_everybody_is_known_and_grown_up(self, body, folder):
        members = {row["member_id"] for row in folder.rows("members")}
        self.assertLessEqual({row["member_id"] for row in folder.rows("memberships")}, members)
        for row in folder.rows("members"):
            if row["birth_date"]:
                self.assertGreaterEqual(int(row["joined_date"][:4]) - int(row["birth_date"][:4]), 18)

    @of_every_body
    def test_small_organisations_are_cells_and_large_ones_committees(self, body, folder):
        tree = folder.tree(AS_OF[body])
        sizes = collections.Counter()
        for unit in folder.homes(AS_OF[body]).values():
            while unit:
                sizes[unit] += 1
                unit = tree[unit]["parent_id"]
        for unit, row in tree.items():
            if row["kind"] == "CBCS":
                self.assertTrue(3 <= sizes[unit] < 30, (unit, sizes[unit]))
            elif row["class"] == "TCCS":
                self.assertGreaterEqual(sizes[unit], 30, unit)
            elif row["kind"] in ("CB", "TO"):
                self.assertGreaterEqual(sizes[unit], 3, unit)

    @of_every_body
    def test_a_reorganisation_loses_nobody(self, body, folder):
        day = REORGANISED[body]
        before = max(
            row["until"] for row in folder.rows("memberships") if row["until"] and row["until"] <= day
        )
        self.assertEqual(day, before, "somebody is moved by it")
        moved = [row for row in folder.rows("memberships") if row["from"] == day]
        self.assertTrue(moved)
        self.assertEqual({"TOCHUC"}, {row["in_reason"] for row in moved})
        merged = [row for row in folder.rows("unit_events") if row["event"] == "HOPNHAT"]
        reparented = [row for row in folder.rows("unit_events") if row["event"] == "CHUYENTT"]
        self.assertEqual((2, 1), (len(merged), len({row["to_unit"] for row in merged})))
        self.assertEqual(3, len(reparented))
        yesterday = str(datetime.date.fromisoformat(day) - datetime.timedelta(1))
        self.assertEqual(set(folder.homes(yesterday)), set(folder.homes(day)))
        for row in reparented:
            self.assertNotEqual(
                folder.tree(yesterday)[row["from_unit"]]["parent_id"], folder.tree(day)[row["to_unit"]]["parent_id"]
            )

    # ---- figures

    @of_body("003")
    def test_003(self, body, folder):
        day = AS_OF[body]
        count = kinds(folder.tree(day))
        self.assertEqual((32, 36, 206), (count["DBCS"], count["CBCS"], count["CB"]))
        stock = folder.stock(day)
        self.assertEqual(2712, len(stock))
        self.assertEqual({"nữ": 1056, "nam": 1656}, dict(collections.Counter(row["sex"] for row in stock)))
        self.assertEqual(65, sum(row["ethnicity"] not in ("", "Kinh") for row in stock))
        self.assertEqual(265, sum(row["religion"] not in ("", "Không") for row in stock))
        self.assertEqual(218, sum(row["youth_union"] == "x" for row in stock))
        self.assertTrue(any(row["ethnicity"] == "" for row in stock))
        self.assertTrue(any(len(row["birth_date"]) == 4 for row in stock))
        flags = [r for r in folder.rows("recognitions") if r["honour"] == "CO_TSVMTB_5NAM" and r["year"] == "2020"]
        self.assertEqual(2, len(flags))
        streaks = collections.Counter(
            row["subject_id"] for row in folder.rows("evaluations") if row["grade"] in ("TSVMTB", "HTXS")
        )
        five = {unit for unit, years in streaks.items() if years == 5}
        self.assertEqual({row["subject_id"] for row in flags}, five)

    @of_body("000")
    def test_000(self, body, folder):
        day = AS_OF[body]
        tree = folder.tree(day)
        count = kinds(tree)
        self.assertEqual((38, 44, 290, 4), tuple(count[kind] for kind in ("DBCS", "CBCS", "CB", "DBBP")))
        self.assertEqual(7, len({row["sector"] for row in tree.values() if row["class"] == "TCCS"}))
        self.assertEqual(6184, len(folder.stock(day)))
        for row in tree.values():
            if row["kind"] == "DBBP":
                self.assertEqual("DBCS", tree[row["parent_id"]]["kind"])
        for when in ("2021-07-01", day):
            then = folder.tree(when)
            cell = next(row["parent_id"] for row in then.values() if row["kind"] == "TO")
            sizes = collections.Counter(
                unit for unit in folder.homes(when).values() if folder.is_below(then, unit, cell)
            )
            self.assertEqual((121, 11), (sum(sizes.values()), len(sizes)))
            self.assertEqual({11}, set(sizes.values()))
        self.assertEqual(0, kinds(folder.tree("2021-06-30"))["TO"])
        self.assertEqual({"TOT": 11, "TOP": 11}, collections.Counter(r["post"] for r in folder.rows("posts")))
        pilots = folder.tree("2022-04-25").values()
        self.assertEqual(3, sum(row["flags"] == "THIDIEM" for row in pilots))
        briefings = [
            row
            for row in folder.rows("meetings")
            if row["kind"] == "GB" and row["unit_id"] == "K" and "" != row["held_on"] <= day
        ]
        self.assertEqual((5, 108), (len(briefings), sum(int(row["present_n"]) for row in briefings)))
        attended = [row for row in folder.rows("training") if row["kind"] == "HOINGHI"]
        self.assertEqual(108, len({row["unit_id"] for row in attended}))
        self.assertEqual(5, len({row["event_id"] for row in attended}))
        self.assertEqual(82, len({row["item"] for row in folder.rows("checklist")}))
        monthly = collections.Counter((row["unit_id"], row["month"]) for row in folder.rows("checklist"))
        self.assertEqual({2, 3, 4}, set(monthly.values()))

    @of_body("001")
    def test_001(self, body, folder):
        day = AS_OF[body]
        tree = folder.tree(day)
        homes = folder.homes(day)
        self.assertEqual(50, sum(row["class"] == "TCCS" for row in tree.values()))
        grades = collections.Counter()
        for row in folder.rows("evaluations"):
            if row["period"] != "2018" or not row["grade"]:
                continue
            if row["subject_type"] == "UNIT":
                kind = tree[row["subject_id"]]["kind"]
                grades["CB" if kind == "CB" else "TCCS", row["grade"]] += 1
            elif row["subject_id"] in homes:
                grades["members", row["grade"]] += 1
        expected = {
            "TCCS": {"HTXS": 9, "HTT": 36, "HT": 3},
            "CB": {"HTXS": 67, "HTT": 218, "HT": 14, "KHT": 3},
            "members": {"HTXS": 1025, "HTT": 4942, "HT": 561, "KHT": 35},
        }
        self.assertEqual(
            {(who, grade): count for who, portions in expected.items() for grade, count in portions.items()},
            dict(grades),
        )

    @of_body("004")
    def test_004(self, body, folder):
        day = AS_OF[body]
        tree = folder.tree(day)
        self.assertEqual(56, sum(row["class"] == "TCCS" for row in tree.values()))
        self.assertEqual(2151, len(folder.stock(day)))
        joined = {row["member_id"]: row["joined_date"] for row in folder.rows("members")}
        admitted = [
            row
            for row in folder.rows("memberships")
            if row["in_reason"] == "KETNAP" and "2017-01-01" <= joined[row["member_id"]] < "2017-10-01"
        ]
        self.assertEqual(106, len(admitted))
        for row in admitted:
            self.assertEqual(joined[row["member_id"]], row["from"])
        self.assertTrue(any(row["from"] == day for row in admitted), "one on the last day")
        target = [r["target"] for r in folder.rows("plans") if r["year"] == "2017" and r["item"] == "KETNAP"]
        self.assertEqual(["100"], target)
        held = {row["unit_id"] for row in folder.rows("congresses") if row["term"] == "2017-2020" and row["held_on"]}
        self.assertEqual(130, sum(tree[unit]["kind"] == "CB" for unit in held))
        meetings = [r for r in folder.rows("meetings") if r["held_on"] and r["month"] <= "2017-09"]
        visits = collections.Counter(tree[r["unit_id"]]["kind"] for r in meetings if r["superior_unit"] == "K")
        self.assertEqual({"CB": 14, "CBCS": 5}, dict(visits))
        with_thematic = set()
        for row in meetings:
            if row["kind"] == "CD":
                unit = row["unit_id"]
                while tree[unit]["class"] != "TCCS":
                    unit = tree[unit]["parent_id"]
                with_thematic.add(unit)
        self.assertEqual(34, len(with_thematic))
        training = folder.rows("training")
        self.assertEqual(62, sum(int(r["participants_n"]) for r in training if r["kind"] == "LOP"))
        self.assertEqual(1341, sum(int(r["participants_n"]) for r in training if r["kind"] == "CUOCTHI"))
        self.assertGreater(sum(r["kind"] == "HOCTAP" and r["date"] <= day for r in training), 200)

    # ---- what a count of lines would say

    @of_every_body
    def test_lines_say_something_else(self, body, folder):
        published = {"000": 6184, "001": 6563, "003": 2712, "004": 2151}
        day = AS_OF[body]
        members = folder.rows("members")
        memberships = folder.rows("memberships")
        wrong = {
            "lines of members": len(members),
            "lines of memberships": len(memberships),
            "home rows": sum(row["kind"] == "CHINHTHUC" for row in memberships),
            "open home rows": sum(row["kind"] == "CHINHTHUC" and not row["until"] for row in memberships),
            "status active": sum(row["status"] == "DANG" for row in members),
            "rows in force, of any kind": sum(in_force(row, day) for row in memberships),
        }
        for way, count in wrong.items():
            self.assertNotEqual(published[body], count, way)
        self.assertNotEqual(len(folder.tree(day)), folder.lines("units"))
        self.assertNotEqual(len(folder.tree(day)), len({row["unit_id"] for row in folder.rows("units")}))


class OtherBodies(Bodies):
    """The figures do not hang on one lucky seed."""

    seed = 7


class SameBytes(unittest.TestCase):
    def folders(self, *paths):
        return [{file.name: file.read_bytes() for file in pathlib.Path(path).iterdir()} for path in paths]

    def test_the_example_is_what_the_generator_writes(self):
        with tempfile.TemporaryDirectory() as path:
            generate("body", "003", path)
            made, kept = self.folders(path, EXAMPLES / "khoi_2020")
        self.assertEqual(sorted(made), sorted(kept))
        for name in made:
            self.assertEqual(made[name], kept[name], name)

    def test_a_seed_means_one_roster(self):
        with tempfile.TemporaryDirectory() as path:
            for name, seed in (("a", 3), ("b", 3), ("c", 4)):
                generate("province", f"{path}/{name}", "--members", 2000, "--seed", seed)
            one, same, other = self.folders(f"{path}/a", f"{path}/b", f"{path}/c")
        self.assertEqual(one, same)
        self.assertNotEqual(one, other)


class Province(unittest.TestCase):
    def check(self, *more):
        with tempfile.TemporaryDirectory() as path:
            generate("province", path, "--members", 3000, *more)
            folder = Folder(path)
            for part in ("members", "memberships"):
                with open(f"{path}/{part}.csv", "w", encoding="utf-8") as whole:
                    for number in (1, 2):
                        lines = (folder.path / f"{part}_{number}.csv").read_text(encoding="utf-8").splitlines(True)
                        whole.writelines(lines if number == 1 else lines[1:])
            self.assertEqual(3000, len({row["member_id"] for row in folder.rows("members")}))
            lives = collections.defaultdict(list)
            for row in folder.rows("units"):
                lives[row["unit_id"]].append((row["from"], row["until"] or "9999"))
                self.assertTrue(row["parent_id"] or row["kind"] == "TINH")
            homes = collections.defaultdict(list)
            for row in folder.rows("memberships"):
                begin, end = row["from"], row["until"] or "9999"
                self.assertLess(begin, end)
                spans = lives[row["unit_id"]]
                self.assertTrue(min(spans)[0] <= begin and end <= max(last for _, last in spans), row)
                if row["kind"] == "CHINHTHUC":
                    homes[row["member_id"]].append((begin, end))
            for spans in homes.values():
                spans.sort()
                for (_, end), (begin, _) in zip(spans, spans[1:]):
                    self.assertEqual(end, begin)
            return [row["member_id"] for row in folder.rows("members")]

    def test_homes_follow_one_another(self):
        ids = self.check()
        self.assertEqual(sorted(ids), ids)

    def test_shuffled(self):
        ids = self.check("--shuffle", "--no-names")
        self.assertNotEqual(sorted(ids), ids)


class Nation(unittest.TestCase):
    """All its units, with few members so that it is quick."""

    def test_the_tree_holds_together(self):
        with tempfile.TemporaryDirectory() as path:
            generate("nation", path, "--members", 1000)
            units = Folder(path).rows("units")
        spans = collections.defaultdict(list)
        for row in units:
            spans[row["unit_id"]].append((row["from"], row["until"] or "9999", row["parent_id"]))
        self.assertEqual(381_830, len(spans))
        self.assertEqual(1, sum(row["parent_id"] == "" for row in units))
        changed = sum(len(rows) > 1 or rows[0][1] != "9999" for rows in spans.values())
        self.assertEqual(3818, changed)
        depth = {}

        def level(unit, day):
            if (unit, day) not in depth:
                parents = [parent for begin, end, parent in spans[unit] if begin <= day < end]
                self.assertEqual(1, len(parents), (unit, day))
                depth[unit, day] = 1 + level(parents[0], day) if parents[0] else 1
            return depth[unit, day]

        # Every row stands under a unit that is there as long as it is.
        for row in units:
            if row["parent_id"]:
                above = spans[row["parent_id"]]
                self.assertLessEqual(above[0][0], row["from"])
                self.assertLessEqual(row["until"] or "9999", above[-1][1], row)
        for day in ("2015-01-01", "2020-06-30", "2025-08-31"):
            in_force = [u for u, rows in spans.items() if rows[0][0] <= day < rows[-1][1]]
            self.assertEqual(7, max(level(unit, day) for unit in in_force))


if __name__ == "__main__":
    GENERATE, EXAMPLES = sys.argv[1], pathlib.Path(sys.argv[2])
    unittest.main(argv=sys.argv[:1])
