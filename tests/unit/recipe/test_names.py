"""Who names a recipe: a new one is a folder, and no room knows it by name."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

import grimp
import pytest

from authweave.recipe._builtin import RECIPES

SOURCE: Final = Path(__file__).parents[3] / "src" / "authweave"
WORDS: Final = {
    "accountlinking": r"(?i)account_?linking",
    # A word of every day, as the next but one.
    "attempts": r"authweave\.recipe\.attempts|recipe import .*\battempts\b|[\"']attempts[\"']|\bAttemptsRecipe\b",
    "emailpassword": r"(?i)email_?password(?!_)",
    # The words stand for other things as well: those count that are the recipe's id, its module or its classes.
    "emailverification": r"recipe.*\bemailverification\b|[\"']emailverification[\"']|\bEmailVerification[A-Z]",
    # The word is also what the library is about: those count who import the recipe, or have its id or classes.
    "multifactorauth": r"(?i)multi_?factor",
    "multitenancy": r"(?i)multi_?tenancy",
    "passwordless": r"(?i)passwordless",
    "session": r"authweave\.recipe\.session|recipe import .*\bsession\b|[\"']session[\"']|\bSession(Recipe|Setup)\b",
    "thirdparty": r"(?i)third_?part(y|ies)",
    # The word is also what the frontends ask for, and in names of kinds of events.
    "totp": r"authweave\.recipe\.totp|recipe import .*\btotp\b|[\"']totp[\"']|\bTOTP[A-Z][a-z]",
    "userroles": r"(?i)user_?roles?",
    "usermetadata": r"(?i)user_?metadata",
    # The word is the standard's too, and in the JSON of every user.
    "webauthn": r"authweave\.recipe\.webauthn|recipe import .*\bwebauthn\b|\bWebauthn(Recipe|Setup|Config)\b",
}
LISTS: Final[dict[str, set[str]]] = {
    "accountlinking": {
        "moved/_names.py",
        "recipe/_builtin.py",
        "errors.py",
    },
    # A column of the outbox: how often a message was tried.
    "attempts": {
        "recipe/_builtin.py",
        "errors.py",
        "outbox/store/sql.py",
        "outbox/store/ahead.py",
        "outbox/store/migrations/v0001_outbox.py",
    },
    # What frontends read of in GET /loginmethods, there or not; and what they ask of recipes that are not there.
    "emailpassword": {
        "moved/_names.py",
        "recipe/_builtin.py",
        "errors.py",
        "extending/_login_methods.py",
        "serving/_building.py",
        "serving/_config.py",
        "app/_missing.py",
        "webhooks/_functions.py",
        "webhooks/_webhook.py",
        "webhooks/_writing.py",
    },
    "emailverification": {
        "moved/_names.py",
        "recipe/_builtin.py",
        "errors.py",
        "app/_missing.py",
        "serving/_building.py",
        "serving/_config.py",
    },
    "multifactorauth": {"moved/_names.py", "recipe/_builtin.py", "errors.py", "app/_missing.py"},
    # It owns the route that tells how people sign in, which an application without tenants serves as well.
    "multitenancy": {"moved/_names.py", "recipe/_builtin.py", "app/_login_methods.py"},
    "passwordless": {
        "moved/_names.py",
        "recipe/_builtin.py",
        "errors.py",
        "app/_missing.py",
        "extending/_login_methods.py",
        "security/secrets.py",
    },
    "session": {
        "recipe/_builtin.py",
        "errors.py",
        "framework/_document.py",
        "framework/_litestar_document.py",
        "framework/_litestar_request.py",
        "framework/django/__init__.py",
        "framework/django/_response.py",
        "framework/django/ninja.py",
        "framework/django/rest_framework.py",
        "framework/fastapi/__init__.py",
        "framework/flask/__init__.py",
        "framework/litestar.py",
        "framework/starlette.py",
        "serving/_building.py",
        "serving/_config.py",
        "serving/_server.py",
        "serving/api/operation.py",
        "serving/api/sessions.py",
        "serving/api/setup.py",
        "webhooks/_plain.py",
        "webhooks/_reading.py",
        "webhooks/_writing.py",
    },
    "thirdparty": {
        "moved/_names.py",
        "moved/_rows.py",
        "recipe/_builtin.py",
        "extending/_login_methods.py",
        "errors.py",
        "http/_described.py",
        "types/_accounts.py",
        "types/_kept_users.py",
        "types/_users.py",
        "types/base.py",
        "users/_pages.py",
        "types/__init__.py",
        "storage/sql/_snapshot.py",
        "app/_missing.py",
        "serving/_building.py",
        "serving/_config.py",
    },
    "totp": {
        "recipe/_builtin.py",
        "app/_missing.py",
        "extending/_login_methods.py",
        "webhooks/_withholding.py",
    },
    "userroles": {
        "moved/_names.py",
        "recipe/_builtin.py",
        "serving/_building.py",
        "serving/_config.py",
        "serving/api/roles.py",
        "serving/api/setup.py",
    },
    "webauthn": {"errors.py"},
    "usermetadata": {
        "moved/_names.py",
        "recipe/_builtin.py",
        "serving/_building.py",
        "serving/_config.py",
        "serving/api/roles.py",
        "serving/api/setup.py",
    },
}
"""
Lists of what all recipes have: their ids, their errors, how a user can sign in; and a re-export of the documents' path.

