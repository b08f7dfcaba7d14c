"""Several factors where somebody looks for a way around them, or an application says what cannot be."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Final, cast

import pytest

from authweave.app import App, set_default_app
from authweave.errors import FactorConfigurationError
from authweave.recipe.accountlinking import AccountLinkingRecipe
from authweave.recipe.multifactorauth import MultiFactorAuthRecipe, syncio
from authweave.recipe.multitenancy import MultitenancyRecipe
from authweave.recipe.session import SessionRecipe
from authweave.recipe.session.exceptions import InvalidClaimsError
from authweave.recipe.session.interfaces import SessionContent, no_claim_validators
from authweave.recipe.session.syncio import get_session_without_request_response
from authweave.recipe.usermetadata import UserMetadataRecipe
from authweave.types import JSON, BadInputError, RecipeUserId

from .factors_app import CONTEXT, World, factors, refusal
from .serving import HEADERS, form
from .test_second_factors import INCOMPLETE, NOT_NEXT, SHOW_FIRST


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Serve an application that asks for several factors."""
    with factors(f"sqlite:///{tmp_path_factory.mktemp('factors') / 'auth.db'}") as made:
        yield made


def keep(app: App, user_id: str, own: JSON) -> None:
    """Write into the metadata of a user what is the library's."""
    update = app.recipe(UserMetadataRecipe).functions.update_user_metadata
    app.run_blocking(update(user_id, {"_supertokens": own}, CONTEXT))


@pytest.mark.parametrize(
    "asked", [None, "paper", [{"onOf": ["paper"]}], [{"oneOf": "paper"}], [None], [{"oneOf": [], "x": []}], 7]
)
def test_an_override_that_asks_for_nonsense_lets_nobody_through(world: World, asked: object) -> None:
    """It is the application's fault, and nobody's way in: neither for a new session, nor for one that asks."""
    before, user_id, email = world.sign_up()
    own = world.call("POST", f"/own/{user_id}", {})
    world.asked[user_id] = asked
    signed_in = world.sign_in(email)
    assert signed_in.response.status_code == 500
    assert "st-access-token" not in signed_in.response.headers
    assert world.me(own.session).response.status_code == 500
    assert world.info(before.session).response.status_code == 500
    assert world.mark("paper", before.session).response.status_code == 500


@pytest.mark.parametrize("own", ["x", [], {"requiredSecondaryFactors": "paper"}, {"requiredSecondaryFactors": [7]}])
def test_metadata_that_say_nonsense(world: World, own: JSON) -> None:
    """What is the library's of them, nobody else writes; and nobody gets past what cannot be understood."""
    _, user_id, email = world.sign_up()
    keep(world.auth, user_id, own)
    assert world.sign_in(email).response.status_code == 500
    functions = world.auth.recipe(MultiFactorAuthRecipe).functions
    with pytest.raises(FactorConfigurationError):
        world.auth.run_blocking(functions.add_to_required_secondary_factors_for_user(user_id, "paper", CONTEXT))


def test_what_else_is_the_library_s_stays(world: World) -> None:
    """Also what nobody here knows; and the application's own."""
    _, user_id, _ = world.sign_up()
    functions = world.auth.recipe(UserMetadataRecipe).functions
    world.auth.run_blocking(functions.update_user_metadata(user_id, {"mine": 1}, CONTEXT))
    keep(world.auth, user_id, {"other": [1]})
    world.require(user_id, "paper")
    held = world.auth.run_blocking(functions.get_user_metadata(user_id, CONTEXT)).metadata
    assert held == {"mine": 1, "_supertokens": {"other": [1], "requiredSecondaryFactors": ["paper"]}}


def test_two_who_require_at_once(world: World) -> None:
    """Neither is lost."""
    _, user_id, _ = world.sign_up()
    names = [f"factor-{number}" for number in range(8)]
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(partial(world.require, user_id), names))
    functions = world.auth.recipe(MultiFactorAuthRecipe).functions
    required = world.auth.run_blocking(functions.get_required_secondary_factors_for_user(user_id, CONTEXT))
    assert sorted(required) == names


def test_a_requirement_of_a_login_method_is_its_user_s(world: World) -> None:
    """By the id of a login method that is linked, it is asked of the user; whichever he signs in with."""
    whole, user_id, email = world.sign_up()
    other = f"w{email}"
    linked = world.call("POST", "/auth/signup", whole.session, **form(other, shouldTryLinkingWithSessionUser=True))
    user = world.auth.services.storage.find_user(user_id)
    assert user is not None
    assert linked.json["status"] == "OK"
    world.require(user.login_methods[1].recipe_user_id.get_as_string(), "paper")
    for each in (email, other):
        assert refusal(world.me(world.sign_in(each).session)) == INCOMPLETE


