"""What several processes, and one that is killed, do to a database file."""

import random
import subprocess
import sys
from pathlib import Path

import pytest

from authweave.recipe.session.store import SESSIONS
from tests.stores import open_whole

ROOT = Path(__file__).parents[3]

OPEN = """
import sys
from authweave.recipe._builtin import builtin_store_parts
from authweave.storage.sql import open_storage
from tests.patience import PATIENT
print("ready", flush=True)
sys.stdin.readline()
storage = open_storage(sys.argv[1], PATIENT, parts=builtin_store_parts())
storage.create_tenant("of-" + sys.argv[2])
storage.close()
"""

SIGN_UP = """
import sys
from authweave.recipe.emailpassword.store import PASSWORDS
from authweave.recipe.emailpassword.store.contract import a_login
from authweave.recipe.session.store import SESSIONS
from authweave.recipe.session.store.contract import a_session
from authweave.storage.sql import open_storage
from tests.patience import PATIENT
storage = open_storage(sys.argv[1], PATIENT, parts=[PASSWORDS, SESSIONS])
number = int(sys.argv[2])
while True:
    storage.part(PASSWORDS).create_user_with_password(a_login(number))
    storage.part(SESSIONS).create_session(a_session(number, user_id=f"user-{number}"))
    print(number, flush=True)
    number += 1
"""


def start(program: str, *arguments: str) -> subprocess.Popen[str]:
    """Start a Python program, with pipes to talk to it."""
    return subprocess.Popen(  # noqa: S603 (our own interpreter and programs)
        [sys.executable, "-W", "error", "-c", program, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,  # from where they import
    )


def test_processes_that_open_a_new_file_at_once_do_not_collide(tmp_path: Path) -> None:
    """All of them find the tables made once, and can write."""
    for attempt in range(3):
        url = f"sqlite:///{tmp_path}/{attempt}.db"
        processes = [start(OPEN, url, str(number)) for number in range(4)]
        for process in processes:
            assert process.stdout is not None
            process.stdout.readline()
        for process in processes:
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        errors = [process.communicate()[1] for process in processes]
        assert errors == [""] * len(processes)
        storage = open_whole(url)
        assert all(storage.tenant_exists(f"of-{number}") for number in range(len(processes)))
        storage.close()


@pytest.mark.slow
def test_nothing_acknowledged_is_lost_when_the_process_is_killed(tmp_path: Path) -> None:
    """Whatever a process said it had stored before it was killed is there afterwards, whole."""
    url = f"sqlite:///{tmp_path}/auth.db"
    chance = random.Random(1)  # noqa: S311 (chooses when to kill)
    acknowledged = [-1]
    for _ in range(5):
        process = start(SIGN_UP, url, str(acknowledged[-1] + 1_000))
        assert process.stdout is not None
        acknowledged += [int(process.stdout.readline()) for _ in range(chance.randint(1, 40))]
        process.kill()
        acknowledged += [int(line) for line in process.communicate()[0].splitlines()]
    storage = open_whole(url)
    for number in acknowledged[1:]:
        user = storage.find_user(f"user-{number}")
        assert user is not None
        assert user.emails == [f"user-{number}@example.com"]
        assert storage.part(SESSIONS).find_session(f"handle-{number}") is not None
    storage.close()
