"""
Every function and API of supertokens-python that a recipe here has, overridden with its exact signature.

``reference_overrides.json`` holds their names and parameters, in order, as ``inspect`` lists them from the release that
it names.
"""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Final, cast

import pytest

from authweave import InputAppInfo, init
from authweave.kernel import CompositionError, UserContext, compose
from authweave.kernel._declaration import Declaration
from authweave.kernel._interface import functions_of
from authweave.recipe import (
    accountlinking,
    emailpassword,
    emailverification,
    session,
    thirdparty,
    usermetadata,
    userroles,
)
from authweave.storage.memory import MemoryStorage
from tests.unit.kernel.greeter import untyped

REFERENCE: Final = cast(
    "Mapping[str, Mapping[str, Sequence[str]]]",  # as the file is written
    json.loads(Path(__file__).with_name("reference_overrides.json").read_text(encoding="utf-8"))["interfaces"],
)
PLAIN: Final = "get_global_claim_validators"
FUNCTIONS: Final = [(interface, name) for interface, functions in REFERENCE.items() for name in functions]
SPELLINGS: Final[Mapping[str, Callable[[Sequence[str]], list[str]]]] = {
    "exact": lambda names: [*names],
    "underscored": lambda names: [f"_{name}" for name in names],
    "unused": lambda names: [f"_{index}" for index in range(len(names))],
    "rest": lambda names: [names[0], "*args", "**kwargs"],
}
IN_DOUBT: Final = {("thirdparty.RecipeInterface", "manually_create_or_update_user")}
"""``issuer`` is ours, so there are more places than the reference has names: where none tells, none is taken."""


def interface_of(path: str) -> type:
    """Return the interface of ours that stands for one of the reference's: ``session.RecipeInterface``."""
    recipe, _, name = path.partition(".")
    return cast("type", getattr(import_module(f"authweave.recipe.{recipe}.interfaces"), name))  # an interface


def echo_of(interface: type) -> object:
    """Make an implementation whose functions return their arguments by name."""
    lines = ["class Echo(Interface):"]
    for name, function in functions_of(interface).items():
        lines += [
            f"    @overridable\n    {'async ' if function.is_async else ''}def {name}(self, {spelled(function)}):",
            f"        return {{{', '.join(f'{each!r}: {each}' for each in function.names)}}}",
        ]
    namespace: dict[str, object] = {"Interface": interface}
    exec("from authweave.kernel import overridable\n" + "\n".join(lines), namespace)  # noqa: S102  made above
    return untyped(namespace["Echo"])()


def spelled(function: Declaration) -> str:
    """Spell the parameters of a function of ours."""
    words: list[str] = [each.name for each in function.all_parameters if each.kind is not each.KEYWORD_ONLY]
    by_keyword: list[str] = [each.name for each in function.all_parameters if each.kind is each.KEYWORD_ONLY]
    return ", ".join([*words, "*", *by_keyword] if by_keyword else words)


def passing_through(functions: Mapping[str, Sequence[str]], spelling: str) -> Callable[[object], object]:
    """Write a seed-style override of functions that hands on what it is given, in the reference's order."""
    lines = ["def seed(original_implementation):"]
    for name, names in functions.items():
        parameters = ", ".join(SPELLINGS[spelling](names))
        runs, waits = ("", "") if name == PLAIN else ("async ", "await ")
        lines += [
            f"    original_{name} = original_implementation.{name}",
            f"    {runs}def {name}({parameters}):",
            f"        return {waits}original_{name}({parameters})",
            f"    original_implementation.{name} = {name}",
        ]
    namespace: dict[str, object] = {}
    exec("\n".join([*lines, "    return original_implementation"]), namespace)  # noqa: S102  made above
    return untyped(namespace["seed"])


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize(("path", "name"), FUNCTIONS, ids=[".".join(each) for each in FUNCTIONS])
def test_what_it_is_given_passes_through(path: str, name: str, spelling: str) -> None:
    """An override with the reference's parameters fits, and each argument arrives; twice in a stack as well."""
    seed = passing_through({name: REFERENCE[path][name]}, spelling)
    interface = interface_of(path)
    if spelling == "unused" and (path, name) in IN_DOUBT:
        with pytest.raises(CompositionError, match=r"has no parameter '_0'; it has: third_party_id, .*issuer"):
            compose(echo_of(interface), [seed])
        return
    context = UserContext()
    given = {each: object() for each in functions_of(interface)[name].names} | {"user_context": context}
    for stack in ([seed], [seed, seed]):
        app = compose(echo_of(interface), stack)
        found = cast("dict[str, object]", asyncio.run(untyped(getattr(app, name))(**given)))  # an echo
        assert found == given
        assert found["user_context"] is context


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_an_application_with_all_of_them_starts(spelling: str) -> None:
    """Each recipe is composed with an override of all its functions and all its APIs."""

    def override_of(recipe: object, name: str) -> object:
        seeds: list[object] = []
        for path in (f"{name}.RecipeInterface", f"{name}.APIInterface"):
            functions = {
                each: names
                for each, names in REFERENCE[path].items()
                if spelling != "unused" or (path, each) not in IN_DOUBT
            }
            seeds.append(passing_through(functions, spelling))
        return untyped(recipe)(functions=seeds[0], apis=seeds[1])

    linking = untyped(passing_through)(REFERENCE["accountlinking.RecipeInterface"], spelling)  # it has no APIs

    app = init(
        InputAppInfo(app_name="Test", api_domain="http://testserver", website_domain="http://testserver"),
        [
            emailpassword.init(override=untyped(override_of)(emailpassword.InputOverrideConfig, "emailpassword")),
            thirdparty.init(override=untyped(override_of)(thirdparty.InputOverrideConfig, "thirdparty")),
            emailverification.init(
                mode="OPTIONAL",
                override=untyped(override_of)(emailverification.InputOverrideConfig, "emailverification"),
            ),
            userroles.init(override=untyped(override_of)(userroles.InputOverrideConfig, "userroles")),
            usermetadata.init(override=untyped(override_of)(usermetadata.InputOverrideConfig, "usermetadata")),
            accountlinking.init(override=untyped(accountlinking.AccountLinkingOverrideConfig)(functions=linking)),
            session.init(override=untyped(override_of)(session.InputOverrideConfig, "session")),
        ],
        storage=MemoryStorage(),
        secret=bytes(32),
        default=False,
    )
    app.close()
