"""A function that may be overridden, as its interface or implementation declares it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, cast
from weakref import WeakKeyDictionary

from ._signature import signature_of

if TYPE_CHECKING:
    from types import CodeType

    from ._call_proof import CallProof
    from ._proof import Proof

AnyCall: TypeAlias = Callable[..., object]

CONTEXT = "user_context"
SOUND = "_authweave_sound"  # an attribute of a class whose declarations were looked at, and found without a fault
GENERATED = "<authweave: "  # begins the file name of generated code


class CallClasses(NamedTuple):
    """
    The classes of what the layers of a function are handed.

    Attributes:
        made: of what is made for one layer.
        lent: of what one layer lends to the next.
    """

    made: type
    lent: type


class Declaration:
    """
    A declared function, with what the composer needs to know of it.

    Attributes:
        declared: the function, as written.
        parameters: its parameters without self and ``user_context``.
        all_parameters: the same with ``user_context``.
        names: the names of all parameters.
        context_by_keyword: whether ``user_context`` goes by keyword only.
        defaults: the default values, by name.
        allows_plain: whether what stands in its place may return the result itself instead of an awaitable of it.
        call_classes: the classes of what layers are handed, by the class that a library declares.
        async_codes: the codes of links that show that they are async, by what they were.
        proofs: of the codes of overrides, by where each has its original; as long as there is the code.
        call_proofs: of the codes of overrides that are handed a call, likewise.
    """

    def __init__(self, declared: AnyCall, *, allows_plain: bool = False) -> None:
        check_method(declared)
        self.declared = declared
        self.name: str = declared.__name__
        self.all_parameters: tuple[inspect.Parameter, ...] = checked_parameters(declared)
        self.parameters: tuple[inspect.Parameter, ...] = self.all_parameters[:-1]
        self.names: tuple[str, ...] = tuple(each.name for each in self.all_parameters)
        self.context_by_keyword: bool = self.all_parameters[-1].kind is inspect.Parameter.KEYWORD_ONLY
        self.defaults: dict[str, object] = {
            each.name: each.default for each in self.parameters if each.default is not each.empty
        }
        self.is_async: bool = inspect.iscoroutinefunction(declared)
        self.allows_plain = allows_plain
        self.call_classes: dict[type, CallClasses] = {}
        self.async_codes: dict[CodeType, CodeType] = {}
        self.proofs: WeakKeyDictionary[CodeType, dict[int, Proof | None]] = WeakKeyDictionary()
        self.call_proofs: WeakKeyDictionary[CodeType, CallProof | None] = WeakKeyDictionary()
        self._generated: dict[str, AnyCall] = {}
        self._as_async: dict[bool, Declaration] = {}

    @property
    def title(self) -> str:
        """The name within the class: ``RecipeInterface.sign_up``."""
        return self.declared.__qualname__

    @property
    def must_be_awaited(self) -> str | None:
        """The title, for who returns what cannot be awaited; None where it may be the result itself."""
        return None if self.allows_plain else self.title

    def as_async(self, *, allows_plain: bool) -> Declaration:
        """Return the declaration of a function that stands in an async function's place."""
        if allows_plain not in self._as_async:
            declaration = Declaration(self.declared, allows_plain=allows_plain)
            declaration.is_async = True
            # Kept, for what is compiled for it takes ten times as long as composing.
            self._as_async[allows_plain] = declaration
        return self._as_async[allows_plain]

    def generate(self, kind: str, source: Callable[[str], str], names: Mapping[str, object]) -> AnyCall:
        """
        Return the function named ``bind`` that some source defines; each kind is compiled once.

        Args:
            kind: tells the sources apart, and is named in tracebacks.
            source: returns the source of a kind.
            names: the globals of the source, beside the default values.
        """
        if kind not in self._generated:
            namespace = {**names, "_defaults": self.defaults}
            code = compile(source(kind), f"{GENERATED}{kind} of {self.title}>", "exec")
            exec(code, namespace)  # noqa: S102  source of our own; parameter names are identifiers already
            self._generated[kind] = cast("AnyCall", namespace["bind"])  # as every source defines it
        return self._generated[kind]


def check_method(declared: object) -> None:
    """Refuse what is no method, by its qualified name where it has one."""
    if is_method(declared):
        return
    what = "a class" if isinstance(declared, type) else f"a {type(declared).__name__}"
    message = (
        f"{qualified_name(declared)} cannot be overridable: it is {what}; "
        f"write a method, which takes self, and {CONTEXT} last."
    )
    raise TypeError(message)


def is_method(declared: object) -> bool:
    """Return whether something that stands in a class is a method of its objects."""
    bound = callable(declared) and hasattr(declared, "__get__") and hasattr(declared, "__qualname__")
    return bound and not isinstance(declared, (type, staticmethod))  # a static method can be called


def qualified_name(declared: object) -> str:
    """Return the qualified name of what is no method: of a property's function, say."""
    named: object = getattr(declared, "fget", None) or getattr(declared, "func", None) or declared
    return str(getattr(named, "__qualname__", repr(declared)))


def checked_parameters(declared: AnyCall) -> tuple[inspect.Parameter, ...]:
    """Return the parameters after self, ``user_context`` among them."""
    _, *parameters = signature_of(declared, follow_wrapped=True).parameters.values()
    name = declared.__qualname__
    if any(parameter.kind in {parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD} for parameter in parameters):
        message = f"{name} cannot be overridable: spell its parameters out instead of *args or **kwargs."
        raise TypeError(message)
    if not parameters or parameters[-1].name != CONTEXT:
        message = f"{name} cannot be overridable: give it a last parameter named {CONTEXT}."
        raise TypeError(message)
    if inspect.isgeneratorfunction(declared) or inspect.isasyncgenfunction(declared):
        message = (
            f"{name} cannot be overridable: a generator runs after the call has ended; return what it would yield."
        )
        raise TypeError(message)
    if reserved := [parameter.name for parameter in parameters if parameter.name.startswith("_")]:
        message = f"{name} cannot be overridable: rename its parameter {reserved[0]!r}; a leading underscore is ours."
        raise TypeError(message)
    return tuple(parameters)
