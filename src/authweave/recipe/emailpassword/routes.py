"""The routes of the emailpassword recipe (docs/reference/http.md, Password)."""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from authweave.http import Exchange, Route, general_error, unexpected
from authweave.recipe.session import SessionContainer, SignIns, signed_in_user
from authweave.types import (
    AppInfo,
    BadInputError,
    BaseRequest,
    GeneralErrorResponse,
    JSONObject,
    Response,
    User,
)

from .addresses import Logins
from .config import EmailPasswordConfig
from .form_fields import could_be_stored, form_hints, validate_form
from .interfaces import APIInterface, APIOptions, RecipeInterface
from .types import (
    EmailAlreadyExistsError,
    EmailExistsGetOkResult,
    ErrorFormField,
    FormField,
    FormFieldErrors,
    InputFormField,
    SignInPostNotAllowedResponse,
    SignInPostOkResult,
    SignUpPostNotAllowedResponse,
    SignUpPostOkResult,
    WrongCredentialsError,
)


@attrs.frozen
class EmailPasswordRoutes:
    """
    Answer the requests of the sign-up and sign-in forms.

    Attributes:
        functions: the composed functions of the recipe.
        apis: the composed APIs.
        sign_ins: what is alike with other recipes that sign users in.
        logins: finds logins by an address.
    """

    app_info: AppInfo
    config: EmailPasswordConfig
    functions: RecipeInterface
    apis: APIInterface
    sign_ins: SignIns
    logins: Logins

    def routes(self) -> tuple[Route, ...]:
        """Return the routes."""
        exists = self.config.email_exists_api
        return (
            Route("post", "/signup", self.sign_up, "sign_up_post", self.config.sign_up_api),
            Route("post", "/signin", self.sign_in, "sign_in_post"),
            Route("get", "/emailpassword/email/exists", self.email_exists, "email_exists_get", exists, reads=None),
            Route(
                "get", "/signup/email/exists", self.email_exists, "email_exists_get", exists, reads=None
            ),  # before FDI 3.0
        )

    async def sign_up(self, exchange: Exchange) -> Response:
        """Answer ``POST /signup``."""
        body = await exchange.request.json()
        fields = await self.check_form(exchange, body, self.config.sign_up_fields)
        if isinstance(fields, FormFieldErrors):
            return field_error_response(fields)
        start = await self.sign_ins.begin(exchange, body)
        async with self.sign_ins.whole():
            result = await self.apis.sign_up_post(
                fields,
                start.tenant_id,
                start.session,
                start.should_try_linking,
                self.api_options(exchange.request),
                exchange.user_context,
            )
        match result:
            case SignUpPostOkResult(user, created):
                return sign_in_response(exchange, user, created)
            case EmailAlreadyExistsError():
                fault = ErrorFormField("email", "This email already exists. Please sign in instead.")
                return field_error_response(FormFieldErrors((fault,)))
            case SignUpPostNotAllowedResponse(reason):
                return Response.from_json({"status": "SIGN_UP_NOT_ALLOWED", "reason": reason})
            case GeneralErrorResponse(message):
                return general_error(message)
            case _:
                raise unexpected(result, "sign_up_post")

    async def sign_in(self, exchange: Exchange) -> Response:
        """Answer ``POST /signin``."""
        body = await exchange.request.json()
        fields = await self.check_form(exchange, body, self.config.sign_in_fields, self.logins)
        if isinstance(fields, FormFieldErrors):
            return field_error_response(fields)
        start = await self.sign_ins.begin(exchange, body)
        async with self.sign_ins.whole():
            result = await self.apis.sign_in_post(
                fields,
                start.tenant_id,
                start.session,
                start.should_try_linking,
                self.api_options(exchange.request),
                exchange.user_context,
            )
        match result:
            case SignInPostOkResult(user, created):
                return sign_in_response(exchange, user, created)
            case WrongCredentialsError():
                return Response.from_json({"status": "WRONG_CREDENTIALS_ERROR"})
            case SignInPostNotAllowedResponse(reason):
                return Response.from_json({"status": "SIGN_IN_NOT_ALLOWED", "reason": reason})
            case GeneralErrorResponse(message):
                return general_error(message)
            case _:
                raise unexpected(result, "sign_in_post")

    async def email_exists(self, exchange: Exchange) -> Response:
        """Answer ``GET /emailpassword/email/exists``."""
        email = exchange.request.get_query_param("email")
        if email is None:
            raise BadInputError("Please provide the email as a GET param")
        if not could_be_stored(email):
            raise BadInputError("Please provide the email as a GET param that is an address")
        spelling = await self.logins.spelling(exchange.tenant_id, email)
        result = await self.apis.email_exists_get(
            spelling, exchange.tenant_id, self.api_options(exchange.request), exchange.user_context
        )
        match result:
            case EmailExistsGetOkResult(exists):
                return Response.from_json({"status": "OK", "exists": exists})
            case GeneralErrorResponse(message):
                return general_error(message)
            case _:
                raise unexpected(result, "email_exists_get")

    async def check_form(
        self, exchange: Exchange, body: JSONObject, fields: Sequence[InputFormField], logins: Logins | None = None
    ) -> list[FormField] | FormFieldErrors:
        """Check the form in a body (`validate_form`), and note what may be wrong with its shape."""
        for hint in form_hints(fields, body):
            exchange.request.hint(hint)
        return await validate_form(fields, body, exchange.tenant_id, logins)

    def api_options(self, request: BaseRequest) -> APIOptions:
        """Return what the APIs are handed."""
        return APIOptions(request=request, app_info=self.app_info, recipe_implementation=self.functions)


def sign_in_response(exchange: Exchange, user: User, session: SessionContainer) -> Response:
    """Return the answer to a sign-up or sign-in that worked."""
    return Response.from_json({"status": "OK", "user": signed_in_user(exchange, user, session)})


def field_error_response(fields: FormFieldErrors) -> Response:
    """Return the answer to a form with faults."""
    faults = [{"id": each.id, "error": each.error} for each in fields.errors]
    return Response.from_json({"status": "FIELD_ERROR", "formFields": faults})
