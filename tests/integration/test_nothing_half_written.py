"""Bad input leaves the store exactly as it was."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

import httpx2
import pytest
from fastapi import FastAPI

from authweave import InputAppInfo, init
from authweave.framework.fastapi import get_middleware
from authweave.recipe import emailpassword, session
from authweave.security import PasswordHasher
from tests.integration.http.serving import COOKIES, HEADERS, PASSWORD, as_jwt_part, form, jwt_part

BAD_BODIES: Final = (
    b"",
    b"not json",
    b"[1]",
    b"\xff\xfe",
    b"\x00",
    b'{"formFields": null}',
    b'{"formFields": [{"id": "email", "value": "new@example.com"}]}',
    b'{"formFields": "' + b"x" * 2_000_000 + b'"}',
    *(
        json.dumps(form(email, password)).encode()
        for email, password in (
            ("ada@example.com", PASSWORD),  # taken
            ("ADA@example.com ", PASSWORD),  # the same
            ("new\0@example.com", PASSWORD),
            ("new@example.com", "short"),
            ("new@example.com", "a1" * 5000),
            ("new@example.com", 12345678),
            ({"$ne": ""}, PASSWORD),
            ("new@example.com' OR 1=1 --", PASSWORD),
            ("a" * 400 + "@example.com", PASSWORD),
        )
    ),
    json.dumps(form("new@example.com", shouldTryLinkingWithSessionUser=True)).encode(),
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return where the data is."""
    return tmp_path / "auth.db"


@pytest.fixture
def app(file: Path) -> Iterator[FastAPI]:
    """Build an application."""
    auth = init(
        InputAppInfo(app_name="Whole", api_domain="http://localhost:8000", website_domain="http://localhost:3000"),
        [emailpassword.init(), session.init()],
        storage=f"sqlite:///{file}",
        passwords=PasswordHasher(memory_kib=8, time_cost=1),
        default=False,
    )
    app = FastAPI()
    app.add_middleware(get_middleware(), app=auth)
    yield app
    auth.close()


def rows(file: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return everything in the database, by table, but for what is noted of attempts that fail."""
    with closing(sqlite3.connect(file)) as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        tables = [name for name in tables if name not in {"authweave_attempts", "authweave_events"}]
        return {name: sorted(database.execute(f'SELECT * FROM "{name}"'), key=repr) for name in tables}  # noqa: S608  its own names


def client_of(app: FastAPI) -> httpx2.AsyncClient:
    """Return a client of the application that keeps no cookies."""
    client = httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://localhost")

    async def forget(_response: httpx2.Response) -> None:
        client.cookies.clear()

    client.event_hooks["response"] = [forget]
    return client


def bad_tokens(good: str) -> list[str]:
    """Return what is no token of ours any more."""
    head, payload, signature = good.split(".")
    none = as_jwt_part(jwt_part(good, 0) | {"alg": "none"})
    foreign = as_jwt_part(jwt_part(good, 0) | {"kid": "d-1"})
    return [
        good[:-8],
        f"{none}.{payload}.",
        f"{foreign}.{payload}.{signature}",
        f"{head}.{as_jwt_part(jwt_part(good, 1) | {'sub': 'somebody'})}.{signature}",
        "..",
        "a" * 1_000_000,
        "%00",
        "sé",
    ]


def test_bad_input(app: FastAPI, file: Path) -> None:
    """Whatever is wrong with a request, its answer is no server error and the store is as it was."""

    async def scenario() -> None:
        async with client_of(app) as client:
            signed_up = await client.post("/auth/signup", json=form("ada@example.com"), headers=HEADERS)
            access, refresh = (signed_up.headers[name] for name in ("st-access-token", "st-refresh-token"))
            before = rows(file)
            answers = [
                await client.post(
                    path, content=body, headers={**HEADERS, "rid": rid, "content-type": "application/json"}
                )
                for path in ("/auth/signup", "/auth/t9/signup", "/auth/signin")
                for rid in ("emailpassword", "nonsense")
                for body in BAD_BODIES
                if not (path == "/auth/signin" and b"ada@example.com" in body.lower())
            ]
            for path, token in [
                *(("/auth/signout", token) for token in bad_tokens(access)),
                *(("/auth/session/refresh", token) for token in (*bad_tokens(access), access, refresh[:-2], "", "v1.")),
            ]:
                raw = token.encode()
                for headers in (
                    {b"authorization": b"Bearer " + raw},
                    {b"cookie": b"sAccessToken=" + raw + b"; sRefreshToken=" + raw},
                    {b"cookie": b"sRefreshToken=" + raw + b"; sRefreshToken=" + refresh.encode()},
                ):
                    answers.append(await client.post(path, headers=headers))  # noqa: PERF401  unreadable as a comprehension
            assert {answer.status_code for answer in answers} <= {200, 400, 401, 413}
            assert [answer.text for answer in answers if answer.json().get("status") == "OK"] == []
            assert rows(file) == before

    asyncio.run(scenario())


def test_one_address_at_once(app: FastAPI, file: Path) -> None:
    """Of twenty sign-ups for one address at once one wins; there is one user, one login method and one session."""

    async def scenario() -> list[httpx2.Response]:
        async with client_of(app) as client:
            await client.post("/auth/signup", json=form("first@example.com"), headers=HEADERS)  # keys are made lazily
            before = {name: len(found) for name, found in rows(file).items()}
            attempts = [client.post("/auth/signup", json=form(), headers=COOKIES) for _ in range(20)]
            answers = await asyncio.gather(*attempts)
            added = {name: len(found) - before[name] for name, found in rows(file).items()}
            assert set(added.values()) == {0, 1}
            return answers

    answers = asyncio.run(scenario())
    statuses = sorted(answer.json()["status"] for answer in answers)
    assert statuses == ["FIELD_ERROR"] * 19 + ["OK"]
    assert sum("set-cookie" in answer.headers for answer in answers) == 1


def test_sign_in_elsewhere(app: FastAPI) -> None:
    """What was refused can still be done properly afterwards."""

    async def scenario() -> None:
        async with client_of(app) as client:
            refused = await client.post("/auth/signup", json=form("new@example.com", "short"))
            assert refused.json()["status"] == "FIELD_ERROR"
            assert (await client.post("/auth/signup", json=form("new@example.com"))).json()["status"] == "OK"
            assert (await client.post("/auth/signin", json=form("new@example.com"))).json()["status"] == "OK"

    asyncio.run(scenario())
