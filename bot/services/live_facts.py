"""Reads what changes without anybody changing a version: tenure, figures, privileges."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.domain.errors import BackEndRefusedError, NotFoundError
from bot.domain.evidence import Needs, Unreadable
from bot.domain.figures import Figures
from bot.domain.ledger import alias_place, held_since
from bot.domain.names import AliasName, EndpointName
from bot.domain.ports import Clock, PrivilegeReader
from bot.domain.store import Store
from bot.services.targets import Found

PRIVILEGES = "privileges"

FiguresByWindow = Mapping[timedelta, Mapping[EndpointName, Figures]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a change is about, what its checks have to see, and who asks for it.

    Attributes:
        email: The requester's, as Slack knows it; may be empty.
    """

    found: Found
    needs: Needs
    email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """Live values; those that nobody asked for are empty.

    Attributes:
        held: Since when the ledger has had the version under an alias without a break.
        privileges: What the requester holds; None where the registry has no privileges.
    """

    held: Mapping[AliasName, datetime] = field(default_factory=dict)
    privileges: frozenset[str] | None = None
    unreadable: tuple[Unreadable, ...] = ()


class LiveFacts:
    """Reads Herald's own record, and the privileges of people."""

    def __init__(self, store: Store, privileges: PrivilegeReader, clock: Clock) -> None:
        self._store = store
        self._privileges = privileges
        self._clock = clock

    async def read(self, asked: Asked) -> Live:
        """Return what is asked for, except for figures."""
        held, (privileges, trouble) = await asyncio.gather(self._held(asked), self._power(asked))
        return Live(held=held, privileges=privileges, unreadable=(trouble,) if trouble else ())

    async def figures(
        self, windows: Iterable[timedelta], endpoints: Iterable[EndpointName]
    ) -> FiguresByWindow:
        """Return what endpoints did, from the full hour in which each window begins up to now.

        Samples count as they are, also where they began within the window: how many requests are
        enough is for the rule to say.
        """
        names, now = frozenset(endpoints), self._clock.now()
        return {window: await self._since(now - window, now, names) for window in sorted(windows)}

    async def _since(
        self, moment: datetime, now: datetime, names: frozenset[EndpointName]
    ) -> Mapping[EndpointName, Figures]:
        hour = moment.replace(minute=0, second=0, microsecond=0)
        async with self._store.transaction() as work:
            return await work.samples.figures(hour, now, names)

    async def _held(self, asked: Asked) -> dict[AliasName, datetime]:
        if not asked.needs.held:
            return {}
        found, held = asked.found, {}
        async with self._store.transaction() as work:
            for alias in sorted(asked.needs.held):
                entries = await work.ledger.of(found.model, alias_place(alias))
                since = held_since(entries, found.version)
                if since is not None:
                    held[alias] = since
        return held

    async def _power(self, asked: Asked) -> tuple[frozenset[str] | None, Unreadable | None]:
        if not asked.needs.privileges:
            return None, None
        if not asked.email:
            reason = "Slack shows no e-mail address of the requester"
            return None, Unreadable(part=PRIVILEGES, reason=reason)
        try:
            return await self._privileges.privileges(asked.email, asked.found.model), None
        except (BackEndRefusedError, NotFoundError) as error:
            return None, Unreadable(part=PRIVILEGES, reason=error.detail)
