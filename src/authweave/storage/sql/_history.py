"""Histories of migrations: that of the core, and that of each part of the store."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import attrs
from sqlalchemy import Column, MetaData, String, Table

from authweave.storage._part import StorePart

from ._part import version_table_of
from ._schema import REVISION, VERSION_TABLE, metadata

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS: Final = Path(__file__).parent / "migrations"


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
    version_table=VERSION_TABLE,
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
