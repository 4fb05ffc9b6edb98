"""JSON renderers: compact UTF-8; stored JSON texts (orjson.Fragment) are inserted without being parsed."""

import json
from typing import Any

import orjson
from rest_framework.renderers import BaseRenderer

# Both write a datetime in UTC as 2025-01-02T03:04:05.678901Z, without the fraction if it is zero.
OPTIONS = orjson.OPT_NAIVE_UTC | orjson.OPT_UTC_Z


class JSONRenderer(BaseRenderer):
    media_type = "application/json"
    format = "json"
    charset = None

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        if data is None:
            return b""
        try:
            return orjson.dumps(data, option=OPTIONS)
        except orjson.JSONEncodeError:
            # An error quotes a client's lone surrogate, which cannot be encoded as UTF-8.
            return json.dumps(data, separators=(",", ":")).encode()


def prerendered(value: Any) -> orjson.Fragment:
    """Render a value that a response repeats, once."""
    return orjson.Fragment(JSONRenderer().render(value))


class NDJSONRenderer(BaseRenderer):
    """Renders one value as one line, for clients that read NDJSON streams."""

    media_type = "application/x-ndjson"
    format = "ndjson"
    charset = None

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        return JSONRenderer().render(data) + b"\n"
