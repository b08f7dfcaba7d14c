"""
The links of a chain: small generated functions that stand in front of a layer and keep the context right.

They are generated because they have to take exactly the interface's parameters: passing them on through ``*args``
costs twice as much as a hand-written call (``benchmarks/kernel.py``), and a wrong argument is to fail here, under
the function's own name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import CoroutineType, MethodType
from typing import TYPE_CHECKING, Final, Protocol, cast

from ._colour import await_result, makes_coroutines, mark_async
from ._context import ABSENT, Former, UserContext, as_context, get_current, restore, set_current
from ._declaration import CONTEXT

if TYPE_CHECKING:
    from inspect import Parameter
    from types import FunctionType

    from ._declaration import AnyCall, Declaration
    from ._within import Within

# Which context a call runs in: one handed over wins (C2); left out, it is the current one (C1); with none current, the
# call is a root call and gets one of its own (C4). Between layers the context is handed on, so that is tested first and
# alone; a function without overrides is called from outside, where leaving it out is as common.
#
# A link is bound to its layer, as a method is: each variable that a function has from around it costs a call more. So
# what makes a context current is a global, too, unless the object has its own (its journal's, or marked calls).
LINK = """
{entered_before}
def bind({own}):
{entered_inside}
    def {name}(_layer, {parameters}user_context=None):
        if user_context is _current():
            return {made}_layer({own_arguments}{by_keyword}user_context){kept}
        return _entered(_layer, {own_arguments}{by_keyword}user_context)
    return {name}
"""

# What a wrapper is handed it calls with `*args` as a rule, which takes longer with a method than with a function.
FUNCTION_LINK = """
{entered_before}
def bind(_layer, {own}):
{entered_inside}
    def {name}({parameters}user_context=None):
        if user_context is _current():
            return {made}_layer({own_arguments}{by_keyword}user_context){kept}
        return _entered(_layer, {own_arguments}{by_keyword}user_context)
    return {name}
"""

PLAIN = """
{entered_before}
def bind(_layer, {own}):
{entered_inside}
    def {name}({parameters}user_context=None):
        _context = _current()
        if user_context is None:
            if _context is not _ABSENT:
                return {made}_layer({own_arguments}{by_keyword}_context){kept}
        elif user_context is _context:
            return {made}_layer({own_arguments}{by_keyword}_context){kept}
        return _entered(_layer, {own_arguments}{by_keyword}user_context)
    return {name}
"""

# By the time that a coroutine is awaited there may be a context where there was none when it was called.
ENTERED = """
{async_}def _entered(_layer, {parameters}user_context=None):
    _context = _current()
    if user_context is None and _context is not _ABSENT:
        return {awaits}_layer({own_arguments}{by_keyword}_context){gives}
    user_context, _former = _begin(user_context){enter}
    try:
        return {awaits}_layer({own_arguments}{by_keyword}user_context){gives}
    finally:
        _restore(_former){leave}
"""

# The outermost link of a function that has overrides: the same, and a failing override is named (O8).
ENTRY = """
def bind({bound}, _blame, {own}):
    {async_}def {name}({parameters}user_context=None):
        _context = _current()
        _former = None{enter_deeper}
        if user_context is not _context:
            if user_context is None and _context is not _ABSENT:
                user_context = _context
            else:
                user_context, _former = _begin(user_context)
        try:
            {called}
        except Exception as _error:
            _blame(_error)
            raise
        finally:
            if _former is not None:
                _restore(_former){leave_deeper}
    return {name}
"""

# A layer that takes a call is handed an object that is made here. What stands in front of it does that in place:
# another frame would cost more than the object.
HANDED = """
def bind(_call, _below, _Made):
    def {name}({parameters}user_context=None):
        {make}
        return _call(_made)
    return {name}
"""

CALL_LINK = """
{entered_before}
def bind(_call, _below, _Made, _layer, {own}):
{entered_inside}
    def {name}({parameters}user_context=None):
        if user_context is _current():
            {make_deeper}
            return {made}_call(_made){kept}
        return _entered(_layer, {own_arguments}{by_keyword}user_context)
    return {name}
