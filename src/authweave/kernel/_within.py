"""What is true while functions of a composed object run: a mark that they make, and take back."""

from __future__ import annotations

from typing import Protocol


class Within(Protocol):
    """Marks what runs within functions of a composed object, for who looks for it from below (`compose`)."""

    def enter(self) -> object | None:
        """Make the mark. Return what takes it back; None where it is made already."""
        ...

    def leave(self, mark: object, /) -> None:
        """Take the mark back, as `enter` returned it. It may be that of another ``contextvars.Context``."""
        ...
