"""What each API asks of the factors of a session, with all recipes that have factors; and a code as a second one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final, TypeAlias, cast

import attrs
import pytest
from pyotp.totp import TOTP
from typing_extensions import override

from authweave import UserContext
from authweave.ingredients.emaildelivery.types import EmailDeliveryConfig, EmailDeliveryInterface
from authweave.recipe import emailverification, passwordless, totp, webauthn
from authweave.recipe.multifactorauth.rules import ASKED
from authweave.recipe.passwordless import ContactEmailOnlyConfig, PasswordlessLoginEmailTemplateVars
from authweave.types import JSON

from .factors_app import Answer, World, factors, refusal
from .serving import form
from .test_second_factors import INCOMPLETE, SHOW_FIRST
from .verification_app import Mailbox

LINK: Final = {"shouldTryLinkingWithSessionUser": True}


class Codes(EmailDeliveryInterface[PasswordlessLoginEmailTemplateVars]):
    """Keeps the codes that are mailed."""

    def __init__(self) -> None:
        self.by_address: dict[str, PasswordlessLoginEmailTemplateVars] = {}

    @override
    async def send_email(self, template_vars: PasswordlessLoginEmailTemplateVars, user_context: UserContext) -> None:
        self.by_address[template_vars.email] = template_vars


@attrs.frozen
class Stage:
    """The application, and the codes that it mails."""

    world: World
    codes: Codes


@pytest.fixture(scope="module")
def stage(database_url: str) -> Iterator[Stage]:
    """Serve an application with all factors, over each database."""
    codes = Codes()
    more = [
        emailverification.init("OPTIONAL", EmailDeliveryConfig(Mailbox())),
        passwordless.init(ContactEmailOnlyConfig(), "USER_INPUT_CODE", email_delivery=EmailDeliveryConfig(codes)),
        webauthn.init(),
        totp.init(),
    ]
    with factors(database_url, more=more) as world:
        yield Stage(world, codes)


@attrs.frozen
class Somebody:
    """Who calls: with a session, by the address that he signs in with."""

    world: World
    session: dict[str, str]
    email: str

    def call(self, method: str, path: str, **body: JSON) -> Answer:
        """Call an API."""
        return self.world.call(method, f"/auth{path}", self.session, **body)


Call: TypeAlias = Callable[[Somebody], Answer]

CALLS: Final[Mapping[str, tuple[tuple[str, Call], ...]]] = {
    "a route of the application": (("", lambda who: who.world.me(who.session)),),
    "sign in or up, to link something new to the session's user": (
        ("emailpassword", lambda who: who.call("POST", "/signup", **form(f"new-{who.email}", **LINK))),
        ("otp-email", lambda who: who.call("POST", "/signinup/code", email=f"x-{who.email}", **LINK)),
    ),
    "sign in with what is the session user's already": (
        ("", lambda who: who.call("POST", "/signin", **form(who.email, **LINK))),
    ),
    "`PUT /mfa/info`": (("", lambda who: who.call("PUT", "/mfa/info")),),
    "`POST /signout`": (("", lambda who: who.call("POST", "/signout")),),
    "the APIs that verify addresses": (
        ("", lambda who: who.call("GET", "/user/email/verify")),
        ("", lambda who: who.call("POST", "/user/email/verify/token")),
        ("", lambda who: who.call("POST", "/user/email/verify", token="x")),
    ),
    "`POST /totp/device`": (("totp", lambda who: who.call("POST", "/totp/device")),),
    "`POST /totp/device/verify`": (
        ("totp", lambda who: who.call("POST", "/totp/device/verify", deviceName="x", totp="1")),
    ),
    "`POST /totp/device/remove`, of somebody who has a verified device": (
        ("", lambda who: who.call("POST", "/totp/device/remove", deviceName="nothing")),
    ),
    "`GET /totp/device/list`": (("", lambda who: who.call("GET", "/totp/device/list")),),
    "`POST /totp/verify`": (("", lambda who: who.call("POST", "/totp/verify", totp="1")),),
    "`POST /totp/recovery/codes`": (("", lambda who: who.call("POST", "/totp/recovery/codes")),),
    "`GET /totp/recovery/codes`": (("", lambda who: who.call("GET", "/totp/recovery/codes")),),
    "`POST /totp/recovery/verify`": (("", lambda who: who.call("POST", "/totp/recovery/verify", recoveryCode="x")),),
    "`POST /webauthn/credential`": (
        (
            "webauthn",
            lambda who: who.call(
                "POST", "/webauthn/credential", webauthnGeneratedOptionsId="x", credential=PASSKEY, recipeUserId="x"
            ),
        ),
    ),
    "`GET /webauthn/credential/list`": (("", lambda who: who.call("GET", "/webauthn/credential/list")),),
    "`POST /webauthn/credential/remove`": (
        ("", lambda who: who.call("POST", "/webauthn/credential/remove", webauthnCredentialId="x")),
    ),
}
"""How each is called, and of which factor it is. What signs out is called last."""

PASSKEY: Final[JSON] = {
    "id": "eA",
    "rawId": "eA",
    "type": "public-key",
    "response": {"clientDataJSON": "eA", "attestationObject": "eA"},
    "clientExtensionResults": {},
}

NEXT: Final = ("", "paper", "totp", "webauthn", "otp-email")
"""What comes next for whom it is tried; first, nothing."""


def may_set_up(factor: str, following: str, has: set[str]) -> bool:
    """Contract 10.5, where one factor comes next, or none."""
    return not following or (following not in has and factor == following)


@pytest.mark.parametrize("following", NEXT)
@pytest.mark.parametrize("has", [set[str](), {"paper"}, {"totp"}])
def test_what_apis_ask(stage: Stage, following: str, has: set[str]) -> None:
    """Each answers 403 exactly where the table and the contract say so; none of them fails."""
    world = stage.world
    signed_up, user_id, email = world.sign_up()
    who = Somebody(world, signed_up.session, email)
    if "totp" in has:
        device = who.call("POST", "/totp/device").json
        code = TOTP(str(device["secret"])).at(world.auth.services.clock() // 1000)
        verified = who.call("POST", "/totp/device/verify", deviceName=device["deviceName"], totp=code)
        assert verified.json["status"] == "OK"
    if "paper" in has:
        world.holders.add(user_id)
    if following:
        world.require(user_id, following)
    who = Somebody(world, world.sign_in(email).session, email)
    assert set(CALLS) == set(ASKED) - {"sign in or up, without a session"}
    for api in sorted(CALLS, key=lambda each: "signout" in each):
        for factor, call in CALLS[api]:
            answer = call(who)
            is_refused = {
                "nothing": False,
                "complete": bool(following) and not ("device/remove" in api and "totp" not in has),
                "may set up": not may_set_up(factor, following, has),
            }[ASKED[api]]
            assert answer.response.status_code == (403 if is_refused else 200), (api, answer.response.text)


def test_a_code_as_a_second_factor(stage: Stage) -> None:
    """Line 63: asked for, mailed, and shown in the same session, whose user then has it, with no link in the mail."""
    world = stage.world
    _, user_id, email = world.sign_up()
    world.require(user_id, "otp-email")
    half = world.sign_in(email)
    info = world.info(half.session)
    assert cast("dict[str, JSON]", info.json["factors"])["next"] == ["otp-email"]  # JSON
    assert cast("dict[str, JSON]", info.json["emails"])["otp-email"] == [email]  # JSON
    whole = show_code(stage, half, email)
    assert whole.payload["sessionHandle"] == half.payload["sessionHandle"]
    assert whole.shown == ["emailpassword", "otp-email"]
    assert world.me(whole.session).response.status_code == 200
    user = world.auth.services.storage.find_user(user_id)
    assert user is not None
    assert [each.recipe_id for each in user.login_methods] == ["emailpassword", "passwordless"]
    again = world.sign_in(email)
    assert refusal(world.me(again.session)) == INCOMPLETE
    elsewhere = world.call("POST", "/auth/signinup/code", again.session, email=f"else-{email}", **LINK)
    assert refusal(elsewhere) == SHOW_FIRST
    assert world.me(show_code(stage, again, email).session).response.status_code == 200


def show_code(stage: Stage, half: Answer, email: str) -> Answer:
    """Ask for a code as a second factor, and type it."""
    world = stage.world
    asked = world.call("POST", "/auth/signinup/code", half.session, email=email, **LINK)
    assert asked.json["status"] == "OK"
    assert asked.json["flowType"] == "USER_INPUT_CODE"
    mail = stage.codes.by_address[email]
    assert mail.url_with_link_code is None
    typed: dict[str, JSON] = {"userInputCode": mail.user_input_code, **LINK}
    ids: dict[str, JSON] = {name: asked.json[name] for name in ("deviceId", "preAuthSessionId")}
    answer = world.call("POST", "/auth/signinup/code/consume", half.session, **typed, **ids)
    assert answer.json["status"] == "OK", answer.response.text
    return answer
