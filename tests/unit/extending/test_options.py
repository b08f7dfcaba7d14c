"""
Options of the wrong type, for every option of every recipe: they are found, not listed, so none can be forgotten.

What is wrong follows from how an annotation is written, here by a small table of its own.
"""

from __future__ import annotations

import importlib
import inspect
import math
import pkgutil
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from functools import partial, update_wrapper
from pathlib import Path
from typing import Annotated, Final, Literal, Protocol, TypeAlias, TypeVar, cast

import attrs
import pytest

import apikeys
import authweave
from authweave import recipe
from authweave.app import App, SupertokensConfig
from authweave.extending import check_options
from authweave.ingredients.smsdelivery.types import TwilioSettings
from authweave.kernel import CompositionError
from authweave.recipe import session
from authweave.recipe.attempts import Limit
from authweave.recipe.emailpassword import InputFormField
from authweave.recipe.passwordless import (
    ContactConfig,
    ContactEmailOnlyConfig,
    ContactEmailOrPhoneConfig,
    ContactPhoneOnlyConfig,
)
from authweave.recipe.session.types import Risk
from authweave.recipe.thirdparty import ProviderClientConfig, ProviderConfig, ProviderInput
from authweave.recipe.thirdparty.provider import CommonProviderConfig, ProviderConfigForClient
from authweave.storage.memory import MemoryStorage
from authweave.types import ConfigurationError, InputAppInfo, Options

Init: TypeAlias = Callable[..., object]

SECRET: Final = "the-secret-value"
INFO: Final = InputAppInfo("Test", "http://localhost:8000", website_domain="http://localhost:3000")
PROVIDER: Final = ProviderConfig("google", clients=[ProviderClientConfig("id")])


class Strange:
    """Something that no option takes."""


async def asynchronous(*_arguments: object) -> None:
    """Be what may not stand where only ``def`` is called."""


WRONG: Final[Mapping[str, Sequence[object]]] = {
    "bool": (1, 0, SECRET, 1.0, [True]),
    "int": (SECRET, 5.0, True, math.nan, math.inf, b"5", [5]),
    "float": (SECRET, True, math.nan, -math.inf, [5.0]),
    "str": (5, b"text", [SECRET], True),
    "str | bytes": (5, [SECRET], True),
    "timedelta": (5, SECRET, 1.5),
    "Clock": (5, SECRET, asynchronous),
    "Callable[[int], bytes]": (5, SECRET, asynchronous),
}
"""What is wrong beside `Strange`, by the annotation; what may be None is looked up without that."""


def inits() -> Iterator[tuple[str, Init]]:
    """Find every ``init``: the application's, those of all recipes of the library, and that of the example."""
    yield "authweave.init", authweave.init
    for found in pkgutil.iter_modules(recipe.__path__, f"{recipe.__name__}."):
        init: Init | None = getattr(importlib.import_module(found.name), "init", None)
        if init is not None:
            yield f"{found.name.rpartition('.')[2]}.init", init
    yield "apikeys.init", apikeys.init


MADE_OF_OTHERS: Final = {
    *(ContactEmailOnlyConfig, ContactEmailOrPhoneConfig, ContactPhoneOnlyConfig),
    ProviderConfigForClient,
}
"""What has no fields of its own that an application would give."""


def options_classes(base: type[Options] = Options) -> Iterator[type[Options]]:
    """Find every class of settings that an application hands to one of them."""
    for each in base.__subclasses__():
        # Of a class with slots attrs makes another, and the first is here until the garbage collector has run.
        is_whole = "__attrs_attrs__" in vars(each)
        if is_whole and each.__module__.startswith(("authweave.", "apikeys.")) and each not in MADE_OF_OTHERS:
            yield each
            yield from options_classes(each)


def wrong_for(annotation: str) -> list[object]:
    """Return what is of the wrong type."""
    members = annotation.removesuffix(" | None")
    values: list[object] = [Strange(), *WRONG.get(members, (5,))]
    if members.startswith("Sequence["):
        values += [SECRET, {SECRET}, [Strange()]]
    if members.startswith("tuple["):
        values += [SECRET, [SECRET], (Strange(),)]
    if members == annotation and not annotation.startswith(("OverrideInput", "Any", "object")):
        values.append(None)
    return values


