"""``authweave db purge``."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from authweave.cli._main import commands
from authweave.recipe.session.store import SESSIONS
from authweave.recipe.session.store.contract import a_session
from authweave.types import system_clock
from tests.stores import open_whole

NOTHING_ELSE = "".join(
    f"Deleted 0 {kind} that had expired.\n"
    for kind in (
        *(
            "attempts",
            "codes to sign in",
            "passkey options",
            "used TOTP codes",
            "failed TOTP attempts",
            "sessions that links have ended",
            "one-time tokens",
            "events",
            "messages in the outbox",
        ),
        "ids of deleted users",
    )
)


def run(*arguments: str) -> Result:
    """Run ``authweave db purge``."""
    return CliRunner().invoke(commands, ["db", "purge", *arguments])


def test_expired_sessions_go_and_the_others_stay(tmp_path: Path) -> None:
    """However small the batches are, all that expired is deleted, and the command says how much."""
    url = f"sqlite:///{tmp_path}/auth.db"
    storage = open_whole(url)
    for number in range(7):
        storage.part(SESSIONS).create_session(a_session(number, expires_at_ms=number + 1))
    storage.part(SESSIONS).create_session(a_session(7, expires_at_ms=system_clock() + 60_000))
    result = run(url, "--batch", "3")
    assert (result.exit_code, result.output) == (0, f"Deleted 7 sessions that had expired.\n{NOTHING_ELSE}")
    assert [number for number in range(8) if storage.part(SESSIONS).find_session(f"handle-{number}")] == [7]
    storage.close()
    assert run(url).output == f"Deleted 0 sessions that had expired.\n{NOTHING_ELSE}"


def test_the_url_may_be_in_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As for the other commands: a password stays out of the list of processes."""
    url = f"sqlite:///{tmp_path}/auth.db"
    open_whole(url).close()
    monkeypatch.setenv("AUTHWEAVE_STORAGE", url)
    assert run().output == f"Deleted 0 sessions that had expired.\n{NOTHING_ELSE}"


@pytest.mark.parametrize("url", ["sqlite:///{folder}/absent.db", "sqlite://", "nonsense"])
def test_no_database_is_made(tmp_path: Path, url: str) -> None:
    """A URL with a slip in it is refused, and leaves no new file."""
    result = run(url.format(folder=tmp_path))
    assert result.exit_code == 1
    assert result.output.startswith("Error: ")
    assert list(tmp_path.iterdir()) == []
