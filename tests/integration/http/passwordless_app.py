"""Applications whose users sign in by codes and links, behind one server over one store, and what they send."""

from __future__ import annotations

import asyncio
import base64
import itertools
import json
from collections.abc import Awaitable, Callable, Generator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import Final, TypeVar
from urllib.parse import parse_qs, urlsplit

import attrs
import httpx2
from fastapi import FastAPI
from typing_extensions import override

from authweave import UserContext
from authweave.app import App, init
from authweave.extending import RecipeEntry, VerifiedEmails
from authweave.framework.fastapi import get_middleware
from authweave.hooks import Hook
from authweave.ingredients.emaildelivery.types import EmailDeliveryConfig, EmailDeliveryInterface
from authweave.ingredients.smsdelivery.types import SMSDeliveryConfig, SMSDeliveryInterface
from authweave.recipe import accountlinking, attempts, emailpassword, emailverification, passwordless, session
from authweave.recipe.passwordless import (
    PasswordlessLoginEmailTemplateVars,
    PasswordlessLoginSMSTemplateVars,
    PasswordlessRecipe,
)
from authweave.recipe.passwordless.interfaces import RecipeInterface
from authweave.security import PasswordHasher
from authweave.storage import Storage
from authweave.types import JSON, InputAppInfo, User
from tests.patience import PATIENCE_S
from tests.unit.recipe.session.serving import HandClock

from .serving import AS_JSON, bearer, form, serving

R = TypeVar("R")

HEADERS: Final = {"st-auth-mode": "header"}
A_CLIENT: Final = "192.0.2.1"
"""From where requests come, as a proxy says."""
OTHER_CLIENT: Final = "192.0.2.2"
START_MS: Final = 1_800_000_000_000
RESTART: Final = {"status": "RESTART_FLOW_ERROR"}
OK: Final = {"status": "OK"}

Template = PasswordlessLoginEmailTemplateVars | PasswordlessLoginSMSTemplateVars


def incorrect(count: int) -> dict[str, JSON]:
    """Return the answer to a wrong code."""
    status = "INCORRECT_USER_INPUT_CODE_ERROR"
    return {"status": status, "failedCodeInputAttemptCount": count, "maximumCodeInputAttempts": 5}


def no_sign_in_up(reason: str) -> dict[str, JSON]:
    """Return the answer to a sign-in or sign-up that is not allowed."""
    return {"status": "SIGN_IN_UP_NOT_ALLOWED", "reason": reason}


def at(address: str) -> dict[str, str]:
    """Return the headers of a request that comes from an address; of nobody knows where, if that is empty."""
    return {"x-forwarded-for": address}


class Sent(
    EmailDeliveryInterface[PasswordlessLoginEmailTemplateVars], SMSDeliveryInterface[PasswordlessLoginSMSTemplateVars]
):
    """Keeps what would be sent, or refuses to send it."""

    def __init__(self) -> None:
        self.messages: list[Template] = []
        self.fails: bool = False

    @override
    async def send_email(self, template_vars: PasswordlessLoginEmailTemplateVars, user_context: UserContext) -> None:
        self.keep(template_vars)

    @override
    async def send_sms(self, template_vars: PasswordlessLoginSMSTemplateVars, user_context: UserContext) -> None:
        self.keep(template_vars)

    def keep(self, message: Template) -> None:
        """Keep a message."""
        if self.fails:
            raise ConnectionError("The gateway refuses")
        self.messages.append(message)


