"""The routes of the thirdparty recipe (docs/reference/http.md, Providers)."""

from __future__ import annotations

import reprlib
from collections.abc import Mapping
from typing import Final

import attrs

from authweave.http import Exchange, Route, fdi_version, general_error, read_form, takes_legacy_user, unexpected
from authweave.kernel import UserContext
from authweave.recipe.session import SessionRecipe, SignIns, signed_in_user
from authweave.recipe.session.interfaces import AUTH_MODE
from authweave.types import (
    JSON,
    PUBLIC_TENANT,
    AppInfo,
    BadInputError,
    BaseRequest,
    GeneralErrorResponse,
    JSONObject,
    Response,
)

from . import described
from .config import ThirdPartyConfig
from .exceptions import ClientTypeNotFoundError, ProviderError, ProviderNotFoundError, ThirdPartyError
from .failures import note_failure
from .interfaces import APIInterface, APIOptions, RecipeInterface
from .provider import Provider, RedirectUriInfo
from .server_redirects.attempts import Attempts
from .server_redirects.routes import ServerRedirectRoutes, is_of_link
from .types import (
    AppleRedirectHandlerPostOkResult,
    AuthorisationUrlGetOkResult,
    SignInUpNotAllowed,
    SignInUpPostNoEmailGivenByProviderResponse,
    SignInUpPostOkResult,
)

NOT_OFFERED: Final = (
    "The tenant has no such provider, or none with a client of this clientType. The log says which "
    "(third_party_failed): list it in SignInAndUpFeature(providers=[...]), or take it out of the frontend."
)
OFFERED_TO_ALL: Final = "list it in SignInAndUpFeature(providers=[...]), or take it out of the frontend."
OFFERED_TO_TENANT: Final = (
    "add it by create_or_update_third_party_config, where the tenant has providers of its own, which are all that it "
    "has; else write ProviderInput(..., include_in_non_public_tenants_by_default=True). Or take it out of the frontend."
)
NO_REDIRECT_URI: Final = "Please provide the redirectURIOnProviderDashboard in request body"


