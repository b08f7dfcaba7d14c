"""
Random programs for the laws: trees of calls through stacks of overrides, run by the real kernel.

A program is plain data. The functions of `Machine` are handed the part of the tree that is theirs; each says what it
sees to a `World`. `model.py` says what the laws make of the same program.
"""

import asyncio
import inspect
from collections.abc import Callable, Coroutine, Generator, Mapping, Sequence
from contextlib import suppress
from contextvars import Context, copy_context
from functools import partial
from typing import Any, Literal, Protocol, TypeAlias, cast, get_args

import attrs
from typing_extensions import override as overrides

from authweave import kernel
from authweave.kernel import (
    AnyOverride,
    Interface,
    UserContext,
    compose,
    current_context,
    overridable,
    override,
    wrap,
)

Handing: TypeAlias = Literal["left out", "own", "new", "first"]
"""Which context a call hands over: none, the caller's, a new one, or the first of the program."""

Style: TypeAlias = Literal["override", "wrapper", "call", "seed"]
STYLES: tuple[Style, ...] = get_args(Style)
Hook: TypeAlias = Literal["before", "after"]
HOOKS: tuple[Hook, ...] = get_args(Hook)
"""A hook calls no original: it changes neither what is handed on nor what comes back."""

ASYNC = ("first", "second")
SYNC = ("third", "fourth")
NAMES = (*ASYNC, *SYNC)


@attrs.frozen
class Call:
    """A call, and what the implementation does when the call reaches it."""

    function: str
    handing: Handing = "left out"
    children: tuple["Call", ...] = ()
    writes: str | None = None
    fails: bool = False
    guarded: bool = False
    pauses: int = 0


@attrs.frozen
class Spec:
    """
    What an override does: calls original so many times, then others, writes a key, perhaps fails.

    One that is quiet does nothing before it calls its original, once, in its own context: that can be proved.
    """

    name: str
    function: str
    style: Style | Hook = "override"
    handing: Handing = "own"
    times: int = 1
    calls: tuple[Call, ...] = ()
    writes: str | None = None
    fails: Literal["never", "before", "after"] = "never"
    pauses: int = 0
    quiet: bool = False


@attrs.frozen
class Event:
    """What a function saw: its context and the current one, by the order in which the program met them."""

    who: str
    moment: str
    handed: int
    current: int
    keys: tuple[str, ...]


class PlannedError(Exception):
    """The failure of a program that is to fail."""


@attrs.define(eq=False)
class World:
    """One run of a program: the application it calls, and all that its functions saw."""

    app: "Machine | None" = None
    events: list[Event] = attrs.field(factory=list[Event])
    contexts: list[UserContext] = attrs.field(factory=list[UserContext])

    def see(self, who: str, moment: str, handed: UserContext, current: UserContext) -> None:
        """Remember what a function sees."""
        self.events.append(Event(who, moment, self.number(handed), self.number(current), tuple(sorted(handed))))

    def number(self, user_context: UserContext) -> int:
        """Return the number of a context: by identity, counted as they appear."""
        for index, known in enumerate(self.contexts):
            if known is user_context:
                return index
        self.contexts.append(user_context)
        return len(self.contexts) - 1

    def handed(self, handing: Handing, own: UserContext) -> tuple[UserContext, ...]:
        """Return the context arguments of a call."""
        chosen: dict[Handing, tuple[UserContext, ...]] = {
            "left out": (),
            "own": (own,),
            "new": (UserContext(),),
            "first": tuple(self.contexts[:1]),
        }
        return chosen[handing]


def write(user_context: UserContext, key: str | None) -> None:
    """Set a key of a context, if there is one to set."""
    if key is not None:
        cast("dict[str, object]", user_context)[key] = True  # keys that no TypedDict declares


# What a function does is written once, as a generator of the calls that it makes; the driver awaits them, or does not.
Steps: TypeAlias = Generator[Callable[[], object], object, str]
AnyFunction: TypeAlias = Callable[..., object]


