"""What people change of their own account in the demo: its password, and whether it is there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Final, TypeAlias

import attrs
from fastapi import Body, Depends

from authweave import App, UserContext
from authweave.framework.fastapi import verify_session
from authweave.kernel import context_for
from authweave.recipe.emailpassword import (
    ChangePasswordOkResult,
    EmailPasswordRecipe,
    PasswordPolicyViolationError,
    WrongCredentialsError,
)
from authweave.recipe.session import SessionClaimValidator, SessionContainer
from authweave.recipe.session.claims import AuthenticationClaim

from .forms.as_a_call import DemoContext

# The store is consulted, so that a session that has been signed out of is refused at once, whoever kept its token.
SignedIn: TypeAlias = Annotated[SessionContainer, Depends(verify_session(check_database=True))]

RECENTLY_S: Final = 60


def and_recently(
    validators: Sequence[SessionClaimValidator], _session: SessionContainer, _user_context: UserContext
) -> Sequence[SessionClaimValidator]:
    """Ask also that the user has shown who he is not long ago: a session lasts for weeks, and laptops stay open."""
    return [*validators, AuthenticationClaim.validators.authenticated_within(RECENTLY_S)]


JustSignedIn: TypeAlias = Annotated[
    SessionContainer, Depends(verify_session(check_database=True, override_global_claim_validators=and_recently))
]
Text: TypeAlias = Annotated[str, Body()]


@attrs.frozen
class Account:
    """The routes of an account, in the demo's application, which is not the default one."""

    app: App[DemoContext]

    async def change_password(self, session: SignedIn, old: Text, new: Text) -> dict[str, object]:
        """Change the password, and end the user's other sessions. What is wrong is said as a sign-up says it."""
        functions = self.app.recipe(EmailPasswordRecipe).functions
        context: UserContext = context_for(functions, None)
        match await functions.change_password(session, old, new, revoke_other_sessions=True, user_context=context):
            case ChangePasswordOkResult():
                return {"status": "OK"}
            case PasswordPolicyViolationError(reason):
                return {"status": "FIELD_ERROR", "formFields": [{"id": "new-password", "error": reason}]}
            case WrongCredentialsError():
                return {"status": "WRONG_CREDENTIALS_ERROR", "reason": "The former password is another one."}
            case _:
                return {"status": "NO_PASSWORD", "reason": "You sign in with a provider, and have no password."}

    async def delete(self, session: JustSignedIn) -> dict[str, object]:
        """Delete the account with all that belongs to it, and clear the cookies."""
        await self.app.users.delete_user(session.get_user_id())
        await session.revoke_session()
        return {"status": "OK"}
