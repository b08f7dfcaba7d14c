"""What overrides are, by the path that applications know from SuperTokens."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias, TypeVar

__all__ = ["InterfaceOverride"]

T = TypeVar("T")

InterfaceOverride: TypeAlias = Callable[[T], T]
"""Takes a recipe's functions, or its APIs, and returns them with overrides."""
