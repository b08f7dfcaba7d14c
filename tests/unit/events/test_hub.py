"""Security events: who hears of them, and that nobody who listens is in the way."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Never, get_args

import pytest

from authweave import InputAppInfo, init, recipe, users
from authweave.errors import ConfigurationError
from authweave.events import EventKind, Events, OnEvent, SecurityEvent
from authweave.events._hub import HOOKS_AT_ONCE
from authweave.extending import AtWork
from authweave.http import RequestContext
from authweave.kernel import UserContext
from authweave.recipe import session
from authweave.types import BaseRequest


def events_with(*hooks: OnEvent, clock: Callable[[], int] = lambda: 1_700_000_000_000) -> Events:
    """Return events with hooks, and a clock that stands."""
    return Events(hooks, clock)


def logged(caplog: pytest.LogCaptureFixture, event: str) -> list[logging.LogRecord]:
    """Return the lines of an event."""
    return [record for record in caplog.records if vars(record)["event"] == event]


async def others_end() -> None:
    """Wait until all other tasks have ended, and whoever waits for their end was told."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    await asyncio.gather(*others, return_exceptions=True)
    await asyncio.sleep(0)


def test_an_event_says_who_where_and_whence(caplog: pytest.LogCaptureFixture) -> None:
    """A hook gets the event, and the log its fields."""
    caplog.set_level(logging.INFO, "authweave.events")
    heard: list[SecurityEvent] = []
    with RequestContext(BaseRequest("post", "/", peer="93.184.216.34"), None, None, AtWork()) as context:
        events_with(heard.append).emit(
            "sign_in", "thirdparty", context, user_id="u", tenant_id="t", session_handle="s", third_party_id="google"
        )
    (event,) = heard
    assert (event.kind, event.recipe_id, event.time_ms) == ("sign_in", "thirdparty", 1_700_000_000_000)
    assert (event.user_id, event.tenant_id, event.client, event.session_handle) == ("u", "t", "93.184.216.34", "s")
    assert event.details == {"third_party_id": "google"}
    (record,) = caplog.records
    assert (record.name, record.levelno) == ("authweave.events", logging.INFO)
    assert event.fields().items() <= vars(record).items()
    assert record.getMessage() == "sign_in: user 'u', tenant 't', session 's', client 93.184.216.34"


def test_without_a_request_there_is_no_address() -> None:
    """A job that signs somebody up is an event too."""
    heard: list[SecurityEvent] = []
    events_with(heard.append).emit("sign_up", "emailpassword", UserContext(), user_id="u")
    assert [(event.client, event.tenant_id) for event in heard] == [(None, None)]


@pytest.mark.parametrize("kind", ["sign_in_failed", "token_theft", "limited"])
def test_what_may_be_an_attack_is_a_warning(caplog: pytest.LogCaptureFixture, kind: str) -> None:
    """It is in a log that was not set up."""
    match kind:
        case "sign_in_failed" | "token_theft" | "limited":
            events_with().emit(kind, "r", UserContext())
        case _:
            raise AssertionError
    assert [(vars(record)["event"], record.levelno) for record in caplog.records] == [(kind, logging.WARNING)]


def test_every_kind_is_told_by_a_recipe_or_of_users() -> None:
    """None is there that nobody tells."""
    sources = [*Path(recipe.__path__[0]).rglob("*.py"), *Path(users.__path__[0]).rglob("*.py")]
    tellers = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    assert [kind for kind in get_args(EventKind) if f'"{kind}"' not in tellers] == []


def test_a_line_cannot_be_forged(caplog: pytest.LogCaptureFixture) -> None:
    """A line break in an id is written as one."""
    events_with().emit("limited", "r", UserContext(), user_id="u\nsign_in: user 'root'", tenant_id="\x1b[2J")
    assert "\n" not in caplog.records[0].getMessage()
    assert "\x1b" not in caplog.records[0].getMessage()


def test_later_events_have_greater_ids() -> None:
    """Ids order by time, and no two are alike."""
    heard: list[SecurityEvent] = []
    times = iter([1, 1, 1_700_000_000_000, 1_800_000_000_000])
    events = events_with(heard.append, clock=lambda: next(times))
    for _ in range(4):
        events.emit("sign_in", "r", UserContext())
    assert len({event.id for event in heard}) == 4
    assert max(event.id for event in heard[:2]) < heard[2].id < heard[3].id


def test_hooks_fail_for_themselves(caplog: pytest.LogCaptureFixture) -> None:
    """What one raises, async or not, is logged; the others hear of the event, and the caller of nothing."""
    heard: list[str] = []

    def raising(event: SecurityEvent) -> Never:
        raise ZeroDivisionError

    async def raising_later(event: SecurityEvent) -> Never:
        await asyncio.sleep(0)
        raise KeyError

    async def listening(event: SecurityEvent) -> None:
        await asyncio.sleep(0)
        heard.append(event.kind)

    async def main() -> None:
        events_with(raising, raising_later, listening).emit("sign_in", "r", UserContext())
        assert heard == []  # nobody waits for an async hook
        await others_end()

    asyncio.run(main())
    assert heard == ["sign_in"]
    failed = logged(caplog, "event_hook_failed")
    assert [vars(record)["error"] for record in failed] == ["ZeroDivisionError", "KeyError"]


def test_a_hook_that_hangs_holds_up_nobody(caplog: pytest.LogCaptureFixture) -> None:
    """There are so many calls of it and no more; the log says once that it is behind; it is called again later."""
    called: list[None] = []

    async def hanging(event: SecurityEvent) -> None:
        called.append(None)
        await going_on.wait()

    async def main() -> None:
        events = events_with(hanging)
        for _ in range(HOOKS_AT_ONCE + 10):
            events.emit("sign_in", "r", UserContext())
        await asyncio.sleep(0)
        assert len(called) == HOOKS_AT_ONCE
        going_on.set()
        await others_end()
        events.emit("sign_in", "r", UserContext())
        await others_end()
        assert len(called) == HOOKS_AT_ONCE + 1

    going_on = asyncio.Event()
    asyncio.run(main())
    assert len(logged(caplog, "event_hooks_behind")) == 1


@pytest.mark.parametrize("on_event", ["print", 7, [None], [print, 7]])
def test_what_cannot_be_called_is_no_hook(on_event: OnEvent) -> None:
    """It is refused by name, before anything is opened."""
    with pytest.raises(ConfigurationError, match="on_event"):
        init(
            InputAppInfo("T", "localhost", website_domain="localhost"),
            [session.init()],
            storage="sqlite://",
            on_event=on_event,
        )
