"""The functions that reset passwords, as an application calls them, with and without a loop."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import attrs
import pytest
from typing_extensions import override

from authweave import UserContext
from authweave.app import App, init
from authweave.ingredients.emaildelivery import EmailDeliveryConfig, EmailDeliveryInterface
from authweave.recipe import emailpassword, session, thirdparty
from authweave.recipe.emailpassword import (
    ConsumePasswordResetTokenOkResult,
    CreateResetPasswordOkResult,
    PasswordPolicyViolationError,
    PasswordResetEmailTemplateVars,
    PasswordResetEmailTemplateVarsUser,
    PasswordResetTokenInvalidError,
    SignInOkResult,
    SignUpOkResult,
    UnknownUserIdError,
    UpdateEmailOrPasswordOkResult,
    WrongCredentialsError,
    syncio,
)
from authweave.recipe.emailpassword import asyncio as functions
from authweave.recipe.session.asyncio import create_new_session_without_request_response
from authweave.recipe.session.syncio import get_all_session_handles_for_user
from authweave.recipe.thirdparty.store import THIRD_PARTIES
from authweave.recipe.thirdparty.store.contract import a_third_party_login
from authweave.security import PasswordHasher
from authweave.storage import StorageError
from authweave.storage.memory import MemoryStorage
from authweave.types import InputAppInfo, RecipeUserId

APP_INFO = InputAppInfo(app_name="Test", api_domain="http://localhost:8000", website_domain="http://localhost:3000")
ADA, PASSWORD, NEW = "ada@example.com", "correct horse 1", "battery staple 2"


class Collected(EmailDeliveryInterface[PasswordResetEmailTemplateVars]):
    """Keeps what mails are made from; or fails."""

    def __init__(self) -> None:
        self.mails: list[PasswordResetEmailTemplateVars] = []
        self.fails = False

    @override
    async def send_email(self, template_vars: PasswordResetEmailTemplateVars, user_context: UserContext) -> None:
        if self.fails:
            raise LookupError("no server")
        self.mails.append(template_vars)


@attrs.frozen
class World:
    """An application in which Ada has an account."""

    app: App
    collected: Collected
    user_id: str


@pytest.fixture
def here() -> Iterator[World]:
    """Build the default application."""
    collected = Collected()
    app = init(
        APP_INFO,
        [
            emailpassword.init(email_delivery=EmailDeliveryConfig(collected)),
            thirdparty.init(),
            session.init(),
        ],
        storage=MemoryStorage(),
        secret=b"s" * 32,
        passwords=PasswordHasher(memory_kib=8, time_cost=1),
    )
    created = syncio.sign_up("public", ADA, PASSWORD)
    assert isinstance(created, SignUpOkResult)
    yield World(app, collected, created.user.id)
    app.close()


def made(user_id: str, email: str = ADA) -> str:
    """Make a token, which has to work."""
    result = syncio.create_reset_password_token("public", user_id, email)
    assert isinstance(result, CreateResetPasswordOkResult)
    return result.token


def signs_in(password: str) -> bool:
    """Return whether Ada signs in with a password."""
    return isinstance(syncio.sign_in("public", ADA, password), SignInOkResult)


def test_a_token_is_made_and_used_up(here: World) -> None:
    """For a user that there is; what it was made for comes back once, and no password changes by it."""
    first, second = made(here.user_id), made(here.user_id, " ADA@example.com")
    assert syncio.consume_password_reset_token("public", second) == ConsumePasswordResetTokenOkResult(ADA, here.user_id)
    for token in (first, second, "x" * 64, "nonsense"):
        assert syncio.consume_password_reset_token("public", token) == PasswordResetTokenInvalidError()
    assert signs_in(PASSWORD)
    assert first not in repr(CreateResetPasswordOkResult(first))


def test_nobody_has_a_token_or_a_link(here: World) -> None:
    """Who does not exist."""
    assert syncio.create_reset_password_token("public", "nobody", ADA) == UnknownUserIdError()
    assert syncio.create_reset_password_link("public", "nobody", ADA) == UnknownUserIdError()
    with pytest.raises(StorageError):
        syncio.create_reset_password_token("nowhere", here.user_id, ADA)


def test_a_link_is_that_of_the_frontends(here: World) -> None:
    """Its token resets the password."""
    link = syncio.create_reset_password_link("public", here.user_id, ADA)
    assert isinstance(link, str)
    parts = urlsplit(link)
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == "http://localhost:3000/auth/reset-password"
    query = parse_qs(parts.query)
    assert query["tenantId"] == ["public"]
    result = syncio.reset_password_using_token("public", query["token"][0], NEW)
    assert result == UpdateEmailOrPasswordOkResult()
    assert signs_in(NEW)


def test_a_weak_password_does_not_burn_a_token(here: World) -> None:
    """Nor does one that no policy takes; SuperTokens's function burns it."""
    token = made(here.user_id)
    weak = syncio.reset_password_using_token("public", token, "short")
    assert isinstance(weak, PasswordPolicyViolationError)
    assert syncio.reset_password_using_token("public", token, NEW) == UpdateEmailOrPasswordOkResult()
    assert syncio.reset_password_using_token("public", token, NEW) == PasswordResetTokenInvalidError()
    assert signs_in(NEW)


