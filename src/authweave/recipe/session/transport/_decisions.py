"""
Decision tables (docs/reference/http.md, A new session, Verifying, Refreshing and Proof against forged requests).

A table is read from the top; the first row whose facts all hold decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum, Flag, auto
from typing import Final, Literal, TypeAlias, TypeVar

from authweave.recipe.session.types import AntiCsrfMode, AnyTransferMethod, TokenTransferMethod
from authweave.types import BaseRequest

from ._requests import ACCESS_COOKIE, LEGACY_COOKIE, REFRESH_COOKIE, bearer_token, cookie_values
from ._several_cookies import Genuineness, choose_access, choose_refresh

DecisionT = TypeVar("DecisionT")


class Fact(Flag):
    """
    What a request shows. A token counts only where its method is allowed.

    Attributes:
        LEGACY: it has the session cookie of 2022 and before, and no token that came by a refresh.
        HEADER: it has a usable token in the ``Authorization`` header.
        COOKIE: it has a usable token in a cookie.
        REPEATED: it has two session cookies of one name.
        TWO_SESSIONS: it has, under one name, cookies of two sessions of ours.
        OLDER_DOMAIN: the configuration names an older cookie domain.
    """

    NOTHING = 0
    LEGACY = auto()
    HEADER = auto()
    COOKIE = auto()
    REPEATED = auto()
    TWO_SESSIONS = auto()
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
    (Fact.COOKIE | Fact.TWO_SESSIONS, Verify.TRY_REFRESH),
    (Fact.COOKIE, Verify.USE_COOKIE),
    (Fact.NOTHING, Verify.NO_TOKEN),
)

REFRESH_TABLE: Final[Table[Refresh]] = (
    (Fact.REPEATED | Fact.OLDER_DOMAIN, Refresh.CLEAR_OLDER),
    (Fact.HEADER, Refresh.USE_HEADER),
    (Fact.TWO_SESSIONS, Refresh.REFUSE),
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
    tuple(fact in facts for fact in (Fact.LEGACY, Fact.HEADER, Fact.COOKIE, Fact.TWO_SESSIONS)): decision
    for facts, decision in every_case(VERIFY_TABLE).items()
}

# To look a member up in its enumeration takes Python 3.11 longer than most of what is done here with every request.
USE_HEADER: Final = Verify.USE_HEADER
USE_COOKIE: Final = Verify.USE_COOKIE
NO_PROOF: Final = AntiCsrf.NO_PROOF
ANY_RID: Final = AntiCsrf.ANY_RID
CSRF_TOKEN: Final = AntiCsrf.TOKEN


def find_access_token(request: BaseRequest, allowed: AnyTransferMethod, ours: Genuineness) -> tuple[Verify, str | None]:
    """
    Decide where the access token of a request comes from. Foreign cookies of its name are passed over.

    Args:
        request: the request.
        allowed: what ``get_token_transfer_method`` returned.
        ours: knows our tokens again.

    Returns:
        What is to be done, and the token that is to be used, if any.
    """
    bearer = None if allowed == "cookie" else bearer_token(request)
    if bearer is not None and not ours.has_shape(bearer):
        bearer = None
    is_legacy, is_two, cookie = False, False, None
    if request.get_header("cookie") is not None:
        is_legacy = bool(request.get_cookies(LEGACY_COOKIE))
        cookies = [] if allowed == "header" else cookie_values(request, ACCESS_COOKIE)
        if len(cookies) > 1:
            choice = choose_access(cookies, ours)
            cookie, is_two = choice.token, choice.of_two_sessions
        elif cookies and ours.has_shape(cookies[0]):
            cookie = cookies[0]
    if is_legacy and came_by_refresh(bearer or cookie or "", ours):
        is_legacy = False
    decision = VERIFY_CASES[is_legacy, bearer is not None, cookie is not None, is_two]
    if decision is USE_COOKIE:
        return decision, cookie
    return decision, bearer if decision is USE_HEADER else None


def came_by_refresh(token: str, ours: Genuineness) -> bool:
    """
    Return whether an access token of ours came with a refresh.

    That answer cleared the cookie of 2022 and before; if it still comes, it is not ours to clear, and no reason to
    refresh forever.
    """
    genuine = ours.access(token)
    return genuine is not None and genuine.parent_refresh_hash1 is not None


def find_refresh_token(
    request: BaseRequest, allowed: AnyTransferMethod, ours: Genuineness, *, has_older_domain: bool
) -> tuple[Refresh, str | None]:
    """
    Decide where the refresh token of a request comes from. Foreign cookies of its name are passed over.

    Returns:
        What is to be done, and the token that is to be used, if any.
    """
    facts = Fact.OLDER_DOMAIN if has_older_domain else Fact.NOTHING
    bearer = None if allowed == "cookie" else bearer_token(request)
    cookie = None
    if bearer is not None:
        facts |= Fact.HEADER
    if allowed != "header":
        access, refresh = (cookie_values(request, name) for name in (ACCESS_COOKIE, REFRESH_COOKIE))
        cookie = next(iter(refresh), None)
        if len(access) > 1 or len(refresh) > 1:
            facts |= Fact.REPEATED
            choice = choose_refresh(refresh, ours)
            cookie = choice.token
            if choice.of_two_sessions or (len(access) > 1 and choose_access(access, ours).of_two_sessions):
                facts |= Fact.TWO_SESSIONS
        if cookie is not None:
            facts |= Fact.COOKIE
    decision = REFRESH_CASES[facts]
    if decision is Refresh.USE_COOKIE:
        return decision, cookie
    return decision, bearer if decision is Refresh.USE_HEADER else None


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
