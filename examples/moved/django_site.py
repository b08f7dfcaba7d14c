"""Django under WSGI, in one file: the middleware by its name, views that need a session, a login view of its own."""

import json
import os
from typing import Any, Dict, List

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, JsonResponse
from django.urls import path
from supertokens_python import InputAppInfo, SupertokensConfig, get_all_cors_headers, init
from supertokens_python.framework import BaseRequest, BaseResponse
from supertokens_python.recipe import emailpassword, session
from supertokens_python.recipe.session import SessionContainer
from supertokens_python.recipe.session.claims import BooleanClaim
from supertokens_python.recipe.session.exceptions import ClaimValidationError
from supertokens_python.recipe.session.framework.django.syncio import verify_session
from supertokens_python.recipe.session.syncio import create_new_session, get_session
from supertokens_python.types import RecipeUserId

AdultClaim = BooleanClaim("adult", lambda user_id, recipe_user_id, tenant_id, payload, context: user_id == "grace")


async def on_invalid_claim(request: BaseRequest, errors: List[ClaimValidationError], response: BaseResponse):
    response.set_status_code(451)
    response.set_json_content({"for": [error.id_ for error in errors]})
    return response


init(
    app_info=InputAppInfo(app_name="Site", api_domain="http://localhost:8000", website_domain="http://localhost:3000"),
    supertokens_config=SupertokensConfig(connection_uri=os.environ["SUPERTOKENS_CONNECTION_URI"]),
    framework="django",
    recipe_list=[
        emailpassword.init(),
        session.init(error_handlers=session.InputErrorHandlers(on_invalid_claim=on_invalid_claim)),
    ],
    mode="wsgi",
)

settings.configure(
    SECRET_KEY="only an example",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    MIDDLEWARE=["supertokens_python.framework.django.django_middleware.middleware"],
    CORS_ALLOW_HEADERS=["content-type"] + get_all_cors_headers(),
)


@verify_session()
def me(request: HttpRequest):
    session: SessionContainer = request.supertokens  # type: ignore  # put there by the middleware
    return JsonResponse({"user": session.get_user_id(), "data": session.sync_get_session_data_from_database()})


@verify_session(session_required=False)
def maybe(request: HttpRequest):
    session: Any = request.supertokens  # type: ignore  # put there by the middleware
    return JsonResponse({"user": session.get_user_id() if session else None})


@verify_session(
    override_global_claim_validators=lambda validators, session, user_context: (
        validators + [AdultClaim.validators.is_true(60)]
    )
)
def cinema(request: HttpRequest):
    return JsonResponse({"film": True})


def login(request: HttpRequest):
    body: Dict[str, Any] = json.loads(request.body)
    session = create_new_session(request, "public", RecipeUserId(body["name"]), {}, {"from": "view"})
    return JsonResponse({"user": session.get_user_id()})


def logout(request: HttpRequest):
    session = get_session(request, anti_csrf_check=False)
    assert session is not None
    session.sync_revoke_session()
    return JsonResponse({"status": "OK"})


urlpatterns = [
    path("me", me),
    path("maybe", maybe),
    path("cinema", cinema),
    path("login", login),
    path("logout", logout),
]

app = get_wsgi_application()
