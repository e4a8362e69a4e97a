"""Finds what policies want proposed: a version that newly got an alias such as challenger."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from bot.domain.automatic import Automatic, Proposal
from bot.domain.ledger import LedgerEntry, alias_place
from bot.domain.policy import ChangeKind, Policy
from bot.domain.ports import Clock, PolicySource
from bot.domain.store import Store, UnitOfWork
from bot.services.watch_aliases import WatchAliases


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomer:
    """A version that newly got an alias, and for what a policy wants it proposed."""

    proposal: Proposal
    automatic: Automatic


@dataclass(frozen=True, slots=True)
class Wish:
    """A policy that proposes by itself."""

    policy: Policy
    automatic: Automatic


class Newcomers:
    """Knows by the ledger what is new: it moved while the policy was there to see it."""

    def __init__(
        self, watch: WatchAliases, policies: PolicySource, store: Store, clock: Clock
    ) -> None:
        self._watch = watch
        self._policies = policies
        self._store = store
        self._clock = clock

    async def look(self) -> tuple[Newcomer, ...]:
        """Look at aliases once, and return what is wanted and was not proposed yet."""
        await self._watch.look()
        now = self._clock.now()
        wishes = [
            Wish(policy, policy.automatic)
            for policy in self._policies.current().here
            if policy.automatic
        ]
        async with self._store.transaction() as work:
            aliases = {wish.policy.name: wish.automatic.on for wish in wishes}
            since = await work.proposals.watching(aliases, now)
            if not wishes or not (await work.proposals.switch()).is_on:
                return ()
            settled = await work.proposals.settled()
            found = [n for w in wishes for n in await self._of(work, w, since[w.policy.name])]
        return tuple(n for n in found if n.proposal.key not in settled)

    async def _of(self, work: UnitOfWork, wish: Wish, since: datetime) -> list[Newcomer]:
        moves = await work.ledger.moved_since(alias_place(wish.automatic.on), since)
        return [newcomer for move in moves for newcomer in self._wanted(wish, move)]

    def _wanted(self, wish: Wish, move: LedgerEntry) -> Iterator[Newcomer]:
        """Return what a policy wants for a move, unless the alias is known to have moved again."""
        policy, on, now = wish.policy, wish.automatic.on, self._watch.last_seen(move.model)
        version = now.get(on)
        if version is None or move.value != str(version):
            return
        for alias in sorted(policy.aliases - {on}):
            is_covered = policy.applies_to(ChangeKind.PROMOTE, move.model, alias)
            if is_covered and now.get(alias) != version:
                proposal = Proposal(
                    model=move.model, alias=alias, version=version, policy=policy.name
                )
                yield Newcomer(proposal=proposal, automatic=wish.automatic)
