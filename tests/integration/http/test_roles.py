"""Roles and permissions in sessions, over HTTP: what new ones say, what validators answer, when a change is seen."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import attrs
import httpx2
import pytest

from authweave.app import App, init
from authweave.events import SecurityEvent
from authweave.extending import RecipeEntry
from authweave.kernel import UserContext
from authweave.recipe import emailpassword, session, userroles
from authweave.recipe.session import SessionRecipe
from authweave.recipe.session.claims import SessionClaimValidator
from authweave.recipe.session.interfaces import SessionContainer
from authweave.recipe.userroles import (
    GetRolesForUser,
    GetRolesForUserOkResult,
    PermissionClaim,
    UserRoleClaim,
    UserRolesRecipe,
)
from authweave.security import PasswordHasher
from authweave.storage.memory import MemoryStorage
from authweave.types import JSON, InputAppInfo
from tests.integration.frameworks.routes import Route
from tests.integration.frameworks.serving import Framework
from tests.patience import PATIENCE_S

from .serving import bearer, front_token, sign_up

START_MS = 1_795_308_682_123
DAY_MS = 86_400_000
CONTEXT: UserContext = {}
ROLES, PERMISSIONS = UserRoleClaim.validators, PermissionClaim.validators


@attrs.define
class Clock:
    """A clock that is turned by hand."""

    now_ms: int = START_MS

    def __call__(self) -> int:
        return self.now_ms


def guarded(path: str, validators: Sequence[SessionClaimValidator]) -> Route:
    """Return a route that asks for something beside what is asked of all."""

    def with_these(
        usual: Sequence[SessionClaimValidator], _session: SessionContainer, _context: UserContext
    ) -> Sequence[SessionClaimValidator]:
        return [*usual, *validators]

    return Route(path, admit, asked={"override_global_claim_validators": with_these})


async def admit(_session: SessionContainer) -> JSON:
    """Answer whoever passed."""
    return None


async def grow(session: SessionContainer) -> JSON:
    """Fetch a claim."""
    await session.fetch_and_set_claim(UserRoleClaim)
    return None


ADMIN = ROLES.includes("admin")
GUARDS = {
    "/admin": [ADMIN],
    "/reader": [PERMISSIONS.includes("read")],
    "/all": [ROLES.includes_all(["admin", "user"]), PERMISSIONS.includes_all(["read", "write"])],
    "/any": [ROLES.includes_any(["admin", "owner"], None, None)],  # in the documents' order
    "/no-guest": [ROLES.excludes("guest"), PERMISSIONS.excludes("spam")],
    "/none-of": [ROLES.excludes_all(["guest", "banned"])],
    "/fresh-admin": [ROLES.includes("admin", max_age_in_seconds=60, id_="fresh")],
}


@attrs.frozen
class World:
    """An application with its roles, a client, and what has happened."""

    auth: App
    client: httpx2.Client
    clock: Clock
    events: list[SecurityEvent]

    def permit(self, role: str, *permissions: str) -> None:
        """Make sure that there is a role with permissions."""
        create = self.auth.recipe(UserRolesRecipe).functions.create_new_role_or_add_permissions
        self.auth.run_blocking(create(role, list(permissions), CONTEXT))

    def give(self, user_id: str, role: str) -> None:
        """Give a user a role."""
        add = self.auth.recipe(UserRolesRecipe).functions.add_role_to_user
        self.auth.run_blocking(add(user_id, role, "public", CONTEXT))

    def take(self, user_id: str, role: str) -> None:
        """Take a role from a user."""
        remove = self.auth.recipe(UserRolesRecipe).functions.remove_user_role
        self.auth.run_blocking(remove(user_id, role, "public", CONTEXT))

    def get(self, path: str, answer: httpx2.Response) -> httpx2.Response:
        """Call a route with the access token of an answer."""
        return self.client.get(path, headers=bearer(answer))

    def refresh(self, answer: httpx2.Response) -> httpx2.Response:
        """Refresh the session of an answer."""
        refreshed = self.client.post("/auth/session/refresh", headers=bearer(answer, "st-refresh-token"))
        assert refreshed.status_code == 200, refreshed.text
        return refreshed

    def stored(self, answer: httpx2.Response) -> dict[str, JSON]:
        """Return the claims that the store has of the session of an answer."""
        handle = cast("dict[str, str]", front_token(answer)["up"])["sessionHandle"]  # as all sessions have
        functions = self.auth.recipe(SessionRecipe).functions
        found = self.auth.run_blocking(functions.get_session_information(handle, CONTEXT))
        assert found is not None
        return dict(found.custom_claims_in_access_token_payload)


@contextmanager
def world(storage: str | None, *recipes: RecipeEntry, framework: Framework) -> Generator[World]:
    """Serve an application with some recipes; in memory without a URL."""
    clock, events = Clock(), list[SecurityEvent]()
    auth = init(
        InputAppInfo(app_name="Test", api_domain="http://localhost:8000", website_domain="http://localhost:3000"),
        [emailpassword.init(), session.init(), *recipes],
        storage=storage or MemoryStorage(),
        secret=bytes(32),
        passwords=PasswordHasher(memory_kib=8, time_cost=1),
        clock=clock,
        on_event=events.append,
        default=False,
    )
    routes = [*(guarded(*each) for each in GUARDS.items()), Route("/grow", grow, ("POST",))]
    with framework.serving(auth, routes) as address, httpx2.Client(base_url=address, timeout=PATIENCE_S) as client:
        yield World(auth, client, clock, events)
    auth.close()


@pytest.fixture(params=["sqlite", "memory"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> str | None:
    """Return a URL, or None for memory."""
    return f"sqlite:///{tmp_path / 'auth.db'}" if request.param == "sqlite" else None


def values(answer: httpx2.Response) -> dict[str, JSON]:
    """Return the values of both claims in an answer's token, those that there are."""
    payload = cast("dict[str, JSON]", front_token(answer)["up"])  # a dict in every one
    held = {key: cast("dict[str, JSON]", payload[key]) for key in ("st-role", "st-perm") if key in payload}  # likewise
    assert all(isinstance(claim["t"], int) for claim in held.values())
    return {key: claim["v"] for key, claim in held.items()}


