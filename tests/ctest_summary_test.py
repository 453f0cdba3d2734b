#!/usr/bin/env python3
"""The line that everything ends in must not be green by accident."""

import contextlib
import io
import os
import tempfile
import unittest

import ctest_summary

_PASSED = '<testcase name="a_test" status="run"><system-out>{}</system-out></testcase>'
_FAILED = '<testcase name="b_test" status="fail"><failure message=""/><system-out/></testcase>'
_SKIPPED = (
    '<testcase name="c_test" status="notrun"><skipped message="SKIP_RETURN_CODE=77"/>'
    "<system-out>looking for Java\nno Java here\n</system-out></testcase>"
)
_NOT_FOUND = (
    '<testcase name="d_test" status="notrun"><skipped message="Unable to find executable"/>'
    "<system-out/></testcase>"
)
_GTEST = "[ RUN      ] A.b\nfile.cpp:3: Skipped\nno disk\n[  SKIPPED ] A.b (0 ms)\n"


class Summary(unittest.TestCase):
    def _run(self, *suites):
        with tempfile.TemporaryDirectory() as folder:
            arguments = []
            for number, cases in enumerate(suites):
                path = os.path.join(folder, f"{number}.xml")
                if cases is not None:
                    with open(path, "w", encoding="utf-8") as file:
                        file.write(f"<testsuite>{cases}</testsuite>" if "broken" not in cases else cases)
                arguments.append(f"run{number}={path}")
            output = io.StringIO()
            with contextlib.redirect_stdout(output):
                code = ctest_summary.main(arguments)
        return code, output.getvalue().splitlines()

    def test_sum_of_runs(self):
        self.assertEqual((0, ["3 passed, 0 failed"]), self._run(_PASSED * 2, _PASSED))

    def test_failure(self):
        code, lines = self._run(_PASSED + _FAILED)
        self.assertEqual((1, ["failed: run0: b_test", "1 passed, 1 failed"]), (code, lines))

    def test_skip_gives_its_reason(self):
        code, lines = self._run(_PASSED + _SKIPPED)
        self.assertEqual(0, code)
        self.assertEqual(["skipped: run0: c_test: no Java here", "1 passed, 0 failed, 1 skipped"], lines)

    def test_skip_inside_googletest(self):
        code, lines = self._run(_PASSED.format(_GTEST))
        self.assertEqual(0, code)
        self.assertIn("run0: a_test A.b: file.cpp:3: Skipped no disk", lines[0])
        self.assertEqual("1 passed, 0 failed, 1 skipped", lines[-1])

    def test_missing_program_is_a_failure(self):
        code, lines = self._run(_NOT_FOUND)
        self.assertEqual((1, "0 passed, 1 failed"), (code, lines[-1]))

    def test_run_without_report_is_a_failure(self):
        code, lines = self._run(_PASSED, None)
        self.assertEqual((1, "1 passed, 1 failed"), (code, lines[-1]))

    def test_empty_report_is_a_failure(self):
        code, lines = self._run("")
        self.assertEqual((1, "0 passed, 1 failed"), (code, lines[-1]))

    def test_unreadable_report_is_a_failure(self):
        code, lines = self._run("broken")
        self.assertEqual((1, "0 passed, 1 failed"), (code, lines[-1]))

    def test_control_characters_in_output(self):
        self.assertEqual((0, ["1 passed, 0 failed"]), self._run(_PASSED.format("\x1b[31m &#27; \x00")))


if __name__ == "__main__":
    unittest.main()
