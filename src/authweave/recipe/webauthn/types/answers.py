"""What the APIs of the webauthn recipe answer, and what its mails are written from."""

from __future__ import annotations

from typing import ClassVar, Literal, TypeAlias

import attrs
from typing_extensions import override

from authweave.ingredients.emaildelivery.types import EmailDeliveryInterface, SMTPServiceInterface
from authweave.recipe.session.interfaces import SessionContainer
from authweave.types import JSON, NOT_IN_JSON, FrozenValue, GeneralErrorResponse, RecipeUserId, Result, User

from .results import (
    CredentialNotFoundErrorResponse,
    EmailAlreadyExistsErrorResponse,
    InvalidAuthenticatorErrorResponse,
    InvalidCredentialsErrorResponse,
    InvalidOptionsErrorResponse,
    ListCredentialsResponse,
    OkResponse,
    OptionsNotFoundErrorResponse,
    RecoverAccountTokenInvalidErrorResponse,
    RegisterCredentialErrorResponse,
    RegisterOptionsErrorResponse,
    RegisterOptionsResponse,
    SignInOptionsErrorResponse,
    SignInOptionsResponse,
)

RegisterOptionsPOSTResponse: TypeAlias = RegisterOptionsResponse
RegisterOptionsPOSTErrorResponse: TypeAlias = RegisterOptionsErrorResponse
SignInOptionsPOSTResponse: TypeAlias = SignInOptionsResponse
SignInOptionsPOSTErrorResponse: TypeAlias = SignInOptionsErrorResponse
ListCredentialsGETResponse: TypeAlias = ListCredentialsResponse


@attrs.frozen
class SignUpPOSTResponse(Result):
    """The answer to a sign-up that worked."""

    status: ClassVar[Literal["OK"]] = "OK"

    user: User
    session: SessionContainer


@attrs.frozen
class SignInPOSTResponse(Result):
    """The answer to a sign-in that worked."""

    status: ClassVar[Literal["OK"]] = "OK"

    user: User
    session: SessionContainer


@attrs.frozen
class SignUpNotAllowedErrorResponse(Result):
    """Signing up is not allowed here and now."""

    status: ClassVar[Literal["SIGN_UP_NOT_ALLOWED"]] = "SIGN_UP_NOT_ALLOWED"

    reason: str


@attrs.frozen
class SignInNotAllowedErrorResponse(Result):
    """Signing in is not allowed here and now."""

    status: ClassVar[Literal["SIGN_IN_NOT_ALLOWED"]] = "SIGN_IN_NOT_ALLOWED"

    reason: str


@attrs.frozen
class RecoverAccountNotAllowedErrorResponse(Result):
    """No link was sent, and the client is told so."""

    status: ClassVar[Literal["RECOVER_ACCOUNT_NOT_ALLOWED"]] = "RECOVER_ACCOUNT_NOT_ALLOWED"

    reason: str


@attrs.frozen
class RegisterCredentialNotAllowedErrorResponse(Result):
    """The user may not have another passkey here and now."""

    status: ClassVar[Literal["REGISTER_CREDENTIAL_NOT_ALLOWED"]] = "REGISTER_CREDENTIAL_NOT_ALLOWED"

    reason: str


@attrs.frozen
class EmailExistsGetResponse(Result):
    """Whether a login method of the recipe has the address in the tenant."""

    status: ClassVar[Literal["OK"]] = "OK"

    exists: bool


@attrs.frozen
class RecoverAccountPOSTResponse(Result):
    """
    The answer to a recovery that worked. Clients see neither attribute.

    Attributes:
        user: whose account it is.
        email: the address that the link was sent to.
    """

    status: ClassVar[Literal["OK"]] = "OK"

    user: User = attrs.field(metadata=NOT_IN_JSON)
    email: str = attrs.field(metadata=NOT_IN_JSON)


@attrs.frozen
class WebauthnRecoverAccountEmailDeliveryUser(FrozenValue):
    """
    Whom a mail with a link to recover an account is for.

    Attributes:
        id: the user's.
        recipe_user_id: the login method's; None where there is none yet, which recovering would make.
        email: the address that the mail goes to.
    """

    id: str
    recipe_user_id: RecipeUserId | None
    email: str = attrs.field(repr=False)

    @override
    def to_json(self) -> dict[str, JSON]:
        """Return it in the names of SuperTokens; what is not has no key."""
        return {name: value for name, value in super().to_json().items() if value is not None}