def refusals(answer: httpx2.Response) -> JSON:
    """Return what a session that was refused is told."""
    assert answer.status_code == 403
    body = answer.json()
    assert body.pop("message") == "invalid claim"
    (failures,) = body.values()
    return cast("JSON", failures)  # as it was in the answer


def user_of(answer: httpx2.Response) -> str:
    """Return whose session was created."""
    return str(answer.json()["user"]["id"])


@pytest.mark.everywhere
def test_new_sessions_carry_roles_and_permissions(framework: Framework) -> None:
    """Line 40: also where there are none; with several roles each permission once, in order."""
    with world(None, userroles.init(), framework=framework) as made:
        first = sign_up(made.client, "ada@example.com")
        assert values(first) == {"st-role": [], "st-perm": []}
        made.permit("user", "read")
        made.permit("admin", "write", "read")
        for role in ("user", "admin"):
            made.give(user_of(first), role)
        form = {
            "formFields": [{"id": "email", "value": "ada@example.com"}, {"id": "password", "value": "correct horse 1"}]
        }
        again = made.client.post("/auth/signin", json=form, headers={"st-auth-mode": "header"})
        assert values(again) == {"st-role": ["admin", "user"], "st-perm": ["read", "write"]}


@pytest.mark.parametrize("skips_roles", [True, False])
def test_claims_can_be_left_out(skips_roles: bool, framework: Framework) -> None:
    """New sessions lack what is skipped, refreshed ones too; a validator that looks at it has it fetched."""
    recipe = userroles.init(
        skip_adding_roles_to_access_token=skips_roles, skip_adding_permissions_to_access_token=not skips_roles
    )
    with world(None, recipe, framework=framework) as made:
        signed_up = sign_up(made.client, "ada@example.com")
        added: dict[str, JSON] = {"st-perm": []} if skips_roles else {"st-role": []}
        assert values(signed_up) == values(made.refresh(signed_up)) == added
        made.permit("admin", "read")
        made.give(user_of(signed_up), "admin")
        fetched = made.get("/admin" if skips_roles else "/reader", signed_up)
        assert fetched.status_code == 200
        # What a validator has fetched is refreshed from then on, and so is the other.
        made.take(user_of(signed_up), "admin")
        assert values(made.refresh(signed_up)) == {"st-role": [], "st-perm": []}


