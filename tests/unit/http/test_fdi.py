from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authweave.http._fdi import NEWEST, Version, fdi_version, takes_legacy_user, takes_linking_flag
from authweave.types import BaseRequest


def version_of(header: str | None) -> Version:
    """Return the version of a client that sends such a header."""
    headers = () if header is None else (("fdi-version", header),)
    return fdi_version(BaseRequest("get", "/auth/x", headers))


@pytest.mark.parametrize(
    ("header", "version"),
    [
        (None, NEWEST),
        ("", NEWEST),
        ("nonsense", NEWEST),
        ("-1.x,..", NEWEST),
        ("1.16,1.17", (1, 17)),
        ("3.1,4.0,4.1,4.2", (4, 2)),
        ("4.2, 1.16", (4, 2)),
        ("1.9,1.16", (1, 16)),
        ("2.0", (2, 0)),
        ("9" * 10_000, NEWEST),
        (",".join(["1.16"] * 10_000), (1, 16)),
    ],
)
def test_highest_version_counts(header: str | None, version: Version) -> None:
    """The highest listed version counts, compared by number; without one the newest."""
    assert version_of(header) == version


@pytest.mark.parametrize(
    ("header", "legacy"),
    [
        ("1.16,1.17", True),
        ("2.0", True),
        ("1.18", False),
        ("1.19", False),
        ("3.0", False),
        ("3.1", False),
        ("4.2", False),
        ("1.16,1.17,1.18,1.19,2.0,3.0,3.1,4.0,4.1", False),
        (None, False),
    ],
)
def test_shape_of_users(header: str | None, legacy: bool) -> None:
    """Users are of the old shape below 1.18 and from 2.0 to below 3.0 (docs/reference/http.md, Versions)."""
    assert takes_legacy_user(version_of(header)) is legacy


@pytest.mark.parametrize(("header", "says"), [("3.0", False), ("3.1", True), ("4.2", True), (None, True)])
def test_linking_flag(header: str | None, says: bool) -> None:
    """The linking flag counts from 3.1 (docs/reference/http.md, Linking)."""
    assert takes_linking_flag(version_of(header)) is says


@given(st.text())
def test_any_header(header: str) -> None:
    """Any header gives a version."""
    assert len(version_of(header)) >= 2
