"""The session of a request."""

from collections.abc import Callable, Coroutine
from typing import Any, cast

import pytest
from typing_extensions import override

from authweave.kernel import UserContext, use_context
from authweave.recipe.session.claims import ClaimValidationResult
from authweave.recipe.session.config import SessionConfig
from authweave.recipe.session.exceptions import InvalidClaimsError, ProtectedClaimError, UnauthorisedError
from authweave.recipe.session.interfaces import (
    ClaimValidationError,
    SessionClaim,
    SessionClaimValidator,
    SessionContainer,
    SessionOptions,
)
from authweave.recipe.session.recipe_implementation import RecipeImplementation
from authweave.recipe.session.store import SESSIONS
from authweave.recipe.session.types import ReqResInfo
from authweave.types import JSON, JSONObject, RecipeUserId
from tests.unit.recipe.session.serving import (
    DAY_MS,
    HOUR_MS,
    START_MS,
    Bench,
    Client,
    bench,
    client_request,
    front_token_of,
    payload_of,
    run,
)


class PlainClaim(SessionClaim[str]):
    """A claim that stands in the payload as it is."""

    @override
    def add_to_payload_(self, payload: JSONObject, value: str, user_context: UserContext | None = None) -> JSONObject:
        return {**payload, self.key: value}

    @override
    def remove_from_payload_by_merge_(self, payload: JSONObject, user_context: UserContext | None = None) -> JSONObject:
        return {**payload, self.key: None}

    @override
    def remove_from_payload(self, payload: JSONObject, user_context: UserContext | None = None) -> JSONObject:
        return {name: value for name, value in payload.items() if name != self.key}

    @override
    def get_value_from_payload(self, payload: JSONObject, user_context: UserContext | None = None) -> str | None:
        value = payload.get(self.key)
        return value if isinstance(value, str) else None


class Demands(SessionClaimValidator):
    """Lets a session pass whose payload has a value under a key; refetches where there is none."""

    def __init__(self, claim: PlainClaim, value: str, reason: JSON = None) -> None:
        super().__init__(f"{claim.key}-is-{value}", claim=claim)
        self.key, self.value, self.reason = claim.key, value, reason

    @override
    async def validate(self, payload: JSONObject, user_context: UserContext) -> ClaimValidationResult:
        return ClaimValidationResult(payload.get(self.key) == self.value, self.reason)

    @override
    def should_refetch(self, payload: JSONObject, user_context: UserContext) -> bool:
        return self.key not in payload


def plan_claim(value: str | None = "gold") -> PlainClaim:
    """Return a claim whose value is always the same."""
    return PlainClaim("plan", lambda _user, _recipe_user, _tenant, _payload, _context: value)


async def held(made: Bench, client: Client, method: str = "get") -> SessionContainer:
    """Return the session of a request of a client."""
    found = await made.recipe.requests.get_session(client.request(method))
    assert found is not None
    return found


def request_of(container: SessionContainer) -> ReqResInfo:
    """Return the request that a session belongs to."""
    assert container.req_res_info is not None
    return container.req_res_info


