"""All routes. What stands below a project stands under both prefixes, which are one list included twice."""

from django.urls import URLPattern, URLResolver, include, path, re_path

from auth.urls import discovery, project_detail, project_list
from datasets_api.api_pages import DocumentationPage, SchemaView, api_not_found
from datasets_api.health import livez, readyz
from datasets_api.metrics.view import metrics
from items.urls import router as items_router

# The parameters' names are what the OpenAPI file shows.
PROJECTS = {"projects": r"projects/(?P<project_id>[^/.]+)", "environments": r"environments/(?P<environment_id>[^/.]+)"}


def projects(prefix: str) -> list[URLPattern]:
    return [
        re_path(rf"^{prefix}/?$", project_list, name=f"{prefix}-list"),
        re_path(rf"^{PROJECTS[prefix]}/?$", project_detail, name=f"{prefix}-detail"),
    ]


api: list[URLPattern | URLResolver] = [
    *projects("projects"),
    *projects("environments"),
    *discovery,
    re_path(r"^schema/?$", SchemaView.as_view(), name="schema"),
    re_path(r"^schema/swagger-ui/?$", DocumentationPage.as_view(url_name="schema"), name="documentation"),
    re_path(r"", api_not_found, name="not-found"),
]

urlpatterns = [
    # First what is asked for most: each pattern that is tried, and each level, takes its time.
    *(re_path(rf"^api/{project}/", include(items_router.urls)) for project in PROJECTS.values()),
    path("api/", include(api)),
    re_path(r"^api$", api_not_found, name="not-found"),
    re_path(r"^_livez/?$", livez, name="livez"),
    re_path(r"^_readyz/?$", readyz, name="readyz"),
    re_path(r"^metrics/?$", metrics, name="metrics"),
    path("", include("console.urls")),
]

handler400 = "rest.errors.bad_request"
handler404 = "rest.errors.not_found"
handler500 = "rest.errors.server_error"
