"""The page and its files are served with a policy, a nonce and cache headers, and other files are out of reach."""

import re

import pytest
from django.test import Client

from console.assets import asset_names
from tests.api import Api


@pytest.mark.parametrize("path", ["/", "/projects/1/datasets", "/projects/1/datasets/x/import"])
def test_each_address_of_the_console_is_the_one_page(path: str) -> None:
    answer = Client().get(path, headers={"accept": "text/html"})

    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/html")
    assert '<div id="root">' in answer.text


def test_page_runs_no_script_but_its_own() -> None:
    answer = Client().get("/", headers={"accept": "text/html"})

    policy = answer["Content-Security-Policy"]
    nonce = re.search(r"'nonce-([\w-]+)'", policy)
    assert nonce is not None
    assert f'nonce="{nonce[1]}"' in answer.text
    assert "__CSP_NONCE__" not in answer.text
    assert "unsafe" not in policy
    for directive in ("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "form-action 'none'"):
        assert directive in policy
    assert "<script>" not in answer.text
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "no-referrer"


def test_nonce_is_another_each_time() -> None:
    policies = {Client().get("/", headers={"accept": "text/html"})["Content-Security-Policy"] for _ in range(3)}

    assert len(policies) == 3


def test_files_may_be_kept_for_good() -> None:
    name = next(name for name in asset_names() if name.startswith("index-") and name.endswith(".js"))

    answer = Client().get(f"/console/assets/{name}", headers={"accept-encoding": "gzip"})

    assert answer.status_code == 200
    assert "immutable" in answer["Cache-Control"]
    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Content-Encoding"] == "gzip"
    assert len(answer.content) < len(Client().get(f"/console/assets/{name}").content)


@pytest.mark.parametrize("name", ["nothing.js", "..%2findex.html", "%2e%2e/index.html", "index.html"])
def test_no_other_file_is_served(name: str) -> None:
    assert Client().get(f"/console/assets/{name}").status_code == 404


def test_page_is_only_read() -> None:
    assert Client().post("/").status_code == 405


def test_paths_of_the_api_stay_the_api() -> None:
    assert Api().get("/api/projects/1/nothing/").status_code == 404
