"""dangbo: dated Party organisations, rolled up for any day.

>>> import dangbo
>>> registry = dangbo.load("examples/khoi_2020")
>>> view = registry.on("2020-11-30")
>>> view.total("K")
2712
>>> view.rollup(by="sex").to_dict()
{'sex': ['female', 'male'], 'count': [1056, 1656]}

docs/python.md is the guide. Nothing here imports NumPy, pandas or an Arrow library before you ask
for one of them.
"""

from dangbo import _core
from dangbo._errors import (
    Argument,
    Cancelled,
    Error,
    FileFault,
    Internal,
    NotFound,
    OutOfMemory,
    QueryError,
    Refused,
)
from dangbo._expression import ArrayValues, Expression
from dangbo._frozen import Comparison, Frozen
from dangbo._language import EN, VI, get_language, set_language
from dangbo._registry import Change, Memory, Redaction, Registry, load, verify
from dangbo._roster import Difference
from dangbo._rules import Checker, Pack, Step, WhatIf
from dangbo._table import Table
from dangbo._view import Snapshot, View

#: The release, as text and as numbers.
__version__: str = _core.version_text()
version_info: tuple[int, int, int] = _core.version()
#: The number of the C interface, (major, minor).
abi_version: tuple[int, int] = _core.abi_version()
#: Compiler and library versions of this build, one line.
build_info: str = _core.build_info()

__all__ = [
    "EN",
    "VI",
    "Argument",
    "ArrayValues",
    "Cancelled",
    "Change",
    "Checker",
    "Comparison",
    "Difference",
    "Error",
    "Expression",
    "FileFault",
    "Frozen",
    "Internal",
    "Memory",
    "NotFound",
    "OutOfMemory",
    "Pack",
    "QueryError",
    "Redaction",
    "Refused",
    "Registry",
    "Snapshot",
    "Step",
    "Table",
    "View",
    "WhatIf",
    "abi_version",
    "build_info",
    "get_language",
    "load",
    "set_language",
    "verify",
    "version_info",
]
