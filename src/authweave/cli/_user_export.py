"""``authweave user export``: writes all users as lines that can be imported again."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, TextIO

import attrs
import typer

from authweave import AuthweaveError
from authweave.moving import export_users
from authweave.storage.sql import open_storage

from ._db_parts import parts_in_use
from ._output import fail
from ._store import PATIENT, StorageUrl, require_database


def export_file(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The new file; - for standard output.")],
    *,
    url: StorageUrl,
) -> None:
    """
    Write all users with their hashes, roles and metadata, a JSON object a line, for `authweave user import`.

    Sessions and signing keys are not in it. The file may be read by its owner alone: whoever has it can try passwords.
    """
    require_database(url)
    count = 0
    try:
        storage = open_storage(url, attrs.evolve(PATIENT, migrate=False), parts_in_use(url))
        try:
            with open_new_file(file) as out:
                for line in export_users(storage):
                    out.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")
                    count += 1
        finally:
            storage.close()
    except AuthweaveError as error:
        fail(str(error))
    sys.stderr.write(f"{count} users exported.\n")


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
