"""The programs of ``examples/moved/``: copied, moved over, run."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final, Literal, cast

import attrs
import httpx2

from authweave.app import init
from authweave.recipe import emailpassword, emailverification, session, thirdparty, usermetadata, userroles
from authweave.types import JSON, InputAppInfo
from tests.patience import PATIENCE_S

ROOT: Final = Path(__file__).parents[3]
PROGRAMS: Final = ROOT / "examples" / "moved"
SERVES: Final = Path(__file__).with_name("serves.py")
AUTHWEAVE: Final = (sys.executable, "-m", "authweave")

Mode = Literal["unchanged", "moved"]


@attrs.frozen
class Programs:
    """
    The programs, in one of the two ways in which they run.

    Attributes:
        mode: unchanged, by ``authweave moved run``; or a copy that ``authweave moved write`` has changed.
        sources: where they are.
        folder: where their databases and logs go.
        tables: a database that has all tables and nothing in them.
        server: what serves them.
    """

    mode: Mode
    sources: Path
    folder: Path
    tables: Path
    server: subprocess.Popen[str]

    @contextmanager
    def client(self, name: str, **environment: str) -> Generator[httpx2.Client]:
        """Serve a program for a block; yields a client. What the program wrote is told with a failure."""
        database, log = self.database(name), self.folder / f"{name}.log"
        order = {
            "program": str(self.sources / f"{name}.py"),
            "environment": {"SUPERTOKENS_CONNECTION_URI": f"sqlite:///{database}", **environment},
            "log": str(log),
        }
        stdin, stdout = cast("tuple[IO[str], IO[str]]", (self.server.stdin, self.server.stdout))  # pipes, as asked for
        print(json.dumps(order), file=stdin, flush=True)
        started: dict[str, int] = json.loads(stdout.readline())
        try:
            with httpx2.Client(base_url=f"http://127.0.0.1:{started['port']}", timeout=PATIENCE_S) as client:
                yield client
        except (AssertionError, httpx2.HTTPError, ValueError, LookupError) as error:
            error.add_note(f"{name}, {self.mode}, wrote:\n{log.read_text()[-5000:]}")
            raise
        finally:
            end(started["process"])

    def command(self, *arguments: str, name: str) -> subprocess.CompletedProcess[str]:
        """Run Python, or ``authweave moved run``, with a program's database."""
        start = (*AUTHWEAVE, "moved", "run") if self.mode == "unchanged" else (sys.executable,)
        environment = {**os.environ, "SUPERTOKENS_CONNECTION_URI": f"sqlite:///{self.database(name)}"}
        return subprocess.run(  # noqa: S603  our own programs
            [*start, *arguments], cwd=self.sources, env=environment, capture_output=True, text=True, check=False
        )

    def database(self, name: str) -> Path:
        """Make a program's database."""
        return Path(shutil.copy(self.tables, self.folder / f"{name}.db"))


def end(process: int) -> None:
    """End a process that serves a program, if it has not ended."""
    try:
        os.kill(process, signal.SIGKILL)
    except ProcessLookupError:
        return


@contextmanager
def serving(mode: Mode, sources: Path, folder: Path, tables: Path) -> Generator[Programs]:
    """Start what serves the programs, for a block."""
    start = (*AUTHWEAVE, "moved", "run") if mode == "unchanged" else (sys.executable,)
    with subprocess.Popen(  # noqa: S603  our own
        [*start, str(SERVES)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=folder
    ) as server:
        yield Programs(mode, sources, folder, tables, server)
        assert server.stdin is not None
        server.stdin.close()  # which ends it


def make_tables(database: Path) -> None:
    """Make a database with the tables of every recipe that a program lists."""
    app = init(
        InputAppInfo(app_name="Tables", api_domain="http://localhost:8000", website_domain="http://localhost:3000"),
        [
            emailpassword.init(),
            emailverification.init(mode="OPTIONAL"),
            thirdparty.init(),
            session.init(),
            usermetadata.init(),
            userroles.init(),
        ],
        storage=f"sqlite:///{database}",
        default=False,
    )
    app.close()


def written(folder: Path) -> Path:
    """Return a copy of the programs that ``authweave moved write`` has changed."""
    copy = folder / "programs"
    shutil.copytree(PROGRAMS, copy, ignore=shutil.ignore_patterns("__pycache__"))
    command(*AUTHWEAVE, "moved", "write", str(copy))  # which ends with 1 where something is left to a person
    return copy


def difference(program: Path) -> list[str]:
    """Return the lines that ``authweave moved check`` shows: what it would change in a program."""
    done = subprocess.run(  # noqa: S603  our own
        [*AUTHWEAVE, "moved", "check", str(program)], capture_output=True, text=True, check=False
    )
    assert " 0 places left to a person" in done.stderr, done.stdout + done.stderr
    return done.stdout.splitlines()


def command(*arguments: str) -> str:
    """Run a command, which has to succeed, and return what it writes."""
    done = subprocess.run(arguments, capture_output=True, text=True, check=False)  # noqa: S603  our own
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def keys(answer: httpx2.Response) -> set[str]:
    """Return the keys of an answer's JSON."""
    return set(cast("dict[str, JSON]", answer.json()))  # an object, or the test fails
