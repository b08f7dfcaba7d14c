"""
Whether the code of an override provably hands its own context on to its original, so that no guard need stand between.

A guard enters the context that it is handed, unless that is the current one already. It is idle where three things are
certain: the context that the override is handed is the current one when it starts; nothing of anybody else's runs
before it calls its original, so that this is still so then; and what it hands over is that very context. The first is
seen to by who composes (`Chain`). The others are proved here, by two walks through the bytecode: one through all that
may run before the original is called, with what is known of each value on the stack, and one through all that may run
after anything else has: there the original is not even mentioned.

What is not certain is not proved, and costs a guard: an instruction that the first walk does not know, a Python whose
bytecode was not looked at.
"""

from __future__ import annotations

import opcode
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.util import MAGIC_NUMBER
from inspect import CO_ASYNC_GENERATOR, CO_COROUTINE, CO_GENERATOR, CO_ITERABLE_COROUTINE, CO_VARARGS, CO_VARKEYWORDS
from types import CodeType
from typing import Any, ClassVar, Final, NamedTuple, TypeAlias

# The numbers of the bytecode of CPython 3.11, 3.12 and 3.13. A version that reads differently has another.
KNOWN: Final = sys.implementation.name == "cpython" and int.from_bytes(MAGIC_NUMBER[:2], "little") in {3495, 3531, 3571}

# What uses one of these names may reach the frame that runs, and the original in it.
REACHES_FRAMES: Final = frozenset(
    {
        "__builtins__",
        "__import__",
        "_current_frames",
        "_getframe",
        "ag_frame",
        "breakpoint",
        "builtins",
        "cr_frame",
        "currentframe",
        "eval",
        "exec",
        "f_back",
        "f_locals",
        "gc",
        "gi_frame",
        "globals",
        "importlib",
        "inspect",
        "locals",
        "pdb",
        "set_trace",
        "setprofile",
        "settrace",
        "sys",
        "tb_frame",
        "traceback",
        "vars",
    }
)

GENERATORS: Final = CO_GENERATOR | CO_ASYNC_GENERATOR | CO_ITERABLE_COROUTINE


CACHE: Final = opcode.opmap["CACHE"]
TWO_VARIABLES: Final = {"LOAD_FAST_LOAD_FAST", "STORE_FAST_LOAD_FAST", "STORE_FAST_STORE_FAST"}
ONE_VARIABLE: Final = {opcode.opname[number] for number in (*opcode.haslocal, *opcode.hasfree)} - TWO_VARIABLES
JUMPS: Final = {opcode.opname[number] for number in opcode.hasjrel}
ENDS: Final = {
    "JUMP_BACKWARD",
    "JUMP_BACKWARD_NO_INTERRUPT",
    "JUMP_FORWARD",
    "RAISE_VARARGS",
    "RERAISE",
    "RETURN_CONST",
    "RETURN_VALUE",
}
AT_MOST: Final = 1000  # steps, of many conditional expressions between the same parentheses say
STRANGE: Final = ("<", "INSTRUMENTED_")  # how the names begin of what no compiler writes
HAS_NAMES_ON_STACK: Final = "KW_NAMES" not in opcode.opmap  # Python 3.13


# What is known of a value on the stack.
ORIGINAL: Final = "the original"
CONTEXT: Final = "the context that the override was handed"
POSITIONAL: Final = "*args, with the context in it"
KEYWORDS: Final = "**kwargs, which is empty"
TRUTH: Final = "True or False"
RETURNED: Final = "what the original has returned"
NULL: Final = "no value: it stands beside what is to be called"
OTHER: Final = "anything else"


class Names(NamedTuple):
    """The names under which the last arguments of a call are handed over, which stand on the stack before it."""

    names: tuple[str, ...]


Stack: TypeAlias = "tuple[str | Names, ...]"


class Instruction(NamedTuple):
    """One instruction of a code, without the arguments that extend its own, and the room that it has for a cache."""

    name: str
    argument: int
    after: int


class NotProvedError(Exception):
    """The override may do something else, as far as can be told."""


