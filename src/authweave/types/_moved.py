"""What errors say to applications that move over (docs/how-to/from-supertokens.md)."""

from __future__ import annotations

from typing import Final

PAGE: Final = "docs/how-to/from-supertokens.md"
"""The page on moving. Its table has a row for each difference, M1 to M22."""


def see_row(row: str) -> str:
    """Return where to read more about a difference, as the end of an error's message: ``see_row("M1")``."""
    return f"See row {row} of {PAGE}."
