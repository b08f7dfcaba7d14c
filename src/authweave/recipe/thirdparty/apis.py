"""The HTTP APIs of the thirdparty recipe, as they are without overrides."""

from __future__ import annotations

import inspect
from typing import Any, cast

import attrs
from typing_extensions import override

from authweave.extending import Services
from authweave.kernel import UserContext, overridable
from authweave.recipe.accountlinking.signing_in import AuthType, NotAllowed, SigningInMachine, refusal
from authweave.recipe.session import DISABLED, SessionContainer, SessionRefusedError, is_fake
from authweave.recipe.session.exceptions import UnauthorisedError
from authweave.types import (
    FAKE_EMAIL_DOMAIN,
    BadInputError,
    JSONObject,
    LinkingToSessionUserFailedError,
    normal_email,
)

from .config import IsValidFrontendRedirectURI
from .exceptions import ThirdPartyError
from .failures import note_no_address
from .functions import RECIPE_ID, account_of
from .interfaces import APIInterface, APIOptions, ContextT_contra
from .provider import Provider, RedirectUriInfo
from .redirects import browser_target, frontend_redirect_uri, is_of_origin, with_fields, without_fields
from .signing_in import Identity, Known, SigningIn
from .types import (
    AppleRedirectHandlerPostOkResult,
    AppleRedirectHandlerPostResult,
    AuthorisationUrlGetOkResult,
    AuthorisationUrlGetResult,
    SignInUpNotAllowed,
    SignInUpOkResult,
    SignInUpPostNoEmailGivenByProviderResponse,
    SignInUpPostOkResult,
    SignInUpPostResult,
    UserInfo,
    UserInfoEmail,
)


