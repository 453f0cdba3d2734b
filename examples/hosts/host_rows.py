#!/usr/bin/env python3
"""Rows of a host's database, through Python's DB-API, into a registry file kept in step.

    examples/host_rows.py DANGBO DATABASE FILE.dangbo DAY

Shown with sqlite3; any DB-API driver gives rows the same way. What databases do, and what becomes of it:
NULL and '' are both missing; a date with a time of day loses the time; CHAR padded with spaces is trimmed; a numeric id is
text without a decimal point; an end date that still counts goes under "last day"; text in bytes is decoded by the encoding
that the host names, never guessed.
"""

import csv
import pathlib
import sqlite3
import subprocess
import sys
import tempfile

OLD_ENCODING = "cp1258"  # of columns kept as bytes

QUERIES = {
    "units": 'SELECT code AS unit_id, parent AS parent_id, name, kind, founded AS "from" FROM party_unit',
    "members": "SELECT id AS member_id, full_name, born AS birth_date FROM party_member",
    "memberships": 'SELECT member AS member_id, unit AS unit_id, \'home\' AS kind, since AS "from", last_day AS "last day" FROM party_home',
}


def cell(value):
    if value is None:
        return ""
    if isinstance(value, bytes):
        return value.decode(OLD_ENCODING)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))  # NUMBER(12) comes as 100000000001.0
    return str(value)


def write(connection, folder):
    for table, query in QUERIES.items():
        cursor = connection.cursor()
        cursor.execute(query)
        with open(folder / f"{table}.csv", "w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file)
            rows.writerow([column[0] for column in cursor.description])
            while batch := cursor.fetchmany(10_000):
                rows.writerows([cell(value) for value in row] for row in batch)


def main(dangbo, database, file, day):
    with tempfile.TemporaryDirectory() as folder:
        connection = sqlite3.connect(f"{pathlib.Path(database).resolve().as_uri()}?mode=ro", uri=True)
        try:
            write(connection, pathlib.Path(folder))
        finally:
            connection.close()
        # The day is the mark: sent again after a crash, nothing is written twice.
        call = [dangbo, "sync", folder, "--to", file, "--on", day, "--source-version", f"host {day}"]
        return subprocess.run(call, check=False).returncode


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
