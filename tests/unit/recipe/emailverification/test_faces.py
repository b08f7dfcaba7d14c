"""The functions of the default application, awaited or not, and how the recipe is configured."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from typing_extensions import override

from authweave import UserContext
from authweave.app import App, init, set_default_app
from authweave.extending import VerifiedEmails
from authweave.ingredients.emaildelivery.types import EmailDeliveryConfig, EmailDeliveryInterface
from authweave.kernel import Override
from authweave.recipe import emailpassword, emailverification, session
from authweave.recipe.emailpassword.syncio import sign_up
from authweave.recipe.emailpassword.types import SignUpOkResult
from authweave.recipe.emailverification import (
    CreateEmailVerificationLinkEmailAlreadyVerifiedError,
    CreateEmailVerificationLinkOkResult,
    CreateEmailVerificationTokenEmailAlreadyVerifiedError,
    CreateEmailVerificationTokenOkResult,
    EmailDoesNotExistError,
    EmailVerificationRecipe,
    EmailVerificationUser,
    GetEmailResult,
    IsEmailVerified,
    RequestEmailChangeOkResult,
    RevokeEmailVerificationTokensOkResult,
    SendEmailVerificationEmailAlreadyVerifiedError,
    SendEmailVerificationEmailOkResult,
    UnknownUserIdError,
    UnverifyEmailOkResult,
    VerificationEmailTemplateVars,
    VerificationEmailTemplateVarsUser,
    VerifyEmailUsingTokenInvalidTokenError,
    VerifyEmailUsingTokenOkResult,
)
from authweave.recipe.emailverification import asyncio as awaited
from authweave.recipe.emailverification import syncio as blocking
from authweave.recipe.session.asyncio import create_new_session_without_request_response
from authweave.storage.memory import MemoryStorage
from authweave.types import BadInputError, ConfigurationError, InputAppInfo, RecipeUserId

NOBODY = RecipeUserId("nobody")
PHONE = RecipeUserId("phone")


class Mailbox(EmailDeliveryInterface[VerificationEmailTemplateVars]):
    """Keeps what would be sent."""

    def __init__(self) -> None:
        self.mails: list[VerificationEmailTemplateVars] = []

    @override
    async def send_email(self, template_vars: VerificationEmailTemplateVars, user_context: UserContext) -> None:
        self.mails.append(template_vars)


def own_emails(recipe_user_id: RecipeUserId, _context: UserContext) -> GetEmailResult:
    """Know one login, without an address. It need not be async."""
    return EmailDoesNotExistError() if recipe_user_id == PHONE else UnknownUserIdError()


@pytest.fixture
def mailbox() -> Mailbox:
    """Return a mailbox."""
    return Mailbox()


@pytest.fixture(autouse=True)
def auth(mailbox: Mailbox) -> Iterator[App]:
    """Make an application the default."""
    made = init(
        InputAppInfo(
            "tests", "http://localhost:8000", website_domain="http://localhost:3000", website_base_path="/account"
        ),
        [
            emailpassword.init(),
            emailverification.init("OPTIONAL", EmailDeliveryConfig(mailbox), own_emails),
            session.init(),
        ],
        storage=MemoryStorage(),
        secret=b"s" * 32,
        trusted_proxies=[],
    )
    yield made
    made.close()
    set_default_app(None)


@pytest.fixture
def login(auth: App) -> RecipeUserId:
    """Sign somebody up."""
    created = sign_up("public", "ada@example.com", "correct horse 1")
    assert isinstance(created, SignUpOkResult)
    return created.recipe_user_id


def test_a_token_is_made_used_and_taken_back(auth: App, login: RecipeUserId) -> None:
    """Without an address it is that of the login method, which shows what became of it."""
    made = blocking.create_email_verification_token("public", login)
    assert isinstance(made, CreateEmailVerificationTokenOkResult)
    used = asyncio.run(awaited.verify_email_using_token("public", made.token))
    assert used == VerifyEmailUsingTokenOkResult(EmailVerificationUser(login, "ada@example.com"))
    assert blocking.verify_email_using_token("public", made.token) == VerifyEmailUsingTokenInvalidTokenError()
    assert blocking.is_email_verified(login)
    assert asyncio.run(awaited.is_email_verified(login, " Ada@Example.com"))
    assert not blocking.is_email_verified(login, "other@example.com")
    user = auth.services.storage.find_user(login.get_as_string())
    assert user is not None
    assert user.login_methods[0].verified
    again = blocking.create_email_verification_token("public", login)
    assert again == CreateEmailVerificationTokenEmailAlreadyVerifiedError()
    assert blocking.unverify_email(login) == UnverifyEmailOkResult()
    assert not blocking.is_email_verified(login)


def test_a_link_and_a_mail(login: RecipeUserId, mailbox: Mailbox) -> None:
    """Both lead to the website's page, with a token that verifies; neither is there for a verified address."""
    made = blocking.create_email_verification_link("public", login, None)
    assert isinstance(made, CreateEmailVerificationLinkOkResult)
    assert made.link.startswith("http://localhost:3000/account/verify-email?")
    assert made.link not in repr(made)
    sent = blocking.send_email_verification_email("public", "user-1", login, None)
    assert sent == SendEmailVerificationEmailOkResult()
    (mail,) = mailbox.mails
    assert (mail.tenant_id, mail.user) == (
        "public",
        VerificationEmailTemplateVarsUser("user-1", login, "ada@example.com"),
    )
    token = parse_qs(urlsplit(mail.email_verify_link).query)["token"][0]
    assert token not in repr(mail)
    assert isinstance(blocking.verify_email_using_token("public", token), VerifyEmailUsingTokenOkResult)
    assert blocking.create_email_verification_link("public", login, None) == (
        CreateEmailVerificationLinkEmailAlreadyVerifiedError()
    )
    assert blocking.send_email_verification_email("public", "user-1", login, None) == (
        SendEmailVerificationEmailAlreadyVerifiedError()
    )
    blocking.send_email(mail)
    assert mailbox.mails == [mail, mail]


