"""All that is on record of a life."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.domain.agreement import Decision
from bot.domain.audit import AuditEvent, ChainedEvent
from bot.domain.automatic import Switch
from bot.domain.change_request import ChangeRequest
from bot.domain.freezing import Freeze
from bot.domain.names import EndpointName, ModelName, RequestId
from bot.domain.store import RequestQuery, Store
from tests.fakes.world import MODEL

OTHER = ModelName("prod.fraud.rules")
"""A second model, on the same endpoint."""
FRESH = ModelName("prod.fraud.fresh")
"""A model that nobody has released yet; nothing serves it."""
SHARED = EndpointName("fraud-scorer")
RESOURCES = (f"model:{MODEL}", f"model:{OTHER}", f"model:{FRESH}", f"endpoint:{SHARED}")
EVERYTHING = RequestQuery(limit=1000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trails:
    """The record at one moment.

    Attributes:
        requests: In the order of filing.
        decisions: Those of each request, in the same order.
        holders: Who holds which resource.
        freezes: Those that people declared, in force at the moment.
    """

    at: datetime
    requests: tuple[ChangeRequest, ...]
    events: tuple[ChainedEvent, ...]
    decisions: tuple[tuple[Decision, ...], ...]
    holders: Mapping[str, RequestId | None]
    freezes: tuple[Freeze, ...]
    switch: Switch

    def of(self, request: ChangeRequest) -> list[AuditEvent]:
        """Return what happened to a request itself, oldest first."""
        own = (chained.event for chained in self.events if chained.event.subject == request.label)
        return [event for event in own if event.action.startswith("change_request.")]


async def trails(record: Store, now: datetime) -> Trails:
    """Read everything."""
    async with record.transaction() as work:
        found = (await work.requests.find(EVERYTHING))[::-1]
        return Trails(
            at=now,
            requests=found,
            events=await work.audit.all(),
            decisions=tuple([await work.decisions.of(request.id) for request in found]),
            holders={resource: await work.claims.holder(resource) for resource in RESOURCES},
            freezes=await work.freezes.in_force(now),
            switch=await work.proposals.switch(),
        )
