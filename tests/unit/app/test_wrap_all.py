"""`wrap_all` in an application: one wrapper around every function of every recipe."""

import asyncio
import inspect
import pkgutil
from collections import Counter
from collections.abc import Callable, Coroutine, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import pytest

from authweave import App, InputAppInfo, UserContext, init, recipe
from authweave.errors import CompositionError, ConfigurationError
from authweave.kernel import Interface, Overridable, Override, Plugin, wrap_all
from authweave.recipe import (
    emailpassword,
    emailverification,
    multifactorauth,
    multitenancy,
    passwordless,
    session,
    thirdparty,
    totp,
    usermetadata,
    userroles,
    webauthn,
)
from authweave.recipe.emailpassword import EmailPasswordRecipe, SignIn, SignInResult
from authweave.recipe.session import RevokeSession, SessionRecipe
from authweave.recipe.thirdparty import (
    GetUserInfo,
    ProviderClientConfig,
    ProviderConfig,
    ProviderInput,
    ThirdPartyRecipe,
    UserInfo,
)
from authweave.storage.memory import MemoryStorage

P = ParamSpec("P")
R = TypeVar("R")

APP_INFO = InputAppInfo("tests", "http://127.0.0.1", website_domain="http://127.0.0.1")
GITHUB = ProviderConfig("github", clients=[ProviderClientConfig("id", "the-secret")])


class Traced:
    """A wrapper that keeps what it was told and what was called."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.called: list[str] = []

    def __call__(
        self, function: str, original: Callable[P, Coroutine[Any, Any, R]], /
    ) -> Callable[P, Coroutine[Any, Any, R]]:  # Any: never sent to
        """Note each call."""
        self.told.append(function)

        async def traced(*args: P.args, **kwargs: P.kwargs) -> R:
            self.called.append(function)
            return await original(*args, **kwargs)

        return traced


def application(overrides: Sequence[Override[Interface]] = (), plugins: Sequence[Plugin] = ()) -> App:
    """Make an application of all recipes, with a provider."""
    return init(
        APP_INFO,
        [
            emailpassword.init(),
            thirdparty.init(thirdparty.SignInAndUpFeature([ProviderInput(GITHUB)])),
            session.init(),
            emailverification.init(mode="OPTIONAL"),
            userroles.init(),
            usermetadata.init(),
            multitenancy.init(),
            passwordless.init(passwordless.ContactEmailOrPhoneConfig(), "USER_INPUT_CODE"),
            totp.init(),
            webauthn.init(),
            multifactorauth.init(),
        ],
        storage=MemoryStorage(),
        secret=bytes(32),
        default=False,
        overrides=overrides,
        plugins=plugins,
    )


def overridable_functions() -> Counter[str]:
    """Return the names of all functions that the recipes' interfaces declare."""
    found: dict[tuple[type, str], str] = {}
    for each in pkgutil.iter_modules(recipe.__path__):
        for path in (Path(recipe.__path__[0]) / each.name).rglob("*.py") if each.ispkg else ():
            inside = path.relative_to(Path(recipe.__path__[0])).with_suffix("").parts
            module = import_module(".".join(["authweave.recipe", *inside]))
            for cls in vars(module).values():
                if inspect.isclass(cls) and getattr(cls, "_is_protocol", False):
                    names = {name for name, member in vars(cls).items() if isinstance(member, Overridable)}
                    found.update({(cls, name): name for name in names})
    return Counter(found.values())


def chains_of(app: App) -> dict[str, list[str]]:
    """Return the layers of each function; of a name that several recipes have, those of the first one's."""
    parts = reversed(list(app.explain().values()))
    return {each.name: [layer.name for layer in each.layers] for part in parts for each in part}


async def sign_in(app: App) -> SignInResult:
    """Sign in."""
    return await app.recipe(EmailPasswordRecipe).functions.sign_in(
        "a@example.com", "password1", "public", None, None, UserContext()
    )


def test_it_stands_around_every_function_of_every_recipe() -> None:
    """Those of claims and of providers among them: each is told its name, and runs through it once."""
    traced = Traced()
    app = application([wrap_all(traced, name="traced")])
    expected = overridable_functions()
    assert expected.total() >= 39
    assert set(traced.told) == set(expected)
    parts = app.explain()
    providers = [name for name in parts if name.startswith("thirdparty.providers")]
    assert len(providers) == 2
    explained = [each for part, functions in parts.items() if part != providers[0] for each in functions]
    assert Counter(each.name for each in explained) == expected
    assert all([layer.name for layer in each.layers] == ["traced"] for each in explained)
    traced.called.clear()
    asyncio.run(sign_in(app))
    assert traced.called == ["sign_in", "verify_credentials", "allow_attempt", "record_attempt"]
    app.close()


