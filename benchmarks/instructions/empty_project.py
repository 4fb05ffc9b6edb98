"""Two views that do nothing, in a Django project of their own: no middleware, and nothing of the service.

They are the yardstick: only the interpreter, Django and DRF change what they cost. Do not edit them.
"""

import os
from collections.abc import Callable

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.urls import path


def application() -> WSGIHandler:
    """Configure Django for these two views alone."""
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)
    settings.configure(
        ALLOWED_HOSTS=["127.0.0.1"],
        INSTALLED_APPS=["rest_framework"],
        REST_FRAMEWORK={
            "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
            "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
            "UNAUTHENTICATED_USER": None,
        },
        ROOT_URLCONF=__name__,
        USE_I18N=False,
    )
    django.setup(set_prefix=False)
    urlpatterns.append(path("empty_drf/", drf_view()))
    return WSGIHandler()


def empty_django(request: HttpRequest) -> JsonResponse:
    return JsonResponse({})


def drf_view() -> Callable[..., HttpResponseBase]:
    from rest_framework.request import Request  # noqa: PLC0415  DRF needs the settings
    from rest_framework.response import Response  # noqa: PLC0415
    from rest_framework.views import APIView  # noqa: PLC0415

    class EmptyView(APIView):
        authentication_classes = []
        permission_classes = []
        throttle_classes = []

        def get(self, request: Request) -> Response:
            return Response({})

    return EmptyView.as_view()


urlpatterns = [path("empty_django/", empty_django)]
