"""Code that was moved from SuperTokens."""

from typing import Any, Dict, List, Optional, Union

from authweave import InputAppInfo, UserContext, init
from authweave.ingredients.emaildelivery.types import EmailDeliveryInterface
from authweave.recipe import emailpassword, session
from authweave.recipe.emailpassword.asyncio import sign_in
from authweave.recipe.emailpassword.interfaces import (
    APIInterface,
    APIOptions,
    RecipeInterface,
    SignInOkResult,
    WrongCredentialsError,
)
from authweave.recipe.emailpassword.types import EmailTemplateVars, FormField
from authweave.recipe.session.asyncio import get_session_information
from authweave.recipe.session.interfaces import RecipeInterface as SessionFunctions
from authweave.recipe.session.interfaces import SessionClaimValidator, SessionContainer
from authweave.storage.memory import MemoryStorage


class AppContext(UserContext, total=False):
    attempts: int


def start(functions: Any) -> None:
    init(
        InputAppInfo("Example", "api.example.com", "example.com"),
        [emailpassword.init(override=emailpassword.InputOverrideConfig(functions=functions)), session.init()],
        storage=MemoryStorage(),
        secret=b"s" * 32,
    )


# program: a parameter of the function is misspelt
def misspelt(original_implementation: RecipeInterface) -> RecipeInterface:
    async def verify_credentials(
        emial: str, password: str, tenant_id: str, user_context: Dict[str, Any]
    ) -> Union[SignInOkResult, WrongCredentialsError]:
        return WrongCredentialsError()

    original_implementation.verify_credentials = verify_credentials  # wrong: mypy, pyright
    return original_implementation


start(misspelt)  # wrong: init


# program: the function is sync where an async one must be
def not_async(original_implementation: RecipeInterface) -> RecipeInterface:
    def verify_credentials(email: str, password: str, tenant_id: str, user_context: Dict[str, Any]) -> WrongCredentialsError:
        return WrongCredentialsError()

    original_implementation.verify_credentials = verify_credentials  # wrong: mypy, pyright
    return original_implementation


start(not_async)  # wrong: init


# program: the function's result is of the wrong type
def wrong_result(original_implementation: RecipeInterface) -> RecipeInterface:
    async def verify_credentials(email: str, password: str, tenant_id: str, user_context: Dict[str, Any]) -> bool:
        return False

    original_implementation.verify_credentials = verify_credentials  # wrong: mypy, pyright
    return original_implementation


# program: the function's name is misspelt
def no_such_function(original_implementation: RecipeInterface) -> RecipeInterface:
    original_implementation.sing_in = original_implementation.sign_in  # wrong: mypy, pyright
    return original_implementation


start(no_such_function)  # wrong: init


# program: the implementation is not returned
def not_returned(original_implementation: RecipeInterface):
    original_implementation.sign_in = original_implementation.sign_in


emailpassword.init(override=emailpassword.InputOverrideConfig(functions=not_returned))  # wrong: pyright
start(not_returned)  # wrong: init


# program: the override is for another recipe
def of_sessions(original_implementation: SessionFunctions) -> SessionFunctions:
    original_implementation.revoke_session = original_implementation.revoke_session
    return original_implementation


emailpassword.init(override=emailpassword.InputOverrideConfig(functions=of_sessions))  # wrong: mypy, pyright
start(of_sessions)  # wrong: init


# program: the original is called with an argument of the wrong type
def wrong_argument(original_implementation: RecipeInterface) -> RecipeInterface:
    original_verify_credentials = original_implementation.verify_credentials

    async def verify_credentials(email: str, password: str, tenant_id: str, user_context: Dict[str, Any]):
        return await original_verify_credentials(email, None, tenant_id, user_context)  # wrong: mypy, pyright

    original_implementation.verify_credentials = verify_credentials
    return original_implementation


# program: the original is not handed the context
def without_context(original_implementation: RecipeInterface) -> RecipeInterface:
    original_verify_credentials = original_implementation.verify_credentials

    async def verify_credentials(email: str, password: str, tenant_id: str, user_context: Dict[str, Any]):
        return await original_verify_credentials(email, password, tenant_id)  # wrong: mypy, pyright

    original_implementation.verify_credentials = verify_credentials
    return original_implementation


