"""Several factors over HTTP: lines 55 to 66 of the accounts contract's checklist."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import permutations, repeat
from typing import Final, cast

import pytest

from authweave.recipe.multifactorauth import MFARequirementList, MultiFactorAuthRecipe
from authweave.recipe.session import SessionRecipe
from authweave.types import JSON

from .factors_app import CONTEXT, LISTS, World, factors, refusal
from .serving import form, set_cookies

INCOMPLETE = {"message": "MFA requirement for auth is not satisfied"}
SHOW_FIRST = {"message": "Completed factors in the session does not satisfy the MFA requirements for auth"}
NOT_NEXT = {"message": "Not allowed to setup factor that is not in the next set of unsatisfied factors"}


@pytest.fixture(scope="module")
def world(database_url: str) -> Iterator[World]:
    """Serve an application that asks for several factors."""
    with factors(database_url) as made:
        yield made


@pytest.fixture(scope="module")
def before(database_url: str, world: World) -> Iterator[World]:
    """Serve it as it was before it did, over the same database."""
    del world
    with factors(database_url, with_factors=False) as made:
        yield made


def test_a_sign_up_says_which_factor_was_shown(world: World) -> None:
    """Line 55: with the time in seconds; nothing is required, so it is complete; no time when it was fetched."""
    answer, _, email = world.sign_up()
    now_s = world.auth.services.clock() // 1000
    assert answer.shown == ["emailpassword"]
    assert set(answer.claim) == {"c", "v"}
    assert answer.claim["v"] is True
    assert now_s - 60 < cast("dict[str, int]", answer.claim["c"])["emailpassword"] <= now_s  # JSON
    assert world.me(answer.session).response.status_code == 200
    assert world.sign_in(email).shown == ["emailpassword"]


def test_a_requirement_of_a_user_reaches_a_session_when_it_asks(world: World) -> None:
    """Line 56: until ``PUT /mfa/info`` the session passes, then not; a new one does not pass at once."""
    signed_up, user_id, email = world.sign_up()
    world.require(user_id, "paper")
    assert world.me(signed_up.session).response.status_code == 200
    info = world.info(signed_up.session)
    assert info.claim["v"] is False
    assert refusal(world.me(info.session)) == INCOMPLETE
    signed_in = world.sign_in(email)
    assert refusal(world.me(signed_in.session)) == INCOMPLETE
    shown = world.mark("paper", signed_in.session)
    assert shown.shown == ["emailpassword", "paper"]
    assert shown.claim["v"] is True
    assert world.me(shown.session).response.status_code == 200


def test_a_requirement_goes(world: World) -> None:
    """What is required no more is not asked for; what is required twice, goes at once."""
    _, user_id, email = world.sign_up()
    for each in ("paper", "own", "paper"):
        world.require(user_id, each)
    functions = world.auth.recipe(MultiFactorAuthRecipe).functions
    required = functions.get_required_secondary_factors_for_user
    assert world.auth.run_blocking(required(user_id, CONTEXT)) == ["paper", "own"]
    for each in ("paper", "own"):
        world.auth.run_blocking(functions.remove_from_required_secondary_factors_for_user(user_id, each, CONTEXT))
    assert world.sign_in(email).claim["v"] is True


def test_a_requirement_of_a_tenant(world: World) -> None:
    """Line 57: it is asked of those who sign in there, beside what is required of the user: one of them will do."""
    world.tenant("strict", required_secondary_factors=["paper", "own"])
    answer, _, _ = world.sign_up(tenant="/strict")
    assert answer.payload["tId"] == "strict"
    assert refusal(world.me(answer.session)) == INCOMPLETE
    assert world.me(world.mark("own", answer.session).session).response.status_code == 200
    elsewhere, _, _ = world.sign_up()
    assert elsewhere.claim["v"] is True


def test_info_where_nothing_is_required(world: World) -> None:
    """Line 58: nothing comes next, and all may be set up; the lists are there, in the order of the recipes."""
    answer, _, email = world.sign_up()
    assert world.info(answer.session).json == {
        "status": "OK",
        "factors": {"next": [], "alreadySetup": ["emailpassword"], "allowedToSetup": ["emailpassword", "paper"]},
        "emails": {"emailpassword": [email]},
        "phoneNumbers": {"paper": []},
    }


def test_info_where_something_is_to_be_set_up(world: World) -> None:
    """Line 58: what comes next may be set up, and nothing else."""
    _, user_id, email = world.sign_up()
    world.require(user_id, "paper")
    assert world.info(world.sign_in(email).session).json["factors"] == {
        "next": ["paper"],
        "alreadySetup": ["emailpassword"],
        "allowedToSetup": ["paper"],
    }


def test_info_where_something_is_to_be_shown(world: World) -> None:
    """Line 58: what comes next was set up, and nothing may be set up before it was shown."""
    _, user_id, email = world.sign_up()
    world.require(user_id, "paper")
    world.holders.add(user_id)
    assert world.info(world.sign_in(email).session).json["factors"] == {
        "next": ["paper"],
        "alreadySetup": ["emailpassword", "paper"],
        "allowedToSetup": [],
    }


def test_info_where_nobody_can_go_on(world: World) -> None:
    """Line 58: a factor that the application does not have is its fault, and the session passes nowhere."""
    _, user_id, email = world.sign_up()
    world.require(user_id, "totp")
    signed_in = world.sign_in(email)
    assert world.info(signed_in.session).response.status_code == 500
    assert refusal(world.me(signed_in.session)) == INCOMPLETE


def test_a_new_token_only_where_something_changes(world: World) -> None:
    """Line 59."""
    answer, user_id, _ = world.sign_up()
    assert not world.info(answer.session).is_changed
    world.require(user_id, "paper")
    changed = world.info(answer.session)
    assert changed.is_changed
    assert not world.info(changed.session).is_changed


def test_a_factor_that_is_no_first_one(world: World) -> None:
    """Line 60: nobody begins with it, and a browser forgets its session; with that of an older frontend it is a 400."""
    world.tenant("papers", first_factors=None)
    half, _, email = world.sign_up(tenant="/papers")
    cookies = {"st-auth-mode": "cookie"}
    assert world.client.post("/auth/papers/signin", json=form(email), headers=cookies).json()["status"] == "OK"
    world.tenant("papers", first_factors=["paper"])
    refused = world.client.post("/auth/papers/signin", json=form(email), headers=cookies)
    world.client.cookies.clear()
    assert refused.status_code == 401
    assert refused.json() == {"message": "unauthorised"}
    cleared = set_cookies(refused)
    assert set(cleared) == {"sAccessToken", "sRefreshToken"}
    assert all("01 Jan 1970" in each for each in cleared.values())
    older = {**half.session, "fdi-version": "3.0"}
    to_be_alone = world.call("POST", "/auth/papers/signup", older, **form("alone@no.example"))
    assert to_be_alone.response.status_code == 400
    assert str(to_be_alone.json["message"]).startswith(
        "First factor sign in/up called for a non-first factor with an active session."
    )


def test_the_first_factors_of_the_application(database_url: str) -> None:
    """Line 60: those of `init` hold where the tenant says none; where it does, its own hold."""
    with factors(database_url, first_factors=["thirdparty"]) as world:
        refused = world.call("POST", "/auth/signup", {}, **form("a@example.com"))
        assert refused.response.status_code == 401
        world.tenant("words", first_factors=["emailpassword"])
        answer, _, _ = world.sign_up(tenant="/words")
        assert answer.shown == ["emailpassword"]
        assert world.client.get("/auth/loginmethods").json()["firstFactors"] == []
        assert world.client.get("/auth/words/loginmethods").json()["firstFactors"] == ["emailpassword"]


def test_what_may_not_be_set_up(world: World) -> None:
    """Line 61: with one of those set up that come next, nothing; else, what comes next alone."""
    _, user_id, email = world.sign_up()
    world.require(user_id, "paper")
    half = world.sign_in(email)
    second = form("second@no.example", shouldTryLinkingWithSessionUser=True)
    another = form(f"x{email}", shouldTryLinkingWithSessionUser=True)
    assert world.call("POST", "/auth/signup", half.session, **second).response.status_code == 400  # not to be linked
    assert refusal(world.call("POST", "/auth/signup", half.session, **another)) == NOT_NEXT
    world.holders.add(user_id)
    assert refusal(world.call("POST", "/auth/signup", half.session, **another)) == SHOW_FIRST
    whole = world.mark("paper", half.session)
    answer = world.call("POST", "/auth/signup", whole.session, **another)
    assert answer.json["status"] == "OK"
    assert len(cast("list[JSON]", cast("dict[str, JSON]", answer.json["user"])["loginMethods"])) == 2  # JSON


def test_the_requirement_of_today_holds_for_setting_up(world: World) -> None:
    """A session that passes still, since it has not asked, sets up nothing that a new one may not."""
    whole, user_id, email = world.sign_up()
    world.require(user_id, "paper")
    world.holders.add(user_id)
    another = form(f"y{email}", shouldTryLinkingWithSessionUser=True)
    assert refusal(world.call("POST", "/auth/signup", whole.session, **another)) == SHOW_FIRST


def test_what_is_linked_already_is_shown_at_any_time(world: World) -> None:
    """Line 62: whatever may be set up; and the session stays the same."""
    whole, user_id, email = world.sign_up()
    other = f"z{email}"
    linked = world.call("POST", "/auth/signup", whole.session, **form(other, shouldTryLinkingWithSessionUser=True))
    assert linked.json["status"] == "OK"
    world.require(user_id, "paper")
    world.holders.add(user_id)
    half = world.sign_in(email)
    shown = world.sign_in(other, half.session, shouldTryLinkingWithSessionUser=True)
    assert shown.json["status"] == "OK"
    assert shown.payload["sessionHandle"] == half.payload["sessionHandle"]
    assert shown.claim["v"] is False


def test_requirements_in_order(world: World) -> None:
    """Line 64: one after the other, by what an override asks for; and what is complete in the end passes."""
    _, user_id, email = world.sign_up()
    world.asked[user_id] = ["own", {"oneOf": ["paper", "card"]}, {"allOfInAnyOrder": ["x", "y", "emailpassword"]}]
    world.holders.add(user_id)
    world.asked[user_id] = asked = cast("MFARequirementList", world.asked[user_id])  # of whatever shape
    now = world.sign_in(email)
    for factor, allowed in (("own", 500), ("card", 200), ("y", 500), ("x", 500)):
        assert refusal(world.me(now.session)) == INCOMPLETE
        info = world.info(now.session)
        assert info.response.status_code == allowed, (factor, asked)
        if allowed == 200:
            assert cast("dict[str, JSON]", info.json["factors"])["next"] == ["paper"]  # JSON
        now = world.mark(factor, now.session)
    assert now.claim["v"] is True
    assert world.me(now.session).response.status_code == 200


OF_ROUTE: Final[list[tuple[MFARequirementList, JSON]]] = [
    ([], None),
    (["emailpassword"], None),
    ([{"oneOf": []}], None),
    ([{"allOfInAnyOrder": []}], None),
    (
        ["own", "paper"],
        {"message": "Factor validation failed: own not completed", "factorId": "own"},
    ),
    (
        [{"oneOf": ["paper", "own"]}, "card"],
        {
            "message": "None of these factors are complete in the session: paper, own",
            "oneOf": ["paper", "own"],
        },
    ),
    (
        [{"oneOf": ["emailpassword", "own"]}, {"allOfInAnyOrder": ["b", "emailpassword", "a"]}],
        {
            "message": "Some of the factors are not complete in the session: b, a",
            "allOfInAnyOrder": ["b", "a"],
        },
    ),
]
"""What a route asks for, and why a session with a password is refused; None: it passes."""


@pytest.mark.parametrize(("asked", "reason"), OF_ROUTE)
def test_a_route_asks_for_a_list(world: World, asked: MFARequirementList, reason: JSON) -> None:
    """Line 64: whatever is asked of the user; the answer says what is missing, as frontends read it."""
    LISTS["public"] = asked
    answer, _, _ = world.sign_up()
    listed = world.call("GET", "/listed", answer.session)
    if reason is None:
        assert listed.response.status_code == 200
    else:
        assert refusal(listed) == reason


def test_the_order_of_a_list_does_not_matter_within(world: World) -> None:
    """Line 64: all of several, in whichever order they are shown."""
    _, user_id, email = world.sign_up()
    world.asked[user_id] = [{"allOfInAnyOrder": ["a", "b", "c"]}]
    for order in permutations("abc"):
        now = world.sign_in(email)
        for factor in order:
            assert now.claim["v"] is False
            now = world.mark(factor, now.session)
        assert now.claim["v"] is True


def test_a_session_of_the_application_s_own(world: World) -> None:
    """Line 65: it says nothing of factors, until it is looked at: then, the first factor of its login method."""
    _, user_id, _ = world.sign_up()
    own = world.call("POST", f"/own/{user_id}", {})
    assert "st-mfa" not in own.payload
    passed = world.me(own.session)
    assert passed.response.status_code == 200
    assert passed.shown == ["emailpassword"]
    world.require(user_id, "paper")
    other = world.call("POST", f"/own/{user_id}", {})
    assert refusal(world.me(other.session)) == INCOMPLETE
    shown = world.mark("paper", other.session)
    assert shown.shown == ["emailpassword", "paper"]
    assert world.me(shown.session).response.status_code == 200


def test_a_session_of_before(world: World, before: World) -> None:
    """Line 65: one that was made before the application asked for several is treated likewise, as from its time."""
    answer, user_id, _ = before.sign_up()
    assert "st-mfa" not in answer.payload
    passed = world.me(answer.session)
    assert passed.shown == ["emailpassword"]
    functions = world.auth.recipe(SessionRecipe).functions
    handle = str(answer.payload["sessionHandle"])
    stored = world.auth.run_blocking(functions.get_session_information(handle, CONTEXT))
    assert stored is not None
    assert cast("dict[str, int]", passed.claim["c"])["emailpassword"] == stored.time_created // 1000  # JSON
    again, user_id, _ = before.sign_up()
    world.require(user_id, "paper")
    assert refusal(world.me(again.session)) == INCOMPLETE
    assert world.refreshed(again).claim["v"] is False


def test_a_session_by_what_is_no_first_factor(world: World) -> None:
    """Line 65: it is refused, and the browser forgets it, also where another factor is shown."""
    world.tenant("cards", first_factors=None)
    _, user_id, _ = world.sign_up(tenant="/cards")
    own = world.call("POST", f"/own/{user_id}?tenant=cards", {})
    world.tenant("cards", first_factors=["card"])
    for answer in (world.me(own.session), world.info(own.session), world.mark("paper", own.session)):
        assert answer.response.status_code == 401
        assert answer.json == {"message": "unauthorised"}


def test_factors_that_are_shown_at_once(world: World) -> None:
    """By one access token; none is asked for again, whoever of them is written last."""
    _, user_id, email = world.sign_up()
    names = [f"factor-{number}" for number in range(6)]
    world.asked[user_id] = [{"allOfInAnyOrder": names}]
    half = world.sign_in(email)
    with ThreadPoolExecutor(len(names)) as threads:
        answers = list(threads.map(world.mark, names, repeat(half.session)))
    assert {each.response.status_code for each in answers} == {200}
    whole = world.refreshed(half)
    assert whole.shown == ["emailpassword", *names]
    assert whole.claim["v"] is True
    assert sum(each.claim["v"] is True for each in answers) == 1  # the one that was last


def test_a_token_without_the_claim_loses_nothing_that_was_shown_since(world: World, before: World) -> None:
    """It has the claim fetched, of a session that has shown more by then."""
    answer, user_id, _ = before.sign_up()
    world.require(user_id, "paper")
    assert world.mark("paper", answer.session).claim["v"] is True
    assert world.me(answer.session).shown == ["emailpassword", "paper"]
    assert world.refreshed(answer).claim["v"] is True


def test_signing_out_half_way(world: World) -> None:
    """Line 66."""
    _, user_id, email = world.sign_up()
    world.require(user_id, "paper")
    half = world.sign_in(email)
    assert world.call("POST", "/auth/signout", half.session).json == {"status": "OK"}
    assert world.refreshed(half).response.status_code == 401
    assert world.mark("paper", half.session).response.status_code == 401


def test_a_refresh_keeps_what_was_shown(world: World) -> None:
    """And nothing that was not: by the refresh token of a session, whatever its access token says."""
    _, user_id, email = world.sign_up()
    world.require(user_id, "paper")
    half = world.sign_in(email)
    refreshed = world.refreshed(half)
    assert refreshed.claim == half.claim
    whole = world.mark("paper", refreshed.session)
    assert whole.claim["v"] is True
    assert world.refreshed(refreshed).claim == whole.claim


def test_without_a_session(world: World) -> None:
    """There is nothing to say."""
    answer = world.info({})
    assert answer.response.status_code == 401
    assert answer.json == {"message": "unauthorised"}
