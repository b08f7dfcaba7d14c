"""Readers of what other systems keep of their users: each makes lines of our own format of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from authweave.moving._source import Source

from ._asked import Asked

__all__ = ["OPEN", "Asked"]

OPEN: Final[Mapping[str, Callable[[str, Asked], Source]]] = {}
"""What opens each system's users, by its name."""
