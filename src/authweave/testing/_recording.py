"""Overrides that keep what goes through them."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Awaitable, Callable, Coroutine, Generator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial, wraps
from typing import Any, ClassVar, Final, Generic, ParamSpec, Self, TypeAlias, cast, overload

import attrs
from typing_extensions import TypeVar
from typing_extensions import override as overrides

from authweave.kernel import Call, Function, Overridable, Override, SyncCall, UserContext

from ._recorded_call import Arguments, RecordedCall

if sys.version_info >= (3, 14):
    import annotationlib  # names under TYPE_CHECKING cannot be found when annotations are read

InterfaceT = TypeVar("InterfaceT")
GivenT = TypeVar("GivenT", default=object)
ResultT = TypeVar("ResultT")
ContextT = TypeVar("ContextT", bound=UserContext, default=UserContext)
P = ParamSpec("P")

AnyCall: TypeAlias = Callable[..., object]
Run: TypeAlias = Callable[[RecordedCall], object]


@attrs.frozen(eq=False, repr=False)
class Recording(Generic[InterfaceT, GivenT]):
    """
    An override, and the calls that went through it. Made by `recording`.

    Attributes:
        override: list it wherever an override is listed; in several places, if need be.
        calls: in the order in which they began, those that are under way included.
    """

    override: Override[InterfaceT]
    calls: list[RecordedCall[GivenT]]

    @overrides
    def __repr__(self) -> str:
        return f"<Recording {self.override.function}, calls: {len(self.calls)}>"


@overload
def recording(what: Function[InterfaceT, Callable[P, GivenT]]) -> Recording[InterfaceT, GivenT]: ...
@overload
def recording(
    what: type[Call[InterfaceT, ResultT, ContextT]],
) -> Recording[InterfaceT, Coroutine[Any, Any, ResultT]]: ...  # Any: a coroutine's send and yield types are free
@overload
def recording(what: type[SyncCall[InterfaceT, GivenT, ContextT]]) -> Recording[InterfaceT, GivenT]: ...
@overload
def recording(what: Override[InterfaceT]) -> Recording[InterfaceT]: ...
def recording(what: object) -> object:
    """
    Record the calls of a function, or what an override makes of them.

    Args:
        what: the class of calls of a function (``SignUp[AppContext]``), or the function of its interface
            (``RecipeInterface[AppContext].sign_up``), to see what goes through it unchanged; or an override, which then
            does what it always did, under its own name and in its own place.

    Raises:
        TypeError: it stands around every function (`authweave.kernel.wrap_all`).
    """
    calls: list[RecordedCall] = []
    recorded = override_of(what)
    recorder = Recorder(overridden_function(recorded), calls)
    kind: type[RecordedOverride | RecordedWrapper | RecordedHandler] = RecordedHandler
    if recorded.style in {"override", "wrapper"}:
        kind = RecordedOverride if recorded.style == "override" else RecordedWrapper
    return Recording(recorded.replaced(call=kind(recorded.call, recorder)), calls)


def override_of(what: object) -> Override[object]:
    """Return an override as it is, and of a function one that changes nothing."""
    if isinstance(what, Override):
        return cast("Override[object]", what)  # isinstance cannot see type arguments
    if isinstance(what, Function):
        function = cast("Function[object, AnyCall]", what)  # as above
        return Override(function.interface, function.name, "recording", pass_on)
    call_class = cast("type[SyncCall[object, object]]", what)  # or that of an async function: it goes on likewise
    return call_class.override(name="recording")(go_on)


def go_on(call: SyncCall[object, object]) -> object:
    """Override a function that hands over a call by itself."""
    return call.original()


def pass_on(original: Callable[P, GivenT], *args: P.args, **kwargs: P.kwargs) -> GivenT:
    """Override a function by itself."""
    return original(*args, **kwargs)


def overridden_function(override: Override[object]) -> Overridable[Callable[..., object]]:
    """Return what an override overrides, as its interface declares it."""
    function = inspect.getattr_static(override.interface, override.function, None)
    if function is None:
        message = f"{override.name!r} is for every function: record one, recording(RecipeInterface[...].sign_up)."
        raise TypeError(message)
    return cast("Overridable[Callable[..., object]]", function)  # an override is made from nothing else


class Recorder:
    """Keeps the calls of one function."""

    def __init__(self, function: Overridable[Callable[..., object]], calls: list[RecordedCall]) -> None:
        self.declaration = function.declaration
        self.calls = calls
        self.running: ContextVar[RecordedCall | None] = ContextVar("recorded call", default=None)

    def names(self, signature: inspect.Signature, *, skip: int) -> inspect.Signature:
        """Return what to name arguments by: an override's own parameters, or the interface's where it takes any."""
        own = list(signature.parameters.values())
        if any(each.kind is each.VAR_POSITIONAL for each in own):
            return inspect.Signature(self.declaration.all_parameters)
        return inspect.Signature(own[skip:])

    def record(self, arguments: Arguments, run: Run) -> object:
        """Run a call and keep it; where the function is async, return what is to be awaited."""
        return self.run_async(arguments, run) if self.declaration.is_async else self.run_sync(arguments, run)

    def run_sync(self, arguments: Arguments, run: Run) -> object:
        """Run a synchronous call."""
        with self.keep_call(arguments) as call:
            result = run(call)
            call.end_with(result)
            return result

    async def run_async(self, arguments: Arguments, run: Run) -> object:
        """Run an asynchronous call."""
        with self.keep_call(arguments) as call:
            result = await cast("Awaitable[object]", run(call))  # the function is async
            call.end_with(result)
            return result

    @contextmanager
    def keep_call(self, arguments: Arguments) -> Generator[RecordedCall]:
        """Keep a call, and the exception that it may end with."""
        call = RecordedCall[object](self.declaration.name, arguments)
        self.calls.append(call)
        former = self.running.get()
        self.running.set(call)
        try:
            yield call
        except BaseException as error:
            call.exception = error
            raise
        finally:
            self.running.set(former)


# What records is a partial, of what is recorded: so the composer tells its file and line, blames it for its failures,
# and sees whether it is async. Its signature is that of what is recorded, so that the composer finds the same faults.


class Recorded(partial[object]):
    """
    What is recorded.

    Attributes:
        skip: how many parameters come before the interface's; None where it takes none of these.
    """

    skip: ClassVar[int | None] = None
    recorded: AnyCall
    recorder: Recorder
    names: inspect.Signature

    def __new__(cls, recorded: AnyCall, recorder: Recorder) -> Self:
        """Record something."""
        recording = super().__new__(cls, recorded)
        recording.recorded = recorded  # a partial of a partial keeps the function of the inner one
        recording.recorder = recorder
        if cls is not RecordedWrapper:  # which is called when composing
            signature = own_signature(recorded)
            vars(recording)["__signature__"] = signature
            if cls.skip is not None:
                recording.names = recorder.names(signature, skip=cls.skip)
        return recording


class RecordedOverride(Recorded):
    """An override that is recorded."""

    skip = 1

    @overrides
    def __call__(self, original: AnyCall, /, *args: object, **kwargs: object) -> object:
        """Run the override; hand it an original that says that it was called."""

        def run(call: RecordedCall) -> object:
            def note() -> None:
                call.called_original = True

            return self.recorded(observe_calls(original, note), *args, **kwargs)

        return self.recorder.record(name_arguments(self.names, args, kwargs), run)


BELOW: Final = "_below"  # where a call keeps what its `original` goes on with


class RecordedHandler(Recorded):
    """An override or a hook that is handed a call."""

    @overrides
    def __call__(self, call: object, /, *result: object) -> object:
        """Run the override or the hook; have its call say that it went on."""
        arguments = {name: getattr(call, name) for name in self.recorder.declaration.names}
        link, *_ = cast("tuple[AnyCall, *tuple[object, ...]]", getattr(call, BELOW))  # as the kernel put it there

        def run(record: RecordedCall) -> object:
            def note() -> None:
                record.called_original = True

            observed = observe_calls(link, note)
            setattr(call, BELOW, (observed, observed, None, None))
            return self.recorded(call, *result)

        return self.recorder.record(Arguments(arguments), run)


class RecordedWrapper(Recorded):
    """A wrapper that is recorded. It gets its original once and for all, so that looks for the call under way."""

    @overrides
    def __call__(self, original: AnyCall, /) -> object:
        """Run the wrapper; record what it made."""

        def note() -> None:
            call = self.recorder.running.get()
            if call is not None:
                call.called_original = True

        layer = self.recorded(observe_calls(original, note))
        return RecordedLayer(layer, self.recorder) if callable(layer) else layer


class RecordedLayer(Recorded):
    """What a recorded wrapper made."""

    skip = 0

    @overrides
    def __call__(self, *args: object, **kwargs: object) -> object:
        """Run what the wrapper made."""
        return self.recorder.record(name_arguments(self.names, args, kwargs), lambda _: self.recorded(*args, **kwargs))


def observe_calls(original: AnyCall, note: Callable[[], None]) -> AnyCall:
    """Return an original that tells of its calls, and is a coroutine function where the original is one."""

    @wraps(original)
    def run_sync(*args: object, **kwargs: object) -> object:
        note()
        return original(*args, **kwargs)

    @wraps(original)
    async def run_async(*args: object, **kwargs: object) -> object:
        note()
        return await cast("Awaitable[object]", original(*args, **kwargs))  # a coroutine function gives coroutines

    return run_async if inspect.iscoroutinefunction(original) else run_sync


def own_signature(func: AnyCall) -> inspect.Signature:
    """Return the parameters that a callable takes itself; from Python 3.14 on, what it annotates them with is text."""
    if sys.version_info >= (3, 14):
        return inspect.signature(func, follow_wrapped=False, annotation_format=annotationlib.Format.STRING)
    return inspect.signature(func, follow_wrapped=False)


def name_arguments(names: inspect.Signature, args: tuple[object, ...], kwargs: Mapping[str, object]) -> Arguments:
    """Give arguments their names."""
    arguments = dict(names.bind(*args, **kwargs).arguments)
    for each in names.parameters.values():
        if each.kind is each.VAR_KEYWORD:
            arguments.update(cast("Mapping[str, object]", arguments.pop(each.name, {})))  # what ** collects
    return Arguments(arguments)
