"""Claims and validators that the application gave to `init`, and those that a route has instead."""

from collections.abc import Sequence

import pytest
from typing_extensions import override

from authweave.kernel import UserContext, current_context
from authweave.kernel import override as kernel_override
from authweave.recipe import session
from authweave.recipe.session.claims import (
    BooleanClaim,
    ClaimValidationResult,
    PrimitiveArrayClaim,
    PrimitiveClaim,
    SessionClaimValidator,
)
from authweave.recipe.session.exceptions import InvalidClaimsError
from authweave.recipe.session.interfaces import (
    OverrideClaimValidators,
    RecipeInterface,
    SessionContainer,
    SessionOptions,
)
from authweave.recipe.session.signatures import GetGlobalClaimValidators, ValidateClaims
from authweave.recipe.session.types import ClaimsValidationResult, ClaimValidationError
from authweave.types import ConfigurationError, JSONObject, RecipeUserId
from tests.unit.recipe.session.serving import START_MS, Bench, Client, HandClock, bench, payload_of, run

CLOCK = HandClock()


class Source:
    """Where the values of a claim come from; remembers who asked."""

    def __init__(self, *values: int | None) -> None:
        self.values = list(values)
        self.asked: list[tuple[object, ...]] = []

    async def __call__(
        self, user: str, recipe_user: RecipeUserId, tenant: str, payload: JSONObject, context: UserContext
    ) -> int | None:
        self.asked.append((user, recipe_user, tenant, sorted(payload), context is current_context()))
        return self.values.pop(0)


class Refuses(SessionClaimValidator):
    """Refuses every session, for no reason."""

    @override
    async def validate(self, payload: JSONObject, user_context: UserContext) -> ClaimValidationResult:
        return ClaimValidationResult(is_valid=False)


def level(source: Source, key: str = "level") -> PrimitiveClaim[int]:
    """Return a claim of a number."""
    return PrimitiveClaim(key, source, clock=CLOCK)


def level_of(value: int, at_ms: int = START_MS) -> JSONObject:
    """Return the claim as it stands in a payload."""
    return {"v": value, "t": at_ms}


async def verified(
    made: Bench, client: Client, validators: OverrideClaimValidators | None = None
) -> SessionContainer | None:
    """Verify the session of a client."""
    return await made.recipe.requests.get_session(
        client.request(), SessionOptions(override_global_claim_validators=validators)
    )


def refused(made: Bench, client: Client, validators: OverrideClaimValidators | None = None) -> list[str]:
    """Verify the session of a client, which must be refused; return the ids of the validators."""
    with pytest.raises(InvalidClaimsError) as error:
        run(verified(made, client, validators))
    return [failure.id for failure in error.value.payload]


class TestCreation:
    def test_claims_in_order(self) -> None:
        """Each claim is fetched for the user and the tenant, sees what was there before, and gets into the token."""
        first, second = Source(1), Source(2)
        made = bench(session.init(claims=[level(first, "a"), level(second, "b")]))
        client = run(made.sign_in(plan="gold"))
        payload = payload_of(client.access_token)
        assert (payload["plan"], payload["a"], payload["b"]) == ("gold", level_of(1), level_of(2))
        assert first.asked == [("u1", RecipeUserId("r1"), "public", ["plan"], True)]
        assert second.asked == [("u1", RecipeUserId("r1"), "public", ["a", "plan"], True)]
        assert made.stored(payload["sessionHandle"]).payload["a"] == level_of(1)

    def test_no_value(self) -> None:
        """A claim without a value adds nothing."""
        made = bench(session.init(claims=[level(Source(None))]))
        assert "level" not in payload_of(run(made.sign_in()).access_token)

    def test_two_of_one_key(self) -> None:
        """Two claims of one key are refused at start-up."""
        with pytest.raises(ConfigurationError, match="level"):
            bench(session.init(claims=[level(Source()), level(Source())]))


