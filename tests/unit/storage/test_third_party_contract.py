from collections.abc import Iterator
from pathlib import Path

import pytest
from typing_extensions import override

from authweave.storage import Storage
from authweave.storage.memory import MemoryStorage
from authweave.storage.sql import open_storage
from authweave.testing.third_party_contract import ThirdPartyContract


class TestMemory(ThirdPartyContract):
    @override
    def new_storage(self) -> Storage:
        return MemoryStorage()


class TestSQLiteFile(ThirdPartyContract):
    @pytest.fixture(autouse=True)
    def _opened(self, tmp_path: Path) -> Iterator[None]:
        self.url = f"sqlite:///{tmp_path / 'auth.db'}"
        self.opened: list[Storage] = []
        yield
        for storage in self.opened:
            storage.close()

    @override
    def new_storage(self) -> Storage:
        self.opened.append(open_storage(self.url))
        return self.opened[-1]


class TestSQLiteInMemory(TestSQLiteFile):
    @pytest.fixture(autouse=True)
    def _in_memory(self, _opened: None) -> None:
        self.url = "sqlite://"
