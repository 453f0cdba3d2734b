#!/usr/bin/env python3
"""The hand-worked cases of the packs, run by a second evaluator (strict.py): what a case expects must follow from the
words of its rule, whatever the library's own evaluator thinks."""

import datetime
import pathlib
import sys
import unittest

import yaml

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from strict import Failed, Missing, Record, evaluate  # noqa: E402

PACKS = pathlib.Path(__file__).resolve().parents[3] / "packs"
NATIONAL = ["vn/national.yaml"]
Record.relations = frozenset(
    "members all_members memberships children descendants ancestors decisions posts absences contacts evaluations dues "
    "meetings congresses plans headcounts recognitions registrations checklist unit_events training items".split()
)
# Columns that hold days: their text becomes one.
DATES = frozenset(
    "from until date day received_on announced_on effective_from effective_until birth_date decision_date joined_date "
    "full_date status_date admitted_on left_on arrived_on issued_on presented_on held_on planned_on due_on notified_on "
    "papers_sent_on archived_on first_day last_day previous_held_on self_reviewed_on graded_on above_graded_on "
    "above_self_reviewed_on form_returned_on paid_on approved_on".split()
)


def load(names):
    return [yaml.safe_load((PACKS / name).read_text(encoding="utf-8")) for name in names]


def record(given):
    out = Record()
    for key, value in given.items():
        if key == "count":
            continue
        if isinstance(value, dict):
            out[key] = record(value)
        elif isinstance(value, list):
            out[key] = [one for item in value for one in [record(item)] * item.get("count", 1)]
        elif key in Record.relations:
            out[key] = [Record()] * value
        else:
            out[key] = datetime.date.fromisoformat(value) if key in DATES else value
    return out


def in_force(span, when):
    first, until = span.get("from"), span.get("until")
    return (not first or when >= datetime.date.fromisoformat(first)) and (
        not until or when < datetime.date.fromisoformat(until)
    )


class Pack:
    def __init__(self, names):
        self.parameters, self.rules, self.cases, self.texts = {}, {}, [], {}
        for layer in load(names):
            self.texts.update(layer.get("instruments", {}))
            self.parameters.update(layer.get("parameters", {}))
            self.rules.update(layer.get("rules", {}))
            for name, given in layer.get("set", {}).items():
                self.parameters[name]["values"].update(given)
            for name, given in layer.get("except", {}).items():
                self.rules[name].setdefault("except", {}).update(given)
            self.cases += layer.get("tests", [])

    def parameter(self, name, when):
        days = [first for first in self.parameters[name]["values"] if datetime.date.fromisoformat(first) <= when]
        if not days:
            raise Missing(name)
        value = self.parameters[name]["values"][max(days)]
        if "until" in value and when >= datetime.date.fromisoformat(value["until"]):
            raise Missing(name)
        return value["value"]

    def applies(self, part, when):
        """Inside `effective`, or while any of its texts is in force."""
        if not in_force(part.get("effective", {}), when):
            return False
        return any(in_force(self.texts[one.split("/")[0]]["in_force"], when) for one in part["cite"])

    def outcome(self, id, given, when):
        rule = self.rules[id]
        if not self.applies(rule, when):
            return "not in force", ""
        names = Record({"as_of": when, "self": record(given)})
        for key, value in given.items():
            names[key] = value  # keys of a cohort, by their path
        names["param"] = Parameters(self, when)
        names["self"] = record(given)
        try:
            if "when" in rule and not evaluate(rule["when"], names):
                return "out_of_scope", ""
            for name, text in rule.get("let", {}).items():
                names[name] = evaluate(text, names)
            if evaluate(rule["require"], names):
                return "satisfied", ""
        except (Missing, Failed) as problem:
            return "undecidable", str(problem)
        for label, one in rule.get("except", {}).items():
            if self.applies(one, when) and evaluate(one["when"], names):
                return ("waived" if one["effect"] == "waive" else "downgraded"), label
        return "violated", ""


class Parameters(Record):
    def __init__(self, pack, when):
        super().__init__()
        self.pack, self.when = pack, when

    def field(self, name):
        return self.pack.parameter(name, self.when)


class Cases(unittest.TestCase):
    def check(self, names):
        pack = Pack(names)
        self.assertGreater(len(pack.cases), 10)
        for case in pack.cases:
            if "generate" in case:
                continue
            when = datetime.date.fromisoformat(case["as_of"])
            for rule, subjects in case["expect"].items():
                for subject, wanted in subjects.items():
                    with self.subTest(case["name"]["en"], rule=rule):
                        got = pack.outcome(rule, case["given"][subject], when)
                        expected = (wanted["outcome"], wanted["by"]) if isinstance(wanted, dict) else (wanted, "")
                        self.assertEqual(got, expected)

    def test_national(self):
        self.check(NATIONAL + ["vn/national_tests.yaml"])

    def test_working_days(self):
        self.check(NATIONAL + ["vn/working_days.yaml", "vn/working_days_tests.yaml"])

    def test_provincial_example(self):
        self.check(NATIONAL + ["example/province.yaml"])


if __name__ == "__main__":
    unittest.main()
