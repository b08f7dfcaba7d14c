"""The functions of the webauthn recipe, as they are without overrides."""

from __future__ import annotations

from collections.abc import Sequence

from typing_extensions import override

from authweave.extending import Services
from authweave.kernel import overridable
from authweave.one_time_tokens import OneTimeTokens
from authweave.recipe.accountlinking.accounts import method_of
from authweave.recipe.accountlinking.signing_in import SecondFactor, SigningInMachine
from authweave.recipe.accountlinking.types import AccountInfoWithRecipeIdAndUserId
from authweave.recipe.session.interfaces import SessionContainer
from authweave.types import (
    LinkingToSessionUserFailedError,
    RecipeUserId,
    User,
    normal_email,
)

from .addresses import Addresses
from .ceremony_options import OptionsDesk, verification_of
from .interfaces.recipe import ContextT_contra, RecipeInterface
from .recovery.token_functions import RecoveryTokens
from .recovery.tokens import RECIPE_ID
from .registering import Registering
from .settings import PasskeySettings
from .store import WEBAUTHN, CeremonyOptions, PasskeyStore
from .types import (
    Attestation,
    AuthenticationPayload,
    CompleteSignInResult,
    ConsumeRecoverAccountTokenResult,
    CreateNewRecipeUserResponse,
    CreateNewRecipeUserResult,
    CredentialNotFoundErrorResponse,
    GenerateRecoverAccountTokenResult,
    GetCredentialResponse,
    GetCredentialResult,
    GetGeneratedOptionsResponse,
    GetGeneratedOptionsResult,
    GetUserFromRecoverAccountTokenResult,
    InvalidEmailErrorResponse,
    InvalidOptionsErrorResponse,
    ListCredentialsResponse,
    OkResponse,
    OptionsNotFoundErrorResponse,
    RecoverAccountTokenInvalidErrorResponse,
    RegisterCredentialResult,
    RegisterOptionsResponse,
    RegisterOptionsResult,
    RegistrationPayload,
    RemoveCredentialResult,
    RemoveGeneratedOptionsResult,
    ResidentKey,
    SignInOptionsResponse,
    SignInOptionsResult,
    SignInResponse,
    SignInResult,
    SignUpReponse,
    SignUpResult,
    UpdateUserEmailResult,
    UserVerification,
    VerifyCredentialsResponse,
    VerifyCredentialsResult,
)
from .verifying import Verifying


