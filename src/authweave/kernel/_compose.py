"""The composer: puts overrides around an implementation, in order, and checks that they fit."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, TypeVar, cast

from ._chain import COMPOSITION, Chain, Composition, composition_of
from ._declaration import SOUND, Declaration
from ._faults import FaultReport, code_of, place_of
from ._fit import Fit, fit
from ._frozen import become, frozen_type
from ._interface import Overridable, functions_of
from ._layer import Layer, layer_of
from ._link import Linker, begin
from ._order import sort_overrides
from ._override import EVERY_FUNCTION, AnyOverride, Override, name_of
from ._seed import run_seed
from ._signature_adapter import adapt_signature
from ._switch import switches_of

if TYPE_CHECKING:
    from ._call import CallStyle
    from ._declaration import AnyCall
    from ._journal import Journal
    from ._layer import Style
    from ._unguarded import Prover
    from ._within import Within

InterfaceT = TypeVar("InterfaceT")


def compose(
    base: InterfaceT,
    overrides: Sequence[AnyOverride[InterfaceT]] = (),
    *,
    journal: Journal | None = None,
    report: FaultReport | None = None,
    within: Within | None = None,
    guards_every_layer: bool = False,
) -> InterfaceT:
    """
    Put overrides around an implementation.

    Args:
        base: an implementation of the interface, or an object that was composed already (composing in two steps
            equals composing in one). It is not changed. Its functions see the composed object as ``self``, so that
            one that calls another reaches the overrides of the other.
        overrides: the outermost first.
        journal: keeps the context's journal and checks results (debug mode); None costs nothing.
        report: where to note faults, if they are to be raised together with others; by default they are raised.
        within: marks what runs within the functions that have overrides, and within root calls; None costs nothing.
        guards_every_layer: whether a guard stands between all layers, also where an override is proved to hand its
            own context on, so that it would be idle.

    Returns:
        An object of the base's type. Its functions cannot be replaced by assignment.

    Raises:
        CompositionError: overrides do not fit; all faults in one error.
        TypeError: ``base`` has no overridable functions, or no ``__dict__``.
    """
    if isinstance(base, type):
        message = f"{base.__name__} is a class: hand over an instance, compose({base.__name__}(), [...])."
        raise TypeError(message)
    if isinstance(overrides, Override) or callable(overrides):
        message = f"{name_of(overrides)!r} stands alone: hand over a list of overrides, compose(..., [...])."
        raise TypeError(message)
    earlier = composition_of(base)
    if earlier is not None:
        base = cast("InterfaceT", earlier.base)  # composed objects are made of a base of their own type
        overrides = cast("Sequence[AnyOverride[InterfaceT]]", (*overrides, *earlier.overrides))  # as above
        journal, within = journal or earlier.journal, within or earlier.within
        guards_every_layer = guards_every_layer or earlier.guards_every_layer
    faults = FaultReport() if report is None else report
    composer = Composer.of(base, journal, faults, within=within, guards_every_layer=guards_every_layer)
    composer.add_all(overrides)
    if report is None:
        faults.raise_if_any()
    return cast("InterfaceT", composer.finish(base, tuple(overrides)))  # a copy of the base


class Composer:
    """Composes one object."""

    def __init__(
        self,
        base: object,
        composed: object,
        journal: Journal | None,
        report: FaultReport,
        within: Within | None = None,
        *,
        guards_every_layer: bool = False,
    ) -> None:
        self.base = base
        self.composed = composed
        self.chains: dict[str, Chain] = {}
        self.switches: dict[str, bool] = {}
        self.journal = journal
        self.within = within
        self.report = report
        self.guards_every_layer = guards_every_layer
        self._prover: Prover | None = None

    @classmethod
    def of(
        cls,
        base: object,
        journal: Journal | None,
        report: FaultReport,
        *,
        within: Within | None = None,
        composed: object | None = None,
        guards_every_layer: bool = False,
    ) -> Composer:
        """Start with an implementation and no overrides; compose a copy of it, if nothing else."""
        functions = functions_of(type(base))
        if not functions or not hasattr(base, "__dict__"):
            what = "has no overridable functions" if not functions else "keeps its attributes in slots"
            message = f"{type(base).__name__} cannot be composed: it {what}."
            raise TypeError(message)
        if SOUND not in vars(type(base)):
            from ._misdeclared import check_declarations

            check_declarations(type(base), report)
        composed = copy.copy(base) if composed is None else composed
        composer = cls(base, composed, journal, report, within, guards_every_layer=guards_every_layer)
        for name, function in functions.items():
            composer.chains[name] = composer.start(name, function)
        composer.switches = switches_of(base, functions)
        return composer

    def start(self, name: str, function: Declaration) -> Chain:
        """Start a chain with the implementation's own function, bound to the composed object."""
        owner = next(cls for cls in type(self.base).__mro__ if name in vars(cls))
        if getattr(owner, "_is_protocol", False) or getattr(function.declared, "__isabstractmethod__", False):
            message = f"{type(self.base).__name__} does not implement {function.title}."
            self.report.add(message, function.declared)
        elif not isinstance(vars(owner)[name], Overridable):
            from ._misdeclared import hides_overridable

            if not hides_overridable(vars(owner)[name]):
                message = f"{owner.__name__}.{name} cannot be overridden: write @overridable above it."
                self.report.add(message, vars(owner)[name])
        for cls in type(self.base).__mro__:
            known = vars(cls).get(name) if getattr(cls, "_is_protocol", False) else None
            if isinstance(known, Overridable) and known.declaration.names != function.names:
                expected = ", ".join(known.declaration.names)
                message = f"{function.title} has other parameters than {known.declaration.title}: take {expected}."
                self.report.add(message, function.declared)
            if isinstance(known, Overridable) and known.declaration.is_async:
                function = self.as_async(function, known.declaration)
        if name in vars(self.base):
            message = (
                f"{type(self.base).__name__}.{name} was assigned to the object itself, and would be lost: override it."
            )
            self.report.add(message, vars(self.base)[name])
        call = cast("AnyCall", function.declared.__get__(self.composed))  # a function's __get__ is untyped
        layer = layer_of(function.title, name, "implementation", function.declared)
        linker = Linker(function, begin if self.journal is None else self.journal.begin, self.within)
        return Chain(function, linker, self.trace(function, layer, call), layer)

    def as_async(self, function: Declaration, known: Declaration) -> Declaration:
        """Return the declaration of what implements an async function, which may be a plain one."""
        if function.is_async and function.allows_plain is known.allows_plain:
            return function
        from ._awaitable import cannot_return_awaitable

        if not (function.is_async or known.allows_plain) and cannot_return_awaitable(function.declared):
            message = f"{function.title} is not async, and {known.title} is: write 'async def'."
            self.report.add(message, function.declared)
        return function.as_async(allows_plain=known.allows_plain)

    def trace(self, function: Declaration, layer: Layer, call: AnyCall) -> AnyCall:
        """Have the journal watch a layer, where there is one."""
        return call if self.journal is None else self.journal.trace(function, layer, call)

    def add_all(self, overrides: Sequence[object]) -> None:
        """Put overrides around what is there, in order."""
        order = sort_overrides(overrides, self.report)
        for each in reversed(order):
            self.add(each)
        self.check_names(order)

    def add(self, each: object) -> None:
        """Put an override around what is there."""
        if isinstance(each, Override):
            self.add_override(cast("Override[object]", each))  # isinstance cannot see type arguments
        elif callable(each):
            self.add_seed_style(cast("Callable[[object], object]", each))  # callable() gives (...) -> object
        else:
            self.report.add(f"{each!r} is no override: hand over what @override makes, or a function.", each)

    def add_override(self, each: Override[object]) -> None:
        """Put an override around one function, or around all of them."""
        if each.function == EVERY_FUNCTION:
            for name, one in self.chains.items():
                self.add_wrapper(one, each, partial(each.call, name))
            return
        chain = self.chains.get(each.function)
        if chain is None or each.interface not in type(self.base).__mro__:
            message = (
                f"{each.name!r} overrides {each.interface.__module__}.{each.interface.__qualname__}.{each.function}, "
                f"which {type(self.base).__module__}.{type(self.base).__qualname__} does not implement: list it where "
                "that interface is overridden."
            )
            self.report.add(message, each.call, each.called)
            return
        if each.style == "override":
            self.add_function(chain, each, "override", each.call, each.call)
            return
        if each.call_type is not None:
            self.add_call(chain, each, each.call_type)
            return
        self.add_wrapper(chain, each, each.call)

    def add_wrapper(self, chain: Chain, each: Override[object], wrapper: AnyCall) -> None:
        """Put what a wrapper makes of a function around it."""
        try:
            wrapped = wrapper(chain.top(to_wrapper=True))
        except Exception as error:  # noqa: BLE001  a user's function: whatever it raises is a fault to report
            self.report.add(f"{each.name!r} raised {type(error).__name__}: {error}", each.call, each.called)
        else:
            self.add_function(chain, each, "wrapper", wrapped, wrapper)

    def add_function(self, chain: Chain, each: Override[object], style: Style, call: object, made_by: AnyCall) -> None:
        """Put a function on top of a chain, after a look at its signature."""
        if not callable(call):
            message = f"{each.name!r} returned {type(call).__name__} instead of a function."
            self.report.add(message, each.call, each.called)
            return
        takes_original = style == "override"
        unchanged = call is chain.top()  # a wrapper may hand back what it was given
        found = Fit() if unchanged else fit(chain.function, call, skip=1 if takes_original else 0)
        for message in found.faults:
            self.report.add(message, each.call if code_of(call) is None else call, each.called)
        if found.faults:
            return
        layer = layer_of(each.name, chain.function.name, style, call, each.called)
        if style == "wrapper":  # told by where the wrapper stands, blamed by the code that it made
            file, line = place_of(each.call, each.called)
            code = None if unchanged else layer.code or code_of(each.call)  # a proxy may run the wrapper itself
            layer = layer._replace(file=file, line=line, code=code)
        if (
            found.own is None
            and not unchanged
            and self.add_unguarded(chain, layer, call, None if takes_original else made_by)
        ):
            return
        original = chain.top() if takes_original else None
        if found.own is not None:
            own_original, outer = adapt_signature(chain.function, found.own, chain.top())
            if takes_original:
                call, original = outer(partial(call, own_original)), None
            else:  # it captured its original before its signature was known: once more, over the adapter
                call = outer(cast("AnyCall", made_by(own_original)))  # it returned a function the first time
        call = self.trace(chain.function, layer, call)
        chain.add(call, original, layer)

    def add_unguarded(self, chain: Chain, layer: Layer, call: AnyCall, made_by: AnyCall | None) -> bool:
        """
        Put a function on top of a chain without a guard between it and its original, if it is proved to need none.

        Args:
            chain: the chain.
            layer: how the layer is told to people.
            call: the function.
            made_by: what made it, and was handed its original; None where the function itself is handed it.
        """
        prover = self.prover()
        if prover is None:
            return False
        found = (
            prover.override(chain.function, call)
            if made_by is None
            else prover.closure(chain.function, call, made_by, chain.top())
        )
        below = None if found is None else chain.unlinked(by_name=found.by_name)
        if found is None or below is None:
            return False
        chain.add_unguarded(found.over, below, layer)
        return True

    def prover(self) -> Prover | None:
        """Return what proves that an override needs no guard, or no call of its own; None where nothing is proved."""
        if self.journal is not None or self.guards_every_layer:
            return None
        if self._prover is None:
            from ._unguarded import Prover

            self._prover = Prover()
        return self._prover

    def add_call(self, chain: Chain, each: Override[object], call_type: type) -> None:
        """Put a function that takes a call on top of a chain."""
        from ._call_link import adapt_call, call_classes, call_faults

        function, style = chain.function, cast("CallStyle", each.style)  # with the type of a call it is one
        faults = call_faults(function, style, each.call, call_type)
        for message in faults:
            self.report.add(message, each.call, each.called)
        if faults:
            return
        layer = layer_of(each.name, function.name, style, each.call, each.called)
        if style == "call" and self.journal is None:
            prover = self.prover()
            call, proof = (each.call, None) if prover is None else prover.handed_a_call(function, each.call, call_type)
            chain.add_call(call, layer, call_classes(function, call_type), proof)
        else:
            if style != "call":  # no traceback tells which of several it was
                layer = layer._replace(code=None)
            adapted = adapt_call(function, layer, each.call, chain.top(), call_type)
            chain.add(self.trace(function, layer, adapted), None, layer)

    def add_seed_style(self, seed: Callable[[object], object]) -> None:
        """Run a seed-style function on a copy of what is there, and put what it assigned on top."""
        adapters: dict[str, Callable[[AnyCall], AnyCall]] = {}
        below = {name: for_seeds(chain) for name, chain in self.chains.items()}
        assigned, switches = run_seed(seed, self.base, below, self.switches, self.frozen_type(), self.report)
        for name, call in assigned.items():
            found = fit(self.chains[name].function, call, skip=0, by_place=True)
            for message in found.faults:
                self.report.add(message, call)
            if found.own is not None and not found.faults:
                below[name], adapters[name] = adapt_signature(self.chains[name].function, found.own, below[name])
        if adapters:  # it captured originals before its signature was known: once more, over the adapters
            assigned, _ = run_seed(seed, self.base, below, self.switches, self.frozen_type(), self.report)
        self.switches = switches
        for name, call in assigned.items():
            chain = self.chains[name]
            layer = layer_of(name_of(seed), name, "seed", call)
            if name not in adapters and self.add_unguarded(chain, layer, call, seed):
                continue
            fitted = adapters[name](call) if name in adapters else call
            chain.add(self.trace(chain.function, layer, fitted), None, layer)

    def check_names(self, order: Sequence[object]) -> None:
        """Note explicit names that two overrides of one function share."""
        seen: dict[tuple[str, str], Override[object]] = {}
        for each in order:
            if isinstance(each, Override) and each.named:
                named = cast("Override[object]", each)  # isinstance cannot see type arguments
                for function in self.chains if named.function == EVERY_FUNCTION else [named.function]:
                    other = seen.setdefault((function, named.name), named)
                    if other is not named:
                        what = "every function" if other.function == named.function == EVERY_FUNCTION else function
                        self.report.add(f"two overrides of {what} are named {named.name!r}: rename one.", named.call)
                        break

    def frozen_type(self, made: Callable[[object], None] | None = None) -> type:
        """Make a type that lets none of the functions be replaced."""
        return frozen_type(type(self.base), {*self.chains, *self.switches}, made)

    def finish(self, base: object, overrides: tuple[object, ...]) -> object:
        """Install the chains in the composed object and freeze it."""
        journal, within, guards = self.journal, self.within, self.guards_every_layer

        def compose_too(instance: object) -> None:
            """Compose what a function of the composed object makes of its own type (``replace(self)``, say)."""
            compose_in_place(instance, type(base), overrides, journal, within, guards_every_layer=guards)

        self.install(base, overrides)
        become(self.composed, self.frozen_type(compose_too))
        return self.composed

    def install(self, base: object, overrides: tuple[object, ...]) -> None:
        """Put the chains into the composed object."""
        attributes = vars(self.composed)
        for name, chain in self.chains.items():
            attributes[name] = chain.compose()
        attributes.update(self.switches)
        attributes[COMPOSITION] = Composition(
            base, overrides, self.chains, self.journal, self.within, guards_every_layer=self.guards_every_layer
        )


def for_seeds(chain: Chain) -> AnyCall:
    """Return what a seed-style function is handed as an original: also to be used at once where the function allows."""
    if not chain.function.allows_plain:
        return chain.top()
    from ._pending import answer_at_once

    return answer_at_once(chain.top(), chain.function.title)


def compose_in_place(
    instance: object,
    cls: type,
    overrides: tuple[object, ...],
    journal: Journal | None,
    within: Within | None,
    *,
    guards_every_layer: bool,
) -> None:
    """Put overrides that were found to fit around another object of a composed object's type."""
    if composition_of(instance) is None:  # not where a function calls its own __init__ once more
        base = copy.copy(instance)
        become(base, cls)
        report = FaultReport()
        composer = Composer.of(
            base, journal, report, within=within, composed=instance, guards_every_layer=guards_every_layer
        )
        composer.add_all(overrides)
        report.raise_if_any()
        composer.install(base, overrides)
