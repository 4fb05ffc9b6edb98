"""A prefix resolves paths like Django's include()."""

import pytest
from django.urls import URLResolver, get_resolver, include, re_path
from django.urls.exceptions import Resolver404

from datasets_api.urls import PROJECTS
from items.urls import urlpatterns as items_urls
from posthog_v2.urls import project_urls as v2_urls
from rest.routers import Prefix, Routes

PREFIX = rf"^api/{PROJECTS['projects']}/"
ITEM = "dataset_items/0190b5a4-0000-7000-8000-000000000000"
PATHS = [
    "api/projects/1/dataset_items/", "api/projects/1/dataset_items", "api/projects/@current/dataset_items.json",
    f"api/projects/1/{ITEM}/", f"api/projects/1/{ITEM}.json", f"api/projects/1/{ITEM}/versions/",
    "api/projects/1/dataset_items/bulk/", "api/projects/1/dataset_items/bulk.json",
    "api/projects/1/datasets/x/tags/a.b/", "api/projects/1/ai_observability/offline_experiments/more/of/it",
    "api/projects/1/dataset_items/\n", f"api/projects/1/{ITEM}/\n", "api/projects/1/", "api/projects/1/none",
    "api/projects/", "other/",
]  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("routes", [items_urls, v2_urls], ids=["v1", "v2"])
def test_a_prefix_resolves_like_include(routes: list[URLResolver], path: str) -> None:
    assert resolve(Prefix(PREFIX, routes), path) == resolve(re_path(PREFIX, include(routes)), path)


@pytest.mark.parametrize("path", ["", "/", "*", "xapi/projects/1/datasets/", "//api/projects/1/datasets/"])
def test_only_paths_from_the_root_are_found(path: str) -> None:
    assert resolve(Routes(get_resolver()), path) == resolve(get_resolver(), path)


def test_routes_below_a_project_are_those_of_the_url_configuration() -> None:
    match, djangos = (each.resolve(f"/{PATHS[0]}") for each in (Routes(get_resolver()), get_resolver()))

    assert (match.func, match.args, match.kwargs) == (djangos.func, djangos.args, djangos.kwargs)
    assert match.view_name == djangos.view_name


def resolve(resolver: URLResolver | Routes, path: str) -> object:
    try:
        match = resolver.resolve(path)
    except Resolver404:
        return None
    return (match.func, match.args, match.kwargs, match.view_name, match.route)
