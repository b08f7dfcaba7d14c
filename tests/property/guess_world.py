"""The world of the schedules of guessed codes: two workers over one store, inboxes, time, and a model of the codes."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final
from urllib.parse import urlsplit

import attrs
from typing_extensions import override

from authweave.app import App, init
from authweave.ingredients.emaildelivery import EmailDeliveryConfig, EmailDeliveryInterface
from authweave.ingredients.smsdelivery import SMSDeliveryConfig, SMSDeliveryInterface
from authweave.kernel import ContextParameter, UserContext
from authweave.recipe import accountlinking, attempts, multitenancy, passwordless, session
from authweave.recipe.accountlinking import AccountInfoWithRecipeIdAndUserId, ShouldNotAutomaticallyLink
from authweave.recipe.passwordless import ContactEmailOrPhoneConfig
from authweave.recipe.passwordless.store import PASSWORDLESS_CODES, Contact
from authweave.recipe.passwordless.types import PasswordlessLoginEmailTemplateVars, PasswordlessLoginSMSTemplateVars
from authweave.recipe.session import SessionContainer
from authweave.storage import Storage, UserListing
from authweave.types import BaseRequest, InputAppInfo, JSONObject, User
from tests.property.account_world import Said, answer_of
from tests.property.seeded_bytes import SeededBytes
from tests.unit.recipe.session.serving import HandClock

GUESSES: Final = 5
LIFE_MS: Final = 15 * 60_000
TENANTS: Final = ("public", "t1")

GUESSER: Final = "mallory"
HOLDERS: Final = {
    "ada": "ada",
    "countess": "ada",
    "+4915112345678": "ada",
    "bob": "bob",
    "mallory": GUESSER,
    "malice": GUESSER,
    "+4915112345679": GUESSER,
}
"""Whose a mailbox or number is."""

CLIENTS: Final = {name: f"192.0.2.{number}" for number, name in enumerate(("ada", "bob", GUESSER))}
"""From where people ask, unless they hide it."""


@attrs.frozen
class Message:
    """A mail or text message, as its reader has it."""

    device: str
    code: str
    link_code: str = attrs.field(repr=False)
    sent_at_ms: int


@attrs.define(eq=False)
class Asked:
    """
    What is known of a browser that asked for codes: what the library has to do, said once more.

    Attributes:
        who: who has the browser, and so the id of the device.
        contact: where its codes go.
        name: stands in links.
        client: the address that was asked from; None where it is not known.
    """

    who: str
    contact: str
    tenant: str
    device_id: str
    name: str
    client: str | None
    messages: list[Message] = attrs.field(factory=list[Message])
    failures: int = 0
    is_over: bool = False

    def fail(self, answer: str) -> tuple[str, int | None]:
        """Count a code that is wrong or too old; return what is answered, and the count that is told."""
        self.failures += 1
        if self.failures >= GUESSES:
            self.is_over = True
            return "RESTART_FLOW_ERROR", None
        return answer, self.failures

    def of_code(self, code: str) -> Message | None:
        """Return the message that a code stands in."""
        return next((each for each in self.messages if each.code == code), None)


class Inbox(EmailDeliveryInterface[PasswordlessLoginEmailTemplateVars]):
    """Keeps what was sent."""

    def __init__(self) -> None:
        self.sent: list[PasswordlessLoginEmailTemplateVars | PasswordlessLoginSMSTemplateVars] = []

    @override
    async def send_email(
        self, template_vars: PasswordlessLoginEmailTemplateVars, user_context: ContextParameter
    ) -> None:
        self.sent.append(template_vars)


@attrs.frozen
class Texts(SMSDeliveryInterface[PasswordlessLoginSMSTemplateVars]):
    """Keeps them with the mails."""

    inbox: Inbox

    @override
    async def send_sms(self, template_vars: PasswordlessLoginSMSTemplateVars, user_context: ContextParameter) -> None:
        self.inbox.sent.append(template_vars)


async def link_nobody(
    account: AccountInfoWithRecipeIdAndUserId,
    user: User | None,
    session: SessionContainer | None,
    tenant_id: str,
    user_context: UserContext,
) -> ShouldNotAutomaticallyLink:
    """Decide about linking, for which a code is looked at before it is used."""
    del account, user, session, tenant_id, user_context
    return ShouldNotAutomaticallyLink()


@attrs.define(eq=False)
class GuessWorld:
    """
    Two workers over one store.

    Attributes:
        stores: one for each worker; both may be the same.
        has_callback: whether the application decides about linking.
        asked: the browsers that asked for codes, the oldest first.
        happened: how often each thing came about: a machine that is refused everything shows nothing.
    """

    stores: Sequence[Storage]
    has_callback: bool = False
    clock: HandClock = attrs.field(factory=HandClock)
    inbox: Inbox = attrs.field(factory=Inbox)
    asked: list[Asked] = attrs.field(factory=list[Asked])
    happened: Counter[str] = attrs.field(factory=Counter[str])
    schedule: int = 0
    runner: asyncio.Runner = attrs.field(factory=asyncio.Runner)
    apps: list[App] = attrs.field(factory=list[App])
    _random: SeededBytes = attrs.field(factory=SeededBytes)

    def __attrs_post_init__(self) -> None:
        self.stores[0].create_tenant(TENANTS[1])
        self.apps = [self._worker(storage) for storage in self.stores]

    def _worker(self, storage: Storage) -> App:
        return init(
            InputAppInfo(app_name="Test", api_domain="http://localhost:8000", website_domain="http://localhost:3000"),
            [
                passwordless.init(
                    ContactEmailOrPhoneConfig(),
                    flow_type="USER_INPUT_CODE_AND_MAGIC_LINK",
                    email_delivery=EmailDeliveryConfig(self.inbox),
                    sms_delivery=SMSDeliveryConfig(Texts(self.inbox)),
                ),
                accountlinking.init(should_do_automatic_account_linking=link_nobody if self.has_callback else None),
                multitenancy.init(),
                attempts.init(enabled=False),
                session.init(),
            ],
            storage=storage,
            trusted_proxies=[],
            secret=b"s" * 32,
            clock=self.clock,
            random=self._random,
            storage_wait_s=None,  # on a busy machine a schedule goes on later, and as it would have
            purge_interval_s=None,
            event_retention_s=None,
            default=False,
        )

    def begin(self, seed: int) -> None:
        """Begin a schedule, with nobody."""
        self.schedule += 1
        self._random.begin(self.schedule, seed)
        self.asked.clear()
        self.inbox.sent.clear()

    def end(self) -> None:
        """End it: nobody and nothing is left."""
        store = self.stores[0]
        for user in self.users():
            store.delete_user(user.id, now_ms=self.clock())
        for tenant_id, contact in {(each.tenant, each.contact) for each in self.asked}:
            store.part(PASSWORDLESS_CODES).revoke_codes(tenant_id, contact_of(contact))

    def close(self) -> None:
        """Let go of everything but the stores."""
        for app in self.apps:
            app.close()
        self.runner.close()

    def contact(self, name: str) -> str:
        """Return the address of a mailbox in this schedule; numbers are as they are."""
        return name if name.startswith("+") else f"{name}@s{self.schedule}.example"

    def users(self) -> list[User]:
        """Return everybody."""
        listed = (self.stores[0].list_users(UserListing(tenant_id=each, limit=500)).users for each in TENANTS)
        return list({user.id: user for users in listed for user in users}.values())

    def failures_of(self, asked: Asked) -> int | None:
        """Return how many wrong codes the store has counted for a browser; None where it has to begin again."""
        found = self.stores[0].part(PASSWORDLESS_CODES).find_device(asked.tenant, asked.name)
        return None if found is None else found.failures

    def ask(self, at: int, tenant: str, path: str, body: JSONObject, client: str | None = None) -> Said:
        """Make a request to one of the workers, from a client's address, where that is known."""
        (said,) = self.ask_at_once([(at, tenant, body)], path, client)
        return said

    def ask_at_once(
        self, requests: Sequence[tuple[int, str, JSONObject]], path: str, client: str | None = None
    ) -> list[Said]:
        """Make requests to the workers, all at the same time."""

        async def all_of_them() -> list[Said]:
            made = (answer_of(self.apps[at], sent(tenant, path, body, client)) for at, tenant, body in requests)
            return list(await asyncio.gather(*made))

        answers = self.runner.run(all_of_them())
        for each in answers:
            self.happened[f"{path} {each.status}"] += 1
        return answers

    def counted(self) -> Iterator[str]:
        """Return lines that say how often each thing came about."""
        for what, count in sorted(self.happened.items()):
            yield f"  {count:>8,} {what}"


def sent(tenant: str, path: str, body: JSONObject, client: str | None) -> BaseRequest:
    """Return a request as a frontend sends it."""

    async def read_body() -> bytes:
        return json.dumps(body).encode()

    headers = [("content-type", "application/json"), ("st-auth-mode", "header"), ("fdi-version", "4.1")]
    return BaseRequest("post", f"/auth/{tenant}{path}", headers, "", read_body, peer=client)


def contact_of(text: str) -> Contact:
    """Return where messages go, as the store has it."""
    return Contact("phone_number" if text.startswith("+") else "email", text)


def message_of(sent: PasswordlessLoginEmailTemplateVars | PasswordlessLoginSMSTemplateVars, now_ms: int) -> Message:
    """Read a message."""
    assert sent.user_input_code is not None
    assert sent.url_with_link_code is not None
    return Message(sent.pre_auth_session_id, sent.user_input_code, urlsplit(sent.url_with_link_code).fragment, now_ms)
