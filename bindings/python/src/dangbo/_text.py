"""Texts on their way into the C library."""

from __future__ import annotations

import os


def checked(text: str, what: str) -> str:
    """The text itself when it is one of Unicode; without telling what it is when it is not."""
    if not isinstance(text, str):
        raise TypeError(f"{what} is a text, not {type(text).__name__}")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError(f"{what} is not a text of Unicode from character {error.start} on") from None
    return text


def checked_path(path: str | os.PathLike[str]) -> str:
    return checked(os.fspath(path), "a path")
