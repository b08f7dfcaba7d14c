"""The types for annotating ``original`` are those of the functions themselves, in every recipe."""

import inspect
import pkgutil
import re
from importlib import import_module
from types import ModuleType

import pytest

from authweave import recipe
from authweave.kernel import Overridable

RECIPES = [found.name for found in pkgutil.iter_modules(recipe.__path__) if found.ispkg]
RETURNS = re.compile(r"Coroutine\[Any, Any, (?P<result>.+)\]")


def module(recipe_name: str, name: str) -> ModuleType:
    """Return a module of a recipe."""
    return import_module(f"authweave.recipe.{recipe_name}.{name}")


def functions(recipe_name: str) -> dict[str, inspect.Signature]:
    """Return what the recipe's interfaces declare, each under the name that its type should have."""
    found: dict[str, inspect.Signature] = {}
    interfaces = module(recipe_name, "interfaces")
    for interface in (interfaces.RecipeInterface, interfaces.APIInterface):
        assert isinstance(interface, type)
        for cls in interface.__mro__:
            for name, member in vars(cls).items():
                if isinstance(member, Overridable):
                    title = "".join(word.capitalize() for word in name.split("_"))
                    assert title not in found, f"{recipe_name} has two functions called {name}"
                    found[title] = inspect.signature(member.declaration.declared)
    return found


def types(recipe_name: str) -> dict[str, inspect.Signature]:
    """Return the types that the recipe offers, with what their call takes and gives."""
    signatures = module(recipe_name, "signatures")
    found: dict[str, inspect.Signature] = {}
    for name, member in vars(signatures).items():
        if inspect.isclass(member) and member.__module__ == signatures.__name__:
            call = inspect.signature(member.__call__)
            awaited = RETURNS.fullmatch(str(call.return_annotation))
            found[name] = call.replace(return_annotation=awaited["result"] if awaited else call.return_annotation)
    return found


def test_all_recipes_are_looked_at() -> None:
    """The recipes are found, and each has functions."""
    assert {"emailpassword", "session"} <= set(RECIPES)
    assert all(functions(name) for name in RECIPES)


@pytest.mark.parametrize("recipe_name", RECIPES)
def test_types_are_those_of_the_functions(recipe_name: str) -> None:
    """There is one type for each function, with the same parameters in the same order and the same result."""
    declared, offered = functions(recipe_name), types(recipe_name)
    assert offered.keys() == declared.keys()
    different = {
        name: (str(declared[name]), str(offered[name])) for name in declared if declared[name] != offered[name]
    }
    assert different == {}
