"""Recipes that cannot work, or not together: one report at `init`, nothing half-built, nothing left open."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import ClassVar, Never, cast

import attrs
import pytest
from sqlalchemy import Column, Integer, Table, make_url
from typing_extensions import override

from authweave.app import default_app, init, set_default_app
from authweave.errors import AuthweaveError, ConfigurationError, StorageError, UnauthorisedError
from authweave.extending import Contributions, Recipe, RecipeEntry, Services
from authweave.http import ErrorResponse, Exchange, Route, error_response
from authweave.kernel import Interface, Override, UserContext
from authweave.recipe import admin, attempts, emailpassword, session
from authweave.recipe.emailpassword import SignIn, SignInResult
from authweave.recipe.session import SessionContribution
from authweave.recipe.session.claims import PrimitiveClaim
from authweave.security import PasswordHasher
from authweave.storage import Storage, StorageOptions, StorePart
from authweave.storage.memory import MemoryStorage
from authweave.storage.sql import SQLPart, new_metadata
from authweave.types import InputAppInfo, Response
from tests.leftovers import library_threads, open_files
from tests.patience import PATIENT
from tests.postgresql import Server

pytestmark = pytest.mark.usefixtures("migrations_run")

APP_INFO = InputAppInfo("tests", "http://127.0.0.1", website_domain="http://127.0.0.1")
SECRET = b"0123456789abcdef" * 2

ROUTE_FAULT = "Recipe 'mine' serves POST /signout, and so does recipe 'session'"


async def answer(exchange: Exchange) -> Response:
    """Answer nothing."""
    return Response(204)


def fail(*_: object) -> Never:
    """Fail as a stranger's code does."""
    message = "out of sprockets"
    raise RuntimeError(message)


@attrs.define
class Log:
    """What became of recipes."""

    built: list[str] = attrs.field(factory=list[str])
    closed: list[str] = attrs.field(factory=list[str])


LOG = Log()


@pytest.fixture(autouse=True)
def log() -> Iterator[Log]:
    """Return what becomes of recipes in this test, and leave no default application."""
    LOG.built, LOG.closed = [], []
    yield LOG
    set_default_app(None)


def a_recipe(
    name: str,
    *,
    requires: tuple[str, ...] = (),
    keeps: tuple[StorePart[object], ...] = (),
    serves: Callable[[], Sequence[Route]] = tuple,
    contributes: Callable[[], Sequence[object]] = tuple,
    complains: Callable[[], Iterable[str]] = tuple,
    responds: Callable[[], Sequence[ErrorResponse]] = tuple,
    builds: Callable[[type[Recipe]], Recipe] = lambda made: made(),
    closes: Callable[[], None] = lambda: None,
) -> RecipeEntry:
    """Return a recipe of a third party, of classes of its own."""

    class Mine(Recipe):
        recipe_id: ClassVar[str] = name

        @override
        def composed(self) -> Mapping[str, object]:
            return {}

        @override
        def routes(self) -> Sequence[Route]:
            return serves()

        @override
        def error_responses(self) -> Sequence[ErrorResponse]:
            return responds()

        @override
        def close(self) -> None:
            LOG.closed.append(name)
            closes()

    class MyEntry(RecipeEntry):
        recipe_id: ClassVar[str] = name
        needs: ClassVar[tuple[str, ...]] = requires
        store: ClassVar[tuple[StorePart[object], ...]] = keeps

        @override
        def build(self, services: Services) -> Recipe:
            LOG.built.append(name)
            return builds(Mine)

        @override
        def contributions(self) -> Sequence[object]:
            return contributes()

        @override
        def faults(self, contributions: Contributions) -> Iterable[str]:
            return complains()

    return MyEntry()


def a_part(name: str, table: str, migrations: Path = Path()) -> StorePart[object]:
    """Return a part of the store with one table."""
    metadata = new_metadata()
    Table(table, metadata, Column("id", Integer, primary_key=True))
    in_sql = SQLPart(metadata=metadata, migrations=migrations, revision="0001", store=lambda _: object())
    return StorePart(name=name, in_sql=lambda: in_sql, in_memory=lambda _: object())


def a_claim(key: str) -> PrimitiveClaim[str]:
    """Return a claim of a key."""

    async def fetch(*_: object) -> str:
        return "value"

    return PrimitiveClaim(key, fetch)


