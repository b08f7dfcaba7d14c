"""Claims as they stand in a payload, and what their validators say of it."""

from collections.abc import Callable

import pytest

from authweave.kernel import UserContext
from authweave.recipe.session.claims import (
    BooleanClaim,
    ClaimValidationResult,
    PrimitiveArrayClaim,
    PrimitiveClaim,
    SessionClaimValidator,
)
from authweave.recipe.session.exceptions import ProtectedClaimError
from authweave.types import JSON, JSONObject, RecipeUserId
from tests.unit.recipe.session.serving import START_MS, HandClock, run

CLOCK = HandClock()
NOBODY: UserContext = {}


def fixed(value: int | None) -> Callable[[str, RecipeUserId, str, JSONObject, UserContext], int | None]:
    """Return what fetches always the same."""
    return lambda _user, _recipe_user, _tenant, _payload, _context: value


def level(default_max_age_in_sec: int | None = None) -> PrimitiveClaim[int]:
    """Return a claim of a number."""
    return PrimitiveClaim("level", fixed(3), default_max_age_in_sec, clock=CLOCK)


async def fetch_roles(
    _user: str, _recipe_user: RecipeUserId, _tenant: str, _payload: JSONObject, _context: UserContext
) -> list[str]:
    """Fetch what is always the same, as an async function."""
    return ["user"]


ROLES = PrimitiveArrayClaim[str]("roles", fetch_roles, clock=CLOCK)
BANNED = BooleanClaim("banned", lambda _user, _recipe_user, _tenant, _payload, _context: False, clock=CLOCK)


def held(key: str, value: JSON, age_s: float = 0) -> JSONObject:
    """Return a payload with a claim that was fetched a while ago."""
    return {key: {"v": value, "t": START_MS - int(age_s * 1000)}}


def missing(name: str, expected: JSON) -> JSON:
    """Return the reason where there is no value."""
    return {"message": "value does not exist", name: expected, "actualValue": None}


def wrong(name: str, expected: JSON, actual: JSON) -> JSON:
    """Return the reason where there is another value."""
    return {"message": "wrong value", name: expected, "actualValue": actual}


def expired(age_s: float, limit_s: int) -> JSON:
    """Return the reason where the value is too old."""
    return {"message": "expired", "ageInSeconds": age_s, "maxAgeInSeconds": limit_s}


has_3 = level().validators.has_value(3)
has_3_of_10_s = level(60).validators.has_value(3, max_age_in_sec=10)
fresh_3 = level().validators.has_fresh_value(3, max_age_in_sec=10)
by_default = level(10).validators.has_value(3)
at_once = level(60).validators.has_value(3, max_age_in_sec=0)
banned, not_banned = BANNED.validators.is_true(), BANNED.validators.is_false()
admin, no_admin = ROLES.validators.includes("admin"), ROLES.validators.excludes("admin")
both = ROLES.validators.includes_all(["admin", "user"])
either = ROLES.validators.includes_any(["admin", "user"])
neither = ROLES.validators.excludes_all(["admin", "user"])
new_admin = ROLES.validators.includes("admin", max_age_in_seconds=10)

VERDICTS: list[tuple[SessionClaimValidator, JSONObject, JSON]] = [
    (has_3, held("level", 3), None),
    (has_3, held("level", 3, age_s=10**9), None),
    (has_3, held("level", 2), wrong("expectedValue", 3, 2)),
    (has_3, {}, missing("expectedValue", 3)),
    (has_3, {"level": 3}, missing("expectedValue", 3)),
    (has_3, {"level": None}, missing("expectedValue", 3)),
    (has_3, {"level": {"t": START_MS}}, missing("expectedValue", 3)),
    (has_3, {"level": {"v": 3}}, None),
    (level().validators.has_value(1), held("level", True), wrong("expectedValue", 1, True)),
    (has_3_of_10_s, held("level", 3, age_s=10), None),
    (has_3_of_10_s, held("level", 3, age_s=10.001), expired(10.001, 10)),
    (has_3_of_10_s, held("level", 2, age_s=11), expired(11, 10)),
    (has_3_of_10_s, held("level", 2, age_s=9), wrong("expectedValue", 3, 2)),
    (has_3_of_10_s, {}, missing("expectedValue", 3)),
    (has_3_of_10_s, {"level": {"v": 3}}, expired(START_MS / 1000, 10)),
    (has_3_of_10_s, {"level": {"v": 3, "t": "now"}}, expired(START_MS / 1000, 10)),
    (fresh_3, held("level", 3, age_s=10), None),
    (fresh_3, held("level", 3, age_s=11), expired(11, 10)),
    (by_default, held("level", 3, age_s=11), expired(11, 10)),
    (at_once, held("level", 3), None),
    (at_once, held("level", 3, age_s=1), expired(1, 0)),
    (banned, held("banned", True), None),
    (banned, held("banned", False), wrong("expectedValue", True, False)),
    (banned, held("banned", 1), wrong("expectedValue", True, 1)),
    (not_banned, held("banned", False), None),
    (not_banned, held("banned", True), wrong("expectedValue", False, True)),
    (not_banned, {}, missing("expectedValue", False)),
    (admin, held("roles", ["user", "admin"]), None),
    (admin, held("roles", ["user"]), wrong("expectedToInclude", "admin", ["user"])),
    (admin, held("roles", []), wrong("expectedToInclude", "admin", [])),
    (admin, held("roles", "admin"), missing("expectedToInclude", "admin")),
    (admin, {}, missing("expectedToInclude", "admin")),
    (new_admin, held("roles", ["admin"], age_s=10), None),
    (new_admin, held("roles", ["admin"], age_s=11), expired(11, 10)),
    (no_admin, held("roles", ["user"]), None),
    (no_admin, held("roles", ["admin"]), wrong("expectedToNotInclude", "admin", ["admin"])),
    (no_admin, {}, missing("expectedToNotInclude", "admin")),
    (both, held("roles", ["user", "admin", "x"]), None),
    (both, held("roles", ["user"]), wrong("expectedToInclude", ["admin", "user"], ["user"])),
    (both, {}, missing("expectedToInclude", ["admin", "user"])),
    (either, held("roles", ["user"]), None),
    (either, held("roles", ["x"]), wrong("expectedToIncludeAtLeastOneOf", ["admin", "user"], ["x"])),
    (either, {}, missing("expectedToIncludeAtLeastOneOf", ["admin", "user"])),
    (neither, held("roles", ["x"]), None),
    (neither, held("roles", ["x", "user"]), wrong("expectedToNotInclude", ["admin", "user"], ["x", "user"])),
    (neither, {}, missing("expectedToNotInclude", ["admin", "user"])),
]


