"""Tokens that are kept for later: the provider's API is called next week."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import attrs
import httpx2
import pytest
from fastapi import FastAPI
from typing_extensions import override

from authweave.app import App
from authweave.framework.fastapi import get_middleware
from authweave.kernel import UserContext
from authweave.recipe.thirdparty import (
    GetProviderToken,
    GetProviderTokenOkResult,
    GetProviderTokenResult,
    NoProviderTokenResult,
    ProviderClientConfig,
    ProviderTokenEndedResult,
    RefreshOauthTokens,
    ThirdPartyRecipe,
)
from authweave.recipe.thirdparty.exceptions import (
    ClientRefusedError,
    ClientTypeNotFoundError,
    ProviderAnswerError,
    ProviderNotFoundError,
    ProviderUnreachableError,
)
from authweave.recipe.thirdparty.providers.returned import ExchangedTokens
from authweave.recipe.thirdparty.store import THIRD_PARTIES, ProviderTokens
from authweave.storage import LinkedAccounts, PrimaryUser, StorageError, TransactionError
from authweave.storage.memory import MemoryStorage
from authweave.types import JSON, ConfigurationError, JSONObject
from tests.patience import PATIENCE_S

from .kept_app import IOS, REDIRECT_URI, WEB, asked, functions_of, kept_app, provider_at, signed_in, token_of
from .rotating_server import RotatingServer
from .sign_ins import MovedClock
from .stage import Stage

HOUR_MS = 3_600_000


@pytest.fixture
def provider(side_stage: Stage) -> RotatingServer:
    """Put a provider on that gives refresh tokens."""
    made = RotatingServer(side_stage.address)
    side_stage.application = made.asgi()
    return made


@pytest.fixture
def clock() -> MovedClock:
    """Return a clock that stands still until it is moved."""
    return StillClock()


class StillClock(MovedClock):
    """A moment, and some more."""

    @override
    def __call__(self) -> int:
        return 1_800_000_000_000 + self.ahead_ms


@pytest.fixture
def app(provider: RotatingServer, clock: MovedClock) -> Iterator[App]:
    """Build an application that keeps tokens."""
    with kept_app(provider_at(provider.address), clock=clock) as made:
        yield made


def test_a_token_is_there_next_week(app: App, provider: RotatingServer, clock: MovedClock) -> None:
    """It is handed out while it is good, with its end and scope, and refreshed when it is about to end."""

    async def main() -> None:
        user = (await signed_in(app, provider.code("ada", "web"))).user
        first = await asked(app, user.id)
        assert isinstance(first, GetProviderTokenOkResult)
        end = datetime.fromtimestamp(1_800_000_000, UTC) + timedelta(hours=1)
        assert (first.expires_at, first.scope) == (end, "profile")
        assert provider.access_tokens[first.access_token].user == "ada"
        clock.ahead_ms = HOUR_MS - 60_001
        assert await asked(app, user.id) == first
        clock.ahead_ms += 1
        second = await asked(app, user.id)
        assert isinstance(second, GetProviderTokenOkResult)
        assert second.access_token != first.access_token
        assert (second.expires_at, second.scope) == (end + timedelta(minutes=59), "profile")
        for week in range(1, 4):
            clock.ahead_ms = 7 * 24 * week * HOUR_MS
            assert provider.access_tokens[await token_of(app, user.id)].user == "ada"
        assert len(set(provider.refreshes)) == 4
        assert not provider.ended

    asyncio.run(main())


def test_a_hundred_wait_for_one_refresh(app: App, provider: RotatingServer, clock: MovedClock) -> None:
    """All of them have the one new token, and look for it once; those of another user do not wait for it."""
    kept = app.recipe(ThirdPartyRecipe).kept_tokens
    assert kept is not None
    pauses: list[float] = []

    async def pause(seconds: float) -> None:
        pauses.append(seconds)

    kept.pause = pause

    async def main() -> None:
        users = [(await signed_in(app, provider.code(name, "web"))).user for name in ("ada", "bob")]
        clock.ahead_ms = HOUR_MS
        answers = await asyncio.gather(*(token_of(app, users[0].id) for _ in range(100)), token_of(app, users[1].id))
        assert len(set(answers[:100])) == 1
        assert answers[100] != answers[0]
        assert len(provider.refreshes) == 2

    asyncio.run(main())
    assert pauses == []


@pytest.mark.parametrize("rotates", [True, False])
def test_a_refresh_token_is_replaced_by_another_one_alone(
    app: App, provider: RotatingServer, clock: MovedClock, *, rotates: bool
) -> None:
    """A provider that gives none with a refresh goes on to accept the former."""
    provider.rotates = rotates

    async def main() -> None:
        user = (await signed_in(app, provider.code("ada", "web"))).user
        for hour in (1, 2, 3):
            clock.ahead_ms = hour * HOUR_MS
            await token_of(app, user.id)

    asyncio.run(main())
    assert len(set(provider.refreshes)) == (3 if rotates else 1)
    assert not provider.ended


@pytest.mark.parametrize("lifetime", [None, "never", "", True, [], "nan", -1e400])
def test_a_token_without_an_end_is_given_as_it_is(
    app: App, provider: RotatingServer, clock: MovedClock, lifetime: JSON
) -> None:
    """GitHub's classic applications say no lifetime and give no refresh token."""
    provider.lifetime, provider.gives = lifetime if lifetime != -1e400 else None, False
    provider.scope = None

    async def main() -> None:
        user = (await signed_in(app, provider.code("ada", "web"))).user
        clock.ahead_ms = 24 * 365 * HOUR_MS
        result = await asked(app, user.id)
        assert isinstance(result, GetProviderTokenOkResult)
        assert (result.expires_at, result.scope) == (None, None)

    asyncio.run(main())
    assert provider.refreshes == []


