"""What a route asks of its session, in every framework."""

from __future__ import annotations

from typing import Final, TypeAlias, TypedDict

from authweave.extending import Application
from authweave.recipe.session.interfaces import OverrideClaimValidators


class VerifyOptions(TypedDict, total=False):
    """
    What ``verify_session`` and ``get_session`` of every framework take beside ``session_required``, by keyword.

    Keys:
        anti_csrf_check: True and False decide; by default every method but GET is checked.
        check_database: whether to notice at once that a session was revoked, at the cost of a query.
        override_global_claim_validators: decides which claims are validated.
        app: whose session it is, and who answers its errors; by default that of the middleware.
    """

    anti_csrf_check: bool | None
    check_database: bool
    override_global_claim_validators: OverrideClaimValidators | None
    app: Application | None


KEYS: Final = VerifyOptions.__optional_keys__
ASKED: Final = "authweave_asked"
"""Where a dependency or a guard keeps what it asks for, for who describes the route."""

Asked: TypeAlias = tuple[bool | None, bool, bool, OverrideClaimValidators | None]
"""anti_csrf_check, session_required, check_database, override_global_claim_validators: as the API takes them."""


def asked_by(options: VerifyOptions, *, session_required: bool = True) -> tuple[Application | None, Asked]:
    """
    Return whose session a route asks for, and what of it.

    Raises:
        TypeError: there is no such option.
    """
    if not options.keys() <= KEYS:
        unknown = ", ".join(sorted(map(repr, options.keys() - KEYS)))
        known = ", ".join(sorted({"session_required", *KEYS}))
        raise TypeError(f"A session cannot be asked for with {unknown}: the options are {known}.")
    return options.get("app"), (
        options.get("anti_csrf_check"),
        session_required,
        options.get("check_database", False),
        options.get("override_global_claim_validators"),
    )
