"""Stores what the buttons of a check's report stand for, a card for each proposed tag."""

from dataclasses import replace

from bot.domain.change_request import NOT_BEGUN, ChangeRequest
from bot.domain.messages import CardKind, CheckReport
from bot.domain.names import ChannelId, ModelName
from bot.domain.policy import ProposedTag
from bot.domain.store import RequestQuery, Store, UnitOfWork
from bot.domain.tagging import OFFERED, TagOffer, proposed_tags
from bot.services.card_keys import CardKeys
from bot.services.filing import open_requests

Subject = dict[str, str | int]


class CheckCards:
    """Gives a report its keys, all of them in one transaction."""

    def __init__(self, store: Store, cards: CardKeys) -> None:
        self._store = store
        self._cards = cards

    async def keyed(self, report: CheckReport, channel: ChannelId) -> CheckReport:
        """Return a report with the key of its buttons, and an offer for each proposed tag."""
        shown: Subject = {
            "model": report.model,
            "version": report.version,
            "alias": report.alias,
            "channel": channel,
        }
        tags = proposed_tags(report.verdict.outcomes)[:OFFERED]
        async with self._store.transaction() as work:
            key = await self._cards.add(work, CardKind.CHECK, shown)
            waiting = await waiting_for(work, report.model, report.version) if tags else None
            offers = [await self._offer(work, shown, tag, waiting) for tag in tags]
            holders = await open_requests(work, report.model, report.alias)
        holder = next(iter(holders), None)
        return replace(report, key=key, offers=tuple(offers), holder=holder)

    async def _offer(
        self, work: UnitOfWork, shown: Subject, tag: ProposedTag, waiting: ChangeRequest | None
    ) -> TagOffer:
        subject: Subject = {**shown, "tag": tag.key, "value": tag.value, "present": tag.present}
        key = await self._cards.add(work, CardKind.TAG, subject)
        return TagOffer(key=key, tag=tag, waiting=waiting.id if waiting else None)


async def waiting_for(work: UnitOfWork, model: ModelName, version: int) -> ChangeRequest | None:
    """Return the newest request for a version that has not begun, so that its tags matter."""
    found = await work.requests.find(RequestQuery(states=NOT_BEGUN, model=model))
    return next((request for request in found if request.version == version), None)