def cases() -> Iterator[tuple[str, Init, str, object]]:
    """Return each option with what is wrong for it."""
    for where, init in inits():
        for name, parameter in inspect.signature(init).parameters.items():
            for wrong in wrong_for(str(parameter.annotation)):
                yield where, init, name, wrong


def field_cases() -> Iterator[tuple[type[Options], str, object]]:
    """Return each field of each class of settings with what is wrong for it."""
    for kind in dict.fromkeys(options_classes()):
        for field in attrs.fields(cast("type[attrs.AttrsInstance]", kind)):  # all are
            for wrong in wrong_for(str(field.type)):
                if wrong is not None or not means_the_default(kind, field.name):
                    yield kind, field.name, wrong


def means_the_default(kind: type[Options], field: str) -> bool:
    """Return whether None is taken for a field, which has its default then."""
    evolve = cast("Callable[..., Options]", attrs.evolve)  # by name, whatever the class
    try:
        return getattr(evolve(made(kind), **{field: None}), field) is not None
    except ConfigurationError:
        return False


def shown(wrong: object) -> str:
    """Return how a message names what is wrong."""
    if wrong is asynchronous:
        return "is async"
    name = "None" if wrong is None else type(wrong).__name__
    elements = cast("Sequence[object]", wrong) if isinstance(wrong, list | tuple) else ()  # of whatever
    return "Strange" if any(isinstance(each, Strange) for each in elements) else name


NEEDED: Final[Mapping[str, dict[str, object]]] = {
    "admin.init": {"allowed": "admin"},
    "emailverification.init": {"mode": "OPTIONAL"},
    "passwordless.init": {"contact_config": ContactConfig("EMAIL"), "flow_type": "MAGIC_LINK"},
}
"""What recipes cannot do without."""


def required(where: str) -> dict[str, object]:
    """Return the arguments that an ``init`` needs."""
    if where != "authweave.init":
        return NEEDED.get(where, {})
    return {
        "app_info": INFO,
        "recipe_list": [session.init()],
        "storage": MemoryStorage(),
        "secret": b"s" * 32,
        "default": False,
    }


def made(kind: type[Options]) -> Options:
    """Return settings that are right."""
    several: dict[type[Options], Options] = {
        Limit: Limit(3, 60),
        InputAppInfo: INFO,
        InputFormField: InputFormField("age"),
        ProviderClientConfig: ProviderClientConfig("id"),
        CommonProviderConfig: CommonProviderConfig("google"),
        ContactConfig: ContactConfig("EMAIL"),
        ProviderConfig: PROVIDER,
        ProviderInput: ProviderInput(PROVIDER),
        SupertokensConfig: SupertokensConfig("sqlite://"),
        TwilioSettings: TwilioSettings("AC1", "token", "+15005550006"),
    }
    return several[kind] if kind in several else kind()


def take(options: Options) -> None:
    """Be the ``init`` that settings are handed to."""
    check_options("tests.init", take, locals())


def identify(value: object) -> str:
    """Name a case."""
    if isinstance(value, str):
        return value
    return getattr(value, "__name__", "") or type(value).__name__


@pytest.mark.parametrize(("where", "init", "option", "wrong"), list(cases()), ids=identify)
def test_every_option_of_every_recipe(where: str, init: Init, option: str, wrong: object) -> None:
    """A wrong one is refused by name, with its type, and its value is not shown."""
    with pytest.raises((ConfigurationError, CompositionError)) as error:  # the latter of hooks, with their place
        init(**{**required(where), option: wrong})
    message = str(error.value)
    assert option in message
    assert shown(wrong) in message
    assert SECRET not in message


