"""
What routes take and answer, as data: what an OpenAPI document is made of (docs/how-to/openapi.md).

Schemas are JSON Schema (draft 2020-12, that of OpenAPI 3.1). One with a ``title`` becomes a component of that name, so
that generators of clients make one type of it, however many routes have it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

import attrs

from authweave.types import JSON, JSONObject

Schema: TypeAlias = JSONObject
"""A JSON Schema, with whole schemas inside, no references."""

JSON_TYPE: Final = "application/json"
TEXT: Final[Schema] = {"type": "string"}


@attrs.frozen
class Parameter:
    """
    What a route reads of a query, or of the request's headers.

    Attributes:
        name: as it is written.
        description: one sentence or more, in Markdown.
        schema: of the value; any text by default.
        is_required: whether a request without it is refused.
    """

    name: str
    description: str
    schema: Schema = TEXT
    is_required: bool = attrs.field(default=False, kw_only=True)


@attrs.frozen
class Header:
    """A header that an answer may have."""

    name: str
    description: str


@attrs.frozen
class Link:
    """
    What a client may ask next, with what it knows of an exchange (OpenAPI 3.1, Link Object).

    Attributes:
        route: the title of the route (``POST /signin``).
        description: one sentence.
        query: parameters of its query, as runtime expressions (``$response.body#/token``).
        body: its body, as a runtime expression or with such in it; None for none.
    """

    route: str
    description: str
    query: Mapping[str, str] = attrs.field(factory=dict[str, str], kw_only=True)
    body: JSON = attrs.field(default=None, kw_only=True)


@attrs.frozen
class Answer:
    """
    An answer that a route gives.

    Attributes:
        status: of HTTP.
        description: when it is given.
        schema: of the body; None for an answer without one.
        media_type: of the body.
        legacy_schema: the same for clients that take the user of before account linking (`takes_legacy_user`); None
            where they get no other.
        headers: those that it may have, beside those of every answer.
        links: what may come next.
    """

    status: int
    description: str
    schema: Schema | None = None
    media_type: str = attrs.field(default=JSON_TYPE, kw_only=True)
    legacy_schema: Schema | None = attrs.field(default=None, kw_only=True)
    headers: tuple[Header, ...] = attrs.field(default=(), kw_only=True)
    links: tuple[Link, ...] = attrs.field(default=(), kw_only=True)


@attrs.frozen
class SecurityScheme:
    """
    A way in which a client shows who it is.

    Attributes:
        name: a component of the document.
        definition: a Security Scheme Object of OpenAPI 3.1.
    """

    name: str
    definition: JSONObject


Security: TypeAlias = tuple[tuple[SecurityScheme, ...], ...]
"""Ways to be let in, each of schemes that are needed together. One that is empty lets in who shows nothing."""


def object_schema(
    title: str, properties: Mapping[str, Schema], *, optional: Sequence[str] = (), description: str = ""
) -> Schema:
    """
    Return the schema of an object.

    Args:
        title: the name of the component.
        properties: the schema of each member.
        optional: the members that need not be there.
        description: what the object is.
    """
    required = [name for name in properties if name not in optional]
    return {
        "title": title,
        "type": "object",
        **({"description": description} if description else {}),
        "properties": dict(properties),
        **({"required": required} if required else {}),
    }


def status_schema(title: str, status: str, description: str = "", /, **properties: Schema) -> Schema:
    """Return the schema of an answer that its ``status`` tells from others, with what stands beside."""
    return object_schema(title, {"status": {"type": "string", "const": status}, **properties}, description=description)


def array_of(schema: Schema) -> Schema:
    """Return the schema of a list."""
    return {"type": "array", "items": schema}


def one_of(*schemas: Schema) -> Schema:
    """Return the schema of what fits one of several, which are told apart by a ``const``."""
    return schemas[0] if len(schemas) == 1 else {"oneOf": list(schemas)}


GENERAL_ERROR: Final = status_schema(
    "GeneralError", "GENERAL_ERROR", "An override has a message for the person.", message=TEXT
)
MESSAGE: Final = object_schema("Message", {"message": TEXT}, description="What was wrong with the request.")
OK: Final = status_schema("Ok", "OK")
OPENAPI_DOCUMENT: Final = object_schema(
    "OpenApiDocument",
    {
        "openapi": TEXT,
        "info": {"type": "object", "additionalProperties": True},
        "paths": {"type": "object", "additionalProperties": True},
    },
)

THIRD_PARTY: Final = object_schema("ThirdPartyIdentity", {"id": TEXT, "userId": TEXT})
MILLISECONDS: Final[Schema] = {"type": "integer", "description": "Milliseconds since the epoch."}
LOGIN_METHOD: Final = object_schema(
    "LoginMethod",
    {
        "recipeId": TEXT,
        "recipeUserId": TEXT,
        "tenantIds": array_of(TEXT),
        "timeJoined": MILLISECONDS,
        "verified": {"type": "boolean"},
        "email": TEXT,
        "phoneNumber": TEXT,
        "thirdParty": THIRD_PARTY,
    },
    optional=("email", "phoneNumber", "thirdParty"),
)
USER: Final = object_schema(
    "User",
    {
        "id": TEXT,
        "isPrimaryUser": {"type": "boolean"},
        "tenantIds": array_of(TEXT),
        "emails": array_of(TEXT),
        "phoneNumbers": array_of(TEXT),
        "thirdParty": array_of(THIRD_PARTY),
        "webauthn": object_schema("Webauthn", {"credentialIds": array_of(TEXT)}),
        "timeJoined": MILLISECONDS,
        "loginMethods": array_of(LOGIN_METHOD),
    },
)
LEGACY_USER: Final = object_schema(
    "LegacyUser",
    {"id": TEXT, "timeJoined": MILLISECONDS, "email": TEXT, "phoneNumber": TEXT, "thirdParty": THIRD_PARTY},
    optional=("email", "phoneNumber", "thirdParty"),
    description="The login method of the session, for clients from before account linking.",
)
