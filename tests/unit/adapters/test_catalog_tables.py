"""The tables that Unity Catalog notes with a version, as a workspace tells them."""

from typing import Any

import pytest

from bot.adapters.catalog_privileges import CATALOG
from bot.adapters.catalog_tables import CatalogTables
from bot.adapters.databricks_client import DatabricksClient
from bot.adapters.no_tables import NoTables
from bot.domain.errors import BackEndUnavailableError, NotFoundError
from bot.domain.names import ModelName
from bot.domain.ports import TableReader
from tests.unit.adapters.workspace import StubWorkspace

SCORER = ModelName("prod.fraud.scorer")
VERSION = f"{CATALOG}/models/{SCORER}/versions/7"


@pytest.fixture
def reader(client: DatabricksClient) -> TableReader:
    return CatalogTables(client)


def depends(*noted: Any) -> dict[str, Any]:
    return {"version": 7, "model_version_dependencies": {"dependencies": list(noted)}}


async def test_tables_among_the_dependencies_are_named_once_and_in_order(
    reader: TableReader, stub: StubWorkspace
) -> None:
    tables = [{"table": {"table_full_name": name}} for name in ("prod.b.t", "prod.a.t", "prod.b.t")]
    stub.says(VERSION, depends({"function": {"function_full_name": "prod.a.f"}}, *tables))
    assert await reader.tables(SCORER, 7) == ("prod.a.t", "prod.b.t")


@pytest.mark.parametrize("answer", [{}, {"model_version_dependencies": None}, depends()])
async def test_version_without_dependencies_names_none(
    reader: TableReader, stub: StubWorkspace, answer: dict[str, Any]
) -> None:
    stub.says(VERSION, answer)
    assert await reader.tables(SCORER, 7) == ()


async def test_answer_of_another_form_is_not_usable(
    reader: TableReader, stub: StubWorkspace
) -> None:
    stub.says(VERSION, depends({"table": {"name": "prod.a.t"}}))
    with pytest.raises(BackEndUnavailableError, match="not of the documented form"):
        await reader.tables(SCORER, 7)


async def test_unknown_version_is_not_found(reader: TableReader, stub: StubWorkspace) -> None:
    stub.refuses(VERSION, 404, "RESOURCE_DOES_NOT_EXIST", "there is no version 7")
    with pytest.raises(NotFoundError):
        await reader.tables(SCORER, 7)


async def test_registry_of_mlflow_notes_none() -> None:
    reader: TableReader = NoTables()
    assert await reader.tables(SCORER, 7) == ()
