"""Shows and moves the switch for what policies propose by themselves."""

from bot.domain.audit import AuditEvent
from bot.domain.automatic import AutomaticPolicy, AutomaticState, Switch
from bot.domain.names import SlackUserId
from bot.domain.people import Action
from bot.domain.ports import Clock, PolicySource
from bot.domain.refusal import Refusal
from bot.domain.store import Store, UnitOfWork
from bot.services.access import Access


class AskAutomatic:
    """Answers whether policies propose by themselves, and lets people stop that."""

    def __init__(
        self,
        access: Access,
        policies: PolicySource,
        store: Store,
        clock: Clock,
        *,
        has_channel: bool,
    ) -> None:
        self._access = access
        self._policies = policies
        self._store = store
        self._clock = clock
        self._has_channel = has_channel

    async def shown(self, asker: SlackUserId) -> AutomaticState | Refusal:
        """Return how the switch stands, and what each policy did today."""
        refused = await self._access.refuse(asker, Action.READ, "Nothing was shown")
        if refused:
            return refused
        async with self._store.transaction() as work:
            return await self._state(work, await work.proposals.switch())

    async def switch(
        self, by: SlackUserId, reason: str, *, is_on: bool
    ) -> AutomaticState | Refusal:
        """Move the switch; what was proposed before stays as it is."""
        refused = await self._access.refuse(by, Action.AUTOMATE, "Nothing was switched")
        if refused:
            return refused
        switch = Switch(is_on=is_on, by=by, reason=reason, at=self._clock.now())
        async with self._store.transaction() as work:
            await work.proposals.turn(switch)
            await work.audit.append(_moved(switch, by))
            return await self._state(work, switch, is_news=True)

    async def _state(
        self, work: UnitOfWork, switch: Switch, *, is_news: bool = False
    ) -> AutomaticState:
        now = self._clock.now()
        policies = [
            AutomaticPolicy(
                name=policy.name,
                automatic=policy.automatic,
                today=await work.proposals.today(policy.name, now),
            )
            for policy in self._policies.current().here
            if policy.automatic is not None
        ]
        return AutomaticState(
            switch=switch,
            policies=tuple(policies),
            is_news=is_news,
            has_channel=self._has_channel,
        )


def _moved(switch: Switch, by: SlackUserId) -> AuditEvent:
    if switch.at is None:
        raise TypeError("a moved switch has its moment")
    return AuditEvent(
        at=switch.at,
        actor=by,
        action=f"automatic.{'on' if switch.is_on else 'off'}",
        subject="automatic",
        details={"reason": switch.reason},
    )