def claiming(key: str) -> Callable[[], Sequence[object]]:
    """Return what contributes a claim to sessions."""
    return lambda: [SessionContribution([a_claim(key)])]


def refusal(folder: Path, *entries: RecipeEntry, overrides: Sequence[Override[Interface[UserContext]]] = ()) -> str:
    """Build an application, which must be refused with one report and leave nothing; return the report."""
    before = library_threads()
    with pytest.raises(ConfigurationError) as caught:
        init(APP_INFO, entries, storage=f"sqlite:///{folder}/auth.db", overrides=overrides)
    assert sorted(LOG.closed) == sorted(LOG.built)
    assert library_threads() <= before
    assert open_files(folder) == []
    with pytest.raises(ConfigurationError, match="no default application"):
        default_app()
    return str(caught.value)


def listing(*entries: RecipeEntry) -> list[RecipeEntry]:
    """Return recipes behind two of the library's."""
    return [session.init(), emailpassword.init(), *entries]


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        (listing(a_recipe("mine"), a_recipe("mine")), ["Two recipes have the id 'mine'", "MyEntry"]),
        (listing(a_recipe("session")), ["Two recipes have the id 'session'", "SessionSetup", "MyEntry"]),
        ([session.init(), session.init()], ["the recipe 'session' twice"]),
        (listing(a_recipe("Mine")), ["the id 'Mine'"]),
        (listing(a_recipe("")), ["the id ''"]),
        (listing(a_recipe("mine", requires=("billing",))), ["The mine recipe needs the billing recipe"]),
        ([admin.init(allowed="admin")], ["The admin recipe needs the session recipe"]),
        ([emailpassword.init(), admin.init(allowed="admin")], ["The admin recipe needs the session recipe"]),
        (
            [a_recipe("a", requires=("b",)), a_recipe("b", requires=("c",)), a_recipe("c", requires=("a",))],
            ["in a circle: a needs b needs c needs a"],
        ),
        ([a_recipe("a", requires=("a",))], ["in a circle: a needs a"]),
        (
            listing(a_recipe("mine", keeps=(a_part("session", "mine"),))),
            ["Two parts of the store are named 'session'"],
        ),
        (
            [a_recipe("a", keeps=(a_part("one", "mine"),)), a_recipe("b", keeps=(a_part("two", "mine"),))],
            ["'two' of the store declares the table 'mine', which the part 'one' has"],
        ),
        (listing(a_recipe("mine", keeps=(a_part("mine", "authweave_sessions"),))), ["which the part 'session' has"]),
        (listing(a_recipe("mine", keeps=(a_part("mine", "authweave_users"),))), ["which the library's core has"]),
        (
            listing(a_recipe("a", contributes=claiming("role")), a_recipe("b", contributes=claiming("role"))),
            ["The claim 'role' of recipe 'b' has the key of one of 'a'"],
        ),
        (
            [session.init(claims=[a_claim("role")]), a_recipe("a", contributes=claiming("role"))],
            ["The claim 'role' of recipe 'a' has the key of one of 'session'"],
        ),
        (
            listing(a_recipe("a", contributes=claiming("sub"))),
            ["a recipe fails to say its contributions", "claims that belong to the library: sub"],
        ),
        (listing(a_recipe("mine", contributes=fail)), ["mine recipe fails to say its contributions", "out of sprock"]),
        (listing(a_recipe("mine", complains=fail)), ["mine recipe fails to say its faults", "out of sprockets"]),
        (listing(a_recipe("mine", complains=lambda: ["It rains."])), ["It rains."]),
        (
            [
                a_recipe("Mine"),
                a_recipe("a", requires=("billing",)),
                a_recipe("b", complains=fail),
                session.init(),
                session.init(),
            ],
            ["'Mine'", "billing", "out of sprockets", "twice", "recipe_list has faults:"],
        ),
    ],
)
def test_a_list_that_cannot_work_is_refused_before_anything_is_opened(
    entries: list[RecipeEntry], said: list[str], tmp_path: Path
) -> None:
    """One report says all of it; nothing was built, and there is no database."""
    report = refusal(tmp_path, *entries)
    assert [each for each in said if each not in report] == []
    assert len(report.splitlines()) == (1 if len(said) < 5 else 5), report
    assert LOG.built == []
    assert list(tmp_path.iterdir()) == []


