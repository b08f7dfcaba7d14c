"""``authweave user import``: brings users in, from a file of ours or from another system."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Annotated, Final, TextIO

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from authweave import App, AuthweaveError, UserContext
from authweave.moving import ISSUERS, Counts, ImportOptions, LinesFile, Source, import_users
from authweave.moving.readers import OPEN, Asked
from authweave.storage.sql import SQLStorage, open_storage, whole_store
from authweave.types import PUBLIC_TENANT

from ._db_parts import store_parts
from ._inspect import load_app
from ._output import fail, say
from ._store import PATIENT
from ._user_app import AppTarget, StoreTarget, secrets_of

SKIPPED: Final = 3
"""The exit status where some lines were passed over and the others imported."""

OURS: Final = "authweave"


def import_file(
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE",
            help="What to read: a file, - for standard input; or the URL of the other system's database, which "
            "AUTHWEAVE_IMPORT_FROM may hold as well.",
            envvar="AUTHWEAVE_IMPORT_FROM",
            show_default=False,
        ),
    ],
    *,
    target: AppTarget = None,
    url: StoreTarget = None,
    hooks: Annotated[
        bool, typer.Option(help="With --app: whether its hooks for new users are called for those that are imported.")
    ] = True,
    kind: Annotated[
        str, typer.Option("--from", metavar="SYSTEM", help=f"Whose users they are: {', '.join((OURS, *OPEN))}.")
    ] = OURS,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen, and change nothing.")] = False,
    report: Annotated[
        Path | None,
        typer.Option(
            "--report", metavar="FILE", help="Where to write the lines that are passed over.", show_default=False
        ),
    ] = None,
    tenant: Annotated[str, typer.Option(help="Where users go whose source has no tenants.")] = PUBLIC_TENANT,
    create_tenants: Annotated[bool, typer.Option("--create-tenants", help="Make tenants that there are not.")] = False,
    without_unknown_hashes: Annotated[
        bool,
        typer.Option(
            "--without-unknown-hashes",
            help="Import users whose password hash cannot be verified without a password, so that they set a new one, "
            "instead of passing them over.",
        ),
    ] = False,
    issuer: Annotated[
        list[str] | None,
        typer.Option(
            "--issuer",
            metavar="PROVIDER=ISSUER",
            help="Who issues the ids of a provider, where the source does not say: "
            "active-directory=https://login.microsoftonline.com/ID/v2.0",
            show_default=False,
        ),
    ] = None,
    setting: Annotated[
        list[str] | None,
        typer.Option(
            "--set", metavar="NAME=VALUE", help="What a source needs beside; its page says what.", show_default=False
        ),
    ] = None,
) -> None:
    """
    Import users: those of a file that `authweave user export` has written, or those of another system.

    Started again after it was killed, it goes on. Users that are there already stay as they are. Lines that cannot be
    imported are reported and passed over; then the exit status is 3.
    """
    options = ImportOptions(
        dry_run=dry_run,
        create_tenants=create_tenants,
        without_unknown_hashes=without_unknown_hashes,
        issuers={**ISSUERS, **pairs(issuer or (), "--issuer")},
    )
    try:
        source = open_source(kind, file, Asked(tenant, pairs(setting or (), "--set")))
        with opened_store(target, url, hooks=hooks) as (storage, on_created, seal):
            counts = run(source, storage, options, report, on_created, seal)
    except AuthweaveError as error:
        fail(str(error))
    tell(counts, options, report)
    if counts.bad:
        raise typer.Exit(SKIPPED)


def open_source(kind: str, file: str, asked: Asked) -> Source:
    """Open what is read."""
    if kind != OURS:
        if kind not in OPEN:
            fail(f"--from {kind!r} is none of {', '.join((OURS, *OPEN))}.")
        return OPEN[kind](file, asked)
    if file == "-":
        return LinesFile(sys.stdin.buffer, kind)
    path = Path(file)
    if not path.is_file():
        fail(f"There is no file {file!r}: check the name, and the directory that the command was started in.")
    return LinesFile(path, kind)


@contextmanager
def opened_store(
    target: str | None, url: str | None, *, hooks: bool
) -> Generator[tuple[SQLStorage, Callable[[str], None] | None, Callable[[str], str] | None]]:
    """Open the store of an application, with what calls its hooks and seals devices, or that at a URL."""
    if target is not None:
        with closing(load_app(target)) as app:
            storage = whole_store(app.services.storage)
            if storage is None:
                fail("The application's store is not in SQL: users cannot be imported into it.")
            is_heard = hooks and app.services.hooks.hears("created")
            yield storage, partial(call_hooks, app) if is_heard else None, secrets_of(app).seal
    elif url is not None:
        with closing(open_storage(url, PATIENT, store_parts())) as storage:
            yield storage, None, None
    else:
        fail("Say where: --app module:app for an application, or --storage URL for a database.")


def call_hooks(app: App, user_id: str) -> None:
    """Tell the hooks of an application of a user that was created, in the transaction that did."""
    if (user := app.services.storage.find_user(user_id)) is not None:
        app.services.hooks.user_created(user, UserContext())


def run(
    source: Source,
    storage: SQLStorage,
    options: ImportOptions,
    report: Path | None,
    on_created: Callable[[str], None] | None,
    seal: Callable[[str], str] | None,
) -> Counts:
    """Import, with a bar in a terminal, and faults where they are wanted."""
    errors = Console(stderr=True)
    faults = Faults(report)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=errors, transient=True, disable=not errors.is_terminal) as bar:
        task = bar.add_task("Importing", total=source.size)

        def on_progress(done: int, counts: Counts) -> None:
            bar.update(task, completed=done, description=f"{counts.added} added, {counts.bad} passed over")

        try:
            return import_users(
                source,
                storage,
                storage.clock,
                options,
                on_begin=faults.begin,
                on_fault=faults.note,
                on_progress=on_progress,
                on_created=on_created,
                seal=seal,
            )
        finally:
            faults.close()


class Faults:
    """
    The lines that are passed over, in a file or on standard error.

    The file is on the disk before the batch is committed, and what is written again after a kill replaces what was.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._file: TextIO | None = None

    def begin(self, resumed_at_line: int) -> None:
        """Open the file; keep what it has of the lines that are behind."""
        if resumed_at_line:
            sys.stderr.write(f"An earlier import was interrupted: going on after line {resumed_at_line}.\n")
        if self._path is None:
            return
        kept = kept_lines(self._path, resumed_at_line) if resumed_at_line and self._path.is_file() else []
        try:
            self._file = self._path.open("w", encoding="utf-8")
        except OSError as error:
            fail(f"{str(self._path)!r} cannot be written ({error.strerror}): name another place for --report.")
        self._file.writelines(kept)

    def note(self, line: int, reason: str) -> None:
        """Write that a line is passed over."""
        if self._file is None:
            sys.stderr.write(f"line {line}: {reason}\n")
            return
        self._file.write(json.dumps({"line": line, "reason": reason}) + "\n")
        self._file.flush()

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()