def test_the_session_of_another_user(world: World) -> None:
    """Somebody else's account, shown as a second factor, is neither linked nor marked."""
    _, victim, of_victim = world.sign_up()
    world.require(victim, "paper")
    _, attacker, of_attacker = world.sign_up()
    half = world.sign_in(of_victim)
    refused = world.sign_in(of_attacker, half.session, shouldTryLinkingWithSessionUser=True)
    assert refusal(refused) == NOT_NEXT
    assert not refused.is_changed
    storage = world.auth.services.storage
    assert [len(user.login_methods) for user in map(storage.find_user, (victim, attacker)) if user is not None] == [
        1,
        1,
    ]
    whole = world.mark("paper", half.session)
    refused = world.sign_in(of_attacker, whole.session, shouldTryLinkingWithSessionUser=True)
    assert refused.json["status"] == "SIGN_IN_NOT_ALLOWED"
    assert not refused.is_changed


def test_an_older_token_loses_nothing_that_was_shown_since(world: World) -> None:
    """Nor does ``PUT /mfa/info`` with it, where more is asked for than it says."""
    _, user_id, email = world.sign_up()
    world.asked[user_id] = [{"allOfInAnyOrder": ["a", "b"]}]
    half = world.sign_in(email)
    for factor in "ab":
        world.mark(factor, half.session)
    assert world.refreshed(half).claim["v"] is True
    world.asked[user_id] = []
    former = world.sign_in(email)
    world.asked[user_id] = ["paper"]
    world.holders.add(user_id)
    world.mark("paper", former.session)
    assert world.info(former.session).shown == ["emailpassword", "paper"]


def test_an_older_token_brings_nothing_back(world: World) -> None:
    """What the application takes out of a session by its handle has to be shown again, whatever a token says."""
    _, user_id, email = world.sign_up()
    world.require(user_id, "paper")
    half = world.sign_in(email)
    whole = world.mark("paper", half.session)
    functions = world.auth.recipe(SessionRecipe).functions
    remove = functions.merge_into_access_token_payload
    assert world.auth.run_blocking(remove(str(whole.payload["sessionHandle"]), {"st-mfa": None}, CONTEXT))
    again = world.mark("other", whole.session)
    assert again.shown == ["emailpassword", "other"]
    assert refusal(world.me(again.session)) == INCOMPLETE
    assert world.refreshed(half).claim["v"] is False


def test_a_first_factor_again_is_no_second_one(world: World) -> None:
    """With the flag or without, with the session or another, a password is a password."""
    _, user_id, email = world.sign_up()
    world.require(user_id, "paper")
    half = world.sign_in(email)
    for older in ({}, {"fdi-version": "3.0"}):
        for more in ({}, {"shouldTryLinkingWithSessionUser": True}, {"shouldTryLinkingWithSessionUser": False}):
            again = world.sign_in(email, {**half.session, **older}, **more)
            assert again.json["status"] == "OK"
            assert again.shown == ["emailpassword"]
            assert refusal(world.me(again.session)) == INCOMPLETE


def test_a_half_finished_session_changes_nothing_of_the_user(world: World) -> None:
    """With a factor that the user has, nothing is linked by it, however it is asked for."""
    _, user_id, email = world.sign_up()
    world.require(user_id, "paper")
    world.holders.add(user_id)
    half = world.sign_in(email)
    for older in ({}, {"fdi-version": "3.0"}):
        sent = {**half.session, **older}
        answer = world.call("POST", "/auth/signup", sent, **form(f"v{email}", shouldTryLinkingWithSessionUser=True))
        assert refusal(answer) == SHOW_FIRST
    user = world.auth.services.storage.find_user(user_id)
    assert user is not None
    assert len(user.login_methods) == 1


def test_an_older_frontend_without_a_callback(tmp_path: str) -> None:
    """A further factor would be linked to the session's user, and nothing says whom to link: 400, and no new user."""
    with factors(f"sqlite:///{tmp_path}/auth.db", has_callback=False) as world:
        answer, _, _ = world.sign_up()
        refused = world.call("POST", "/auth/signup", {**answer.session, "fdi-version": "3.0"}, **form("b@example.com"))
        assert refused.response.status_code == 400
        assert "accountlinking.init(should_do_automatic_account_linking=...)" in str(refused.json["message"])
        flagged = world.call(
            "POST", "/auth/signup", answer.session, **form("c@x.org", shouldTryLinkingWithSessionUser=True)
        )
        assert flagged.response.status_code == 400
        assert world.call("POST", "/auth/signup", answer.session, **form("b@example.com")).json["status"] == "OK"


def gone(answer_of: World, session: dict[str, str]) -> None:
    """Look that a session is refused, and that its client forgets it."""
    for answer in (answer_of.info(session), answer_of.mark("paper", session)):
        assert answer.response.status_code == 401
        assert answer.json == {"message": "unauthorised"}
        assert front_token_is_removed(answer.response.headers)


def front_token_is_removed(headers: object) -> bool:
    """Return whether an answer has the client forget its session."""
    return cast("dict[str, str]", headers)["front-token"] == "remove"  # or KeyError


def test_a_user_who_is_gone(world: World) -> None:
    """Deleted or disabled: the access token lives on, and is good for nothing here."""
    deleted, user_id, _ = world.sign_up()
    world.auth.run_blocking(world.auth.users.delete_user(user_id))
    gone(world, deleted.session)
    disabled, user_id, _ = world.sign_up()
    world.auth.run_blocking(world.auth.users.disable_user(user_id))
    gone(world, disabled.session)


