"""cel-python on three rules of rules_bench, row by row, answers compared with a plain loop.

    rules_peers.py DATA_FOLDER OUT.json

DATA_FOLDER is what rules_bench wrote: rows of 20 000 members. Runs in an environment of its own (benchmarks/run.sh makes
it). The result has the form of Google Benchmark's, for report.py. Missing days are a day of their own here, and the age is
given: cel-python has neither missing values nor calendar days, so its job is the easier one.
"""

import csv
import datetime
import json
import pathlib
import sys
import time

TODAY = datetime.date(2024, 6, 1)
EPOCH = datetime.date(1970, 1, 1)
RULES = ("full == -999999 || (joined != -999999 && full > joined)", "age >= 18", "!exempt")


def years(days: int) -> int:
    born = EPOCH + datetime.timedelta(days=days)
    return TODAY.year - born.year - ((TODAY.month, TODAY.day) < (born.month, born.day))


def read(path: pathlib.Path) -> list[dict[str, int]]:
    with open(path, encoding="utf-8", newline="") as file:
        return [
            {
                "joined": int(row["joined"] or -999999),
                "full": int(row["full"] or -999999),
                "age": years(int(row["born"])) if row["born"] else -1,
                "exempt": int(row["exempt"]),
            }
            for row in csv.DictReader(file)
        ]


def main() -> int:
    import celpy  # type: ignore[import-not-found]

    rows = read(pathlib.Path(sys.argv[1]) / "rules_members.csv")
    expected = sum(
        (not (row["full"] == -999999 or (row["joined"] != -999999 and row["full"] > row["joined"])))
        + (row["age"] < 18)
        + row["exempt"]
        for row in rows
    )
    environment = celpy.Environment()
    programs = [environment.program(environment.compile(rule)) for rule in RULES]
    types = celpy.celtypes
    contexts = [
        {
            "joined": types.IntType(row["joined"]),
            "full": types.IntType(row["full"]),
            "age": types.IntType(row["age"]),
            "exempt": types.BoolType(row["exempt"]),
        }
        for row in rows
    ]
    begin = time.perf_counter()
    broken = sum(not program.evaluate(context) for context in contexts for program in programs)
    seconds = time.perf_counter() - begin
    if broken != expected:
        sys.exit(f"rules_peers: cel-python finds {broken}, the loop {expected}")
    each = seconds / len(rows) / len(RULES) * 1e9
    run = {"name": "rules_one_rule_one_member/cel-python/real_time", "real_time": each, "time_unit": "ns"}
    pathlib.Path(sys.argv[2]).write_text(json.dumps({"benchmarks": [run]}), encoding="utf-8")
    print(f"cel-python: {each:.0f} ns a rule and member, {broken} findings", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
