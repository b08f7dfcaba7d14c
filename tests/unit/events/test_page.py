"""The table of kinds in ``docs/how-to/security-events.md`` is whole."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final, get_args

from authweave.events import EventKind

PAGE: Final = Path(__file__).parents[3] / "docs" / "how-to" / "security-events.md"


def test_the_page_has_every_kind() -> None:
    """Each kind of event has its row, or shares one, and there is no other."""
    table = PAGE.read_text(encoding="utf-8").partition("| `kind` |")[2].partition("\n\n")[0]
    rows = [row.split("|")[1] for row in table.splitlines()[2:]]
    assert sorted(kind for row in rows for kind in re.findall(r"`(\w+)`", row)) == sorted(get_args(EventKind))
