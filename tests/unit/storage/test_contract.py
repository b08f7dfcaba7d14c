from collections.abc import Iterator
from pathlib import Path

import pytest
from typing_extensions import override

from authweave.storage import Storage
from authweave.storage.memory import MemoryStorage
from authweave.storage.sql import open_storage
from authweave.testing.storage_contract import StorageContract


class TestMemory(StorageContract):
    @override
    def new_storage(self) -> Storage:
        return MemoryStorage()


class TestSQLiteInMemory(StorageContract):
    @pytest.fixture(autouse=True)
    def _close(self) -> Iterator[None]:
        self.opened: list[Storage] = []
        yield
        for storage in self.opened:
            storage.close()

    @override
    def new_storage(self) -> Storage:
        self.opened.append(open_storage("sqlite://"))
        return self.opened[-1]


class TestSQLiteFile(TestSQLiteInMemory):
    @pytest.fixture(autouse=True)
    def _directory(self, tmp_path: Path) -> None:
        self.directory = tmp_path

    @override
    def new_storage(self) -> Storage:
        self.opened.append(open_storage(f"sqlite:///{self.directory / 'auth.db'}"))
        return self.opened[-1]
