#!/usr/bin/env python3
"""The dangbo command as a process: arguments, streams, exit codes."""

import csv
import io
import json
import os
import pathlib
import pty
import re
import select
import subprocess
import sys
import tempfile
import time
import unittest

COMMAND = None

UNITS = """unit_id,parent_id,name,kind,from
K,,Đảng bộ Khối Ví dụ,bloc,2010-01-01
DB1,K,Đảng bộ Sở Mây,grassroots_committee,2010-01-01
CB1,DB1,Chi bộ Văn phòng,cell,2010-01-01
CB2,DB1,Chi bộ Trạm Gió,cell,2010-01-01
CS2,K,Chi bộ Báo Sương,grassroots_cell,2012-06-01
"""
MEMBERS = """member_id,full_name,sex,youth_union,full_date
A1,Nguyễn Thị An,female,true,2006-02-03
A2,Trần Văn Bình,male,false,2002-05-19
A3,Lê Thị Chi,female,false,2020-09-02
A4,Phạm Văn Dũng,male,,
A5,Đỗ Thị Em,,true,1996-02-03
"""
MEMBERSHIPS = """member_id,unit_id,kind,from,until
A1,CB1,home,2010-01-01,
A2,CB1,home,2010-01-01,2020-07-01
A2,CB2,home,2020-07-01,
A3,CB2,home,2019-09-02,
A4,CB1,home,2020-05-19,
A5,CS2,home,2012-06-01,
"""
ON = ("--on", "2020-11-30")


class Case(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = pathlib.Path(holder.name)
        self.data = self.write("data", {"units": UNITS, "members": MEMBERS, "memberships": MEMBERSHIPS})

    def write(self, name, tables):
        folder = self.folder / name
        folder.mkdir()
        for table, text in tables.items():
            (folder / f"{table}.csv").write_text(text, encoding="utf-8")
        return folder

    def run_command(self, *arguments, **options):
        options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "cwd": self.folder, "timeout": 120} | options
        if "input" not in options and "stdin" not in options:
            options["stdin"] = subprocess.DEVNULL
        return subprocess.run([COMMAND, *arguments], **options)

    def ask(self, exit_code, *arguments, **options):
        """(stdout, stderr) as text; the exit code is as expected, and nobody crashed."""
        done = self.run_command(*arguments, **options)
        out = (done.stdout or b"").decode("utf-8")
        err = (done.stderr or b"").decode("utf-8")
        self.assertEqual(exit_code, done.returncode, f"{arguments}\n{out}\n{err}")
        for word in ("terminate called", "Sanitizer", "what():"):
            self.assertNotIn(word, err)
        if exit_code:
            self.assertEqual("", out)
            self.assertNotEqual("", err)
        return out, err

    def rows(self, *arguments):
        out, _ = self.ask(0, *arguments, "--format", "csv")
        return [tuple(row) for row in csv.reader(io.StringIO(out))]


