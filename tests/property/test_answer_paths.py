"""Law: everything in a provider's answer can be named, by its JSON Pointer, and a path leads nowhere else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authweave.recipe.thirdparty.providers.answer_paths import field_at
from authweave.types import JSON
from tests.property.strategies import SETTINGS

pytestmark = pytest.mark.property

NAMES = st.sampled_from(["", "a", "a.b", "0", "1", "~", "/", "~0", "~1", "https://example.com/email"]) | st.text()
ANSWERS: st.SearchStrategy[JSON] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=20,
)

Steps = tuple[str, ...]


def places(content: JSON, steps: Steps = ()) -> Iterator[tuple[Steps, JSON]]:
    """Return all that an answer consists of, with the names and indices that lead to it."""
    if steps:
        yield steps, content
    if isinstance(content, dict):
        for name, value in content.items():
            yield from places(value, (*steps, name))
    if isinstance(content, list):
        for index, value in enumerate(content):
            yield from places(value, (*steps, str(index)))


def pointer(steps: Steps) -> str:
    """Write a JSON Pointer (RFC 6901, section 3)."""
    return "".join(f"/{each.replace('~', '~0').replace('/', '~1')}" for each in steps)


@SETTINGS
@given(answer=ANSWERS)
def test_a_pointer_leads_to_everything(answer: JSON) -> None:
    """Whatever names are made of."""
    for steps, value in places(answer):
        assert field_at(answer, pointer(steps)) is value


@SETTINGS
@given(answer=ANSWERS)
def test_dots_lead_to_what_has_none_in_its_names(answer: JSON) -> None:
    """Unless the whole is the name of something at the top, which comes first, or begins as pointers do."""
    for steps, value in places(answer):
        path = ".".join(steps)
        if path.startswith("/") or any("." in each for each in steps):
            continue
        whole = answer.get(path, value) if isinstance(answer, dict) else value
        assert field_at(answer, path) is whole


@SETTINGS
@given(answer=ANSWERS, path=st.text() | st.lists(NAMES).map(".".join) | st.lists(NAMES).map("/".join))
def test_a_path_leads_to_nothing_else(answer: JSON, path: str) -> None:
    """What it finds is a part of the answer, or None; nothing is raised."""
    found = field_at(answer, path)
    assert found is None or any(value is found for _, value in places(answer))
