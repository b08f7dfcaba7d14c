"""
A program to kill: an application with hooks, which signs people up as fast as it can.

``python -m tests.integration.kills.hooked URL FOLDER`` imports everything. For each line that it reads it forks a
child, writes its process id, and "gone" when it has ended. The child of ``serve`` says that it is ready, and signs up
until it is killed; that of ``drain`` ends when nothing is left in the outbox. What was acknowledged, and who was told
of, is in files.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from pathlib import Path
from uuid import uuid4

from sqlalchemy import Column, Connection, ForeignKey, MetaData, String, Table
from sqlalchemy.exc import SQLAlchemyError

from authweave import InputAppInfo, UserContext, init, on_user_created
from authweave.app import App
from authweave.errors import StorageError
from authweave.recipe import emailpassword, session
from authweave.recipe.emailpassword import asyncio as ep
from authweave.recipe.emailpassword import syncio as ep_sync
from authweave.recipe.emailpassword.types import SignInOkResult, SignUpOkResult
from authweave.security import PasswordHasher
from authweave.storage.sql import users
from authweave.types import User
from tests.patience import PATIENCE_S, PATIENT

from .server import SECRET, end_with_parent

CLIENTS = 4
PASSWORD = "correct horse 1"
LEASE_IS_OVER_MS = 600_000
"""By how much the clock is ahead for who drains: what a killed process had taken is taken again at once."""

metadata = MetaData()
profiles = Table("profiles", metadata, Column("user_id", String(255), ForeignKey(users.c.user_id), primary_key=True))
visits = Table("visits", metadata, Column("user_id", String(255), primary_key=True))
"""Of which no foreign key says that there is such a user."""


class RefusedError(Exception):
    """A hook refuses somebody."""


def note(file: Path, line: str) -> None:
    """Add a line to a file: it is there when this returns, whoever is killed."""
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.write(descriptor, f"{line}\n".encode())
    os.close(descriptor)


def application(url: str, folder: Path, ahead_ms: int) -> App:
    """Return an application with hooks, with hashes that cost nothing."""

    @on_user_created
    def make_profile(user: User, user_context: UserContext, connection: Connection) -> None:
        connection.execute(visits.insert(), {"user_id": user.id})
        assert isinstance(ep_sync.sign_in("public", user.emails[0], PASSWORD), SignInOkResult)
        if user.emails[0].startswith("refused"):
            raise RefusedError
        connection.execute(profiles.insert(), {"user_id": user.id})

    @on_user_created.after_commit
    async def tell(user: User, user_context: UserContext) -> None:
        note(folder / "told", user.id)

    return init(
        InputAppInfo("Killed", "http://localhost:8000", website_domain="http://localhost:3000"),
        [emailpassword.init(), session.init()],
        storage=url,
        storage_options=PATIENT,
        storage_wait_s=PATIENCE_S,
        secret=SECRET,
        passwords=PasswordHasher(memory_kib=8, time_cost=1),
        clock=lambda: time.time_ns() // 1_000_000 + ahead_ms,
        hooks=[make_profile, tell],
    )


async def sign_up_forever(folder: Path) -> None:
    """Sign people up; a third of them are refused by a hook."""
    number = 0
    while True:
        number += 1
        name = f"{'refused' if number % 3 == 0 else 'person'}-{uuid4()}"
        try:
            result = await ep.sign_up("public", f"{name}@example.com", PASSWORD)
        except RefusedError:
            continue
        except (StorageError, SQLAlchemyError):  # the database is away: the latter for a hook's own statement
            await asyncio.sleep(0.01)
            continue
        assert isinstance(result, SignUpOkResult)
        note(folder / "acknowledged", result.user.id)


async def serve(folder: Path) -> None:
    """Sign people up until killed."""
    await asyncio.gather(*(sign_up_forever(folder) for _ in range(CLIENTS)))


def drain(app: App) -> None:
    """Wait until the outbox is empty."""
    from authweave.outbox import OUTBOX

    while app.services.storage.part(OUTBOX).find_messages(1):
        app.services.outbox.wake()
        time.sleep(0.01)  # a program that is killed, not a test: it looks again whether the outbox is empty
    app.close()


def run(command: str, url: str, folder: Path) -> None:
    """Do what a line says."""
    ahead_ms = LEASE_IS_OVER_MS if command == "drain" else 0
    app = application(url, folder, ahead_ms)
    if command == "drain":
        drain(app)
    else:
        print("ready", flush=True)  # noqa: T201  who started it reads that
        asyncio.run(serve(folder))


def main() -> None:
    """Do what each line says, in a process of its own."""
    end_with_parent()
    url, folder = sys.argv[1], Path(sys.argv[2])
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            end_with_parent()
            run(line.strip(), url, folder)
            os._exit(0)
        print(child, flush=True)  # noqa: T201  who started it reads that
        os.waitpid(child, 0)
        print("gone", flush=True)  # noqa: T201  the same


if __name__ == "__main__":
    main()