class Calls(Case):
    def test_version_and_help(self):
        out, err = self.ask(0, "--version")
        self.assertRegex(out, r"\Adangbo \d+\.\d+\.\d+\n\Z")
        self.assertEqual("", err)
        out, _ = self.ask(0, "--help")
        listed = out[out.index("Lệnh:") : out.index("Tuỳ chọn:")]
        commands = re.findall(r"^  ([a-z]+) ", listed, re.MULTILINE)
        expected = "load tree query rollup tables report freeze compare apply sync log diff due lineage find trend advance export verify compact redact expr pack check explain whatif"
        self.assertEqual(expected.split(), commands)
        self.assertIn("Cách dùng", out)
        for command in commands:
            vietnamese, _ = self.ask(0, command, "--help")
            english, _ = self.ask(0, command, "--help", "--lang", "en")
            self.assertIn("Ví dụ:", vietnamese)
            self.assertIn("Examples:", english)
            self.assertTrue(english.startswith(f"Usage: dangbo {command}"))
            options = re.findall(r"^  (--[a-z-]+)", vietnamese, re.MULTILINE)
            self.assertEqual(options, re.findall(r"^  (--[a-z-]+)", english, re.MULTILINE))
            # English help has no Vietnamese left in it.
            self.assertIsNone(re.search("[ăâđêôơưạảấầếềộợữự]", english), english)

    def test_language_is_not_read_from_the_environment(self):
        english = dict(os.environ, LANG="en_US.UTF-8", LC_ALL="en_US.UTF-8", LANGUAGE="en")
        self.assertIn("Cách dùng", self.ask(0, "--help", env=english)[0])
        self.assertIn("Usage", self.ask(0, "--lang=en", "--help")[0])
        self.assertIn("Usage", self.ask(0, "--help", "--lang", "en")[0])

    def test_wrong_calls(self):
        for arguments, said in (
            ((), "Cách dùng"),
            (("laod", "data"), "có phải là load?"),
            (("load",), "thiếu thư mục"),
            (("load", "data", "--chek"), "có phải là --check?"),
            (("load", "data", "--problems"), "--problems thiếu giá trị"),
            (("load", "data", "--lang", "fr"), "vi hoặc en"),
            (("tree", "data"), "thiếu ngày hỏi"),
            (("tree", "data", "--on", "2020-11"), "ngày đầy đủ"),
            (("tree", "data", "--on", "30/02/2020"), "ngày đầy đủ"),
            (("tree", "data", *ON, *ON), "--on được ghi nhiều lần"),
            (("tree", "data", *ON, "--depth", "0"), "số nguyên từ 1"),
            (("tree", "data", *ON, "--depth", "4294967296"), "số nguyên từ 1"),
            (("tree", "data", *ON, "--format", "xml"), "text, csv, csv-excel, jsonl"),
            (("tree", *ON), "thiếu thư mục"),
            (("query", "--data", "data"), "thiếu truy vấn"),
            (("query", "{}"), "--data"),
            (("rollup", *ON), "thiếu thư mục"),
            (("rollup", "data"), "thiếu ngày hỏi"),
            (("rollup", "data", *ON, "--where", "sex"), "cột=giá_trị"),
            (("rollup", "data", *ON, "--where", "=female"), "cột=giá_trị"),
            (("rollup", "data", *ON, "--where", "sex!female=1"), "cột=giá_trị"),
            (("rollup", "data", *ON, "--where", "sex=male", "--where", "sex!=female"), "đã có điều kiện"),
            (("rollup", "data", *ON, "--unit", b"\xff"), "UTF-8"),
            (("report", *ON), "thiếu thư mục"),
            (("report", "data"), "thiếu ngày hỏi"),
            (("report", "data", *ON, "--body", "003"), "--published"),
            (("report", "data", *ON, "--unit", b"\xff"), "UTF-8"),
            (("report", "data", *ON, "--audiense", "public"), "có phải là --audience?"),
            (("tables", "membres"), "có phải là members?"),
            (("tables", b"\xff"), "không có bảng"),
        ):
            with self.subTest(arguments):
                self.assertIn(said, self.ask(2, *arguments)[1])
        _, err = self.ask(2, "tree", "data", "--lang", "en")
        self.assertIn("the day is missing", err)
        self.assertIn("dangbo tree --help", err)

    def test_a_folder_named_like_a_command(self):
        os.rename(self.data, self.folder / "load")
        self.assertIn("Chi bộ Văn phòng", self.ask(0, "tree", "load", *ON)[0])

    def test_a_folder_in_brackets(self):
        os.rename(self.data, self.folder / "[a,b]")
        for arguments in (("[a,b]",), ("--quiet", "[a,b]"), ("--problems", "[p]", "[a,b]")):
            self.ask(0, "load", *arguments)
        self.assertTrue((self.folder / "[p]").exists())

    def test_hostile_words_do_not_reach_the_terminal(self):
        _, err = self.ask(2, "lo\x1b[2Jad")
        self.assertNotIn("\x1b", err)
        _, err = self.ask(1, "query", "\x1b[2J\u009b", "--data", "data")
        self.assertNotRegex(err, "[\x1b\u009b]")


