"""Exemptions in policy files: for some time, some models need not pass some rules."""

from collections.abc import Iterable
from typing import Annotated

from pydantic import Field, model_validator

from bot.domain.exemptions import Exemption
from bot.domain.names import SlackUserId
from policies.form import Entry
from policies.values import Glob, Moment, Name, UserId, wrong


class ExemptionEntry(Entry):
    """For some time, some models need not pass some rules."""

    policy: Name
    rules: Annotated[list[Name], Field(min_length=1)]
    models: Annotated[list[Glob], Field(min_length=1)]
    reason: Annotated[str, Field(min_length=1, max_length=300)]
    requested_by: UserId
    approved_by: Annotated[list[UserId], Field(min_length=1)]
    expires: Moment

    @model_validator(mode="after")
    def _has_another_s_word(self) -> "ExemptionEntry":
        if self.requested_by in self.approved_by:
            raise wrong(
                f"`{self.requested_by}` asked for this exemption and cannot approve it",
                "Name somebody else in approved_by",
            )
        return self


def exemptions_of(policy: str, entries: Iterable[ExemptionEntry]) -> tuple[Exemption, ...]:
    """Return the exemptions from a policy's rules, over or not."""
    return tuple(_exemption(entry) for entry in entries if entry.policy == policy)


def _exemption(entry: ExemptionEntry) -> Exemption:
    return Exemption(
        policy=entry.policy,
        rules=frozenset(entry.rules),
        models=tuple(entry.models),
        reason=entry.reason,
        requested_by=SlackUserId(entry.requested_by),
        approved_by=tuple(sorted(map(SlackUserId, set(entry.approved_by)))),
        expires_at=entry.expires,
    )
