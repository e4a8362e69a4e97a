"""Writes down when aliases move by which policies count time: Herald knows only what it saw."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from bot.domain.change_request import RUNNABLE
from bot.domain.ledger import Cause, LedgerEntry, alias_place
from bot.domain.names import AliasName, ModelName
from bot.domain.policy import Policy, PolicySet
from bot.domain.ports import Clock, ModelRegistry, PolicySource
from bot.domain.registry import RegisteredModel
from bot.domain.store import RequestQuery, Store, UnitOfWork
from bot.services.bounded import read_each
from bot.services.catalog import Catalog

AT_A_TIME = 4
"""Nobody waits for these reads; most slots of the registry's pool stay free for people."""
SPREAD_S = 20.0

Aliases = frozenset[AliasName]


class WatchAliases:
    """Looks at the models that are covered by rules about tenure; there may be none."""

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
        self._seen: dict[ModelName, Mapping[AliasName, int]] = {}

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
        moved = [each for each in models.values() if self._seen.get(each.name) != each.aliases]
        written = [each for each in moved if await self._write(each, watched, began)]
        self._seen.update((model.name, model.aliases) for model in written)
        return len(written)

    async def _write(
        self, model: RegisteredModel, watched: Mapping[ModelName, Aliases], began: datetime
    ) -> bool:
        async with self._store.transaction() as work:
            query = RequestQuery(states=RUNNABLE, model=model.name, limit=1)
            if await work.requests.find(query):
                return False
            for alias in sorted(watched[model.name]):
                if not await _note(work, model, alias, began):
                    return False
        return True


async def _note(
    work: UnitOfWork, model: RegisteredModel, alias: AliasName, began: datetime
) -> bool:
    """Write down where an alias is; False when something newer is written already."""
    known = await work.ledger.of(model.name, alias_place(alias))
    if known and known[-1].at > began:
        return False
    version = model.aliases.get(alias)
    entry = LedgerEntry(
        model=model.name,
        place=alias_place(alias),
        value=None if version is None else str(version),
        cause=Cause.OUTSIDE,
        at=began,
    )
    await work.ledger.append(entry)
    return True


def _counting(policies: PolicySet) -> list[tuple[Policy, Aliases]]:
    """Return the policies that count time by aliases, and by which."""
    nothing: Aliases = frozenset()
    held = ((p, nothing.union(*(c.needs.held for c in p.checks))) for p in policies.policies)
    return [(policy, aliases) for policy, aliases in held if aliases]


def _watched(counting: Iterable[tuple[Policy, Aliases]], model: ModelName) -> Aliases:
    nothing: Aliases = frozenset()
    return nothing.union(*(aliases for policy, aliases in counting if _covers(policy, model)))


def _covers(policy: Policy, model: ModelName) -> bool:
    changes = ((kind, alias) for kind in policy.kinds for alias in policy.aliases)
    return any(policy.applies_to(kind, model, alias) for kind, alias in changes)
