"""Checks of where the data is, and of the secret that goes with it."""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from authweave.app._secret import secret_beside
from authweave.extending import Check, Finding, Services
from authweave.storage import Storage
from authweave.storage.memory import MemoryStorage
from authweave.types import PUBLIC_TENANT

from ._settings import is_unpredictable

if TYPE_CHECKING:
    from authweave.storage.sql import Migrations

GROUP_AND_OTHERS = 0o077


@attrs.frozen(eq=False)
class StoreChecks:
    """
    Look at the store and the secret.

    Attributes:
        services: what the application hands to its recipes.
        storage: where the data is, as `authweave.init` was told: a URL, or a store.
        has_secret: whether the secret was configured.
        environment: the variables of the process.
    """

    services: Services
    storage: str | Storage = attrs.field(repr=False)
    has_secret: bool = attrs.field(kw_only=True)
    environment: Mapping[str, str] = attrs.field(default=os.environ, repr=False)

    def checks(self) -> tuple[Check, ...]:
        """Return the checks."""
        return (
            Check("secret", "The secret is unpredictable, and kept apart from the data", self.secret),
            Check("storage", "The store is there, and lasts", self.reachable),
            Check("tables", "The tables are those of this release", self.tables),
            Check("processes", "All processes can share the store", self.processes),
            Check("backups", "There are backups", self.backups),
        )

    def secret(self) -> Finding:
        """Look at where the secret comes from."""
        make = "python -c 'import secrets; print(secrets.token_urlsafe())'"
        if self.has_secret:
            if is_unpredictable(self.services.secret.value):
                return Finding("ok", "It is configured.")
            return Finding("fault", "It is configured, and looks as if somebody had typed it.", f"Make one: {make}")
        file = self.file()
        if file is not None:
            found = f"It is in {secret_beside(file)}, beside the database."
            return Finding("note", found, "Back the two up apart, or move it: init(secret=...) takes the file's text.")
        if self.kind() == "memory":
            return Finding("fault", "It ends with the process, as the store in memory does.", f"Make one: {make}")
        advice = f"Make one, keep it as a secret, hand it to init(secret=...): {make}"
        return Finding("fault", "It is in the database, beside the keys that it encrypts.", advice)

    def reachable(self) -> Finding:
        """Ask the store."""
        self.services.storage.tenant_exists(PUBLIC_TENANT)
        kind = self.kind()
        if kind == "memory":
            return Finding("fault", "It is in memory: all users are gone when the process ends.", "Give init a URL.")
        file = self.file()
        if file is None:
            return Finding("ok", "PostgreSQL answers." if kind == "server" else "The store answers.")
        if os.name == "posix" and file.stat().st_mode & GROUP_AND_OTHERS:
            return Finding("warning", f"SQLite in {file}, which others on the machine may read.", f"chmod 600 {file}")
        return Finding("ok", f"SQLite in {file}.")

    def tables(self) -> Finding:
        """Compare the tables with those of this release."""
        migrations = self.migrations()
        if migrations is None or migrations.is_absent():
            return Finding("ok", "As the store was opened.")
        if missing := migrations.missing():
            return Finding("fault", f"They are not: {'; '.join(missing)}.", "Run `authweave db upgrade`.")
        return Finding("ok", "They are.")

    def processes(self) -> Finding:
        """Look at what processes may share."""
        workers = self.environment.get("WEB_CONCURRENCY", "1")
        kind = self.kind()
        if kind == "memory":
            return Finding("fault", "A store in memory is of one process alone.", "Give init a URL.")
        if self.file() is not None:
            found = "SQLite: any number of processes of one machine, which write one at a time."
            if workers not in {"", "1"}:
                found = f"{found} WEB_CONCURRENCY is {workers}."
            return Finding("note", found, "Keep the file on a disk of that machine. Several machines need PostgreSQL.")
        return Finding("ok", "A server, which any number of them may share.")

    def backups(self) -> Finding:
        """Say how, since whether is not to be seen from here."""
        file = self.file()
        if file is not None:
            command = f"authweave db backup {shlex.quote(f'sqlite:///{file}')} NEW_FILE"
            return Finding("note", "That cannot be seen from here.", f"Run it every day: {command}. Restore one once.")
        return Finding("note", "That cannot be seen from here.", "Let the server archive, and restore from it once.")

    def kind(self) -> str:
        """Return ``memory``, ``file``, ``server`` or, of a store of the application's own, ``other``."""
        if not isinstance(self.storage, str):
            return "memory" if isinstance(self.storage, MemoryStorage) else "other"
        from authweave.storage.sql import is_on_server

        if is_on_server(self.storage):
            return "server"
        return "memory" if self.file() is None else "file"

    def file(self) -> Path | None:
        """Return the file of an SQLite database; None where there is none, or it is not known."""
        if not isinstance(self.storage, str):
            return None
        from authweave.storage.sql import database_file

        return database_file(self.storage)

    def migrations(self) -> Migrations | None:
        """Return what knows the tables; None for a store that was handed over."""
        if not isinstance(self.storage, str):
            return None
        from authweave.storage.sql import Migrations

        return Migrations(self.storage, parts=self.services.storage.parts)