def test_a_tenant_that_is_gone(world: World) -> None:
    """Likewise."""
    world.tenant("short-lived", first_factors=None)
    answer, _, _ = world.sign_up(tenant="/short-lived")
    functions = world.auth.recipe(MultitenancyRecipe).functions
    world.auth.run_blocking(functions.delete_tenant("short-lived", CONTEXT))
    gone(world, answer.session)


def test_a_login_method_that_is_the_user_s_no_more(world: World) -> None:
    """Unlinked, it is a user of its own: the session of before says whose it was."""
    whole, user_id, email = world.sign_up()
    other = f"u{email}"
    world.call("POST", "/auth/signup", whole.session, **form(other, shouldTryLinkingWithSessionUser=True))
    signed_in = world.sign_in(other)
    assert signed_in.payload["sub"] == user_id
    login_id = RecipeUserId(str(signed_in.payload["rsub"]))
    unlink = world.auth.recipe(AccountLinkingRecipe).functions.unlink_account
    world.auth.run_blocking(unlink(login_id, CONTEXT))
    gone(world, signed_in.session)


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (b"", None),
        (b"{}", "application/json"),
        (b"null", "application/json"),
        (b"[[[[", "application/json"),
        (b"\xff\x00", "text/plain"),
        (json.dumps({"st-mfa": {"c": {"paper": 1}, "v": True}}).encode(), "application/json"),
    ],
)
def test_what_is_sent_does_not_matter(world: World, content: bytes, content_type: str | None) -> None:
    """``PUT /mfa/info`` reads no body."""
    answer, _, _ = world.sign_up()
    headers = {**HEADERS, **answer.session, **({} if content_type is None else {"content-type": content_type})}
    found = world.client.put("/auth/mfa/info", content=content, headers=headers)
    assert found.status_code == 200
    assert found.json()["status"] == "OK"


@pytest.mark.parametrize("factor", ["x" * 101, "%00", "%ED%A0%80"])
def test_an_id_that_no_factor_has(world: World, factor: str) -> None:
    """Whoever marks a factor by what a client names is told: 400, and the session stays as it is."""
    answer, _, _ = world.sign_up()
    marked = world.mark(factor, answer.session)
    assert marked.response.status_code in {200, 400}  # half of a surrogate pair is another character by then
    assert marked.response.status_code == 200 or not marked.is_changed


def test_the_functions(world: World) -> None:
    """Each by its public name, without a loop."""
    _, user_id, email = world.sign_up()
    set_default_app(world.auth)
    try:
        syncio.add_to_required_secondary_factors_for_user(user_id, "paper")
        assert syncio.get_required_secondary_factors_for_user(user_id) == ["paper"]
        assert syncio.get_factors_setup_for_user(user_id) == ["emailpassword"]
        token = world.sign_in(email).response.headers["st-access-token"]
        session = get_session_without_request_response(token, override_global_claim_validators=no_claim_validators)
        assert session is not None
        assert syncio.get_mfa_requirements_for_auth(session) == [{"oneOf": ["paper"]}]
        syncio.assert_allowed_to_setup_factor_else_throw_invalid_claim_error(session, "paper")
        with pytest.raises(InvalidClaimsError):
            syncio.assert_allowed_to_setup_factor_else_throw_invalid_claim_error(session, "other")
        syncio.mark_factor_as_complete_in_session(session, "paper")
        syncio.assert_allowed_to_setup_factor_else_throw_invalid_claim_error(session, "other")
        syncio.remove_from_required_secondary_factors_for_user(user_id, "paper")
        assert syncio.get_required_secondary_factors_for_user(user_id) == []
        with pytest.raises(BadInputError, match="There is no user 'nobody'"):
            syncio.get_factors_setup_for_user("nobody")
        with pytest.raises(BadInputError, match="factor_id"):
            syncio.add_to_required_secondary_factors_for_user(user_id, "")
    finally:
        set_default_app(None)


NONSENSE: Final[list[JSON]] = [
    True,
    "x",
    {"c": ["paper"], "v": True},
    {"v": True},
    {"c": {"paper": 1}, "v": "true"},
]
"""What no claim is."""


def test_a_claim_of_the_application_s_own_making(world: World) -> None:
    """Nonsense in the place of the claim is none: what was shown is found out anew."""
    _, user_id, _ = world.sign_up()
    world.require(user_id, "paper")
    create = world.auth.recipe(SessionRecipe).functions.create_new_session
    for nonsense in NONSENSE:
        payload: dict[str, JSON] = {"st-mfa": nonsense}
        content = SessionContent(access_token_payload=payload)
        made = world.auth.run_blocking(
            create(user_id, RecipeUserId(user_id), content.access_token_payload, None, True, "public", CONTEXT)
        )
        assert refusal(world.me({"authorization": f"Bearer {made.get_access_token()}"})) == INCOMPLETE
