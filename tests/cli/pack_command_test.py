#!/usr/bin/env python3
"""`dangbo pack` as a process: check, test, format, document, compile."""

import hashlib
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
CHARTER = ROOT / "packs" / "charter" / "charter.yaml"
COMMAND = None


class Pack(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = pathlib.Path(holder.name)
        self.text = CHARTER.read_text(encoding="utf-8")

    def write(self, name, text):
        (self.folder / name).write_text(text, encoding="utf-8")
        return name

    def ask(self, exit_code, *arguments):
        """(stdout, stderr); the exit code is as expected, and nobody crashed."""
        done = subprocess.run([COMMAND, "pack", *arguments], cwd=self.folder, capture_output=True, timeout=120)
        out, err = done.stdout.decode("utf-8"), done.stderr.decode("utf-8")
        self.assertEqual(exit_code, done.returncode, f"{arguments}\n{out}\n{err}")
        for word in ("terminate called", "Sanitizer", "what():"):
            self.assertNotIn(word, err)
        return out, err

    def test_check_tells_what_is_worth_a_look(self):
        out, _ = self.ask(0, "check", str(CHARTER))
        self.assertIn("vn.dieu-le 2026.1: 5 quy tắc, 3 tham số, 1 văn bản, 0 điều nên xem", out)
        out, _ = self.ask(0, "check", str(CHARTER), "--on", "2028-01-01", "--lang", "en")
        self.assertIn("last reviewed: 2026-11-22", out)
        self.assertIn("3 worth a look", out)
        self.ask(2, "check", str(CHARTER), "--on", "nonsense")

    def test_check_refuses_with_line_and_column(self):
        name = self.write("goi.yaml", self.text.replace("m.standing == ", "m.standng == ", 1))
        line = next(i for i, text in enumerate(self.text.split("\n"), 1) if "m.standing == " in text)
        out, err = self.ask(1, "check", name)
        self.assertEqual("", out)
        self.assertIn(f"dòng {line}", err)
        self.assertIn("standng", err)
        _, err = self.ask(1, "check", "none.yaml")
        self.assertIn("không đọc được", err)

    def test_packs_inside_are_listed_dumped_replaced_and_pinned(self):
        out, _ = self.ask(0, "list", "--lang", "en")
        listed = dict(line.split()[:2] for line in out.splitlines())
        self.assertEqual(["vn.toan-quoc", "vn.toan-quoc.ngay-lam-viec"], sorted(listed))
        national = (ROOT / "packs" / "vn" / "national.yaml").read_bytes()
        digest = hashlib.sha256(national).hexdigest()
        self.assertEqual(digest, listed["vn.toan-quoc"])
        self.ask(0, "dump", "vn.toan-quoc", "-o", "own.yaml")
        self.assertEqual(national, (self.folder / "own.yaml").read_bytes())
        out, _ = self.ask(0, "check", f"vn.toan-quoc@{digest[:8]}")
        self.assertIn("vn.toan-quoc 2026.1", out)
        _, err = self.ask(1, "check", "vn.toan-quoc@00000000")
        self.assertIn(digest, err)
        self.ask(0, "check", f"own.yaml@{digest}")
        self.write("own.yaml", national.decode("utf-8").replace("2026.1", "2026.2", 1))
        _, err = self.ask(1, "check", f"own.yaml@{digest}")
        self.assertIn("không phải", err)
        # Less than eight digits are part of a file's name.
        self.ask(1, "check", "own.yaml@1234567")
        _, err = self.ask(2, "dump")
        self.assertIn("thiếu tệp gói", err)
        self.ask(1, "check", "vn.toan-quoc", "vn.toan-quoc.ngay-lam-viec")  # no calendar
        self.write("lich.txt", "2026-09-02 off\n")
        self.ask(0, "check", "vn.toan-quoc", "vn.toan-quoc.ngay-lam-viec", "--calendar", "lich.txt")

    def test_tests_pass_fail_and_are_complete(self):
        out, _ = self.ask(0, "test", str(CHARTER), "--complete")
        self.assertIn("0 sai", out)
        less = self.text.replace("full >= param.cell_min_full", "full > param.cell_min_full")
        out, _ = self.ask(1, "test", self.write("less.yaml", less), "--lang", "en")
        self.assertIn("does not change exactly once", out)
        bare = self.text[: self.text.index("tests:")]
        out, _ = self.ask(0, "test", self.write("bare.yaml", bare))
        self.assertIn("0 ca, 0 sai", out)
        self.ask(1, "test", "bare.yaml", "--complete")

    def test_format_leaves_what_is_laid_out(self):
        out, _ = self.ask(0, "format", str(CHARTER))
        self.assertEqual(self.text, out)
        name = self.write("goi.yaml", self.text.replace("evidence: A", 'evidence:    "A"'))
        self.assertEqual(("", ""), self.ask(0, "format", name, "-o", name))
        self.assertEqual(self.text, (self.folder / name).read_text(encoding="utf-8"))
        self.ask(2, "format", name, name)

    def test_compiled_is_canonical_and_taken_wherever_a_pack_is(self):
        self.assertEqual("", self.ask(0, "compile", str(CHARTER), "-o", "goi.json")[0])
        text = (self.folder / "goi.json").read_text(encoding="utf-8")
        whole = json.loads(text)
        body = json.dumps(whole["pack"], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        self.assertEqual(hashlib.sha256(body.encode()).hexdigest(), whole["digest"])
        self.assertEqual(text, self.ask(0, "compile", "goi.json")[0])
        self.assertIn(whole["digest"], self.ask(0, "check", "goi.json")[0])
        self.assertIn("0 sai", self.ask(0, "test", "goi.json")[0])
        self.write("bent.json", text.replace('"value":30', '"value":31'))
        self.assertIn("bị sửa", self.ask(1, "check", "bent.json")[1])

    def test_layers_and_calendars(self):
        layer = """format: dangbo.pack/1
id: vn.dieu-le.them
version: "1"
extends: vn.dieu-le
jurisdiction: { level: national, code: VN }
rules:
  presented-in-time:
    subject: move
    cite: ["charter/6"]
    evidence: M-high
    severity: advisory
    when: "self.issued_on != null && self.presented_on != null"
    require: "self.presented_on.workingDaysSince(self.issued_on) <= 30"
    message: { vi: x, en: x }
"""
        self.write("them.yaml", layer)
        self.assertIn("thiếu gói", self.ask(1, "check", "them.yaml")[1])
        self.assertIn("lịch", self.ask(1, "check", "them.yaml", str(CHARTER))[1])
        self.write("lich.txt", "# Tết\n2026-02-16 off\n2026-02-28 work\n")
        out, _ = self.ask(0, "check", "them.yaml", str(CHARTER), "--calendar", "lich.txt")
        self.assertIn("vn.dieu-le.them 1: 6 quy tắc", out)
        self.write("lich.txt", "2026-02-16\n")
        self.assertIn("lich.txt:1", self.ask(1, "check", "them.yaml", str(CHARTER), "--calendar", "lich.txt")[1])

    def test_document_is_in_both_languages(self):
        out, _ = self.ask(0, "document", str(CHARTER))
        self.assertTrue(out.startswith("# vn.dieu-le 2026.1\n"))
        self.assertIn("Chi bộ có ít nhất ba đảng viên chính thức", out)
        self.assertIn("A cell has at least three full members", out)

    def test_usage(self):
        for arguments in ((), ("check",), ("burn", str(CHARTER))):
            self.assertNotEqual("", self.ask(2, *arguments)[1])


if __name__ == "__main__":
    COMMAND = pathlib.Path(sys.argv.pop(1)).resolve()
    unittest.main(argv=sys.argv)
