"""Overrides in parameter style."""

from typing import Literal

from authweave.kernel import Override, UserContext, override
from authweave.recipe.emailpassword.interfaces import (
    APIInterface,
    RecipeInterface,
    SignInOkResult,
    SignInResult,
    SignUpResult,
    WrongCredentialsError,
)
from authweave.recipe.emailpassword.signatures import SignIn, VerifyCredentials


class AppContext(UserContext, total=False):
    attempts: int


# program: a parameter is misspelt
@override(RecipeInterface[AppContext].verify_credentials)  # wrong: init, all but pyrefly
async def misspelt(
    original: VerifyCredentials[AppContext], emial: str, password: str, tenant_id: str, user_context: AppContext
) -> SignInResult:
    return await original(emial, password, tenant_id, user_context)


# program: a parameter is missing (it is carried past the override, law O9)
@override(RecipeInterface[AppContext].verify_credentials)  # wrong: all but pyrefly
async def missing(
    original: VerifyCredentials[AppContext], email: str, password: str, user_context: AppContext
) -> SignInResult:
    return WrongCredentialsError()


# program: parameters are in another order (they are matched by name, law O9)
@override(RecipeInterface[AppContext].verify_credentials)  # wrong: all but pyrefly
async def reordered(
    original: VerifyCredentials[AppContext], password: str, email: str, tenant_id: str, user_context: AppContext
) -> SignInResult:
    return WrongCredentialsError()


# program: a parameter is of the wrong type
@override(RecipeInterface[AppContext].verify_credentials)  # wrong: all but pyrefly
async def wrong_type(
    original: VerifyCredentials[AppContext], email: int, password: str, tenant_id: str, user_context: AppContext
) -> SignInResult:
    return WrongCredentialsError()


# program: a parameter is too narrow
@override(RecipeInterface[AppContext].verify_credentials)  # wrong: all but pyrefly
async def narrow(
    original: VerifyCredentials[AppContext],
    email: str,
    password: str,
    tenant_id: Literal["public"],
    user_context: AppContext,
) -> SignInResult:
    return WrongCredentialsError()


# program: there is a parameter too many
@override(RecipeInterface[AppContext].verify_credentials)  # wrong: init, all but pyrefly
async def too_many(
    original: VerifyCredentials[AppContext],
    email: str,
    password: str,
    tenant_id: str,
    device: str,
    user_context: AppContext,
) -> SignInResult:
    return WrongCredentialsError()


# program: there is an optional parameter too many
@override(RecipeInterface[AppContext].verify_credentials)  # wrong: init
async def optional(
    original: VerifyCredentials[AppContext],
    email: str,
    password: str,
    tenant_id: str,
    user_context: AppContext,
    device: str = "phone",
) -> SignInResult:
    return WrongCredentialsError()


# program: the function is sync where an async one must be
@override(RecipeInterface[AppContext].verify_credentials)  # wrong: init, all but pyrefly
def not_async(
    original: VerifyCredentials[AppContext], email: str, password: str, tenant_id: str, user_context: AppContext
) -> SignInResult:
    return WrongCredentialsError()


# program: the result is of the wrong type
@override(RecipeInterface[AppContext].verify_credentials)  # wrong: all but pyrefly
async def wrong_result(
    original: VerifyCredentials[AppContext], email: str, password: str, tenant_id: str, user_context: AppContext
) -> bool:
    return isinstance(await original(email, password, tenant_id, user_context), SignInOkResult)


# program: the result is of another function's union
@override(RecipeInterface[AppContext].verify_credentials)  # wrong: all but pyrefly
async def of_sign_up(
    original: VerifyCredentials[AppContext], email: str, password: str, tenant_id: str, user_context: AppContext
) -> SignUpResult:
    raise NotImplementedError


# program: nothing is returned
@override(RecipeInterface[AppContext].verify_credentials)
async def nothing(  # wrong: mypy, zuban
    original: VerifyCredentials[AppContext], email: str, password: str, tenant_id: str, user_context: AppContext
) -> SignInResult:  # wrong: all but mypy, zuban
    await original(email, password, tenant_id, user_context)


# program: the original is not awaited
@override(RecipeInterface[AppContext].verify_credentials)
async def not_awaited(
    original: VerifyCredentials[AppContext], email: str, password: str, tenant_id: str, user_context: AppContext
) -> SignInResult:
    return original(email, password, tenant_id, user_context)  # wrong: all


# program: the original's result is used before it is awaited
@override(RecipeInterface[AppContext].verify_credentials)
async def used_too_early(
    original: VerifyCredentials[AppContext], email: str, password: str, tenant_id: str, user_context: AppContext
) -> SignInResult:
    result = original(email, password, tenant_id, user_context)
    user_context["attempts"] = len(result.user.emails)  # wrong: all
    return await result


# program: the original is forgotten among the parameters
@override(RecipeInterface[AppContext].verify_credentials)  # wrong: init, all but pyrefly
async def no_original(email: str, password: str, tenant_id: str, user_context: AppContext) -> SignInResult:
    return WrongCredentialsError()


