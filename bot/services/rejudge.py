"""Judges waiting requests anew once what they were judged by has moved."""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.domain.change_request import NOT_BEGUN, ChangeRequest, RequestState
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
AT_MOST = timedelta(hours=1)
"""Longest pause between two such looks; it doubles each time the request is asked about anew."""


class Rejudge:
    """Asks people anew at once, instead of when the first of them clicks.

    By changed policies each request once, until other ones are in force: two replicas that read
    different files would else judge it back and forth.
    """

    def __init__(self, renew: Renew, store: Store, clock: Clock, wake_up: WakeUp) -> None:
        self._renew = renew
        self._store = store
        self._clock = clock
        self._wake_up = wake_up
        self._judged_by: dict[RequestId, Mapping[str, str]] = {}
        self._read_at: dict[RequestId, datetime] = {}

    async def look(self) -> int:
        """Judge anew what is out of date; return how many requests that were."""
        waiting = await self._waiting(RequestQuery(states=NOT_BEGUN, limit=LOOKED_AT))
        numbers = {request.id for request in waiting}
        self._judged_by = {n: by for n, by in self._judged_by.items() if n in numbers}
        judged = sum([await self._judge(request) for request in waiting])
        judged += sum([await self._read_again(number) for number in self._due(waiting)])
        if judged:
            self._wake_up.wake()
        return judged

    async def at_once(self, model: ModelName) -> frozenset[RequestId]:
        """Read the evidence of a model's waiting requests again; return which of them moved.

        For when Herald itself has written what they rest on.
        """
        waiting = await self._waiting(RequestQuery(states=NOT_BEGUN, model=model))
        moved = {request.id for request in waiting if await self._read_again(request.id)}
        if moved:
            self._wake_up.wake()
        return frozenset(moved)

    async def _waiting(self, query: RequestQuery) -> tuple[ChangeRequest, ...]:
        """Return what waits for people or, approved, for a freeze to end; others go on now."""
        async with self._store.transaction() as work:
            found = await work.requests.find(query)
        return tuple(r for r in found if r.state is RequestState.PENDING or r.wake_at is not None)

    async def _judge(self, request: ChangeRequest) -> bool:
        present = self._renew.present_policies(request)
        if request.evidence.content["policies"] == present:
            if request.id in self._judged_by:  # those of before may come back
                self._judged_by[request.id] = present
            return False
        if self._judged_by.get(request.id) == present:
            return False
        try:
            await self._renew.under_present_policies(request.id)
        except BackEndError as error:
            log.warning("%s is not judged by the new policies yet: %s", request.label, error)
            return False
        self._judged_by[request.id] = present
        return True

    def _due(self, waiting: tuple[ChangeRequest, ...]) -> list[RequestId]:
        """Return whose evidence was not read for longest, of those for which it is time."""
        now = self._clock.now()
        numbers = {request.id: request.evidence.collected_at for request in waiting}
        self._read_at = {n: max(self._read_at.get(n, at), at) for n, at in numbers.items()}
        due = [r.id for r in waiting if now - self._read_at[r.id] >= self._pause(r, now)]
        return sorted(due, key=self._read_at.__getitem__)[:AT_A_LOOK]

    def _pause(self, request: ChangeRequest, now: datetime) -> timedelta:
        """Return how long to let a request be: what always moves must not ring people always."""
        if self._renew.rests_on_what_is_over(request, now):
            return EACH_EVERY
        pause = EACH_EVERY
        for _ in range(1, request.evidence.revision):
            pause = min(2 * pause, AT_MOST)
        return pause

    async def _read_again(self, number: RequestId) -> bool:
        self._read_at[number] = self._clock.now()
        try:
            return await self._renew.if_moved(number)
        except BackEndError as error:
            log.warning("nobody knows whether %s has moved: %s", request_label(number), error)
            return False
