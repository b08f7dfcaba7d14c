"""The functions of the webauthn recipe, as they are without overrides."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from typing_extensions import override

from authweave.extending import Services, VerifiedEmails
from authweave.kernel import UserContext, overridable
from authweave.one_time_tokens import OneTimeTokens
from authweave.recipe.accountlinking.accounts import method_of
from authweave.recipe.accountlinking.signing_in import SecondFactor, SigningInMachine
from authweave.recipe.accountlinking.types import AccountInfoWithRecipeIdAndUserId
from authweave.recipe.session.interfaces import SessionContainer
from authweave.storage import ContactTakenError, EmailTakenError, LoginRecord
from authweave.types import (
    MAX_ADDRESS_CHARACTERS,
    LinkingToSessionUserFailedError,
    RecipeUserId,
    User,
    has_email_syntax,
    is_visible,
    normal_email,
)

from .ceremony_options import OptionsDesk, verification_of
from .interfaces.recipe import ContextT_contra, RecipeInterface
from .recovery.tokens import PURPOSE, RECIPE_ID
from .settings import PasskeySettings
from .store import WEBAUTHN, CeremonyOptions, Passkey, PasskeyStore, PasskeyTakenError
from .types import (
    Attestation,
    AuthenticationPayload,
    CompleteSignInResult,
    ConsumeRecoverAccountTokenResponse,
    ConsumeRecoverAccountTokenResult,
    CreateNewRecipeUserResponse,
    CreateNewRecipeUserResult,
    CredentialNotFoundErrorResponse,
    EmailAlreadyExistsErrorResponse,
    GenerateRecoverAccountTokenResponse,
    GenerateRecoverAccountTokenResult,
    GetCredentialResponse,
    GetCredentialResult,
    GetGeneratedOptionsResponse,
    GetGeneratedOptionsResult,
    GetUserFromRecoverAccountTokenResponse,
    GetUserFromRecoverAccountTokenResult,
    InvalidCredentialsErrorResponse,
    InvalidEmailErrorResponse,
    InvalidOptionsErrorResponse,
    ListCredentialsResponse,
    OkResponse,
    OptionsNotFoundErrorResponse,
    RecoverAccountTokenInvalidErrorResponse,
    RegisterCredentialErrorResponse,
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
    UnknownUserIdErrorResponse,
    UpdateUserEmailResult,
    UserVerification,
    VerifyCredentialsResponse,
    VerifyCredentialsResult,
)

NOT_VALID: Final = "Email is not valid"
"""What the frontends show of an address that is none."""


class UsedError(Exception):
    """Options were used by somebody who was faster, or a counter did not move: what was begun is undone."""


class RecipeImplementation(RecipeInterface[ContextT_contra]):
    """
    The functions without overrides.

    Attributes:
        settings: what `init` was told.
        desk: makes options, and finds them.
        tokens: those of the application.
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
        self.tokens = tokens
        self.signing_in = signing_in
        self.store: PasskeyStore = services.storage.part(WEBAUTHN)
        self.emails: VerifiedEmails = VerifiedEmails(services)

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
            found = await self.services.off_loop(
                lambda: self.tokens.find(PURPOSE, recover_account_token, tenant_id=tenant_id)
            )
            if found is None:
                return RecoverAccountTokenInvalidErrorResponse()
            email = found.email  # it was looked at when the login method was made
        elif (fault := await self.email_fault(email or "", tenant_id, user_context)) is not None:
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

    async def email_fault(self, email: str, tenant_id: str, user_context: UserContext) -> str | None:
        """Say what is wrong with an address, or None."""
        address, validate = normal_email(email), self.settings.validate_email_address
        if not 0 < len(address) <= MAX_ADDRESS_CHARACTERS or not address.isprintable() or not is_visible(address):
            return NOT_VALID
        if validate is None:
            return None if has_email_syntax(address) else NOT_VALID
        return await validate(email=address, tenant_id=tenant_id, user_context=user_context)

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
        services = self.services
        user_id = str(UUID(bytes=services.random_bytes(16), version=4))
        now_ms = services.clock()

        def create() -> CreateNewRecipeUserResult:
            checked = self.checked(webauthn_generated_options_id, credential, tenant_id, user_id, now_ms)
            if not isinstance(checked, tuple):
                return checked
            options, passkey = checked
            login = LoginRecord(
                user_id=user_id,
                recipe_user_id=user_id,
                recipe_id=RECIPE_ID,
                tenant_id=options.tenant_id,
                email=options.email,
                time_joined_ms=now_ms,
            )

            def write() -> User:
                self.use(options)
                user = self.store.create_user_with_passkey(login, passkey)
                services.hooks.user_created(user, user_context)
                return user

            try:
                return CreateNewRecipeUserResponse(services.storage.transact(write), RecipeUserId(user_id))
            except EmailTakenError:
                return EmailAlreadyExistsErrorResponse()
            except PasskeyTakenError:
                return InvalidCredentialsErrorResponse()
            except UsedError:
                return OptionsNotFoundErrorResponse()

        created = await services.off_loop(create)
        if isinstance(created, CreateNewRecipeUserResponse):
            services.events.emit("sign_up", RECIPE_ID, user_context, user_id=created.user.id, tenant_id=tenant_id)
        return created

    def checked(
        self,
        options_id: str,
        credential: RegistrationPayload,
        tenant_id: str | None,
        recipe_user_id: str,
        now_ms: int,
    ) -> tuple[CeremonyOptions, Passkey] | RegisterCredentialErrorResponse:
        """Return the passkey that a browser has made, with its options, which are not used up yet. Blocks."""
        from .ceremonies import NewPasskey, check_registration  # noqa: PLC0415  it brings CBOR and X.509, for the first passkey

        options = self.desk.find(options_id, "registration", tenant_id)
        if not isinstance(options, CeremonyOptions):
            return options
        made = check_registration(credential, options)
        if not isinstance(made, NewPasskey):
            return made
        passkey = Passkey(
            credential_id=made.credential_id,
            recipe_user_id=recipe_user_id,
            relying_party_id=options.relying_party_id,
            public_key=made.public_key,
            sign_count=made.sign_count,
            user_handle=options.user_handle,
            created_at_ms=now_ms,
        )
        return options, passkey

    def use(self, options: CeremonyOptions) -> None:
        """
        Use options up, in the transaction of what they are used for.

        Raises:
            UsedError: somebody was faster, or they have expired meanwhile.
        """
        if not self.desk.use(options):
            raise UsedError

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
            self.tell_failed(user.id, tenant_id, "disabled", user_context)
            return SignInResponse(user, recipe_user_id)
        linked = await self.linked(
            user, recipe_user_id, session, should_try_linking_with_session_user, tenant_id, user_context
        )
        if isinstance(linked, LinkingToSessionUserFailedError):
            self.tell_failed(user.id, tenant_id, "not_linked", user_context)
            return linked
        self.services.events.emit("sign_in", RECIPE_ID, user_context, user_id=linked.id, tenant_id=tenant_id)
        return SignInResponse(linked, recipe_user_id)

    def tell_failed(self, user_id: str | None, tenant_id: str, reason: str | None, user_context: UserContext) -> None:
        """Tell that somebody did not get in; with a reason, one who has the passkey."""
        details = {} if reason is None else {"reason": reason}
        self.services.events.emit(
            "sign_in_failed", RECIPE_ID, user_context, user_id=user_id, tenant_id=tenant_id, **details
        )

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
        def verify() -> tuple[VerifyCredentialsResult, str | None]:
            return self.verified(webauthn_generated_options_id, credential, tenant_id)

        result, owner = await self.services.off_loop(verify)
        if not isinstance(result, VerifyCredentialsResponse):
            self.tell_failed(owner, tenant_id, None, user_context)
        return result

    def verified(
        self, options_id: str, credential: AuthenticationPayload, tenant_id: str
    ) -> tuple[VerifyCredentialsResult, str | None]:
        """Check a passkey, and use its options up. Returns what came of it, and whose it is, if anybody's. Blocks."""
        from .ceremonies import check_authentication  # noqa: PLC0415  it brings CBOR and X.509, for the first passkey

        options = self.desk.find(options_id, "authentication", tenant_id)
        if not isinstance(options, CeremonyOptions):
            return options, None
        passkey = self.store.find_passkey(credential.id)
        user = None if passkey is None else self.services.storage.find_user(passkey.recipe_user_id)
        method = (
            None
            if user is None
            else next(
                (
                    each
                    for each in user.login_methods
                    if each.webauthn and credential.id in each.webauthn.credential_ids
                ),
                None,
            )
        )
        if passkey is None or user is None or method is None or tenant_id not in method.tenant_ids:
            return CredentialNotFoundErrorResponse(), None
        sign_count = check_authentication(credential, options, passkey)
        if sign_count is None:
            return InvalidCredentialsErrorResponse(), user.id

        def write() -> None:
            self.use(options)
            if not self.store.note_use(passkey.credential_id, sign_count):
                raise UsedError  # a sign-in with the same count or a greater one was faster, or the passkey is gone

        try:
            if sign_count or passkey.sign_count:
                self.services.storage.transact(write)
            else:  # one that does not count, as those that are synchronised: there is nothing to note
                self.use(options)
        except UsedError:
            return InvalidCredentialsErrorResponse(), user.id
        return VerifyCredentialsResponse(user, method.recipe_user_id), user.id

    @overridable
    @override
    async def generate_recover_account_token(
        self, user_id: str, email: str, tenant_id: str, user_context: ContextT_contra
    ) -> GenerateRecoverAccountTokenResult:
        def create() -> str | None:
            # A login with a passkey, as a rule: then it is asked for once, as for an address without an account.
            is_known = self.store.is_passkey_login(user_id) or self.services.storage.find_user(user_id) is not None
            if not is_known:
                return None
            return self.tokens.create(
                PURPOSE,
                tenant_id=tenant_id,
                user_id=user_id,
                email=normal_email(email),
                lifetime_s=self.settings.recovery_lifetime_s,
            )

        token = await self.services.off_loop(create)
        return UnknownUserIdErrorResponse() if token is None else GenerateRecoverAccountTokenResponse(token)

    @overridable
    @override
    async def consume_recover_account_token(
        self, token: str, tenant_id: str, user_context: ContextT_contra
    ) -> ConsumeRecoverAccountTokenResult:
        used = await self.services.off_loop(
            lambda: self.tokens.consume(PURPOSE, token, tenant_id=tenant_id, voids="address")
        )
        if used is None:
            return RecoverAccountTokenInvalidErrorResponse()
        return ConsumeRecoverAccountTokenResponse(used.email, used.user_id)

    @overridable
    @override
    async def get_user_from_recover_account_token(
        self, token: str, tenant_id: str, user_context: ContextT_contra
    ) -> GetUserFromRecoverAccountTokenResult:
        def find() -> tuple[str, User] | None:
            found = self.tokens.find(PURPOSE, token, tenant_id=tenant_id)
            user = None if found is None else self.services.storage.find_user(found.user_id)
            return None if found is None or user is None else (found.user_id, user)

        found = await self.services.off_loop(find)
        if found is None:
            return RecoverAccountTokenInvalidErrorResponse()
        named, user = found
        mine = (each.recipe_user_id for each in user.login_methods if each.recipe_id == RECIPE_ID)
        return GetUserFromRecoverAccountTokenResponse(
            user, next((each for each in mine if each.get_as_string() == named), None)
        )

    @overridable
    @override
    async def register_credential(
        self,
        webauthn_generated_options_id: str,
        credential: RegistrationPayload,
        recipe_user_id: str,
        user_context: ContextT_contra,
    ) -> RegisterCredentialResult:
        services = self.services

        def register() -> tuple[RegisterCredentialResult, User | None]:
            checked = self.checked(webauthn_generated_options_id, credential, None, recipe_user_id, services.clock())
            if not isinstance(checked, tuple):
                return checked, None
            options, passkey = checked
            user = services.storage.find_user(recipe_user_id)
            method = (
                None
                if user is None
                else next(
                    (each for each in user.login_methods if each.recipe_user_id.get_as_string() == recipe_user_id), None
                )
            )
            if method is None or method.recipe_id != RECIPE_ID or not method.has_same_email_as(options.email):
                return InvalidOptionsErrorResponse(), user
            if options.tenant_id not in method.tenant_ids:
                return InvalidOptionsErrorResponse(), user

            def write() -> RegisterCredentialResult:
                self.use(options)
                return OkResponse() if self.store.add_passkey(passkey) else InvalidOptionsErrorResponse()

            try:
                return services.storage.transact(write), user
            except PasskeyTakenError:
                return InvalidCredentialsErrorResponse(), user
            except UsedError:
                return OptionsNotFoundErrorResponse(), user

        result, user = await services.off_loop(register)
        if isinstance(result, OkResponse) and user is not None:
            services.events.emit(
                "passkey_added", RECIPE_ID, user_context, user_id=user.id, recipe_user_id=recipe_user_id
            )
        return result

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
        services, address = self.services, normal_email(email)

        def change() -> bool:
            self.emails.settle(recipe_user_id)
            self.tokens.revoke(PURPOSE, user_id=recipe_user_id)
            self.emails.void_changes(recipe_user_id)
            is_there = self.store.update_passkey_email(recipe_user_id, address)
            if is_there:
                self.emails.settle(recipe_user_id)
                user = services.storage.find_user(recipe_user_id) if services.hooks.hears("changed") else None
                if user is not None:
                    services.hooks.user_changed(user, user_context)
            return is_there

        try:
            is_there = await services.off_loop(services.storage.transact, change)
        except (EmailTakenError, ContactTakenError):
            return EmailAlreadyExistsErrorResponse()
        if not is_there:
            return UnknownUserIdErrorResponse()
        services.events.emit("email_changed", RECIPE_ID, user_context, user_id=recipe_user_id, tenant_id=tenant_id)
        return OkResponse()


def new_account(email: str) -> AccountInfoWithRecipeIdAndUserId:
    """Return what is told of an account that is to be made."""
    return AccountInfoWithRecipeIdAndUserId(None, RECIPE_ID, normal_email(email))


def as_sign_up(result: CreateNewRecipeUserResult, user: User | None = None) -> SignUpResult:
    """Return what came of a sign-up, of whom the user may be another by now."""
    if not isinstance(result, CreateNewRecipeUserResponse):
        return result
    return SignUpReponse(user or result.user, result.recipe_user_id)