@pytest.mark.parametrize(("kind", "field", "wrong"), list(field_cases()), ids=identify)
def test_every_field_of_all_settings(kind: type[Options], field: str, wrong: object) -> None:
    """Settings are checked where they are handed over, if not before."""
    settings = made(kind)
    evolve = cast("Callable[..., Options]", attrs.evolve)  # by name, whatever the class
    with pytest.raises(ConfigurationError) as error:
        take(evolve(settings, **{field: wrong}))
    message = str(error.value)
    assert field in message
    assert SECRET not in message


def takes_all(*_arguments: object, **_named: object) -> None:
    """Fit every call."""


def takes_nine(a: int, b: int, c: int, d: int, e: int, f: int, g: int, h: int, i: int) -> None:
    """Fit none."""


def hand_to(init: Init, where: str, option: str, given: object) -> None:
    """Hand something over as an option."""
    init(**{**required(where), option: given})


def hand_in(settings: Options, field: str, given: object) -> None:
    """Hand settings over with something as a field."""
    evolve = cast("Callable[..., Options]", attrs.evolve)  # by name, whatever the class
    take(evolve(settings, **{field: given}))


COMPOSED: Final = {"override", "overrides", "functions", "apis"}
"""Overrides: where they are composed, it is said in which line one is that does not fit."""


def handed_over() -> Iterator[tuple[str, Callable[[object], None]]]:
    """Return what hands something over as each option and each field, but where it is not called, or composed."""
    for where, init in inits():
        if where != "authweave.init":  # it would begin to use it
            for name in inspect.signature(init).parameters:
                if name not in COMPOSED:
                    yield f"{where}: {name}", partial(hand_to, init, where, name)
    for kind in dict.fromkeys(options_classes()):
        if kind is not SupertokensConfig:  # nobody calls what it has
            for field in attrs.fields(cast("type[attrs.AttrsInstance]", kind)):  # all are
                if field.name not in COMPOSED:
                    yield f"{kind.__name__}.{field.name}", partial(hand_in, made(kind), field.name)


def test_functions_that_do_not_take_what_they_are_called_with() -> None:
    """Whatever takes functions refuses those at once, and says how it calls them."""
    refused: dict[str, str] = {}
    for where, hand_over in handed_over():
        try:
            hand_over(takes_all)
        except (ConfigurationError, TypeError):  # it takes none, or wants one that is `async`
            continue
        with pytest.raises(ConfigurationError) as error:
            hand_over(takes_nine)
        refused[where] = str(error.value).rpartition(" does not fit: ")[2]
    assert {where: refused[where] for where in CALLS} == CALLS
    assert all(each.startswith("it is called with (") for each in refused.values()), refused


CALLS: Final = {
    "accountlinking.init: should_do_automatic_account_linking": "it is called with (AccountInfoWithRecipeIdAndUserId, "
    "User | None, SessionContainer | None, str, user_context).",
    "passwordless.init: get_custom_user_input_code": "it is called with (str, user_context).",
    "ContactConfig.validate_phone_number": "it is called with (str, str).",
    "WebauthnConfig.get_origin": "it is called with (tenant_id=, request=, user_context=).",
    "WebauthnConfig.validate_email_address": "it is called with (email=, tenant_id=, user_context=).",
}
"""What is said of some."""


def test_all_are_found() -> None:
    """The tables above are of something."""
    assert {where for where, *_ in cases()} >= {
        "authweave.init",
        "session.init",
        "emailpassword.init",
        "thirdparty.init",
        "apikeys.init",
    }
    assert len({(where, option) for where, _, option, _ in cases()}) >= 45
    assert len({(kind, field) for kind, field, _ in field_cases()}) >= 60


@pytest.mark.parametrize(("where", "init"), list(inits()))
def test_what_is_right_passes(where: str, init: Init) -> None:
    """Every default may be written out."""
    for name, parameter in inspect.signature(init).parameters.items():
        if name not in required(where):
            built = init(**{**required(where), name: parameter.default})
            if isinstance(built, App):
                built.close()


MEANING_OF_NONE: Final[Mapping[str, str]] = {
    "authweave.init.event_retention_s": "keeps no security events",
    "authweave.init.storage_wait_s": "bounds no wait",
    "authweave.init.purge_interval_s": "leaves purging to the command",
}
"""Options that None switches off, as it did before there was a default: to change it would begin to keep data."""


