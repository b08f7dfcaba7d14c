"""
What is decided when accounts are linked, as data: the code, the page about it and the tests are made from it.

``python -m authweave.recipe.accountlinking.rules --write PAGE`` writes the tables of that page.
"""

from authweave.extending.tables import (
    Fact,
    LookUp,
    LookUpNow,
    Row,
    Table,
    UndecidedError,
    Value,
    row,
    yes_or_no,
)

from ._emails import EMAIL_CHANGE
from ._factor_check import FACTOR_CHECK, FactorCheck
from ._factors import AUTH_TYPE, AuthKind
from ._facts import IF_VERIFIED, LINK, NO, Answer, callback
from ._links import LINK_OR_MAKE_PRIMARY, LINK_TO_SESSION_USER, SessionLink, Step
from ._resets import RESET, RESET_CANDIDATE, RESET_MAIL, Candidate, Reset, ResetMail
from ._signing_in import IS_SIGN_IN_ALLOWED, IS_SIGN_UP_ALLOWED, Allowed

__all__ = [
    "AUTH_TYPE",
    "EMAIL_CHANGE",
    "FACTOR_CHECK",
    "IF_VERIFIED",
    "IS_SIGN_IN_ALLOWED",
    "IS_SIGN_UP_ALLOWED",
    "LINK",
    "LINK_OR_MAKE_PRIMARY",
    "LINK_TO_SESSION_USER",
    "NO",
    "RESET",
    "RESET_CANDIDATE",
    "RESET_MAIL",
    "Allowed",
    "Answer",
    "AuthKind",
    "Candidate",
    "Fact",
    "FactorCheck",
    "LookUp",
    "LookUpNow",
    "Reset",
    "ResetMail",
    "Row",
    "SessionLink",
    "Step",
    "Table",
    "UndecidedError",
    "Value",
    "callback",
    "row",
    "yes_or_no",
]
