"""The recipe of `examples/organisations`: its stores, its tables, its interfaces, and what it refuses at the start."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from importlib.metadata import EntryPoint
from pathlib import Path

import attrs
import pytest
from typer.testing import CliRunner
from typing_extensions import override

import organisations
from authweave.app import init
from authweave.cli import _db_parts
from authweave.cli._main import commands
from authweave.errors import ConfigurationError
from authweave.kernel.__main__ import main
from authweave.recipe import emailverification, session
from authweave.storage import Storage, StorageOptions
from authweave.storage.memory import MemoryStorage
from authweave.storage.sql import Migrations, open_storage
from authweave.types import InputAppInfo
from organisations.store import ORGANISATIONS
from organisations.store.contract import OrganisationContract
from tests.patience import PATIENT

pytestmark = pytest.mark.usefixtures("migrations_run")

FOLDER = Path(__file__).parents[3] / "examples" / "organisations"
APP_INFO = InputAppInfo("tests", "http://127.0.0.1", website_domain="http://127.0.0.1")


def test_what_cannot_work_is_said_at_init() -> None:
    """All at once."""
    with pytest.raises(ConfigurationError) as caught:
        init(APP_INFO, [organisations.init(roles=["Billing"], max_members=0)], storage="sqlite://")
    for said in ("needs the session recipe", "needs the emailverification recipe", "'Billing'", "max_members=0"):
        assert said in str(caught.value)


def test_the_interfaces_follow_from_the_calls(capsys: pytest.CaptureFixture[str]) -> None:
    """`python -m authweave.kernel` has nothing to write."""
    assert main("--check", str(FOLDER / "src" / "organisations" / "calls.py")) == 0, capsys.readouterr().out


def test_each_function_can_be_overridden() -> None:
    """The application names them all, and there is a call for each."""
    entries = [session.init(), emailverification.init("OPTIONAL"), organisations.init()]
    app = init(APP_INFO, entries, storage=MemoryStorage(), allow_plaintext_keys=True, default=False)
    chains = [*app.explain()["organisations.functions"], *app.explain()["organisations.apis"]]
    app.close()
    names = {"".join(word.capitalize() for word in chain.name.split("_")) for chain in chains}
    assert names == {name for name in organisations.__all__ if hasattr(getattr(organisations, name), "override")}
    assert len(names) == 17


def test_the_command_line_finds_its_tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the entry point that its package declares; the migration makes what its metadata says."""
    project = tomllib.loads((FOLDER / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = project["entry-points"][_db_parts.GROUP]

    def found(group: str) -> list[EntryPoint]:
        return [EntryPoint(name, value, group) for name, value in declared.items()]

    monkeypatch.setattr(_db_parts, "entry_points", found)
    url = f"sqlite:///{tmp_path}/auth.db"
    for arguments in (["upgrade"], ["check"]):
        result = CliRunner().invoke(commands, ["db", *arguments, url], env={"COLUMNS": "10000"})
        assert result.exit_code == 0, result.output
    migrations = Migrations(url, parts=[ORGANISATIONS])
    assert migrations.revisions()["organisations"] == "0001"
    assert migrations.missing() == ()


class TestMemory(OrganisationContract):
    @override
    def new_storage(self) -> Storage:
        return MemoryStorage()


class Opened(OrganisationContract):
    """Stores that are closed when their test has ended."""

    @pytest.fixture(autouse=True)
    def _close(self) -> Iterator[None]:
        self.opened: list[Storage] = []
        yield
        for storage in self.opened:
            storage.close()

    def open(self, url: str) -> Storage:
        options: StorageOptions = attrs.evolve(PATIENT, migrate=True)
        self.opened.append(open_storage(url, options, [ORGANISATIONS]))
        return self.opened[-1]


class TestSQLite(Opened):
    @override
    def new_storage(self) -> Storage:
        return self.open("sqlite://")


class TestPostgreSQL(Opened):
    @pytest.fixture(autouse=True)
    def _server(self, new_postgresql_url: Callable[[], str], _close: None) -> None:
        self.new_url = new_postgresql_url

    @override
    def new_storage(self) -> Storage:
        return self.open(self.new_url())
