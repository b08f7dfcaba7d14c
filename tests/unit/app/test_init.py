"""`authweave.init`: what it checks, and what comes of it."""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, closing
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any, get_args

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from authweave import App, InputAppInfo, UserContext, default_app, init
from authweave.app import set_default_app
from authweave.app._init import Framework
from authweave.errors import ClosedError, CompositionError, ConfigurationError, StorageError
from authweave.framework import get_request_from_user_context
from authweave.framework.fastapi import get_middleware
from authweave.kernel import Plugin, current_context, forked_context, journal_of, override
from authweave.recipe import emailpassword, session
from authweave.recipe.emailpassword import EmailPasswordRecipe
from authweave.recipe.emailpassword.interfaces import APIInterface, RecipeInterface
from authweave.recipe.emailpassword.signatures import SignIn
from authweave.recipe.emailpassword.types import SignInResult, SignUpOkResult
from authweave.recipe.session.interfaces import RecipeInterface as SessionInterface
from authweave.recipe.session.interfaces import SessionContainer
from authweave.security import PasswordHasher
from authweave.storage.memory import MemoryStorage
from authweave.types import BaseRequest
from tests.leftovers import library_threads
from tests.proving import PROVES

APP_INFO = InputAppInfo("tests", "http://127.0.0.1", website_domain="http://127.0.0.1")


class CountContext(UserContext, total=False):
    """Declares a key."""

    count: int


@override(RecipeInterface[CountContext].sign_in, name="counting")
async def counting(
    original: SignIn[CountContext],
    email: str,
    password: str,
    tenant_id: str,
    session: SessionContainer | None,
    should_try_linking_with_session_user: bool | None,
    user_context: CountContext,
) -> SignInResult:
    """Count the sign-ins of a root call."""
    user_context["count"] = user_context.get("count", 0) + 1
    return await original(email, password, tenant_id, session, should_try_linking_with_session_user, user_context)


@pytest.fixture(autouse=True)
def no_default_app() -> Generator[None]:
    """Leave no default application behind."""
    yield
    set_default_app(None)


@pytest.fixture
def app() -> Generator[App[CountContext]]:
    """Give an application in memory, with an override at its own level, in debug mode."""
    made = init(
        APP_INFO,
        [emailpassword.init(), session.init()],
        storage="sqlite://",
        context=CountContext,
        overrides=[counting],
        debug=True,
    )
    yield made
    made.close()


def sign_in(app: App[CountContext]) -> CountContext:
    """Sign in through the composed function; return the context of the call."""
    context = CountContext()
    function = app.recipe(EmailPasswordRecipe).functions.sign_in
    asyncio.run(function("a@example.com", "password1", "public", None, None, context))
    return context


def test_init_makes_the_default_application(app: App[CountContext]) -> None:
    """What ``init`` returned is the process's default."""
    assert default_app() is app


def test_an_application_that_stands_alone_is_no_default() -> None:
    """With ``default=False`` the process has no default, and asking says what to do."""
    init(APP_INFO, [session.init()], storage="sqlite://", default=False).close()
    with pytest.raises(ConfigurationError, match=r"call authweave\.init\(\.\.\.\) before this") as refused:
        default_app()
    for line in ("get_middleware(), app=auth", "verify_session(app=auth)", "auth.recipe(...).functions"):
        assert line in str(refused.value)


def test_overrides_of_the_application_reach_their_recipe(app: App[CountContext]) -> None:
    """An override listed for the whole application runs where its interface is."""
    assert sign_in(app) == {"count": 1}


@override(RecipeInterface[UserContext].sign_in)
async def handing_on(
    original: SignIn[UserContext],
    email: str,
    password: str,
    tenant_id: str,
    session: SessionContainer | None,
    should_try_linking_with_session_user: bool | None,
    user_context: UserContext,
) -> SignInResult:
    """Hand everything on."""
    return await original(email, password, tenant_id, session, should_try_linking_with_session_user, user_context)


@pytest.mark.usefixtures("unwatched")
@pytest.mark.parametrize("guards", [None, False, True])
def test_guards_every_layer_keeps_the_guard_of_what_is_proved(guards: bool | None) -> None:
    """Without it an override that provably hands its context on has none, and `App.explain` says so."""
    recipes = [emailpassword.init(), session.init()]
    with closing(
        init(APP_INFO, recipes, storage="sqlite://", overrides=[handing_on], guards_every_layer=guards, default=False)
    ) as made:
        chain = next(each for each in made.explain()["emailpassword.functions"] if each.name == "sign_in")
        assert [layer.proved for layer in chain.layers] == [PROVES and guards is not True]


