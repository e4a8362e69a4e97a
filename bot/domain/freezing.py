"""Change freezes: times in which nothing is promoted; the way back is never frozen."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from typing import Protocol

from bot.domain.names import ChannelId, ModelName, SlackUserId

EVERYTHING = "*"
"""The glob of all models."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A stretch of time; its end does not belong to it."""

    begins_at: datetime
    ends_at: datetime

    def holds(self, at: datetime) -> bool:
        """Tell whether a moment lies within."""
        return self.begins_at <= at < self.ends_at

    def touches(self, since: datetime, until: datetime) -> bool:
        """Tell whether any of it lies between two moments, the last one included."""
        return self.begins_at <= until and self.ends_at > since


class FreezeWindow(Protocol):
    """Frozen times of a policy."""

    @property
    def name(self) -> str:
        """What people call it."""
        ...

    def spans(self, since: datetime, until: datetime) -> tuple[Span, ...]:
        """Return every stretch that touches this time, the one that holds ``since`` for sure."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Freeze:
    """A time in which some models are not promoted, by a policy's window or by a person's word.

    Attributes:
        models: Globs on the full name; ``*`` matches dots too.
        but: Globs of those that it is not about all the same.
        ends_at: None for until somebody lifts it.
        window: Name of the policy's window; empty when a person declared it.
        policy: Whose window it is.
        by: Who declared it.
        reason: In his words; for a window that cannot be read, why not.
        number: Of a declared freeze in the store; 0 before it is stored.
    """

    models: tuple[str, ...] = (EVERYTHING,)
    but: tuple[str, ...] = ()
    begins_at: datetime
    ends_at: datetime | None = None
    window: str = ""
    policy: str = ""
    by: SlackUserId | None = None
    reason: str = ""
    number: int = 0

    @property
    def told_models(self) -> str:
        """What it is about, for people: ``all models``, ``prod.* except prod.lab.*``."""
        models = "all models" if EVERYTHING in self.models else ", ".join(self.models)
        return f"{models} except {', '.join(self.but)}" if self.but else models

    @property
    def told_end(self) -> str:
        """Until when it lasts, for those who see no date tokens."""
        if self.ends_at is None:
            return "until its policy is mended" if self.window else "until somebody lifts it"
        return f"until {self.ends_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"

    @property
    def told_cause(self) -> str:
        """Whose it is, on one line."""
        if not self.window:
            return self.reason
        why = f": {self.reason}" if self.reason else ""
        return f"window {self.window} of policy {self.policy}{why}"

    def covers(self, model: ModelName) -> bool:
        """Tell whether it is about a model."""
        return _is_any(model, self.models) and not _is_any(model, self.but)


def _is_any(model: ModelName, globs: Iterable[str]) -> bool:
    return any(fnmatchcase(model, glob) for glob in globs)


def by_end(freezes: Iterable[Freeze]) -> tuple[Freeze, ...]:
    """Return freezes, the one that ends last first, and one without an end before all."""

    def end(freeze: Freeze) -> tuple[bool, datetime]:
        return freeze.ends_at is None, freeze.ends_at or freeze.begins_at

    return tuple(sorted(freezes, key=end, reverse=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Frozen:
    """What somebody is told whose promotion was not even filed.

    Attributes:
        freezes: All that are in the way, the one that ends last first.
        may_lift: Roles whose people may lift what a person declared.
    """

    model: ModelName
    freezes: tuple[Freeze, ...]
    may_lift: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FreezeList:
    """The freezes in force, and those to come."""

    now: datetime
    in_force: tuple[Freeze, ...]
    to_come: tuple[Freeze, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FreezeNews:
    """A freeze that was just declared or lifted.

    Attributes:
        by: Who did it now.
        lifted: Whether it was lifted; ``reason`` says why, then.
        waiting: How many approved requests it holds, or lets go on.
        told_in: The channel where everybody reads it; None where nobody else was told.
        untold: Why the channel of releases was not told; empty when it was, or when there is none.
    """

    freeze: Freeze
    by: SlackUserId
    lifted: bool = False
    reason: str = ""
    waiting: int = 0
    told_in: ChannelId | None = None
    untold: str = ""

    @property
    def key(self) -> str:
        """What tells this piece of news from any other."""
        return f"freeze:{self.freeze.number}:{'lifted' if self.lifted else 'declared'}"


class Freezes(Protocol):
    """Freezes that people declared."""

    async def declare(self, freeze: Freeze) -> tuple[Freeze, tuple[Freeze, ...]]:
        """Store a freeze in place of those of the same models; return it, numbered, and those."""
        ...

    async def in_force(self, at: datetime) -> tuple[Freeze, ...]:
        """Return those that are neither over nor lifted, oldest first."""
        ...

    async def hold(self) -> None:
        """Let nobody declare or lift a freeze until this transaction ends."""
        ...

    async def lift(
        self, models: tuple[str, ...], at: datetime, by: SlackUserId
    ) -> tuple[Freeze, ...]:
        """End every freeze in force of just these models; return them, oldest first."""
        ...

    async def queue(self, news: FreezeNews, due_at: datetime) -> None:
        """Remember what a channel has to be told; until ``due_at`` whoever queued it tells it."""
        ...

    async def take_due(self, now: datetime, due_at: datetime) -> tuple[FreezeNews, ...]:
        """Return what nobody has told yet, oldest first; it is due again at ``due_at``."""
        ...

    async def told(self, news: FreezeNews) -> None:
        """Forget what a channel was told."""
        ...
