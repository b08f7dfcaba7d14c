"""The functions of the recipe where accounts are linked, as an application calls them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Final

import attrs
import pytest

from authweave import UserContext
from authweave.app import init
from authweave.errors import UnauthorisedError
from authweave.events import SecurityEvent
from authweave.recipe import accountlinking, emailpassword, emailverification, session, thirdparty
from authweave.recipe.accountlinking import (
    AccountInfoWithRecipeIdAndUserId,
    ShouldAutomaticallyLink,
    ShouldNotAutomaticallyLink,
)
from authweave.recipe.emailpassword import (
    EmailAlreadyExistsError,
    EmailPasswordRecipe,
    SignInOkResult,
    SignUpOkResult,
    UpdateEmailOrPasswordEmailChangeNotAllowedError,
    UpdateEmailOrPasswordOkResult,
    WrongCredentialsError,
)
from authweave.recipe.emailpassword import asyncio as functions
from authweave.recipe.emailverification.store import VERIFIED_EMAILS
from authweave.recipe.session import SessionContainer
from authweave.recipe.session.asyncio import create_new_session_without_request_response
from authweave.recipe.thirdparty.store import THIRD_PARTIES
from authweave.recipe.thirdparty.store.contract import a_third_party_login
from authweave.security import PasswordHasher
from authweave.storage.memory import MemoryStorage
from authweave.types import BadInputError, InputAppInfo, LinkingToSessionUserFailedError, RecipeUserId, User

PASSWORD: Final = "correct horse 1"
NEVER: Final = ShouldNotAutomaticallyLink()
ALWAYS: Final = ShouldAutomaticallyLink(should_require_verification=False)
IF_VERIFIED: Final = ShouldAutomaticallyLink(should_require_verification=True)

APPLIED: Final = "New email cannot be applied to existing account because of "
CONFLICT: Final = UpdateEmailOrPasswordEmailChangeNotAllowedError(
    f"{APPLIED}there is another primary user with the same email address."
)
TAKEOVER: Final = UpdateEmailOrPasswordEmailChangeNotAllowedError(f"{APPLIED}account takeover risks.")
CHANGED: Final = UpdateEmailOrPasswordOkResult()


@attrs.define
class World:
    """An application in memory, and what it answers about linking."""

    storage: MemoryStorage
    answer: ShouldAutomaticallyLink | ShouldNotAutomaticallyLink = NEVER
    asked: int = 0
    events: list[SecurityEvent] = attrs.field(factory=list[SecurityEvent])
    now_ms: int = 1_700_000_000_000

    def clock(self) -> int:
        """Return the time, later each time."""
        self.now_ms += 1
        return self.now_ms

    async def should_link(
        self,
        new_account_info: AccountInfoWithRecipeIdAndUserId,
        user: User | None,
        session: SessionContainer | None,
        tenant_id: str,
        user_context: UserContext,
    ) -> ShouldAutomaticallyLink | ShouldNotAutomaticallyLink:
        """Return the answer."""
        self.asked += 1
        return self.answer

    def user(self, email: str, *, primary: bool = False, verified: bool = False) -> str:
        """Have a user with a password. Returns the id."""
        made = asyncio.run(functions.sign_up("public", email, PASSWORD))
        assert isinstance(made, SignUpOkResult)
        if primary:
            self.storage.create_primary_user(made.user.id)
        if verified:
            self.storage.part(VERIFIED_EMAILS).mark_verified(made.user.id, email, self.now_ms)
        return made.user.id

    def provided(self, email: str, *, primary: bool = False, verified: bool = False) -> str:
        """Have a user who signs in with a provider. Returns the id of the login method."""
        login = a_third_party_login(self.clock(), subject=email, email=email, verified=verified)
        made = self.storage.part(THIRD_PARTIES).sign_in_or_up(login)
        if primary:
            self.storage.create_primary_user(made.user.id)
        return login.recipe_user_id

    def linked(self, email: str, *, verified: bool = False) -> tuple[str, str]:
        """Have a primary user of whom a provider vouches for the address, with another one beside a password."""
        login_id, provided = self.user(f"own-{email}", primary=True), self.provided(email, verified=verified)
        self.storage.link_accounts(provided, login_id)
        return login_id, provided

    def found(self, user_id: str) -> User:
        """Return a user."""
        user = self.storage.find_user(user_id)
        assert user is not None
        return user


def world() -> Iterator[World]:
    """Build the default application."""
    here = World(MemoryStorage())
    app = init(
        InputAppInfo(app_name="Test", api_domain="http://localhost:8000", website_domain="http://localhost:3000"),
        [
            emailpassword.init(),
            session.init(),
            emailverification.init("OPTIONAL", verify_before_change=False),
            accountlinking.init(should_do_automatic_account_linking=here.should_link),
            thirdparty.init(),
        ],
        storage=here.storage,
        secret=b"s" * 32,
        passwords=PasswordHasher(memory_kib=8, time_cost=1),
        clock=here.clock,
        on_event=here.events.append,
    )
    yield here
    app.close()


here = pytest.fixture(world)


def change(login_id: str, email: str) -> object:
    """Change an address."""
    return asyncio.run(functions.update_email_or_password(RecipeUserId(login_id), email))


# A changed address


def test_an_address_of_another_primary_user_is_no_primary_users(here: World) -> None:
    """Whatever the application says: nobody asks it."""
    login_id = here.user("a@example.com", primary=True)
    here.provided("b@example.com", primary=True)
    here.answer, here.asked = ALWAYS, 0
    assert change(login_id, "b@example.com") == CONFLICT
    assert here.asked == 0
    assert here.found(login_id).emails == ["a@example.com"]


@pytest.mark.parametrize("rank", ["primary", "not primary"])
@pytest.mark.parametrize(
    ("answer", "result"), [(NEVER, CHANGED), (ALWAYS, CHANGED), (IF_VERIFIED, TAKEOVER)], ids=["no", "link", "verified"]
)
def test_an_address_of_somebody_else_is_as_the_application_says(
    here: World, rank: str, answer: ShouldAutomaticallyLink | ShouldNotAutomaticallyLink, result: object
) -> None:
    """A primary user may not take what another has who may be linked; nor another what a primary user has."""
    login_id = here.user("a@example.com", primary=rank == "primary")
    here.provided("b@example.com", primary=rank != "primary")
    here.answer = answer
    assert change(login_id, "b@example.com") == result
    assert here.found(login_id).emails == ["b@example.com" if result == CHANGED else "a@example.com"]


def test_an_address_that_is_verified_or_nobodys_is_free(here: World) -> None:
    """Of a primary user and of another one: it was his before, or nobody has it."""
    primary, other = here.user("a@example.com", primary=True), here.user("c@example.com")
    here.provided("b@example.com")
    here.provided("d@example.com", primary=True)
    here.answer = IF_VERIFIED
    assert [change(primary, "new-1@example.com"), change(other, "new-2@example.com")] == [CHANGED, CHANGED]
    for login_id, email in ((primary, "b@example.com"), (other, "d@example.com")):
        here.storage.part(VERIFIED_EMAILS).mark_verified(login_id, email, here.clock())
        assert change(login_id, email) == CHANGED


def test_an_address_that_another_login_method_has_verified(here: World) -> None:
    """It is the user's, so it is verified at once; and who has it beside does not matter."""
    login_id, _ = here.linked("b@example.com", verified=True)
    here.answer = IF_VERIFIED
    assert change(login_id, "b@example.com") == CHANGED
    assert [method.verified for method in here.found(login_id).login_methods] == [True, True]