class TestMaking:
    def test_the_older_arguments(self) -> None:
        """Eleven arguments make a session of the public tenant whose login method has the user's id."""
        implementation = bench().functions
        config = cast("RecipeImplementation[UserContext]", implementation).config  # as the session was made
        made = SessionContainer(implementation, config, "a", "f", None, "", "h", "u", {"x": 1}, None, False)
        assert (made.get_handle(), made.get_user_id(), made.get_access_token()) == ("h", "u", "a")
        assert (made.get_recipe_user_id(), made.get_tenant_id()) == (RecipeUserId("u"), "public")
        assert made.get_access_token_payload() == {"x": 1}

    def test_the_current_arguments(self) -> None:
        """Thirteen arguments say login method and tenant too."""
        implementation = bench().functions
        config = cast("RecipeImplementation[UserContext]", implementation).config  # as the session was made
        made = SessionContainer(
            implementation, config, "a", "f", None, "", "h", "u", RecipeUserId("r"), {"x": 1}, None, False, "t1"
        )
        assert (made.get_recipe_user_id(), made.get_tenant_id()) == (RecipeUserId("r"), "t1")
        assert made.get_access_token_payload() == {"x": 1}

    @pytest.mark.parametrize("rest", [(), ({},), (RecipeUserId("r"), {}, None, False), ("r", {}, None, False, "t")])
    def test_other_arguments(self, rest: tuple[object, ...]) -> None:
        """Any other arguments are refused with the two lists that are taken."""
        implementation = bench().functions
        config: SessionConfig = cast(
            "RecipeImplementation[UserContext]", implementation
        ).config  # as the session was made
        make = cast("Callable[..., SessionContainer]", SessionContainer)  # as an untyped application would call it
        with pytest.raises(TypeError, match="user_data_in_access_token"):
            make(implementation, config, "a", "f", None, "", "h", "u", *rest)

    def test_no_token_in_a_repr(self) -> None:
        """A session shows its handle and its user, and nothing that opens it."""
        made = bench()
        client = run(made.sign_in(role="admin"))
        shown = repr(run(held(made, client)))
        assert payload_of(client.access_token)["sessionHandle"] in shown
        assert client.access_token not in shown
        assert "admin" not in shown


class TestPayload:
    def test_copies(self) -> None:
        """What one caller does to a payload is seen by nobody else."""
        made = bench()

        async def scenario() -> None:
            client = await made.sign_in()
            first, second = await held(made, client), await held(made, client)
            await first.merge_into_access_token_payload({"roles": ["user"], "deep": {"a": [1]}})
            payload = first.get_access_token_payload()
            cast("list[str]", payload["roles"]).append("admin")  # as it was given
            cast("dict[str, list[int]]", payload["deep"])["a"].append(2)  # as it was given
            payload["sub"] = "somebody else"
            assert first.get_access_token_payload()["roles"] == ["user"]
            assert first.get_access_token_payload()["deep"] == {"a": [1]}
            assert first.get_access_token_payload()["sub"] == "u1"
            assert "roles" not in second.get_access_token_payload()

        run(scenario())

    def test_merging(self) -> None:
        """A merge goes to the store, to the session and to the client, with the same expiry and the date of now."""
        made = bench()

        async def scenario() -> None:
            client = await made.sign_in(a="1", b="2")
            made.clock.now_ms += 7_000
            container = await held(made, client)
            await container.merge_into_access_token_payload({"a": None, "c": 3})
            older = payload_of(client.access_token)
            client.take(request_of(container).request.changes)
            newer = payload_of(client.access_token)
            del older["a"]
            assert newer == {**older, "c": 3, "iat": older["iat"] + 7}
            assert front_token_of(request_of(container).request.changes)["up"] == newer
            assert container.get_access_token_payload() == newer
            assert made.stored(container.get_handle()).payload == {"iss": newer["iss"], "b": "2", "c": 3}
            changed = [text.partition("=")[0] for text in request_of(container).request.changes.get_all("set-cookie")]
            assert changed == ["sAccessToken"]
            assert await held(made, client) is not None

        run(scenario())

    def test_merging_before_attaching(self) -> None:
        """A session that belongs to no request yet brings its new token when it is attached."""
        made = bench()

        async def scenario() -> None:
            client = await made.sign_in()
            container = await made.functions.get_session(client.access_token, None, False, True, False, None, {})
            assert container is not None
            await container.merge_into_access_token_payload({"a": 1})
            request = client_request()
            await container.attach_to_request_response(request, "header")
            assert payload_of(request.changes.get_all("st-access-token")[0])["a"] == 1
            assert request.changes.get_all("st-refresh-token") == []

        run(scenario())

    def test_merging_after_expiry(self) -> None:
        """Where the token has expired meanwhile the store is updated, the session too, and no token is sent."""
        made = bench()

        async def scenario() -> None:
            client = await made.sign_in()
            container = await held(made, client)
            made.clock.now_ms += 2 * HOUR_MS
            await container.merge_into_access_token_payload({"a": 1})
            assert container.get_access_token_payload()["a"] == 1
            assert made.stored(container.get_handle()).payload["a"] == 1
            assert request_of(container).request.changes.headers == []

        run(scenario())

    def test_merging_protected_claims(self) -> None:
        """Claims of the library's cannot be merged."""
        made = bench()

        async def scenario() -> None:
            container = await held(made, await made.sign_in())
            with pytest.raises(ProtectedClaimError, match="sub"):
                await container.merge_into_access_token_payload({"sub": "somebody else"})

        run(scenario())


