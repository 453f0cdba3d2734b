"""The language of texts for people: Vietnamese unless another is chosen."""

from __future__ import annotations

from typing import Final, Literal

Language = Literal["vi", "en"]

#: Vietnamese, tiếng Việt.
VI: Final = "vi"
#: English.
EN: Final = "en"

_NUMBERS: Final[dict[str, int]] = {VI: 0, EN: 1}
_chosen: Language = VI


def set_language(language: Language) -> None:
    """Choose the language of ``str(error)`` and ``str(table)`` for the whole program.

    It changes words only, never a figure. Raises :class:`ValueError` for anything but
    :data:`VI` and :data:`EN`.

    >>> dangbo.set_language(dangbo.EN)
    >>> dangbo.get_language()
    'en'
    >>> dangbo.set_language(dangbo.VI)
    """
    global _chosen
    number_of(language)
    _chosen = language


def get_language() -> Language:
    """The language chosen: ``"vi"`` or ``"en"``.

    >>> dangbo.get_language()
    'vi'
    """
    return _chosen


def number_of(language: str | None) -> int:
    """The number that the C library has for a language; None is the one chosen."""
    wanted = _chosen if language is None else language
    if wanted not in _NUMBERS:
        raise ValueError(f"no language {wanted!r}; there are: {VI!r}, {EN!r}")
    return _NUMBERS[wanted]


def is_english(language: str | None) -> bool:
    return number_of(language) == _NUMBERS[EN]
