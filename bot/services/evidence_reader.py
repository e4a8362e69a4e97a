"""Reads the whole evidence for a change, each part once and as much as possible at a time."""

import asyncio

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from bot.domain.errors import BackEndRefusedError, NotFoundError
from bot.domain.evidence import (
    TEST_EVIDENCE_PATH,
    PolicyFacts,
    TestResult,
    Unreadable,
    VersionEvidence,
)
from bot.domain.names import AliasName, ModelName
from bot.domain.ports import (
    ArtifactReader,
    Clock,
    ExperimentTracking,
    ModelRegistry,
    ServingPlatform,
)
from bot.domain.registry import ModelContents, ModelVersion, RegisteredModel, Run


class _TestEntry(BaseModel):
    model_config = ConfigDict(extra="ignore")

    name: str
    outcome: str
    finished_at: AwareDatetime
    run_id: str = ""
    writer: str = ""


class _TestFile(BaseModel):
    model_config = ConfigDict(extra="ignore")

    tests: list[_TestEntry]


class EvidenceReader:
    """Collects facts from registry, tracking, artifacts and serving.

    A back end that does not answer raises: an outage is no evidence. A part that is refused or
    broken is noted as unreadable, so that the checks which need it block.
    """

    def __init__(
        self,
        registry: ModelRegistry,
        tracking: ExperimentTracking,
        artifacts: ArtifactReader,
        serving: ServingPlatform,
        clock: Clock,
    ) -> None:
        self._registry = registry
        self._tracking = tracking
        self._artifacts = artifacts
        self._serving = serving
        self._clock = clock

    async def facts(self, model: ModelName, alias: AliasName, version: int) -> PolicyFacts:
        """Return the facts on which to decide whether ``alias`` may name ``version``.

        Raises:
            NotFoundError: There is no such model or version.
            BackEndUnavailableError: Something did not answer.
        """
        registered, endpoints, candidate = await asyncio.gather(
            self._registry.model(model),
            self._serving.endpoints_serving(model),
            self.evidence(model, version),
        )
        return PolicyFacts(
            model=registered,
            alias=alias,
            candidate=candidate,
            current=await self._current(registered, alias, candidate),
            endpoints=endpoints,
            evaluated_at=self._clock.now(),
        )

    async def pair(
        self, model: RegisteredModel, alias: AliasName, base: int, other: int
    ) -> PolicyFacts:
        """Return the facts for comparing ``other`` with ``base``, without endpoints."""
        one, two = await asyncio.gather(
            self.evidence(model.name, base), self.evidence(model.name, other)
        )
        return PolicyFacts(
            model=model,
            alias=alias,
            candidate=two,
            current=one,
            endpoints=(),
            evaluated_at=self._clock.now(),
        )

    async def evidence(self, model: ModelName, version: int) -> VersionEvidence:
        """Return all that is known about one version."""
        found = await self._registry.version(model, version)
        (
            (run, run_trouble),
            (contents, contents_trouble),
            (tests, tests_trouble),
        ) = await asyncio.gather(self._run(found), self._contents(found), self._tests(found))
        troubles = (run_trouble, contents_trouble, tests_trouble)
        return VersionEvidence(
            version=found,
            run=run,
            contents=contents,
            tests=tests,
            unreadable=tuple(trouble for trouble in troubles if trouble),
        )

    async def _current(
        self, model: RegisteredModel, alias: AliasName, candidate: VersionEvidence
    ) -> VersionEvidence | None:
        named = model.aliases.get(alias)
        if named is None:
            return None
        if named == candidate.version.version:
            return candidate
        return await self.evidence(model.name, named)

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

    async def _tests(
        self, version: ModelVersion
    ) -> tuple[tuple[TestResult, ...] | None, Unreadable | None]:
        if version.run_id is None:
            return None, None
        try:
            raw = await self._artifacts.run_artifact(version.run_id, TEST_EVIDENCE_PATH)
            return (None if raw is None else parse_tests(raw)), None
        except (BackEndRefusedError, NotFoundError) as error:
            return None, Unreadable(part="tests", reason=error.detail)
        except ValueError:
            reason = f"{TEST_EVIDENCE_PATH} is not the file that the documentation describes"
            return None, Unreadable(part="tests", reason=reason)


def parse_tests(raw: bytes) -> tuple[TestResult, ...]:
    """Return the entries of a ``validation/tests.json``; ``ValueError`` when it is something else.

    Shape: ``{"tests": [{"name", "outcome", "finished_at" with zone, "run_id"?, "writer"?}]}``.
    """
    try:
        file = _TestFile.model_validate_json(raw)
    except ValidationError as error:
        raise ValueError(str(error)) from error
    return tuple(
        TestResult(
            name=entry.name,
            outcome=entry.outcome,
            finished_at=entry.finished_at,
            run_id=entry.run_id,
            writer=entry.writer,
        )
        for entry in file.tests
    )
