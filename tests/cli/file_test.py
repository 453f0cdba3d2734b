#!/usr/bin/env python3
"""Registry files from the command: made, changed, asked, told about, verified, written out."""

import base64
import csv
import gzip
import io
import json
import pathlib
import shutil
import subprocess
import sys
import unittest

import cli_test
from cli_test import ON, Case

SCRIPT = """script: 1
changes:
- correct: {table: memberships, key: {member_id: A1, unit_id: CB1}, set: {until: 2021-01-01}}
- add: {table: memberships, row: {member_id: A1, unit_id: CS2, kind: home, from: 2021-01-01}}
- withdraw: {table: memberships, key: {member_id: A5}}
"""
AT = ("--time", "2021-07-05T10:30")


class FileCase(Case):
    def setUp(self):
        super().setUp()
        self.ask(0, "load", "data", "-o", "khoi.dangbo", "--time", "2021-01-01", "--quiet")
        self.script("sua.yaml", SCRIPT)

    def script(self, name, text):
        (self.folder / name).write_text(text, encoding="utf-8")

    def members(self, *options, data="khoi.dangbo", on="2021-06-01"):
        return int(self.rows("rollup", data, "--on", on, *options)[1][0])


class Load(FileCase):
    def test_a_file_answers_as_its_folder(self):
        for command in (("tree", *ON), ("rollup", *ON, "--each", "all", "--by", "sex"), ("due", "--period", "2020")):
            with self.subTest(command):
                name, *options = command
                folder = self.ask(0, name, "data", *options, "--format", "csv")
                self.assertEqual(folder, self.ask(0, name, "khoi.dangbo", *options, "--format", "csv"))
        query = '{"query":1,"of":"members"}'
        self.assertEqual(self.ask(0, "query", query, "--data", "data", *ON), self.ask(0, "query", query, "--data", "khoi.dangbo", *ON))
        page, _ = self.ask(0, "report", "khoi.dangbo", *ON)
        self.assertTrue(page.startswith("<!DOCTYPE html>"))

    def test_what_load_says(self):
        out, err = self.ask(0, "load", "data", "-o", "moi.dangbo")
        self.assertRegex(out, r"(?m)^memberships .* 6$")
        self.assertIn("đã nạp vào moi.dangbo trong", err)
        # Nothing lies beside a closed file.
        self.assertEqual(["moi.dangbo"], [path.name for path in self.folder.glob("moi*")])

    def test_a_refused_load_leaves_no_file(self):
        self.write("bad", {"members": "member_id,birth_date\nB1,31/02/1980\n"})
        _, err = self.ask(1, "load", "bad", "-o", "bad.dangbo", "--problems", "p.csv")
        self.assertIn("31/02/1980", err)
        self.assertEqual([], list(self.folder.glob("bad.dangbo*")))
        self.assertIn("201", (self.folder / "p.csv").read_text(encoding="utf-8"))

    def test_an_existing_file_is_left_alone(self):
        before = (self.folder / "khoi.dangbo").read_bytes()
        _, err = self.ask(1, "load", "data", "-o", "khoi.dangbo")
        self.assertIn("khoi.dangbo", err)
        self.assertEqual(before, (self.folder / "khoi.dangbo").read_bytes())
        self.ask(1, "load", "data", "-o", "no/such/folder.dangbo")

    def test_what_does_not_go_together(self):
        self.assertIn("--check", self.ask(2, "load", "data", "--check", "-o", "x.dangbo")[1])
        self.assertIn("đứng một mình", self.ask(1, "tree", "data", "khoi.dangbo", *ON)[1])
        self.assertIn("--time", self.ask(2, "load", "data", "-o", "x.dangbo", "--time", "noon")[1])
        self.assertIn("nowhere.dangbo", self.ask(1, "tree", "nowhere.dangbo", *ON)[1])
        self.script("fake.dangbo", "member_id\nA1\n")
        self.assertIn("fake.dangbo", self.ask(1, "tree", "fake.dangbo", *ON)[1])


