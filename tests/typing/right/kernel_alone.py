"""The kernel in a library that has nothing to do with authentication: a greeter whose functions may be overridden."""

from collections.abc import Callable, Coroutine
from typing import Any, Protocol, assert_type

from typing_extensions import TypeVar
from typing_extensions import override as overrides_base

from authweave.kernel import (
    CompositionError,
    Fault,
    FaultReport,
    Interface,
    Override,
    UserContext,
    compose,
    explain,
    overridable,
    override,
    overriding,
    wrap,
)

C_contra = TypeVar("C_contra", bound=UserContext, default=UserContext, contravariant=True)


# program: an interface of sync and async functions, with defaults and keyword-only parameters
class Greeter(Interface[C_contra], Protocol[C_contra]):
    @overridable
    def greet(self, name: str, greeting: str = "Hello", *, loud: bool = False, user_context: C_contra) -> str: ...

    @overridable
    async def fetch(self, address: str, user_context: C_contra) -> bytes | None: ...


# program: an implementation of it
class PlainGreeter(Greeter[C_contra]):
    def __init__(self, mark: str) -> None:
        self.mark = mark

    @overridable
    @overrides_base
    def greet(self, name: str, greeting: str = "Hello", *, loud: bool = False, user_context: C_contra) -> str:
        text = f"{greeting}, {name}{self.mark}"
        return text.upper() if loud else text

    @overridable
    @overrides_base
    async def fetch(self, address: str, user_context: C_contra) -> bytes | None:
        greeted = self.greet(address, user_context=user_context)
        return assert_type(greeted, str).encode()


# program: an interface that is not generic
class Counter(Interface, Protocol):
    @overridable
    def count(self, words: list[str], user_context: UserContext) -> int: ...


class PlainCounter(Counter):
    @overridable
    @overrides_base
    def count(self, words: list[str], user_context: UserContext) -> int:
        return len(words)


class Seen(UserContext, total=False):
    seen: list[str]


# program: an override of a sync function with a default and a keyword-only parameter
class Greet(Protocol[C_contra]):
    def __call__(self, name: str, greeting: str = "Hello", *, loud: bool = False, user_context: C_contra) -> str: ...


@override(Greeter[Seen].greet)
def remember(
    original: Greet[Seen], name: str, greeting: str = "Hello", *, loud: bool = False, user_context: Seen
) -> str:
    user_context.setdefault("seen", []).append(name)
    return original(name, greeting, loud=loud, user_context=user_context)


assert_type(remember, Override[Greeter[Seen]])


# program: an override of an async function, its original annotated as a Callable
@override(Greeter[Seen].fetch)
async def never_fetch(
    original: Callable[[str, Seen], Coroutine[Any, Any, bytes | None]], address: str, user_context: Seen
) -> bytes | None:
    if address in user_context.get("seen", []):
        return None
    return await original(address, user_context)


# program: an override of an interface that is not generic
@override(Counter.count)
def count_more(original: Callable[[list[str], UserContext], int], words: list[str], user_context: UserContext) -> int:
    return original([*words, "more"], user_context)


# program: composing an implementation gives an object of the overrides' interface
greeter = compose(PlainGreeter[Seen]("!"), [remember, never_fetch])
assert_type(greeter, Greeter[Seen])

# program: composing without overrides keeps the implementation's type
plain = compose(PlainGreeter[Seen]("!"))
assert_type(plain, PlainGreeter[Seen])
assert_type(plain.mark, str)

# program: composing an object that is seen as its interface
as_interface: Greeter[Seen] = PlainGreeter[Seen]("?")
assert_type(compose(as_interface, [remember]), Greeter[Seen])

# program: composing in two steps
inner = compose(PlainGreeter[Seen]("."), [never_fetch])
assert_type(compose(inner, [remember]), Greeter[Seen])


# program: calling composed functions by position, by keyword and with defaults
async def use_greeter() -> None:
    assert_type(greeter.greet("Ada", user_context={}), str)
    assert_type(greeter.greet("Ada", "Hi", loud=True, user_context=Seen(seen=[])), str)
    assert_type(greeter.greet(name="Ada", user_context={"seen": []}), str)
    assert_type(await greeter.fetch("here", {}), bytes | None)
    assert_type(await greeter.fetch(address="here", user_context={}), bytes | None)


# program: a SuperTokens-style override of a sync function
def shout(original_implementation: Greeter[Seen]) -> Greeter[Seen]:
    original_greet = original_implementation.greet

    def greet(name: str, greeting: str = "Hello", *, loud: bool = False, user_context: Seen) -> str:
        return original_greet(name, greeting, loud=loud, user_context=user_context).upper()

    original_implementation.greet = greet
    return original_implementation


compose(as_interface, [shout, remember])


# program: a SuperTokens-style override that reads what the implementation has
def mark(original_implementation: PlainGreeter[Seen]) -> PlainGreeter[Seen]:
    end = assert_type(original_implementation.mark, str)
    original_greet = original_implementation.greet

    def greet(name: str, greeting: str = "Hello", *, loud: bool = False, user_context: Seen) -> str:
        return original_greet(name, greeting, loud=loud, user_context=user_context) + end

    original_implementation.greet = greet
    return original_implementation


compose(PlainGreeter[Seen]("!"), [mark])


# program: an override for a wide context fits an interface of a narrower one
@override(Greeter[UserContext].greet)
def polite(
    original: Greet, name: str, greeting: str = "Hello", *, loud: bool = False, user_context: UserContext
) -> str:
    return original(f"dear {name}", greeting, loud=loud, user_context=user_context)


compose(as_interface, [polite, remember])


# program: wrapping a sync function
class Count(Protocol):
    def __call__(self, words: list[str], user_context: UserContext) -> int: ...


def doubled(original: Count) -> Count:
    def count(words: list[str], user_context: UserContext) -> int:
        return 2 * original(words, user_context)

    return count


assert_type(compose(PlainCounter(), [wrap(Counter.count, doubled), count_more]), Counter)

# program: overriding a composed object for a block
with overriding(greeter, [remember], inherit=True) as scoped:
    assert_type(scoped, Greeter[Seen])

# program: who overrides what
for function in explain(greeter):
    assert_type(function.name, str)
    assert_type([layer.line for layer in function.layers], list[int])


# program: faults of two compositions in one error
def faults_of_both() -> tuple[Fault, ...]:
    report = FaultReport()
    compose(PlainCounter(), [count_more], report=report)
    compose(as_interface, [polite], report=report)
    try:
        report.raise_if_any()
    except CompositionError as error:
        return error.faults
    return ()
