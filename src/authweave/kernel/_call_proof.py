"""
Whether the code of an override that is handed a call provably does no more with it than to read it, and to go on.

Nobody else gets hold of such a call, and it stays as it is. So the layer above may hand on its own in the place of a
copy, if it is proved too, and goes on at most once: the call itself knows where it goes on, and is moved a layer down.
The guard stays: what else the override does, and in which context it goes on, is not asked here.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

from ._proof import (
    GENERATORS,
    KNOWN,
    REACHES_FRAMES,
    STRANGE,
    Instruction,
    handlers_of,
    instructions_of,
    names_in,
    parameters_of,
    successors_of,
    variables_of,
)

if TYPE_CHECKING:
    from types import CodeType

GOES_ON: Final = "original"
LOADS: Final = frozenset({"LOAD_FAST", "LOAD_FAST_LOAD_FAST"})
HAS_MARK: Final = sys.version_info >= (3, 12)  # what LOAD_METHOD was is a mark on LOAD_ATTR


class CallProof(NamedTuple):
    """
    That an override does no more with its call than to read it, and to go on.

    Attributes:
        goes_on_once: whether it goes on once at most.
    """

    goes_on_once: bool


class KeepsItError(Exception):
    """The override may do something else with its call, as far as can be told."""


def prove_call(code: CodeType, names: Collection[str]) -> CallProof | None:
    """
    Prove that a function does no more with its only parameter, a call, than to read it, and to go on.

    Args:
        code: of the function.
        names: of the attributes that may be read.

    Returns:
        The proof; None where there is none.
    """
    if not KNOWN or code.co_flags & GENERATORS or parameters_of(code) != 1 or code.co_argcount != 1:
        return None
    if code.co_varnames[0] in code.co_cellvars or not REACHES_FRAMES.isdisjoint(names_in(code)):
        return None
    instructions = dict(instructions_of(code))
    try:
        places = [place for place, name in uses_of_call(code, instructions, names) if name == GOES_ON]
    except (KeepsItError, LookupError):  # the latter where code that no compiler made has no such instruction
        return None
    return CallProof(not places or (len(places) == 1 and not comes_again(code, instructions, places[0])))


def uses_of_call(
    code: CodeType, instructions: dict[int, Instruction], names: Collection[str]
) -> Iterator[tuple[int, str]]:
    """
    Return where the call is used, and which of its attributes is read there.

    Raises:
        KeepsItError: it is used in another way.
    """
    for place, instruction in instructions.items():
        used = variables_of(instruction)
        if instruction.name.startswith(STRANGE):
            raise KeepsItError
        if 0 not in used:
            continue
        if instruction.name not in LOADS or used.index(0) != len(used) - 1:
            raise KeepsItError  # it is set or deleted, or lies about while something else runs
        reads = instructions[instruction.after]
        name, as_method = attribute_of(code, reads)
        if name not in names and not (name == GOES_ON and as_method and is_called(instructions, reads.after)):
            raise KeepsItError
        yield place, name


def attribute_of(code: CodeType, instruction: Instruction) -> tuple[str, bool]:
    """
    Return which attribute an instruction reads, and whether it does so to call it.

    Raises:
        KeepsItError: it reads none.
    """
    if instruction.name == "LOAD_METHOD":  # of Python 3.11
        return code.co_names[instruction.argument], True
    if instruction.name != "LOAD_ATTR":
        raise KeepsItError
    if HAS_MARK:
        return code.co_names[instruction.argument >> 1], bool(instruction.argument & 1)
    return code.co_names[instruction.argument], False


def is_called(instructions: dict[int, Instruction], place: int) -> bool:
    """Return whether what was read is called at once, without arguments."""
    instruction = instructions[place]
    if instruction.name == "PRECALL":  # of Python 3.11
        instruction = instructions[instruction.after]
    return instruction.name == "CALL" and instruction.argument == 0


def comes_again(code: CodeType, instructions: dict[int, Instruction], place: int) -> bool:
    """Return whether a place may be reached once more, by a jump or an exception that leads back over it."""
    jumps_back = any(
        start >= place >= following
        for start, instruction in instructions.items()
        for following in successors_of(instruction)
    )
    return jumps_back or any(handler <= place for handler in handlers_of(code))