# A file of before the table cross_references came: two commits, written by the library of that time. Made with `load` and `apply`
# of three rows' folders, then compacted; as gzip, base64.
OLD_FILE = (
    "H4sICGv9CWsCA29sZC5kYW5nYm8A7ZttbBRFGMdn9u7ae+mVImCFtrpBRUgKAeStqNUWT8ReWy1XBD647u1Obxf2di87e9pDifYFFfSDyEtSje"
    "+KQCBR4QNSjZICMREhhohNEPAiGgNNNBoxMb7NvrTQcAX8Qox5frnbeeaZeWb+88x+mczd4gfiqkX4NsNMixZ/KypDHIfu4nmEkI99A+g8tu2/"
    "oI69L5JTSQMVxoemSThqB5ZsRaX50vui5cwAAAAAAAAAAAC4BGl/cXl5Oe6oscSkRjKiaVHnEVjQEqtLxPhEXX08xjuuyarML2pKxBbGWvj7Wx"
    "Y11rUs4xtiy6r5pCHn+Pp4cz3f1Jzgm1rj8WpeUoi0kmbTw/1TOqf7issrKnD3XGc+yUinVYt6hX/YnJ5zsp5NJ4lZeGZLTZOhlvOTr1R1uYCb"
    "5nRLIZYqFWiTsqZJdEuQxdxgKwswsqZEhEeISVVD5xOxpYkLQwzdYiHOCqvdFBUYuFByZDVFqHWFKesYyzkp63jCSZkm5oysRb3CNyxlnvOSKR"
    "PbLGIKbnILyLUPrFcid0pnJS4ur6rC3RFHlklSKrXM3GDJDRM26B3xFaKqntKIYBpGIVFepoWV5KJUUkKdvbk4yEvGiC3CCLvgvnYFwv7Vrtln"
    "czzqBcQ+AAAAAAAAAAAAAABcNTQcRsHqII7jeHVZLZr4687Vs/YM3FS85ZNJc33N9Xdve/Dr1sW1e89w3bXbjgc+WNxftXROv/Sb/8+Bvw9t4H"
    "ZXntqz78hjWze+2386cG7D9tUD03547vU7Wme0ffXZM0+fqfsieUMPuu2X0df+cXr27m8+nWSf/30lH6NSMfoWKwAAAAAAAAAAAP6rdCR9RSjY"
    "5Y/jQFZXLYrGFNuloMrI32YaaY65LVXjQhnRuTa3/bqYJihMFcO0BMcOSJpIKfbb1/G4iBLJMkwcsm+YBSuXIThAMoak4ECbJqYoDotyWtUFyZ"
    "AJirq2d/GOIjKRVNuy5ylOiyYbMYXDthDBuc/mIo4crxIg7ZYpInS5Q13HfI4tsnNWHEfSxL4xp4qaoagk5NacyYZW7Sxi+NqZQpOI1NBx2L5P"
    "9uxhYkMqpVkiC4bOlWRMQlmu3NqI4rGnft2Eijru5I/tC/fe01FzcG3N4d/PbuAq58/58PT6jf0zQw91VWImfk17HBd74pHvAuHDlF4fastqmr"
    "sp4aRqWoprRwxLYd1tm0VT0o69Vlm0CFfi2u6PIHCIWIquSqqVw2VDpkAlhaQJDppEU1OqvXr7al0RWNoM3R9mfdRVxN02STRlQTdQxDMEQ5NR"
    "WDYoVW0Nhqcso4kSQUWGycbTUYjlTJWJzlzRobw66iIrDFVnuXQq7vpck8hZSbRsLUUySZmE4CK2SsPM4ZAm6qmsmGKLDRuSlM143aglWlmKI2"
    "7pDnO5l6u/ce71T574a053Y2J8vuW1IxNWPP7UsWO1R+8N+HbVl5550T7/c6WbUenP7AEAAAAAAAAAAAAAV5XlXAkqCgZRFAXnxatR0TWbMw8H"
    "EUYcN/in8zL7U3YjMy9343287/C3X27vpp9/l9+y9GhqWmcERwcH77rOGX1TzyEZYXzztpfHVcWOjhFPHagMj0uuxZizZ+PqZkxk5eimVDaX71"
    "2j8wkl3/ssX6eXzXdaZ9qtpfG+9/kl+7t0vr5vh6680sqO1U74KMTifQvqZ/gVI00y33uumUOuWT8xl8/pu56N11C5//n83jf1FJ/M9/bwDWyu"
    "9Sq/pG8nL+d73/YnNUPqYf1ZNG6ILlBUt1tj3xs5v0Q0bcfkTQcfnfrOuakny0ZvGfhobHPN7FffmxccGH/i7Eud6SV34tun7zug7KvY1dOzfN"
    "Uto9bZ5387mQAAAAAAAAAAAAAA/H/5B7KFRUoAUAAA"
)


