from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

import attrs
import pytest

from authweave import InputAppInfo, UserContext, init
from authweave.app import App
from authweave.events import SecurityEvent
from authweave.extending import set_default_app
from authweave.hooks import AnyHook
from authweave.kernel import AnyOverride
from authweave.recipe import accountlinking, emailpassword, emailverification, session, thirdparty
from authweave.recipe.accountlinking import (
    AccountInfoWithRecipeIdAndUserId,
    AccountLinkingOverrideConfig,
    AccountLinkingRecipe,
    RecipeLevelUser,
    ShouldAutomaticallyLink,
    ShouldNotAutomaticallyLink,
)
from authweave.recipe.accountlinking.interfaces import RecipeInterface
from authweave.recipe.accountlinking.linking import Linking
from authweave.recipe.accountlinking.links import NewLink
from authweave.recipe.emailpassword.store import PASSWORDS, PasswordLogin
from authweave.recipe.emailverification.store import VERIFIED_EMAILS
from authweave.recipe.session import SessionContainer, SessionRecipe
from authweave.recipe.thirdparty.store import THIRD_PARTIES, ThirdPartyLogin
from authweave.security import PasswordHasher
from authweave.storage.memory import MemoryStorage
from authweave.types import LoginMethod, RecipeUserId, User

T = TypeVar("T")

SECRET = "0123456789abcdef0123456789abcdef"

Answer = ShouldAutomaticallyLink | ShouldNotAutomaticallyLink
NO, LINK, VER = ShouldNotAutomaticallyLink(), ShouldAutomaticallyLink(False), ShouldAutomaticallyLink(True)


@attrs.define
class Asked:
    """
    The application's callbacks.

    Attributes:
        answer: what is answered; a function of the account and the user, or one thing always.
        asked: the ids of the account and of the user, each time.
        told: the ids of whom was linked to whom.
        users: the users that ``on_account_linked`` was handed.
    """

    answer: object = NO
    asked: list[tuple[str | None, str | None]] = attrs.field(factory=list[tuple[str | None, str | None]])
    told: list[tuple[str, str]] = attrs.field(factory=list[tuple[str, str]])
    users: list[User] = attrs.field(factory=list[User])
    in_transaction: list[bool] = attrs.field(factory=list[bool])
    app: App | None = None

    async def should_link(
        self,
        info: AccountInfoWithRecipeIdAndUserId,
        user: User | None,
        session: SessionContainer | None,
        tenant_id: str,
        user_context: UserContext,
    ) -> Answer:
        """Answer."""
        account = None if info.recipe_user_id is None else info.recipe_user_id.get_as_string()
        self.asked.append((account, None if user is None else user.id))
        if self.app is not None:
            self.in_transaction.append(self.app.services.storage.running_transaction() is not None)
        answer: Any = self.answer(info, user) if callable(self.answer) else self.answer  # Any: also wrong answers
        if isinstance(answer, Exception):
            raise answer
        return answer  # type: ignore[no-any-return]  # as above

    async def linked(self, user: User, account: RecipeLevelUser, user_context: UserContext) -> None:
        """Note a link."""
        self.told.append((user.id, account.recipe_user_id.get_as_string()))
        self.users.append(user)


