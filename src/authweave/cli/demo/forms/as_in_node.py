from authweave.recipe.emailpassword import SignUp, SignUpOkResult, SignUpResult

from .as_a_call import DemoContext


# signUp: async function (input) {
#     let resp = await originalImplementation.signUp(input);
#     if (resp.status === "OK" && resp.user.loginMethods.length === 1 && input.session === undefined) {
#         input.userContext.isSignUp = true;
#     }
#     return resp;
# }
@SignUp[DemoContext].override
async def sign_up(call: SignUp[DemoContext]) -> SignUpResult:
    resp = await call.original()
    if isinstance(resp, SignUpOkResult) and len(resp.user.login_methods) == 1 and call.session is None:
        call.user_context["isSignUp"] = True
    return resp
