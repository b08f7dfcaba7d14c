"""Overrides in SuperTokens style."""

from collections.abc import Callable, Coroutine
from typing import Any, ParamSpec, TypeVar

from authweave import InputAppInfo, UserContext, init
from authweave.recipe import emailpassword, session
from authweave.recipe.emailpassword import InputOverrideConfig
from authweave.recipe.emailpassword.interfaces import APIInterface, RecipeInterface, SignInResult, WrongCredentialsError
from authweave.recipe.session.interfaces import RecipeInterface as SessionFunctions
from authweave.recipe.session.interfaces import SessionClaimValidator
from authweave.storage.memory import MemoryStorage
from authweave.types import RecipeUserId

P = ParamSpec("P")
R = TypeVar("R")


class AppContext(UserContext, total=False):
    attempts: int


def start(override: InputOverrideConfig[AppContext]) -> None:
    init(
        InputAppInfo("Example", "api.example.com", website_domain="example.com"),
        [emailpassword.init(override=override), session.init()],
        context=AppContext,
        storage=MemoryStorage(),
        secret=b"s" * 32,
    )


# program: a parameter of the function is misspelt
def misspelt(original_implementation: RecipeInterface[AppContext]) -> RecipeInterface[AppContext]:
    async def verify_credentials(  # wrong: init
        emial: str, password: str, tenant_id: str, user_context: AppContext
    ) -> SignInResult:
        return WrongCredentialsError()

    original_implementation.verify_credentials = verify_credentials  # wrong: all
    return original_implementation


start(InputOverrideConfig(misspelt))


# program: the function is sync where an async one must be
def not_async(original_implementation: RecipeInterface[AppContext]) -> RecipeInterface[AppContext]:
    def verify_credentials(email: str, password: str, tenant_id: str, user_context: AppContext) -> SignInResult:  # wrong: init
        return WrongCredentialsError()

    original_implementation.verify_credentials = verify_credentials  # wrong: all
    return original_implementation


start(InputOverrideConfig(not_async))


# program: a plain function where the interface allows one returns the wrong type
def wrong_validators(original_implementation: SessionFunctions[AppContext]) -> SessionFunctions[AppContext]:
    def get_global_claim_validators(
        tenant_id: str,
        user_id: str,
        recipe_user_id: RecipeUserId,
        claim_validators_added_by_other_recipes: list[SessionClaimValidator],
        user_context: AppContext,
    ) -> bool:
        return True

    original_implementation.get_global_claim_validators = get_global_claim_validators  # wrong: all but pyrefly
    return original_implementation


# program: the function's result is of the wrong type
def wrong_result(original_implementation: RecipeInterface[AppContext]) -> RecipeInterface[AppContext]:
    async def verify_credentials(email: str, password: str, tenant_id: str, user_context: AppContext) -> bool:
        return False

    original_implementation.verify_credentials = verify_credentials  # wrong: all
    return original_implementation


start(InputOverrideConfig(wrong_result))


# program: the function's name is misspelt
def no_such_function(original_implementation: RecipeInterface[AppContext]) -> RecipeInterface[AppContext]:
    async def verify_credentials(  # wrong: init
        email: str, password: str, tenant_id: str, user_context: AppContext
    ) -> SignInResult:
        return WrongCredentialsError()

    original_implementation.verify_credential = verify_credentials  # wrong: all
    return original_implementation


start(InputOverrideConfig(no_such_function))


# program: the misspelt function is read
def reads_no_such_function(original_implementation: RecipeInterface[AppContext]) -> RecipeInterface[AppContext]:  # wrong: init
    original_implementation.sign_up = original_implementation.sing_up  # wrong: all
    return original_implementation


start(InputOverrideConfig(reads_no_such_function))


# program: the function is assigned to another's name
def to_another(original_implementation: RecipeInterface[AppContext]) -> RecipeInterface[AppContext]:
    async def verify_credentials(
        email: str, password: str, tenant_id: str, user_context: AppContext
    ) -> SignInResult:
        return WrongCredentialsError()

    original_implementation.create_new_recipe_user = verify_credentials  # wrong: all
    return original_implementation


start(InputOverrideConfig(to_another))


# program: the implementation is not returned
def not_returned(original_implementation: RecipeInterface[AppContext]) -> RecipeInterface[AppContext]:  # wrong: init, all
    original_implementation.sign_up = original_implementation.sign_up


start(InputOverrideConfig(not_returned))


# program: the implementation is not returned, and nobody said that it would be
def returns_none(original_implementation: RecipeInterface[AppContext]) -> None:  # wrong: init
    original_implementation.sign_up = original_implementation.sign_up


start(InputOverrideConfig(returns_none))  # wrong: all


# program: the override itself is async
async def is_async(original_implementation: RecipeInterface[AppContext]) -> RecipeInterface[AppContext]:  # wrong: init
    return original_implementation


start(InputOverrideConfig(is_async))  # wrong: all


# program: the override is called instead of handed over
def called(original_implementation: RecipeInterface[AppContext]) -> RecipeInterface[AppContext]:
    return original_implementation


start(InputOverrideConfig(called()))  # wrong: init, all


# program: the override takes two parameters
def takes_two(original_implementation: RecipeInterface[AppContext], config: object) -> RecipeInterface[AppContext]:  # wrong: init
    return original_implementation


start(InputOverrideConfig(takes_two))  # wrong: all


# program: the override is for another recipe
def of_sessions(original_implementation: SessionFunctions[AppContext]) -> SessionFunctions[AppContext]:  # wrong: init
    original_implementation.revoke_session = original_implementation.revoke_session
    return original_implementation


start(InputOverrideConfig(of_sessions))  # wrong: all


# program: the override is for the APIs, and listed among the functions
def of_apis(original_implementation: APIInterface[AppContext]) -> APIInterface[AppContext]:  # wrong: init
    original_implementation.sign_in_post = original_implementation.sign_in_post
    return original_implementation


start(InputOverrideConfig(functions=[of_apis]))  # wrong: all


# program: the interface is not given its context
def no_context_type(original_implementation: RecipeInterface) -> RecipeInterface:  # wrong: all but ty, pyrefly
    async def verify_credentials(email: str, password: str, tenant_id: str, user_context: AppContext) -> SignInResult:
        return WrongCredentialsError()

    original_implementation.verify_credentials = verify_credentials  # wrong: ty
    return original_implementation  # wrong: pyright, basedpyright


# program: the function is called where it is assigned
def called_at_once(original_implementation: RecipeInterface[AppContext]) -> RecipeInterface[AppContext]:  # wrong: init
    async def verify_credentials() -> SignInResult:
        return WrongCredentialsError()

    original_implementation.verify_credentials = verify_credentials()  # wrong: all
    return original_implementation


start(InputOverrideConfig(called_at_once))


# program: a wrapper forgets to return what it made
def forgetful(original: Callable[P, Coroutine[Any, Any, R]]) -> Callable[P, Coroutine[Any, Any, R]]:  # wrong: all
    async def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:  # wrong: pyright, basedpyright
        return await original(*args, **kwargs)


def by_forgetful(original_implementation: RecipeInterface[AppContext]) -> RecipeInterface[AppContext]:  # wrong: init
    original_implementation.sign_up = forgetful(original_implementation.sign_up)
    return original_implementation


start(InputOverrideConfig(by_forgetful))
