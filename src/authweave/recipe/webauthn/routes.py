"""The routes of the webauthn recipe (docs/reference/http.md, Passkeys)."""

from __future__ import annotations

from contextlib import suppress
from typing import Final

import attrs

from authweave.http import Exchange, Route, general_error, unexpected
from authweave.kernel import UserContext
from authweave.recipe.session import SessionContainer, SessionRecipe, SignIns, signed_in_user
from authweave.recipe.session.interfaces import (
    AUTH_MODE,
    SessionOptions,
    SessionRequests,
    no_claim_validators,
)
from authweave.storage import MAX_CREDENTIAL_ID_CHARACTERS, check_email
from authweave.types import (
    JSON,
    AppInfo,
    BadInputError,
    BaseRequest,
    GeneralErrorResponse,
    JSONObject,
    Response,
    Result,
)

from . import described
from .exceptions import PasskeyRemovedError
from .interfaces.api import APIInterface, APIOptions
from .interfaces.recipe import RecipeInterface
from .settings import PasskeySettings
from .types import (
    AuthenticationPayload,
    InvalidCredentialsErrorResponse,
    RegistrationPayload,
    SignInPOSTResponse,
    SignInPOSTResult,
    SignUpPOSTResponse,
)

MAX_OPTIONS_ID_CHARACTERS: Final = 255


