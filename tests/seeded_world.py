"""The demo world for tests: trained once a day on a machine, handed out as fresh copies."""

import hashlib
import os
import shutil
import tempfile
import time
from functools import cache
from importlib.metadata import version
from pathlib import Path

import pytest

from bot.sandbox.demo.seed import ARTIFACTS, STORE, seed

DEMO = Path(__file__).parents[1] / "bot" / "sandbox" / "demo"


def pristine_world() -> Path:
    """Return the shared state folder, seeded at first use; nobody may write to it.

    Its name is made of the demo's sources, the versions of what trains it and the day (tests are
    dated by it), so that parallel workers and later runs find it. Seeding locks by itself.
    """
    state = Path(tempfile.gettempdir()) / f"herald-demo-{os.getuid()}" / _key()
    seed(state)
    return state


def seeded_state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a state folder of the caller's own, with the whole demo world in it."""
    return copied_world(tmp_path_factory.mktemp("world"))


def copied_world(state: Path) -> Path:
    """Copy the demo world into that folder and return it."""
    pristine = pristine_world()
    shutil.copy2(pristine / STORE, state / STORE)
    shutil.copytree(pristine / ARTIFACTS, state / ARTIFACTS)
    return state


@cache
def _key() -> str:
    """Return a name that stays, should the day end meanwhile: a world has to fit its copies."""
    digest = hashlib.sha256()
    for source in sorted(DEMO.rglob("*")):
        if source.suffix in {".py", ".json"}:
            digest.update(source.name.encode() + source.read_bytes())
    for package in ("mlflow", "scikit-learn"):
        digest.update(version(package).encode())
    digest.update(time.strftime("%Y-%m-%d", time.gmtime()).encode())
    return digest.hexdigest()[:16]
