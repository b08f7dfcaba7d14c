"""The machine of `test_account_takeover` sees a fault: each rule that keeps an attacker out is broken here, once."""

from __future__ import annotations

import logging
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from typing import Final, TypeAlias

import attrs
import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from authweave.extending import VerifiedEmails
from authweave.recipe.accountlinking import rules
from authweave.recipe.accountlinking.links import Links
from authweave.recipe.accountlinking.rules import Row, Table
from authweave.recipe.emailpassword import PasswordResetFeature
from authweave.storage._memory_core import MemoryCore
from authweave.storage.memory import MemoryStorage
from authweave.types import User
from tests.property.account_machine import Move, Takeover, moves_of
from tests.property.account_people import ATTACKER
from tests.property.account_world import TENANTS, World

pytestmark = pytest.mark.property

SCHEDULES: Final = 400
STEPS: Final = 25
FEW: Final = 5
NARROW: Final = moves_of(
    [ATTACKER, ATTACKER, "ada"],
    ["ada", ATTACKER],
    ["public"],
    {
        "sign_up": 3,
        "sign_in": 2,
        "provided": 3,
        "verify_own": 2,
        "follow_verification": 1,
        "recover": 2,
        "change_address": 3,
    },
)
"""One attacker, one honest person, one tenant: what many schedules meet by and by is met within few."""

Break: TypeAlias = Callable[[pytest.MonkeyPatch, ExitStack], None]


@contextmanager
def rows_of(table: Table[str], rows: tuple[Row[str], ...]) -> Generator[None]:
    """Have a table other rows for a block."""
    before = table.rows
    assert rows != before, "nothing is broken"
    object.__setattr__(table, "rows", rows)  # it is frozen
    try:
        yield
    finally:
        object.__setattr__(table, "rows", before)


def changed(table: Table[str], change: Callable[[Row[str]], Row[str] | None]) -> Break:
    """Change rows of a table, or take them out."""

    def broken(_patch: pytest.MonkeyPatch, stack: ExitStack) -> None:
        after = tuple(row for row in map(change, table.rows) if row is not None)
        stack.enter_context(rows_of(table, after))

    return broken


def says(outcome: str, instead: str) -> Callable[[Row[str]], Row[str]]:
    """Have rows say something else."""
    return lambda row: attrs.evolve(row, then=instead) if row.then == outcome else row


def without(outcome: str) -> Callable[[Row[str]], Row[str] | None]:
    """Take out the rows of an outcome."""
    return lambda row: None if row.then == outcome else row


def without_fact(outcome: str, fact: str) -> Callable[[Row[str]], Row[str]]:
    """Have rows of an outcome not ask for a fact."""
    return lambda row: (
        attrs.evolve(row, when={name: value for name, value in row.when.items() if name != fact})
        if row.then == outcome
        else row
    )


def resets_all(patch: pytest.MonkeyPatch, stack: ExitStack) -> None:
    """Reset a password whatever else the account has."""
    changed(rules.RESET_MAIL, without("not allowed"))(patch, stack)
    changed(rules.RESET, lambda row: None if row.then == "invalid token" and "has_more" in row.when else row)(
        patch, stack
    )


def do_nothing(*_: object, **__: object) -> int:
    """Stand in for what does something."""
    return 0


def keeps_sessions(patch: pytest.MonkeyPatch, _stack: ExitStack) -> None:
    """Leave the sessions of a login method that is linked."""
    patch.setattr(Links, "end_sessions", do_nothing)
    patch.setattr(MemoryCore, "forget_login_methods", do_nothing)


def copies_all(patch: pytest.MonkeyPatch, _stack: ExitStack) -> None:
    """Take an address for verified since another one of the user's is."""

    def copy(links: Links, user: User, recipe_user_id: str) -> User | None:
        (method,) = [each for each in user.login_methods if each.recipe_user_id.get_as_string() == recipe_user_id]
        if method.email is None or not any(each.verified for each in user.login_methods):
            return None
        VerifiedEmails(links.services).mark_verified(recipe_user_id, method.email)
        return links.services.storage.find_user(recipe_user_id)

    patch.setattr(Links, "copy_verified", copy)


def keeps_links(patch: pytest.MonkeyPatch, _stack: ExitStack) -> None:
    """Leave the links of mails that change an address when the password is set anew."""
    patch.setattr(VerifiedEmails, "void_changes", do_nothing)


def resets_quietly(patch: pytest.MonkeyPatch, _stack: ExitStack) -> None:
    """Leave the sessions of whoever had an account when its password is reset."""
    patch.setattr(PasswordResetFeature, "revoke_sessions", False)


FAULTS: Final[Mapping[str, Break]] = {
    "3.4 row 4: sign up unverified": changed(
        rules.IS_SIGN_UP_ALLOWED,
        lambda row: attrs.evolve(row, then="allowed") if row.when.get("is_verified") == (False,) else row,
    ),
    "3.5 row 5: sign in unverified": changed(rules.IS_SIGN_IN_ALLOWED, says("refused", "allowed")),
    "3.8 row 1: link to the session unverified": changed(
        rules.LINK_TO_SESSION_USER, without("EMAIL_VERIFICATION_REQUIRED")
    ),
    "sessions stay at a link": keeps_sessions,
    "sessions stay at a reset": resets_quietly,
}
"""What is found by chance within few schedules."""


