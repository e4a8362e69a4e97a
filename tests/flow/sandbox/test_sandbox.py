"""The sandbox as its contract describes it, started as people start it."""

import json
import os
import signal
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from tests.sandbox_process import Sandbox, bare_environment, sandbox, sandbox_state, stop


def _get(address: str) -> Any:
    with urllib.request.urlopen(address, timeout=60) as answer:  # noqa: S310 - loopback
        return json.loads(answer.read())


def _refused(*flags: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", "bot", "sandbox", "--headless", *flags],
        env=bare_environment(),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Any:
    with sandbox(sandbox_state(tmp_path_factory.mktemp("world"))) as running:
        yield running


def test_the_ready_line_has_all_that_another_bot_needs(world: Sandbox) -> None:
    assert world.ready["ready"] is True
    assert world.ready["page"].endswith("/")
    assert world.environment["HERALD_SLACK_API_URL"] == f"{world.ready['page']}api/"
    assert world.environment["DATABRICKS_HOST"] == world.ready["databricks"]
    needed = {"SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET", "DATABRICKS_TOKEN"}
    assert needed | {"HERALD_DATABASE_URL", "HERALD_POLICIES"} <= set(world.environment)


def test_the_bot_is_connected_and_the_truth_is_told(world: Sandbox) -> None:
    page = world.ready["page"]
    assert _get(f"{page}human/workspace")["bot"]["is_connected"]
    truth = _get(f"{page}human/truth")
    assert truth["models"]["prod.fraud.scorer"] == {"champion": 1}
    assert set(truth["endpoints"]) >= {"fraud-scorer", "fraud-shared", "iris-classifier"}


def test_a_state_is_held_by_one_sandbox(world: Sandbox) -> None:
    state = world.environment["HERALD_DATABASE_URL"].removeprefix("sqlite:///")
    ended = _refused("--port", "0", "--state", str(Path(state).parent))
    assert ended.returncode != 0
    assert ended.stderr.startswith("Another sandbox runs on")
    assert ended.stderr.count("\n") == 1


def test_a_taken_port_is_named(world: Sandbox, tmp_path: Path) -> None:
    taken = world.ready["page"].rstrip("/").rpartition(":")[2]
    ended = _refused("--port", taken, "--state", str(sandbox_state(tmp_path)))
    assert ended.returncode != 0
    assert "is taken. Name another with --port" in ended.stderr.splitlines()[-1]


def test_a_folder_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    ended = _refused("--fresh", "--state", str(tmp_path))
    assert ended.returncode != 0
    assert (tmp_path / "thesis.txt").read_text() == "mine"
    assert "no sandbox made it" in ended.stderr


def test_another_registry_is_refused_in_one_line(tmp_path: Path) -> None:
    ended = _refused("--registry", "wandb", "--state", str(tmp_path))
    assert ended.returncode == 2
    assert ended.stderr.count("\n") == 1


def test_a_signal_ends_everything_cleanly(tmp_path: Path) -> None:
    with sandbox(sandbox_state(tmp_path), "--no-bot") as running:
        children = _children(running.process.pid)
        running.process.send_signal(signal.SIGINT)
        assert stop(running.process) == 0
    assert children
    assert not any(Path(f"/proc/{child}").exists() for child in children)


def test_a_killed_bot_comes_back_to_the_same_world(tmp_path: Path) -> None:
    with sandbox(sandbox_state(tmp_path)) as running:
        bot = _only(pid for pid in _family(running.process.pid) if "-m\0bot\0run" in _line(pid))
        os.kill(bot, signal.SIGKILL)
        assert _until(lambda: not _is_connected(running))
        assert _until(lambda: _is_connected(running))
        assert running.process.poll() is None


def test_a_killed_sandbox_leaves_no_orphan(tmp_path: Path) -> None:
    with sandbox(sandbox_state(tmp_path)) as running:
        family = _family(running.process.pid)
        running.process.kill()
        assert len(family) >= 4
        assert _until(lambda: not any(_is_alive(pid) for pid in family))


def _only(found: Iterable[int]) -> int:
    (one,) = found
    return one


def _is_connected(running: Sandbox) -> bool:
    return bool(_get(f"{running.ready['page']}human/workspace")["bot"]["is_connected"])


def _until(is_so: Callable[[], bool]) -> bool:
    """Wait until something is so, and say whether it became so."""
    for _ in range(1200):
        if is_so():
            return True
        threading.Event().wait(0.1)
    return False


def _line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except FileNotFoundError:
        return ""


def _is_alive(pid: int) -> bool:
    """Tell whether a process runs; one that has ended and waits for its parent has no line."""
    return bool(_line(pid))


def _family(parent: int) -> list[int]:
    """Return children, their children and so on."""
    children = _children(parent)
    return children + [pid for child in children for pid in _family(child)]


def _children(parent: int) -> list[int]:
    listed = Path(f"/proc/{parent}/task/{parent}/children")
    return [int(child) for child in listed.read_text().split()]
