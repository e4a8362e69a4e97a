"""Files of versions and runs, from wherever MLflow keeps its artifacts."""

import asyncio
from pathlib import PurePosixPath

from bot.adapters.mlflow_calls import MlflowCalls
from bot.adapters.mlflow_files import MODEL_FILE, REQUIREMENTS_FILE, contents_from
from bot.domain.errors import BackEndRefusedError, NotFoundError
from bot.domain.registry import ModelContents, ModelVersion


class MlflowArtifacts:
    """Reads what a version's own files say of it, and what its run wrote beside it."""

    def __init__(self, calls: MlflowCalls) -> None:
        self._calls = calls

    async def contents(self, version: ModelVersion) -> ModelContents:
        """Return what the version's own files say of it."""
        described, requirements = await asyncio.gather(
            self._version_file(version, MODEL_FILE), self._version_file(version, REQUIREMENTS_FILE)
        )
        return contents_from(self._calls.name, described, requirements)

    async def run_artifact(self, run_id: str, path: str) -> bytes | None:
        """Return a run's artifact (at most 1 MiB), or None when it is known not to exist."""
        self._check(path)
        try:
            return await self._calls.file(
                lambda mlflow: mlflow.get_run(run_id).info.artifact_uri, path
            )
        except NotFoundError:
            return None

    async def run_folder(self, run_id: str, folder: str) -> frozenset[str]:
        """Return the paths of what lies directly in a folder of a run's artifacts."""
        if folder:
            self._check(folder)
        try:
            return await self._calls.folder(
                lambda mlflow: mlflow.get_run(run_id).info.artifact_uri, folder
            )
        except NotFoundError:
            return frozenset()

    async def write(self, run_id: str, path: str, content: bytes) -> None:
        """Store an artifact of a run, in place of an earlier one of the same path."""
        self._check(path)
        await self._calls.put(
            lambda mlflow: mlflow.get_run(run_id).info.artifact_uri, path, content
        )

    def _check(self, path: str) -> None:
        place = PurePosixPath(path)
        if place.is_absolute() or ".." in place.parts or str(place) != path:
            raise BackEndRefusedError(self._calls.name, "a run has no artifact of such a path")

    async def _version_file(self, version: ModelVersion, path: str) -> bytes | None:
        number = str(version.version)
        return await self._calls.file(
            lambda mlflow: mlflow.get_model_version_download_uri(version.name, number), path
        )
