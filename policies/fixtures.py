"""Fixture files for ``herald policy test``: made-up facts, and what policies should say of them."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from bot.domain.policy import OutcomeKind
from bot.domain.serving import EndpointUpdate
from bot.domain.verdict import VerdictKind
from policies.form import Entry
from policies.values import Alias, Duration, Moment, UserId, shown_value, wrong

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
_WORDS = {"nan": float("nan"), "inf": float("inf"), "-inf": float("-inf")}


def _logged(value: object) -> float:
    if isinstance(value, str) and value in _WORDS:
        return _WORDS[value]
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise wrong(f"{shown_value(value)} is not a number", "Write a number, nan, inf or -inf")
    return float(value)


Logged = Annotated[float, BeforeValidator(_logged)]


class MeasuredEntry(Entry):
    """A metric that was logged with the dataset it was measured on."""

    metric: str
    value: Logged
    dataset: str | None = None
    digest: str | None = None
    age: Duration | None = None


class DatasetEntry(Entry):
    """A dataset that the run read."""

    name: str
    digest: str = ""
    context: str = ""
    source: str = ""


class RunEntry(Entry):
    """The run that trained a version."""

    id: str = ""
    user: str = ""
    tags: dict[str, str] = Field(default_factory=dict)
    parameters: dict[str, str] = Field(default_factory=dict)
    metrics: dict[str, Logged] = Field(default_factory=dict)
    datasets: list[DatasetEntry] = Field(default_factory=list)


class ResultEntry(Entry):
    """One entry of the run's test evidence."""

    name: str
    outcome: str = "passed"
    age: Duration = timedelta(hours=1)
    run: str | None = None
    writer: str = ""


class ContentsEntry(Entry):
    """What the version's own files say of it."""

    signature: bool = True
    requirements: list[str] | None = None


class VersionEntry(Entry):
    """All that is known about one version."""

    version: Annotated[int, Field(ge=1)]
    description: str = ""
    created_by: str = ""
    tags: dict[str, str] = Field(default_factory=dict)
    parameters: dict[str, str] = Field(default_factory=dict)
    metrics: dict[str, Logged] = Field(default_factory=dict)
    measured: list[MeasuredEntry] = Field(default_factory=list)
    run: RunEntry | None = Field(default_factory=RunEntry)
    contents: ContentsEntry | None = None
    tests: list[ResultEntry] | None = None
    tests_signed_by: str = ""
    files: dict[str, str] = Field(default_factory=dict)
    artifacts: list[str] = Field(default_factory=list)
    tables: list[str] = Field(default_factory=list)
    unreadable: dict[str, str] = Field(default_factory=dict)


class RouteEntry(Entry):
    """A version of the model, and its share of an endpoint's requests in per cent."""

    version: Annotated[int, Field(ge=1)]
    traffic: Annotated[int, Field(ge=0, le=100)] = 100


class EndpointEntry(Entry):
    """An endpoint that serves the model."""

    name: str
    ready: bool = True
    update: Annotated[EndpointUpdate, Field(strict=False)] = EndpointUpdate.SETTLED
    serves: list[RouteEntry] = Field(default_factory=list)


class BucketEntry(Entry):
    """How many requests took at most so many milliseconds, and longer than the bucket before."""

    up_to: Logged
    requests: int


class FiguresEntry(Entry):
    """What an endpoint did in the time before now."""

    endpoint: str
    window: Duration
    requests: int
    server_errors: int = 0
    client_errors: int = 0
    latency_ms: list[BucketEntry] | None = None


class ExpectedEntry(Entry):
    """What policies should say."""

    verdict: Annotated[VerdictKind, Field(strict=False)]
    outcomes: dict[str, Annotated[OutcomeKind, Field(strict=False)]] = Field(default_factory=dict)
    reasons: list[str] | None = None
    approvals: dict[str, int] | None = None


class CaseEntry(Entry):
    """One change, the facts about it, and what is expected."""

    name: str
    change: Literal["promote", "rollback"] = "promote"
    model: str
    alias: Alias
    at: Moment = LONG_AGO
    asked_by: list[str] = Field(default_factory=list)
    asker: UserId | None = None
    candidate: VersionEntry
    current: VersionEntry | None = None
    endpoints: list[EndpointEntry] = Field(default_factory=list)
    figures: list[FiguresEntry] = Field(default_factory=list)
    held: dict[Alias, Duration] = Field(default_factory=dict)
    privileges: list[str] | None = None
    unreadable: dict[str, str] = Field(default_factory=dict)
    expect: ExpectedEntry


class FixtureFile(Entry):
    """A whole fixture file."""

    api_version: Annotated[Literal["herald/v1"], Field(alias="apiVersion")]
    policies: Annotated[list[str], Field(min_length=1)]
    environment: str = ""
    cases: Annotated[list[CaseEntry], Field(min_length=1)]
