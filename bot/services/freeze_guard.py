"""Tells which freezes are in the way of a change, by policies and by people's word."""

import logging
from collections.abc import Iterable, Iterator
from datetime import datetime

from bot.domain.freezing import Freeze, FreezeWindow, Frozen, Span, by_end
from bot.domain.names import AliasName, ModelName
from bot.domain.people import Action
from bot.domain.policy import ChangeKind, Policy
from bot.domain.ports import Clock, PolicySource
from bot.domain.store import Store

log = logging.getLogger(__name__)


class FreezeGuard:
    """Asks the windows of all policies, and the freezes that people declared."""

    def __init__(self, policies: PolicySource, store: Store, clock: Clock) -> None:
        self._policies = policies
        self._store = store
        self._clock = clock

    async def in_the_way(
        self, kind: ChangeKind, model: ModelName, alias: AliasName
    ) -> tuple[Freeze, ...]:
        """Return the freezes that hold a change up now, the one that ends last first.

        The way back is never frozen.
        """
        if kind is ChangeKind.ROLL_BACK:
            return ()
        now = self._clock.now()
        matching = self._policies.current().matching(kind, model, alias)
        windows = windows_in(matching, now, now)
        declared = (freeze for freeze in await self.declared() if freeze.covers(model))
        return by_end((*windows, *declared))

    async def declared(self) -> tuple[Freeze, ...]:
        """Return the freezes that people declared, as they are in force now."""
        async with self._store.transaction() as work:
            return await work.freezes.in_force(self._clock.now())

    async def in_force(self) -> tuple[Freeze, ...]:
        """Return everything that is frozen now, the one that ends last first."""
        now = self._clock.now()
        return by_end((*self.windows(now, now), *await self.declared()))

    def windows(self, since: datetime, until: datetime) -> tuple[Freeze, ...]:
        """Return the windows of policies here that touch a time, by their beginning."""
        promoting = [p for p in self._policies.current().here if ChangeKind.PROMOTE in p.kinds]
        found = windows_in(promoting, since, until)
        return tuple(sorted(found, key=lambda freeze: freeze.begins_at))

    def told(self, model: ModelName, freezes: tuple[Freeze, ...]) -> Frozen:
        """Return what somebody is told whose change is held up."""
        may = self._policies.current().may
        roles = sorted(role for role, actions in may.items() if Action.FREEZE in actions)
        return Frozen(model=model, freezes=freezes, may_lift=tuple(roles))


def windows_in(policies: Iterable[Policy], since: datetime, until: datetime) -> Iterator[Freeze]:
    """Yield the frozen times of policies; a window that cannot be read is frozen."""
    for policy in policies:
        for window in policy.freezes:
            yield from _stretches(policy, window, since, until)


def _stretches(
    policy: Policy, window: FreezeWindow, since: datetime, until: datetime
) -> Iterator[Freeze]:
    try:
        spans = window.spans(since, until)
    except Exception:  # a calendar that breaks must hold up, not let through
        log.exception("the freeze window %s of policy %s broke", window.name, policy.name)
        yield _freeze(policy, window, since, None)
        return
    for span in spans:
        yield _freeze(policy, window, since, span)


def _freeze(policy: Policy, window: FreezeWindow, since: datetime, span: Span | None) -> Freeze:
    return Freeze(
        models=policy.models,
        but=policy.exclude,
        begins_at=span.begins_at if span else since,
        ends_at=span.ends_at if span else None,
        window=window.name,
        policy=policy.name,
        reason="" if span else "it cannot be read",
    )