@pytest.mark.everywhere
def test_what_validators_answer(framework: Framework) -> None:
    """Line 42: a session that has what is asked passes; what another is told, to the letter."""
    with world(None, userroles.init(), framework=framework) as made:
        made.permit("guest", "spam")
        made.permit("admin", "read", "write")
        made.permit("user")
        guest = sign_up(made.client, "guest@example.com")
        made.give(user_of(guest), "guest")
        guest = made.refresh(guest)
        admin = sign_up(made.client, "admin@example.com")
        for role in ("admin", "user"):
            made.give(user_of(admin), role)
        admin = made.refresh(admin)
        for path in GUARDS:
            assert made.get(path, admin).status_code == 200
        actual, permitted = {"actualValue": ["guest"]}, {"actualValue": ["spam"]}
        wrong = {"message": "wrong value"}
        expected: dict[str, list[JSON]] = {
            "/admin": [{"id": "st-role", "reason": {**wrong, "expectedToInclude": "admin", **actual}}],
            "/reader": [{"id": "st-perm", "reason": {**wrong, "expectedToInclude": "read", **permitted}}],
            "/all": [
                {"id": "st-role", "reason": {**wrong, "expectedToInclude": ["admin", "user"], **actual}},
                {"id": "st-perm", "reason": {**wrong, "expectedToInclude": ["read", "write"], **permitted}},
            ],
            "/any": [
                {
                    "id": "st-role",
                    "reason": {**wrong, "expectedToIncludeAtLeastOneOf": ["admin", "owner"], **actual},
                }
            ],
            "/no-guest": [
                {"id": "st-role", "reason": {**wrong, "expectedToNotInclude": "guest", **actual}},
                {"id": "st-perm", "reason": {**wrong, "expectedToNotInclude": "spam", **permitted}},
            ],
            "/none-of": [{"id": "st-role", "reason": {**wrong, "expectedToNotInclude": ["guest", "banned"], **actual}}],
        }
        for path, failures in expected.items():
            assert refusals(made.get(path, guest)) == failures


def test_a_role_that_was_taken_away_is_gone_with_the_next_refresh(storage: str | None, framework: Framework) -> None:
    """And so is what it permitted; that of others stays, and one that was given is there."""
    with world(storage, userroles.init(), framework=framework) as made:
        made.permit("admin", "write")
        made.permit("user", "read")
        answer = sign_up(made.client, "ada@example.com")
        user = user_of(answer)
        made.give(user, "admin")
        # Not before the refresh: the token says what it said.
        assert made.get("/admin", answer).status_code == 403
        answer = made.refresh(answer)
        assert values(answer) == {"st-role": ["admin"], "st-perm": ["write"]}
        assert made.get("/admin", answer).status_code == 200
        made.take(user, "admin")
        made.give(user, "user")
        assert made.get("/admin", answer).status_code == 200
        for _ in range(5):
            made.clock.now_ms += DAY_MS
            answer = made.refresh(answer)
            assert values(answer) == {"st-role": ["user"], "st-perm": ["read"]}
            assert made.stored(answer)["st-role"] == cast("dict[str, JSON]", front_token(answer)["up"])["st-role"]
            assert made.get("/admin", answer).status_code == 403


def test_what_a_role_permits_is_fetched_too(framework: Framework) -> None:
    """Permissions that were taken from a role, and a role that was deleted, are gone with the next refresh."""
    with world(None, userroles.init(), framework=framework) as made:
        made.permit("admin", "read", "write")
        answer = sign_up(made.client, "ada@example.com")
        made.give(user_of(answer), "admin")
        functions = made.auth.recipe(UserRolesRecipe).functions
        made.auth.run_blocking(functions.remove_permissions_from_role("admin", ["write"], CONTEXT))
        answer = made.refresh(answer)
        assert values(answer) == {"st-role": ["admin"], "st-perm": ["read"]}
        made.auth.run_blocking(functions.delete_role("admin", CONTEXT))
        assert values(made.refresh(answer)) == {"st-role": [], "st-perm": []}