class Proof(NamedTuple):
    """
    That an override hands its context on.

    Attributes:
        by_name: whether it hands anything to its original by name.
    """

    by_name: bool


def prove(code: CodeType, original: int, names: Sequence[str], *, is_async: bool) -> Proof | None:
    """
    Prove that each call of a function hands the context that it was handed on to its original.

    Args:
        code: of the function, whose last parameter by position is the context; or which takes ``*args`` and no other
            parameter, and is handed the context as the last of these.
        original: where the original is, in the order of the code's variables.
        names: those of the parameters of the original, the context the last. By position or by name, it takes all.
        is_async: whether the original has to be awaited.

    Returns:
        The proof; None where there is none.
    """
    is_coroutine = bool(code.co_flags & CO_COROUTINE)
    if not KNOWN or code.co_flags & GENERATORS or is_coroutine is not is_async:
        return None
    if not {*code.co_cellvars}.isdisjoint(code.co_varnames[: parameters_of(code)]):
        return None  # a nested function may set it
    if not REACHES_FRAMES.isdisjoint(names_in(code)):
        return None
    try:
        return Walk(code, original, names, is_async=is_async).prove()
    except (NotProvedError, LookupError):  # the latter where code that no compiler made has no such place or value
        return None


def parameters_of(code: CodeType) -> int:
    """Return how many variables of a code are parameters, ``*args`` and ``**kwargs`` among them."""
    rest = bool(code.co_flags & CO_VARARGS) + bool(code.co_flags & CO_VARKEYWORDS)
    return code.co_argcount + code.co_kwonlyargcount + rest


def names_in(code: CodeType) -> frozenset[str]:
    """Return the names of globals and attributes in a code, and in what is nested in it."""
    nested = (names_in(each) for each in code.co_consts if isinstance(each, CodeType))
    return frozenset(code.co_names).union(*nested)


