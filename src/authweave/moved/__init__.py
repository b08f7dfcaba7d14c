"""Moving an application over from SuperTokens: its source, and trying it unchanged."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ._files import files_below, replace_file
    from ._left import Left
    from ._moving import Moved, difference, move_file, move_source
    from ._names import MODULES, MOVED, NOT_HERE
    from ._rows import ROWS, Row
    from ._running import NoProgramError, run
    from ._stubs import stubs, write_stubs

__all__ = [
    "MODULES",
    "MOVED",
    "NOT_HERE",
    "ROWS",
    "Left",
    "Moved",
    "NoProgramError",
    "Row",
    "difference",
    "files_below",
    "move_file",
    "move_source",
    "replace_file",
    "run",
    "stubs",
    "write_stubs",
]

_MODULES = {
    "MODULES": "._names",
    "MOVED": "._names",
    "NOT_HERE": "._names",
    "ROWS": "._rows",
    "Left": "._left",
    "Moved": "._moving",
    "NoProgramError": "._running",
    "Row": "._rows",
    "difference": "._moving",
    "files_below": "._files",
    "move_source": "._moving",
    "move_file": "._moving",
    "replace_file": "._files",
    "run": "._running",
    "stubs": "._stubs",
    "write_stubs": "._stubs",
}


if not TYPE_CHECKING:  # they would take any name for one that there is

    def __getattr__(name: str) -> object:
        """Load a public name: those that read source need the extra ``moved`` (PEP 562)."""
        from authweave.kernel import load_name  # noqa: PLC0415  as above

        return load_name(__name__, name, _MODULES)


def __dir__() -> list[str]:
    """List the public names, loaded or not."""
    return __all__
