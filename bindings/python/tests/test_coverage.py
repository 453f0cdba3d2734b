"""Every function of the C library is reached from Python, under the name its noun and verb give."""

from __future__ import annotations

import re
from operator import attrgetter

import pytest
from conftest import ROOT

import dangbo

HEADER = ROOT / "capi" / "include" / "dangbo.h"
CLIENT = ROOT / "capi" / "include" / "dangbo" / "client.hpp"
EXTENSION = ROOT / "bindings" / "python" / "src"

# C function -> where Python has it.
PYTHON = {
    "dangbo_version": "version_info",
    "dangbo_version_text": "__version__",
    "dangbo_abi_version": "abi_version",
    "dangbo_build_info": "build_info",
    "dangbo_error_status": "Error.__init__",  # Error.code
    "dangbo_error_message": "Error.message",
    "dangbo_error_problem_count": "Error.__init__",  # Error.problem_count
    "dangbo_error_problems": "Error.__init__",  # Error.problems
    "dangbo_registry_create": "Registry.__init__",
    "dangbo_registry_free": "Registry.close",
    "dangbo_registry_declare_file": "Registry.declare_file",
    "dangbo_registry_tables": "Registry.tables",
    "dangbo_registry_commit": "Registry.commit",
    "dangbo_registry_open": "Registry.open",
    "dangbo_registry_redact": "Registry.redact",
    "dangbo_registry_compact": "Registry.compact",
    "dangbo_file_verify": "verify",
    "dangbo_registry_advance": "Registry.advance",
    "dangbo_registry_commit_fork": "Registry.commit_fork",
    "dangbo_registry_snapshot": "Registry.snapshot",
    "dangbo_registry_memory": "Registry.memory",
    "dangbo_change_create": "Registry.change",
    "dangbo_change_free": "Change.close",
    "dangbo_change_add_path": "Change.add_path",
    "dangbo_change_add_file": "Change.add_file",
    "dangbo_change_add_stream": "Change.add_table",
    "dangbo_change_begin_rows": "Change.add_table",
    "dangbo_change_text_column": "Change.add_table",
    "dangbo_change_int64_column": "Change.add_table",
    "dangbo_change_date_column": "Change.add_table",
    "dangbo_change_bool_column": "Change.add_table",
    "dangbo_change_begin_corrections": "Change.correct",
    "dangbo_change_begin_values": "Change.correct",
    "dangbo_change_begin_withdrawals": "Change.withdraw",
    "dangbo_change_end_rows": "Change.add_table",
    "dangbo_change_add_script": "Change.add_script",
    "dangbo_change_add_script_text": "Change.operate",
    "dangbo_change_mark_synthetic": "Change.mark_synthetic",
    "dangbo_change_check": "Change.check",
    "dangbo_change_set_aside": "Change.set_aside",
    "dangbo_registry_difference": "Registry.difference",
    "dangbo_registry_commit_difference": "Registry.commit_difference",
    "dangbo_difference_free": "Difference.close",
    "dangbo_difference_counts": "Difference.rows",
    "dangbo_difference_script": "Difference.script",
    "dangbo_difference_findings": "Difference.findings",
    "dangbo_difference_set_aside": "Difference.reasons",
    "dangbo_view_find_entity": "View.find_entity",
    "dangbo_snapshot_commit": "Snapshot.commit",
    "dangbo_snapshot_free": "Snapshot.close",
    "dangbo_snapshot_as_of": "Snapshot.as_of",
    "dangbo_snapshot_commit_at_time": "Snapshot.commit_at",
    "dangbo_snapshot_current_day": "Snapshot.current_day",
    "dangbo_snapshot_is_synthetic": "Snapshot.is_synthetic",
    "dangbo_snapshot_log": "Snapshot.log",
    "dangbo_snapshot_changes": "Snapshot.changes",
    "dangbo_snapshot_agenda": "Snapshot.agenda",
    "dangbo_snapshot_code_mapping": "Snapshot.code_mapping",
    "dangbo_snapshot_rows": "Snapshot.rows",
    "dangbo_snapshot_fork": "Snapshot.fork",
    "dangbo_snapshot_view": "Snapshot.on",
    "dangbo_snapshot_query": "Snapshot.query",
    "dangbo_expr_compile": "Expression.__init__",
    "dangbo_snapshot_expr": "Snapshot.expression",
    "dangbo_expr_evaluate": "Expression.evaluate",
    "dangbo_expr_evaluate_row": "Expression.evaluate_row",
    "dangbo_expr_explain": "Expression.explain",
    "dangbo_expr_run_create": "Expression.evaluate_arrays",
    "dangbo_expr_run_column": "Expression.evaluate_arrays",
    "dangbo_expr_run_text_column": "Expression.evaluate_arrays",
    "dangbo_expr_run_evaluate": "Expression.evaluate_arrays",
    "dangbo_expr_run_planes": "ArrayValues.values",
    "dangbo_expr_run_values": "ArrayValues.values",
    "dangbo_expr_run_type": "ArrayValues.values",
    "dangbo_expr_run_word": "ArrayValues.values",
    "dangbo_expr_run_reason": "ArrayValues.reason",
    "dangbo_view_free": "View.close",
    "dangbo_view_day": "View.day",
    "dangbo_view_find_unit": "View.find_unit",
    "dangbo_view_total": "View.total",
    "dangbo_view_find_measure": "View.total",
    "dangbo_view_trend": "View.trend",
    "dangbo_registry_declare_measure": "Registry.declare_measure",
    "dangbo_registry_declare_grouping": "Registry.declare_grouping",
    "dangbo_view_find_grouping": "View.groups",
    "dangbo_view_group_words": "View.groups",
    "dangbo_view_group_counts": "View.groups",
    "dangbo_view_query": "View.query",
    "dangbo_view_query_run": "View.query",
    "dangbo_view_tree": "View.tree",
    "dangbo_view_lineage": "View.lineage",
    "dangbo_view_report": "View.report",
    "dangbo_view_freeze": "View.freeze",
    "dangbo_frozen_table": "Frozen.table",
    "dangbo_pack_read": "Pack.__init__",
    "dangbo_pack_compile": "Pack.compile",
    "dangbo_pack_rules": "Pack.rules",
    "dangbo_view_check": "View.check",
    "dangbo_view_due": "View.due",
    "dangbo_view_explain_finding": "View.explain",
    "dangbo_view_what_if": "View.what_if",
    "dangbo_checker_start": "Checker.__init__",
    "dangbo_checker_update": "Checker.update",
    "dangbo_checker_findings": "Checker.findings",
    "dangbo_checker_free": "Checker.close",
    "dangbo_snapshot_compare": "Snapshot.compare",
    "dangbo_table_row_count": "Table.__len__",
    "dangbo_table_column_count": "Table.columns",
    "dangbo_table_column_name": "Table.columns",
    "dangbo_table_column_type": "Table.types",
    "dangbo_table_is_missing": "Table.column",
    "dangbo_table_int64s": "Table.to_numpy",
    "dangbo_table_reals": "Table.to_numpy",
    "dangbo_table_codes": "Table.column",
    "dangbo_table_value": "Table.column",
    "dangbo_table_format": "Table.to_text",
    "dangbo_table_provenance": "Table.provenance",
    "dangbo_table_export_stream": "Table.__arrow_c_stream__",
}

