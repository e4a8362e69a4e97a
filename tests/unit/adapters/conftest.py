"""A stub workspace and a client of it for each test."""

from collections.abc import AsyncIterator

import pytest

from bot.adapters.databricks_client import DatabricksClient
from tests.unit.adapters.workspace import StubWorkspace, client_of, stub_workspace


@pytest.fixture
async def stub() -> AsyncIterator[StubWorkspace]:
    async with stub_workspace() as stub:
        yield stub


@pytest.fixture
async def client(stub: StubWorkspace) -> AsyncIterator[DatabricksClient]:
    client = client_of(stub.origin)
    yield client
    await client.close()
