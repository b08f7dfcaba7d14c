"""The session whose user a new login method is to be linked to (docs/reference/http.md, Linking)."""

from __future__ import annotations

from authweave.recipe.session.interfaces import SessionContainer
from authweave.types import JSONObject

from ._exchange import ContextT, Exchange
from ._fdi import fdi_version, takes_linking_flag
from ._session import no_claim_validators


async def linking_wish(exchange: Exchange[ContextT], body: JSONObject) -> tuple[SessionContainer | None, bool | None]:
    """
    Return the session whose user the new login method is to be linked to, and what the client says of it.

    Newer clients say whether they want it (a session is required if so, and not looked at if not); of older ones the
    session is taken where there is one.
    """
    says = takes_linking_flag(fdi_version(exchange.request))
    wants = body.get("shouldTryLinkingWithSessionUser") is True
    if says and not wants:
        return None, False
    session = await exchange.app.session.requests.get_session(
        exchange.request,
        session_required=says,
        check_database=says,
        override_global_claim_validators=no_claim_validators,
        user_context=exchange.user_context,
    )
    return session, wants if says else None


def tenant_of(session: SessionContainer | None, exchange: Exchange[ContextT]) -> str:
    """Return the tenant of a session where there is one, else that of the path."""
    return exchange.tenant_id if session is None else session.get_tenant_id()
