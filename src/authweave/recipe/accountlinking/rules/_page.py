"""The tables that are written into the page about account linking."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from authweave.extending.tables import Table, TablePage, line
from authweave.recipe.accountlinking.signing_in_texts import CODES, TEXTS, SignInAPI

from ._emails import EMAIL_CHANGE
from ._factor_check import FACTOR_CHECK
from ._factors import AUTH_TYPE
from ._links import LINK_OR_MAKE_PRIMARY, LINK_TO_SESSION_USER
from ._resets import RESET, RESET_CANDIDATE, RESET_MAIL
from ._signing_in import IS_SIGN_IN_ALLOWED, IS_SIGN_UP_ALLOWED

TABLES: Final[Mapping[str, Table[str]]] = {
    "AUTH_TYPE": AUTH_TYPE,
    "FACTOR_CHECK": FACTOR_CHECK,
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


PAGE: Final = TablePage("authweave.recipe.accountlinking.rules", TABLES, {"CODES": codes, "TEXTS": texts})
"""What docs/explanation/account-linking.md is written from."""