def invoked(owner: object, call: Call, world: World, own: UserContext, who: str) -> Steps:
    """Make a call on a composed object; look again when it has ended."""
    function = cast("AnyFunction", getattr(owner, call.function))  # named by the program
    try:
        result = str((yield partial(function, call, world, *world.handed(call.handing, own))))
    except PlannedError as error:
        if not call.guarded:
            raise
        result = f"!{error}"
    world.see(who, "called", own, current_context())
    return result


def implementation(owner: object, call: Call, world: World, user_context: UserContext) -> Steps:
    """Do what the implementation does for a call."""
    world.see(call.function, "enter", user_context, current_context())
    write(user_context, call.writes)
    results: list[str] = []
    for child in call.children:
        result = yield from invoked(owner, child, world, user_context, call.function)
        results.append(result)
    if call.fails:
        raise PlannedError(call.function)
    world.see(call.function, "leave", user_context, current_context())
    return f"{call.function}({','.join(results)})"


def layer(spec: Spec, original: AnyFunction, call: Call, world: World, user_context: UserContext) -> Steps:
    """Do what an override does for a call."""
    world.see(spec.name, "enter", user_context, current_context())
    if spec.fails == "before":
        raise PlannedError(spec.name)
    results: list[str] = []
    for _ in range(spec.times):
        results.append(str((yield partial(original, call, world, *world.handed(spec.handing, user_context)))))
        world.see(spec.name, "original", user_context, current_context())
    return (yield from after_original(spec, results, world, user_context))


def after_original(spec: Spec, results: list[str], world: World, user_context: UserContext) -> Steps:
    """Do what an override does once it has called its original."""
    for other in spec.calls:
        result = yield from invoked(world.app, other, world, user_context, spec.name)
        results.append(result)
    write(user_context, spec.writes)
    if spec.fails == "after":
        raise PlannedError(spec.name)
    world.see(spec.name, "leave", user_context, current_context())
    return f"{spec.name}[{','.join(results)}]"


def after_quiet(spec: Spec, result: str, world: World, user_context: UserContext) -> Steps:
    """Do what a quiet override does, all of it after its original."""
    world.see(spec.name, "original", user_context, current_context())
    return (yield from after_original(spec, [result], world, user_context))


def hook(spec: Spec, call: Call, world: World, user_context: UserContext) -> Steps:
    """Do what a hook does for a call: as an override, but for the originals."""
    world.see(spec.name, "enter", user_context, current_context())
    if spec.fails == "before":
        raise PlannedError(spec.name)
    for other in spec.calls:
        yield from invoked(world.app, other, world, user_context, spec.name)
    write(user_context, spec.writes)
    if spec.fails == "after":
        raise PlannedError(spec.name)
    world.see(spec.name, "leave", user_context, current_context())
    return call.function


async def finish_async(steps: Steps, pauses: int) -> str:
    """Run the calls of an async function, giving way before each."""
    try:
        pending = next(steps)
        while True:
            for _ in range(pauses):
                await asyncio.sleep(0)
            try:
                result = pending()
                if inspect.isawaitable(result):
                    result = await cast("Coroutine[Any, Any, object]", result)  # Any: never sent to
            except PlannedError as error:
                pending = steps.throw(error)
            else:
                pending = steps.send(result)
    except StopIteration as stop:
        return str(stop.value)


def finish(steps: Steps) -> str:
    """Run the calls of a sync function."""
    try:
        pending = next(steps)
        while True:
            try:
                result = pending()
            except PlannedError as error:
                pending = steps.throw(error)
            else:
                pending = steps.send(result)
    except StopIteration as stop:
        return str(stop.value)


class Machine(Interface, Protocol):
    """Two async and two sync functions."""

    @overridable
    async def first(self, call: Call, world: World, user_context: UserContext) -> str: ...
    @overridable
    async def second(self, call: Call, world: World, user_context: UserContext) -> str: ...
    @overridable
    def third(self, call: Call, world: World, user_context: UserContext) -> str: ...
    @overridable
    def fourth(self, call: Call, world: World, user_context: UserContext) -> str: ...


