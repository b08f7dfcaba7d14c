"""
64 uses at once of what is good once, from four processes: exactly one wins. Of 64 guesses at once five are compared.

``nox -s factor_races`` has them race more often.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Final

import pytest

from tests.stores import open_whole

from .racing import ORDERS

ROOT: Final = Path(__file__).parents[3]
PROCESSES: Final = 4
AT_ONCE: Final = 64
ROUNDS: Final = int(os.environ.get("AUTHWEAVE_RACES", "2"))

WINS: Final = {
    "code": "ConsumeCodeOkResult",
    "link": "ConsumeCodeOkResult",
    "step": "VerifyTOTPOkResult",
    "recovery code": "VerifyRecoveryCodeOkResult",
    "challenge": "SignInResponse",
    "challenge of a passkey that counts": "SignInResponse",
}
GUESSES: Final = 5
WRONG: Final = {
    "wrong code": ("ConsumeCodeIncorrectUserInputCodeError", GUESSES - 1),  # with the fifth one has to begin again
    "wrong step": ("InvalidTOTPError", GUESSES),
    "wrong recovery code": ("InvalidRecoveryCodeError", GUESSES),
}


@pytest.mark.slow
def test_one_wins_on_sqlite(tmp_path: Path) -> None:
    """Whatever it is; the others have typed results."""
    race(f"sqlite:///{tmp_path / 'auth.db'}")


@pytest.mark.slow
def test_one_wins_on_postgresql(new_postgresql_url: Callable[[], str]) -> None:
    """The same."""
    race(new_postgresql_url())


def race(url: str) -> None:
    """Let them race for each thing, again and again."""
    open_whole(url).close()
    command = [sys.executable, "-m", "tests.integration.factors.racing", url, str(PROCESSES), str(AT_ONCE // PROCESSES)]
    results: dict[str, Counter[str]] = {what: Counter() for what in ORDERS}
    with subprocess.Popen(  # noqa: S603  our own program
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as processes:
        assert processes.stdin is not None
        assert processes.stdout is not None
        with closing(processes.stdin):
            assert processes.stdout.readline() == "ready\n"
            for _ in range(ROUNDS):
                for what in ORDERS:
                    processes.stdin.write(f"{what}\n")
                    processes.stdin.flush()
                    came: dict[str, int] = json.loads(processes.stdout.readline())
                    result, times = (WINS[what], 1) if what in WINS else WRONG[what]
                    assert (came.get(result), sum(came.values())) == (times, AT_ONCE), (what, came)
                    results[what].update(came)
    for what, counted in results.items():
        print(f"\n{url.partition(':')[0]}: {what}, {ROUNDS} rounds: {dict(counted)}")  # noqa: T201  for nox
