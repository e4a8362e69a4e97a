"""Tables that a version is registered with are those that Herald reads."""

from datetime import timedelta

import pytest
from pydantic import SecretStr

from bot.adapters.catalog_tables import CatalogTables
from bot.adapters.databricks_client import DatabricksClient, Workspace
from bot.adapters.system import SystemClock
from bot.domain.errors import NotFoundError
from bot.domain.names import ModelName
from tests.contract.databricks_double.double import SCORER, TOKEN, Double

MODEL = ModelName(SCORER)


@pytest.fixture
def reader(double: Double) -> CatalogTables:
    deadline = timedelta(seconds=60)
    workspace = Workspace(host=double.origin, token=SecretStr(TOKEN), deadline=deadline)
    return CatalogTables(DatabricksClient("Databricks", workspace, SystemClock()))


async def test_tables_of_a_version_are_those_it_was_registered_with(
    double: Double, reader: CatalogTables
) -> None:
    catalog, schema, model = SCORER.split(".")
    body = {
        "catalog_name": catalog,
        "schema_name": schema,
        "model_name": model,
        "source": "dbfs:/somewhere",
        "model_version_dependencies": {
            "dependencies": [{"table": {"table_full_name": "prod.features.cards"}}]
        },
    }
    made = await double.call("POST", "/api/2.1/unity-catalog/models/versions", body)
    assert await reader.tables(MODEL, made.body["version"]) == ("prod.features.cards",)
    assert await reader.tables(MODEL, 1) == ()


async def test_version_that_is_not_there_is_not_found(reader: CatalogTables) -> None:
    with pytest.raises(NotFoundError):
        await reader.tables(MODEL, 999)
