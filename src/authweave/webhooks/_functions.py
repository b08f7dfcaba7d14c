"""The functions and APIs that a webhook can override: those that a recipe has a class of calls for."""

from __future__ import annotations

import difflib
import importlib
import importlib.util
import typing
from collections.abc import Iterator, Mapping
from typing import Any, Final, TypeAlias, get_args, get_origin

import attrs

from authweave.kernel import Call, Override
from authweave.types import ConfigurationError

from ._plain import travels

AnyAsyncCall: TypeAlias = Call[Any, Any, Any]  # Any: a call of whatever function

RECIPES: Final = "authweave.recipe"
APIS: Final = "apis."
OF_EVERY_CALL: Final = frozenset(typing.get_type_hints(Call)) | {"user_context"}


@attrs.frozen
class OverridableFunction:
    """
    A function, as a webhook sees it.

    Attributes:
        name: the recipe's id and the function's name (``emailpassword.sign_up``).
        call: the class of its calls.
        parameters: the types of those that travel as JSON, by name.
        result: the type of what it returns.
    """

    name: str
    call: type[AnyAsyncCall] = attrs.field(repr=False)
    parameters: Mapping[str, object] = attrs.field(repr=False)
    result: object = attrs.field(repr=False)


def function_of(call: type[AnyAsyncCall], recipe: str) -> OverridableFunction:
    """Return what a class of calls stands for."""
    hints = typing.get_type_hints(call)
    parameters = {name: declared for name, declared in hints.items() if name not in OF_EVERY_CALL}
    plain = {name: declared for name, declared in parameters.items() if travels(declared)}
    return OverridableFunction(f"{recipe}.{overridden(call).function}", call, plain, result_of(call))


def overridden(call: type[AnyAsyncCall]) -> Override[object]:
    """Return an override of what a class of calls stands for."""

    async def goes_on(of: AnyAsyncCall) -> object:
        result: object = await of.original()
        return result

    return call.override(goes_on)


def result_of(call: type[AnyAsyncCall]) -> object:
    """Return the type of what a function returns."""
    bases = (base for owner in call.__mro__ for base in vars(owner).get("__orig_bases__", ()))
    return next(get_args(base)[1] for base in bases if get_origin(base) is Call)


def classes_in(recipe: str) -> Iterator[type[AnyAsyncCall]]:
    """Return the classes of calls of one of the library's recipes; none where there is no such recipe."""
    if not recipe.isidentifier() or importlib.util.find_spec(f"{RECIPES}.{recipe}") is None:
        return
    if importlib.util.find_spec(f"{RECIPES}.{recipe}.calls") is None:
        return
    module = importlib.import_module(f"{RECIPES}.{recipe}.calls")
    for each in vars(module).values():
        if isinstance(each, type) and issubclass(each, Call) and each.__module__ == module.__name__:
            yield each


def function_named(name: str) -> OverridableFunction:
    """
    Return a function by its name: ``emailpassword.sign_up``, or an API, ``emailpassword.sign_up_post``.

    Raises:
        ConfigurationError: there is none.
    """
    recipe, dot, own = name.partition(".")
    known = {each.name: each for each in (function_of(call, recipe) for call in classes_in(recipe))}
    found = known.get(f"{recipe}{dot}{own.removeprefix(APIS)}")
    if found is None:
        near = difflib.get_close_matches(name, known, n=1)
        hint = (
            f"did you mean {near[0]!r}?" if near else "write the recipe's id and the function, emailpassword.sign_up."
        )
        message = f"function={name!r} is no function that can be overridden over HTTP: {hint}"
        raise ConfigurationError(message)
    return found