@pytest.mark.parametrize(("lifetime", "end_ms"), [(3600, HOUR_MS), ("3600", HOUR_MS), (0, 0), (-5, 0), (1e300, None)])
def test_a_token_that_cannot_be_refreshed_ends(
    app: App, provider: RotatingServer, clock: MovedClock, lifetime: JSON, end_ms: int | None
) -> None:
    """It is handed out until then, and then the user has to sign in again; a lifetime may be a text, or nonsense."""
    provider.lifetime, provider.gives = lifetime, False
    end_ms = 10 * 365 * 24 * HOUR_MS if end_ms is None else end_ms

    async def main() -> None:
        user = (await signed_in(app, provider.code("ada", "web"))).user
        if end_ms:
            clock.ahead_ms = end_ms - 1
            await token_of(app, user.id)
        clock.ahead_ms = end_ms
        assert await asked(app, user.id) == ProviderTokenEndedResult("expired")
        await signed_in(app, provider.code("ada", "web"))
        assert isinstance(await asked(app, user.id), GetProviderTokenOkResult) == bool(end_ms)

    asyncio.run(main())


@pytest.mark.parametrize(
    "failure",
    [
        (400, {"error": "invalid_grant"}),  # RFC 6749, section 5.2
        (200, {"error": "bad_refresh_token"}),  # GitHub
        (200, {"ok": False, "error": "invalid_refresh_token"}),  # Slack
        (400, {"error": "Bad Request", "status": 400, "message": "Invalid refresh token"}),  # Twitch
    ],
)
def test_what_the_provider_has_withdrawn(
    app: App, provider: RotatingServer, clock: MovedClock, failure: tuple[int, JSON]
) -> None:
    """That is said again and again, without asking again, until the user signs in."""
    provider.failure = failure

    async def main() -> None:
        user = (await signed_in(app, provider.code("ada", "web"))).user
        clock.ahead_ms = HOUR_MS
        for _ in range(2):
            assert await asked(app, user.id) == ProviderTokenEndedResult("withdrawn")
        assert len(provider.refreshes) == 1
        await signed_in(app, provider.code("ada", "web"))
        await token_of(app, user.id)

    asyncio.run(main())


