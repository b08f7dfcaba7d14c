"""How an application configures the recipe."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

import attrs

from authweave.recipe.session.interfaces import SessionContainer
from authweave.types import User

from .types import AccountInfoWithRecipeIdAndUserId, RecipeLevelUser, ShouldAutomaticallyLink, ShouldLink

ShouldDoAutomaticAccountLinking: TypeAlias = Callable[
    [AccountInfoWithRecipeIdAndUserId, User | None, SessionContainer | None, str, Any],  # Any: the context, or a dict
    ShouldLink | Awaitable[ShouldLink],
]
"""
Says whether an account may be linked to a user, or (None) be that of a primary user. It may be ``async``.

It is handed the account, the user, the session of the request if that is to be linked to, the tenant and the context.
"""

OnAccountLinked: TypeAlias = Callable[
    [User, RecipeLevelUser, Any],  # Any: the context, as the application declares it or as a dict
    Awaitable[None] | None,
]
"""Is told of each new link: the user with all login methods, the login method, and the context. It may be ``async``."""


def link_if_verified(*_asked: object) -> ShouldAutomaticallyLink:
    """
    Answer that accounts are linked whose addresses are verified, whatever is asked.

    Hand it to `init` as ``should_do_automatic_account_linking`` where the application makes no difference.

    .. versionadded:: 0.1.0
    """
    return ShouldAutomaticallyLink(should_require_verification=True)


@attrs.frozen(kw_only=True)
class AccountLinkingConfig:
    """
    What `init` was told.

    Attributes:
        should_link: the application's callback; None where nothing is linked by itself.
        on_account_linked: what it is told by.
    """

    should_link: ShouldDoAutomaticAccountLinking | None = attrs.field(default=None, repr=False)
    on_account_linked: OnAccountLinked | None = attrs.field(default=None, repr=False)
