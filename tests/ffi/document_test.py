#!/usr/bin/env python3
"""Runs a program of docs/c_abi.md and compares what it prints with what the page says.

document_test.py <language> <page> <library> <include folder> <sample folder> <work folder>
Exit 77: the tools of this language are not here.
"""

import pathlib
import re
import shutil
import subprocess
import sys

JNA_PLACES = ["/usr/share/java/jna.jar"]


def block(page, language):
    found = re.findall(rf"^```{language}\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    if len(found) != 1:
        sys.exit(f"the page has {len(found)} blocks of {language}, not one")
    return found[0]


def absent(reason):
    print(reason)
    sys.exit(77)


def need(*tools):
    for tool in tools:
        if shutil.which(tool) is None:
            absent(f"{tool} is not installed")


def run(command, **options):
    result = subprocess.run([str(part) for part in command], capture_output=True, timeout=300, check=False, **options)
    if result.returncode != 0:
        sys.exit(f"{command[0]} gave {result.returncode}\n{result.stderr.decode(errors='replace')}")
    return result.stdout.decode()


def run_c(text, library, include, sample, work):
    (work / "demo.c").write_text(text, encoding="utf-8")
    flags = ["-std=c99", "-pedantic-errors", "-Wall", "-Wextra", "-Werror"]
    run(["gcc", *flags, work / "demo.c", "-I", include, library, f"-Wl,-rpath,{library.parent}", "-o", work / "demo"])
    return run([work / "demo", sample])


def run_python(text, library, _, sample, work):
    (work / "demo.py").write_text(text, encoding="utf-8")
    return run([sys.executable, "-B", work / "demo.py", library, sample])


def run_java(text, library, _, sample, work):
    need("java", "javac")
    jar = next((place for place in JNA_PLACES if pathlib.Path(place).exists()), None)
    if jar is None:
        absent("JNA is not installed (Debian: libjna-java)")
    (work / "Demo.java").write_text(text, encoding="utf-8")
    run(["javac", "-encoding", "UTF-8", "-cp", jar, "-d", work, work / "Demo.java"])
    return run(["java", "-cp", f"{jar}:{work}", "Demo", library, sample])


def run_csharp(text, library, _, sample, work):
    need("mcs", "mono")
    (work / "demo.cs").write_text(text, encoding="utf-8")
    run(["mcs", f"-out:{work / 'demo.exe'}", work / "demo.cs"])
    # The name of the page finds the library where it was built.
    (work / "demo.exe.config").write_text(
        f'<configuration><dllmap dll="dangbo" target="{library}"/></configuration>\n', encoding="utf-8"
    )
    return run(["mono", work / "demo.exe", sample])


def main():
    language = sys.argv[1]
    page, library, include, sample, work = (pathlib.Path(argument).resolve() for argument in sys.argv[2:])
    work.mkdir(parents=True, exist_ok=True)
    text = page.read_text(encoding="utf-8")
    runner = {"c": run_c, "python": run_python, "java": run_java, "csharp": run_csharp}[language]
    got = runner(block(text, language), library, include, sample, work).replace("\r\n", "\n")
    want = block(text, "text")
    if got != want:
        sys.exit(f"it printed\n{got}\nand the page says\n{want}")


if __name__ == "__main__":
    main()
