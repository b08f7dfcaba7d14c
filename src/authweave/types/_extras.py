"""Extras: what a part of the library needs beyond what every application gets."""

from __future__ import annotations

from typing import Literal, TypeAlias

Extra: TypeAlias = Literal["cli", "demo", "fastapi", "postgresql", "starlette"]
"""An optional dependency set of this distribution."""


def install_command(extra: Extra) -> str:
    """
    Return the command that installs the library with an extra.

    It names a clone: until the project has published a release, whatever carries its name on PyPI is somebody else's.
    """
    return f"python -m pip install '/path/to/the/clone[{extra}]'"