@attrs.frozen
class Browser:
    """
    A browser that has asked for a code.

    Attributes:
        message: what was sent last.
    """

    device_id: str
    pre_auth_session_id: str
    message: Template

    @property
    def code(self) -> str:
        """The code that was sent."""
        assert self.message.user_input_code is not None
        return self.message.user_input_code

    @property
    def wrong_code(self) -> str:
        """Another one."""
        return f"{(int(self.code) + 1) % 10**6:06}"

    @property
    def link(self) -> str:
        """The link that was sent."""
        assert self.message.url_with_link_code is not None
        return self.message.url_with_link_code

    def with_code(self, code: str | None = None) -> dict[str, JSON]:
        """Return what is asked to sign in with a code; with the right one, if none is named."""
        return {
            "preAuthSessionId": self.pre_auth_session_id,
            "deviceId": self.device_id,
            "userInputCode": self.code if code is None else code,
        }

    def with_link(self) -> dict[str, JSON]:
        """Return what the website's page asks that the link leads to."""
        query = parse_qs(urlsplit(self.link).query)
        return {"preAuthSessionId": query["preAuthSessionId"][0], "linkCode": urlsplit(self.link).fragment}


@attrs.frozen
class Site:
    """
    An application that is served.

    Attributes:
        base: its base path.
        sent: what its applications send.
    """

    auth: App
    base: str
    client: httpx2.Client
    sent: Sent
    clock: HandClock

    def post(self, path: str, body: Mapping[str, JSON], headers: Mapping[str, str] | None = None) -> httpx2.Response:
        """Ask an API."""
        content = json.dumps(body)  # halves of characters are escaped
        sent = {**HEADERS, **AS_JSON, **at(A_CLIENT), **(headers or {})}
        return self.client.post(f"{self.base}{path}", content=content, headers=sent)

    def ask(
        self, contact: str, headers: Mapping[str, str] | None = None, *, tenant: str = "", client: str = A_CLIENT
    ) -> Browser:
        """Ask for a code, for an address or a number, as a client; with a session, as a second factor."""
        kind = "email" if "@" in contact else "phoneNumber"
        body: dict[str, JSON] = {kind: contact, **({"shouldTryLinkingWithSessionUser": True} if headers else {})}
        answer = self.post(f"{tenant}/signinup/code", body, {**(headers or {}), **at(client)})
        assert answer.json()["status"] == "OK", answer.text
        return Browser(answer.json()["deviceId"], answer.json()["preAuthSessionId"], self.sent.messages[-1])

    def resend(self, browser: Browser, headers: Mapping[str, str] | None = None) -> httpx2.Response:
        """Ask for another code."""
        body: dict[str, JSON] = {
            "deviceId": browser.device_id,
            "preAuthSessionId": browser.pre_auth_session_id,
            "shouldTryLinkingWithSessionUser": headers is not None,
        }
        return self.post("/signinup/code/resend", body, headers)

    def consume(
        self, body: Mapping[str, JSON], headers: Mapping[str, str] | None = None, *, tenant: str = ""
    ) -> httpx2.Response:
        """Sign in; with a session, by a second factor."""
        flagged = {**body, **({"shouldTryLinkingWithSessionUser": True} if headers else {})}
        return self.post(f"{tenant}/signinup/code/consume", flagged, headers)

    def signed_in(self, contact: str) -> tuple[dict[str, str], str]:
        """Sign somebody in by a code; return the headers of the session, and the user's id."""
        answer = self.consume(self.ask(contact).with_code())
        assert answer.json()["status"] == "OK", answer.text
        return bearer(answer), answer.json()["user"]["id"]

    def by_password(self, email: str) -> tuple[dict[str, str], str]:
        """Sign somebody up with a password; return the headers of the session, and the user's id."""
        answer = self.post("/signup", form(email))
        assert answer.json()["status"] == "OK", answer.text
        return bearer(answer), answer.json()["user"]["id"]

    def verified_by_password(self, email: str) -> tuple[dict[str, str], str]:
        """Do the same, and verify the address."""
        headers, user_id = self.by_password(email)
        services = self.auth.services
        services.storage.transact(lambda: VerifiedEmails(services).mark_verified(user_id, email))
        return headers, user_id

    def user(self, user_id: str) -> User:
        """Return a user of the store."""
        user = self.auth.services.storage.find_user(user_id)
        assert user is not None
        return user

    def run(self, call: Callable[[RecipeInterface[UserContext]], Awaitable[R]]) -> R:
        """Call a function of the recipe."""
        functions = self.auth.recipe(PasswordlessRecipe).functions

        async def called() -> R:
            return await call(functions)

        return asyncio.run(called())


