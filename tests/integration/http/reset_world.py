"""An application whose users reset and change their passwords, over a real socket, and whose mails are collected."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, cast
from urllib.parse import parse_qs, urlsplit

import attrs
import httpx2
from typing_extensions import override

from authweave import UserContext, get_request_from_user_context
from authweave.app import App, init
from authweave.events import SecurityEvent
from authweave.extending import RecipeEntry
from authweave.ingredients.emaildelivery import EmailDeliveryConfig, EmailDeliveryInterface
from authweave.kernel import Interface, Override
from authweave.recipe import emailpassword, session
from authweave.recipe.emailpassword import (
    InputSignUpFeature,
    PasswordResetEmailTemplateVars,
    PasswordResetFeature,
)
from authweave.recipe.emailpassword.asyncio import change_password
from authweave.recipe.emailverification.asyncio import request_email_change
from authweave.recipe.session import SessionContainer
from authweave.security import PasswordHasher
from authweave.storage import Storage
from authweave.types import JSON, InputAppInfo
from tests.integration.frameworks.routes import Route, user_of
from tests.integration.frameworks.serving import FRAMEWORKS, Framework
from tests.patience import PATIENCE_S, PATIENT
from tests.stores import open_whole

from .serving import HEADERS, PASSWORD, bearer, form, sign_up

NEW: Final = "battery staple 2"
ADA: Final = "ada@example.com"


@attrs.define
class Clock:
    """A clock that is turned by hand."""

    now_ms: int = 1_700_000_000_000

    def __call__(self) -> int:
        return self.now_ms


class Collected(EmailDeliveryInterface[PasswordResetEmailTemplateVars]):
    """Keeps what mails are made from."""

    def __init__(self) -> None:
        self.mails: list[PasswordResetEmailTemplateVars] = []

    @override
    async def send_email(self, template_vars: PasswordResetEmailTemplateVars, user_context: UserContext) -> None:
        self.mails.append(template_vars)


def token_of(mail: PasswordResetEmailTemplateVars) -> str:
    """Return the token of the link in a mail."""
    return parse_qs(urlsplit(mail.password_reset_link).query)["token"][0]


@attrs.define
class World:
    """An application, its mails, and a client of it."""

    app: App
    client: httpx2.Client
    collected: Collected
    clock: Clock
    storage: Storage
    file: Path
    events: list[SecurityEvent]

    def sign_up(self, email: str = ADA) -> httpx2.Response:
        """Sign up, which has to work."""
        return sign_up(self.client, email)

    def sign_in(self, email: str = ADA, password: str = PASSWORD) -> httpx2.Response:
        """Sign in."""
        return self.client.post("/auth/signin", json=form(email, password), headers=HEADERS)

    def ask(self, email: JSON = ADA, tenant: str = "") -> httpx2.Response:
        """Ask for a link."""
        body = {"formFields": [{"id": "email", "value": email}]}
        return self.client.post(f"/auth{tenant}/user/password/reset/token", json=body)

    def asked(self, email: str = ADA, tenant: str = "") -> str:
        """Ask for a link, which has to be sent, and return its token."""
        count = len(self.collected.mails)
        assert self.ask(email, tenant).json() == {"status": "OK"}
        (mail,) = self.collected.mails[count:]
        return token_of(mail)

    def reset(self, token: JSON, password: JSON = NEW, tenant: str = "") -> httpx2.Response:
        """Reset a password."""
        body = {"method": "token", "token": token, "formFields": [{"id": "password", "value": password}]}
        return self.client.post(f"/auth{tenant}/user/password/reset", json=body)

    def change(
        self, signed_in: httpx2.Response, old: str = PASSWORD, new: str = NEW, *, others: bool = True
    ) -> httpx2.Response:
        """Change a password."""
        body = {"old": old, "new": new, "others": others}
        return self.client.post("/password", json=body, headers=bearer(signed_in))

    def is_alive(self, signed_in: httpx2.Response) -> bool:
        """Return whether a session has not been ended."""
        return self.client.get("/me", headers=bearer(signed_in)).status_code == 200

    def sql(self, statement: str, *values: object) -> list[tuple[object, ...]]:
        """Execute a statement beside the application."""
        with sqlite3.connect(self.file) as connection:
            rows = connection.execute(statement, values).fetchall()
        connection.close()
        return rows

    def kinds(self) -> list[str]:
        """Return the kinds of the events that there were."""
        return [event.kind for event in self.events]


async def body_of_request() -> dict[str, str]:
    """Return what the request that is being served has sent."""
    request = get_request_from_user_context()
    assert request is not None
    return cast("dict[str, str]", await request.json())  # as the tests send it


async def password(session: SessionContainer) -> JSON:
    """Change the password."""
    body = await body_of_request()
    result = await change_password(session, body["old"], body["new"], revoke_other_sessions=bool(body["others"]))
    return {"result": type(result).__name__, **attrs.asdict(result)}


async def address(session: SessionContainer) -> JSON:
    """Ask for a change of the address."""
    return {"status": (await request_email_change(session, (await body_of_request())["new"])).status}


ROUTES: Final = (
    Route("/password", password, ("POST",)),
    Route("/address", address, ("POST",)),
    Route("/me", user_of, asked={"check_database": True}),
)


@contextmanager
def world(
    folder: Path,
    *more: RecipeEntry,
    sign_up_feature: InputSignUpFeature | None = None,
    password_reset: PasswordResetFeature | None = None,
    email_delivery: EmailDeliveryConfig[PasswordResetEmailTemplateVars] | None = None,
    overrides: Sequence[Override[Interface[UserContext]]] = (),
    passwords: PasswordHasher | None = None,
    url: str | None = None,
    is_quiet: bool = False,
    framework: Framework = FRAMEWORKS[0],
) -> Generator[World]:
    """Serve an application, on SQLite unless there is a URL. Where it is quiet, nothing is done in the background."""
    file, clock, collected = folder / "auth.db", Clock(), Collected()
    events: list[SecurityEvent] = []
    storage = open_whole(url or f"sqlite:///{file}", PATIENT)
    storage.create_tenant("t1")
    app = init(
        InputAppInfo(app_name="Test", api_domain="http://localhost:8000", website_domain="http://localhost:3000"),
        [
            emailpassword.init(
                sign_up_feature=sign_up_feature,
                password_reset=password_reset,
                email_delivery=email_delivery or EmailDeliveryConfig(collected),
            ),
            session.init(),
            *more,
        ],
        storage=storage,
        storage_wait_s=PATIENCE_S,
        secret=b"s" * 32,
        passwords=passwords or PasswordHasher(memory_kib=8, time_cost=1),
        clock=clock,
        overrides=overrides,
        on_event=events.append,
        event_retention_s=None if is_quiet else 3600,
        purge_interval_s=None if is_quiet else 3600,
    )
    with (
        framework.serving(app, ROUTES) as base_url,
        httpx2.Client(base_url=base_url, verify=False, timeout=PATIENCE_S) as client,
    ):
        yield World(app, client, collected, clock, storage, file, events)
    app.close()
    storage.close()
