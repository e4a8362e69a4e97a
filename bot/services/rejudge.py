"""Judges waiting requests anew once what they were judged by has moved."""

import logging
from datetime import datetime, timedelta

from bot.domain.change_request import ChangeRequest, RequestState
from bot.domain.errors import BackEndError
from bot.domain.names import ModelName, RequestId, request_label
from bot.domain.ports import Clock, WakeUp
from bot.domain.store import RequestQuery, Store
from bot.services.renew import Renew

log = logging.getLogger(__name__)

LOOKED_AT = 500
"""Waiting requests of one look, newest first; a click judges those beyond it."""
AT_A_LOOK = 2
EACH_EVERY = timedelta(minutes=5)
"""How often the evidence of a waiting request is read again: a few reads for each look."""


class Rejudge:
    """Asks people anew at once, instead of when the first of them clicks.

    By changed policies each request once for each state of them: two replicas that read different
    files would else judge it back and forth.
    """

    def __init__(self, renew: Renew, store: Store, clock: Clock, wake_up: WakeUp) -> None:
        self._renew = renew
        self._store = store
        self._clock = clock
        self._wake_up = wake_up
        self._done: set[tuple[RequestId, str]] = set()
        self._read_at: dict[RequestId, datetime] = {}

    async def look(self) -> int:
        """Judge anew what is out of date; return how many requests that were."""
        query = RequestQuery(states=frozenset({RequestState.PENDING}), limit=LOOKED_AT)
        async with self._store.transaction() as work:
            waiting = await work.requests.find(query)
        stale = [r for r in waiting if not self._renew.is_judged_by_present_policies(r)]
        judged = sum([await self._judge(request) for request in stale])
        judged += sum([await self._read_again(number) for number in self._due(waiting)])
        if judged:
            self._wake_up.wake()
        return judged

    async def at_once(self, model: ModelName) -> frozenset[RequestId]:
        """Read the evidence of a model's waiting requests again; return which of them moved.

        For when Herald itself has written what they rest on.
        """
        query = RequestQuery(states=frozenset({RequestState.PENDING}), model=model)
        async with self._store.transaction() as work:
            waiting = await work.requests.find(query)
        moved = {request.id for request in waiting if await self._read_again(request.id)}
        if moved:
            self._wake_up.wake()
        return frozenset(moved)

    async def _judge(self, request: ChangeRequest) -> bool:
        once = request.id, self._renew.present_policies(request)
        if once in self._done:
            return False
        try:
            await self._renew.under_present_policies(request.id)
        except BackEndError as error:
            log.warning("%s is not judged by the new policies yet: %s", request.label, error)
            return False
        self._done.add(once)
        return True

    def _due(self, waiting: tuple[ChangeRequest, ...]) -> list[RequestId]:
        """Return whose evidence was not read for longest, of those for which it is time."""
        now = self._clock.now()
        numbers = {request.id: request.evidence.collected_at for request in waiting}
        self._read_at = {n: max(self._read_at.get(n, at), at) for n, at in numbers.items()}
        due = [number for number, at in self._read_at.items() if now - at >= EACH_EVERY]
        return sorted(due, key=self._read_at.__getitem__)[:AT_A_LOOK]

    async def _read_again(self, number: RequestId) -> bool:
        self._read_at[number] = self._clock.now()
        try:
            return await self._renew.if_moved(number)
        except BackEndError as error:
            log.warning("nobody knows whether %s has moved: %s", request_label(number), error)
            return False
