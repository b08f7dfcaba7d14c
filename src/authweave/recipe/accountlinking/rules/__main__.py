"""
Write the tables into a page: ``python -m authweave.recipe.accountlinking.rules --write PAGE``.

With ``--check`` nothing is written, and the exit status is 1 where the page is not up to date.
"""

from __future__ import annotations

import sys

from ._page import PAGE

if __name__ == "__main__":
    sys.exit(PAGE.main(sys.argv[1:]))
