"""The Arrow C interfaces in ctypes: a strict reader, and a producer that counts what is let go."""

from __future__ import annotations

import ctypes
import datetime
from typing import TYPE_CHECKING, Any


class ArrowSchema(ctypes.Structure):
    pass


class ArrowArray(ctypes.Structure):
    pass


class ArrowStream(ctypes.Structure):
    pass


if TYPE_CHECKING:
    Release = Any
else:
    Release = ctypes.CFUNCTYPE(None, ctypes.c_void_p)
Next = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)
LastError = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p)

ArrowSchema._fields_ = [
    ("format", ctypes.c_char_p),
    ("name", ctypes.c_char_p),
    ("metadata", ctypes.c_void_p),
    ("flags", ctypes.c_int64),
    ("n_children", ctypes.c_int64),
    ("children", ctypes.POINTER(ctypes.POINTER(ArrowSchema))),
    ("dictionary", ctypes.POINTER(ArrowSchema)),
    ("release", Release),
    ("private_data", ctypes.c_void_p),
]
ArrowArray._fields_ = [
    ("length", ctypes.c_int64),
    ("null_count", ctypes.c_int64),
    ("offset", ctypes.c_int64),
    ("n_buffers", ctypes.c_int64),
    ("n_children", ctypes.c_int64),
    ("buffers", ctypes.POINTER(ctypes.c_void_p)),
    ("children", ctypes.POINTER(ctypes.POINTER(ArrowArray))),
    ("dictionary", ctypes.POINTER(ArrowArray)),
    ("release", Release),
    ("private_data", ctypes.c_void_p),
]
ArrowStream._fields_ = [
    ("get_schema", Next),
    ("get_next", Next),
    ("get_last_error", LastError),
    ("release", Release),
    ("private_data", ctypes.c_void_p),
]

_new = ctypes.pythonapi.PyCapsule_New
_new.restype = ctypes.py_object
_new.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]
_open = ctypes.pythonapi.PyCapsule_GetPointer
_open.restype = ctypes.c_void_p
_open.argtypes = [ctypes.py_object, ctypes.c_char_p]


def new_capsule(inside: ctypes.Structure, name: bytes) -> object:
    made: object = _new(ctypes.addressof(inside), name, None)
    return made


def open_capsule(capsule: object, name: str) -> int:
    address: int = _open(capsule, name.encode())
    return address


# ---- reading


def read_stream(capsule: object) -> tuple[list[str], list[dict[str, Any]]]:
    """Names and batches ({column: values, "rows": count}) of a stream, checked and released."""
    stream = ArrowStream.from_address(open_capsule(capsule, "arrow_array_stream"))
    assert stream.release, "the stream was released before"
    here = ctypes.addressof(stream)
    schema, array = ArrowSchema(), ArrowArray()
    assert stream.get_schema(here, ctypes.addressof(schema)) == 0
    assert schema.format == b"+s" and schema.release
    fields = [schema.children[i].contents for i in range(schema.n_children)]
    names = [field.name.decode() for field in fields]
    batches: list[dict[str, Any]] = []
    while True:
        assert stream.get_next(here, ctypes.addressof(array)) == 0
        if not array.release:
            break
        assert array.n_children == len(fields) and array.null_count == 0 and array.n_buffers == 1
        batch: dict[str, Any] = {"rows": array.length}
        for i, field in enumerate(fields):
            child = array.children[i].contents
            assert child.length == array.length
            batch[names[i]] = read_array(field, child)
        batches.append(batch)
        array.release(ctypes.addressof(array))
        assert not array.release
    # The end stays the end.
    assert stream.get_next(here, ctypes.addressof(array)) == 0 and not array.release
    schema.release(ctypes.addressof(schema))
    stream.release(here)
    assert not schema.release and not stream.release
    return names, batches


def read_array(schema: ArrowSchema, array: ArrowArray) -> list[Any]:
    assert array.offset == 0 and array.n_buffers == (3 if schema.format == b"u" else 2)
    valid = _validity(array)
    values = _values(schema, array)
    return [value if ok else None for value, ok in zip(values, valid, strict=True)]


def _validity(array: ArrowArray) -> list[bool]:
    bits = array.buffers[0]
    if not bits:
        assert array.null_count == 0
        return [True] * array.length
    valid = _bits(bits, array.length)
    assert array.null_count in (-1, valid.count(False))
    return valid


