"""Lists, NumPy arrays and pandas series as the plain column buffers of the C library.

Everything a value can do wrong is found here, because a batch of columns once begun in the C
library cannot be taken back alone.
"""

from __future__ import annotations

import array
import datetime
import itertools
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from dangbo._text import checked

if TYPE_CHECKING:
    import numpy

_EPOCH = datetime.date(1970, 1, 1).toordinal()
_FIRST_DAY = datetime.date(1400, 1, 1).toordinal() - _EPOCH
_LAST_DAY = datetime.date(9999, 12, 31).toordinal() - _EPOCH
_TEXT_LIMIT = 2**31 - 1

TEXT, DATE, INT64, BOOL, REAL = 0, 2, 3, 4, 5


class Column(NamedTuple):
    """What the extension takes: buffers, None where there is none."""

    name: str
    type: int
    values: Any
    offsets: Any = None
    validity: Any = None


def make_columns(data: Any) -> tuple[int, list[Column]]:
    """The number of rows and the columns of a mapping from names to sequences."""
    columns: list[Column] = []
    rows: int | None = None
    for name in data.keys():
        if not isinstance(name, str) or not name:
            raise TypeError(f"the name of a column is a text that is not empty, not {name!r}")
        checked(name, "the name of a column")
        values = data[name]
        if isinstance(values, (str, bytes)) or not hasattr(values, "__len__"):
            raise TypeError(f"column {name!r}: needs a sequence, not {type(values).__name__}")
        if rows is None:
            rows = len(values)
        elif len(values) != rows:
            raise ValueError(f"column {name!r} has {len(values)} rows, those before it {rows}")
        columns.append(_make_column(name, values))
    if rows is None:
        raise ValueError("a table needs at least one column")
    return rows, columns


def make_expression_column(name: str, values: Any) -> tuple[int, tuple[Any, ...]]:
    """The number of rows and one column as expressions take it: fractions stay fractions."""
    import numpy

    if not isinstance(name, str):
        raise TypeError(f"the name of a column is a text, not {name!r}")
    checked(name, "the name of a column")
    if isinstance(values, (str, bytes)) or not hasattr(values, "__len__"):
        raise TypeError(f"column {name!r}: needs a sequence, not {type(values).__name__}")
    if isinstance(values, Sequence) and any(isinstance(value, float) for value in values):
        values = numpy.array([numpy.nan if value is None else value for value in values], dtype=float)
    if getattr(getattr(values, "dtype", None), "kind", None) == "f":
        reals = numpy.ascontiguousarray(values, dtype=numpy.float64)
        if reals.ndim != 1:
            raise TypeError(f"column {name!r}: needs one dimension, has {reals.ndim}")
        missing = numpy.isnan(reals)
        known = (~missing).astype(numpy.uint8) if missing.any() else None
        return len(reals), (name, REAL, reals, known)
    column = _make_column(name, values)
    if column.type != TEXT:
        return len(values), (name, column.type, column.values, column.validity)
    if not any(column.validity if column.validity is not None else [True] * len(values)):
        return len(values), (name, TEXT, None, None, b"", array.array("q", [0]))  # of any type
    return len(values), (name, TEXT, None, column.validity, column.values, column.offsets)