@attrs.frozen
class WebauthnRoutes:
    """
    Answer the requests of the pages that make and use passkeys.

    Attributes:
        functions: the composed functions of the recipe.
        apis: the composed APIs.
        sign_ins: what is alike with other recipes that sign users in.
        sessions: those of requests.
    """

    app_info: AppInfo
    settings: PasskeySettings
    functions: RecipeInterface[UserContext]
    apis: APIInterface[UserContext]
    sign_ins: SignIns
    sessions: SessionRequests

    def routes(self) -> tuple[Route, ...]:
        """Return the routes."""
        return (*self.of_sign_ins(), *self.of_recoveries(), *self.of_credentials())

    def of_sign_ins(self) -> tuple[Route, ...]:
        """Return those by which people sign up and in."""
        sessions = self.sessions.description
        # A session that comes along counts for linking alone, which is refused: no way to show one is told.
        refused = (sessions.without_session(), sessions.not_created())
        return (
            Route(
                "post",
                "/webauthn/options/register",
                self.register_options,
                "register_options_post",
                summary="Make options to register a passkey with",
                body=described.FOR_REGISTRATION,
                answers=(described.REGISTER_OPTIONS,),
            ),
            Route(
                "post",
                "/webauthn/options/signin",
                self.sign_in_options,
                "sign_in_options_post",
                summary="Make options to sign in with",
                answers=(described.SIGN_IN_OPTIONS,),
            ),
            Route(
                "post",
                "/webauthn/signup",
                self.sign_up,
                "sign_up_post",
                summary="Create a user with a passkey",
                headers=(AUTH_MODE,),
                body=described.ceremony("PasskeySignUpRequest", described.REGISTRATION, may_link=True),
                answers=(described.SIGN_UP, *refused),
                needs=SessionRecipe.recipe_id,
            ),
            Route(
                "post",
                "/webauthn/signin",
                self.sign_in,
                "sign_in_post",
                summary="Sign in with a passkey",
                headers=(AUTH_MODE,),
                body=described.ceremony("PasskeySignInRequest", described.AUTHENTICATION, may_link=True),
                answers=(described.SIGN_IN, *refused),
                needs=SessionRecipe.recipe_id,
            ),
            Route(
                "get",
                "/webauthn/email/exists",
                self.email_exists,
                "email_exists_get",
                reads=None,
                summary="Tell whether an address has a user with passkeys",
                query=(described.EMAIL_OF_QUERY,),
                answers=(described.EMAIL_EXISTS,),
            ),
            Route(
                "get",
                "/.well-known/webauthn",
                self.related_origins,
                is_enabled=bool(self.settings.related_origins),
                reads=None,
                summary="Tell on which websites the passkeys are good",
                answers=(described.RELATED_ORIGINS,),
                has_tenants=False,
            ),
        )

    def of_recoveries(self) -> tuple[Route, ...]:
        """Return those by which people recover accounts."""
        return (
            Route(
                "post",
                "/user/webauthn/reset/token",
                self.generate_recover_account_token,
                "generate_recover_account_token_post",
                summary="Send a link to recover an account",
                body=described.EMAIL_BODY,
                answers=(described.RECOVERY_TOKEN,),
            ),
            Route(
                "post",
                "/user/webauthn/reset",
                self.recover_account,
                "recover_account_post",
                summary="Recover an account, with a new passkey",
                body=described.ceremony(
                    "RecoverAccountRequest",
                    described.REGISTRATION,
                    token={"type": "string", "description": "That of the link in the mail."},
                ),
                answers=(described.RECOVERY,),
            ),
        )

    def of_credentials(self) -> tuple[Route, ...]:
        """Return those by which people look after their passkeys."""
        sessions = self.sessions.description
        refused = (sessions.without_session(), sessions.with_invalid_claim())
        return (
            Route(
                "post",
                "/webauthn/credential",
                self.register_credential,
                "register_credential_post",
                summary="Add a passkey to a login method of the session's user",
                body=described.ceremony(
                    "RegisterCredentialRequest",
                    described.REGISTRATION,
                    recipeUserId={"type": "string", "description": "The id of the login method."},
                ),
                answers=(described.REGISTERED, *refused),
                security=sessions.required("post"),
                needs=SessionRecipe.recipe_id,
            ),
            Route(
                "get",
                "/webauthn/credential/list",
                self.list_credentials,
                "list_credentials_get",
                reads=None,
                summary="List the passkeys of the session's user",
                answers=(described.LISTED, sessions.without_session()),
                security=sessions.required("get"),
                needs=SessionRecipe.recipe_id,
            ),
            Route(
                "post",
                "/webauthn/credential/remove",
                self.remove_credential,
                "remove_credential_post",
                summary="Remove a passkey of the session's user",
                body=described.REMOVE_BODY,
                answers=(described.REMOVED, *refused),
                security=sessions.required("post"),
                needs=SessionRecipe.recipe_id,
            ),
        )

    async def register_options(self, exchange: Exchange) -> Response:
        """Answer ``POST /webauthn/options/register``."""
        body = await exchange.request.json_object()
        email, token = body.get("email"), body.get("recoverAccountToken")
        if not isinstance(token, str) and not isinstance(email, str):
            raise BadInputError("Please provide the email or the recover account token")
        result = await self.apis.register_options_post(
            tenant_id=exchange.tenant_id,
            options=self.api_options(exchange.request),
            email=email if isinstance(email, str) and not isinstance(token, str) else None,
            recover_account_token=token if isinstance(token, str) else None,
            display_name=None,
            user_context=exchange.user_context,
        )
        return answer(result, "register_options_post")

    async def sign_in_options(self, exchange: Exchange) -> Response:
        """Answer ``POST /webauthn/options/signin``."""
        result = await self.apis.sign_in_options_post(
            tenant_id=exchange.tenant_id,
            options=self.api_options(exchange.request),
            user_context=exchange.user_context,
        )
        return answer(result, "sign_in_options_post")

    async def sign_up(self, exchange: Exchange) -> Response:
        """Answer ``POST /webauthn/signup``."""
        body = await exchange.request.json_object()
        options_id, sent = ceremony_of(body)
        start = await self.sign_ins.begin(exchange, body)
        credential = RegistrationPayload.read(sent)
        if credential is None:
            return Response.from_json(InvalidCredentialsErrorResponse().to_json())
        async with self.sign_ins.whole():
            result = await self.apis.sign_up_post(
                webauthn_generated_options_id=options_id,
                credential=credential,
                tenant_id=start.tenant_id,
                session=start.session,
                should_try_linking_with_session_user=start.should_try_linking,
                options=self.api_options(exchange.request),
                user_context=exchange.user_context,
            )
        if isinstance(result, SignUpPOSTResponse):
            return signed_in(exchange, result)
        return answer(result, "sign_up_post")

    async def sign_in(self, exchange: Exchange) -> Response:
        """Answer ``POST /webauthn/signin``."""
        body = await exchange.request.json_object()
        options_id, sent = ceremony_of(body)
        start = await self.sign_ins.begin(exchange, body)
        credential = AuthenticationPayload.read(sent)
        if credential is None:
            return Response.from_json(InvalidCredentialsErrorResponse().to_json())
        result: SignInPOSTResult = InvalidCredentialsErrorResponse()
        with suppress(PasskeyRemovedError):
            async with self.sign_ins.whole():
                result = await self.apis.sign_in_post(
                    webauthn_generated_options_id=options_id,
                    credential=credential,
                    tenant_id=start.tenant_id,
                    session=start.session,
                    should_try_linking_with_session_user=start.should_try_linking,
                    options=self.api_options(exchange.request),
                    user_context=exchange.user_context,
                )
        if isinstance(result, SignInPOSTResponse):
            return signed_in(exchange, result)
        return answer(result, "sign_in_post")

    async def email_exists(self, exchange: Exchange) -> Response:
        """Answer ``GET /webauthn/email/exists``."""
        email = exchange.request.get_query_param("email")
        if email is None:
            raise BadInputError("Please provide the email as a GET param")
        check_email(email)
        result = await self.apis.email_exists_get(
            email=email,
            tenant_id=exchange.tenant_id,
            options=self.api_options(exchange.request),
            user_context=exchange.user_context,
        )
        return answer(result, "email_exists_get")

    async def related_origins(self, exchange: Exchange) -> Response:
        """
        Answer ``GET /.well-known/webauthn`` (Web Authentication Level 3, section 5.11.1).

        Browsers ask the domain of the passkeys for it, without a path in front: a proxy has to lead them here.
        """
        del exchange
        origins = dict.fromkeys([self.app_info.website_origin, *self.settings.related_origins])
        return Response.from_json({"origins": [*origins]})

    async def generate_recover_account_token(self, exchange: Exchange) -> Response:
        """Answer ``POST /user/webauthn/reset/token``."""
        body = await exchange.request.json_object()
        email = text_in(body, "email", "Please provide the email")
        check_email(email)
        result = await self.apis.generate_recover_account_token_post(
            email=email,
            tenant_id=exchange.tenant_id,
            options=self.api_options(exchange.request),
            user_context=exchange.user_context,
        )
        return answer(result, "generate_recover_account_token_post")

    async def recover_account(self, exchange: Exchange) -> Response:
        """Answer ``POST /user/webauthn/reset``."""
        body = await exchange.request.json_object()
        token = text_in(body, "token", "Please provide the recover account token")
        options_id, sent = ceremony_of(body)
        credential = RegistrationPayload.read(sent)
        if credential is None:
            return Response.from_json(InvalidCredentialsErrorResponse().to_json())
        result = await self.apis.recover_account_post(
            token=token,
            webauthn_generated_options_id=options_id,
            credential=credential,
            tenant_id=exchange.tenant_id,
            options=self.api_options(exchange.request),
            user_context=exchange.user_context,
        )
        return answer(result, "recover_account_post")

    async def register_credential(self, exchange: Exchange) -> Response:
        """Answer ``POST /webauthn/credential``."""
        session = await self.session_of(exchange)
        body = await exchange.request.json_object()
        options_id, sent = ceremony_of(body)
        recipe_user_id = text_in(body, "recipeUserId", "Please provide the recipeUserId")
        credential = RegistrationPayload.read(sent)
        if credential is None:
            return Response.from_json(InvalidCredentialsErrorResponse().to_json())
        result = await self.apis.register_credential_post(
            webauthn_generated_options_id=options_id,
            credential=credential,
            recipe_user_id=recipe_user_id,
            tenant_id=exchange.tenant_id,
            session=session,
            options=self.api_options(exchange.request),
            user_context=exchange.user_context,
        )
        return answer(result, "register_credential_post")

    async def list_credentials(self, exchange: Exchange) -> Response:
        """Answer ``GET /webauthn/credential/list``."""
        session = await self.session_of(exchange)
        result = await self.apis.list_credentials_get(
            session=session, options=self.api_options(exchange.request), user_context=exchange.user_context
        )
        return answer(result, "list_credentials_get")

    async def remove_credential(self, exchange: Exchange) -> Response:
        """Answer ``POST /webauthn/credential/remove``."""
        session = await self.session_of(exchange)
        body = await exchange.request.json_object()
        wanted = "A valid webauthnCredentialId is required"
        credential_id = text_in(body, "webauthnCredentialId", wanted)
        if not 0 < len(credential_id) <= MAX_CREDENTIAL_ID_CHARACTERS:
            raise BadInputError(wanted)
        result = await self.apis.remove_credential_post(
            webauthn_credential_id=credential_id,
            session=session,
            options=self.api_options(exchange.request),
            user_context=exchange.user_context,
        )
        return answer(result, "remove_credential_post")

    async def session_of(self, exchange: Exchange) -> SessionContainer:
        """
        Return the session of a request, whatever it claims. The store is asked for it: one that was revoked ends here.

        Raises:
            authweave.errors.UnauthorisedError: there is none.
        """
        options = SessionOptions(check_database=True, override_global_claim_validators=no_claim_validators)
        return await self.sessions.require_session(exchange.request, options, user_context=exchange.user_context)

    def api_options(self, request: BaseRequest) -> APIOptions:
        """Return what the APIs are handed."""
        return APIOptions(
            request=request, app_info=self.app_info, config=self.settings, recipe_implementation=self.functions
        )


