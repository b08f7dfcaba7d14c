"""``authweave user import``, killed in earnest: the short version of ``benchmarks/importing.py``."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from authweave.storage import StorageOptions
from authweave.storage.sql import SQLStorage, open_storage
from authweave.types import JSON
from tests.authenticator import base64url, cose_key
from tests.patience import PATIENCE_S
from tests.stores import PARTS

USERS = 6000
WITH_PASSKEYS = 10
"""Every so many-th user has one."""
MAX_MB = 300


def count(storage: SQLStorage, what: str = "count(*)", table: str = "authweave_users") -> int:
    """Count users, or the rows of another table."""
    with storage.database.reading() as connection:
        return int(connection.exec_driver_sql(f"SELECT {what} FROM {table}").scalar_one())  # noqa: S608  ours


RUN = """
import atexit, sys
from pathlib import Path
from authweave.cli import main
atexit.register(lambda: print("peak:", Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]))
main()
"""
"""The command; at its end it says how much memory it had at most, in KiB: the system's count begins before `exec`."""


def start(file: Path, url: str) -> subprocess.Popen[bytes]:
    """Start an import."""
    command = [sys.executable, "-c", RUN, "user", "import", str(file), "--storage", url]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)  # noqa: S603  ours


def write_users(file: Path) -> None:
    """Write users, some with a passkey, and a broken line now and then."""
    public_key = base64url(cose_key(ec.derive_private_key(7, ec.SECP256R1())))
    with file.open("w") as out:
        for number in range(USERS):
            login: dict[str, JSON] = {"recipe": "emailpassword", "email": f"user-{number}@example.com"}
            if number % WITH_PASSKEYS == 1:
                made = {"credential_id": base64url(str(number).encode()), "public_key": public_key}
                passkey: JSON = {"relying_party_id": "example.com", **made}
                login |= {"recipe": "webauthn", "passkeys": [passkey]}
            line = json.dumps({"version": 1, "id": f"user-{number}", "logins": [login]})
            out.write((line if number % 1000 else "broken") + "\n")


def kill_thrice(file: Path, url: str) -> tuple[str, int]:
    """Import with three kills on the way; return what the last run said, and the most memory that it took, in MB."""
    with closing(open_storage(url, StorageOptions(migrate=True), PARTS)) as storage:
        for part in (1, 2, 3):
            latest_s = time.monotonic() + PATIENCE_S
            process = start(file, url)
            while count(storage) < USERS * part // 6 and process.poll() is None and time.monotonic() < latest_s:
                pass
            process.send_signal(signal.SIGKILL)
            process.communicate()
            assert 0 < count(storage) < USERS
        process = start(file, url)
        said = process.communicate()[0].decode()
        assert process.returncode == 3, said
        expected = USERS - USERS // 1000
        assert (count(storage), count(storage, "count(DISTINCT user_id)")) == (expected, expected)
        assert count(storage, table="authweave_passkeys") == USERS // WITH_PASSKEYS
    return said, int(said.partition("peak:")[2]) // 1024


@pytest.mark.processes
def test_killed_thrice_on_sqlite(tmp_path: Path) -> None:
    """None twice, none lost, and little memory."""
    write_users(tmp_path / "users.jsonl")
    said, took_mb = kill_thrice(tmp_path / "users.jsonl", f"sqlite:///{tmp_path}/auth.db")
    assert "5994 users imported, 0 were there already, 6 lines passed over" in said
    assert took_mb < MAX_MB


@pytest.mark.processes
def test_killed_thrice_on_postgresql(new_postgresql_url: Callable[[], str], tmp_path: Path) -> None:
    """The same there."""
    write_users(tmp_path / "users.jsonl")
    said, took_mb = kill_thrice(tmp_path / "users.jsonl", new_postgresql_url())
    assert "5994 users imported, 0 were there already, 6 lines passed over" in said
    assert took_mb < MAX_MB