@attrs.define(kw_only=True)
class TypeWebauthnRecoverAccountEmailDeliveryInput:
    """
    What a mail with a link to recover an account is written from.

    An override of ``send_email`` may set another link before it calls the original, as in SuperTokens.

    Attributes:
        user: whom it is for.
        recover_account_link: the link. Whoever has it can get a passkey for the account.
        tenant_id: the tenant.
        type: what the mail is for.
    """

    user: WebauthnRecoverAccountEmailDeliveryUser
    recover_account_link: str = attrs.field(repr=False)
    tenant_id: str
    type: Literal["RECOVER_ACCOUNT"] = "RECOVER_ACCOUNT"

    def to_json(self) -> dict[str, JSON]:
        """Return it, with the link, in the names of SuperTokens."""
        return {
            "type": self.type,
            "user": self.user.to_json(),
            "recoverAccountLink": self.recover_account_link,
            "tenantId": self.tenant_id,
        }


TypeWebauthnEmailDeliveryInput: TypeAlias = TypeWebauthnRecoverAccountEmailDeliveryInput
"""What the mails of the recipe are written from."""

SMTPOverrideInput: TypeAlias = SMTPServiceInterface[TypeWebauthnEmailDeliveryInput]
"""What an override of an `authweave.ingredients.emaildelivery.SMTPService` of the recipe is handed."""

EmailDeliveryOverrideInput: TypeAlias = EmailDeliveryInterface[TypeWebauthnEmailDeliveryInput]
"""What an override of the recipe's mail delivery is handed."""

SignUpPOSTErrorResponse: TypeAlias = (
    SignUpNotAllowedErrorResponse
    | InvalidAuthenticatorErrorResponse
    | EmailAlreadyExistsErrorResponse
    | InvalidCredentialsErrorResponse
    | OptionsNotFoundErrorResponse
    | InvalidOptionsErrorResponse
)
SignInPOSTErrorResponse: TypeAlias = InvalidCredentialsErrorResponse | SignInNotAllowedErrorResponse
GenerateRecoverAccountTokenPOSTErrorResponse: TypeAlias = RecoverAccountNotAllowedErrorResponse
RecoverAccountPOSTErrorResponse: TypeAlias = RecoverAccountTokenInvalidErrorResponse | RegisterCredentialErrorResponse
RegisterCredentialPOSTErrorResponse: TypeAlias = (
    RegisterCredentialErrorResponse | RegisterCredentialNotAllowedErrorResponse
)
RemoveCredentialPOSTErrorResponse: TypeAlias = CredentialNotFoundErrorResponse

RegisterOptionsPOSTResult: TypeAlias = (
    RegisterOptionsPOSTResponse | RegisterOptionsPOSTErrorResponse | GeneralErrorResponse
)
SignInOptionsPOSTResult: TypeAlias = SignInOptionsPOSTResponse | SignInOptionsPOSTErrorResponse | GeneralErrorResponse
SignUpPOSTResult: TypeAlias = SignUpPOSTResponse | SignUpPOSTErrorResponse | GeneralErrorResponse
SignInPOSTResult: TypeAlias = SignInPOSTResponse | SignInPOSTErrorResponse | GeneralErrorResponse
GenerateRecoverAccountTokenPOSTResult: TypeAlias = (
    OkResponse | GenerateRecoverAccountTokenPOSTErrorResponse | GeneralErrorResponse
)
RecoverAccountPOSTResult: TypeAlias = (
    RecoverAccountPOSTResponse | RecoverAccountPOSTErrorResponse | GeneralErrorResponse
)
ListCredentialsGETResult: TypeAlias = ListCredentialsGETResponse | GeneralErrorResponse
RegisterCredentialPOSTResult: TypeAlias = OkResponse | RegisterCredentialPOSTErrorResponse | GeneralErrorResponse
RemoveCredentialPOSTResult: TypeAlias = OkResponse | RemoveCredentialPOSTErrorResponse | GeneralErrorResponse
EmailExistsGETResult: TypeAlias = EmailExistsGetResponse | GeneralErrorResponse
