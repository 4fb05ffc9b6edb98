"""The body of OPTIONS responses: name, description and media types, but no fields, as v1 answered scoped keys."""

from typing import TYPE_CHECKING, Any

from rest_framework.metadata import BaseMetadata
from rest_framework.request import Request

if TYPE_CHECKING:
    from rest_framework.views import APIView  # DRF loads this class while its views are loading


class ViewMetadata(BaseMetadata):
    def determine_metadata(self, request: Request, view: "APIView") -> dict[str, Any]:
        return {
            "name": view.get_view_name(),
            "description": view.get_view_description(),
            "renders": [renderer.media_type for renderer in view.renderer_classes],
            "parses": [parser.media_type for parser in view.parser_classes],
        }


def no_description(view: "APIView", html: bool = False) -> str:
    """Return the empty text, as v1 did: DRF would publish the view's docstring."""
    return ""
