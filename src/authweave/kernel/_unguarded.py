"""Overrides without a guard between them and their original: what is proved of their code, and what stands for them."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from functools import partial
from inspect import CO_COROUTINE, CO_VARARGS, CO_VARKEYWORDS
from types import BuiltinFunctionType, CellType, CodeType, FunctionType, ModuleType
from typing import TYPE_CHECKING, Final, TypeAlias, TypeGuard, cast

from ._call_proof import prove_call
from ._override import name_of
from ._proof import GENERATORS, REACHES_FRAMES, names_in, prove

if TYPE_CHECKING:
    from ._call_proof import CallProof
    from ._declaration import AnyCall, Declaration
    from ._proof import Proof

HOOKS_OF_OBJECTS: Final = ("__del__", "__delattr__", "__getattr__", "__getattribute__", "__new__", "__setattr__")
HAVE_NAMES: Final = {BuiltinFunctionType, FunctionType, ModuleType}

Made: TypeAlias = "tuple[AnyCall, object]"
"""A function, and the original that it is handed first, unless that is None."""


class Unguarded:
    """
    An override that is proved to hand its context on.

    Attributes:
        over: makes what stands for it over an original. It is a copy: the code of the user's own function may be
            replaced later, by a reloader say, and would run unproved.
        by_name: whether it hands anything to its original by name.
    """

    def __init__(self, proof: Proof, over: Callable[[AnyCall], Made]) -> None:
        self.by_name: bool = proof.by_name
        self.over = over


class Prover:
    """Looks for overrides that may do without a guard, for one composition."""

    def __init__(self) -> None:
        self._watched = is_watched()
        # One override that is listed twice stays one function: the interpreter calls that faster.
        self._copies: dict[AnyCall, AnyCall] = {}

    def override(self, function: Declaration, call: AnyCall) -> Unguarded | None:
        """
        Look at an override that is handed its original.

        Args:
            function: the function of the interface.
            call: the override, which fits.
        """
        if not self._may_prove(call) or not takes_all(function, call.__code__, 1):
            return None
        proof = proof_of(function, call.__code__, 0)
        if proof is None:
            return None
        copy = self._copy_of(call)
        return Unguarded(proof, lambda original: (copy, original))

    def closure(self, function: Declaration, call: AnyCall, made_by: AnyCall, original: AnyCall) -> Unguarded | None:
        """
        Look at a function that keeps its original in a cell.

        Args:
            function: the function of the interface.
            call: the function, which fits.
            made_by: what made it: a wrapper, or a seed-style function.
            original: what that was handed.
        """
        if not self._may_prove(call):
            return None
        code, cells = call.__code__, call.__closure__ or ()
        places = [place for place, cell in enumerate(cells) if contents_of(cell) is original]
        if len(places) != 1 or not (takes_any(code) or takes_all(function, code, 0)):
            return None
        (place,) = places
        if not is_alone(code, code.co_freevars[place], made_by):
            return None
        cells_of_its_own = {*code.co_cellvars}.difference(code.co_varnames)
        proof = proof_of(function, code, code.co_nlocals + len(cells_of_its_own) + place)
        if proof is None:
            return None
        before, after = cells[:place], cells[place + 1 :]
        return Unguarded(proof, lambda other: (copy_of(call, (*before, CellType(other), *after)), None))

    def handed_a_call(self, function: Declaration, call: AnyCall, call_type: type) -> tuple[AnyCall, CallProof | None]:
        """
        Look at an override that is handed a call; return what stands for it, and what is proved.

        Args:
            function: the function of the interface.
            call: the override, which fits.
            call_type: the class of the call, as a library declares it.
        """
        if not self._may_prove(call) or runs_code(call_type):
            return call, None
        proof = call_proof_of(function, call.__code__)
        return (call if proof is None else self._copy_of(call)), proof

    def _may_prove(self, call: AnyCall) -> TypeGuard[FunctionType]:
        return not self._watched and is_plain_function(call) and not reaches_frames(call)

    def _copy_of(self, call: FunctionType) -> AnyCall:
        if call not in self._copies:
            self._copies[call] = copy_of(call, call.__closure__)
        return self._copies[call]


def is_watched() -> bool:
    """Return whether a debugger, a profiler or coverage looks on, which runs between any two lines."""
    watchers: list[object] = [sys.gettrace(), sys.getprofile(), threading.gettrace(), threading.getprofile()]
    if sys.version_info >= (3, 12):
        watchers += [sys.monitoring.get_tool(number) for number in range(6)]
    return any(each is not None for each in watchers)


def is_plain_function(call: AnyCall) -> TypeGuard[FunctionType]:
    """Return whether a function is not decorated, and has no globals that run code when they are read."""
    return (
        type(call) is FunctionType
        and "__wrapped__" not in vars(call)
        and type(call.__globals__) is dict
        and type(getattr(call, "__builtins__", None)) is dict  # which typeshed does not have
    )


def reaches_frames(call: FunctionType) -> bool:
    """Return whether a function has what may reach its own frame, under another name than `prove` looks for."""
    known, cells = call.__globals__, call.__closure__ or ()
    values = [known[name] for name in names_in(call.__code__) if name in known]
    values += map(contents_of, cells)
    return any(type(each) in HAVE_NAMES and name_of(each) in REACHES_FRAMES for each in values)


def takes_all(function: Declaration, code: CodeType, skip: int) -> bool:
    """Return whether a code takes as many parameters as the interface has, all by position, after some others."""
    rest = code.co_kwonlyargcount or code.co_flags & (CO_VARARGS | CO_VARKEYWORDS)
    return not rest and code.co_argcount == len(function.names) + skip


def takes_any(code: CodeType) -> bool:
    """Return whether a code takes ``*args``, and by position nothing else."""
    return not (code.co_argcount or code.co_kwonlyargcount) and bool(code.co_flags & CO_VARARGS)


def contents_of(cell: CellType) -> object:
    """Return what a cell has in it; None if it is empty."""
    try:
        return cell.cell_contents
    except ValueError:
        return None


def is_alone(code: CodeType, name: str, made_by: AnyCall) -> bool:
    """Return whether nothing else may set a variable of what made a function: it has ended, and nobody shares it."""
    while type(made_by) is partial:
        made_by = cast("partial[object]", made_by).func  # pyright keeps to what it was declared as
    if type(made_by) is not FunctionType:
        return False
    made = made_by.__code__
    if name not in made.co_cellvars or made.co_flags & (GENERATORS | CO_COROUTINE):
        return False
    sharing = [each for each in made.co_consts if isinstance(each, CodeType) and name in each.co_freevars]
    return len(sharing) == 1 and sharing[0] is code


def runs_code(call_type: type) -> bool:
    """Return whether objects of a class run code of its own as they are made, read, changed or gone."""
    return any(getattr(call_type, name, None) is not getattr(object, name, None) for name in HOOKS_OF_OBJECTS)


def proof_of(function: Declaration, code: CodeType, original: int) -> Proof | None:
    """Return the proof of a code: that from the last time, as long as there is the code."""
    if any(each.kind is not each.POSITIONAL_OR_KEYWORD for each in function.all_parameters):
        return None
    try:
        known = function.proofs.setdefault(code, {})
    except TypeError:  # code that no compiler made, with constants that cannot be hashed
        return None
    if original not in known:
        known[original] = prove(code, original, function.names, is_async=function.is_async)
    return known[original]


def call_proof_of(function: Declaration, code: CodeType) -> CallProof | None:
    """Return the proof of a code that is handed a call, as `proof_of` does."""
    try:
        if code not in function.call_proofs:
            function.call_proofs[code] = prove_call(code, function.names)
    except TypeError:  # as above
        return None
    return function.call_proofs[code]


def copy_of(call: FunctionType, closure: tuple[CellType, ...] | None) -> AnyCall:
    """Copy a function, as far as calling it goes."""
    copy = FunctionType(call.__code__, call.__globals__, call.__name__, call.__defaults__, closure)
    copy.__qualname__ = call.__qualname__
    return copy
