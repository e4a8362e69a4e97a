"""The frozen snapshot of facts on which policies decide."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.names import AliasName, ModelName
from bot.domain.registry import Metric, ModelContents, ModelVersion, RegisteredModel, Run
from bot.domain.serving import ServingEndpoint

VALIDATION_STATUS_TAG = "validation_status"
OWN_TAG_PREFIX = "herald."
TEST_EVIDENCE_PATH = "validation/tests.json"


def is_own_tag(key: str) -> bool:
    """Tell whether Herald writes this version tag itself, so that it is no evidence."""
    return key == VALIDATION_STATUS_TAG or key.startswith(OWN_TAG_PREFIX)


@dataclass(frozen=True, slots=True, kw_only=True)
class TestResult:
    """One entry of a run's ``validation/tests.json``.

    Attributes:
        outcome: ``passed`` or anything else, in the writer's words.
        writer: Who wrote the entry, e.g. a CI account.
    """

    __test__ = False

    name: str
    outcome: str
    finished_at: datetime
    run_id: str = ""
    writer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """A part of the evidence that could not be read: neither present nor absent.

    Attributes:
        part: ``run``, ``contents`` or ``tests``.
        reason: For people.
    """

    part: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionEvidence:
    """All that is known about one version.

    Attributes:
        run: None when the version names no run, or when it is unreadable.
        tests: None when the run has no test evidence, or when it is unreadable.
        unreadable: The parts of which nothing can be said.
    """

    version: ModelVersion
    run: Run | None = None
    contents: ModelContents | None = None
    tests: tuple[TestResult, ...] | None = None
    unreadable: tuple[Unreadable, ...] = ()

    def why_unreadable(self, part: str) -> str | None:
        """Return why a part could not be read, or None when it could."""
        return next((item.reason for item in self.unreadable if item.part == part), None)

    def metrics(self) -> tuple[Metric, ...]:
        """Return the model's own metrics, then those of its run under other names."""
        own = self.version.metrics
        known = {metric.key for metric in own}
        of_run = self.run.metrics if self.run else ()
        return own + tuple(metric for metric in of_run if metric.key not in known)

    def parameters(self) -> dict[str, str]:
        """Return the parameters of the run, with those of the model on top."""
        of_run = self.run.parameters if self.run else {}
        return {**of_run, **self.version.parameters}


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyFacts:
    """What every check sees: one world, read once, at one time.

    Attributes:
        alias: The alias that would move.
        candidate: The version it would name.
        current: The version it names now; None for a first release.
        endpoints: Every endpoint that serves the model.
        evaluated_at: The moment that all checks call *now*.
    """

    model: RegisteredModel
    alias: AliasName
    candidate: VersionEvidence
    current: VersionEvidence | None
    endpoints: tuple[ServingEndpoint, ...]
    evaluated_at: datetime

    @property
    def name(self) -> ModelName:
        """Full name of the model."""
        return self.model.name

    @property
    def is_first_release(self) -> bool:
        """Whether the alias names nothing yet."""
        return self.current is None
