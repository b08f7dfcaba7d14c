"""What a recipe of somebody else's can do without the library knowing it: `examples/apikeys`."""

from __future__ import annotations

import asyncio
import tomllib
from collections.abc import Callable, Iterator
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import TYPE_CHECKING

import attrs
import pytest
from typer.testing import CliRunner
from typing_extensions import override

import apikeys
from apikeys import asyncio as of_default
from apikeys.store import API_KEYS
from apikeys.store.contract import APIKeyContract
from authweave.app import App, init, set_default_app
from authweave.cli import _db_parts
from authweave.cli._main import commands
from authweave.errors import CompositionError, ConfigurationError
from authweave.kernel import Plugin, UserContext, current_context, journal_of, use_context
from authweave.kernel.__main__ import main
from authweave.recipe import session
from authweave.storage import Storage, StorageOptions
from authweave.storage.memory import MemoryStorage
from authweave.storage.sql import Migrations, open_storage
from authweave.storage.sql._schema import REVISION
from authweave.testing import recording
from authweave.types import InputAppInfo
from tests.databases import KINDS, new_database
from tests.patience import PATIENT

pytestmark = pytest.mark.usefixtures("migrations_run")

FOLDER = Path(__file__).parents[3] / "examples" / "apikeys"
APP_INFO = InputAppInfo("tests", "http://127.0.0.1", website_domain="http://127.0.0.1")


class AuditContext(UserContext, total=False):
    """What the overrides here note."""

    audit: list[str]


def note(context: AuditContext, what: str) -> None:
    """Note something."""
    context.setdefault("audit", []).append(what)


@apikeys.CreateKey[AuditContext].override
async def shorter(call: apikeys.CreateKey[AuditContext]) -> apikeys.CreateKeyResult:
    """Have all keys end soon."""
    note(call.user_context, f"create {call.name}")
    call.validity_s = 60
    return await call.original()


@apikeys.VerifyKey[AuditContext].after
async def watch(call: apikeys.VerifyKey[AuditContext], result: apikeys.VerifyKeyResult) -> None:
    """Look at what becomes of tokens."""
    note(call.user_context, type(result).__name__)


@apikeys.VerifyKey[AuditContext].override
async def nobody(call: apikeys.VerifyKey[AuditContext]) -> apikeys.VerifyKeyResult:
    """Refuse all tokens."""
    note(call.user_context, "nobody")
    return apikeys.WrongKeyError()


if TYPE_CHECKING:  # both checkers refuse what does not fit, as they do for the library's own

    @apikeys.VerifyKey[AuditContext].override  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    async def wrong_result(call: apikeys.VerifyKey[AuditContext]) -> int:
        """Return what no `verify_key` does."""
        return len(call.token)

    @apikeys.CreateKey[AuditContext].override
    async def wrong_key(call: apikeys.CreateKey[AuditContext]) -> apikeys.CreateKeyResult:
        """Misspell a key of the context."""
        call.user_context["audti"] = []  # type: ignore[typeddict-unknown-key]  # pyright: ignore[reportGeneralTypeIssues]
        return await call.original()

    class OtherContext(UserContext, total=False):
        """Lacks the key that `watch` needs."""

    other = init(  # type: ignore[misc]
        APP_INFO,
        [session.init(), apikeys.init()],
        context=OtherContext,
        overrides=[watch],  # pyright: ignore[reportArgumentType]
    )


@pytest.fixture
def app() -> Iterator[App[AuditContext]]:
    """Build an application in memory, in debug mode, with overrides of the recipe at three places."""
    own = apikeys.InputOverrideConfig[AuditContext](functions=shorter)
    made = init(
        APP_INFO,
        [session.init(), apikeys.init(scopes=["read"], override=own)],
        storage=MemoryStorage(),
        allow_plaintext_keys=True,
        context=AuditContext,
        plugins=[Plugin("watching", [watch])],
        debug=True,
    )
    yield made
    made.close()
    set_default_app(None)


