"""The HTTP APIs of the thirdparty recipe, as they are without overrides."""

from __future__ import annotations

import inspect
from typing import Any, Final, cast

from typing_extensions import override

from authweave.extending import Services
from authweave.kernel import UserContext, overridable
from authweave.recipe.session import DISABLED, SessionContainer, SessionRefusedError, SignIns, refuse_linking
from authweave.types import (
    FAKE_EMAIL_DOMAIN,
    BadInputError,
    JSONObject,
    LinkingToSessionUserFailedError,
    linking_refusal,
)

from .config import IsValidFrontendRedirectURI
from .exceptions import ThirdPartyError
from .failures import note_no_address
from .interfaces import APIInterface, APIOptions, ContextT_contra
from .provider import Provider, RedirectUriInfo
from .redirects import browser_target, frontend_redirect_uri, is_of_origin, with_fields, without_fields
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

FIRST_LINKING_CODE: Final = 20
"""docs/reference/http.md, Coming back from a provider."""


class APIImplementation(APIInterface[ContextT_contra]):
    """
    The APIs without overrides. They call the composed functions that their options name.

    Args:
        sign_ins: what is alike with other recipes that sign users in.
        services: what a sign-up is undone with, and who is told of sign-ins that fail before there is a user.
        is_valid_frontend_redirect_uri: what `init` was told of where Apple's form may lead.
    """

    def __init__(
        self,
        sign_ins: SignIns,
        services: Services,
        is_valid_frontend_redirect_uri: IsValidFrontendRedirectURI | None,
    ) -> None:
        self.sign_ins = sign_ins
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
        refuse_linking(session, should_try_linking_with_session_user)
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
        email = info.email or await fake_email(provider, info, tenant_id, user_context)
        if email is None:
            note_no_address(provider.config, info.raw_user_info_from_provider)
            return SignInUpPostNoEmailGivenByProviderResponse()
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
            return SignInUpNotAllowed(linking_refusal(result, FIRST_LINKING_CODE))
        if not isinstance(result, SignInUpOkResult):
            return result
        try:
            created = await self.sign_ins.new_session(
                api_options.request,
                result.user,
                result.recipe_user_id,
                tenant_id,
                user_context,
                undo_sign_up=(
                    (
                        lambda: self.services.off_loop(
                            self.services.undo_sign_up, result.recipe_user_id.get_as_string(), user_context
                        )
                    )
                    if result.created_new_recipe_user
                    else None
                ),
            )
        except SessionRefusedError:  # disabled or deleted just now
            return SignInUpNotAllowed(DISABLED)
        return SignInUpPostOkResult(
            result.user,
            result.created_new_recipe_user,
            created,
            result.oauth_tokens,
            result.raw_user_info_from_provider,
        )

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