def test_a_later_sign_in_replaces_what_is_kept(app: App, provider: RotatingServer, clock: MovedClock) -> None:
    """A refresh token that is given once stays good for the client that it was given to, and for no other."""

    async def main() -> None:
        first = await signed_in(app, provider.code("ada", "web"))
        provider.gives = False
        again = await signed_in(app, provider.code("ada", "web"))
        assert await token_of(app, first.user.id) == again.oauth_tokens["access_token"]
        clock.ahead_ms = HOUR_MS
        await token_of(app, first.user.id)
        assert provider.refreshes == [first.oauth_tokens["refresh_token"]]
        elsewhere = await signed_in(app, provider.code("ada", "ios"), "ios")
        assert await token_of(app, first.user.id) == elsewhere.oauth_tokens["access_token"]
        clock.ahead_ms += HOUR_MS
        assert await asked(app, first.user.id) == ProviderTokenEndedResult("expired")
        provider.gives = True
        await signed_in(app, provider.code("ada", "ios"), "ios")
        clock.ahead_ms += HOUR_MS
        await token_of(app, first.user.id)  # by the client that it was issued to

    asyncio.run(main())
    assert not provider.ended


def test_a_sign_in_while_a_refresh_is_under_way(app: App, provider: RotatingServer, clock: MovedClock) -> None:
    """The former refresh token stays in the place of none, and what comes of it replaces it."""
    provider.go_on.clear()

    async def main() -> None:
        user = (await signed_in(app, provider.code("ada", "web"))).user
        clock.ahead_ms = HOUR_MS
        waiting = asyncio.create_task(token_of(app, user.id))
        assert await asyncio.to_thread(provider.arrived.wait, PATIENCE_S)
        provider.gives = False
        await signed_in(app, provider.code("ada", "web"))
        provider.go_on.set()
        assert await waiting == await token_of(app, user.id)
        clock.ahead_ms += HOUR_MS
        await token_of(app, user.id)

    asyncio.run(main())
    assert not provider.ended


def test_a_client_that_is_gone(provider: RotatingServer, clock: MovedClock) -> None:
    """A token that is good is handed out; to refresh it the client is needed, and the error says which."""
    storage = MemoryStorage()

    async def sign_in(app: App) -> str:
        return (await signed_in(app, provider.code("ada", "web"))).user.id

    with kept_app(provider_at(provider.address), clock=clock, storage=storage) as before:
        user_id = asyncio.run(sign_in(before))
        storage.close = lambda: None  # type: ignore[method-assign]  # the next application goes on with it
    another = ProviderClientConfig("another", "another-secret", "web")
    errors: list[type[Exception]] = [ClientTypeNotFoundError, ClientTypeNotFoundError, ProviderNotFoundError]
    for error, clients in zip(errors, ([IOS], [another], []), strict=True):
        providers = [provider_at(provider.address, clients)] if clients else []
        clock.ahead_ms = 0
        with kept_app(*providers, clock=clock, storage=storage) as after:
            asyncio.run(token_of(after, user_id))
            clock.ahead_ms = HOUR_MS
            with pytest.raises(error, match=r"client 'web' \(client_type 'web'\) of provider 'corp'"):
                asyncio.run(asked(after, user_id))
    with kept_app(provider_at(provider.address, [WEB]), clock=clock, storage=storage) as again:
        asyncio.run(token_of(again, user_id))


def test_which_of_several_login_methods(provider: RotatingServer, clock: MovedClock) -> None:
    """The one with which the user signed in last, unless one is named."""
    with kept_app(provider_at(provider.address), clock=clock, storage="sqlite://") as app:

        async def main() -> None:
            ada = await signed_in(app, provider.code("ada", "web"))
            clock.ahead_ms = 1
            work = await signed_in(app, provider.code("ada at work", "web"))
            assert isinstance(app.services.storage.create_primary_user(ada.user.id), PrimaryUser)
            linked = app.services.storage.link_accounts(work.recipe_user_id.get_as_string(), ada.user.id)
            assert isinstance(linked, LinkedAccounts)
            tokens = [each.oauth_tokens["access_token"] for each in (ada, work)]
            assert await token_of(app, ada.user.id) == tokens[1]
            assert [await token_of(app, ada.user.id, each.recipe_user_id) for each in (ada, work)] == tokens
            clock.ahead_ms = 2
            ada = await signed_in(app, provider.code("ada", "web"))
            assert await token_of(app, ada.user.id) == ada.oauth_tokens["access_token"]
            other = await signed_in(app, provider.code("bob", "web"))
            assert await asked(app, ada.user.id, other.recipe_user_id) == NoProviderTokenResult()

        asyncio.run(main())