def test_an_address_with_a_password_is_taken(here: World) -> None:
    """As ever."""
    login_id = here.user("a@example.com")
    here.user("b@example.com")
    assert change(login_id, "b@example.com") == EmailAlreadyExistsError()


# With a session


def sign_in(email: str, with_session_of: str, path: str = "sign_in") -> object:
    """Sign in, or up, with a session of a user."""

    async def both() -> object:
        found = await create_new_session_without_request_response("public", RecipeUserId(with_session_of))
        function = functions.sign_in if path == "sign_in" else functions.sign_up
        return await function("public", email, PASSWORD, found)

    return asyncio.run(both())


def test_with_a_session_a_login_method_becomes_its_users(here: World) -> None:
    """One that there is, and one that is made."""
    first = here.user("a@example.com")
    second = here.user("b@example.com")
    here.answer = ALWAYS
    signed_in, signed_up = sign_in("b@example.com", first), sign_in("c@example.com", first, "sign_up")
    assert isinstance(signed_in, SignInOkResult)
    assert isinstance(signed_up, SignUpOkResult)
    assert (signed_in.user.id, signed_in.recipe_user_id.get_as_string()) == (first, second)
    assert signed_up.user.id == first
    assert here.found(second).emails == ["a@example.com", "b@example.com", "c@example.com"]


@pytest.mark.parametrize("path", ["sign_in", "sign_up"])
def test_with_a_session_what_is_not_verified_is_refused(here: World, path: str) -> None:
    """A result, and nothing changes; and nobody tells that somebody signed in."""
    first = here.user("a@example.com", primary=True, verified=True)
    here.user("b@example.com")
    here.answer, count = IF_VERIFIED, len(here.events)
    email = "b@example.com" if path == "sign_in" else "c@example.com"
    assert sign_in(email, first, path) == LinkingToSessionUserFailedError("EMAIL_VERIFICATION_REQUIRED")
    assert here.found(first).emails == ["a@example.com"]
    kinds = [event.kind for event in here.events[count:] if event.kind.startswith("sign")]
    assert kinds == (["sign_in_failed"] if path == "sign_in" else [])


def test_with_a_session_where_the_application_says_no(here: World) -> None:
    """The application asked for what it does not want."""
    first = here.user("a@example.com")
    with pytest.raises(BadInputError):
        sign_in("b@example.com", first, "sign_up")


def test_a_flag_without_a_session(here: World) -> None:
    """Whoever calls the recipe's own function is told so."""
    recipe = emailpassword_recipe()
    with pytest.raises(UnauthorisedError):
        asyncio.run(recipe.functions.sign_up("a@example.com", PASSWORD, "public", None, True, UserContext()))


def test_credentials_that_are_wrong_link_nobody(here: World) -> None:
    """The password is compared first, and the session's user stays as he is."""
    first = here.user("a@example.com")
    here.user("b@example.com")
    here.answer, here.asked = ALWAYS, 0

    async def wrong() -> object:
        found = await create_new_session_without_request_response("public", RecipeUserId(first))
        return await functions.sign_in("public", "b@example.com", "wrong", found)

    assert asyncio.run(wrong()) == WrongCredentialsError()
    assert (here.asked, here.found(first).is_primary_user) == (0, False)


def emailpassword_recipe() -> EmailPasswordRecipe:
    """Return the recipe of the default application."""
    return functions.recipe_in_use()


def test_an_administrator_sends_no_mail_for_a_password_that_is_good_in_no_tenant(here: World) -> None:
    """There is no tenant that its link could lead to."""
    (mail,) = emailpassword_recipe().user_mails()
    user_id = here.user("nowhere@example.com")
    assert mail.fits(here.found(user_id).login_methods[0])
    here.storage.remove_from_tenant(user_id, "public")
    assert not mail.fits(here.found(user_id).login_methods[0])
