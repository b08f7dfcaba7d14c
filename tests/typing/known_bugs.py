"""
Bugs of checkers that make them reject what is right. The programs concerned are listed in ``rejected.toml``.

Each has a file in ``bugs/`` that shows it without authweave, marked at the line where the checker errs; a test fails
when it does not err there any more, and then the bug leaves this list.
"""

import re
from pathlib import Path
from typing import Final

import attrs

from tests.typing.environments import CheckerName

FOLDER: Final = Path(__file__).parent / "bugs"
BUGS: Final = tuple(sorted(FOLDER.glob("*.py")))


@attrs.frozen
class KnownBug:
    """
    A bug of a checker.

    Attributes:
        name: the name of its file in ``bugs/``.
        reason: what the checker does wrong.
        message: a pattern by which what it says then is known; nothing that matches it counts as an objection.
    """

    checker: CheckerName
    name: str
    reason: str
    message: str


KNOWN_BUGS: Final = (
    KnownBug(
        "ty",
        "ty_generic_wrapper",
        "A wrapper for functions of any type is refused where a wrapper for one type is wanted.",
        r"found `.*?(\(\*\*P(?:'return)?\) -> [^`]*?\bR\b[^`]*?)(?:, /)?\) -> \(\1\)`",
    ),
    KnownBug(
        "ty",
        "ty_union_in_a_contravariant_place",
        "A list of overrides of several recipes does not tell their context.",
        r"Expected `Sequence\[Override\[Interface\[UserContext\]\]\]`, found `list\[Override\[.*\] \| Override\[.*\]\]`"
        r"|Type `(?:Plugin\[UserContext\]|.*\[Unknown\])` does not match asserted type",
    ),
    KnownBug(
        "ty",
        "ty_overloaded_set",
        "A wrapped coroutine function, or a plain one, is refused where a SuperTokens-style override assigns it.",
        r"Object of type `(\(.*\)) -> Coroutine(\[.*\])` is not assignable to attribute `\w+` "
        r"of type `\1 -> CoroutineType\2`"
        r"|Object of type `def \w+(\(.*\)) -> (.*)` is not assignable to attribute `get_global_claim_validators` "
        r"of type `\3 -> CoroutineType\[Any, Any, \4\]`",
    ),
    KnownBug(
        "ty",
        "ty_variance_by_writes",
        "What SuperTokens-style overrides may assign makes a generic implementation invariant, for no other checker.",
        r"Variance of type variable `\w+` is incompatible with method",
    ),
    KnownBug(
        "ty",
        "ty_generic_function_without_its_first_parameter",
        "A generic function of an interface no longer knows its result.",
        r"Type `Unknown` does not match asserted type|attribute `\w+` of type `Overridable\[\[T\].* -> Unknown\]`",
    ),
    KnownBug(
        "pyrefly",
        "pyrefly_descriptor_of_a_parameterised_class",
        "A function that is named by its interface and context keeps the interface's type variable.",
        r"\b\w+_contra\b",
    ),
    KnownBug(
        "pyrefly",
        "pyrefly_generic_method_behind_overloads",
        "A generic function of an interface no longer knows its result.",
        r"assert_type\(Unknown, \w+\) failed",
    ),
    KnownBug(
        "zuban",
        "zuban_typed_dict_with_two_parents",
        "A context of two that have the library's keys is refused.",
        r"Overwriting TypedDict field",
    ),
    KnownBug(
        "zuban",
        "zuban_default_of_a_type_variable",
        "An application of recipes that need no keys of their own is of an unknown context.",
        r'^Expression is of type "(?:App|Whole)\[Any\]"',
    ),
    KnownBug(
        "zuban",
        "zuban_first_member_of_a_protocol",
        "The first function of an interface is of an unknown type.",
        r'^Expression is of type "(?:\w+\[)?Any\]?"|^Returning Any from function',
    ),
    KnownBug(
        "zuban",
        "zuban_converter_of_attrs",
        "An attribute is taken to be of the type that its converter takes.",
        r'Expression is of type "Sequence\[str\]", not "tuple\[str, \.\.\.\]"'
        r'|incompatible type "Iterable\[LoginMethod\]"; expected "Sized"'
        r'|"None" of "RawUserInfoFromProvider \| None"|Expression is of type "str \| Any", not "str"',
    ),
    KnownBug(
        "zuban",
        "zuban_protocol_that_never_returns",
        "A function of an interface that never returns is refused.",
        r"Implicit return in function which does not return",
    ),
    KnownBug(
        "zuban",
        "zuban_class_method_of_a_class_without_its_arguments",
        "An override that is handed a call is refused where the class of the call is not given its context.",
        r'No overload variant of "\w+" of "BaseCall" matches argument type "Callable\[\[\w+\[UserContext\]'
        r'|has incompatible type .*; expected "(?:Callable\[\[\w+\[UserContext\]\], ReturnT\]|R)"',
    ),
    KnownBug(
        "zuban",
        "zuban_name_of_a_type",
        "The class that a `type[T]` stands for has no `__name__`.",
        r'"type\[T\]" has no attribute "__name__"',
    ),
)


def known_bug(checker: CheckerName, message: str) -> KnownBug | None:
    """Return the bug that a message of a checker comes from, where it is known."""
    return next((bug for bug in KNOWN_BUGS if bug.checker == checker and re.search(bug.message, message)), None)
