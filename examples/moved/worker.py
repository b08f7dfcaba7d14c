"""A worker that only makes users, with no sessions; its overrides take their parameters in other ways."""

import os
from typing import Any, Dict

from fastapi import FastAPI
from supertokens_python import InputAppInfo, SupertokensConfig, init
from supertokens_python.framework.fastapi import get_middleware
from supertokens_python.recipe import emailpassword
from supertokens_python.recipe.emailpassword.asyncio import sign_in, sign_up
from supertokens_python.recipe.emailpassword.interfaces import RecipeInterface, SignInOkResult, SignUpOkResult

calls: Dict[str, Any] = {}


def override_functions(original_implementation: RecipeInterface) -> RecipeInterface:
    original_sign_up = original_implementation.sign_up
    original_sign_in = original_implementation.sign_in
    original_verify_credentials = original_implementation.verify_credentials

    async def counted_sign_up(*args: Any, **kwargs: Any):  # Any: whatever the function takes
        calls["sign_up"] = calls.get("sign_up", 0) + 1
        return await original_sign_up(*args, **kwargs)

    async def verify_credentials(email: str, password: str, _tenant_id: str, _user_context: Dict[str, Any]):
        calls["address"] = email
        return await original_verify_credentials(email, password, _tenant_id, _user_context)

    original_implementation.sign_up = counted_sign_up  # type: ignore  # other parameters, on purpose
    original_implementation.sign_in = lambda *args: original_sign_in(*args)  # type: ignore  # noqa: PLW0108  other parameters, on purpose
    original_implementation.verify_credentials = verify_credentials  # type: ignore  # other parameters, on purpose
    return original_implementation


init(
    app_info=InputAppInfo(
        app_name="Worker", api_domain="http://localhost:8000", website_domain="http://localhost:3000"
    ),
    supertokens_config=SupertokensConfig(connection_uri=os.environ["SUPERTOKENS_CONNECTION_URI"]),
    framework="fastapi",
    recipe_list=[emailpassword.init(override=emailpassword.InputOverrideConfig(functions=override_functions))],
    mode="asgi",
)

app = FastAPI()
app.add_middleware(get_middleware())


@app.post("/users")
async def make_user(email: str):
    result = await sign_up("public", email, "correct horse 1")
    again = await sign_in("public", email, "correct horse 1")
    return {
        "new": isinstance(result, SignUpOkResult),
        "works": isinstance(again, SignInOkResult),
        **calls,
    }
