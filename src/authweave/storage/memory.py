"""A store in memory, for tests: everything is gone when the process ends."""

from __future__ import annotations

from typing_extensions import override

from ._memory._keys import MemoryKeys
from ._memory._sessions import MemorySessions
from ._memory._tenants import MemoryTenants
from ._memory._third_parties import MemoryThirdParties
from ._memory._users import MemoryUsers
from ._protocols import Storage


class MemoryStorage(MemoryUsers, MemoryThirdParties, MemorySessions, MemoryKeys, MemoryTenants, Storage):
    """
    Keep everything in dictionaries, behind one lock.

    It passes the same contract as the SQL store (`authweave.testing.storage_contract`).

    .. versionadded:: 0.1.0
    """

    @override
    def close(self) -> None:
        self._closed = True
