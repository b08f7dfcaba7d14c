"""How many values a JSON text has, before it is read."""

from __future__ import annotations

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from authweave.types import BadInputError
from authweave.types._json_text import MAX_JSON_VALUES, has_too_many_values, json_of
from tests.leftovers import peak_bytes

VALUES = st.recursive(
    st.none() | st.integers() | st.text('[{,"\\a', max_size=5),
    lambda values: st.lists(values, max_size=4) | st.dictionaries(st.text('[{,"\\a', max_size=3), values, max_size=4),
    max_leaves=20,
)


def structure(text: str) -> int:
    """Count ``[{,`` outside of texts, letter by letter."""
    count, inside, escaped = 0, False, False
    for letter in text:
        if inside:
            escaped, inside = letter == "\\" and not escaped, escaped or letter != '"'
        else:
            inside, count = letter == '"', count + (letter in "[{,")
    return count


@example(value="[", limit=0, tail="")
@example(value="[", limit=0, tail='"[')
@given(value=VALUES, limit=st.integers(0, 20), tail=st.sampled_from(["", '"', ",", "[", " "]))
def test_counted_as_one_would(value: object, limit: int, tail: str) -> None:
    """For any JSON, also one that was cut off or goes on, the answer is that of a count letter by letter."""
    text = json.dumps(value) + tail
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("authweave.types._json_text.MAX_JSON_VALUES", limit)
        assert has_too_many_values(text) is (structure(text) > limit)


def test_nothing_is_made_of_too_many() -> None:
    """What is refused takes the memory of its text, not that of its values."""
    body = json.dumps({"formFields": [{"id": "", "value": ""}] * 37_000}).encode()

    def refuse() -> None:
        with pytest.raises(BadInputError, match=str(MAX_JSON_VALUES)):
            json_of(body)

    assert peak_bytes(refuse) < 2 * len(body)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "utf-32-be"])
def test_encodings(encoding: str) -> None:
    """A text is read as Python's json module reads it."""
    body = '{"a": "é\U0001f600"}'.encode(encoding)
    assert json_of(body) == json.loads(body) == {"a": "é\U0001f600"}
