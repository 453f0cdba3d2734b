#!/usr/bin/env python3
"""The source tree under test: every rule of the house that a machine can read.

Each rule is a function from a root folder to a list of offences. SourceTree runs it on this repository; Planted runs it
on a small tree with the offence planted in it, so that a rule that no longer sees anything fails as well.
"""

import os
import pathlib
import re
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent

# Each room may use those before it. The same order as DANGBO_ROOMS in CMakeLists.txt.
ROOMS = (
    "base time table party hierarchy registry load expr rollup rules disclosure planning report"
).split()

TOP_LEVEL = set(
    "CMakeLists.txt include src capi bindings benchmarks tests LICENSE README.md CHANGELOG.md CONTRIBUTING.md "
    "CMakePresets.json NOTICE dev cmake docs examples packs".split()
)
IGNORED_TOP_LEVEL = {"build", "CMakeUserPresets.json"}

LINE_LIMIT = 100
FILE_LIMIT = 700  # the aim is 600; the rest is grace while a file is being divided
# The C interface is one header, which hosts read by machine; it is as long as the interface is.
LONG_FILES = {"capi/include/dangbo.h": 1000}
FUNCTION_LIMIT = 70
TEST_FUNCTION_LIMIT = 100
README_LIMIT = 20

# Where synthetic identity numbers are made; nowhere else may one that looks real stand.
GENERATOR = "benchmarks/data/generator"

CPP = {".hpp", ".cpp", ".h", ".c"}
TEXT = CPP | {".py", ".pyi", ".sh", ".cmake", ".txt", ".md", ".json", ".yaml", ".yml", ".toml", ".in", ".csv", ".map"}
# The Arrow structs are a published ABI in plain C that hosts may include as well.
ARROW_ABI = "dangbo/table/arrow/abi.h"

# ---- Reading ------------------------------------------------------------------------------------------------------


def files(root, *tops, suffixes=CPP):
    """(path relative to root, text) of every file below the given folders (default: all), in order."""
    found = []
    for folder, folders, names in os.walk(root):
        here = pathlib.Path(folder)
        at_root = here == pathlib.Path(root)
        folders[:] = sorted(
            name
            for name in folders
            if name != "__pycache__"
            and not (at_root and name in IGNORED_TOP_LEVEL)
            and (not name.startswith(".") or name == ".ci")
        )
        for name in names:
            path = here / name
            relative = path.relative_to(root).as_posix()
            if tops and relative.split("/")[0] not in tops:
                continue
            if path.suffix in suffixes or (path.suffix == "" and relative in ("dev", ".ci/run")):
                if path.suffix in suffixes or suffixes is TEXT:
                    found.append((relative, path.read_text(encoding="utf-8")))
    return sorted(found)


_TOKEN = re.compile(
    r"""
    (?P<raw> (?:u8|[uUL])?R"(?P<mark>[^()\\\s]{0,16})\(.*?\)(?P=mark)" )
  | (?P<string> (?:u8|[uUL])?"(?:\\.|[^"\\\n])*" )
  | (?P<number> \b[0-9](?:'?[0-9A-Za-z_.])* )
  | (?P<char> '(?:\\.|[^'\\\n])+' )
  | (?P<line> //[^\n]* )
  | (?P<block> /\*.*?\*/ )
    """,
    re.VERBOSE | re.DOTALL,
)


def blank(text, strings=True):
    """The text with comments, and string and character literals if asked, made of spaces; lines stay where they are."""

    def replace(match):
        if match.lastgroup == "number" or (not strings and match.lastgroup in ("raw", "string", "char", "mark")):
            return match.group(0)
        return re.sub(r"[^\n]", " ", match.group(0))

    return _TOKEN.sub(replace, text)


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


def offences(relative, text, pattern, what):
    return [f"{relative}:{line_of(text, match.start())}: {what}" for match in re.finditer(pattern, text)]


