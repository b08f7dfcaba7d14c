"""Everything that an application answers by itself."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import attrs

from authweave.kernel import UserContext
from authweave.types import PUBLIC_TENANT, BadInputError, BaseRequest, Response

from ._errors import ErrorResponses
from ._exchange import Exchange
from ._routes import Match, RouteTable


@attrs.frozen(eq=False)
class Endpoints:
    """
    What an application answers by itself.

    Attributes:
        routes: which requests.
        errors: how errors are answered, those of its routes and those of sessions in the application's own.
        tenant_exists: returns whether there is a tenant.
    """

    routes: RouteTable
    errors: ErrorResponses
    tenant_exists: Callable[[str], Awaitable[bool]] = attrs.field(repr=False)

    def match(self, request: BaseRequest) -> Match | None:
        """Return the route that answers a request; None leaves the request to the application."""
        return self.routes.match(request)

    async def answer(self, request: BaseRequest, matched: Match, user_context: UserContext) -> Response:
        """
        Answer a request of a client.

        Args:
            request: the request; sessions note in its ``changes`` what they add to the answer.
            matched: what `match` found.
            user_context: that of the request.

        Raises:
            Exception: what is a fault of the program. Whatever a client sends is answered.
        """
        exchange = Exchange(request, matched.tenant_id, user_context)
        try:
            if matched.tenant_id != PUBLIC_TENANT:
                exchange = attrs.evolve(exchange, tenant_id=await self.existing_tenant(matched.tenant_id))
            return await matched.route.answer(exchange)
        except Exception as error:
            response = await self.errors.respond(exchange, error)
            if response is None:
                raise
            return response

    async def answer_error(self, request: BaseRequest, error: Exception, user_context: UserContext) -> Response | None:
        """Return the answer to an error of one of the application's own routes; None for a fault of the program."""
        return await self.errors.respond(Exchange(request, PUBLIC_TENANT, user_context), error)

    async def existing_tenant(self, tenant_id: str) -> str:
        """
        Return the tenant that a path names: one that is written so, or else in lower case.

        Raises:
            authweave.types.BadInputError: there is no such tenant.
        """
        for each in dict.fromkeys((tenant_id, tenant_id.lower())):
            if each == PUBLIC_TENANT or await self.tenant_exists(each):
                return each
        raise BadInputError(f"There is no tenant {tenant_id!r}. Check the tenant in the URL, or create it first.")
