"""Writes down when the aliases move that policies go by: Herald knows only what it saw."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.domain.change_request import RUNNABLE
from bot.domain.ledger import Cause, LedgerEntry, alias_place
from bot.domain.names import AliasName, ModelName
from bot.domain.policy import Policy, PolicySet
from bot.domain.ports import Clock, ModelRegistry, PolicySource
from bot.domain.store import RequestQuery, Store, UnitOfWork
from bot.services.bounded import read_each
from bot.services.catalog import Catalog

AT_A_TIME = 4
"""Nobody waits for these reads; most slots of the registry's pool stay free for people."""
SPREAD_S = 20.0

Aliases = frozenset[AliasName]


@dataclass(frozen=True, slots=True)
class Sight:
    """What was seen of a model, and which of its aliases were written down."""

    aliases: Mapping[AliasName, int]
    written: Aliases


class WatchAliases:
    """Looks at the models of policies that go by when an alias moved; there may be none."""

    def __init__(
        self,
        catalog: Catalog,
        registry: ModelRegistry,
        policies: PolicySource,
        store: Store,
        clock: Clock,
    ) -> None:
        self._catalog = catalog
        self._registry = registry
        self._policies = policies
        self._store = store
        self._clock = clock
        self._seen: dict[ModelName, Sight] = {}

    async def look(self) -> int:
        """Look once; return how many models had moved since the last look.

        A model that Herald is changing itself, or has changed since this look began, is left for
        the next one: the execution writes down its own moves, with their request. What cannot be
        read is left, too.
        """
        counting = _counting(self._policies.current())
        if not counting:
            return 0
        names = [model.name for model in await self._catalog.models()]
        watched = {name: found for name in names if (found := _watched(counting, name))}
        began = self._clock.now()
        models, _ = await read_each(watched, self._registry.model, AT_A_TIME, SPREAD_S)
        seen = {each.name: Sight(each.aliases, watched[each.name]) for each in models.values()}
        moved = {name: sight for name, sight in seen.items() if self._seen.get(name) != sight}
        written = {n: sight for n, sight in moved.items() if await self._write(n, sight, began)}
        self._seen.update(written)
        return len(written)

    def last_seen(self, model: ModelName) -> Mapping[AliasName, int]:
        """Return the aliases of a model as they were last written down; none before that."""
        sight = self._seen.get(model)
        return sight.aliases if sight else {}

    async def _write(self, model: ModelName, sight: Sight, began: datetime) -> bool:
        async with self._store.transaction() as work:
            query = RequestQuery(states=RUNNABLE, model=model, limit=1)
            if await work.requests.find(query):
                return False
            for alias in sorted(sight.written):
                if not await _note(work, model, (alias, sight.aliases.get(alias)), began):
                    return False
        return True


async def _note(
    work: UnitOfWork, model: ModelName, now: tuple[AliasName, int | None], began: datetime
) -> bool:
    """Write down what an alias names; False when something newer is written already."""
    alias, version = now
    known = await work.ledger.of(model, alias_place(alias))
    if known and known[-1].at > began:
        return False
    entry = LedgerEntry(
        model=model,
        place=alias_place(alias),
        value=None if version is None else str(version),
        cause=Cause.OUTSIDE,
        at=began,
    )
    await work.ledger.append(entry)
    return True


def _counting(policies: PolicySet) -> list[tuple[Policy, Aliases]]:
    """Return the policies that go by when an alias moved, and by which."""
    found = ((policy, _gone_by(policy)) for policy in policies.here)
    return [(policy, aliases) for policy, aliases in found if aliases]


def _gone_by(policy: Policy) -> Aliases:
    own: Aliases = frozenset({policy.automatic.on}) if policy.automatic else frozenset()
    return own.union(*(check.needs.held for check in policy.checks))


def _watched(counting: Iterable[tuple[Policy, Aliases]], model: ModelName) -> Aliases:
    nothing: Aliases = frozenset()
    return nothing.union(*(aliases for policy, aliases in counting if _covers(policy, model)))


def _covers(policy: Policy, model: ModelName) -> bool:
    changes = ((kind, alias) for kind in policy.kinds for alias in policy.aliases)
    return any(policy.applies_to(kind, model, alias) for kind, alias in changes)
