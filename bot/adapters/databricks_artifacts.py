"""Files of versions through the Files API, files of runs through signed addresses."""

import asyncio
import json
from collections.abc import Mapping
from urllib.parse import quote

import yaml

from bot.adapters.databricks_client import DatabricksClient, Json
from bot.domain.canonical import canonical_json
from bot.domain.errors import BackEndRefusedError, NotFoundError
from bot.domain.registry import ModelContents, ModelVersion

LARGEST = 1_048_576
"""Bytes of a file that are read; nothing that decides on a release is larger."""

MODEL_FILE = "MLmodel"
REQUIREMENTS_FILE = "requirements.txt"


class DatabricksArtifacts:
    """Reads what a version's own files say of it, and what its run wrote beside it."""

    def __init__(self, client: DatabricksClient) -> None:
        self._client = client

    async def contents(self, version: ModelVersion) -> ModelContents:
        """Return what the version's own files say of it.

        The ``MLmodel`` file is read as YAML: MLflow's own parser of signatures needs NumPy.
        """
        described, requirements = await asyncio.gather(
            self._model_file(version, MODEL_FILE), self._model_file(version, REQUIREMENTS_FILE)
        )
        signature = _signature(described) if described is not None else {}
        return ModelContents(
            inputs=_schema(signature.get("inputs")),
            outputs=_schema(signature.get("outputs")),
            requirements=None if requirements is None else _lines(requirements),
        )

    async def run_artifact(self, run_id: str, path: str) -> bytes | None:
        """Return a run's artifact, or None when it is known not to exist."""
        body = {"run_id": run_id, "path": [path]}
        try:
            answer = await self._client.send(
                "POST", "/api/2.0/mlflow/artifacts/credentials-for-read", body=body
            )
            return await self._signed(answer.get("credential_infos", []))
        except NotFoundError:
            return None

    async def _model_file(self, version: ModelVersion, path: str) -> bytes | None:
        """Read by the Files API; where that is refused, by the logged model's credentials."""
        place = "/".join(quote(part, safe="") for part in version.name.split("."))
        try:
            address = f"/api/2.0/fs/files/Models/{place}/{version.version}/{path}"
            return await self._client.file(address, LARGEST)
        except NotFoundError:
            return None
        except BackEndRefusedError:
            if version.model_id is None:
                raise
        return await self._logged_model_file(version.model_id, path)

    async def _logged_model_file(self, model_id: str, path: str) -> bytes | None:
        address = f"/api/2.0/mlflow/logged-models/{quote(model_id)}/artifacts/"
        try:
            answer = await self._client.send(
                "POST", f"{address}credentials-for-download", body={"paths": [path]}
            )
            infos = [item.get("credential_info", {}) for item in answer.get("credentials", [])]
            return await self._signed(infos)
        except NotFoundError:
            return None

    async def _signed(self, infos: list[Json]) -> bytes | None:
        if not infos:
            return None
        headers = {item["name"]: item["value"] for item in infos[0].get("headers", [])}
        return await self._client.signed_file(infos[0]["signed_uri"], headers, LARGEST)


def _signature(described: bytes) -> Mapping[str, object]:
    """Return the signature of an ``MLmodel`` file; ``BackEndRefusedError`` when it is no such."""
    try:
        document = yaml.safe_load(described)
    except yaml.YAMLError as error:
        raise BackEndRefusedError("The registry", "the MLmodel file is not readable") from error
    signature = document.get("signature") if isinstance(document, dict) else None
    return signature if isinstance(signature, dict) else {}


def _schema(text: object) -> str | None:
    """Return a schema, which MLflow writes as JSON text, in canonical form."""
    if not isinstance(text, str):
        return None
    try:
        return canonical_json(json.loads(text))
    except ValueError:
        return text


def _lines(requirements: bytes) -> tuple[str, ...]:
    text = requirements.decode("utf-8", errors="replace")
    return tuple(line.strip() for line in text.splitlines() if line.strip())