def test_as_with_the_reference_claims_stay_as_they_were(framework: Framework) -> None:
    """Line 41, trap 23: one setting away, a change appears with a new session or `fetch_and_set_claim` alone."""
    with world(None, userroles.init(refresh_claims=False), framework=framework) as made:
        made.permit("admin", "write")
        answer = sign_up(made.client, "ada@example.com")
        made.give(user_of(answer), "admin")
        for _ in range(5):
            made.clock.now_ms += DAY_MS
            answer = made.refresh(answer)
            assert values(answer) == {"st-role": [], "st-perm": []}
            assert made.get("/admin", answer).status_code == 403
        grown = made.client.post("/grow", headers=bearer(answer))
        assert values(grown) == {"st-role": ["admin"], "st-perm": []}
        made.take(user_of(sign_up(made.client, "bob@example.com")), "admin")
        assert made.get("/admin", grown).status_code == 200


def test_one_who_changes_a_role_can_see_it_at_once(monkeypatch: pytest.MonkeyPatch, framework: Framework) -> None:
    """By `fetch_and_set_claim` in the request, or by a validator that takes no old value, once it is too old."""
    now_ms = [START_MS]
    monkeypatch.setattr(UserRoleClaim, "clock", lambda: now_ms[0])
    with world(None, userroles.init(), framework=framework) as made:
        made.permit("admin", "write")
        answer = sign_up(made.client, "ada@example.com")
        made.give(user_of(answer), "admin")
        assert values(made.client.post("/grow", headers=bearer(answer)))["st-role"] == ["admin"]
        made.take(user_of(answer), "admin")
        now_ms[0] += 60_001
        refused = made.get("/fresh-admin", answer)
        assert refusals(refused) == [
            {"id": "fresh", "reason": {"message": "wrong value", "expectedToInclude": "admin", "actualValue": []}}
        ]
        assert cast("dict[str, JSON]", made.stored(answer)["st-role"])["v"] == []


def test_a_session_from_before_the_recipe_gets_the_claims(tmp_path: Path, framework: Framework) -> None:
    """With its refresh, or when a validator looks; without the recipe a route that asks for roles lets nobody in."""
    url = f"sqlite:///{tmp_path / 'auth.db'}"
    with world(url, framework=framework) as made:
        old = sign_up(made.client, "ada@example.com")
        assert values(old) == {}
        assert made.get("/admin", old).status_code == 500
    with world(url, userroles.init(), framework=framework) as made:
        made.permit("admin", "write")
        made.give(user_of(old), "admin")
        looked_at = made.get("/admin", old)
        assert (looked_at.status_code, values(looked_at)) == (200, {"st-role": ["admin"]})
        new = made.refresh(old)
        assert values(new) == {"st-role": ["admin"], "st-perm": ["write"]}
    with world(url, framework=framework) as made:
        # The claim is still in the token, and nobody would fetch it again: it opens nothing.
        assert values(made.refresh(new))["st-role"] == ["admin"]
        assert made.get("/admin", new).status_code == 500


def test_claims_are_those_of_the_application_whose_session_it_is(tmp_path: Path, framework: Framework) -> None:
    """Though another is the default of the process, and has the same user with other roles."""
    with world(
        f"sqlite:///{tmp_path / 'staff.db'}",
        userroles.init(skip_adding_roles_to_access_token=True),
        framework=framework,
    ) as staff:
        customers = init(
            InputAppInfo(app_name="Shop", api_domain="http://localhost:8000", website_domain="http://localhost:3000"),
            [session.init(), userroles.init()],
            storage=MemoryStorage(),
            secret=bytes(32),
        )
        answer = sign_up(staff.client, "ada@example.com")
        functions = customers.recipe(UserRolesRecipe).functions
        customers.run_blocking(functions.create_new_role_or_add_permissions("admin", ["write"], CONTEXT))
        customers.run_blocking(functions.add_role_to_user(user_of(answer), "admin", "public", CONTEXT))
        assert made_of(staff.get("/admin", answer)) == []
        assert values(staff.client.post("/grow", headers=bearer(answer)))["st-role"] == []
        customers.close()


