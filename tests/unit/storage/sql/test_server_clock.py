"""The time of a server: asked now and then, and counted in between."""

from __future__ import annotations

import logging
from typing import cast

import attrs
import pytest
from sqlalchemy.engine.interfaces import DBAPIConnection

from authweave.storage.sql._server_clock import EVERY_S, MAX_SKEW_MS, SLOW_S, ServerClock

CONNECTION = cast("DBAPIConnection", object())  # nothing is asked of it
SERVER_MS = 1_000_000_000


@attrs.define
class World:
    """A server, a machine, and what passes of time while the server is asked."""

    ticks_s: float = 50.0
    server_ms: int = SERVER_MS
    machine_ms: int = SERVER_MS
    takes_s: float = 0.0
    asked: int = 0
    is_away: bool = False

    def pass_s(self, seconds: float) -> None:
        """Let time pass for all of them."""
        self.ticks_s += seconds
        self.server_ms += round(seconds * 1000)
        self.machine_ms += round(seconds * 1000)

    def ask(self, _: DBAPIConnection) -> int:
        self.asked += 1
        if self.is_away:
            raise ConnectionError
        self.pass_s(self.takes_s / 2)
        answer = self.server_ms
        self.pass_s(self.takes_s / 2)
        return answer

    def clock(self) -> ServerClock:
        """Make a clock."""
        return ServerClock(self.ask, ticks_s=lambda: self.ticks_s, machine=lambda: self.machine_ms)


def test_the_machines_clock_does_not_matter() -> None:
    """Whatever it says and however it is set, the server's time is told, between the questions too."""
    world = World(machine_ms=5, takes_s=0.5)
    clock = world.clock()
    assert clock() == 5  # nothing else is known yet
    clock.keep(CONNECTION)
    for machine_ms in (-1, 7 * SERVER_MS):
        world.machine_ms = machine_ms
        world.pass_s(3)
        assert clock() == world.server_ms


def test_it_is_asked_now_and_then_and_after_a_new_connection() -> None:
    """Not with every use; a server that is another one, or whose clock was set, is believed soon."""
    world = World()
    clock = world.clock()
    for _ in range(3):
        clock.keep(CONNECTION)
    assert world.asked == 1
    world.server_ms += 60_000
    world.pass_s(EVERY_S - 1)
    clock.keep(CONNECTION)
    assert clock() == world.server_ms - 60_000
    world.pass_s(1)
    clock.keep(CONNECTION)
    assert clock() == world.server_ms
    world.server_ms -= 5_000
    clock.expire()
    clock.keep(CONNECTION)
    assert clock() == world.server_ms
    assert world.asked == 3


def test_an_answer_that_took_long_is_not_believed() -> None:
    """The time that was known is counted on, and the next use asks again; the first answer is better than none."""
    world = World(takes_s=10)
    clock = world.clock()
    clock.keep(CONNECTION)
    assert clock() == world.server_ms
    world.pass_s(EVERY_S)
    clock.keep(CONNECTION)
    before = clock()
    world.server_ms += 9_000
    world.takes_s = SLOW_S
    clock.keep(CONNECTION)
    assert clock() == before + 1_000 + 9_000
    assert world.asked == 3


def test_a_server_that_is_away_is_asked_again() -> None:
    """The error is the caller's; the time goes on, and the next use asks."""
    world = World()
    clock = world.clock()
    clock.keep(CONNECTION)
    world.pass_s(EVERY_S)
    world.is_away = True
    with pytest.raises(ConnectionError):
        clock.keep(CONNECTION)
    assert clock() == world.server_ms
    world.is_away = False
    clock.keep(CONNECTION)
    assert world.asked == 3


def test_a_wrong_clock_of_the_machine_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    """A line says by how much it is off; there is another one only when it had been right in between."""
    world = World()
    clock = world.clock()
    skews = [MAX_SKEW_MS, MAX_SKEW_MS + 1000, MAX_SKEW_MS + 2000, 0, -MAX_SKEW_MS - 1000]
    with caplog.at_level(logging.WARNING, "authweave.storage"):
        for skew_ms in skews:
            world.machine_ms = world.server_ms + skew_ms
            clock.expire()
            clock.keep(CONNECTION)
    assert [vars(record)["skew_ms"] for record in caplog.records] == [6_000, -6_000]
    assert "+6 s" in caplog.text
