"""The endpoint's addresses: for the user's current project, and for any other."""

from django.urls import re_path

from mcp_api.views import AgentView

endpoint = AgentView.as_view()

urlpatterns = [
    re_path(r"^mcp/?$", endpoint, {"project_id": "@current"}, name="mcp"),
    re_path(r"^mcp/(?P<project_id>[^/.]+)/?$", endpoint, name="mcp-project"),
]
