"""What each API answers of linking, every combination of the rules: the columns of the accounts contract, 2.6."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from itertools import product
from typing import Final

import pytest

from authweave.recipe.accountlinking.rules import (
    AUTH_TYPE,
    IS_SIGN_IN_ALLOWED,
    IS_SIGN_UP_ALLOWED,
    LINK_TO_SESSION_USER,
    LookUpNow,
    Value,
)
from authweave.recipe.accountlinking.signing_in_texts import CODES, Refusal, SignInAPI, refusal

NO, LINK, VER = "no", "link", "link if verified"

CONTRACT: Final[Mapping[SignInAPI, Mapping[str, str]]] = {
    "emailpassword sign in": {"verify": "009", "elsewhere": "010", "taken": "011", "session": "012", "allowed": "008"},
    "emailpassword sign up": {"verify": "013", "elsewhere": "014", "taken": "015", "session": "016", "allowed": "007"},
    "thirdparty": {"verify": "020", "elsewhere": "021", "taken": "022", "session": "023", "up": "006", "in": "004"},
    "passwordless": {"elsewhere": "017", "taken": "018", "session": "019", "up": "002", "in": "003"},
    "webauthn sign up": {"verify": "026", "elsewhere": "027", "taken": "028", "session": "029", "allowed": "025"},
    "webauthn sign in": {"verify": "031", "elsewhere": "032", "taken": "033", "session": "034", "allowed": "030"},
}
"""The rows of 2.6, as it has them; ``allowed`` is that of the API which does only one of the two."""

SUPPORT: Final = "Please contact support."
OTHER: Final = "Please try a different login method or contact support."
TEXTS: Final[Mapping[str, str]] = {
    "004": f"Cannot sign in / up due to security reasons. {OTHER}",
    "007": "Cannot sign up due to security reasons. Please try logging in, use a different login method or contact "
    "support.",
    "008": "Cannot sign in due to security reasons. Please try resetting your password, use a different login method "
    "or contact support.",
    "030": "Cannot sign in due to security reasons. Please try recovering your account, use a different login method "
    "or contact support.",
}
TEXT_OF: Final = {"002": "004", "003": "004", "006": "004", "025": "007"} | {each: each for each in TEXTS}

IS_NEW: Final[Mapping[SignInAPI, tuple[bool, ...]]] = {
    "emailpassword sign in": (False,),
    "emailpassword sign up": (True,),
    "thirdparty": (True, False),
    "passwordless": (True, False),
    "webauthn sign up": (True,),
    "webauthn sign in": (False,),
}


def combinations(api: SignInAPI) -> Iterator[dict[str, Value]]:
    """Return what there may be with a session, and a client that asks for linking."""
    verifies = (True,) if api == "passwordless" else (False, True) if api == "thirdparty" else (False,)
    for_all: dict[str, tuple[Value, ...]] = {
        "session_user": ("a primary user", "no primary user"),
        "callback_of_session_user": (NO, LINK, VER),
        "holder_is_verified": (False, True),
        "made_primary": ("made", "taken"),
        "callback": (NO, LINK, VER),
        "users": ("nobody", "no primary user", "a primary user"),
        "others_are_verified": (False, True),
        "is_of_session": (False, True),
        "primary_is_verified": (False, True),
        "is_new": IS_NEW[api],
        "sign_in_verifies": verifies,
        "is_verified": (False, True),
        "session_user_is_verified": (False, True),
        "link": ("linked", "linked elsewhere", "taken"),
    }
    for values in product(*for_all.values()):
        facts = dict(zip(for_all, values, strict=True))
        if facts["session_user"] == "a primary user" and values[1:4] != (NO, False, "made"):
            continue  # not asked
        if facts["is_verified"] and (facts["is_new"] or facts["sign_in_verifies"]):
            continue  # a new one is verified where its sign-up shows it
        yield facts


def decided(api: SignInAPI, facts: Mapping[str, Value]) -> str:
    """Return what the rules decide, and what the API says of it."""
    auth = AUTH_TYPE.decide_now(
        {
            "has_session": lambda: True,
            "flag": lambda: "true",
            "has_callback": lambda: True,
            "is_session_users": lambda: False,
            "session_user": lambda: facts["session_user"],
            "callback_of_session_user": lambda: facts["callback_of_session_user"],
            "session_user_is_verified": lambda: facts["holder_is_verified"],
            "made_primary": lambda: facts["made_primary"],
            "callback": lambda: facts["callback"],
        }
    )
    if auth == "taken":
        return refusal(api, "SESSION_USER_ACCOUNT_INFO_ALREADY_ASSOCIATED_WITH_ANOTHER_PRIMARY_USER_ID_ERROR", {})
    if auth != "second factor":
        return auth
    shows = bool(facts["sign_in_verifies"])
    asked: dict[str, LookUpNow] = {name: partial(facts.__getitem__, name) for name in facts}
    asked |= {
        "is_verified": lambda: shows or facts["session_user_is_verified"],
        "is_primary": lambda: False,
        "first_is_verified": lambda: facts["is_verified"],
        "is_alone": lambda: False,
    }
    table = IS_SIGN_UP_ALLOWED if facts["is_new"] else IS_SIGN_IN_ALLOWED
    if table.decide_now(asked) == "refused":
        return refusal(api, "SIGN_UP_NOT_ALLOWED" if facts["is_new"] else "SIGN_IN_NOT_ALLOWED", {})
    linked = LINK_TO_SESSION_USER.decide_now({**asked, "is_verified": lambda: shows or facts["is_verified"]})
    assert linked != "again"
    return linked if linked == "linked" else refusal(api, linked, {})


def expected(api: SignInAPI, facts: Mapping[str, Value]) -> str:  # noqa: C901, PLR0911  a row each
    """Say what the contract has, in words."""
    codes = CONTRACT[api]
    if facts["session_user"] == "no primary user":
        if facts["callback_of_session_user"] == NO:
            return "refused"
        if facts["callback_of_session_user"] == VER and not facts["holder_is_verified"]:
            return "verify first"
        if facts["made_primary"] == "taken":
            return codes["session"]
    if facts["callback"] == NO:
        return "refused"
    if facts["callback"] == VER:
        shows = facts["sign_in_verifies"]
        proven = shows or facts["session_user_is_verified"]
        if facts["users"] == "a primary user":
            is_good = proven and (facts["is_of_session"] or facts["primary_is_verified"])
        else:
            is_good = facts["others_are_verified"]
        if facts["is_new"]:
            if facts["users"] != "nobody" and not is_good:
                return codes.get("allowed") or codes["up"]
        elif not (shows or facts["is_verified"]) and (facts["users"] == "a primary user" or not is_good):
            return codes.get("allowed") or codes["in"]
        if not (shows or facts["is_verified"] or facts["session_user_is_verified"]):
            return codes["verify"]
    return {"linked": "linked", "linked elsewhere": codes["elsewhere"], "taken": codes["taken"]}[str(facts["link"])]


@pytest.mark.parametrize("api", CONTRACT)
def test_every_api_says_why(api: SignInAPI) -> None:
    """Each combination has the code of its API, and the text of the code."""
    count, seen = 0, set[str]()
    for facts in combinations(api):
        wanted, found = expected(api, facts), decided(api, facts)
        if wanted.isdecimal():
            seen.add(wanted)
            default = f"Cannot sign in / up due to security reasons. {SUPPORT}"
            wanted = f"{TEXTS[TEXT_OF[wanted]] if wanted in TEXT_OF else default} (ERR_CODE_{wanted})"
        assert found == wanted, facts
        count += 1
    print(f"\n{api}: {count:,} combinations")  # noqa: T201  for nox
    # By these tables: a code shows that the address is his. It is what he is told of whom another factor is required,
    # before they are asked (integration/http/test_support_codes.py).
    unreachable = {"003"}
    assert seen == set(CONTRACT[api].values()) - unreachable


def test_a_changed_address_has_codes_of_its_own() -> None:
    """A provider's alone; and nothing else has a code that the contract does not name."""
    new: Mapping[str, int] = {"PRIMARY_USER_CONFLICT": 5, "ACCOUNT_TAKEOVER_RISK": 24}
    reasons: tuple[Refusal, ...] = ("PRIMARY_USER_CONFLICT", "ACCOUNT_TAKEOVER_RISK")
    for reason in reasons:
        text = "Cannot sign in / up because new email cannot be applied to existing account."
        assert refusal("thirdparty", reason, {}) == f"{text} {SUPPORT} (ERR_CODE_{new[reason]:03})"
    numbers = sorted(number for codes in CODES.values() for number in codes.values())
    assert numbers == list(range(2, 35))
