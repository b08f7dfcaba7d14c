"""The routes of the recipe, as data. Each asks for a session."""

from __future__ import annotations

import attrs

from authweave.http import Exchange, Route, unexpected
from authweave.recipe.session import SessionContainer
from authweave.recipe.session.interfaces import SessionRequests
from authweave.types import JSON, AppInfo, BadInputError, Response, Result

from .interfaces import APIInterface, APIOptions, RecipeInterface
from .types import MEMBER


@attrs.frozen
class OrganisationRoutes:
    """
    Answer the requests of frontends. Results know their JSON, and are answered as they are.

    Attributes:
        functions: the composed functions of the recipe.
        apis: the composed APIs.
        sessions: the sessions of requests.
    """

    app_info: AppInfo
    functions: RecipeInterface
    apis: APIInterface
    sessions: SessionRequests

    def routes(self) -> tuple[Route, ...]:
        """Return the routes."""
        return (
            Route("get", "/organisations", self.list_organisations, "list_organisations_get", reads=None),
            Route("post", "/organisations", self.create, "create_organisation_post"),
            Route("post", "/organisations/switch", self.switch, "switch_organisation_post"),
            Route("post", "/organisations/delete", self.delete, "delete_organisation_post"),
            Route("get", "/organisations/members", self.list_members, "list_members_get", reads=None),
            Route("post", "/organisations/members", self.change_member, "change_member_post"),
            Route("post", "/organisations/invite", self.invite, "invite_post"),
            Route("post", "/organisations/invite/revoke", self.revoke, "revoke_invitation_post"),
            Route("post", "/organisations/accept", self.accept, "accept_invitation_post"),
        )

    async def list_organisations(self, exchange: Exchange) -> Response:
        """Answer ``GET /organisations``."""
        session, _, options = await self.asked(exchange)
        return answer(await self.apis.list_organisations_get(session, options, exchange.user_context))

    async def create(self, exchange: Exchange) -> Response:
        """Answer ``POST /organisations``: ``{name}``."""
        session, asked, options = await self.asked(exchange)
        name = text(asked, "name")
        return answer(await self.apis.create_organisation_post(session, name, options, exchange.user_context))

    async def switch(self, exchange: Exchange) -> Response:
        """Answer ``POST /organisations/switch``: ``{organisationId}``."""
        session, asked, options = await self.asked(exchange)
        organisation_id = text(asked, "organisationId")
        return answer(
            await self.apis.switch_organisation_post(session, organisation_id, options, exchange.user_context)
        )

    async def delete(self, exchange: Exchange) -> Response:
        """Answer ``POST /organisations/delete``: ``{organisationId}``."""
        session, asked, options = await self.asked(exchange)
        organisation_id = text(asked, "organisationId")
        return answer(
            await self.apis.delete_organisation_post(session, organisation_id, options, exchange.user_context)
        )

    async def list_members(self, exchange: Exchange) -> Response:
        """Answer ``GET /organisations/members?organisationId=``."""
        session, asked, options = await self.asked(exchange)
        organisation_id = text(asked, "organisationId")
        return answer(await self.apis.list_members_get(session, organisation_id, options, exchange.user_context))

    async def change_member(self, exchange: Exchange) -> Response:
        """Answer ``POST /organisations/members``: ``{organisationId, userId, role}``; null removes."""
        session, asked, options = await self.asked(exchange)
        organisation_id, user_id = text(asked, "organisationId"), text(asked, "userId")
        role = None if asked.get("role", "") is None else text(asked, "role")
        return answer(
            await self.apis.change_member_post(session, organisation_id, user_id, role, options, exchange.user_context)
        )

    async def invite(self, exchange: Exchange) -> Response:
        """Answer ``POST /organisations/invite``: ``{organisationId, email}``, and ``role`` if it is not ``member``."""
        session, asked, options = await self.asked(exchange)
        organisation_id, email = text(asked, "organisationId"), text(asked, "email")
        role = text({"role": MEMBER, **asked}, "role")
        return answer(
            await self.apis.invite_post(session, organisation_id, email, role, options, exchange.user_context)
        )

    async def revoke(self, exchange: Exchange) -> Response:
        """Answer ``POST /organisations/invite/revoke``: ``{organisationId, email}``."""
        session, asked, options = await self.asked(exchange)
        organisation_id, email = text(asked, "organisationId"), text(asked, "email")
        return answer(
            await self.apis.revoke_invitation_post(session, organisation_id, email, options, exchange.user_context)
        )

    async def accept(self, exchange: Exchange) -> Response:
        """Answer ``POST /organisations/accept``: ``{token}``."""
        session, asked, options = await self.asked(exchange)
        token = text(asked, "token")
        return answer(await self.apis.accept_invitation_post(session, token, options, exchange.user_context))

    async def asked(self, exchange: Exchange) -> tuple[SessionContainer, dict[str, JSON], APIOptions]:
        """Return the session of a request, what it asks for in its body or query, and what the APIs are handed."""
        request = exchange.request
        session = await self.sessions.require_session(request, user_context=exchange.user_context)
        options = APIOptions(request=request, app_info=self.app_info, recipe_implementation=self.functions)
        sent = request.get_query_params() if request.method() == "GET" else await request.json_object()
        return session, {**sent}, options


def answer(result: Result) -> Response:
    """Return what an API returned as the answer."""
    match result:
        case Result():
            return Response.from_json(result.to_json())
        case _:  # of an override
            raise unexpected(result, "the API")


def text(asked: dict[str, JSON], name: str) -> str:
    """
    Return a text of what a client sent. How long it may be is said by who keeps it.

    Raises:
        authweave.types.BadInputError: it is none.
    """
    value = asked.get(name)
    if not isinstance(value, str):
        raise BadInputError(f"Please provide {name}, as a string")
    return value