@attrs.frozen
class ThirdPartyRoutes:
    """
    Answer the requests of frontends that sign in with a provider.

    Attributes:
        functions: the composed functions of the recipe.
        apis: the composed APIs.
        sign_ins: what is alike with other recipes that sign users in.
        attempts: sign-ins of browsers without a frontend; None where there are none.
    """

    app_info: AppInfo
    config: ThirdPartyConfig
    functions: RecipeInterface[UserContext]
    apis: APIInterface[UserContext]
    sign_ins: SignIns
    attempts: Attempts | None = None

    @property
    def server_redirects(self) -> ServerRedirectRoutes | None:
        """What answers browsers without a frontend."""
        if self.config.server_redirects is None or self.attempts is None:
            return None
        return ServerRedirectRoutes(
            self.config.server_redirects,
            self.attempts,
            self.app_info,
            self.apis,
            self.sign_ins,
            self.provider_of,
            self.api_options,
        )

    def routes(self) -> tuple[Route, ...]:
        """Return the routes."""
        redirects = self.server_redirects
        sessions = self.sign_ins.sessions.description
        return (
            Route(
                "get",
                "/authorisationurl",
                self.authorisation_url,
                "authorisation_url_get",
                reads=None,
                summary="Begin to sign in with a provider",
                query=described.QUERY,
                answers=(described.AUTHORISATION_URL,),
                needs=SessionRecipe.recipe_id,
            ),
            Route(
                "post",
                "/signinup",
                self.sign_in_up,
                "sign_in_up_post",
                summary="Sign in or up, back from a provider",
                headers=(AUTH_MODE,),
                body=described.SIGN_IN_UP_BODY,
                answers=(described.SIGN_IN_UP, sessions.without_session(), sessions.not_created()),
                needs=SessionRecipe.recipe_id,
            ),
            Route(
                "post",
                "/callback/apple",
                self.apple_redirect,
                "apple_redirect_handler_post",
                reads="form",
                summary="Take Apple's form, and send the browser on",
                body=described.APPLE_BODY,
                answers=described.APPLE,
                needs=SessionRecipe.recipe_id,
            ),
            *(() if redirects is None else redirects.routes()),
        )

    async def authorisation_url(self, exchange: Exchange) -> Response:
        """Answer ``GET /authorisationurl``."""
        query = exchange.request.get_query_params()
        third_party_id, redirect_uri = query.get("thirdPartyId"), query.get("redirectURIOnProviderDashboard")
        if not third_party_id:
            raise BadInputError("Please provide the thirdPartyId as a GET param")
        if not redirect_uri:
            raise BadInputError("Please provide the redirectURIOnProviderDashboard as a GET param")
        try:
            provider = await self.provider_of(exchange, third_party_id, query.get("clientType"), exchange.tenant_id)
            result = await self.apis.authorisation_url_get(
                provider, redirect_uri, self.api_options(exchange.request), exchange.user_context
            )
        except ThirdPartyError as error:
            return refuse(exchange, error)
        match result:
            case AuthorisationUrlGetOkResult(url, verifier):
                content: JSONObject = {"status": "OK", "urlWithQueryParams": url, "pkceCodeVerifier": verifier}
                return Response.from_json(content)
            case GeneralErrorResponse(message):
                return general_error(message)
            case _:
                raise unexpected(result, "authorisation_url_get")

    async def sign_in_up(self, exchange: Exchange) -> Response:
        """Answer ``POST /signinup``."""
        body = await exchange.request.json_object()
        third_party_id = body.get("thirdPartyId")
        if not isinstance(third_party_id, str) or not third_party_id:
            raise BadInputError("Please provide the thirdPartyId in request body")
        redirect_uri_info, tokens = read_proof(body)
        start = await self.sign_ins.begin(exchange, body)
        try:
            provider = await self.provider_of(exchange, third_party_id, read_client_type(body), start.tenant_id)
            check_returns(redirect_uri_info, provider)
            async with self.sign_ins.whole():
                result = await self.apis.sign_in_up_post(
                    provider,
                    redirect_uri_info,
                    tokens,
                    start.session,
                    start.should_try_linking,
                    start.tenant_id,
                    self.api_options(exchange.request),
                    exchange.user_context,
                )
        except ThirdPartyError as error:
            return refuse(exchange, error)
        match result:
            case SignInUpPostOkResult():
                return sign_in_up_response(exchange, result)
            case SignInUpPostNoEmailGivenByProviderResponse():
                return Response.from_json({"status": "NO_EMAIL_GIVEN_BY_PROVIDER"})
            case SignInUpNotAllowed(reason):
                return Response.from_json({"status": "SIGN_IN_UP_NOT_ALLOWED", "reason": reason})
            case GeneralErrorResponse(message):
                return general_error(message)
            case _:
                raise unexpected(result, "sign_in_up_post")

    async def apple_redirect(self, exchange: Exchange) -> Response:
        """Answer ``POST /callback/apple``, which the browser sends from Apple's page."""
        fields = await read_form(exchange.request)
        redirects = self.server_redirects
        if redirects is not None and is_of_link(fields):
            return await redirects.finish(exchange, "apple", fields)
        result = await self.apis.apple_redirect_handler_post(
            fields, self.api_options(exchange.request), exchange.user_context
        )
        match result:
            case AppleRedirectHandlerPostOkResult(url):
                # What stands in the URL is for the website alone: no other site is told of it.
                return Response(303, headers=(("location", url), ("referrer-policy", "no-referrer")))
            case GeneralErrorResponse(message):
                return general_error(message)
            case _:
                raise unexpected(result, "apple_redirect_handler_post")

    async def provider_of(
        self, exchange: Exchange, third_party_id: str, client_type: str | None, tenant_id: str
    ) -> Provider[UserContext]:
        """
        Return the provider that a client names.

        Raises:
            authweave.recipe.thirdparty.exceptions.ThirdPartyError: the tenant does not have it, the application has no
                such client there, or the provider's endpoints could not be discovered.
        """
        provider = await self.functions.get_provider(third_party_id, client_type, tenant_id, exchange.user_context)
        if provider is None:
            where = OFFERED_TO_ALL if tenant_id == PUBLIC_TENANT else OFFERED_TO_TENANT
            message = f"The tenant {tenant_id!r} has no provider {reprlib.repr(third_party_id)}: {where}"
            raise ProviderNotFoundError(third_party_id, message)
        return provider

    def api_options(self, request: BaseRequest) -> APIOptions:
        """Return what the APIs are handed."""
        return APIOptions(
            request=request,
            app_info=self.app_info,
            config=self.config,
            recipe_implementation=self.functions,
            providers=self.config.providers,
        )


