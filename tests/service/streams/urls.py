"""Routes with streams of every kind, and an import that reports what it received, sharing the state of one worker."""

import hashlib
import time
from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.http import HttpRequest, JsonResponse, StreamingHttpResponse
from django.urls import path, re_path
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response

from auth.tenancy import ProjectScoped
from database.query import fetch_one
from datasets_api.urls import urlpatterns as urlpatterns_of_service

state = {"produced": 0, "closed": 0, "imports": 0}


def stream(request: HttpRequest) -> StreamingHttpResponse:
    """Stream ?count= chunks of ?size= bytes, each after ?pause= seconds; chunk number ?fail= raises an error."""
    asked = {name: float(request.GET.get(name, default)) for name, default in DEFAULTS.items()}
    return StreamingHttpResponse(chunks(asked), content_type="application/octet-stream")


DEFAULTS = {"count": "0", "size": "1000", "pause": "0", "fail": "-1"}


def chunks(asked: dict[str, float]) -> Iterator[bytes]:
    try:
        for number in range(int(asked["count"])):
            time.sleep(asked["pause"])
            if number == asked["fail"]:
                raise RuntimeError("in the middle")
            fetch_one("SELECT 1", [])
            assert not connection.in_atomic_block
            state["produced"] += 1
            yield bytes([number % 256]) * int(asked["size"])
    finally:
        state["closed"] += 1


def tell(request: HttpRequest) -> JsonResponse:
    return JsonResponse(state)


class AnyParser(BaseParser):
    media_type = "*/*"

    def parse(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return nothing; the view reads the file."""
        return {}


class Import(ProjectScoped):
    scope_object = "dataset"
    parser_classes = [AnyParser]

    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        file = request.META["wsgi.input"]
        state["imports"] += 1
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        time.sleep(float(request.query_params.get("pause", "0")))
        return Response({"length": int(request.META["CONTENT_LENGTH"]), "sha256": digest, "name": str(file.name)})


urlpatterns = [
    path("streams/", stream),
    path("state/", tell),
    re_path(r"^api/projects/(?P<project_id>[^/.]+)/datasets/[^/]+/import/?$", Import.as_view()),
    *urlpatterns_of_service,
]
