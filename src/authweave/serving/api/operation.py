"""One thing that the API does: a route, with what has to hold before it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final, TypeAlias

import attrs

from authweave.http import (
    MESSAGE,
    Answer,
    Exchange,
    Header,
    Parameter,
    Reads,
    Route,
    Schema,
    SecurityScheme,
    message,
    object_schema,
    one_of,
)
from authweave.recipe.session.exceptions import ClaimsTooLargeError, ProtectedClaimError
from authweave.storage import UserReferredToError
from authweave.types import JSON, BadInputError, JSONObject, Response

from .keys import Keys

PREFIX: Final = "/api"
KEY: Final = SecurityScheme(
    "serverKey",
    {"type": "http", "scheme": "bearer", "description": "A key of the configuration (`api.keys`)."},
)
UNAUTHORISED: Final = Answer(
    401, "The request has no key, or another.", MESSAGE, headers=(Header("www-authenticate", "`Bearer`."),)
)
BAD_INPUT: Final = Answer(400, "Something is missing, or is not what it has to be.", MESSAGE)
REFERRED_TO: Final = Answer(409, "A table of the application's own refers to the user.", MESSAGE)

Sent: TypeAlias = JSONObject
Does: TypeAlias = Callable[[Sent, Exchange], Awaitable[JSONObject]]
"""Does what is asked. It takes the body, or the query of a `GET`, and returns what is answered."""


@attrs.frozen
class Operation:
    """
    One thing that the API does.

    Attributes:
        method: lower case.
        path: below ``/api``.
        summary: what it does, in a few words.
        does: does it.
        takes: the members of the body, or the parameters of the query, with their schemas.
        optional: those that need not be there.
        answers: the schemas of what it answers with 200, which their ``status`` tells apart.
        refuses: what else it answers than every one.
        members: how many members the body has, where it has to be a number of them.
    """

    method: str
    path: str
    summary: str
    does: Does = attrs.field(repr=False)
    takes: dict[str, Schema] = attrs.field(repr=False)
    optional: tuple[str, ...]
    answers: tuple[Schema, ...] = attrs.field(repr=False)
    refuses: tuple[Answer, ...] = attrs.field(default=(), repr=False)
    members: int | None = attrs.field(default=None, kw_only=True)

    @property
    def title(self) -> str:
        """The name of its body among the components of an OpenAPI document (``ApiSessionCreate``)."""
        words = f"{PREFIX}{self.path}".replace("/", " ").replace("-", " ").split()
        return "".join(each.capitalize() for each in words)

    def body(self) -> Schema:
        """Return the schema of the body. What is not known is refused: it may be a name misspelt."""
        number = {} if self.members is None else {"minProperties": self.members, "maxProperties": self.members}
        return {
            **object_schema(self.title, self.takes, optional=self.optional),
            "additionalProperties": False,
            **number,
        }

    def route(self, keys: Keys) -> Route:
        """Return the route."""
        is_get = self.method == "get"
        reads: Reads | None = None if is_get else "json"
        query = [
            Parameter(each, each, schema, is_required=each not in self.optional) for each, schema in self.takes.items()
        ]
        return Route(
            self.method,
            f"{PREFIX}{self.path}",
            Answering(keys, self),
            reads=reads,
            summary=self.summary,
            query=tuple(query) if is_get else (),
            body=None if is_get else self.body(),
            answers=(Answer(200, "What `status` says.", one_of(*self.answers)), BAD_INPUT, UNAUTHORISED, *self.refuses),
            security=((KEY,),),
        )


@attrs.frozen
class Answering:
    """
    Answers the requests of an operation.

    Attributes:
        keys: one of which a request has to have. Before it, no more is looked at than for every route.
        operation: what is done.
    """

    keys: Keys
    operation: Operation

    async def __call__(self, exchange: Exchange, /) -> Response:
        """Return the answer."""
        if not self.keys.admits(exchange.request.get_headers("authorization")):
            refusal = message(401, "This needs a key of the server's: Authorization: Bearer KEY.")
            return attrs.evolve(refusal, headers=(*refusal.headers, ("www-authenticate", "Bearer")))
        try:
            return Response.from_json(await self.operation.does(await self.read_sent(exchange), exchange))
        except (ClaimsTooLargeError, ProtectedClaimError) as error:
            raise BadInputError(str(error)) from error
        except UserReferredToError as error:
            return message(409, str(error))

    async def read_sent(self, exchange: Exchange) -> Sent:
        """
        Return what a request sends.

        Raises:
            BadInputError: there is something in it that is not known here, a misspelt name say, or is null.
        """
        query: dict[str, JSON] = {**exchange.request.get_query_params()}
        sent = query if self.operation.method == "get" else await exchange.request.json_object()
        if unknown := sorted(set(sent) - set(self.operation.takes)):
            raise BadInputError(
                f"{unknown[0][:64]} is not known here; there are {', '.join(self.operation.takes) or 'none'}."
            )
        if empty := next((name for name, value in sent.items() if value is None), None):
            raise BadInputError(f"{empty} is null: leave it out.")
        return sent
