"""The object that a user builds with `init`: recipes, overrides and storage, wired together."""

from __future__ import annotations

import secrets
from collections.abc import Generator, Sequence
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Generic, TypeAlias

import attrs
from typing_extensions import TypeVar

from authweave.kernel import (
    Interface,
    Override,
    UserContext,
    explain,
    overriding,
)
from authweave.recipe._services import Services, ordered_without
from authweave.recipe.emailpassword import EmailPasswordRecipe, EmailPasswordSetup
from authweave.recipe.session import SessionRecipe, SessionSetup
from authweave.recipe.thirdparty import ThirdPartyRecipe, ThirdPartySetup
from authweave.types import AppInfo, BaseRequest, ConfigurationError

from ._explanation import Explanation
from ._serving import RequestContext
from ._threads import LoopThread, Workers
from ._watch import StorageWatch

if TYPE_CHECKING:
    from authweave.recipe.session.interfaces import SessionRequests

ContextT = TypeVar("ContextT", bound=UserContext, default=UserContext)

RecipeSetup: TypeAlias = EmailPasswordSetup[ContextT] | SessionSetup[ContextT] | ThirdPartySetup[ContextT]
"""What the ``init`` of a recipe returns."""


@attrs.define(eq=False)
class App(Generic[ContextT]):
    """
    An application's authentication. Made by `authweave.init`.

    Several may live in one process; they share nothing.

    Attributes:
        app_info: names, domains and base paths, in normal form.
        loaded: the ids of the recipes, in the order of ``recipe_list``.
        max_body_bytes: how long a request's body may be, for the library's own routes and for overrides.
        health_routes: whether ``GET /health/live`` and ``GET /health/ready`` are served, below the base path.
    """

    services: Services = attrs.field(repr=False)
    loaded: tuple[str, ...]
    max_body_bytes: int
    _session: SessionRecipe[ContextT] | None = attrs.field(repr=False)
    _emailpassword: EmailPasswordRecipe[ContextT] | None = attrs.field(repr=False)
    _thirdparty: ThirdPartyRecipe[ContextT] | None = attrs.field(repr=False)
    _workers: Workers = attrs.field(repr=False)
    health_routes: bool = True
    loop_thread: LoopThread = attrs.field(factory=LoopThread, repr=False)

    @property
    def app_info(self) -> AppInfo:
        """Names, domains and base paths, in normal form."""
        return self.services.app_info

    @property
    def debug(self) -> bool:
        """Whether contexts keep a journal and results are checked."""
        return self.services.journal is not None

    @property
    def session(self) -> SessionRecipe[ContextT]:
        """
        The session recipe.

        Raises:
            ConfigurationError: ``recipe_list`` has none.
        """
        return loaded_recipe(self._session, "session")

    @property
    def emailpassword(self) -> EmailPasswordRecipe[ContextT]:
        """
        The emailpassword recipe.

        Raises:
            ConfigurationError: ``recipe_list`` has none.
        """
        return loaded_recipe(self._emailpassword, "emailpassword")

    @property
    def thirdparty(self) -> ThirdPartyRecipe[ContextT]:
        """
        The thirdparty recipe.

        Raises:
            ConfigurationError: ``recipe_list`` has none.
        """
        return loaded_recipe(self._thirdparty, "thirdparty")

    @property
    def storage_watch(self) -> StorageWatch:
        """Says in the log when the store begins to fail, and when it is well again."""
        return self._workers.watch

    def composed(self) -> dict[str, object]:
        """
        Return the composed functions and APIs of all recipes, by name (``session.functions``).

        ``thirdparty.providers`` stands for all providers, as far as the application's own overrides go.
        """
        recipes = {"emailpassword": self._emailpassword, "session": self._session, "thirdparty": self._thirdparty}
        composed = {
            f"{recipe_id}.{part}": getattr(recipe, part)
            for recipe_id, recipe in recipes.items()
            if recipe is not None
            for part in ("functions", "apis")
        }
        if self._thirdparty is not None:
            composed["thirdparty.providers"] = self._thirdparty.tenants.providers.every
        return composed

    def explain(self) -> Explanation:
        """
        Return who overrides what: the chain of each function, by recipe and part (``session.functions``).

        Each provider that `init` was given is a part of its own (``thirdparty.providers.google``).
        """
        composed = self.composed()
        if self._thirdparty is not None:
            given = self._thirdparty.tenants.given
            composed |= {f"thirdparty.providers.{name}": each.provider for name, each in given.items()}
        return Explanation({name: explain(each) for name, each in composed.items()})

    @contextmanager
    def overriding(
        self, *overrides: Override[Interface[ContextT]], inherit: bool = False, everywhere: bool = False
    ) -> Generator[None]:
        """
        Override functions of any recipe, or of all providers, for a block, outside of all other overrides.

        Args:
            overrides: the outermost first.
            inherit: as for `authweave.kernel.overriding`.
            everywhere: as for `authweave.kernel.overriding`.

        Raises:
            CompositionError: overrides do not fit.
            ConfigurationError: one is of a recipe that the application does not have.
        """
        with ExitStack() as stack:
            left = list(overrides)
            names = {each.name for each in overrides}
            for composed in self.composed().values():
                fits = [each for each in overrides if each.interface in type(composed).__mro__]
                left = [each for each in left if each not in fits]
                elsewhere = names.difference(each.name for each in fits)
                mine = [ordered_without(each, elsewhere) for each in fits]
                if mine:
                    stack.enter_context(overriding(composed, mine, inherit=inherit, everywhere=everywhere))
            if left:
                message = f"{left[0].name!r} overrides {left[0].interface.__qualname__}, which no recipe here has."
                raise ConfigurationError(message)
            yield

    def serve_context(self, request: BaseRequest) -> RequestContext[ContextT]:
        """Open the root call of a request: a fresh context, with the request in its default content (law C6)."""
        return RequestContext(request, self.services.journal)

    def close(self) -> None:
        """Let go of files, connections and threads. Closing twice does nothing."""
        self.loop_thread.close()
        if self._thirdparty is not None:
            self._thirdparty.close()
        if self._session is not None:
            self._session.close()
        self._workers.close()
        self.services.passwords.close()
        self.services.storage.close()


