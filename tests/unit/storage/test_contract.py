from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typing_extensions import override

from authweave.storage import Storage
from authweave.storage.memory import MemoryStorage
from authweave.storage.sql import open_storage
from authweave.testing.storage_contract import StorageContract
from tests.patience import PATIENT


class TestMemory(StorageContract):
    @override
    def new_storage(self) -> Storage:
        return MemoryStorage()


class Opened:
    """Stores that are closed when their test has ended."""

    @pytest.fixture(autouse=True)
    def _close(self) -> Iterator[None]:
        self.opened: list[Storage] = []
        yield
        for storage in self.opened:
            storage.close()

    def open(self, url: str) -> Storage:
        self.opened.append(open_storage(url, PATIENT))
        return self.opened[-1]


class TestSQLiteInMemory(Opened, StorageContract):
    @override
    def new_storage(self) -> Storage:
        return self.open("sqlite://")


class TestSQLiteFile(Opened, StorageContract):
    @pytest.fixture(autouse=True)
    def _directory(self, tmp_path: Path) -> None:
        self.directory = tmp_path

    @override
    def new_storage(self) -> Storage:
        return self.open(f"sqlite:///{self.directory / 'auth.db'}")


class TestPostgreSQL(Opened, StorageContract):
    @pytest.fixture(autouse=True)
    def _server(self, new_postgresql_url: Callable[[], str], _close: None) -> None:
        self.new_url = new_postgresql_url

    @override
    def new_storage(self) -> Storage:
        return self.open(self.new_url())
