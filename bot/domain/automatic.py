"""Promotions that a policy proposes by itself, and the switch that stops them all."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.domain.names import AliasName, ModelName, RequestId, SlackUserId

BY_POLICY = SlackUserId("policy")
"""Who asks when no person does. No id of Slack's is written so: nobody can be it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Automatic:
    """When a policy proposes a promotion by itself.

    Attributes:
        on: A version that newly gets this alias is proposed.
        per_day: How many versions at most, by days of UTC.
    """

    on: AliasName
    per_day: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A version that is proposed once for an alias, whatever becomes of it."""

    model: ModelName
    alias: AliasName
    version: int
    policy: str

    @property
    def key(self) -> tuple[ModelName, AliasName, int]:
        """What is proposed once, by whichever policy."""
        return self.model, self.alias, self.version


class Turn(StrEnum):
    """Whether it is this replica's turn to propose a version."""

    TAKEN = "taken"
    NOT_OURS = "not_ours"
    ENOUGH_TODAY = "enough_today"


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch:
    """Whether policies may propose by themselves, and who said so.

    Attributes:
        by: Empty while nobody has touched it.
    """

    is_on: bool = True
    by: str = ""
    reason: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AutomaticPolicy:
    """A policy that proposes by itself, and how often it did today."""

    name: str
    automatic: Automatic
    today: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AutomaticState:
    """What people see of it.

    Attributes:
        is_news: Whether the switch was just moved.
        has_channel: Whether there is a channel of releases, without which nothing is proposed.
    """

    switch: Switch
    policies: tuple[AutomaticPolicy, ...]
    is_news: bool = False
    has_channel: bool = True


class Proposals(Protocol):
    """Which versions were proposed by policies, and whether that is switched on."""

    async def watching(
        self, policies: Mapping[str, AliasName], now: datetime
    ) -> Mapping[str, datetime]:
        """Return since when each policy has proposed what gets its alias.

        That is from now on where it did not before. What other policies did is forgotten.
        """
        ...

    async def settled(self) -> frozenset[tuple[ModelName, AliasName, int]]:
        """Return which versions were proposed for which alias, or cannot be."""
        ...

    async def claim(self, proposal: Proposal, now: datetime, per_day: int) -> Turn:
        """Take on a version that nobody has proposed; one taken on long ago in vain is free."""
        ...

    async def settle(self, proposal: Proposal, request: RequestId | None) -> None:
        """Store that a version was proposed, or that it cannot be; it never is again.

        The switch stands as it is from here to the transaction's end.
        """
        ...

    async def give_back(self, proposal: Proposal) -> None:
        """Let a version be proposed later: nothing could be said of it now."""
        ...

    async def today(self, policy: str, now: datetime) -> int:
        """Return how many versions a policy has taken on this day of UTC."""
        ...

    async def switch(self) -> Switch:
        """Return how the switch stands."""
        ...

    async def turn(self, switch: Switch) -> None:
        """Move the switch."""
        ...
