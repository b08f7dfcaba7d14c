"""Where in a provider's answer something stands."""

from __future__ import annotations

import pytest

from authweave.recipe.thirdparty.providers.answer_paths import field_at
from authweave.types import JSON

ANSWER: JSON = {
    "id": 7,
    "data": [{"id": "ada", "names": {"0": "zero", "": "empty"}}, "second"],
    "https://example.com/email": "ada@example.com",
    "a.b": {"c": "whole"},
    "a": {"b": {"c": "deep"}},
    "x.y": None,
    "x": {"y": "below"},
    "~0/~1": "escaped",
    "/id": "with a slash",
    "": "no name",
    "012": "a name",
}


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("id", 7),
        ("data.0.id", "ada"),
        ("data.1", "second"),
        ("data.0.names.0", "zero"),
        ("https://example.com/email", "ada@example.com"),
        ("a.b.c", "deep"),
        ("a.b", {"c": "whole"}),
        ("x.y", None),
        ("", "no name"),
        ("012", "a name"),
        ("/id", 7),
        ("/data/0/id", "ada"),
        ("/data/0/names/", "empty"),
        ("/https:~1~1example.com~1email", "ada@example.com"),
        ("/a.b/c", "whole"),
        ("/a/b/c", "deep"),
        ("/~00~1~01", "escaped"),
        ("/~1id", "with a slash"),
        ("/", "no name"),
        ("/x/y", "below"),
    ],
)
def test_what_stands_there(path: str, found: JSON) -> None:
    """A whole name at the top comes first, then names and indices between dots; a JSON Pointer names everything."""
    assert field_at(ANSWER, path) == found


@pytest.mark.parametrize(
    "path",
    [
        *(None, "nowhere", "id.x", "data.id", "data.2", "data.-1", "data.00", "data.0x", "data.+1", "data.1_0"),
        *("data.\u0661", "data." + "9" * 5000, "data..0", ".", "data.", "id..", "\ud800"),
        *("/nowhere", "/data/-", "/data/2", "/data/01", "/data/-1", "/data/ 0", "//", "/~2", "/~", "/a/b.c", "/id/0"),
    ],
)
def test_nothing_stands_there(path: str | None) -> None:
    """Whatever the path is, what is not there is None."""
    assert field_at(ANSWER, path) is None


def test_a_list_at_the_top() -> None:
    """An answer may be one."""
    assert field_at([{"id": 7}], "0.id") == field_at([{"id": 7}], "/0/id") == 7
