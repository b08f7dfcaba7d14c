"""Writes the tables into a page: between two comments, of which the first names the table."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from authweave.recipe.accountlinking.signing_in_texts import CODES, TEXTS, SignInAPI

from ._emails import EMAIL_CHANGE
from ._factors import AUTH_TYPE
from ._links import LINK_OR_MAKE_PRIMARY, LINK_TO_SESSION_USER
from ._resets import RESET, RESET_CANDIDATE, RESET_MAIL
from ._signing_in import IS_SIGN_IN_ALLOWED, IS_SIGN_UP_ALLOWED
from ._table import Row, Table

TABLES: Final[Mapping[str, Table[str]]] = {
    "AUTH_TYPE": AUTH_TYPE,
    "IS_SIGN_UP_ALLOWED": IS_SIGN_UP_ALLOWED,
    "IS_SIGN_IN_ALLOWED": IS_SIGN_IN_ALLOWED,
    "EMAIL_CHANGE": EMAIL_CHANGE,
    "LINK_OR_MAKE_PRIMARY": LINK_OR_MAKE_PRIMARY,
    "LINK_TO_SESSION_USER": LINK_TO_SESSION_USER,
    "RESET_CANDIDATE": RESET_CANDIDATE,
    "RESET_MAIL": RESET_MAIL,
    "RESET": RESET,
}
"""All tables, by their names in `rules`."""

APIS: Final[Mapping[SignInAPI, str]] = {
    "emailpassword sign in": "password, sign in",
    "emailpassword sign up": "password, sign up",
    "thirdparty": "provider",
    "passwordless": "passwordless",
    "webauthn sign up": "passkey, sign up",
    "webauthn sign in": "passkey, sign in",
}

MARKED: Final = re.compile(r"(<!-- rules: (\w+) -->\n).*?(<!-- end of rules -->)", re.DOTALL)


class UnknownTableError(Exception):
    """A page asks for a table that there is not."""


def with_tables(page: str) -> str:
    """
    Return a page with its tables as they are now.

    Raises:
        UnknownTableError: it asks for one that there is not.
    """
    return MARKED.sub(lambda found: f"{found[1]}\n{written(found[2])}\n{found[3]}", page)


def written(name: str) -> str:
    """Return a table in Markdown, by its name; also those of codes and of texts."""
    others: Mapping[str, Callable[[], Iterable[str]]] = {"CODES": codes, "TEXTS": texts}
    if name in others:
        return "".join(f"{line}\n" for line in others[name]())
    if name not in TABLES:
        message = f"There is no table {name!r}; there are {', '.join([*TABLES, *others])}."
        raise UnknownTableError(message)
    return "".join(f"{line}\n" for line in lines_of(TABLES[name]))


def lines_of(table: Table[str]) -> Iterable[str]:
    """Return the lines of a decision table."""
    for fact in table.facts:
        if fact.note:
            yield f"- {fact.note}."
    if any(fact.note for fact in table.facts):
        yield ""
    yield line("#", "where", "then")
    yield line("---", "---", "---")
    for number, each in enumerate(table.rows, 1):
        yield line(str(number), conditions(table, each), table.outcomes[each.then])


def conditions(table: Table[str], row: Row[str]) -> str:
    """Return what a row asks for, in words."""
    phrases = {fact.name: fact.phrases for fact in table.facts}
    asked = [" *or* ".join(phrases[name][value] for value in values) for name, values in row.when.items()]
    return "; ".join(asked) or "otherwise"


def codes() -> Iterable[str]:
    """Return the lines of the table of error codes."""
    yield line("reason", *APIS.values())
    yield line(*["---"] * (1 + len(APIS)))
    for reason, by_api in CODES.items():
        yield line(f"`{reason}`", *(f"{by_api[api]:03}" if api in by_api else "" for api in APIS))


def texts() -> Iterable[str]:
    """Return the lines of the table of what people are told."""
    yield line("`ERR_CODE_`", "text")
    yield line("---", "---")
    for text in dict.fromkeys(TEXTS.values()):
        yield line(ranges([code for code in sorted(TEXTS) if TEXTS[code] == text]), text)


def ranges(numbers: Sequence[int]) -> str:
    """Return numbers in order, those that follow each other as one range."""
    found: list[list[int]] = []
    for number in numbers:
        if found and found[-1][-1] == number - 1:
            found[-1].append(number)
        else:
            found.append([number])
    return ", ".join(f"{each[0]:03}" if len(each) == 1 else f"{each[0]:03} to {each[-1]:03}" for each in found)


def line(*cells: str) -> str:
    """Return a line of a table."""
    return f"| {' | '.join(cells)} |"