class Load(Case):
    def test_counts_and_memory(self):
        out, err = self.ask(0, "load", "data")
        self.assertRegex(out, r"(?m)^units +tổ chức đảng +5$")
        self.assertRegex(out, r"(?m)^memberships .* 6$")
        self.assertIn("tổ chức: 5, đảng viên: 5", out)
        self.assertEqual(2, len(re.findall("mỗi đảng viên [1-9]", out)))
        self.assertRegex(err, r"đã nạp trong \d+,\d\d giây")
        again, _ = self.ask(0, "load", "data")
        self.assertEqual(out, again)
        english, err = self.ask(0, "load", "data", "--lang", "en")
        self.assertIn("units: 5, members: 5", english)
        self.assertRegex(err, r"loaded in \d+\.\d\d s")

    def test_single_files_check_and_quiet(self):
        out, err = self.ask(0, "load", "data/units.csv", "--check")
        self.assertNotIn("bộ nhớ", out)
        self.assertIn("không có vấn đề", err)
        self.assertEqual(("", ""), self.ask(0, "load", "data", "--quiet"))

    def test_problems(self):
        lines = "".join(f"C{i},Người Thử {i},31/02/1980\n" for i in range(73))
        self.write("bad", {"members": "member_id,full_name,birth_date\n" + lines})
        for arguments in ((), ("--check",), ("--quiet",)):
            _, err = self.ask(1, "load", "bad", *arguments)
            self.assertEqual(50, err.count("31/02/1980"))
            self.assertIn("50 trong 73", err)
            self.assertIn("73 vấn đề, không nạp gì", err)
        _, err = self.ask(1, "load", "bad", "--lang", "en")
        self.assertIn("row 2", err)

    def test_problem_file(self):
        self.write("bad", {"members": 'member_id,full_name,birth_date\nA1,"Lê, Thử",31/02/1980\n,Trần Thử,1980\n'})
        path = self.folder / "problems.csv"
        path.write_text("cũ", encoding="utf-8")
        self.ask(1, "load", "bad", "--problems", "problems.csv")
        with open(path, encoding="utf-8", newline="") as file:
            found = list(csv.DictReader(file))
        columns = "file,row,column,code,value,reason_vi,reason_en,fix_vi,fix_en".split(",")
        self.assertEqual(columns, list(found[0]))
        self.assertEqual([("bad/members.csv", "2", "201"), ("bad/members.csv", "3", "200")],
                         [(row["file"], row["row"], row["code"]) for row in found])
        self.assertEqual("31/02/1980", found[0]["value"])
        for row in found:
            self.assertTrue(all(row[name] for name in ("reason_vi", "reason_en", "fix_vi", "fix_en")))
        self.ask(1, "load", "bad", "--problems", "problems.csv", "--excel")
        self.assertTrue(path.read_bytes().startswith(b"\xef\xbb\xbffile,"))
        # All is well: the file says so, whatever it said before.
        self.ask(0, "load", "data", "--problems", "problems.csv")
        self.assertEqual(",".join(columns) + "\r\n", path.read_text(encoding="utf-8").replace("\n", "\r\n"))
        _, err = self.ask(1, "load", "bad", "--problems", "nowhere/problems.csv")
        self.assertIn("không ghi được tệp nowhere/problems.csv", err)

    def test_what_cannot_be_read(self):
        (self.folder / "empty").mkdir()
        (self.folder / "secret").write_text("x", encoding="utf-8")
        for command in (("load",), ("tree", *ON), ("rollup", *ON), ("query", '{"query":1,"of":"members"}', *ON, "--data")):
            for path in ("nowhere", "empty", "secret", "data/units.csv/x"):
                with self.subTest((command, path)):
                    _, err = self.ask(1, *command, path)
                    self.assertIn(path, err)
                    self.assertIn("Cách sửa", err)

    def test_rows_that_contradict(self):
        self.write("cycle", {"units": "unit_id,parent_id,kind\nX,Y,cell\nY,X,cell\n"})
        _, err = self.ask(1, "tree", "cycle", *ON)
        self.assertIn("units.csv", err)


