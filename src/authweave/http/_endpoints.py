"""Everything that an application answers by itself."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import attrs

from authweave.kernel import UserContext
from authweave.types import PUBLIC_TENANT, AppInfo, BadInputError, BaseRequest, Response

from ._accepting import require_accepted
from ._errors import ErrorResponses
from ._exchange import Exchange
from ._hints import log_unmatched, with_hints
from ._overridden import overridden_response
from ._results import unexpected
from ._routes import Match, RouteTable


@attrs.frozen(eq=False)
class Endpoints:
    """
    What an application answers by itself.

    Attributes:
        routes: which requests.
        errors: how errors are answered, those of its routes and those of sessions in the application's own.
        find_tenant: returns the id of a tenant as it was made, in whatever case it is written.
        app_info: whose pages are the application's own.
        choose_tenant: returns the tenant that a request is for, given the one that the path names; None: that one.
        debug: whether answers and the log say what may be wrong with requests.
    """

    routes: RouteTable
    errors: ErrorResponses
    find_tenant: Callable[[str], Awaitable[str | None]] = attrs.field(repr=False)
    app_info: AppInfo = attrs.field(repr=False)
    choose_tenant: Callable[[str, UserContext], Awaitable[str]] | None = attrs.field(default=None, repr=False)
    debug: bool = False

    def match(self, request: BaseRequest) -> Match | None:
        """Return the route that answers a request; None leaves the request to the application."""
        matched = self.routes.match(request)
        if self.debug and matched is None:
            log_unmatched(request, self.routes)
        return matched

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
        exchange = Exchange(request, matched.tenant_id, user_context, matched.parameter)
        try:
            await require_accepted(request, matched.route.reads, self.app_info)
            if (tenant_id := await self.tenant_of(matched, user_context)) != PUBLIC_TENANT:
                tenant_id = await self.existing_tenant(tenant_id)
            if tenant_id != exchange.tenant_id:
                exchange = attrs.evolve(exchange, tenant_id=tenant_id)
            response = await matched.route.answer(exchange)
            if request.has_response:
                response = overridden_response(response, request.take_response())
        except Exception as error:
            refusal = await self.errors.respond(exchange, error)
            if refusal is None:
                raise
            response = refusal
        return with_hints(request, response) if self.debug else response

    def answers(self, error: BaseException) -> bool:
        """Return whether an error of one of the application's own routes is answered."""
        return self.errors.answers(error)

    async def answer_error(self, request: BaseRequest, error: Exception, user_context: UserContext) -> Response | None:
        """Return the answer to an error of one of the application's own routes; None for a fault of the program."""
        response = await self.errors.respond(Exchange(request, PUBLIC_TENANT, user_context), error)
        return with_hints(request, response) if self.debug and response is not None else response

    async def tenant_of(self, matched: Match, user_context: UserContext) -> str:
        """Return the tenant that a request is for, as somebody has written it; it does not matter to every route."""
        if self.choose_tenant is None or not matched.route.has_tenants:
            return matched.tenant_id
        chosen = await self.choose_tenant(matched.tenant_id, user_context)
        if not isinstance(chosen, str):  # pyright: ignore[reportUnnecessaryIsInstance]  an override may return anything
            raise unexpected(chosen, "get_tenant_id")
        return chosen

    async def existing_tenant(self, tenant_id: str) -> str:
        """
        Return the tenant that a path names, in whatever case.

        Raises:
            authweave.types.BadInputError: there is no such tenant.
        """
        if (found := await self.find_tenant(tenant_id)) is not None:
            return found
        raise BadInputError(f"There is no tenant {tenant_id!r}. Check the tenant in the URL, or create it first.")
