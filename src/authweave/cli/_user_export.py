"""``authweave user export``: writes all users as lines that can be imported again."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Generator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Annotated, TextIO

import attrs
import typer

from authweave import AuthweaveError
from authweave.moving import export_users
from authweave.recipe.totp.store import TOTPDevice
from authweave.storage.sql import SQLStorage, open_storage, whole_store

from ._db_parts import parts_in_use, with_parts_beside
from ._inspect import load_app
from ._output import fail
from ._store import PATIENT, require_database
from ._user_app import WHICH_USERS, AppTarget, StoreTarget, secrets_of


def export_file(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The new file; - for standard output.")],
    *,
    target: AppTarget = None,
    url: StoreTarget = None,
    without_devices: Annotated[
        bool,
        typer.Option(
            "--without-totp-devices",
            help="Leave TOTP devices out, whose secrets --app alone can open: their users set them up anew.",
        ),
    ] = False,
) -> None:
    """
    Write all users with their hashes, passkeys, TOTP devices, roles and metadata, for `authweave user import`.

    It is a JSON object a line. Sessions and signing keys are not in it. The file may be read by its owner alone:
    whoever has it can try passwords, and has the codes of the devices.
    """
    count = 0
    try:
        with opened_store(target, url) as (storage, secret_of), open_new_file(file) as out:
            for line in export_users(storage, secret_of, without_devices=without_devices):
                out.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")
                count += 1
    except AuthweaveError as error:
        fail(str(error))
    sys.stderr.write(f"{count} users exported.\n")


@contextmanager
def opened_store(
    target: str | None, url: str | None
) -> Generator[tuple[SQLStorage, Callable[[TOTPDevice], str] | None]]:
    """Open the store of an application, with what opens the secrets of devices, or that at a URL."""
    if target is not None:
        with closing(load_app(target)) as app:
            storage = whole_store(app.services.storage)
            if storage is None:
                fail("The application's store is not in SQL: users cannot be exported from it.")
            yield with_parts_beside(storage), secrets_of(app).secret_of
    elif url is not None:
        require_database(url)
        with closing(open_storage(url, attrs.evolve(PATIENT, migrate=False), parts_in_use(url))) as storage:
            yield storage, None
    else:
        fail(WHICH_USERS)


@contextmanager
def open_new_file(file: Path) -> Generator[TextIO]:
    """Open a new file that only its owner may read, or standard output."""
    if str(file) == "-":
        yield sys.stdout
        return
    part = file.with_name(f"{file.name}.part")
    made: list[Path] = []
    try:
        for path in (file, part):  # the first is empty until all is written: half an export looks like a whole one
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            made.append(path)
        with part.open("w", encoding="utf-8") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        part.replace(file)
        made.clear()
    except FileExistsError as error:
        fail(f"{str(error.filename)!r} exists already: name a new file, nothing is overwritten.")
    except OSError as error:
        fail(f"{str(file)!r} cannot be written ({error.strerror}): name another place.")
    finally:
        for path in made:
            path.unlink()