class Walk:
    """The walks through one code."""

    def __init__(self, code: CodeType, original: int, names: Sequence[str], *, is_async: bool) -> None:
        self.code = code
        self.original = original
        self.names = names
        self.is_async = is_async
        self.known = known_variables(code, original)
        self.instructions = dict(instructions_of(code))
        self.by_name = False
        self.to_walk: list[tuple[int, Stack]] = [(0, ())]
        self.disturbed: list[int] = list(handlers_of(code))

    def prove(self) -> Proof:
        """
        Walk through the code, twice.

        Raises:
            NotProvedError: it may do something else.
        """
        walked: set[tuple[int, Stack]] = set()
        while self.to_walk:
            step = self.to_walk.pop()
            if step not in walked:
                walked.add(step)
                self._walk_on(*step)
            if len(walked) > AT_MOST:
                raise NotProvedError
        passed: set[int] = set()
        while self.disturbed:
            place = self.disturbed.pop()
            if place not in passed:
                passed.add(place)
                self.disturbed += self._pass_by(self.instructions[place])
        return Proof(self.by_name)

    def _walk_on(self, place: int, stack: Stack) -> None:
        """Take one step where nothing of anybody else's has run yet."""
        instruction = self.instructions[place]
        if stack and stack[-1] is RETURNED:
            if self.is_async and instruction.name != "GET_AWAITABLE":
                raise NotProvedError  # it may be awaited where another context is current
            self.disturbed.append(place)
            return
        quiet = self._QUIET.get(instruction.name)
        after = None if quiet is None else quiet(self, instruction, stack)
        if after is not None:
            self.to_walk += [(following, after) for following in successors_of(instruction)]
        elif ORIGINAL in stack:
            raise NotProvedError  # something else gets it, or runs while it waits for its arguments
        else:
            self.disturbed += self._pass_by(instruction)

    def _pass_by(self, instruction: Instruction) -> tuple[int, ...]:
        """Take one step where anything may have run: the original is not to be mentioned. Return where it leads."""
        if self.original in variables_of(instruction) or instruction.name.startswith(STRANGE):
            raise NotProvedError
        return successors_of(instruction)

    # What instructions do to the stack, while nothing of anybody else's runs. None: something may run.

    def _skip(self, _: Instruction, stack: Stack) -> Stack:
        return stack

    def _push_other(self, _: Instruction, stack: Stack) -> Stack:
        return (*stack, OTHER)

    def _push_null(self, _: Instruction, stack: Stack) -> Stack:
        return (*stack, NULL)

    def _push_global(self, instruction: Instruction, stack: Stack) -> Stack:
        return (*stack, *[OTHER] * (1 + (instruction.argument & 1)))  # a NULL beside what is to be called

    def _push_variable(self, instruction: Instruction, stack: Stack) -> Stack:
        return (*stack, self.known.get(instruction.argument, OTHER))

    def _push_two(self, instruction: Instruction, stack: Stack) -> Stack:
        one, two = variables_of(instruction)
        return (*stack, self.known.get(one, OTHER), self.known.get(two, OTHER))

    def _push_constant(self, instruction: Instruction, stack: Stack) -> Stack:
        value: object = self.code.co_consts[instruction.argument]
        return (*stack, Names(value) if HAS_NAMES_ON_STACK and type(value) is tuple else OTHER)

    def _push_names(self, instruction: Instruction, stack: Stack) -> Stack | None:
        value: object = self.code.co_consts[instruction.argument]
        return (*stack, Names(value)) if type(value) is tuple else None

    def _push_coroutine(self, _: Instruction, stack: Stack) -> Stack | None:
        return (*stack, OTHER) if self.is_async else None  # where flags lie it is a generator

    def _pop(self, _: Instruction, stack: Stack) -> Stack | None:
        return None if stack[-1] is ORIGINAL else stack[:-1]

    def _store(self, instruction: Instruction, stack: Stack) -> Stack | None:
        # What a parameter was before may be in use nowhere else, and run code of its own when it goes.
        stored, *loaded = variables_of(instruction)
        below = None if stored < parameters_of(self.code) else self._pop(instruction, stack)
        return None if below is None else (*below, *(self.known.get(each, OTHER) for each in loaded))

    def _compare(self, _: Instruction, stack: Stack) -> Stack | None:
        return None if ORIGINAL in stack[-2:] else (*stack[:-2], TRUTH)

    def _branch(self, _: Instruction, stack: Stack) -> Stack | None:
        return stack[:-1] if stack[-1] is TRUTH else None  # anything else is asked for its truth

    def _build_keywords(self, instruction: Instruction, stack: Stack) -> Stack | None:
        return None if instruction.argument else (*stack, KEYWORDS)

    def _merge_keywords(self, _: Instruction, stack: Stack) -> Stack | None:
        return stack[:-1] if stack[-2:] == (KEYWORDS, KEYWORDS) else None

    def _call_positional(self, instruction: Instruction, stack: Stack) -> Stack | None:
        names = stack[-1] if stack and isinstance(stack[-1], Names) and not HAS_NAMES_ON_STACK else None
        if names is not None:
            return self._call(instruction.argument, names.names, stack[:-1])
        return self._call(instruction.argument, (), stack)

    def _call_by_name(self, instruction: Instruction, stack: Stack) -> Stack | None:
        names = stack[-1]
        return self._call(instruction.argument, names.names, stack[:-1]) if isinstance(names, Names) else None

    def _call(self, count: int, by_name: tuple[str, ...], stack: Stack) -> Stack | None:
        place = len(stack) - count
        called, arguments = stack[:place], stack[place:]
        if not is_original(called):
            return None
        positional = count - len(by_name)
        given = (*self.names[:positional], *by_name)
        if ORIGINAL in arguments or count != len(self.names) or {*given} != {*self.names}:
            raise NotProvedError  # a guard would fill in what is left out, or refuse what there is
        if arguments[given.index(self.names[-1])] is not CONTEXT:
            raise NotProvedError
        self.by_name = self.by_name or bool(by_name)
        return self._returned(called[:-2])

    def _call_unpacked(self, instruction: Instruction, stack: Stack) -> Stack | None:
        count = 1 + (instruction.argument & 1)
        called, arguments = stack[:-count], stack[-count:]
        if not is_original(called):
            return None
        if arguments != (POSITIONAL, KEYWORDS)[:count]:
            raise NotProvedError
        return self._returned(called[:-2])

    def _returned(self, below: Stack) -> Stack:
        if ORIGINAL in below:
            raise NotProvedError
        return (*below, RETURNED)

    _QUIET: ClassVar[Mapping[str, Callable[[Any, Instruction, Stack], Stack | None]]] = {  # Any: a Walk
        "BUILD_MAP": _build_keywords,
        "CALL": _call_positional,
        "CALL_FUNCTION_EX": _call_unpacked,
        "CALL_KW": _call_by_name,
        "COPY_FREE_VARS": _skip,
        "DICT_MERGE": _merge_keywords,
        "IS_OP": _compare,
        "JUMP_FORWARD": _skip,
        "KW_NAMES": _push_names,
        "LOAD_CONST": _push_constant,
        "LOAD_DEREF": _push_variable,
        "LOAD_FAST": _push_variable,
        "LOAD_FAST_CHECK": _push_variable,
        "LOAD_FAST_LOAD_FAST": _push_two,
        "LOAD_GLOBAL": _push_global,
        "MAKE_CELL": _skip,
        "NOP": _skip,
        "POP_JUMP_FORWARD_IF_FALSE": _branch,
        "POP_JUMP_FORWARD_IF_NONE": _pop,
        "POP_JUMP_FORWARD_IF_NOT_NONE": _pop,
        "POP_JUMP_FORWARD_IF_TRUE": _branch,
        "POP_JUMP_IF_FALSE": _branch,
        "POP_JUMP_IF_NONE": _pop,
        "POP_JUMP_IF_NOT_NONE": _pop,
        "POP_JUMP_IF_TRUE": _branch,
        "POP_TOP": _pop,
        "PRECALL": _skip,
        "PUSH_NULL": _push_null,
        "RESUME": _skip,
        "RETURN_GENERATOR": _push_coroutine,
        "STORE_FAST": _store,
        "STORE_FAST_LOAD_FAST": _store,
    }