@pytest.mark.parametrize(("validator", "payload", "reason"), VERDICTS)
def test_verdicts(validator: SessionClaimValidator, payload: JSONObject, reason: JSON) -> None:
    """A validator lets a payload pass, or says exactly why not."""
    assert run(validator.validate(payload, NOBODY)) == ClaimValidationResult(reason is None, reason)


@pytest.mark.parametrize(
    ("validator", "payload", "fetched"),
    [
        (has_3, {}, True),
        (has_3, {"level": 3}, True),
        (has_3, held("level", 2), False),
        (has_3, held("level", 3, age_s=10**9), False),
        (has_3_of_10_s, held("level", 3, age_s=10), False),
        (has_3_of_10_s, held("level", 3, age_s=10.001), True),
        (has_3_of_10_s, {"level": {"v": 3}}, True),
        (by_default, held("level", 3, age_s=11), True),
        (not_banned, {}, True),
        (not_banned, held("banned", True), False),
        (admin, {}, True),
        (admin, held("roles", ["user"]), False),
        (new_admin, held("roles", ["user"], age_s=11), True),
    ],
)
def test_what_is_fetched_anew(validator: SessionClaimValidator, payload: JSONObject, fetched: bool) -> None:
    """A value is fetched anew where it is missing or too old, and not because it is wrong."""
    assert validator.should_refetch(payload, NOBODY) is fetched


@pytest.mark.parametrize(
    ("validator", "name"),
    [
        (has_3, "level"),
        (level().validators.has_value(3, id_="mine"), "mine"),
        (fresh_3, "level-fresh-val"),
        (level().validators.has_fresh_value(3, max_age_in_sec=1, id_="mine"), "mine"),
        (BANNED.validators.is_false(id_="mine"), "mine"),
        (admin, "roles"),
        (ROLES.validators.excludes("admin", id_="mine"), "mine"),
        (ROLES.validators.includes_any(["admin"], id_=""), ""),
    ],
)
def test_ids(validator: SessionClaimValidator, name: str) -> None:
    """A validator is called as was said, else after its claim."""
    assert validator.id == name


def test_a_value_fetched_by_an_async_function() -> None:
    """A claim is built with the time at which that was done."""
    built = run(ROLES.build("u", RecipeUserId("r"), "public", {}, NOBODY))
    assert built == {"roles": {"v": ["user"], "t": START_MS}}
    assert ROLES.get_last_refetch_time(built, NOBODY) == START_MS


def test_no_value() -> None:
    """Where there is no value nothing is built, and the payload has neither value nor time."""
    claim = PrimitiveClaim("level", fixed(None), clock=CLOCK)
    assert run(claim.build("u", RecipeUserId("r"), "public", {"level": 1}, NOBODY)) == {}
    assert claim.get_value_from_payload({}, NOBODY) is None
    assert claim.get_last_refetch_time({}, NOBODY) is None


@pytest.mark.parametrize("key", ["sub", "exp", "sessionHandle", "tId"])
def test_a_protected_name(key: str) -> None:
    """A claim cannot have a name that only the library writes; that is said when it is made."""
    with pytest.raises(ProtectedClaimError, match=key):
        PrimitiveClaim(key, fixed(1))