RecipeT = TypeVar("RecipeT")


def loaded_recipe(recipe: RecipeT | None, recipe_id: str) -> RecipeT:
    """Return a recipe, or say that it is missing."""
    if recipe is None:
        message = f"The {recipe_id} recipe is not in recipe_list: add {recipe_id}.init() to it."
        raise ConfigurationError(message)
    return recipe


def wire(
    services: Services, recipe_list: Sequence[RecipeSetup[ContextT]], workers: Workers, max_body_bytes: int
) -> App[ContextT]:
    """
    Build the recipes.

    Raises:
        CompositionError: overrides do not fit; all of all recipes in one error.
        ConfigurationError: something listed is no recipe, one is listed twice, or missing though another needs it.
    """
    check_setups(recipe_list)
    loaded = tuple(setup.recipe_id for setup in recipe_list)
    if len(set(loaded)) < len(loaded):
        message = f"recipe_list has a recipe twice: {', '.join(loaded)}. Give each one init() with all its overrides."
        raise ConfigurationError(message)
    session: SessionRecipe[ContextT] | None = None
    emailpassword: EmailPasswordRecipe[ContextT] | None = None
    thirdparty: ThirdPartyRecipe[ContextT] | None = None
    for setup in recipe_list:
        if isinstance(setup, SessionSetup):
            session = setup.build(services)
    for setup in recipe_list:
        if isinstance(setup, EmailPasswordSetup):
            emailpassword = setup.build(services, requests_of(session, setup.recipe_id))
        elif isinstance(setup, ThirdPartySetup):
            thirdparty = setup.build(services, requests_of(session, setup.recipe_id))
    services.note_unclaimed()
    services.note_unknown_names()
    services.faults.raise_if_any()
    return App(services, loaded, max_body_bytes, session, emailpassword, thirdparty, workers)


def check_setups(listed: Sequence[object]) -> None:
    """
    Refuse what is no recipe, in programs that were not type-checked.

    Raises:
        ConfigurationError: a module or a function is listed, say, and not what it returns.
    """
    for number, setup in enumerate(listed):
        if not isinstance(setup, (EmailPasswordSetup, SessionSetup, ThirdPartySetup)):
            what = getattr(setup, "__name__", type(setup).__name__)
            message = (
                f"recipe_list[{number}] is {what!r}, which is no recipe: list what the init() of a recipe returns, "
                "session.init() for example."
            )
            raise ConfigurationError(message)


def requests_of(session: SessionRecipe[ContextT] | None, recipe_id: str) -> SessionRequests:
    """Return how a recipe's APIs make sessions."""
    if session is None:
        message = f"The {recipe_id} recipe creates sessions: add session.init() to recipe_list."
        raise ConfigurationError(message)
    return session.requests


def random_bytes(count: int) -> bytes:
    """Return unpredictable bytes."""
    return secrets.token_bytes(count)
