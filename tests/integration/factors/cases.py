"""What combinations there are: of first and second factors, of tenants, requirements, and sessions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Final, Literal, TypeAlias

import attrs

from authweave.recipe.multifactorauth import MFARequirementList

Kind: TypeAlias = Literal["signed in", "own", "spoilt", "former"]
"""
How a session comes about: by signing in, by the application itself, by the application with nonsense in the place of
the claim, or by signing in before anything was required.
"""

Step: TypeAlias = Literal["info", "refresh"]

METHODS: Final[Mapping[str, tuple[str, ...]]] = {
    "emailpassword": ("emailpassword",),
    "thirdparty": ("thirdparty",),
    "passwordless by mail": ("otp-email", "link-email"),
    "passwordless by phone": ("otp-phone", "link-phone"),
    "webauthn": ("webauthn",),
}
"""The login methods, each with the factors that are shown with it."""

FIRST_FACTORS: Final = tuple((method, factor) for method, factors in METHODS.items() for factor in factors)

OWN: Final = "card"
"""A factor of the application's own, which the library does not know."""

TRIED: Final = ("totp", "otp-email", OWN)
"""Which second factors are shown, and set up."""

NAMED: Final[Mapping[str, Sequence[str] | None]] = {
    "nothing said": None,
    "all": ("emailpassword", "thirdparty", "otp-email", "otp-phone", "webauthn"),
    "others": (OWN, "link-email", "nobody-knows-it"),
    "none": (),
}
"""The first factors that somebody may name."""

NAMED_BY: Final[Mapping[str, Sequence[str]]] = {
    "nothing said": tuple(NAMED),
    "all": ("nothing said", "others"),
    "others": ("nothing said", "all"),
}
"""What the application names, and what a tenant may then: where that names some, the application's do not matter."""

REQUIRED: Final[Sequence[tuple[str, ...]]] = ((), ("totp",), ("otp-email", "totp"), ("emailpassword",))
"""Of a user, and of a tenant."""

LISTS: Final[Sequence[MFARequirementList]] = (
    ["totp"],
    ["totp", OWN],
    [OWN, {"oneOf": ["totp", "otp-email"]}],
    [{"oneOf": ["emailpassword", "webauthn"]}, "totp"],
    [{"oneOf": []}],
    [{"oneOf": []}, {"allOfInAnyOrder": ["totp", "otp-email"]}],
    [{"allOfInAnyOrder": ["otp-email", OWN, "totp"]}],
    [{"allOfInAnyOrder": []}],
    ["nobody-has-it"],
)
"""What an override asks for instead."""

ASKED_OF_ROUTE: Final[MFARequirementList] = [{"oneOf": ["totp", OWN]}, {"allOfInAnyOrder": ["emailpassword", "totp"]}]
"""What a route of the application's asks for in the place of that."""

SHOWN: Final[Sequence[tuple[str, ...]]] = ((), ("totp",), ("otp-email",), (OWN,), ("otp-email", "totp"))
SET_UP: Final[Sequence[frozenset[str]]] = (frozenset(), frozenset({"totp"}), frozenset({"totp", "otp-email"}))
STEPS: Final[Sequence[tuple[Step, ...]]] = ((), ("info",), ("refresh",), ("info", "refresh"))
KINDS: Final[Sequence[Kind]] = ("signed in", "own", "spoilt", "former")


@attrs.frozen
class Asking:
    """
    What is asked of somebody.

    Attributes:
        of_user: what is required of the user.
        of_tenant: what is required in the tenant.
        instead: what an override asks for in the place of both.
    """

    of_user: tuple[str, ...] = ()
    of_tenant: tuple[str, ...] = ()
    instead: MFARequirementList | None = None


ASKINGS: Final = (
    *(Asking(of_user, of_tenant) for of_user, of_tenant in product(REQUIRED, REQUIRED)),
    *(Asking(instead=each) for each in LISTS),
)


@attrs.frozen
class Case:
    """
    One combination.

    Attributes:
        of_application: the first factors that the application names, by the key in `NAMED`.
        of_tenant: those that the tenant names, likewise.
        method: the login method.
        first: the factor that is shown with it.
        kind: how the session comes about.
        asking: what is asked.
        set_up: which second factors the user has.
        shown: which are shown then, one after the other.
        steps: what happens to the session after that.
    """

    of_application: str
    of_tenant: str
    method: str
    first: str
    kind: Kind
    asking: Asking
    set_up: frozenset[str]
    shown: tuple[str, ...]
    steps: tuple[Step, ...]


def every_case(of_application: str) -> Iterator[Case]:
    """Return all combinations, of an application that names some first factors."""
    for of_tenant, (method, first), kind, asking, set_up, shown, steps in product(
        NAMED_BY[of_application], FIRST_FACTORS, KINDS, ASKINGS, SET_UP, SHOWN, STEPS
    ):
        yield Case(of_application, of_tenant, method, first, kind, asking, set_up, shown, steps)