def kept_lines(path: Path, up_to: int) -> list[str]:
    """Return what an earlier run has reported of the lines that it has committed."""
    kept: list[str] = []
    for text in path.read_text(encoding="utf-8").splitlines(keepends=True):
        try:
            if json.loads(text)["line"] <= up_to:
                kept.append(text)
        except (ValueError, KeyError, TypeError):
            break  # it was killed while it wrote this
    return kept


def pairs(given: Sequence[str], option: str) -> Mapping[str, str]:
    """Return what an option says, NAME=VALUE each."""
    for each in given:
        if "=" not in each:
            fail(f"{option} {each!r}: write NAME=VALUE.")
    return dict(each.split("=", 1) for each in given)


def tell(counts: Counts, options: ImportOptions, report: Path | None) -> None:
    """Say what came of it."""
    verb = "would be imported" if options.dry_run else "imported"
    say(f"{counts.added} users {verb}, {counts.known} were there already, {counts.bad} lines passed over.")
    if counts.bad and report is not None:
        say(f"{report} says which lines, and why.")
    if counts.stand_ins and not options.dry_run:
        say(
            "Their hashes are verified as they are, and made anew at the next sign-in. Until then the time of an "
            "answer tells such an account from an unknown address, unless init is given:",
            "",
            "passwords=PasswordHasher(",
            "    imported=[",
            *(f"        {stand_in!r},  # {count} users" for stand_in, count in counts.stand_ins.most_common()),
            "    ],",
            ")",
        )