class TestGlobalValidators:
    def test_every_failure_in_order(self) -> None:
        """All validators run, in order; each refusal is told, with its reason."""
        banned = BooleanClaim("banned", lambda _user, _recipe_user, _tenant, _payload, _context: True, clock=CLOCK)
        made = bench(
            session.init(
                claim_validators=[
                    level(Source(2)).validators.has_value(3),
                    Refuses("first"),
                    banned.validators.is_true(),
                    banned.validators.is_false(id_="not-banned"),
                ]
            )
        )
        client = run(made.sign_in())
        with pytest.raises(InvalidClaimsError) as error:
            run(verified(made, client))
        assert list(error.value.payload) == [
            ClaimValidationError("level", {"message": "wrong value", "expectedValue": 3, "actualValue": 2}),
            ClaimValidationError("first"),
            ClaimValidationError("not-banned", {"message": "wrong value", "expectedValue": False, "actualValue": True}),
        ]

    def test_one_merge_for_all_that_is_fetched(self) -> None:
        """Claims that have to be fetched are stored at once, and the token that tells them goes out once."""
        sources = Source(1), Source(2)
        claims = level(sources[0], "a"), level(sources[1], "b")
        validators = [claims[0].validators.has_value(1), claims[1].validators.has_value(2)]
        made = bench(session.init(claim_validators=validators))
        client = run(made.sign_in())
        request = client.request()
        merges = made.loop.hops
        found = run(made.recipe.requests.get_session(request))
        assert found is not None
        assert made.loop.hops - merges == 1
        payload = payload_of(found.get_access_token())
        assert (payload["a"], payload["b"]) == (level_of(1), level_of(2))
        assert made.stored(found.get_handle()).payload["b"] == level_of(2)
        assert len(request.changes.get_all("front-token")) == 1
        client.take(request.changes)
        assert run(verified(made, client)) is not None
        assert [len(source.asked) for source in sources] == [1, 1]

    def test_what_was_fetched_before_a_refusal(self) -> None:
        """What a refused request fetched is stored, and no token goes out."""
        made = bench(session.init(claim_validators=[level(Source(2)).validators.has_value(3)]))
        client = run(made.sign_in())
        request = client.request()
        with pytest.raises(InvalidClaimsError):
            run(made.recipe.requests.get_session(request))
        assert made.stored(payload_of(client.access_token)["sessionHandle"]).payload["level"] == level_of(2)
        assert request.changes.headers == []
        assert request.session is None

    def test_no_validation_on_refresh(self) -> None:
        """A refresh asks for no claims (docs/reference/http.md, Refreshing)."""
        made = bench(session.init(claim_validators=[Refuses("never")]))
        client = run(made.sign_in())
        assert run(made.recipe.requests.refresh_session(client.refresh())).get_user_id() == "u1"

    def test_the_function_is_overridden(self) -> None:
        """An override adds validators to those of `init`, and knows whose session it is."""
        seen: list[tuple[str, str, str, list[str]]] = []

        @kernel_override(RecipeInterface[UserContext].get_global_claim_validators)
        async def one_more(
            original: GetGlobalClaimValidators,
            tenant_id: str,
            user_id: str,
            recipe_user_id: RecipeUserId,
            claim_validators_added_by_other_recipes: list[SessionClaimValidator],
            user_context: UserContext,
        ) -> list[SessionClaimValidator]:
            ids = [each.id for each in claim_validators_added_by_other_recipes]
            seen.append((tenant_id, user_id, recipe_user_id.get_as_string(), ids))
            usual = await original(
                tenant_id, user_id, recipe_user_id, claim_validators_added_by_other_recipes, user_context
            )
            return [*usual, Refuses("added")]

        made = bench(
            session.init(
                claim_validators=[Refuses("usual")], override=session.InputOverrideConfig(functions=[one_more])
            )
        )
        assert refused(made, run(made.sign_in())) == ["usual", "added"]
        assert seen == [("public", "u1", "r1", ["usual"])]

    def test_validate_claims_is_overridden(self) -> None:
        """The container validates by the composed function."""

        @kernel_override(RecipeInterface[UserContext].validate_claims)
        async def lenient(
            original: ValidateClaims,
            user_id: str,
            recipe_user_id: RecipeUserId,
            access_token_payload: JSONObject,
            claim_validators: list[SessionClaimValidator],
            user_context: UserContext,
        ) -> ClaimsValidationResult:
            return ClaimsValidationResult([], {"lenient": True})

        made = bench(
            session.init(claim_validators=[Refuses("x")], override=session.InputOverrideConfig(functions=[lenient]))
        )
        found = run(verified(made, run(made.sign_in())))
        assert found is not None
        assert found.get_access_token_payload()["lenient"] is True


class TestPerRoute:
    def test_instead_of_the_global_ones(self) -> None:
        """A route is handed the global validators, and what it returns is what runs."""
        made = bench(session.init(claim_validators=[Refuses("global")]))
        client = run(made.sign_in())
        seen: list[tuple[list[str], str, bool]] = []

        def replace(
            validators: Sequence[SessionClaimValidator], found: SessionContainer, context: UserContext
        ) -> Sequence[SessionClaimValidator]:
            ids = [validator.id for validator in validators]
            seen.append((ids, found.get_user_id(), context is current_context()))
            return (Refuses("mine"),)

        async def append(
            validators: list[SessionClaimValidator], _found: SessionContainer, _context: UserContext
        ) -> list[SessionClaimValidator]:
            return [*validators, Refuses("more")]

        assert refused(made, client) == ["global"]
        assert refused(made, client, replace) == ["mine"]
        assert refused(made, client, append) == ["global", "more"]
        assert run(verified(made, client, lambda _validators, _found, _context: ())) is not None
        assert seen == [(["global"], "u1", True)]

    def test_what_a_route_does_to_the_list_stays_there(self) -> None:
        """A route that changes the list it is handed changes it for itself alone."""
        made = bench(session.init(claim_validators=[Refuses("global")]))
        client = run(made.sign_in())

        def drop(
            validators: list[SessionClaimValidator], _found: SessionContainer, _context: UserContext
        ) -> list[SessionClaimValidator]:
            validators.clear()
            return validators

        assert run(verified(made, client, drop)) is not None
        assert refused(made, client) == ["global"]

    def test_a_role_added_meanwhile(self) -> None:
        """Where a claim may be a minute old, a role that was given is seen once the minute has passed."""
        given = [["user"], ["user", "admin"]]
        roles = PrimitiveArrayClaim[str](
            "roles", lambda _user, _recipe_user, _tenant, _payload, _context: given.pop(0), clock=(clock := HandClock())
        )
        made = bench(session.init(claims=[roles]), clock=clock)
        client = run(made.sign_in())

        def admins(
            _validators: list[SessionClaimValidator], _found: SessionContainer, _context: UserContext
        ) -> list[SessionClaimValidator]:
            return [roles.validators.includes("admin", max_age_in_seconds=60)]

        assert refused(made, client, admins) == ["roles"]
        clock.now_ms += 60_001
        assert run(verified(made, client, admins)) is not None
