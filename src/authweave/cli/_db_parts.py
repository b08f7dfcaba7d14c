"""Whose tables ``authweave db`` looks after: the library's recipes' and those of installed packages."""

from __future__ import annotations

from importlib.metadata import entry_points
from typing import Final, cast

from sqlalchemy import inspect

from authweave.recipe._builtin import builtin_store_parts
from authweave.storage import StorePart
from authweave.storage.sql import Migrations, SQLStorage
from authweave.types import ConfigurationError

GROUP: Final = "authweave.store_parts"
"""Entry points of this group name a `StorePart` each: ``apikeys = "my_package.store:API_KEYS"``."""


def store_parts() -> tuple[StorePart[object], ...]:
    """
    Return the parts of all recipes that are installed.

    Raises:
        authweave.types.ConfigurationError: an entry point cannot be loaded, or names something else.
    """
    parts = [*builtin_store_parts()]
    for point in entry_points(group=GROUP):
        try:
            loaded: object = point.load()
        except Exception as error:
            raise ConfigurationError(
                f"The entry point {point.name!r} ({point.value}) of {GROUP} cannot be loaded "
                f"({type(error).__name__}: {error}): repair or remove the package that has it."
            ) from error
        if not isinstance(loaded, StorePart):
            raise ConfigurationError(
                f"The entry point {point.name!r} ({point.value}) of {GROUP} does not name a StorePart."
            )
        parts.append(cast("StorePart[object]", loaded))  # whatever its store is
    return tuple(parts)


def parts_in_use(url: str) -> tuple[StorePart[object], ...]:
    """
    Return the parts that a database has tables of: an SQLite file has those of the recipes that its application lists.

    Raises:
        authweave.types.ConfigurationError: as `store_parts`; or what the database holds is not understood.
    """
    parts = store_parts()
    unused = Migrations(url, parts=parts).unused()
    return tuple(each for each in parts if each.name not in unused)


def with_parts_beside(storage: SQLStorage) -> SQLStorage:
    """
    Return the store of an application with all parts that its database has tables of.

    Those are of recipes too that the application lists no more, whose rows are no less its users'.

    Raises:
        authweave.types.ConfigurationError: as `store_parts`.
        authweave.storage.StorageError: the database could not be asked.
    """
    with storage.database.reading() as connection:
        there = frozenset(inspect(connection).get_table_names())
    listed = {each.name for each in storage.parts}
    beside = [
        each for each in store_parts() if each.name not in listed and there.issuperset(each.in_sql().metadata.tables)
    ]
    return SQLStorage(storage.database, [*storage.parts, *beside])


def migrations_of(url: str) -> Migrations:
    """
    Return the migrations of a database, for the core and all parts.

    Raises:
        authweave.types.ConfigurationError: as `store_parts`; or parts collide.
    """
    return Migrations(url, parts=store_parts())
