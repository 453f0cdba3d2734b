#!/usr/bin/env python3
"""The national pack against the dossier it was written from.

The dossier is kept as read: instruments.csv (days inclusive, as printed), dossier_parameters.csv (its table of dated
parameters) and dossier_rules.csv (every other row). Nothing here knows the pack's own figures: what a value must be
stands in the dossier's row. `law_test.py --write` renews the tables of docs/law.md.
"""

import csv
import datetime
import pathlib
import re
import sys
import unittest

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[3]
HERE = pathlib.Path(__file__).resolve().parent
PAGE = ROOT / "docs" / "law.md"
PACKS = ("national.yaml", "working_days.yaml")
TESTS = ("national_tests.yaml", "working_days_tests.yaml")
WEAK = ("C", "M-high", "M-med")
ORDER = ("A", "B") + WEAK
OPEN = datetime.date(9999, 1, 1)
# A letter that only Vietnamese text has: without one it was typed without marks.
MARKS = re.compile("[ăâđêôơưĂÂĐÊÔƠƯàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ]")


def rows(name):
    with open(HERE / name, encoding="utf-8") as file:
        return list(csv.DictReader(file))


def day(text):
    return datetime.date.fromisoformat(text)


def half_open(last):
    """The dossier prints the last day in force; packs say the first day no longer in force."""
    return day(last) + datetime.timedelta(days=1) if last else OPEN


def load(name):
    return yaml.safe_load((ROOT / "packs" / "vn" / name).read_text(encoding="utf-8"))


NATIONAL = load("national.yaml")
RULES = {id: rule for name in PACKS for id, rule in load(name)["rules"].items()}
CASES = [one for name in TESTS for one in load(name)["tests"]]
DAYS = {
    id: (day(one["in_force"]["from"]), day(one["in_force"]["until"]) if "until" in one["in_force"] else OPEN)
    for id, one in NATIONAL["instruments"].items()
}


def values(parameter):
    """[(from, until, value, citations, grade)] with open ends closed by what follows."""
    out = []
    listed = list(NATIONAL["parameters"][parameter]["values"].items())
    for i, (first, one) in enumerate(listed):
        until = day(one["until"]) if "until" in one else OPEN
        if i + 1 < len(listed):
            until = min(until, day(listed[i + 1][0]))
        out.append((day(first), until, one["value"], one["cite"], one["evidence"]))
    return out


def on(parameter, when):
    found = [one for one in values(parameter) if one[0] <= when < one[1]]
    return found[0] if found else None


def union(citations):
    """First and last day of the texts together, when they leave no gap."""
    spans = sorted(DAYS[one.split("/")[0]] for one in citations)
    first, until = spans[0]
    for begin, end in spans[1:]:
        if begin > until:
            return None
        until = max(until, end)
    return first, until


def texts(node, language):
    if isinstance(node, dict):
        if set(node) == {"vi", "en"}:
            yield node[language]
        else:
            for one in node.values():
                yield from texts(one, language)
    elif isinstance(node, list):
        for one in node:
            yield from texts(one, language)


def rule_rows():
    """Row of the dossier → rules, from the dossier's side."""
    return {one["row"]: one["rules"].split() for one in rows("dossier_rules.csv")}


class Instruments(unittest.TestCase):
    def test_both_sides_of_every_boundary(self):
        listed = rows("instruments.csv")
        self.assertEqual([one["key"] for one in listed], list(NATIONAL["instruments"]))
        for one in listed:
            first, until = DAYS[one["key"]]
            in_force = lambda when: first <= when < until
            begin = day(one["first"])
            self.assertTrue(in_force(begin), one["key"])
            self.assertFalse(in_force(begin - datetime.timedelta(days=1)), one["key"])
            self.assertEqual(until, half_open(one["last"]), one["key"])
            if one["last"]:
                self.assertTrue(in_force(day(one["last"])), one["key"])
                self.assertFalse(in_force(day(one["last"]) + datetime.timedelta(days=1)), one["key"])

    def test_number_rank_and_title(self):
        for one in rows("instruments.csv"):
            got = NATIONAL["instruments"][one["key"]]
            self.assertEqual(got.get("number", ""), one["number"])
            self.assertEqual(got["rank"], int(one["rank"]))
            self.assertEqual((got["title"]["vi"], got["title"]["en"]), (one["title_vi"], one["title_en"]))

    def test_what_is_replaced_does_not_outlive_its_successor_by_a_gap(self):
        listed = {one["key"]: one for one in rows("instruments.csv")}
        for one in listed.values():
            for before in one["replaces"].split():
                self.assertTrue(listed[before]["last"], before)
                self.assertLessEqual(day(one["first"]), half_open(listed[before]["last"]), one["key"])

    def test_every_text_names_its_source(self):
        page = (ROOT / "docs" / "law_sources.md").read_text(encoding="utf-8")
        for one in rows("instruments.csv"):
            self.assertTrue(one["source"], one["key"])
            for source in one["source"].split():
                self.assertIn(f"\n| {source} |", page, one["key"])

    def test_numbers_repeat_and_keys_do_not(self):
        numbers = [one["number"] for one in rows("instruments.csv") if one["number"]]
        for repeated in ("35-CT/TW", "01-HD/TW", "12-HD/BTCTW", "27-HD/BTCTW", "09-HD/BTCTW"):
            self.assertGreater(numbers.count(repeated), 1, repeated)


