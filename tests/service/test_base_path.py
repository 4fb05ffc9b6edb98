"""The service under a path of a host, behind a real nginx that removes the path, and behind one that does not."""

import re
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
from django.conf import LazySettings

from datasets_api.server.prefix import split_prefix
from tests.people import People, key
from tests.programs import find_program
from tests.rows import dataset, item
from tests.service_process import ServiceProcess, free_port
from tests.waiting import wait_for

BASE_PATH = "/data/sets"
# The first location removes the path and sends it in a header; the second one passes the path on.
LOCATIONS = {"/taken/off": "proxy_pass http://127.0.0.1:{port}/;", BASE_PATH: "proxy_pass http://127.0.0.1:{port};"}
CONFIGURATION = """
daemon off; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 64; }}
http {{
    access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    server {{
        listen 127.0.0.1:{own_port};
        proxy_set_header Host $http_host;
        proxy_set_header X-Forwarded-Prefix $prefix;
        location /taken/off/ {{ set $prefix /taken/off; {stripping} }}
        location /data/sets/ {{ set $prefix ""; {passing} }}
    }}
}}
"""

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def host(tmp_path: Path) -> Iterator[str]:
    """The URL of nginx."""
    nginx, own_port = find_program("nginx"), free_port()
    service = ServiceProcess(workers=1, BASE_PATH=BASE_PATH, PROXY_COUNT="1")
    stripping, passing = (text.format(port=service.port) for text in LOCATIONS.values())
    configuration = tmp_path / "nginx.conf"
    configuration.write_text(
        CONFIGURATION.format(folder=tmp_path, own_port=own_port, stripping=stripping, passing=passing)
    )
    with subprocess.Popen([nginx, "-c", configuration, "-e", tmp_path / "error.log"]) as process:
        try:
            wait_for(lambda: is_up(f"http://127.0.0.1:{own_port}{BASE_PATH}"))
            yield f"http://127.0.0.1:{own_port}"
        finally:
            process.terminate()
            process.wait()
            service.stop()


def is_up(base: str) -> bool:
    with suppress(httpx.TransportError):
        return httpx.get(f"{base}/_livez").status_code == 200
    return False


@pytest.mark.parametrize("path", LOCATIONS)
def test_every_link_contains_the_path(host: str, path: str) -> None:
    people = People()
    kept = dataset(people.project)
    item(kept), item(kept)
    items = f"/api/projects/{people.project.id}/dataset_items/"
    upload = f"/api/projects/{people.project.id}/datasets/{kept.id}/import/?import_format=jsonl"

    with httpx.Client(base_url=host + path, headers={"Authorization": f"Bearer {key(people.owner)}"}) as client:
        page = client.get(items, params={"limit": 1}).json()
        links = client.get("/", headers={"Accept": "application/json"}).json()
        schema = client.get("/api/schema/", params={"format": "json"}).json()
        followed = client.get(page["next"]).json()
        imported = client.post(upload, content=b'{"input": 1}\n')

    assert page["next"] == f"{host}{path}{items}?limit=1&offset=1"
    assert followed["count"] == 2
    assert links["documentation"] == f"{host}{path}/api/schema/swagger-ui/"
    assert schema["servers"] == [{"url": path}]
    assert imported.status_code == 201


def test_pages_load_their_files_from_the_path(host: str) -> None:
    for path in LOCATIONS:
        for page in ("/", "/projects/1/datasets", "/api/schema/swagger-ui/"):
            html = httpx.get(f"{host}{path}{page}", headers={"Accept": "text/html"}).text
            files = [each for each in re.findall(r'(?:src|href)="([^"]+)"', html) if not each.startswith("data:")]

            assert files
            assert [each for each in files if not each.startswith(f"{path}/")] == []
            assert {httpx.get(host + each).status_code for each in files} == {200}
        assert f'data-base="{path}"' in httpx.get(f"{host}{path}/projects/1/datasets").text


@pytest.mark.parametrize(
    ("path", "forwarded", "expected"),
    [
        ("/api/x", "", ("/base", "/api/x")),
        ("/base/api/x", "", ("/base", "/api/x")),
        ("/base", "", ("/base", "/")),
        ("/basement/x", "", ("/base", "/basement/x")),
        ("/api/x", "/other/", ("/other", "/api/x")),
        ("/api/x", "//evil.example.com", ("/base", "/api/x")),
        ("/api/x", "/../x", ("/base", "/api/x")),
        ("/api/x", '/"><script>', ("/base", "/api/x")),
        ("/api/x", "/a, /b", ("/base", "/api/x")),
    ],
)
def test_the_path_is_removed(settings: LazySettings, path: str, forwarded: str, expected: tuple[str, str]) -> None:
    settings.BASE_PATH, settings.PROXY_COUNT = "/base", 1

    assert split_prefix(path, forwarded) == expected


def test_the_header_is_ignored_without_a_proxy(settings: LazySettings) -> None:
    settings.BASE_PATH, settings.PROXY_COUNT = "", 0

    assert split_prefix("/base/api/x", "/other") == ("", "/base/api/x")
