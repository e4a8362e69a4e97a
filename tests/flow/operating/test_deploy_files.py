"""The deploy files fit the program that they start."""

import configparser
import os
import re
import signal
import subprocess
import sys
import tomllib
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from bot.__main__ import WRONG_CONFIGURATION
from bot.app import STOP_S
from bot.settings import Settings
from tests.flow.bad_input.world import until
from tests.kept_port import kept_port
from tests.sandbox_process import bare_environment

ROOT = Path(__file__).parents[3]
DEPLOY = ROOT / "docs" / "deploy"
CONTAINER = (DEPLOY / "Containerfile").read_text()
UNPREFIXED = {"slack_bot_token", "slack_app_token", "databricks_host", "databricks_token"}


class Unit(configparser.RawConfigParser):
    """A unit of systemd: keys as written, and of one that is repeated the last."""

    def optionxform(self, optionstr: str) -> str:
        return optionstr


@pytest.fixture
def unit() -> Unit:
    unit = Unit(strict=False, delimiters=("=",))
    unit.read(DEPLOY / "herald.service")
    return unit


def _deployment() -> dict[str, object]:
    (document,) = yaml.safe_load_all((DEPLOY / "kubernetes.yml").read_text())
    spec: dict[str, object] = document["spec"]["template"]["spec"]
    return spec


def _settings() -> set[str]:
    nested = {"HERALD_DIGEST__CHANNEL", "HERALD_ALIASES__CHAMPION"}
    prefixed = {f"HERALD_{name.upper()}" for name in Settings.model_fields}
    return nested | prefixed | {name.upper() for name in UNPREFIXED}


def test_what_the_image_copies_is_there() -> None:
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", CONTAINER, re.MULTILINE)
    names = [name for line in copied for name in line.split()]
    assert {"bot", "handlers", "policies", "uv.lock"} <= set(names)
    assert [name for name in names if not (ROOT / name).exists()] == []


def test_the_image_is_made_with_the_tools_and_extras_of_the_project() -> None:
    wanted = re.search(r"UV_VERSION := (\S+)", (ROOT / "Makefile").read_text())
    assert wanted is not None
    assert f"uv=={wanted[1]}" in CONTAINER
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = set(re.findall(r"--extra (\w+)", CONTAINER))
    assert {"postgres", "pictures"} == extras <= set(project["optional-dependencies"])


@pytest.mark.parametrize("file", ["Containerfile", "herald.service", "app.yaml"])
def test_every_setting_that_a_file_names_exists(file: str) -> None:
    named = set(re.findall(r"\b(?:HERALD|SLACK|DATABRICKS)_[A-Z_]+\b", (DEPLOY / file).read_text()))
    assert named - {"DATABRICKS_APP_PORT"} <= _settings()


def test_systemd_does_not_start_again_what_is_configured_wrongly(unit: Unit) -> None:
    assert unit["Service"]["RestartPreventExitStatus"] == str(WRONG_CONFIGURATION)
    assert unit["Service"]["ExecStart"].endswith("/herald run")


def test_everybody_waits_until_herald_has_come_to_rest(unit: Unit) -> None:
    three_rests = 3 * STOP_S
    assert int(unit["Service"]["TimeoutStopSec"]) > three_rests
    grace = _deployment()["terminationGracePeriodSeconds"]
    assert isinstance(grace, int)
    assert grace > three_rests


def test_kubernetes_asks_for_life_and_readiness_where_the_image_tells_them() -> None:
    containers = _deployment()["containers"]
    assert isinstance(containers, list)
    (container,) = containers
    assert container["ports"] == [{"name": "metrics", "containerPort": 9464}]
    assert "HERALD_METRICS_PORT=9464" in CONTAINER
    assert container["livenessProbe"]["httpGet"]["path"] == "/healthz"
    assert container["readinessProbe"]["httpGet"]["path"] == "/readyz"


@pytest.fixture
def port() -> Iterator[int]:
    with kept_port() as port:
        yield port


async def test_the_command_of_the_databricks_app_serves_the_port_of_the_app(
    tmp_path: Path, port: int
) -> None:
    app = yaml.safe_load((DEPLOY / "app.yaml").read_text())
    given = {
        "DATABRICKS_HOST": "127.0.0.1:9",
        "DATABRICKS_APP_PORT": str(port),
        "HERALD_SLACK_API_URL": "http://127.0.0.1:9/api/",
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
    }
    values = {entry["name"]: entry.get("value", "planted") for entry in app["env"]}
    own = {
        "HERALD_DATABASE_URL": f"sqlite:///{tmp_path}/herald.db",
        "HERALD_POLICIES": str(ROOT / "policies" / "sandbox.yml"),
    }
    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen(  # noqa: ASYNC220, S603 - our own program, beside the test
            app["command"],
            cwd=ROOT,
            env={**bare_environment(), **values, **given, **own},
            stderr=log,
        )
    try:
        assert await until(lambda: _lives(port)), (tmp_path / "log").read_text()
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(120) == 0


async def _lives(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=60) as answer:  # noqa: ASYNC210 - loopback, and nothing else runs here
            alive: bool = answer.read() == b"alive\n"
            return alive
    except OSError:
        return False
