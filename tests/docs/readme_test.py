"""The README shows real programs and their real output.

Every fenced block marked with a file name (```cpp examples/quickstart.cpp) equals that file; every block marked
```text COMMAND equals what COMMAND prints now. Arguments: build folder, source folder.
"""

import os
import re
import shlex
import subprocess
import sys
import unittest
from pathlib import Path

BUILD = Path(sys.argv[1])
SOURCE = Path(sys.argv[2])
README = (SOURCE / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+) ([^\n]+)\n(.*?)^```$", README, flags=re.S | re.M)

# How a reader runs each example, and the program of this build that does it.
PROGRAMS = {
    "dangbo": [str(BUILD / "src/cli/dangbo")],
    "quickstart.cpp": [str(BUILD / "examples/dangbo_quickstart_cpp")],
    "quickstart.c": [str(BUILD / "examples/dangbo_quickstart_c")],
    "quickstart.py": ["/usr/bin/python3", "-B", str(SOURCE / "examples/quickstart.py")],
}


def run(command: list[str]) -> str:
    environment = {**os.environ, "PYTHONPATH": str(BUILD / "bindings/python")}
    done = subprocess.run(command, cwd=SOURCE, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise AssertionError(f"{command} ended with {done.returncode}: {done.stderr}")
    return done.stdout


class Readme(unittest.TestCase):
    def test_has_all_three_languages(self) -> None:
        shown = {name.rpartition("/")[2] for _, name, _ in BLOCKS}
        self.assertLessEqual({"quickstart.cpp", "quickstart.c", "quickstart.py"}, shown)

    def test_programs_are_the_files(self) -> None:
        for _, name, text in BLOCKS:
            if name.startswith("examples/"):
                self.assertEqual(text, (SOURCE / name).read_text(encoding="utf-8"), name)

    def test_outputs_are_what_is_printed(self) -> None:
        checked = 0
        for language, name, text in BLOCKS:
            if language != "text":
                continue
            words = shlex.split(name)
            printed = run(PROGRAMS[words[0]] + words[1:])
            self.assertEqual(text.rstrip("\n"), printed.rstrip("\n"), name)
            checked += 1
        self.assertGreaterEqual(checked, 2)

    def test_examples_agree(self) -> None:
        cpp = run(PROGRAMS["quickstart.cpp"])
        self.assertIn("1056", re.sub(r"[ .\u00a0,]", "", cpp))
        self.assertEqual(cpp, run(PROGRAMS["quickstart.c"]))
        self.assertIn("1656", re.sub(r"[ .\u00a0,]", "", run(PROGRAMS["quickstart.py"])))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
