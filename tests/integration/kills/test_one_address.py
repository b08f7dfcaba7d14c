"""Many sign up with one address at once, at several processes."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import httpx2
import pytest

from tests.integration.http.serving import HEADERS, form
from tests.patience import PATIENCE_S

from .clients import KEPT
from .processes import server
from .tables import rows

PROCESSES = 4
AT_ONCE = 64
ROUNDS = 5


@pytest.mark.slow
def test_on_sqlite(tmp_path: Path) -> None:
    """Of 64 exactly one gets the address, and 63 are told that it is taken."""
    sign_ups_for_one_address(f"sqlite:///{tmp_path}/auth.db")


@pytest.mark.slow
def test_on_postgresql(new_postgresql_url: Callable[[], str]) -> None:
    """The same."""
    sign_ups_for_one_address(new_postgresql_url())


def sign_ups_for_one_address(url: str) -> None:
    """Let 64 sign up at once, 16 at each process, several times with another address."""

    async def scenario(origins: list[str]) -> None:
        async with httpx2.AsyncClient(timeout=PATIENCE_S, limits=KEPT) as client:
            for number in range(ROUNDS):
                body = form(f"one-{number}@example.com")
                answers = await asyncio.gather(
                    *(
                        client.post(f"{origins[each % PROCESSES]}/auth/signup", json=body, headers=HEADERS)
                        for each in range(AT_ONCE)
                    )
                )
                told = Counter((answer.status_code, answer.json()["status"]) for answer in answers)
                assert told == {(200, "OK"): 1, (200, "FIELD_ERROR"): AT_ONCE - 1}
                (taken,) = {answer.text for answer in answers if answer.json()["status"] == "FIELD_ERROR"}
                assert "This email already exists" in taken

    async def main() -> None:
        with ExitStack() as stack:
            processes = [stack.enter_context(server(url)) for _ in range(PROCESSES)]
            for process in processes:
                process.start()
            await asyncio.gather(*(process.until_ready() for process in processes))
            await scenario([process.origin for process in processes])

    asyncio.run(main())
    emails = [email for (email,) in rows(url, "SELECT email FROM authweave_login_methods")]
    assert sorted(emails) == [f"one-{number}@example.com" for number in range(ROUNDS)]
    assert len(rows(url, "SELECT user_id FROM authweave_users")) == ROUNDS
    assert len(rows(url, "SELECT handle FROM authweave_sessions")) == ROUNDS
