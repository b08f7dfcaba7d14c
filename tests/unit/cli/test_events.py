"""``authweave events``."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import attrs
from typer.testing import CliRunner

from authweave.cli._main import commands
from authweave.events import EVENTS
from authweave.events.store.contract import DAY_MS, an_event
from authweave.types import system_clock
from tests.stores import open_whole


def listed(*arguments: str) -> tuple[int, str]:
    """Run the command."""
    result = CliRunner().invoke(commands, ["events", *arguments])
    return result.exit_code, result.output


def test_events_are_listed(tmp_path: Path) -> None:
    """The latest first, by user and kind, as lines and as JSON; nothing in them is obeyed by a terminal."""
    url = f"sqlite:///{tmp_path}/auth.db"
    now_ms = system_clock()
    with closing(open_whole(url)) as storage:
        events = [
            attrs.evolve(an_event(1), time_ms=now_ms, tenant_id="public", client="93.184.216.34"),
            attrs.evolve(an_event(2, "sign_in_failed", None), time_ms=now_ms, details={"third_party_id": "google"}),
            attrs.evolve(an_event(3, user_id="\x1b[2J"), time_ms=now_ms),
        ]
        storage.part(EVENTS).add_events(events, DAY_MS)
    code, output = listed(url)
    assert code == 0
    third, second, first = output.splitlines()
    assert first.endswith("+00:00 sign_in user=user-1 tenant=public client=93.184.216.34")
    assert second.endswith(" sign_in_failed third_party_id=google")
    assert third.endswith(r"user='\x1b[2J'")
    assert listed(url, "--user", "user-1") == (0, f"{first}\n")
    assert listed(url, "--kind", "sign_in_failed") == (0, f"{second}\n")
    assert listed(url, "--limit", "1") == (0, f"{third}\n")
    (line,) = listed(url, "--json", "--user", "user-1")[1].splitlines()
    assert json.loads(line)["client"] == "93.184.216.34"
    assert json.loads(line)["event"] == "sign_in"


def test_what_cannot_be_listed_is_said(tmp_path: Path) -> None:
    """No database is made, and no kind guessed."""
    url = f"sqlite:///{tmp_path}/auth.db"
    assert listed(url)[0] == 1
    assert not (tmp_path / "auth.db").exists()
    code, output = listed(url, "--kind", "login")
    assert code == 1
    assert "sign_in_failed" in output
