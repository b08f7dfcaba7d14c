"""Routes that want to know that a session's user has shown who he is not long ago."""

from __future__ import annotations

import asyncio
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count
from typing import Annotated, Final, cast

import attrs
import httpx2
import pytest
from fastapi import Depends, FastAPI, Request
from pyotp.totp import TOTP

from authweave.app import App, init
from authweave.errors import ConfigurationError
from authweave.framework.fastapi import get_middleware, verify_session
from authweave.kernel import UserContext
from authweave.recipe import accountlinking, emailpassword, multifactorauth, passwordless, session, totp
from authweave.recipe.accountlinking import (
    AccountInfoWithRecipeIdAndUserId,
    ShouldAutomaticallyLink,
)
from authweave.recipe.emailpassword import EmailPasswordRecipe
from authweave.recipe.passwordless import (
    ConsumeCodeOkResult,
    ContactEmailOrPhoneConfig,
    CreateCodeOkResult,
    PasswordlessRecipe,
)
from authweave.recipe.session import (
    ClaimsValidationResult,
    SessionContainer,
    SessionInformationResult,
    SessionRecipe,
    note_authentication,
)
from authweave.recipe.session.asyncio import create_new_session
from authweave.recipe.session.claims import AuthenticationClaim, SessionClaimValidator
from authweave.security import PasswordHasher
from authweave.types import JSON, InputAppInfo, RecipeUserId, User
from tests.patience import PATIENCE_S, PATIENT

from .linking_app import LinkingStage
from .serving import HEADERS, PASSWORD, bearer, form, jwt_part, serving
from .test_linking_when_verified import two_users

START_MS: Final = 1_800_000_000_000
NUMBERS: Final = count()
LIMIT_S: Final = 300
KEYS: Final = {"auth_time", "amr"}


def within(
    usual: Sequence[SessionClaimValidator], _session: SessionContainer, _context: UserContext
) -> Sequence[SessionClaimValidator]:
    """Ask for it beside the others."""
    return [*usual, AuthenticationClaim.validators.authenticated_within(LIMIT_S)]


async def link_all(
    _account: AccountInfoWithRecipeIdAndUserId,
    _user: User | None,
    _session: SessionContainer | None,
    _tenant_id: str,
    _context: UserContext,
) -> ShouldAutomaticallyLink:
    """Link whatever there is."""
    return ShouldAutomaticallyLink(should_require_verification=False)


@attrs.define
class Person:
    """Somebody with a session, as its last answer left it."""

    email: str
    headers: dict[str, str]

    @property
    def says(self) -> dict[str, JSON]:
        """What the access token says."""
        return jwt_part(self.headers["authorization"].removeprefix("Bearer "), 1)

    @property
    def shown(self) -> dict[str, JSON]:
        """What it says of when he has shown who he is, and by what."""
        return {key: value for key, value in self.says.items() if key in KEYS}


@attrs.define
class World:
    """The application at work, with a clock that is turned by hand."""

    auth: App = attrs.field(init=False)
    client: httpx2.Client = attrs.field(init=False)
    now_ms: int = START_MS

    @property
    def now_s(self) -> int:
        """The time in seconds."""
        return self.now_ms // 1000

    def clock(self) -> int:
        """Tell the time."""
        return self.now_ms

    def sleep(self, seconds: int) -> None:
        """Let time go by."""
        self.now_ms += seconds * 1000

    def call(self, person: Person, method: str, path: str, **body: JSON) -> httpx2.Response:
        """Ask for something; the session goes on with the token that comes with the answer, if one does."""
        answer = self.client.request(method, path, headers={**HEADERS, **person.headers}, json=body)
        if answer.headers.get("st-access-token"):
            person.headers = bearer(answer)
        return answer

    def sign_up(self) -> Person:
        """Sign somebody up."""
        email = f"person-{next(NUMBERS)}@example.com"
        answer = self.client.post("/auth/signup", json=form(email), headers=HEADERS)
        return Person(email, bearer(answer))

    def sign_in(self, person: Person, email: str | None = None, **flag: JSON) -> JSON:
        """Sign in with the session."""
        status: dict[str, JSON] = self.call(
            person, "POST", "/auth/signin", **form(email or person.email, PASSWORD, **flag)
        ).json()
        return status["status"]

    def pay(self, person: Person) -> JSON:
        """Do what is dangerous. Returns OK, or why not."""
        answer = self.call(person, "POST", "/pay")
        if answer.status_code == 200:
            return "OK"
        assert answer.status_code == 403
        (only,) = cast("list[dict[str, JSON]]", answer.json()["claimValidationErrors"])  # as the wire contract has it
        assert only["id"] == "auth_time"
        return only["reason"]


