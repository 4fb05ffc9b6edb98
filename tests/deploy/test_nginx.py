"""The service behind a real nginx with the configuration in deploy/nginx/."""

import re
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from datasets_api.settings import PROJECT_DIR
from tests.people import People, key
from tests.programs import find_program
from tests.rows import dataset, item
from tests.service_process import ServiceProcess, free_port

CONFIGURATION = PROJECT_DIR / "deploy" / "nginx" / "datasets.conf"
HOST = "datasets.example.com"
MAIN = """
daemon off; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 64; }}
http {{
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/f;
    uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    include {folder}/datasets.conf;
}}
"""

pytestmark = pytest.mark.django_db(transaction=True)


class Proxy:
    def __init__(self, folder: Path, service_port: int) -> None:
        self.folder, self.port, self.plain_port = folder, free_port(), free_port()
        text = CONFIGURATION.read_text()
        for pattern, value in (
            ("listen 443", f"listen 127.0.0.1:{self.port}"),
            ("listen 80;", f"listen 127.0.0.1:{self.plain_port};"),
            ("127.0.0.1:8000", f"127.0.0.1:{service_port}"),
            ("/etc/ssl/", f"{folder}/"),
            ("/var/log/nginx/", f"{folder}/"),
        ):
            assert pattern in text
            text = text.replace(pattern, value)
        (folder / "datasets.conf").write_text(text)
        (folder / "nginx.conf").write_text(MAIN.format(folder=folder))
        self.client = httpx.Client(base_url=f"https://127.0.0.1:{self.port}", verify=False, headers={"Host": HOST})  # noqa: S501  its own certificate


@pytest.fixture
def proxy(tmp_path: Path) -> Iterator[Proxy]:
    nginx = find_program("nginx")
    subject = [
        "-x509",
        "-nodes",
        "-subj",
        f"/CN={HOST}",
        "-keyout",
        tmp_path / "datasets.key",
        "-out",
        tmp_path / "datasets.pem",
    ]
    make_certificate = [find_program("openssl"), "req", "-newkey", "rsa:2048", "-days", "1", *subject]
    subprocess.run(make_certificate, check=True, capture_output=True)
    service = ServiceProcess(PROXY_COUNT="1", ALLOWED_HOSTS=HOST)
    made = Proxy(tmp_path, service.port)
    with subprocess.Popen([nginx, "-c", tmp_path / "nginx.conf", "-e", tmp_path / "error.log"]) as process:
        try:
            wait_for(made, process)
            yield made
        finally:
            made.client.close()
            process.terminate()
            process.wait()
            service.stop()


def wait_for(proxy: Proxy, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 15
    while True:
        try:
            assert proxy.client.get("/_readyz").status_code == 200
            return
        except httpx.TransportError:
            assert process.poll() is None, (proxy.folder / "error.log").read_text()
            assert time.monotonic() < deadline
            time.sleep(0.05)


def test_the_service_behind_nginx(proxy: Proxy) -> None:
    people = People()
    kept = dataset(people.project)
    item(kept), item(kept)
    items, value = f"/api/projects/{people.project.id}/dataset_items/", key(people.owner)
    bearer = {"Authorization": f"Bearer {value}"}

    page = proxy.client.get(items, params={"limit": 1}, headers=bearer)
    too_large = proxy.client.post(items, content=b"x" * 20_971_521, headers=bearer)
    large = {"dataset": str(kept.id), "input": "x" * 15_000_000}
    made = proxy.client.post(items, json=large, headers=bearer)
    metrics = proxy.client.get("/metrics")
    by_query = proxy.client.get(items, params={"personal_api_key": value, "search": "secret"})
    plain = httpx.get(f"http://127.0.0.1:{proxy.plain_port}{items}", headers={"Host": HOST})
    log = (proxy.folder / "datasets.log").read_text()

    assert page.json()["next"].startswith(f"https://{HOST}/api/projects/")
    assert (too_large.status_code, too_large.json()["code"]) == (413, "request_too_large")
    assert made.status_code == 201
    assert (metrics.status_code, "datasets_" in metrics.text) == (404, False)
    assert by_query.status_code == 200
    assert plain.status_code == 403
    assert re.search(rf'"GET {items}" 200 ', log)
    assert value not in log
    assert "secret" not in log
