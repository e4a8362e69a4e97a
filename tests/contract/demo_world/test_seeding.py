"""Seeding happens once, and mends itself after a kill."""

import asyncio
import fcntl
import os
import signal
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from mlflow import MlflowClient

from bot.sandbox.demo.seed import (
    QUIET_MLFLOW,
    STAGING,
    SeedError,
    child_environment,
    is_seeded,
    seed,
)
from bot.sandbox.demo.traffic import sample_request
from bot.sandbox.demo.world import MODELS
from tests.contract.demo_world.evidence import mlflows_own_warnings

DEADLINE_S = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Aftermath:
    state: Path
    was_locked_by_the_child: bool


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def aftermath(tmp_path_factory: pytest.TempPathFactory) -> Aftermath:
    """Kill a seeding process once its child registers, look at the lock, kill the child too."""
    state = tmp_path_factory.mktemp("killed")
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.sandbox.demo.seed", str(state), start_new_session=True
    )
    async with asyncio.timeout(DEADLINE_S):
        while not any((state / STAGING / "artifacts").glob("*")):
            assert parent.returncode is None
            await asyncio.sleep(0.05)
    parent.kill()
    await parent.wait()
    locked = _is_locked(state)
    os.killpg(parent.pid, signal.SIGKILL)
    return Aftermath(state=state, was_locked_by_the_child=locked)


def test_state_stays_locked_while_the_child_of_a_killed_seeding_lives(aftermath: Aftermath) -> None:
    assert aftermath.was_locked_by_the_child


@mlflows_own_warnings
def test_start_after_a_killed_seeding_makes_the_whole_world(
    aftermath: Aftermath, monkeypatch: pytest.MonkeyPatch
) -> None:
    seed(aftermath.state)
    monkeypatch.setenv("_MLFLOW_SERVER_ARTIFACT_ROOT", "mlflow-artifacts:/")
    store = f"sqlite:///{aftermath.state / 'mlflow.db'}"
    versions = MlflowClient(store).search_model_versions()
    assert len(versions) == sum(len(model.versions) for model in MODELS)
    assert not (aftermath.state / STAGING).exists()


def test_second_seeding_starts_nothing_and_touches_nothing(
    state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (state / "mlflow.db").stat().st_mtime_ns
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    seed(state)
    assert (state / "mlflow.db").stat().st_mtime_ns == before


def test_failed_seeding_says_why_and_leaves_no_world(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\necho disk full >&2\nexit 3\n")
    broken.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(broken))
    with pytest.raises(SeedError, match="disk full"):
        seed(tmp_path / "state")
    assert not is_seeded(tmp_path / "state")


def test_child_sees_none_of_the_users_mlflow_or_databricks_settings(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "https://tracking.acme.example")
    monkeypatch.setenv("DATABRICKS_HOST", "https://workspace.acme.example")
    seen = {n for n in child_environment() if "MLFLOW_" in n or n.startswith("DATABRICKS_")}
    assert seen == {name for name in QUIET_MLFLOW if "MLFLOW_" in name}


def test_sample_request_for_an_unknown_endpoint_names_the_known_ones() -> None:
    with pytest.raises(KeyError, match=r"'nobody'.*fraud-scorer, fraud-shared"):
        sample_request("nobody")


def _is_locked(state: Path) -> bool:
    with (state / ".seed.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
