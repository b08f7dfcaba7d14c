"""Clients of loops: one each, which ends with it."""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import Callable
from typing import ParamSpec, TypeVar

import pytest

from authweave.ingredients.loop_clients import LoopClients

P = ParamSpec("P")
R = TypeVar("R")


class Client:
    """What has connections."""

    def __init__(self) -> None:
        self.is_closed = False

    async def aclose(self) -> None:
        """Close them."""
        self.is_closed = True


async def at_once(function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
    """Run what would block."""
    return function(*args, **kwargs)


@pytest.fixture
def clients() -> LoopClients[Client]:
    """Return none as yet."""
    return LoopClients(at_once, lambda _: Client())


def test_a_loop_has_one_client_which_is_closed_with_it(clients: LoopClients[Client]) -> None:
    """However many ask at once."""

    async def ask() -> list[Client]:
        return await asyncio.gather(*(clients.get() for _ in range(5)))

    first, *others = asyncio.run(ask())
    assert all(each is first for each in others)
    assert first.is_closed


def test_loops_that_were_closed_without_more_are_not_kept(clients: LoopClients[Client]) -> None:
    """A thread that makes a loop for each call would fill the memory."""
    kept: list[weakref.ref[Client]] = []
    for _ in range(3):
        loop = asyncio.new_event_loop()
        kept.append(weakref.ref(loop.run_until_complete(clients.get())))
        loop.close()
        del loop
    assert [each() is None for each in kept] == [True, True, False]
