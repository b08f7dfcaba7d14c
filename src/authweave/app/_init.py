"""``init``: builds an application and makes it the default of the process."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from importlib.util import find_spec
from types import CodeType
from typing import Final, Literal, TypeAlias, cast, get_args

from typing_extensions import TypeVar, is_typeddict

from authweave.events import EVENTS, Events, Keeper, OnEvent
from authweave.extending import RecipeEntry, Services, check_options, set_default_app
from authweave.hooks import AnyHook
from authweave.ingredients.emaildelivery import AppEmailDelivery, EmailDeliveryConfig
from authweave.ingredients.smsdelivery import AppSMSDelivery, SMSDeliveryConfig
from authweave.kernel import (
    FaultReport,
    Interface,
    Journal,
    Override,
    Plugin,
    UserContext,
    with_plugins,
    without_collecting,
)
from authweave.outbox import OUTBOX
from authweave.security import PasswordHasher
from authweave.storage import KeepsTime, ReadsAtOnce, Storage, StorageOptions, StorePart
from authweave.types import (
    Clients,
    Clock,
    ConfigurationError,
    InputAppInfo,
    Proxies,
    install_command,
    or_default,
    system_clock,
)
from authweave.webhooks import connect_webhooks

from ._app import App, random_bytes, wire
from ._argument_order import ArgumentOrder
from ._documented import Documented, check_openapi_path
from ._health import READY_WITHIN_S, Health
from ._purge import INTERVAL_S, BackgroundPurge
from ._recipes import check_entries, is_no_list, with_brought
from ._secret import configured_secret, secret_of_store
from ._supertokens_config import (
    Mode,
    SupertokensConfig,
    SupertokensExperimentalConfig,
    chosen_storage,
    of_experimental,
    tell_what_has_no_effect,
)
from ._threads import QUEUE, THREADS, WAIT_S, Workers
from ._transactions import BoundTransaction
from .checks import AppChecks

ContextT = TypeVar("ContextT", bound=UserContext, default=UserContext)

Framework: TypeAlias = Literal["fastapi", "starlette", "flask", "django", "litestar"]
"""Frameworks with an adapter. Each is also the name of its package, and of the extra that the adapter needs."""

MAX_BODY_BYTES: Final = 1024 * 1024
EVENT_RETENTION_S: Final = 30 * 86_400
CENTURY_S: Final = 100 * 366 * 86_400

logger: Final = logging.getLogger("authweave.events")

CHECKED_HERE: Final = ("recipe_list", "storage", "context", "overrides", "plugins", "hooks", "framework")
"""Options of which more is to be said than their type, where they are of the wrong one."""


@without_collecting()
def init(
    app_info: InputAppInfo,
    recipe_list: Sequence[RecipeEntry[ContextT]],
    *,
    storage: str | Storage | None = None,
    storage_options: StorageOptions | None = None,
    framework: Framework | None = None,
    supertokens_config: SupertokensConfig | None = None,
    mode: Mode | None = None,
    telemetry: bool | None = None,
    experimental: SupertokensExperimentalConfig | None = None,
    context: type[ContextT] | None = None,
    overrides: Sequence[Override[Interface[ContextT]]] | None = (),
    plugins: Sequence[Plugin[ContextT]] | None = (),
    hooks: Sequence[AnyHook[ContextT]] | None = (),
    secret: str | bytes | None = None,
    allow_plaintext_keys: bool | None = False,
    debug: bool | None = False,
    guards_every_layer: bool | None = False,
    passwords: PasswordHasher | None = None,
    clock: Clock | None = None,
    random: Callable[[int], bytes] | None = random_bytes,
    max_body_bytes: int | None = MAX_BODY_BYTES,
    trusted_proxies: Sequence[str] | None = None,
    on_event: OnEvent | Sequence[OnEvent] | None = (),
    event_retention_s: float | None = EVENT_RETENTION_S,
    storage_threads: int | None = THREADS,
    storage_queue: int | None = QUEUE,
    storage_wait_s: float | None = WAIT_S,
    purge_interval_s: float | None = INTERVAL_S,
    email_delivery: EmailDeliveryConfig | None = None,
    sms_delivery: SMSDeliveryConfig | None = None,
    health_routes: bool | None = True,
    health_ready_within_s: float | None = READY_WITHIN_S,
    missing_routes: bool | None = True,
    openapi_path: str | None = None,
    default: bool | None = True,
) -> App[ContextT]:
    """
    Build an application, and make it the default of the process.

    The default is what ``recipe.<name>.asyncio``, the middleware and ``verify_session`` use where they are given no
    other, and none is serving a request. A later ``init`` takes its place; the former keeps working for whoever holds
    it.

    None means the default for every option, but for the three times that it switches something off:
    ``event_retention_s``, ``storage_wait_s`` and ``purge_interval_s``.

    Args:
        app_info: names and domains.
        recipe_list: what the recipes' own ``init`` returned. `RecipeEntry.brought` says which others come with them.
        storage: a URL (``sqlite:///auth.db``, ``postgresql://user:password@host/database``), or a store; by default
            ``sqlite:///authweave.db``, a file in the working directory.
        storage_options: sizes and timeouts of the store at a URL, and whether its tables are brought up to date.
        framework: the web framework (``fastapi``, ``starlette``, ``flask``, ``django`` or ``litestar``). It picks
            nothing: it is checked that there is an adapter, and that what it needs is installed. None checks nothing.
        supertokens_config: where the data is, as SuperTokens is told: the URL of a database for its
            ``connection_uri`` is ``storage``. That of a core is refused.
        mode: taken from applications that move over, and without effect: a middleware is of ASGI or of WSGI.
        telemetry: likewise: nothing is told to anybody.
        experimental: plugins, as SuperTokens is told of them; they stand inside of ``plugins``.
        context: the TypedDict that declares the application's keys of the user context. It lets the type checkers
            see whether every override finds the keys that it needs; in debug mode, others are told of in the log.
        overrides: of functions and APIs of any recipe, the outermost first; they stand outside of a recipe's own.
        plugins: overrides published by others; they stand inside of ``overrides``, the first listed outermost.
        hooks: functions that are called when a user is created, changed or deleted, in the same transaction or after
            its commit: ``@on_user_created`` and its like make them. Of several they are called in this order.
        secret: at least 32 bytes from which the keys of the library are derived. By default SQLite has a file of its
            own for it, beside the database; PostgreSQL, which several machines share, has to be given one.
        allow_plaintext_keys: let a store that has no such file keep the secret itself, beside the signing keys that are
            encrypted with it. Who reads the database, or a copy of it, can then sign tokens for every user.
        debug: whether contexts keep a journal (`authweave.kernel.journal_of`), results of overrides are checked, and
            log and answers say what may be wrong with a request. For development: it costs time, and tells much.
        guards_every_layer: whether overrides are guarded that are proved to need no guard, as all are with ``debug``.
        passwords: hashes passwords; one with OWASP's parameters by default.
        clock: tells the time, in milliseconds since the epoch, for tests. By default it is the time of the database's
            server on PostgreSQL, so that machines whose clocks differ agree on what has expired and which refresh is a
            theft, and elsewhere that of the machine.
        random: returns as many unpredictable bytes as asked.
        max_body_bytes: how long a request's body may be.
        trusted_proxies: the addresses and networks of the proxies in front (``["10.0.0.7", "10.1.0.0/16"]``; ``"unix"``
            is one behind a Unix socket), whose ``X-Forwarded-For`` tells `authweave.types.BaseRequest.client`. An empty
            list says that clients connect directly. None says nothing: then clients are not counted by private
            addresses, which may be a proxy's.
        on_event: one or more functions, async or not, that are handed each `authweave.events.SecurityEvent`.
        event_retention_s: for how long, in seconds, security events are kept in the store, for `App.list_events`; None
            keeps none.
        storage_threads: how many operations of the store run at once.
        storage_queue: how many more may wait; beyond it `authweave.storage.StorageBusyError` is raised, which is
            answered with 503 and ``Retry-After``.
        storage_wait_s: how long whoever asks the store waits for it, in seconds: for a thread, a connection and the
            answer. What was not begun by then raises the same, and what was, `authweave.storage.StorageError`. None
            lets ``storage_queue`` be the only bound. A caller gives less with `authweave.storage.within`.
        purge_interval_s: how often, in seconds, a process that is in use deletes what expired more than a day ago, in
            small batches beside its work; None leaves it to ``authweave db purge``.
        email_delivery: how the mails of recipes are sent that are told nothing else. Without it they are printed where
            ``api_domain`` is this machine (``localhost``), and elsewhere not sent, which the log says.
        sms_delivery: the same for text messages.
        health_routes: whether ``GET /health/live`` and ``GET /health/ready`` are served, below the base path.
        health_ready_within_s: how long the store has for its answer to ``GET /health/ready``, in seconds; after it that
            is a 503.
        missing_routes: whether the SuperTokens frontends are answered where they ask for a recipe that the application
            does not list, so that their pages say so. False leaves such requests to the application behind.
        openapi_path: where, below the base path, the OpenAPI document of the routes is served (``/openapi.json``). None
            serves none: `App.openapi` returns it all the same.
        default: whether the application becomes the process's default; with False it stands alone.

    Raises:
        authweave.kernel.CompositionError: overrides do not fit; all faults of all recipes in one error.
        authweave.types.ConfigurationError: something else in the configuration cannot work.
        authweave.storage.StorageError: the store cannot be opened.
        authweave.security.KeyDecryptionError: the secret is not that of the stored signing keys.
    """
    check_options("authweave.init", init, locals(), but=CHECKED_HERE)
    overrides, plugins, hooks = or_default(overrides, ()), or_default(plugins, ()), or_default(hooks, ())
    storage_threads, storage_queue = or_default(storage_threads, THREADS), or_default(storage_queue, QUEUE)
    max_body_bytes = or_default(max_body_bytes, MAX_BODY_BYTES)
    health_ready_within_s = or_default(health_ready_within_s, READY_WITHIN_S)
    storage, random = chosen_storage(storage, supertokens_config), or_default(random, random_bytes)
    check_context(context)
    check_framework(framework)
    check_kinds(overrides, plugins, hooks)
    check_openapi_path(openapi_path)
    check_numbers(
        storage_threads=storage_threads,
        storage_queue=storage_queue,
        storage_wait_s=storage_wait_s,
        max_body_bytes=max_body_bytes,
        health_ready_within_s=health_ready_within_s,
        purge_interval_s=purge_interval_s,
        event_retention_s=event_retention_s,
    )
    tell_what_has_no_effect(supertokens_config, mode, telemetry)
    clients = Clients(Proxies.of(trusted_proxies))
    entries = with_brought(recipe_list)
    heard, contributed = hooks_of(on_event), check_entries(entries, is_in_sql=isinstance(storage, str))
    normalised = app_info.normalised()
    given_secret = configured_secret(secret, storage, allow_plaintext_keys=allow_plaintext_keys is True)
    with ExitStack() as undo:  # what the caller gave stays his, open
        parts = [part for each in entries for part in each.store]
        own_parts = [OUTBOX] if event_retention_s is None else [EVENTS, OUTBOX]
        store = open_or_keep(storage, storage_options, [*own_parts, *parts])
        if isinstance(storage, str):
            undo.callback(store.close)
        server_secret = given_secret or secret_of_store(storage, store, random)
        workers = Workers(
            storage_threads,
            storage_queue,
            storage_wait_s,
            transaction=store.running_transaction,
            reads_at_once=(lambda: store.reads_at_once) if isinstance(store, ReadsAtOnce) else lambda: False,
        )
        time_ms = clock or (store.clock if isinstance(store, KeepsTime) else system_clock)
        events = Events(heard, time_ms, keeper_of(store, workers, event_retention_s), store.running_transaction)
        undo.callback(events.close)  # after the workers, before the store
        undo.callback(workers.close)
        hasher = passwords or PasswordHasher()
        if passwords is None:
            undo.callback(hasher.close)
        faults = FaultReport()
        own_plugins = cast("Sequence[Plugin]", plugins)  # to order, any context does
        all_overrides = with_plugins(overrides, [*own_plugins, *of_experimental(experimental)], faults)
        services = Services(
            app_info=normalised,
            storage=store,
            off_loop=workers,
            at_once=workers.at_once,
            in_background=workers.start,
            clock=time_ms,
            random_bytes=random,
            transaction=lambda: BoundTransaction(store, workers, needs_connection=False),
            passwords=hasher,
            secret=server_secret,
            overrides=connect_webhooks(all_overrides, workers, time_ms, random, undo),
            clients=clients,
            events=events,
            faults=faults,
            contributed=contributed,
            email_delivery=AppEmailDelivery(email_delivery),
            sms_delivery=AppSMSDelivery(sms_delivery),
            journal=Journal(context, look=ArgumentOrder(store.tenant_exists)) if debug else None,
            guards_every_layer=guards_every_layer is True,
        )
        undo.callback(services.outbox.close)
        services.hooks.add(hooks, faults)
        purge = BackgroundPurge(store, time_ms, workers.start, purge_interval_s)
        workers.at_use = (purge.start_if_due, services.outbox.look_if_due)
        health = Health(services, health_routes is not False, health_ready_within_s)
        documented = Documented(openapi_path, normalised)
        opened = ExitStack()
        checks = AppChecks(services, storage, given_secret is not None, event_retention_s, purge_interval_s)
        app = wire(
            services,
            entries,
            workers,
            max_body_bytes,
            health,
            documented,
            opened,
            checks,
            answers_missing=missing_routes is not False,
        )
        services.outbox.look()
        opened.push(undo.pop_all())
    if default is not False:
        set_default_app(app)
    return app


def hooks_of(on_event: OnEvent | Sequence[OnEvent] | None) -> tuple[OnEvent, ...]:
    """Return the hooks for security events as a tuple, however they were written."""
    return (on_event,) if callable(on_event) else tuple(or_default(on_event, ()))


def keeper_of(store: Storage, workers: Workers, event_retention_s: float | None) -> Keeper | None:
    """Return what keeps events in a store; None where they are not to be, or it has no part for them."""
    if event_retention_s is None:
        return None
    try:
        part = store.part(EVENTS)
    except ConfigurationError:
        logger.warning(
            "Security events are not kept: the store was opened without their part. Hand authweave.events.EVENTS to "
            "open_storage(parts=[...]), or write init(event_retention_s=None).",
            extra={"event": "events_have_no_store"},
        )
        return None
    return Keeper(part, workers.start, round(event_retention_s * 1000))


def open_or_keep(storage: str | Storage, options: StorageOptions | None, parts: Sequence[StorePart[object]]) -> Storage:
    """
    Return the store that an application was given, or that at the URL.

    Raises:
        ConfigurationError: there are options for a store that is open already, or it cannot be opened so.
        StorageError: it cannot be opened.
    """
    if isinstance(storage, str):
        from authweave.storage.sql import storage_at

        return storage_at(storage, options, parts)
    if options is not None:
        message = "storage_options= is for a URL: a store of your own has been opened already."
        raise ConfigurationError(message)
    return storage


def check_context(context: type[UserContext] | None) -> None:
    """
    Check the type that declares an application's keys. It is for the type checkers and for debug mode.

    Raises:
        ConfigurationError: it is no TypedDict, or has keys that must be there: a context starts empty.
    """
    if context is None:
        return
    if not is_typeddict(context):
        message = (
            f"context= is {describe(context)}, which is no TypedDict class: write class AppContext(UserContext, "
            "total=False)."
        )
        raise ConfigurationError(message)
    required: frozenset[str] = getattr(context, "__required_keys__", frozenset())  # unknown to type[UserContext]
    if required:
        names = ", ".join(sorted(required))
        message = f"context={context.__name__} requires {names}, but a context starts empty: declare it total=False."
        raise ConfigurationError(message)


def check_kinds(overrides: Sequence[object], plugins: Sequence[object], hooks: Sequence[object]) -> None:
    """
    Check that overrides, plugins and hooks are not mixed up; the type checkers see it too.

    Raises:
        ConfigurationError: one stands in the list of the other, or something else does.
    """
    for name, value in (("overrides", overrides), ("plugins", plugins), ("hooks", hooks)):
        if isinstance(value, (Override, Plugin)) or is_no_list(value):
            message = f"{name}= is a {type(value).__name__} and takes a list: write {name}=[...]."
            raise ConfigurationError(message)
    if any(isinstance(each, Plugin) for each in overrides):
        message = "overrides= has a Plugin, which does not belong there: list it in plugins=."
        raise ConfigurationError(message)
    if strange := [each for each in overrides if not isinstance(each, Override)]:
        message = (
            f"overrides= has {describe(strange[0])}, which is no override: write @SignUp[AppContext].override above "
            "it, say, with the function that it overrides; a function that takes original_implementation goes into the "
            "override= of its recipe."
        )
        raise ConfigurationError(message)
    if strange := [each for each in plugins if not isinstance(each, Plugin)]:
        message = f"plugins= has {describe(strange[0])}, and takes Plugin objects; list single overrides in overrides=."
        raise ConfigurationError(message)


def describe(candidate: object) -> str:
    """Name what was handed over, with the place of a function."""
    code = getattr(candidate, "__code__", None)
    name: str = getattr(candidate, "__qualname__", type(candidate).__name__)
    return f"{name!r} ({code.co_filename}:{code.co_firstlineno})" if isinstance(code, CodeType) else repr(name)


def check_numbers(
    *,
    storage_threads: int,
    storage_queue: int,
    storage_wait_s: float | None,
    max_body_bytes: int,
    health_ready_within_s: float,
    purge_interval_s: float | None,
    event_retention_s: float | None,
) -> None:
    """
    Check how much the store may be asked at once, how long it has, and how often it is purged.

    Raises:
        ConfigurationError: one is no number, or nobody could be served with it.
    """
    for name, value, least in (
        ("storage_threads", storage_threads, 1),
        ("storage_queue", storage_queue, 0),
        ("max_body_bytes", max_body_bytes, 1),
    ):
        if not is_whole(value) or value < least:
            message = f"{name}={value!r} must be a whole number of at least {least}."
            raise ConfigurationError(message)
    bounds = {"health_ready_within_s": health_ready_within_s}
    if storage_wait_s is not None:
        bounds["storage_wait_s"] = storage_wait_s
    for name, seconds in bounds.items():
        if not is_number(seconds) or not 0 < seconds < math.inf:
            message = f"{name}={seconds!r} must be a number of seconds, above 0."
            raise ConfigurationError(message)
    if purge_interval_s is not None and not (is_number(purge_interval_s) and 1 <= purge_interval_s < math.inf):
        message = f"purge_interval_s={purge_interval_s!r} must be at least 1 second; None switches purging off."
        raise ConfigurationError(message)
    if event_retention_s is not None and not (is_number(event_retention_s) and 1 <= event_retention_s <= CENTURY_S):
        message = f"event_retention_s={event_retention_s!r} must be at least 1 second; None keeps no security events."
        raise ConfigurationError(message)


def is_whole(value: object) -> bool:
    """Return whether a value is a whole number, in programs that were not type-checked."""
    return isinstance(value, int) and not isinstance(value, bool)


def is_number(value: object) -> bool:
    """Return whether a value is a number."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def check_framework(framework: object) -> None:
    """
    Check the name of a framework, and that it is installed. It is not imported, and nothing depends on it later.

    Raises:
        ConfigurationError: there is no adapter for it, or its package is missing.
    """
    if framework is None:
        return
    known: tuple[str, ...] = get_args(Framework)
    if not isinstance(framework, str):  # in programs that were not type-checked
        message = f"framework= is a {type(framework).__name__}: write one of {', '.join(map(repr, known))}."
        raise ConfigurationError(message)
    if framework not in known:
        import difflib

        nearest = difflib.get_close_matches(framework.lower(), known, n=1)
        hint = f": did you mean {nearest[0]!r}?" if nearest else "."
        message = (
            f"framework={framework!r} has no adapter{hint} Supported are {', '.join(map(repr, known))}. Under another "
            "one, leave framework= out and put authweave.framework.asgi.Middleware or authweave.framework.wsgi."
            "Middleware around the application."
        )
        raise ConfigurationError(message)
    if find_spec(framework) is None:
        message = f"framework={framework!r} needs {framework}, which is not installed: {install_command(framework)}"
        raise ConfigurationError(message)
