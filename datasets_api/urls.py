"""All routes. Routes below a project are one list, included under both prefixes."""

from django.urls import URLPattern, URLResolver, include, path, re_path

from auth.urls import account_urls, project_detail, project_list
from datasets_api.api_docs import DocumentationPage, SchemaView, V2SchemaView, api_not_found
from datasets_api.index import index
from datasets_api.observability.health import livez, readyz
from datasets_api.observability.metrics_page import metrics_page
from items.urls import urlpatterns as project_urls
from posthog_v2.urls import account_urls as v2_account_urls
from posthog_v2.urls import project_urls as v2_project_urls
from rest.routers import Prefix

# The OpenAPI file shows the parameters' names.
PROJECTS = {"projects": r"projects/(?P<project_id>[^/.]+)", "environments": r"environments/(?P<environment_id>[^/.]+)"}


def projects(prefix: str) -> list[URLPattern]:
    return [
        re_path(rf"^{prefix}/?$", project_list, name=f"{prefix}-list"),
        re_path(rf"^{PROJECTS[prefix]}/?$", project_detail, name=f"{prefix}-detail"),
    ]


api: list[URLPattern | URLResolver] = [
    *projects("projects"),
    *projects("environments"),
    *account_urls,
    re_path(r"^schema/?$", SchemaView.as_view(), name="schema"),
    re_path(r"^schema/swagger-ui/?$", DocumentationPage.as_view(url_name="schema"), name="documentation"),
    re_path(r"", api_not_found, name="not-found"),
]

v2_api: list[URLPattern | URLResolver] = [
    *v2_account_urls,
    *(re_path(rf"^{PROJECTS[prefix]}/?$", project_detail, name=f"v2-{prefix}-detail") for prefix in PROJECTS),
    re_path(r"^schema/?$", V2SchemaView.as_view(), name="v2-schema"),
    re_path(r"^schema/swagger-ui/?$", DocumentationPage.as_view(url_name="v2-schema"), name="v2-documentation"),
    re_path(r"", api_not_found, name="v2-not-found"),
]

urlpatterns = [
    # The most frequent routes first: each pattern and each level takes time.
    *(Prefix(rf"^api/{project}/", project_urls) for project in PROJECTS.values()),
    *(Prefix(rf"^v2/api/{project}/", v2_project_urls) for project in PROJECTS.values()),
    path("api/", include(api)),
    path("v2/api/", include(v2_api)),
    re_path(r"^api$", api_not_found, name="not-found"),
    re_path(r"^v2/api$", api_not_found, name="v2-not-found"),
    re_path(r"^_livez/?$", livez, name="livez"),
    re_path(r"^_readyz/?$", readyz, name="readyz"),
    re_path(r"^metrics/?$", metrics_page, name="metrics"),
    path("", include("mcp_api.urls")),
    path("", index, name="index"),
    path("", include("console.urls")),
]

handler400 = "rest.errors.bad_request"
handler404 = "rest.errors.not_found"
handler500 = "rest.errors.server_error"
