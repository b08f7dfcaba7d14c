"""The HTTP APIs of the webauthn recipe, as they are without overrides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from typing_extensions import override

from authweave.extending import Services
from authweave.kernel import UserContext, overridable
from authweave.recipe.accountlinking.accounts import method_of
from authweave.recipe.accountlinking.signing_in import AuthType, NotAllowed, SigningInMachine, refusal
from authweave.recipe.session import DISABLED, SessionContainer, SessionRefusedError, is_fake, session_factors
from authweave.types import (
    GeneralErrorResponse,
    LinkingToSessionUserFailedError,
    LoginMethod,
    User,
    normal_email,
)

from .exceptions import PasskeyRemovedError
from .interfaces.api import APIInterface, APIOptions, ContextT_contra
from .recipe_implementation import new_account
from .recovery.recovering import Recovering
from .recovery.requesting import Requesting
from .recovery.tokens import RECIPE_ID
from .relying_party import RelyingParties
from .store import WEBAUTHN
from .types import (
    AuthenticationPayload,
    EmailAlreadyExistsErrorResponse,
    EmailExistsGetResponse,
    EmailExistsGETResult,
    GenerateRecoverAccountTokenPOSTResult,
    GetGeneratedOptionsResponse,
    InvalidCredentialsErrorResponse,
    ListCredentialsGETResponse,
    ListCredentialsGETResult,
    OkResponse,
    OptionsNotFoundErrorResponse,
    RecoverAccountNotAllowedErrorResponse,
    RecoverAccountPOSTResult,
    RegisterCredentialNotAllowedErrorResponse,
    RegisterCredentialPOSTResult,
    RegisterOptionsPOSTResult,
    RegistrationPayload,
    RemoveCredentialPOSTResult,
    SignInNotAllowedErrorResponse,
    SignInOptionsPOSTResult,
    SignInPOSTResponse,
    SignInPOSTResult,
    SignUpNotAllowedErrorResponse,
    SignUpPOSTResponse,
    SignUpPOSTResult,
    SignUpReponse,
    VerifyCredentialsResponse,
)

FACTORS: Final = (RECIPE_ID,)

NOT_REGISTERED: Final[Mapping[str, str]] = {
    "INVALID_AUTHENTICATOR_ERROR": (
        "The device used for authentication is not supported. Please use a different device. (ERR_CODE_026)"
    ),
    "INVALID_CREDENTIALS_ERROR": (
        "The credentials are incorrect. Please make sure you are using the correct credentials. (ERR_CODE_025)"
    ),
    "INVALID_OPTIONS_ERROR": (
        "Cannot register credential due to security reasons. Please try logging in, use a different login method or "
        "contact support. (ERR_CODE_007)"
    ),
}
"""What a person is told whose passkey is not added, by the status of why."""

NO_SUCH_USER: Final = "User not found"
OTHER_EMAIL: Final = "Email mismatch"


class APIImplementation(APIInterface[ContextT_contra]):
    """The APIs without overrides. They call the composed functions that their options name."""

    def __init__(
        self,
        signing_in: SigningInMachine,
        services: Services,
        relying_parties: RelyingParties,
        requesting: Requesting,
        recovering: Recovering,
    ) -> None:
        self.signing_in = signing_in
        self.services = services
        self.relying_parties = relying_parties
        self.requesting = requesting
        self.recovering = recovering

    @overridable
    @override
    async def register_options_post(
        self,
        tenant_id: str,
        options: APIOptions,
        email: str | None,
        recover_account_token: str | None,
        display_name: str | None,
        user_context: ContextT_contra,
    ) -> RegisterOptionsPOSTResult:
        domain, name, origin = await self.relying_parties.relying_party_of(tenant_id, options.request, user_context)
        return await options.recipe_implementation.register_options(
            relying_party_id=domain,
            relying_party_name=name,
            origin=origin,
            resident_key=None,
            user_verification=None,
            user_presence=None,
            attestation=None,
            supported_algorithm_ids=None,
            timeout=None,
            tenant_id=tenant_id,
            email=email,
            recover_account_token=recover_account_token,
            display_name=display_name,
            user_context=user_context,
        )

    @overridable
    @override
    async def sign_in_options_post(
        self, tenant_id: str, options: APIOptions, user_context: ContextT_contra
    ) -> SignInOptionsPOSTResult:
        domain, name, origin = await self.relying_parties.relying_party_of(tenant_id, options.request, user_context)
        return await options.recipe_implementation.sign_in_options(
            relying_party_id=domain,
            relying_party_name=name,
            origin=origin,
            user_verification=None,
            user_presence=None,
            timeout=None,
            tenant_id=tenant_id,
            user_context=user_context,
        )

    @overridable
    @override
    async def sign_up_post(
        self,
        webauthn_generated_options_id: str,
        credential: RegistrationPayload,
        tenant_id: str,
        session: SessionContainer | None,
        should_try_linking_with_session_user: bool | None,
        options: APIOptions,
        user_context: ContextT_contra,
    ) -> SignUpPOSTResult:
        self.signing_in.require_linking(session, should_try_linking_with_session_user)
        functions = options.recipe_implementation
        found = await functions.get_generated_options(webauthn_generated_options_id, tenant_id, user_context)
        if not isinstance(found, GetGeneratedOptionsResponse) or found.email is None:
            return OptionsNotFoundErrorResponse()
        refused = await self.refused_sign_up(
            found.email, session, should_try_linking_with_session_user, tenant_id, user_context
        )
        if refused is not None:
            return refused
        result = await functions.sign_up(
            webauthn_generated_options_id,
            credential,
            session,
            should_try_linking_with_session_user,
            tenant_id,
            user_context,
        )
        if isinstance(result, LinkingToSessionUserFailedError):
            return SignUpNotAllowedErrorResponse(refusal("webauthn sign up", result.reason, user_context))
        if not isinstance(result, SignUpReponse):
            return result
        user, created = await self.signing_in.session_for(
            options.request,
            result.user,
            result.recipe_user_id,
            tenant_id=tenant_id,
            session=session,
            user_context=user_context,
            factor_id=RECIPE_ID,
            undo_sign_up=lambda: self.services.off_loop(
                self.services.undo_sign_up, result.recipe_user_id.get_as_string(), user_context
            ),
        )
        return SignUpPOSTResponse(user, created)

    async def refused_sign_up(
        self,
        email: str,
        session: SessionContainer | None,
        should_try: bool | None,  # noqa: FBT001  as the APIs
        tenant_id: str,
        user_context: UserContext,
    ) -> EmailAlreadyExistsErrorResponse | SignUpNotAllowedErrorResponse | None:
        """Return why somebody may not sign up with an address; None where he may."""
        if is_fake(email) and session is None:
            return EmailAlreadyExistsErrorResponse()
        auth_type = await self.signing_in.check_sign_up(
            new_account(email),
            is_verified=is_fake(email),
            factor_ids=FACTORS,
            session=session,
            should_try=should_try,
            tenant_id=tenant_id,
            user_context=user_context,
        )
        if not isinstance(auth_type, NotAllowed):
            return None
        # Who has the address already is told that, as everybody is.
        if auth_type.reason == "SIGN_UP_NOT_ALLOWED" and await self.is_taken(tenant_id, email):
            return EmailAlreadyExistsErrorResponse()
        return SignUpNotAllowedErrorResponse(refusal("webauthn sign up", auth_type.reason, user_context))

    async def is_taken(self, tenant_id: str, email: str) -> bool:
        """Return whether a login method of the recipe has an address."""
        store = self.services.storage.part(WEBAUTHN)
        return await self.services.off_loop(store.find_passkey_login, tenant_id, normal_email(email)) is not None

    @overridable
    @override
    async def sign_in_post(
        self,
        webauthn_generated_options_id: str,
        credential: AuthenticationPayload,
        tenant_id: str,
        session: SessionContainer | None,
        should_try_linking_with_session_user: bool | None,
        options: APIOptions,
        user_context: ContextT_contra,
    ) -> SignInPOSTResult:
        self.signing_in.require_linking(session, should_try_linking_with_session_user)
        functions = options.recipe_implementation
        verified = await functions.verify_credentials(
            webauthn_generated_options_id, credential, tenant_id, user_context
        )
        if not isinstance(verified, VerifyCredentialsResponse):
            return InvalidCredentialsErrorResponse()  # whatever is wrong: it would tell which passkeys are known
        found = await self.auth_type_of(
            verified, session, should_try_linking_with_session_user, tenant_id, user_context
        )
        if isinstance(found, InvalidCredentialsErrorResponse | SignInNotAllowedErrorResponse):
            return found
        result = await functions.complete_sign_in(
            verified, session, should_try_linking_with_session_user, tenant_id, user_context
        )
        if isinstance(result, LinkingToSessionUserFailedError):
            return SignInNotAllowedErrorResponse(refusal("webauthn sign in", result.reason, user_context))
        if result.user.disabled:
            return SignInNotAllowedErrorResponse(DISABLED)
        try:
            user, created = await self.signing_in.session_for(
                options.request,
                result.user,
                result.recipe_user_id,
                tenant_id=tenant_id,
                session=session,
                user_context=user_context,
                factor_id=RECIPE_ID,
                auth_type=found,
            )
        except PasskeyRemovedError:
            raise
        except SessionRefusedError:  # disabled or deleted just now
            return SignInNotAllowedErrorResponse(DISABLED)
        return SignInPOSTResponse(user, created)

    async def auth_type_of(
        self,
        verified: VerifyCredentialsResponse,
        session: SessionContainer | None,
        should_try: bool | None,  # noqa: FBT001  as the APIs
        tenant_id: str,
        user_context: UserContext,
    ) -> AuthType | InvalidCredentialsErrorResponse | SignInNotAllowedErrorResponse | None:
        """Return as what somebody signs in who has a passkey, or why he may not; None where the functions say so."""
        method = method_of(verified.user, verified.recipe_user_id.get_as_string())
        if session is None and is_fake(method.email or ""):
            return InvalidCredentialsErrorResponse()
        if verified.user.disabled:  # the function tells
            return None
        auth_type = await self.signing_in.check_sign_in(
            verified.user,
            method,
            sign_in_verifies=False,
            factor_ids=FACTORS,
            session=session,
            should_try=should_try,
            tenant_id=tenant_id,
            user_context=user_context,
        )
        if not isinstance(auth_type, NotAllowed):
            return auth_type
        return SignInNotAllowedErrorResponse(refusal("webauthn sign in", auth_type.reason, user_context))

    @overridable
    @override
    async def generate_recover_account_token_post(
        self, email: str, tenant_id: str, options: APIOptions, user_context: ContextT_contra
    ) -> GenerateRecoverAccountTokenPOSTResult:
        refused = await self.requesting.request(email, tenant_id, options.recipe_implementation, user_context)
        return OkResponse() if refused is None else RecoverAccountNotAllowedErrorResponse(refused.reason)

    @overridable
    @override
    async def recover_account_post(
        self,
        token: str,
        webauthn_generated_options_id: str,
        credential: RegistrationPayload,
        tenant_id: str,
        options: APIOptions,
        user_context: ContextT_contra,
    ) -> RecoverAccountPOSTResult:
        return await self.recovering.recover(
            token, webauthn_generated_options_id, credential, tenant_id, options.recipe_implementation, user_context
        )

    @overridable
    @override
    async def list_credentials_get(
        self, session: SessionContainer, options: APIOptions, user_context: ContextT_contra
    ) -> ListCredentialsGETResult:
        listed = [
            await options.recipe_implementation.list_credentials(each.recipe_user_id.get_as_string(), user_context)
            for each in await self.methods_of(session)
        ]
        return ListCredentialsGETResponse([each for one in listed for each in one.credentials])

    async def methods_of(self, session: SessionContainer) -> list[LoginMethod]:
        """Return the login methods of the recipe that the user of a session has."""
        find = self.services.storage.find_user
        user: User | None = await self.services.off_loop(find, session.get_user_id())
        return [] if user is None else [each for each in user.login_methods if each.recipe_id == RECIPE_ID]

    @overridable
    @override
    async def register_credential_post(
        self,
        webauthn_generated_options_id: str,
        credential: RegistrationPayload,
        recipe_user_id: str,
        tenant_id: str,
        session: SessionContainer,
        options: APIOptions,
        user_context: ContextT_contra,
    ) -> RegisterCredentialPOSTResult:
        factors = session_factors(self.services)
        if factors is not None:
            await factors.require_may_set_up(session, RECIPE_ID, user_context)
        functions = options.recipe_implementation
        found = await functions.get_generated_options(webauthn_generated_options_id, tenant_id, user_context)
        if not isinstance(found, GetGeneratedOptionsResponse):
            return found
        mine = (each for each in await self.methods_of(session))
        method = next((each for each in mine if each.recipe_user_id.get_as_string() == recipe_user_id), None)
        if method is None:
            return GeneralErrorResponse(NO_SUCH_USER)
        if not method.has_same_email_as(found.email):
            return GeneralErrorResponse(OTHER_EMAIL)
        async with self.services.transaction():
            result = await functions.register_credential(
                webauthn_generated_options_id, credential, recipe_user_id, user_context
            )
            # Again, now that no recovery can be under way: one that was may have ended the session for good reason.
            await session.get_session_data_from_database(user_context)
        reason = NOT_REGISTERED.get(result.status)
        return result if reason is None else RegisterCredentialNotAllowedErrorResponse(reason)

    @overridable
    @override
    async def remove_credential_post(
        self,
        webauthn_credential_id: str,
        session: SessionContainer,
        options: APIOptions,
        user_context: ContextT_contra,
    ) -> RemoveCredentialPOSTResult:
        factors = session_factors(self.services)
        if factors is not None:
            await factors.require_complete(session, user_context)
        for each in await self.methods_of(session):
            if each.webauthn is not None and webauthn_credential_id in each.webauthn.credential_ids:
                return await options.recipe_implementation.remove_credential(
                    webauthn_credential_id, each.recipe_user_id.get_as_string(), user_context
                )
        return GeneralErrorResponse(NO_SUCH_USER)

    @overridable
    @override
    async def email_exists_get(
        self, email: str, tenant_id: str, options: APIOptions, user_context: ContextT_contra
    ) -> EmailExistsGETResult:
        return EmailExistsGetResponse(await self.is_taken(tenant_id, email))