class Parameters(unittest.TestCase):
    def test_every_value_cites_a_text_in_force_on_all_its_days(self):
        for name in NATIONAL["parameters"]:
            for first, until, _, citations, grade in values(name):
                self.assertTrue(citations, name)
                self.assertIn(grade, ORDER, name)
                for citation in citations:
                    begin, end = DAYS[citation.split("/")[0]]
                    self.assertTrue(begin <= first and until <= end, f"{name} {first} {citation}")

    def test_an_unread_clause_is_graded_as_unread_or_stands_for_a_whole_text_that_was_read(self):
        # Texts of which the dossier gives no clause number although what they say was read.
        read_whole = set(
            "qd342 qd01-2026 hd42 hd12-2018 ct36 ct35-2019 ct35-2024 ct45 hd43 hd21 hd08-2025 qd294 qd299 hd31".split()
        )
        for name in NATIONAL["parameters"]:
            for first, _, _, citations, grade in values(name):
                for text, clause in (one.split("/", 1) for one in citations):
                    if clause == "*" and text not in read_whole:
                        self.assertIn(grade, WEAK, f"{name} {first} {text}")

    def test_every_row_of_the_dossier(self):
        for one in rows("dossier_parameters.csv"):
            for name in one["parameters"].split():
                first = self._first(one["from"])
                got = on(name, first)
                self.assertIsNotNone(got, f"{one['row']} {first}")
                if one["last"]:
                    self.assertIsNotNone(on(name, day(one["last"])), f"{one['row']} {one['last']}")
                # No stronger than the row says.
                grades = re.findall(r"M-high|M-med|A|B|C", one["grade"]) or ["C"]
                best = min(grades, key=ORDER.index)
                self.assertGreaterEqual(ORDER.index(got[4]), ORDER.index(best), f"{name} {first}")

    @staticmethod
    def _first(text):
        # "2010-12-28 → 2026-02-03", "2014", "2026-02 → 2028-01": the first day that is certain.
        found = re.match(r"\d{4}-\d{2}-\d{2}", text)
        if found:
            return day(found[0])
        return {"2014": datetime.date(2014, 12, 31)}.get(text[:7].strip(), datetime.date(2026, 2, 28))

    def test_figures_are_those_of_the_rows(self):
        # A number of the row in the unit of the pack. Shares of the dossier are fractions; the pack
        # counts percent, permille, thirds and halves.
        scale = {"percent": 100, "permille": 1000, "third": 3, "half": 2}
        for one in rows("dossier_parameters.csv"):
            names = one["parameters"].split()
            wanted = self._numbers(one["value"])
            if one["row"] in ("admission.education.min", "badge.years", "badge.early", "org.levels"):
                continue  # below, by hand
            for i, name in enumerate(names):
                unit = NATIONAL["parameters"][name].get("unit", "")
                got = on(name, self._first(one["from"]))[2]
                number = wanted[min(i, len(wanted) - 1)]
                if isinstance(number, float):
                    number = round(number * scale[unit])
                self.assertEqual(got, number, f"{one['row']}: {one['value']} and {name}")

    @staticmethod
    def _numbers(text):
        out = []
        for number in re.findall(r"\d+(?:,\d{3})*(?:\.\d+)?(?:/\d+)?(?: ?%)?", text):
            plain = number.replace(",", "").replace("%", "").strip()
            if "/" in plain:
                top, bottom = plain.split("/")
                out.append(int(top) / int(bottom))
            elif "%" in number:
                out.append(float(plain) / 100)
            elif "." in plain:
                out.append(float(plain))
            else:
                out.append(int(plain))
        return out

    def test_those_that_are_no_single_number(self):
        at = lambda name, *when: on(name, datetime.date(*when))
        self.assertEqual(at("admission_education_min", 2021, 7, 29)[2], "lower_secondary_or_equivalent")
        self.assertEqual(at("admission_education_min", 2021, 7, 30)[2], "lower_secondary_diploma")
        self.assertEqual(at("admission_education_min", 2026, 7, 25)[2], "lower_secondary_diploma")
        self.assertEqual(at("admission_education_min", 2026, 7, 26)[2], "lower_secondary_programme")
        first, second, step, last = (at(f"badge_{x}", 2022, 1, 1)[2] for x in ("first", "second", "step", "last"))
        badges = [first] + list(range(second, last + 1, step))
        self.assertEqual(badges, [30, 40, 45, 50, 55, 60, 65, 70, 75, 80, 85, 90])
        self.assertEqual([at(f"badge_early_{x}", 2022, 1, 1)[2] for x in ("young", "old")], [12, 24])
        self.assertEqual([at("org_levels", *d)[2] for d in ((2025, 7, 1), (2026, 7, 25), (2026, 7, 26))], [4, 4, 3])
        self.assertEqual([at("dues_student", *d)[2] for d in ((2026, 2, 2), (2026, 2, 3))], [3000, 5000])
        self.assertEqual([at("dues_noninsured_below", *d)[2] for d in ((2027, 12, 31), (2028, 1, 1))], [3, 5])
        self.assertEqual([at("eval_cap_collective", *d)[2] for d in ((2018, 3, 8), (2023, 10, 4), (2025, 8, 30))], [20] * 3)
        self.assertEqual([at("eval_e_exceed", *d)[2] for d in ((2025, 8, 29), (2025, 8, 30))], [50, 30])
        self.assertIsNone(at("dues_remit_subcell", 2026, 2, 3))

    def test_what_rests_on_a_repealed_text_is_weak_afterwards(self):
        for name, when in {
            "transfer_present_max": (2021, 7, 30),
            "cell_chiuy_max": (2021, 7, 30),
            "congress_notice": (2025, 1, 20),
            "admission_certificate_valid": (2026, 5, 19),
            "congress_term_cell_pilot": (2026, 7, 26),
            "badge_first": (2025, 6, 9),
        }.items():
            before = on(name, datetime.date(*when) - datetime.timedelta(days=1))
            after = on(name, datetime.date(*when))
            self.assertIn(before[4], ("A", "B"), name)
            self.assertIn(after[4], WEAK, name)

    def test_of_the_texts_of_2026_only_the_dues_are_active(self):
        for name in NATIONAL["parameters"]:
            for _, _, _, citations, grade in values(name):
                if any(one.split("/")[0] in ("qd208", "hd01-2026", "qd20", "hd02-2026") for one in citations):
                    self.assertIn(grade, WEAK, name)

    def test_before_29_the_implementing_rules_have_no_value(self):
        for name in ("admission_age_max", "admission_ceremony_max", "transfer_official_window", "cell_chiuy_max"):
            self.assertIsNone(on(name, datetime.date(2016, 7, 24)), name)
            self.assertIsNotNone(on(name, datetime.date(2016, 7, 25)), name)


