"""Answers the requests that are ours."""

from __future__ import annotations

from authweave.app import App
from authweave.types import PUBLIC_TENANT, BadInputError, BaseRequest, Response

from ._errors import answer_error
from ._exchange import ContextT, Exchange
from ._routes import Match


async def handle(app: App[ContextT], request: BaseRequest, matched: Match, user_context: ContextT) -> Response:
    """
    Answer a request of a client.

    Args:
        app: the application.
        request: the request; sessions note in its ``changes`` what they add to the answer.
        matched: what `match` found.
        user_context: that of the request.

    Raises:
        Exception: what is a fault of the program. Whatever a client sends is answered.
    """
    exchange = Exchange(app, request, matched.tenant_id, user_context)
    try:
        await require_tenant(exchange)
        return await matched.route.answer(exchange)
    except Exception as error:
        answer = await answer_error(exchange, error)
        if answer is None:
            raise
        return answer


async def require_tenant(exchange: Exchange[ContextT]) -> None:
    """
    Refuse a tenant that does not exist. ``public`` always does.

    Raises:
        authweave.types.BadInputError: there is no such tenant.
    """
    services, tenant_id = exchange.app.services, exchange.tenant_id
    if tenant_id != PUBLIC_TENANT and not await services.off_loop(services.storage.tenant_exists, tenant_id):
        raise BadInputError(f"There is no tenant {tenant_id!r}. Check the tenant in the URL, or create it first.")