def test_overrides_and_plugins_reach_it(app: App[AuditContext]) -> None:
    """They see each other's context, explain names them, and the journal has them."""

    async def story() -> None:
        context = AuditContext()
        made = await of_default.create_key("user-1", "backup", ["read"], user_context=context)
        assert isinstance(made, apikeys.CreateKeyOkResult)
        assert made.key.expires_at_ms - made.key.created_at_ms == 60_000
        assert await of_default.verify_key(made.token, context) == apikeys.VerifyKeyOkResult(made.key)
        assert context.get("audit") == ["create backup", "VerifyKeyOkResult"]
        assert made.token not in repr(made)
        with app.overriding(nobody):
            assert await of_default.verify_key(made.token, context) == apikeys.WrongKeyError()
        assert await of_default.list_keys("user-1") == (made.key,)
        assert await of_default.revoke_key("user-1", made.key.key_id)
        assert await of_default.verify_key(made.token) == apikeys.WrongKeyError()

    asyncio.run(story())
    chains = {chain.name: chain for chain in app.explain()["apikeys.functions"]}
    assert [layer.name for layer in chains["verify_key"].layers] == ["watching/watch"]
    assert [layer.name for layer in chains["create_key"].layers] == ["shorter"]
    assert set(app.explain()) >= {"apikeys.functions", "apikeys.apis", "session.functions"}


def test_it_can_be_recorded_and_has_a_journal(app: App[AuditContext]) -> None:
    """As the library's own functions do, with the application's context."""

    async def story() -> list[tuple[str, str | None]]:
        context = AuditContext()
        functions = app.recipe(apikeys.APIKeysRecipe[AuditContext]).functions
        seen = recording(apikeys.ListKeys[AuditContext])
        with app.overriding(seen.override, inherit=True), use_context(context):
            await functions.create_key("user-1", "backup", (), None, current_context(AuditContext))
            await functions.list_keys("user-1", current_context(AuditContext))
            journal = journal_of(current_context(AuditContext))
        assert [len(call.result()) for call in seen.calls] == [1]
        return [(each.layer.name, each.key) for each in journal if each.layer is not None and each.key is not None]

    assert ("shorter", "audit") in asyncio.run(story())


def test_routes_need_no_framework(app: App[AuditContext]) -> None:
    """They are in the application's table, each with the API that answers it."""
    routes = {each.title: each.api for each in app.endpoints.routes.routes}
    assert routes["POST /apikeys"] == "create_key_post"
    assert routes["GET /apikeys"] == "list_keys_get"
    assert routes["POST /apikeys/revoke"] == "revoke_key_post"


def test_what_cannot_work_is_said_at_init() -> None:
    """All faults of its configuration come with those of the list; overrides that do not fit come together too."""
    with pytest.raises(ConfigurationError) as caught:
        init(APP_INFO, [apikeys.init(scopes=["Read"], max_keys=0)], storage="sqlite://")
    for said in ("needs the session recipe", "'Read'", "max_keys=0"):
        assert said in str(caught.value)
    with pytest.raises(CompositionError, match="shorter"):
        init(APP_INFO, [session.init()], storage="sqlite://", context=AuditContext, overrides=[shorter])


def test_the_interfaces_follow_from_the_calls(capsys: pytest.CaptureFixture[str]) -> None:
    """`python -m authweave.kernel` has nothing to write."""
    assert main("--check", str(FOLDER / "src" / "apikeys" / "calls.py")) == 0, capsys.readouterr().out


@pytest.fixture(params=KINDS)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Return where a database without tables is to be."""
    with new_database(request, tmp_path) as made:
        yield made


def test_the_command_line_finds_its_tables(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the entry point that its package declares, and nothing else; the tables are those of its metadata."""
    project = tomllib.loads((FOLDER / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = project["entry-points"][_db_parts.GROUP]

    def found(group: str) -> list[EntryPoint]:
        return [EntryPoint(name, value, group) for name, value in declared.items()]

    monkeypatch.setattr(_db_parts, "entry_points", found)
    for arguments in (["upgrade"], ["check"], ["upgrade", "--part", "apikeys", "--to", "0001"]):
        result = CliRunner().invoke(commands, ["db", *arguments, url], env={"COLUMNS": "10000"})
        assert result.exit_code == 0, result.output
    migrations = Migrations(url, parts=[API_KEYS])
    assert migrations.revisions() == {"core": REVISION, "apikeys": "0001"}
    assert migrations.missing() == ()


class TestMemory(APIKeyContract):
    @override
    def new_storage(self) -> Storage:
        return MemoryStorage()


class Opened(APIKeyContract):
    """Stores that are closed when their test has ended."""

    @pytest.fixture(autouse=True)
    def _close(self) -> Iterator[None]:
        self.opened: list[Storage] = []
        yield
        for storage in self.opened:
            storage.close()

    def open(self, url: str) -> Storage:
        options: StorageOptions = attrs.evolve(PATIENT, migrate=True)
        self.opened.append(open_storage(url, options, [API_KEYS]))
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
