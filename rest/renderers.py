"""JSON out: compact, raw UTF-8; stored JSON texts (orjson.Fragment) are spliced in without being read."""

import json
from typing import Any

import orjson
from rest_framework.renderers import BaseRenderer

# With both, a datetime in UTC reads 2025-01-02T03:04:05.678901Z, and has no fraction when it is zero.
OPTIONS = orjson.OPT_NAIVE_UTC | orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS


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
            # Only an error that quotes a client's lone surrogate gets here: it cannot be written as UTF-8.
            return json.dumps(data, separators=(",", ":")).encode()


def prerendered(value: Any) -> orjson.Fragment:
    """What may stand in many places of an answer."""
    return orjson.Fragment(JSONRenderer().render(value))


class NDJSONRenderer(BaseRenderer):
    """For clients that read line by line: one value, one line."""

    media_type = "application/x-ndjson"
    format = "ndjson"
    charset = None

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        return JSONRenderer().render(data) + b"\n"
