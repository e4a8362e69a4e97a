"""Gathers what is on somebody's home tab; no registry or endpoint is asked for it."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Protocol

from bot.domain.automatic import Switch
from bot.domain.change_request import ChangeRequest
from bot.domain.errors import BackEndError
from bot.domain.home import EndpointLook, HomeRequest, HomeSheet
from bot.domain.messages import MessageRef, RequestList
from bot.domain.names import CardKey, SlackUserId
from bot.domain.people import Action
from bot.domain.ports import Clock, PolicySource, Voice
from bot.domain.refusal import Refusal
from bot.domain.store import Store
from bot.services.access import Access
from bot.services.freeze_guard import FreezeGuard
from bot.services.requests import AskRequests

SHOWN = 8


class Looks(Protocol):
    """Remembers how endpoints were when they were last looked at."""

    async def needing_a_look(self) -> tuple[EndpointLook, ...] | None:
        """Return the endpoints that need a look; None when none was seen of late."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """Where the tab learns what is not as usual, and what its reader may do."""

    looks: Looks
    freezes: FreezeGuard
    policies: PolicySource
    access: Access


class Home:
    """Answers what waits for somebody, what is his, and what needs a look."""

    def __init__(
        self,
        requests: AskRequests,
        signs: Signs,
        voice: Voice,
        store: Store,
        clock: Clock,
    ) -> None:
        self._requests = requests
        self._signs = signs
        self._voice = voice
        self._store = store
        self._clock = clock

    async def of(self, user: SlackUserId) -> HomeSheet | Refusal:
        """Return the home tab of a person who may read; a refusal for others."""
        waiting = await self._requests.listed("waiting", user)
        if isinstance(waiting, Refusal):
            return waiting
        sheet = await self._sheet(waiting, await self._requests.found("mine", user))
        standing = await self._signs.access.standing(user)
        return replace(sheet, may_promote=standing.may(Action.PROMOTE))

    async def _sheet(self, waiting: RequestList, mine: tuple[ChangeRequest, ...]) -> HomeSheet:
        own = sorted(mine, key=lambda request: request.closed_at is not None)
        return HomeSheet(
            waiting=await self._shown(waiting.requests[:SHOWN]),
            waiting_total=waiting.total,
            mine=await self._shown(own[:SHOWN]),
            mine_total=len(mine),
            looks=await self._signs.looks.needing_a_look(),
            shown_at=self._clock.now(),
            freezes=await self._signs.freezes.in_force(),
            stopped=await self._stopped(),
        )

    async def _stopped(self) -> Switch | None:
        if not any(policy.automatic for policy in self._signs.policies.current().here):
            return None
        async with self._store.transaction() as work:
            switch = await work.proposals.switch()
        return None if switch.is_on else switch

    async def _shown(self, requests: Iterable[ChangeRequest]) -> tuple[HomeRequest, ...]:
        return tuple(await asyncio.gather(*map(self._line, requests)))

    async def _line(self, request: ChangeRequest) -> HomeRequest:
        async with self._store.transaction() as work:
            card = await work.cards.of_request(request.id, request.evidence.revision)
            message = await work.outbox.message_of(request.id)
        link = await self._link(message) if message else ""
        return HomeRequest(request=request, key=card.key if card else CardKey(""), link=link)

    async def _link(self, message: MessageRef) -> str:
        """Return the card's address, or nothing: the tab is worth showing without it."""
        try:
            return await self._voice.link(message)
        except BackEndError:
            return ""
