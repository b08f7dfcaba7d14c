"""The tables of account linking, every combination of what they ask, held against what the contract says in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import product
from typing import Final, TypeAlias

import pytest

from authweave.recipe.accountlinking import rules
from authweave.recipe.accountlinking.rules import Table, UndecidedError, Value, row
from authweave.recipe.accountlinking.rules._page import TABLES

Facts: TypeAlias = Mapping[str, Value]
Oracle: TypeAlias = Callable[[Facts], str]

NO, LINK, VER = "no", "link", "link if verified"


def is_sign_up_allowed(facts: Facts) -> str:
    """Contract 3.4: refused only under `ver`, where somebody has it already."""
    if facts["users"] == "nobody" or facts["callback"] != VER:
        return "allowed"
    if facts["users"] == "a primary user":
        is_good = facts["is_verified"] and (facts["is_of_session"] or facts["primary_is_verified"])
    else:
        is_good = facts["others_are_verified"]
    return "allowed" if is_good else "refused"


def is_sign_in_allowed(facts: Facts) -> str:
    """Contract 3.5: four ways in, and else as an account that is not verified."""
    if any(facts[each] for each in ("is_primary", "first_is_verified", "sign_in_verifies", "is_alone")):
        return "allowed"
    return is_sign_up_allowed({**facts, "is_verified": False})


def email_change(facts: Facts) -> str:
    """Contract 3.6, in one tenant."""
    risk = facts["callback"] == VER
    if facts["is_primary"]:
        if facts["other_primary"]:
            return "PRIMARY_USER_CONFLICT"
        safe = facts["is_verified"] or facts["is_verified_elsewhere"] or not facts["others"]
    else:
        safe = facts["is_verified"] or facts["is_same"] or not facts["other_primary"]
    return "ACCOUNT_TAKEOVER_RISK" if risk and not safe else "OK"


def link_or_make_primary(facts: Facts) -> str:
    """Contract 3.7; nobody who is disabled is touched, and nobody linked who has to show more."""
    if facts["is_primary"] or facts["is_disabled"]:
        return "nothing"
    if facts["other"] != "nobody" and (facts["other_is_disabled"] or facts["is_more_required"]):
        return "nothing"
    if facts["other"] == "a primary user":
        answer = facts["callback"]
        return "link" if answer == LINK or (answer == VER and facts["both_are_verified"]) else "nothing"

    def may(answer: Value, verified: Value) -> bool:
        return answer == LINK or (answer == VER and bool(verified))

    if facts["other"] == "somebody" and may(facts["callback_of_other"], facts["other_is_verified"]):
        return "make the other primary"
    return "make primary" if may(facts["callback_of_self"], facts["is_verified"]) else "nothing"


def link_to_session_user(facts: Facts) -> str:
    """Contract 3.8."""
    if facts["callback"] == VER and not (facts["is_verified"] or facts["session_user_is_verified"]):
        return "EMAIL_VERIFICATION_REQUIRED"
    return {
        "linked": "linked",
        "linked elsewhere": "RECIPE_USER_ID_ALREADY_LINKED_WITH_ANOTHER_PRIMARY_USER_ID_ERROR",
        "taken": "ACCOUNT_INFO_ALREADY_ASSOCIATED_WITH_ANOTHER_PRIMARY_USER_ID_ERROR",
        "not primary": "again",
    }[str(facts["link"])]


def auth_type(facts: Facts) -> str:  # noqa: PLR0911  a line for each row
    """Contract 2.2."""
    flag = facts["flag"]
    if not facts["has_session"]:
        return "unauthorised" if flag == "true" else "first factor"
    if flag == "false":
        return "first factor"
    unwilling = "first factor" if flag == "none" else "refused"
    if not facts["has_callback"]:
        return "first factor" if flag == "none" and not facts["asks_for_several"] else "no callback"
    if facts["is_session_users"]:
        return "linked already"
    if facts["session_user"] == "unknown":
        return "unauthorised"
    if facts["session_user"] == "no primary user":
        answer = facts["callback_of_session_user"]
        if answer == NO:
            return unwilling
        if answer == VER and not facts["session_user_is_verified"]:
            return "verify first"
        if facts["made_primary"] != "made":
            return "taken" if facts["made_primary"] == "taken" else "unauthorised"
    return unwilling if facts["callback"] == NO else "second factor"


def factor_check(facts: Facts) -> str:
    """Contract 2.3."""
    if facts["kind"] == "first":
        refused = "bad input" if facts["has_session"] else "unauthorised"
        return "will do" if facts["is_first"] else refused
    is_set_up = facts["asks_for_several"] and facts["kind"] == "new"
    return "forbidden" if is_set_up and not facts["may_set_up"] else "will do"


def reset_candidate(facts: Facts) -> str:
    """Contract 4.1, whom C is."""
    if facts["users"] == "a primary user":
        return "the primary user"
    is_asked = facts["users"] == "somebody"
    is_his = facts["callback"] == LINK or (facts["callback"] == VER and facts["is_verified"])
    return "the oldest user" if is_asked and is_his else "nobody"


def reset_mail(facts: Facts) -> str:
    """Contract 4.1."""
    method, answer = facts["method"], facts["callback"]
    if not facts["candidate"]:
        return "own" if method else "none"
    if not facts["is_verified"] and facts["has_more"]:
        return "not allowed"
    if not method:
        return "new" if answer != NO and facts["sign_up_allowed"] else "none"
    return "of candidate" if facts["is_method_his"] or answer != NO else "own"


def reset(facts: Facts) -> str:
    """Contract 4.2."""
    if not facts["form_is_good"]:
        return "field error"
    if not (facts["token_is_good"] and facts["user"]):
        return "invalid token"
    if not facts["method"]:
        return "create and link"
    if not facts["is_primary"]:
        return "set and link"
    return "invalid token" if facts["has_more"] and not facts["is_verified"] else "set"


def can_be(name: str, facts: Facts) -> bool:
    """Leave out what contradicts itself."""
    if name == "IS_SIGN_IN_ALLOWED":  # where others have it too, somebody has
        return bool(facts["is_alone"] or facts["users"] != "nobody")
    if name == "EMAIL_CHANGE":
        return bool(facts["others"] or not facts["other_primary"])
    return True


ORACLES: Final[Mapping[str, Oracle]] = {
    "AUTH_TYPE": auth_type,
    "FACTOR_CHECK": factor_check,
    "IS_SIGN_UP_ALLOWED": is_sign_up_allowed,
    "IS_SIGN_IN_ALLOWED": is_sign_in_allowed,
    "EMAIL_CHANGE": email_change,
    "LINK_OR_MAKE_PRIMARY": link_or_make_primary,
    "LINK_TO_SESSION_USER": link_to_session_user,
    "RESET_CANDIDATE": reset_candidate,
    "RESET_MAIL": reset_mail,
    "RESET": reset,
}

COUNTS: Final[Mapping[str, int]] = {
    "AUTH_TYPE": 7776,
    "FACTOR_CHECK": 48,
    "IS_SIGN_UP_ALLOWED": 144,
    "IS_SIGN_IN_ALLOWED": 240,
    "EMAIL_CHANGE": 144,
    "LINK_OR_MAKE_PRIMARY": 10_368,
    "LINK_TO_SESSION_USER": 48,
    "RESET_CANDIDATE": 24,
    "RESET_MAIL": 192,
    "RESET": 128,
}


def combinations(name: str) -> Iterator[dict[str, Value]]:
    """Return all combinations of what a table asks."""
    facts = TABLES[name].facts
    for values in product(*(fact.phrases for fact in facts)):
        found = dict(zip([fact.name for fact in facts], values, strict=True))
        if can_be(name, found):
            yield found


class Asked:
    """Answers a table, and notes what it asks."""

    def __init__(self, facts: Facts) -> None:
        self.names: list[str] = []
        self.look_ups = {name: self.look_up(name, value) for name, value in facts.items()}

    def look_up(self, name: str, value: Value) -> Callable[[], Value]:
        """Return what answers one question."""

        def answer() -> Value:
            self.names.append(name)
            return value

        return answer


@pytest.mark.parametrize("name", TABLES)
def test_every_combination_is_decided_as_the_contract_says(name: str) -> None:
    """All of them, counted; no fact is looked up twice; every row decides something, and every outcome comes of one."""
    table: Table[str] = TABLES[name]
    decided: list[str] = []
    deciding = set[int]()
    for facts in combinations(name):
        asked = Asked(facts)
        outcome = table.decide_now(asked.look_ups)
        assert outcome == ORACLES[name](facts), facts
        assert len(asked.names) == len(set(asked.names))
        decided.append(outcome)
        deciding.add(next(n for n, each in enumerate(table.rows) if fits(each.when, facts)))
    print(f"{name}: {len(decided)} combinations")  # noqa: T201  the count is to be seen
    assert len(decided) == COUNTS[name]
    assert deciding == set(range(len(table.rows)))
    assert set(decided) == {each.then for each in table.rows}
    assert set(table.outcomes) >= set(decided)


def fits(when: Mapping[str, tuple[Value, ...]], facts: Facts) -> bool:
    """Return whether a row does."""
    return all(facts[name] in accepted for name, accepted in when.items())


def test_tables_and_oracles_are_all_there() -> None:
    """Every table of the package is enumerated."""
    tables = {name for name, each in vars(rules).items() if isinstance(each, Table)}
    assert tables == set(TABLES)
    assert all(getattr(rules, name) is each for name, each in TABLES.items())
    assert set(ORACLES) == set(COUNTS) == set(TABLES)


def asks(name: str, facts: Facts) -> list[str]:
    """Return what a table asks before it decides."""
    asked = Asked(facts)
    TABLES[name].decide_now(asked.look_ups)
    return asked.names


def test_the_callback_is_asked_only_where_a_row_needs_it() -> None:
    """As the contract says, table by table: of nobody, of a primary user, of one's own account, it is not asked."""
    for facts in combinations("IS_SIGN_UP_ALLOWED"):
        assert ("callback" in asks("IS_SIGN_UP_ALLOWED", facts)) == (facts["users"] != "nobody")
    for facts in combinations("IS_SIGN_IN_ALLOWED"):
        is_in = any(facts[each] for each in ("is_primary", "first_is_verified", "sign_in_verifies", "is_alone"))
        assert ("callback" in asks("IS_SIGN_IN_ALLOWED", facts)) != is_in
    for facts in combinations("EMAIL_CHANGE"):
        if not facts["is_primary"]:
            is_safe = facts["is_verified"] or facts["is_same"] or not facts["other_primary"]
            assert ("callback" in asks("EMAIL_CHANGE", facts)) != bool(is_safe)
    for facts in combinations("AUTH_TYPE"):
        asked = asks("AUTH_TYPE", facts)
        if not facts["has_session"] or facts["flag"] == "false" or facts["is_session_users"]:
            assert not {"callback", "callback_of_session_user"} & set(asked)
    for facts in combinations("LINK_OR_MAKE_PRIMARY"):
        asked = asks("LINK_OR_MAKE_PRIMARY", facts)
        if facts["is_primary"] or facts["is_disabled"]:
            assert not {"callback", "callback_of_other", "callback_of_self"} & set(asked)
        if facts["other"] == "a primary user":
            assert not {"callback_of_other", "callback_of_self"} & set(asked)


