"""A part of the store: what one recipe keeps, in every kind of store."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Generic, Protocol

import attrs
from typing_extensions import TypeVar

from ._ahead import Ahead, Ask

if TYPE_CHECKING:
    # Not by their packages, which import this module.
    from ._memory_core import MemoryCore
    from .sql._part import SQLPart

StoreT_co = TypeVar("StoreT_co", covariant=True)


class PurgeExpired(Protocol):
    """Deletes expired rows of one kind."""

    def __call__(self, now_ms: int, limit: int) -> int:
        """Delete at most ``limit`` rows that have expired, in one transaction. Returns how many were deleted."""
        ...


def nothing_expires(store: object) -> Mapping[str, PurgeExpired]:
    """Return nothing: no row of the part expires."""
    del store
    return {}


@attrs.frozen(kw_only=True)
class StorePart(Generic[StoreT_co]):
    """
    What a recipe keeps: ``storage.part(PART)`` is its store.

    All but the name are functions, so that nothing is imported that is not used: neither SQLAlchemy by a store in
    memory, nor the tests by a running application.

    Attributes:
        name: unique among the parts of a store: lower-case letters, digits and ``_``. The version table in SQL is
            named by it (``authweave_<name>_version``), and a store finds its part by it.
        in_sql: loads how it is kept in SQL.
        in_memory: makes it over the core of a store in memory.
        expiring: returns what deletes expired rows of a store, by their kind (``{"sessions": ...}``).
        contract: where the tests are that every store of it has to pass, a subclass of
            `authweave.testing.storage_contract.StoreContract`: ``"package.module:Class"``, as entry points are written.
            It is named and not imported, since those tests use the part.

        ahead: loads what a start has to know of its tables, so that it need not load the rest (``in_sql``): one of
            tables that are up to date takes half the time and memory then. None lets every start load it.
        reads: makes what answers some of the store's methods by statements of ``ahead``, until the rest is loaded.
        segments: what the paths of the recipe's routes begin with, in lower case (``signin``): no new tenant is called
            so, since a tenant's id stands in front of those paths.

    .. versionadded:: 0.1.0
    """

    name: str
    in_sql: Callable[[], SQLPart[StoreT_co]]
    in_memory: Callable[[MemoryCore], StoreT_co]
    expiring: Callable[[StoreT_co], Mapping[str, PurgeExpired]] = nothing_expires
    contract: str | None = None
    ahead: Callable[[], Ahead] | None = None
    reads: Callable[[Ask], object] | None = None
    segments: frozenset[str] = frozenset()


def route_segments(parts: Iterable[StorePart[object]]) -> frozenset[str]:
    """Return what the paths of routes begin with, of the recipes that brought these parts and of those without any."""
    return frozenset({"api", "health", "loginmethods"}).union(*(part.segments for part in parts))
