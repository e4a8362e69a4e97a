"""What Herald keeps of endpoints: samples of what they did, and the digests that were posted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.domain.figures import Figures
from bot.domain.health import Observation, Standing
from bot.domain.names import EndpointName


class Samples(Protocol):
    """What endpoints did, minute by minute and hour by hour, and how they were last seen."""

    async def begin(self, minute: datetime) -> bool:
        """Take on the samples of a minute; False when somebody has taken them on before."""
        ...

    async def observed(self) -> tuple[Observation, ...]:
        """Return every endpoint as it was last seen, by name."""
        ...

    async def add(self, minute: datetime, observations: tuple[Observation, ...]) -> None:
        """Store the samples of a minute, once each, and how endpoints are now.

        Endpoints that are not among the observations are forgotten, except for their figures.
        """
        ...

    async def figures(
        self,
        since: datetime,
        until: datetime,
        endpoints: frozenset[EndpointName] | None = None,
    ) -> Mapping[EndpointName, Figures]:
        """Return what each endpoint's samples add up to in the hours that begin in this time.

        Those of some endpoints, or of all; one without samples is left out.
        """
        ...

    async def began(self) -> datetime | None:
        """Return the first hour of which figures are kept, or None."""
        ...

    async def prune(self, minutes_before: datetime, hours_before: datetime) -> None:
        """Take out what is older."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestTurn:
    """The right to post the digest of a slot for a while.

    Attributes:
        attempt: 1 for the first.
    """

    slot: datetime
    attempt: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PostedDigest:
    """A digest that was posted, with what stood then."""

    slot: datetime
    standings: tuple[Standing, ...]


class Digests(Protocol):
    """Digests by their slot, each posted once."""

    async def claim(self, slot: datetime, lease: timedelta) -> DigestTurn | None:
        """Take a slot on; None when it is posted, or when another one has taken it on."""
        ...

    async def again(self, turn: DigestTurn, at: datetime) -> None:
        """Give a turn back; the slot may be claimed again from a moment on."""
        ...

    async def posted(self, turn: DigestTurn, standings: tuple[Standing, ...]) -> None:
        """Store that the digest of a slot is in its channel."""
        ...

    async def latest(self) -> PostedDigest | None:
        """Return the newest digest that was posted, or None."""
        ...
