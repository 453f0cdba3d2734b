"""DuckDB on the same files, its answers compared with those that totals_bench wrote.

duckdb_peer.py <data folder> <answers.csv> <results.json> <plans.txt>

Columns are integers and days, stays are sorted by unit and carry the attributes that are counted, the closure has days:
as a user of DuckDB would lay them out for these questions. All threads of the machine.
"""

import csv
import json
import pathlib
import statistics
import sys
import time

import duckdb

TODAY = "2040-01-01"
FOREVER = "9999-12-31"

LAYOUT = f"""
CREATE TABLE unit_rows AS SELECT unit_id AS key, "from" AS a, coalesce(until, DATE '{FOREVER}') AS b, parent_id AS parent
  FROM read_csv('{{folder}}/units.csv', header = true, types = {{{{'from': 'DATE', 'until': 'DATE', 'unit_id': 'VARCHAR',
                'parent_id': 'VARCHAR'}}}});
CREATE TABLE names AS SELECT row_number() OVER (ORDER BY key)::INT AS unit, key
  FROM (SELECT DISTINCT key FROM unit_rows);
CREATE TABLE units AS SELECT n.unit, r.a, r.b, p.unit AS parent
  FROM unit_rows r JOIN names n ON n.key = r.key LEFT JOIN names p ON p.key = r.parent;
CREATE TABLE closure AS
  WITH RECURSIVE pairs(above, unit, parent, a, b) AS (
    SELECT unit, unit, parent, a, b FROM units
    UNION ALL
    SELECT u.unit, p.unit, u.parent, greatest(p.a, u.a), least(p.b, u.b)
      FROM pairs p JOIN units u ON u.unit = p.parent AND u.a < p.b AND p.a < u.b)
  SELECT above, unit, a, b FROM pairs ORDER BY above, unit;
CREATE TABLE stays AS
  SELECT n.unit, m."from" AS a, coalesce(m.until, DATE '{FOREVER}') AS b, p.sex, p.status
  FROM read_csv('{{folder}}/memberships_*.csv', header = true, types = {{{{'from': 'DATE', 'until': 'DATE'}}}}) m
  JOIN names n ON n.key = m.unit_id
  JOIN read_csv('{{folder}}/members_*.csv', header = true, all_varchar = true) p ON p.member_id = m.member_id
  WHERE m.kind = 'CHINHTHUC' ORDER BY n.unit;
"""

ON_A_DAY = """SELECT count(*) FROM closure c JOIN stays s ON s.unit = c.unit
  WHERE c.above = $unit AND c.a <= $day AND c.b > $day AND s.a <= $day AND s.b > $day"""
SEX_AND_STATUS = """SELECT s.sex, s.status, count(*) FROM closure c JOIN stays s ON s.unit = c.unit
  WHERE c.above = $unit AND c.a <= $day AND c.b > $day AND s.a <= $day AND s.b > $day GROUP BY ALL"""
ALL_UNITS = """WITH own AS (
    SELECT unit, count(*) AS n, count(*) FILTER (sex = 'F') AS women, count(*) FILTER (status = 'DANG') AS active,
           count(*) FILTER (status = 'MIEN') AS exempt, count(*) FILTER (sex = 'M') AS men,
           count(*) FILTER (status = 'XINRA') AS resigned, count(*) FILTER (status = 'DINHCHI') AS suspended
    FROM stays WHERE a <= $day AND b > $day GROUP BY unit)
  SELECT c.above, coalesce(sum(n), 0), coalesce(sum(women), 0), coalesce(sum(active), 0), coalesce(sum(exempt), 0),
         coalesce(sum(men), 0), coalesce(sum(resigned), 0), coalesce(sum(suspended), 0), count(*)
  FROM closure c LEFT JOIN own o ON o.unit = c.unit WHERE c.a <= $day AND c.b > $day GROUP BY c.above"""


def timed(ask, rounds):
    """Median seconds; the first, which plans, is left out. The lesser of real and processor time: the others' is the latter."""
    ask(0)
    times = []
    for i in range(rounds):
        begin, processor = time.perf_counter(), time.process_time()
        ask(i)
        times.append(min(time.perf_counter() - begin, time.process_time() - processor))
    return statistics.median(times)


def main():
    folder, answers_path, results_path, plans_path = sys.argv[1:]
    scale = pathlib.Path(folder).name
    base = duckdb.connect()
    base.execute(LAYOUT.format(folder=folder))
    unit_of = dict(base.execute("SELECT key, unit FROM names").fetchall())
    with open(answers_path, encoding="utf-8") as file:
        answers = [[row[0], row[1], *map(int, row[2:])] for row in csv.reader(file)]
    root = unit_of[answers[-1][0]]

    def on_a_day(unit, day):
        return base.execute(ON_A_DAY, {"unit": unit, "day": day}).fetchone()[0]

    # Above a hundred comparisons of a large body take minutes; the root and fifty others tell.
    checked = [*answers[:50], answers[-1]]
    for key, day, figure, *_ in checked:
        if on_a_day(unit_of[key], day) != figure:
            raise SystemExit(f"duckdb_peer: {key} on {day} differs: {on_a_day(unit_of[key], day)}, not {figure}")
    every = {row[0]: tuple(row[1:]) for row in base.execute(ALL_UNITS, {"day": TODAY}).fetchall()}
    for key, _, _, *figures in answers:
        if every.get(unit_of[key], (0,) * len(figures)) != tuple(figures):
            raise SystemExit(f"duckdb_peer: the measures of {key} differ: {every.get(unit_of[key])}, not {figures}")

    rows = {
        "any_day/duckdb": timed(lambda i: on_a_day(unit_of[answers[i][0]], answers[i][1]), 15),
        "any_day_root/duckdb": timed(lambda i: on_a_day(root, answers[i][1]), 5),
        "sex_status/duckdb": timed(
            lambda i: base.execute(SEX_AND_STATUS, {"unit": unit_of[answers[i][0]], "day": TODAY}).fetchall(), 15
        ),
        "all_units_8_measures/duckdb": timed(lambda i: base.execute(ALL_UNITS, {"day": TODAY}).fetchall(), 3),
    }
    result = [{"name": f"{scale}/{name}", "real_time": s * 1e3, "time_unit": "ms"} for name, s in rows.items()]
    pathlib.Path(results_path).write_text(json.dumps({"benchmarks": result}))
    with open(plans_path, "a", encoding="utf-8") as file:
        for what, statement in (("any day", ON_A_DAY), ("sex and status", SEX_AND_STATUS), ("all units", ALL_UNITS)):
            plan = base.execute("EXPLAIN " + statement, {"day": TODAY, **({} if what == "all units" else {"unit": root})})
            file.write(f"DuckDB {duckdb.__version__}: {what}\n{statement}\n{plan.fetchall()[0][1]}\n")
    print(f"duckdb_peer: {len(checked)} days and {len(answers)} units × 8 measures agree", file=sys.stderr)


if __name__ == "__main__":
    main()
