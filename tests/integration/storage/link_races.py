"""
A process of the race of links: does what it is told on a line (a database, a seed, how much), and says what came of it.

Several of them link, unlink, share, change, disable and delete the same few users at once.
"""

from __future__ import annotations

import json
import random
import sys
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Final

import attrs

from authweave.recipe.emailpassword.store import PASSWORDS
from authweave.recipe.emailpassword.store.contract import a_login
from authweave.recipe.session.store import SESSIONS
from authweave.recipe.session.store.contract import a_session
from authweave.recipe.thirdparty.store import THIRD_PARTIES
from authweave.recipe.thirdparty.store.contract import a_third_party_login
from authweave.storage import (
    BarredUserError,
    ContactTakenError,
    DisabledUserError,
    EmailTakenError,
    LinkedUserError,
    Storage,
    StorageError,
    StorePart,
)
from authweave.storage.sql import open_storage
from tests.patience import PATIENT

PARTS: Final[tuple[StorePart[object], ...]] = (PASSWORDS, THIRD_PARTIES, SESSIONS)
TENANTS: Final = ("public", "acme", "zeta")
EMAILS: Final = ("a@example.com", "b@example.com", "c@example.com", "d@example.com")
LOGINS: Final = 12
"""So many login methods there are: the even ones have passwords, the odd ones a provider."""
THREADS: Final = 16
REFUSALS: Final = (BarredUserError, ContactTakenError, DisabledUserError, EmailTakenError, LinkedUserError)
NOW_MS: Final = 1_700_000_000_000


def login_id(number: int) -> str:
    """Return the id of a login method; it is that of its first user too."""
    return f"user-{number}"


def add_login(storage: Storage, number: int, email: str, tenant_id: str) -> object:
    """Add a user; or sign in with a provider, which may give another address."""
    if number % 2:
        login = a_third_party_login(number, subject=f"subject-{number}", tenant_id=tenant_id, email=email)
        return storage.part(THIRD_PARTIES).sign_in_or_up(attrs.evolve(login, recipe_user_id=login.user_id))
    login = a_login(number, email=email, tenant_id=tenant_id)
    return storage.part(PASSWORDS).create_user_with_password(attrs.evolve(login, recipe_user_id=login.user_id))


class Racer:
    """
    Does something at random.

    Args:
        storage: to whose users.
        seed: tells what.
    """

    def __init__(self, storage: Storage, seed: str) -> None:
        self._storage = storage
        self._random = random.Random(seed)  # noqa: S311  no secret
        often = [self.link, self.unlink, self.make_primary, self.sign_in]
        seldom = [self.share, self.take_out, self.change_address, self.begin_session]
        self._steps: list[Callable[[str], object]] = [*often * 5, *seldom * 2, self.disable, self.delete]

    def step(self) -> str:
        """Do one thing, and return what was done and what came of it."""
        step = self._random.choice(self._steps)
        try:
            answer = step(login_id(self._random.randrange(LOGINS)))
        except REFUSALS as refusal:
            answer = refusal
        except Exception as error:  # noqa: BLE001  the test is told
            return f"FAULT {step.__name__}: {type(error).__name__}: {error}"
        new = " new" if getattr(answer, "is_new", False) or getattr(answer, "was_linked", False) else ""
        return f"{step.__name__}: {type(answer).__name__}{new}"

    def link(self, user_id: str) -> object:
        return self._storage.link_accounts(user_id, login_id(self._random.randrange(LOGINS)))

    def unlink(self, user_id: str) -> object:
        return self._storage.unlink_account(user_id, now_ms=NOW_MS)

    def make_primary(self, user_id: str) -> object:
        return self._storage.create_primary_user(user_id)

    def share(self, user_id: str) -> object:
        return self._storage.add_to_tenant(user_id, self._random.choice(TENANTS))

    def take_out(self, user_id: str) -> object:
        return self._storage.remove_from_tenant(user_id, self._random.choice(TENANTS))

    def change_address(self, user_id: str) -> object:
        email = self._random.choice(EMAILS)
        return self._storage.part(PASSWORDS).update_password_login(user_id, email=email, password_hash=None)

    def sign_in(self, user_id: str) -> object:
        """Sign in with a provider, with whatever address; or sign up again, where the login method was deleted."""
        number, tenant_id = int(user_id.rpartition("-")[2]), self._random.choice(TENANTS)
        identity = (tenant_id, "provider", "", f"subject-{number}")
        is_known = self._storage.part(THIRD_PARTIES).find_third_party_login(*identity) is not None
        if not is_known and self._storage.find_user(user_id) is not None:
            return None
        try:
            return add_login(self._storage, number, self._random.choice(EMAILS), tenant_id)
        except StorageError as error:
            if "ids of user and login method have to be new" in str(error):  # somebody was faster, in another tenant
                return None
            raise

    def disable(self, user_id: str) -> object:
        return self._storage.set_disabled(user_id, self._random.choice((NOW_MS, None, None)))

    def delete(self, user_id: str) -> object:
        return self._storage.delete_user(user_id, now_ms=NOW_MS, remove_all_linked_accounts=self._random.random() < 0.3)

    def begin_session(self, user_id: str) -> object:
        user = self._storage.find_user(user_id)
        if user is None:
            return None
        session = a_session(self._random.getrandbits(60), user_id=user.id)
        return self._storage.part(SESSIONS).create_session(attrs.evolve(session, recipe_user_id=user_id))


def race(url: str, seed: str, steps: int) -> Counter[str]:
    """Do so many steps in each of the threads, which begin at once; count what came of them."""
    storage = open_storage(url, PATIENT, PARTS)
    barrier = Barrier(THREADS)

    def run(number: int) -> list[str]:
        racer = Racer(storage, f"{seed}-{number}")
        barrier.wait()
        return [racer.step() for _ in range(steps)]

    with ThreadPoolExecutor(THREADS) as threads:
        told = Counter(each for told in threads.map(run, range(THREADS)) for each in told)
    storage.close()
    return told


if __name__ == "__main__":
    for line in sys.stdin:
        address, told_seed, count = line.split()
        sys.stdout.write(json.dumps(race(address, told_seed, int(count))) + "\n")
        sys.stdout.flush()
