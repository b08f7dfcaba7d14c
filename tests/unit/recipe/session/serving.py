"""A session recipe to test with: a store in memory, a clock turned by hand, requests as plain values."""

from __future__ import annotations

import asyncio
import base64
import functools
import json
import secrets
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, ParamSpec, TypeVar, cast

import attrs

from authweave.extending import Services
from authweave.kernel import UserContext
from authweave.recipe import session
from authweave.recipe.session.interfaces import APIOptions, RecipeInterface, SessionContent
from authweave.recipe.session.setup import SessionRecipe, SessionSetup
from authweave.recipe.session.store import SESSIONS, SessionRecord
from authweave.recipe.session.types import TokenTransferMethod
from authweave.security import PasswordHasher, ServerSecret
from authweave.storage import KeyRecord, Storage
from authweave.storage.memory import MemoryStorage
from authweave.types import BaseRequest, InputAppInfo, JSONObject, RecipeUserId, ResponseChanges

P = ParamSpec("P")
R = TypeVar("R")

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
START_MS = 1_795_308_682_123
SECRET = ServerSecret(b"0123456789abcdef0123456789abcdef")


@attrs.define
class HandClock:
    """A clock that stands still until it is turned."""

    now_ms: int = START_MS

    def __call__(self) -> int:
        return self.now_ms


