"""Judges waiting requests anew once the policies that they were judged by have changed."""

import logging

from bot.domain.change_request import ChangeRequest, RequestState
from bot.domain.errors import BackEndError
from bot.domain.names import RequestId
from bot.domain.ports import WakeUp
from bot.domain.store import RequestQuery, Store
from bot.services.renew import Renew

log = logging.getLogger(__name__)

LOOKED_AT = 500
"""Waiting requests of one look, newest first; a click judges those beyond it."""


class Rejudge:
    """Asks people anew at once, instead of when the first of them clicks.

    Each request once for each state of the policies: two replicas that read different files would
    else judge it back and forth.
    """

    def __init__(self, renew: Renew, store: Store, wake_up: WakeUp) -> None:
        self._renew = renew
        self._store = store
        self._wake_up = wake_up
        self._done: set[tuple[RequestId, str]] = set()

    async def look(self) -> int:
        """Judge anew what is out of date; return how many requests that were."""
        query = RequestQuery(states=frozenset({RequestState.PENDING}), limit=LOOKED_AT)
        async with self._store.transaction() as work:
            waiting = await work.requests.find(query)
        stale = [r for r in waiting if not self._renew.is_judged_by_present_policies(r)]
        judged = sum([await self._judge(request) for request in stale])
        if judged:
            self._wake_up.wake()
        return judged

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
