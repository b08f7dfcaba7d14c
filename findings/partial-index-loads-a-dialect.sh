#!/usr/bin/env bash
# Guessed: an argument for one database (`postgresql_where`, `mysql_engine`) is kept until that database is used, and
#          loads nothing where the engine is another's.
# Seen:    SQLAlchemy 2.1.9 and 2.0.58 import the whole dialect as soon as such an Index or Table is declared, to check
#          the argument's name: for PostgreSQL and for MySQL some twenty modules each, without any engine. What is
#          declared for SQLite beside it (`sqlite_where`) loads nothing more than the engine does.
# Follows: a service on SQLite, and a command that never opens a database, load PostgreSQL's dialect for one partial
#          index among a library's tables. Declare tables where the store is made, not where the library is imported.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

cat >declared.py <<'PY'
import sys

import sqlalchemy
from sqlalchemy import Column, Index, Integer, MetaData, Table


def dialects():
    return {name for name in sys.modules if name.startswith("sqlalchemy.dialects.") and "_typing" not in name}


assert not dialects()
engine = sqlalchemy.create_engine("sqlite://")
seen = dialects()
assert {name.split(".")[2] for name in seen} == {"sqlite"}

sessions = Table("sessions", MetaData(), Column("id", Integer, primary_key=True), Column("revoked", Integer))
Index("live", sessions.c.id, sqlite_where=sessions.c.revoked == 0)
assert dialects() == seen

for name, declare in {
    "postgresql": lambda: Index("live_too", sessions.c.id, postgresql_where=sessions.c.revoked == 0),
    "mysql": lambda: Table("users", MetaData(), Column("id", Integer, primary_key=True), mysql_engine="InnoDB"),
}.items():
    declare()
    loaded = dialects() - seen
    print(f"SQLAlchemy {sqlalchemy.__version__}, an engine of SQLite: {name}: {len(loaded)} modules more")
    assert {module.split(".")[2] for module in loaded} == {name}
    assert len(loaded) > 12, "that has changed"
    seen |= loaded

sessions.metadata.create_all(engine)
PY
for version in 2.1.9 2.0.58; do
    python3 -m venv "python-$version"
    "python-$version/bin/pip" install --quiet --disable-pip-version-check "sqlalchemy==$version"
    "python-$version/bin/python" declared.py
done