@pytest.mark.parametrize(
    ("failure", "error"),
    [
        ((503, {"error": "temporarily_unavailable"}), ProviderAnswerError),
        ((400, {"error": "invalid_client"}), ClientRefusedError),
        ((200, {"token_type": "Bearer"}), ProviderAnswerError),
        ((200, {"access_token": "x" * 20_000}), ProviderAnswerError),
        ((200, {"access_token": "line\nbreak"}), ProviderAnswerError),
    ],
)
def test_a_provider_that_fails(
    app: App, provider: RotatingServer, clock: MovedClock, failure: tuple[int, JSON], error: type[Exception]
) -> None:
    """The error is raised to all who wait, and whoever asks next asks the provider again."""
    provider.failure = failure

    async def main() -> None:
        user = (await signed_in(app, provider.code("ada", "web"))).user
        clock.ahead_ms = HOUR_MS
        answers = await asyncio.gather(*(asked(app, user.id) for _ in range(3)), return_exceptions=True)
        assert [type(each) for each in answers] == [error] * 3
        provider.failure = None
        await token_of(app, user.id)

    asyncio.run(main())


def test_an_override_that_takes_too_long(provider: RotatingServer, clock: MovedClock) -> None:
    """It is given up before anybody else may refresh, as a provider that cannot be reached."""

    @RefreshOauthTokens[UserContext].override
    async def endless(call: RefreshOauthTokens[UserContext]) -> JSONObject:
        await asyncio.Event().wait()
        return await call.original()

    with kept_app(provider_at(provider.address), clock=clock, overrides=[endless]) as made:
        kept = made.recipe(ThirdPartyRecipe).kept_tokens
        assert kept is not None
        kept.longest_s = 0.01

        async def main() -> None:
            user = (await signed_in(made, provider.code("ada", "web"))).user
            clock.ahead_ms = HOUR_MS
            with pytest.raises(ProviderUnreachableError):
                await asked(made, user.id)

        asyncio.run(main())
    assert provider.refreshes == []


def test_overrides(provider: RotatingServer, clock: MovedClock) -> None:
    """Both functions can be overridden, by the application and for a block."""

    @RefreshOauthTokens[UserContext].override
    async def in_capitals(call: RefreshOauthTokens[UserContext]) -> JSONObject:
        return {**await call.original(), "scope": "overridden"}

    @GetProviderToken[UserContext].override
    async def not_for_bob(call: GetProviderToken[UserContext]) -> GetProviderTokenResult:
        return NoProviderTokenResult() if call.user_id == "bob" else await call.original()

    @RefreshOauthTokens[UserContext].override
    async def of_the_block(call: RefreshOauthTokens[UserContext]) -> JSONObject:
        return {**await call.original(), "scope": "block"}

    with kept_app(provider_at(provider.address), clock=clock, overrides=[in_capitals, not_for_bob]) as app:

        async def main() -> None:
            assert await asked(app, "bob") == NoProviderTokenResult()
            user = (await signed_in(app, provider.code("ada", "web"))).user
            scopes: list[str | None] = []
            for hour in (1, 2):
                clock.ahead_ms = hour * HOUR_MS
                with app.overriding(of_the_block) if hour == 2 else contextlib.nullcontext():
                    result = await asked(app, user.id)
                assert isinstance(result, GetProviderTokenOkResult)
                scopes.append(result.scope)
            assert scopes == ["overridden", "block"]

        asyncio.run(main())


def test_disabled_and_deleted_users_have_none(app: App, provider: RotatingServer) -> None:
    """A disabled user's are there again when he is enabled; a deleted one's are gone."""

    async def main() -> None:
        user = (await signed_in(app, provider.code("ada", "web"))).user
        token = await token_of(app, user.id)
        await app.users.disable_user(user.id)
        assert await asked(app, user.id) == NoProviderTokenResult()
        await app.users.enable_user(user.id)
        assert await token_of(app, user.id) == token
        await app.users.delete_user(user.id)
        assert await asked(app, user.id) == await asked(app, "nobody") == NoProviderTokenResult()

    asyncio.run(main())