def test_a_reset_by_the_function_ends_sessions_and_verifies_nothing(here: World) -> None:
    """The token may have been handed over otherwise than by a mail."""
    recipe_user_id = RecipeUserId(here.user_id)
    asyncio.run(create_new_session_without_request_response("public", recipe_user_id))
    assert len(get_all_session_handles_for_user(here.user_id)) == 1
    syncio.reset_password_using_token("public", made(here.user_id), NEW)
    assert get_all_session_handles_for_user(here.user_id) == []
    user = here.app.services.storage.find_user(here.user_id)
    assert user is not None
    assert not user.login_methods[0].verified


def test_a_token_of_who_is_disabled_or_has_another_address_is_invalid(here: World) -> None:
    """Also one that was made afterwards."""
    storage = here.app.services.storage
    assert syncio.update_email_or_password(RecipeUserId(here.user_id), email="new@example.com") == (
        UpdateEmailOrPasswordOkResult()
    )
    assert syncio.reset_password_using_token("public", made(here.user_id), NEW) == PasswordResetTokenInvalidError()
    for email in ("new@example.com", ADA):
        syncio.update_email_or_password(RecipeUserId(here.user_id), email=email)
    before = made(here.user_id)
    storage.set_disabled(here.user_id, 1)
    after = made(here.user_id)
    for token in (before, after):
        assert syncio.reset_password_using_token("public", token, NEW) == PasswordResetTokenInvalidError()
    storage.set_disabled(here.user_id, None)
    assert signs_in(PASSWORD)


@pytest.mark.parametrize("email", [ADA, " Ada@EXAMPLE.com"])
def test_a_mail_is_sent_to_the_address_as_it_is_stored(here: World, email: str) -> None:
    """Whatever is typed: nobody else's mailbox is called so."""
    assert syncio.send_reset_password_email("public", here.user_id, email) == "OK"
    (mail,) = here.collected.mails
    assert (mail.user.id, mail.user.email, mail.tenant_id) == (here.user_id, ADA, "public")
    assert mail.user.recipe_user_id == RecipeUserId(here.user_id)


def test_no_mail_is_sent_to_who_has_no_password_there(here: World) -> None:
    """No such user, another address or another tenant, or one whom a provider vouches for."""
    here.app.services.storage.create_tenant("t1")
    here.app.services.storage.part(THIRD_PARTIES).sign_in_or_up(a_third_party_login(1, email=ADA))
    for tenant_id, user_id, email in (
        ("public", "nobody", ADA),
        ("public", here.user_id, "other@example.com"),
        ("t1", here.user_id, ADA),
        ("public", "user-1", ADA),
    ):
        assert syncio.send_reset_password_email(tenant_id, user_id, email) == "UNKNOWN_USER_ID_ERROR"
    assert here.collected.mails == []


def test_who_sends_a_mail_by_a_function_hears_of_its_failure(here: World) -> None:
    """Unlike the route, which tells nobody."""
    here.collected.fails = True
    with pytest.raises(LookupError):
        syncio.send_reset_password_email("public", here.user_id, ADA)


def test_any_mail_of_the_recipe_is_sent(here: World) -> None:
    """By `send_email`, with what it is to say."""
    user = PasswordResetEmailTemplateVarsUser(user_id="id", recipe_user_id=None, email=ADA)
    mail = PasswordResetEmailTemplateVars(user, "http://localhost:3000/link", "public")
    syncio.send_email(mail)
    assert here.collected.mails == [mail]


def test_a_password_is_changed_without_a_request(here: World) -> None:
    """By whoever has a session: of one who signed in with a provider there is none to change."""

    async def scenario() -> tuple[object, object, object]:
        mine = await create_new_session_without_request_response("public", RecipeUserId(here.user_id))
        other = await create_new_session_without_request_response("public", RecipeUserId("user-1"))
        return (
            await functions.change_password(mine, "wrong", NEW),
            await functions.change_password(other, PASSWORD, NEW),
            type(await functions.change_password(mine, PASSWORD, NEW)).__name__,
        )

    here.app.services.storage.part(THIRD_PARTIES).sign_in_or_up(a_third_party_login(1, email=ADA))
    assert asyncio.run(scenario()) == (WrongCredentialsError(), UnknownUserIdError(), "ChangePasswordOkResult")
    assert signs_in(NEW)
