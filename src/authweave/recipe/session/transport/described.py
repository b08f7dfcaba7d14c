"""What routes say of the sessions that they ask for, renew or make (docs/how-to/openapi.md)."""

from __future__ import annotations

from typing import Final

import attrs

from authweave.http import (
    GENERAL_ERROR,
    MESSAGE,
    OK,
    TEXT,
    Answer,
    Header,
    Parameter,
    Schema,
    Security,
    SecurityScheme,
    array_of,
    object_schema,
    one_of,
)
from authweave.recipe.session.types import AntiCsrfMode

BEARER: Final = SecurityScheme(
    "bearer",
    {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "The access token, as `st-access-token` brought it where tokens travel by header.",
    },
)
COOKIE: Final = SecurityScheme(
    "cookie",
    {
        "type": "apiKey",
        "in": "cookie",
        "name": "sAccessToken",
        "description": "The access token, in a cookie that signing in with `st-auth-mode: cookie` sets. Browsers send "
        "it by themselves.",
    },
)
REFRESH_BEARER: Final = SecurityScheme(
    "refreshBearer",
    {"type": "http", "scheme": "bearer", "description": "The refresh token, as `st-refresh-token` brought it."},
)
REFRESH_COOKIE: Final = SecurityScheme(
    "refreshCookie",
    {"type": "apiKey", "in": "cookie", "name": "sRefreshToken", "description": "The refresh token, in a cookie."},
)
PROOFS: Final[dict[AntiCsrfMode, tuple[SecurityScheme, ...]]] = {
    "NONE": (),
    "VIA_CUSTOM_HEADER": (
        SecurityScheme(
            "antiCsrf",
            {
                "type": "apiKey",
                "in": "header",
                "name": "rid",
                "description": "That the website sent the request: with cookies, whatever it says.",
            },
        ),
    ),
    "VIA_TOKEN": (
        SecurityScheme(
            "antiCsrf",
            {
                "type": "apiKey",
                "in": "header",
                "name": "anti-csrf",
                "description": "That the website sent the request: with cookies, the value of the header `anti-csrf` "
                "that came with them.",
            },
        ),
    ),
}

AUTH_MODE: Final = Parameter(
    "st-auth-mode",
    "How the tokens of a new session are to travel: `cookie` or `header`, which also counts where it is not sent.",
)

FRONT_TOKEN: Final = Header("front-token", "What the frontend may know of the session; `remove`: it is to forget it.")
ACCESS_TOKEN: Final = Header(
    "st-access-token", "The access token, where tokens travel by header; empty: it is to be forgotten."
)
REFRESH_TOKEN: Final = Header("st-refresh-token", "The refresh token, as the other.")
ANTI_CSRF: Final = Header("anti-csrf", 'The proof to send back, with cookies and `anti_csrf="VIA_TOKEN"`.')
SET_COOKIE: Final = Header("set-cookie", "The tokens, where they travel by cookie.")
NEW_TOKENS: Final = (FRONT_TOKEN, ACCESS_TOKEN, REFRESH_TOKEN, ANTI_CSRF, SET_COOKIE)
CHANGED_TOKEN: Final = (FRONT_TOKEN, ACCESS_TOKEN, REFRESH_TOKEN, SET_COOKIE)
"""What the answer of a route has that a session was verified for, if its access token changed or is to be forgotten."""

REFRESHED: Final = Answer(
    200,
    "Both tokens are new. With a message: the cookies of a former domain were cleared, and the next refresh works.",
    object_schema("Refreshed", {"message": TEXT}, optional=("message",)),
    headers=NEW_TOKENS,
)
SIGNED_OUT: Final = Answer(200, "The session is revoked.", one_of(OK, GENERAL_ERROR), headers=CHANGED_TOKEN)

INVALID_CLAIM: Final = object_schema(
    "InvalidClaim",
    {
        "message": TEXT,
        "claimValidationErrors": array_of(
            object_schema("ClaimValidationError", {"id": TEXT, "reason": {}}, optional=("reason",))
        ),
    },
)
LINKING: Final[Schema] = {
    "not": {"const": True},
    "description": "The frontends send `false`. With `true` the login is to be linked to the user of the session, "
    "which no application does yet: it is answered with 400, and without a session with 401.",
}


@attrs.frozen
class DescribedSessions:
    """
    What a route says of its session: ``Route(..., security=sessions.description.required("post"))``.

    Attributes:
        anti_csrf: how requests with cookies prove that the website sent them.
        expired_status: of answers to requests without a session that can be used.
        refused_status: of answers to sessions that may not pass.
    """

    anti_csrf: AntiCsrfMode
    expired_status: int = 401
    refused_status: int = 403

    def required(self, method: str) -> Security:
        """Return how a session is shown to a route of a method, lower case, that does not say otherwise."""
        return (BEARER,), (COOKIE, *(() if method == "get" else PROOFS[self.anti_csrf]))

    def optional(self, method: str) -> Security:
        """Return the same for a route that takes requests without one."""
        return (), *self.required(method)

    def refreshed(self) -> Security:
        """Return how the refresh token is shown."""
        return (REFRESH_BEARER,), (REFRESH_COOKIE, *PROOFS[self.anti_csrf])

    def without_session(self) -> Answer:
        """Return the answer to a request whose session is missing, or cannot be used."""
        said = "There is no session, or its access token cannot be used: `message` says whether a refresh may help."
        return Answer(self.expired_status, said, MESSAGE, headers=CHANGED_TOKEN)

    def asked_by(
        self, method: str, *, session_required: bool, anti_csrf_check: bool | None
    ) -> tuple[Security, tuple[Answer, ...]]:
        """Return how a route of the application's own is shown a session, and what it answers where it is not."""
        proved = method != "get" if anti_csrf_check is None else anti_csrf_check
        security = self.required("post" if proved else "get")
        refused = (self.without_session(), self.with_invalid_claim())
        return security if session_required else ((), *security), refused

    def with_invalid_claim(self) -> Answer:
        """Return the answer to a session that claim validators refuse."""
        return Answer(self.refused_status, "Claim validators refuse the session.", INVALID_CLAIM)

    def not_created(self) -> Answer:
        """Return the answer where a session was to be made for a user who may have none."""
        return Answer(self.refused_status, "The user may have no session.", MESSAGE)
