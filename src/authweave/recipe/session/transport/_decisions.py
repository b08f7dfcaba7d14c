"""
Decision tables (docs/reference/http.md, A new session, Verifying, Refreshing and Proof against forged requests).

A table is read from the top; the first row whose facts all hold decides.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum, Flag, auto
from typing import Final, Literal, TypeAlias, TypeVar

from authweave.recipe.session.types import AntiCsrfMode, AnyTransferMethod, TokenTransferMethod
from authweave.types import BaseRequest

from ._requests import ACCESS_COOKIE, LEGACY_COOKIE, REFRESH_COOKIE, bearer_token, cookie_values

DecisionT = TypeVar("DecisionT")


class Fact(Flag):
    """
    What a request shows. A token counts only where its method is allowed.

    Attributes:
        LEGACY: it has the session cookie of 2022 and before.
        HEADER: it has a usable token in the ``Authorization`` header.
        COOKIE: it has a usable token in a cookie.
        REPEATED: it has two session cookies of one name.
        OLDER_DOMAIN: the configuration names an older cookie domain.
    """

    NOTHING = 0
    LEGACY = auto()
    HEADER = auto()
    COOKIE = auto()
    REPEATED = auto()
    OLDER_DOMAIN = auto()


Table: TypeAlias = Sequence[tuple[Fact, DecisionT]]


class Verify(Enum):
    """What `get_session` is to do."""

    TRY_REFRESH = "refuse: try refresh token"
    USE_HEADER = "use the token of the header"
    USE_COOKIE = "use the token of the cookie"
    NO_TOKEN = "no usable token"


class Refresh(Enum):
    """What `refresh_session` is to do."""

    CLEAR_OLDER = "clear the cookies of the older domain"
    REFUSE = "refuse: bad request"
    USE_HEADER = "use the token of the header"
    USE_COOKIE = "use the token of the cookie"
    NO_TOKEN = "refuse: unauthorised, clear tokens"


VERIFY_TABLE: Final[Table[Verify]] = (
    (Fact.LEGACY, Verify.TRY_REFRESH),
    (Fact.HEADER, Verify.USE_HEADER),
    (Fact.COOKIE | Fact.REPEATED, Verify.TRY_REFRESH),
    (Fact.COOKIE, Verify.USE_COOKIE),
    (Fact.NOTHING, Verify.NO_TOKEN),
)

REFRESH_TABLE: Final[Table[Refresh]] = (
    (Fact.REPEATED | Fact.OLDER_DOMAIN, Refresh.CLEAR_OLDER),
    (Fact.REPEATED, Refresh.REFUSE),
    (Fact.HEADER, Refresh.USE_HEADER),
    (Fact.COOKIE, Refresh.USE_COOKIE),
    (Fact.NOTHING, Refresh.NO_TOKEN),
)

AuthMode: TypeAlias = Literal["cookie", "header"]

NEW_SESSION_TABLE: Final[dict[tuple[AnyTransferMethod, AuthMode | None], TokenTransferMethod]] = {
    ("cookie", None): "cookie",
    ("cookie", "cookie"): "cookie",
    ("cookie", "header"): "cookie",
    ("header", None): "header",
    ("header", "cookie"): "header",
    ("header", "header"): "header",
    ("any", None): "header",
    ("any", "cookie"): "cookie",
    ("any", "header"): "header",
}
"""By what ``get_token_transfer_method`` returned and what ``st-auth-mode`` wishes."""


class AntiCsrf(Enum):
    """How a request has to prove that the website sent it."""

    NO_PROOF = "nothing"
    ANY_RID = "a header rid, whatever it says"
    TOKEN = "the header anti-csrf, equal to the session's"


ANTI_CSRF_TABLE: Final[dict[tuple[AntiCsrfMode, TokenTransferMethod], AntiCsrf]] = {
    ("NONE", "cookie"): AntiCsrf.NO_PROOF,
    ("NONE", "header"): AntiCsrf.NO_PROOF,
    ("VIA_CUSTOM_HEADER", "cookie"): AntiCsrf.ANY_RID,
    ("VIA_CUSTOM_HEADER", "header"): AntiCsrf.NO_PROOF,
    ("VIA_TOKEN", "cookie"): AntiCsrf.TOKEN,
    ("VIA_TOKEN", "header"): AntiCsrf.NO_PROOF,
}


def first_match(table: Table[DecisionT], facts: Fact) -> DecisionT:
    """Return the decision of the first row whose facts all hold. The last row of a table asks for none."""
    return next(decision for needed, decision in table if needed in facts)


def every_case(table: Table[DecisionT]) -> dict[Fact, DecisionT]:
    """Return the decision of a table for each case: a request asks once, where the table's rows would be tried."""
    return {facts: first_match(table, facts) for facts in map(Fact, range(2 ** len(Fact)))}