@pytest.mark.anyio
async def test_facts_may_be_awaited() -> None:
    """A table is walked the same way, with what is found out by `async` functions; what raises ends it."""

    async def answer() -> str:
        return VER

    async def fail() -> str:
        raise KeyError("asked")

    facts: dict[str, rules.LookUp] = {"callback": answer, "is_verified": lambda: True}
    facts |= {"is_of_session": lambda: False, "primary_is_verified": lambda: True}
    assert await rules.IS_SIGN_UP_ALLOWED.decide({"users": lambda: "a primary user", **facts}) == "allowed"
    assert await rules.IS_SIGN_UP_ALLOWED.decide({"users": lambda: "nobody", "callback": fail}) == "allowed"
    with pytest.raises(KeyError):
        await rules.IS_SIGN_UP_ALLOWED.decide({"users": lambda: "a primary user", "callback": fail})


def test_a_fault_of_a_table_is_told() -> None:
    """A value that a fact cannot have, and facts that no row fits."""
    with pytest.raises(UndecidedError, match="users cannot be 'many'"):
        rules.IS_SIGN_UP_ALLOWED.decide_now({"users": lambda: "many"})
    short = Table("Short", (rules.yes_or_no("is_so", "so", "not so"),), {"a": "a"}, (row("a", is_so=True),))
    with pytest.raises(UndecidedError, match=r"Short: no row fits \{'is_so': False\}"):
        short.decide_now({"is_so": lambda: False})
