"""What the emailverification recipe is told by `init`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Final, TypeAlias, TypeVar

import attrs

from authweave.ingredients.emaildelivery.types import EmailDeliveryConfig
from authweave.kernel import UserContext
from authweave.types import RecipeUserId

from .types import EmailTemplateVars, GetEmailResult, Mode

ContextT = TypeVar("ContextT")

GetEmailIn: TypeAlias = Callable[[RecipeUserId, ContextT], Awaitable[GetEmailResult] | GetEmailResult]
GetEmailForRecipeUserId: TypeAlias = GetEmailIn[UserContext] | GetEmailIn[dict[str, Any]]  # Any: as ContextArgument
"""
Takes a login method's id and the context; returns its address, where the application keeps login methods itself. It may
be ``async``.
"""

TOKEN_LIFETIME_S: Final = 86_400
"""How long a link is good for: a day, as SuperTokens has it. Mail may take hours, and is read the next morning."""

VERIFICATION: Final = "email_verification"
"""Of tokens that verify the address that they were sent to."""

CHANGE: Final = "email_change"
"""Of those that also give the login method that address."""


@attrs.frozen(kw_only=True)
class EmailVerificationConfig:
    """
    What `init` was told.

    Attributes:
        mode: whether every route asks for a verified address unless it says otherwise.
        verify_before_change: whether an address is changed only when the new one has been verified.
        email_verify_api: whether ``POST /user/email/verify`` is served.
        is_email_verified_api: whether ``GET /user/email/verify`` is.
        generate_token_api: whether ``POST /user/email/verify/token`` is.
    """

    mode: Mode
    email_delivery: EmailDeliveryConfig[EmailTemplateVars] | None = attrs.field(default=None, repr=False)
    get_email_for_recipe_user_id: GetEmailForRecipeUserId | None = None
    verify_before_change: bool = True
    email_verify_api: bool = True
    is_email_verified_api: bool = True
    generate_token_api: bool = True