class Old(FileCase):
    def test_a_file_of_an_older_library_answers_and_goes_on(self):
        (self.folder / "old.dangbo").write_bytes(gzip.decompress(base64.b64decode(OLD_FILE)))
        out, _ = self.ask(0, "verify", "old.dangbo", "--format", "csv")
        self.assertIn("b41cdfb8c1cf7ba894b0d8e405f693aa7dec2ee88ca13d553166d7cb8887ea41", out)
        for day, members in (("2020-12-31", 2), ("2021-01-01", 1)):
            out, _ = self.ask(0, "rollup", "old.dangbo", "--on", day)
            self.assertRegex(out, rf"(?m)^ *{members}$")
        self.write(
            "new.yaml",
            "script: 1\nchanges:\n"
            "- add: {table: cross_references, row: {scheme: thẻ đảng, key: '0012', subject_type: member, subject_id: A1}}\n",
        )
        self.ask(0, "apply", "new.yaml", "--to", "old.dangbo", "--time", "2024-03-02T10:00")
        self.ask(0, "verify", "old.dangbo")
        out, _ = self.ask(0, "find", "old.dangbo", "thẻ đảng", "0012", "--on", "2024-03-02", "--format", "csv")
        self.assertIn("member,A1,CB1", out)
        self.ask(1, "find", "old.dangbo", "thẻ đảng", "12", "--on", "2024-03-02")
        self.ask(2, "find", "old.dangbo", "thẻ đảng")


