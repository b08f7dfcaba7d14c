"""Several processes on one database refresh a token once, and one that was killed keeps nobody waiting for ever."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from authweave.recipe.thirdparty import ThirdPartyRecipe
from tests.patience import PATIENCE_S
from tests.stores import open_whole

from .kept_app import kept_app, provider_at, signed_in, token_of
from .rotating_server import RotatingServer
from .sign_ins import MovedClock
from .stage import Stage

ROOT = Path(__file__).parents[3]
HOUR_MS = 3_600_000

ANOTHER = """
import asyncio
import sys
from tests.integration.thirdparty.kept_app import kept_app, provider_at, token_of
from tests.integration.thirdparty.sign_ins import MovedClock

url, address, user_id = sys.argv[1:]
clock = MovedClock()
with kept_app(provider_at(address), clock=clock, storage=url) as app:
    for line in sys.stdin:
        clock.ahead_ms = int(line)
        print(asyncio.run(token_of(app, user_id)), flush=True)
"""


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return a database with all tables."""
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgresql_url"))
    made = f"sqlite:///{tmp_path}/auth.db"
    open_whole(made).close()
    return made


def ask(process: subprocess.Popen[str], ahead_ms: int) -> None:
    """Have the other process ask for a token."""
    assert process.stdin is not None
    process.stdin.write(f"{ahead_ms}\n")
    process.stdin.flush()


async def answer_of(process: subprocess.Popen[str]) -> str:
    """Return the token that it has."""
    assert process.stdout is not None
    return (await asyncio.to_thread(process.stdout.readline)).strip()


def test_two_processes(url: str, side_stage: Stage) -> None:
    """While one refreshes the other waits, and has the same token; when one was killed the other goes on in time."""
    provider = RotatingServer(side_stage.address)
    side_stage.application = provider.asgi()
    clock = MovedClock()
    with kept_app(provider_at(provider.address), clock=clock, storage=url) as app:
        kept = app.recipe(ThirdPartyRecipe).kept_tokens
        assert kept is not None

        async def main() -> None:
            waits = asyncio.Event()

            async def pause(seconds: float) -> None:
                waits.set()
                await asyncio.sleep(seconds)

            kept.pause = pause
            user_id = (await signed_in(app, provider.code("ada", "web"))).user.id
            program = [sys.executable, "-c", ANOTHER, url, provider.address, user_id]
            with subprocess.Popen(  # noqa: ASYNC220, S603  it has begun when it asks; our own interpreter and program
                program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
            ) as other:
                try:
                    provider.go_on.clear()
                    clock.ahead_ms = HOUR_MS
                    ask(other, clock.ahead_ms)
                    assert await asyncio.to_thread(provider.arrived.wait, PATIENCE_S)
                    mine = asyncio.gather(*(token_of(app, user_id) for _ in range(10)))
                    await asyncio.wait_for(waits.wait(), PATIENCE_S)
                    provider.go_on.set()
                    assert {await answer_of(other)} == set(await mine)
                    assert len(provider.refreshes) == 1

                    waits.clear()
                    provider.arrived.clear()
                    provider.go_on.clear()
                    provider.rotates = False  # as if it had not been asked yet
                    clock.ahead_ms += HOUR_MS
                    ask(other, clock.ahead_ms)
                    assert await asyncio.to_thread(provider.arrived.wait, PATIENCE_S)
                finally:
                    other.kill()
            provider.go_on.set()
            waiting = asyncio.create_task(token_of(app, user_id))
            await asyncio.wait_for(waits.wait(), PATIENCE_S)
            assert len(provider.refreshes) == 2
            clock.ahead_ms += kept.lease_ms
            assert await waiting == await token_of(app, user_id)
            assert len(provider.refreshes) == 3
            assert not provider.ended

        asyncio.run(main())
