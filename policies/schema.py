"""The form of a policy file, as pydantic models."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from bot.domain.metrics import Direction
from bot.domain.people import Action
from bot.domain.policy import FirstRelease, Severity
from policies.approvals import AgreementEntry, RoleEntry
from policies.artifacts import ArtifactsRule
from policies.automatic import AutoEntry
from policies.compare import CompareRule
from policies.contents import ContentsRule
from policies.drift import DriftRule
from policies.endpoint_health import EndpointHealthRule
from policies.exemptions import ExemptionEntry
from policies.form import Entry
from policies.freezes import FreezeEntry
from policies.lineage import LineageRule
from policies.metric import MetricRule
from policies.model_card import ModelCardRule
from policies.passed_tests import TestsRule
from policies.platform_privilege import PlatformPrivilegeRule
from policies.semver import SemverRule
from policies.soak import SoakRule
from policies.source_control import SourceRule
from policies.tags import TagsRule
from policies.values import (
    Alias,
    Glob,
    MetricKey,
    Name,
    Unit,
    wrong,
)

# A strict model takes no text for a member of an enum; these fields do.
_Direction = Annotated[Direction, Field(strict=False)]
_Action = Annotated[Action, Field(strict=False)]
_Severity = Annotated[Severity, Field(strict=False)]
_Change = Literal["promote", "rollback"]
_FirstRelease = Annotated[FirstRelease, Field(strict=False)]


def _promotions() -> list[_Change]:
    return ["promote"]


class MetricEntry(Entry):
    """A metric in the catalogue."""

    direction: _Direction
    unit: Unit = ""
    aliases: list[MetricKey] = Field(default_factory=list)


class MatchEntry(Entry):
    """Which changes a policy is about."""

    models: Annotated[list[Glob], Field(min_length=1)]
    exclude: list[Glob] = Field(default_factory=list)
    aliases: Annotated[list[Alias], Field(min_length=1)]
    environments: list[Name] = Field(default_factory=list)


AnyRule = Annotated[
    MetricRule
    | CompareRule
    | TestsRule
    | ContentsRule
    | ModelCardRule
    | ArtifactsRule
    | TagsRule
    | SourceRule
    | SemverRule
    | LineageRule
    | SoakRule
    | EndpointHealthRule
    | DriftRule
    | PlatformPrivilegeRule,
    Field(discriminator="type"),
]
"""Every kind of rule; each is a module of its own."""


class PolicyEntry(AgreementEntry):
    """A named policy."""

    name: Name
    description: Annotated[str, Field(max_length=500)] = ""
    match: MatchEntry
    changes: Annotated[list[_Change], Field(min_length=1)] = Field(default_factory=_promotions)
    severity: _Severity = Severity.ENFORCE
    rules: list[AnyRule] = Field(default_factory=list)
    first_release: _FirstRelease = FirstRelease.REQUIRE_APPROVAL
    freeze: list[FreezeEntry] = Field(default_factory=list)
    auto: AutoEntry | None = None

    @model_validator(mode="after")
    def _can_propose(self) -> "PolicyEntry":
        if self.auto is None:
            return self
        if "promote" not in self.changes:
            raise wrong("only promotions are proposed automatically", "Add `promote` to `changes`")
        if set(self.match.aliases) == {self.auto.on}:
            remedy = "Let the policy match the alias that the version is to get"
            raise wrong(f"a version that gets `{self.auto.on}` has it already", remedy)
        return self


class PolicyFile(Entry):
    """A whole file; several files add up."""

    api_version: Annotated[Literal["herald/v1"], Field(alias="apiVersion")]
    metrics: dict[MetricKey, MetricEntry] = Field(default_factory=dict)
    roles: dict[Name, RoleEntry] = Field(default_factory=dict)
    may: dict[str, list[_Action]] = Field(default_factory=dict)
    policies: list[PolicyEntry] = Field(default_factory=list)
    exemptions: list[ExemptionEntry] = Field(default_factory=list)