def made_of(answer: httpx2.Response) -> JSON:
    """Return the roles that a refused session has."""
    (refused,) = cast("list[dict[str, dict[str, JSON]]]", refusals(answer))  # as http.md has it
    return refused["reason"]["actualValue"]


def test_claims_are_made_by_overridden_functions(framework: Framework) -> None:
    """What an override of `get_roles_for_user` adds is in new sessions and in refreshed ones."""

    @GetRolesForUser.override
    async def everybody_is_a_user(call: GetRolesForUser) -> GetRolesForUserOkResult:
        return GetRolesForUserOkResult(["user", *(await call.original()).roles])

    recipe = userroles.init(override=userroles.InputOverrideConfig(functions=everybody_is_a_user))
    with world(None, recipe, framework=framework) as made:
        made.permit("user", "read")
        answer = sign_up(made.client, "ada@example.com")
        assert values(answer) == values(made.refresh(answer)) == {"st-role": ["user"], "st-perm": ["read"]}


def test_a_refresh_whose_claims_cannot_be_fetched_can_be_tried_again(framework: Framework) -> None:
    """Nothing is lost: the same refresh token still works, and then says what is so."""
    fails = [False]

    @GetRolesForUser.before
    async def breaks(call: GetRolesForUser) -> None:
        if fails[0]:
            raise ConnectionError(call.user_id)

    with world(
        None, userroles.init(override=userroles.InputOverrideConfig(functions=breaks)), framework=framework
    ) as made:
        answer = sign_up(made.client, "ada@example.com")
        fails[0] = True
        refused = made.client.post("/auth/session/refresh", headers=bearer(answer, "st-refresh-token"))
        assert refused.status_code == 500
        assert "st-access-token" not in refused.headers
        fails[0] = False
        made.permit("admin", "write")
        made.give(user_of(answer), "admin")
        assert values(made.refresh(answer))["st-role"] == ["admin"]


def test_changes_are_told_as_events(framework: Framework) -> None:
    """Each that changed something, once: of the user and tenant, or of a role and nobody."""
    with world(None, userroles.init(), framework=framework) as made:
        for _ in range(2):
            made.permit("admin", "write")
            made.give("user-1", "admin")
        functions = made.auth.recipe(UserRolesRecipe).functions
        for _ in range(2):
            made.auth.run_blocking(functions.remove_permissions_from_role("admin", ["write"], CONTEXT))
            made.take("user-1", "admin")
            made.auth.run_blocking(functions.delete_role("admin", CONTEXT))
        told = [
            (each.details["change"], each.details["role"], each.user_id, each.tenant_id)
            for each in made.events
            if each.kind == "roles_changed"
        ]
        assert told == [
            ("created", "admin", None, None),
            ("permissions_added", "admin", None, None),
            ("added", "admin", "user-1", "public"),
            ("permissions_removed", "admin", None, None),
            ("removed", "admin", "user-1", "public"),
            ("deleted", "admin", None, None),
        ]


def test_roles_are_a_tenants(tmp_path: Path, framework: Framework) -> None:
    """A session of another tenant does not have them."""
    with world(f"sqlite:///{tmp_path / 'auth.db'}", userroles.init(), framework=framework) as made:
        made.auth.services.storage.create_tenant("t1")
        made.permit("admin", "write")
        form = {
            "formFields": [{"id": "email", "value": "ada@example.com"}, {"id": "password", "value": "correct horse 1"}]
        }
        answer = made.client.post("/auth/t1/signup", json=form, headers={"st-auth-mode": "header"})
        made.give(user_of(answer), "admin")
        assert values(made.refresh(answer)) == {"st-role": [], "st-perm": []}
        add = made.auth.recipe(UserRolesRecipe).functions.add_role_to_user
        made.auth.run_blocking(add(user_of(answer), "admin", "t1", CONTEXT))
        assert values(made.refresh(answer)) == {"st-role": ["admin"], "st-perm": ["write"]}
