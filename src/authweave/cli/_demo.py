"""``authweave demo``: a page on which the documents' example is at work."""

from __future__ import annotations

import errno
import importlib.util
import os
import socket
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.text import Text

from authweave import AuthweaveError
from authweave.types import install_command

from ._output import fail, say

LOOPBACK: Final = "127.0.0.1"
DATA: Final = "authweave-demo.db"
NEEDED: Final = ("fastapi", "httpx2", "phonenumbers", "pyotp", "segno", "uvicorn", "webauthn")


def demo(
    *,
    host: Annotated[str, typer.Option(help="Address to serve on; anything else lets other machines in.")] = LOOPBACK,
    port: Annotated[
        int | None,
        typer.Option(min=0, max=65535, help="Port to serve on.", show_default="3567, or a free one if it is taken"),
    ] = None,
    data: Annotated[
        str, typer.Option(metavar="FILE", help="File to keep users and sessions in.")  # a Path would lose a last slash
    ] = DATA,
    provider: Annotated[
        Path | None,
        typer.Option(
            help="Folder in which `npm install oidc-provider` was run: a local provider to sign in with.",
            show_default="the working directory, where that has it",
        ),
    ] = None,
    check: Annotated[
        bool,
        typer.Option(
            "--check", help="Run the whole scenario over HTTP instead, with data of its own, and exit 0 or 1."
        ),
    ] = False,
) -> None:
    """
    Serve a page that shows overrides and the user context at work.

    Sign up, and no session comes of it; sign in, and one does.
    Beside each action the page shows which overrides ran and which keys they set.
    """
    require_extra()
    try:
        if check:
            run_check()
        else:
            serve(host, port, data_file(data), provider)
    except AuthweaveError as error:
        fail(str(error))


def require_extra(names: Sequence[str] = NEEDED) -> None:
    """End the command with the line to install what it needs, where that is missing."""
    missing = [name for name in names if importlib.util.find_spec(name) is None]
    if missing:
        is_or_are = "is" if len(missing) == 1 else "are"
        fail(
            f"authweave demo needs {' and '.join(missing)}, which {is_or_are} not installed. "
            f"Install the demo's extra: {install_command('demo')}"
        )


def data_file(text: str) -> Path:
    """Return the absolute path of the data file, or end the command where it cannot be one."""
    data = Path(text).absolute()
    if "?" in str(data):  # it would end the path in the URL of a store
        fail(f"{data} cannot hold the data: name a file by --data, without a question mark in its path.")
    if data.is_dir():
        fail(f"{data} is a directory: name a file in it, --data={data / DATA}.")
    if text.endswith(("/", os.sep)):
        fail(f"There is no directory {data}: make it, and name a file in it, --data={data / DATA}.")
    if not data.parent.is_dir():
        fail(f"There is no directory {data.parent} for the data: make it, or name another file by --data.")
    if data.exists() and not is_sound(data):
        fail(
            f"{data} is damaged, or is not an SQLite database: name another file by --data, or move this one away to "
            "start anew."
        )
    return data


def is_sound(data: Path) -> bool:
    """Return whether a file is a database that SQLite can read to its end. A demo's is small enough to be read."""
    try:
        with closing(sqlite3.connect(f"{data.as_uri()}?mode=ro", uri=True)) as database:
            return database.execute("PRAGMA quick_check(1)").fetchall() == [("ok",)]
    except sqlite3.DatabaseError:
        return False


def explain_failure_to_listen(error: Exception, host: str, port: int | None) -> str:
    """Say why the demo cannot listen, and which option to change for it."""
    if isinstance(error, socket.gaierror | UnicodeError):
        return f"There is no host {host!r} that this machine knows: correct --host, or leave it out for {LOOPBACK}."
    number = getattr(error, "errno", None)
    if number == errno.EADDRNOTAVAIL:
        return f"{host} is not an address of this machine: correct --host, or leave it out for {LOOPBACK}."
    where = host if port is None else f"{host}, port {port}"
    if number in {errno.EACCES, errno.EPERM}:
        return f"This user may not listen on {where}: choose a --port of 1024 or more, or leave it out."
    if number == errno.EADDRINUSE:
        return f"Cannot listen on {where}, which is in use: choose another --port, or leave it out."
    return f"Cannot listen on {where}: {getattr(error, 'strerror', None) or error}."


def serve(host: str, port: int | None, data: Path, packages: Path | None) -> None:
    """Serve the page until Ctrl-C."""
    # Needs the extra, which the rest of the command line does without.
    from authweave.ingredients.emaildelivery import DevelopmentMails

    from .demo import PREFERRED_PORT, demo_app, listen, make_server, offer_provider, origin_of, web_app

    try:
        listener = listen(host, port)
    except (OSError, UnicodeError) as error:  # a name that cannot be one is a UnicodeError
        fail(explain_failure_to_listen(error, host, port))
    with listener, offer_provider(origin_of(listener), packages) as offer:
        origin = origin_of(listener)
        mails = DevelopmentMails()
        app = demo_app(origin, f"sqlite:///{data}", *offer.providers, mails=mails)
        is_preferred_in_use = port is None and listener.getsockname()[1] != PREFERRED_PORT
        say(
            *([f"Port {PREFERRED_PORT} is taken, so this is another one."] if is_preferred_in_use else []),
            Text.assemble("Open  ", (origin, "bold cyan")),
            f"Data  {data} (users and sessions; its secret is in a file beside it)",
            offer.message,
            Text.assemble("Mails are printed here, and shown at ", (f"{origin}/dev/mails", "bold cyan")),
            "Ctrl-C ends the demo; started again with the same data, it knows its users.",
        )
        try:
            make_server(web_app(app, offer.why_not, mails)).run(sockets=[listener])
        except KeyboardInterrupt:
            pass  # the server has ended in good order, and says by this what ended it
        finally:
            app.close()
    say("", f"The demo has ended. Its data stays in {data}.")


def run_check() -> None:
    """Run the scenario, print each step, and fail where one went wrong."""
    from .demo import check_steps

    failures = 0
    for step in check_steps():
        mark = ("ok    ", "green") if step.ok else ("FAILED", "bold red")
        say(Text.assemble(mark, f"  {step.mode:<6}  {step.name}: {step.outcome}"))
        failures += not step.ok
    if failures:
        fail("the demo does not work as it should; the failed step says what came instead.")
    say("All steps went as they should.")