class APIImplementation(APIInterface[ContextT_contra]):
    """
    The APIs without overrides. They call the composed functions that their options name.

    Args:
        machine: decides who may sign in, and makes the session, as for other recipes that sign users in.
        signing_in: knows who has signed in before.
        services: what a sign-up is undone with, and who is told of sign-ins that fail before there is a user.
        is_valid_frontend_redirect_uri: what `init` was told of where Apple's form may lead.
    """

    def __init__(
        self,
        machine: SigningInMachine,
        signing_in: SigningIn,
        services: Services,
        is_valid_frontend_redirect_uri: IsValidFrontendRedirectURI | None,
    ) -> None:
        self.machine = machine
        self.signing_in = signing_in
        self.services = services
        self.is_valid_frontend_redirect_uri = is_valid_frontend_redirect_uri

    @overridable
    @override
    async def authorisation_url_get(
        self,
        provider: Provider,
        redirect_uri_on_provider_dashboard: str,
        api_options: APIOptions,
        user_context: ContextT_contra,
    ) -> AuthorisationUrlGetResult:
        redirect = await provider.get_authorisation_redirect_url(redirect_uri_on_provider_dashboard, user_context)
        return AuthorisationUrlGetOkResult(redirect.url_with_query_params, redirect.pkce_code_verifier)

    @overridable
    @override
    async def sign_in_up_post(
        self,
        provider: Provider,
        redirect_uri_info: RedirectUriInfo | None,
        oauth_tokens: JSONObject | None,
        session: SessionContainer | None,
        should_try_linking_with_session_user: bool | None,
        tenant_id: str,
        api_options: APIOptions,
        user_context: ContextT_contra,
    ) -> SignInUpPostResult:
        self.machine.require_linking(session, should_try_linking_with_session_user)  # before a code is spent
        tokens = oauth_tokens or {}
        try:
            if redirect_uri_info is not None:
                tokens = await provider.exchange_auth_code_for_oauth_tokens(redirect_uri_info, user_context)
            info = await provider.get_user_info(tokens, user_context)
        except ThirdPartyError as error:
            self.services.events.emit(
                "sign_in_failed",
                api_options.recipe_id,
                user_context,
                tenant_id=tenant_id,
                third_party_id=provider.id,
                code=error.code,
            )
            raise
        email = as_vouched(info.email) or await fake_email(provider, info, tenant_id, user_context)
        if email is None:
            note_no_address(provider.config, info.raw_user_info_from_provider)
            return SignInUpPostNoEmailGivenByProviderResponse()
        allowed = await self.check(
            Identity(provider.id, info.raw_user_info_from_provider.issuer, info.third_party_user_id),
            email,
            session,
            should_try_linking_with_session_user,
            tenant_id,
            user_context,
        )
        if isinstance(allowed, NotAllowed):
            self.services.events.emit(
                "sign_in_failed",
                api_options.recipe_id,
                user_context,
                tenant_id=tenant_id,
                third_party_id=provider.id,
                code="not_allowed",
            )
            return SignInUpNotAllowed(refusal("thirdparty", allowed.reason, user_context))
        result = await api_options.recipe_implementation.sign_in_up(
            provider.id,
            info.third_party_user_id,
            email.id,
            email.is_verified,
            tokens,
            info.raw_user_info_from_provider,
            session,
            should_try_linking_with_session_user,
            tenant_id,
            user_context,
        )
        if isinstance(result, LinkingToSessionUserFailedError):
            return SignInUpNotAllowed(refusal("thirdparty", result.reason, user_context))
        if not isinstance(result, SignInUpOkResult):
            return result

        async def undo() -> None:
            login_id = result.recipe_user_id.get_as_string()
            await self.services.off_loop(self.services.undo_sign_up, login_id, user_context)

        try:
            user, made = await self.machine.session_for(
                api_options.request,
                result.user,
                result.recipe_user_id,
                tenant_id=tenant_id,
                session=session,
                user_context=user_context,
                factor_id=RECIPE_ID,
                auth_type=allowed,
                undo_sign_up=undo if result.created_new_recipe_user else None,
            )
        except SessionRefusedError:  # disabled or deleted just now
            return SignInUpNotAllowed(DISABLED)
        return SignInUpPostOkResult(
            user,
            result.created_new_recipe_user,
            made,
            result.oauth_tokens,
            result.raw_user_info_from_provider,
        )

    async def check(
        self,
        identity: Identity,
        email: UserInfoEmail,
        session: SessionContainer | None,
        should_try: bool | None,  # noqa: FBT001  as the interface
        tenant_id: str,
        user_context: UserContext,
    ) -> AuthType | NotAllowed:
        """
        Decide whether somebody may sign in or up, before anything is stored.

        Raises:
            authweave.errors.UnauthorisedError: it is no first factor of the tenant; or the login method of the
                session's user may not be used there.
            Exception: as `SigningInMachine.check_sign_up`.
        """
        machine, off_loop = self.machine, self.services.off_loop
        if session is None and not machine.linking.has_callback:  # then whose it is makes no difference
            known = None
        else:
            known = await self.find(identity, session, should_try, tenant_id)
        address, is_verified = normal_email(email.id), email.is_verified
        if known is None:
            account = account_of(identity, address, None)
            return await machine.check_sign_up(
                account,
                is_verified=is_verified,
                factor_ids=[RECIPE_ID],
                session=session,
                should_try=should_try,
                tenant_id=tenant_id,
                user_context=user_context,
            )
        is_verified = is_verified or await off_loop(self.signing_in.is_verified, known, address)
        if known.method.email != address:
            change = await machine.linking.email_change(
                known.user,
                known.method,
                address,
                is_verified=is_verified,
                session=session,
                user_context=user_context,
            )
            if change != "OK":
                return NotAllowed(change)
        # As he is going to be: that his former address is verified says nothing about the new one.
        method = attrs.evolve(known.method, email=address, verified=is_verified)
        methods = [method if each is known.method else each for each in known.user.login_methods]
        return await machine.check_sign_in(
            attrs.evolve(known.user, login_methods=methods),
            method,
            sign_in_verifies=is_verified,
            factor_ids=[RECIPE_ID],
            session=session,
            should_try=should_try,
            tenant_id=tenant_id,
            user_context=user_context,
        )

    async def find(
        self,
        identity: Identity,
        session: SessionContainer | None,
        should_try: bool | None,  # noqa: FBT001  as the interface
        tenant_id: str,
    ) -> Known | None:
        """
        Return whom an identity belongs to; a login method of the session's user in another tenant is used here too.

        Raises:
            UnauthorisedError: it may not.
        """
        off_loop, signing_in = self.services.off_loop, self.signing_in
        known = await off_loop(signing_in.find, identity, tenant_id)
        if known is not None or session is None or should_try is False:
            return known
        elsewhere = await off_loop(signing_in.find_elsewhere, identity, session.get_user_id())
        if elsewhere is None:
            return None
        if not await off_loop(signing_in.join_tenant, elsewhere, tenant_id):
            raise UnauthorisedError(f"The login method {elsewhere!r} cannot be used in the tenant {tenant_id!r}.")
        return await off_loop(signing_in.find, identity, tenant_id)

    @overridable
    @override
    async def apple_redirect_handler_post(
        self, form_post_info: dict[str, str], api_options: APIOptions, user_context: ContextT_contra
    ) -> AppleRedirectHandlerPostResult:
        target = browser_target(frontend_redirect_uri(form_post_info.get("state")))
        if target is None:
            raise BadInputError(
                "The frontendRedirectURI in the state does not lead to one place for everybody: it has to be an "
                "absolute URL, without '..', backslashes, spaces, control characters or a user name"
            )
        target = without_fields(target, form_post_info)
        if not await self.may_redirect_to(target, api_options, user_context):
            raise BadInputError("The frontendRedirectURI in the state is not one of this application's website")
        return AppleRedirectHandlerPostOkResult(with_fields(target, form_post_info))

    async def may_redirect_to(self, target: str, api_options: APIOptions, user_context: UserContext) -> bool:
        """Return whether a browser may be sent to a URL: to the website, or as the application decides."""
        is_valid = self.is_valid_frontend_redirect_uri
        if is_valid is None:
            return is_of_origin(target, api_options.app_info.get_origin(api_options.request, user_context))
        verdict: object = is_valid(target, api_options.request, cast("Any", user_context))  # a context of either kind
        return (await verdict if inspect.isawaitable(verdict) else verdict) is True


def as_vouched(email: UserInfoEmail | None) -> UserInfoEmail | None:
    """Return an address as verified as a provider may say: of one that stands in for none, nobody can vouch."""
    return email if email is None or not is_fake(email.id) else UserInfoEmail(email.id, is_verified=False)


async def fake_email(
    provider: Provider, info: UserInfo, tenant_id: str, user_context: UserContext
) -> UserInfoEmail | None:
    """Return what stands in for the address of a user who has none, where the provider's configuration allows it."""
    if provider.config.require_email is not False:
        return None
    subject = info.third_party_user_id
    make = provider.config.generate_fake_email
    if make is not None:
        made = make(tenant_id, subject, cast("Any", user_context))  # a context of either kind
        return UserInfoEmail(await made if inspect.isawaitable(made) else made, is_verified=True)
    return UserInfoEmail(f"{subject}.{provider.id}@{FAKE_EMAIL_DOMAIN}", is_verified=True)
