from django.urls import path
from ninja import NinjaAPI

from authweave.framework.django import SessionRequest
from authweave.framework.django.ninja import SessionAuth

api = NinjaAPI(auth=SessionAuth())


@api.get("/orders")
def orders(request: SessionRequest) -> dict[str, str]:
    return {"user": request.auth_session.get_user_id()}


urlpatterns = [path("", api.urls)]