class Tree(Case):
    def test_text(self):
        out, err = self.ask(0, "tree", "data", *ON)
        self.assertEqual("", err)
        lines = out.split("\n")
        self.assertRegex(lines[2], "^Đảng bộ Khối Ví dụ +K +đảng bộ khối +0 +5$")
        # K's children by key: CS2 before DB1.
        self.assertRegex(lines[3], "^├─ Chi bộ Báo Sương +CS2 +chi bộ cơ sở +1 +1$")
        self.assertRegex(lines[4], "^└─ Đảng bộ Sở Mây +DB1 +đảng bộ cơ sở +0 +4$")
        self.assertRegex(lines[5], "^   ├─ Chi bộ Văn phòng +CB1 +chi bộ +2 +2$")
        self.assertRegex(lines[6], "^   └─ Chi bộ Trạm Gió +CB2 +chi bộ +2 +2$")
        self.assertIn("ngày: 2020-11-30", out)
        english, _ = self.ask(0, "tree", "data", *ON, "--lang", "en")
        self.assertRegex(english, "(?m)^├─ Chi bộ Báo Sương +CS2 +grassroots cell +1 +1$")

    def test_day_unit_and_depth(self):
        out, _ = self.ask(0, "tree", "data", "--on", "31/12/2011", "--depth", "2")
        self.assertNotIn("CS2", out)
        self.assertNotIn("CB1", out)
        self.assertRegex(out, "(?m)^└─ Đảng bộ Sở Mây +DB1 .* 2$")
        out, _ = self.ask(0, "tree", "data", *ON, "--unit", "DB1")
        self.assertRegex(out, "(?m)^Đảng bộ Sở Mây")
        self.assertRegex(out, "(?m)^├─ Chi bộ Văn phòng")
        _, err = self.ask(1, "tree", "data", *ON, "--unit", "DB9")
        self.assertIn("DB9", err)
        out, _ = self.ask(0, "tree", "data", "--on", "1999-01-01")
        self.assertIn("không có dòng nào", out)

    def test_data_formats(self):
        rows = self.rows("tree", "data", *ON)
        self.assertEqual(["K", "CS2", "DB1", "CB1", "CB2"], [row[0] for row in rows[1:]])
        self.assertEqual(("unit_id", "name", "kind", "class", "parent_id", "level", "members_own", "members_below"), rows[0])
        out, _ = self.ask(0, "tree", "data", *ON, "--format", "jsonl")
        self.assertEqual(("K", 5), [(row["unit_id"], row["members_below"]) for row in map(json.loads, out.splitlines())][0])
        out, _ = self.ask(0, "tree", "data", *ON, "--format", "csv-excel")
        self.assertTrue(out.startswith("\ufeffunit_id,"))

    def test_branches_of_random_trees(self):
        """What is drawn, read back, is the tree; the reader knows only the drawing."""
        state = 20201130
        for _ in range(5):
            parents = {}
            for i in range(60):
                state = (state * 1103515245 + 12345) % (1 << 31)
                parents[f"U{i:02}"] = "" if i < 2 else f"U{state % max(1, i if i % 3 else 2):02}"
            text = "".join(f"{unit},{parent},cell\n" for unit, parent in parents.items())
            (self.folder / "data" / "units.csv").write_text("unit_id,parent_id,kind\n" + text, encoding="utf-8")
            out, _ = self.ask(0, "tree", "data/units.csv", *ON)
            path, seen = [], {}
            for line in out.split("\n")[2:62]:
                match = re.match(r"((?:│  |   )*)(├─ |└─ )?(U\d\d) ", line)
                self.assertIsNotNone(match, line)
                level = 0 if match.group(2) is None else len(match.group(1)) // 3 + 1
                path = path[:level] + [match.group(3)]
                seen[match.group(3)] = path[-2] if level else ""
            self.assertEqual(parents, seen)
            self.check_ends(out.split("\n")[2:62])

    def check_ends(self, lines):
        """├ has a branch below it in its column, └ has none."""
        for above, below in zip(lines, lines[1:] + [""]):
            for column, mark in enumerate(above[: above.find("U")]):
                under = below[column : column + 1]
                if mark in "├│":
                    self.assertIn(under, "├└│", f"{above}\n{below}")
                if mark == "└":
                    self.assertNotIn(under or " ", "├└│", f"{above}\n{below}")

    def test_long_names_and_deep_chains(self):
        long = "Đảng bộ " + "Tổng công ty Một thành viên " * 10
        chain = "".join(f"T{i:05},{'' if i == 0 else f'T{i - 1:05}'},{long},cell\n" for i in range(3000))
        self.write("deep", {"units": "unit_id,parent_id,name,kind\n" + chain})
        out, _ = self.ask(0, "tree", "deep", *ON)
        lines = out.split("\n")[2:3002]
        self.assertTrue(lines[2999].startswith("… 2999 └─ Đảng bộ"), lines[2999])
        self.assertTrue(all(len(line) <= 80 for line in lines[:10]), lines[0])
        self.assertTrue(all("…" in line for line in lines))
        self.assertLess(len(out.encode()), 600_000)

    def test_terminal_width(self):
        long = "Chi bộ " + "Phòng Tổng hợp " * 6
        self.write("wide", {"units": f"unit_id,parent_id,name,kind\nR,,Gốc,bloc\nS,R,{long},cell\n"})
        for columns in (60, 120):
            out = self.on_terminal("tree", "wide", *ON, columns=columns)
            line = next(line for line in out.split("\n") if line.startswith("└─"))
            self.assertLessEqual(len(line.rstrip()), columns)
            self.assertGreater(len(line.rstrip()), columns - 30)

    def on_terminal(self, *arguments, columns):
        import fcntl
        import struct
        import termios

        try:
            leader, follower = pty.openpty()
        except OSError as error:
            self.skipTest(f"no pseudo-terminal here: {error}")
        fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        process = subprocess.Popen([COMMAND, *arguments], cwd=self.folder, stdout=follower, stderr=subprocess.DEVNULL)
        os.close(follower)
        out = b""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            ready, _, _ = select.select([leader], [], [], 1)
            try:
                block = os.read(leader, 65536) if ready else None
            except OSError:  # Linux says so when the other end is closed
                break
            if block == b"":
                break
            out += block or b""
        os.close(leader)
        self.assertEqual(0, process.wait(60))
        return out.decode("utf-8").replace("\r\n", "\n")

    def test_control_characters_in_names(self):
        self.write("odd", {"units": "unit_id,name,kind\nX,a\x1b[31mb\x07,cell\n"})
        done = self.run_command("tree", "odd", *ON)
        self.assertNotIn(b"\x1b", done.stdout + done.stderr)
        self.assertNotIn(b"\x07", done.stdout + done.stderr)


