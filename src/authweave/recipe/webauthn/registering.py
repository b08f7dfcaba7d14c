"""New passkeys: what a browser has made is checked, and stored with what uses the options up, or not at all."""

from __future__ import annotations

from uuid import UUID

from authweave.extending import Services
from authweave.kernel import UserContext
from authweave.recipe.accountlinking.accounts import method_named
from authweave.storage import EmailTakenError, LoginRecord
from authweave.types import RecipeUserId, User

from .ceremony_options import OptionsDesk, UsedError
from .exceptions import PasskeyTakenError
from .recovery.tokens import RECIPE_ID
from .store import WEBAUTHN, CeremonyOptions, Passkey, PasskeyStore
from .types import (
    CreateNewRecipeUserResponse,
    CreateNewRecipeUserResult,
    EmailAlreadyExistsErrorResponse,
    InvalidCredentialsErrorResponse,
    InvalidOptionsErrorResponse,
    OkResponse,
    OptionsNotFoundErrorResponse,
    RegisterCredentialErrorResponse,
    RegisterCredentialResult,
    RegistrationPayload,
)


class Registering:
    """
    Stores new passkeys.

    Attributes:
        desk: finds options, and uses them up.
    """

    def __init__(self, services: Services, desk: OptionsDesk) -> None:
        self.services = services
        self.desk = desk
        self.store: PasskeyStore = services.storage.part(WEBAUTHN)

    async def create_user(
        self, options_id: str, credential: RegistrationPayload, tenant_id: str, user_context: UserContext
    ) -> CreateNewRecipeUserResult:
        """Create a user with a passkey, for the address of its options."""
        services = self.services
        user_id = str(UUID(bytes=services.random_bytes(16), version=4))
        now_ms = services.clock()

        def create() -> CreateNewRecipeUserResult:
            checked = self.checked(options_id, credential, tenant_id, user_id, now_ms)
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
                self.desk.use(options)
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

    async def add(
        self, options_id: str, credential: RegistrationPayload, recipe_user_id: str, user_context: UserContext
    ) -> RegisterCredentialResult:
        """Add a passkey to a login method, whose address and one of whose tenants are those of the options."""
        services = self.services

        def register() -> tuple[RegisterCredentialResult, User | None]:
            checked = self.checked(options_id, credential, None, recipe_user_id, services.clock())
            if not isinstance(checked, tuple):
                return checked, None
            options, passkey = checked
            user = services.storage.find_user(recipe_user_id)
            mapping = services.storage.find_user_id_mapping(recipe_user_id)
            method = None if user is None else method_named(user, recipe_user_id, mapping)
            if method is None or method.recipe_id != RECIPE_ID or not method.has_same_email_as(options.email):
                return InvalidOptionsErrorResponse(), user
            if options.tenant_id not in method.tenant_ids:
                return InvalidOptionsErrorResponse(), user

            def write() -> RegisterCredentialResult:
                self.desk.use(options)
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