class MachineImplementation(Machine):
    """Does as the call says."""

    @overridable
    @overrides
    async def first(self, call: Call, world: World, user_context: UserContext) -> str:
        return await finish_async(implementation(self, call, world, user_context), call.pauses)

    @overridable
    @overrides
    async def second(self, call: Call, world: World, user_context: UserContext) -> str:
        return await finish_async(implementation(self, call, world, user_context), call.pauses)

    @overridable
    @overrides
    def third(self, call: Call, world: World, user_context: UserContext) -> str:
        return finish(implementation(self, call, world, user_context))

    @overridable
    @overrides
    def fourth(self, call: Call, world: World, user_context: UserContext) -> str:
        return finish(implementation(self, call, world, user_context))


class AsyncCall(Protocol):
    """The original of an async function."""

    def __call__(
        self, call: Call, world: World, user_context: UserContext
    ) -> Coroutine[Any, Any, str]:  # Any: never sent to
        """Do as the call says."""
        ...


class SyncCall(Protocol):
    """The original of a sync function."""

    def __call__(self, call: Call, world: World, user_context: UserContext) -> str:
        """Do as the call says."""
        ...


class First(kernel.Call[Machine, str]):
    """A call of `first`, as an override is handed it."""

    call: Call
    world: World


class Second(kernel.Call[Machine, str]):
    """A call of `second`."""

    call: Call
    world: World


class Third(kernel.SyncCall[Machine, str]):
    """A call of `third`."""

    call: Call
    world: World


class Fourth(kernel.SyncCall[Machine, str]):
    """A call of `fourth`."""

    call: Call
    world: World


ASYNC_CALLS: dict[str, type[First | Second]] = {"first": First, "second": Second}
SYNC_CALLS: dict[str, type[Third | Fourth]] = {"third": Third, "fourth": Fourth}


def original_of(handed: First | Second | Third | Fourth) -> AnyFunction:
    """Return the original of a call, to be called with the parameters: they are replaced in the call."""

    def original(call: Call, world: World, *user_context: UserContext) -> object:
        handed.call, handed.world = call, world
        if user_context:
            (handed.user_context,) = user_context
        return handed.original()

    return original


def disturb(handed: First | Second | Third | Fourth) -> None:
    """Replace what a hook can replace, which is to make no difference."""
    handed.call = Call("replaced")
    handed.user_context = UserContext()


def async_call_style(spec: Spec) -> AnyOverride[Machine]:
    """Make an override or a hook of an async function that is handed a call."""

    async def called(handed: First | Second) -> str:
        steps = layer(spec, original_of(handed), handed.call, handed.world, handed.user_context)
        return await finish_async(steps, spec.pauses)

    async def looks(handed: First | Second, result: str = "") -> None:
        steps = hook(spec, handed.call, handed.world, handed.user_context)
        disturb(handed)
        await finish_async(steps, spec.pauses)
        del result

    cls = ASYNC_CALLS[spec.function]
    if spec.style == "call":
        return cls.override(name=spec.name)(called)
    return cls.before(name=spec.name)(looks) if spec.style == "before" else cls.after(name=spec.name)(looks)


def sync_call_style(spec: Spec) -> AnyOverride[Machine]:
    """Make an override or a hook of a sync function that is handed a call."""

    def called(handed: Third | Fourth) -> str:
        return finish(layer(spec, original_of(handed), handed.call, handed.world, handed.user_context))

    def looks(handed: Third | Fourth, result: str = "") -> None:
        steps = hook(spec, handed.call, handed.world, handed.user_context)
        disturb(handed)
        finish(steps)
        del result

    cls = SYNC_CALLS[spec.function]
    if spec.style == "call":
        return cls.override(name=spec.name)(called)
    return cls.before(name=spec.name)(looks) if spec.style == "before" else cls.after(name=spec.name)(looks)


ASYNC_FUNCTIONS = {"first": Machine.first, "second": Machine.second}
SYNC_FUNCTIONS = {"third": Machine.third, "fourth": Machine.fourth}