def test_parts_of_one_name_collide_in_memory_too() -> None:
    """One of the two recipes would be handed the store of the other."""
    with pytest.raises(ConfigurationError, match="Two parts of the store are named 'session'"):
        init(
            APP_INFO,
            listing(a_recipe("mine", keeps=(a_part("session", "mine"),))),
            storage=MemoryStorage(),
            allow_plaintext_keys=True,
        )


@pytest.mark.parametrize("listed", [session, session.init, "session", None, object()])
def test_what_is_no_recipe_is_named(listed: object) -> None:
    """With its place in the list."""
    wrong = cast("RecipeEntry", listed)  # the mistake
    with pytest.raises(ConfigurationError, match=r"recipe_list\[1\] is .* which is no recipe"):
        init(APP_INFO, [session.init(), wrong], storage="sqlite://")


def test_a_recipe_that_is_not_in_a_list_is_told_so() -> None:
    """It would be found out by a TypeError that names nothing."""
    alone = cast("Sequence[RecipeEntry]", session.init())  # the mistake
    with pytest.raises(ConfigurationError, match=r"write recipe_list=\[\.\.\.\]"):
        init(APP_INFO, alone, storage="sqlite://")


def test_a_class_without_an_id_is_told_so() -> None:
    """A third party has forgotten it."""

    class Nameless(RecipeEntry):
        @override
        def build(self, services: Services) -> Recipe:
            raise AssertionError

    with pytest.raises(ConfigurationError, match=r"recipe_list\[0\] has the id None"):
        init(APP_INFO, [Nameless()], storage="sqlite://")


def routes(*titles: str) -> Callable[[], Sequence[Route]]:
    """Return what serves routes (``post /mine``)."""
    parted = [title.partition(" ") for title in titles]
    return lambda: [Route(method, path, answer) for method, _, path in parted]


class OddError(AuthweaveError):
    """An error of a recipe's own."""


def responses(*errors: type[Exception]) -> Callable[[], Sequence[ErrorResponse]]:
    """Return what answers errors."""

    async def respond(exchange: Exchange, error: Exception) -> Response:
        raise AssertionError

    return lambda: [error_response(each, respond) for each in errors]


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        (listing(a_recipe("mine", serves=routes("post /signout"))), [ROUTE_FAULT]),
        (
            listing(a_recipe("a", serves=routes("get /x")), a_recipe("b", serves=routes("get /x", "post /x"))),
            ["Recipe 'b' serves GET /x, and so does recipe 'a'"],
        ),
        (listing(a_recipe("a", serves=routes("get /x", "get /x"))), ["Recipe 'a' serves GET /x, and so does itself"]),
        (
            listing(a_recipe("mine", serves=routes("get /health/live"))),
            ["GET /health/live, and so does init", "init(health_routes=False)"],
        ),
        (listing(a_recipe("mine", serves=routes("GET x/"))), ["'GET' 'x/' that no request matches"]),
        (
            listing(a_recipe("a", serves=routes("get /x/{one}")), a_recipe("b", serves=routes("get /x/{other}"))),
            ["Recipe 'b' serves GET /x/{other}, and so does recipe 'a'"],
        ),
        (listing(a_recipe("mine", serves=fail)), ["mine recipe fails to say its routes", "out of sprockets"]),
        (listing(a_recipe("mine", responds=fail)), ["mine recipe fails to say its error responses", "out of sprock"]),
        (listing(a_recipe("mine", serves=routes("get /{id}/keys"))), ["'/{id}/keys' that no request matches"]),
        (
            listing(a_recipe("mine", responds=responses(UnauthorisedError, StorageError, Exception))),
            [
                "Recipe 'mine' answers StorageError, and so does The application",
                "Recipe 'mine' answers every Exception, also those of others",
            ],
        ),
        (
            listing(a_recipe("a", responds=responses(OddError)), a_recipe("b", responds=responses(OddError))),
            ["Recipe 'b' answers OddError, and so does Recipe 'a'"],
        ),
        (
            listing(
                a_recipe("mine", serves=routes("post /signout")),
                a_recipe("a", serves=fail),
                a_recipe("b", responds=fail),
            ),
            ["recipe_list has faults:", ROUTE_FAULT, "its routes", "its error responses"],
        ),
    ],
)
def test_routes_that_cannot_work_are_refused_and_all_is_closed(
    entries: list[RecipeEntry], said: list[str], tmp_path: Path
) -> None:
    """One report says all of it; what was built is closed, and the database can be moved away."""
    report = refusal(tmp_path, *entries)
    assert [each for each in said if each not in report] == []
    assert LOG.built
    (tmp_path / "auth.db").rename(tmp_path / "elsewhere.db")


