"""What a layer that takes a call is made of: the class of the call, and a function with the interface's parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NoReturn, cast

from ._colour import coroutine_of, makes_coroutines, mark_async
from ._declaration import CallClasses
from ._fit import colour_fault, fits_colour
from ._layer import blamer_of
from ._link import LINK_GLOBALS, indent, words_of
from ._signature import signature_of

if TYPE_CHECKING:
    from types import FunctionType

    from ._call import CallStyle
    from ._declaration import AnyCall, Declaration
    from ._layer import Layer

# What a layer is handed is of a class that is made for the function: a slot for each parameter, and what comes next.
# Where that takes a call too, `original` does what its link would do: a frame less for each layer. Where the layer is
# proved to lend its call (`_call_proof`), the next one is handed the same object, which then goes on from there.
CALL_CLASS: Final = """
def _go_on(self, _next):
    {go_on}
def bind(_Declared):
    class _Made(_Declared):
        __slots__ = {slots}
        __init__ = object.__init__
        def original(self):
            _next = self._below
            {go_on_deeper}
    class _Lent(_Made):
        __slots__ = ()
        def original(self):
            _call, _below, _next = self._below
            if _call is not None and self.user_context is _current():
                self._below = _below
                return _call(self)
            return _go_on(self, _next)
    return _Made, _Lent
"""
GO_ON: Final = """_link, _call, _below, _Next = _next
    if self.user_context is not _current():
        return _link({read}{by_keyword}self.user_context)
    if _Next is None:
        return _call({read}{by_keyword}self.user_context)
    _made = _Next()
    {copy}
    _made._below = _below
    return _call(_made)"""

ADAPTED: Final = """
def bind(_call, _goes_on, _below, _Made, _blame):
    {async_}def {name}({parameters}user_context=None):
        {steps}
    return {name}
"""

# A hook is handed a call of its own, before or after what it stands around has run with the parameters as they came.
# What it raises is its own doing; where in the chain it stands, a traceback could not tell, for nothing runs inside it.
LOOKS: Final = ("try:", "    {looks}", "except Exception as _error:", "    _blame(_error)", "    raise")
BEFORE: Final = "{await_}_call(_made)"
AFTER: Final = "{await_}_call(_made, _result)"
GOES_ON: Final = "{await_}_goes_on({own_arguments}{by_keyword}user_context)"
STEPS: Final = {
    "call": ("{make}", "return {await_}_call(_made)"),
    "before": ("{make}", *(line.replace("{looks}", BEFORE) for line in LOOKS), f"return {GOES_ON}"),
    "after": (f"_result = {GOES_ON}", "{make}", *(line.replace("{looks}", AFTER) for line in LOOKS), "return _result"),
}


def call_classes(function: Declaration, declared: type) -> CallClasses:
    """Make the classes of what layers are handed: subclasses of the class that a library declares."""
    known = function.call_classes.get(declared)
    if known is None:
        bind = function.generate("call", lambda _: class_source(function), LINK_GLOBALS)
        known = CallClasses(*cast("tuple[type, type]", bind(declared)))  # as the source defines them
        for each in known:
            each.__name__, each.__qualname__, each.__module__ = (
                declared.__name__,
                declared.__qualname__,
                declared.__module__,
            )
            original = cast("FunctionType", vars(each)["original"])  # as the source defines it
            original.__qualname__ = f"{declared.__qualname__}.original"
            if function.is_async:
                mark_async(original)
        function.call_classes[declared] = known
    return known


def class_source(function: Declaration) -> str:
    """Spell out classes with the parameters of a function."""
    words = words_of(function)
    read = "".join(
        f"{each.name}=self.{each.name}, " if each.kind is each.KEYWORD_ONLY else f"self.{each.name}, "
        for each in function.parameters
    )
    copy = "\n    ".join(f"_made.{name} = self.{name}" for name in function.names)
    go_on = GO_ON.format(copy=copy, read=read, **words)
    slots = (*function.names, "_below")
    return CALL_CLASS.format(slots=slots, go_on=go_on, go_on_deeper=indent(go_on, 8))


def adapt_call(function: Declaration, layer: Layer, call: AnyCall, below: AnyCall, declared: type) -> AnyCall:
    """
    Make a function with the interface's parameters of a layer that takes a call.

    Args:
        function: the function of the interface.
        layer: how the layer is told to people; its style says whether it goes on by itself, or looks before or after.
        call: the layer.
        below: what it stands around.
        declared: the class of the call.
    """

    def source(_: str) -> str:
        words = words_of(function)
        steps = "\n        ".join(STEPS[layer.style]).format(**words)
        return ADAPTED.format(steps=steps, **words)

    if function.is_async and not makes_coroutines(call):
        call = check_awaitable(call, function.must_be_awaited)
    bind = function.generate(f"layer that is handed a call ({layer.style})", source, LINK_GLOBALS)
    goes_on = below if layer.style == "call" else refuse_to_go_on
    handed = (goes_on, goes_on, None, None)
    adapted = bind(call, below, handed, call_classes(function, declared).made, blamer_of(layer))
    return cast("AnyCall", adapted)  # as the source defines it


def check_awaitable(call: AnyCall, title: str | None) -> AnyCall:
    """Have what a plain function in an async function's place returns awaited, or told that it cannot be."""

    def called(*handed: object) -> object:
        return coroutine_of(call(*handed), title)

    return called


def refuse_to_go_on(*_: object, **__: object) -> NoReturn:
    """Refuse to go on from a hook: what it stands around runs anyhow, once."""
    message = "A hook only looks, and what it stands around runs in any case: to decide that, write .override."
    raise TypeError(message)


def call_faults(function: Declaration, style: CallStyle, call: AnyCall, declared: type) -> list[str]:
    """Say what is wrong with a layer that takes a call."""
    faults = [] if fits_colour(function, call) else [colour_fault(function)]
    takes = ("the call", "its result") if style == "after" else ("the call",)
    try:
        signature = signature_of(call, follow_wrapped=False)
    except Exception:  # noqa: BLE001  a built-in callable that does not tell, an object that answers everything
        return faults  # taken at its word
    try:
        signature.bind(*takes)
    except TypeError:
        faults.append(
            f"{declared.__name__}.{'override' if style == 'call' else style} decorates a function that takes "
            f"{' and '.join(takes)}, and nothing else: {function.title} has its parameters as attributes of the call."
        )
    return faults