# program: the original is not awaited
def not_awaited(original_implementation: RecipeInterface) -> RecipeInterface:
    original_verify_credentials = original_implementation.verify_credentials

    async def verify_credentials(
        email: str, password: str, tenant_id: str, user_context: Dict[str, Any]
    ) -> Union[SignInOkResult, WrongCredentialsError]:
        return original_verify_credentials(email, password, tenant_id, user_context)  # wrong: mypy, pyright

    original_implementation.verify_credentials = verify_credentials
    return original_implementation


# program: a result is used before it is known to be good
async def id_of(email: str, user_context: Dict[str, Any]) -> str:
    return (await sign_in("public", email, "secret12", None, user_context)).user.id  # wrong: mypy, pyright


# program: a result is changed
async def renamed(email: str) -> None:
    result = await sign_in("public", email, "secret12")
    if isinstance(result, SignInOkResult):
        result.user.id = "legacy"  # wrong: mypy, pyright


# program: a mail service that is sync
class SyncService(EmailDeliveryInterface[EmailTemplateVars]):
    def send_email(self, template_vars: EmailTemplateVars, user_context: Dict[str, Any]) -> None:  # wrong: mypy, pyright
        pass


# program: a validator that is sync
class SyncValidator(SessionClaimValidator):
    def validate(self, payload: Dict[str, Any], user_context: Dict[str, Any]) -> bool:  # wrong: mypy, pyright
        return True


# program: a claim that is not JSON
async def set_of_seats(session: SessionContainer, user_context: Dict[str, Any]) -> None:
    await session.merge_into_access_token_payload({"seats": {1, 2, 3}}, user_context)  # wrong: mypy, pyright


# program: a session that may be missing is used
async def age_of(session: Optional[SessionContainer]) -> int:
    return await session.get_time_created()  # wrong: mypy, pyright


# program: a stored session that may be missing is used
async def owner_of(handle: str) -> str:
    return (await get_session_information(handle)).user_id  # wrong: mypy, pyright


# program: something that is no context is handed to a function
async def with_text(email: str) -> None:
    await sign_in("public", email, "secret12", user_context="web")  # wrong: mypy, pyright


# program: something that is no context is handed to a function of an implementation
def through_options(original_implementation: APIInterface) -> APIInterface:
    original_sign_in_post = original_implementation.sign_in_post

    async def sign_in_post(
        form_fields: List[FormField],
        tenant_id: str,
        session: Optional[SessionContainer],
        should_try_linking_with_session_user: Optional[bool],
        api_options: APIOptions,
        user_context: Dict[str, Any],
    ):
        await api_options.recipe_implementation.verify_credentials("a@b.example", "secret12", tenant_id, "web")
        return await original_sign_in_post(
            form_fields, tenant_id, session, should_try_linking_with_session_user, api_options, user_context
        )

    original_implementation.sign_in_post = sign_in_post
    return original_implementation


# program: something that is no context is handed to a method of a session
async def method_with_text(session: SessionContainer) -> None:
    await session.revoke_session("web")


# program: a key of the context is misspelt
def misspelt_key(user_context: Dict[str, Any]) -> bool:
    return bool(user_context.get("isSingUp"))


# program: a declared context, where the interface is not given it
def no_context_type(original_implementation: RecipeInterface) -> RecipeInterface:
    async def verify_credentials(
        email: str, password: str, tenant_id: str, user_context: AppContext
    ) -> Union[SignInOkResult, WrongCredentialsError]:
        return WrongCredentialsError()

    original_implementation.verify_credentials = verify_credentials
    return original_implementation


# program: a claim is taken for another type
def seats_in(session: SessionContainer) -> int:
    payload = session.get_access_token_payload()
    seats: int = payload["seat_names"]
    return seats


# program: a field of a form is taken for another type
def age_in(form_fields: List[FormField]) -> int:
    age: int = form_fields[0].value
    return age
