#!/usr/bin/env bash
# Guessed: SQLAlchemy's rowcount of an UPDATE ... RETURNING on SQLite is the number of rows changed, with either driver.
# Seen:    SQLAlchemy 2.1.9 reads rowcount before it reads the rows: with sqlite3 it is 0 though a row was changed and
#          returned, before and after the rows are read, for DELETE too; with aiosqlite 0.22.1 it is right. Without
#          RETURNING it is right with both.
# Follows: "exactly one use" of a refresh token or a code, checked by rowcount == 1, works in an asynchronous
#          application and refuses everybody once RETURNING is added to a synchronous one: count the rows that came
#          back.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check sqlalchemy==2.1.9 aiosqlite==0.22.1 greenlet==3.5.6

cat >rowcount.py <<'PY'
import asyncio

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine

metadata = sa.MetaData()
tokens = sa.Table(
    "tokens", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("used", sa.Boolean, nullable=False)
)


def counts(connection):
    metadata.create_all(connection)
    connection.execute(tokens.insert(), [{"id": 1, "used": False}, {"id": 2, "used": False}, {"id": 3, "used": False}])
    use = sa.update(tokens).values(used=True)
    seen = {"plain": connection.execute(use.where(tokens.c.id == 1)).rowcount}
    for name, statement in {
        "update": use.where(tokens.c.id == 2).returning(tokens.c.id),
        "delete": sa.delete(tokens).where(tokens.c.id == 3).returning(tokens.c.id),
    }.items():
        result = connection.execute(statement)
        before = result.rowcount
        rows = len(result.all())
        seen[name] = {"rowcount": before, "rows": rows, "rowcount afterwards": result.rowcount}
    assert connection.execute(sa.select(tokens.c.id).where(tokens.c.used)).scalars().all() == [1, 2]
    return seen


with sa.create_engine("sqlite://").begin() as connection:
    synchronous = counts(connection)


async def through_aiosqlite():
    engine = create_async_engine("sqlite+aiosqlite://")
    async with engine.begin() as connection:
        seen = await connection.run_sync(counts)
    await engine.dispose()
    return seen


asynchronous = asyncio.run(through_aiosqlite())
print("sqlite3:  ", synchronous)
print("aiosqlite:", asynchronous)
zero = {"rowcount": 0, "rows": 1, "rowcount afterwards": 0}
one = {"rowcount": 1, "rows": 1, "rowcount afterwards": 1}
assert synchronous == {"plain": 1, "update": zero, "delete": zero}
assert asynchronous == {"plain": 1, "update": one, "delete": one}
PY
python/bin/python rowcount.py
