"""What the admin recipe is told by `init`."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterator
from typing import Final

import attrs

from authweave.types import ConfigurationError, install_command

from .guard import Allowed

PATH: Final = re.compile(r"(/[A-Za-z0-9._~-]+)+")


@attrs.frozen(kw_only=True)
class AdminConfig:
    """
    What `init` was told.

    Attributes:
        allowed: who may use the page.
        path: where it is, below the API's base path.
    """

    allowed: Allowed = attrs.field(repr=False)
    path: str

    def faults(self) -> Iterator[str]:
        """Return what cannot work, in sentences. Types were checked before."""
        if isinstance(self.allowed, str) and not self.allowed.strip():
            yield "admin.init: allowed='' names no role: write that of those who may use the page."
        if not PATH.fullmatch(self.path):
            yield f"admin.init: path={self.path!r} is no path; write one like '/admin', of letters, digits and -._~."


def require_extra() -> None:
    """
    Check that what renders pages is there, without importing it.

    Raises:
        authweave.types.ConfigurationError: the extra is not installed.
    """
    if importlib.util.find_spec("jinja2") is None:
        raise ConfigurationError(
            "The page for administrators needs jinja2, which is not installed: install the extra that has it, "
            f"{install_command('admin')}."
        )