def answer(result: Result, api: str) -> Response:
    """Return the answer to what an API returned: it knows its JSON."""
    match result:
        case GeneralErrorResponse(message):
            return general_error(message)
        case Result():
            return Response.from_json(result.to_json())
        case _:  # an override may return something else all the same
            raise unexpected(result, api)


def signed_in(exchange: Exchange, result: SignUpPOSTResponse | SignInPOSTResponse) -> Response:
    """Return the answer to a sign-up or sign-in that worked."""
    return Response.from_json({"status": "OK", "user": signed_in_user(exchange, result.user, result.session)})


def text_in(body: JSONObject, name: str, wanted: str) -> str:
    """
    Return a text of a body.

    Raises:
        authweave.types.BadInputError: it has none.
    """
    value = body.get(name)
    if not isinstance(value, str):
        raise BadInputError(wanted)
    return value


def ceremony_of(body: JSONObject) -> tuple[str, JSON]:
    """
    Return by what options are found, and what the browser made of them.

    Raises:
        authweave.types.BadInputError: one is missing.
    """
    wanted = "webauthnGeneratedOptionsId is required"
    options_id = text_in(body, "webauthnGeneratedOptionsId", wanted)
    if not 0 < len(options_id) <= MAX_OPTIONS_ID_CHARACTERS:
        raise BadInputError(wanted)
    credential = body.get("credential")
    if credential is None:
        raise BadInputError("credential is required")
    return options_id, credential
