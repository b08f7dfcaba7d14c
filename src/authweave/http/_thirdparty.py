"""The routes of the thirdparty recipe (docs/reference/http.md, Providers)."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Final, cast
from urllib.parse import parse_qsl

from authweave.recipe.thirdparty.exceptions import ClientTypeNotFoundError, ProviderError, ThirdPartyError
from authweave.recipe.thirdparty.interfaces import APIOptions, RecipeInterface
from authweave.recipe.thirdparty.provider import Provider, ProviderInput, RedirectUriInfo
from authweave.recipe.thirdparty.types import (
    AppleRedirectHandlerPostOkResult,
    AuthorisationUrlGetOkResult,
    SignInUpNotAllowed,
    SignInUpPostNoEmailGivenByProviderResponse,
    SignInUpPostOkResult,
)
from authweave.types import (
    JSON,
    BadInputError,
    BodyTooLargeError,
    GeneralErrorResponse,
    JSONObject,
    Response,
)

from ._exchange import ContextT, Exchange
from ._fdi import fdi_version, takes_legacy_user
from ._linking import linking_wish, tenant_of
from ._session import general_error
from ._unexpected import unexpected
from ._user_json import user_json

logger: Final = logging.getLogger("authweave.http")

MAX_FORM_BYTES: Final = 16 * 1024
"""Of what Apple posts: a code, an ID token, a name and the state."""

MAX_FORM_FIELDS: Final = 20


async def authorisation_url(exchange: Exchange[ContextT]) -> Response:
    """Answer ``GET /authorisationurl``."""
    query = exchange.request.get_query_params()
    third_party_id, redirect_uri = query.get("thirdPartyId"), query.get("redirectURIOnProviderDashboard")
    if not third_party_id:
        raise BadInputError("Please provide the thirdPartyId as a GET param")
    if not redirect_uri:
        raise BadInputError("Please provide the redirectURIOnProviderDashboard as a GET param")
    try:
        provider = await provider_of(exchange, third_party_id, query.get("clientType"), exchange.tenant_id)
        result = await exchange.app.thirdparty.apis.authorisation_url_get(
            provider, redirect_uri, api_options(exchange), exchange.user_context
        )
    except ThirdPartyError as error:
        return told(exchange, error)
    match result:
        case AuthorisationUrlGetOkResult(url, verifier):
            content: JSONObject = {"status": "OK", "urlWithQueryParams": url, "pkceCodeVerifier": verifier}
            # For this one sign-in: out of a cache, somebody else would begin hers with the same secrets.
            return Response.from_json(content, headers=(("cache-control", "no-store"),))
        case GeneralErrorResponse(message):
            return general_error(message)
        case _:
            raise unexpected(result, "authorisation_url_get")


async def sign_in_up(exchange: Exchange[ContextT]) -> Response:
    """Answer ``POST /signinup``."""
    body = await exchange.request.json()
    third_party_id = body.get("thirdPartyId")
    if not isinstance(third_party_id, str) or not third_party_id:
        raise BadInputError("Please provide the thirdPartyId in request body")
    redirect_uri_info, tokens = proof_of(body)
    session, flag = await linking_wish(exchange, body)
    tenant_id = tenant_of(session, exchange)
    try:
        provider = await provider_of(exchange, third_party_id, client_type_of(body), tenant_id)
        result = await exchange.app.thirdparty.apis.sign_in_up_post(
            provider, redirect_uri_info, tokens, session, flag, tenant_id, api_options(exchange), exchange.user_context
        )
    except ThirdPartyError as error:
        return told(exchange, error)
    match result:
        case SignInUpPostOkResult():
            return signed_in_up(exchange, result)
        case SignInUpPostNoEmailGivenByProviderResponse():
            return Response.from_json({"status": "NO_EMAIL_GIVEN_BY_PROVIDER"})
        case SignInUpNotAllowed(reason):
            return Response.from_json({"status": "SIGN_IN_UP_NOT_ALLOWED", "reason": reason})
        case GeneralErrorResponse(message):
            return general_error(message)
        case _:
            raise unexpected(result, "sign_in_up_post")


async def apple_redirect(exchange: Exchange[ContextT]) -> Response:
    """Answer ``POST /callback/apple``, which the browser sends from Apple's page."""
    body = await exchange.request.body()
    if len(body) > MAX_FORM_BYTES:
        raise BodyTooLargeError(MAX_FORM_BYTES)
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MAX_FORM_FIELDS)
    except ValueError:
        raise BadInputError("Please send the form as application/x-www-form-urlencoded") from None
    result = await exchange.app.thirdparty.apis.apple_redirect_handler_post(
        dict(pairs), api_options(exchange), exchange.user_context
    )
    match result:
        case AppleRedirectHandlerPostOkResult(url):
            # What stands in the URL is for the website alone: no cache keeps it, and no other site is told of it.
            private = (("cache-control", "no-store"), ("referrer-policy", "no-referrer"))
            return Response(303, headers=(("location", url), *private))
        case GeneralErrorResponse(message):
            return general_error(message)
        case _:
            raise unexpected(result, "apple_redirect_handler_post")


