"""A request for a link to reset a password."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import attrs
from typing_extensions import override

from authweave.events import EventKind
from authweave.kernel import UserContext
from authweave.recipe.accountlinking.recovering import SendLink
from authweave.recipe.accountlinking.recovery_requests import NOBODY, RecoveryRequests
from authweave.recipe.emailpassword.addresses import Logins
from authweave.recipe.emailpassword.interfaces import RecipeInterface
from authweave.recipe.emailpassword.store import PASSWORDS
from authweave.recipe.emailpassword.types import CreateResetPasswordOkResult, EmailTemplateVars
from authweave.types import User

from .resetting import PURPOSE, RECIPE_ID


@attrs.frozen
class Requesting(RecoveryRequests[RecipeInterface[UserContext], EmailTemplateVars]):
    """
    Sends links to reset passwords.

    Attributes:
        logins: finds users by an address.
    """

    recipe_id: ClassVar[str] = RECIPE_ID
    action: ClassVar[str] = "reset_password"
    event: ClassVar[EventKind] = "password_reset_requested"
    purpose: ClassVar[str] = PURPOSE
    logins: Logins = attrs.field(repr=False)

    @override
    def find(self, tenant_id: str, email: str) -> tuple[Sequence[User], str]:
        return self.logins.users(tenant_id, email)

    @override
    def look_up_nobody(self) -> None:
        self.services.storage.part(PASSWORDS).find_password_login_by_id(NOBODY)

    @override
    async def create_token(
        self, link: SendLink, tenant_id: str, functions: RecipeInterface[UserContext], user_context: UserContext
    ) -> str | None:
        made = await functions.create_reset_password_token(link.token_user_id, link.email, tenant_id, user_context)
        return made.token if isinstance(made, CreateResetPasswordOkResult) else None
