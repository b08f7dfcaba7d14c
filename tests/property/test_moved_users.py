"""What is exported and imported again is the same."""

from __future__ import annotations

import io
import json
from contextlib import ExitStack, closing
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from authweave.moving import ImportOptions, LinesFile, export_users, import_users
from authweave.storage import StorageOptions
from authweave.storage.sql import open_storage
from tests.stores import PARTS

pytestmark = pytest.mark.property

HASHES = ("$2b$04$" + "." * 53, "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$" + "A" * 43, None)

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=20)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
kept_values = json_values.filter(lambda value: value is not None)  # by which a key is removed
times = st.integers(0, 2_000_000_000_000)


@st.composite
def users(draw: st.DrawFn) -> list[dict[str, Any]]:  # Any: as JSON is
    """Return users that do not collide, as lines."""
    lines: list[dict[str, Any]] = []
    for number in range(draw(st.integers(0, 4))):
        logins: list[dict[str, Any]] = []
        for place in range(draw(st.integers(1, 3))):
            shared = {
                "id": f"{number}-{place}-" + draw(texts),
                "tenant": "public",
                "email": f"user-{number}-{place}@example.com",
                "verified": draw(st.booleans()),
                "time_joined_ms": draw(times),
            }
            recipe = draw(st.sampled_from(["emailpassword", "thirdparty", "passwordless"]))
            if recipe == "emailpassword":
                password_hash = draw(st.sampled_from(HASHES))
                shared |= {} if password_hash is None else {"password_hash": password_hash}
            elif recipe == "thirdparty":
                subject = f"{number}-{place}-" + draw(texts)
                shared |= {"provider": draw(texts), "issuer": draw(texts | st.just("")), "subject": subject}
            logins.append({"recipe": recipe, **shared})
        logins.sort(key=lambda login: (login["time_joined_ms"], login["id"]))
        # Who has several login methods is a primary user.
        is_primary = len(logins) > 1 or draw(st.booleans())
        line: dict[str, Any] = {"version": 1, "id": f"user-{number}-" + draw(texts), "is_primary": is_primary}
        if draw(st.booleans()):
            line["external_id"] = f"external-{number}-" + draw(texts)
        if draw(st.booleans()):
            line["disabled_at_ms"] = draw(times.filter(bool))
        if names := sorted(draw(st.sets(texts.map(str.strip).filter(bool), max_size=3))):
            line["roles"] = {"public": names}
        if metadata := draw(st.dictionaries(st.text(max_size=5), kept_values, max_size=3)):
            line["metadata"] = metadata
        lines.append({**line, "logins": logins})
    return lines


@cache
def empty_database() -> bytes:
    """Return a database that has the tables and nothing in them: migrations take longer than all the rest."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "empty.db"
        open_storage(f"sqlite:///{file}", parts=PARTS).close()
        return file.read_bytes()


def stored(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Import lines into a new store, and return what it exports."""
    with ExitStack() as stack:
        database = Path(stack.enter_context(TemporaryDirectory())) / "auth.db"
        database.write_bytes(empty_database())
        options = StorageOptions(migrate=False)
        storage = stack.enter_context(closing(open_storage(f"sqlite:///{database}", options, PARTS)))
        file = io.BytesIO("".join(json.dumps(line) + "\n" for line in lines).encode())
        faults: list[tuple[int, str]] = []
        import_users(
            LinesFile(file, "test"),
            storage,
            storage.clock,
            ImportOptions(),
            on_begin=lambda _: None,
            on_fault=lambda line, reason: faults.append((line, reason)),
            on_progress=lambda _done, _counts: None,
        )
        assert not faults
        return [dict(line) for line in export_users(storage)]


@settings(max_examples=25)
@given(users())
def test_a_round_trip_changes_nothing(lines: list[dict[str, Any]]) -> None:
    """Each user comes out as it went in, sorted by id, and goes in again."""
    once = stored(lines)
    assert sorted(once, key=lambda line: line["id"]) == sorted(lines, key=lambda line: line["id"])
    assert stored(once) == once
