"""
What somebody is told who may not sign in or up with a code or a passkey: contract, 2.6.

002 and 017 are in `test_passwordless`; those of passwords and providers in `test_linking_by_password` and
`test_linking_by_provider`, but 014, which an override says (`test_answers_of_overrides`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import attrs
import pytest

from authweave import UserContext
from authweave.recipe import attempts, multifactorauth
from authweave.recipe.accountlinking import AccountLinkingRecipe
from authweave.recipe.accountlinking.interfaces import LinkAccountsOkResult
from authweave.recipe.emailpassword import EmailPasswordRecipe
from authweave.recipe.webauthn import (
    CreateNewRecipeUser,
    CreateNewRecipeUserResponse,
    CreateNewRecipeUserResult,
    WebauthnOverrideConfig,
)
from authweave.storage import AccountInfo
from tests.authenticator import Authenticator

from .passkey_world import ADDED, PasskeyWorld, Signed, passkey_world
from .passwordless_app import Sent, Site, codes, incorrect, no_sign_in_up
from .serving import PASSWORD
from .test_linking_by_password import NOT_LINKED, no_sign_in, no_sign_up
from .test_linking_by_provider import NOT_ALLOWED
from .test_webauthn_linking import require, sign_in_for, sign_up_for


@attrs.frozen
class Desk:
    """
    An application with passwords, passkeys and codes, which asks some for several factors.

    Attributes:
        site: the same, as one that mails codes.
        hired: to whom it gives who signs up with an address, by that address, before anybody else may have him.
    """

    world: PasskeyWorld
    site: Site
    hired: dict[str, str]

    def somebody(self) -> Signed:
        """Sign somebody up with a password."""
        return self.world.by_password(self.world.new_email(ADDED))

    def with_passkey(self, email: str, session: dict[str, str] | None = None) -> tuple[Authenticator, Signed]:
        """Sign somebody up with a passkey; or the user of a session, whose it becomes."""
        world, device = self.world, Authenticator()
        return device, sign_up_for(world, device, email, session) if session else world.sign_up(device, email)

    def primary(self, email: str) -> Signed:
        """Sign somebody up with a password, who adds a passkey, and so is a primary user."""
        signed_up = self.world.by_password(email)
        _, added = self.with_passkey(self.world.new_email(ADDED), signed_up.session)
        assert added.user["isPrimaryUser"]
        return signed_up

    def methods_with(self, email: str) -> list[str]:
        """Return the recipes of the login methods that have an address, of all users."""
        users = self.world.storage.find_users("public", AccountInfo(email=email), union=False)
        return sorted(each.recipe_id for user in users for each in user.login_methods if each.email == email)


@pytest.fixture(scope="module")
def desk(database_url: str) -> Iterator[Desk]:
    """Serve it over each database."""
    hired: dict[str, str] = {}

    @CreateNewRecipeUser.override
    async def hire(call: CreateNewRecipeUser) -> CreateNewRecipeUserResult:
        made = await call.original()
        if isinstance(made, CreateNewRecipeUserResponse) and (employer := hired.get(made.user.emails[0])):
            link = world.app.recipe(AccountLinkingRecipe).functions.link_accounts
            assert isinstance(await link(made.recipe_user_id, employer, call.user_context), LinkAccountsOkResult)
        return made

    sent, free = Sent(), attempts.init(enabled=False)
    override = WebauthnOverrideConfig(functions=[hire])
    with passkey_world(database_url, codes(sent), free, multifactorauth.init(), override=override) as world:
        yield Desk(world, Site(world.app, "/auth", world.client, sent, world.clock), hired)


def test_003_a_code_of_who_is_asked_for_another_factor(desk: Desk) -> None:
    """Whoever reads his mail does not make the account one of his own, of which that factor is not asked."""
    site, email = desk.site, desk.world.new_email(ADDED)
    _, user_id = site.signed_in(email)
    require(desk.world, user_id)
    mine = desk.somebody()
    browser = site.ask(email, mine.session)  # which tells nothing of the account
    assert site.consume(browser.with_code(browser.wrong_code), mine.session).json() == incorrect(1)
    assert site.consume(browser.with_code(), mine.session).json() == no_sign_in_up(NOT_ALLOWED.format("003"))
    assert site.consume(browser.with_code()).json()["user"]["id"] == user_id  # the code is good still


def test_018_a_code_to_an_address_of_another_primary_user(desk: Desk) -> None:
    """Nothing is made, and the code is good still, for somebody of his own."""
    site, email = desk.site, desk.world.new_email(ADDED)
    desk.primary(email)
    mine = desk.somebody()
    browser = site.ask(email, mine.session)
    assert site.consume(browser.with_code(), mine.session).json() == no_sign_in_up(NOT_LINKED.format("018"))
    assert desk.methods_with(email) == ["emailpassword"]
    assert site.consume(browser.with_code()).json()["createdNewRecipeUser"] is True


def test_019_a_code_for_a_session_user_whose_address_is_anothers(desk: Desk) -> None:
    """He cannot be a primary user, so nothing is linked to him; he is told when he uses the code."""
    site, email, new = desk.site, desk.world.new_email(ADDED), desk.world.new_email(ADDED)
    desk.primary(email)
    _, mine = desk.with_passkey(email)
    browser = site.ask(new, mine.session)
    assert site.consume(browser.with_code(), mine.session).json() == no_sign_in_up(NOT_LINKED.format("019"))
    assert desk.methods_with(new) == []


def test_025_a_passkey_for_an_address_of_somebody_else(desk: Desk) -> None:
    """Nobody signs up with it who has not shown that it is his."""
    email = desk.world.new_email("ver.example")
    desk.world.by_password(email)
    _, refused = desk.with_passkey(email)
    assert refused.body == no_sign_up(
        "Cannot sign up due to security reasons. Please try logging in, use a different login method or contact "
        "support. (ERR_CODE_025)"
    )
    assert desk.methods_with(email) == ["emailpassword"]


def test_026_and_031_a_passkey_whose_address_is_not_verified(desk: Desk) -> None:
    """Where the application wants it verified, neither by the passkey nor by the session's user."""
    new, mine = desk.world.new_email("ver.example"), desk.somebody()
    _, refused = desk.with_passkey(new, mine.session)
    assert refused.body == no_sign_up(NOT_LINKED.format("026"))
    assert desk.methods_with(new) == []
    device, other = desk.with_passkey(desk.world.new_email("ver.example"))
    refused = sign_in_for(desk.world, device, mine.session)
    assert refused.body == no_sign_in(NOT_LINKED.format("031"))
    assert desk.world.sign_in(device).user["id"] == other.user["id"]