@attrs.define
class Scene:
    """An application, with users that are put into its store."""

    app: App
    callbacks: Asked
    events: list[SecurityEvent]
    number: int = 0

    @property
    def recipe(self) -> AccountLinkingRecipe:
        """The recipe."""
        return self.app.recipe(AccountLinkingRecipe)

    @property
    def linking(self) -> Linking:
        """What decides."""
        return self.recipe.linking

    def run(self, awaited: Awaitable[T]) -> T:
        """Wait for something."""

        async def wait() -> T:
            return await awaited

        return self.app.run_blocking(wait())

    def password(self, email: str, *, verified: bool = False, tenant_id: str = "public") -> str:
        """Add a user with a password; return the id."""
        self.number += 1
        storage, user_id = self.app.services.storage, f"pw-{self.number}"
        login = PasswordLogin(
            user_id=user_id,
            recipe_user_id=user_id,
            tenant_id=tenant_id,
            email=email,
            password_hash="hash",
            time_joined_ms=self.number,
        )
        storage.part(PASSWORDS).create_user_with_password(login)
        if verified:
            storage.part(VERIFIED_EMAILS).mark_verified(user_id, email, 1)
        return user_id

    def provided(self, email: str, *, verified: bool = False, tenant_id: str = "public") -> str:
        """Add a user of a provider; return the id."""
        self.number += 1
        user_id = f"tp-{self.number}"
        login = ThirdPartyLogin(
            user_id=user_id,
            recipe_user_id=user_id,
            tenant_id=tenant_id,
            third_party_id="corp",
            issuer="",
            third_party_user_id=user_id,
            email=email.lower(),
            verified=verified,
            time_joined_ms=self.number,
        )
        self.app.services.storage.part(THIRD_PARTIES).sign_in_or_up(login)
        return user_id

    def primary(self, user_id: str) -> str:
        """Make somebody a primary user; return the id."""
        self.app.services.storage.create_primary_user(user_id)
        return user_id

    def link(self, recipe_user_id: str, primary_user_id: str, *, for_good: bool = False) -> NewLink:
        """Link by what other recipes link by."""
        linked = self.linking.link_now(recipe_user_id, primary_user_id, {}, ends_sessions_for_good=for_good)
        assert isinstance(linked, NewLink)
        return linked

    def user(self, user_id: str) -> User:
        """Return a user as he is now."""
        user = self.app.services.storage.find_user(user_id)
        assert user is not None
        return user

    def method(self, user_id: str) -> LoginMethod:
        """Return a login method as it is now."""
        methods = self.user(user_id).login_methods
        return next(each for each in methods if each.recipe_user_id.get_as_string() == user_id)

    def signed_in(self, user_id: str) -> SessionContainer:
        """Return a new session, of a login method by its id."""
        functions = self.app.recipe(SessionRecipe).functions
        user = self.user(user_id)
        made = functions.create_new_session(user.id, RecipeUserId(user_id), None, None, True, "public", {})
        return self.run(made)

    def successor(self, of: SessionContainer) -> str | None:
        """Return to whom a session was lost by a link."""
        return self.run(self.linking.ended_by_linking(of.get_handle(), {}))

    def settle(self, user_id: str, **more: bool) -> User:
        """Link a user as the callback says."""
        return self.run(
            self.linking.link_or_make_primary(
                self.user(user_id), self.method(user_id), session=None, tenant_id="public", user_context={}, **more
            )
        )


Opened = Callable[..., Scene]


@pytest.fixture
def open_scene(tmp_path: Path) -> Iterator[Opened]:
    """Return what builds an application in memory, or on a file, and close all of them."""
    opened: list[App] = []

    def build(
        answer: object = NO,
        *functions: AnyOverride[RecipeInterface[UserContext]],
        on_file: bool = False,
        with_callback: bool = True,
        hooks: Sequence[AnyHook] = (),
        clock: Callable[[], int] | None = None,
        callbacks: Asked | None = None,
    ) -> Scene:
        asked = callbacks or Asked()
        asked.answer = answer
        events: list[SecurityEvent] = []
        app = init(
            InputAppInfo(app_name="Test", api_domain="http://localhost:8000", website_domain="http://localhost:3000"),
            [
                emailpassword.init(),
                thirdparty.init(),
                emailverification.init("OPTIONAL"),
                session.init(),
                accountlinking.init(
                    asked.linked,
                    asked.should_link if with_callback else None,
                    AccountLinkingOverrideConfig(functions=functions),
                ),
            ],
            storage=f"sqlite:///{tmp_path}/auth.db" if on_file else MemoryStorage(),
            secret=SECRET,
            passwords=PasswordHasher(memory_kib=8, time_cost=1),
            hooks=hooks,
            clock=clock,
            on_event=events.append,
            default=True,
        )
        asked.app = app
        opened.append(app)
        return Scene(app, asked, events)

    yield build
    for app in opened:
        app.close()
    set_default_app(None)
