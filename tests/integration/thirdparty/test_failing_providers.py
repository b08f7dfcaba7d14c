from __future__ import annotations

import asyncio
import gc
import re
from collections.abc import Coroutine, Iterator
from functools import partial
from typing import Any, TypeVar

import attrs
import pytest

from authweave.kernel import UserContext
from authweave.recipe.thirdparty.exceptions import (
    ProviderAnswerError,
    ProviderError,
    ProviderUnreachableError,
    ThirdPartyError,
)
from authweave.recipe.thirdparty.oauth import OAuthSettings
from authweave.recipe.thirdparty.provider import ProviderConfig
from authweave.recipe.thirdparty.providers import PreparedProvider
from authweave.types import ConfigurationError
from tests.leaping import LeapingLoop, run

from .hostile_server import HostileServer, closed_port
from .openid_server import OpenIDServer
from .sign_ins import PATIENT, WEB, Bench, begun, bench, finished, opened, sign_in
from .stage import Stage

FEW = attrs.evolve(PATIENT, requests_at_once=4)
T = TypeVar("T")

WAYS = ["html", "500", "gateway", "loop", "empty", "array", "deep", "refuses", "nothing", "big", "slow", "drip"]


@pytest.fixture
def hostile(side_stage: Stage) -> HostileServer:
    """Put on what no provider should be."""
    made = HostileServer(side_stage.address)
    side_stage.application = made
    return made


@pytest.fixture
def few() -> Iterator[Bench]:
    """Make an application that asks a provider four things at a time at most."""
    with bench(FEW) as made:
        yield made


def run_until_timeout(hostile: HostileServer, main: Coroutine[Any, Any, T]) -> T:  # Any: the loop's own affair
    """Run a coroutine; whoever begins to wait for an answer that is not going to come finds that time is up."""
    loop = LeapingLoop()
    hostile.at_wait = partial(loop.leap, FEW.timeout.total_seconds())
    return run(loop, main)


def by_hand(
    world: Bench,
    server: OpenIDServer,
    *,
    token_endpoint: str | None = None,
    jwks_uri: str | None = None,
    user_info_endpoint: str | None = None,
) -> PreparedProvider:
    """Make ready the loopback provider with some endpoints elsewhere."""
    config = ProviderConfig(
        "corp",
        oidc_discovery_endpoint=server.issuer,
        clients=[WEB],
        token_endpoint=token_endpoint,
        jwks_uri=jwks_uri,
        user_info_endpoint=user_info_endpoint,
    )
    return world.prepare(config)


@pytest.mark.parametrize("how", WAYS)
def test_at_discovery(few: Bench, hostile: HostileServer, how: str) -> None:
    """Whatever stands in the place of the document: one error, in time, that names the provider."""
    prepared = few.prepare(ProviderConfig("corp", oidc_discovery_endpoint=f"{hostile.address}/{how}", clients=[WEB]))
    with pytest.raises(ProviderError, match="'corp'") as caught:
        run_until_timeout(hostile, opened(prepared))
    expected = ProviderUnreachableError if how in {"slow", "drip"} else ProviderAnswerError
    assert type(caught.value) is expected
    assert sum(hostile.seen.values()) == (2 if how == "gateway" else 1)  # no redirect was followed


@pytest.mark.parametrize("how", WAYS)
def test_at_the_token_endpoint(few: Bench, hostile: HostileServer, server: OpenIDServer, how: str) -> None:
    """The code is sent once, whatever comes back, and what comes back is shown to nobody."""

    async def main() -> ProviderError:
        provider = await opened(by_hand(few, server, token_endpoint=f"{hostile.address}/{how}"))
        url, sealed = await begun(provider)
        with pytest.raises(ProviderError) as caught:
            await finished(provider, server.authorise(url), sealed)
        return caught.value

    error = run_until_timeout(hostile, main())
    assert "<" not in str(error)
    assert hostile.seen[f"/{how}"] == 1


@pytest.mark.parametrize("how", WAYS)
def test_at_the_keys(few: Bench, hostile: HostileServer, server: OpenIDServer, how: str) -> None:
    """Without keys no ID token is believed."""

    async def main() -> None:
        with pytest.raises(ProviderError):
            await sign_in(await opened(by_hand(few, server, jwks_uri=f"{hostile.address}/{how}")), server)

    run_until_timeout(hostile, main())


@pytest.mark.parametrize("how", WAYS)
def test_at_the_user_info(few: Bench, hostile: HostileServer, server: OpenIDServer, how: str) -> None:
    """Where the provider cannot say who the user is, nobody signs in."""
    server.users["ada"] = {}

    async def main() -> None:
        with pytest.raises(ThirdPartyError):
            await sign_in(await opened(by_hand(few, server, user_info_endpoint=f"{hostile.address}/{how}")), server)

    run_until_timeout(hostile, main())


def test_down(few: Bench, server: OpenIDServer) -> None:
    """A provider that is not there is said to be unreachable, at every step."""

    async def main(address: str) -> None:
        with pytest.raises(ProviderUnreachableError, match=re.escape(f"({address.removeprefix('http://')})")):
            await opened(few.prepare(ProviderConfig("down", oidc_discovery_endpoint=address, clients=[WEB])))
        for prepared in (
            by_hand(few, server, token_endpoint=f"{address}/x"),
            by_hand(few, server, jwks_uri=f"{address}/x"),
        ):
            with pytest.raises(ProviderUnreachableError):
                await sign_in(await opened(prepared), server)

    with closed_port() as address:
        asyncio.run(main(address))


