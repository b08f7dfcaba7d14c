"""What several processes, and one that is killed, do to the mails in an outbox."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from authweave.outbox._worker import LEASE_S
from tests.mailserver import MailServer
from tests.patience import PATIENCE_S
from tests.stores import open_whole

from .conftest import Config, Recipient, ResetVars, Service, application, settings

pytestmark = [pytest.mark.processes, pytest.mark.sockets]

ROOT = Path(__file__).parents[3]


def start(*arguments: str) -> subprocess.Popen[str]:
    """Start a process that sends mails."""
    return subprocess.Popen(  # noqa: S603 (our own interpreter and program)
        [sys.executable, "-m", "tests.integration.mail.sender", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,  # from where it imports
    )


def test_a_process_that_is_killed_after_it_sent_a_mail(server: MailServer, tmp_path: Path) -> None:
    """The mail is sent again when its lease has ended, and can be told to be the same by its Message-ID."""
    url = f"sqlite:///{tmp_path}/auth.db"
    with application(Config(Service(settings(server.port))), storage=url) as it:
        it.clock.now_ms = time.time_ns() // 1_000_000
        it.send()
        with start(url, str(server.port), "killed") as process:
            assert process.wait(PATIENCE_S) == -signal.SIGKILL
        first = server.wait()
        (row,) = it.rows()
        assert (row.state, row.attempts) == ("waiting", 1)
        assert it.go_round() == 0
        it.clock.advance(LEASE_S + 60)
        assert it.go_round() == 1
        second = server.wait()
        assert it.rows() == ()
        assert first.message["Message-ID"] == second.message["Message-ID"]
        assert (
            first.data.split(b"\r\n\r\n")[0].split(b"boundary")[0]
            == second.data.split(b"\r\n\r\n")[0].split(b"boundary")[0]
        )


def test_two_processes_share(server: MailServer, tmp_path: Path) -> None:
    """Each mail is sent once, by either."""
    url = f"sqlite:///{tmp_path}/auth.db"
    with application(Config(Service(settings(server.port))), storage=url) as it:
        it.clock.now_ms = time.time_ns() // 1_000_000
        for number in range(40):
            it.send(ResetVars(Recipient(f"user-{number}@example.com")))
    processes = [start(url, str(server.port)) for _ in range(2)]
    came = Counter(server.wait().recipients[0] for _ in range(40))
    for process in processes:
        process.communicate("")
    assert [process.returncode for process in processes] == [0, 0]
    assert came == {f"user-{number}@example.com": 1 for number in range(40)}
    assert server.all() == []
    storage = open_whole(url)
    with application(storage=storage) as it:
        assert it.rows() == ()
    storage.close()
