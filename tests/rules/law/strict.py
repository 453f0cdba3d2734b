"""A second evaluator of rule expressions, slow and obvious: what cases expect is checked with it as well as by the
library. Values are Python's; a field without a value raises Missing, everything else that goes wrong Failed."""

import calendar
import datetime
import re

TOKEN = re.compile(
    r"""\s*(?:(?P<number>\d+)|(?P<string>"[^"]*"|'[^']*')|(?P<name>[A-Za-z_]\w*)|(?P<op>&&|\|\||[=!<>]=|[-+*/%<>!?:.,()\[\]]))"""
)


class Missing(Exception):
    pass


class Failed(Exception):
    pass


def tokens(text):
    out, at = [], 0
    while text[at:].strip():
        found = TOKEN.match(text, at)
        if not found:
            raise SyntaxError(text[at:])
        out.append((found.lastgroup, found[found.lastgroup]))
        at = found.end()
    return out + [("end", "")]


class Parser:
    LEVELS = [["||"], ["&&"], ["==", "!=", "<", "<=", ">", ">=", "in"], ["+", "-"], ["*", "/", "%"]]

    def __init__(self, text):
        self.tokens = tokens(text)
        self.at = 0

    def peek(self):
        return self.tokens[self.at][1]

    def take(self, wanted=None):
        token = self.tokens[self.at]
        if wanted is not None and token[1] != wanted:
            raise SyntaxError(f"{wanted} expected, {token[1]} found")
        self.at += 1
        return token

    def whole(self):
        tree = self.choice()
        if self.tokens[self.at][0] != "end":
            raise SyntaxError(self.peek())
        return tree

    def choice(self):
        test = self.binary(0)
        if self.peek() != "?":
            return test
        self.take()
        yes = self.choice()
        self.take(":")
        return ("if", test, yes, self.choice())

    def binary(self, level):
        if level == len(self.LEVELS):
            return self.unary()
        left = self.binary(level + 1)
        while self.peek() in self.LEVELS[level] and self.tokens[self.at][0] in ("op", "name"):
            left = (self.take()[1], left, self.binary(level + 1))
        return left

    def unary(self):
        if self.peek() in ("!", "-") and self.tokens[self.at][0] == "op":
            return ("unary", self.take()[1], self.unary())
        return self.postfix(self.primary())

    def postfix(self, tree):
        while self.peek() == ".":
            self.take()
            name = self.take()[1]
            if self.peek() == "(":
                tree = ("call", name, [tree, *self.arguments()])
            else:
                tree = ("field", tree, name)
        return tree

    def arguments(self, end=")"):
        self.take()
        out = []
        while self.peek() != end:
            out.append(self.choice())
            if self.peek() == ",":
                self.take()
        self.take(end)
        return out

    def primary(self):
        kind, text = self.tokens[self.at]
        if text == "(":
            self.take()
            tree = self.choice()
            self.take(")")
            return tree
        if text == "[":
            return ("list", self.arguments("]"))
        self.take()
        if kind == "number":
            return ("value", int(text))
        if kind == "string":
            return ("value", text[1:-1])
        if text in ("true", "false"):
            return ("value", text == "true")
        if text == "null":
            return ("null",)
        if self.peek() == "(":
            return ("call", text, self.arguments())
        return ("name", text)


def add_months(day, months):
    month = day.year * 12 + day.month - 1 + months
    year, month = divmod(month, 12)
    return datetime.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def plus(day, number, unit):
    return day + datetime.timedelta(number) if unit == "D" else add_months(day, number * (12 if unit == "Y" else 1))


def months_since(later, earlier):
    if later < earlier:
        return -months_since(earlier, later)
    months = (later.year - earlier.year) * 12 + later.month - earlier.month
    return months if add_months(earlier, months) <= later else months - 1


def working_days_since(later, earlier):
    if later < earlier:
        return -working_days_since(earlier, later)
    days = (earlier + datetime.timedelta(n) for n in range(1, (later - earlier).days + 1))
    return sum(day.weekday() < 5 for day in days)


def toward_zero(a, b):
    return abs(a) // abs(b) * (1 if (a < 0) == (b < 0) else -1)


class Record(dict):
    """Fields that are known. Relations that are not given are empty."""

    relations = frozenset()

    def field(self, name):
        if name in self:
            return self[name]
        if name in self.relations:
            return []
        raise Missing(name)


OPERATORS = {
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "in": lambda a, b: a in b,
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": toward_zero,
    "%": lambda a, b: a - b * toward_zero(a, b),
}
METHODS = {
    "year": lambda a: a.year,
    "month": lambda a: a.month,
    "day": lambda a: a.day,
    "daysSince": lambda a, b: (a - b).days,
    "monthsSince": months_since,
    "yearsSince": lambda a, b: toward_zero(months_since(a, b), 12),
    "workingDaysSince": working_days_since,
    "startsWith": lambda a, b: a.startswith(b),
    "size": len,
    "string": str,
    "date": lambda *a: datetime.date(*a) if len(a) == 3 else datetime.date.fromisoformat(a[0]),
    "period": lambda text: (int(text[1:-1]), text[-1]),
    "plus": lambda day, period, _rule="": plus(day, *period),
}


def settle(parts, evaluate, wanted):
    """All or any: the side that decides is enough; an error elsewhere is dropped."""
    problem = None
    for part in parts:
        try:
            if evaluate(part) == wanted:
                return wanted
        except (Missing, Failed) as error:
            problem = problem or error
    if problem:
        raise problem
    return not wanted


def run(tree, names):
    op = tree[0]
    value = lambda part: run(part, names)
    if op == "value":
        return tree[1]
    if op == "name":
        return names.field(tree[1])
    if op == "list":
        return [value(one) for one in tree[1]]
    if op == "if":
        return value(tree[2] if value(tree[1]) else tree[3])
    if op == "unary":
        got = value(tree[2])
        return not got if tree[1] == "!" else -got
    if op == "||" or op == "&&":
        return settle(tree[1:], value, op == "||")
    if op == "field":
        path = path_of(tree)
        if path in names:  # keys of a cohort are named by their path
            return names[path]
        return value(tree[1]).field(tree[2])
    if op == "call":
        return call(tree[1], tree[2], names)
    if tree[2] == ("null",):
        try:
            value(tree[1])
            return op == "!="
        except Missing:
            return op == "=="
    return OPERATORS[op](value(tree[1]), value(tree[2]))


def path_of(tree):
    if tree[0] == "name":
        return tree[1]
    if tree[0] == "field":
        below = path_of(tree[1])
        return below and below + "." + tree[2]
    return None


def call(name, arguments, names):
    if name in ("exists", "all", "count"):
        def each(item):
            inner = Record(names)
            inner[arguments[1][1]] = item
            return run(arguments[2], inner)

        items = run(arguments[0], names)
        if name == "count":
            return sum(each(item) for item in items)
        return settle(items, each, name == "exists")
    if name == "has":
        try:
            run(arguments[0], names)
        except Missing:
            return False
        return True
    if name not in METHODS:
        raise SyntaxError(name)
    return METHODS[name](*(run(one, names) for one in arguments))


def evaluate(text, names):
    return run(Parser(text).whole(), names)
