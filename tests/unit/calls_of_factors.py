"""What calls what when people sign in with codes and passkeys, and show second factors."""

from __future__ import annotations

from typing import Final, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

ORIGIN: Final = "http://localhost:8000"
