"""Who is who, who has to agree, and on what terms, as policy files say it."""

from datetime import timedelta
from typing import Annotated

from pydantic import Field, model_validator

from bot.domain.names import RoleName, SlackUserId
from bot.domain.people import RoleMembers
from bot.domain.policy import ApprovalRequirement
from bot.domain.terms import REMIND_AFTER, AgreementTerms, Escalation, Insisted, ReasonFrom
from policies.conditions import WhenEntry
from policies.form import Entry
from policies.values import Duration, Email, Group, UserId, wrong

_ReasonFrom = Annotated[ReasonFrom, Field(strict=False)]


class RoleEntry(Entry):
    """Where a role's people come from."""

    slack_users: list[UserId] = Field(default_factory=list)
    slack_groups: list[Group] = Field(default_factory=list)
    emails: list[Email] = Field(default_factory=list)
    databricks_groups: list[Annotated[str, Field(min_length=1, max_length=255)]] = Field(
        default_factory=list
    )

    @model_validator(mode="after")
    def _has_people(self) -> "RoleEntry":
        if not (self.slack_users or self.slack_groups or self.emails or self.databricks_groups):
            remedy = "Give slack_users, slack_groups, emails or databricks_groups"
            raise wrong("nobody has this role", remedy)
        return self

    def members(self) -> RoleMembers:
        """Return where the role's people come from."""
        return RoleMembers(
            users=frozenset(map(SlackUserId, self.slack_users)),
            groups=frozenset(self.slack_groups),
            emails=frozenset(self.emails),
            databricks_groups=frozenset(self.databricks_groups),
        )


class ApprovalEntry(Entry):
    """How many people of a role have to agree, and when."""

    role: str
    count: Annotated[int, Field(ge=1, le=20)] = 1
    unless_asked_by: list[str] = Field(default_factory=list)
    when: WhenEntry | None = None

    def requirement(self) -> ApprovalRequirement:
        """Return the requirement."""
        return ApprovalRequirement(
            role=RoleName(self.role),
            count=self.count,
            unless_asked_by=frozenset(map(RoleName, self.unless_asked_by)),
            when=self.when.condition() if self.when else None,
        )


class EscalateEntry(Entry):
    """Whom Herald tells of a request that waits too long."""

    after: Duration
    role: str


class AgreementEntry(Entry):
    """What a policy says of the people who have to agree."""

    approvals: list[ApprovalEntry] = Field(default_factory=list)
    four_eyes: bool = True
    distinct: bool = True
    reasons: list[_ReasonFrom] = Field(default_factory=list)
    rejections: Annotated[int, Field(ge=1, le=20)] = 1
    expires: Duration = timedelta(hours=24)
    remind: Duration = REMIND_AFTER
    escalate: EscalateEntry | None = None

    @model_validator(mode="after")
    def _is_in_time(self) -> "AgreementEntry":
        if self.escalate and self.escalate.after >= self.expires:
            remedy = "Let `escalate` come before `expires`"
            raise wrong("the request is over before anybody is told of it", remedy)
        return self

    def terms(self) -> AgreementTerms:
        """Return the terms."""
        told = self.escalate
        return AgreementTerms(
            four_eyes=self.four_eyes,
            distinct=self.distinct,
            reasons=frozenset(self.reasons),
            remind_after=self.remind,
            escalations=(Escalation(after=told.after, role=RoleName(told.role)),) if told else (),
        )

    def insists(self) -> frozenset[Insisted]:
        """Return the terms that are written out as true, not only by default."""
        written = (term for term in Insisted if term in self.model_fields_set)
        return frozenset(term for term in written if getattr(self, term))
