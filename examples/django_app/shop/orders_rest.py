from django.urls import path
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView

from authweave.framework.django import SessionRequest
from authweave.framework.django.rest_framework import AuthweaveAuthentication


class Orders(APIView):
    authentication_classes = [AuthweaveAuthentication]
    permission_classes = [IsAuthenticated]

    def get(self, request: SessionRequest) -> Response:
        return Response({"user": request.auth_session.get_user_id()})


urlpatterns = [path("orders", Orders.as_view())]
