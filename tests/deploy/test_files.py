"""The files in deploy/ are such as the programs that they are for take, and name what there is."""

import getpass
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from datasets_api.settings import PROJECT_DIR
from tests.api import Api
from tests.docs.test_settings import variables_read

DEPLOY = PROJECT_DIR / "deploy"
UNIT = DEPLOY / "systemd" / "datasets-api.service"
MANIFESTS = sorted((DEPLOY / "kubernetes").glob("*.yaml"))


def resources(manifest: Path) -> list[dict[str, Any]]:
    return list(yaml.safe_load_all(manifest.read_text()))


def pod_of(resource: dict[str, Any]) -> dict[str, Any] | None:
    spec: dict[str, Any] = resource.get("spec", {}).get("jobTemplate", resource).get("spec", {})
    return spec.get("template", {}).get("spec")


PODS = [pod for manifest in MANIFESTS for each in resources(manifest) if (pod := pod_of(each))]


@pytest.mark.parametrize("manifest", MANIFESTS, ids=lambda file: file.name)
def test_kubernetes_would_take_the_manifests(manifest: Path) -> None:
    for resource in resources(manifest):
        kubernetes_validate.validate(resource, desired_version="1.30", strict=True)


def test_pods_may_do_no_more_than_they_need() -> None:
    assert len(PODS) == 2
    for pod in PODS:
        assert pod["securityContext"]["runAsNonRoot"]
        assert not pod["automountServiceAccountToken"]
        for container in pod["containers"]:
            assert container["securityContext"]["readOnlyRootFilesystem"]
            assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}


def test_pods_set_what_the_service_reads() -> None:
    named = {each["name"] for pod in PODS for container in pod["containers"] for each in container["env"]}

    assert {"DATABASE_URL_FILE", "SECRET_KEY_FILE"} <= named
    assert named - variables_read() == set()


def test_probes_ask_for_what_there_is() -> None:
    [container] = PODS[1]["containers"]
    for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
        assert container[probe]["httpGet"]["path"] in {"/_livez", "/_readyz"}
    assert Api().get(container["livenessProbe"]["httpGet"]["path"]).status_code == 200


def test_alerts_are_about_metrics_that_there_are() -> None:
    rules = yaml.safe_load((DEPLOY / "prometheus" / "alerts.yml").read_text())["groups"][0]["rules"]
    there = set(re.findall(r"^# TYPE (\w+) (\w+)", Api().get("/metrics").content.decode(), re.MULTILINE))
    names = {name for name, kind in there} | {f"{name}_bucket" for name, kind in there if kind == "histogram"}

    asked = {name for rule in rules for name in re.findall(r"datasets_\w+", rule["expr"])}

    assert len(asked) > 5
    assert asked - names == set()
    assert all(rule["annotations"]["summary"] for rule in rules)


def test_prometheus_reads_the_rules_that_there_are() -> None:
    configuration = yaml.safe_load((DEPLOY / "prometheus" / "prometheus.yml").read_text())

    assert [(DEPLOY / "prometheus" / each).exists() for each in configuration["rule_files"]] == [True]


def test_the_unit_starts_what_there_is() -> None:
    lines = dict(line.split("=", 1) for line in UNIT.read_text().splitlines() if "=" in line and line[0] != "#")

    program, script, command = lines["ExecStart"].split()
    assert program == f"{lines['WorkingDirectory']}/.venv/bin/python"
    assert (PROJECT_DIR / script).exists()
    assert command == "up"
    assert {each.split("=")[0] for each in lines["Environment"].split()} - variables_read() <= {
        "PYTHONDONTWRITEBYTECODE"
    }


@pytest.mark.skipif(
    shutil.which("systemd-analyze") is None,
    reason="systemd-analyze comes with systemd, which containers do without; on other machines this runs",
)
def test_systemd_would_take_the_unit(tmp_path: Path) -> None:
    unit = tmp_path / UNIT.name
    text = UNIT.read_text().replace("/srv/datasets-api", str(PROJECT_DIR))
    unit.write_text(text.replace("User=datasets", f"User={getpass.getuser()}"))

    done = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True, check=False)

    assert [line for line in done.stderr.splitlines() if UNIT.name in line] == []
    assert done.returncode == 0
