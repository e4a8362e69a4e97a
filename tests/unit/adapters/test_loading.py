"""What takes seconds to import is loaded once, and no call's deadline runs meanwhile."""

import asyncio
import threading
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.adapters import databricks_client, mlflow_calls
from bot.adapters.bulkhead import SLOTS
from bot.adapters.databricks_client import DatabricksClient
from bot.adapters.loading import Loading
from bot.adapters.mlflow_calls import MlflowCalls, MlflowPlace
from bot.adapters.system import SystemClock
from bot.domain.errors import BackEndUnavailableError
from tests.kept_environment import kept_environment
from tests.unit.adapters.workspace import client_of

NOWHERE = "http://127.0.0.1:9"


class Library:
    """Something that takes as long to load as a test says."""

    def __init__(self) -> None:
        self.loads = 0
        self.begun, self.goes_on = threading.Event(), threading.Event()

    def load(self, _: str = "") -> None:
        self.loads += 1
        self.begun.set()
        assert self.goes_on.wait(60)

    async def is_loading(self) -> None:
        assert await asyncio.to_thread(self.begun.wait, 60)


@pytest.fixture
async def library() -> AsyncIterator[Library]:
    library = Library()
    yield library
    library.goes_on.set()


async def test_all_wait_for_the_one_who_came_first(library: Library) -> None:
    loading = Loading(library.load)
    waiting = [asyncio.create_task(loading.wait()) for _ in range(5)]
    await library.is_loading()
    assert not any(each.done() for each in waiting)
    library.goes_on.set()
    await asyncio.gather(*waiting)
    await loading.wait()
    assert library.loads == 1


async def test_what_cannot_be_loaded_is_tried_again_by_the_next() -> None:
    tries: list[int] = []

    def load() -> None:
        tries.append(1)
        if len(tries) == 1:
            raise ImportError("half installed")

    loading = Loading(load)
    with pytest.raises(ImportError):
        await loading.wait()
    await loading.wait()
    assert len(tries) == 2


async def test_no_call_to_databricks_begins_before_its_library_is_there(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(databricks_client, "import_module", library.load)
    await no_call_begins(library, client_of(NOWHERE))


async def test_no_call_to_mlflow_begins_before_its_library_is_there(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mlflow_calls, "import_module", library.load)
    deadline = timedelta(seconds=60)
    place = MlflowPlace(tracking_uri=NOWHERE, registry_uri=NOWHERE, deadline=deadline)
    with kept_environment():
        await no_call_begins(library, MlflowCalls("The registry", place, SystemClock()))


async def no_call_begins(library: Library, calls: DatabricksClient | MlflowCalls) -> None:
    """See that a call takes no place in the pool, where its deadline would run, until then."""
    if isinstance(calls, MlflowCalls):
        asked: asyncio.Task[object] = asyncio.create_task(
            calls.one(lambda mlflow: mlflow.get_registered_model("scorer"))
        )
    else:
        asked = asyncio.create_task(calls.get("/api"))
    await library.is_loading()
    assert calls._bulkhead._free == SLOTS
    library.goes_on.set()
    with pytest.raises(BackEndUnavailableError):
        await asked
    await calls.close()
