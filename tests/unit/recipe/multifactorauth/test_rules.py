"""The tables of second factors, every combination of what they ask, held against what the contract says in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from itertools import chain, combinations, permutations, product
from typing import Final, TypeAlias, cast

import pytest

from authweave.extending.tables import Table, Value
from authweave.recipe.multifactorauth import MFARequirementList, rules
from authweave.recipe.multifactorauth.requirements import next_factors
from authweave.recipe.multifactorauth.rules._page import PAGE

Facts: TypeAlias = Mapping[str, Value]


def requirement(facts: Facts) -> str:
    """Contract 10.2; of nothing, all was shown."""
    if facts["kind"] == "allOfInAnyOrder":
        return "satisfied" if facts["shown"] == "all" else "what is missing"
    if facts["kind"] == "oneOf":
        return "all of it" if facts["shown"] == "none" else "satisfied"
    return "satisfied" if facts["shown"] == "all" else "all of it"


def may_set_up(facts: Facts) -> str:
    """Contract 10.5."""
    if facts["is_complete"]:
        return "allowed"
    if facts["has_one_of_next"]:
        return "show first"
    return "not next" if facts["next"] == "others" else "allowed"


def shown(facts: Facts) -> str:
    """Contract 10.4: the claim, or what a new session is made with, or the first factor of the login method, or 401."""
    if facts["has_claim"]:
        return "as it says"
    if facts["is_new"] and facts["is_marked"]:
        return "the new one"
    return "guessed" if facts["has_guess"] else "unauthorised"


ORACLES: Final[Mapping[str, Callable[[Facts], str]]] = {
    "REQUIREMENT": requirement,
    "MAY_SET_UP": may_set_up,
    "SHOWN": shown,
}
COUNTS: Final = {"REQUIREMENT": 8, "MAY_SET_UP": 12, "SHOWN": 16}


def can_be(name: str, facts: Facts) -> bool:
    """Leave out what contradicts itself: of one factor, nobody shows some."""
    return name != "REQUIREMENT" or facts["kind"] != "factor" or facts["shown"] != "some"


@pytest.mark.parametrize("name", PAGE.tables)
def test_every_combination_is_decided_as_the_contract_says(name: str) -> None:
    """All of them, counted; every row decides something, and every outcome comes of one."""
    table = PAGE.tables[name]
    decided: list[str] = []
    deciding = set[int]()
    for values in product(*(fact.phrases for fact in table.facts)):
        facts = dict(zip([fact.name for fact in table.facts], values, strict=True))
        if not can_be(name, facts):
            continue
        outcome = table.decide_now({fact: partial(facts.__getitem__, fact) for fact in facts})
        assert outcome == ORACLES[name](facts), facts
        decided.append(outcome)
        fitting = (all(facts[fact] in values for fact, values in row.when.items()) for row in table.rows)
        deciding.add(list(fitting).index(True))
    print(f"{name}: {len(decided)} combinations")  # noqa: T201  the count is to be seen
    assert len(decided) == COUNTS[name]
    assert deciding == set(range(len(table.rows)))
    assert set(decided) == set(table.outcomes)


def test_tables_are_all_there() -> None:
    """Every table of the package is enumerated, and on the page."""
    assert {name for name, each in vars(rules).items() if isinstance(each, Table)} == set(PAGE.tables) == set(ORACLES)


FACTORS: Final = ("a", "b", "c")


def several() -> list[list[str]]:
    """Return all lists of different factors."""
    return [list(each) for size in range(4) for each in permutations(FACTORS, size)]


def coming(done: set[str], asked: MFARequirementList) -> tuple[set[str], str]:
    """Contract 10.2 in words: in order, the first item that is not satisfied; of `allOfInAnyOrder`, what is missing."""
    for item in asked:
        if isinstance(item, str):
            if item not in done:
                return {item}, "string"
        elif "oneOf" in item:
            if item["oneOf"] and not done & set(item["oneOf"]):
                return set(item["oneOf"]), "oneOf"
        elif missing := set(item["allOfInAnyOrder"]) - done:
            return missing, "allOfInAnyOrder"
    return set(), "string"


def test_every_list_of_requirements() -> None:
    """Of one or two items, each with every list of three factors, whichever were shown: counted."""
    kinds = ("oneOf", "allOfInAnyOrder")
    items = [*FACTORS, *({kind: each} for kind in kinds for each in several())]
    lists = chain([[]], ([each] for each in items), (list(each) for each in product(items, repeat=2)))
    count = 0
    for each in lists:
        asked = cast("MFARequirementList", each)  # of literals
        for done in (set[str](each) for size in range(4) for each in combinations(FACTORS, size)):
            found = next_factors(done, asked)
            assert (set(found.factor_ids), found.type_) == coming(done, asked), (done, asked)
            assert len(found.factor_ids) == len(set(found.factor_ids))
            count += 1
    print(f"{count} combinations of lists and factors")  # noqa: T201  the count is to be seen
    assert count == (1 + len(items) + len(items) ** 2) * 8


def test_a_list_keeps_its_order() -> None:
    """What comes next is named as it is asked for, and once."""
    asked: MFARequirementList = [{"allOfInAnyOrder": ["c", "a", "c", "b"]}]
    assert next_factors({"a"}, asked).factor_ids == ["c", "b"]
    assert next_factors(set(), [{"oneOf": ["c", "a", "c"]}]).factor_ids == ["c", "a"]
