"""The functions of the default application, awaited or not, and how the recipe is configured."""

from __future__ import annotations

import hashlib
import hmac
import inspect
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from typing_extensions import override

from authweave import UserContext
from authweave.app import App, init, set_default_app
from authweave.ingredients.emaildelivery.types import EmailDeliveryConfig, EmailDeliveryInterface
from authweave.ingredients.smsdelivery.types import SMSDeliveryConfig, SMSDeliveryInterface
from authweave.recipe import passwordless, session
from authweave.recipe.passwordless import (
    ConsumeCodeIncorrectUserInputCodeError,
    ConsumeCodeOkResult,
    ConsumeCodeRestartFlowError,
    ContactConfig,
    ContactEmailOnlyConfig,
    ContactEmailOrPhoneConfig,
    ContactPhoneOnlyConfig,
    CreateNewCodeForDeviceOkResult,
    CreateNewCodeForDeviceRestartFlowError,
    CreateNewCodeForDeviceUserInputCodeAlreadyUsedError,
    EmailChangeNotAllowedError,
    FlowType,
    PasswordlessLoginEmailTemplateVars,
    PasswordlessLoginSMSTemplateVars,
    PasswordlessRecipe,
    PhoneNumberChangeNotAllowedError,
    UpdateUserEmailAlreadyExistsError,
    UpdateUserOkResult,
    UpdateUserPhoneNumberAlreadyExistsError,
    UpdateUserUnknownUserIdError,
)
from authweave.recipe.passwordless import asyncio as awaited
from authweave.recipe.passwordless import syncio as blocking
from authweave.recipe.passwordless.codes import LinkCodes, normal_code
from authweave.recipe.passwordless.factors import PasswordlessFactors
from authweave.security import ServerSecret, base64url
from authweave.storage.memory import MemoryStorage
from authweave.types import BadInputError, ConfigurationError, InputAppInfo, LoginMethod, RecipeUserId, User

NUMBER = "+4915123456789"
Template = PasswordlessLoginEmailTemplateVars | PasswordlessLoginSMSTemplateVars


class Sent(
    EmailDeliveryInterface[PasswordlessLoginEmailTemplateVars], SMSDeliveryInterface[PasswordlessLoginSMSTemplateVars]
):
    """Keeps what would be sent."""

    def __init__(self) -> None:
        self.messages: list[Template] = []

    @override
    async def send_email(self, template_vars: PasswordlessLoginEmailTemplateVars, user_context: UserContext) -> None:
        self.messages.append(template_vars)

    @override
    async def send_sms(self, template_vars: PasswordlessLoginSMSTemplateVars, user_context: UserContext) -> None:
        self.messages.append(template_vars)


@pytest.fixture
def sent() -> Sent:
    """Return what keeps messages."""
    return Sent()


@pytest.fixture(autouse=True)
def app(sent: Sent) -> Iterator[App]:
    """Make an application the default one."""
    made = init(
        InputAppInfo("tests", "http://api.example.com", website_domain="http://example.com"),
        [
            passwordless.init(
                ContactEmailOrPhoneConfig(),
                "USER_INPUT_CODE_AND_MAGIC_LINK",
                email_delivery=EmailDeliveryConfig(sent),
                sms_delivery=SMSDeliveryConfig(sent),
            ),
            session.init(),
        ],
        storage=MemoryStorage(),
        secret=bytes(32),
    )
    yield made
    made.close()
    set_default_app(None)


def signed_up(email: str | None = None, number: str | None = None) -> RecipeUserId:
    """Sign somebody up; return the login method."""
    return blocking.signinup("public", email, number).recipe_user_id


def user_of(app: App, login: RecipeUserId) -> User:
    """Return the user of a login method."""
    user = app.services.storage.find_user(login.get_as_string())
    assert user is not None
    return user


def test_both_faces_have_the_same_functions() -> None:
    """With the same parameters."""
    names = {name for name, value in vars(awaited).items() if inspect.iscoroutinefunction(value)}
    assert len(names) == 17
    for name in names:
        assert (
            inspect.signature(getattr(blocking, name)).parameters
            == inspect.signature(getattr(awaited, name)).parameters
        )


