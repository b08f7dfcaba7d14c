"""The mails with a link to reset a password."""

from __future__ import annotations

from typing import ClassVar

import attrs
from typing_extensions import override

from authweave.recipe.accountlinking.recovery_mails import RecoveryMails
from authweave.recipe.emailpassword.types import (
    EmailTemplateVars,
    PasswordResetEmailTemplateVars,
    PasswordResetEmailTemplateVarsUser,
)
from authweave.types import RecipeUserId


@attrs.frozen
class Mails(RecoveryMails[EmailTemplateVars]):
    """Writes the mails of the recipe, and has them delivered."""

    path: ClassVar[str] = "/reset-password"

    @override
    def template_vars(
        self, user_id: str, recipe_user_id: RecipeUserId | None, email: str, link: str, tenant_id: str
    ) -> PasswordResetEmailTemplateVars:
        user = PasswordResetEmailTemplateVarsUser(user_id, recipe_user_id, email)
        return PasswordResetEmailTemplateVars(user, link, tenant_id)