def test_an_override_of_a_recipe_that_is_not_listed_is_a_fault() -> None:
    """It is reported with its place, not passed over."""
    with pytest.raises(CompositionError, match=r"test_init\.py:\d+.*'counting'.*not in recipe_list"):
        init(APP_INFO, [session.init()], storage="sqlite://", context=CountContext, overrides=[counting])


def test_faults_of_all_recipes_come_in_one_error() -> None:
    """Both a recipe's functions and another one's APIs are looked at before anything is raised."""

    def wrong_apis(original_implementation: APIInterface[UserContext]) -> APIInterface[UserContext]:
        setattr(original_implementation, "sign_up_pots", None)  # noqa: B010  a mistake that the checkers would see
        return original_implementation

    def wrong_functions(original_implementation: SessionInterface[UserContext]) -> SessionInterface[UserContext]:
        setattr(original_implementation, "create_session", None)  # noqa: B010  as above
        return original_implementation

    with pytest.raises(CompositionError) as caught:
        init(
            APP_INFO,
            [
                emailpassword.init(override=emailpassword.InputOverrideConfig(apis=wrong_apis)),
                session.init(override=session.InputOverrideConfig(functions=wrong_functions)),
            ],
            storage="sqlite://",
        )
    messages = [fault.message for fault in caught.value.faults]
    assert len(messages) == 2
    assert any("did you mean 'sign_up_post'?" in message for message in messages)
    assert any("create_session" in message for message in messages)


@pytest.mark.parametrize(
    ("framework", "hint"),
    [
        ("fastpi", "did you mean 'fastapi'?"),
        ("Flask", "did you mean 'flask'?"),
        ("quart", "authweave.framework.asgi.Middleware"),
        ("", "Supported are 'fastapi', 'starlette', 'flask', 'django', 'litestar'"),
        (3, "framework= is a int: write one of 'fastapi'"),
    ],
)
def test_an_unknown_framework_is_refused(framework: object, hint: str) -> None:
    """``framework`` is checked, with a hint."""
    with pytest.raises(ConfigurationError, match="framework=") as caught:
        init(APP_INFO, [session.init()], storage="sqlite://", framework=framework)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # the mistake
    assert hint in str(caught.value)


@pytest.mark.parametrize("framework", get_args(Framework))
def test_a_framework_that_is_not_installed_is_refused(framework: Framework, monkeypatch: pytest.MonkeyPatch) -> None:
    """What to install is told: the adapter's extra, which is called like the framework."""
    monkeypatch.setitem(sys.modules, framework, None)
    command = rf"needs {framework}, which is not installed: python -m pip install '.*\[{framework}\]'"
    with pytest.raises(ConfigurationError, match=command):
        init(APP_INFO, [session.init()], storage="sqlite://", framework=framework)
    init(APP_INFO, [session.init()], storage="sqlite://").close()  # which nobody needs to name