def make_rows(
    key: Any, values: Any
) -> tuple[int, list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """The number of rows, the columns that name them and those that are set.

    Single values stand for all rows; ``values`` None: nothing is set.
    """
    parts = [_checked_part(key, "key")]
    if values is not None:
        parts.append(_checked_part(values, "set"))
    lengths = {
        len(value) for part in parts for value in part.values() if not _is_single(value)
    }
    if len(lengths) > 1:
        raise ValueError(f"sequences of different lengths: {', '.join(map(str, sorted(lengths)))}")
    rows = lengths.pop() if lengths else 1
    made = [
        make_columns(
            {name: [value] * rows if _is_single(value) else value for name, value in part.items()}
        )[1]
        for part in parts
    ]
    columns = [[tuple(column) for column in part] for part in made]
    return rows, columns[0], columns[1] if values is not None else []


def _checked_part(part: Any, name: str) -> dict[str, Any]:
    if not (hasattr(part, "keys") and hasattr(part, "__getitem__")):
        raise TypeError(f"{name} is a mapping from names of fields to values")
    if len(part.keys()) == 0:
        raise ValueError(f"{name} needs at least one field")
    return {name: part[name] for name in part.keys()}


def _is_single(value: Any) -> bool:
    return isinstance(value, (str, bytes)) or not hasattr(value, "__len__")


def _make_column(name: str, values: Any) -> Column:
    if type(getattr(values, "dtype", None)).__module__.split(".")[0] == "numpy":
        made = _from_numpy(name, values)
        if made is not None:
            return made
    return _from_list(name, values.tolist() if hasattr(values, "tolist") else list(values))


# ---- NumPy arrays, and the series of pandas that are made of one


def _from_numpy(name: str, values: Any) -> Column | None:
    """None where a list does as well: text, objects, fractions."""
    import numpy

    array_ = numpy.asarray(values)
    if array_.ndim != 1:
        raise TypeError(f"column {name!r}: needs one dimension, has {array_.ndim}")
    kind = array_.dtype.kind
    if kind == "b":
        return Column(name, BOOL, numpy.ascontiguousarray(array_, dtype=numpy.uint8))
    if kind in "iu":
        if kind == "u" and array_.dtype.itemsize == 8 and (array_ > numpy.int64(2**63 - 1)).any():
            raise ValueError(f"column {name!r}: a number beyond 64 bits with a sign")
        return Column(name, INT64, numpy.ascontiguousarray(array_, dtype=numpy.int64))
    if kind == "M":
        return _numpy_days(name, array_)
    if kind == "f":
        return _numpy_whole(name, array_)
    return None


def _numpy_days(name: str, values: numpy.ndarray[Any, Any]) -> Column:
    import numpy

    days = values.astype("datetime64[D]").astype(numpy.int64)
    present = ~numpy.isnat(values)
    wrong = present & ((days < _FIRST_DAY) | (days > _LAST_DAY))
    if wrong.any():
        _refuse_day(name, int(wrong.argmax()))
    return Column(
        name,
        DATE,
        numpy.where(present, days, 0).astype(numpy.int32),
        validity=present.astype(numpy.uint8),
    )


def _numpy_whole(name: str, values: numpy.ndarray[Any, Any]) -> Column | None:
    """Whole numbers that became fractions because some were missing, as pandas makes them."""
    import numpy

    present = ~numpy.isnan(values)
    shown = values[present]
    if (numpy.abs(shown) >= 2**53).any() or (shown != numpy.trunc(shown)).any():
        return None
    whole = numpy.where(present, values, 0).astype(numpy.int64)
    return Column(name, INT64, whole, validity=present.astype(numpy.uint8))


# ---- lists


def _kind_of(type_: type) -> str:
    """What values of a type are taken as: "missing", "text", "bool", "day", "int" or "real"."""
    if type_.__name__ in ("NoneType", "NAType", "NaTType"):
        return "missing"
    if issubclass(type_, str):
        return "text"
    if type_ is bool or type_.__name__ == "bool_":
        return "bool"
    if issubclass(type_, datetime.date):
        return "day"
    if hasattr(type_, "__index__"):
        return "int"
    if hasattr(type_, "__float__"):
        return "real"
    return ""


def _from_list(name: str, values: Sequence[Any]) -> Column:
    kinds = {type_: _kind_of(type_) for type_ in set(map(type, values))}
    for type_, kind in kinds.items():
        if not kind:
            row = next(i for i, value in enumerate(values) if type(value) is type_)
            raise TypeError(f"column {name!r}, row {row + 1}: cannot take {type_.__name__}")
    # Not-a-number is how hosts write "missing" among numbers.
    missing = [
        kinds[type(value)] == "missing" or (kinds[type(value)] == "real" and value != value)
        for value in values
    ]
    met = {kinds[type(value)] for value, gone in zip(values, missing, strict=True) if not gone}
    validity = bytes(not gone for gone in missing) if any(missing) else None
    if met == {"bool"}:
        flags = bytes(not gone and bool(value) for value, gone in zip(values, missing, strict=True))
        return Column(name, BOOL, flags, validity=validity)
    if met == {"day"}:
        return Column(name, DATE, _days(name, values, missing), validity=validity)
    if met == {"int"} or (met == {"int", "real"} or met == {"real"}) and _whole(values, missing):
        return Column(name, INT64, _integers(name, values, missing), validity=validity)
    text, offsets = _texts(name, values, missing)
    return Column(name, TEXT, text, offsets, validity)


def _whole(values: Iterable[Any], missing: Iterable[bool]) -> bool:
    return all(
        gone or (value not in (float("inf"), float("-inf")) and value == int(value))
        for value, gone in zip(values, missing, strict=True)
    )


def _days(name: str, values: Sequence[Any], missing: Sequence[bool]) -> array.array[int]:
    days = array.array("i")
    for row, value in enumerate(values):
        day = 0 if missing[row] else value.toordinal() - _EPOCH
        if not missing[row] and not _FIRST_DAY <= day <= _LAST_DAY:
            _refuse_day(name, row)
        days.append(day)
    return days


def _refuse_day(name: str, row: int) -> None:
    raise ValueError(f"column {name!r}, row {row + 1}: the day is outside the years 1400 … 9999")


def _integers(name: str, values: Sequence[Any], missing: Sequence[bool]) -> array.array[int]:
    numbers = array.array("q")
    for row, value in enumerate(values):
        try:
            numbers.append(0 if missing[row] else int(value))
        except OverflowError:
            raise ValueError(
                f"column {name!r}, row {row + 1}: a number beyond 64 bits with a sign"
            ) from None
    return numbers


def _text_of(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, datetime.datetime):
        value = value.date()
    if isinstance(value, datetime.date):
        return value.isoformat()
    if type(value) is bool or type(value).__name__ == "bool_":
        return "true" if value else "false"
    return str(value)


def _texts(
    name: str, values: Sequence[Any], missing: Sequence[bool]
) -> tuple[bytes, array.array[int]]:
    encoded = []
    for row, value in enumerate(values):
        try:
            encoded.append(b"" if missing[row] else _text_of(value).encode())
        except UnicodeEncodeError:
            raise ValueError(f"column {name!r}, row {row + 1}: not a text of Unicode") from None
    joined = b"".join(encoded)
    if len(joined) > _TEXT_LIMIT:
        raise ValueError(f"column {name!r} is over 2 GiB; give smaller batches")
    return joined, array.array("q", itertools.accumulate(map(len, encoded), initial=0))

