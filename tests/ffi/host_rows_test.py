#!/usr/bin/env python3
"""The programs of examples/hosts: the same database through four drivers gives the same registry.

host_rows_test.py <language> <command> <library> <examples folder> <work folder>
Exit 77: the tools of this language are not here.
"""

import pathlib
import shutil
import sqlite3
import subprocess
import sys

JAVA_JARS = ["/usr/share/java/jna.jar", "/usr/share/java/sqlite-jdbc.jar"]
DAYS = ["2024-03-01", "2024-03-02"]


def absent(reason):
    print(reason)
    sys.exit(77)


def run(command, **options):
    result = subprocess.run([str(part) for part in command], capture_output=True, timeout=300, check=False, **options)
    if result.returncode != 0:
        sys.exit(f"{command[0]} gave {result.returncode}\n{result.stdout.decode(errors='replace')}{result.stderr.decode(errors='replace')}")
    return result.stdout.decode().replace("\r\n", "\n")


def make_database(path, night):
    """NULL and '', dates with a time, padded CHAR, numeric ids, inclusive ends, old encodings in bytes."""
    path.unlink(missing_ok=True)
    host = sqlite3.connect(path)
    host.executescript(
        """CREATE TABLE party_unit(code CHAR(6), parent CHAR(6), name BLOB, kind VARCHAR(8), founded VARCHAR(20));
           CREATE TABLE party_member(id DOUBLE, full_name VARCHAR(50), born VARCHAR(20));
           CREATE TABLE party_home(member DOUBLE, unit CHAR(6), since VARCHAR(20), last_day VARCHAR(20));
           INSERT INTO party_member VALUES (100000000001, 'An   ', '1980-03-05 00:00:00'), (1002, '', NULL), (1003, 'Chi', '1985');"""
    )
    host.executemany(
        "INSERT INTO party_unit VALUES (?, ?, ?, 'CB', NULL)",
        [("K     ", "", "Mây trên".encode("cp1258")), ("CB1   ", "K     ", "Mây".encode("cp1258")), ("CB2   ", "K     ", None)],
    )
    second = "CB1   " if night == 0 else "CB2   "
    host.executemany(
        "INSERT INTO party_home VALUES (?, ?, ?, ?)",
        [
            (100000000001, "CB1   ", "2020-01-01T08:30:00", None),
            (1002, "CB1   ", "", "2024-03-09"),
            (1003, second, "" if night == 0 else "2024-03-02 00:00:00", None),
        ],
    )
    host.commit()
    host.close()


def program(language, library, examples, work):
    """The command that takes DATABASE FILE DAY."""
    if language == "csharp":
        for tool in ("mcs", "mono"):
            if shutil.which(tool) is None:
                absent(f"{tool} is not installed")
        if not list(pathlib.Path("/usr/lib/mono").glob("*/Mono.Data.Sqlite.dll")):
            absent("Mono.Data.Sqlite is not installed (Debian: libmono-sqlite4.0-cil)")
        program_file = work / "HostRows.exe"
        run(["mcs", "-r:System.Data", "-r:Mono.Data.Sqlite", f"-out:{program_file}", examples / "HostRows.cs"])
        maps = f'<dllmap dll="dangbo" target="{library}"/><dllmap dll="sqlite3" target="libsqlite3.so.0"/>'
        pathlib.Path(f"{program_file}.config").write_text(f"<configuration>{maps}</configuration>\n", encoding="utf-8")
        return ["mono", program_file]
    if language == "java":
        for tool in ("javac", "java"):
            if shutil.which(tool) is None:
                absent(f"{tool} is not installed")
        for jar in JAVA_JARS:
            if not pathlib.Path(jar).exists():
                absent(f"{jar} is not there (Debian: libjna-java, libxerial-sqlite-jdbc-java)")
        jars = ":".join(JAVA_JARS)
        run(["javac", "-encoding", "UTF-8", "-cp", jars, "-d", work, examples / "HostRows.java"])
        return ["java", "-cp", f"{jars}:{work}", "HostRows", library]
    if shutil.which("php") is None:
        absent("php is not installed (Debian: php-cli)")
    modules = run(["php", "-m"])
    for module in ("FFI", "pdo_sqlite"):
        if module not in modules:
            absent(f"php has no {module} (Debian: php-cli, php-sqlite3)")
    return ["php", "-d", "ffi.enable=1", examples / "host_rows.php", library]


def main():
    language, *paths = sys.argv[1:]
    command, library, examples, work = (pathlib.Path(path).resolve() for path in paths)
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    host = program(language, library, examples, work)
    database = work / "host.db"
    said = []
    for night, day in enumerate(DAYS):
        make_database(database, night)
        said.append(run([*host, database, work / "host.dangbo", day]))
        again = run([*host, database, work / "host.dangbo", day])
        if again != f"commit {night + 1}: 0 rows, 0 questions\n":
            sys.exit(f"sent again on {day} it said {again}")
        run([sys.executable, "-B", examples / "host_rows.py", command, database, work / "python.dangbo", day])
    if not said[1].startswith("commit 2: 2 rows"):
        sys.exit(f"the move was told as {said[1]}")
    for name in ("host", "python"):
        run([command, "export", work / f"{name}.dangbo", work / name])
    for table in ("units", "members", "memberships", "baselines"):
        got, want = ((work / name / f"{table}.csv").read_text(encoding="utf-8") for name in ("host", "python"))
        if sorted(got.splitlines()) != sorted(want.splitlines()):
            sys.exit(f"{table}:\n{got}\nthrough Python:\n{want}")
    members = (work / "host" / "members.csv").read_text(encoding="utf-8")
    for line in ("100000000001,An,1980-03-05", "1002,,", "1003,Chi,1985"):
        if line not in members.splitlines():
            sys.exit(f"{line} is not among\n{members}")
    if "Mây trên" not in (work / "host" / "units.csv").read_text(encoding="utf-8"):
        sys.exit("the old encoding was not read")


if __name__ == "__main__":
    main()