def web_app(auth: App) -> FastAPI:
    """Return the application's own routes."""
    app = FastAPI()
    app.add_middleware(get_middleware(), app=auth)

    @app.get("/me")
    async def me(session: Annotated[SessionContainer, Depends(verify_session())]) -> dict[str, str]:
        return {"user": session.get_user_id()}

    @app.post("/pay")
    async def pay(
        session: Annotated[SessionContainer, Depends(verify_session(override_global_claim_validators=within))],
    ) -> dict[str, str]:
        return {"user": session.get_user_id()}

    @app.post("/show/{factor_id}")
    async def show(factor_id: str, session: Annotated[SessionContainer, Depends(verify_session())]) -> dict[str, str]:
        await note_authentication(session, factor_id)
        return {"user": session.get_user_id()}

    @app.post("/login-as/{user_id}")
    async def login_as(user_id: str, request: Request) -> dict[str, str]:
        made = await create_new_session(request, "public", RecipeUserId(user_id))
        return {"user": made.get_user_id()}

    return app


@contextmanager
def staged(*, is_listed: bool = False) -> Generator[World]:
    """Serve an application for a block; ``is_listed``: one factor, of which new sessions say when."""
    world = World()
    world.auth = init(
        InputAppInfo(app_name="My App", api_domain="http://localhost:8000", website_domain="http://localhost:3000"),
        [
            emailpassword.init(),
            passwordless.init(ContactEmailOrPhoneConfig(), "USER_INPUT_CODE_AND_MAGIC_LINK"),
            session.init(claims=[AuthenticationClaim] if is_listed else []),
            accountlinking.init(should_do_automatic_account_linking=link_all),
            *([] if is_listed else [multifactorauth.init(), totp.init()]),
        ],
        storage="sqlite://",
        storage_options=PATIENT,
        storage_wait_s=PATIENCE_S,
        secret=b"s" * 32,
        clock=world.clock,
        passwords=PasswordHasher(memory_kib=8, time_cost=1),
        trusted_proxies=[],
        default=False,
    )
    try:
        with (
            serving(web_app(world.auth)) as address,
            httpx2.Client(base_url=address, timeout=PATIENCE_S) as world.client,
        ):
            yield world
    finally:
        world.auth.close()


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    """Serve an application whose new sessions say nothing of it."""
    with staged() as found:
        yield found


def test_it_costs_nothing_until_a_route_asks(world: World) -> None:
    """Tokens say nothing of it; then they say when the session was made, and with what."""
    ann, made_s = world.sign_up(), world.now_s
    world.sleep(60)
    world.call(ann, "GET", "/me")
    assert ann.shown == {}
    assert world.pay(ann) == "OK"
    assert ann.shown == {"auth_time": made_s, "amr": ["pwd"]}


def test_a_session_gets_too_old_and_signing_in_again_makes_it_new(world: World) -> None:
    """The route is refused with how old it is; the new session passes."""
    ann = world.sign_up()
    world.sleep(LIMIT_S)
    assert world.pay(ann) == "OK"
    world.sleep(1)
    refused = {"message": "authentication is too long ago", "maxAgeSeconds": LIMIT_S, "ageSeconds": LIMIT_S + 1}
    assert world.pay(ann) == refused
    assert world.call(ann, "GET", "/me").status_code == 200
    handle = ann.says["sessionHandle"]
    assert world.sign_in(ann) == "OK"
    assert (world.pay(ann), ann.says["sessionHandle"] == handle) == ("OK", False)


def test_a_refresh_is_no_authentication(world: World) -> None:
    """Also where a session has never been asked, the time is that of its making, and stays so."""
    answer = world.client.post("/auth/signup", json=form(f"person-{next(NUMBERS)}@example.com"), headers=HEADERS)
    person, made_s = Person("", bearer(answer)), world.now_s
    for is_first in (True, False):
        world.sleep(LIMIT_S + 1)
        answer = world.client.post("/auth/session/refresh", headers=bearer(answer, "st-refresh-token"))
        person = Person("", bearer(answer))
        assert (person.shown == {}) is is_first
        assert world.pay(person) != "OK"
    assert person.shown == {"auth_time": made_s, "amr": ["pwd"]}


def test_the_session_is_kept_where_its_own_user_signs_in_with_the_flag(world: World) -> None:
    """It passes again, by the same handle; older frontends that say nothing keep it likewise."""
    ann = world.sign_up()
    handle = ann.says["sessionHandle"]
    flag: dict[str, JSON] = {"shouldTryLinkingWithSessionUser": True}
    for more in (flag, {}):
        world.sleep(LIMIT_S + 1)
        assert world.pay(ann) != "OK"
        if more:
            assert world.sign_in(ann, None, **more) == "OK"
        else:
            old = {**HEADERS, **ann.headers, "fdi-version": "3.0"}
            answer = world.client.post("/auth/signin", json=form(ann.email, PASSWORD), headers=old)
            ann.headers = bearer(answer)
        assert (world.pay(ann), ann.says["sessionHandle"]) == ("OK", handle)
        assert ann.shown == {"auth_time": world.now_s, "amr": ["pwd"]}


