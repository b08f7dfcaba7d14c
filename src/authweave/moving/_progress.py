"""How far a move has come, kept in the store itself: it is written in the transaction of what it speaks of."""

from __future__ import annotations

import json
from typing import cast

from sqlalchemy import ColumnElement, Connection, delete, func, insert, inspect, select

from authweave.storage.sql import Database
from authweave.types import Clock, JSONObject

from ._tables import moves


class Progress:
    """
    The state of one move.

    Args:
        database: that is moved into.
        move_id: tells it from others.
        clock: tells the time.
    """

    def __init__(self, database: Database, move_id: str, clock: Clock) -> None:
        self._database = database
        self._move_id = move_id
        self._clock = clock

    def begin(self) -> JSONObject | None:
        """Return the state that an interrupted move has left; None where there was none. Blocks."""
        self._database.write(lambda connection: moves.create(connection, checkfirst=True))
        return self.find()

    def find(self) -> JSONObject | None:
        """Return the state, without making a table for it; None where there is none. Blocks."""
        with self._database.reading() as connection:
            if not inspect(connection).has_table(moves.name):
                return None
            text = connection.execute(select(moves.c.state).where(self._is_this)).scalar_one_or_none()
        return None if text is None else cast("JSONObject", json.loads(text))  # `note` has written it

    def note(self, connection: Connection, state: JSONObject) -> None:
        """Write the state, in the transaction of a connection."""
        connection.execute(delete(moves).where(self._is_this))
        row = {"move_id": self._move_id, "state": json.dumps(state), "updated_at_ms": self._clock()}
        connection.execute(insert(moves), row)

    def forget(self) -> None:
        """End the move: leave nothing of it. Blocks."""

        def end(connection: Connection) -> None:
            connection.execute(delete(moves).where(self._is_this))
            if connection.execute(select(func.count()).select_from(moves)).scalar_one() == 0:
                moves.drop(connection)

        self._database.write(end)

    @property
    def _is_this(self) -> ColumnElement[bool]:
        return moves.c.move_id == self._move_id