class Rollup(Case):
    def test_counts(self):
        self.assertEqual([("count",), ("5",)], self.rows("rollup", "data", *ON))
        self.assertEqual([("sex", "count"), ("female", "2"), ("male", "2"), ("", "1")],
                         self.rows("rollup", "data", *ON, "--by", "sex"))
        self.assertEqual([("unit_id", "name", "count"), ("CS2", "Chi bộ Báo Sương", "1"), ("DB1", "Đảng bộ Sở Mây", "4")],
                         self.rows("rollup", "data", *ON, "--unit", "K", "--each", "children"))
        self.assertEqual([("kind", "count")], self.rows("rollup", "data", *ON, "--of", "units", "--by", "kind")[:1])
        self.assertEqual(["2", "2"], [row[2] for row in self.rows("rollup", "data", *ON, "--each", "kind=cell")[1:]])
        self.assertEqual(["0"], [row[2] for row in self.rows("rollup", "data", *ON, "--each", "level=0", "--own")[1:]])

    def test_movements_of_a_period(self):
        rows = self.rows("rollup", "data", "--of", "movements", "--period", "2020-01..2020-12", "--each", "all")
        self.assertEqual("opening", rows[0][2])
        self.assertEqual("closing", rows[0][-1])
        self.assertEqual(rows, self.rows("rollup", "data", *ON, "--of", "movements", "--period", "2020-01..2020-12",
                                         "--each", "all"))
        for row in rows[1:]:
            moved = sum(int(text) * (1 if name.startswith("in_") else -1) for name, text in zip(rows[0][3:-1], row[3:-1]))
            self.assertEqual(int(row[-1]), int(row[2]) + moved)
        stock = self.rows("rollup", "data", *ON, "--each", "all")
        self.assertEqual([(row[0], row[-1]) for row in rows], [(row[0], row[-1]) for row in [("unit_id", "closing")] + stock[1:]])
        self.assertIn("/period", self.ask(1, "rollup", "data", "--of", "movements")[1])
        self.assertIn("/on", self.ask(1, "rollup", "data", *ON, "--of", "movements", "--period", "2020")[1])

    def test_conditions(self):
        def count(*where):
            options = [option for text in where for option in ("--where", text)]
            return int(self.rows("rollup", "data", *ON, *options)[1][0])

        self.assertEqual(2, count("sex=female"))
        self.assertEqual(4, count("sex=female,male"))
        self.assertEqual(2, count("sex!=female"))
        self.assertEqual(1, count("sex="))
        self.assertEqual(4, count("sex!="))
        self.assertEqual(2, count("youth_union=có"))
        self.assertEqual(2, count("youth_union=false"))
        self.assertEqual(1, count("sex=female", "youth_union=true"))
        self.assertEqual(1, count("full_name=Lê Thị Chi"))
        self.assertEqual(0, count("full_name=Lê Thị\\, Chi"))

    def test_query_shown_is_the_query_asked(self):
        for options in (
            ("--by", "sex", "--where", "sex=female,male", "--where", "youth_union!=1"),
            ("--of", "units", "--each", "class=grassroots,below_grassroots", "--by", "kind"),
            ("--of", "admissions", "--period", "2020-01-01..2021-01-01", "--unit", "K", "--each", "all", "--own"),
            ("--of", "headcounts", "--sum", "n", "--where", "n=3"),
            ("--share", "stock", "--known-at", "1", "--where", "sex=female"),
        ):
            with self.subTest(options):
                shown, _ = self.ask(0, "rollup", *ON, *options, "--show-query")
                self.assertEqual(1, json.loads(shown)["query"])
                self.assertEqual(shown, self.ask(0, "rollup", "data", *ON, *options, "--show-query")[0])
                for form in ("text", "csv", "jsonl"):
                    first = self.ask(0, "rollup", "data", *ON, *options, "--format", form)
                    second = self.ask(0, "query", "-", "--data", "data", "--format", form, input=shown.encode())
                    self.assertEqual(first, second)
        shown, _ = self.ask(0, "rollup", *ON, "--period", "..2021", "--of", "admissions", "--where", "a b=c\\,d,e",
                            "--each", "level=2", "--show-query")
        self.assertEqual({"query": 1, "of": "admissions", "on": "2020-11-30", "period": {"until": "2021"},
                          "each": {"level": 2}, "where": {"a b": ["c,d", "e"]}}, json.loads(shown))
        shown, _ = self.ask(0, "rollup", "--where", "youth_union=x", "--of", "headcounts", "--where", "n=3", "--show-query")
        self.assertEqual({"youth_union": "x", "n": 3}, json.loads(shown)["where"])

    def test_refused(self):
        for options, said in (
            (("--by", "sexx"), "sex"),
            (("--of", "membres"), "members"),
            (("--unit", "DB9"), "DB9"),
            (("--each", "child"), "children"),
            (("--each", "level=x"), "/each/level"),
            (("--known-at", "x"), "/known_at"),
            (("--period", "..", "--of", "admissions"), "/period"),
            (("--where", "sex=x"), "/where/sex"),
            (("--share", "x"), "/share"),
        ):
            with self.subTest(options):
                self.assertIn(said, self.ask(1, "rollup", "data", *ON, *options)[1])

    def test_several_folders(self):
        self.write("more", {"members": "member_id\nZ\n", "memberships": "member_id,unit_id,kind,from\nZ,CB1,home,2015-01-01\n"})
        self.assertEqual("6", self.rows("rollup", "data", "more", *ON)[1][0])
        query = '{"query":1,"of":"members"}'
        self.assertEqual("6", self.rows("query", query, "--data", "data", "--data", "more", *ON)[1][0])