# C function -> why Python users never meet it.
EXCUSED = {
    "dangbo_check_abi": "asked once by the extension when it is imported",
    "dangbo_error_free": "an error becomes an exception at once",
    "dangbo_text_data": "a text becomes a str at once",
    "dangbo_text_free": "a text becomes a str at once",
    "dangbo_expr_free": "an expression is freed with its Python object",
    "dangbo_pack_free": "a pack is freed with its Python object",
    "dangbo_expr_run_free": "a run is freed with its Python object",
    "dangbo_table_free": "a table is freed with its Python object",
}


def functions(text: str) -> set[str]:
    """What dangbo.h declares."""
    bare = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    return set(re.findall(r"^DANGBO_API\b[^;(]*?\b(dangbo_\w+)\s*\(", bare, re.MULTILINE))


def test_every_function_is_reached_or_excused() -> None:
    declared = functions(HEADER.read_text(encoding="utf-8"))
    assert declared == PYTHON.keys() | EXCUSED.keys()
    assert not PYTHON.keys() & EXCUSED.keys()


def test_the_extension_calls_every_function() -> None:
    files = [*sorted(CLIENT.parent.glob("client*.hpp")), *sorted(EXTENSION.glob("*.cpp"))]
    code = "".join(path.read_text(encoding="utf-8") for path in files)
    called = set(re.findall(r"\bdangbo_\w+\b", re.sub(r"//[^\n]*", "", code)))
    declared = functions(HEADER.read_text(encoding="utf-8"))
    assert declared - called == set()


@pytest.mark.parametrize("name", sorted(set(PYTHON.values())))
def test_python_has_the_name(name: str) -> None:
    assert attrgetter(name)(dangbo) is not None


def test_what_is_public_is_documented() -> None:
    for name in dangbo.__all__:
        thing = getattr(dangbo, name)
        if not isinstance(thing, type):
            continue
        assert thing.__doc__, name
        for member, value in vars(thing).items():
            if not member.startswith("_") and (callable(value) or isinstance(value, property)):
                assert value.__doc__, f"{name}.{member}"


def test_the_search_sees_what_is_missing() -> None:
    planted = 'DANGBO_API const char* dangbo_a_b(int x);\n/* DANGBO_API int dangbo_c(void); */\n'
    assert functions(planted) == {"dangbo_a_b"}
