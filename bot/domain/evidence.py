"""The frozen snapshot of facts on which policies decide."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.domain.figures import Figures
from bot.domain.names import AliasName, EndpointName, ModelName
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
class Signature:
    """Who signed the test results.

    Attributes:
        key_id: Of the key; empty when it cannot be told.
        problem: Why it proves nothing, after 'the signature'; empty when it is good.
    """

    key_id: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """A part of the evidence that could not be read: neither present nor absent.

    Attributes:
        part: ``run``, ``contents``, ``tests``, ``tables``, ``privileges``, or what ``file_part``
            returns.
        reason: For people.
    """

    part: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """What checks have to see beyond what is always read.

    Attributes:
        files: Paths of text files among the artifacts of the candidate's run.
        both_files: Paths of text files among those of the candidate's and the current run.
        artifacts: Paths among the artifacts of the candidate's run of which only the presence
            matters; one that ends in ``/`` is a folder with something in it.
        held: Aliases of which it matters since when the candidate has them.
        windows: Lengths of time, up to now, over which the figures of the endpoints are added up.
        privileges: Whether the requester's own privileges on the model matter.
        tables: Whether it matters on which tables the registry says the candidate depends.
    """

    files: frozenset[str] = frozenset()
    both_files: frozenset[str] = frozenset()
    artifacts: frozenset[str] = frozenset()
    held: frozenset[AliasName] = frozenset()
    windows: frozenset[timedelta] = frozenset()
    privileges: bool = False
    tables: bool = False

    def __or__(self, other: "Needs") -> "Needs":
        return Needs(
            files=self.files | other.files,
            both_files=self.both_files | other.both_files,
            artifacts=self.artifacts | other.artifacts,
            held=self.held | other.held,
            windows=self.windows | other.windows,
            privileges=self.privileges or other.privileges,
            tables=self.tables or other.tables,
        )


NOTHING_MORE = Needs()
"""What most checks need."""


def file_part(path: str) -> str:
    """Return what an unreadable artifact is called among the parts of the evidence."""
    return f"file {path}"


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionEvidence:
    """All that is known about one version.

    Attributes:
        run: None when the version names no run, or when it is unreadable.
        tests: None when the run has no test evidence, or when it is unreadable.
        tests_signature: None when nobody signed the test results.
        files: Text of the run's files that were needed, by path; None for one that is not there.
        artifacts: Whether an artifact is there, by path, for those that were asked for.
        tables: Full names of tables on which the registry says it depends, if that was asked for.
        unreadable: The parts of which nothing can be said.
    """

    version: ModelVersion
    run: Run | None = None
    contents: ModelContents | None = None
    tests: tuple[TestResult, ...] | None = None
    tests_signature: Signature | None = None
    files: Mapping[str, str | None] = field(default_factory=dict)
    artifacts: Mapping[str, bool] = field(default_factory=dict)
    tables: tuple[str, ...] = ()
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
        held_since: Since when the candidate has had an alias without a break, as far as Herald
            knows; an alias that it does not have is not in it.
        figures: What endpoints did in the time before now, by its length; an endpoint without any
            sample is not in it.
        privileges: What the requester holds on the model himself, upper case as in Unity Catalog;
            None where the registry has no privileges.
        unreadable: Parts of all this of which nothing can be said.
    """

    model: RegisteredModel
    alias: AliasName
    candidate: VersionEvidence
    current: VersionEvidence | None
    endpoints: tuple[ServingEndpoint, ...]
    evaluated_at: datetime
    held_since: Mapping[AliasName, datetime] = field(default_factory=dict)
    figures: Mapping[timedelta, Mapping[EndpointName, Figures]] = field(default_factory=dict)
    privileges: frozenset[str] | None = None
    unreadable: tuple[Unreadable, ...] = ()

    def why_unreadable(self, part: str) -> str | None:
        """Return why a part could not be read, or None when it could."""
        return next((item.reason for item in self.unreadable if item.part == part), None)

    @property
    def name(self) -> ModelName:
        """Full name of the model."""
        return self.model.name

    @property
    def is_first_release(self) -> bool:
        """Whether the alias names nothing yet."""
        return self.current is None