class Query(Case):
    def test_where_it_comes_from(self):
        text = ' {"query":1,"of":"members","on":"2020-11-30"}'
        (self.folder / "q.json").write_bytes(b"\xef\xbb\xbf" + text.encode())
        expected = self.ask(0, "query", text, "--data", "data")
        self.assertIn("5", expected[0])
        self.assertEqual(expected, self.ask(0, "query", "q.json", "--data", "data"))
        self.assertEqual(expected, self.ask(0, "query", "-", "--data", "data", input=text.encode()))
        self.assertEqual(expected, self.ask(0, "query", text, "--data", "data", "--on", "30/11/2020"))
        undated = '{"query":1,"of":"members"}'
        self.assertEqual(expected, self.ask(0, "query", undated, "--data", "data", *ON))

    def test_refused(self):
        on = ("--data", "data", *ON)
        self.assertIn("thiếu ngày hỏi", self.ask(2, "query", '{"query":1,"of":"members"}', "--data", "data")[1])
        self.assertIn("2019-01-01", self.ask(2, "query", '{"query":1,"of":"members","on":"2019-01-01"}', *on)[1])
        self.assertIn("JSON", self.ask(1, "query", "{", *on)[1])
        self.assertIn("JSON", self.ask(1, "query", b"{\xff}", *on)[1])
        self.assertIn("nowhere.json", self.ask(1, "query", "nowhere.json", *on)[1])
        self.assertIn("data", self.ask(1, "query", "data", *on)[1])
        self.assertIn("1 MiB", self.ask(1, "query", "-", *on, input=b'{"query":' + b" " * 2_000_000 + b"1}")[1])
        self.assertIn("/off", self.ask(1, "query", '{"query":1,"of":"members","off":1}', *on)[1])


class Tables(Case):
    def test_list_and_details(self):
        out, _ = self.ask(0, "tables")
        self.assertRegex(out, "(?m)^units +tổ chức đảng +khoảng ngày")
        self.assertGreater(len(out.splitlines()), 20)
        out, _ = self.ask(0, "tables", "đảng viên")
        self.assertRegex(out, r"(?m)^member_id \*: chữ, mã đảng viên$")
        self.assertRegex(out, r"(?m)^sex: danh mục sex$")
        self.assertIn("giới tính", out)
        self.assertIn("female (", out)
        self.assertLessEqual(max(map(len, out.splitlines())), 80)
        english, _ = self.ask(0, "tables", "DANG-VIEN", "--lang", "en")
        self.assertIn("columns (* required)", english)
        self.assertIn("headers of the last day: ", english)

    def test_every_header_listed_is_accepted(self):
        out, _ = self.ask(0, "tables", "recognitions")
        self.assertIn("subject_type *", out)
        for table in ("units", "unit_events", "members", "memberships", "meetings", "training"):
            self.assertTrue(self.ask(0, "tables", table)[0].startswith(f"{table}: "))