# program: the original is called without an argument
@override(RecipeInterface[AppContext].verify_credentials)
async def without_tenant(
    original: VerifyCredentials[AppContext], email: str, password: str, tenant_id: str, user_context: AppContext
) -> SignInResult:
    return await original(email, password, user_context=user_context)  # wrong: all


# program: the user context is not passed on
@override(RecipeInterface[AppContext].verify_credentials)
async def not_passed_on(
    original: VerifyCredentials[AppContext], email: str, password: str, tenant_id: str, user_context: AppContext
) -> SignInResult:
    return await original(email, password, tenant_id)  # wrong: all


# program: the original is called with a misspelt keyword
@override(RecipeInterface[AppContext].verify_credentials)
async def misspelt_keyword(
    original: VerifyCredentials[AppContext], email: str, password: str, tenant_id: str, user_context: AppContext
) -> SignInResult:
    return await original(email=email, passwort=password, tenant_id=tenant_id, user_context=user_context)  # wrong: all


# program: the original is called with arguments in the wrong order
@override(RecipeInterface[AppContext].verify_credentials)
async def wrong_order(
    original: VerifyCredentials[AppContext], email: str, password: str, tenant_id: str, user_context: AppContext
) -> SignInResult:
    return await original(email, password, user_context, tenant_id)  # wrong: all


# program: the original is called with an argument of the wrong type
@override(RecipeInterface[AppContext].verify_credentials)
async def wrong_argument(
    original: VerifyCredentials[AppContext], email: str, password: str, tenant_id: str, user_context: AppContext
) -> SignInResult:
    return await original(email.encode(), password, tenant_id, user_context)  # wrong: all


# program: the original is taken for the whole implementation, as in SuperTokens style
@override(RecipeInterface[AppContext].verify_credentials)  # wrong: all but pyrefly
async def by_implementation(
    original: RecipeInterface[AppContext], email: str, password: str, tenant_id: str, user_context: AppContext
) -> SignInResult:
    return await original.verify_credentials(email, password, tenant_id, user_context)


# program: the original is annotated as another function
@override(RecipeInterface[AppContext].verify_credentials)  # wrong: all but pyrefly
async def annotated_as_another(
    original: SignIn[AppContext], email: str, password: str, tenant_id: str, user_context: AppContext
) -> SignInResult:
    return await original(email, password, tenant_id, None, None, user_context)


# program: the original is annotated with another context
@override(RecipeInterface[AppContext].verify_credentials)  # wrong: all but pyrefly
async def annotated_for_another(
    original: VerifyCredentials, email: str, password: str, tenant_id: str, user_context: AppContext
) -> SignInResult:
    return await original(email, password, tenant_id, user_context)


# program: the interface is not given its context
@override(RecipeInterface.verify_credentials)  # wrong: mypy, pyright, basedpyright
async def no_context_type(
    original: VerifyCredentials[AppContext], email: str, password: str, tenant_id: str, user_context: AppContext
) -> SignInResult:
    return WrongCredentialsError()


# program: the interface is given another context than the function takes
@override(RecipeInterface[UserContext].verify_credentials)  # wrong: all but pyrefly
async def other_context_type(
    original: VerifyCredentials, email: str, password: str, tenant_id: str, user_context: AppContext
) -> SignInResult:
    return WrongCredentialsError()


# program: the function's name is misspelt
@override(RecipeInterface[AppContext].verify_credential)  # wrong: init, all but pyrefly
async def no_such_function(
    original: VerifyCredentials[AppContext], email: str, password: str, tenant_id: str, user_context: AppContext
) -> SignInResult:
    return WrongCredentialsError()


# program: a function is looked for in the APIs
@override(APIInterface[AppContext].verify_credentials)  # wrong: init, all but pyrefly
async def no_such_api(
    original: VerifyCredentials[AppContext], email: str, password: str, tenant_id: str, user_context: AppContext
) -> SignInResult:
    return WrongCredentialsError()


# program: what is overridden is not said
@override  # wrong: init, all
async def overrides_what(
    original: VerifyCredentials[AppContext], email: str, password: str, tenant_id: str, user_context: AppContext
) -> SignInResult:
    return WrongCredentialsError()


# program: the name of the function is given as text
@override("verify_credentials")  # wrong: init, all
async def by_text(
    original: VerifyCredentials[AppContext], email: str, password: str, tenant_id: str, user_context: AppContext
) -> SignInResult:
    return WrongCredentialsError()


# program: an override is called as a function
@override(RecipeInterface[AppContext].verify_credentials)
async def an_override(
    original: VerifyCredentials[AppContext], email: str, password: str, tenant_id: str, user_context: AppContext
) -> SignInResult:
    return WrongCredentialsError()


async def call_it(original: VerifyCredentials[AppContext], user_context: AppContext) -> SignInResult:
    return await an_override(original, "a@b.example", "secret12", "public", user_context)  # wrong: all


# program: an override is taken for one with a narrower interface
@override(RecipeInterface[AppContext].verify_credentials)
async def needs_attempts(
    original: VerifyCredentials[AppContext], email: str, password: str, tenant_id: str, user_context: AppContext
) -> SignInResult:
    return WrongCredentialsError()


for_any_app: Override[RecipeInterface[UserContext]] = needs_attempts  # wrong: all