class Apply(FileCase):
    def test_dry_run_says_what_then_happens(self):
        before = (self.folder / "khoi.dangbo").read_bytes()
        dry = self.ask(0, "apply", "sua.yaml", "--to", "khoi.dangbo", "--dry-run", "--format", "csv", *AT)
        self.assertIn("sẽ thêm 1, sửa 1, bỏ 1 dòng; chưa ghi gì", dry[1])
        self.assertEqual(before, (self.folder / "khoi.dangbo").read_bytes())
        done = self.ask(0, "apply", "sua.yaml", "--to", "khoi.dangbo", "--format", "csv", *AT)
        self.assertIn("lần ghi 2: thêm 1, sửa 1, bỏ 1 dòng", done[1])
        self.assertEqual(dry[0], done[0])
        self.assertEqual(
            [
                ["2", "memberships", "5", "withdrawn", "CS2", "A5", "", "", ""],
                ["2", "memberships", "6", "added", "CS2", "A1", "", "", ""],
                ["2", "memberships", "7", "corrected", "CB1", "A1", "until", "", "2021-01-01"],
            ],
            list(csv.reader(io.StringIO(done[0])))[1:],
        )
        self.assertEqual(4, self.members())
        self.assertEqual(5, self.members("--known-at", "1"))

    def test_a_second_time_under_one_mark_is_nothing(self):
        call = ("apply", "sua.yaml", "--to", "khoi.dangbo", "--source-version", "CV-12", *AT)
        self.ask(0, *call)
        out, err = self.ask(0, *call)
        self.assertEqual("", out)
        self.assertIn("lần ghi 2", err)
        self.assertEqual(3, len(self.rows("log", "khoi.dangbo")))
        self.script("khac.yaml", "script: 1\nchanges:\n- withdraw: {table: memberships, key: {member_id: A4}}\n")
        _, err = self.ask(1, "apply", "khac.yaml", "--to", "khoi.dangbo", "--source-version", "CV-12", *AT)
        self.assertIn("không ghi gì", err)

    def test_refusals_name_lines(self):
        self.script("sai.yaml", SCRIPT + "- add: {table: members, rwo: {member_id: A9}}\n"
                    "- correct: {table: members, key: {member_id: A8}, set: {sex: nam}}\n")
        for options in ((), ("--dry-run",)):
            _, err = self.ask(1, "apply", "sai.yaml", "--to", "khoi.dangbo", "--problems", "p.csv", *options)
            self.assertIn("sai.yaml, dòng 6, cột 25: «rwo»", err)
            self.assertIn("sai.yaml, dòng 7, cột member_id: «A8»", err)
            self.assertIn("không ghi gì", err)
            with open(self.folder / "p.csv", encoding="utf-8", newline="") as file:
                self.assertEqual({"6", "7"}, {row["row"] for row in csv.DictReader(file)})
        self.assertEqual(2, len(self.rows("log", "khoi.dangbo")))

    def test_the_clock_may_not_go_back(self):
        _, err = self.ask(1, "apply", "sua.yaml", "--to", "khoi.dangbo", "--time", "2020-12-31")
        self.assertIn("sớm hơn", err)
        self.ask(0, "apply", "sua.yaml", "--to", "khoi.dangbo")  # the clock's own time

    def test_wrong_calls(self):
        for arguments, said in (
            (("apply",), "thiếu bản sửa"),
            (("apply", "sua.yaml"), "--to"),
            (("apply", "sua.yaml", "--to", "khoi.dangbo", "--time", "25:00"), "--time"),
            (("apply", "sua.yaml", "--to", "khoi.dangbo", "--source-version", b"\xff"), "UTF-8"),
            (("apply", "sua.yaml", "--to", "khoi.dangbo", "--format", "xml"), "csv-excel"),
            (("log",), "thiếu tệp sổ"),
            (("diff", "khoi.dangbo"), "--after"),
            (("diff", "khoi.dangbo", "--after", "x"), "--after"),
            (("diff", "khoi.dangbo", "--after", "2020-01-01"), "chưa có lần ghi"),
            (("diff", "khoi.dangbo", "--after", "0", "--period", "May"), "--period"),
            (("due", "khoi.dangbo"), "--period"),
            (("due", "khoi.dangbo", "--period", "2020-13"), "--period"),
            (("advance", "khoi.dangbo", "2021-13-01"), "ngày đầy đủ"),
            (("advance", "khoi.dangbo"), "ngày đầy đủ"),
            (("verify",), "thiếu tệp sổ"),
            (("compact",), "thiếu tệp sổ"),
            (("redact", "khoi.dangbo"), "mã đảng viên"),
            (("redact", "khoi.dangbo", "A1"), "--yes"),
            (("export", "khoi.dangbo"), "thư mục"),
            (("tree", "khoi.dangbo", *ON, "--known-at", "1:00"), "--known-at"),
            (("rollup", "khoi.dangbo", *ON, "--known-at", "2020-01-01"), "chưa có lần ghi"),
            (("rollup", "khoi.dangbo", *ON, "--known-at", "2021"), "mới có 1 lần ghi"),
            (("tree", "khoi.dangbo", *ON, "--known-at", "2"), "mới có 1 lần ghi"),
        ):
            with self.subTest(arguments):
                self.assertIn(said, self.ask(2, *arguments)[1])
        self.assertIn("nowhere.yaml", self.ask(1, "apply", "nowhere.yaml", "--to", "khoi.dangbo")[1])


