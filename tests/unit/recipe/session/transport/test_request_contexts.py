"""The user context of the sessions of requests."""

from __future__ import annotations

from collections.abc import Coroutine

import pytest

from authweave.kernel import UserContext, current_context
from authweave.recipe import session
from authweave.recipe.session.types import AnyTransferMethod, TokenTransferMethod
from authweave.types import BaseRequest, RecipeUserId
from tests.unit.recipe.session.serving import bench, client_request, run


@pytest.mark.parametrize("given", [{}, None])
def test_one_context_for_all_that_is_called(given: UserContext | None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Callbacks and sessions find as the current context the one that was handed over, or one new one."""
    seen: list[UserContext] = []
    attach = session.SessionContainer.attach_to_request_response

    async def watch(held: session.SessionContainer, request: BaseRequest, method: TokenTransferMethod) -> None:
        seen.append(current_context())
        await attach(held, request, method)

    def by_cookie(_request: BaseRequest, _for_create: bool, user_context: UserContext) -> AnyTransferMethod:
        seen.extend((user_context, current_context()))
        return "cookie"

    made = bench(session.init(get_token_transfer_method=by_cookie))
    sessions, client, who = made.recipe.requests, run(made.sign_in()), RecipeUserId("u")
    monkeypatch.setattr(session.SessionContainer, "attach_to_request_response", watch)
    calls: list[Coroutine[None, None, object]] = [
        sessions.create_new_session(
            client_request(), user_id="u", recipe_user_id=who, tenant_id="public", user_context=given
        ),
        sessions.get_session(client.request(), user_context=given),
        sessions.refresh_session(client.refresh(), user_context=given),
    ]
    for call in calls:
        seen.clear()
        run(call)
        assert {id(each) for each in seen} == {id(seen[0] if given is None else given)}
        assert len(seen) == 3
