"""``authweave outbox``."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import attrs
import pytest
from typer.testing import CliRunner

from authweave.cli._main import commands
from authweave.outbox import OUTBOX
from authweave.outbox.store.contract import HOUR_MS, a_row
from authweave.types import system_clock
from tests.stores import open_whole


def run(*arguments: str) -> tuple[int, str]:
    """Run the command."""
    result = CliRunner().invoke(commands, ["outbox", *arguments])
    return result.exit_code, result.output


@pytest.fixture
def url(tmp_path: Path) -> str:
    """Return a database with a message that waits, one that is dead, and one that has expired."""
    url, now_ms = f"sqlite:///{tmp_path}/auth.db", system_clock()
    with closing(open_whole(url)) as storage:
        store = storage.part(OUTBOX)
        for number in range(1, 4):
            row = attrs.evolve(
                a_row(number, "mail.emailpassword", now_ms - HOUR_MS),
                created_at_ms=now_ms - number,
                expires_at_ms=now_ms + HOUR_MS if number < 3 else now_ms,
            )
            store.add_message(row, "sealed-text")
        store.erase_expired_messages(now_ms, 10)
        store.claim_messages(["mail.emailpassword"], "lease", now_ms, HOUR_MS, 10)
        store.note_failure("row-0001", "lease", "SMTPConnectError", now_ms + HOUR_MS // 2)
        store.note_failure("row-0002", "lease", "the server refuses the recipient (550)", None)
    return url


def test_messages_are_listed(url: str) -> None:
    """As a table and as JSON, of all states or of one; nothing that is in them is shown."""
    code, output = run("list", url)
    assert code == 0
    head, waiting, dead, expired = output.splitlines()
    assert head.split()[:3] == ["id", "kind", "state"]
    assert waiting.split()[:4] == ["row-0001", "mail.emailpassword", "waiting", "1"]
    assert waiting.rstrip().endswith("SMTPConnectError")
    assert dead.split()[:3] == ["row-0002", "mail.emailpassword", "dead"]
    assert dead.rstrip().endswith("the server refuses the recipient (550)")
    assert expired.split()[:3] == ["row-0003", "mail.emailpassword", "expired"]
    assert "sealed-text" not in output
    assert run("list", url, "--state", "dead")[1].splitlines()[1].split() == dead.split()
    assert len(run("list", url, "--limit", "1")[1].splitlines()) == 2
    rows = [json.loads(line) for line in run("list", url, "--json")[1].splitlines()]
    assert [(row["row_id"], row["state"], row["attempts"]) for row in rows] == [
        ("row-0001", "waiting", 1),
        ("row-0002", "dead", 1),
        ("row-0003", "expired", 0),
    ]


def test_messages_are_tried_again(url: str) -> None:
    """Those that are named, or all; what has expired is not."""
    assert run("retry", url, "row-0002") == (0, "Messages that are tried again: 1.\n")
    assert run("list", url, "--state", "dead") == (0, "There are no such messages.\n")
    assert run("retry", url, "--all", "--json") == (0, '{"retried": 2}\n')
    code, output = run("retry", url, "row-0001", "row-0003", "none")
    assert code == 1
    assert "Messages that are tried again: 1." in output
    assert "2 of them cannot be" in output


def test_what_cannot_be_done_is_said(url: str, tmp_path: Path) -> None:
    """No database is made, no state guessed, and nothing retried that was not named."""
    assert run("list", f"sqlite:///{tmp_path}/other.db")[0] == 1
    assert not (tmp_path / "other.db").exists()
    assert run("list", url, "--state", "sent")[0] == 1
    assert run("retry", url)[0] == 1
    assert run("retry", url, "row-0001", "--all")[0] == 1