def _bits(address: int, count: int) -> list[bool]:
    held = (ctypes.c_uint8 * ((count + 7) // 8)).from_address(address)
    return [bool(held[i // 8] >> (i % 8) & 1) for i in range(count)]


def _numbers(type_: Any, address: int | None, count: int) -> list[Any]:
    if not count:
        return []
    assert address
    return list((type_ * count).from_address(address))


def _values(schema: ArrowSchema, array: ArrowArray) -> list[Any]:
    data, count = array.buffers[1], array.length
    if schema.dictionary:
        words = read_array(schema.dictionary.contents, array.dictionary.contents)
        assert schema.format == b"i"
        valid = _validity(array)
        codes = _numbers(ctypes.c_int32, data, count)
        return [words[code] if ok else None for code, ok in zip(codes, valid, strict=True)]
    if schema.format == b"u":
        offsets = _numbers(ctypes.c_int32, data, count + 1)
        text = ctypes.string_at(array.buffers[2], offsets[-1]) if offsets[-1] else b""
        return [text[a:b].decode() for a, b in zip(offsets, offsets[1:], strict=False)]
    if schema.format == b"b":
        return _bits(data, count) if count else []
    if schema.format == b"tdD":
        epoch = datetime.date(1970, 1, 1).toordinal()
        days = _numbers(ctypes.c_int32, data, count)
        return [datetime.date.fromordinal(day + epoch) for day in days]
    return _numbers({b"l": ctypes.c_int64, b"g": ctypes.c_double}[schema.format], data, count)


# ---- producing


class Producer:
    """A stream of text columns, {name: values} a batch. Counts the structs not yet released."""

    def __init__(
        self,
        batches: list[dict[str, list[str]]],
        *,
        format_: bytes = b"u",
        encoding: str = "utf-8",
        fail_after: int | None = None,
    ) -> None:
        self.batches, self.format, self.encoding = batches, format_, encoding
        self.fail_after = fail_after
        self.alive = 0
        self.released = False
        self._given = 0
        self._kept: list[Any] = []
        self._stream = ArrowStream(
            get_schema=Next(self._get_schema),
            get_next=Next(self._get_next),
            get_last_error=LastError(lambda _: None),
            release=Release(self._release_stream),
        )

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return new_capsule(self._stream, b"arrow_array_stream")

    def _keep(self, made: Any) -> Any:
        self._kept.append(made)
        return made

    def _get_schema(self, _: int, out: int) -> int:
        names = list(self.batches[0])
        children = [
            self._keep(self._owned(ArrowSchema(format=self.format, name=name.encode(), flags=2)))
            for name in names
        ]
        pointers = self._pointers(ArrowSchema, children)
        made = self._owned(ArrowSchema(format=b"+s", name=b"", n_children=len(children)))
        made.children = ctypes.cast(pointers, ctypes.POINTER(ctypes.POINTER(ArrowSchema)))
        ctypes.memmove(out, ctypes.addressof(made), ctypes.sizeof(made))
        return 0

    def _get_next(self, _: int, out: int) -> int:
        if self.fail_after is not None and self._given >= self.fail_after:
            return 5
        if self._given == len(self.batches):
            ctypes.memset(out, 0, ctypes.sizeof(ArrowArray))
            return 0
        batch = self.batches[self._given]
        self._given += 1
        children = [self._keep(self._text(values)) for values in batch.values()]
        pointers = self._pointers(ArrowArray, children)
        made = self._owned(
            ArrowArray(length=children[0].length, n_buffers=1, n_children=len(children))
        )
        no_validity = self._keep((ctypes.c_void_p * 1)(None))
        made.buffers = ctypes.cast(no_validity, ctypes.POINTER(ctypes.c_void_p))
        made.children = ctypes.cast(pointers, ctypes.POINTER(ctypes.POINTER(ArrowArray)))
        ctypes.memmove(out, ctypes.addressof(made), ctypes.sizeof(made))
        return 0

    def _pointers(self, kind: Any, children: list[Any]) -> Any:
        return self._keep((ctypes.POINTER(kind) * len(children))(*map(ctypes.pointer, children)))

    def _text(self, values: list[str]) -> Any:
        encoded = [value.encode(self.encoding) for value in values]
        offsets = [0]
        for piece in encoded:
            offsets.append(offsets[-1] + len(piece))
        bounds = self._keep((ctypes.c_int32 * len(offsets))(*offsets))
        text = self._keep(ctypes.create_string_buffer(b"".join(encoded)))
        buffers = self._keep(
            (ctypes.c_void_p * 3)(None, ctypes.addressof(bounds), ctypes.addressof(text))
        )
        made = self._owned(ArrowArray(length=len(values), n_buffers=3))
        made.buffers = ctypes.cast(buffers, ctypes.POINTER(ctypes.c_void_p))
        return made

    def _owned(self, made: Any) -> Any:
        """A struct whose release lets go of its children, as the interface asks."""
        kind = type(made)

        def release(address: int) -> None:
            held = kind.from_address(address)
            for i in range(held.n_children):
                child = held.children[i].contents
                if child.release:
                    child.release(ctypes.addressof(child))
            self.alive -= 1
            held.release = Release()

        made.release = self._keep(Release(release))
        self.alive += 1
        return made

    def _release_stream(self, address: int) -> None:
        assert not self.released
        self.released = True
        ArrowStream.from_address(address).release = Release()
