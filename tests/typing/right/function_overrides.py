"""Functions of the emailpassword recipe, overridden in parameter style."""

from typing import assert_type

from authweave.kernel import Override, UserContext, override
from authweave.recipe.emailpassword.interfaces import (
    EmailAlreadyExistsError,
    RecipeInterface,
    SignInOkResult,
    SignInResult,
    SignUpOkResult,
    SignUpResult,
    UpdateEmailOrPasswordResult,
    WrongCredentialsError,
)
from authweave.recipe.emailpassword.signatures import (
    CreateNewRecipeUser,
    SignIn,
    SignUp,
    UpdateEmailOrPassword,
    VerifyCredentials,
)
from authweave.recipe.session.interfaces import SessionContainer
from authweave.types import RecipeUserId, User


class Attempts(UserContext, total=False):
    attempts: int
    is_sign_up: bool


# program: sign_up, with a key set after the original returned
@override(RecipeInterface[Attempts].sign_up)
async def note_sign_up(
    original: SignUp[Attempts],
    email: str,
    password: str,
    tenant_id: str,
    session: SessionContainer | None,
    should_try_linking_with_session_user: bool | None,
    user_context: Attempts,
) -> SignUpResult:
    result = await original(email, password, tenant_id, session, should_try_linking_with_session_user, user_context)
    if isinstance(result, SignUpOkResult) and len(result.user.login_methods) == 1 and session is None:
        user_context["is_sign_up"] = True
    return result


assert_type(note_sign_up, Override[RecipeInterface[Attempts]])


# program: sign_in, counted in the context, the original called by keyword
@override(RecipeInterface[Attempts].sign_in)
async def count_attempts(
    original: SignIn[Attempts],
    email: str,
    password: str,
    tenant_id: str,
    session: SessionContainer | None,
    should_try_linking_with_session_user: bool | None,
    user_context: Attempts,
) -> SignInResult:
    user_context["attempts"] = user_context.get("attempts", 0) + 1
    return await original(
        email=email,
        password=password,
        tenant_id=tenant_id,
        session=session,
        should_try_linking_with_session_user=should_try_linking_with_session_user,
        user_context=user_context,
    )


# program: create_new_recipe_user, with an argument changed on the way
@override(RecipeInterface[UserContext].create_new_recipe_user)
async def lower_case(
    original: CreateNewRecipeUser, email: str, password: str, tenant_id: str, user_context: UserContext
) -> SignUpResult:
    return await original(email.lower(), password, tenant_id, user_context)


# program: a function that is replaced: the original is never called
@override(RecipeInterface[UserContext].create_new_recipe_user)
async def closed(
    original: CreateNewRecipeUser, email: str, password: str, tenant_id: str, user_context: UserContext
) -> SignUpResult:
    return EmailAlreadyExistsError()


# program: a narrower result than the interface promises
@override(RecipeInterface[UserContext].verify_credentials)
async def nobody(
    original: VerifyCredentials, email: str, password: str, tenant_id: str, user_context: UserContext
) -> WrongCredentialsError:
    return WrongCredentialsError()


# program: wider parameters than the interface asks for
@override(RecipeInterface[UserContext].verify_credentials)
async def lenient(
    original: VerifyCredentials,
    email: str | None,
    password: str | bytes,
    tenant_id: object,
    user_context: UserContext,
) -> SignInResult:
    return WrongCredentialsError()


# program: an original that is called twice
@override(RecipeInterface[UserContext].verify_credentials)
async def trim_on_failure(
    original: VerifyCredentials, email: str, password: str, tenant_id: str, user_context: UserContext
) -> SignInResult:
    result = await original(email, password, tenant_id, user_context)
    if isinstance(result, SignInOkResult):
        return assert_type(result, SignInOkResult)
    return await original(email, password.strip(), tenant_id, user_context)


# program: update_email_or_password
@override(RecipeInterface[UserContext].update_email_or_password)
async def always_check_policy(
    original: UpdateEmailOrPassword,
    recipe_user_id: RecipeUserId,
    email: str | None,
    password: str | None,
    apply_password_policy: bool | None,
    tenant_id_for_password_policy: str,
    user_context: UserContext,
) -> UpdateEmailOrPasswordResult:
    return await original(recipe_user_id, email, password, True, tenant_id_for_password_policy, user_context)


# program: a result that the override makes itself
@override(RecipeInterface[UserContext].verify_credentials)
async def guest(
    original: VerifyCredentials, email: str, password: str, tenant_id: str, user_context: UserContext
) -> SignInResult:
    if email != "guest":
        return await original(email, password, tenant_id, user_context)
    user = User(id="guest", login_methods=(), time_joined=0)
    return SignInOkResult(user, recipe_user_id=RecipeUserId("guest"))


# program: an override that is a method of an object of the application's own
class Throttle:
    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.used = 0

    def override(self) -> Override[RecipeInterface[UserContext]]:
        @override(RecipeInterface[UserContext].verify_credentials)
        async def throttled(
            original: VerifyCredentials, email: str, password: str, tenant_id: str, user_context: UserContext
        ) -> SignInResult:
            self.used += 1
            if self.used > self.limit:
                return WrongCredentialsError()
            return await original(email, password, tenant_id, user_context)

        return throttled


assert_type(Throttle(3).override(), Override[RecipeInterface[UserContext]])

# program: overrides for different contexts in one list
every_override: list[Override[RecipeInterface[Attempts]]] = [note_sign_up, count_attempts, lower_case, closed, nobody]