class Rules(unittest.TestCase):
    def test_at_least_ninety(self):
        self.assertGreaterEqual(len(RULES), 90)

    def test_a_text_is_in_force_on_every_day_of_a_rule(self):
        for id, rule in RULES.items():
            for part in [rule, *rule.get("except", {}).values()]:
                span = union(part["cite"])
                effective = part.get("effective", {})
                if span is None:
                    self.fail(f"{id}: a gap between its texts")
                if "from" in effective:
                    self.assertLessEqual(span[0], day(effective["from"]), id)
                if "until" in effective:
                    self.assertGreaterEqual(span[1], day(effective["until"]), id)

    def test_weak_evidence_only_advises(self):
        for id, rule in RULES.items():
            self.assertIn(rule["evidence"], ORDER, id)
            if rule["evidence"] in WEAK:
                self.assertEqual(rule["severity"], "advisory", id)

    def test_rows_and_rules_meet(self):
        listed = rule_rows()
        named = {rule for all_rules in listed.values() for rule in all_rules}
        self.assertEqual(named, set(RULES))
        for one in rows("dossier_rules.csv"):
            self.assertNotEqual(bool(one["rules"]), bool(one["left_out_vi"] and one["left_out_en"]), one["row"])

    def test_no_rule_is_stronger_than_its_row(self):
        grades = {}
        for one in rows("dossier_rules.csv"):
            for rule in one["rules"].split():
                if one["grade"] in ORDER:
                    grades.setdefault(rule, []).append(ORDER.index(one["grade"]))
        for id, rule in RULES.items():
            if id in grades:
                self.assertGreaterEqual(ORDER.index(rule["evidence"]), min(grades[id]), id)

    def test_memory_of_the_low_kind_is_left_out(self):
        for one in rows("dossier_rules.csv"):
            if one["grade"] == "M-low":
                self.assertEqual(one["rules"], "", one["row"])

    def test_every_rule_has_a_case_that_breaks_it_and_one_that_does_not(self):
        outcomes = {}
        for case in CASES:
            for rule, subjects in case.get("expect", {}).items():
                for outcome in subjects.values():
                    word = outcome["outcome"] if isinstance(outcome, dict) else outcome
                    outcomes.setdefault(rule, set()).add((word, outcome["by"] if isinstance(outcome, dict) else ""))
        for id, rule in RULES.items():
            words = {word for word, _ in outcomes.get(id, ())}
            self.assertIn("violated", words, id)
            self.assertIn("satisfied", words, id)

    def test_every_case_names_a_row(self):
        listed = rule_rows()
        for case in CASES:
            for rule in case.get("expect", {}):
                row = re.match(r"Row (\S+?):", case["name"]["en"])[1]
                self.assertIn(rule, listed[row], case["name"])

    def test_texts_are_vietnamese_with_marks_and_name_no_person(self):
        for text in texts([NATIONAL, RULES], "vi"):
            self.assertRegex(text, MARKS)
        for text in [*texts(RULES, "vi"), *texts(RULES, "en")]:
            for field in ("full_name", "birth_date", "ethnicity", "religion", "citizen_id"):
                self.assertNotIn(field, text)

    def test_the_tree_of_each_epoch(self):
        for epoch in ("e1", "e2", "e3", "e4"):
            self.assertIn(f'"{epoch}"', RULES[f"tree-{epoch}"]["when"])
        self.assertEqual(RULES["tree-e4"]["severity"], "advisory")