@SignIn[UserContext].override(after=["nobody"])
async def misfit(call: SignIn[UserContext]) -> SignInResult:
    """Override in an order that there is not."""
    return await call.original()


def test_overrides_that_do_not_fit_stand_in_the_same_report(tmp_path: Path) -> None:
    """Who mends the routes would be told of them only then."""
    report = refusal(tmp_path, *listing(a_recipe("mine", serves=routes("post /signout"))), overrides=[misfit])
    assert ROUTE_FAULT in report
    assert "'nobody'" in report
    assert "test_recipes.py" in report


def stranger(_: type[Recipe]) -> Recipe:
    """Return what is no recipe."""
    return cast("Recipe", "nothing")  # the mistake


def test_what_was_built_is_closed_where_a_build_raises(tmp_path: Path) -> None:
    """The error is the recipe's own, with a note of whose; those that need it are not tried."""
    entries = listing(
        a_recipe("c", requires=("b",)), a_recipe("b", requires=("a",), builds=fail), a_recipe("a"), a_recipe("d")
    )
    before = library_threads()
    with pytest.raises(RuntimeError, match="out of sprockets") as caught:
        init(APP_INFO, entries, storage=f"sqlite:///{tmp_path}/auth.db")
    assert caught.value.__notes__ == ["This happened while the recipe 'b' was built."]
    assert (LOG.built, LOG.closed) == (["a", "b", "d"], ["d", "a"])
    assert library_threads() <= before
    assert open_files(tmp_path) == []


def test_what_cannot_be_built_is_reported_together(tmp_path: Path) -> None:
    """Each is tried that has what it needs."""

    def refuse(_: type[Recipe]) -> Recipe:
        message = "mine.init: it rains."
        raise ConfigurationError(message)

    report = refusal_of_builds(tmp_path, a_recipe("a", builds=refuse), a_recipe("b", builds=fail))
    assert report.splitlines() == [
        "The a recipe cannot be built: mine.init: it rains.",
        "The b recipe cannot be built: RuntimeError: out of sprockets",
    ]


def refusal_of_builds(folder: Path, *entries: RecipeEntry) -> str:
    """Build an application of recipes that cannot be built; return the report."""
    with pytest.raises(ConfigurationError) as caught:
        init(APP_INFO, listing(*entries), storage=f"sqlite:///{folder}/auth.db")
    assert open_files(folder) == []
    return str(caught.value)


def test_a_build_that_returns_something_else_is_named(tmp_path: Path) -> None:
    """What it returned is closed, if it can be."""
    other = a_recipe("other")
    assert "returned 'nothing', which is no Recipe" in refusal_of_builds(tmp_path, a_recipe("mine", builds=stranger))
    LOG.closed.clear()
    wrong = a_recipe("mine", builds=lambda _: other.build(cast("Services", None)))  # which it does not use
    assert "has another recipe_id than" in refusal_of_builds(tmp_path, wrong)
    assert LOG.closed == ["other"]


def test_a_recipe_that_cannot_be_closed_does_not_hide_the_error(tmp_path: Path) -> None:
    """The others are closed all the same, and what failed is noted."""
    entries = listing(a_recipe("a"), a_recipe("b", closes=fail), a_recipe("c", serves=routes("post /signout")))
    with pytest.raises(ConfigurationError, match="POST /signout") as caught:
        init(APP_INFO, entries, storage=f"sqlite:///{tmp_path}/auth.db")
    assert LOG.closed == ["c", "b", "a"]
    assert caught.value.__notes__ == ["The b recipe could not be closed (RuntimeError: out of sprockets)."]
    assert open_files(tmp_path) == []


def test_what_the_caller_gave_stays_open() -> None:
    """A store and a hasher can be used again after a refusal."""
    storage: Storage = MemoryStorage()
    hasher = PasswordHasher(memory_kib=8, time_cost=1)
    again = partial(init, APP_INFO, storage=storage, passwords=hasher, allow_plaintext_keys=True, default=False)
    with pytest.raises(ConfigurationError, match="POST /signout"):
        again(listing(a_recipe("mine", serves=routes("post /signout"))))
    app = again(listing(a_recipe("mine")))
    assert app.loaded == ("session", "emailpassword", "mine", "attempts", "accountlinking")
    app.close()