Call = Callable[[SessionContainer], Coroutine[Any, Any, object]]  # Any: what a coroutine yields is the loop's own

NEED_THE_STORE: list[Call] = [
    lambda container: container.get_session_data_from_database(),
    lambda container: container.update_session_data_in_database({}),
    lambda container: container.get_time_created(),
    lambda container: container.get_expiry(),
    lambda container: container.merge_into_access_token_payload({"a": 1}),
]


class TestTheStore:
    def test_data_and_times(self) -> None:
        """Data, creation and expiry come from the store; data can be replaced."""
        made = bench()

        async def scenario() -> None:
            container = await held(made, await made.sign_in())
            await container.update_session_data_in_database({"k": [1]})
            data = await container.get_session_data_from_database()
            cast("list[int]", data["k"]).append(2)  # as it was given
            assert await container.get_session_data_from_database() == {"k": [1]}
            assert await container.get_time_created() == START_MS
            assert await container.get_expiry() == START_MS + 100 * DAY_MS

        run(scenario())

    @pytest.mark.parametrize("call", NEED_THE_STORE)
    def test_a_session_that_is_gone(self, call: Call) -> None:
        """Whatever needs the store raises, where the session is gone, and the client is to forget its tokens."""
        made = bench()

        async def scenario() -> None:
            container = await held(made, await made.sign_in())
            await made.functions.revoke_session(container.get_handle(), {})
            with pytest.raises(UnauthorisedError) as error:
                await call(container)
            assert error.value.clear_tokens

        run(scenario())

    @pytest.mark.parametrize("mode", ["cookie", "header"])
    def test_revoking(self, mode: str) -> None:
        """Revoking clears the tokens of the method that the session used, and only those."""
        made = bench()

        async def scenario() -> None:
            client = await made.sign_in(client_request("post", "/", {"st-auth-mode": mode}))
            container = await held(made, client)
            await container.revoke_session()
            changes = request_of(container).request.changes
            assert made.storage.part(SESSIONS).find_session(container.get_handle()) is None
            assert changes.get_all("front-token") == ["remove"]
            assert len(changes.get_all("set-cookie")) == (2 if mode == "cookie" else 0)
            assert changes.get_all("st-access-token") == ([""] if mode == "header" else [])

        run(scenario())

    def test_revoking_without_a_request(self) -> None:
        """A session that belongs to no request is revoked all the same."""
        made = bench()

        async def scenario() -> None:
            container = await made.functions.create_new_session(
                "u1", RecipeUserId("r1"), None, None, True, "public", {}
            )
            await container.revoke_session()
            assert made.storage.part(SESSIONS).find_session(container.get_handle()) is None

        run(scenario())


