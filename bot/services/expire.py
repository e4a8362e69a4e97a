"""Closes requests on which nobody agreed in time."""

from bot.domain.change_request import ChangeRequest, RequestState
from bot.domain.errors import StaleWriteError
from bot.domain.ports import Clock
from bot.domain.store import RequestQuery, Store
from bot.services.filing import store_transition


class Expire:
    """Looks for requests whose time is over."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def expire_due(self) -> int:
        """Close every waiting request whose time is over; return how many were closed."""
        now = self._clock.now()
        query = RequestQuery(states=frozenset({RequestState.PENDING}), expires_before=now)
        async with self._store.transaction() as work:
            due = await work.requests.find(query)
        return sum([await self._close(request) for request in due])

    async def _close(self, request: ChangeRequest) -> bool:
        try:
            async with self._store.transaction() as work:
                await store_transition(work, request.expire(self._clock.now()))
        except StaleWriteError:
            return False
        return True