def test_027_a_new_passkey_that_is_another_primary_users_at_once(desk: Desk) -> None:
    """Nobody but the application's own function can link it so soon; it is undone with that."""
    email, employer, mine = desk.world.new_email(ADDED), desk.primary(desk.world.new_email(ADDED)), desk.somebody()
    desk.hired[email] = employer.user["id"]
    device, refused = desk.with_passkey(email, mine.session)
    assert refused.body == no_sign_up(NOT_LINKED.format("027"))
    assert desk.methods_with(email) == []
    assert desk.world.sign_in(device).status == "INVALID_CREDENTIALS_ERROR"


def test_029_and_034_a_passkey_for_a_session_user_whose_address_is_anothers(desk: Desk) -> None:
    """He cannot be a primary user, so nothing is linked to him."""
    email, new, known = (desk.world.new_email(ADDED) for _ in range(3))
    desk.primary(email)
    _, mine = desk.with_passkey(email)
    _, refused = desk.with_passkey(new, mine.session)
    assert refused.body == no_sign_up(NOT_LINKED.format("029"))
    assert desk.methods_with(new) == []
    device, other = desk.with_passkey(known)
    refused = sign_in_for(desk.world, device, mine.session)
    assert refused.body == no_sign_in(NOT_LINKED.format("034"))
    assert desk.world.sign_in(device).user["id"] == other.user["id"]


def test_028_and_033_a_passkey_with_the_address_of_another_primary_user(desk: Desk) -> None:
    """All stay as they are, and nobody is left behind."""
    email, mine = desk.world.new_email(ADDED), desk.somebody()
    desk.primary(email)
    _, refused = desk.with_passkey(email, mine.session)
    assert refused.body == no_sign_up(NOT_LINKED.format("028"))
    assert desk.methods_with(email) == ["emailpassword"]
    device, other = desk.with_passkey(email)
    refused = sign_in_for(desk.world, device, mine.session)
    assert refused.body == no_sign_in(NOT_LINKED.format("033"))
    assert desk.methods_with(email) == ["emailpassword", "webauthn"]
    assert desk.world.sign_in(device).user["id"] == other.user["id"]


def test_030_a_passkey_that_is_not_verified_and_not_alone(desk: Desk) -> None:
    """Nobody is linked to whoever else has the address; the way out is to recover the account."""
    email = desk.world.new_email("ver.example")
    device, _ = desk.with_passkey(email)
    functions = desk.world.app.recipe(EmailPasswordRecipe).functions  # by which the application makes users
    asyncio.run(functions.create_new_recipe_user(email, PASSWORD, "public", UserContext()))
    assert desk.methods_with(email) == ["emailpassword", "webauthn"]
    assert desk.world.sign_in(device).body == no_sign_in(
        "Cannot sign in due to security reasons. Please try recovering your account, use a different login method or "
        "contact support. (ERR_CODE_030)"
    )


def test_032_a_passkey_of_another_primary_user(desk: Desk) -> None:
    """He keeps it."""
    device, other = desk.with_passkey(desk.world.new_email("nov.example"))
    refused = sign_in_for(desk.world, device, desk.somebody().session)
    assert refused.body == no_sign_in(NOT_LINKED.format("032"))
    assert desk.world.sign_in(device).user == other.user