def left_out(language):
    titles = {"vi": ("Dòng", "Mức", "Vì sao không thành quy tắc"), "en": ("row", "grade", "why it is no rule")}
    lines = ["| {} | {} | {} |".format(*titles[language]), "|---|---|---|"]
    for one in rows("dossier_rules.csv"):
        if one["left_out_" + language]:
            lines.append(f"| `{one['row']}` | {one['grade']} | {one['left_out_' + language]} |")
    return "\n".join(lines)


def open_choices():
    lines = ["| parameter | tham số | values | assumed |", "|---|---|---|---|"]
    for name, one in NATIONAL["parameters"].items():
        if one["type"].startswith("enum") and not name.startswith("admission_education"):
            held = values(name)[-1]
            lines.append(f"| `{name}` | {one['title']['vi']} | {one['type'][5:-1]} | {held[2]} ({held[4]}) |")
    return "\n".join(lines)


TABLES = {"left-out-vi": lambda: left_out("vi"), "left-out-en": lambda: left_out("en"), "open": open_choices}


def renewed(page):
    for name, make in TABLES.items():
        page, count = re.subn(
            rf"(<!-- {name} -->\n).*?(\n<!-- end -->)", lambda m, made=make(): m[1] + made + m[2], page, flags=re.DOTALL
        )
        if count != 1:
            raise ValueError(f"docs/law.md has {count} tables “{name}”")
    return page


class Page(unittest.TestCase):
    def test_its_tables_are_current(self):
        page = PAGE.read_text(encoding="utf-8")
        self.assertEqual(page, renewed(page), "run tests/rules/law/law_test.py --write")


if __name__ == "__main__":
    if sys.argv[1:] == ["--write"]:
        PAGE.write_text(renewed(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    else:
        unittest.main()
