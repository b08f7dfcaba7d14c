"""A program that asks views of REST framework, or of ninja, and asserts what they answer."""

# ninja's schema has no types:
# pyright: reportUnknownArgumentType=false, reportUnknownVariableType=false

from __future__ import annotations

import sys
from typing import Any, cast

import django
from django.conf import settings
from django.test import Client
from django.urls import path

from authweave import InputAppInfo, init
from authweave.recipe import emailpassword, session
from authweave.security import PasswordHasher
from authweave.storage.memory import MemoryStorage

CASE = sys.argv[1]
urlpatterns: list[Any] = []  # Any: each framework has classes of its own
FORM = {"formFields": [{"id": "email", "value": "a@x.io"}, {"id": "password", "value": "correct horse 1"}]}

settings.configure(
    SECRET_KEY="not a secret of anybody",
    ALLOWED_HOSTS=["*"],
    DEBUG=CASE == "ninja_debug",
    INSTALLED_APPS=["authweave.framework.django"],
    MIDDLEWARE=["authweave.framework.django.django_middleware.middleware"],
    ROOT_URLCONF=__name__,
    LOGGING_CONFIG=None,
    REST_FRAMEWORK={
        "UNAUTHENTICATED_USER": None,
        "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    },
)
django.setup()
init(
    InputAppInfo(app_name="Test", api_domain="http://testserver", website_domain="http://localhost:3000"),
    [emailpassword.init(), session.init()],
    storage=MemoryStorage(),
    secret=b"s" * 32,
    passwords=PasswordHasher(memory_kib=8, time_cost=1),
)


def rest_framework() -> None:
    """Add views of REST framework."""
    from rest_framework.permissions import AllowAny, IsAuthenticated
    from rest_framework.request import Request
    from rest_framework.response import Response
    from rest_framework.views import APIView

    from authweave.framework.django import SessionRequest
    from authweave.framework.django.rest_framework import AuthweaveAuthentication

    class Orders(APIView):
        authentication_classes = [AuthweaveAuthentication]  # noqa: RUF012  as its documentation
        permission_classes = [IsAuthenticated]  # noqa: RUF012  the same

        def get(self, request: Request) -> Response:
            session = cast("SessionRequest", request).auth_session  # REST framework's has what Django's has
            assert session is request.auth
            assert session.get_user_id() == request.user.pk
            return Response({"user": str(request.user)})

        post = get

    class Anybody(APIView):
        authentication_classes = [AuthweaveAuthentication]  # noqa: RUF012  as its documentation
        permission_classes = [AllowAny]  # noqa: RUF012  the same

        def get(self, request: Request) -> Response:
            return Response({"user": getattr(request.user, "id", None)})

    urlpatterns.extend([path("orders", Orders.as_view()), path("anybody", Anybody.as_view())])


def ninja() -> None:
    """Add operations of ninja."""
    from django.http import HttpRequest
    from ninja import NinjaAPI
    from ninja.errors import HttpError

    from authweave.framework.django.ninja import SessionAuth

    api = NinjaAPI(auth=SessionAuth())

    @api.get("/orders")
    def orders(request: HttpRequest) -> dict[str, str]:
        return {"user": vars(request)["auth"].get_user_id()}

    @api.post("/orders")
    async def add(request: HttpRequest) -> dict[str, str]:
        return {"user": vars(request)["auth"].get_user_id()}

    def by_key(request: HttpRequest) -> str | None:
        return request.headers.get("x-key")

    @api.get("/nothing", auth=[SessionAuth(), by_key])
    def nothing(request: HttpRequest) -> None:
        raise HttpError(404, "nothing")

    schema = api.get_openapi_schema(path_prefix="/")["components"]["securitySchemes"]["SessionAuth"]
    assert schema == {"type": "http", "scheme": "bearer"}, schema
    urlpatterns.append(path("", api.urls))


ninja() if CASE.startswith("ninja") else rest_framework()
client = Client(headers={"st-auth-mode": "header"})
nobody = client.get("/orders")
assert nobody.status_code == 401, nobody.content
if CASE == "rest_framework":
    assert nobody["WWW-Authenticate"] == "Bearer"
    assert client.get("/anybody").json() == {"user": None}
signed_up = client.post("/auth/signup", FORM, content_type="application/json")
user, token = signed_up.json()["user"]["id"], signed_up["st-access-token"]
bearer = {"authorization": f"Bearer {token}"}
for answer in (client.get("/orders", headers=bearer), client.post("/orders", headers={**bearer, "rid": "anti-csrf"})):
    assert (answer.status_code, answer.json()) == (200, {"user": user}), answer.content
head, claims, signature = token.split(".")
no_token = {"authorization": f"Bearer {head}.{claims}.{'A' * len(signature)}"}
forged = client.get("/orders", headers=no_token)
assert (forged.status_code, forged.json()) == (401, {"message": "try refresh token"}), forged.content
if CASE.startswith("ninja"):
    assert client.get("/nothing", headers=no_token).json() == {"message": "try refresh token"}
    by_key = client.get("/nothing", headers={**no_token, "x-key": "1"})  # which another class takes
    assert (by_key.status_code, by_key.json()) == (404, {"detail": "nothing"}), by_key.content
