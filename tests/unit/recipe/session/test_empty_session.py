"""Creating no session: ours, and a class as the documents write it."""

import pytest
from typing_extensions import override

from authweave.kernel import UserContext
from authweave.kernel import override as override_function
from authweave.recipe import session
from authweave.recipe.session import EmptySession
from authweave.recipe.session.interfaces import RecipeInterface, SessionContainer
from authweave.recipe.session.recipe_implementation import RecipeImplementation
from authweave.recipe.session.signatures import CreateNewSession
from authweave.recipe.session.store import SESSIONS
from authweave.recipe.session.utils import TokenTransferMethod
from authweave.types import BaseRequest, JSONObject, RecipeUserId
from tests.unit.recipe.session.serving import bench, client_request, run
from tests.unit.recipe.session.test_container import plan_claim


class DocumentsSession(session.SessionContainer):
    """As in the older document: eleven arguments, and an attach that knows no context. The rest is inherited."""

    def __init__(self, recipe_implementation: RecipeInterface[UserContext]) -> None:
        assert isinstance(recipe_implementation, RecipeImplementation)
        super().__init__(recipe_implementation, recipe_implementation.config, "", "", None, "", "", "", {}, None, False)

    @override
    async def attach_to_request_response(  # type: ignore[override]  # pyright: ignore[reportIncompatibleMethodOverride]  the document's
        self, request: BaseRequest, transfer_method: TokenTransferMethod
    ) -> None:
        pass


@override_function(RecipeInterface[UserContext].create_new_session)
async def ours(
    original: CreateNewSession,
    user_id: str,
    recipe_user_id: RecipeUserId,
    access_token_payload: JSONObject | None,
    session_data_in_database: JSONObject | None,
    disable_anti_csrf: bool | None,
    tenant_id: str,
    user_context: UserContext,
) -> SessionContainer:
    """Create no session."""
    return EmptySession()


def seeds(original_implementation: RecipeInterface[UserContext]) -> RecipeInterface[UserContext]:
    """Create no session, as the documents do."""

    async def create_new_session(
        user_id: str,
        recipe_user_id: RecipeUserId,
        access_token_payload: JSONObject | None,
        session_data_in_database: JSONObject | None,
        disable_anti_csrf: bool | None,
        tenant_id: str,
        user_context: UserContext,
    ) -> SessionContainer:
        return DocumentsSession(original_implementation)

    original_implementation.create_new_session = create_new_session
    return original_implementation


CONFIGURATIONS = [
    session.InputOverrideConfig[UserContext](functions=ours),
    session.InputOverrideConfig[UserContext](functions=seeds),
]


@pytest.mark.parametrize("config", CONFIGURATIONS)
@pytest.mark.parametrize("headers", [{}, {"st-auth-mode": "cookie"}, {"authorization": "Bearer x"}])
def test_an_empty_session_leaves_no_trace(
    config: session.InputOverrideConfig[UserContext], headers: dict[str, str]
) -> None:
    """Where an override creates no session, the answer says nothing of sessions and the store keeps none."""
    made, request = bench(session.init(override=config)), client_request("post", "/", headers)
    created = run(
        made.recipe.requests.create_new_session(
            request, user_id="u1", recipe_user_id=RecipeUserId("u1"), tenant_id="public"
        )
    )
    assert request.changes.headers == []
    assert request.session is None
    assert made.storage.part(SESSIONS).session_handles_of_user("u1", None, 0) == ()
    assert (created.get_user_id(), created.get_handle(), created.get_access_token()) == ("", "", "")


@pytest.mark.parametrize("empty", [EmptySession(), EmptySession(bench().functions)])
def test_nothing_done_to_it_has_an_effect(empty: EmptySession) -> None:
    """Every method of an empty session works, says that there is nothing, and changes nothing."""

    async def scenario() -> None:
        request = client_request()
        await empty.revoke_session()
        await empty.update_session_data_in_database({"a": 1})
        await empty.attach_to_request_response(request, "cookie")
        await empty.merge_into_access_token_payload({"a": 1})
        await empty.set_claim_value(plan_claim(), "gold")
        await empty.fetch_and_set_claim(plan_claim())
        await empty.remove_claim(plan_claim())
        await empty.assert_claims([])
        assert await empty.get_session_data_from_database() == {}
        assert (await empty.get_time_created(), await empty.get_expiry()) == (-1, -1)
        assert await empty.get_claim_value(plan_claim()) is None
        assert request.changes.headers == []
        assert request.session is None

    run(scenario())
    assert empty.get_access_token_payload() == {}
    assert (empty.get_tenant_id(), empty.get_recipe_user_id()) == ("", RecipeUserId(""))
    assert empty.get_all_session_tokens_dangerously() == {
        "accessToken": "",
        "accessAndFrontTokenUpdated": False,
        "refreshToken": None,
        "frontToken": "",
        "antiCsrfToken": None,
    }
    assert repr(empty) == "<EmptySession>"