def async_override(spec: Spec) -> AnyOverride[Machine]:
    """Make an override of an async function."""
    if spec.quiet:
        return quiet_async_override(spec)

    async def called(original: AsyncCall, /, call: Call, world: World, user_context: UserContext) -> str:
        return await finish_async(layer(spec, original, call, world, user_context), spec.pauses)

    def wrapper(original: AsyncCall) -> AsyncCall:
        async def wrapped(call: Call, world: World, user_context: UserContext) -> str:
            return await finish_async(layer(spec, original, call, world, user_context), spec.pauses)

        return wrapped

    function = ASYNC_FUNCTIONS[spec.function]
    if spec.style == "override":
        return override(function, name=spec.name)(called)
    return wrap(function, wrapper, name=spec.name) if spec.style == "wrapper" else seed_style(spec, wrapper)


def sync_override(spec: Spec) -> AnyOverride[Machine]:
    """Make an override of a sync function."""
    if spec.quiet:
        return quiet_sync_override(spec)

    def called(original: SyncCall, /, call: Call, world: World, user_context: UserContext) -> str:
        return finish(layer(spec, original, call, world, user_context))

    def wrapper(original: SyncCall) -> SyncCall:
        def wrapped(call: Call, world: World, user_context: UserContext) -> str:
            return finish(layer(spec, original, call, world, user_context))

        return wrapped

    function = SYNC_FUNCTIONS[spec.function]
    if spec.style == "override":
        return override(function, name=spec.name)(called)
    return wrap(function, wrapper, name=spec.name) if spec.style == "wrapper" else seed_style(spec, wrapper)


def quiet_async_override(spec: Spec) -> AnyOverride[Machine]:
    """Make a quiet override of an async function."""

    async def called(original: AsyncCall, call: Call, world: World, user_context: UserContext) -> str:
        result = await original(call, world, user_context)
        return await finish_async(after_quiet(spec, result, world, user_context), spec.pauses)

    def wrapper(original: AsyncCall) -> AsyncCall:
        async def wrapped(call: Call, world: World, user_context: UserContext) -> str:
            result = await original(call, world, user_context)
            return await finish_async(after_quiet(spec, result, world, user_context), spec.pauses)

        return wrapped

    function = ASYNC_FUNCTIONS[spec.function]
    if spec.style == "override":
        return override(function, name=spec.name)(called)
    return wrap(function, wrapper, name=spec.name) if spec.style == "wrapper" else quiet_seed_style(spec)


def quiet_sync_override(spec: Spec) -> AnyOverride[Machine]:
    """Make a quiet override of a sync function."""

    def called(original: SyncCall, call: Call, world: World, user_context: UserContext) -> str:
        result = original(call, world, user_context)
        return finish(after_quiet(spec, result, world, user_context))

    def wrapper(original: SyncCall) -> SyncCall:
        def wrapped(call: Call, world: World, user_context: UserContext) -> str:
            result = original(call, world, user_context)
            return finish(after_quiet(spec, result, world, user_context))

        return wrapped

    function = SYNC_FUNCTIONS[spec.function]
    if spec.style == "override":
        return override(function, name=spec.name)(called)
    return wrap(function, wrapper, name=spec.name) if spec.style == "wrapper" else quiet_seed_style(spec)


def quiet_seed_style(spec: Spec) -> AnyOverride[Machine]:
    """Make a function that replaces one attribute by one that is quiet, and keeps its original to itself."""

    def async_seed(original_implementation: Machine) -> Machine:
        original = getattr(original_implementation, spec.function)

        async def replaced(call: Call, world: World, user_context: UserContext) -> str:
            result = await original(call, world, user_context)
            return await finish_async(after_quiet(spec, result, world, user_context), spec.pauses)

        setattr(original_implementation, spec.function, replaced)
        return original_implementation

    def sync_seed(original_implementation: Machine) -> Machine:
        original = getattr(original_implementation, spec.function)

        def replaced(call: Call, world: World, user_context: UserContext) -> str:
            result = original(call, world, user_context)
            return finish(after_quiet(spec, result, world, user_context))

        setattr(original_implementation, spec.function, replaced)
        return original_implementation

    seed = async_seed if spec.function in ASYNC else sync_seed
    seed.__name__ = spec.name
    return seed


