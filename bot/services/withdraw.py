"""Withdraws a request that has not begun; undoes or resumes one that has."""

from collections.abc import Awaitable, Callable

from bot.domain.change_request import NOT_BEGUN, UNDER_WAY, ChangeRequest, RequestState, Transition
from bot.domain.messages import Note
from bot.domain.names import RequestId
from bot.domain.people import Action
from bot.domain.ports import Clock, WakeUp
from bot.domain.refusal import Refusal
from bot.domain.store import Store
from bot.services.access import Access
from bot.services.filing import store_transition
from bot.services.opened_card import NO_EFFECT, Click, OpenedCard, open_card, too_late
from bot.services.retried import retried


class Withdraw:
    """Takes a request back, or lets it go on, by those who may."""

    def __init__(self, access: Access, store: Store, clock: Clock, wake_up: WakeUp) -> None:
        self._access = access
        self._store = store
        self._clock = clock
        self._wake_up = wake_up

    async def cancel(self, click: Click) -> Note | Refusal | None:
        """Cancel a request for its requester or somebody who may cancel; None when done."""
        opened = await self._open_to_cancel(click)
        if isinstance(opened, Refusal):
            return opened
        return await retried(lambda: self._cancel(click, opened.request.id))

    async def ask(self, click: Click) -> OpenedCard | Note | Refusal:
        """Return the card of a request that somebody may cancel, or what is true instead."""
        opened = await self._open_to_cancel(click)
        if isinstance(opened, OpenedCard) and opened.request.state not in NOT_BEGUN:
            return too_late(opened.request)
        return opened

    async def undo(self, click: Click) -> Note | Refusal | None:
        """Order the undo of what is under way; None when ordered."""
        return await self._order(click, Action.ROLL_BACK, "undone", self._undo)

    async def resume(self, click: Click) -> Note | Refusal | None:
        """Let a paused execution go on; None when ordered."""
        return await self._order(click, Action.RESOLVE, "resumed", self._resume)

    async def _order(
        self,
        click: Click,
        action: Action,
        done: str,
        carry_out: Callable[[Click, RequestId], Awaitable[Note | None]],
    ) -> Note | Refusal | None:
        opened = await open_card(self._store, click.key)
        if isinstance(opened, Refusal):
            return opened
        what = f"{opened.request.label} is not {done}. {NO_EFFECT}"
        refused = await self._access.refuse(click.user, action, what)
        if refused:
            return refused
        return await retried(lambda: carry_out(click, opened.request.id))

    async def _open_to_cancel(self, click: Click) -> OpenedCard | Refusal:
        opened = await open_card(self._store, click.key)
        if isinstance(opened, Refusal):
            return opened
        return await self._may_cancel(click, opened.request) or opened

    async def _may_cancel(self, click: Click, request: ChangeRequest) -> Refusal | None:
        standing = await self._access.standing(click.user)
        if standing.person.standing() is None and click.user == request.requester:
            return None
        what = f"{request.label} is not cancelled. {NO_EFFECT}"
        return await self._access.refuse(click.user, Action.CANCEL, what)

    async def _cancel(self, click: Click, number: RequestId) -> Note | None:
        async with self._store.transaction() as work:
            request = await work.requests.get_to_change(number)
            if request is None or request.state not in NOT_BEGUN:
                return too_late(request) if request else None
            await store_transition(work, request.cancel(self._clock.now(), click.user))
            await work.claims.free(request.id)
        self._wake_up.wake()
        return None

    async def _undo(self, click: Click, number: RequestId) -> Note | None:
        async with self._store.transaction() as work:
            request = await work.requests.get_to_change(number)
            if request is None or request.state not in UNDER_WAY - {RequestState.UNDOING}:
                return too_late(request) if request else None
            await store_transition(work, self._ordered(click, request))
        self._wake_up.wake()
        return None

    async def _resume(self, click: Click, number: RequestId) -> Note | None:
        async with self._store.transaction() as work:
            request = await work.requests.get_to_change(number)
            if request is None or request.state is not RequestState.PAUSED:
                return too_late(request) if request else None
            await store_transition(work, request.resume(self._clock.now(), click.user))
        self._wake_up.wake()
        return None

    def _ordered(self, click: Click, request: ChangeRequest) -> Transition:
        return request.undo(self._clock.now(), f"<@{click.user}> asked for it", by=click.user)