def test_tokens_are_revoked_by_address(login: RecipeUserId) -> None:
    """Those of another address stay."""
    made = [blocking.create_email_verification_token("public", login, each) for each in (None, "b@example.com")]
    tokens = [each.token for each in made if isinstance(each, CreateEmailVerificationTokenOkResult)]
    assert blocking.revoke_email_verification_tokens("public", login) == RevokeEmailVerificationTokensOkResult()
    used = [type(blocking.verify_email_using_token("public", each)) for each in tokens]
    assert used == [VerifyEmailUsingTokenInvalidTokenError, VerifyEmailUsingTokenOkResult]


def test_a_login_method_without_an_address() -> None:
    """It counts as verified, and whatever is asked of its address is done."""
    assert blocking.is_email_verified(PHONE)
    assert blocking.create_email_verification_token("public", PHONE) == (
        CreateEmailVerificationTokenEmailAlreadyVerifiedError()
    )
    assert blocking.send_email_verification_email("public", "phone", PHONE, None) == (
        SendEmailVerificationEmailAlreadyVerifiedError()
    )
    assert blocking.revoke_email_verification_tokens("public", PHONE) == RevokeEmailVerificationTokensOkResult()
    assert blocking.unverify_email(PHONE) == UnverifyEmailOkResult()


def test_a_login_method_that_there_is_not() -> None:
    """It is named, unless an address is given: then it is the application's own."""
    for ask in (blocking.is_email_verified, blocking.unverify_email):
        with pytest.raises(BadInputError, match="no login method 'nobody'"):
            ask(NOBODY)
    made = blocking.create_email_verification_token("public", NOBODY, "n@example.com")
    assert isinstance(made, CreateEmailVerificationTokenOkResult)
    assert isinstance(blocking.verify_email_using_token("public", made.token), VerifyEmailUsingTokenOkResult)
    assert blocking.is_email_verified(NOBODY, "n@example.com")
    assert blocking.unverify_email(NOBODY, "n@example.com") == UnverifyEmailOkResult()