@pytest.mark.parametrize("framework", get_args(Framework))
def test_a_framework_that_is_installed_is_taken(framework: Framework, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is looked for, and not imported."""
    found = ModuleType(framework)
    found.__spec__ = ModuleSpec(framework, None)
    monkeypatch.setitem(sys.modules, framework, found)
    init(APP_INFO, [session.init()], storage="sqlite://", framework=framework).close()


@pytest.mark.parametrize(
    ("overrides", "plugins", "hint"),
    [
        ([Plugin("p", [])], [], "list it in plugins="),
        ([current_context], [], r"'current_context' \(.+_context.py:\d+\), which is no override: write @SignUp"),
        ([3], [], "'int', which is no override"),
        ([], [counting], "list single overrides in overrides="),
    ],
)
def test_overrides_and_plugins_are_not_mixed_up(overrides: list[Any], plugins: list[Any], hint: str) -> None:
    """What stands in the wrong list is told where it belongs. Any: the mistake that the checkers would see."""
    with pytest.raises(ConfigurationError, match=hint):
        init(APP_INFO, [session.init()], storage="sqlite://", overrides=overrides, plugins=plugins)


def test_an_override_alone_is_no_list_of_overrides() -> None:
    """What to write is told."""
    with pytest.raises(ConfigurationError, match=r"write overrides=\[\.\.\.\]"):
        init(APP_INFO, [session.init()], storage="sqlite://", overrides=counting)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # the mistake


def test_a_recipe_listed_twice_is_refused() -> None:
    """The second would hide the first."""
    with pytest.raises(ConfigurationError, match="twice"):
        init(APP_INFO, [session.init(), session.init()], storage="sqlite://")


@pytest.mark.parametrize(
    ("listed", "named"),
    [(emailpassword, "'authweave.recipe.emailpassword'"), (emailpassword.init, "'init'"), (7, "'int'")],
)
def test_what_is_no_recipe_is_refused(listed: Any, named: str) -> None:  # noqa: ANN401  what an untyped program hands in
    """A module, or a function that was not called, is named, and the message says what to list."""
    with pytest.raises(ConfigurationError, match=r"recipe_list\[1\].*" + named):
        init(APP_INFO, [session.init(), listed], storage=MemoryStorage(), secret=b"s" * 32)


def test_a_recipe_that_is_not_loaded_says_so() -> None:
    """Asking an application for a recipe that it lacks names the recipe."""
    app = init(APP_INFO, [session.init()], storage="sqlite://")
    with pytest.raises(ConfigurationError, match=r"add emailpassword\.init\(\)"):
        app.recipe(EmailPasswordRecipe)
    app.close()


def test_a_store_of_ones_own_needs_a_secret() -> None:
    """There is no file beside it to keep one in."""
    with pytest.raises(ConfigurationError, match="secret="):
        init(APP_INFO, [session.init()], storage=MemoryStorage())
    init(APP_INFO, [session.init()], storage=MemoryStorage(), secret="x" * 32).close()


def test_sqlite_has_its_secret_in_a_file_of_its_own(tmp_path: Path) -> None:
    """It lies beside the database, for its owner alone, and is used again."""
    url = f"sqlite:///{tmp_path / 'auth.db'}"
    init(APP_INFO, [session.init()], storage=url).close()
    secret = tmp_path / "auth.db.secret"
    kept = secret.read_bytes()
    assert secret.stat().st_mode & 0o777 == 0o600
    init(APP_INFO, [session.init()], storage=url).close()
    assert secret.read_bytes() == kept


def test_two_applications_share_nothing(app: App[CountContext]) -> None:
    """A user and an override of one are unknown to the other."""
    other = init(
        APP_INFO, [emailpassword.init(), session.init()], storage="sqlite://", context=CountContext, default=False
    )
    made = asyncio.run(
        app.recipe(EmailPasswordRecipe).functions.create_new_recipe_user(
            "a@example.com", "password1", "public", CountContext()
        )
    )
    assert isinstance(made, SignUpOkResult)
    assert sign_in(other) == {}
    assert other.services.storage.find_user(made.user.id) is None
    assert app.services.storage.find_user(made.user.id) == made.user
    other.close()


def test_the_request_is_in_the_context_exactly_while_it_is_served(app: App[CountContext]) -> None:
    """Law C6."""
    request = BaseRequest("get", "/")
    with app.serve_context(request) as context:
        assert current_context() is context
        assert context.get("_default", {}).get("request") is request
        with forked_context() as fork:
            pass
    assert context.get("_default") == {"app": app}  # whose it was, for what outlives it
    assert get_request_from_user_context(context) is None
    assert get_request_from_user_context(fork) is None
    assert current_context() == {}


def test_debug_mode_keeps_a_journal(app: App[CountContext]) -> None:
    """The context of a request tells which override set which key."""

    async def serve() -> list[tuple[str, str]]:
        with app.serve_context(BaseRequest("post", "/")) as context:
            await app.recipe(EmailPasswordRecipe).functions.sign_in(
                "a@example.com", "password1", "public", None, None, context
            )
            return [
                (entry.layer.name, entry.key) for entry in journal_of(context) if entry.layer and entry.key is not None
            ]

    assert asyncio.run(serve()) == [("counting", "count")]


def test_overriding_for_a_block_reaches_any_recipe() -> None:
    """Scoped overrides need not name the recipe, and end with the block."""
    app = init(APP_INFO, [emailpassword.init(), session.init()], storage="sqlite://", context=CountContext)
    with app.overriding(counting):
        assert sign_in(app) == {"count": 1}
    assert sign_in(app) == {}
    app.close()


def test_overriding_what_no_recipe_has_is_refused() -> None:
    """An override for a block of a recipe that is not loaded is said to be so."""
    app = init(APP_INFO, [session.init()], storage="sqlite://", context=CountContext)
    with pytest.raises(ConfigurationError, match="counting"), app.overriding(counting):
        pass
    app.close()


def test_explain_names_every_chain(app: App[CountContext]) -> None:
    """Each function of each recipe is there, with the overrides that it has."""
    explained = app.explain()
    assert set(explained) == {
        *("emailpassword.functions", "emailpassword.apis", "session.functions", "session.apis", "attempts.functions"),
        "accountlinking.functions",
    }
    chains = {each.name: [layer.name for layer in each.layers] for each in explained["emailpassword.functions"]}
    assert chains["sign_in"] == ["counting"]
    assert chains["sign_up"] == []


def test_explain_is_read_at_a_prompt(app: App[CountContext]) -> None:
    """Printed, it is the chains of the functions that have overrides, layer by layer with their places."""
    first, function, override, implementation, last = repr(app.explain()).splitlines()
    assert (first, function) == ("emailpassword.functions", "  sign_in")
    assert re.fullmatch(r"  └─ counting  \[\w+\]  .+test_init\.py:\d+", override)
    assert re.fullmatch(r"     └─ RecipeImplementation\.sign_in  \[implementation\]  .+\.py:\d+", implementation)
    assert last.endswith(
        "functions without overrides are left out. The keys are 'emailpassword.functions', 'emailpassword.apis', "
        "'session.functions', 'session.apis', 'attempts.functions', 'accountlinking.functions'."
    )
    assert str(app.explain()) == repr(app.explain())


def test_what_the_caller_gave_stays_open() -> None:
    """Of two applications over one store and one hasher the second does not notice that the first is closed."""
    store, passwords = MemoryStorage(), PasswordHasher(memory_kib=8, time_cost=1)
    apps = [
        init(APP_INFO, [emailpassword.init(), session.init()], storage=store, passwords=passwords, secret="x" * 32)
        for _ in range(2)
    ]
    apps[0].close()
    assert store.tenant_exists("public")
    sign_up = apps[1].recipe(EmailPasswordRecipe).functions.sign_up
    asyncio.run(sign_up("a@example.com", "password1", "public", None, None, UserContext()))
    apps[1].close()
    store.close()
    passwords.close()


def test_what_was_opened_is_closed(tmp_path: Path) -> None:
    """The store at a URL, and a hasher of the application's own."""
    app = init(APP_INFO, [session.init()], storage=f"sqlite:///{tmp_path}/auth.db", default=False)
    app.close()
    with pytest.raises(StorageError, match="closed"):
        app.services.storage.tenant_exists("public")
    with pytest.raises(ClosedError, match="hashes passwords was closed"):
        asyncio.run(app.services.passwords.hash("password1"))


def test_a_closed_application_says_so_by_name() -> None:
    """To a request, and to a synchronous caller."""
    app = init(APP_INFO, [session.init()], storage="sqlite://", default=False)
    app.close()
    said = f"The application '{APP_INFO.app_name}' was closed: build another"
    with pytest.raises(ClosedError, match=said):
        app.serve_context(BaseRequest("get", "/"))
    with pytest.raises(ClosedError, match=said):
        app.run_blocking(asyncio.sleep(0))


def test_a_lifespan_begins_more_than_once(tmp_path: Path) -> None:
    """An application that is built in the lifespan serves each time; one that was built before says it was closed."""

    def build() -> App:
        return init(APP_INFO, [emailpassword.init(), session.init()], storage=f"sqlite:///{tmp_path}/auth.db")

    @asynccontextmanager
    async def opens(_: FastAPI) -> AsyncGenerator[None]:
        with closing(build()):
            yield

    web = FastAPI(lifespan=opens)
    web.add_middleware(get_middleware())
    for _ in range(2):
        with TestClient(web) as client:
            assert client.get("/auth/health/ready").status_code == 200
    with pytest.raises(ClosedError, match=repr(APP_INFO.app_name)):
        TestClient(web).get("/auth/health/live")


def test_closing_twice_does_nothing(app: App[CountContext]) -> None:
    """An application may be closed by several hands: its threads end once, and neither they nor its store come back."""
    of_others = library_threads()
    app.loop_thread.run(app.services.passwords.hash("password1"))
    app.loop_thread.run(
        app.recipe(EmailPasswordRecipe).functions.sign_in(
            "a@example.com", "password1", "public", None, None, CountContext()
        )
    )
    started = {thread.name.partition("_")[0] for thread in library_threads() - of_others}
    assert started == {"authweave-loop", "authweave-passwords", "authweave-storage"}
    for _ in range(2):
        app.close()
        assert library_threads() <= of_others
        with pytest.raises(StorageError, match="closed"):
            app.services.storage.tenant_exists("public")