class RecipeImplementation(RecipeInterface[ContextT_contra]):
    """
    The functions without overrides.

    Attributes:
        settings: what `init` was told.
        desk: makes options, and finds them.
        signing_in: decides about linking, and links.
    """

    def __init__(
        self,
        settings: PasskeySettings,
        services: Services,
        desk: OptionsDesk,
        tokens: OneTimeTokens,
        signing_in: SigningInMachine,
    ) -> None:
        self.settings = settings
        self.services = services
        self.desk = desk
        self.signing_in = signing_in
        self.registering: Registering = Registering(services, desk)
        self.verifying: Verifying = Verifying(services, desk)
        self.recovery_tokens: RecoveryTokens = RecoveryTokens(services, settings, tokens)
        self.addresses: Addresses = Addresses(services, settings, tokens, signing_in.linking)
        self.store: PasskeyStore = services.storage.part(WEBAUTHN)

    @overridable
    @override
    async def register_options(
        self,
        relying_party_id: str,
        relying_party_name: str,
        origin: str,
        resident_key: ResidentKey | None,
        user_verification: UserVerification | None,
        user_presence: bool | None,
        attestation: Attestation | None,
        supported_algorithm_ids: Sequence[int] | None,
        timeout: int | None,
        tenant_id: str,
        email: str | None,
        recover_account_token: str | None,
        display_name: str | None,
        user_context: ContextT_contra,
    ) -> RegisterOptionsResult:
        if recover_account_token is not None:
            found = await self.recovery_tokens.find(recover_account_token, tenant_id)
            if found is None:
                return RecoverAccountTokenInvalidErrorResponse()
            email = found.email  # it was looked at when the login method was made
        elif (fault := await self.addresses.fault_of(email or "", tenant_id, user_context)) is not None:
            return InvalidEmailErrorResponse(fault)
        made = await self.desk.make(
            "registration",
            tenant_id=tenant_id,
            relying_party_id=relying_party_id,
            relying_party_name=relying_party_name,
            origin=origin,
            email=email or "",
            user_verification=user_verification,
            user_presence=user_presence,
            attestation=attestation or self.settings.attestation,
            algorithms=supported_algorithm_ids,
            timeout_ms=timeout,
            user_context=user_context,
        )
        if isinstance(made, InvalidOptionsErrorResponse):
            return made
        address, wanted = made.email or "", resident_key or self.settings.resident_key
        return RegisterOptionsResponse(
            webauthn_generated_options_id=made.options_id,
            created_at=made.created_at_ms,
            expires_at=made.expires_at_ms,
            rp=RegisterOptionsResponse.RelyingParty(id=made.relying_party_id, name=made.relying_party_name),
            user=RegisterOptionsResponse.User(
                id=made.user_handle or "", name=address, display_name=display_name or address
            ),
            challenge=made.challenge,
            timeout=made.timeout_ms,
            exclude_credentials=(),  # else they would tell who has an account
            attestation=attestation or self.settings.attestation,
            pub_key_cred_params=tuple(
                RegisterOptionsResponse.PubKeyCredParams(alg=int(each)) for each in (made.algorithms or "").split()
            ),
            authenticator_selection=RegisterOptionsResponse.AuthenticatorSelection(
                require_resident_key=wanted == "required",
                resident_key=wanted,
                user_verification=verification_of(made),
            ),
        )

    @overridable
    @override
    async def sign_in_options(
        self,
        relying_party_id: str,
        relying_party_name: str,
        origin: str,
        user_verification: UserVerification | None,
        user_presence: bool | None,
        timeout: int | None,
        tenant_id: str,
        user_context: ContextT_contra,
    ) -> SignInOptionsResult:
        made = await self.desk.make(
            "authentication",
            tenant_id=tenant_id,
            relying_party_id=relying_party_id,
            relying_party_name=relying_party_name,
            origin=origin,
            email=None,
            user_verification=user_verification,
            user_presence=user_presence,
            attestation=None,
            algorithms=None,
            timeout_ms=timeout,
            user_context=user_context,
        )
        if isinstance(made, InvalidOptionsErrorResponse):
            return made
        return SignInOptionsResponse(
            webauthn_generated_options_id=made.options_id,
            created_at=made.created_at_ms,
            expires_at=made.expires_at_ms,
            rp_id=made.relying_party_id,
            challenge=made.challenge,
            timeout=made.timeout_ms,
            user_verification=verification_of(made),
        )

    @overridable
    @override
    async def sign_up(
        self,
        webauthn_generated_options_id: str,
        credential: RegistrationPayload,
        session: SessionContainer | None,
        should_try_linking_with_session_user: bool | None,
        tenant_id: str,
        user_context: ContextT_contra,
    ) -> SignUpResult:
        options = await self.services.off_loop(self.desk.find, webauthn_generated_options_id, "registration", tenant_id)
        if not isinstance(options, CeremonyOptions):
            return options
        found = await self.signing_in.auth_type(
            session=session,
            should_try=should_try_linking_with_session_user,
            account=new_account(options.email or ""),
            authenticating=None,
            user_context=user_context,
        )
        if isinstance(found, LinkingToSessionUserFailedError):
            return found

        if isinstance(found, SecondFactor):
            return await self.sign_up_for(found, webauthn_generated_options_id, credential, tenant_id, user_context)
        result = await self.create_new_recipe_user(webauthn_generated_options_id, credential, tenant_id, user_context)
        if not isinstance(result, CreateNewRecipeUserResponse) or not self.signing_in.linking.has_callback:
            return as_sign_up(result)
        login_id = result.recipe_user_id.get_as_string()
        async with self.signing_in.linking.undoing(login_id, user_context):  # nobody stays who does not know of it
            user = await self.signing_in.link(
                found,
                result.user,
                method_of(result.user, login_id),
                tenant_id=tenant_id,
                session=session,
                user_context=user_context,
            )
        return user if isinstance(user, LinkingToSessionUserFailedError) else as_sign_up(result, user)

    async def sign_up_for(
        self,
        auth_type: SecondFactor,
        options_id: str,
        credential: RegistrationPayload,
        tenant_id: str,
        user_context: ContextT_contra,
    ) -> SignUpResult:
        """Create a login method of a session's user: it is his at once, or there is none."""

        async def create() -> CreateNewRecipeUserResult:
            return await self.create_new_recipe_user(options_id, credential, tenant_id, user_context)

        created = await self.signing_in.create_linked(
            auth_type,
            create,
            lambda result: result.recipe_user_id if isinstance(result, CreateNewRecipeUserResponse) else None,
            is_verified=False,
            user_context=user_context,
        )
        return created if isinstance(created, LinkingToSessionUserFailedError) else as_sign_up(*created)

    @overridable
    @override
    async def create_new_recipe_user(
        self,
        webauthn_generated_options_id: str,
        credential: RegistrationPayload,
        tenant_id: str,
        user_context: ContextT_contra,
    ) -> CreateNewRecipeUserResult:
        return await self.registering.create_user(webauthn_generated_options_id, credential, tenant_id, user_context)

    @overridable
    @override
    async def sign_in(
        self,
        webauthn_generated_options_id: str,
        credential: AuthenticationPayload,
        session: SessionContainer | None,
        should_try_linking_with_session_user: bool | None,
        tenant_id: str,
        user_context: ContextT_contra,
    ) -> SignInResult:
        verified = await self.verify_credentials(webauthn_generated_options_id, credential, tenant_id, user_context)
        if not isinstance(verified, VerifyCredentialsResponse):
            return verified
        return await self.complete_sign_in(
            verified, session, should_try_linking_with_session_user, tenant_id, user_context
        )

    @overridable
    @override
    async def complete_sign_in(
        self,
        verified_credentials: VerifyCredentialsResponse,
        session: SessionContainer | None,
        should_try_linking_with_session_user: bool | None,
        tenant_id: str,
        user_context: ContextT_contra,
    ) -> CompleteSignInResult:
        user, recipe_user_id = verified_credentials.user, verified_credentials.recipe_user_id
        if user.disabled:
            self.verifying.tell_failed(user.id, tenant_id, "disabled", user_context)
            return SignInResponse(user, recipe_user_id)
        linked = await self.linked(
            user, recipe_user_id, session, should_try_linking_with_session_user, tenant_id, user_context
        )
        if isinstance(linked, LinkingToSessionUserFailedError):
            self.verifying.tell_failed(user.id, tenant_id, "not_linked", user_context)
            return linked
        self.services.events.emit("sign_in", RECIPE_ID, user_context, user_id=linked.id, tenant_id=tenant_id)
        return SignInResponse(linked, recipe_user_id)

    async def linked(
        self,
        user: User,
        recipe_user_id: RecipeUserId,
        session: SessionContainer | None,
        should_try: bool | None,  # noqa: FBT001  as the functions
        tenant_id: str,
        user_context: ContextT_contra,
    ) -> User | LinkingToSessionUserFailedError:
        """Return who has signed in, when the login method was linked, as far as need be."""
        machine = self.signing_in
        if not (machine.linking.has_callback or should_try):
            return user
        method = method_of(user, recipe_user_id.get_as_string())
        found = await machine.auth_type(
            session=session,
            should_try=should_try,
            account=AccountInfoWithRecipeIdAndUserId.from_account_info_or_login_method(method),
            authenticating=user,
            user_context=user_context,
        )
        if isinstance(found, LinkingToSessionUserFailedError):
            return found
        return await machine.link(found, user, method, tenant_id=tenant_id, session=session, user_context=user_context)

    @overridable
    @override
    async def verify_credentials(
        self,
        webauthn_generated_options_id: str,
        credential: AuthenticationPayload,
        tenant_id: str,
        user_context: ContextT_contra,
    ) -> VerifyCredentialsResult:
        return await self.verifying.verify(webauthn_generated_options_id, credential, tenant_id, user_context)

    @overridable
    @override
    async def generate_recover_account_token(
        self, user_id: str, email: str, tenant_id: str, user_context: ContextT_contra
    ) -> GenerateRecoverAccountTokenResult:
        return await self.recovery_tokens.create(user_id, email, tenant_id)

    @overridable
    @override
    async def consume_recover_account_token(
        self, token: str, tenant_id: str, user_context: ContextT_contra
    ) -> ConsumeRecoverAccountTokenResult:
        return await self.recovery_tokens.consume(token, tenant_id)

    @overridable
    @override
    async def get_user_from_recover_account_token(
        self, token: str, tenant_id: str, user_context: ContextT_contra
    ) -> GetUserFromRecoverAccountTokenResult:
        return await self.recovery_tokens.owner_of(token, tenant_id)

    @overridable
    @override
    async def register_credential(
        self,
        webauthn_generated_options_id: str,
        credential: RegistrationPayload,
        recipe_user_id: str,
        user_context: ContextT_contra,
    ) -> RegisterCredentialResult:
        return await self.registering.add(webauthn_generated_options_id, credential, recipe_user_id, user_context)

    @overridable
    @override
    async def remove_credential(
        self, webauthn_credential_id: str, recipe_user_id: str, user_context: ContextT_contra
    ) -> RemoveCredentialResult:
        services = self.services

        def remove() -> User | None:
            user = services.storage.find_user(recipe_user_id)
            return user if self.store.remove_passkey(recipe_user_id, webauthn_credential_id) else None

        user = await services.off_loop(remove)
        if user is None:
            return CredentialNotFoundErrorResponse()
        services.events.emit("passkey_removed", RECIPE_ID, user_context, user_id=user.id, recipe_user_id=recipe_user_id)
        return OkResponse()

    @overridable
    @override
    async def get_credential(
        self, webauthn_credential_id: str, recipe_user_id: str, user_context: ContextT_contra
    ) -> GetCredentialResult:
        found = await self.services.off_loop(self.store.list_passkeys, recipe_user_id)
        for each in found:
            if each.credential_id == webauthn_credential_id:
                return GetCredentialResponse(
                    webauthn_credential_id=each.credential_id,
                    relying_party_id=each.relying_party_id,
                    recipe_user_id=RecipeUserId(recipe_user_id),
                    created_at=each.created_at_ms,
                )
        return CredentialNotFoundErrorResponse()

    @overridable
    @override
    async def list_credentials(self, recipe_user_id: str, user_context: ContextT_contra) -> ListCredentialsResponse:
        found = await self.services.off_loop(self.store.list_passkeys, recipe_user_id)
        return ListCredentialsResponse(
            [
                ListCredentialsResponse.Credential(
                    webauthn_credential_id=each.credential_id,
                    relying_party_id=each.relying_party_id,
                    recipe_user_id=recipe_user_id,
                    created_at=each.created_at_ms,
                )
                for each in found
            ]
        )

    @overridable
    @override
    async def remove_generated_options(
        self, webauthn_generated_options_id: str, tenant_id: str, user_context: ContextT_contra
    ) -> RemoveGeneratedOptionsResult:
        were_there = await self.services.off_loop(self.store.remove_options, tenant_id, webauthn_generated_options_id)
        return OkResponse() if were_there else OptionsNotFoundErrorResponse()

    @overridable
    @override
    async def get_generated_options(
        self, webauthn_generated_options_id: str, tenant_id: str, user_context: ContextT_contra
    ) -> GetGeneratedOptionsResult:
        found = await self.services.off_loop(self.store.find_options, webauthn_generated_options_id)
        if found is None or found.tenant_id != tenant_id:
            return OptionsNotFoundErrorResponse()
        return GetGeneratedOptionsResponse(
            webauthn_generated_options_id=found.options_id,
            relying_party_id=found.relying_party_id,
            relying_party_name=found.relying_party_name,
            user_verification=verification_of(found),
            user_presence=found.user_presence,
            origin=found.origin,
            email=found.email,
            timeout=found.timeout_ms,
            challenge=found.challenge,
            created_at=found.created_at_ms,
            expires_at=found.expires_at_ms,
        )

    @overridable
    @override
    async def update_user_email(
        self, recipe_user_id: str, email: str, tenant_id: str, user_context: ContextT_contra
    ) -> UpdateUserEmailResult:
        return await self.addresses.change(recipe_user_id, email, tenant_id, user_context)


def new_account(email: str) -> AccountInfoWithRecipeIdAndUserId:
    """Return what is told of an account that is to be made."""
    return AccountInfoWithRecipeIdAndUserId(None, RECIPE_ID, normal_email(email))


def as_sign_up(result: CreateNewRecipeUserResult, user: User | None = None) -> SignUpResult:
    """Return what came of a sign-up, of whom the user may be another by now."""
    if not isinstance(result, CreateNewRecipeUserResponse):
        return result
    return SignUpReponse(user or result.user, result.recipe_user_id)