@attrs.define
class CountingLoop:
    """Runs blocking functions where it stands, and counts the hops that a real one would make."""

    hops: int = 0

    def __call__(self, function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> Awaitable[R]:
        self.hops += 1

        async def run() -> R:
            return function(*args, **kwargs)

        return run()


@attrs.define
class LaterLoop:
    """Keeps what is to run in the background, until a test runs it."""

    waiting: list[Callable[[], None]] = attrs.field(factory=list[Callable[[], None]])

    def __call__(self, function: Callable[[], None], /) -> None:
        self.waiting.append(function)

    def run(self) -> int:
        """Run what waits, and return how much that was."""
        waiting, self.waiting = self.waiting, []
        for function in waiting:
            function()
        return len(waiting)


@attrs.define
class Bench:
    """The recipe with what it stands on."""

    recipe: SessionRecipe[UserContext]
    storage: Storage
    clock: HandClock
    loop: CountingLoop
    later: LaterLoop

    @property
    def functions(self) -> RecipeInterface[UserContext]:
        return self.recipe.functions

    def stored(self, handle: str) -> SessionRecord:
        """Return a session as the store has it."""
        record = self.storage.part(SESSIONS).find_session(handle)
        assert record is not None
        return record

    def options(self, request: BaseRequest) -> APIOptions:
        """Return what an API is handed."""
        app_info = InputAppInfo("App", "https://api.example.com", website_domain="https://example.com").normalised()
        return APIOptions(
            request=request, app_info=app_info, config=self.recipe.config, recipe_implementation=self.functions
        )

    async def sign_in(self, request: BaseRequest | None = None, **payload: str) -> Client:
        """Create a session in a request, and return who holds it."""
        asked = request or client_request("post", "/auth/signin", {"st-auth-mode": "cookie"})
        await self.recipe.requests.create_new_session(
            asked,
            user_id="u1",
            recipe_user_id=RecipeUserId("r1"),
            tenant_id="public",
            content=SessionContent(access_token_payload=payload),
        )
        client = Client()
        client.take(asked.changes)
        return client


@functools.cache
def dynamic_key() -> KeyRecord:
    """Return a stored signing key, made once for all tests: making one takes a while."""
    store = MemoryStorage()
    bench(storage=store).recipe.keys.current()
    return store.signing_keys()[0]


def services(
    store: Storage,
    clock: HandClock,
    loop: CountingLoop,
    later: LaterLoop,
    *,
    secret: ServerSecret = SECRET,
    api_domain: str = "https://api.example.com",
    website_domain: str = "https://example.com",
) -> Services:
    """Return what an application hands to the recipe."""
    return Services(
        app_info=InputAppInfo("App", api_domain, website_domain=website_domain).normalised(),
        storage=store,
        off_loop=loop,
        in_background=later,
        clock=clock,
        random_bytes=secrets.token_bytes,
        passwords=PasswordHasher(),
        secret=secret,
    )


def bench(
    setup: SessionSetup[UserContext] | None = None,
    *,
    api_domain: str = "https://api.example.com",
    website_domain: str = "https://example.com",
    storage: Storage | None = None,
    secret: ServerSecret = SECRET,
    clock: HandClock | None = None,
) -> Bench:
    """Build the recipe."""
    store, the_clock, loop, later = storage or MemoryStorage(), clock or HandClock(), CountingLoop(), LaterLoop()
    if storage is None:
        store.create_tenant("t1")
        if secret is SECRET:
            store.add_signing_key(dynamic_key())
    handed = services(
        store, the_clock, loop, later, secret=secret, api_domain=api_domain, website_domain=website_domain
    )
    recipe = (setup or session.init()).build(handed)
    handed.faults.raise_if_any()
    return Bench(recipe, store, the_clock, loop, later)


@attrs.define
class Client:
    """What a frontend keeps: cookies by name and path, and the tokens of headers."""

    cookies: dict[str, str] = attrs.field(factory=dict[str, str])
    headers: dict[str, str] = attrs.field(factory=dict[str, str])

    def take(self, changes: ResponseChanges) -> None:
        """Keep what an answer sets, forget what it clears."""
        for text in changes.get_all("set-cookie"):
            name, _, value = text.split("; ")[0].partition("=")
            self.cookies[name] = value
            if not value:
                del self.cookies[name]
        for name in ("front-token", "anti-csrf", "st-access-token", "st-refresh-token"):
            for value in changes.get_all(name):
                self.headers[name] = value
                if value in {"", "remove"}:
                    del self.headers[name]

    @property
    def transfer_method(self) -> TokenTransferMethod:
        return "header" if "st-access-token" in self.headers else "cookie"

    @property
    def access_token(self) -> str:
        return self.headers.get("st-access-token") or self.cookies["sAccessToken"]

    @property
    def refresh_token(self) -> str:
        return self.headers.get("st-refresh-token") or self.cookies["sRefreshToken"]

    def request(self, method: str = "get", **headers: str) -> BaseRequest:
        """Return a request to a route of the application, as the frontend sends it."""
        return self.sent(method, "/", "sAccessToken", self.access_token, headers)

    def refresh(self, **headers: str) -> BaseRequest:
        """Return a refresh request."""
        return self.sent("post", "/auth/session/refresh", "sRefreshToken", self.refresh_token, headers)

    def sent(self, method: str, path: str, cookie: str, token: str, headers: dict[str, str]) -> BaseRequest:
        """Return a request with a token where this client keeps it."""
        by_header = self.transfer_method == "header"
        proof = ("authorization", f"Bearer {token}") if by_header else ("cookie", f"{cookie}={token}")
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        if "anti-csrf" in self.headers:
            given.setdefault("anti-csrf", self.headers["anti-csrf"])
        return client_request(method, path, dict([proof]) | given)

    def copy(self) -> Client:
        """Return another who holds the same."""
        return Client(dict(self.cookies), dict(self.headers))


def client_request(method: str = "get", path: str = "/", headers: dict[str, str] | None = None) -> BaseRequest:
    """Return a request."""
    return BaseRequest(method=method, path=path, headers=list((headers or {}).items()))


def payload_of(token: str) -> dict[str, Any]:  # Any: a test may look for anything in it
    """Read a token without verifying it."""
    part = token.split(".")[1]
    return cast("dict[str, Any]", json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))))  # ours


def front_token_of(changes: ResponseChanges) -> JSONObject:
    """Decode the front token of an answer."""
    (text,) = changes.get_all("front-token")
    return cast("JSONObject", json.loads(base64.b64decode(text, validate=True)))  # ours


def run(coroutine: Coroutine[Any, Any, R]) -> R:  # Any: what a coroutine yields is the loop's own affair
    """Run a coroutine to its end."""
    return asyncio.run(coroutine)
