"""Histories of migrations: that of the core, and that of each part of the store."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, Generic

import attrs
from sqlalchemy import Column, MetaData, String, Table
from typing_extensions import TypeVar

from authweave.storage import StorePart

from ._database import Database
from ._schema import REVISION, metadata

if TYPE_CHECKING:
    from alembic.config import Config

StoreT_co = TypeVar("StoreT_co", covariant=True)

MIGRATIONS: Final = Path(__file__).parent / "migrations"


@attrs.frozen(kw_only=True)
class SQLPart(Generic[StoreT_co]):
    """
    How a part of the store is kept in SQL.

    Attributes:
        metadata: its tables, made with `new_metadata`. Foreign keys may refer to the tables of the core.
        migrations: the folder of its Alembic revisions, and of nothing else: ``env.py`` is the library's.
        revision: the newest of them: a database that stands at it needs none.
        store: makes the store of the part over the database that all parts share.

    .. versionadded:: 0.1.0
    """

    metadata: MetaData
    migrations: Path
    revision: str
    store: Callable[[Database], StoreT_co]

    def tables(self, name: str) -> tuple[str, ...]:
        """Return the names of all tables of the part that has this name, that of its revision too."""
        return (*self.metadata.tables, version_table_of(name))


@attrs.frozen(kw_only=True)
class History:
    """
    The migrations of the core, or of a part.

    Attributes:
        name: ``core``, or the part's.
        version_table: where the database keeps the revision that it stands at.
    """

    name: str
    version_table: str
    metadata: MetaData
    migrations: Path
    revision: str

    @property
    def version(self) -> Table:
        """The version table, as Alembic makes it."""
        return Table(self.version_table, MetaData(), Column("version_num", String(32), primary_key=True))

    def config(self) -> Config:
        """Return what Alembic has to know to find the migrations."""
        # It takes as long to import as everything else together; most starts do without it.
        from alembic.config import Config

        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
        config.set_main_option("path_separator", "newline")
        config.set_main_option("version_locations", str(self.migrations).replace("%", "%%"))
        config.attributes["history"] = self
        return config

    def revisions(self) -> list[str]:
        """Return all migrations that this release knows, the oldest first."""
        from alembic.script import ScriptDirectory

        return [script.revision for script in ScriptDirectory.from_config(self.config()).walk_revisions()][::-1]


CORE: Final = History(
    name="core",
    version_table="authweave_version",
    metadata=metadata,
    migrations=MIGRATIONS / "versions",
    revision=REVISION,
)


def histories_of(parts: Sequence[StorePart[object]]) -> tuple[History, ...]:
    """Return the histories of the core and of parts, in the order in which they are to be brought up to date."""
    return (CORE, *(history_of(part) for part in parts))


def history_of(part: StorePart[object]) -> History:
    """Return the history of a part."""
    in_sql = part.in_sql()
    return History(
        name=part.name,
        version_table=version_table_of(part.name),
        metadata=in_sql.metadata,
        migrations=in_sql.migrations,
        revision=in_sql.revision,
    )


def version_table_of(name: str) -> str:
    """Return where the revision of a part is kept."""
    return f"authweave_{name}_version"


def core_tables() -> tuple[str, ...]:
    """Return the names of the tables that no part may have."""
    return (*metadata.tables, CORE.version_table)
