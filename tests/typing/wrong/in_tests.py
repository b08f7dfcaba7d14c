"""Recordings, and overrides for one test."""

from authweave import App, UserContext, override
from authweave.recipe.emailpassword.interfaces import RecipeInterface, SignInResult, SignUpOkResult
from authweave.recipe.emailpassword.signatures import VerifyCredentials
from authweave.recipe.session.interfaces import RecipeInterface as SessionFunctions
from authweave.testing import Overriding, RecordedCall, recording


class LimitContext(UserContext, total=False):
    attempts: int


class AppContext(UserContext, total=False):
    is_sign_up: bool


@override(RecipeInterface[LimitContext].verify_credentials)
async def limited(
    original: VerifyCredentials[LimitContext], email: str, password: str, tenant_id: str, user_context: LimitContext
) -> SignInResult:
    return await original(email, password, tenant_id, user_context)


seen = recording(SessionFunctions[UserContext].revoke_session)


# program: the function to record is misspelt
misspelt = recording(RecipeInterface[AppContext].signup)  # wrong: init, all but pyrefly


# program: a plain function is recorded
def plain(email: str) -> bool:
    return bool(email)


recorded = recording(plain)  # wrong: init, all


# program: the recording is listed instead of its override
def lists_recording(overriding: Overriding, auth: App[AppContext]) -> None:
    overriding(auth, seen)  # wrong: all but zuban


# program: an application in a test lacks the key of an override
def lacks_key(overriding: Overriding, auth: App[AppContext]) -> None:
    overriding(auth, limited)  # wrong: all


# program: overrides for a test are listed in brackets
def in_brackets(overriding: Overriding, auth: App[LimitContext]) -> None:
    overriding(auth, [limited])  # wrong: all


# program: the application is forgotten
def forgets_application(overriding: Overriding) -> None:
    overriding(limited)  # wrong: all


# program: the fixture is entered as a block
def enters(overriding: Overriding, auth: App[LimitContext]) -> None:
    with overriding(auth, limited):  # wrong: all
        pass


# program: a recorded result is taken for another type
def takes_result(call: RecordedCall[bool]) -> SignUpOkResult:
    return call.result()  # wrong: all


# program: a recorded result is awaited once more
async def awaits_result() -> bool:
    return await seen.calls[0].result()  # wrong: all but zuban


# program: a recorded result is read as an attribute
def reads_result(call: RecordedCall[bool]) -> bool:
    return call.result  # wrong: all


# program: a recorded argument is used without a look at its type
def uses_argument() -> str:
    return seen.calls[0].arguments["session_handle"].upper()  # wrong: all but zuban


# program: a recorded argument is read as an attribute
def reads_attribute() -> object:
    return seen.calls[0].session_handle  # wrong: all but zuban
