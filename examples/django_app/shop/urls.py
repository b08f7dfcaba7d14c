from django.http import HttpResponse, JsonResponse
from django.urls import path

from authweave.framework.django import SessionRequest
from authweave.recipe.session.framework.django import asyncio, syncio


@syncio.verify_session()
def orders(request: SessionRequest) -> HttpResponse:
    return JsonResponse({"user": request.auth_session.get_user_id()})


@asyncio.verify_session()
async def colour(request: SessionRequest) -> HttpResponse:
    await request.auth_session.merge_into_access_token_payload({"colour": "red"})
    return JsonResponse({})


urlpatterns = [path("orders", orders), path("colour", colour)]