async def provider_of(
    exchange: Exchange[ContextT], third_party_id: str, client_type: str | None, tenant_id: str
) -> Provider:
    """
    Return the provider that a client names.

    Raises:
        authweave.types.BadInputError: the tenant does not have it.
        authweave.recipe.thirdparty.exceptions.ThirdPartyError: the application has no such client there, or the
            provider's endpoints could not be discovered.
    """
    functions = exchange.app.thirdparty.functions
    provider = await functions.get_provider(third_party_id, client_type, tenant_id, exchange.user_context)
    if provider is None:
        raise BadInputError(f"the provider {third_party_id} could not be found in the configuration")
    return provider


def proof_of(body: JSONObject) -> tuple[RedirectUriInfo | None, JSONObject | None]:
    """
    Return what a client sends to show who signs in: where the provider sent it back to, or tokens.

    Raises:
        authweave.types.BadInputError: it sends neither, or not in the shape that is asked for.
    """
    redirect, tokens = body.get("redirectURIInfo"), body.get("oAuthTokens")
    if redirect is not None:
        return redirect_uri_info(redirect), None
    if isinstance(tokens, Mapping):
        return None, tokens
    raise BadInputError("Please provide one of redirectURIInfo or oAuthTokens in the request body")


def redirect_uri_info(given: JSON) -> RedirectUriInfo:
    """Read ``redirectURIInfo``."""
    fields: JSONObject = given if isinstance(given, Mapping) else {}
    redirect_uri, query = fields.get("redirectURIOnProviderDashboard"), fields.get("redirectURIQueryParams", {})
    verifier = fields.get("pkceCodeVerifier")
    if not isinstance(redirect_uri, str) or not redirect_uri:
        raise BadInputError("Please provide the redirectURIOnProviderDashboard in request body")
    if not isinstance(query, Mapping):
        raise BadInputError("Please provide the redirectURIQueryParams as an object in request body")
    if verifier is not None and not isinstance(verifier, str):
        raise BadInputError("Please provide the pkceCodeVerifier as a string in request body")
    return RedirectUriInfo(redirect_uri, query, verifier)


def client_type_of(body: JSONObject) -> str | None:
    """Return which of the application's clients the frontend is."""
    client_type = body.get("clientType")
    if client_type is not None and not isinstance(client_type, str):
        raise BadInputError("Please provide the clientType as a string in request body")
    return client_type


def told(exchange: Exchange[ContextT], error: ThirdPartyError) -> Response:
    """
    Return the answer to a sign-in that a provider, or what the client brought, did not let happen.

    The frontends show the message of a ``GENERAL_ERROR``. What happened exactly is in the log, without secrets.

    Raises:
        authweave.types.BadInputError: the client names a client that the application does not have.
    """
    if isinstance(error, ClientTypeNotFoundError):
        raise BadInputError(str(error)) from None
    exchange.request.changes.headers.clear()
    logger.warning("%s: %s", error.code, error, extra={"event": "third_party_failed", "code": error.code})
    if isinstance(error, ProviderError):
        return general_error("The provider does not answer as it should. Please try again, or sign in another way.")
    return general_error("Signing in with the provider did not work. Please try again.")


def signed_in_up(exchange: Exchange[ContextT], result: SignInUpPostOkResult) -> Response:
    """Return the answer to a sign-in that worked, in the shape of the client's version."""
    version = fdi_version(exchange.request)
    user = user_json(result.user, result.session.get_recipe_user_id(), version)
    created = "createdNewUser" if takes_legacy_user(version) else "createdNewRecipeUser"
    return Response.from_json({"status": "OK", "user": user, created: result.created_new_recipe_user})


def api_options(exchange: Exchange[ContextT]) -> APIOptions:
    """Return what the APIs are handed."""
    recipe = exchange.app.thirdparty
    return APIOptions(
        request=exchange.request,
        app_info=exchange.app.app_info,
        # Options are not generic: whoever calls the functions by them hands over the context that he was handed.
        recipe_implementation=cast("RecipeInterface", recipe.functions),  # options are not generic
        providers=cast("tuple[ProviderInput, ...]", recipe.config.providers),  # likewise
    )
