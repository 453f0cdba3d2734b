"""DuckDB on the same files, asked what query_bench asks; its answers are compared with those that were written.

duckdb_queries.py <data folder> <answers.csv> <results.json> <plans.txt>

Laid out for these questions: one denormalised table of stays, sorted by the pre-order of today's tree, so that a subtree
is a range of positions; a second one of those in force today. All threads of the machine.
"""

import csv
import json
import pathlib
import sys

import duckdb

from duckdb_peer import FOREVER, timed

TODAY = "2026-01-01"

LAYOUT = f"""
CREATE TABLE unit_rows AS SELECT unit_id AS key, parent_id AS parent
  FROM read_csv('{{folder}}/units.csv', header = true, types = {{{{'from': 'DATE', 'until': 'DATE', 'unit_id': 'VARCHAR',
                'parent_id': 'VARCHAR'}}}})
  WHERE "from" <= DATE '{TODAY}' AND coalesce(until, DATE '{FOREVER}') > DATE '{TODAY}';
CREATE TABLE paths AS
  WITH RECURSIVE down(key, path) AS (
    SELECT key, [key] FROM unit_rows WHERE parent IS NULL
    UNION ALL SELECT u.key, list_append(d.path, u.key) FROM down d JOIN unit_rows u ON u.parent = d.key)
  SELECT key, path, row_number() OVER (ORDER BY path)::INT AS position FROM down;
CREATE TABLE ancestors AS SELECT unnest(path) AS above, position FROM paths;
CREATE TABLE units AS
  SELECT p.key, p.position, max(a.position)::INT AS last FROM paths p JOIN ancestors a ON a.above = p.key GROUP BY ALL;
CREATE TABLE closure AS SELECT u.position AS above, a.position FROM ancestors a JOIN units u ON u.key = a.above
  ORDER BY ALL;
CREATE TABLE stays AS
  SELECT coalesce(u.position, 0) AS position, m."from" AS a, coalesce(m.until, DATE '{FOREVER}') AS b,
         p.sex, p.status, p.ethnicity, p.youth_union::BOOLEAN AS youth_union,
         CASE length(p.birth_date) WHEN 10 THEN p.birth_date END::DATE AS born
  FROM read_csv('{{folder}}/memberships_*.csv', header = true, types = {{{{'from': 'DATE', 'until': 'DATE'}}}}) m
  LEFT JOIN units u ON u.key = m.unit_id
  JOIN read_csv('{{folder}}/members_*.csv', header = true, all_varchar = true) p ON p.member_id = m.member_id
  WHERE m.kind = 'CHINHTHUC' ORDER BY position;
CREATE TABLE today AS SELECT * EXCLUDE (a, b) FROM stays
  WHERE a <= DATE '{TODAY}' AND b > DATE '{TODAY}' ORDER BY position;
"""

YOUNG = "sex = 'F' AND ethnicity <> 'Kinh' AND born > $day::DATE - INTERVAL 35 YEAR"
GROUPS = "SELECT sex, status, count(*) FROM today GROUP BY ALL"
FILTER = f"SELECT count(*) FROM today WHERE {YOUNG}"
PROVINCE = f"SELECT count(*) FROM today WHERE position BETWEEN $first AND $last AND {YOUNG}"
ANY_DAY = f"SELECT count(*) FROM stays WHERE a <= $day AND b > $day AND {YOUNG}"
ALL_UNITS = """WITH own AS (SELECT position, sex, youth_union, count(*) AS n FROM today GROUP BY ALL)
  SELECT u.key, o.sex, o.youth_union, sum(o.n) AS n FROM closure c JOIN own o ON o.position = c.position
  JOIN units u ON u.position = c.above GROUP BY ALL"""
WORDS = {"male": "M", "female": "F", "true": True, "false": False, "": None}


def check(name, ours, theirs):
    if ours != theirs:
        raise SystemExit(f"duckdb_queries: {name} differs: {str(theirs)[:200]}, not {str(ours)[:200]}")


def compare(ask, answers, base):
    """Every answer that was written."""
    by_name = {}
    for name, day, *cells in answers:
        by_name.setdefault(name, []).append((day, cells))
    groups = sorted(row[2] for row in ask["sex_status_nation"](0).fetchall())
    check("sex_status_nation", sorted(int(cells[2]) for _, cells in by_name["sex_status_nation"] if cells[2] != "0"), groups)
    for name in ("filter_nation", "filter_province"):
        check(name, int(by_name[name][0][1][0]), ask[name](0).fetchone()[0])
    for i, (day, cells) in enumerate(by_name["filter_any_day"]):
        check(f"filter_any_day {day}", int(cells[0]), ask["filter_any_day"](i).fetchone()[0])
    ours = {(key, WORDS[sex], WORDS[union]): int(n) for _, (key, sex, union, n) in by_name["all_units_sex_union"] if n != "0"}
    theirs = {tuple(row[:3]): int(row[3]) for row in ask["all_units_sex_union"](0).fetchall()}
    check("all_units_sex_union", len(ours), len(theirs))
    for key, count in theirs.items():
        check(f"all_units_sex_union {key}", ours.get(key), count)
    return len(ours)


def main():
    folder, answers_path, results_path, plans_path = sys.argv[1:]
    scale = pathlib.Path(folder).name
    base = duckdb.connect()
    base.execute(LAYOUT.format(folder=folder))
    with open(answers_path, encoding="utf-8") as file:
        answers = list(csv.reader(file))
    days = [row[1] for row in answers if row[0] == "filter_any_day"]
    first, last = base.execute("SELECT position, last FROM units WHERE key = 'U000002'").fetchone()
    ask = {
        "sex_status_nation": lambda i: base.execute(GROUPS),
        "filter_nation": lambda i: base.execute(FILTER, {"day": TODAY}),
        "filter_province": lambda i: base.execute(PROVINCE, {"day": TODAY, "first": first, "last": last}),
        "filter_any_day": lambda i: base.execute(ANY_DAY, {"day": days[i % len(days)]}),
        "all_units_sex_union": lambda i: base.execute(ALL_UNITS),
    }
    cells = compare(ask, answers, base)
    # The answer of many rows stays in columns, as ours is a table of columns.
    ask["all_units_sex_union"] = lambda i: base.execute("CREATE OR REPLACE TEMP TABLE answer AS " + ALL_UNITS)
    rows = {
        name: timed(lambda i, one=one: one(i), 5 if name == "all_units_sex_union" else 15)
        for name, one in ask.items()
    }
    result = [{"name": f"{scale}/{name}/duckdb", "real_time": s * 1e3, "time_unit": "ms"} for name, s in rows.items()]
    pathlib.Path(results_path).write_text(json.dumps({"benchmarks": result}))
    plans = {"groups": (GROUPS, {}), "filter": (FILTER, {"day": TODAY}), "any day": (ANY_DAY, {"day": TODAY}),
             "all units": (ALL_UNITS, {})}
    with open(plans_path, "a", encoding="utf-8") as file:
        for what, (statement, parameters) in plans.items():
            plan = base.execute("EXPLAIN " + statement, parameters)
            file.write(f"DuckDB {duckdb.__version__}: {what}\n{statement}\n{plan.fetchall()[0][1]}\n")
    print(f"duckdb_queries: {len(days) + 3} answers and {cells} cells of units agree", file=sys.stderr)


if __name__ == "__main__":
    main()