BROKEN = """
import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table("authweave_broken", sa.Column("id", sa.Integer(), primary_key=True))
    {fails}
"""


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Return where a database without tables is to be."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/auth.db"
        return
    server: Server = request.getfixturevalue("postgresql")
    made = server.new_database()
    yield made
    server.execute(f"DROP DATABASE {make_url(made).database}")  # refused where somebody is still connected


@pytest.mark.parametrize(
    ("fails", "error"),
    [
        ("op.execute('INSERT INTO authweave_nowhere VALUES (1)')", StorageError),
        ("raise RuntimeError('oh')", RuntimeError),
    ],
)
def test_a_migration_that_fails_half_way_changes_nothing(
    url: str, fails: str, error: type[Exception], tmp_path: Path
) -> None:
    """The part is named, nothing stays open, and the application starts again without it, with what it had."""
    folder = tmp_path / "migrations"
    folder.mkdir()
    (folder / "v0001_broken.py").write_text(BROKEN.format(fails=fails), encoding="utf-8")
    broken = a_recipe("mine", keeps=(a_part("broken", "authweave_broken", folder),))
    options: StorageOptions = attrs.evolve(PATIENT, migrate=True)
    start = partial(init, APP_INFO, storage=url, storage_options=options, secret=SECRET, default=False)
    first = start(listing())
    first.services.storage.create_tenant("kept")
    first.close()
    before = library_threads()
    with pytest.raises(error) as caught:
        start(listing(broken))
    told = f"{caught.value} {getattr(caught.value, '__notes__', '')}"
    assert "This happened while the tables of 'broken' were brought up to date." in told
    assert library_threads() <= before
    assert (open_files(tmp_path), LOG.built) == ([], [])
    again = start(listing())
    assert again.services.storage.tenant_exists("kept")
    again.close()
    with pytest.raises(error):  # it would find a table that is there already, had it been left
        start(listing(broken))


def bringing(name: str, *brought: RecipeEntry) -> RecipeEntry:
    """Return a recipe that brings others along."""

    def brings(_self: object) -> Sequence[RecipeEntry]:
        return brought

    kind = type(a_recipe(name, requires=tuple(each.recipe_id for each in brought)))
    bringer = type("Bringer", (kind,), {"__slots__": (), "brought": brings})
    return cast("RecipeEntry", bringer())  # as the class that it is one of


def test_recipes_that_are_brought_along_need_not_be_listed() -> None:
    """They are added once, with those that they bring themselves; one that is listed stays as it is."""
    inner = bringing("inner")
    app = init(
        APP_INFO,
        [bringing("outer", bringing("middle", inner)), bringing("other", inner), session.init()],
        storage=MemoryStorage(),
        allow_plaintext_keys=True,
        default=False,
    )
    assert app.loaded == ("outer", "other", "session", "middle", "inner")
    app.close()
    own = attempts.init(enabled=False)
    listed = init(APP_INFO, listing(own), storage=MemoryStorage(), allow_plaintext_keys=True, default=False)
    assert listed.loaded == ("session", "emailpassword", "attempts", "accountlinking")
    assert not listed.recipe(attempts.AttemptsRecipe).config.enabled
    listed.close()


def test_a_recipe_that_fails_to_say_what_it_brings_is_named() -> None:
    """And what it brings that is no recipe is told as if it had been listed."""

    def fails(_self: object) -> Sequence[RecipeEntry]:
        raise RuntimeError("out of sprockets")

    kind = type(a_recipe("mine"))
    broken = cast("RecipeEntry", type("Broken", (kind,), {"__slots__": (), "brought": fails})())  # likewise
    with pytest.raises(RuntimeError, match="sprockets") as caught:
        init(APP_INFO, listing(broken), storage="sqlite://")
    assert "Broken was asked which recipes it brings along" in caught.value.__notes__[0]
    wrong = bringing("wrong", cast("RecipeEntry", WithId("session.init")))  # the mistake
    with pytest.raises(ConfigurationError, match="which is no recipe"):
        init(APP_INFO, listing(wrong), storage="sqlite://")


@attrs.frozen
class WithId:
    """Something with an id, which is no recipe."""

    recipe_id: str