"""


# What a link in front of a plain `def` puts around its call: whoever calls an async function gets a coroutine.
MADE: Final = "_given if type(_given := "
KEPT: Final = ") is _Coroutine else _awaited(_given, {title!r})"

# What a link of an object whose calls are marked puts around them.
ENTER: Final = "\n_mark = _within.enter()"
LEAVE: Final = "\n    if _mark is not None:\n        _within.leave(_mark)"


class Begin(Protocol):
    """Makes a context current; with None, a new one."""

    def __call__(self, user_context: object, /) -> tuple[UserContext, Former]:
        """Return the context that is current now, and what restores the former one."""
        ...


def begin(user_context: object) -> tuple[UserContext, Former]:
    """Make a context current; with None, a new one, for a root call."""
    entered = UserContext() if user_context is None else as_context(user_context)
    return entered, set_current(entered)


# What all links use stands in their globals, which cost nothing to carry; what differs is bound.
LINK_GLOBALS: Final[Mapping[str, object]] = {
    "_current": get_current,
    "_ABSENT": ABSENT,
    "_begin": begin,
    "_restore": restore,
    "_Coroutine": CoroutineType,
    "_awaited": await_result,
}


class Linker:
    """Makes the links of one function of an interface."""

    def __init__(self, function: Declaration, begin: Begin, within: Within | None = None) -> None:
        self.function = function
        self.begin = begin
        self.within = within
        self.own = () if within is None and begin is LINK_GLOBALS["_begin"] else (begin, within)
        self._links: dict[bool, AnyCall] = {}

    def link(
        self, call: AnyCall, original: object, call_class: type | None = None, *, to_wrapper: bool = False
    ) -> AnyCall:
        """
        Stand in front of a layer, or of the implementation.

        Args:
            call: the layer.
            original: what it is handed first, unless that is None.
            call_class: the class of the call that it is handed instead of the parameters, with ``original`` in it:
                the link below; and, where that only stands in front of a layer that is handed a call of the same
                class, this layer, its own ``original`` and class; else what to call in the same context, and None
                twice.
            to_wrapper: whether it is handed to a wrapper.
        """
        checked = self.checks(call)
        layer = self._layer(call, original, call_class)
        if call_class is not None:
            return self._make(CALL_LINK, "link with a call", checked, call, original, call_class, layer)
        if to_wrapper:
            return self._make(FUNCTION_LINK, "link for a wrapper", checked, layer)
        if checked not in self._links:
            self._links[checked] = self._make(LINK, "link", checked)
        return MethodType(self._links[checked], layer)

    def plain(self, call: AnyCall) -> AnyCall:
        """Stand in front of the implementation of a function that has no overrides."""
        return self._make(PLAIN, "plain link", self.checks(call), call)

    def entry(
        self,
        call: AnyCall,
        original: object,
        blame: Callable[[Exception], None],
        call_class: type | None = None,
    ) -> AnyCall:
        """Stand in front of the outermost layer of a function that has overrides; otherwise as `link`."""
        checked = self.checks(call)
        if call_class is not None:
            return self._make(ENTRY, "entry with a call", checked, call, original, call_class, blame)
        return self._make(ENTRY, "entry", checked, self._layer(call, original, None), blame)

    def _layer(self, call: AnyCall, original: object, call_class: type | None) -> AnyCall:
        """Return a layer as a function with the interface's parameters."""
        if call_class is None:
            return call if original is None else MethodType(call, original)
        bind = self.function.generate("layer that is handed a call", lambda _: self._fill(HANDED), {})
        return cast("AnyCall", bind(call, original, call_class))  # as the template defines it

    def _make(self, template: str, kind: str, checked: bool, *bound: object) -> AnyCall:  # noqa: FBT001  what is bound comes last
        """Make a link, under the name under which Python tells of a wrong call."""
        made = self._bind(template, kind, checked=checked)(*bound, *self.own)
        link = cast("FunctionType", made)  # as every template defines one
        link.__qualname__ = self.function.title
        return mark_async(link, self.function.async_codes) if self.function.is_async else link

    def checks(self, call: AnyCall) -> bool:
        """Return whether the link in front of a layer looks at what that returned."""
        return self.function.is_async and not makes_coroutines(call)

    def _bind(self, template: str, kind: str, *, checked: bool) -> AnyCall:
        own = "" if not self.own else ", marked" if self.within else ", kept"
        return self.function.generate(
            f"{'checking ' if checked else ''}{kind}{own}",
            lambda _: self._fill(template, checked=checked, makes_call="call" in kind),
            LINK_GLOBALS,
        )

    def _fill(self, template: str, *, checked: bool = False, makes_call: bool = False) -> str:
        words = words_of(self.function)
        words["made"] = MADE if checked else ""
        words["kept"] = KEPT.format(title=self.function.must_be_awaited) if checked else ""
        words["awaits"] = f"await ({MADE}" if checked else words["await_"]
        words["gives"] = f"{words['kept']})" if checked else ""
        words["bound"] = "_call, _below, _Made" if makes_call else "_layer"
        words["called"] = (
            f"{indent(words['make'], 4)}\n            return {words['awaits']}_call(_made){words['gives']}"
            if makes_call
            else "return {awaits}_layer({own_arguments}{by_keyword}user_context){gives}".format(**words)
        )
        enter, leave = ("", "") if self.within is None else (ENTER, LEAVE)
        entered = ENTERED.format(**words, enter=indent(enter, 4), leave=indent(leave, 4))
        return template.format(
            **words,
            own="_begin, _within" if self.own else "",
            entered_before="" if self.own else entered,
            entered_inside=indent(entered, 4) if self.own else "",
            enter_deeper=indent(enter, 8),
            leave_deeper=indent(leave, 8),
            make_deeper=indent(words["make"], 4),
        )


