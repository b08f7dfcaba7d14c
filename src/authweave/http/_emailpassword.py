"""The routes of the emailpassword recipe (docs/reference/http.md, Password)."""

from __future__ import annotations

from typing import cast

from authweave.recipe.emailpassword.form_fields import is_storable_email, validate_form
from authweave.recipe.emailpassword.interfaces import APIOptions, RecipeInterface
from authweave.recipe.emailpassword.types import (
    EmailAlreadyExistsError,
    EmailExistsGetOkResult,
    ErrorFormField,
    FormFieldErrors,
    SignInPostNotAllowedResponse,
    SignInPostOkResult,
    SignUpPostNotAllowedResponse,
    SignUpPostOkResult,
    WrongCredentialsError,
)
from authweave.recipe.session.interfaces import SessionContainer
from authweave.types import BadInputError, GeneralErrorResponse, Response, User, normal_email

from ._exchange import ContextT, Exchange
from ._fdi import fdi_version
from ._linking import linking_wish, tenant_of
from ._session import general_error
from ._unexpected import unexpected
from ._user_json import user_json


async def sign_up(exchange: Exchange[ContextT]) -> Response:
    """Answer ``POST /signup``."""
    recipe = exchange.app.emailpassword
    body = await exchange.request.json()
    fields = await validate_form(recipe.config.sign_up_fields, body, exchange.tenant_id)
    if isinstance(fields, FormFieldErrors):
        return field_error(fields)
    session, flag = await linking_wish(exchange, body)
    result = await recipe.apis.sign_up_post(
        fields, tenant_of(session, exchange), session, flag, api_options(exchange), exchange.user_context
    )
    match result:
        case SignUpPostOkResult(user, created):
            return signed_in(exchange, user, created)
        case EmailAlreadyExistsError():
            taken = ErrorFormField("email", "This email already exists. Please sign in instead.")
            return field_error(FormFieldErrors((taken,)))
        case SignUpPostNotAllowedResponse(reason):
            return Response.from_json({"status": "SIGN_UP_NOT_ALLOWED", "reason": reason})
        case GeneralErrorResponse(message):
            return general_error(message)
        case _:
            raise unexpected(result, "sign_up_post")


async def sign_in(exchange: Exchange[ContextT]) -> Response:
    """Answer ``POST /signin``."""
    recipe = exchange.app.emailpassword
    body = await exchange.request.json()
    fields = await validate_form(recipe.config.sign_in_fields, body, exchange.tenant_id)
    if isinstance(fields, FormFieldErrors):
        return field_error(fields)
    session, flag = await linking_wish(exchange, body)
    result = await recipe.apis.sign_in_post(
        fields, tenant_of(session, exchange), session, flag, api_options(exchange), exchange.user_context
    )
    match result:
        case SignInPostOkResult(user, created):
            return signed_in(exchange, user, created)
        case WrongCredentialsError():
            return Response.from_json({"status": "WRONG_CREDENTIALS_ERROR"})
        case SignInPostNotAllowedResponse(reason):
            return Response.from_json({"status": "SIGN_IN_NOT_ALLOWED", "reason": reason})
        case GeneralErrorResponse(message):
            return general_error(message)
        case _:
            raise unexpected(result, "sign_in_post")


async def email_exists(exchange: Exchange[ContextT]) -> Response:
    """Answer ``GET /emailpassword/email/exists``."""
    email = exchange.request.get_query_param("email")
    if email is None:
        raise BadInputError("Please provide the email as a GET param")
    if not is_storable_email(email.strip()):
        raise BadInputError("Please provide the email as a GET param that is an address")
    result = await exchange.app.emailpassword.apis.email_exists_get(
        normal_email(email), exchange.tenant_id, api_options(exchange), exchange.user_context
    )
    match result:
        case EmailExistsGetOkResult(exists):
            return Response.from_json({"status": "OK", "exists": exists})
        case GeneralErrorResponse(message):
            return general_error(message)
        case _:
            raise unexpected(result, "email_exists_get")


def api_options(exchange: Exchange[ContextT]) -> APIOptions:
    """Return what the APIs are handed."""
    return APIOptions(
        request=exchange.request,
        app_info=exchange.app.app_info,
        # Options are not generic: whoever calls the functions by them hands over the context that he was handed.
        recipe_implementation=cast("RecipeInterface", exchange.app.emailpassword.functions),  # options are not generic
    )


def signed_in(exchange: Exchange[ContextT], user: User, session: SessionContainer) -> Response:
    """Return the answer to a sign-up or sign-in that worked."""
    recipe_user_id = session.get_recipe_user_id()
    body = user_json(user, recipe_user_id, fdi_version(exchange.request))
    return Response.from_json({"status": "OK", "user": body})


def field_error(fields: FormFieldErrors) -> Response:
    """Return the answer to a form with faults."""
    faults = [{"id": each.id, "error": each.error} for each in fields.errors]
    return Response.from_json({"status": "FIELD_ERROR", "formFields": faults})
