"""Sessions, for programs with a key."""

from __future__ import annotations

from typing import Final

import attrs

from authweave.extending import Services
from authweave.http import TEXT, Exchange, Schema, array_of, object_schema, status_schema
from authweave.recipe.session import EmptySession, SessionContainer, SessionInformationResult, SessionRecipe
from authweave.recipe.session.exceptions import (
    InvalidClaimsError,
    SessionError,
    SessionRefusedError,
    TokenTheftError,
    TryRefreshTokenError,
    UnauthorisedError,
)
from authweave.recipe.session.interfaces import no_claim_validators
from authweave.types import PUBLIC_TENANT, BadInputError, JSONObject, RecipeUserId

from .inputs import NAME, NAMES, SENT_TEXT, flag, json_object, optional_text, text, texts
from .operation import Operation, Sent

OBJECT: Final[Schema] = {"type": "object"}
BOOLEAN: Final[Schema] = {"type": "boolean"}
INTEGER: Final[Schema] = {"type": "integer"}
NULLABLE: Final[Schema] = {"type": ["string", "null"]}
SESSION: Final = object_schema(
    "ApiSession",
    {"sessionHandle": TEXT, "userId": TEXT, "recipeUserId": TEXT, "tenantId": TEXT, "accessTokenPayload": OBJECT},
)
TOKENS: Final = object_schema(
    "ApiTokens", {"accessToken": TEXT, "refreshToken": NULLABLE, "frontToken": TEXT, "antiCsrfToken": NULLABLE}
)
INFORMATION: Final = object_schema(
    "ApiSessionInformation",
    {
        "sessionHandle": TEXT,
        "userId": TEXT,
        "recipeUserId": TEXT,
        "tenantId": TEXT,
        "accessTokenPayload": OBJECT,
        "sessionData": OBJECT,
        "timeCreated": INTEGER,
        "expiry": INTEGER,
    },
)
WITH_TOKENS: Final = status_schema("ApiSessionOk", "OK", session=SESSION, tokens=TOKENS)
UNAUTHORISED: Final = status_schema(
    "ApiUnauthorised", "UNAUTHORISED", "There is no such session, or not any more.", message=TEXT
)
TRY_REFRESH: Final = status_schema(
    "ApiTryRefreshToken", "TRY_REFRESH_TOKEN", "The access token has expired, or is none.", message=TEXT
)
REFUSED: Final = status_schema(
    "ApiSessionRefused", "SESSION_REFUSED", "The user is disabled, was deleted, or never was.", message=TEXT
)
THEFT: Final = status_schema(
    "ApiTokenTheft", "TOKEN_THEFT_DETECTED", "The session was revoked.", sessionHandle=TEXT, userId=TEXT
)
NO_SESSION: Final[JSONObject] = {"status": "UNAUTHORISED", "message": "There is no session."}
"""Also where an override says so: an `EmptySession` is nobody's."""
INVALID: Final = status_schema("ApiInvalidClaims", "INVALID_CLAIMS", "", claimValidationErrors=array_of(OBJECT))