def test_a_slow_provider_keeps_nobody_else_waiting(few: Bench, hostile: HostileServer, server: OpenIDServer) -> None:
    """While more sign-ins wait for a slow provider than it is asked for at a time, those at another go through."""

    async def main() -> None:
        slow = by_hand(few, server, token_endpoint=f"{hostile.address}/slow")
        good = few.openid(server, "good")

        async def waits() -> None:
            await sign_in(await opened(slow), server)

        waiting = [asyncio.create_task(waits()) for _ in range(20)]
        await hostile.wait_for("/slow", 4)
        for _ in range(3):
            await sign_in(await opened(good), server)
        assert not any(task.done() for task in waiting)
        assert hostile.seen["/slow"] == 4
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)

    asyncio.run(main())


def test_who_waits_for_a_turn_waits_no_longer_than_others(
    few: Bench, hostile: HostileServer, server: OpenIDServer
) -> None:
    """All who wait for a slow provider are told in time, each by an error of its own."""
    slow = by_hand(few, server, token_endpoint=f"{hostile.address}/slow")

    async def main() -> None:
        provider = await opened(slow)
        outcomes = await asyncio.gather(*(sign_in(provider, server) for _ in range(20)), return_exceptions=True)
        assert {type(each) for each in outcomes} == {ProviderUnreachableError}
        assert len(set(map(id, outcomes))) == 20

    run_until_timeout(hostile, main())


def test_a_cancelled_sign_in_lets_go(few: Bench, hostile: HostileServer, server: OpenIDServer) -> None:
    """Whoever is cancelled while a provider is slow gives the turn back."""
    slow = by_hand(few, server, token_endpoint=f"{hostile.address}/slow")

    async def main() -> None:
        for attempt in range(1, 9):
            task = asyncio.create_task(sign_in(await opened(slow), server))
            await hostile.wait_for("/slow", attempt)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    asyncio.run(main())
    assert hostile.seen["/slow"] == 8


def test_a_connection_that_breaks_is_tried_once_more(few: Bench, server: OpenIDServer) -> None:
    """A GET that fails on the way is sent again, once; a code is not."""
    broken: list[bytes] = []

    async def breaks(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        broken.append(await reader.readline())
        writer.close()

    async def main() -> None:
        listener = await asyncio.start_server(breaks, "127.0.0.1", 0)
        port = listener.sockets[0].getsockname()[1]
        async with listener:
            address = f"http://127.0.0.1:{port}"
            with pytest.raises(ProviderUnreachableError):
                await opened(few.prepare(ProviderConfig("corp", oidc_discovery_endpoint=address, clients=[WEB])))
            assert [line.split()[0] for line in broken] == [b"GET", b"GET"]
            broken.clear()
            provider = await opened(by_hand(few, server, token_endpoint=f"{address}/token"))
            url, sealed = await begun(provider)
            with pytest.raises(ProviderUnreachableError):
                await finished(provider, server.authorise(url), sealed)
            assert [line.split()[0] for line in broken] == [b"POST"]

    asyncio.run(main())


def test_a_client_per_loop(world: Bench, server: OpenIDServer) -> None:
    """One application works on one loop after another, and leaves no connection open (warnings are errors)."""
    prepared = world.openid(server)

    async def main() -> None:
        await sign_in(await opened(prepared), server)

    for _ in range(3):
        asyncio.run(main())
    assert server.seen["discovery"] == 1


def test_closing_while_the_loop_runs(server: OpenIDServer) -> None:
    """An application may be closed on the loop that it works on, twice, and sign-ins before it are over."""

    async def main() -> None:
        with bench() as world:
            await sign_in(await opened(world.openid(server)), server)
            world.providers.close()

    asyncio.run(main())


def test_closing_an_application_that_was_used_without_a_loop(server: OpenIDServer) -> None:
    """The loop of the synchronous face closes its connections when the application is closed (warnings are errors)."""
    with bench() as world:

        async def main() -> None:
            await sign_in(await opened(world.openid(server)), server)

        world.app.loop_thread.run(main())
        world.app.close()
    gc.collect()


def test_other_hosts_in_the_clear(server: OpenIDServer) -> None:
    """Which hosts may do without TLS is a setting."""
    with bench(OAuthSettings(insecure_hosts=())) as world:
        with pytest.raises(ConfigurationError, match="https"):
            world.openid(server)
        assert server.seen["discovery"] == 0


NO_HEADER = ProviderConfig("corp", user_info_endpoint_headers={"x": "é"})
NO_LINE = ProviderConfig("corp", user_info_endpoint_headers={"x": "é\r\ny: z"})
NO_QUERY = ProviderConfig("corp", user_info_endpoint_query_params={"x": "é" * 30_000})
NO_FORM = ProviderConfig("corp", token_endpoint_body_params={"x": "é\ud800"})


@pytest.mark.parametrize("config", [NO_HEADER, NO_LINE, NO_QUERY, NO_FORM])
def test_what_no_request_can_carry(world: Bench, server: OpenIDServer, config: ProviderConfig) -> None:
    """A configuration of which no request can be made fails as its provider would, and is repeated nowhere."""
    server.users["ada"] = {}
    prepared = world.prepare(attrs.evolve(config, oidc_discovery_endpoint=server.issuer, clients=[WEB]))

    async def main() -> None:
        await sign_in(await opened(prepared), server)

    with pytest.raises(ProviderError) as caught:
        asyncio.run(main())
    assert "é" not in str(caught.value)


def test_what_an_override_raises_arrives(world: Bench, server: OpenIDServer) -> None:
    """A provider's error travels through the functions of a provider as it is."""

    async def main() -> None:
        provider = await opened(world.openid(server))
        server.clients.clear()
        url, sealed = await begun(provider)
        with pytest.raises(ProviderAnswerError, match="invalid_client") as caught:
            await finished(provider, server.authorise(url), sealed)
        assert caught.value.third_party_id == "corp"

    asyncio.run(main())
    assert UserContext() == {}
