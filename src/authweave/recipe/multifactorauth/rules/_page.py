"""The tables that are written into the page about second factors."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from authweave.extending.tables import TablePage, line

from ._asked import ASKED, WORDS
from ._requirements import REQUIREMENT
from ._sessions import SHOWN
from ._set_up import MAY_SET_UP


def asked_by_apis() -> Iterable[str]:
    """Return the lines of what APIs ask."""
    yield line("what is called", "what it asks of the session")
    yield line("---", "---")
    for api, what in ASKED.items():
        yield line(api, WORDS[what])


PAGE: Final = TablePage(
    "authweave.recipe.multifactorauth.rules",
    {"REQUIREMENT": REQUIREMENT, "MAY_SET_UP": MAY_SET_UP, "SHOWN": SHOWN},
    {"ASKED": asked_by_apis},
)
"""What docs/explanation/second-factors.md is written from."""
