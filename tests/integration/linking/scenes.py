"""Scenes for the tables: accounts as a combination of facts wants them, put straight into the store."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Awaitable, Callable, Iterator
from typing import Final, Literal, TypeAlias, TypeVar

import attrs

from authweave.recipe.accountlinking import (
    AccountInfoWithRecipeIdAndUserId,
    ShouldAutomaticallyLink,
    ShouldNotAutomaticallyLink,
)
from authweave.recipe.emailpassword.store import PASSWORDS, PasswordLogin
from authweave.recipe.emailverification.store import VERIFIED_EMAILS
from authweave.recipe.session import SessionContainer
from authweave.recipe.session.asyncio import create_new_session_without_request_response
from authweave.recipe.thirdparty.store import THIRD_PARTIES, ThirdPartyLogin
from authweave.storage import LinkedAccounts, PrimaryUser
from authweave.types import RecipeUserId, User
from tests.property.account_people import Jar
from tests.property.account_world import Answer, World
from tests.unit.recipe.session.serving import Client

R = TypeVar("R")

Said: TypeAlias = Literal["no", "nov", "ver"]
"""What the application's callback answers: not, whatever is verified, or only what is."""

SAID: Final[tuple[Said, ...]] = ("no", "nov", "ver")
ANSWERS: Final[dict[Said, Answer]] = {
    "no": ShouldNotAutomaticallyLink(),
    "nov": ShouldAutomaticallyLink(should_require_verification=False),
    "ver": ShouldAutomaticallyLink(should_require_verification=True),
}

NUMBERS: Final[Iterator[int]] = itertools.count(1)


PASSWORD: Final = "correct horse 1"


@functools.cache
def password_hash(world: World) -> str:
    """Return the hash of everybody's password, made once."""
    return world.hash_of(PASSWORD)


@attrs.define(eq=False)
class Scene:
    """
    Accounts of one combination: nobody else has their addresses.

    Attributes:
        alone: what the callback answers where nobody is named to whom the account would be linked.
        together: and where somebody is.
        alone_of: what it answers of accounts of these ids in place of ``alone``.
        asked: what it was asked, in order: whether somebody was named, and the account's own id, empty for a new one.
    """

    world: World
    alone: Said = "no"
    together: Said = "no"
    alone_of: dict[str, Said] = attrs.field(factory=dict[str, Said])
    asked: list[tuple[bool, str]] = attrs.field(factory=list[tuple[bool, str]])
    number: int = attrs.field(factory=lambda: next(NUMBERS))

    def __attrs_post_init__(self) -> None:
        self.world.should_link = self._should_link

    async def _should_link(
        self,
        account: AccountInfoWithRecipeIdAndUserId,
        user: User | None,
        session: SessionContainer | None,
        tenant_id: str,
    ) -> Answer:
        login_id = "" if account.recipe_user_id is None else account.recipe_user_id.get_as_string()
        self.asked.append((user is not None, login_id))
        return ANSWERS[self.alone_of.get(login_id, self.alone) if user is None else self.together]

    def email(self, name: str = "one") -> str:
        """Return an address that only this scene has."""
        return f"{name}@n{self.number}.example"

    def password(self, email: str, *, verified: bool = False, tenant: str = "public") -> str:
        """Add a user with a password; return the id."""
        login_id = f"p-{next(NUMBERS)}"
        self.world.stores[0].part(PASSWORDS).create_user_with_password(
            PasswordLogin(
                user_id=login_id,
                recipe_user_id=login_id,
                tenant_id=tenant,
                email=email,
                password_hash=password_hash(self.world),
                time_joined_ms=next(NUMBERS),
            )
        )
        if verified:
            self.world.stores[0].part(VERIFIED_EMAILS).mark_verified(login_id, email, self.world.clock())
        return login_id

    def identity(self, email: str, *, verified: bool = False, tenant: str = "public", subject: str = "") -> str:
        """Add a user of a provider; return the id."""
        login_id = f"i-{next(NUMBERS)}"
        self.world.stores[0].part(THIRD_PARTIES).sign_in_or_up(
            ThirdPartyLogin(
                user_id=login_id,
                recipe_user_id=login_id,
                tenant_id=tenant,
                third_party_id="vouching",
                issuer="",
                third_party_user_id=subject or login_id,
                email=email,
                verified=verified,
                time_joined_ms=next(NUMBERS),
            )
        )
        return login_id

    def primary(self, login_id: str, *others: str) -> str:
        """Make a user a primary one, and link others to him."""
        assert isinstance(self.world.stores[0].create_primary_user(login_id), PrimaryUser)
        for other in others:
            assert isinstance(self.world.stores[0].link_accounts(other, login_id), LinkedAccounts)
        return login_id

    def user(self, login_id: str) -> User:
        """Return a user as the store has him."""
        found = self.world.stores[0].find_user(login_id)
        assert found is not None
        return found

    def session(self, login_id: str | None) -> SessionContainer | None:
        """Make a session for a login method; None for none."""
        if login_id is None:
            return None
        return self.run(lambda: create_new_session_without_request_response("public", RecipeUserId(login_id)))

    def jar(self, login_id: str) -> Jar:
        """Return the tokens of a session for a login method."""
        session = self.session(login_id)
        assert session is not None
        tokens = session.get_all_session_tokens_dangerously()
        return Jar(
            Client(headers={"st-access-token": tokens["accessToken"], "st-refresh-token": tokens["refreshToken"] or ""})
        )

    def run(self, call: Callable[[], Awaitable[R]]) -> R:
        """Call a public function in a request to the application."""
        return self.world.in_request(0, call)
