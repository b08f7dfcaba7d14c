"""
Write the tables into a page: ``python -m authweave.recipe.accountlinking.rules --write PAGE``.

With ``--check`` nothing is written, and the exit status is 1 where the page is not up to date.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from ._page import with_tables

WRITE: Final = "run python -m authweave.recipe.accountlinking.rules --write {}"
USAGE: Final = "python -m authweave.recipe.accountlinking.rules --write|--check PAGE\n"


def main(arguments: Sequence[str]) -> int:
    """Write or check; return the exit status, which is 2 where neither is asked for."""
    match arguments:
        case ["--write" | "--check" as wanted, page]:
            path = Path(page)
        case _:
            sys.stderr.write(USAGE)
            return 2
    before = path.read_text(encoding="utf-8")
    after = with_tables(before)
    if before == after:
        return 0
    if wanted == "--check":
        sys.stderr.write(
            f"{page} is not up to date: run python -m authweave.recipe.accountlinking.rules --write {page}\n"
        )
        return 1
    path.write_text(after, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
