"""What is no list of requirements, and no factor: nobody gets past it."""

from __future__ import annotations

import pytest

from authweave.recipe import multifactorauth
from authweave.recipe.multifactorauth import FactorConfigurationError, MFAClaimValue
from authweave.recipe.multifactorauth.claim_value import value_in
from authweave.recipe.multifactorauth.multi_factor_auth_claim import MultiFactorAuthClaim
from authweave.recipe.multifactorauth.requirements import check_factor_id, checked_factors, checked_requirements
from authweave.types import JSON, BadInputError, ConfigurationError


@pytest.mark.parametrize(
    "asked",
    [
        None,
        "totp",
        b"totp",
        {"oneOf": ["totp"]},
        7,
        [""],
        [None],
        [7],
        [["totp"]],
        [{}],
        [{"onOf": ["totp"]}],
        [{"oneOf": ["totp"], "allOfInAnyOrder": ["totp"]}],
        [{"oneOf": ["totp"], "more": []}],
        [{"oneOf": "totp"}],
        [{"oneOf": None}],
        [{"oneOf": [""]}],
        [{"allOfInAnyOrder": ["totp", 7]}],
        [{"allOfInAnyOrder": {"totp": True}}],
        ["totp", {"of": []}],
    ],
)
def test_what_cannot_be_understood(asked: object) -> None:
    """It is an error that says who says it, and what to write: a typo must not let anybody through."""
    with pytest.raises(FactorConfigurationError, match=r"^mine says .*(no list of requirements|no requirement)"):
        checked_requirements(asked, "mine")


def test_what_can() -> None:
    """Also of tuples, and of the same several times."""
    asked: list[JSON] = ["totp", {"oneOf": ("a", "a")}, {"allOfInAnyOrder": []}]
    assert checked_requirements(tuple(asked), "mine") == ["totp", {"oneOf": ["a", "a"]}, {"allOfInAnyOrder": []}]
    assert checked_factors(("a", "b", "a"), "mine") == ["a", "b"]


@pytest.mark.parametrize("factors", [None, "totp", {"totp": 1}, [7], [""], [None]])
def test_what_is_no_list_of_factors(factors: object) -> None:
    """Of an override, or in the metadata of a user."""
    with pytest.raises(FactorConfigurationError, match="no list of the ids of factors"):
        checked_factors(factors, "mine")


@pytest.mark.parametrize("factor_id", [None, "", 7, "x" * 101, "a\0b", "\ud800"])
def test_what_is_no_factor(factor_id: object) -> None:
    """Handed to a function, it is a fault of the caller's."""
    with pytest.raises(BadInputError, match=r"^factor_id "):
        check_factor_id(factor_id)


def test_a_long_error_is_short() -> None:
    """What is said is quoted in part."""
    with pytest.raises(FactorConfigurationError) as raised:
        checked_requirements("x" * 10_000, "mine")
    assert len(str(raised.value)) < 600


@pytest.mark.parametrize(
    "held",
    [None, 7, True, "x", [], {}, {"c": {}}, {"v": True}, {"c": [], "v": True}, {"c": {}, "v": 1}, {"c": {}, "v": None}],
)
def test_nonsense_in_a_payload_is_nothing(held: JSON) -> None:
    """It is found out anew."""
    assert value_in({"st-mfa": held}, "st-mfa") is None


def test_times_in_a_payload() -> None:
    """A factor without a time was not shown; one with a fraction of a second was."""
    held: JSON = {
        "c": {"a": 7, "b": 7.5, "c": None, "d": "7", "e": True, "f": float("inf"), "g": float("nan")},
        "v": True,
    }
    assert value_in({"st-mfa": held}, "st-mfa") == MFAClaimValue({"a": 7, "b": 7}, True)


def test_what_a_payload_gets() -> None:
    """The claim is merged with what is there, and taken out again."""
    claim = MultiFactorAuthClaim
    first = claim.add_to_payload_({"x": 1}, MFAClaimValue({"a": 1}, False))
    both = claim.add_to_payload_(first, MFAClaimValue({"b": 2}, True))
    assert both == {"x": 1, "st-mfa": {"c": {"a": 1, "b": 2}, "v": True}}
    assert claim.remove_from_payload(both) == {"x": 1}
    assert claim.remove_from_payload_by_merge_({}) == {"st-mfa": None}
    assert claim.get_next_set_of_unsatisfied_factors({"a": 1}, ["a", "b"]).factor_ids == ["b"]


@pytest.mark.parametrize("first_factors", [[], (), [""], [7], "totp"])
def test_first_factors_of_an_application(first_factors: list[str]) -> None:
    """None at all would let nobody in; each is a text."""
    with pytest.raises(ConfigurationError, match="first_factors"):
        multifactorauth.init(first_factors)