def known_variables(code: CodeType, original: int) -> Mapping[int, str]:
    """Return what is known of variables, by their place."""
    known = {original: ORIGINAL}
    if code.co_flags & CO_VARARGS:
        known[code.co_argcount] = POSITIONAL
    else:
        known[code.co_argcount - 1] = CONTEXT
    if code.co_flags & CO_VARKEYWORDS:
        known[parameters_of(code) - 1] = KEYWORDS
    return known


def is_original(called: Stack) -> bool:
    """Return whether what is called, the last two values below the arguments, is the original."""
    return called[-2:] in {(NULL, ORIGINAL), (ORIGINAL, NULL)}


def instructions_of(code: CodeType) -> Iterator[tuple[int, Instruction]]:
    """Read a code: where each instruction begins, and what it is."""
    read = code.co_code
    place = start = argument = 0
    while place < len(read):
        name = opcode.opname[read[place]]
        argument |= read[place + 1]
        place += 2
        if name == "EXTENDED_ARG":
            argument <<= 8
            continue
        while place < len(read) and read[place] == CACHE:
            place += 2
        yield start, Instruction(name, argument, place)
        start, argument = place, 0


def handlers_of(code: CodeType) -> Iterator[int]:
    """Return where exceptions lead: the third of every four numbers in a table, of six bits a byte."""
    numbers: list[int] = []
    number = 0
    for byte in code.co_exceptiontable:
        number = number << 6 | byte & 63
        if not byte & 64:
            numbers.append(number)
            number = 0
    return (2 * each for each in numbers[2::4])


def variables_of(instruction: Instruction) -> tuple[int, ...]:
    """Return the places of the variables that an instruction reads, sets, deletes or captures."""
    if instruction.name in TWO_VARIABLES:
        return instruction.argument >> 4, instruction.argument & 15
    return (instruction.argument,) if instruction.name in ONE_VARIABLE else ()


def successors_of(instruction: Instruction) -> tuple[int, ...]:
    """Return where an instruction leads, but for exceptions."""
    name, argument, after = instruction
    goes_on = () if name in ENDS else (after,)
    if name not in JUMPS:
        return goes_on
    return (after - 2 * argument if "BACKWARD" in name else after + 2 * argument, *goes_on)
