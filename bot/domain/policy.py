"""Policies: named lists of checks with the agreement that they ask for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from fnmatch import fnmatchcase
from functools import reduce
from operator import or_
from typing import Protocol

from bot.domain.automatic import Automatic
from bot.domain.conditions import Condition
from bot.domain.evidence import NOTHING_MORE, Needs, PolicyFacts
from bot.domain.exemptions import Exemption
from bot.domain.freezing import FreezeWindow
from bot.domain.metrics import MetricDefinition
from bot.domain.names import AliasName, ModelName, RoleName
from bot.domain.people import Action, RoleMembers
from bot.domain.terms import STRICT, AgreementTerms, Insisted


class ChangeKind(StrEnum):
    """What a change request asks for."""

    PROMOTE = "promote"
    ROLL_BACK = "roll_back"


class Severity(StrEnum):
    """What a check that does not pass leads to."""

    ENFORCE = "enforce"
    WARN = "warn"
    AUDIT = "audit"


class OutcomeKind(StrEnum):
    """How one check came out."""

    PASSED = "passed"
    FAILED = "failed"
    MISSING = "missing"
    ERRORED = "errored"
    INCONCLUSIVE = "inconclusive"
    SKIPPED = "skipped"
    EXEMPT = "exempt"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedTag:
    """A tag of the version with which a rule would be met.

    Attributes:
        present: What the tag says now; empty for nothing.
    """

    key: str
    value: str
    present: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckOutcome:
    """What one check found.

    Attributes:
        check: Id of the rule within its policy; completes 'allowed if …'.
        observed: What was found, with unit, for people; empty when nothing was.
        expected: What the rule asks for, with unit, for people.
        message: One line: the fact, without verdict glyphs.
        remedy: What to do about it; empty when there is nothing to do.
        metric: Catalogue name of the metric it is about; empty when it is about something else.
        unit: Unit of ``observed`` and ``expected``; empty where they are no numbers, or have none.
        source: Where it was read, for people: ``run 1a2b3c, documentation/model_card.yaml``.
        age: How old what was observed is; None where that does not matter, or is not known.
        exempt_because: Who exempted the change from the rule, why and until when; else empty.
        proposed: The tag that would meet the rule; None where it proposes none.
    """

    check: str
    policy: str
    severity: Severity
    kind: OutcomeKind
    message: str
    observed: str = ""
    expected: str = ""
    remedy: str = ""
    metric: str = ""
    unit: str = ""
    source: str = ""
    age: timedelta | None = None
    exempt_because: str = ""
    proposed: ProposedTag | None = None

    @property
    def blocks(self) -> bool:
        """Whether this outcome alone denies the change."""
        unmet = {OutcomeKind.FAILED, OutcomeKind.MISSING, OutcomeKind.ERRORED}
        return self.severity is Severity.ENFORCE and self.kind in unmet

    @property
    def warns(self) -> bool:
        """Whether people should read this before they agree."""
        fine = {OutcomeKind.PASSED, OutcomeKind.SKIPPED}
        return self.severity is not Severity.AUDIT and not self.blocks and self.kind not in fine


class PolicyCheck(Protocol):
    """One rule: takes facts, returns an outcome, touches nothing."""

    @property
    def id(self) -> str:
        """Name of the rule within its policy."""
        ...

    @property
    def severity(self) -> Severity:
        """What an outcome other than *passed* leads to."""
        ...

    @property
    def needs(self) -> Needs:
        """What has to be read for it beyond what is always read."""
        ...

    def evaluate(self, facts: PolicyFacts) -> CheckOutcome:
        """Return how the rule comes out on these facts."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalRequirement:
    """How many people of a role have to agree.

    Attributes:
        unless_asked_by: The requirement falls away when the requester has one of these roles.
        when: The requirement holds only then; None for always.
    """

    role: RoleName
    count: int = 1
    unless_asked_by: frozenset[RoleName] = frozenset()
    when: Condition | None = None