def test_a_user_who_is_deleted_while_a_refresh_is_under_way(
    app: App, provider: RotatingServer, clock: MovedClock
) -> None:
    """Nobody calls the provider's API for a user who is not there any more."""
    provider.go_on.clear()

    async def main() -> None:
        user = (await signed_in(app, provider.code("ada", "web"))).user
        clock.ahead_ms = HOUR_MS
        waiting = asyncio.create_task(asked(app, user.id))
        assert await asyncio.to_thread(provider.arrived.wait, PATIENCE_S)
        await app.users.delete_user(user.id)
        provider.go_on.set()
        assert await waiting == NoProviderTokenResult()

    asyncio.run(main())


def test_it_is_off_by_default(provider: RotatingServer, clock: MovedClock) -> None:
    """Nothing is stored then, and to ask is an error that says how to switch it on."""
    storage = MemoryStorage()
    with kept_app(provider_at(provider.address), clock=clock, storage=storage, keeps=False) as app:

        async def main() -> None:
            user = (await signed_in(app, provider.code("ada", "web"))).user
            assert storage.part(THIRD_PARTIES).find_provider_tokens(user.id, "corp") is None
            with pytest.raises(ConfigurationError, match="keep_provider_tokens=True"):
                await asked(app, user.id)

        asyncio.run(main())


def test_what_is_kept_is_sealed(app: App, provider: RotatingServer) -> None:
    """It is worth nothing with another user, or without the secret."""
    store = app.services.storage.part(THIRD_PARTIES)

    async def main() -> None:
        users = [(await signed_in(app, provider.code(name, "web"))) for name in ("ada", "bob")]
        kept = [store.find_provider_tokens(each.user.id, "corp") for each in users]
        assert kept[0] is not None
        assert kept[1] is not None
        texts = [str(value) for each in users for value in each.oauth_tokens.values()]
        assert not any(text in str(attrs.asdict(each)) for text in texts for each in kept if each is not None)
        assert not any(text in repr(each) for each in kept for text in [*texts, kept[0].access_token or ""])
        store.keep_provider_tokens(attrs.evolve(kept[0], recipe_user_id=kept[1].recipe_user_id))
        with pytest.raises(ConfigurationError, match="cannot be decrypted"):
            await asked(app, users[1].user.id)

    asyncio.run(main())


