"""Reads all that is known about one version, each part once and as much as possible at a time."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from bot.domain.errors import BackEndRefusedError, NotFoundError
from bot.domain.evidence import (
    TEST_EVIDENCE_PATH,
    Unreadable,
    VersionEvidence,
    file_part,
)
from bot.domain.names import ModelName
from bot.domain.ports import ArtifactReader, ExperimentTracking, ModelRegistry, TableReader
from bot.domain.registry import ModelContents, ModelVersion, Run
from bot.services.test_evidence import Keys, TestEvidence, read_tests


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be read of a run's artifacts beside its test evidence.

    Attributes:
        files: Paths of text files.
        artifacts: Paths of which only the presence matters; one that ends in ``/`` is a folder.
        tables: Whether the tables are wanted that the registry notes with the version.
    """

    files: frozenset[str] = frozenset()
    artifacts: frozenset[str] = frozenset()
    tables: bool = False


@dataclass(slots=True)
class _Artifacts:
    """What was found among a run's artifacts so far."""

    files: dict[str, str | None] = field(default_factory=dict)
    present: dict[str, bool] = field(default_factory=dict)
    unreadable: list[Unreadable] = field(default_factory=list)


class VersionReader:
    """Collects the evidence of versions from registry, tracking and artifacts."""

    def __init__(
        self,
        registry: ModelRegistry,
        tracking: ExperimentTracking,
        artifacts: ArtifactReader,
        tables: TableReader,
        keys: Keys,
    ) -> None:
        self._registry = registry
        self._tracking = tracking
        self._artifacts = artifacts
        self._tables = tables
        self._keys = keys

    async def evidence(self, model: ModelName, version: int, wanted: Wanted) -> VersionEvidence:
        """Return all that is known about one version."""
        found = await self._registry.version(model, version)
        (
            (run, run_trouble),
            (contents, contents_trouble),
            (tests, tests_trouble),
            (tables, tables_trouble),
            more,
        ) = await asyncio.gather(
            self._run(found),
            self._contents(found),
            self._tests(found),
            self._noted(found, wanted),
            self._more(found, wanted),
        )
        troubles = (run_trouble, contents_trouble, tests_trouble, tables_trouble, *more.unreadable)
        return VersionEvidence(
            version=found,
            run=run,
            contents=contents,
            tests=tests.results if tests else None,
            tests_signature=tests.signature if tests else None,
            files=more.files,
            artifacts=more.present,
            tables=tables,
            unreadable=tuple(trouble for trouble in troubles if trouble),
        )

    async def _run(self, version: ModelVersion) -> tuple[Run | None, Unreadable | None]:
        if version.run_id is None:
            return None, None
        try:
            return await self._tracking.run(version.run_id), None
        except (BackEndRefusedError, NotFoundError) as error:
            return None, Unreadable(part="run", reason=error.detail)

    async def _contents(
        self, version: ModelVersion
    ) -> tuple[ModelContents | None, Unreadable | None]:
        try:
            return await self._artifacts.contents(version), None
        except (BackEndRefusedError, NotFoundError) as error:
            return None, Unreadable(part="contents", reason=error.detail)

    async def _tests(self, version: ModelVersion) -> tuple[TestEvidence | None, Unreadable | None]:
        if version.run_id is None:
            return None, None
        try:
            raw = await self._artifacts.run_artifact(version.run_id, TEST_EVIDENCE_PATH)
            return (None if raw is None else read_tests(raw, self._keys)), None
        except (BackEndRefusedError, NotFoundError) as error:
            return None, Unreadable(part="tests", reason=error.detail)
        except ValueError:
            reason = f"{TEST_EVIDENCE_PATH} is not the file that the documentation describes"
            return None, Unreadable(part="tests", reason=reason)

    async def _noted(
        self, version: ModelVersion, wanted: Wanted
    ) -> tuple[tuple[str, ...], Unreadable | None]:
        if not wanted.tables:
            return (), None
        try:
            return await self._tables.tables(version.name, version.version), None
        except (BackEndRefusedError, NotFoundError) as error:
            return (), Unreadable(part="tables", reason=error.detail)

    async def _more(self, version: ModelVersion, wanted: Wanted) -> _Artifacts:
        """Return the artifacts that are wanted; a version without a run has none of them."""
        found, run = _Artifacts(), version.run_id
        if run is None:
            found.files.update(dict.fromkeys(sorted(wanted.files)))
            found.present.update(dict.fromkeys(sorted(wanted.artifacts), False))
            return found
        folders = _by_folder(wanted.artifacts)
        await asyncio.gather(
            *(self._file(run, path, found) for path in sorted(wanted.files)),
            *(self._listed(run, folder, folders[folder], found) for folder in sorted(folders)),
        )
        return found

    async def _file(self, run: str, path: str, found: _Artifacts) -> None:
        try:
            raw = await self._artifacts.run_artifact(run, path)
            found.files[path] = None if raw is None else raw.decode()
        except (BackEndRefusedError, NotFoundError) as error:
            found.unreadable.append(Unreadable(part=file_part(path), reason=error.detail))
        except UnicodeDecodeError:
            reason = "it is no text in UTF-8"
            found.unreadable.append(Unreadable(part=file_part(path), reason=reason))

    async def _listed(self, run: str, folder: str, paths: Iterable[str], found: _Artifacts) -> None:
        try:
            there = await self._artifacts.run_folder(run, folder)
        except (BackEndRefusedError, NotFoundError) as error:
            found.unreadable += [Unreadable(part=file_part(p), reason=error.detail) for p in paths]
            return
        for path in paths:
            found.present[path] = bool(there) if path.endswith("/") else path in there


def _by_folder(paths: Iterable[str]) -> dict[str, list[str]]:
    """Return paths by the folder that tells whether they are there, which is listed once."""
    folders: dict[str, list[str]] = {}
    for path in sorted(paths):
        folder = path.rstrip("/") if path.endswith("/") else str(PurePosixPath(path).parent)
        folders.setdefault("" if folder == "." else folder, []).append(path)
    return folders
