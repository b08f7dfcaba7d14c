"""
The links of a chain: small generated functions that stand in front of a layer and keep the context right.

They are generated because they have to take exactly the interface's parameters: passing them on through ``*args``
costs twice as much as a hand-written call (``benchmarks/kernel.py``), and a wrong argument is to fail here, under
the function's own name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import CoroutineType
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
LINK = """
def bind(_call, _original, _Made, _begin, _within, _defaults):
    def {name}({parameters}user_context=None):
        if user_context is _current():
            {in_place}
        return _entered({own_arguments}{by_keyword}user_context)
{handed}{entered}
    return {name}
"""

PLAIN = """
def bind(_call, _original, _Made, _begin, _within, _defaults):
    def {name}({parameters}user_context=None):
        _context = _current()
        if user_context is None:
            if _context is not _ABSENT:
                return {made}_call({own_arguments}{by_keyword}_context){kept}
        elif user_context is _context:
            return {made}_call({own_arguments}{by_keyword}_context){kept}
        return _entered({own_arguments}{by_keyword}user_context)
{entered}
    return {name}
"""

# By the time that a coroutine is awaited there may be a context where there was none when it was called.
ENTERED = """
    {async_}def _entered({parameters}user_context=None):
        _context = _current()
        if user_context is None and _context is not _ABSENT:
            return {awaits}{called}_context){gives}
        user_context, _former = _begin(user_context){enter}
        try:
            return {awaits}{called}user_context){gives}
        finally:
            _restore(_former){leave}
"""

# The outermost link of a function that has overrides: the same, and a failing override is named (O8).
ENTRY = """
def bind(_call, _original, _Made, _begin, _within, _blame, _defaults):
    {async_}def {name}({parameters}user_context=None):
        _context = _current()
        _former = None{enter}
        if user_context is not _context:
            if user_context is None and _context is not _ABSENT:
                user_context = _context
            else:
                user_context, _former = _begin(user_context)
        try:
            return {awaits}{called}user_context){gives}
        except Exception as _error:
            _blame(_error)
            raise
        finally:
            if _former is not None:
                _restore(_former){leave}
{handed}
    return {name}
"""

# A layer that takes a call is handed an object that is made here. Every link does it in place: another frame for each
# layer would cost more than the object.
HANDED = """
    def _handed({parameters}user_context=None):
        {make}
        return _call(_made)
"""


# What a link in front of a plain `def` puts around its call: whoever calls an async function gets a coroutine.
MADE: Final = "_given if type(_given := "
KEPT: Final = ") is _Coroutine else _awaited(_given, {title!r})"

# What a link of an object whose calls are marked puts around them.
ENTER: Final = "\n        _mark = _within.enter()"
LEAVE: Final = "\n            if _mark is not None:\n                _within.leave(_mark)"

# What every link uses stands in its globals, which cost nothing to carry; what differs is bound.
LINK_GLOBALS: Final[Mapping[str, object]] = {
    "_current": get_current,
    "_ABSENT": ABSENT,
    "_restore": restore,
    "_Coroutine": CoroutineType,
    "_awaited": await_result,
}


class Begin(Protocol):
    """Makes a context current; with None, a new one."""

    def __call__(self, user_context: object, /) -> tuple[UserContext, Former]:
        """Return the context that is current now, and what restores the former one."""
        ...


def begin(user_context: object) -> tuple[UserContext, Former]:
    """Make a context current; with None, a new one, for a root call."""
    entered = UserContext() if user_context is None else as_context(user_context)
    return entered, set_current(entered)


class Linker:
    """Makes the links of one function of an interface."""

    def __init__(self, function: Declaration, begin: Begin, within: Within | None = None) -> None:
        self.function = function
        self.begin = begin
        self.within = within

    def link(self, call: AnyCall, original: object, call_class: type | None = None) -> AnyCall:
        """
        Stand in front of a layer, or of the implementation.

        Args:
            call: the layer.
            original: what it is handed first, unless that is None.
            call_class: the class of the call that it is handed instead of the parameters, with ``original`` in it:
                the link below; and, where that only stands in front of a layer that is handed a call of the same
                class, this layer and its own ``original``, else None twice.
        """
        bind = self._generate(LINK, "link", call, original, call_class)
        return self._name_link(bind(call, original, call_class, self.begin, self.within, self.function.defaults))

    def plain(self, call: AnyCall) -> AnyCall:
        """Stand in front of the implementation of a function that has no overrides."""
        bind = self._generate(PLAIN, "plain link", call, None, None)
        return self._name_link(bind(call, None, None, self.begin, self.within, self.function.defaults))

    def entry(
        self,
        call: AnyCall,
        original: object,
        blame: Callable[[Exception], None],
        call_class: type | None = None,
    ) -> AnyCall:
        """Stand in front of the outermost layer of a function that has overrides; otherwise as `link`."""
        bind = self._generate(ENTRY, "entry", call, original, call_class)
        return self._name_link(bind(call, original, call_class, self.begin, self.within, blame, self.function.defaults))

    def _name_link(self, made: object) -> AnyCall:
        """Give a link the name under which Python tells of a wrong call."""
        link = cast("FunctionType", made)  # as every template defines one
        link.__qualname__ = self.function.title
        return mark_async(link, self.function.async_codes) if self.function.is_async else link

    def checks(self, call: AnyCall) -> bool:
        """Return whether the link in front of a layer looks at what that returned."""
        return self.function.is_async and not makes_coroutines(call)

    def _generate(self, template: str, kind: str, call: AnyCall, original: object, call_class: type | None) -> AnyCall:
        first = "" if original is None or call_class is not None else "_original, "
        form = "with a call" if call_class is not None else "with original" if first else "alone"
        checked = self.checks(call)
        return self.function.generate(
            f"{'checking ' if checked else ''}{kind} {form}{'' if self.within is None else ', marked'}",
            lambda _: self._fill(template, first, makes_call=call_class is not None, checked=checked),
            LINK_GLOBALS,
        )

    def _fill(self, template: str, first: str, *, makes_call: bool, checked: bool) -> str:
        words = words_of(self.function)
        own, by_keyword, make = words["own_arguments"], words["by_keyword"], words["make"]
        words["made"] = MADE if checked else ""
        words["kept"] = KEPT.format(title=self.function.must_be_awaited) if checked else ""
        words["awaits"] = f"await ({MADE}" if checked else words["await_"]
        words["gives"] = f"{words['kept']})" if checked else ""
        words["called"] = f"_handed({own}{by_keyword}" if makes_call else f"_call({first}{own}{by_keyword}"
        words["in_place"] = (
            f"{make.replace(NEW_LINE, DEEPER)}{DEEPER}return {words['made']}_call(_made){words['kept']}"
            if makes_call
            else f"return {words['made']}{words['called']}user_context){words['kept']}"
        )
        words["enter"], words["leave"] = ("", "") if self.within is None else (ENTER, LEAVE)
        words["handed"] = HANDED.format(**words) if makes_call else ""
        return template.format(**words, entered=ENTERED.format(**words))


NEW_LINE: Final = "\n        "
DEEPER: Final = f"{NEW_LINE}    "


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
        "make": NEW_LINE.join(
            ["_made = _Made()", *(f"_made.{name} = {name}" for name in slots), "_made._below = _original"]
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
