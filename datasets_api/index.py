"""The path `/`: the console for browsers, and a list of links for programs."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from console.views import console_page
from datasets_api.version import VERSION

# The names of the links and their routes.
LINKS = {
    "documentation": "documentation",
    "openapi": "schema",
    "openapi_v2": "v2-schema",
    "health": "readyz",
    "projects": "projects-list",
}
# The first one wins if a client accepts both, like curl; browsers prefer HTML.
CONTENT_TYPES = ["application/json", "text/html"]


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    wants_page = request.get_preferred_type(CONTENT_TYPES) == "text/html"
    response = console_page(request) if wants_page else service_links(request)
    patch_vary_headers(response, ["Accept"])
    return response


def service_links(request: HttpRequest) -> JsonResponse:
    # The trailing slash is optional in routes, and missing in reversed URLs.
    links = {name: request.build_absolute_uri(f"{reverse(route)}/") for name, route in LINKS.items()}
    return JsonResponse({"name": "Datasets API", "version": VERSION, **links})
