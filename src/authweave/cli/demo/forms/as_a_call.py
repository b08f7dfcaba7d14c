from authweave import UserContext
from authweave.recipe.emailpassword import SignUpPost, SignUpPostResult
from authweave.recipe.session import CreateNewSession, EmptySession, SessionContainer


class DemoContext(UserContext, total=False):
    isSignUp: bool


@SignUpPost[DemoContext].override
async def note_sign_up(call: SignUpPost[DemoContext]) -> SignUpPostResult:
    call.user_context["isSignUp"] = True
    return await call.original()


@CreateNewSession[DemoContext].override
async def no_session_after_sign_up(call: CreateNewSession[DemoContext]) -> SessionContainer:
    return EmptySession() if call.user_context.get("isSignUp") else await call.original()