def test_in_a_plugin() -> None:
    """It is named by its plugin, and ordered by another although that overrides one recipe alone."""
    traced = Traced()

    @SignIn.before(name="gate")
    async def gate(call: SignIn) -> None:
        """Look on."""

    @RevokeSession.before(name="gate")
    async def other_gate(call: RevokeSession) -> None:
        """Look on."""

    limits = Plugin("limits", [gate, other_gate])
    for order, expected in (
        ({"before": ["limits"]}, ["trace/all", "limits/gate"]),
        ({"after": ["limits"]}, ["limits/gate", "trace/all"]),
    ):
        plugin = Plugin[UserContext](
            "trace", [wrap_all(traced, name="all")], before=order.get("before", ()), after=order.get("after", ())
        )
        for plugins in ([limits, plugin], [plugin, limits]):
            app = application(plugins=plugins)
            chains = chains_of(app)
            assert chains["sign_in"] == chains["revoke_session"] == expected
            assert chains["get_user_info"] == chains["sign_up"] == ["trace/all"]
            app.close()


def test_it_is_ordered_by_an_override_of_one_recipe() -> None:
    """Where that recipe's override is not, there is nothing to be ordered by: no fault, at `init` or later."""

    @SignIn.override(name="audit")
    async def audit(call: SignIn) -> SignInResult:
        return await call.original()

    app = application([wrap_all(Traced(), name="traced", after=["audit"]), audit])
    chains = chains_of(app)
    assert chains["sign_in"] == ["audit", "traced"]
    assert chains["sign_up"] == ["traced"]

    async def provider() -> object:
        context = UserContext()
        found = await app.recipe(ThirdPartyRecipe).functions.get_provider("github", None, "public", context)
        assert found is not None
        return await found.get_config_for_client_type(None, context)

    assert asyncio.run(provider()) is not None
    app.close()


def test_a_name_that_no_override_has_is_a_fault() -> None:
    """It is told once, however many recipes there are."""
    with pytest.raises(CompositionError) as caught:
        application([wrap_all(Traced(), name="traced", after=["audti"])])
    (fault,) = caught.value.faults
    assert "'traced' is ordered by 'audti', which no override is named" in fault.message
    assert fault.file == __file__


def test_a_fault_of_the_wrapper_is_told_at_init() -> None:
    """With its file and line, beside all others."""

    def breaks(function: str, original: Callable[P, R], /) -> Callable[P, R]:
        raise KeyError("gone")

    with pytest.raises(CompositionError) as caught:
        application([wrap_all(breaks)])
    (fault,) = caught.value.faults
    assert fault.message == "'breaks' raised KeyError: 'gone'"
    assert fault.file == __file__


def test_for_a_block() -> None:
    """Every function of every recipe goes through it inside the block, and none outside."""
    traced, app = Traced(), application()

    async def main() -> None:
        with app.overriding(wrap_all(traced)):
            await sign_in(app)
            await app.recipe(SessionRecipe).functions.revoke_session("handle", UserContext())
        await sign_in(app)

    asyncio.run(main())
    assert set(traced.told) == set(overridable_functions())
    assert [each for each in traced.called if each in {"sign_in", "verify_credentials", "revoke_session"}] == [
        "sign_in",
        "verify_credentials",
        "revoke_session",
    ]
    app.close()


def test_for_a_block_beside_and_ordered_by_others() -> None:
    """An override of one recipe orders it there and nowhere else; an unknown name is a fault."""
    seen: list[str] = []

    @SignIn.override(name="audit")
    async def audit(call: SignIn) -> SignInResult:
        seen.append("audit")
        return await call.original()

    def noted(
        function: str, original: Callable[P, Coroutine[Any, Any, R]], /
    ) -> Callable[P, Coroutine[Any, Any, R]]:  # Any: never sent to
        async def noting(*args: P.args, **kwargs: P.kwargs) -> R:
            seen.append(function)
            return await original(*args, **kwargs)

        return noting

    app = application()

    async def main() -> None:
        with app.overriding(wrap_all(noted, after=["audit"]), audit):
            await sign_in(app)

    asyncio.run(main())
    assert seen == ["audit", "sign_in", "verify_credentials", "allow_attempt", "record_attempt"]
    with pytest.raises(CompositionError, match="'audti'"), app.overriding(wrap_all(noted, after=["audti"]), audit):
        pass
    app.close()


def test_an_override_in_the_call_style_for_a_block_and_for_a_provider() -> None:
    """`App.overriding` takes it like any other; one of a recipe that is not there is an error."""
    app = application()

    @GetUserInfo.override
    async def nobody(call: GetUserInfo) -> UserInfo:
        raise AssertionError(call.oauth_tokens)

    async def main() -> None:
        with app.overriding(nobody):
            found = await app.recipe(ThirdPartyRecipe).functions.get_provider("github", None, "public", UserContext())
            assert found is not None
            with pytest.raises(AssertionError) as caught:
                await found.get_user_info({"a": "b"}, UserContext())
            assert "'nobody'" in caught.value.__notes__[0]

    asyncio.run(main())
    app.close()
    alone = init(APP_INFO, [session.init()], storage=MemoryStorage(), secret=bytes(32), default=False)
    with pytest.raises(ConfigurationError, match="which no recipe here has"), alone.overriding(nobody):
        pass
    alone.close()
