"""Exemptions: for some time, some models need not pass some rules."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from fnmatch import fnmatchcase

from bot.domain.names import ModelName, SlackUserId


@dataclass(frozen=True, slots=True, kw_only=True)
class Exemption:
    """What people exempted, why and until when.

    Attributes:
        policy: Name of the policy that the rules stand in.
        models: Globs on the full name; ``*`` matches dots too.
        approved_by: Never empty, and never the one who asked for the exemption.
        expires_at: From this moment on it does nothing.
    """

    policy: str
    rules: frozenset[str]
    models: tuple[str, ...]
    reason: str
    requested_by: SlackUserId
    approved_by: tuple[SlackUserId, ...]
    expires_at: datetime

    def covers(self, rule: str, model: ModelName, at: datetime) -> bool:
        """Tell whether a model need not pass a rule at a moment."""
        return rule in self.rules and at < self.expires_at and self.is_about(model)

    def is_about(self, model: ModelName) -> bool:
        """Tell whether it is about a model, over or not."""
        return any(fnmatchcase(model, glob) for glob in self.models)

    def counts_beside(self, own: Collection[SlackUserId]) -> bool:
        """Tell whether somebody approved it who has none of these accounts."""
        return any(approver not in own for approver in self.approved_by)

    def told(self) -> str:
        """Return until when, why and by whom, for people."""
        until = f"{self.expires_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
        by = ", ".join(self.approved_by)
        return f"until {until} ({self.reason}); asked for by {self.requested_by}, approved by {by}"


def approvers_of(exemptions: Iterable[Exemption], model: ModelName) -> frozenset[SlackUserId]:
    """Return all who approved an exemption of a model, over or not."""
    return frozenset(user for e in exemptions if e.is_about(model) for user in e.approved_by)


def longest(exemptions: Iterable[Exemption]) -> Exemption | None:
    """Return the exemption that holds longest, or None when there is none."""
    return max(exemptions, key=lambda e: (e.expires_at, e.told()), default=None)
