"""The object that a user builds with `init`: recipes, overrides and storage, wired together."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Coroutine, Generator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from types import CoroutineType
from typing import Any, Generic, TypeAlias

import attrs
from typing_extensions import TypeVar

from authweave.events import EventKind, EventQuery, SecurityEvent
from authweave.extending import (
    Check,
    Diagnosis,
    Recipe,
    RecipeEntry,
    RecipeT,
    RunningLoopError,
    Services,
    TenantContribution,
    begin_here,
    not_listed,
    ordered_without,
    runs_on_loop,
)
from authweave.http import (
    Endpoints,
    ErrorResponse,
    ErrorResponses,
    RequestContext,
    Route,
    RouteTable,
    error_response_faults,
    route_faults,
)
from authweave.kernel import Interface, Override, UserContext, explain, overriding
from authweave.security import ClosedError
from authweave.types import AppInfo, BaseRequest, ConfigurationError, JSONObject
from authweave.users import Users

from ._documented import Documented
from ._error_responses import CommonErrors
from ._explanation import Explanation
from ._health import Health
from ._left_out import servable, tell_of_left_out
from ._login_methods import OWNER, OfferedLogins
from ._missing import missing_routes
from ._recipes import RecipeFaults, build_recipes, close_recipes, served_routes
from ._threads import LoopThread, Workers
from ._transactions import BoundTransaction
from ._watch import StorageWatch
from .checks import AppChecks, diagnosis, named

ContextT = TypeVar("ContextT", bound=UserContext, default=UserContext)
R = TypeVar("R")

RecipeSetup: TypeAlias = RecipeEntry[ContextT]
"""What the ``init`` of a recipe returns."""


@attrs.define(eq=False)
class App(Generic[ContextT]):
    """
    An application's authentication. Made by `authweave.init`.

    Several may live in one process; they share nothing.

    Attributes:
        recipes: those of ``recipe_list``, in its order.
        endpoints: what the application answers by itself, for adapters of frameworks.
        max_body_bytes: how long a request's body may be, for the library's own routes and for overrides.
        is_closed: whether `close` was called. It serves nothing any more then.
    """

    services: Services = attrs.field(repr=False)
    recipes: tuple[Recipe, ...] = attrs.field(repr=lambda recipes: repr([each.recipe_id for each in recipes]))
    endpoints: Endpoints = attrs.field(repr=False)
    max_body_bytes: int
    _workers: Workers = attrs.field(repr=False)
    _opened: ExitStack = attrs.field(repr=False)
    _checks: AppChecks = attrs.field(repr=False)
    is_closed: bool = attrs.field(default=False, init=False)
    loop_thread: LoopThread = attrs.field(factory=LoopThread, repr=False)
    _users: Users = attrs.field(
        init=False, repr=False, default=attrs.Factory(lambda self: Users(self.services), takes_self=True)
    )

    @property
    def users(self) -> Users:
        """The users, of whatever recipe: ``authweave.asyncio`` has the same functions for the default application."""
        return self._users

    @property
    def app_info(self) -> AppInfo:
        """Names, domains and base paths, in normal form."""
        return self.services.app_info

    @property
    def debug(self) -> bool:
        """Whether contexts keep a journal and results are checked."""
        return self.services.journal is not None

    @property
    def loaded(self) -> tuple[str, ...]:
        """The ids of the recipes, in the order of ``recipe_list``."""
        return tuple(each.recipe_id for each in self.recipes)

    def recipe(self, kind: type[RecipeT]) -> RecipeT:
        """
        Return one of the recipes, with its composed functions and APIs.

        Args:
            kind: its class: ``app.recipe(SessionRecipe)``, or ``app.recipe(SessionRecipe[AppContext])``.

        Raises:
            ConfigurationError: ``recipe_list`` does not have it.
        """
        recipe = self.services.built.get(kind)
        if not recipe.is_listed:
            raise not_listed(recipe.recipe_id)
        return recipe

    @property
    def storage_watch(self) -> StorageWatch:
        """Says in the log when the store begins to fail, and when it is well again."""
        return self._workers.watch

    def composed(self) -> dict[str, object]:
        """Return what was composed of overrides, of all recipes, by name (``session.functions``)."""
        return {f"{each.recipe_id}.{name}": part for each in self.recipes for name, part in each.composed().items()}

    def explain(self) -> Explanation:
        """
        Return who overrides what: the chain of each function, by recipe and part (``session.functions``).

        Recipes may explain more than `composed` has: each provider is a part of its own.
        """
        parts = {f"{each.recipe_id}.{name}": part for each in self.recipes for name, part in each.explained().items()}
        return Explanation({name: explain(part) for name, part in parts.items()})

    def openapi(self, *, fdi_version: str = "", root_path: str = "") -> JSONObject:
        """
        Return the OpenAPI 3.1 document of the routes that are served here, those of other people's recipes too.

        Args:
            fdi_version: the version of the frontend driver interface that the client speaks, as it stands in the
                request's ``fdi-version`` (``2.0``); by default the newest.
            root_path: the path below which the application is mounted, if it is.

        .. versionadded:: 0.1.0
        """
        from authweave.openapi import document

        return document(self.endpoints.routes, self.app_info, fdi_version=fdi_version, root_path=root_path)

    def checks(self) -> tuple[tuple[str, Check], ...]:
        """Return what `diagnose` looks at, each check with its whole id (``session.cookies``)."""
        return tuple(named(self._checks.checks(), self.recipes))

    async def diagnose(self, *, connect: bool = False) -> tuple[Diagnosis, ...]:
        """
        Look whether the application, as it is set here, is fit for people to use: what ``authweave doctor`` shows.

        Args:
            connect: whether to speak to other systems than the store too, such as a mail server.
        """
        return tuple(
            [
                await diagnosis(self.services, check_id, check)
                for check_id, check in self.checks()
                if connect or not check.asks_others
            ]
        )

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
        """
        Open the root call of a request: a fresh context, with the request in its default content (law C6).

        Raises:
            authweave.errors.ClosedError: the application was closed.
        """
        if self.is_closed:
            raise self._closed()
        request.clients = self.services.clients
        return RequestContext(request, self.services.journal, self, self.services.at_work)

    def transaction(self) -> BoundTransaction:
        """
        Have several calls of the library, and statements of the application's own, happen together or not at all.

        ``with app.transaction() as connection:`` is for callers without a loop: it gives a `sqlalchemy.Connection`, and
        what is called in the block by ``recipe.<name>.syncio`` joins. ``async with app.transaction() as transaction:``
        is for those on a loop: what is awaited joins, in tasks that are started in the block too, and
        ``await transaction.run(function)`` calls a function with the connection. If an exception leaves the block, or
        it is cancelled, nothing of it was. A block inside another one is undone alone.

        It has ``storage_wait_s`` from its beginning to its end, and on SQLite all others who write wait for it: do in
        it what has to be, and nothing slow. See the how-to "In one transaction with your tables".

        .. versionadded:: 0.1.0
        """
        return BoundTransaction(self.services.storage, self._workers)

    async def list_events(
        self,
        *,
        user_id: str | None = None,
        kind: EventKind | None = None,
        since_ms: int = 0,
        before: str | None = None,
        limit: int = 100,
    ) -> tuple[SecurityEvent, ...]:
        """
        Return security events that are kept, the latest first. Another process's of the last moment may be missing.

        Args:
            user_id: of one user alone.
            kind: of one kind alone.
            since_ms: those that happened then or later, in milliseconds since the epoch.
            before: those before the event of this id: to go on after the last one of an earlier answer.
            limit: how many at most, from 1 to 1,000.

        Raises:
            BadInputError: an argument is out of bounds.
            ConfigurationError: events are not kept.
            StorageError: the store failed.
        """
        keeper = self.services.events.keeper
        if keeper is None:
            raise ConfigurationError("Security events are not kept: leave out init(event_retention_s=None).")
        query = EventQuery(user_id=user_id, kind=kind, since_ms=since_ms, before=before, limit=limit)
        return await self.services.off_loop(keeper.find, query, self.services.clock())

    def run_blocking(
        self,
        coroutine: Coroutine[Any, Any, R],  # Any: nobody sends to a coroutine
        *,
        begins_here: bool = False,
    ) -> R:
        """
        Run a coroutine to its end on a loop of the application's own, in the caller's context.

        What it sets of context variables is set for the caller, too, as after an ``await``.

        Args:
            coroutine: it.
            begins_here: whether it runs on the caller's thread for as long as it awaits nothing: what is the library's
                own says where it needs a loop (`authweave.extending.on_loop`). By default all of it runs on the loop.

        Raises:
            authweave.errors.ClosedError: the application was closed.
            authweave.storage.StorageError: it is closed meanwhile.
            authweave.errors.RunningLoopError: a loop runs in this thread, which would wait for itself or stand still.
        """
        if self.is_closed and not begins_here:
            coroutine.close()
            raise self._closed()
        if runs_on_loop():
            coroutine.close()
            raise RunningLoopError(
                f"{coroutine.__qualname__} would block the running loop: await it instead of run_blocking."
                if isinstance(coroutine, CoroutineType)
                else "run_blocking would block the running loop: await the coroutine instead."
            )
        return begin_here(coroutine, self.loop_thread.run) if begins_here else self.loop_thread.run(coroutine)

    def _closed(self) -> ClosedError:
        return ClosedError(f"The application {self.app_info.app_name!r}")

    def close(self) -> None:
        """
        Let go of files, connections and threads. Closing twice does nothing.

        A store and a `PasswordHasher` that `init` was given stay open: they are the caller's to close.

        Raises:
            authweave.errors.RunningLoopError: it was called on the application's own loop, by an override, say: that
                would wait for itself. Nothing was closed.
        """
        if self.loop_thread.runs_here():
            raise RunningLoopError(
                f"The application {self.app_info.app_name!r} cannot be closed from its own loop, which close() waits "
                "for: call it where the process ends, or have another thread do so: "
                "threading.Thread(target=app.close).start()."
            )
        self.is_closed = True
        with ExitStack() as closing:  # all of them, also where one raises; the last one first
            closing.callback(self._opened.close)
            for recipe in self.services.built.all():
                closing.callback(recipe.close)
            closing.callback(self.loop_thread.close)


def wire(
    services: Services,
    entries: Sequence[RecipeEntry[ContextT]],
    workers: Workers,
    max_body_bytes: int,
    health: Health,
    documented: Documented,
    opened: ExitStack,
    checks: AppChecks,
    *,
    answers_missing: bool,
) -> App[ContextT]:
    """
    Build the recipes, whose list was checked.

    Args:
        services: what they are handed.
        entries: what their ``init`` returned.
        workers: the threads of the application.
        max_body_bytes: how long a request's body may be.
        health: the routes for orchestrators.
        documented: the route for who writes clients.
        opened: closes what was opened for the application, and nothing that the caller gave.
        checks: what is looked at before people use it.
        answers_missing: whether frontends are told of recipes that are not there.

    Raises:
        CompositionError: overrides do not fit; all of all recipes in one error.
        ConfigurationError: routes of recipes collide, with all that is wrong beside; or a recipe cannot be built.
        Exception: as a recipe's ``build`` raises it. Whatever is raised, what was built is closed again.
    """
    try:
        build_recipes(services, entries)
        built = services.recipes_in_order()
        recipes = tuple(each for each in built if each.is_listed)
        faults = RecipeFaults()
        common = [*health.routes(), *documented.routes()]
        routes: dict[str, Sequence[Route]] = {"": common, OWNER: OfferedLogins(services).routes()}
        routes |= {
            each.recipe_id: faults.ask(each.recipe_id, "routes", partial(served_routes, each)) for each in recipes
        }
        routes, left_out = servable(routes, {each.recipe_id for each in recipes})
        errors: dict[str, Sequence[ErrorResponse]] = {"The application": CommonErrors(workers.watch).responses()}
        for each in built:
            errors[f"Recipe {each.recipe_id!r}"] = faults.ask(each.recipe_id, "error responses", each.error_responses)
        faults.found += route_faults(routes)
        faults.found += error_response_faults(errors)
        services.note_unclaimed()
        services.note_unknown_names()
        if faults.found:
            faults.found += map(str, services.faults.faults)
        faults.raise_if_any()
        services.faults.raise_if_any()
    except BaseException as error:
        close_recipes(services.built, error)
        raise
    declared = [each for listed in routes.values() for each in listed]
    missing = missing_routes(declared, left_out) if answers_missing else ()
    tell_of_left_out(left_out)
    documented.table = RouteTable(services.app_info.served_base_path, routes, missing)
    endpoints = Endpoints(
        documented.table,
        ErrorResponses(each for listed in errors.values() for each in listed),
        lambda tenant_id: services.off_loop(services.storage.find_tenant, tenant_id),
        services.app_info,
        tenant_chooser(services),
        debug=services.journal is not None,
    )
    app: App[ContextT] = App(services, recipes, endpoints, max_body_bytes, workers, opened, checks)
    services.at_work.app = app
    return app


def tenant_chooser(services: Services) -> Callable[[str, UserContext], Awaitable[str]] | None:
    """Return what says which tenant a request is for; None: it is the one that the path names."""
    contributed = services.contributions(TenantContribution)
    return partial(contributed[0].of_request, services) if contributed else None


def random_bytes(count: int) -> bytes:
    """Return unpredictable bytes."""
    return secrets.token_bytes(count)
