"""What OPTIONS answers: name, description and media types; never the fields of a write, as in v1 for scoped keys."""

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
    """v1 describes nothing; docstrings are for readers of the code."""
    return ""