REFRESH_CASES: Final = every_case(REFRESH_TABLE)

# With every request flags would have to be put together: this is asked for by what is true of each, in their order.
VERIFY_CASES: Final = {
    tuple(fact in facts for fact in (Fact.LEGACY, Fact.HEADER, Fact.COOKIE, Fact.REPEATED)): decision
    for facts, decision in every_case(VERIFY_TABLE).items()
}

# To look a member up in its enumeration takes Python 3.11 longer than most of what is done here with every request.
USE_HEADER: Final = Verify.USE_HEADER
USE_COOKIE: Final = Verify.USE_COOKIE
NO_PROOF: Final = AntiCsrf.NO_PROOF
ANY_RID: Final = AntiCsrf.ANY_RID
CSRF_TOKEN: Final = AntiCsrf.TOKEN


def find_access_token(
    request: BaseRequest, allowed: AnyTransferMethod, is_usable: Callable[[str], bool]
) -> tuple[Verify, str | None]:
    """
    Decide by `VERIFY_TABLE` which access token of a request counts.

    Args:
        request: the request.
        allowed: the methods by which a token may come.
        is_usable: returns whether a text has the shape of our tokens.

    Returns:
        What is to be done, and the token that is to be used, if any.
    """
    bearer = None if allowed == "cookie" else bearer_token(request)
    if bearer is not None and not is_usable(bearer):
        bearer = None
    if request.get_header("cookie") is None:
        is_legacy, cookies, usable = False, [], False
    else:
        is_legacy = bool(request.get_cookies(LEGACY_COOKIE))
        cookies = [] if allowed == "header" else cookie_values(request, ACCESS_COOKIE)
        usable = any(is_usable(value) for value in cookies)
    decision = VERIFY_CASES[is_legacy, bearer is not None, usable, len(cookies) > 1]
    if decision is USE_COOKIE:
        return decision, cookies[0]
    return decision, bearer if decision is USE_HEADER else None


def refresh_facts(request: BaseRequest, allowed: AnyTransferMethod, *, has_older_domain: bool) -> Fact:
    """Collect what matters for `REFRESH_TABLE`."""
    facts = Fact.OLDER_DOMAIN if has_older_domain else Fact.NOTHING
    if allowed != "cookie" and bearer_token(request) is not None:
        facts |= Fact.HEADER
    if allowed == "header":
        return facts
    access, refresh = (cookie_values(request, name) for name in (ACCESS_COOKIE, REFRESH_COOKIE))
    if refresh:
        facts |= Fact.COOKIE
    if len(access) > 1 or len(refresh) > 1:
        facts |= Fact.REPEATED
    return facts


def proof_needed(
    mode: AntiCsrfMode, transfer_method: TokenTransferMethod, http_method: str, *, asked: bool | None
) -> AntiCsrf:
    """
    Return what a request has to prove.

    Args:
        mode: as configured.
        transfer_method: how its token came. A token in a header was put there by the website itself.
        http_method: lower case. Unless asked, a GET proves nothing: it must not change anything.
        asked: ``anti_csrf_check`` of the caller.
    """
    if asked is False or (asked is None and http_method == "get"):
        return NO_PROOF
    return ANTI_CSRF_TABLE[mode, transfer_method]
