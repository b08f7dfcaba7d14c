"""
The functions of the recipe, each as the call that an override is handed.

The parameters stand here and nowhere else: ``nox -s signatures`` writes the methods of the
interfaces from them.
"""

from __future__ import annotations

from typing_extensions import TypeVar

from authweave.kernel import Call, UserContext

from .interfaces import Action, AllowAttemptResult, AttemptAllowed, RecipeInterface

ContextT = TypeVar("ContextT", bound=UserContext, default=UserContext)


class AllowAttempt(Call[RecipeInterface[ContextT], AllowAttemptResult, ContextT]):
    """
    Decide whether an attempt may be made, before anything is checked. Knows nothing of whether the account exists.

    Attributes:
        action: what is attempted.
        tenant_id: the tenant of the account.
        account: what names it, in normal form: the address of a sign-in, as it was typed but for case and blanks.
        address: what the client is counted by (`authweave.types.BaseRequest.client_network`); None where that is
            not known.
    """

    action: Action
    tenant_id: str
    account: str
    address: str | None


class RecordAttempt(Call[RecipeInterface[ContextT], None, ContextT]):
    """
    Note what came of an attempt that was allowed. Parameters as for `allow_attempt`.

    Attributes:
        succeeded: whether the secret was right.
        allowed: what `allow_attempt` returned.
    """

    action: Action
    tenant_id: str
    account: str
    address: str | None
    succeeded: bool
    allowed: AttemptAllowed