def options_with_defaults() -> Iterator[tuple[str, Init, str, object]]:
    """Return each option of the library's that need not be given, with its default."""
    for where, init in (each for each in inits() if each[0] != "apikeys.init"):
        for name, parameter in inspect.signature(init).parameters.items():
            if parameter.default is not inspect.Parameter.empty:
                yield where, init, name, parameter.default


@pytest.mark.parametrize(("where", "init", "option", "default"), list(options_with_defaults()), ids=identify)
def test_none_means_the_default(
    where: str, init: Init, option: str, default: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of every option of every recipe, as in SuperTokens; what it makes is what the default makes."""
    monkeypatch.chdir(tmp_path)  # where the default store is
    given = {**required(where), **({"storage": "sqlite://"} if option == "secret" else {})}
    if option == "storage":
        del given["secret"]  # it is in a file beside
    given.pop(option, None)
    if f"{where}.{option}" in MEANING_OF_NONE:
        assert default is not None
        return
    by_none, by_default = init(**{**given, option: None}), init(**given)
    if isinstance(by_none, App) and isinstance(by_default, App):
        by_none.close()
        by_default.close()
        assert settings_of(cast("App", by_none)) == settings_of(cast("App", by_default))  # of whatever context
    else:
        assert by_none == by_default


def settings_of(app: App) -> dict[str, object]:
    """Return what an application was told, as far as it shows."""
    return {
        "routes": [route.title for route in app.endpoints.routes.routes],
        "explained": str(app.explain()),
        "body": app.max_body_bytes,
        "debug": app.debug,
        "random": app.services.random_bytes,
        "checks": [name for name, _ in app.checks()],
    }


@pytest.mark.parametrize("kind", list(dict.fromkeys(options_classes())))
def test_settings_that_are_right_pass(kind: type[Options]) -> None:
    """With their defaults."""
    take(made(kind))


def test_all_faults_at_once() -> None:
    """Whoever has three options wrong is told of three."""
    with pytest.raises(ConfigurationError) as error:
        cast("Init", session.init)(cookie_secure=SECRET, refresh_grace_s=True, override=SECRET)  # mistakes
    assert str(error.value).splitlines() == [
        "session.init: cookie_secure is a str: it has to be True or False, or None.",
        "session.init: override is a str: it has to be an InputOverrideConfig, or None.",
        "session.init: refresh_grace_s is a bool: it has to be a whole number, or None.",
    ]


def test_what_python_says_best() -> None:
    """An option that there is not is a TypeError, as ever."""
    with pytest.raises(TypeError, match="unexpected keyword argument 'acces_token_validity_s'"):
        cast("Init", session.init)(acces_token_validity_s=5)  # the mistake


class Meter(Protocol):
    """A protocol of more than a call."""

    limit: int

    def measure(self) -> int: ...


class Ruler:
    """What fits it."""

    limit = 3

    def measure(self) -> int:
        return 1


class Naming(Protocol):
    """A call with one argument, and with whatever else there is to say."""

    def __call__(self, depth: int, /, *others: int, **hints: str) -> str: ...


T = TypeVar("T")


@attrs.frozen
class Depth(Options):
    """Settings of a recipe that is not the library's."""

    metres: float = 1.5
    meters: Mapping[str, Meter] = {}


def diving(
    depths: Sequence[Depth | None] = (),
    *,
    meter: Meter | None = None,
    level: Annotated[Literal[1, 2, "deep"], "a level"] = 1,
    kind: type[Exception] = ValueError,
    awaited: Callable[[int], Awaitable[int] | int] = int,
    plain: Callable[..., int] | None = None,
    naming: Naming | None = None,
    folder: Path | None = None,
    pairs: Mapping[str, Sequence[int]] | None = None,
    anything: T | None = None,  # pyright: ignore[reportInvalidTypeVarUse]  as a context's type
    every: timedelta | None = None,
    own: int = 1,
) -> list[object]:
    """Be the ``init`` of a recipe that is not the library's."""
    check_options("diving.init", diving, locals(), but=["own"])
    return [depths, meter, level, kind, awaited, plain, naming, folder, pairs, anything, every, own]


async def wait(seconds: int) -> int:
    """Be awaited."""
    return seconds


def decorated(*seconds: int) -> int:
    """Be called with one argument more than what it wraps says."""
    return sum(seconds)


update_wrapper(decorated, lambda: 0)


def named(depth: int, **_hints: str) -> str:
    """Take no more by position than is sure to be there."""
    return str(depth)


@attrs.frozen
class Waiting:
    """An object whose call has to be awaited."""

    async def __call__(self, seconds: int) -> int:
        return seconds


@pytest.mark.parametrize(
    "right",
    [
        {"depths": [Depth(), None, Depth(metres=2)]},
        {"depths": (Depth(meters={"a": Ruler()}),), "meter": Ruler()},
        {"level": "deep", "kind": KeyError, "plain": len, "folder": Path(), "anything": SECRET},
        {"awaited": wait, "pairs": {"a": [1, 2], "b": ()}},
        {"awaited": partial(max, 1), "plain": lambda: 1},
        {"awaited": decorated, "plain": decorated},
        {"naming": named},
        {"awaited": Waiting(), "every": timedelta(1), "own": SECRET},
    ],
)
def test_recipes_of_others_have_the_same(right: dict[str, object]) -> None:
    """What is of the right type reaches the function as it is."""
    reached = cast("Callable[..., list[object]]", diving)(**right)  # with one option or another
    assert all(any(each is given for given in reached) for each in right.values())


def test_a_collection_is_called_by_what_to_write() -> None:
    """Nobody writes a `Collection`."""
    with pytest.raises(ConfigurationError, match="accept_risks is an int: it has to be a set, list or tuple, or None"):
        session.init(accept_risks=cast("set[Risk]", 5))  # wrong


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"depths": Depth()}, "depths is a Depth: it has to be a list or tuple: write depths=[Depth(...)]."),
        ({"depths": [None, 3]}, "depths[1] is an int: it has to be a Depth, or None."),
        ({"depths": [Depth(metres=math.nan)]}, "depths[0].metres is no finite number (float): it has to be a finite "),
        (
            {"depths": [Depth(meters={"a": cast("Meter", 3)})]},  # the mistake
            "depths[0].meters['a'] is an int: it has to be a Meter.",
        ),
        ({"meter": Ruler}, None),
        ({"meter": 3}, "meter is an int: it has to be a Meter, or None."),
        ({"awaited": lambda: 1}, "awaited does not fit: it is called with (int)."),
        ({"naming": str.center}, "naming does not fit: it is called with (depth)."),
        ({"level": True}, "level is a bool: it has to be one of 1, 2, 'deep'."),
        ({"level": 3}, "level is an int: it has to be one of 1, 2, 'deep'."),
        ({"kind": ValueError()}, "kind is a ValueError: it has to be a class."),
        ({"awaited": 3}, "awaited is an int: it has to be a function."),
        ({"plain": wait}, "plain is async: it has to be a function that is not async, or None."),
        ({"plain": Waiting()}, "plain is async: it has to be a function that is not async, or None."),
        ({"folder": "here"}, "folder is a str: it has to be a Path, or None."),
        ({"folder": Path}, "folder is the class Path: it has to be a Path, or None."),
        ({"pairs": {"a": 3}}, "pairs['a'] is an int: it has to be a list or tuple."),
        ({"pairs": {"a": ["1"]}}, "pairs['a'][0] is a str: it has to be a whole number."),
        ({"pairs": {1: [1]}}, "a key of pairs is an int: it has to be a text (str)."),
    ],
)
def test_recipes_of_others_refuse_the_same(wrong: dict[str, object], said: str | None) -> None:
    """Elements, values by key and fields of settings are named by where they stand."""
    if said is None:
        cast("Init", diving)(**wrong)  # a class has what its instances have
        return
    with pytest.raises(ConfigurationError) as error:
        cast("Init", diving)(**wrong)  # the mistakes
    assert str(error.value).startswith(f"diving.init: {said}")
