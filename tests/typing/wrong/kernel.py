"""The kernel alone: a greeter."""

from collections.abc import Callable
from typing import ParamSpec, Protocol, TypeVar

from typing_extensions import override as overrides_base

from authweave.kernel import Interface, UserContext, compose, overridable, override, overriding, wrap

P = ParamSpec("P")
R = TypeVar("R")


class Greet(Protocol):
    def __call__(self, name: str, *, loud: bool = False, user_context: UserContext) -> str: ...


class Greeter(Interface, Protocol):
    @overridable
    def greet(self, name: str, *, loud: bool = False, user_context: UserContext) -> str: ...

    @overridable
    async def fetch(self, address: str, user_context: UserContext) -> bytes: ...


class PlainGreeter(Greeter):
    @overridable
    @overrides_base
    def greet(self, name: str, *, loud: bool = False, user_context: UserContext) -> str:
        return name.upper() if loud else name

    @overridable
    @overrides_base
    async def fetch(self, address: str, user_context: UserContext) -> bytes:
        return address.encode()


class Other(Interface, Protocol):
    @overridable
    def count(self, words: list[str], user_context: UserContext) -> int: ...


# program: an async function overrides a sync one
@override(Greeter.greet)  # wrong: init, all but zuban
async def asynchronous(original: Greet, name: str, *, loud: bool = False, user_context: UserContext) -> str:
    return original(name, loud=loud, user_context=user_context)


compose(PlainGreeter(), [asynchronous])


# program: a keyword-only parameter is taken by position (it is handed over as the override takes it)
@override(Greeter.greet)  # wrong: all but zuban
def by_position(original: Greet, loud: bool, name: str, user_context: UserContext) -> str:
    return original(name, loud=loud, user_context=user_context)


compose(PlainGreeter(), [by_position])


# program: a default is left out (the interface's own is used)
@override(Greeter.greet)  # wrong: all but zuban
def no_default(original: Greet, name: str, *, loud: bool, user_context: UserContext) -> str:
    return original(name, loud=loud, user_context=user_context)


compose(PlainGreeter(), [no_default])


# program: an override of another interface
@override(Other.count)  # wrong: init
def counted(
    original: Callable[[list[str], UserContext], int], words: list[str], user_context: UserContext
) -> int:
    return original(words, user_context)


greeter: Greeter = compose(PlainGreeter(), [counted])  # wrong: all but zuban


# program: an implementation lacks a function
class HalfGreeter(Greeter):
    @overridable
    @overrides_base
    def greet(self, name: str, *, loud: bool = False, user_context: UserContext) -> str:
        return name


compose(HalfGreeter())  # wrong: init, all but ty, pyrefly


# program: an implementation's parameter has another name
class RenamedGreeter(PlainGreeter):
    @overridable  # wrong: init
    @overrides_base
    async def fetch(self, url: str, user_context: UserContext) -> bytes:  # wrong: all but mypy, zuban
        return url.encode()


compose(RenamedGreeter())


# program: an implementation's function is not marked as overridable
class UnmarkedGreeter(PlainGreeter):
    @overrides_base  # wrong: init
    async def fetch(self, address: str, user_context: UserContext) -> bytes:  # wrong: pyright, basedpyright, pyrefly
        return address.encode()


compose(UnmarkedGreeter())


# program: a class that implements nothing is composed
compose(object())  # wrong: init


# program: a function of an interface has no user context
class Contextless(Interface, Protocol):  # wrong: init
    @overridable
    def greet(self, name: str) -> str: ...


# program: a function of an interface takes any arguments
class Anything(Interface, Protocol):  # wrong: init
    @overridable
    def greet(self, *names: str, user_context: UserContext) -> str: ...


# program: a composed function is called with a misspelt keyword
def call_misspelt(greeter: Greeter) -> str:
    return greeter.greet(nmae="Ada", user_context={})  # wrong: all but zuban


# program: a composed function is called without its user context
def call_without_context(greeter: Greeter) -> str:
    return greeter.greet("Ada")  # wrong: all but zuban


# program: a composed function is called with a positional argument for a keyword
def call_by_position(greeter: Greeter) -> str:
    return greeter.greet("Ada", True, user_context={})  # wrong: all but zuban


# program: a composed function's result is of another type
def call_for_number(greeter: Greeter) -> int:
    return greeter.greet("Ada", user_context={})  # wrong: all but zuban


# program: a composed async function is not awaited
async def call_not_awaited(greeter: Greeter) -> str:
    return greeter.fetch("here", {}).decode()  # wrong: all


# program: a function is called on the interface instead of an object
def call_on_interface() -> str:
    return Greeter.greet("Ada", user_context={})  # wrong: all but zuban


# program: an interface is made as if it were an implementation
def make_interface() -> Greeter:
    return Greeter()  # wrong: all


# program: a function of a composed object is replaced
def shout(name: str, *, loud: bool = False, user_context: UserContext) -> str:
    return name.upper()


composed = compose(PlainGreeter())
composed.greet = shout  # wrong: init


# program: something is overridden for a block that was not composed
with overriding(PlainGreeter(), []):  # wrong: init
    pass


# program: a wrapper changes the result
def lengths(original: Callable[P, str]) -> Callable[P, int]:
    def length(*args: P.args, **kwargs: P.kwargs) -> int:
        return len(original(*args, **kwargs))

    return length


wrap(Greeter.greet, lengths)  # wrong: all but zuban


# program: a wrapper returns nothing
def nothing(original: Callable[P, R]) -> None:  # wrong: init
    del original


compose(PlainGreeter(), [wrap(Greeter.greet, nothing)])  # wrong: all


# program: a wrapper is called instead of handed over
def same(original: Callable[P, R]) -> Callable[P, R]:
    return original


wrap(Greeter.greet, same())  # wrong: init, all


# program: a wrapper of sync functions around an async one
def upper(original: Callable[P, str]) -> Callable[P, str]:
    def uppered(*args: P.args, **kwargs: P.kwargs) -> str:
        return original(*args, **kwargs).upper()

    return uppered


wrap(Greeter.fetch, upper)  # wrong: all


# program: an async wrapper around a sync function
def slow(original: Callable[P, R]) -> Callable[P, R]:
    async def slowed(*args: P.args, **kwargs: P.kwargs) -> R:  # wrong: init
        return original(*args, **kwargs)

    return slowed  # wrong: all


compose(PlainGreeter(), [wrap(Greeter.greet, slow)])


# program: a wrapper passes on only some of the arguments
def positional(original: Callable[P, R]) -> Callable[P, R]:
    def passed(*args: P.args, **kwargs: P.kwargs) -> R:
        return original(*args)  # wrong: all

    return passed


# program: a name that the kernel does not have
from authweave.kernel import wrap_every  # wrong: init, all
