"""The world of the schedules of linked accounts: two applications over one store, providers, mailboxes, time."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Sequence
from typing import Final, TypeAlias, TypeVar

import attrs
from typing_extensions import override

from authweave.app import App, init
from authweave.ingredients.emaildelivery.types import EmailDeliveryConfig, EmailDeliveryInterface
from authweave.kernel import ContextParameter, UserContext
from authweave.recipe import (
    accountlinking,
    attempts,
    emailpassword,
    emailverification,
    multitenancy,
    session,
    thirdparty,
)
from authweave.recipe.accountlinking import (
    AccountInfoWithRecipeIdAndUserId,
    RecipeLevelUser,
    ShouldAutomaticallyLink,
    ShouldNotAutomaticallyLink,
)
from authweave.recipe.emailpassword import PasswordResetEmailTemplateVars
from authweave.recipe.emailpassword.store import PASSWORDS
from authweave.recipe.emailverification import VerificationEmailTemplateVars
from authweave.recipe.session import SessionContainer, SessionRecipe
from authweave.recipe.session.exceptions import SessionError
from authweave.recipe.session.interfaces import SessionOptions, no_claim_validators
from authweave.recipe.session.store import SESSIONS
from authweave.recipe.thirdparty import ProviderClientConfig, ProviderConfig, ProviderInput
from authweave.recipe.thirdparty.provider import Provider
from authweave.recipe.thirdparty.types import UserInfo, UserInfoEmail
from authweave.security import PasswordHasher
from authweave.storage import AccountInfo, Storage, UserListing
from authweave.types import JSON, BaseRequest, InputAppInfo, JSONObject, LoginMethod, RecipeUserId, User, normal_email
from tests.property.account_people import HOLDERS, MAILBOXES, Jar, Mail, MailKind, Person
from tests.property.seeded_bytes import SeededBytes
from tests.unit.recipe.session.serving import DAY_MS, START_MS, Client, HandClock

BETWEEN_MS: Final = 200 * DAY_MS
"""From one schedule to the next: whatever an earlier one has left, keys and all, is over by then."""

TENANTS: Final = ("public", "t1")
PROVIDERS: Final = ("vouching", "silent")
"""One says truthfully whether an address is its user's; the other lets its users write any, and vouches for none."""


@attrs.define(eq=False)
class Post(EmailDeliveryInterface[PasswordResetEmailTemplateVars | VerificationEmailTemplateVars]):
    """Puts mails into the mailboxes of those whose they are."""

    deliver: Callable[[str, MailKind, str], None]
    sent: list[PasswordResetEmailTemplateVars | VerificationEmailTemplateVars]

    @override
    async def send_email(
        self,
        template_vars: PasswordResetEmailTemplateVars | VerificationEmailTemplateVars,
        user_context: ContextParameter,
    ) -> None:
        self.sent.append(template_vars)
        if isinstance(template_vars, PasswordResetEmailTemplateVars):
            self.deliver(template_vars.user.email, "reset", template_vars.password_reset_link)
        else:
            self.deliver(template_vars.user.email, "verify", template_vars.email_verify_link)


def says_what_the_token_says(original_implementation: Provider) -> Provider:
    """Have a provider's user info come from the token, without a network."""

    async def get_user_info(oauth_tokens: JSONObject, user_context: UserContext) -> UserInfo:
        email, verified = str(oauth_tokens["email"]), oauth_tokens["verified"] is True
        return UserInfo(str(oauth_tokens["sub"]), UserInfoEmail(email, is_verified=verified))

    original_implementation.get_user_info = get_user_info
    return original_implementation


def provider(name: str) -> ProviderInput:
    """Return a provider of all tenants."""
    config = ProviderConfig(
        name,
        authorization_endpoint="https://provider.example/authorize",
        token_endpoint="https://provider.example/token",
        user_info_endpoint="https://provider.example/me",
        clients=[ProviderClientConfig("web", "web-secret")],
    )
    return ProviderInput(config, include_in_non_public_tenants_by_default=True, override=says_what_the_token_says)


