"""Other engines on the questions of expr_bench: DuckDB by column, cel-python by row, answers compared.

    expr_peers.py DATA_FOLDER OUT.json

DATA_FOLDER is what expr_bench wrote. Runs in an environment of its own (benchmarks/run.sh makes it); what cannot be had
is said on standard error and left out. The result has the form of Google Benchmark's, for report.py.
"""

import csv
import json
import pathlib
import sys
import time

ROUNDS = 7
ROWS_FOR_CEL = 20_000  # of the million: cel-python takes microseconds a row
RUNS: list[dict[str, object]] = []


def note(name: str, seconds: float, unit: str) -> None:
    factor = {"ns": 1e9, "us": 1e6, "ms": 1e3}[unit]
    RUNS.append({"name": f"{name}/real_time", "real_time": seconds * factor, "time_unit": unit})


def median(times: list[float]) -> float:
    return sorted(times)[len(times) // 2]


def duckdb_runs(folder: pathlib.Path, answers: dict[str, int]) -> None:
    import duckdb  # type: ignore[import-not-found]

    database = duckdb.connect(":memory:")
    database.execute("SET threads = 1")
    database.execute("CREATE TABLE m AS SELECT * FROM read_csv(?, header = true)", [str(folder / "members.csv")])
    database.execute("CREATE TABLE p AS SELECT range AS id FROM range(62500)")
    questions = {
        "expr_compare": "SELECT count(*) FROM m WHERE a < b",
        "expr_rule": "SELECT count(*) FROM m WHERE status = 0 AND joined < 14610 AND a >= 18",
        "expr_count": "SELECT count(*) FROM (SELECT p FROM m WHERE a >= 18 AND status = 0 GROUP BY p HAVING count(*) >= 8)",
    }
    for name, sql in questions.items():
        times = []
        for _ in range(ROUNDS):
            begin = time.perf_counter()
            (answer,) = database.execute(sql).fetchone()
            times.append(time.perf_counter() - begin)
            if answer != answers[name]:
                sys.exit(f"expr_peers: {name}: DuckDB says {answer}, expected {answers[name]}")
        note(f"{name}/duckdb", median(times), "ms")


def cel_runs(folder: pathlib.Path) -> None:
    import celpy  # type: ignore[import-not-found]

    with open(folder / "members.csv", encoding="utf-8", newline="") as file:
        rows = [(int(row["a"]), int(row["b"])) for _, row in zip(range(ROWS_FOR_CEL), csv.DictReader(file))]
    environment = celpy.Environment()
    program = environment.program(environment.compile("a > 300 && b < 500"))
    contexts = [{"a": celpy.celtypes.IntType(a), "b": celpy.celtypes.IntType(b)} for a, b in rows]
    begin = time.perf_counter()
    count = sum(bool(program.evaluate(context)) for context in contexts)
    seconds = time.perf_counter() - begin
    if count != sum(a > 300 and b < 500 for a, b in rows):
        sys.exit("expr_peers: cel-python counts something else")
    note("expr_row/cel-python", seconds / len(rows), "ns")


def main() -> int:
    folder = pathlib.Path(sys.argv[1])
    with open(folder / "answers.csv", encoding="utf-8", newline="") as file:
        answers = {name: int(value) for name, value in csv.reader(file)}
    for name, run in (("DuckDB", lambda: duckdb_runs(folder, answers)), ("cel-python", lambda: cel_runs(folder))):
        try:
            run()
        except ImportError as missing:
            print(f"expr_peers: without {name}: {missing}", file=sys.stderr)
    pathlib.Path(sys.argv[2]).write_text(json.dumps({"benchmarks": RUNS}), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
