"""Tells the channel of releases of freezes, each of them also when Herald was killed meanwhile."""

import logging
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.domain.errors import BackEndError, BackEndRefusedError
from bot.domain.freezing import FreezeNews
from bot.domain.names import ChannelId
from bot.domain.ports import Clock, Voice, WakeUp
from bot.domain.store import Store, UnitOfWork

log = logging.getLogger(__name__)

TRIED_AGAIN = timedelta(minutes=1)
"""Longer than telling takes: who tells it is alone with it until then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Who has to know of a freeze at once.

    Attributes:
        home: The channel of releases; may be empty.
        wake_up: Of what goes on with approved requests.
    """

    store: Store
    clock: Clock
    voice: Voice
    home: ChannelId
    wake_up: WakeUp

    async def queue(self, work: UnitOfWork, news: FreezeNews) -> None:
        """Remember, with the freeze itself, what the channel has to be told."""
        if self.home:
            await work.freezes.queue(news, self.clock.now() + TRIED_AGAIN)

    async def spread(self, news: FreezeNews) -> FreezeNews:
        """Tell the runner, and the channel; what did not reach the channel is noted."""
        self.wake_up.wake()
        if not self.home:
            return news
        try:
            await self._tell(news)
        except BackEndRefusedError as error:
            await self._settle(news)
            return replace(news, untold=str(error))
        except BackEndError as error:
            return replace(news, untold=f"{error}. It is told as soon as that works")
        return replace(news, told_in=self.home)

    async def look(self) -> None:
        """Tell the channel what it was not told: Herald was killed, or Slack did not answer."""
        now = self.clock.now()
        async with self.store.transaction() as work:
            untold = await work.freezes.take_due(now, now + TRIED_AGAIN)
        for news in untold:
            try:
                await self._tell_again(news)
            except BackEndRefusedError as error:
                log.warning("%s is not told of %s: %s", self.home, news.key, error)
                await self._settle(news)

    async def _tell_again(self, news: FreezeNews) -> None:
        """Tell what may have arrived all the same, unless it did."""
        if not self.home or await self.voice.has_announced(self.home, news.key):
            await self._settle(news)
        else:
            await self._tell(news)

    async def _tell(self, news: FreezeNews) -> None:
        await self.voice.announce(self.home, news, news.key)
        await self._settle(news)

    async def _settle(self, news: FreezeNews) -> None:
        async with self.store.transaction() as work:
            await work.freezes.told(news)
