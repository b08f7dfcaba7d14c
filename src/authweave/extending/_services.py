"""What an application hands to its recipes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from contextlib import AbstractAsyncContextManager, nullcontext
from typing import Protocol, TypeAlias, cast

import attrs
from typing_extensions import TypeVar

from authweave.events import Events
from authweave.hooks import Hooks
from authweave.ingredients.emaildelivery import AppEmailDelivery
from authweave.ingredients.smsdelivery import AppSMSDelivery
from authweave.kernel import EVERY_FUNCTION, AnyOverride, FaultReport, Journal, Override, UserContext, compose
from authweave.outbox import OffLoop, Outbox
from authweave.security import PasswordHasher, ServerSecret
from authweave.storage import Storage
from authweave.types import AppInfo, Clients, Clock

from ._default import AtWork
from ._recipe import Contributions, Recipe, Recipes, RecipeT

ContributionT = TypeVar("ContributionT")
InterfaceT = TypeVar("InterfaceT")

OverrideInput: TypeAlias = AnyOverride[InterfaceT] | Sequence[AnyOverride[InterfaceT]] | None
"""One override or several, the outermost first; also in SuperTokens style."""


class InBackground(Protocol):
    """Has a worker thread call a blocking function that nobody waits for. Any thread may ask, on a loop or not."""

    def __call__(self, function: Callable[[], None], /) -> None:
        """Return at once. ``function`` has to look after its own errors."""
        ...


class Transactions(Protocol):
    """Begins a transaction of the store for an ``async with``: what is awaited of the store in the block joins."""

    def __call__(self) -> AbstractAsyncContextManager[object]:
        """
        Return what begins it, and commits it at the end of the block, or undoes it where the block raises.

        Nothing slow belongs in the block: others who write may wait for it. It is not run again where another
        transaction got in its way; work of one thread is, by `authweave.storage.Storage.transact`.
        """
        ...


def no_transaction() -> AbstractAsyncContextManager[object]:
    """Return what begins none, for services that stand alone in a test."""
    return nullcontext()


def outbox_of(services: Services) -> Outbox:
    """Return the outbox of an application, over what its recipes are handed."""
    return Outbox.of(
        services.storage,
        services.secret,
        services.clock,
        services.random_bytes,
        services.off_loop,
        services.in_background,
    )


def hooks_of(services: Services) -> Hooks:
    """Return the hooks of an application, none yet."""
    return Hooks(services.storage, services.outbox, services.clock)


@attrs.frozen(kw_only=True, eq=False)
class Services:
    """
    What an application hands to its recipes.

    Attributes:
        random_bytes: returns as many unpredictable bytes as asked (``secrets.token_bytes``).
        at_once: as ``off_loop``, for a read by key: on a store that can, it is made on the loop.
        transaction: begins a transaction of several awaited calls.
        overrides: those that the application lists for all recipes at once; they stand outside of a recipe's own.
        clients: finds the clients of requests.
        events: where a recipe tells what matters to security (``services.events.emit("sign_in", ...)``).
        email_delivery: how mails are delivered by default.
        sms_delivery: how text messages are.
        outbox: where a recipe puts what is to be delivered after a transaction
            (``services.outbox.add("mail.emailpassword", ...)``).
        hooks: whom a recipe tells, in the transaction, what happens to a user (``services.hooks.user_created(...)``).
        at_work: marks what runs within the application.
        journal: keeps the context's journal, in debug mode only.
        guards_every_layer: whether overrides are guarded that are proved to need no guard (`authweave.kernel.compose`).
        faults: where the faults of all recipes' overrides are noted, to be raised together.
    """

    app_info: AppInfo
    storage: Storage
    off_loop: OffLoop
    in_background: InBackground
    clock: Clock
    random_bytes: Callable[[int], bytes]
    passwords: PasswordHasher
    secret: ServerSecret
    at_once: OffLoop = attrs.field(default=attrs.Factory(lambda self: self.off_loop, takes_self=True))
    transaction: Transactions = no_transaction
    overrides: Sequence[Override[object]] = ()
    clients: Clients = attrs.field(factory=Clients)
    events: Events = attrs.field(factory=Events)
    email_delivery: AppEmailDelivery = attrs.field(factory=AppEmailDelivery, repr=False)
    sms_delivery: AppSMSDelivery = attrs.field(factory=AppSMSDelivery, repr=False)
    journal: Journal | None = None
    guards_every_layer: bool = False
    at_work: AtWork = attrs.field(factory=AtWork, repr=False)
    faults: FaultReport = attrs.field(factory=FaultReport)
    contributed: Contributions = attrs.field(factory=lambda: Contributions({}), repr=False)
    built: Recipes = attrs.field(factory=Recipes, repr=False)
    fitting: list[Override[object]] = attrs.field(factory=list[Override[object]])
    names: set[str] = attrs.field(factory=set[str])
    outbox: Outbox = attrs.field(init=False, default=attrs.Factory(outbox_of, takes_self=True), repr=False)
    hooks: Hooks = attrs.field(init=False, default=attrs.Factory(hooks_of, takes_self=True), repr=False)

    def recipe(self, kind: type[RecipeT]) -> RecipeT:
        """
        Return a recipe that this one needs (`RecipeEntry.needs`), and that was built before.

        Raises:
            ConfigurationError: it was not.
        """
        return self.built.get(kind)

    def recipes_in_order(self) -> tuple[Recipe, ...]:
        """Return all that were built, also those that others brought along, in the order of the application's list."""
        by_id = {each.recipe_id: each for each in self.built.all()}
        return tuple(by_id[each] for each in self.contributed.recipe_ids if each in by_id)

    def contributions(self, kind: type[ContributionT]) -> tuple[ContributionT, ...]:
        """Return what other recipes contribute of a kind, in the order of the application's list."""
        return tuple(each for _, each in self.contributed.of(kind))

    def overrides_of(self, base: InterfaceT, overrides: OverrideInput[InterfaceT]) -> list[AnyOverride[InterfaceT]]:
        """Return the overrides of an implementation, the application's and then those given with it."""
        mine = [each for each in self.overrides if each.interface in type(base).__mro__]
        own = as_overrides(overrides)
        names = {each.name if isinstance(each, Override) else getattr(each, "__name__", "") for each in [*mine, *own]}
        self.names.update(names)
        placed = [ordered_without(each, {*each.before, *each.after}.difference(names)) for each in mine]
        outer = cast("list[AnyOverride[InterfaceT]]", placed)  # the interface that the base implements is theirs
        return [*outer, *own]

    def compose(self, base: InterfaceT, overrides: OverrideInput[InterfaceT]) -> InterfaceT:
        """Compose a recipe's functions or APIs of its own overrides and the application's. Faults are noted."""
        fitting = (each for each in self.overrides if each.interface in type(base).__mro__)
        self.fitting.extend(each for each in fitting if not any(each is other for other in self.fitting))
        return compose(
            base,
            self.overrides_of(base, overrides),
            journal=self.journal,
            report=self.faults,
            within=self.at_work,
            guards_every_layer=self.guards_every_layer,
        )

    def undo_sign_up(self, recipe_user_id: str, user_context: UserContext) -> None:
        """
        Delete a login method that was created in the request under way, which fails after all. Blocks.

        Where it was linked meanwhile, the user whose it is by now stays.
        """

        def undo() -> None:
            user = self.storage.find_user(recipe_user_id)
            if user is None:
                return
            is_whole = len(user.login_methods) == 1
            if is_whole:
                self.hooks.user_deleted(user, user_context)
            self.storage.delete_user(recipe_user_id, now_ms=self.clock(), remove_all_linked_accounts=False)
            rest = self.storage.find_user(user.id) if not is_whole and self.hooks.hears("changed") else None
            if rest is not None:
                self.hooks.user_changed(rest, user_context)

        self.storage.transact(undo)

    def note_unclaimed(self) -> None:
        """Note the application's overrides that fit none of its recipes."""
        for each in self.overrides:
            if not any(each is fitting for fitting in self.fitting):
                where = f"{each.interface.__module__}.{each.interface.__qualname__}.{each.function}"
                message = f"{each.name!r} overrides {where}, but that recipe is not in recipe_list."
                self.faults.add(message, each.call)

    def note_unknown_names(self) -> None:
        """Note what is to stand around every function and is ordered by a name that no override of any recipe has."""
        names = self.names.union(each.name for each in self.overrides)
        for each in self.overrides:
            for name in (
                sorted({*each.before, *each.after}.difference(names)) if each.function == EVERY_FUNCTION else ()
            ):
                message = f"{each.name!r} is ordered by {name!r}, which no override is named; there are: "
                self.faults.add(f"{message}{', '.join(sorted(names))}.", each.call)


def ordered_without(each: Override[object], names: AbstractSet[str]) -> Override[object]:
    """
    Have an override that stands around every function not be ordered by those of some names.

    It is put around many objects, and what it is ordered by overrides one of them.
    """
    if each.function != EVERY_FUNCTION:
        return each
    before, after = (tuple(name for name in order if name not in names) for order in (each.before, each.after))
    return each.replaced(before=before, after=after)


def as_overrides(overrides: OverrideInput[InterfaceT]) -> tuple[AnyOverride[InterfaceT], ...]:
    """Return overrides as a tuple, however they were written."""
    if overrides is None:
        return ()
    return tuple(overrides) if isinstance(overrides, Sequence) else (overrides,)
