"""Posts the health of endpoints into a channel, once for each slot of a schedule."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.errors import BackEndError
from bot.domain.health import HealthReport, standings_of
from bot.domain.health_record import DigestTurn
from bot.domain.names import ChannelId
from bot.domain.ports import Clock, HealthBoard
from bot.domain.store import Store
from bot.services.health import Health

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
READING_S = 60.0
"""Time for the report: the other half of the lease is for the message."""
AGAIN = timedelta(seconds=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestPlan:
    """When and where digests are posted.

    Attributes:
        models: Pattern of model names, such as ``prod.*``.
        latest_slot: The newest slot that is due at a moment and not too late; None for none.
    """

    channel: ChannelId
    models: str
    latest_slot: Callable[[datetime], datetime | None]


class Digest:
    """Posts digests that are due."""

    def __init__(
        self, plan: DigestPlan, health: Health, board: HealthBoard, store: Store, clock: Clock
    ) -> None:
        self._plan = plan
        self._health = health
        self._board = board
        self._store = store
        self._clock = clock

    async def post_due(self) -> bool:
        """Post the digest of the newest slot unless it is posted; return whether it was."""
        slot = self._plan.latest_slot(self._clock.now())
        if slot is None:
            return False
        async with self._store.transaction() as work:
            turn = await work.digests.claim(slot, LEASE)
        if turn is None:
            return False
        try:
            await self._post(turn)
        except (BackEndError, TimeoutError) as error:
            await self._later(turn, error)
            return False
        return True

    async def _post(self, turn: DigestTurn) -> None:
        async with asyncio.timeout(READING_S):
            report = await self._health.of_models(self._plan.models)
        if not await self._is_there(turn):
            await self._board.post_health(self._plan.channel, report, _name(turn))
        await self._remember(turn, report)

    async def _is_there(self, turn: DigestTurn) -> bool:
        """Tell whether an earlier attempt arrived, of which no answer came."""
        if turn.attempt == 1:
            return False
        return await self._board.find_health(self._plan.channel, _name(turn)) is not None

    async def _remember(self, turn: DigestTurn, report: HealthReport) -> None:
        async with self._store.transaction() as work:
            await work.digests.posted(turn, standings_of(report.endpoints))

    async def _later(self, turn: DigestTurn, error: Exception) -> None:
        why = str(error) or "reading took too long"
        log.warning("the digest of %s was not posted: %s; it is tried again", _name(turn), why)
        async with self._store.transaction() as work:
            await work.digests.again(turn, self._clock.now() + AGAIN)


def _name(turn: DigestTurn) -> str:
    return turn.slot.isoformat()
