"""Freezes models by a person's word, lifts that again, and lists what is frozen."""

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.audit import AuditEvent
from bot.domain.change_request import ChangeRequest, RequestState
from bot.domain.errors import BackEndError
from bot.domain.freezing import EVERYTHING, Freeze, FreezeList, FreezeNews
from bot.domain.names import ModelName, SlackUserId, shown_word
from bot.domain.people import Action
from bot.domain.policy import ChangeKind
from bot.domain.ports import Clock
from bot.domain.refusal import Refusal
from bot.domain.store import RequestQuery, Store, UnitOfWork
from bot.domain.until import NoEnd, end_of
from bot.services.access import Access
from bot.services.catalog import Catalog
from bot.services.freeze_guard import FreezeGuard
from bot.services.retried import retried
from bot.services.spread_freezes import Spread

AHEAD = timedelta(days=14)
"""How far ahead freezes are listed."""
ALL = 10_000
"""More than can wait at a time."""
FRESH_WITHIN_S = 2.0
"""Longest wait for the names of models: a freeze is wanted most when things do not answer."""
REASON = 200
"""Characters of a freeze's reason where several are told; `/model freezes` shows more."""
_APPROVED = frozenset({RequestState.APPROVED, RequestState.QUEUED})


@dataclass(frozen=True, slots=True, kw_only=True)
class FreezeAsk:
    """A freeze in the asker's words.

    Attributes:
        models: A model, a glob, or nothing for all models.
        until: ``for 2h`` or ``until 18:00`` as words; empty for until it is lifted.
    """

    by: SlackUserId
    models: str = ""
    until: tuple[str, ...] = ()
    reason: str = ""


class Freezing:
    """Declares and lifts freezes."""

    def __init__(
        self, access: Access, catalog: Catalog, store: Store, clock: Clock, spread: Spread
    ) -> None:
        self._access = access
        self._catalog = catalog
        self._store = store
        self._clock = clock
        self._spread = spread

    async def freeze(self, ask: FreezeAsk) -> FreezeNews | Refusal:
        """Freeze models now; a freeze of the same models is replaced."""
        refused = await self._access.refuse(ask.by, Action.FREEZE, "Nothing was frozen")
        if refused:
            return refused
        await self._look_again()
        scope = await self._glob(ask.models)
        if isinstance(scope, Refusal):
            return scope
        now = self._clock.now()
        clock = (await self._access.standing(ask.by)).person.zone
        ends_at = end_of(ask.until, now, clock) if ask.until else None
        if isinstance(ends_at, NoEnd):
            return _no_end(ask.until, ends_at)
        freeze = Freeze(
            models=(scope,), begins_at=now, ends_at=ends_at, by=ask.by, reason=ask.reason
        )
        news = await retried(lambda: self._declare(freeze, ask.by))
        return await self._spread.spread(news)

    async def unfreeze(self, ask: FreezeAsk) -> FreezeNews | Refusal:
        """Lift the freeze of models; what it held up goes on at once."""
        refused = await self._access.refuse(ask.by, Action.FREEZE, "Nothing was lifted")
        if refused:
            return refused
        scope = await self._frozen_as(ask.models) or await self._glob(ask.models)
        if isinstance(scope, Refusal):
            return scope
        lifted = await retried(lambda: self._lift(scope, ask))
        return lifted if isinstance(lifted, Refusal) else await self._spread.spread(lifted)

    async def _look_again(self) -> None:
        """Read which models there are; while the registry does not answer, memory has to do."""
        with suppress(BackEndError, TimeoutError):
            async with asyncio.timeout(FRESH_WITHIN_S):
                await self._catalog.refresh()

    async def _frozen_as(self, word: str) -> str | None:
        """Return the glob that is frozen by just this word, whether such a model still exists."""
        async with self._store.transaction() as work:
            in_force = await work.freezes.in_force(self._clock.now())
        return word if any(each.models == (word,) for each in in_force) else None

    async def _glob(self, word: str) -> str | Refusal:
        """Return the glob that a word means; one that means nothing now is a slip."""
        if not any(sign in word for sign in "*?["):
            return await self._catalog.resolve(word) if word else EVERYTHING
        probe = Freeze(models=(word,), begins_at=self._clock.now())
        if any(probe.covers(model.name) for model in await self._catalog.models()):
            return word
        return Refusal(
            what=f"No model matches '{shown_word(word)}'. Nothing was changed",
            remedies=("All models: `/model list`",),
        )

    async def _declare(self, freeze: Freeze, by: SlackUserId) -> FreezeNews:
        async with self._store.transaction() as work:
            stored, replaced = await work.freezes.declare(freeze)
            await work.audit.append(_declared(stored, replaced, by))
            held = await _held(work, stored)
            await _wake(work, held if replaced else ())
            news = FreezeNews(freeze=stored, by=by, reason=freeze.reason, waiting=len(held))
            await self._spread.queue(work, news)
        return news

    async def _lift(self, scope: str, ask: FreezeAsk) -> FreezeNews | Refusal:
        """Lift every freeze of just these models: a replica may have declared one beside ours."""
        now = self._clock.now()
        async with self._store.transaction() as work:
            lifted = await work.freezes.lift((scope,), now, ask.by)
            if not lifted:
                return _not_frozen(scope, await work.freezes.in_force(now))
            for freeze in lifted:
                await work.audit.append(_lifted(freeze, ask, now))
            held = await _held(work, lifted[-1])
            await _wake(work, held)
            news = FreezeNews(
                freeze=lifted[-1], by=ask.by, lifted=True, reason=ask.reason, waiting=len(held)
            )
            await self._spread.queue(work, news)
        return news


