"""Runs the examples of a document: readme_example.py <document> <folder to stand in>."""

import doctest
import os
import sys


def main() -> int:
    document = os.path.abspath(sys.argv[1])
    os.chdir(sys.argv[2])
    result = doctest.testfile(document, module_relative=False, encoding="utf-8")
    print(f"{result.attempted} examples, {result.failed} failed")
    return 1 if result.failed or not result.attempted else 0


if __name__ == "__main__":
    sys.exit(main())