class Streams(Case):
    def test_full_disk_and_closed_pipe(self):
        for arguments in (("--help",), ("tables",), ("tree", "data", *ON), ("load", "data"),
                          ("rollup", "data", *ON, "--format", "csv"), ("--version",)):
            with self.subTest(arguments):
                with open("/dev/full", "wb") as full:
                    self.assertIn("không ghi được kết quả", self.ask(1, *arguments, stdout=full)[1])
                reader, writer = os.pipe()
                os.close(reader)
                self.assertIn("không ghi được kết quả", self.ask(1, *arguments, stdout=writer)[1])
                os.close(writer)

    def test_nothing_but_results_on_stdout(self):
        out, err = self.ask(0, "rollup", "data", *ON, "--of", "admissions", "--format", "csv")
        self.assertTrue(out.startswith("count\r\n"))
        self.assertTrue(all(line.startswith("dangbo: ghi chú") for line in err.splitlines()))

    def test_stderr_may_be_closed(self):
        done = self.run_command("tree", "nowhere", *ON, stderr=None, preexec_fn=lambda: os.close(2))
        self.assertEqual((1, b""), (done.returncode, done.stdout))


class Report(Case):
    FIGURES = (
        "source,place,as_of,figure_vi,figure_en,published,relation,body,query,value,note_vi,note_en\n"
        '9,bài,2020-11-30,đảng viên,members,5,=,A,"{""query"":1,""of"":""members""}",count,,\n'
        '9,bài,2020-11-30,nữ,women,4,=,B,"{""query"":1,""of"":""members"",""where"":{""sex"":""female""}}",count,,\n'
    )

    def page(self, *arguments):
        out, err = self.ask(0, "report", "data", *ON, *arguments)
        self.assertEqual("", err)
        self.assertTrue(out.startswith("<!DOCTYPE html>\n<html lang="))
        self.assertTrue(out.endswith("</html>\n"))
        return out

    def test_page_on_stdout_and_in_a_file(self):
        page = self.page()
        self.assertIn("Đảng bộ Khối Ví dụ", page)
        out, err = self.ask(0, "report", "data", *ON, "-o", "trang.html")
        self.assertEqual("", out)
        self.assertIn("đã ghi trang.html", err)
        self.assertEqual(page, (self.folder / "trang.html").read_text(encoding="utf-8"))
        self.assertIn('lang="en"', self.page("--lang", "en"))

    def test_options_reach_the_page(self):
        self.assertIn('data-audience="internal"', self.page("--audience", "internal"))
        self.assertIn("Đảng bộ Sở Mây</bdi></h1>", self.page("--unit", "DB1"))
        page = self.page("--trend", "2020-01-01", "--reorganisation", "2012-06-01", "--movements", "2019..2020-07")
        self.assertIn('id="movements"', page)
        self.assertIn('id="trend"', page)
        self.assertIn('id="reorganisation"', page)
        self.assertNotIn('id="published"', page)

    def test_published_figures(self):
        (self.folder / "f.csv").write_text(self.FIGURES, encoding="utf-8")
        page = self.page("--published", "f.csv")
        self.assertIn("1/2 số liệu", page)
        self.assertIn("1/1 số liệu", self.page("--published", "f.csv", "--body", "A"))
        self.assertIn("không có số liệu nào của «C»",
                      self.ask(1, "report", "data", *ON, "--published", "f.csv", "--body", "C")[1])
        self.assertIn("không đọc được tệp", self.ask(1, "report", "data", *ON, "--published", "g.csv")[1])
        (self.folder / "bad.csv").write_text(self.FIGURES.replace(",5,=", ",five,="), encoding="utf-8")
        self.assertIn("bad.csv, dòng 2, cột published",
                      self.ask(1, "report", "data", *ON, "--published", "bad.csv")[1])

    def test_refusals(self):
        for arguments, said in (
            (("--unit", "KK"), "/unit"),
            (("--audience", "everybody"), "/audience"),
            (("--trend", "2021-01-01"), "/trend/from"),
            (("--trend", "soon"), "/trend/from"),
            (("--reorganisation", "2020"), "/reorganisation"),
            (("--movements", "2020"), "/movements"),
            (("--movements", "soon"), "/movements"),
            (("--movements", "2020.."), "/movements"),
            (("-o", "no/such/folder/x.html"), "không ghi được tệp"),
        ):
            with self.subTest(arguments):
                self.assertIn(said, self.ask(1, "report", "data", *ON, *arguments)[1])
        self.assertIn("không có tệp hay thư mục", self.ask(1, "report", "nowhere", *ON)[1])



