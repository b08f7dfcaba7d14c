"""The application's loop among greenlets, in a process of its own: gevent patches all of one."""

from __future__ import annotations

import subprocess
import sys

import pytest

PROGRAM = """
from gevent import monkey

monkey.patch_all()

import asyncio

import gevent

from authweave import InputAppInfo, init
from authweave.recipe import session
from authweave.storage.memory import MemoryStorage

auth = init(
    InputAppInfo("Test", "http://localhost:8000", website_domain="http://localhost:3000"),
    [session.init()],
    storage=MemoryStorage(),
    secret=b"s" * 32,
)


async def own_loop():
    begun = asyncio.get_running_loop()
    for _ in range(20):
        await asyncio.sleep(0.001)
        assert asyncio.get_running_loop() is begun
    return "own loop"


async def turn():
    await asyncio.sleep(0.0005)
    return 1


def calls():
    return sum(auth.run_blocking(turn()) for _ in range(20))


greenlets = [gevent.spawn(asyncio.run, own_loop()), *(gevent.spawn(calls) for _ in range(3))]
gevent.joinall(greenlets, raise_error=True)
print([each.value for each in greenlets])
auth.close()
"""


@pytest.mark.processes
def test_a_loop_of_another_greenlet() -> None:
    """Calls that wait are answered while another greenlet runs a loop of its own, which stays the running one there."""
    found = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False)  # noqa: S603  our own program
    assert found.returncode == 0, found.stderr
    assert found.stdout.strip() == "['own loop', 20, 20, 20]"
