"""An application whose store is going to fail, served over HTTP."""

from __future__ import annotations

from collections.abc import Generator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Final

import httpx2

from authweave import App, InputAppInfo, init
from authweave.recipe import emailpassword, session
from authweave.security import PasswordHasher
from authweave.storage import StorageOptions
from authweave.types import Clock
from tests.integration.http.conftest import web_app
from tests.integration.http.serving import HEADERS, form, serving
from tests.patience import PATIENCE_S, PATIENT
from tests.stores import open_whole

UNAVAILABLE: Final = {"message": "temporarily unavailable, try again later"}


def built(
    url: str,
    options: StorageOptions | None = None,
    *,
    clock: Clock | None = None,
    threads: int = 4,
    queue: int = 1000,
    wait_s: float | None = PATIENCE_S,
    grace_s: int = 10,
) -> App:
    """Build an application on the store at a URL."""
    store = open_whole(url, options or PATIENT)
    try:
        return init(
            InputAppInfo("Faults", "http://localhost:8000", website_domain="http://localhost:3000"),
            [emailpassword.init(), session.init(access_token_signing_algorithm="ES256", refresh_grace_s=grace_s)],
            storage=store,
            secret="a secret of the tests, and of nobody else",
            trusted_proxies=[],
            passwords=PasswordHasher(memory_kib=8, time_cost=1),
            clock=clock,
            storage_threads=threads,
            storage_queue=queue,
            storage_wait_s=wait_s,
            default=False,
        )
    except BaseException:
        store.close()
        raise


@contextmanager
def served(auth: App) -> Generator[httpx2.Client]:
    """Serve an application for a block, and close it then; yields a client without a memory."""
    try:
        with (
            serving(web_app(auth)) as address,
            httpx2.Client(base_url=address, verify=False, timeout=PATIENCE_S) as client,
        ):
            yield client
    finally:
        auth.close()
        auth.services.storage.close()


def enter(client: httpx2.Client, path: str, email: str = "ada@example.com") -> httpx2.Response:
    """Sign up or in."""
    return client.post(f"/auth/{path}", json=form(email), headers=HEADERS)


def sign_ups(crowd: ThreadPoolExecutor, client: httpx2.Client, count: int) -> dict[Future[httpx2.Response], str]:
    """Let so many people sign up at once."""
    emails = [f"{number}@example.com" for number in range(count)]
    return {crowd.submit(enter, client, "signup", email): email for email in emails}


def refresh(client: httpx2.Client, entered: httpx2.Response) -> httpx2.Response:
    """Refresh with the token of an answer."""
    token = entered.headers["st-refresh-token"]
    return client.post("/auth/session/refresh", headers={**HEADERS, "authorization": f"Bearer {token}"})


def assert_ok(answer: httpx2.Response) -> None:
    """Check that a sign-up or sign-in worked."""
    assert (answer.status_code, answer.json().get("status")) == (200, "OK"), answer.text


def assert_unavailable(answer: httpx2.Response) -> None:
    """Check that an answer is the 503 that clients are told to come back by, in the shape of all our errors."""
    assert (answer.status_code, answer.json()) == (503, UNAVAILABLE), answer.text
    assert int(answer.headers["retry-after"]) >= 1
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    assert not [name for name in answer.headers if name.startswith("st-") or name in {"front-token", "set-cookie"}]