def includes(text):
    """(line, name, is quoted) of every include of a C or C++ file."""
    # A comment may quote an include, a literal may not be blanked: the name itself is one.
    for match in re.finditer(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', blank(text, strings=False), re.MULTILINE):
        yield line_of(text, match.start()), match.group(2), match.group(1) == '"'


def room_of(relative):
    parts = relative.split("/")
    if parts[0] == "src" and len(parts) > 2:
        return parts[1]
    if parts[:2] == ["include", "dangbo"] and len(parts) > 3:
        return parts[2]
    return None


# ---- Rules --------------------------------------------------------------------------------------------------------


def include_direction(root):
    """A room includes itself and the rooms before it; the skins see only the doors they may use."""
    found = []
    for relative, text in files(root):
        for line, name, quoted in includes(text):
            reason = _wrong_include(root, relative, name, quoted)
            if reason:
                found.append(f"{relative}:{line}: includes {name}: {reason}")
    for relative, text in files(root, "src", suffixes={".txt"}):
        room = room_of(relative)
        for used in re.findall(r"\bdangbo::(\w+)", re.sub(r"#.*", "", text)):
            if room in ROOMS and used in ROOMS and ROOMS.index(used) > ROOMS.index(room):
                found.append(f"{relative}: {room} links dangbo::{used}, a room below it")
    return found


def _wrong_include(root, relative, name, quoted):
    top = relative.split("/")[0]
    room = room_of(relative)
    public = re.match(r"dangbo/(\w+)/", name)
    target = public.group(1) if public and public.group(1) in ROOMS else None
    if name.startswith("dangbo/") and not quoted and top in ("include", "src"):
        return "our own headers are included with quotes"
    if name == "dangbo/dangbo.hpp" and top in ("include", "src", "capi"):
        return "the umbrella is for users"
    if top == "include":
        if quoted and not name.startswith("dangbo/"):
            return "a public header includes public headers by their full name"
    if room in ROOMS:
        if target and ROOMS.index(target) > ROOMS.index(room):
            return f"{room} may not use {target}, a room below it"
        if name == "dangbo.h" or name.startswith("dangbo/client"):
            return "a room knows nothing of the C library"
        other = name.split("/")[0]
        if quoted and top == "src" and other in ROOMS and other != room:
            return "the inside of another room"
    elif room == "cli" and quoted and not name.startswith("dangbo/"):
        # Its own files stand beside it and are named without, or with, its folder.
        inside = name.removeprefix("cli/")
        if inside.startswith("..") or not (pathlib.Path(root) / "src/cli" / inside).exists():
            return "the command uses public headers only"
    elif top == "capi":
        if relative.startswith("capi/include/"):
            if target and name != ARROW_ABI:
                return "the C library's headers know no C++ room"
        elif quoted and name.split("/")[0] in ROOMS:
            return "the inside of a room"
    elif top == "bindings" and name.startswith("dangbo/"):
        if name != ARROW_ABI and not name.startswith("dangbo/client"):
            return "bindings see dangbo.h only"
    return None


_BUDGET_FORBIDDEN = {
    "iostream": "costs every user a static constructor",
    "regex": "slow to compile and to run",
    "format": "not in g++ 12",
    "expected": "not in g++ 12",
    "boost/date_time/gregorian/gregorian.hpp": "use gregorian_types.hpp",
}


def include_budget(root):
    """What a public header may ask of the compiler of its user."""
    found = []
    for relative, text in files(root, "include"):
        door = relative.removeprefix("include/dangbo/")
        for line, name, quoted in includes(text):
            reason = _BUDGET_FORBIDDEN.get(name)
            if name.startswith(("absl/container/", "absl/strings/")) and door != "base/absl.hpp":
                reason = "Abseil's containers and strings are for bodies"
            elif name == "dangbo/base/absl.hpp":
                reason = "for bodies"
            elif name.startswith("boost/") and not name.startswith("boost/date_time/gregorian/"):
                if door != "hierarchy/boost_graph.hpp":
                    reason = "Boost.Graph is in hierarchy/boost_graph.hpp only"
            elif name.startswith("absl/status/") and (
                door == "base/ids.hpp" or door.startswith(("time/", "hierarchy/"))
            ):
                reason = "this header has no failure to report"
            elif not quoted and "/" in name and not name.startswith(("boost/", "absl/")):
                reason = "an outside library in a public header"
            if reason:
                found.append(f"{relative}:{line}: includes {name}: {reason}")
        found += offences(
            relative, blank(text), r"\|\s*std::(?:ranges::)?views::", "a pipeline of views in a public header"
        )
    return found


_CONTAINER = re.compile(r"\b(?:namespace|class|struct|union|enum)\b|\bextern\s*$")


def functions(text):
    """(first line, number of lines) of every function body, found by its braces."""
    code = re.sub(r"^[ \t]*#(?:[^\n\\]|\\\n|\\.)*", lambda m: re.sub(r"[^\n]", " ", m.group(0)), blank(text), flags=re.M)
    stack = []
    head = 0
    parentheses = 0
    for match in re.finditer(r"[{};()]", code):
        at = match.start()
        if match.group(0) in "()":
            parentheses = max(0, parentheses + (1 if match.group(0) == "(" else -1))
            continue
        # Braces between parentheses are default arguments, or lambdas that belong to the function around them.
        if parentheses:
            continue
        if match.group(0) == "{":
            stack.append((_kind(code[head:at], stack), at))
        elif match.group(0) == "}" and stack:
            kind, start = stack.pop()
            if kind == "function":
                first = line_of(code, start)
                yield first, line_of(code, at) - first + 1
        head = at + 1


def _kind(head, stack):
    if any(kind in ("function", "value") for kind, _ in stack):
        return "value"
    flat = head
    while True:
        shorter = re.sub(r"\([^()]*\)", "\x01", flat)
        if shorter == flat:
            break
        flat = shorter
    is_call = "\x01" in flat
    if _CONTAINER.search(flat) and not (is_call and re.search(r"\x01[^\x01]*$", flat) and _returns_type(flat)):
        return "container"
    assigned = re.search(r"(?<!operator)(?<![=!<>])=(?!=)", flat)
    if is_call and (not assigned or re.search(r"\]\s*(?:\x01|<)", flat)):
        return "function"
    return "value"


def _returns_type(flat):
    """`struct Point make(int) {` is a function; `class alignas(8) Row {` and `template <…> struct X {` are not."""
    return re.search(r"\w\s*\x01\s*(?:const|noexcept|override|final|->.*)?\s*$", flat, re.DOTALL) is not None


def function_length(root):
    found = []
    for relative, text in files(root):
        limit = TEST_FUNCTION_LIMIT if relative.startswith("tests/") else FUNCTION_LIMIT
        for line, count in functions(text):
            if count > limit:
                found.append(f"{relative}:{line}: a function of {count} lines, the limit is {limit}")
    return found


def file_length(root):
    return [
        f"{relative}: {text.count(chr(10))} lines, the limit is {FILE_LIMIT}"
        for relative, text in files(root, suffixes=CPP | {".py", ".cmake"})
        if text.count("\n") > LONG_FILES.get(str(relative), FILE_LIMIT)
    ]


def line_length(root):
    return [
        f"{relative}:{number}: {len(line)} characters, the limit is {LINE_LIMIT}"
        for relative, text in files(root)
        for number, line in enumerate(text.splitlines(), 1)
        # A raw string holds what it holds; breaking it would change it.
        if len(line) > LINE_LIMIT and 'R"' not in line and not re.search(r"https?://\S+$", line)
    ]


# Written in halves, so that this file is not its own first offender.
_UNFINISHED = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")
_MACHINE_PATH = re.compile(r"(?<![\w.$}>-])/(?:ho" + r"me|wo" + r"rk|ro" + r"ot|Us" + r"ers|tm" + r"p)/\w")


def forbidden_words(root):
    found = []
    for relative, text in files(root):
        code = blank(text)
        top = relative.split("/")[0]
        found += offences(relative, code, r"\bstd::endl\b", "std::endl flushes; write '\\n'")
        if top in ("include", "capi", "src") and not relative.startswith("src/cli/"):
            printing = r"\b(?:v?f?printf|f?puts|putchar)\s*\(|\bstd::(?:cout|cerr|clog)\b"
            found += offences(relative, code, printing, "the library prints nothing")
            found += offences(relative, code, r"\b(?:abort|_?exit|quick_exit|terminate)\s*\(", "the library never ends its host")
            # Out of memory is said as operator new says it; the C layer turns it into a status.
            throwing = r"\bthrow\b(?!\s*std::bad_alloc\b)"
            # client.hpp is compiled into C++ users of the C library, who asked for exceptions.
            if not relative.startswith("capi/include/dangbo/client"):
                found += offences(relative, code, throwing, "the library throws nothing")
            found += offences(relative, code, r"\bsetlocale\s*\(|\bgetenv\s*\(", "the library reads no environment")
        if top in ("include", "capi", "src", "bindings"):
            arithmetic = r"(?<![\w.])(?:boost::|gregorian::|std::chrono::)*(?:months|years)\s*[({]"
            found += offences(relative, code, arithmetic, "months are added by add_months only, with a named rule")
    for relative, text in files(root, suffixes=TEXT):
        found += offences(relative, text, _UNFINISHED, "unfinished work")
        found += offences(relative, text, _MACHINE_PATH, "a path of somebody's machine")
    return found


def _words_of(root, relative):
    """All words of the CMakeLists.txt files in the folder of a file and above it."""
    words = set()
    folder = (pathlib.Path(root) / relative).parent
    while True:
        lists = folder / "CMakeLists.txt"
        if lists.exists():
            words.update(re.findall(r"[^\s()\"]+", re.sub(r"#.*", "", lists.read_text(encoding="utf-8"))))
        if folder == pathlib.Path(root):
            return words
        folder = folder.parent


def headers_are_named(root):
    """A header in no file set is neither installed nor checked to compile alone."""
    found = []
    for relative, _ in files(root, "include"):
        door = relative.removeprefix("include/dangbo/")
        room, _, name = door.partition("/")
        lists = pathlib.Path(root) / "src" / (room if name else "") / "CMakeLists.txt"
        text = lists.read_text(encoding="utf-8") if lists.exists() else ""
        text = re.sub(r"#.*", "", text)
        declared = re.search(r"\bHEADERS\b(.*?)(?:\b(?:SOURCES|USES|PRIVATE_USES)\b|\))", text, re.DOTALL) if name else None
        words = (declared.group(1) if declared else text).split()
        if not any(word.rstrip(")") == (name or door) or word.rstrip(")").endswith("/" + door) for word in words):
            found.append(f"{relative}: not among the HEADERS of src/{room if name else ''}/CMakeLists.txt".replace("//", "/"))
    return found


def sources_are_built(root):
    found = []
    for relative, _ in files(root, "src", "capi", "tests", "bindings", "benchmarks", "examples"):
        path = pathlib.PurePosixPath(relative)
        # Example and consumer projects are built by their own lists, which the same search finds.
        if path.suffix not in (".cpp", ".c"):
            continue
        ends = {"/".join(path.parts[index:]) for index in range(len(path.parts))}
        words = _words_of(root, relative)
        if not any(word in ends or word.split("}/")[-1] in ends for word in words):
            found.append(f"{relative}: named in no CMakeLists.txt, so nobody builds it")
    return found


def rooms_have_readme(root):
    found = []
    source = pathlib.Path(root) / "src"
    for room in sorted(path for path in source.iterdir() if path.is_dir()):
        readme = room / "README.md"
        if not readme.exists():
            found.append(f"src/{room.name}: no README.md")
        elif (count := len(readme.read_text(encoding="utf-8").splitlines())) > README_LIMIT:
            found.append(f"src/{room.name}/README.md: {count} lines, the limit is {README_LIMIT}")
        if room.name not in ROOMS and room.name != "cli":
            found.append(f"src/{room.name}: not one of the rooms")
    return found


def top_level(root):
    return [
        f"{path.name}: does not belong at the top level"
        for path in sorted(pathlib.Path(root).iterdir())
        if path.name not in TOP_LEVEL | IGNORED_TOP_LEVEL and not path.name.startswith(".")
    ]


def code_is_ascii(root):
    """Vietnamese belongs in comments and literals; an identifier that only looks like another is a trap."""
    found = []
    for relative, text in files(root):
        if text.startswith("\ufeff"):
            found.append(f"{relative}:1: a byte order mark")
        found += offences(relative, blank(text.lstrip("\ufeff")), r"[^\x00-\x7f]", "non-ASCII outside comment and literal")
        # Invisible or direction-changing characters have no business anywhere in code.
        found += offences(relative, text, "[\u200b-\u200f\u202a-\u202e\u2060-\u2069]", "an invisible character")
    return found


# Twelve digits: province 001 … 096, century and sex 0 … 3, year, six more. Invented ones use province 000 or 097 on.
_CITIZEN_NUMBER = re.compile(r"(?<![\w.])(?:0(?:0[1-9]|[1-8]\d|9[0-6]))[0-3]\d{8}(?![\w.]?\d|\w)")


def no_citizen_numbers(root):
    found = []
    for relative, text in files(root, suffixes=TEXT):
        if not relative.startswith(GENERATOR):
            found += offences(relative, text, _CITIZEN_NUMBER, "looks like a real citizen number")
    return found


# ---- The repository -----------------------------------------------------------------------------------------------


class SourceTree(unittest.TestCase):
    def _clean(self, rule):
        found = rule(ROOT)
        if found:
            self.fail(f"{len(found)} offences\n" + "\n".join(found))

    def test_include_direction(self):
        self._clean(include_direction)

    def test_include_budget(self):
        self._clean(include_budget)

    def test_function_length(self):
        self._clean(function_length)

    def test_file_length(self):
        self._clean(file_length)

    def test_line_length(self):
        self._clean(line_length)

    def test_forbidden_words(self):
        self._clean(forbidden_words)

    def test_headers_are_named(self):
        self._clean(headers_are_named)

    def test_sources_are_built(self):
        self._clean(sources_are_built)

    def test_rooms_have_readme(self):
        self._clean(rooms_have_readme)

    def test_top_level(self):
        self._clean(top_level)

    def test_code_is_ascii(self):
        self._clean(code_is_ascii)

    def test_no_citizen_numbers(self):
        self._clean(no_citizen_numbers)

    def test_rooms_agree_with_cmake(self):
        text = (ROOT / "CMakeLists.txt").read_text(encoding="utf-8")
        built = re.search(r"set\(DANGBO_ROOMS ([^)]*)\)", text).group(1).split()
        self.assertEqual([room for room in ROOMS if room in built], built)


# ---- The rules themselves -----------------------------------------------------------------------------------------


class Planted(unittest.TestCase):
    """Every rule passes over a clean small tree and sees each offence planted in it."""

    def _offences(self, rule, tree):
        with tempfile.TemporaryDirectory() as folder:
            for relative, text in tree.items():
                path = pathlib.Path(folder) / relative
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
            return rule(folder)

    def _caught(self, rule, *trees):
        for tree in trees:
            self.assertNotEqual([], self._offences(rule, tree), tree)

    def _passed(self, rule, *trees):
        for tree in trees:
            self.assertEqual([], self._offences(rule, tree), tree)

    def test_include_direction(self):
        self._caught(
            include_direction,
            {"include/dangbo/base/a.hpp": '#include "dangbo/time/date.hpp"\n'},
            {"src/time/a.cpp": '#include "dangbo/table/table.hpp"\n'},
            {"src/rollup/a.cpp": '#include "registry/inside.hpp"\n'},
            {"src/rollup/a.cpp": "#include <dangbo/base/ids.hpp>\n"},
            {"src/rollup/a.cpp": '#include "dangbo.h"\n'},
            {"include/dangbo/time/a.hpp": '#include "dangbo/dangbo.hpp"\n'},
            {"include/dangbo/time/a.hpp": '#include "date.hpp"\n'},
            {"src/cli/main.cpp": '#include "registry/inside.hpp"\n'},
            {"src/cli/main.cpp": '#include "../registry/inside.hpp"\n', "src/registry/inside.hpp": ""},
            {"capi/src/a.cpp": '#include "registry/inside.hpp"\n'},
            {"capi/include/dangbo.h": '#include "dangbo/time/date.hpp"\n'},
            {"bindings/python/a.cpp": "#include <dangbo/time/date.hpp>\n"},
            {"src/time/CMakeLists.txt": "dangbo_room(time USES dangbo::base dangbo::table)\n"},
        )
        self._passed(
            include_direction,
            {"include/dangbo/time/a.hpp": '#include "dangbo/base/ids.hpp"\n'},
            {"src/time/a.cpp": '// #include "dangbo/table/table.hpp"\n'},
            {"src/cli/main.cpp": '#include "cli/options.hpp"\n#include "options.hpp"\n', "src/cli/options.hpp": ""},
            {"capi/include/dangbo.h": f'#include "{ARROW_ABI}"\n', "capi/src/a.cpp": '#include "dangbo/time/date.hpp"\n'},
            {"bindings/python/a.cpp": '#include "dangbo.h"\n'},
            {"src/time/CMakeLists.txt": "dangbo_room(time USES dangbo::base) # never dangbo::table\n"},
        )

    def test_include_budget(self):
        header = "include/dangbo/time/a.hpp"
        self._caught(
            include_budget,
            {header: "#include <iostream>\n"},
            {header: "#include <absl/container/flat_hash_map.h>\n"},
            {header: "#include <absl/strings/str_cat.h>\n"},
            {header: "#include <absl/status/statusor.h>\n"},
            {header: "#include <boost/graph/graph_traits.hpp>\n"},
            {header: "#include <boost/date_time/gregorian/gregorian.hpp>\n"},
            {header: "#include <nlohmann/json.hpp>\n"},
            {header: '#include "dangbo/base/absl.hpp"\n'},
            {header: "auto a = b | std::views::take(3);\n"},
        )
        self._passed(
            include_budget,
            {header: "#include <ranges>\n#include <boost/date_time/gregorian/gregorian_types.hpp>\n"},
            {"include/dangbo/table/a.hpp": "#include <absl/status/statusor.h>\n"},
            {"include/dangbo/hierarchy/boost_graph.hpp": "#include <boost/graph/graph_traits.hpp>\n"},
        )

    def test_function_length(self):
        def body(count):
            return "{\n" + "  f();\n" * (count - 2) + "}\n"

        for head in (
            "int f() ",
            "namespace a {\nint f(std::vector<int> v = {}) noexcept ",
            "class A {\n public:\n  A() : a_{1}, b_(2) ",
            "struct A {\n bool operator==(const A& b) const ",
            "auto f = [](int a) ",
            "template <class T>\n  requires(std::is_integral_v<T>)\nauto f(T a) -> struct B ",
        ):
            ends = "};\n" if "class A {" in head or "struct A {" in head else "}\n" if "namespace" in head else ""
            self._caught(function_length, {"src/a.cpp": head + body(FUNCTION_LIMIT + 1) + ends})
            self._passed(function_length, {"src/a.cpp": head + body(FUNCTION_LIMIT) + ends})
        test = "TEST(A, B) "
        self._caught(function_length, {"tests/a.cpp": test + body(TEST_FUNCTION_LIMIT + 1)})
        self._passed(
            function_length,
            {"tests/a.cpp": test + body(TEST_FUNCTION_LIMIT)},
            {"src/a.cpp": "constexpr int kTable[] = " + "{\n" + "  1,\n" * 200 + "};\n"},
            {"src/a.cpp": "class A {\n" + "  int f() { return 1'000; }\n" * 200 + "};\n"},
            {"src/a.cpp": "// it's {\n" * 200 + 'auto s = R"({{{)";\nint f() {}\n' + "int a;\n" * 200},
        )

    def test_file_length(self):
        self._caught(file_length, {"src/a.cpp": "int a;\n" * (FILE_LIMIT + 1)})
        self._passed(file_length, {"src/a.cpp": "int a;\n" * FILE_LIMIT})

    def test_line_length(self):
        self._caught(line_length, {"src/a.cpp": "// " + "x" * (LINE_LIMIT - 2) + "\n"})
        # Characters count, not bytes.
        self._passed(line_length, {"src/a.cpp": "// " + "ộ" * (LINE_LIMIT - 3) + "\n"})

    def test_forbidden_words(self):
        self._caught(
            forbidden_words,
            {"src/cli/a.cpp": "out << std::endl;\n"},
            {"src/time/a.cpp": 'std::printf("a");\n'},
            {"src/time/a.cpp": "std::cerr << 1;\n"},
            {"src/time/a.cpp": "std::abort();\n"},
            {"src/time/a.cpp": "throw 1;\n"},
            {"src/time/a.cpp": 'getenv("A");\n'},
            {"src/time/a.cpp": "date + boost::gregorian::months(3);\n"},
            {"include/dangbo/time/a.hpp": "auto a = b + years(1);\n"},
            {"docs/a.md": "TO" + "DO: more\n"},
            {"dev": "# FIX" + "ME\n"},
            {"tests/a.py": "open('/ho" + "me/me/a')\n"},
            {"cmake/a.cmake": "set(A /wo" + "rk/a)\n"},
        )
        self._passed(
            forbidden_words,
            {"src/time/a.cpp": "// std::endl, throw\nauto a = add_months(d, 3, kClamp);\nstd::snprintf(b, 3, f);\n"},
            {"src/time/a.cpp": "throw std::bad_alloc();\n"},
            {"src/cli/a.cpp": "std::cout << 1;\n"},
            {"docs/a.md": "Mastodon, src/work/a, ${root}/tmp/a\n"},
        )

    def test_headers_are_named(self):
        header = "include/dangbo/time/date.hpp"
        lists = "src/time/CMakeLists.txt"
        self._caught(
            headers_are_named,
            {header: ""},
            {header: "", lists: "dangbo_room(time HEADERS range.hpp SOURCES date.hpp)\n"},
            {header: "", lists: "dangbo_room(time HEADERS # date.hpp\n range.hpp)\n"},
            {"include/dangbo/dangbo.hpp": "", "src/CMakeLists.txt": ""},
        )
        self._passed(
            headers_are_named,
            {header: "", lists: "dangbo_room(time\n  HEADERS range.hpp date.hpp\n  SOURCES a.cpp)\n"},
            {header: "", lists: "dangbo_room(time HEADERS date.hpp)\n"},
            {"include/dangbo/table/arrow/abi.h": "", "src/table/CMakeLists.txt": "dangbo_room(table HEADERS arrow/abi.h)\n"},
            {"include/dangbo/dangbo.hpp": "", "src/CMakeLists.txt": "add(${D}/include/dangbo/dangbo.hpp)\n"},
        )

    def test_sources_are_built(self):
        self._caught(
            sources_are_built,
            {"src/time/date.cpp": "", "src/time/CMakeLists.txt": "SOURCES # date.cpp\n"},
            {"tests/time/date_test.cpp": "", "tests/time/CMakeLists.txt": "old_date_test.cpp\n"},
        )
        self._passed(
            sources_are_built,
            {"src/time/date.cpp": "", "src/time/CMakeLists.txt": "SOURCES date.cpp)\n"},
            {"capi/src/a.cpp": "", "capi/CMakeLists.txt": "add(src/a.cpp)\n"},
        )

    def test_rooms_have_readme(self):
        self._caught(
            rooms_have_readme,
            {"src/time/date.cpp": ""},
            {"src/time/README.md": "a\n" * (README_LIMIT + 1)},
            {"src/utils/README.md": "a\n"},
        )
        self._passed(rooms_have_readme, {"src/time/README.md": "a\n" * README_LIMIT, "src/cli/README.md": "a\n"})

    def test_top_level(self):
        self._caught(top_level, {"scripts/a.sh": ""}, {"notes.txt": ""})
        self._passed(top_level, {"src/a.cpp": "", "dev": "", ".ci/run": "", "build/dev/a": ""})

    def test_code_is_ascii(self):
        self._caught(
            code_is_ascii,
            {"src/a.cpp": "int đảng = 1;\n"},
            {"src/a.cpp": "\ufeffint a;\n"},
            {"src/a.cpp": '// a \u202e b\nauto s = "a";\n'},
        )
        self._passed(code_is_ascii, {"src/a.cpp": '// Đảng bộ\nauto s = "chi bộ";\n/* tổ */ auto r = R"x(đảng)x";\n'})

    def test_no_citizen_numbers(self):
        number = "001" + "199000123"
        self._caught(
            no_citizen_numbers,
            {"tests/a.cpp": f'auto s = "{number}";\n'},
            {"docs/a.md": f"so {number}.\n"},
            {"examples/a.csv": f"1,{number},2\n"},
        )
        self._passed(
            no_citizen_numbers,
            {f"{GENERATOR}/a.py": number},
            {"tests/a.cpp": f'auto s = "000{number[3:]}"; auto h = "ab{number}9";\n'},
        )


if __name__ == "__main__":
    # A ctest run shows what matters: the offences.
    unittest.main(argv=sys.argv, verbosity=1)
