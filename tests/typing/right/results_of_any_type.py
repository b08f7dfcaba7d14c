"""Functions of an interface whose result is `Any`, `NoReturn` or of a type variable of their own."""

from collections.abc import Callable, Coroutine
from typing import Any, NoReturn, Protocol, TypeVar, assert_type

from typing_extensions import TypeVar as TypeVarWithDefault

from authweave.kernel import Interface, UserContext, compose, overridable, override

C_contra = TypeVarWithDefault("C_contra", bound=UserContext, default=UserContext, contravariant=True)
T = TypeVar("T")


class Cache(Interface[C_contra], Protocol[C_contra]):
    @overridable
    def get(self, key: str, user_context: C_contra) -> Any: ...

    @overridable
    def stop(self, reason: str, user_context: C_contra) -> NoReturn: ...

    @overridable
    def load(self, kind: type[T], user_context: C_contra) -> T: ...

    @overridable
    async def fetch(self, kind: type[T], user_context: C_contra) -> T: ...

    @overridable
    async def ask(self, key: str, user_context: C_contra) -> Any: ...


class Seen(UserContext, total=False):
    keys: list[str]


# program: a result that is Any is no coroutine
def length(cache: Cache[Seen], context: Seen) -> int:
    number: int = cache.get("key", context) + 1
    return number


# program: a result that is NoReturn stays one
def stopped(cache: Cache[Seen], context: Seen) -> int:
    cache.stop("the end", context)


# program: a result of a type variable, called
async def loaded(cache: Cache[Seen], context: Seen) -> None:
    assert_type(cache.load(int, context), int)
    assert_type(cache.load(kind=str, user_context=context), str)
    assert_type(await cache.fetch(int, context), int)
    assert_type(await cache.ask("key", context), Any)


# program: a result of a type variable, overridden
@override(Cache[Seen].load)
def remember(original: Callable[[type[T], Seen], T], kind: type[T], user_context: Seen) -> T:
    user_context.setdefault("keys", []).append(kind.__name__)
    return original(kind, user_context)


@override(Cache[Seen].fetch)
async def remember_fetched(
    original: Callable[[type[T], Seen], Coroutine[Any, Any, T]], kind: type[T], user_context: Seen
) -> T:
    return await original(kind, user_context)


# program: a result that is Any, overridden
@override(Cache[Seen].get)
def counted(original: Callable[[str, Seen], Any], key: str, user_context: Seen) -> Any:
    return original(key, user_context)


# program: a result of a type variable, in SuperTokens style
def seed(original_implementation: Cache[Seen]) -> Cache[Seen]:
    original_load = original_implementation.load

    def load(kind: type[T], user_context: Seen) -> T:
        return original_load(kind, user_context)

    original_implementation.load = load
    return original_implementation


def all_of_them(cache: Cache[Seen]) -> Cache[Seen]:
    return compose(cache, [remember, remember_fetched, counted, seed])