def test_what_is_added_to_an_account_is_no_authentication(world: World) -> None:
    """Whoever has taken a session over could add a password or a device of his own: neither makes it new."""
    made_s = world.now_s
    ann, bob = world.sign_up(), world.sign_up()
    world.sleep(LIMIT_S + 1)
    assert world.pay(ann) != "OK"
    flag: dict[str, JSON] = {"shouldTryLinkingWithSessionUser": True}
    own = f"person-{next(NUMBERS)}@example.com"
    added = world.call(ann, "POST", "/auth/signup", **form(own, **flag)).json()
    assert (added["status"], len(added["user"]["loginMethods"])) == ("OK", 2)
    assert world.sign_in(ann, bob.email, **flag) == "SIGN_IN_NOT_ALLOWED"  # he has become a primary user
    other = f"person-{next(NUMBERS)}@example.com"  # whom the application has made, and nobody has linked yet
    asyncio.run(world.auth.recipe(EmailPasswordRecipe).functions.create_new_recipe_user(other, PASSWORD, "public", {}))
    assert world.sign_in(ann, other, **flag) == "OK"
    device = world.call(ann, "POST", "/auth/totp/device").json()
    code = TOTP(device["secret"]).at(world.now_s)
    verified = world.call(ann, "POST", "/auth/totp/device/verify", deviceName=device["deviceName"], totp=code).json()
    assert verified["status"] == "OK"
    assert (world.pay(ann) == "OK", ann.shown["auth_time"]) == (False, made_s)


def test_a_code_of_a_device_is_one(world: World) -> None:
    """The time is new, and what was shown by then is said beside it."""
    ann = world.sign_up()
    device = world.call(ann, "POST", "/auth/totp/device").json()
    one_time = TOTP(device["secret"])
    name = device["deviceName"]
    world.call(ann, "POST", "/auth/totp/device/verify", deviceName=name, totp=one_time.at(world.now_s))
    world.sleep(LIMIT_S + 1)
    assert world.pay(ann) != "OK"
    assert world.call(ann, "POST", "/auth/totp/verify", totp=one_time.at(world.now_s)).json()["status"] == "OK"
    assert (world.pay(ann), ann.shown) == ("OK", {"auth_time": world.now_s, "amr": ["pwd", "otp", "mfa"]})


def test_a_factor_of_the_application_s_own(world: World) -> None:
    """It says so itself; a session that says nothing stays as it is."""
    ann = world.sign_up()
    world.sleep(LIMIT_S + 1)
    world.call(ann, "POST", "/show/paper")
    assert ann.shown == {}
    assert world.pay(ann) != "OK"
    world.call(ann, "POST", "/show/paper")
    assert (world.pay(ann), ann.shown) == ("OK", {"auth_time": world.now_s, "amr": ["pwd", "mfa"]})


def test_factors_that_are_noted_at_once(world: World) -> None:
    """By one access token; all are said, whoever of them is written last."""
    ann = world.sign_up()
    assert world.pay(ann) == "OK"
    factors = ("totp", "otp-phone", "webauthn")
    with ThreadPoolExecutor(len(factors)) as threads:
        answers = [threads.submit(world.call, attrs.evolve(ann), "POST", f"/show/{each}") for each in factors]
        assert {each.result().status_code for each in answers} == {200}
    world.call(ann, "POST", "/show/paper")
    assert set(cast("list[str]", ann.shown["amr"])) == {"pwd", "otp", "sms", "pop", "user", "mfa"}  # JSON of a token


def test_a_stored_session_is_not_made_new_by_its_handle(world: World) -> None:
    """Where there is no request, the claim that is fetched is the one that a request would fetch."""
    ann = world.sign_up()
    made_s, handle = world.now_s, str(ann.says["sessionHandle"])
    world.sleep(LIMIT_S + 1)

    sessions = world.auth.recipe(SessionRecipe)
    validator = AuthenticationClaim.validators.authenticated_within(LIMIT_S)

    def only(
        _usual: list[SessionClaimValidator], _stored: SessionInformationResult, _context: UserContext
    ) -> list[SessionClaimValidator]:
        return [validator]

    found = asyncio.run(sessions.claims.validate_stored(handle, only, {}))
    assert isinstance(found, ClaimsValidationResult)
    assert [each.id for each in found.invalid_claims] == ["auth_time"]
    functions = sessions.functions
    assert asyncio.run(functions.remove_claim(handle, AuthenticationClaim, {}))
    assert asyncio.run(functions.fetch_and_set_claim(handle, AuthenticationClaim, {}))
    stored = asyncio.run(functions.get_session_information(handle, {}))
    assert stored is not None
    assert stored.custom_claims_in_access_token_payload["auth_time"] == made_s


