"""The functions of the thirdparty recipe, as they are without overrides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, cast
from uuid import UUID

from typing_extensions import override

from authweave.extending import Services
from authweave.kernel import UserContext, overridable
from authweave.recipe.accountlinking.signing_in import AuthType, Refusal, SecondFactor, SigningInMachine, refusal
from authweave.recipe.accountlinking.types import AccountInfoWithRecipeIdAndUserId, EmailChange
from authweave.recipe.session import DISABLED, is_fake
from authweave.recipe.session.interfaces import SessionContainer
from authweave.storage import ContactTakenError
from authweave.types import (
    BadInputError,
    ConfigurationError,
    JSONObject,
    LinkingToSessionUserFailedError,
    RecipeUserId,
    ThirdPartyInfo,
    is_visible,
    normal_email,
    typed_email,
)

from .config import ThirdPartyConfig
from .exceptions import ClientTypeNotFoundError, ProviderNotFoundError
from .interfaces import ContextT_contra, RecipeInterface
from .kept_tokens import KeptTokens, Refresher
from .oauth.discovery import TENANT_PART
from .provider import Provider
from .signing_in import Identity, Known, SigningIn, Vouched
from .store import THIRD_PARTIES, ProviderTokens, ThirdPartyLogin, ThirdPartyStore
from .tenants import TenantProviders
from .types import (
    EmailChangeNotAllowedError,
    GetProviderTokenResult,
    ManuallyCreateOrUpdateUserOkResult,
    ManuallyCreateOrUpdateUserResult,
    RawUserInfoFromProvider,
    SignInUpNotAllowed,
    SignInUpOkResult,
    SignInUpResult,
)

CHANGE_REFUSED: Final[Mapping[EmailChange, str]] = {
    "PRIMARY_USER_CONFLICT": "Email already associated with another primary user.",
    "ACCOUNT_TAKEOVER_RISK": "New email cannot be applied to existing account because of account takeover risks.",
}
INVISIBLE_REFUSED: Final = (
    "Cannot sign in / up because the address that the provider gives holds characters that cannot be seen. "
    "Please contact support. (ERR_CODE_005)"
)

RECIPE_ID: Final = "thirdparty"


class RecipeImplementation(RecipeInterface[ContextT_contra]):
    """
    The functions without overrides.

    Attributes:
        config: what `init` was told.
        tenants: the providers of each tenant.
        signing_in: stores who signs in.
        machine: says who may, and links.
        kept_tokens: keeps the tokens of sign-ins; None: nobody does.
    """

    def __init__(
        self,
        config: ThirdPartyConfig[ContextT_contra],
        services: Services,
        tenants: TenantProviders[ContextT_contra],
        signing_in: SigningIn,
        machine: SigningInMachine,
        kept_tokens: KeptTokens | None = None,
    ) -> None:
        self.config = config
        self.services = services
        self.tenants = tenants
        self.store: ThirdPartyStore = services.storage.part(THIRD_PARTIES)
        self.signing_in = signing_in
        self.machine = machine
        self.kept_tokens = kept_tokens

    @overridable
    @override
    async def sign_in_up(
        self,
        third_party_id: str,
        third_party_user_id: str,
        email: str,
        is_verified: bool,
        oauth_tokens: JSONObject,
        raw_user_info_from_provider: RawUserInfoFromProvider,
        session: SessionContainer | None,
        should_try_linking_with_session_user: bool | None,
        tenant_id: str,
        user_context: ContextT_contra,
    ) -> SignInUpResult:
        result = await self.manually_create_or_update_user(
            third_party_id,
            third_party_user_id,
            email,
            is_verified,
            session,
            should_try_linking_with_session_user,
            tenant_id,
            raw_user_info_from_provider.issuer,
            user_context,
        )
        if not isinstance(result, ManuallyCreateOrUpdateUserOkResult):
            self.services.events.emit(
                "sign_in_failed",
                RECIPE_ID,
                user_context,
                tenant_id=tenant_id,
                third_party_id=third_party_id,
                code="not_allowed",
            )
            if isinstance(result, EmailChangeNotAllowedError):
                return SignInUpNotAllowed(refusal("thirdparty", refused_change(result), user_context))
            return result
        if self.kept_tokens is not None:
            await self.kept_tokens.keep(third_party_id, result.user, result.recipe_user_id, oauth_tokens)
        if not result.created_new_recipe_user:
            self.services.events.emit(
                "sign_in",
                RECIPE_ID,
                user_context,
                user_id=result.user.id,
                tenant_id=tenant_id,
                third_party_id=third_party_id,
            )
        return SignInUpOkResult(
            result.user,
            result.recipe_user_id,
            result.created_new_recipe_user,
            oauth_tokens,
            raw_user_info_from_provider,
        )

    @overridable
    @override
    async def manually_create_or_update_user(
        self,
        third_party_id: str,
        third_party_user_id: str,
        email: str,
        is_verified: bool,
        session: SessionContainer | None,
        should_try_linking_with_session_user: bool | None,
        tenant_id: str,
        issuer: str | None,
        user_context: ContextT_contra,
    ) -> ManuallyCreateOrUpdateUserResult:
        services = self.services
        user_id = str(UUID(bytes=services.random_bytes(16), version=4))
        login = ThirdPartyLogin(
            user_id=user_id,
            recipe_user_id=user_id,
            tenant_id=tenant_id,
            third_party_id=third_party_id,
            issuer=await self.issuer_of(third_party_id, tenant_id) if issuer is None else issuer,
            third_party_user_id=third_party_user_id,
            email=normal_email(email),
            verified=is_verified,
            time_joined_ms=services.clock(),
        )
        if not is_visible(login.email) and not is_fake(login.email):
            former = await services.off_loop(
                self.store.find_third_party_login, tenant_id, third_party_id, login.issuer, third_party_user_id
            )
            if former is None:
                return SignInUpNotAllowed(INVISIBLE_REFUSED)
            if former.email not in {typed_email(email), login.email}:
                return EmailChangeNotAllowedError(INVISIBLE_REFUSED)

        identity = Identity(third_party_id, login.issuer, third_party_user_id)
        is_asked_for = session is not None or self.machine.linking.has_callback
        known = await services.off_loop(self.signing_in.find, identity, tenant_id) if is_asked_for else None
        if known is not None and known.method.email != login.email:
            change = await self.email_change(known, login.email, is_verified, session, user_context)
            if change != "OK":
                return EmailChangeNotAllowedError(CHANGE_REFUSED[change])
        auth_type = await self.machine.auth_type(
            session=session,
            should_try=should_try_linking_with_session_user,
            account=account_of(identity, login.email, known),
            authenticating=None if known is None else known.user,
            user_context=user_context,
        )
        if isinstance(auth_type, LinkingToSessionUserFailedError):
            return auth_type
        try:
            return await self.sign_in_or_up(login, known, auth_type, session, user_context)
        except ContactTakenError:  # got by another primary user just now, or nobody asks the application
            return EmailChangeNotAllowedError(CHANGE_REFUSED["PRIMARY_USER_CONFLICT"])

    async def email_change(
        self,
        known: Known,
        email: str,
        is_verified: bool,  # noqa: FBT001  as the interface
        session: SessionContainer | None,
        user_context: UserContext,
    ) -> EmailChange:
        """Return whether a user may have the address that the provider gives now."""
        is_verified = is_verified or await self.services.off_loop(self.signing_in.is_verified, known, email)
        return await self.machine.linking.email_change(
            known.user, known.method, email, is_verified=is_verified, session=session, user_context=user_context
        )

    async def sign_in_or_up(
        self,
        login: ThirdPartyLogin,
        known: Known | None,
        auth_type: AuthType,
        session: SessionContainer | None,
        user_context: UserContext,
    ) -> ManuallyCreateOrUpdateUserResult:
        """Sign somebody in, or up, and link the login method where it is to be: with a session in one transaction."""
        services, machine = self.services, self.machine

        async def sign_in_or_up() -> Vouched:
            return await services.off_loop(self.signing_in.sign_in_or_up, login, user_context)

        if isinstance(auth_type, SecondFactor) and known is None:
            created = await machine.create_linked(
                auth_type,
                sign_in_or_up,
                lambda vouched: vouched.method.recipe_user_id,
                is_verified=login.verified,
                user_context=user_context,
            )
            if isinstance(created, LinkingToSessionUserFailedError):
                return created
            vouched, linked = created
            self.tell(vouched, login, user_context)
            user = vouched.signed_in.user if linked is None else linked
        else:
            vouched = await sign_in_or_up()
            self.tell(vouched, login, user_context)
            if vouched.signed_in.user.disabled:
                return SignInUpNotAllowed(DISABLED)
            login_id, is_new = vouched.signed_in.recipe_user_id, vouched.signed_in.is_new
            async with machine.linking.undoing(login_id, user_context, is_new=is_new):
                found = await machine.link(
                    auth_type,
                    vouched.signed_in.user,
                    vouched.method,
                    tenant_id=login.tenant_id,
                    session=session,
                    user_context=user_context,
                )
            if isinstance(found, LinkingToSessionUserFailedError):
                return found
            user = found
        if user.disabled:
            return SignInUpNotAllowed(DISABLED)
        return ManuallyCreateOrUpdateUserOkResult(user, vouched.method.recipe_user_id, vouched.signed_in.is_new)

    def tell(self, vouched: Vouched, login: ThirdPartyLogin, user_context: UserContext) -> None:
        """Tell, as security events, what was stored just now."""
        signed_in = vouched.signed_in
        if signed_in.is_new:
            self.services.events.emit(
                "sign_up",
                RECIPE_ID,
                user_context,
                user_id=signed_in.user.id,
                tenant_id=login.tenant_id,
                third_party_id=login.third_party_id,
            )
        if vouched.is_news:
            self.signing_in.emails.tell(signed_in.user, login.tenant_id, user_context)

    async def issuer_of(self, third_party_id: str, tenant_id: str) -> str:
        """
        Return who issues the ids of a provider's users, as far as it is configured: empty for an unknown provider.

        Raises:
            authweave.types.BadInputError: there are many, one for each of the provider's own tenants.
        """
        provider = await self.tenants.find(third_party_id, tenant_id)
        issuer = "" if provider is None else await provider.issuer()
        if TENANT_PART in issuer:
            raise BadInputError(
                f"Provider {third_party_id!r} has an issuer for each of its tenants ({issuer}): say which one, issuer=."
            )
        return issuer

    @overridable
    @override
    async def get_provider(
        self, third_party_id: str, client_type: str | None, tenant_id: str, user_context: ContextT_contra
    ) -> Provider | None:
        provider_of_tenant = await self.tenants.find(third_party_id, tenant_id)
        if provider_of_tenant is None:
            return None
        provider = await provider_of_tenant.for_client(client_type, tenant_id, user_context)
        # Providers are handed on as those of any context: whoever calls one hands over the context that he was handed.
        return cast("Provider", provider)  # handed every context

    @overridable
    @override
    async def get_provider_token(
        self, user_id: str, third_party_id: str, recipe_user_id: RecipeUserId | None, user_context: ContextT_contra
    ) -> GetProviderTokenResult:
        if self.kept_tokens is None:
            raise ConfigurationError(
                "No tokens of providers are kept, so there is none to get: write "
                "thirdparty.init(..., keep_provider_tokens=True), and have people sign in again."
            )

        async def refresher_of(tokens: ProviderTokens) -> Refresher:
            provider = await self.provider_of_tokens(tokens, user_context)
            return lambda refresh_token: provider.refresh_oauth_tokens(refresh_token, user_context)

        return await self.kept_tokens.usable(user_id, third_party_id, recipe_user_id, refresher_of)

    async def provider_of_tokens(self, tokens: ProviderTokens, user_context: ContextT_contra) -> Provider:
        """
        Return the provider for the client that tokens were issued to.

        Raises:
            authweave.recipe.thirdparty.exceptions.ProviderNotFoundError: the tenant does not have it any more.
            authweave.recipe.thirdparty.exceptions.ClientTypeNotFoundError: there is no such client any more.
        """
        third_party_id = tokens.third_party_id
        lost = (
            f"The tokens of a user of tenant {tokens.tenant_id!r} were issued to the client {tokens.client_id!r} "
            f"(client_type {tokens.client_type!r}) of provider {third_party_id!r}, which is not configured there any "
            "more: add it again, or have the user sign in again."
        )
        try:
            provider = await self.get_provider(third_party_id, tokens.client_type, tokens.tenant_id, user_context)
        except ClientTypeNotFoundError:
            raise ClientTypeNotFoundError(lost, third_party_id=third_party_id) from None
        if provider is None:
            raise ProviderNotFoundError(third_party_id, lost)
        if provider.config.client_id != tokens.client_id:
            raise ClientTypeNotFoundError(lost, third_party_id=third_party_id)
        return provider


def account_of(identity: Identity, email: str, known: Known | None) -> AccountInfoWithRecipeIdAndUserId:
    """Return what the application is asked about."""
    return AccountInfoWithRecipeIdAndUserId(
        None if known is None else known.method.recipe_user_id,
        RECIPE_ID,
        email=email,
        third_party=ThirdPartyInfo(identity.subject, identity.third_party_id),
    )


def refused_change(refused: EmailChangeNotAllowedError) -> Refusal:
    """Return why the provider's new address is not accepted."""
    is_risk = refused.reason == CHANGE_REFUSED["ACCOUNT_TAKEOVER_RISK"]
    return "ACCOUNT_TAKEOVER_RISK" if is_risk else "PRIMARY_USER_CONFLICT"
