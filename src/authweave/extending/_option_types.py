"""
Whether a value is of the type that an annotation says, as far as that can be seen without using it.

Not by a library for such checks: typeguard and beartype show values in their messages, which may be secrets, take a
bool for a number and NaN for a time, and know nothing of functions that have to be ``async``, or may not be.
"""

from __future__ import annotations

import inspect
import math
import types
from collections.abc import Awaitable, Callable, Collection, Coroutine, Iterator, Mapping, Sequence
from typing import Annotated, Any, Final, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

import attrs
from typing_extensions import get_protocol_members, is_protocol, is_typeddict

from authweave.kernel import Override, takes
from authweave.types import Options

PLAIN: Final[Mapping[object, str]] = {
    bool: "True or False",
    int: "a whole number",
    float: "a finite number",
    str: "a text (str)",
    bytes: "bytes",
    type(None): "None",
    Callable: "a function",
    type: "a class",
    tuple: "a tuple",
    Sequence: "a list or tuple",
    Collection: "a set, list or tuple",
    Mapping: "a mapping (dict)",
}
"""What messages call types that have better names than their own."""

ANYTHING: Final[tuple[object, ...]] = (Any, object)
CONTEXTS: Final = ("Any", "UserContext", "dict")
"""What the last argument of a callback is, where that is the context: applications declare keys of their own."""

AWAITABLES: Final[tuple[object, ...]] = (Awaitable, Coroutine)
UNIONS: Final[tuple[object, ...]] = (Union, types.UnionType)


def faults_of(path: str, value: object, hint: object) -> Iterator[str]:
    """
    Say what is wrong with a value, in sentences that begin with its path (``claims[0]``) and show no value.

    Args:
        path: what the value is called.
        value: what was handed over.
        hint: what its annotation says. What is not understood, a type variable for example, is met by everything.
    """
    members = members_of(hint)
    fitting = [each for each in members if is_of(value, each)]
    is_override = any(origin_of(each) is Override for each in members)  # told with its line where it is composed
    if fitting and not is_override and not any(is_called_by(value, each) for each in fitting):
        yield f"{path} does not fit: it is called with ({min(map(parameters_of, fitting), key=len)})."
        return
    if not fitting:
        kind, what = kind_of(value, members), list(dict.fromkeys(map(describe_wanted, members)))
        if kind in what:  # another class of the same name
            kind, what[what.index(kind)] = f"{kind} of {type(value).__module__}", f"{kind} of {module_in(members)}"
        yield f"{path} is {kind}: it has to be {', or '.join(what)}{advice(path, value, members)}."
        return
    within = [list(inner_faults(path, value, each)) for each in fitting]
    if all(within):
        yield from within[0]


def inner_faults(path: str, value: object, hint: object) -> Iterator[str]:
    """Say what is wrong within a value that is of the right kind: fields, values by key, elements."""
    arguments = get_args(hint)
    kind = type(value)
    if isinstance(value, Options) and attrs.has(kind):
        hints = hints_of(kind)
        for field in attrs.fields(kind):
            yield from faults_of(f"{path}.{field.name}", getattr(value, field.name), hints[field.name])
    elif isinstance(value, Mapping) and len(arguments) == 2:  # noqa: PLR2004  of keys and of values
        for key, each in cast("Mapping[object, object]", value).items():  # of what, isinstance does not tell
            yield from faults_of(f"a key of {path}", key, arguments[0])
            yield from faults_of(f"{path}[{key!r}]" if isinstance(key, str) else path, each, arguments[1])
    elif is_sequence(origin_of(hint)) and arguments:
        for number, each in enumerate(cast("Sequence[object]", value)):  # of the kind that the hint says
            yield from faults_of(f"{path}[{number}]", each, arguments[0])


def advice(path: str, value: object, members: Sequence[object]) -> str:
    """Say what to write where a value would do as an element of a list, or as the first field of what is wanted."""
    name, shown = path.rpartition(".")[2], f"{type(value).__name__}(...)"
    for each in members:
        origin, arguments = origin_of(each), get_args(each)
        if not isinstance(value, Options):
            break
        if is_sequence(origin) and arguments and not list(faults_of(path, value, arguments[0])):
            return f": write {name}=[{shown}]"
        if isinstance(origin, type) and issubclass(origin, Options) and attrs.has(origin):
            first = attrs.fields(origin)[0].name
            if not list(faults_of(path, value, hints_of(origin)[first])):
                return f": write {origin.__name__}({shown})"
    return ""


def is_of(value: object, hint: object) -> bool:
    """Return whether a value is of one type, leaving out what is within it."""
    origin = origin_of(hint)
    if origin is Literal:
        return any(type(value) is type(each) and value == each for each in get_args(hint))
    if is_of_functions(hint):
        return callable(value) and (may_be_awaited(hint) or not is_async(value))
    if not isinstance(origin, type):
        return True
    if is_protocol(origin):
        return all(hasattr(value, name) for name in get_protocol_members(origin))
    return is_instance(value, origin)


def is_called_by(value: object, hint: object) -> bool:
    """Return whether a function takes what it is called with, as far as that is known; what is none is not called."""
    if not is_of_functions(hint) or not callable(value):
        return True
    if origin_of(hint) is Callable:
        arguments = arguments_of(hint)
        return arguments is None or takes(value, len(arguments))
    parameters = call_of(hint)
    by_name = [each.name for each in parameters if each.kind is each.KEYWORD_ONLY]
    return takes(value, len(parameters) - len(by_name), *by_name)


