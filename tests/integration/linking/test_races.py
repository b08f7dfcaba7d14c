"""64 links and unlinks at once over the same users, from four processes, by the public functions."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Generator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Final

import pytest

from authweave.recipe.emailpassword.store import PASSWORDS, PasswordLogin
from authweave.storage import ContactTakenError, EmailTakenError, Storage
from authweave.types import User
from tests.linked_accounts import faults_of
from tests.stores import open_whole

from .racing import PEOPLE, TENANTS, login_id_of

ROOT: Final = Path(__file__).parents[3]
PROCESSES: Final = 4
AT_ONCE: Final = 64
ROUNDS: Final = int(os.environ.get("AUTHWEAVE_RACES", "3"))


@pytest.mark.slow
def test_on_sqlite(tmp_path: Path) -> None:
    """No login method is in two users, and no address of two primary users; each answer is a typed one."""
    race(f"sqlite:///{tmp_path / 'auth.db'}")


@pytest.mark.slow
def test_on_postgresql(new_postgresql_url: Callable[[], str]) -> None:
    """The same."""
    race(new_postgresql_url())


@contextmanager
def racer(url: str, seed: int) -> Generator[subprocess.Popen[str]]:
    """Start a process."""
    command = [sys.executable, "-m", "tests.integration.linking.racing", url, str(seed), str(AT_ONCE // PROCESSES)]
    with subprocess.Popen(  # noqa: S603  our own program
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as process:
        try:
            yield process
        finally:
            assert process.stdin is not None
            process.stdin.close()


def line_of(process: subprocess.Popen[str]) -> str:
    """Read a line that a process says."""
    assert process.stdout is not None
    return process.stdout.readline()


def race(url: str) -> None:
    """Let them race, again and again over what is left of the last time."""
    answers: Counter[str] = Counter()
    with closing(open_whole(url)) as storage, ExitStack() as stack:
        storage.create_tenant("t1")
        processes = [stack.enter_context(racer(url, seed)) for seed in range(PROCESSES)]
        assert [line_of(each) for each in processes] == ["ready\n"] * PROCESSES
        for number in range(ROUNDS):
            people_are_there(storage, number)
            for each in processes:
                assert each.stdin is not None
                each.stdin.write("go\n")
                each.stdin.flush()
            for each in processes:
                said: dict[str, int] = json.loads(line_of(each))
                answers.update(said)
            users = everybody(storage)
            assert not list(faults_of(users))
            methods = [method.recipe_user_id for user in users for method in user.login_methods]
            assert len(methods) == len(set(methods))
    print(f"\n{url.partition(':')[0]}: {ROUNDS} rounds", *sorted(answers.items()), sep="\n  ")  # noqa: T201  for nox
    assert {"link: LinkAccountsOkResult", "unlink: UnlinkAccountOkResult"} <= set(answers)


def people_are_there(storage: Storage, number: int) -> None:
    """Have everybody who is gone sign up again: some share an address, each with one in another tenant."""
    for person in range(PEOPLE):
        if storage.find_user(login_id_of(person)) is not None:
            continue
        login = PasswordLogin(
            user_id=login_id_of(person),
            recipe_user_id=login_id_of(person),
            tenant_id=TENANTS[person % 2],
            email=f"person-{person // 2}@example.com",
            password_hash="!",
            time_joined_ms=number * PEOPLE + person,
        )
        try:
            storage.part(PASSWORDS).create_user_with_password(login)
        except (EmailTakenError, ContactTakenError):  # who shares the address has joined that tenant
            continue


def everybody(storage: Storage) -> list[User]:
    """Return all users, those in no tenant too."""
    found = [storage.find_user(login_id_of(person)) for person in range(PEOPLE)]
    return list({user.id: user for user in found if user is not None}.values())