class Freeze(Case):
    QUERY = '{"query":1,"of":"members","on":"2020-06-30","each":"all"}'

    def changed(self):
        """The data as it would be read again after a member left."""
        rows = MEMBERSHIPS.replace("A1,CB1,home,2010-01-01,", "A1,CB1,home,2010-01-01,2020-06-15")
        return self.write("later", {"units": UNITS, "members": MEMBERS, "memberships": rows})

    def test_the_document_is_the_same_in_a_file_and_on_stdout(self):
        shown, err = self.ask(0, "freeze", self.QUERY, "--data", "data")
        self.assertEqual("", err)
        out, err = self.ask(0, "freeze", self.QUERY, "--data", "data", "-o", "june.json")
        self.assertEqual("", out)
        self.assertIn(json.loads(shown)["digest"], err)
        self.assertEqual(shown, (self.folder / "june.json").read_text(encoding="utf-8"))
        without_day = self.QUERY.replace('"on":"2020-06-30",', "")
        self.assertEqual(shown, self.ask(0, "freeze", without_day, "--data", "data", "--on", "30/6/2020")[0])

    def test_exit_codes_tell_whether_figures_differ(self):
        self.ask(0, "freeze", self.QUERY, "--data", "data", "-o", "june.json")
        self.assertEqual(
            [("cell", "unit_id", "name", "frozen", "now", "difference")], self.rows("compare", "june.json", "data")
        )
        self.assertEqual(6, len(self.rows("compare", "june.json", "data", "--all")))
        self.changed()
        done = self.run_command("compare", "june.json", "later", "--format", "csv", "--lang", "en")
        self.assertEqual(1, done.returncode)
        lines = list(csv.reader(io.StringIO(done.stdout.decode("utf-8"))))
        self.assertEqual(["1", "CB1", "Chi bộ Văn phòng", "3", "2", "-1"], lines[1])
        self.assertEqual(4, len(lines))
        self.assertIn("3 figures differ", done.stderr.decode("utf-8"))
        done = self.run_command("compare", "-", "later", "--causes", "--format", "jsonl",
                                input=(self.folder / "june.json").read_bytes())
        self.assertEqual(1, done.returncode)
        causes = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual([("unknown", -1)] * 3, [(cause["cause"], cause["effect"]) for cause in causes])

    def test_refusals(self):
        self.ask(0, "freeze", self.QUERY, "--data", "data", "-o", "june.json")
        text = (self.folder / "june.json").read_text(encoding="utf-8")
        (self.folder / "bent.json").write_text(text.replace(',3]', ',4]', 1), encoding="utf-8")
        for exit_code, arguments, said in (
            (2, ("freeze",), "thiếu truy vấn"),
            (2, ("freeze", self.QUERY), "thiếu --data"),
            (2, ("freeze", self.QUERY, "--data", "data", "--on", "2020-07-01"), "bỏ một"),
            (1, ("freeze", "nothing.json", "--data", "data"), "không đọc được"),
            (1, ("freeze", '{"query":1,"of":"memberz","on":"2020-06-30"}', "--data", "data"), "members"),
            (1, ("freeze", self.QUERY, "--data", "data", "-o", "none/june.json"), "không ghi được"),
            (2, ("compare",), "thiếu tệp"),
            (2, ("compare", "june.json"), "thiếu thư mục"),
            (2, ("compare", "june.json", "data", "--format", "xml"), "csv-excel"),
            (1, ("compare", "nothing.json", "data"), "không đọc được"),
            (1, ("compare", "bent.json", "data"), "bị sửa"),
            (1, ("compare", "data/units.csv", "data"), "JSON"),
        ):
            self.assertIn(said, self.ask(exit_code, *arguments)[1], arguments)


if __name__ == "__main__":
    COMMAND = pathlib.Path(sys.argv.pop(1)).resolve()
    unittest.main(argv=sys.argv)