def test_from_a_code_to_a_user() -> None:
    """A code may be checked before it is used; a wrong one counts for both."""
    made = blocking.create_code("public", email="Ann@example.com")
    of_device = (made.pre_auth_session_id, "000000" if made.user_input_code != "000000" else "1", made.device_id)
    wrong = blocking.check_code("public", *of_device)
    assert isinstance(wrong, ConsumeCodeIncorrectUserInputCodeError)
    assert blocking.consume_code("public", *of_device) == ConsumeCodeIncorrectUserInputCodeError(2, 5)
    checked = blocking.check_code("public", made.pre_auth_session_id, link_code=made.link_code)
    assert checked.status == "OK"
    used = blocking.consume_code("public", made.pre_auth_session_id, made.user_input_code, made.device_id)
    assert isinstance(used, ConsumeCodeOkResult)
    assert (used.created_new_recipe_user, used.user.emails, used.consumed_device.email) == (
        True,
        ["ann@example.com"],
        "ann@example.com",
    )
    again = blocking.consume_code("public", made.pre_auth_session_id, link_code=made.link_code)
    assert again == ConsumeCodeRestartFlowError()
    assert blocking.signinup("public", "ann@example.com", None).user.id == used.user.id


def test_codes_of_ones_own() -> None:
    """A browser has none twice, and each can be typed in."""
    made = blocking.create_code("public", phone_number="+49 151 23456789", user_input_code="ab-1")
    again = blocking.create_new_code_for_device("public", made.device_id, "AB 1")
    assert again == CreateNewCodeForDeviceUserInputCodeAlreadyUsedError()
    other = blocking.create_new_code_for_device("public", made.device_id, "ab-2")
    assert isinstance(other, CreateNewCodeForDeviceOkResult)
    assert blocking.create_new_code_for_device("other", made.device_id) == CreateNewCodeForDeviceRestartFlowError()
    for unfit in ("", " - ", "x" * 65):
        with pytest.raises(BadInputError, match="user_input_code"):
            blocking.create_code("public", email="a@example.com", user_input_code=unfit)
    for email, number in ((None, None), ("a@example.com", NUMBER), ("", None), (None, "\0")):
        with pytest.raises(BadInputError):
            blocking.create_code("public", email, number)


def test_nothing_secret_is_shown(sent: Sent) -> None:
    """Neither results nor messages say codes and links in their representation."""
    made = blocking.create_code("public", email="a@example.com")
    secrets = {made.device_id, made.user_input_code, made.link_code}
    blocking.send_email(PasswordlessLoginEmailTemplateVars("public", 1, "p", "a@example.com", True, "987654", "link"))
    blocking.send_sms(PasswordlessLoginSMSTemplateVars("public", 1, "p", NUMBER, True, "987654", "link"))
    assert not any(secret in repr(made) for secret in secrets)
    assert len(sent.messages) == 2
    assert not any("987654" in repr(each) or "link" in repr(each) for each in sent.messages)
    assert not {made.user_input_code, made.link_code} & set(map(str, made.to_json().values()))


def test_a_link_cannot_be_made_by_who_has_the_device() -> None:
    """Of code and device alone nobody can tell the link, which is not counted: the server's secret is part of it."""
    device, code = bytes(range(32)), "123456"
    links = {LinkCodes(ServerSecret(bytes([each]) * 32)).link_code(device, code) for each in (1, 2)}
    assert len(links | {base64url(hmac.digest(device, code.encode(), hashlib.sha256))}) == 3
    mine = LinkCodes(ServerSecret(bytes(32)))
    assert mine.link_code(device, code) == mine.link_code(device, "12 34-56")
    assert mine.link_code(bytes(32), code) != mine.link_code(device, code)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("123 456", "123456"),
        ("12\u201334\u00ad56\n", "123456"),
        ("\u200f\u0661\u0662\u0663\u06f4\u06f5\u06f6", "123456"),
        ("AbC", "abc"),
        ("\uff11\u2463", "14"),
    ],
)
def test_what_counts_of_a_code(typed: str, code: str) -> None:
    """Neither what stands between its characters, nor case, nor the script of its digits."""
    assert normal_code(typed) == code


def test_a_link_of_ones_own() -> None:
    """It leads to the website's page, and is good once."""
    link = urlsplit(blocking.create_magic_link("public", "a@example.com", None))
    assert f"{link.scheme}://{link.netloc}{link.path}" == "http://example.com/auth/verify"
    name = parse_qs(link.query)["preAuthSessionId"][0]
    assert blocking.consume_code("public", name, link_code=link.fragment).status == "OK"
    assert blocking.consume_code("public", name, link_code=link.fragment).status == "RESTART_FLOW_ERROR"


