"""Whether a login method may have another address (accounts contract, 3.6)."""

from __future__ import annotations

from typing import Final

from authweave.extending.tables import Table, row, yes_or_no
from authweave.recipe.accountlinking.types import EmailChange

from ._facts import LINK, NO, callback

EMAIL_CHANGE: Final[Table[EmailChange]] = Table(
    title="May an address be changed?",
    facts=(
        yes_or_no("is_primary", "the user is a primary one", "the user is no primary one"),
        yes_or_no(
            "other_primary", "another primary user has the new address", "no other primary user has the new address"
        ),
        yes_or_no("is_verified", "the new address is verified", "the new address is not verified"),
        yes_or_no(
            "is_verified_elsewhere",
            "another of his login methods has it verified",
            "no other of his login methods has it verified",
        ),
        yes_or_no("others", "others have the new address", "nobody else has the new address"),
        yes_or_no("is_same", "it is the address that he has", "it is another than he has"),
        callback("the oldest other one and the user, if he is a primary one; else the user and that primary user"),
    ),
    outcomes={
        "OK": "changed",
        "PRIMARY_USER_CONFLICT": "refused: no two primary users have one address",
        "ACCOUNT_TAKEOVER_RISK": "refused: whoever has the new address could get the account",
    },
    rows=(
        row("PRIMARY_USER_CONFLICT", is_primary=True, other_primary=True),
        row("OK", is_primary=True, is_verified=True),
        row("OK", is_primary=True, is_verified_elsewhere=True),
        row("OK", is_primary=True, others=False),
        row("OK", is_primary=True, callback=(NO, LINK)),
        row("ACCOUNT_TAKEOVER_RISK", is_primary=True),
        row("OK", is_verified=True),
        row("OK", is_same=True),
        row("OK", other_primary=False),
        row("OK", callback=(NO, LINK)),
        row("ACCOUNT_TAKEOVER_RISK"),
    ),
)
"""It is asked for each tenant of the user; the first one that refuses decides."""
