from __future__ import annotations

import asyncio
from collections import Counter
from functools import partial

import pytest

from authweave.recipe.thirdparty.exceptions import IDTokenError, ProviderError

from .openid_server import ONE_KEY, OTHER_KEY, OpenIDServer, signed
from .sign_ins import Bench, opened, sign_in, with_tokens


def test_many_sign_ins_at_once(world: Bench, server: OpenIDServer) -> None:
    """A hundred cold sign-ins at a time fetch discovery and keys once."""

    async def main() -> None:
        prepared = world.openid(server)

        async def one() -> None:
            await sign_in(await opened(prepared), server)

        await asyncio.gather(*(one() for _ in range(100)))

    asyncio.run(main())
    assert (server.seen["discovery"], server.seen["jwks"], server.seen["token"]) == (1, 1, 100)


def test_a_new_key_is_found(world: Bench, server: OpenIDServer) -> None:
    """A token signed by a key that is not known yet has the keys fetched again, after a while and once."""

    async def main() -> None:
        prepared = world.openid(server)
        await sign_in(await opened(prepared), server)
        server.keys = [ONE_KEY, OTHER_KEY]
        server.sign = lambda claims: signed(claims, OTHER_KEY)
        with pytest.raises(IDTokenError):  # keys this new are not asked for again
            await sign_in(await opened(prepared), server)
        assert server.seen["jwks"] == 1
        world.clock.ahead_ms = 30_000
        for _ in range(3):
            await sign_in(await opened(prepared), server)
        assert server.seen["jwks"] == 2

    asyncio.run(main())


def test_a_new_key_under_an_old_id_is_found(world: Bench, server: OpenIDServer) -> None:
    """The id need not change with the key; where the known one did not sign, there may be another by now."""
    reused = type(OTHER_KEY).import_key({**OTHER_KEY.as_dict(private=True), "kid": "one"})

    async def main() -> None:
        prepared = world.openid(server)
        await sign_in(await opened(prepared), server)
        server.keys, server.sign = [reused], lambda claims: signed(claims, reused)
        with pytest.raises(IDTokenError):  # keys this new are not asked for again
            await sign_in(await opened(prepared), server)
        assert server.seen["jwks"] == 1
        world.clock.ahead_ms = 30_000
        for _ in range(3):
            await sign_in(await opened(prepared), server)
        assert server.seen["jwks"] == 2

    asyncio.run(main())


@pytest.mark.parametrize("is_down", [False, True])
@pytest.mark.parametrize("known", [False, True])
def test_made_up_tokens_do_not_flood_the_provider(
    world: Bench, server: OpenIDServer, *, known: bool, is_down: bool
) -> None:
    """However many name unknown keys, or known ones that did not sign, the provider is asked once in 30 seconds."""
    made_up = ["one"] * 20 if known else [f"k{number}" for number in range(20)]

    async def main() -> None:
        prepared = world.openid(server)
        provider = await opened(prepared)
        await sign_in(provider, server)
        world.clock.ahead_ms = 30_000
        if is_down:
            server.odd_keys = ["x" * 1024 * 1024]  # more than is read
        told = Counter[type[Exception]]()
        for kid in made_up:
            server.sign = partial(signed, key=OTHER_KEY, header={"kid": kid})
            with pytest.raises((IDTokenError, ProviderError)) as caught:
                await with_tokens(provider, id_token=server.id_token("web"))
            told[caught.type] += 1
        assert told[IDTokenError] == 19 if is_down else 20
        assert server.seen["jwks"] == 2
        server.odd_keys, server.sign = [], signed
        await sign_in(provider, server)  # with the keys that are known
        assert server.seen["jwks"] == 2

    asyncio.run(main())


def test_documents_are_fetched_again_in_time(world: Bench, server: OpenIDServer) -> None:
    """Keys are used for ten minutes, a discovery document for an hour."""
    server.changed = lambda claims: {**claims, "exp": 2**40}

    async def main() -> None:
        prepared = world.openid(server)
        for minutes, (discovery, jwks) in {0: (1, 1), 9: (1, 1), 10: (1, 2), 59: (1, 3), 60: (2, 3)}.items():
            world.clock.ahead_ms = minutes * 60_000
            await sign_in(await opened(prepared), server)
            assert (server.seen["discovery"], server.seen["jwks"]) == (discovery, jwks)

    asyncio.run(main())


def test_a_failed_discovery_is_tried_again(world: Bench, server: OpenIDServer) -> None:
    """A provider that comes back is used at once."""
    server.metadata["issuer"] = "https://accounts.example.com"

    async def main() -> None:
        prepared = world.openid(server)
        with pytest.raises(ProviderError):
            await opened(prepared)
        del server.metadata["issuer"]
        world.clock.ahead_ms = 60 * 60 * 1000
        await opened(prepared)

    asyncio.run(main())