def parameters_of(hint: object) -> str:
    """Write what a function is called with: by their names where a protocol has them, or else by their types."""
    if origin_of(hint) is not Callable:
        return ", ".join(f"{each.name}=" if each.kind is each.KEYWORD_ONLY else each.name for each in call_of(hint))
    types = [list(map(name_of, members_of(each))) for each in arguments_of(hint) or ()]
    if len(types) > 1 and types[-1][0] in CONTEXTS:
        types[-1] = ["user_context"]
    return ", ".join(map(" | ".join, types))


def arguments_of(hint: object) -> Sequence[object] | None:
    """Return the types of what a function is called with, by their positions; None where a ``Callable`` says none."""
    first: object = next(iter(get_args(hint)), ...)
    return cast("Sequence[object]", first) if isinstance(first, list) else None  # typing makes it, of types


def call_of(protocol: object) -> list[inspect.Parameter]:
    """Return the parameters of a protocol that says how to call something, but those that may be any number."""
    parameters = list(inspect.signature(call_method(protocol)).parameters.values())[1:]
    return [each for each in parameters if each.kind not in {each.VAR_POSITIONAL, each.VAR_KEYWORD}]


def call_method(protocol: object) -> Callable[..., object]:
    """Return how a protocol says that something is called."""
    method: object = getattr(origin_of(protocol), "__call__")  # noqa: B004, B009  is_of_functions has seen it
    return cast("Callable[..., object]", method)  # a class has its methods as functions


def name_of(hint: object) -> str:
    """Write a type."""
    return "None" if hint is type(None) else getattr(origin_of(hint), "__name__", "") or str(hint).rpartition(".")[2]


def is_instance(value: object, kind: type) -> bool:
    """Return whether a value is of a class. A bool is no number here, a text no list, and NaN is nothing."""
    if kind is float:
        return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    if kind is int:
        return isinstance(value, int) and not isinstance(value, bool)
    if is_typeddict(kind):
        return isinstance(value, Mapping)
    return isinstance(value, kind) and not (is_sequence(kind) and isinstance(value, (str, bytes)))


def describe_wanted(hint: object) -> str:
    """Say what is wanted."""
    origin = origin_of(hint)
    if origin is Literal:
        return f"one of {', '.join(map(repr, get_args(hint)))}"
    if is_of_functions(hint):
        return "a function" if may_be_awaited(hint) else "a function that is not async"
    return PLAIN.get(origin) or with_article(getattr(origin, "__name__", repr(origin)))


def kind_of(value: object, members: Sequence[object]) -> str:
    """Name the type of a value, and no more of it: it may be a secret."""
    if value is None:
        return "None"
    if any(map(is_of_functions, members)) and callable(value) and is_async(value):
        return "async"
    if isinstance(value, float) and not math.isfinite(value):
        return "no finite number (float)"
    if isinstance(value, type):
        return f"the class {value.__name__}"
    return with_article(type(value).__name__)


def module_in(members: Sequence[object]) -> str:
    """Return where the first class of several types is defined."""
    classes = [each for each in map(origin_of, members) if isinstance(each, type)]
    return classes[0].__module__ if classes else ""


def with_article(name: str) -> str:
    """Put an article before the name of a class."""
    vowel = name[0] in "aeiouAEIOU" and not name.startswith("User")
    return f"{'an' if vowel else 'a'} {name}"


def is_of_functions(hint: object) -> bool:
    """Return whether a function is wanted: by ``Callable``, or by a protocol that says no more than how to call it."""
    origin = origin_of(hint)
    if isinstance(origin, type) and is_protocol(origin):
        return set(get_protocol_members(origin)) == {"__call__"}
    return origin is Callable


def may_be_awaited(hint: object) -> bool:
    """Return whether what a wanted function returns is awaited where it can be."""
    origin, arguments = origin_of(hint), get_args(hint)
    if origin is Callable:
        returned: object = arguments[-1] if arguments else Any
    else:
        returned = hints_of(call_method(hint)).get("return", Any)
    # Of a type variable nothing is known: that of an override's function is looked at where it is composed.
    return any(origin_of(each) is None or is_one_of(origin_of(each), AWAITABLES) for each in members_of(returned))


def is_async(value: object) -> bool:
    """Return whether calling a value makes a coroutine, as far as its definition says."""
    method: object = getattr(value, "__call__", None)  # noqa: B004  of an object that is called like a function
    return inspect.iscoroutinefunction(value) or inspect.iscoroutinefunction(method)


def is_sequence(kind: object) -> bool:
    """Return whether a class is a kind of sequence, other than of characters."""
    return isinstance(kind, type) and issubclass(kind, Sequence) and not issubclass(kind, (str, bytes))


def members_of(hint: object) -> list[object]:
    """Return the types that a hint names, one or several: those of unions in unions too."""
    while get_origin(hint) is Annotated or hasattr(hint, "__value__"):  # an alias of Python 3.12 has a value
        hint = get_args(hint)[0] if get_origin(hint) is Annotated else getattr(hint, "__value__", Any)
    if is_one_of(origin_of(hint), UNIONS):
        return [member for each in get_args(hint) for member in members_of(each)]
    return [type(None) if hint is None else hint]


def origin_of(hint: object) -> object:
    """Return the class of a hint without its arguments; that of a type variable or of what is not resolved is none."""
    if is_one_of(hint, ANYTHING) or isinstance(hint, (str, TypeVar)):
        return None
    return cast("object", get_origin(hint)) or hint  # typed Any where it is not overloaded


def is_one_of(hint: object, several: tuple[object, ...]) -> bool:
    """Return whether a hint is one of several, as it is written."""
    return any(hint is each for each in several)


def hints_of(annotated: Callable[..., object] | type) -> Mapping[str, object]:
    """Return the annotations of a function's parameters, or of a class's fields, resolved."""
    return get_type_hints(annotated)
