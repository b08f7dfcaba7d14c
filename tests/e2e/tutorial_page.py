"""The program that a page of the tutorial puts together."""

from __future__ import annotations

import re
from typing import Final

from tests.e2e.programs import ROOT

BLOCK: Final = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
SMALL_SAAS: Final = ROOT / "docs" / "tutorial" / "small-saas.md"


def program_of(page: str) -> str:
    """Return the Python of a page, as somebody who copies its blocks into one file has it."""
    return "\n\n".join(BLOCK.findall(page))
