"""What every object with a handle of the C library has in common."""

from __future__ import annotations

from types import TracebackType
from typing import Generic, Protocol, Self, TypeVar


class _Handle(Protocol):
    def close(self) -> None: ...

    @property
    def closed(self) -> bool: ...


Core = TypeVar("Core", bound=_Handle)


class Closing(Generic[Core]):
    """Can be closed, and closes itself at the end of a ``with`` block."""

    __slots__ = ("_core",)

    def __init__(self, core: Core) -> None:
        self._core = core

    def close(self) -> None:
        """Lets go of what it holds; other calls raise :class:`dangbo.Argument` from then on."""
        self._core.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        type_: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()
