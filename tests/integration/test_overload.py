"""More sign-ups at once than may wait to be hashed: those beyond are told to come back, and nothing is left of them."""

from __future__ import annotations

import asyncio
import itertools
import threading
from pathlib import Path

import httpx2
import pytest
from fastapi import FastAPI

from authweave import InputAppInfo, init
from authweave.framework.fastapi import get_middleware
from authweave.recipe import emailpassword, session
from authweave.security import PasswordHasher
from authweave.security._argon2 import Argon2
from tests.integration.http.serving import form
from tests.patience import PATIENCE_S


def test_beyond_the_queue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With room for two of thirty, the others get a 429 with Retry-After; whoever got it can sign up later."""
    auth = init(
        InputAppInfo(app_name="Busy", api_domain="http://localhost:8000", website_domain="http://localhost:3000"),
        [emailpassword.init(), session.init()],
        storage=f"sqlite:///{tmp_path / 'auth.db'}",
        passwords=PasswordHasher(memory_kib=8, time_cost=1, at_once=1, queue=1),
        default=False,
    )
    gate, hash_now = threading.Event(), Argon2.hash

    def hash_later(argon2: Argon2, password: bytes) -> str:
        assert gate.wait(PATIENCE_S)
        return hash_now(argon2, password)

    monkeypatch.setattr(Argon2, "hash", hash_later)
    app = FastAPI()
    app.add_middleware(get_middleware(), app=auth)

    async def scenario() -> None:
        async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://localhost") as client:
            emails = [f"{number}@example.com" for number in range(30)]
            asked = [asyncio.ensure_future(client.post("/auth/signup", json=form(email))) for email in emails]
            for early in itertools.islice(asyncio.as_completed(asked), len(emails) - 2):
                assert (await early).status_code == 429
            gate.set()
            answers = await asyncio.gather(*asked)
            assert [answer.status_code for answer in answers].count(200) == 2
            refused = {
                email: answer for email, answer in zip(emails, answers, strict=True) if answer.status_code == 429
            }
            for email, answer in refused.items():
                assert int(answer.headers["retry-after"]) >= 1
                exists = await client.get("/auth/emailpassword/email/exists", params={"email": email})
                assert exists.json() == {"status": "OK", "exists": False}
            again = await client.post("/auth/signup", json=form(next(iter(refused))))
            assert again.json()["status"] == "OK"

    asyncio.run(scenario())
    auth.close()
