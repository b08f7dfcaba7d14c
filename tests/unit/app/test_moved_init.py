"""What SuperTokens's ``init`` takes (docs/how-to/from-supertokens.md, M1)."""

from __future__ import annotations

import logging
from collections.abc import Generator
from contextlib import closing
from pathlib import Path
from typing import Final, cast

import pytest

import authweave
from authweave import (
    InputAppInfo,
    Supertokens,
    SupertokensConfig,
    SupertokensExperimentalConfig,
    default_app,
    init,
    is_recipe_initialized,
)
from authweave.app import set_default_app
from authweave.errors import ConfigurationError
from authweave.kernel import Plugin
from authweave.recipe import emailpassword, session
from authweave.recipe.emailpassword import EmailPasswordRecipe, SignIn, syncio
from authweave.recipe.emailpassword.types import SignInResult, SignUpOkResult
from authweave.storage.memory import MemoryStorage

INFO: Final = InputAppInfo(app_name="tests", api_domain="http://localhost:8000", website_domain="http://localhost:3000")
SECRET: Final = "the-secret-word"
CORE: Final = f"https://ada:{SECRET}@try.supertokens.com"


@pytest.fixture(autouse=True)
def _no_default() -> Generator[None]:
    """Leave the process without a default application."""
    yield
    set_default_app(None)


def test_as_its_documents_write_it(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Every argument by keyword; the connection URI of a database is where the data is."""
    file = tmp_path / "auth.db"
    with caplog.at_level(logging.INFO, "authweave.moved"):
        app = init(
            app_info=INFO,
            supertokens_config=SupertokensConfig(
                connection_uri=f" sqlite:///{file}",
                api_key=SECRET,
                network_interceptor=lambda *_: None,
                disable_core_call_cache=True,
            ),
            framework="fastapi",
            recipe_list=[emailpassword.init(), session.init()],
            mode="asgi",
            telemetry=False,
            debug=False,
            experimental=None,
        )
    app.close()
    assert file.is_file()
    (said,) = [record for record in caplog.records if record.name == "authweave.moved"]
    for name in ("mode", "telemetry", "api_key", "network_interceptor", "disable_core_call_cache"):
        assert name in said.getMessage()
    assert "row M1" in said.getMessage()
    assert SECRET not in caplog.text


def test_what_is_not_given_is_not_spoken_of(caplog: pytest.LogCaptureFixture) -> None:
    """None means that nothing was said."""
    with caplog.at_level(logging.INFO, "authweave.moved"):
        config = SupertokensConfig("sqlite://")
        init(app_info=INFO, supertokens_config=config, recipe_list=[session.init()], mode=None, telemetry=None).close()
    assert "authweave.moved" not in {record.name for record in caplog.records}


@pytest.mark.parametrize("uri", [CORE, "http://localhost:3567;http://localhost:3568", "", "mysql://localhost/auth"])
@pytest.mark.parametrize("storage", [None, "sqlite://"])
def test_there_is_no_core(uri: str, storage: str | None) -> None:
    """Its address is refused, whatever stands beside it; the error says what to write, and shows no password."""
    with pytest.raises(ConfigurationError) as caught:
        init(INFO, [session.init()], storage=storage, supertokens_config=SupertokensConfig(uri, api_key=SECRET))
    message = str(caught.value)
    for said in ("there is no core", "storage=", "authweave user import --from supertokens", "row M1"):
        assert said in message
    assert SECRET not in message


def test_one_place_for_the_data() -> None:
    """Two that differ are refused; the same one twice is not."""
    with pytest.raises(ConfigurationError, match="names another place") as caught:
        init(
            INFO,
            [session.init()],
            storage="sqlite://",
            supertokens_config=SupertokensConfig(f"postgresql://ada:{SECRET}@localhost/auth"),
        )
    assert SECRET not in str(caught.value)
    with pytest.raises(ConfigurationError, match="names another place"):
        init(INFO, [session.init()], storage=MemoryStorage(), supertokens_config=SupertokensConfig("sqlite://"))
    init(INFO, [session.init()], storage="sqlite://", supertokens_config=SupertokensConfig("sqlite://")).close()


def test_nothing_secret_is_shown() -> None:
    """Neither the key nor the address stands in the text of a configuration."""
    shown = repr(SupertokensConfig(CORE, SECRET))
    assert SECRET not in shown
    assert "supertokens.com" not in shown


@SignIn.override
async def counted(call: SignIn) -> SignInResult:
    """Pass through."""
    return await call.original()


def test_experimental_plugins() -> None:
    """They are plugins as any; what is none is refused by its name."""
    plugin = Plugin("counting", [counted])
    experimental = SupertokensExperimentalConfig(plugins=[plugin])
    entries = [emailpassword.init(), session.init()]
    with closing(init(INFO, entries, storage="sqlite://", experimental=experimental)) as app:
        assert "counted" in str(app.explain())
    with closing(init(INFO, entries, storage="sqlite://", experimental=SupertokensExperimentalConfig())):
        pass
    with pytest.raises(ConfigurationError, match=r"experimental\.plugins"):
        init(INFO, entries, storage="sqlite://", experimental=SupertokensExperimentalConfig([cast("Plugin", object())]))


def test_the_default_application_by_its_other_name() -> None:
    """`Supertokens` finds it, and leaves the process without one, between two tests."""
    app = init(INFO, [emailpassword.init()], storage="sqlite://")
    assert Supertokens.get_instance() is app is default_app()
    assert is_recipe_initialized("emailpassword")
    assert not is_recipe_initialized("session")
    Supertokens.reset()
    assert app.is_closed
    Supertokens.reset()
    with pytest.raises(ConfigurationError):
        Supertokens.get_instance()
    with pytest.raises(ConfigurationError):
        is_recipe_initialized("emailpassword")


def test_after_a_reset_another_application(tmp_path: Path) -> None:
    """Which has nothing of the one before."""
    for number in range(2):
        init(INFO, [emailpassword.init()], storage=f"sqlite:///{tmp_path / str(number)}.db")
        found = syncio.sign_up("public", "ada@example.com", "correct horse 1")
        assert isinstance(found, SignUpOkResult)
        Supertokens.reset()


def test_top_level_names() -> None:
    """Those that programs import from the package itself are there, once each."""
    assert authweave.RecipeUserId("a") == authweave.convert_to_recipe_user_id("a")
    assert authweave.RecipeInit is authweave.app.RecipeEntry
    assert authweave.AppInfo.__name__ == "AppInfo"
    assert set(authweave.__all__) <= set(dir(authweave))
    assert all(hasattr(authweave, name) for name in authweave.__all__)


def test_a_recipe_by_its_class_is_as_ever() -> None:
    """What the default application has is found by class too."""
    with closing(init(INFO, [emailpassword.init()], storage="sqlite://")) as app:
        assert app.recipe(EmailPasswordRecipe).recipe_id == "emailpassword"
