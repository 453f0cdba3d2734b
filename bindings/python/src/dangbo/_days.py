"""Days and times between Python and the C library, which counts from 1970-01-01."""

from __future__ import annotations

import datetime

_EPOCH = datetime.date(1970, 1, 1)
_EPOCH_TIME = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)

#: A day: a date, or text such as "2020-11-30".
Day = datetime.date | str
#: A time: a datetime with a time zone, or microseconds since 1970-01-01 UTC.
Time = datetime.datetime | int


def to_day(day: Day) -> int:
    """Days since 1970-01-01. A time of day is dropped."""
    if isinstance(day, str):
        try:
            day = datetime.date.fromisoformat(day)
        except ValueError:
            raise ValueError(f"not a day like 2020-11-30: {day!r}") from None
    if isinstance(day, datetime.datetime):
        day = day.date()
    if not isinstance(day, datetime.date):
        raise TypeError(f"a day is a date or a text like 2020-11-30, not {type(day).__name__}")
    return (day - _EPOCH).days


def from_day(days: int) -> datetime.date:
    return _EPOCH + datetime.timedelta(days=days)


def from_text(text: str) -> datetime.date | str:
    """A full day as a date; a partial one ("1985", "1985-03") stays the text it is."""
    return datetime.date.fromisoformat(text) if len(text) == 10 else text


def to_microseconds(time: Time) -> int:
    """Microseconds since 1970-01-01 UTC."""
    if isinstance(time, int):
        return time
    if time.tzinfo is None:
        raise ValueError("a time needs a time zone: the library knows none of its own")
    return (time - _EPOCH_TIME) // datetime.timedelta(microseconds=1)
