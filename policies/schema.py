"""The form of a policy file, as pydantic models."""

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from bot.domain.metrics import Direction
from bot.domain.people import Action
from bot.domain.policy import FirstRelease, Severity
from policies.compare import SameDataset
from policies.contents import Part
from policies.values import (
    Alias,
    Allowance,
    Duration,
    Email,
    Glob,
    Group,
    MetricKey,
    Name,
    Number,
    Share,
    Unit,
    UserId,
    wrong,
)

# A strict model takes no text for a member of an enum; these fields do.
_Direction = Annotated[Direction, Field(strict=False)]
_Action = Annotated[Action, Field(strict=False)]
_Severity = Annotated[Severity, Field(strict=False)]
_SameDataset = Annotated[SameDataset, Field(strict=False)]
_Part = Annotated[Part, Field(strict=False)]
_FirstRelease = Annotated[FirstRelease, Field(strict=False)]


class Entry(BaseModel):
    """A mapping in a policy file: no unknown keys, no values of another type."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class MetricEntry(Entry):
    """A metric in the catalogue."""

    direction: _Direction
    unit: Unit = ""
    aliases: list[MetricKey] = []


class RoleEntry(Entry):
    """Where a role's people come from."""

    slack_users: list[UserId] = []
    slack_groups: list[Group] = []
    emails: list[Email] = []

    @model_validator(mode="after")
    def _has_people(self) -> "RoleEntry":
        if not (self.slack_users or self.slack_groups or self.emails):
            raise wrong("nobody has this role", "Give slack_users, slack_groups or emails")
        return self


class MatchEntry(Entry):
    """Which changes a policy is about."""

    models: Annotated[list[Glob], Field(min_length=1)]
    exclude: list[Glob] = []
    aliases: Annotated[list[Alias], Field(min_length=1)]


class RuleEntry(Entry):
    """What every kind of rule has."""

    id: Name
    severity: _Severity | None = None


class MetricRule(RuleEntry):
    """A metric keeps within bounds."""

    type: Literal["metric"]
    metric: str
    min: Number | None = None
    max: Number | None = None

    @model_validator(mode="after")
    def _has_bounds(self) -> "MetricRule":
        if self.min is None and self.max is None:
            raise wrong(f"rule `{self.id}` has no bound", "Add min or max")
        if self.min is not None and self.max is not None and self.min > self.max:
            raise wrong(
                f"no value of `{self.metric}` is at least {self.min} and at most {self.max}",
                "Swap min and max",
            )
        return self


class CompareRule(RuleEntry):
    """Metrics are not worse than in place."""

    type: Literal["compare"]
    metrics: Annotated[list[str], Field(min_length=1)]
    max_drop: Allowance | None = None
    max_drop_relative: Share | None = None
    same_dataset: _SameDataset = SameDataset.REQUIRE

    @model_validator(mode="after")
    def _has_bounds(self) -> "CompareRule":
        if self.max_drop is None and self.max_drop_relative is None:
            raise wrong(
                f"rule `{self.id}` does not say how much worse is allowed",
                "Add max_drop or max_drop_relative; 0 allows nothing worse",
            )
        return self


class TestsRule(RuleEntry):
    """Test suites passed."""

    __test__ = False

    type: Literal["tests"]
    required: Annotated[list[Name], Field(min_length=1)]
    max_age: Duration | None = None


class ContentsRule(RuleEntry):
    """The version brings what it should."""

    type: Literal["contents"]
    require: Annotated[list[_Part], Field(min_length=1)]


AnyRule = Annotated[
    MetricRule | CompareRule | TestsRule | ContentsRule, Field(discriminator="type")
]


class ApprovalEntry(Entry):
    """How many people of a role have to agree."""

    role: str
    count: Annotated[int, Field(ge=1, le=20)] = 1
    unless_asked_by: list[str] = []


class PolicyEntry(Entry):
    """A named policy."""

    name: Name
    description: Annotated[str, Field(max_length=500)] = ""
    match: MatchEntry
    changes: Annotated[list[Literal["promote", "rollback"]], Field(min_length=1)] = ["promote"]
    severity: _Severity = Severity.ENFORCE
    rules: list[AnyRule] = []
    approvals: list[ApprovalEntry] = []
    first_release: _FirstRelease = FirstRelease.REQUIRE_APPROVAL
    rejections: Annotated[int, Field(ge=1, le=20)] = 1
    expires: Duration = timedelta(hours=24)


class PolicyFile(Entry):
    """A whole file; several files add up."""

    api_version: Annotated[Literal["herald/v1"], Field(alias="apiVersion")]
    metrics: dict[MetricKey, MetricEntry] = {}
    roles: dict[Name, RoleEntry] = {}
    may: dict[str, list[_Action]] = {}
    policies: list[PolicyEntry] = []
