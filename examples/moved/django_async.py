"""Django under ASGI: asynchronous views, with the same middleware."""

import json
import os
from typing import Any, Dict, Union

from django.conf import settings
from django.core.asgi import get_asgi_application
from django.http import HttpRequest, JsonResponse
from django.urls import path
from supertokens_python import InputAppInfo, SupertokensConfig, init
from supertokens_python.recipe import emailpassword, session, usermetadata
from supertokens_python.recipe.emailpassword.interfaces import RecipeInterface
from supertokens_python.recipe.session import SessionContainer
from supertokens_python.recipe.session.asyncio import create_new_session
from supertokens_python.recipe.session.framework.django.asyncio import verify_session
from supertokens_python.recipe.usermetadata.asyncio import get_user_metadata, update_user_metadata
from supertokens_python.types import RecipeUserId

seen: Dict[str, int] = {}


def override_functions(original_implementation: RecipeInterface):
    original_sign_in = original_implementation.sign_in

    async def sign_in(
        email: str,
        password: str,
        tenant_id: str,
        session: Union[SessionContainer, None],
        should_try_linking_with_session_user: Union[bool, None],
        user_context: Dict[str, Any],
    ):
        seen[email] = seen.get(email, 0) + 1
        return await original_sign_in(
            email, password, tenant_id, session, should_try_linking_with_session_user, user_context
        )

    original_implementation.sign_in = sign_in
    return original_implementation


init(
    app_info=InputAppInfo(app_name="Async", api_domain="http://localhost:8000", website_domain="http://localhost:3000"),
    supertokens_config=SupertokensConfig(connection_uri=os.environ["SUPERTOKENS_CONNECTION_URI"]),
    framework="django",
    recipe_list=[
        emailpassword.init(override=emailpassword.InputOverrideConfig(functions=override_functions)),
        session.init(),
        usermetadata.init(),
    ],
    mode="asgi",
)

settings.configure(
    SECRET_KEY="only an example",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    MIDDLEWARE=["supertokens_python.framework.django.django_middleware.middleware"],
)


@verify_session()
async def note(request: HttpRequest):
    session: SessionContainer = request.supertokens  # type: ignore  # put there by the middleware
    if request.method == "POST":
        await update_user_metadata(session.get_user_id(), json.loads(request.body))
        await session.merge_into_access_token_payload({"notes": 1})
    return JsonResponse((await get_user_metadata(session.get_user_id())).metadata)


async def robot(request: HttpRequest):
    session = await create_new_session(request, "public", RecipeUserId("robot"))
    return JsonResponse({"user": session.get_user_id(), "seen": seen})


urlpatterns = [path("note", note), path("robot", robot)]

app = get_asgi_application()
