"""Each result of each recipe has a status: a literal of its class, which costs nothing, and is in its JSON."""

import inspect
import pkgutil
import re
import typing
from collections.abc import Iterator
from importlib import import_module
from types import SimpleNamespace

import attrs
import pytest

from authweave import interfaces, recipe
from authweave.recipe.emailpassword.interfaces import (
    ConsumePasswordResetTokenOkResult,
    PasswordPolicyViolationError,
    PasswordResetPostOkResult,
    SignInPostOkResult,
    SignUpPostNotAllowedResponse,
)
from authweave.recipe.session import EmptySession
from authweave.recipe.thirdparty.interfaces import AuthorisationUrlGetOkResult, SignInUpPostOkResult
from authweave.recipe.thirdparty.types import RawUserInfoFromProvider
from authweave.types import LoginMethod, RecipeUserId, User, response
from authweave.types import Result as ResultBase

RESULT = re.compile(r"(Result|Response|Error|Errors|Allowed|Refused)$")
PARTS = {
    "ClaimValidationError",
    "ClaimsValidationResult",
    "ClaimValidationResult",
    "CreateJwtOkResult",
    "GetJWKSResult",
    "GetOpenIdDiscoveryConfigurationResult",
}
"""What is in a result, or says of a claim whether it holds, or is of keys: no status there either."""

USER = User(
    id="u",
    login_methods=[
        LoginMethod(recipe_id="emailpassword", recipe_user_id=RecipeUserId("u"), tenant_ids=["public"], time_joined=1)
    ],
    time_joined=1,
)


def results() -> Iterator[type]:
    """Return every class of results: by its name, of whatever recipe, and of users."""
    names = [each.name for each in pkgutil.iter_modules(recipe.__path__) if each.ispkg]
    modules = [import_module(f"authweave.recipe.{name}.types") for name in names if has_types(name)]
    for module in (*modules, interfaces, response):
        for name, value in vars(module).items():
            if inspect.isclass(value) and attrs.has(value) and RESULT.search(name) and name not in PARTS:
                yield value


def has_types(name: str) -> bool:
    """Return whether a recipe has results."""
    (path,) = import_module(f"authweave.recipe.{name}").__path__
    return any(each.name == "types" for each in pkgutil.iter_modules([path]))


RESULTS = sorted(set(results()), key=lambda cls: (cls.__module__, cls.__name__))


def test_all_recipes_are_looked_at() -> None:
    """There are results of each."""
    found = {cls.__module__.split(".")[2] for cls in RESULTS if cls.__module__.startswith("authweave.recipe.")}
    assert found >= {"emailpassword", "emailverification", "session", "thirdparty", "usermetadata", "userroles"}
    assert len(RESULTS) >= 70


@pytest.mark.parametrize("cls", RESULTS, ids=lambda cls: f"{cls.__module__}.{cls.__name__}")
def test_each_result_has_a_status_that_costs_nothing(cls: type) -> None:
    """It is a literal that type checkers know, belongs to the class, and takes no room in an instance."""
    annotation = typing.get_type_hints(cls)["status"]
    assert typing.get_origin(annotation) is typing.ClassVar
    (literal,) = typing.get_args(annotation)
    status = vars(cls)["status"]
    assert typing.get_args(literal) == (status,)
    assert "status" not in {each.name for each in attrs.fields(cls)}
    assert issubclass(cls, ResultBase)


def test_failures_are_not_ok() -> None:
    """What is called an error, or not allowed, has a status of its own."""
    for cls in RESULTS:
        if re.search(r"(Error|Errors|NotAllowed\w*|Refused)$", cls.__name__):
            assert vars(cls)["status"] != "OK"


def test_json_has_the_status_first_and_no_secret() -> None:
    """Sessions, tokens and what a provider said are not in it."""
    post = SignInPostOkResult(USER, EmptySession())
    assert post.to_json() == {"status": "OK", "user": USER.to_json()}
    told = SignInUpPostOkResult(USER, True, EmptySession(), {"access_token": "secret"}, RawUserInfoFromProvider({}, {}))
    assert told.to_json() == {"status": "OK", "createdNewRecipeUser": True, "user": USER.to_json()}
    assert PasswordResetPostOkResult("a@b.co", USER).to_json() == {"status": "OK"}
    assert list(post.to_json()) == ["status", "user"]


def test_json_has_what_the_reference_has() -> None:
    """Names are in camel case; a verifier of PKCE, which is sealed, is for the client."""
    assert ConsumePasswordResetTokenOkResult("a@b.co", "u").to_json() == {
        "status": "OK",
        "email": "a@b.co",
        "userId": "u",
    }
    assert PasswordPolicyViolationError("short").to_json() == {
        "status": "PASSWORD_POLICY_VIOLATED_ERROR",
        "failureReason": "short",
    }
    assert SignUpPostNotAllowedResponse("closed").to_json() == {"status": "SIGN_UP_NOT_ALLOWED", "reason": "closed"}
    assert AuthorisationUrlGetOkResult("https://a.example", "sealed").to_json() == {
        "status": "OK",
        "urlWithQueryParams": "https://a.example",
        "pkceCodeVerifier": "sealed",
    }


def test_protocols_tell_what_a_result_has() -> None:
    """Moved code asks by them, of results and of what is none."""
    refused = SignUpPostNotAllowedResponse("closed")
    protocols = (response.HasStatus, response.HasReason, response.HasErr)
    assert [isinstance(refused, each) for each in protocols] == [True, True, False]
    assert [isinstance(SimpleNamespace(err="e"), each) for each in protocols] == [False, False, True]