class ListFreezes:
    """Lists what is frozen, and what will be."""

    def __init__(self, access: Access, guard: FreezeGuard, clock: Clock) -> None:
        self._access = access
        self._guard = guard
        self._clock = clock

    async def listed(self, asker: SlackUserId) -> FreezeList | Refusal:
        """Return the freezes in force, and the windows of policies that begin soon."""
        refused = await self._access.refuse(asker, Action.READ, "Nothing was shown")
        if refused:
            return refused
        now = self._clock.now()
        windows = self._guard.windows(now, now + AHEAD)
        begun = tuple(window for window in windows if window.begins_at <= now)
        return FreezeList(
            now=now,
            in_force=(*await self._guard.declared(), *begun),
            to_come=tuple(window for window in windows if window.begins_at > now),
        )


async def _held(work: UnitOfWork, freeze: Freeze) -> list[ChangeRequest]:
    """Return the approved promotions that a freeze is about."""
    approved = await work.requests.find(RequestQuery(states=_APPROVED, limit=ALL))
    promotions = (each for each in approved if each.kind is ChangeKind.PROMOTE)
    return [request for request in promotions if freeze.covers(request.model)]


async def _wake(work: UnitOfWork, requests: Iterable[ChangeRequest]) -> None:
    """Let those that wait for the end of a freeze look again at once."""
    for request in requests:
        if request.state is RequestState.QUEUED:
            await work.requests.store(request.go_on())


def _declared(freeze: Freeze, replaced: Iterable[Freeze], by: SlackUserId) -> AuditEvent:
    return AuditEvent(
        at=freeze.begins_at,
        actor=by,
        action="freeze.declared",
        subject=freeze.models[0],
        details={
            "number": freeze.number,
            "ends_at": freeze.ends_at,
            "reason": freeze.reason,
            "replaces": [each.number for each in replaced],
        },
    )


def _lifted(freeze: Freeze, ask: FreezeAsk, now: datetime) -> AuditEvent:
    return AuditEvent(
        at=now,
        actor=ask.by,
        action="freeze.lifted",
        subject=freeze.models[0],
        details={"number": freeze.number, "reason": ask.reason},
    )


def _no_end(words: tuple[str, ...], why: NoEnd) -> Refusal:
    return Refusal(
        what=f"Nothing was frozen: '{shown_word(' '.join(words))}' {why}",
        remedies=(
            "Write `for 2h`, `for 1d12h`, `until 18:00`, or `until 2026-12-24 09:00 Europe/Berlin`",
        ),
    )


def _not_frozen(scope: str, in_force: tuple[Freeze, ...]) -> Refusal:
    around = [f for f in in_force if f.covers(ModelName(scope)) or scope == EVERYTHING]
    remedies = [f"To lift that: `{_lifting(freeze)}`" for freeze in around[:3]]
    return Refusal(
        what=f"Nobody froze {'all models' if scope == EVERYTHING else scope} by name",
        reasons=tuple(
            f"{freeze.models[0]} is frozen {freeze.told_end}: {_brief(freeze.reason)}"
            for freeze in around
        ),
        remedies=(*remedies, "All freezes, those of policies too: `/model freezes`"),
    )


def _lifting(freeze: Freeze) -> str:
    models = "" if freeze.models == (EVERYTHING,) else f" {freeze.models[0]}"
    return f"/model unfreeze{models}"


def _brief(reason: str) -> str:
    return reason if len(reason) <= REASON else f"{reason[:REASON]}…"