@attrs.frozen
class SessionsApi:
    """
    Create, verify, refresh, revoke and list sessions.

    Attributes:
        services: of the application.
    """

    services: Services

    @property
    def recipe(self) -> SessionRecipe:
        """The recipe."""
        return self.services.recipe(SessionRecipe)

    def operations(self) -> tuple[Operation, ...]:
        """Return what can be done."""
        return (
            Operation(
                "post",
                "/session/create",
                "Create a session",
                self.create,
                {"userId": NAME, "accessTokenPayload": OBJECT, "sessionData": OBJECT, "disableAntiCsrf": BOOLEAN},
                ("accessTokenPayload", "sessionData", "disableAntiCsrf"),
                (WITH_TOKENS, REFUSED),
            ),
            Operation(
                "post",
                "/session/verify",
                "Verify an access token",
                self.verify,
                {
                    "accessToken": SENT_TEXT,
                    "antiCsrfToken": SENT_TEXT,
                    "doAntiCsrfCheck": BOOLEAN,
                    "checkDatabase": BOOLEAN,
                    "skipClaims": BOOLEAN,
                },
                ("antiCsrfToken", "doAntiCsrfCheck", "checkDatabase", "skipClaims"),
                (WITH_TOKENS, UNAUTHORISED, TRY_REFRESH, INVALID),
            ),
            Operation(
                "post",
                "/session/refresh",
                "Refresh a session",
                self.refresh,
                {"refreshToken": SENT_TEXT, "antiCsrfToken": SENT_TEXT, "disableAntiCsrf": BOOLEAN},
                ("antiCsrfToken", "disableAntiCsrf"),
                (WITH_TOKENS, UNAUTHORISED, TRY_REFRESH, THEFT),
            ),
            Operation(
                "post",
                "/session/revoke",
                "Revoke sessions: those of the handles, or all of a user",
                self.revoke,
                {"sessionHandles": NAMES, "userId": NAME},
                ("sessionHandles", "userId"),
                (status_schema("ApiRevoked", "OK", revoked=array_of(TEXT)),),
                members=1,
            ),
            Operation(
                "get",
                "/session",
                "Say what is known of a session",
                self.get,
                {"sessionHandle": NAME},
                (),
                (status_schema("ApiSessionFound", "OK", session=INFORMATION), UNAUTHORISED),
            ),
            Operation(
                "get",
                "/sessions",
                "List the sessions of a user",
                self.list,
                {"userId": NAME},
                (),
                (status_schema("ApiSessions", "OK", sessionHandles=array_of(TEXT)),),
            ),
        )

    async def create(self, sent: Sent, exchange: Exchange) -> JSONObject:
        """Create a session, whose tokens the program hands on."""
        user_id, context, recipe = text(sent, "userId"), exchange.user_context, self.recipe
        login = RecipeUserId(user_id)
        given, data = json_object(sent, "accessTokenPayload"), json_object(sent, "sessionData")
        disable = flag(sent, "disableAntiCsrf")
        try:
            payload = await recipe.claims.payload_of_new_session(
                given, user_id=user_id, recipe_user_id=login, tenant_id=exchange.tenant_id, user_context=context
            )
            made = await recipe.functions.create_new_session(
                user_id, login, payload, data, disable, exchange.tenant_id, context
            )
        except (SessionRefusedError, UnauthorisedError) as error:  # the latter: a claim found no such user
            return {"status": "SESSION_REFUSED", "message": str(error)}
        if isinstance(made, EmptySession):
            return {"status": "SESSION_REFUSED", "message": "An override created no session."}
        return answered(made)

    async def verify(self, sent: Sent, exchange: Exchange) -> JSONObject:
        """Verify an access token, and its anti-CSRF token where the application has them and the program wants it."""
        recipe, context = self.recipe, exchange.user_context
        anti_csrf, token = optional_text(sent, "antiCsrfToken"), text(sent, "accessToken")
        skip = no_claim_validators if flag(sent, "skipClaims") else None
        try:
            session = await recipe.functions.get_session(
                token,
                anti_csrf,
                self.checks_anti_csrf(sent),
                True,  # noqa: FBT003  the documents' order of parameters
                flag(sent, "checkDatabase"),
                skip,
                context,
            )
            if session is None or isinstance(session, EmptySession):
                return NO_SESSION
            await recipe.claims.assert_for(session, skip, context)
        except SessionError as error:
            return refusal(error)
        return answered(session)

    def checks_anti_csrf(self, sent: Sent) -> bool:
        """
        Return whether a program wants the anti-CSRF token checked: unless it says otherwise.

        Raises:
            BadInputError: the proof is a header of a request that this server has not seen.
        """
        wanted = flag(sent, "doAntiCsrfCheck", default=True)
        if wanted and self.recipe.config.anti_csrf == "VIA_CUSTOM_HEADER":
            raise BadInputError(
                "session.anti_csrf is VIA_CUSTOM_HEADER, and only your program sees the headers: where the token came "
                "by a cookie, refuse a request without the header rid; then send doAntiCsrfCheck: false."
            )
        return wanted

    async def refresh(self, sent: Sent, exchange: Exchange) -> JSONObject:
        """Give a session new tokens."""
        functions, token = self.recipe.functions, text(sent, "refreshToken")
        anti_csrf, disable = optional_text(sent, "antiCsrfToken"), flag(sent, "disableAntiCsrf")
        try:
            session = await functions.refresh_session(token, anti_csrf, disable, exchange.user_context)
        except SessionError as error:
            return refusal(error)
        return NO_SESSION if isinstance(session, EmptySession) else answered(session)

    async def revoke(self, sent: Sent, exchange: Exchange) -> JSONObject:
        """
        Revoke sessions. Those of a user are of all tenants, unless the path names one.

        Raises:
            BadInputError: neither is named, or both.
        """
        functions, context = self.recipe.functions, exchange.user_context
        if ("sessionHandles" in sent) == ("userId" in sent):
            raise BadInputError("Send sessionHandles, or userId: one of the two.")
        if "userId" in sent:
            everywhere, user_id = exchange.tenant_id == PUBLIC_TENANT, text(sent, "userId")
            revoked = await functions.revoke_all_sessions_for_user(
                user_id,
                revoke_sessions_for_linked_accounts=True,
                tenant_id=exchange.tenant_id,
                revoke_across_all_tenants=everywhere,
                user_context=context,
            )
        else:
            revoked = await functions.revoke_multiple_sessions(texts(sent, "sessionHandles"), context)
        return {"status": "OK", "revoked": revoked}

    async def get(self, sent: Sent, exchange: Exchange) -> JSONObject:
        """Say what is known of a session."""
        functions = self.recipe.functions
        found = await functions.get_session_information(text(sent, "sessionHandle"), exchange.user_context)
        if found is None:
            return {"status": "UNAUTHORISED", "message": "There is no such session, or not any more."}
        return {"status": "OK", "session": information(found)}

    async def list(self, sent: Sent, exchange: Exchange) -> JSONObject:
        """List the sessions of a user, of all tenants unless the path names one."""
        functions, everywhere = self.recipe.functions, exchange.tenant_id == PUBLIC_TENANT
        handles = await functions.get_all_session_handles_for_user(
            text(sent, "userId"),
            fetch_sessions_for_linked_accounts=True,
            tenant_id=exchange.tenant_id,
            fetch_across_all_tenants=everywhere,
            user_context=exchange.user_context,
        )
        return {"status": "OK", "sessionHandles": handles}