def seed_style(spec: Spec, wrapper: Callable[[Any], AnyFunction]) -> AnyOverride[Machine]:  # Any: of either colour
    """Make a function that replaces one attribute."""

    def seed(original_implementation: Machine) -> Machine:
        original = getattr(original_implementation, spec.function)
        setattr(original_implementation, spec.function, wrapper(original))
        return original_implementation

    seed.__name__ = spec.name
    return seed


def built(spec: Spec) -> AnyOverride[Machine]:
    """Make the override that a spec describes."""
    if spec.style in {"call", *HOOKS}:
        return async_call_style(spec) if spec.function in ASYNC else sync_call_style(spec)
    return async_override(spec) if spec.function in ASYNC else sync_override(spec)


def machine(specs: Sequence[Spec], *, guards_every_layer: bool = False) -> Machine:
    """Compose a machine."""
    base: Machine = MachineImplementation()
    return compose(base, [built(spec) for spec in specs], guards_every_layer=guards_every_layer)


def machines(specs: Sequence[Spec]) -> tuple[Machine, Machine]:
    """Compose a machine twice: once without the guards that are proved to be idle, and once with all."""
    return machine(specs), machine(specs, guards_every_layer=True)


@attrs.frozen
class Outcome:
    """What a run came to: the result, or the failure; and all that was seen."""

    result: str
    events: tuple[Event, ...]


async def run(app: Machine, call: Call, user_context: UserContext | None = None) -> Outcome:
    """Run a program on a composed machine."""
    return await run_in(World(app), call, user_context)


async def run_in(world: World, call: Call, user_context: UserContext | None = None) -> Outcome:
    """Run a program in a world that the caller keeps."""
    function = cast("AnyFunction", getattr(world.app, call.function))  # named by the program
    handed: Mapping[str, object] = {} if user_context is None else {"user_context": user_context}
    try:
        result = function(call, world, **handed)
        if inspect.isawaitable(result):
            result = await cast("Coroutine[Any, Any, object]", result)  # Any: never sent to
    except PlannedError as error:
        result = f"!{error}"
    return Outcome(str(result), tuple(world.events))


async def run_both(stack: Sequence[Spec], call: Call, user_context: Callable[[], UserContext] | None = None) -> Outcome:
    """
    Run a program twice: without the guards that are proved to be idle, and with all. Nobody can tell them apart.

    Args:
        stack: the overrides.
        call: the root call.
        user_context: makes what it is handed.
    """
    outcomes = [await run(each, call, user_context and user_context()) for each in machines(stack)]
    assert outcomes[0] == outcomes[1]
    return outcomes[0]


@attrs.define(eq=False)
class Driven:
    """A run that is driven by hand, a step at a time, in a Context of its own as a task has one."""

    world: World
    steps: Coroutine[Any, Any, Outcome]  # Any: never sent to
    context: Context = attrs.field(factory=copy_context)
    outcome: Outcome | None = None
    ended: bool = False

    def step(self, count: int = 1) -> None:
        """Take so many steps, or as many as there are."""
        for _ in range(count):
            if not self.ended:
                try:
                    self.context.run(self.steps.send, None)
                except StopIteration as stop:
                    self.outcome, self.ended = stop.value, True

    def finish(self) -> Outcome | None:
        """Take all steps that are left; return what came of it, or None if it was stopped."""
        while not self.ended:
            self.step()
        return self.outcome

    def cancel(self) -> None:
        """Cancel it, as `asyncio.Task.cancel` does."""
        if not self.ended:
            self.ended = True
            with suppress(asyncio.CancelledError):
                self.context.run(self.steps.throw, asyncio.CancelledError())

    def abandon(self, where: Context) -> None:
        """Close it from within another Context, as the garbage collector may."""
        self.ended = True
        where.run(self.steps.close)


def drive(app: Machine, call: Call) -> Driven:
    """Make a run that is driven by hand."""
    world = World(app)
    return Driven(world, run_in(world, call))
