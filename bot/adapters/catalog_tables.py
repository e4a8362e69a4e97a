"""The tables that Unity Catalog notes with a model version."""

from bot.adapters.catalog_privileges import CATALOG
from bot.adapters.databricks_client import DatabricksClient
from bot.domain.names import ModelName


class CatalogTables:
    """Implements ``TableReader``.

    A version names them as its dependencies: the feature tables that it was packaged with, and
    tables and vector indexes that its trainer declared as resources.

    Source:
        Databricks, GET models/{full_name}/versions/{version}: ``model_version_dependencies``.
    """

    def __init__(self, client: DatabricksClient) -> None:
        self._client = client

    async def tables(self, model: ModelName, version: int) -> tuple[str, ...]:
        """Return the full names of the tables that a version depends on, sorted."""
        path = f"{CATALOG}/models/{self._client.segment(model)}/versions/{version}"
        answer = await self._client.get(path)
        with self._client.reading():
            noted = (answer.get("model_version_dependencies") or {}).get("dependencies") or []
            named = {str(each["table"]["table_full_name"]) for each in noted if each.get("table")}
        return tuple(sorted(named))