class FirstRelease(StrEnum):
    """What holds when the alias names nothing yet, so that there is nothing to compare with."""

    ALLOW = "allow"
    REQUIRE_APPROVAL = "require_approval"
    DENY = "deny"


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What a kind of change to some models has to show, and who has to agree.

    Attributes:
        models: Globs on the full name; ``*`` matches dots too.
        exclude: Globs that take models out again.
        aliases: Target aliases it applies to.
        rejections: How many rejections close a request.
        expires_after: How long a request waits for agreement.
        environments: Where it applies; everywhere when it names none.
        exemptions: What people exempted from its rules; over or not.
        freezes: Times in which what it covers is not promoted.
        terms: On what terms people agree.
        insists: Terms that hold also where it asks nobody and another policy would not ask them.
        automatic: When it proposes promotions by itself; None for never.
        content: Canonical text of the policy; part of every content hash.
    """

    name: str
    description: str = ""
    kinds: frozenset[ChangeKind]
    models: tuple[str, ...]
    exclude: tuple[str, ...] = ()
    aliases: frozenset[AliasName]
    checks: tuple[PolicyCheck, ...] = ()
    approvals: tuple[ApprovalRequirement, ...] = ()
    first_release: FirstRelease = FirstRelease.REQUIRE_APPROVAL
    rejections: int = 1
    expires_after: timedelta = timedelta(hours=24)
    environments: frozenset[str] = frozenset()
    exemptions: tuple[Exemption, ...] = ()
    freezes: tuple[FreezeWindow, ...] = ()
    terms: AgreementTerms = STRICT
    insists: frozenset[Insisted] = frozenset()
    automatic: Automatic | None = None
    content: str = ""

    def applies_to(self, kind: ChangeKind, model: ModelName, alias: AliasName) -> bool:
        """Tell whether this policy has a say in such a change."""
        if kind not in self.kinds or alias not in self.aliases:
            return False
        return bool(self.matching_globs(model)) and not _matches(model, self.exclude)

    def matching_globs(self, model: ModelName) -> tuple[str, ...]:
        """Return the patterns of this policy that a model matches, exclusions aside."""
        return tuple(glob for glob in self.models if fnmatchcase(model, glob))

    def is_for(self, environment: str) -> bool:
        """Tell whether this policy applies in an environment."""
        return not self.environments or environment in self.environments


def _matches(model: ModelName, globs: Iterable[str]) -> bool:
    return any(fnmatchcase(model, glob) for glob in globs)


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicySet:
    """Everything that policy files say.

    Attributes:
        may: What each role may do; an action that no role may do, nobody may.
        source: Where it was read from, for people.
        environment: Where these policies decide; empty when they name no environments.
    """

    policies: tuple[Policy, ...] = ()
    roles: Mapping[RoleName, RoleMembers] = field(default_factory=dict)
    may: Mapping[RoleName, frozenset[Action]] = field(default_factory=dict)
    metrics: Mapping[str, MetricDefinition] = field(default_factory=dict)
    source: str = ""
    environment: str = ""

    @property
    def here(self) -> tuple[Policy, ...]:
        """The policies that decide in this environment, in file order."""
        return tuple(p for p in self.policies if p.is_for(self.environment))

    def matching(self, kind: ChangeKind, model: ModelName, alias: AliasName) -> tuple[Policy, ...]:
        """Return every policy that has a say in such a change, in file order."""
        return tuple(p for p in self.here if p.applies_to(kind, model, alias))

    def needs_of(self, kind: ChangeKind, model: ModelName, alias: AliasName) -> Needs:
        """Return all that the checks of such a change have to see."""
        checks = (check for p in self.matching(kind, model, alias) for check in p.checks)
        return reduce(or_, (check.needs for check in checks), NOTHING_MORE)

    def actions_of(self, roles: Iterable[RoleName]) -> frozenset[Action]:
        """Return all that somebody with these roles may do."""
        nothing: frozenset[Action] = frozenset()
        return nothing.union(*(self.may.get(role, nothing) for role in roles))
