"""Claims go into payloads, and out of them, unchanged."""

import asyncio
import json
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authweave.kernel import UserContext
from authweave.recipe.session.claims import ClaimValue, PrimitiveArrayClaim, PrimitiveClaim
from authweave.recipe.session.tokens.payload import PROTECTED, copy_claims, merge_claims
from authweave.types import JSON, JSONObject

pytestmark = pytest.mark.property

NOBODY: UserContext = {}

scalars = st.one_of(st.booleans(), st.integers(-(2**53), 2**53), st.text(max_size=8))
values: st.SearchStrategy[ClaimValue] = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
)
keys = st.text(max_size=8).filter(lambda key: key not in PROTECTED)
payloads = st.dictionaries(keys, values, max_size=4)


def through_json(payload: JSONObject) -> JSONObject:
    """Return a payload as it comes back from a token."""
    return cast("JSONObject", json.loads(json.dumps(payload)))  # a copy of an object


@given(key=keys, payload=payloads, value=values)
def test_a_value_goes_in_and_out(key: str, payload: JSONObject, value: ClaimValue) -> None:
    """What is put in is got back, also by way of a token; nothing else of the payload changes."""
    claim = PrimitiveClaim[ClaimValue](
        key, lambda _user, _recipe_user, _tenant, _payload, _context: value, clock=lambda: 7
    )
    before = copy_claims(payload)
    written = through_json(claim.add_to_payload_(payload, value, NOBODY))
    assert claim.get_value_from_payload(written, NOBODY) == value
    assert claim.get_last_refetch_time(written, NOBODY) == 7
    assert payload == before
    assert {**written, key: None} == {**before, key: None}


@given(key=keys, payload=payloads, value=st.lists(scalars, max_size=4))
def test_a_claim_taken_out_leaves_no_trace(key: str, payload: JSONObject, value: list[ClaimValue]) -> None:
    """Removing a claim, at once or by merging, leaves the payload as it was without it."""
    claim = PrimitiveArrayClaim[ClaimValue](key, lambda _user, _recipe_user, _tenant, _payload, _context: value)
    without = {name: held for name, held in payload.items() if name != key}
    written = claim.add_to_payload_(payload, value, NOBODY)
    assert claim.get_value_from_payload(written, NOBODY) == value
    assert claim.remove_from_payload(written, NOBODY) == without
    assert merge_claims(written, claim.remove_from_payload_by_merge_({}, NOBODY)) == without
    assert claim.get_value_from_payload(without, NOBODY) is None


@given(held=st.dictionaries(keys, values, max_size=2) | values, wanted=scalars)
def test_a_strange_payload_is_refused_not_an_error(held: JSON, wanted: ClaimValue) -> None:
    """Whatever stands where a claim should, validators answer."""
    one = PrimitiveClaim[ClaimValue]("c", lambda _user, _recipe_user, _tenant, _payload, _context: None)
    many = PrimitiveArrayClaim[ClaimValue]("c", lambda _user, _recipe_user, _tenant, _payload, _context: None)
    for validator in (
        one.validators.has_value(wanted, max_age_in_sec=1),
        many.validators.includes(wanted, max_age_in_seconds=1),
        many.validators.includes_any([wanted]),
    ):
        verdict = asyncio.run(validator.validate({"c": held}, NOBODY))
        assert verdict.is_valid is (verdict.reason is None)