class TestClaims:
    def test_a_claim_of_its_own(self) -> None:
        """A claim can be set, read, fetched and removed."""
        made, claim = bench(), plan_claim()

        async def scenario() -> None:
            container = await held(made, await made.sign_in())
            assert await container.get_claim_value(claim) is None
            await container.set_claim_value(claim, "silver")
            assert await container.get_claim_value(claim) == "silver"
            await container.fetch_and_set_claim(claim)
            assert await container.get_claim_value(claim) == "gold"
            assert claim.remove_from_payload({"plan": "gold", "a": 1}, {}) == {"a": 1}
            await container.remove_claim(claim)
            assert "plan" not in container.get_access_token_payload()

        run(scenario())

    def test_what_a_claim_is_told(self) -> None:
        """Fetching a value is told whose session it is, and the context; it may be async; None adds nothing."""
        made, told = bench(), list[tuple[object, ...]]()

        async def fetch(
            user_id: str, recipe_user_id: RecipeUserId, tenant_id: str, payload: JSONObject, user_context: UserContext
        ) -> str | None:
            told.append((user_id, recipe_user_id, tenant_id, payload.get("role"), user_context))
            return None

        async def scenario() -> None:
            context = UserContext()
            container = await held(made, await made.sign_in(role="admin"))
            with use_context(context):
                await container.fetch_and_set_claim(PlainClaim("plan", fetch))
            assert told == [("u1", RecipeUserId("r1"), "public", "admin", {})]
            assert told[0][-1] is context
            assert "plan" not in container.get_access_token_payload()

        run(scenario())

    def test_all_refusals_in_order(self) -> None:
        """All validators run, after a refetch where one asks for it, and every refusal is told in order."""
        made, claim = bench(), plan_claim()

        async def scenario() -> None:
            container = await held(made, await made.sign_in())
            await container.assert_claims([Demands(claim, "gold")])
            with pytest.raises(InvalidClaimsError) as error:
                await container.assert_claims(
                    [Demands(claim, "a", {"why": 1}), Demands(claim, "gold"), Demands(claim, "b")]
                )
            assert error.value.payload == (
                ClaimValidationError("plan-is-a", {"why": 1}),
                ClaimValidationError("plan-is-b"),
            )
            answer = await made.recipe.answer_error(client_request(), error.value)
            assert answer.status == 403
            assert answer.body == (
                b'{"message":"invalid claim","claimValidationErrors":'
                b'[{"id":"plan-is-a","reason":{"why":1}},{"id":"plan-is-b"}]}'
            )

        run(scenario())

    def test_validators_of_a_request(self) -> None:
        """Validators of one call run before the session is attached: a refusal sends no token, though one was made."""
        made, claim = bench(), plan_claim()

        async def scenario() -> None:
            client = await made.sign_in()
            request = client.request()
            seen: list[tuple[int, SessionContainer]] = []

            async def demand(
                given: object, container: SessionContainer, user_context: UserContext
            ) -> list[SessionClaimValidator]:
                seen.append((len(cast("list[object]", given)), container))  # a list is handed over
                return [Demands(claim, "silver")]

            with pytest.raises(InvalidClaimsError):
                await made.recipe.requests.get_session(request, SessionOptions(override_global_claim_validators=demand))
            assert request.changes.headers == []
            assert request.session is None
            assert made.stored(seen[0][1].get_handle()).payload["plan"] == "gold"
            passed = client.request()
            gold = SessionOptions(
                override_global_claim_validators=lambda _given, _container, _context: [Demands(claim, "gold")]
            )
            await made.recipe.requests.get_session(passed, gold)
            assert seen[0][0] == 0
            assert [text.partition("=")[0] for text in passed.changes.get_all("set-cookie")] == ["sAccessToken"]

        run(scenario())

    def test_nothing_to_refetch(self) -> None:
        """A validator without a claim, or content with what there is, makes no new token."""
        made = bench()

        class Content(SessionClaimValidator):
            @override
            async def validate(self, payload: JSONObject, user_context: UserContext) -> ClaimValidationResult:
                return ClaimValidationResult(is_valid=True)

        async def scenario() -> None:
            container = await held(made, await made.sign_in())
            await container.assert_claims([Content("a"), Content("b", claim=plan_claim())])
            assert request_of(container).request.changes.headers == []

        run(scenario())