def answered(session: SessionContainer) -> JSONObject:
    """Return a session with its tokens."""
    tokens = session.get_all_session_tokens_dangerously()
    return {
        "status": "OK",
        "session": {
            "sessionHandle": session.get_handle(),
            "userId": session.get_user_id(),
            "recipeUserId": session.get_recipe_user_id().get_as_string(),
            "tenantId": session.get_tenant_id(),
            "accessTokenPayload": session.get_access_token_payload(),
        },
        "tokens": {
            "accessToken": tokens["accessToken"],
            "refreshToken": tokens["refreshToken"],
            "frontToken": tokens["frontToken"],
            "antiCsrfToken": tokens["antiCsrfToken"],
        },
    }


def information(found: SessionInformationResult) -> JSONObject:
    """Return what the store knows of a session."""
    return {
        "sessionHandle": found.session_handle,
        "userId": found.user_id,
        "recipeUserId": found.recipe_user_id.get_as_string(),
        "tenantId": found.tenant_id,
        "accessTokenPayload": found.custom_claims_in_access_token_payload,
        "sessionData": found.session_data_in_database,
        "timeCreated": found.time_created,
        "expiry": found.expiry,
    }


def refusal(error: SessionError) -> JSONObject:
    """Return why a session was refused."""
    match error:
        case TokenTheftError():
            return {"status": "TOKEN_THEFT_DETECTED", "sessionHandle": error.session_handle, "userId": error.user_id}
        case TryRefreshTokenError():
            return {"status": "TRY_REFRESH_TOKEN", "message": str(error)}
        case InvalidClaimsError():
            failures = [{"id": each.id, "reason": each.reason} for each in error.payload]
            return {"status": "INVALID_CLAIMS", "claimValidationErrors": failures}
        case _:
            return {"status": "UNAUTHORISED", "message": str(error)}
