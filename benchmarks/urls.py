"""All of our routes, and behind the same middleware two views that do nothing: what the frameworks themselves cost."""

from django.http import HttpRequest, JsonResponse
from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from datasets_api.urls import handler400, handler404, handler500
from datasets_api.urls import urlpatterns as our_patterns

__all__ = ["handler400", "handler404", "handler500", "urlpatterns"]


def empty_django(request: HttpRequest) -> JsonResponse:
    return JsonResponse({})


class EmptyDRF(APIView):
    """DRF's own view: nobody is asked who they are, nothing is read."""

    authentication_classes = []
    permission_classes = []
    throttle_classes = []

    def get(self, request: Request) -> Response:
        return Response({})


urlpatterns = [
    *our_patterns,
    path("bench/empty_django/", empty_django),
    path("bench/empty_drf/", EmptyDRF.as_view()),
]
