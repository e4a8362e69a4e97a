"""Files of versions through the Files API, files of runs through signed addresses."""

import asyncio
from collections.abc import Mapping

from bot.adapters.databricks_client import DatabricksClient, Json
from bot.adapters.mlflow_files import (
    LARGEST,
    MODEL_FILE,
    REQUIREMENTS_FILE,
    contents_from,
)
from bot.adapters.registry_reading import every_page
from bot.adapters.unity_catalog import UC
from bot.domain.errors import BackEndRefusedError, NotFoundError
from bot.domain.registry import ModelContents, ModelVersion

ARTIFACTS = "/api/2.0/mlflow/artifacts"
_WRITABLE: Mapping[str, Mapping[str, str]] = {
    "AWS_PRESIGNED_URL": {},
    "GCP_SIGNED_URL": {},
    "AZURE_SAS_URI": {"x-ms-blob-type": "BlockBlob"},
}
"""Kinds of signed addresses at which one PUT stores a file, with the headers that it needs."""


class DatabricksArtifacts:
    """Reads what a version's own files say of it, and what its run wrote beside it."""

    def __init__(self, client: DatabricksClient) -> None:
        self._client = client

    async def contents(self, version: ModelVersion) -> ModelContents:
        """Return what the version's own files say of it."""
        described, requirements = await asyncio.gather(
            self._version_file(version, MODEL_FILE), self._version_file(version, REQUIREMENTS_FILE)
        )
        return contents_from(self._client.name, described, requirements)

    async def run_artifact(self, run_id: str, path: str) -> bytes | None:
        """Return a run's artifact (at most 1 MiB), or None when it is known not to exist.

        Cloud storage denies what does not exist when the signer may not list it; the run's own
        list tells the two apart.
        """
        try:
            return await self._run_file(run_id, path)
        except NotFoundError:
            return None
        except BackEndRefusedError:
            if await self._is_listed(run_id, path):
                raise
            return None

    async def run_folder(self, run_id: str, folder: str) -> frozenset[str]:
        """Return the paths of what lies directly in a folder of a run's artifacts.

        Asked for a file, the platform lists the file itself: that is no folder.
        """
        try:
            listed = await self._listed(run_id, folder)
        except NotFoundError:
            return frozenset()
        with self._client.reading():
            return frozenset(
                f"{item['path']}/" if item.get("is_dir") else item["path"]
                for item in listed
                if item["path"] != folder
            )

    async def write(self, run_id: str, path: str, content: bytes) -> None:
        """Store an artifact of a run, in place of an earlier one of the same path."""
        body = {"run_id": run_id, "path": [path]}
        answer = await self._client.send("POST", f"{ARTIFACTS}/credentials-for-write", body)
        with self._client.reading():
            info = answer["credential_infos"][0]
            kind, address, headers = str(info.get("type", "")), *_signed(info)
        if kind not in _WRITABLE:
            raise BackEndRefusedError(
                self._client.name, f"Herald cannot write to a store of kind {kind or 'unknown'}"
            )
        await self._client.put_signed(address, {**_WRITABLE[kind], **headers}, content)

    async def _run_file(self, run_id: str, path: str) -> bytes:
        body = {"run_id": run_id, "path": [path]}
        answer = await self._client.send("POST", f"{ARTIFACTS}/credentials-for-read", body)
        with self._client.reading():
            info = answer["credential_infos"][0]
        return await self._signed(info)

    async def _is_listed(self, run_id: str, path: str) -> bool:
        try:
            listed = await self._listed(run_id, path.rpartition("/")[0])
        except NotFoundError:
            return False
        with self._client.reading():
            return any(item["path"] == path for item in listed)

    async def _listed(self, run_id: str, folder: str) -> list[Json]:
        async def page(token: str) -> tuple[list[Json], str]:
            query = {"run_id": run_id, "path": folder}
            if token:
                query["page_token"] = token
            answer = await self._client.get(f"{ARTIFACTS}/list", query)
            with self._client.reading():
                return list(answer.get("files") or []), str(answer.get("next_page_token") or "")

        return await every_page(self._client.name, page)

    async def _version_file(self, version: ModelVersion, path: str) -> bytes | None:
        """Read by the Files API; where that is refused, where the version was made from."""
        place = "/".join(map(self._client.segment, version.name.split(".")))
        try:
            address = f"/api/2.0/fs/files/Models/{place}/{version.version}/{path}"
            return await self._client.file(address, LARGEST)
        except NotFoundError:
            return None
        except BackEndRefusedError:
            if version.model_id is not None:
                return await self._logged_model_file(version.model_id, path)
            folder = await self._folder_in_run(version)
            if version.run_id is None or folder is None:
                raise
        return await self.run_artifact(version.run_id, f"{folder}/{path}")

    async def _folder_in_run(self, version: ModelVersion) -> str | None:
        """Return where among its run's artifacts the version was made from, None for elsewhere."""
        query = {"name": version.name, "version": str(version.version)}
        answer = await self._client.get(f"{UC}/model-versions/get", query)
        with self._client.reading():
            source = str(answer["model_version"].get("source"))
        _, inside, folder = source.partition(f"/{version.run_id}/artifacts/")
        return folder.strip("/") if inside else None

    async def _logged_model_file(self, model_id: str, path: str) -> bytes | None:
        place = f"/api/2.0/mlflow/logged-models/{self._client.segment(model_id)}/artifacts"
        answer = await self._client.send(
            "POST", f"{place}/credentials-for-download", {"paths": [path]}
        )
        with self._client.reading():
            info = answer["credentials"][0]["credential_info"]
        try:
            return await self._signed(info)
        except NotFoundError:
            return None

    async def _signed(self, info: Json) -> bytes:
        with self._client.reading():
            address, headers = _signed(info)
        return await self._client.signed_file(address, headers, LARGEST)


def _signed(info: Json) -> tuple[str, dict[str, str]]:
    """Return a signed address and the headers that belong to it."""
    headers = {item["name"]: item["value"] for item in info.get("headers") or []}
    return str(info["signed_uri"]), headers
