"""The user context: one mapping per root call, carried by one ContextVar."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar, Token
from typing import Any, Final, Generic, ParamSpec, TypeAlias, final, overload

from typing_extensions import TypedDict, TypeVar


class UserContext(TypedDict, total=False):
    """
    What one function tells the next during a root call.

    Subclass it to declare keys of your own (``class AppContext(UserContext, total=False): ...``). ``closed=True`` and
    keys that are ``ReadOnly`` work on every Python; another base beside it has to be of typing_extensions' TypedDict.

    Keys:
        _default: content that the library itself provides; ``_default["request"]`` is there exactly while an
            HTTP request is being served.
    """

    _default: Mapping[str, object]


ContextArgument: TypeAlias = UserContext | dict[str, Any]  # Any: a dict[str, int] is no dict[str, object]
"""A context that is handed over: one whose keys are declared, or a dictionary whose keys nobody has declared."""

ContextParameter: TypeAlias = Any  # Any: nothing else fits UserContext and Dict[str, Any] where a subclass has them
"""The context of a method that a subclass may write anew, be it with the type of its context or with a dictionary."""

ContextT = TypeVar("ContextT", bound=UserContext, default=UserContext)
P = ParamSpec("P")
R = TypeVar("R")


@final
class Absent:
    """The value of the ContextVar where no root call is under way. Differs from every context and from None."""


ABSENT: Final = Absent()

_current: Final[ContextVar[UserContext | Absent]] = ContextVar("authweave.user_context", default=ABSENT)
get_current: Final = _current.get


def as_context(candidate: object) -> UserContext:
    """
    Check a context that was handed over explicitly.

    Raises:
        TypeError: it is not a dict (a TypedDict is one at run time).
    """
    if not isinstance(candidate, dict):
        message = (
            f"user_context must be a dict (a TypedDict instance), not {type(candidate).__name__}: "
            "hand over the user_context that your function was given, or leave it out to use the current one."
        )
        raise TypeError(message)
    # Every key of a total=False TypedDict may be absent; a cast would be a call with every root call.
    return candidate  # type: ignore[return-value]  # pyright: ignore[reportReturnType, reportUnknownVariableType]  # a dict, as was just looked


Former: TypeAlias = Token["UserContext | Absent"]

set_current: Final = _current.set


def restore(token: Former) -> None:
    """
    Make current what was so before.

    A generator or coroutine that was abandoned may be closed in another ``contextvars.Context``, which it must not
    change: nothing was entered there.
    """
    try:  # noqa: SIM105  `suppress` takes five times as long, with every call that has a context of its own
        _current.reset(token)
    except ValueError:
        pass


ELSEWHERE: Final = (
    "The block of a user context ended in another contextvars.Context than it began in, so what ran in between may not "
    "have seen it. Around the yield of a FastAPI dependency, write the dependency as async def; elsewhere, keep yield "
    "out of the block."
)


def tell_that_it_did_not_hold(error: BaseException | None) -> None:
    """
    Say that a block ended in another ``contextvars.Context``, in a note where an exception is on its way already.

    A generator or coroutine that was abandoned may be closed anywhere, and nobody relies on it any more.

    Raises:
        RuntimeError: the block ended as blocks do.
    """
    if error is None:
        raise RuntimeError(ELSEWHERE)
    if not isinstance(error, GeneratorExit):
        error.add_note(ELSEWHERE)


class use_context(Generic[ContextT]):  # noqa: N801  read as a function, like `contextlib.suppress`
    """
    Make a context the current one for a block, by identity, and restore the former one afterwards.

    Keep ``yield`` of a generator out of the block: its end may run in another ``contextvars.Context``. An ``async def``
    dependency of FastAPI with ``yield`` runs in one.

    Raises:
        TypeError: ``user_context`` is not a dict.
        RuntimeError: a block of the same object has not ended yet; or the block ends in another ``contextvars.Context``
            than it began in, so that it did not hold. Where it ends by an exception, that gets a note instead.
    """

    # A class: a generator under `contextmanager` takes three times as long, with every request.
    __slots__ = ("_former", "_user_context")

    def __init__(self, user_context: ContextT) -> None:
        as_context(user_context)
        self._user_context = user_context
        self._former: Former | None = None

    def __enter__(self) -> ContextT:
        """Make the context the current one."""
        if self._former is not None:  # what was current before the first block would be lost, and this one stay
            message = "This block has not ended yet: call use_context(...) anew for a block inside it or beside it."
            raise RuntimeError(message)
        self._former = set_current(self._user_context)
        return self._user_context

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: object) -> None:
        """Make current what was so before."""
        former, self._former = self._former, None
        if former is not None:
            try:
                _current.reset(former)
            except ValueError:
                tell_that_it_did_not_hold(error)


@overload
def current_context() -> UserContext: ...
@overload
def current_context(context_type: type[ContextT]) -> ContextT: ...
def current_context(context_type: type[UserContext] = UserContext) -> UserContext:
    """
    Return the context of the call under way: the same object that its functions are handed.

    Args:
        context_type: the TypedDict to see it as. It is a view for the type checker; nothing is copied or checked.

    Returns:
        The current context. With none current, an empty one that nobody else sees (law C7).
    """
    del context_type  # only for the type checker
    current = get_current()
    return UserContext() if isinstance(current, Absent) else current


@contextmanager
def root_context(user_context: UserContext | None = None) -> Generator[UserContext]:
    """
    Open a root call: a context that shares nothing with the one outside (law C4).

    Args:
        user_context: the context to start with; a new, empty one by default.
    """
    with use_context(UserContext() if user_context is None else user_context) as opened:
        yield opened


@contextmanager
def forked_context() -> Generator[UserContext]:
    """
    Open a copy of the current context, so that what is written inside the block stays inside.

    The copy is shallow: the values are shared, the keys are not.
    """
    with use_context(current_context().copy()) as copy:
        yield copy


def carry_context(function: Callable[P, R]) -> Callable[P, R]:
    """
    Bind a function to the context that is current now, for a thread or callback that would not inherit it.

    ``asyncio.to_thread`` and tasks take the context along by themselves; ``loop.run_in_executor`` and a bare
    ``threading.Thread`` do not.

    Returns:
        A function of the same signature, in which the context of this moment is current. It is for a synchronous
        function; hand a coroutine function its ``user_context`` explicitly.
    """
    current = get_current()

    def carried(*args: P.args, **kwargs: P.kwargs) -> R:
        token = set_current(current)
        try:
            return function(*args, **kwargs)
        finally:
            restore(token)

    return carried