def test_a_change_is_asked_for_by_session(login: RecipeUserId, mailbox: Mailbox) -> None:
    """The mail goes to the new address; what cannot be one is refused, and mails are limited."""

    async def ask(*emails: str) -> object:
        made = await create_new_session_without_request_response("public", login, {})
        return [await awaited.request_email_change(made, email) for email in emails]

    assert asyncio.run(ask("new@example.com")) == [RequestEmailChangeOkResult()]
    assert [each.user.email for each in mailbox.mails] == ["new@example.com"]
    for bad in ("zero\u200bwidth@example.com", "x" * 400 + "@example.com"):
        with pytest.raises(BadInputError):
            asyncio.run(ask(bad))


def test_other_recipes_mark_and_settle(auth: App, login: RecipeUserId) -> None:
    """What they tell is kept, once as news; without this recipe nothing comes of it."""
    emails = VerifiedEmails(auth.services)
    login_id = login.get_as_string()
    assert [emails.mark_verified(login_id, "ada@example.com") for _ in range(2)] == [True, False]
    assert emails.settle(login_id) is None
    assert blocking.is_email_verified(login)
    alone = init(
        InputAppInfo("alone", "http://localhost:8000", website_domain="http://localhost:3000"),
        [emailpassword.init(), session.init()],
        storage=MemoryStorage(),
        secret=b"s" * 32,
        default=False,
    )
    none = VerifiedEmails(alone.services)
    assert not none.mark_verified(login_id, "ada@example.com")
    assert none.settle(login_id) is None
    assert not asyncio.run(none.put_off_change(login_id, "new@example.com", {}))
    alone.close()


def test_administrators_send_it_again(auth: App, login: RecipeUserId, mailbox: Mailbox) -> None:
    """The mail is offered for an address that is not verified."""
    (mail,) = auth.recipe(EmailVerificationRecipe).user_mails()
    user = auth.services.storage.find_user(login.get_as_string())
    assert user is not None
    assert mail.fits(user.login_methods[0])

    async def send() -> None:
        await mail.send(user, user.login_methods[0], {})

    asyncio.run(send())
    assert [each.user.email for each in mailbox.mails] == ["ada@example.com"]
    VerifiedEmails(auth.services).mark_verified(login.get_as_string(), "ada@example.com")
    asyncio.run(send())
    assert len(mailbox.mails) == 1


def application(*overrides: Override[emailverification.interfaces.RecipeInterface[UserContext]]) -> App:
    """Build an application with overrides."""
    return init(
        InputAppInfo("tests", "http://localhost:8000", website_domain="http://localhost:3000"),
        [emailverification.init("OPTIONAL", get_email_for_recipe_user_id=own_emails), session.init()],
        storage=MemoryStorage(),
        secret=b"s" * 32,
        overrides=overrides,
    )


def test_functions_go_by_way_of_overrides() -> None:
    """Whoever asks is answered by the override, which may call the original."""

    @IsEmailVerified.override
    async def office(call: IsEmailVerified) -> bool:
        return call.email.endswith("@office.example") or await call.original()

    app = application(office)
    assert blocking.is_email_verified(NOBODY, "a@office.example")
    assert not blocking.is_email_verified(NOBODY, "a@example.com")
    app.close()


def test_a_mode_that_there_is_not() -> None:
    """It is refused by name, where it is written."""
    with pytest.raises(ConfigurationError, match=r"mode is a str: it has to be one of 'REQUIRED', 'OPTIONAL'"):
        emailverification.init("SOMETIMES")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  the mistake