def indent(source: str, by: int) -> str:
    """Put lines of source deeper, but for the first one, which stands where it is put."""
    return source.replace("\n", f"\n{' ' * by}")


def words_of(function: Declaration) -> dict[str, str]:
    """Return what sources that are generated for a function are made of."""
    slots = [*(parameter.name for parameter in function.parameters), CONTEXT]
    return {
        "name": function.name,
        "parameters": parameters_as_source(function),
        "own_arguments": "".join(f"{argument_as_source(parameter)}, " for parameter in function.parameters),
        "by_keyword": f"{CONTEXT}=" if function.context_by_keyword else "",
        "async_": "async " if function.is_async else "",
        "await_": "await " if function.is_async else "",
        "make": "\n        ".join(
            ["_made = _Made()", *(f"_made.{name} = {name}" for name in slots), "_made._below = _below"]
        ),
    }


def parameters_as_source(function: Declaration) -> str:
    """Return the parameters of a function as source, up to ``user_context``; defaults come from ``defaults``."""
    words: list[str] = []
    last_kind: object = None
    for parameter in function.parameters:
        if last_kind is parameter.POSITIONAL_ONLY and parameter.kind is not parameter.POSITIONAL_ONLY:
            words.append("/")
        if parameter.kind is parameter.KEYWORD_ONLY and last_kind is not parameter.KEYWORD_ONLY:
            words.append("*")
        default = "" if parameter.default is parameter.empty else f"=_defaults[{parameter.name!r}]"
        words.append(parameter.name + default)
        last_kind = parameter.kind
    if function.parameters and last_kind is function.parameters[-1].POSITIONAL_ONLY:
        words.append("/")
    if function.context_by_keyword and "*" not in words:
        words.append("*")
    return "".join(f"{word}, " for word in words)


def argument_as_source(parameter: Parameter) -> str:
    """Return how a parameter is passed on, as source."""
    return f"{parameter.name}={parameter.name}" if parameter.kind is parameter.KEYWORD_ONLY else parameter.name
