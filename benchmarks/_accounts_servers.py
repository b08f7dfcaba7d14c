"""
The servers of ``accounts.py``: an application each, with its own route that asks for a reset of a password.

Beside it ``POST /user`` adds the user, ``GET /get-user?times=N`` looks that user up N times by direct calls, and
``GET /cpu`` answers with the CPU time of the process; both answer in nanoseconds. ``GET /mails`` answers how many mails
have been handed over. Run as ``python benchmarks/_accounts_servers.py NAME PORT FOLDER``.

Mail goes nowhere: each system hands it to a function that counts it and returns at once, as late as it can. That of the
peers is handed the link alone: an application would render the mail there, and send it or put it into a queue. Ours is
handed the finished mail by the outbox, which has sealed it, kept it in the database, and deletes it afterwards.
Attempts are counted by ours, as by default; their limits are out of reach.
"""

from __future__ import annotations

import json
import sys
import time
import uuid
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import attrs
import uvicorn
from fastapi import FastAPI

EMAIL, PASSWORD = "somebody@example.com", "password1"
SECRET = "a secret for this benchmark and nothing else"


@attrs.frozen
class Peer:
    """
    A system at work.

    Attributes:
        app: has its route for resets.
        add_user: adds the user and returns the id.
        mails: has an entry for each mail that was handed over.
        get_user: looks a user up by the id.
    """

    app: FastAPI
    add_user: Callable[[], Awaitable[str]]
    get_user: Callable[[str], Awaitable[object]]
    mails: list[None]


def authweave(folder: Path) -> Peer:
    """Set up authweave: its own mail, which is written in the request and waits in the outbox; no limit of attempts."""
    from authweave import InputAppInfo, init  # noqa: PLC0415  each process loads one system only
    from authweave.asyncio import get_user  # noqa: PLC0415  as above
    from authweave.framework.fastapi import get_middleware  # noqa: PLC0415  as above
    from authweave.ingredients.emaildelivery.types import (  # noqa: PLC0415  as above
        EmailContent,
        EmailDeliveryConfig,
        SMTPServiceInterface,
        SMTPSettings,
        SMTPSettingsFrom,
    )
    from authweave.kernel import UserContext  # noqa: PLC0415  as above
    from authweave.recipe import attempts, emailpassword, session  # noqa: PLC0415  as above
    from authweave.recipe.emailpassword import SMTPService  # noqa: PLC0415  as above
    from authweave.recipe.emailpassword.asyncio import sign_up  # noqa: PLC0415  as above
    from authweave.recipe.emailpassword.interfaces import SignUpOkResult  # noqa: PLC0415  as above
    from authweave.security import PasswordHasher  # noqa: PLC0415  as above

    mails: list[None] = []

    def nowhere(original: SMTPServiceInterface) -> SMTPServiceInterface:
        async def send_raw_email(content: EmailContent, user_context: UserContext) -> None:
            del content, user_context
            mails.append(None)

        original.send_raw_email = send_raw_email
        return original

    settings = SMTPSettings("127.0.0.1", 25, SMTPSettingsFrom("Benchmark", "auth@example.com"))
    init(
        InputAppInfo("benchmark", "http://127.0.0.1", website_domain="http://127.0.0.1"),
        [
            emailpassword.init(),
            session.init(),
            attempts.init(account=attempts.Limit(100_000, 1), account_and_address=attempts.Limit(100_000, 1)),
        ],
        storage=f"sqlite:///{folder / 'authweave.db'}",
        passwords=PasswordHasher(memory_kib=8, time_cost=1),
        email_delivery=EmailDeliveryConfig(SMTPService(settings, override=nowhere)),
    )
    app = FastAPI()
    app.add_middleware(get_middleware())

    async def add_user() -> str:
        added = await sign_up("public", EMAIL, PASSWORD)
        assert isinstance(added, SignUpOkResult)
        return added.user.id

    return Peer(app, add_user, get_user, mails)


def better_auth(folder: Path) -> Peer:
    """Set up better-auth-server as its documentation does: SQLAlchemy's asynchronous engine; no limit of attempts."""
    from better_auth import BetterAuth, EmailAndPassword, RateLimit  # noqa: PLC0415  only where the peer is installed
    from better_auth.adapters.base import Where  # noqa: PLC0415  as above
    from better_auth.adapters.sqlalchemy import SQLAlchemyAdapter  # noqa: PLC0415  as above
    from better_auth.integrations.fastapi import BetterAuthFastAPI  # noqa: PLC0415  as above
    from better_auth.types import AuthRequest  # noqa: PLC0415  as above
    from sqlalchemy.ext.asyncio import create_async_engine  # noqa: PLC0415  as above

    mails: list[None] = []

    async def send(user: object, url: str, token: str) -> None:
        del user, url, token
        mails.append(None)

    adapter = SQLAlchemyAdapter(create_async_engine(f"sqlite+aiosqlite:///{folder / 'better-auth.db'}"))
    auth = BetterAuth(
        secret=SECRET,
        base_url="http://127.0.0.1",
        adapter=adapter,
        email_and_password=EmailAndPassword(enabled=True, send_reset_password=send),
        rate_limit=RateLimit(enabled=False),
    )

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
        del app
        await adapter.create_tables()
        yield

    app = FastAPI(lifespan=lifespan)
    app.include_router(BetterAuthFastAPI(auth).router)

    async def add_user() -> str:
        body = json.dumps({"name": "Somebody", "email": EMAIL, "password": PASSWORD}).encode()
        headers = {"content-type": "application/json", "origin": "http://127.0.0.1"}
        answer = await auth.handle(AuthRequest("POST", "/sign-up/email", headers, {}, body))
        return str(answer.body["user"]["id"])

    async def get_user(user_id: str) -> object:
        return await adapter.find_one("user", [Where("id", user_id)])

    return Peer(app, add_user, get_user, mails)


def fastapi_users(folder: Path) -> Peer:
    """Set up fastapi-users as its documentation does; its tokens for resets are signed, and not stored."""
    from _fastapi_users import User, UserManager, build, with_manager  # noqa: PLC0415  only where the peer is installed
    from fastapi_users import schemas  # noqa: PLC0415  as above

    app = build(folder)

    async def add_user() -> str:
        async with with_manager(app) as manager:
            made = await manager.create(schemas.BaseUserCreate(email=EMAIL, password=PASSWORD))
        return str(made.id)

    async def get_user(user_id: str) -> User:
        async with with_manager(app) as manager:
            return await manager.get(uuid.UUID(user_id))

    return Peer(app, add_user, get_user, UserManager.mails)


PEERS: dict[str, Callable[[Path], Peer]] = {
    "authweave": authweave,
    "better-auth-server": better_auth,
    "fastapi-users": fastapi_users,
}


def main() -> None:
    """Serve one of them."""
    name, port, folder = sys.argv[1:]
    peer = PEERS[name](Path(folder))
    ids: list[str] = []

    @peer.app.post("/user")
    async def user() -> str:
        ids.append(await peer.add_user())
        return ids[0]

    @peer.app.get("/get-user")
    async def get_user(times: int) -> int:
        start = time.process_time_ns()
        for _ in range(times):
            assert await peer.get_user(ids[0]) is not None
        return time.process_time_ns() - start

    @peer.app.get("/mails")
    async def mails() -> int:
        return len(peer.mails)

    @peer.app.get("/cpu")
    async def cpu() -> int:
        return time.process_time_ns()

    uvicorn.run(peer.app, host="127.0.0.1", port=int(port), log_level="error", access_log=False, timeout_keep_alive=600)


if __name__ == "__main__":
    main()
