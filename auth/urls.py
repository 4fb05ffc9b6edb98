"""Routes of users, projects, organizations and keys."""

from django.urls import URLPattern, URLResolver, include, re_path
from rest_framework.urlpatterns import format_suffix_patterns

from auth.api_keys.views import PersonalAPIKeyViewSet, RollPersonalAPIKeyView
from auth.views import CurrentUserView, OrganizationView, ProjectListView, ProjectView
from rest.routers import Router, route

project_list = ProjectListView.as_view()
project_detail = ProjectView.as_view()

keys = Router()
keys.register("personal_api_keys", PersonalAPIKeyViewSet, basename="personal-api-key")
key_urls = format_suffix_patterns(
    [*keys.urls, route("personal_api_keys/{id}/roll", RollPersonalAPIKeyView, "personal-api-key-roll")]
)

account_urls: list[URLPattern | URLResolver] = [
    re_path(r"^users/@me/?$", CurrentUserView.as_view(), name="current-user"),
    re_path(r"^organizations/(?P<organization_id>[^/]+)/?$", OrganizationView.as_view(), name="organization-detail"),
    re_path(r"", include(key_urls)),
]
