"""Argon2 in memory of its own: the hashes are those of everybody else, and the memory goes back."""

from __future__ import annotations

import mmap
from types import SimpleNamespace

import pytest
from argon2 import PasswordHasher as Reference
from argon2.exceptions import HashingError, InvalidHashError, VerifyMismatchError
from hypothesis import given
from hypothesis import strategies as st

from authweave.security import _argon2
from authweave.security._argon2 import Argon2, HashMemory, decoded, encoded

COSTS = [(1, 8, 1), (2, 64, 1), (3, 32, 4)]


@pytest.mark.parametrize(("time_cost", "memory_kib", "parallelism"), COSTS)
@pytest.mark.parametrize("password", [b"", b"correct horse", b"nul \0 in it", b"\xed\xa0\x80" * 1000])
def test_hashes_are_those_of_argon2_cffi(time_cost: int, memory_kib: int, parallelism: int, password: bytes) -> None:
    """Each verifies the other's, and refuses another password."""
    ours, theirs = Argon2(time_cost, memory_kib, parallelism), Reference(time_cost, memory_kib, parallelism)
    assert theirs.verify(ours.hash(password), password)
    assert not theirs.check_needs_rehash(ours.hash(password))
    assert ours.verify(theirs.hash(password), password)
    assert not ours.verify(theirs.hash(password), password + b"x")
    with pytest.raises(VerifyMismatchError):
        theirs.verify(ours.hash(password + b"x"), password)
    assert ours.is_current(theirs.hash(password))
    assert not Argon2(time_cost + 1, memory_kib, parallelism).is_current(theirs.hash(password))
    ours.memory.give_back()


@pytest.mark.parametrize(
    "rest", ["", "$", "c2FsdHNhbHQ", "c2FsdHNhbHQ$", "c2FsdA$AAAAAA", "c2FsdHNhbHQ$AAA", "?$?", "ü$"]
)
def test_what_is_no_hash_is_said(rest: str) -> None:
    """As a store may have it after a mishap: no salt, no key, too short ones, none of base64."""
    argon2 = Argon2(1, 8, 1)
    with pytest.raises(InvalidHashError):
        argon2.verify(argon2.prefix + rest, b"x")


def test_other_costs_are_no_hash_of_these() -> None:
    """Whoever asks has looked at the prefix."""
    with pytest.raises(InvalidHashError):
        Argon2(1, 8, 1).verify(Argon2(1, 16, 1).hash(b"x"), b"x")


@given(st.binary(max_size=80))
def test_base64_without_padding(data: bytes) -> None:
    """What was written is read; no other text stands for it."""
    assert decoded(encoded(data)) == data
    for other in (encoded(data) + "=", encoded(data) + "A"):
        try:
            assert decoded(other) != data
        except ValueError:
            continue


def test_the_memory_is_kept_for_the_next_hash_and_goes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """One mapping serves a thread until it has nothing to do."""
    made: list[mmap.mmap] = []

    def noted(size_bytes: int) -> mmap.mmap:
        made.append(mmap.mmap(-1, size_bytes))
        return made[-1]

    monkeypatch.setattr(_argon2, "mapped", noted)
    argon2 = Argon2(1, 8, 1)
    for _ in range(3):
        argon2.hash(b"x")
    assert len(made) == 1
    assert len(made[0]) == 8 * 1024
    argon2.memory.give_back()
    assert made[0].closed
    argon2.memory.give_back()
    argon2.hash(b"x")
    assert [each.closed for each in made] == [True, False]


def test_without_memory_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """No answer is made up."""

    def none_left(size_bytes: int) -> mmap.mmap:
        raise OSError(12, f"no {size_bytes} bytes are left")

    monkeypatch.setattr(_argon2, "mapped", none_left)
    with pytest.raises(HashingError, match="Memory alloc"):
        Argon2(1, 8, 1).hash(b"x")


def test_where_callbacks_are_forbidden_malloc_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a system that lets nothing be written and executed."""

    def forbidden(*_: object) -> None:
        raise MemoryError("Cannot allocate write+execute memory for ffi.callback()")

    with monkeypatch.context() as here:
        here.setattr(_argon2, "ffi", SimpleNamespace(NULL=_argon2.ffi.NULL, callback=forbidden))
        memory = HashMemory()
    argon2 = Argon2(1, 8, 1)
    argon2.memory = memory
    assert Reference(1, 8, 1).verify(argon2.hash(b"x"), b"x")
    memory.give_back()
