"""A small interface for the tests of the kernel: one async function, one sync, and ready-made overrides."""

from collections.abc import Callable, Coroutine
from typing import Any, Protocol

from typing_extensions import override as overrides

from authweave.kernel import Call, Interface, SyncCall, UserContext, overridable


class AppContext(UserContext, total=False):
    """What the tests write into a context."""

    mark: str
    other: str


class GreeterInterface(Interface[AppContext], Protocol):
    """Greets, and shouts."""

    @overridable
    async def greet(self, name: str, greeting: str, user_context: AppContext) -> str:
        """Greet somebody."""
        ...

    @overridable
    def shout(self, name: str, user_context: AppContext) -> str:
        """Say a name loudly."""
        ...


class Greeter(GreeterInterface):
    """Greets politely."""

    def __init__(self, config: str = "config") -> None:
        self.config = config

    @overridable
    @overrides
    async def greet(self, name: str, greeting: str, user_context: AppContext) -> str:
        return f"{greeting}, {self.shout(name, user_context)}"

    @overridable
    @overrides
    def shout(self, name: str, user_context: AppContext) -> str:
        return name.upper()


class Greet(Protocol):
    """The original of `greet`."""

    def __call__(
        self, name: str, greeting: str, user_context: AppContext
    ) -> Coroutine[Any, Any, str]:  # Any: never sent to
        """Greet somebody."""
        ...


class Shout(Protocol):
    """The original of `shout`."""

    def __call__(self, name: str, user_context: AppContext) -> str:
        """Say a name loudly."""
        ...


class GreetCall(Call[GreeterInterface, str, AppContext], function="greet"):
    """A call of `greet`, for overrides in the call style."""

    name: str
    greeting: str


class ShoutCall(SyncCall[GreeterInterface, str, AppContext], function="shout"):
    """A call of `shout`."""

    name: str


def implementation() -> GreeterInterface:
    """Make an implementation, seen as its interface."""
    return Greeter()


def untyped(function: object) -> Callable[..., Any]:  # Any: for calls that the types forbid and the run time allows
    """See a function as one that takes anything."""
    assert callable(function)
    return function