def test_addresses_and_numbers_change(app: App) -> None:
    """Codes for former and new ones are void; what others have stays theirs; a new address is not verified."""
    ann, bob = signed_up("ann@example.com"), signed_up(None, NUMBER)
    codes = [blocking.create_code("public", email=email) for email in ("ann@example.com", "new@example.com")]
    assert blocking.update_user(ann, email="New@example.com") == UpdateUserOkResult()
    assert [each.verified for each in user_of(app, ann).login_methods] == [False]
    for code in codes:
        assert blocking.consume_code("public", code.pre_auth_session_id, link_code=code.link_code).status != "OK"
    assert blocking.update_user(bob, email="new@example.com") == UpdateUserEmailAlreadyExistsError()
    assert blocking.update_user(ann, phone_number=NUMBER) == UpdateUserPhoneNumberAlreadyExistsError()
    assert blocking.update_user(RecipeUserId("nobody"), email="x@example.com") == UpdateUserUnknownUserIdError()
    assert blocking.update_user(ann, phone_number="+49 30 123456") == UpdateUserOkResult()
    assert blocking.delete_email_for_user(ann) == UpdateUserOkResult()
    assert [(each.email, each.phone_number, each.verified) for each in user_of(app, ann).login_methods] == [
        (None, "+4930123456", True)
    ]
    with pytest.raises(BadInputError, match="neither an address nor a phone number"):
        blocking.delete_phone_number_for_user(ann)
    assert blocking.delete_phone_number_for_user(RecipeUserId("nobody")) == UpdateUserUnknownUserIdError()


def test_primary_users_share_nothing(app: App) -> None:
    """Of another primary user, an address and a number are refused, each for what it is."""
    storage = app.services.storage
    storage.create_tenant("t1")
    ann, bob = signed_up("ann@example.com"), signed_up("bob@example.com")
    others = [blocking.signinup("t1", *each) for each in (("b@example.com", None), (None, NUMBER))]
    for login in (ann, bob):
        storage.create_primary_user(login.get_as_string())
    for other in others:
        storage.link_accounts(other.recipe_user_id.get_as_string(), bob.get_as_string())
    assert isinstance(blocking.update_user(ann, email="b@example.com"), EmailChangeNotAllowedError)
    assert isinstance(blocking.update_user(ann, phone_number=NUMBER), PhoneNumberChangeNotAllowedError)


def test_where_codes_of_a_factor_go(app: App) -> None:
    """To what somebody signs in with by codes; else to all that there is, that of the session first."""
    owner = PasswordlessFactors(app.recipe(PasswordlessRecipe).config)

    def method(number: int, recipe_id: str, email: str | None, phone_number: str | None = None) -> LoginMethod:
        return LoginMethod(
            recipe_id=recipe_id,
            recipe_user_id=RecipeUserId(f"m{number}"),
            tenant_ids=["public"],
            email=email,
            phone_number=phone_number,
            time_joined=number,
        )

    def emails(*methods: LoginMethod, made_with: str = "m2") -> list[str]:
        user = User(id="u", login_methods=methods, time_joined=1)
        return [*owner.contacts(app.services, user, RecipeUserId(made_with)).emails["otp-email"]]

    first, second = method(1, "emailpassword", "a@example.com"), method(2, "thirdparty", "b@example.com")
    by_code, others = method(3, "passwordless", "c@example.com"), method(4, "passwordless", "d@example.com")
    fake = method(5, "passwordless", "x@stfakeemail.supertokens.com", NUMBER)
    assert emails(second, first) == ["b@example.com", "a@example.com"]
    assert emails(first, second, by_code) == ["c@example.com"]
    assert emails(first, by_code, others, made_with="m4") == ["d@example.com", "c@example.com"]
    assert emails(fake) == []
    assert [*owner.shown_with(by_code)] == ["link-email", "otp-email"]
    assert [*owner.shown_with(fake)] == ["link-phone", "otp-phone"]
    assert [*owner.shown_with(first)] == []


def test_configuration() -> None:
    """Options of the wrong type are refused by name; factors follow from contact and flow."""
    cases: list[tuple[ContactConfig, FlowType, tuple[str, ...]]] = [
        (ContactEmailOnlyConfig(), "MAGIC_LINK", ("link-email",)),
        (ContactPhoneOnlyConfig(), "USER_INPUT_CODE", ("otp-phone",)),
        (ContactEmailOnlyConfig(), "USER_INPUT_CODE_AND_MAGIC_LINK", ("otp-email", "link-email")),
    ]
    for contact, flow, factors in cases:
        assert passwordless.init(contact, flow).config.factors() == factors
    for wrong in (("EMAIL", "MAGIC_LINK"), (ContactEmailOnlyConfig(), "EMAIL"), (None, None)):
        with pytest.raises(ConfigurationError, match=r"passwordless\.init"):
            passwordless.init(*wrong)  # pyright: ignore[reportArgumentType]  that is what is tried
