"""Closes a request that Herald could not finish, after a look at what really stands."""

from bot.domain.blank import says_nothing
from bot.domain.change_request import ChangeRequest, RequestState, Resolution
from bot.domain.messages import Note
from bot.domain.names import RequestId, SlackUserId, request_label
from bot.domain.people import Action
from bot.domain.ports import Clock, WakeUp
from bot.domain.refusal import Refusal
from bot.domain.store import Store
from bot.domain.told_state import told_state
from bot.services.access import Access
from bot.services.filing import store_transition
from bot.services.opened_card import no_such_request
from bot.services.retried import retried
from bot.services.world import World, read_standing


class Resolve:
    """Lets a person say that what stands now is to stand."""

    def __init__(
        self, access: Access, world: World, store: Store, clock: Clock, wake_up: WakeUp
    ) -> None:
        self._access = access
        self._world = world
        self._store = store
        self._clock = clock
        self._wake_up = wake_up

    async def resolve(self, number: RequestId, by: SlackUserId, reason: str) -> Note | Refusal:
        """Read everything back, write it down, and give the locks back."""
        label = request_label(number)
        refused = await self._access.refuse(by, Action.RESOLVE, f"{label} was not resolved")
        if refused:
            return refused
        if says_nothing(reason):
            return Refusal(
                what=f"{label} was not resolved: a reason is needed",
                remedies=(f"Example: `/model resolve {label} because the endpoint was mended`",),
            )
        return await retried(lambda: self._close(number, by, reason))

    async def _close(self, number: RequestId, by: SlackUserId, reason: str) -> Note | Refusal:
        async with self._store.transaction() as work:
            request = await work.requests.get(number)
        if request is None or not _is_stuck(request):
            return _not_stuck(number, request)
        standing = tuple(s.line() for s in await read_standing(self._world, request))
        resolution = Resolution(by=by, reason=reason, standing=standing, at=self._clock.now())
        async with self._store.transaction() as work:
            await store_transition(work, request.resolve(resolution))
            await work.claims.free(number)
        self._wake_up.wake()
        return Note(text=f"{request.label} is resolved. What stands: {'; '.join(standing)}")


def _is_stuck(request: ChangeRequest) -> bool:
    failed = request.state is RequestState.FAILED and request.resolution is None
    return failed or request.state is RequestState.PAUSED


def _not_stuck(number: RequestId, request: ChangeRequest | None) -> Refusal:
    if request is None:
        return no_such_request(number)
    return Refusal(
        what=f"{request.label} was not resolved",
        reasons=("there is nothing to resolve", told_state(request)),
        remedies=(f"See how it stands: `/model request {request.label}`",),
    )
