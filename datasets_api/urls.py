"""All routes. What stands below a project stands under both prefixes, which are one list included twice."""

from django.urls import URLPattern, URLResolver, include, path, re_path

from auth.urls import discovery, project_detail, project_list
from datasets_api.api_pages import DocumentationPage, SchemaView, api_not_found
from datasets_api.health import livez, readyz
from datasets_api.metrics.view import metrics
from items.urls import router as items_router


def below_projects(prefix: str, parameter: str) -> list[URLPattern | URLResolver]:
    """The parameter's name is what the OpenAPI file shows."""
    project = rf"^{prefix}/(?P<{parameter}>[^/.]+)"
    return [
        re_path(rf"^{prefix}/?$", project_list, name=f"{prefix}-list"),
        re_path(rf"{project}/?$", project_detail, name=f"{prefix}-detail"),
        re_path(rf"{project}/", include(items_router.urls)),
    ]


api: list[URLPattern | URLResolver] = [
    *below_projects("projects", "project_id"),
    *below_projects("environments", "environment_id"),
    *discovery,
    re_path(r"^schema/?$", SchemaView.as_view(), name="schema"),
    re_path(r"^schema/swagger-ui/?$", DocumentationPage.as_view(url_name="schema"), name="documentation"),
    re_path(r"", api_not_found, name="not-found"),
]

urlpatterns = [
    path("api/", include(api)),
    re_path(r"^api$", api_not_found, name="not-found"),
    re_path(r"^_livez/?$", livez, name="livez"),
    re_path(r"^_readyz/?$", readyz, name="readyz"),
    re_path(r"^metrics/?$", metrics, name="metrics"),
]

handler400 = "rest.errors.bad_request"
handler404 = "rest.errors.not_found"
handler500 = "rest.errors.server_error"