def read_proof(body: JSONObject) -> tuple[RedirectUriInfo | None, JSONObject | None]:
    """
    Return what a client sends to show who signs in: where the provider sent it back to, or tokens.

    Raises:
        authweave.types.BadInputError: it sends neither, or not in the contract's shape.
    """
    redirect, tokens = body.get("redirectURIInfo"), body.get("oAuthTokens")
    if redirect is not None:
        return redirect_uri_info(redirect), None
    if isinstance(tokens, Mapping):
        return None, tokens
    raise BadInputError("Please provide one of redirectURIInfo or oAuthTokens in the request body")


def redirect_uri_info(value: JSON) -> RedirectUriInfo:
    """Read ``redirectURIInfo``."""
    fields: JSONObject = value if isinstance(value, Mapping) else {}
    redirect_uri, query = fields.get("redirectURIOnProviderDashboard"), fields.get("redirectURIQueryParams", {})
    verifier = fields.get("pkceCodeVerifier")
    if not isinstance(redirect_uri, str):
        raise BadInputError(NO_REDIRECT_URI)
    if not isinstance(query, Mapping):
        raise BadInputError("Please provide the redirectURIQueryParams as an object in request body")
    if verifier is not None and not isinstance(verifier, str):
        raise BadInputError("Please provide the pkceCodeVerifier as a string in request body")
    return RedirectUriInfo(redirect_uri, query, verifier)


def check_returns(info: RedirectUriInfo | None, provider: Provider[UserContext]) -> None:
    """
    Check that a code came by a redirect URI, unless it may be one that a provider's SDK handed over.

    Raises:
        authweave.types.BadInputError: the client is not native, and names no redirect URI.
    """
    if info is not None and not info.redirect_uri_on_provider_dashboard and not provider.config.is_native:
        raise BadInputError(NO_REDIRECT_URI)


def read_client_type(body: JSONObject) -> str | None:
    """Return which of the application's clients the frontend is."""
    client_type = body.get("clientType")
    if client_type is not None and not isinstance(client_type, str):
        raise BadInputError("Please provide the clientType as a string in request body")
    return client_type


def refuse(exchange: Exchange, error: ThirdPartyError) -> Response:
    """
    Return the answer to a sign-in that a provider, or what the client brought, did not let happen.

    The frontends show the message of a ``GENERAL_ERROR``. What happened exactly is in the log, without secrets.
    """
    note_failure(exchange.request, error)
    if isinstance(error, ProviderNotFoundError | ClientTypeNotFoundError):
        exchange.request.hint(NOT_OFFERED)
        return general_error("Signing in with this provider is not available here. Please sign in another way.")
    if isinstance(error, ProviderError):
        return general_error("The provider does not answer as it should. Please try again, or sign in another way.")
    return general_error("Signing in with the provider did not work. Please try again.")


def sign_in_up_response(exchange: Exchange, result: SignInUpPostOkResult) -> Response:
    """Return the answer to a sign-in that worked, in the shape of the client's version."""
    created = "createdNewUser" if takes_legacy_user(fdi_version(exchange.request)) else "createdNewRecipeUser"
    user = signed_in_user(exchange, result.user, result.session)
    return Response.from_json({"status": "OK", "user": user, created: result.created_new_recipe_user})