class History(FileCase):
    def setUp(self):
        super().setUp()
        self.ask(0, "apply", "sua.yaml", "--to", "khoi.dangbo", "--source-version", "CV-12", *AT)
        self.ask(0, "advance", "khoi.dangbo", "31/01/2021", "--time", "2021-07-06")

    def test_log(self):
        rows = self.rows("log", "khoi.dangbo")
        self.assertEqual(("commit", "time", "source_version", "current_day", "added", "corrected", "withdrawn"), rows[0])
        self.assertEqual(("2", "1625481000000000", "CV-12", "", "1", "1", "1"), rows[2])
        self.assertEqual("2021-01-31", rows[3][3])
        out, _ = self.ask(0, "log", "khoi.dangbo", "--lang", "en")
        self.assertIn("2021-07-05 10:30:00", out)

    def test_known_at_a_time(self):
        for text, members in (("1", 5), ("2", 4), ("2021-07-04", 5), ("2021-07-05", 4), ("05/07/2021", 4),
                              ("2021-07-05T10:29", 5), ("2021-07-05T10:30", 4), ("2021-07-05 10:30:00Z", 4)):
            with self.subTest(text):
                self.assertEqual(members, self.members("--known-at", text))
                tree = self.rows("tree", "khoi.dangbo", "--on", "2021-06-01", "--known-at", text)
                self.assertEqual(str(members), tree[1][-1])
        shown, _ = self.ask(0, "rollup", "khoi.dangbo", *ON, "--known-at", "2021-07-05", "--show-query")
        self.assertEqual(2, json.loads(shown)["known_at"])

    def test_diff(self):
        all_rows = self.rows("diff", "khoi.dangbo", "--after", "1")
        self.assertEqual(3, len(all_rows) - 1)
        self.assertEqual(all_rows, self.rows("diff", "khoi.dangbo", "--after", "2021-07-01"))
        self.assertEqual(1, len(self.rows("diff", "khoi.dangbo", "--after", "2")))
        self.assertEqual(1, len(self.rows("diff", "khoi.dangbo", "--after", "1", "--until", "1")))
        self.assertEqual(1, len(self.rows("diff", "khoi.dangbo", "--after", "1", "--table", "members")))
        # The new home begins in 2021: the year before knows only the others.
        kinds = [row[3] for row in self.rows("diff", "khoi.dangbo", "--after", "1", "--period", "2020")[1:]]
        self.assertEqual(["withdrawn", "corrected"], kinds)
        self.assertEqual(kinds, [row[3] for row in self.rows("diff", "khoi.dangbo", "--after", "1", "--period", "..2021-01-01")[1:]])
        self.assertIn("none", self.ask(1, "diff", "khoi.dangbo", "--after", "1", "--table", "none")[1])

    def test_due(self):
        rows = self.rows("due", "khoi.dangbo", "--period", "2021-01")
        self.assertEqual(
            [("2021-01-01", "memberships", "6", "begins", "CS2", "A1"), ("2021-01-01", "memberships", "7", "ends", "CB1", "A1")],
            rows[1:],
        )
        self.assertEqual(1, len(self.rows("due", "khoi.dangbo", "--period", "2021-01", "--known-at", "1")))

    def test_the_day_does_not_go_back(self):
        _, err = self.ask(1, "advance", "khoi.dangbo", "2021-01-30")
        self.assertIn("2021-01-31", err)
        self.assertIn("lần ghi 4: ngày của sổ là 2021-02-01", self.ask(0, "advance", "khoi.dangbo", "2021-02-01")[1])