R = TypeVar("R")

Answer: TypeAlias = ShouldAutomaticallyLink | ShouldNotAutomaticallyLink
Asked: TypeAlias = Callable[
    [AccountInfoWithRecipeIdAndUserId, User | None, SessionContainer | None, str], Awaitable[Answer]
]
"""The application's decision: the callback without its context."""


@attrs.frozen
class Said:
    """What came of a request."""

    status_code: int
    body: JSONObject

    @property
    def status(self) -> str:
        """The status of the body; that of the answer where there is none."""
        return str(self.body.get("status", self.status_code))


async def answer_of(app: App, request: BaseRequest) -> Said:
    """Have an application answer a request."""
    matched = app.endpoints.match(request)
    assert matched is not None, request.path
    with app.serve_context(request) as user_context:
        response = await app.endpoints.answer(request, matched, user_context)
    assert response.status < 500, (request.path, response)
    content: JSON = json.loads(response.body)
    return Said(response.status, content if isinstance(content, dict) else {})


@attrs.define(eq=False)
class World:
    """
    Two applications over one store.

    The first one changes addresses at once, as SuperTokens does; the second one when the new one was verified.

    Attributes:
        stores: one for each application; both may be the same.
        has_callback: whether the application says whom to link; without that nobody is.
        fdi: the version of the frontends' interface that clients speak.
        linking_tenants: where the application links, and asks for verification; elsewhere it does not.
        should_link: what else it decides.
        one_by_one: whether nothing happens beside anything else and nothing by chance or by the machine's time: the
            same moves come to the same in every run.
        sent: all mails.
        linked: who was linked to whom since the last step.
        happened: how often each thing came about, over all schedules: a machine that is refused everything shows
            nothing.
    """

    stores: Sequence[Storage]
    has_callback: bool = True
    clock: HandClock = attrs.field(factory=HandClock)
    linking_tenants: frozenset[str] = frozenset(TENANTS)
    should_link: Asked | None = None
    one_by_one: bool = False
    people: dict[str, Person] = attrs.field(factory=dict[str, Person])
    linked: list[tuple[User, RecipeUserId]] = attrs.field(factory=list[tuple[User, RecipeUserId]])
    happened: dict[str, int] = attrs.field(factory=dict[str, int])
    schedule: int = 0
    fdi: str = "4.1"
    sent: list[PasswordResetEmailTemplateVars | VerificationEmailTemplateVars] = attrs.field(
        factory=list[PasswordResetEmailTemplateVars | VerificationEmailTemplateVars]
    )
    apps: list[App] = attrs.field(factory=list[App])
    runner: asyncio.Runner = attrs.field(factory=asyncio.Runner)
    _asking: str = ""
    _passwords: PasswordHasher = attrs.field(
        factory=lambda: PasswordHasher(memory_kib=8, time_cost=1, wait_s=24 * 3600)
    )
    _random: SeededBytes = attrs.field(factory=SeededBytes)
    _holders_of_hashes: dict[str, str] = attrs.field(factory=dict[str, str])
    _known_ids: set[str] = attrs.field(factory=set[str])

    def __attrs_post_init__(self) -> None:
        for tenant_id in TENANTS[1:]:
            self.stores[0].create_tenant(tenant_id)
        self.apps = [self._application(number, storage) for number, storage in enumerate(self.stores)]

    def _application(self, number: int, storage: Storage) -> App:
        post = Post(self._deliver, self.sent)
        return init(
            InputAppInfo(app_name="Test", api_domain="http://localhost:8000", website_domain="http://localhost:3000"),
            [
                emailpassword.init(email_delivery=EmailDeliveryConfig(post)),
                emailverification.init("OPTIONAL", EmailDeliveryConfig(post), verify_before_change=number > 0),
                thirdparty.init(thirdparty.SignInAndUpFeature([provider(name) for name in PROVIDERS])),
                accountlinking.init(self._on_account_linked, self._should_link if self.has_callback else None),
                multitenancy.init(),
                attempts.init(enabled=False),
                session.init(),
            ],
            storage=storage,
            secret=b"s" * 32,
            passwords=self._passwords,
            clock=self.clock,
            random=self._random if self.one_by_one else None,
            storage_threads=1 if self.one_by_one else None,  # what is done in the background, too, is done in order
            storage_wait_s=None,  # on a busy machine a schedule goes on later, and as it would have
            purge_interval_s=None,
            event_retention_s=None,
            default=False,
        )

    async def _should_link(
        self,
        new_account_info: AccountInfoWithRecipeIdAndUserId,
        user: User | None,
        session: SessionContainer | None,
        tenant_id: str,
        user_context: UserContext,
    ) -> Answer:
        if self.should_link is not None:
            return await self.should_link(new_account_info, user, session, tenant_id)
        if tenant_id in self.linking_tenants:
            return ShouldAutomaticallyLink(should_require_verification=True)
        return ShouldNotAutomaticallyLink()

    async def _on_account_linked(self, user: User, new_account: RecipeLevelUser, user_context: UserContext) -> None:
        self.linked.append((user, new_account.recipe_user_id))
        self.note("linked")

    def begin(self, linking_tenants: frozenset[str], seed: int = 0) -> None:
        """Begin a schedule: everybody is new, and has addresses that no other schedule has."""
        self.schedule += 1
        self.clock.now_ms = START_MS + self.schedule * BETWEEN_MS
        self._random.begin(self.schedule, seed)
        self.linking_tenants = linking_tenants
        self.people = {name: Person(name) for name in MAILBOXES}
        self.linked.clear()
        self._known_ids.clear()

    def end(self) -> None:
        """End a schedule: nobody is left."""
        for user in self.users():
            self.stores[0].delete_user(user.id, now_ms=self.clock())

    def close(self) -> None:
        """Let go of everything but the stores."""
        for app in self.apps:
            app.close()
        self.runner.close()

    # Who is who.

    def address(self, mailbox: str) -> str:
        """Return the address of a mailbox, in this schedule."""
        return f"{mailbox}@s{self.schedule}.example"

    def holder_of_address(self, email: str) -> str:
        """Return who reads the mail of an address."""
        return HOLDERS.get(normal_email(email).partition("@")[0], "somebody")

    def holder_of(self, method: LoginMethod) -> str:
        """Return who can sign in with a login method: who knows the password, or whose identity it is."""
        if method.third_party is not None:
            return method.third_party.user_id.partition("|")[0]
        login = self.stores[0].part(PASSWORDS).find_password_login_by_id(method.recipe_user_id.get_as_string())
        assert login is not None
        password_hash = login.password_hash
        if password_hash not in self._holders_of_hashes:
            self._holders_of_hashes[password_hash] = self.runner.run(self._who_knows(password_hash))
        return self._holders_of_hashes[password_hash]

    def hash_of(self, password: str) -> str:
        """Return the hash of a password."""
        return self.runner.run(self._passwords.hash(password))

    async def _who_knows(self, password_hash: str) -> str:
        (name,) = [
            each.name for each in self.people.values() if await self._passwords.verify(password_hash, each.password)
        ]
        return name

    def users(self) -> list[User]:
        """Return all users of the schedule, those in no tenant too."""
        found: dict[str, User] = {}
        for tenant_id in TENANTS:
            for user in self.stores[0].list_users(UserListing(tenant_id=tenant_id, limit=500)).users:
                found[user.id] = user
        seen = {method.recipe_user_id.get_as_string() for user in found.values() for method in user.login_methods}
        for login_id in sorted(self._known_ids - seen):
            other = self.stores[0].find_user(login_id)
            if other is not None:
                found[other.id] = other
        self._known_ids |= {
            method.recipe_user_id.get_as_string() for user in found.values() for method in user.login_methods
        }
        return list(found.values())

    def users_with(self, tenant_id: str, email: str) -> list[User]:
        """Return the users of a tenant who have an address."""
        return list(self.stores[0].find_users(tenant_id, AccountInfo(email=normal_email(email)), union=True))

    def email_of(self, login_id: RecipeUserId) -> str | None:
        """Return the address of a login method."""
        user = self.stores[0].find_user(login_id.get_as_string())
        methods = () if user is None else user.login_methods
        return next((method.email for method in methods if method.recipe_user_id == login_id), None)

    def session_of(self, handle: str) -> tuple[str, str] | None:
        """Return the user and the login method of a session; None where there is none."""
        record = self.stores[0].part(SESSIONS).find_session(handle)
        return None if record is None else (record.user_id, record.recipe_user_id)

    # What people do.

    def ask(
        self,
        person: Person,
        at: int,
        method: str,
        path: str,
        body: JSONObject | None = None,
        jar: Jar | None = None,
        *,
        refresh: bool = False,
    ) -> Said:
        """Have a person make a request to one of the applications, with a session or without."""
        request = self._request(method, path, body, jar, refresh=refresh)
        self._asking = person.name
        said = self._run(at, answer_of(self.apps[at], request))
        self._keep(person, request, jar)
        self.note(f"{method} {path.removeprefix('/auth').removeprefix('/public').removeprefix('/t1')} {said.status}")
        return said

    def route(self, person: Person, at: int, jar: Jar, work: Callable[[SessionContainer], Awaitable[str]]) -> str:
        """Have a person ask for a route of the application's own, which asks the store for the session."""
        request = self._request("post", "/own", None, jar)
        self._asking = person.name
        return self._run(at, self._own_route(self.apps[at], request, work))

    async def _own_route(
        self, app: App, request: BaseRequest, work: Callable[[SessionContainer], Awaitable[str]]
    ) -> str:
        options = SessionOptions(check_database=True, override_global_claim_validators=no_claim_validators)
        with app.serve_context(request):
            try:
                found = await app.recipe(SessionRecipe).requests.get_session(request, options)
            except SessionError as error:
                return type(error).__name__
            assert found is not None
            return await work(found)

    def in_request(self, at: int, call: Callable[[], Awaitable[R]]) -> R:
        """Call a public function in a request to one of the applications."""

        async def called() -> R:
            with self.apps[at].serve_context(self._request("get", "/", None, None)):
                return await call()

        return self._run(at, called())

    def _run(self, at: int, work: Coroutine[object, object, R]) -> R:
        """Run something of an application's, and wait for what it does in the background."""

        async def both() -> R:
            done = await work
            if self.one_by_one:  # then its one thread has nothing left to do when it comes to this
                await self.apps[at].services.off_loop(int)
            return done

        return self.runner.run(both())

    def _request(
        self, method: str, path: str, body: JSONObject | None, jar: Jar | None, *, refresh: bool = False
    ) -> BaseRequest:
        async def read_body() -> bytes:
            return json.dumps(body or {}).encode()

        headers = [("content-type", "application/json"), ("st-auth-mode", "header"), ("fdi-version", self.fdi)]
        if jar is not None:
            token = jar.client.refresh_token if refresh else jar.client.access_token
            headers.append(("authorization", f"Bearer {token}"))
        return BaseRequest(method, path, headers, "", read_body)

    def _keep(self, person: Person, request: BaseRequest, jar: Jar | None) -> None:
        if request.changes.get_all("st-access-token"):
            client = Client() if jar is None else jar.client.copy()
            client.take(request.changes)
            if "st-access-token" in client.headers:
                person.take(client)

    def _deliver(self, to: str, kind: MailKind, link: str) -> None:
        holder = self.holder_of_address(to)
        self.people.setdefault(holder, Person(holder)).mails.append(Mail.with_link(kind, link, self._asking))

    def note(self, what: str) -> None:
        """Count something that came about."""
        self.happened[what] = self.happened.get(what, 0) + 1

    def counted(self) -> Iterator[str]:
        """Return lines that say how often each thing came about."""
        for what, count in sorted(self.happened.items()):
            yield f"  {count:>8,} {what}"