def move(
    kind: str,
    who: str,
    mailbox: str = "ada",
    *,
    tenant: str = "public",
    which: int = 2,
    other: int = 1,
    flag: bool = False,
) -> Move:
    """Return a move; as it is, without a session, at a provider that vouches."""
    return Move(kind, who, 0, tenant, mailbox, which, other, flag, str)


WITH_ANOTHERS_ADDRESS: Final = (
    move("provided", ATTACKER, ATTACKER),
    move("sign_up", ATTACKER, ATTACKER, other=0),
    move("sign_in", ATTACKER, which=0),
    move("change_address", ATTACKER, which=1),
)
"""An account with two login methods, of which the one with a password has an address of somebody else's by now."""

ATTACKS: Final[Mapping[str, tuple[Break, Sequence[Move]]]] = {
    "3.6: any new address": (
        changed(rules.EMAIL_CHANGE, says("ACCOUNT_TAKEOVER_RISK", "OK")),
        (
            move("provided", "ada"),
            move("sign_up", ATTACKER, ATTACKER),
            move("change_address", ATTACKER, which=0),
        ),
    ),
    "3.7 row 3: link unverified": (
        changed(rules.LINK_OR_MAKE_PRIMARY, without_fact("link", "both_are_verified")),
        (
            move("provided", ATTACKER, ATTACKER),
            move("provided", ATTACKER),
            move("sign_up", "ada", tenant="t1"),
            move("change_tenant", "ada"),
            move("verify_own", "ada"),
            move("sign_in", "ada", flag=True),
        ),
    ),
    "3.5 row 5: a provider's new address": (
        changed(rules.IS_SIGN_IN_ALLOWED, says("refused", "allowed")),
        (
            move("provided", ATTACKER, ATTACKER),
            move("unlink_own", ATTACKER, which=0, other=0),
            move("sign_up", "ada", which=0),
            move("provided", ATTACKER),
        ),
    ),
    "4.1 row 3, 4.2 row 5: reset with others beside": (resets_all, (*WITH_ANOTHERS_ADDRESS, move("recover", "ada"))),
    "verified copying without a look": (copies_all, WITH_ANOTHERS_ADDRESS),
    "mails that change an address stay": (
        keeps_links,
        (
            move("sign_up", ATTACKER),
            move("change_address", ATTACKER, ATTACKER, flag=True),
            move("recover", "ada"),
            move("follow_verification", ATTACKER, which=0),
        ),
    ),
}
"""What takes so many steps in order that chance needs thousands of schedules: the steps."""


@contextmanager
def broken(rule: Break | None) -> Generator[World]:
    """Have a world in which a rule is broken."""
    logger = logging.getLogger("authweave")
    storage = MemoryStorage()
    world_of = closing(World([storage, storage], one_by_one=True))
    with ExitStack() as stack, pytest.MonkeyPatch.context() as patch, world_of as world:
        stack.callback(logger.setLevel, logger.level)
        logger.setLevel(logging.CRITICAL)
        if rule is not None:
            rule(patch, stack)
        yield world


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_found(name: str) -> None:
    """Within few schedules, always the same ones."""
    with broken(FAULTS[name]) as world, pytest.raises(AssertionError) as found:
        run_same(world, SCHEDULES)
    print(f"\n{name}: schedule {world.schedule}: {str(found.value)[:150]}")  # noqa: T201  for who looks


def run_same(world: World, count: int) -> None:
    """Run schedules, in every run the same."""
    machine = type("Narrow", (Takeover,), {"world": world, "moves": NARROW})
    chosen = settings(
        max_examples=count,
        stateful_step_count=STEPS,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        report_multiple_bugs=False,
    )
    run_state_machine_as_test(machine, settings=chosen)


def test_the_same_moves_come_to_the_same() -> None:
    """So what fails once fails again: whatever the run, and however many schedules were before it."""
    happened: list[dict[str, int]] = []
    for before in (0, 1000):
        with broken(None) as world:
            world.schedule = before
            run_same(world, FEW)
            happened.append(world.happened)
    assert happened[0] == happened[1]
    assert happened[0]


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_gets_through(name: str) -> None:
    """An attack leads to what the machine forbids where the rule is broken, and to nothing where it is not."""
    rule, moves = ATTACKS[name]
    with broken(None) as world:
        attack(world, moves)
    with broken(rule) as world, pytest.raises(AssertionError) as found:
        attack(world, moves)
    print(f"\n{name}: {str(found.value)[:150]}")  # noqa: T201  likewise


def attack(world: World, moves: Sequence[Move]) -> None:
    """Make moves, and look after each."""
    machine: Takeover = type("Attack", (Takeover,), {"world": world})()
    world.begin(frozenset(TENANTS))
    for each in moves:
        machine.make(each)
        machine.nobody_is_in_anothers_account()
        machine.one_primary_user_for_each_address()
        machine.what_is_linked_is_verified()