class Keeping(FileCase):
    def test_verify_sees_a_changed_byte(self):
        rows = self.rows("verify", "khoi.dangbo")
        self.assertEqual(("1", "16"), rows[1][:2])
        path = self.folder / "khoi.dangbo"
        data = bytearray(path.read_bytes())
        at = data.find("Chi bộ Báo Sương".encode())
        self.assertGreater(at, 0)
        data[at] ^= 0x20
        path.write_bytes(data)
        _, err = self.ask(1, "verify", "khoi.dangbo")
        self.assertIn("khoi.dangbo", err)

    def test_erased_names_are_in_no_byte(self):
        path = self.folder / "khoi.dangbo"
        self.assertIn("Nguyễn Thị An".encode(), path.read_bytes())
        before = self.members(on="2020-11-30")
        _, err = self.ask(0, "redact", "khoi.dangbo", "A1", "--yes")
        self.assertIn("đã xoá", err)
        for file in self.folder.glob("khoi.dangbo*"):
            self.assertNotIn("Nguyễn Thị An".encode(), file.read_bytes())
        self.assertIn("Trần Văn Bình".encode(), path.read_bytes())
        self.assertEqual(before, self.members(on="2020-11-30"))
        self.ask(0, "verify", "khoi.dangbo")
        self.assertIn("A9", self.ask(1, "redact", "khoi.dangbo", "A9", "--yes")[1])
        self.ask(0, "redact", "khoi.dangbo", "A2", "--field", "youth_union", "--yes")
        self.assertIn("Trần Văn Bình".encode(), path.read_bytes())

    def test_compact(self):
        _, err = self.ask(0, "compact", "khoi.dangbo")
        self.assertRegex(err, r"trước \d+ KiB, sau \d+ KiB")
        self.assertEqual(5, self.members())

    def test_one_writer(self):
        (self.folder / "wait.py").write_text(
            "import sqlite3, sys\n"
            "base = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
            "base.execute('begin immediate')\nprint('held', flush=True)\nsys.stdin.read()\n"
        )
        holder = subprocess.Popen([sys.executable, self.folder / "wait.py", self.folder / "khoi.dangbo"],
                                  stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        try:
            self.assertEqual(b"held\n", holder.stdout.readline())
            self.assertIn("khoi.dangbo", self.ask(1, "apply", "sua.yaml", "--to", "khoi.dangbo")[1])
            self.assertEqual(5, self.members())  # reading goes on
        finally:
            holder.communicate()


class Export(FileCase):
    def test_what_comes_back_is_the_same(self):
        self.ask(0, "apply", "sua.yaml", "--to", "khoi.dangbo", *AT)
        out, _ = self.ask(0, "export", "khoi.dangbo", "ra")
        self.assertRegex(out, r"(?m)^memberships.csv +6$")
        self.assertEqual({"units.csv", "members.csv", "memberships.csv"}, {path.name for path in (self.folder / "ra").iterdir()})
        self.ask(0, "load", "ra", "-o", "lai.dangbo", "--quiet")
        self.ask(0, "export", "lai.dangbo", "lai")
        for path in (self.folder / "ra").iterdir():
            self.assertEqual(path.read_bytes(), (self.folder / "lai" / path.name).read_bytes())
        for on in ("2019-12-31", "2021-06-01"):
            self.assertEqual(self.rows("tree", "khoi.dangbo", "--on", on), self.rows("tree", "lai.dangbo", "--on", on))

    def test_as_it_was_known(self):
        self.ask(0, "apply", "sua.yaml", "--to", "khoi.dangbo", *AT)
        self.ask(0, "export", "khoi.dangbo", "cu", "--known-at", "2021-06-30")
        self.ask(0, "export", "data", "moi")
        for path in (self.folder / "cu").iterdir():
            self.assertEqual(path.read_bytes(), (self.folder / "moi" / path.name).read_bytes())

    def test_host_tables_and_odd_text(self):
        shutil.copytree(pathlib.Path(cli_test.__file__).parents[2] / "examples" / "khoi_2020", self.folder / "khoi")
        (self.folder / "khoi" / "books.csv").write_text('unit_id,day,n,lạ\nK,2020-05,3,"a;""b"""\n', encoding="utf-8")
        with open(self.folder / "khoi" / "schema.yaml", "a", encoding="utf-8") as file:
            file.write("tables:\n- name: books\n  kind: event\n  title: {vi: sách, en: books}\n  fields:\n"
                       "  - {name: unit_id, type: text, role: unit}\n  - {name: day, type: date, role: day}\n  - {name: n, type: int}\n")
        self.ask(0, "export", "khoi", "ra")
        self.ask(0, "export", "ra", "lai")
        names = {path.name for path in (self.folder / "ra").iterdir()}
        self.assertLessEqual({"books.csv", "schema.yaml", "evaluations.csv"}, names)
        for name in names:
            self.assertEqual((self.folder / "ra" / name).read_bytes(), (self.folder / "lai" / name).read_bytes(), name)
        self.assertEqual(self.ask(0, "rollup", "khoi", *ON, "--by", "sex"), self.ask(0, "rollup", "ra", *ON, "--by", "sex"))

    def test_only_into_an_empty_folder(self):
        (self.folder / "day").mkdir()
        self.ask(0, "export", "khoi.dangbo", "day")
        self.assertIn("không trống", self.ask(1, "export", "khoi.dangbo", "day")[1])
        self.script("tep", "x")
        self.ask(1, "export", "khoi.dangbo", "tep")


class Loader(unittest.TestLoader):
    """The cases of cli_test are its own."""

    def loadTestsFromModule(self, module, *arguments, **options):
        suite = unittest.TestSuite()
        for case in (Load, Apply, History, Keeping, Export):
            suite.addTests(self.loadTestsFromTestCase(case))
        return suite


if __name__ == "__main__":
    cli_test.COMMAND = pathlib.Path(sys.argv.pop(1)).resolve()
    unittest.main(argv=sys.argv, testLoader=Loader())