def test_nothing_of_a_token_is_told(
    app: App, provider: RotatingServer, clock: MovedClock, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither in the log nor in reprs, JSON, errors and security events."""
    caplog.set_level(logging.DEBUG)
    said: list[str] = []

    async def main() -> None:
        user = (await signed_in(app, provider.code("ada", "web"))).user
        result = await asked(app, user.id)
        assert isinstance(result, GetProviderTokenOkResult)
        said.extend([repr(result), str(result.to_json()), repr(functions_of(app))])
        clock.ahead_ms = HOUR_MS
        provider.failure = (400, {"error": provider.refreshes})
        with pytest.raises(ProviderAnswerError) as raised:
            await asked(app, user.id)
        said.extend([str(raised.value), repr(raised.value.__context__)])
        provider.failure = None
        provider.good.clear()
        said.append(repr(await asked(app, user.id)))
        said.append(repr(await app.list_events()))

    asyncio.run(main())
    tokens = [*provider.access_tokens, *provider.refreshes]
    assert len(tokens) == 3
    assert not any(token in text for token in tokens for text in [*said, caplog.text])


def test_over_http(app: App, provider: RotatingServer) -> None:
    """What comes of a code is kept; what a client sends is not, even if it was checked to be ours."""
    web = FastAPI()
    web.add_middleware(get_middleware(), app=app)

    async def main() -> None:
        transport = httpx2.ASGITransport(app=web)
        async with httpx2.AsyncClient(transport=transport, base_url="http://localhost:8000") as client:
            query = {"thirdPartyId": "corp", "clientType": "web", "redirectURIOnProviderDashboard": REDIRECT_URI}
            begun = (await client.get("/auth/authorisationurl", params=query)).json()
            proof: dict[str, JSON] = {
                "redirectURIOnProviderDashboard": REDIRECT_URI,
                "redirectURIQueryParams": {"code": provider.code("ada", "web")},
                "pkceCodeVerifier": begun["pkceCodeVerifier"],
            }
            body: dict[str, JSON] = {"thirdPartyId": "corp", "clientType": "web"}
            ada = await client.post("/auth/signinup", json={**body, "redirectURIInfo": proof})
            kept = await token_of(app, ada.json()["user"]["id"])
            assert kept not in ada.text
            sent = {"access_token": kept, "refresh_token": "of-an-attacker"}
            same = await client.post("/auth/signinup", json={**body, "oAuthTokens": sent})
            assert same.json()["user"]["id"] == ada.json()["user"]["id"]
            assert await token_of(app, ada.json()["user"]["id"]) == kept
            provider.access_tokens["of-a-phone"] = provider.access_tokens[kept].__class__("bob", "web", 0)
            bob = await client.post("/auth/signinup", json={**body, "oAuthTokens": {"access_token": "of-a-phone"}})
            assert await asked(app, bob.json()["user"]["id"]) == NoProviderTokenResult()

    asyncio.run(main())


def test_what_cannot_be_kept_does_not_keep_anybody_out(
    app: App, provider: RotatingServer, caplog: pytest.LogCaptureFixture
) -> None:
    """An endless token is not kept, and the log says so; the sign-in goes on."""

    async def main() -> None:
        signed = await signed_in(app, provider.code("ada", "web"))
        kept = app.recipe(ThirdPartyRecipe).kept_tokens
        assert kept is not None
        tokens = signed.oauth_tokens
        assert isinstance(tokens, ExchangedTokens)
        tokens["access_token"] = "x" * 20_000
        await kept.keep("corp", signed.user, signed.recipe_user_id, tokens)
        tokens["access_token"] = "short"
        await kept.keep("other", signed.user, signed.recipe_user_id, tokens)
        await token_of(app, signed.user.id)

    asyncio.run(main())
    assert [record.message.partition(":")[0] for record in caplog.records] == [
        "Tokens of provider 'corp' were not kept",
        "Tokens of provider 'other' were not kept",
    ]


def test_not_in_a_transaction(provider: RotatingServer, clock: MovedClock) -> None:
    """A provider is not waited for while others wait to write."""
    with kept_app(provider_at(provider.address), clock=clock, storage="sqlite://") as app:

        async def main() -> None:
            async with app.transaction():
                with pytest.raises(TransactionError, match="before the transaction or after it"):
                    await asked(app, "ada")

        asyncio.run(main())


def test_a_store_that_is_away_for_a_moment(app: App, provider: RotatingServer, clock: MovedClock) -> None:
    """What a provider gave for a refresh token is not lost, for as long as nobody else may refresh."""
    kept = app.recipe(ThirdPartyRecipe).kept_tokens
    assert kept is not None
    renew, failures = kept.store.renew_provider_tokens, [2]

    def away(tokens: ProviderTokens, access_token: str, refresh_token: str) -> bool:
        if failures[0]:
            failures[0] -= 1
            raise StorageError("away")
        return renew(tokens, access_token, refresh_token)

    async def pause(_: float) -> None:
        if failures[0] > 10:
            clock.ahead_ms += kept.lease_ms

    kept.pause, kept.store.renew_provider_tokens = pause, away  # type: ignore[method-assign]  # a store that fails

    async def main() -> None:
        user = (await signed_in(app, provider.code("ada", "web"))).user
        for hour in (1, 2):
            clock.ahead_ms = hour * HOUR_MS
            await token_of(app, user.id)
        failures[0] = 100
        clock.ahead_ms = 3 * HOUR_MS
        with pytest.raises(StorageError):
            await token_of(app, user.id)

    asyncio.run(main())
    assert len(provider.refreshes) == 3
