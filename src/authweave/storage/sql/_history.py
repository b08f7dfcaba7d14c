"""Histories of migrations: that of the core, and that of each part of the store."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import attrs
from sqlalchemy import Column, MetaData, String, Table

from authweave.storage._ahead import version_table_of
from authweave.storage._part import StorePart
from authweave.types import ConfigurationError

from ._schema import REVISION, VERSION_TABLE, metadata

if TYPE_CHECKING:
    from alembic.config import Config
    from alembic.script import Script

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
        return [script.revision for script in self._scripts()]

    def check_way_back(self, found: str | None, wanted: str) -> None:
        """
        Check that there is a way from a revision, or from no tables, back to another.

        Raises:
            authweave.types.ConfigurationError: the other one is not older, or a migration between cannot be undone.
        """
        scripts = self._scripts()
        known = [script.revision for script in scripts]
        target = len(known) - 1 if wanted == "head" else known.index(wanted)
        if found not in known[target:]:
            raise ConfigurationError(
                f"{self.name!r} stands at {found or 'no revision'}, and {known[target]} is newer: "
                "`authweave db upgrade` goes there."
            )
        for script in scripts[target + 1 : known.index(found) + 1]:
            if not hasattr(script.module, "downgrade"):
                raise ConfigurationError(
                    f"{self.name!r} cannot go back beyond revision {script.revision}: its migration has no "
                    "`downgrade`. Put a backup in the database's place."
                )

    def _scripts(self) -> list[Script]:
        """Return all migrations, the oldest first."""
        from alembic.script import ScriptDirectory

        return [*ScriptDirectory.from_config(self.config()).walk_revisions()][::-1]


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
