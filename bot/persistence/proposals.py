"""What policies proposed by themselves, and the switch for it, in the database."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, func, not_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.automatic import Proposal, Switch, Turn
from bot.domain.names import AliasName, ModelName, RequestId
from bot.persistence.dialect import insert, take_turns
from bot.persistence.tables import automatic_proposals as table
from bot.persistence.tables import automatic_watches as watches
from bot.persistence.tables import switches

IN_VAIN_AFTER = timedelta(minutes=5)
"""A replica that has not filed by then died: what it took on is free."""
AUTOMATIC = "automatic"


class SqlProposals:
    """Implements ``Proposals``."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def watching(
        self, policies: Mapping[str, AliasName], now: datetime
    ) -> Mapping[str, datetime]:
        """Return since when each policy has proposed what gets its alias, and forget the others."""
        rows = await self._connection.execute(select(watches))
        known = {row.policy: row.since for row in rows if policies.get(row.policy) == row.alias}
        await self._connection.execute(delete(watches).where(watches.c.policy.not_in(known)))
        for policy, alias in policies.items():
            if policy not in known:
                row = insert(self._connection, watches)
                row = row.values(policy=policy, alias=alias, since=now).on_conflict_do_nothing()
                await self._connection.execute(row)
        return {policy: known.get(policy, now) for policy in policies}

    async def settled(self) -> frozenset[tuple[ModelName, AliasName, int]]:
        """Return which versions were proposed for which alias, or cannot be."""
        query = select(table.c.model, table.c.alias, table.c.version).where(table.c.settled)
        rows = await self._connection.execute(query)
        return frozenset((row.model, row.alias, row.version) for row in rows)

    async def claim(self, proposal: Proposal, now: datetime, per_day: int) -> Turn:
        """Take on a version that nobody has proposed; one taken on long ago in vain is free."""
        await take_turns(self._connection, AUTOMATIC)
        known = (await self._connection.execute(select(table).where(_is(proposal)))).first()
        if known is not None and (known.settled or known.taken_at > now - IN_VAIN_AFTER):
            return Turn.NOT_OURS
        if await self._others_today(proposal, now) >= per_day:
            return Turn.ENOUGH_TODAY
        taken = {"policy": proposal.policy, "taken_at": now}
        row = insert(self._connection, table).values(
            model=proposal.model,
            alias=proposal.alias,
            version=proposal.version,
            settled=False,
            **taken,
        )
        key = list(table.primary_key.columns)
        await self._connection.execute(row.on_conflict_do_update(index_elements=key, set_=taken))
        return Turn.TAKEN

    async def settle(self, proposal: Proposal, request: RequestId | None) -> None:
        """Store that a version was proposed, or that it cannot be; it never is again."""
        await take_turns(self._connection, AUTOMATIC)
        settled = update(table).where(_is(proposal)).values(settled=True, request_id=request)
        await self._connection.execute(settled)

    async def give_back(self, proposal: Proposal) -> None:
        """Let a version be proposed later: nothing could be said of it now."""
        unsettled = and_(_is(proposal), table.c.settled.is_(False))
        await self._connection.execute(delete(table).where(unsettled))

    async def today(self, policy: str, now: datetime) -> int:
        """Return how many versions a policy has taken on this day of UTC."""
        return await self._count(_of_today(policy, now))

    async def _others_today(self, proposal: Proposal, now: datetime) -> int:
        """Return how many other versions its policy has taken on this day of UTC."""
        return await self._count(and_(_of_today(proposal.policy, now), not_(_is(proposal))))

    async def _count(self, wanted: ColumnElement[bool]) -> int:
        query = select(func.count()).select_from(table).where(wanted)
        return int(await self._connection.scalar(query) or 0)

    async def switch(self) -> Switch:
        """Return how the switch stands."""
        query = select(switches).where(switches.c.name == AUTOMATIC)
        row = (await self._connection.execute(query)).first()
        if row is None:
            return Switch()
        return Switch(is_on=row.is_on, by=row.moved_by, reason=row.reason, at=row.moved_at)

    async def turn(self, switch: Switch) -> None:
        """Move the switch."""
        await take_turns(self._connection, AUTOMATIC)
        moved = {
            "is_on": switch.is_on,
            "moved_by": switch.by,
            "reason": switch.reason,
            "moved_at": switch.at,
        }
        row = insert(self._connection, switches).values(name=AUTOMATIC, **moved)
        await self._connection.execute(
            row.on_conflict_do_update(index_elements=[switches.c.name], set_=moved)
        )


def _of_today(policy: str, now: datetime) -> ColumnElement[bool]:
    begin = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return and_(table.c.policy == policy, table.c.taken_at >= begin)


def _is(proposal: Proposal) -> ColumnElement[bool]:
    return and_(
        table.c.model == proposal.model,
        table.c.alias == proposal.alias,
        table.c.version == proposal.version,
    )