def test_a_session_that_was_revoked(world: World) -> None:
    """Nobody knows any more when it was made: it is no session."""
    ann = world.sign_up()
    functions = world.auth.recipe(SessionRecipe).functions
    asyncio.run(functions.revoke_session(str(ann.says["sessionHandle"]), {}))
    assert world.call(ann, "GET", "/me").status_code == 200
    assert world.call(ann, "POST", "/pay").status_code == 401


def test_new_sessions_say_it_where_the_application_lists_it() -> None:
    """From the beginning, in the tokens of signing up and in."""
    with staged(is_listed=True) as world:
        ann = world.sign_up()
        assert ann.shown == {"auth_time": world.now_s, "amr": ["pwd"]}
        world.sleep(LIMIT_S + 1)
        assert world.pay(ann) != "OK"
        assert world.sign_in(ann) == "OK"
        assert ann.shown == {"auth_time": world.now_s, "amr": ["pwd"]}
        # Of a user whom the store does not know nobody can say by what.
        answer = world.client.post("/login-as/elsewhere", headers=HEADERS)
        assert Person("", bearer(answer)).shown == {"auth_time": world.now_s, "amr": []}


@pytest.mark.parametrize("is_listed", [False, True])
def test_a_login_method_with_an_address_and_a_number(is_listed: bool) -> None:
    """Nobody is said to have shown a text message who may have shown a mail; and a link and a code of it are one."""
    with staged(is_listed=is_listed) as world:
        functions = world.auth.recipe(PasswordlessRecipe).functions
        email, number = f"person-{next(NUMBERS)}@example.com", "+4915120000000"
        made = asyncio.run(functions.create_code(email, None, None, None, None, "public", {}))
        assert isinstance(made, CreateCodeOkResult)
        signed_up = asyncio.run(
            functions.consume_code(made.pre_auth_session_id, None, None, made.link_code, None, None, "public", {})
        )
        assert isinstance(signed_up, ConsumeCodeOkResult)
        login_id = signed_up.recipe_user_id
        asyncio.run(functions.update_user(login_id, None, number, {}))
        person = Person(email, bearer(world.client.post(f"/login-as/{login_id.get_as_string()}", headers=HEADERS)))
        assert world.pay(person) == "OK"
        assert person.shown["amr"] == ["otp"]
        world.call(person, "POST", "/show/otp-email")
        assert person.shown["amr"] == ["otp"]


def test_a_clock_that_was_turned_back(world: World) -> None:
    """Nobody has shown anything in the future: it counts as just now."""
    ann = world.sign_up()
    assert world.pay(ann) == "OK"
    world.sleep(-60)
    assert world.pay(ann) == "OK"
    world.sleep(60)


@pytest.mark.parametrize("seconds", [0, -1, True, 1.5, "60"])
def test_a_limit_that_is_none(seconds: int) -> None:
    """It is refused where it is written."""
    with pytest.raises(ConfigurationError, match="has to be a whole number above 0"):
        AuthenticationClaim.validators.authenticated_within(seconds)


@pytest.mark.parametrize(
    "payload", [{}, {"auth_time": "1"}, {"auth_time": True}, {"auth_time": None}, {"auth_time": 1.5}, {"amr": ["pwd"]}]
)
def test_what_says_no_time_says_nothing(payload: dict[str, JSON]) -> None:
    """It is fetched then, and until then nobody passes."""
    validator = AuthenticationClaim.validators.authenticated_within(60)
    assert validator.should_refetch(payload, {})
    reason = {"message": "value does not exist", "maxAgeSeconds": 60, "ageSeconds": None}
    result = asyncio.run(validator.validate(payload, {}))
    assert (result.is_valid, result.reason) == (False, reason)


def test_the_claim_is_taken_out_of_a_payload_whole() -> None:
    """Both of its keys."""
    payload: dict[str, JSON] = {"auth_time": 1, "amr": ["pwd"], "other": 1}
    assert AuthenticationClaim.remove_from_payload(payload) == {"other": 1}
    assert AuthenticationClaim.remove_from_payload_by_merge_(payload) == {"auth_time": None, "amr": None, "other": 1}


def test_a_session_that_linking_made_is_no_authentication(linked: LinkingStage) -> None:
    """The successor of a session that linking ended says what that said; and where it said nothing, long ago."""
    _, other = two_users(linked)
    answer = linked.verify(other, headers=other.session)
    payload = jwt_part(answer.headers["st-access-token"], 1)
    assert payload["sessionHandle"] != other.handle
    assert {key: payload[key] for key in KEYS} == {"auth_time": 0, "amr": []}