@attrs.frozen
class Sites:
    """
    The applications.

    Attributes:
        plain: codes and links, to addresses and numbers; nothing is linked.
        linking: the same, where accounts are linked that have proved their addresses.
    """

    plain: Site
    linking: Site


def link_verified(*_: object) -> accountlinking.ShouldAutomaticallyLink:
    """Have accounts be linked whose addresses are verified."""
    return accountlinking.ShouldAutomaticallyLink(should_require_verification=True)


@contextmanager
def served(
    storage: Storage,
    recipe_lists: Mapping[str, Sequence[RecipeEntry]],
    sent: Sent,
    clock: HandClock,
    hooks: Sequence[Hook] = (),
) -> Generator[dict[str, Site]]:
    """Serve applications, each with the recipes and passwords, and yield them by their base paths."""
    app = FastAPI()
    with ExitStack() as stack:
        made: dict[str, App] = {}
        for base, recipes in recipe_lists.items():
            made[base] = init(
                InputAppInfo(
                    app_name="Test",
                    api_domain="http://localhost:8000",
                    website_domain="http://localhost:3000",
                    api_base_path=base,
                ),
                [*recipes, emailpassword.init(), session.init()],
                storage=storage,
                passwords=PasswordHasher(memory_kib=8, time_cost=1),
                secret="a secret of more than thirty-two bytes",
                clock=clock,
                trusted_proxies=["127.0.0.1"],
                hooks=hooks,
                default=False,
            )
            stack.callback(made[base].close)
            app.add_middleware(get_middleware(), app=made[base])
        address = stack.enter_context(serving(app))
        client = stack.enter_context(httpx2.Client(base_url=address, timeout=PATIENCE_S))
        yield {base: Site(auth, base, client, sent, clock) for base, auth in made.items()}


def codes(
    sent: Sent,
    contact_config: passwordless.ContactConfig | None = None,
    flow_type: passwordless.FlowType = "USER_INPUT_CODE_AND_MAGIC_LINK",
    get_custom_user_input_code: passwordless.GetCustomUserInputCode | None = None,
) -> passwordless.PasswordlessSetup:
    """Switch the recipe on."""
    return passwordless.init(
        contact_config or passwordless.ContactEmailOrPhoneConfig(),
        flow_type,
        get_custom_user_input_code=get_custom_user_input_code,
        email_delivery=EmailDeliveryConfig(sent),
        sms_delivery=SMSDeliveryConfig(sent),
    )


@contextmanager
def sites(storage: Storage) -> Generator[Sites]:
    """Serve both applications over a store for a block."""
    sent, clock = Sent(), HandClock(START_MS)
    free = attempts.init(enabled=False)
    storage.create_tenant("t1")
    recipe_lists: dict[str, Sequence[RecipeEntry]] = {
        "/plain": [codes(sent), free],
        "/linking": [
            codes(sent),
            free,
            emailverification.init("OPTIONAL"),
            accountlinking.init(should_do_automatic_account_linking=link_verified),
        ],
    }
    with served(storage, recipe_lists, sent, clock) as by_base:
        yield Sites(by_base["/plain"], by_base["/linking"])


names = itertools.count()


def somebody() -> str:
    """Return an address that nobody has."""
    return f"ann-{next(names)}@example.com"


def a_number() -> str:
    """Return a number that nobody has."""
    return f"+49151{20000000 + next(names)}"


def other_device_id() -> str:
    """Return the id of a browser that is not known."""
    return base64.b64encode(bytes(32)).decode()