The last is what databases of before the first release call a column. It goes after that release.

`serving` builds an application, and names its recipes as any does. `webhooks` names a function in messages that say how
one is named; the sessions and the fields of forms that functions are handed have rules of their own there.
"""

PUBLISHED: Final = {
    ("session", ""),
    ("session", ".interfaces"),
    ("session", ".claims"),
    ("session", ".claims.at_once"),
    ("session", ".exceptions"),
    ("attempts", ""),
    ("userroles", ""),
    ("multitenancy", ""),
    ("usermetadata", ""),
    ("thirdparty", ""),
    ("accountlinking", ""),
    ("accountlinking", ".accounts"),
    ("accountlinking", ".callback"),
    ("accountlinking", ".linking"),
    ("accountlinking", ".recovering"),
    ("accountlinking", ".recovery_mails"),
    ("accountlinking", ".recovery_requests"),
    ("accountlinking", ".recovery_tokens"),
    ("accountlinking", ".rules"),
    ("accountlinking", ".signing_in"),
    ("accountlinking", ".signing_in_texts"),
    ("accountlinking", ".signing_in_types"),
    ("accountlinking", ".types"),
}
"""
What other recipes may import: the package of a recipe that they need, its interfaces and errors, what claims are; and
how those that sign users in decide and link, which is loaded where it is used.
"""

OF_USERS: Final = ("cli/demo/", "cli/_user", "cli/_tenant", "moving/")
"""An application, which names its recipes as any does; and what is about users, and so about what recipes keep."""


@cache
def code_of(path: Path) -> str:
    """Return a module without comments and docstrings, which may give an example."""
    tree = ast.parse(path.read_text("utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            node.body = [each for each in node.body if not is_text(each)] or [ast.Pass()]
    return ast.unparse(tree)


def is_text(node: ast.stmt) -> bool:
    """Return whether a statement is a docstring."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def naming(recipe_id: str) -> Iterator[str]:
    """Return the files outside of a recipe's folder that name it."""
    for path in sorted(SOURCE.rglob("*.py")):
        name = path.relative_to(SOURCE).as_posix()
        others_folder = name.startswith("recipe/") and name.count("/") > 1
        if not others_folder and not name.startswith(OF_USERS) and re.search(WORDS[recipe_id], code_of(path)):
            yield name


def test_all_recipes_are_looked_for() -> None:
    """Each has words that it is found by."""
    assert set(WORDS) == set(RECIPES)


@pytest.mark.parametrize("recipe_id", RECIPES)
def test_rooms_know_no_recipe(recipe_id: str) -> None:
    """A recipe is named in its own folder, by recipes that need it, and in lists."""
    assert set(naming(recipe_id)) == LISTS[recipe_id]


def test_a_recipe_knows_the_others_by_what_they_publish() -> None:
    """Of another recipe it imports the package or its interfaces, and no recipe that it does not need."""
    graph = grimp.build_graph("authweave", cache_dir=None)
    strange: list[tuple[str, str]] = []
    for importer in graph.modules:
        if not (own := re.match(r"authweave\.recipe\.[a-z]+", importer)):
            continue
        for imported in graph.find_modules_directly_imported_by(importer):
            other = re.match(r"authweave\.recipe\.([a-z]+)(.*)", imported)
            if other and not imported.startswith(own[0]) and (other[1], other[2]) not in PUBLISHED:
                strange.append((importer, imported))
    assert not strange
