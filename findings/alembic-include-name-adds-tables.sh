#!/usr/bin/env bash
# Guessed: Alembic's autogenerate leaves alone a table that include_name leaves out.
# Seen:    Alembic 1.20.1 asks include_name about the tables of the database alone. A table that the metadata names too,
#          as a stub for a foreign key, is then missing from what it compares with: it writes CREATE TABLE for a table
#          that exists. include_object leaves it out of both. The foreign key itself compares equal either way, and
#          without the stub neither gets that far: NoReferencedTableError.
# Follows: an application whose own tables refer to a library's tables leaves these out with include_object;
#          include_name is enough while nothing refers to them.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check alembic==1.20.1 sqlalchemy==2.1.9

cat >compare.py <<'PY'
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext


def metadata(*, stub):
    tables = sa.MetaData()
    if stub:
        sa.Table("auth_users", tables, sa.Column("user_id", sa.Text, primary_key=True))
    sa.Table(
        "rooms",
        tables,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("owner", sa.Text, sa.ForeignKey("auth_users.user_id", name="fk_rooms_owner")),
    )
    return tables


def include_name(name, kind, parents):
    return kind != "table" or not name.startswith("auth_")


def include_object(thing, name, kind, reflected, compare_to):
    return kind != "table" or not name.startswith("auth_")


def compared(connection, tables, **options):
    context = MigrationContext.configure(connection, opts=options)
    return [(operation[0], operation[1].name) for operation in compare_metadata(context, tables)]


engine = sa.create_engine("sqlite://")
with engine.begin() as connection:
    metadata(stub=True).create_all(connection)
    connection.exec_driver_sql("CREATE TABLE auth_sessions (handle TEXT PRIMARY KEY)")
    seen = {
        "neither": compared(connection, metadata(stub=True)),
        "include_name": compared(connection, metadata(stub=True), include_name=include_name),
        "include_object": compared(connection, metadata(stub=True), include_object=include_object),
    }
    print(seen)
    assert seen == {
        "neither": [("remove_table", "auth_sessions")],
        "include_name": [("add_table", "auth_users")],
        "include_object": [],
    }
    for option in ({"include_name": include_name}, {"include_object": include_object}):
        try:
            compared(connection, metadata(stub=False), **option)
        except sa.exc.NoReferencedTableError as error:
            print("without the stub:", error)
        else:
            raise AssertionError("it was compared without the stub")
PY
python/bin/python compare.py
