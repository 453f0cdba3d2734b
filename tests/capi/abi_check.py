#!/usr/bin/env python3
"""One list of exported functions, read from the header, against everything that repeats it.

abi_check.py check <header> <map> <symbols.txt> <needed.txt> <library>
abi_check.py write <header> <map> <symbols.txt> <needed.txt> <library>   after a change that was meant
abi_check.py self                                                        the checks see planted mistakes
"""

import pathlib
import re
import subprocess
import sys

_DECLARATION = re.compile(r"/\*(?P<comment>(?:(?!\*/).)*)\*/\s*DANGBO_API\s[^;{]*?\b(?P<name>\w+)\(", re.DOTALL)
_SINCE = re.compile(r"@since (\d+\.\d+)")


def functions_of(header):
    """Name -> release it came with, of every exported function; and what is wrong with the header."""
    found = {}
    wrong = []
    for match in _DECLARATION.finditer(header):
        # A comment belongs to the declaration right behind it; a reflow may have split the mark over two lines.
        since = _SINCE.search(re.sub(r"\s*\n \*\s*", " ", match["comment"]))
        found[match["name"]] = since.group(1) if since else None
    code = re.sub(r"/\*.*?\*/", "", header, flags=re.DOTALL)
    declared = re.findall(r"^DANGBO_API\s[^;{]*?\b(\w+)\(", code, re.MULTILINE)
    for name in declared:
        if not name.startswith("dangbo_"):
            wrong.append(f"{name}: not of our names")
        if found.get(name) is None:
            wrong.append(f"{name}: no @since in the comment before it")
    for name in {name for name in declared if declared.count(name) > 1}:
        wrong.append(f"{name}: declared twice")
    return {name: found[name] for name in declared if found.get(name)}, wrong


def map_of(functions):
    """The version script for the functions: a node per release, each inheriting from the one before."""
    text = "/* Every exported function by name, under the release it came with. Made by abi_check.py write. */\n"
    before = None
    for release in sorted(set(functions.values()), key=lambda release: [int(part) for part in release.split(".")]):
        names = "".join(f"    {name};\n" for name in sorted(functions) if functions[name] == release)
        rest = "  local:\n    *;\n" if before is None else ""
        text += f"DANGBO_{release} {{\n  global:\n{names}{rest}}}{' ' + before if before else ''};\n"
        before = f"DANGBO_{release}"
    return text


def symbols_of(functions):
    return "".join(f"{name}@@DANGBO_{functions[name]}\n" for name in sorted(functions))


def exported_by(nm):
    """What `nm -D --defined-only` shows, without the version nodes themselves."""
    lines = [line.split() for line in nm.splitlines()]
    return sorted(parts[-1] for parts in lines if len(parts) == 3 and parts[1] != "A")


def needed_by(readelf):
    return sorted(re.findall(r"\(NEEDED\).*\[(.*)\]", readelf))


def soname_of(readelf):
    return re.findall(r"\(SONAME\).*\[(.*)\]", readelf)


def differences(what, want, got):
    want, got = set(want), set(got)
    return [f"{what} lacks {item}" for item in sorted(want - got)] + [
        f"{what} has {item}, which should not be there" for item in sorted(got - want)
    ]


def check(header, version_map, symbols, needed, nm, readelf):
    functions, wrong = functions_of(header)
    if not functions:
        wrong.append("the header declares nothing")
    if version_map != map_of(functions):
        wrong += differences("dangbo.map", map_of(functions).splitlines(), version_map.splitlines())
        wrong.append("dangbo.map is not what the header says")
    if symbols != symbols_of(functions):
        wrong.append("symbols.txt is not what the header says, or not sorted")
        wrong += differences("symbols.txt", symbols_of(functions).split(), symbols.split())
    wrong += differences("the library", symbols_of(functions).split(), exported_by(nm))
    wrong += differences("the library's NEEDED list", needed.split(), needed_by(readelf))
    if soname_of(readelf) != ["libdangbo.so.1"]:
        wrong.append(f"SONAME is {soname_of(readelf)}")
    return wrong


def self_check():
    header = "/* one\n * @since\n * 0.1 */\nDANGBO_API void dangbo_a(int x);\n/* @since 0.2 */\nDANGBO_API int\ndangbo_b(void);\n"
    functions, wrong = functions_of(header)
    assert functions == {"dangbo_a": "0.1", "dangbo_b": "0.2"} and not wrong, (functions, wrong)
    version_map, symbols, needed = map_of(functions), symbols_of(functions), "libc.so.6\n"
    assert "} DANGBO_0.1;" in version_map and version_map.count("local:") == 1
    nm = "00 A DANGBO_0.1\n00 A DANGBO_0.2\n01 T dangbo_a@@DANGBO_0.1\n02 T dangbo_b@@DANGBO_0.2\n"
    readelf = "(SONAME) Library soname: [libdangbo.so.1]\n(NEEDED) Shared library: [libc.so.6]\n"
    good = (header, version_map, symbols, needed, nm, readelf)
    assert check(*good) == [], check(*good)
    for index, text in (
        (0, header.replace("@since 0.2", "")),
        (0, header.replace("dangbo_b", "other_b")),
        (0, header + header),
        (0, ""),
        (1, version_map.replace("    dangbo_b;\n", "")),
        (2, symbols + "dangbo_c@@DANGBO_0.2\n"),
        (3, needed + "libm.so.6\n"),
        (4, nm + "03 W _ZNSt6vectorIiE@@DANGBO_0.2\n"),
        (4, nm.replace("dangbo_b@@DANGBO_0.2", "dangbo_b@@DANGBO_0.1")),
        (4, nm.replace("02 T dangbo_b@@DANGBO_0.2\n", "")),
        (5, readelf + "(NEEDED) Shared library: [libnew.so.1]\n"),
        (5, readelf.replace("so.1", "so.2")),
    ):
        planted = list(good)
        planted[index] = text
        assert check(*planted), f"not seen: {text!r}"


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def main(arguments):
    if arguments == ["self"]:
        self_check()
        return 0
    mode, header, version_map, symbols, needed, library = arguments
    text = pathlib.Path(header).read_text(encoding="utf-8")
    nm = run("nm", "-D", "--defined-only", library)
    readelf = run("readelf", "-d", "--wide", library)
    if mode == "write":
        functions, _ = functions_of(text)
        pathlib.Path(version_map).write_text(map_of(functions), encoding="utf-8")
        pathlib.Path(symbols).write_text(symbols_of(functions), encoding="utf-8")
        pathlib.Path(needed).write_text("".join(f"{name}\n" for name in needed_by(readelf)), encoding="utf-8")
        return 0
    files = [pathlib.Path(path).read_text(encoding="utf-8") for path in (version_map, symbols, needed)]
    wrong = check(text, *files, nm, readelf)
    for line in wrong:
        print(line)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
