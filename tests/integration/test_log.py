"""What an operator finds in the log."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from tests.integration.faults.application import assert_ok, built, enter, refresh, served
from tests.stores import PARTS
from tests.unit.recipe.session.serving import HandClock

pytestmark = pytest.mark.usefixtures("migrations_run")


def events(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return which lines were logged."""
    return [vars(record)["event"] for record in caplog.records if record.name.startswith("authweave")]


def test_a_theft_is_told_with_the_session_and_the_user(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The line names both, and has no token in it."""
    clock = HandClock()
    with served(built(f"sqlite:///{tmp_path}/auth.db", clock=clock)) as client:
        stolen = enter(client, "signup")
        assert_ok(stolen)
        latest = stolen
        for _ in range(2):
            latest = refresh(client, latest)
            clock.now_ms += 60_000
        assert refresh(client, stolen).json() == {"message": "token theft detected"}
    (record,) = caplog.records
    fields = vars(record)
    assert (fields["event"], record.name, record.levelno) == ("token_theft", "authweave.events", logging.WARNING)
    assert fields["user_id"] == stolen.json()["user"]["id"]
    assert fields["session_handle"] in record.getMessage()
    for answer in (stolen, latest):
        for token in ("st-access-token", "st-refresh-token"):
            assert answer.headers[token] not in str(fields)


def test_migrations_are_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The first opening tells to which revision the tables were taken; the next has nothing to tell."""
    caplog.set_level(logging.INFO, "authweave.storage")
    for expected in (["migrated"] * (1 + len(PARTS)), []):  # of the core, and of each part
        caplog.clear()
        with served(built(f"sqlite:///{tmp_path}/auth.db")) as client:
            assert_ok(enter(client, "signup", f"{len(expected)}@example.com"))
        assert events(caplog) == expected
        assert all(vars(record)["from_revision"] is None for record in caplog.records)
