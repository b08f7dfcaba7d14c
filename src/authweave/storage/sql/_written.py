"""SQL that is written once, for statements that the driver executes by itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import itemgetter
from typing import Any, TypeAlias

from sqlalchemy import Delete, Dialect, Insert, Select, Update
from sqlalchemy.sql.dml import ReturningUpdate

from authweave.storage._ahead import WrittenAhead

from ._database import Parameters, Value

# Any: a database's row has no static type.
Statement: TypeAlias = "Select[*tuple[Any, ...]] | Insert | Update | Delete | ReturningUpdate[*tuple[Any, ...]]"


class Written:
    """
    A statement as a driver takes it.

    Args:
        dialect: the database's.
        statement: with a `bindparam` for each value that is not known yet; `in_` takes a list of such, or of `literal`.

    Attributes:
        sql: the text.
    """

    def __init__(self, dialect: Dialect, statement: Statement) -> None:
        compiled = statement.compile(dialect=dialect)
        self.sql = str(compiled)
        self._names: list[str] | None = compiled.positiontup
        # In C, as is what makes a tuple of several; of one there is none.
        names = self._names or []
        self._values_of: Callable[[Mapping[str, Value]], tuple[Value, ...]] | None = (
            itemgetter(*names) if len(names) > 1 else None
        )
        params: Mapping[str, Value] = compiled.params
        self._known = {name: value for name, value in params.items() if value is not None}

    def ahead(self) -> WrittenAhead:
        """Return it as it is written down, for starts that do without SQLAlchemy."""
        return WrittenAhead(" ".join(self.sql.split()), tuple(self._names or ()), self._known)

    def parameters(self, values: Mapping[str, Value]) -> Parameters:
        """Return the values as the driver takes them, with those that the statement has by itself."""
        known = {**self._known, **values} if self._known else values
        if self._values_of is not None:
            return self._values_of(known)
        return known if self._names is None else tuple(known[name] for name in self._names)
