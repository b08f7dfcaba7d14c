"""
What the accounts contract says comes of each combination, written from its words (2.3, 10.1 to 10.6), and from no code.

It keeps what the token says and what the store says apart: a session that is refused gets no new token.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final, TypeAlias

import attrs

from authweave.recipe.multifactorauth import MFARequirementList

from .cases import ASKED_OF_ROUTE, METHODS, NAMED, OWN, TRIED, Case

Said: TypeAlias = tuple[frozenset[str], bool] | None
"""What a session says: which factors were shown, and whether these are all; None: nothing that can be read."""

KNOWN: Final = frozenset(
    {"emailpassword", "thirdparty", "otp-email", "otp-phone", "link-email", "link-phone", "totp", "webauthn"}
)
OFFERED_FIRST: Final = KNOWN - {"totp"}
"""Those that the recipes of the application offer as first ones."""

GUESSES: Final = {
    "emailpassword": ["emailpassword"],
    "thirdparty": ["thirdparty"],
    "passwordless by mail": ["link-email", "otp-email"],
    "passwordless by phone": ["link-phone", "otp-phone"],
    "webauthn": ["webauthn"],
}
"""10.4: which factors a login method may be of, in this order. (Of passkeys the contract has none: a quirk.)"""


@attrs.frozen
class Outcome:
    """
    What came of a combination.

    Attributes:
        signed_in: whether there is a session.
        steps: the statuses of what was shown and done after that.
        routes: the statuses of a route that asks for all, of one that asks for a list, and of one that asks for none.
        set_up: for each factor that was tried whether it may be set up, or why not.
    """

    signed_in: bool
    steps: tuple[int, ...] = ()
    routes: tuple[int, int, int] = (401, 401, 401)
    set_up: tuple[str, ...] = ()


def expected(case: Case) -> Outcome:
    """Return what the contract says."""
    asked = asked_of(case)
    if case.kind in {"signed in", "former"} and not is_first(case, case.first):
        return Outcome(signed_in=False)
    in_token: Said = None
    if case.kind == "signed in":
        in_token = (frozenset({case.first}), not coming({case.first}, asked))
    if case.kind == "former":
        in_token = (frozenset({case.first}), True)
    in_store, statuses = in_token, list[int]()
    for factor in case.shown:
        known = in_token or guessed(case, asked)
        if known is None:
            statuses.append(401)
            continue
        shown = known[0] | {factor}
        in_token = in_store = (shown, not coming(shown, asked))
        statuses.append(200)
    for step in case.steps:
        if step == "refresh":
            in_token = in_store
            statuses.append(200)
            continue
        known = in_token or guessed(case, asked)
        if known is None:
            statuses.append(401)
            continue
        in_store = (known[0], not coming(known[0], asked))
        status = info(case, known[0], asked)
        statuses.append(status)
        if status == 200:
            in_token = in_store
    seen = in_token or guessed(case, asked)
    set_up = tuple("unauthorised" if seen is None else may_set_up(case, each, seen[0], asked) for each in TRIED)
    return Outcome(
        signed_in=True,
        steps=tuple(statuses),
        routes=(
            401 if seen is None else 200 if seen[1] else 403,
            401 if seen is None else 403 if coming(seen[0], ASKED_OF_ROUTE) else 200,
            200,
        ),
        set_up=set_up,
    )


def asked_of(case: Case) -> MFARequirementList:
    """Return what is asked (10.2): one of what user or tenant require, unless an override says otherwise."""
    asking = case.asking
    if asking.instead is not None:
        return asking.instead
    return [{"oneOf": [*asking.of_user, *asking.of_tenant]}]


def is_first(case: Case, factor: str) -> bool:
    """Return whether a factor is a valid first one (10.3): the tenant's list, else the application's, else all."""
    named = NAMED[case.of_tenant]
    if named is None:
        named = NAMED[case.of_application]
    if named is None:
        return factor in OFFERED_FIRST
    return factor in named and (factor in OFFERED_FIRST or factor not in KNOWN)


def guessed(case: Case, asked: MFARequirementList) -> Said:
    """Return what a session without the claim is taken to say (10.4); None: 401."""
    for factor in GUESSES[case.method]:
        if is_first(case, factor):
            return frozenset({factor}), not coming({factor}, asked)
    return None


def coming(shown: Collection[str], asked: MFARequirementList) -> set[str]:
    """Return the next set (10.2)."""
    for item in asked:
        if isinstance(item, str):
            if item not in shown:
                return {item}
        elif "oneOf" in item:
            if item["oneOf"] and not set(item["oneOf"]) & set(shown):
                return set(item["oneOf"])
        elif missing := set(item["allOfInAnyOrder"]) - set(shown):
            return missing
    return set()


def has(case: Case) -> set[str]:
    """Return which factors the user has set up (10.1); a provider is never among them."""
    own = {
        "emailpassword": {"emailpassword"},
        "thirdparty": set[str](),
        "passwordless by mail": {"otp-email", "link-email"},
        "passwordless by phone": {"otp-phone", "link-phone"},
        "webauthn": {"webauthn"},
    }
    return own[case.method] | case.set_up


def may_set_up(case: Case, factor: str, shown: Collection[str], asked: MFARequirementList) -> str:
    """Return whether a factor may be set up (10.5), after ``v`` was found out anew."""
    following = coming(shown, asked)
    if not following:
        return "allowed"
    if following & has(case):
        return "Completed factors in the session does not satisfy the MFA requirements for auth"
    if factor not in following:
        return "Not allowed to setup factor that is not in the next set of unsatisfied factors"
    return "allowed"


AVAILABLE: Final[Sequence[str]] = (
    "emailpassword",
    "otp-email",
    "otp-phone",
    "link-email",
    "link-phone",
    "totp",
    "webauthn",
)
"""Second factors of the application's recipes (10.1)."""


def info(case: Case, shown: Collection[str], asked: MFARequirementList) -> int:
    """Return the status of ``PUT /mfa/info`` (10.6): 500 where something comes next, and nobody can do it."""
    following = coming(shown, asked)
    allowed = {each for each in AVAILABLE if may_set_up(case, each, shown, asked) == "allowed"}
    return 500 if following and not following & (allowed | has(case)) else 200


assert set(GUESSES) == set(METHODS)
assert OWN not in KNOWN
