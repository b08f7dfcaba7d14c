"""The machine of `test_guesses` sees a fault: each rule that bounds guesses is broken here, once."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from contextlib import closing
from typing import Final, TypeAlias

import attrs
import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from authweave.recipe.passwordless.codes import EnteredCode
from authweave.recipe.passwordless.store.memory import MemoryPasswordlessCodes
from authweave.recipe.passwordless.store.records import Code, Device, Right, Tried
from authweave.storage.memory import MemoryStorage
from tests.property.guess_machine import Guesses, moves
from tests.property.guess_world import GuessWorld

pytestmark = pytest.mark.property

SCHEDULES: Final = 300
STEPS: Final = 20

Break: TypeAlias = Callable[[pytest.MonkeyPatch], None]


def devices_of(store: MemoryPasswordlessCodes) -> dict[str, Device]:
    """Return what a store has, to break it."""
    return store._devices  # pyright: ignore[reportPrivateUsage]  it shows nobody


try_code: Final = MemoryPasswordlessCodes.try_code
add_code: Final = MemoryPasswordlessCodes.add_code
add_device: Final = MemoryPasswordlessCodes.add_device


def does_not_count(patch: pytest.MonkeyPatch) -> None:
    """Take codes that are typed in for links, which nobody can guess."""
    patch.setattr(EnteredCode, "max_failures", None)


def counts_to_six(patch: pytest.MonkeyPatch) -> None:
    """Let one guess more through."""
    patch.setattr(EnteredCode, "max_failures", property(lambda entered: None if entered.is_link else 6))


def counts_anew(patch: pytest.MonkeyPatch) -> None:
    """Forget what was guessed when another code is sent."""

    def added(store: MemoryPasswordlessCodes, tenant_id: str, code: Code, *, at_most: int) -> object:
        device = store.find_device(tenant_id, code.pre_auth_session_id)
        if device is not None:
            devices_of(store)[device.pre_auth_session_id] = attrs.evolve(device, failures=0)
        return add_code(store, tenant_id, code, at_most=at_most)

    patch.setattr(MemoryPasswordlessCodes, "add_code", added)


def counts_by_halves(patch: pytest.MonkeyPatch) -> None:
    """Compare a code before it is counted, in two transactions."""

    def tried(
        store: MemoryPasswordlessCodes,
        tenant_id: str,
        name: str,
        code_hash: str,
        now_ms: int,
        *,
        max_failures: int | None,
    ) -> Tried:
        before = store.find_device(tenant_id, name)
        found = try_code(store, tenant_id, name, code_hash, now_ms, max_failures=max_failures)
        if before is not None and before.failures % 2 and name in devices_of(store):
            devices_of(store)[name] = attrs.evolve(devices_of(store)[name], failures=before.failures)
        return found

    patch.setattr(MemoryPasswordlessCodes, "try_code", tried)


def stays_good(patch: pytest.MonkeyPatch) -> None:
    """Leave a code that was used."""
    patch.setattr(MemoryPasswordlessCodes, "use_code", try_code)


def leaves_other_browsers(patch: pytest.MonkeyPatch) -> None:
    """Leave the codes that other browsers have asked for."""

    def used(
        store: MemoryPasswordlessCodes,
        tenant_id: str,
        name: str,
        code_hash: str,
        now_ms: int,
        *,
        max_failures: int | None,
    ) -> Tried:
        tried = try_code(store, tenant_id, name, code_hash, now_ms, max_failures=max_failures)
        if isinstance(tried, Right):
            del devices_of(store)[name]
        return tried

    patch.setattr(MemoryPasswordlessCodes, "use_code", used)


def closes_nothing(patch: pytest.MonkeyPatch) -> None:
    """Leave the codes that a browser asked for before."""

    def added(store: MemoryPasswordlessCodes, device: Device, code: Code) -> None:
        add_device(store, attrs.evolve(device, client=None), code)

    patch.setattr(MemoryPasswordlessCodes, "add_device", added)


def never_ends(patch: pytest.MonkeyPatch) -> None:
    """Take codes that are too old."""

    def tried(
        store: MemoryPasswordlessCodes,
        tenant_id: str,
        name: str,
        code_hash: str,
        now_ms: int,
        *,
        max_failures: int | None,
    ) -> Tried:
        return try_code(store, tenant_id, name, code_hash, 0 * now_ms, max_failures=max_failures)

    patch.setattr(MemoryPasswordlessCodes, "try_code", tried)


def is_good_anywhere(patch: pytest.MonkeyPatch) -> None:
    """Take the link of one device for another."""

    def tried(
        store: MemoryPasswordlessCodes,
        tenant_id: str,
        name: str,
        code_hash: str,
        now_ms: int,
        *,
        max_failures: int | None,
    ) -> Tried:
        found = try_code(store, tenant_id, name, code_hash, now_ms, max_failures=max_failures)
        device = store.find_device(tenant_id, name)
        known = {each.code_hash for other in devices_of(store).values() for each in other.codes}
        return Right(device) if device is not None and found is None and code_hash in known else found

    patch.setattr(MemoryPasswordlessCodes, "try_code", tried)


FAULTS: Final[Mapping[str, Break]] = {
    each.__name__: each
    for each in (
        does_not_count,
        counts_to_six,
        counts_anew,
        counts_by_halves,
        stays_good,
        leaves_other_browsers,
        closes_nothing,
        never_ends,
        is_good_anywhere,
    )
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_found(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Within few schedules, always the same ones."""
    logger, storage = logging.getLogger("authweave"), MemoryStorage()
    monkeypatch.setattr(logger, "level", logging.CRITICAL)
    FAULTS[name](monkeypatch)
    chosen = settings(
        max_examples=SCHEDULES,
        stateful_step_count=STEPS,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        report_multiple_bugs=False,
    )
    with closing(GuessWorld([storage, storage])) as world:
        machine = type("GuessesWithAFault", (Guesses,), {"world": world, "moves": moves(SIMPLE)})
        with pytest.raises(AssertionError) as found:
            run_state_machine_as_test(machine, settings=chosen)
    print(f"\n{name}: schedule {world.schedule}: {str(found.value)[:150]}")  # noqa: T201  for who looks


SIMPLE: Final = {
    "ask": 3,
    "ask_again": 2,
    "type_in": 3,
    "follow": 3,
    "guess": 8,
    "use_twice_at_once": 1,
    "time_passes": 1,
}
"""How often each move is made here: what is at once would make runs differ, but where it is what is tried."""
