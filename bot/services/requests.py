"""Answers which change requests there are, and everything about one of them."""

from bot.domain.change_request import ChangeRequest, RequestState
from bot.domain.messages import RequestDetails, RequestList
from bot.domain.names import CardKey, RequestId, SlackUserId
from bot.domain.people import Action, Person, Standing
from bot.domain.refusal import Refusal
from bot.domain.store import RequestQuery, Store, UnitOfWork
from bot.services.access import Access
from bot.services.draw_card import DrawCard
from bot.services.electorate import agreement_on
from bot.services.opened_card import no_such_request, open_card

SHOWN = 15


class AskRequests:
    """Reads change requests for one asker."""

    def __init__(self, access: Access, store: Store, draw: DrawCard) -> None:
        self._access = access
        self._store = store
        self._draw = draw

    async def listed(self, scope: str, asker: SlackUserId) -> RequestList | Refusal:
        """Return the requests of a scope, newest first.

        Args:
            scope: ``mine``, ``waiting`` (for this person's decision) or ``all``.
            asker: Whose they are, or for whom they wait.
        """
        refused = await self._access.refuse(asker, Action.READ, "Nothing is listed")
        if refused:
            return refused
        found = await self.found(scope, asker)
        return RequestList(scope=scope, requests=found[:SHOWN], total=len(found))

    async def details(self, number: RequestId, asker: SlackUserId) -> RequestDetails | Refusal:
        """Return the whole evidence, every decision and every step of a request."""
        refused = await self._access.refuse(asker, Action.READ, "Nothing is shown")
        if refused:
            return refused
        card = await self._draw.draw(number)
        if card is None:
            return no_such_request(number)
        async with self._store.transaction() as work:
            journal = await work.journal.of(number, card.request.evidence.revision)
        return RequestDetails(card=card, journal=journal)

    async def behind(self, key: CardKey, asker: SlackUserId) -> RequestDetails | Refusal:
        """Return the details of the request behind a card."""
        opened = await open_card(self._store, key)
        if isinstance(opened, Refusal):
            return opened
        return await self.details(opened.request.id, asker)

    async def found(self, scope: str, asker: SlackUserId) -> tuple[ChangeRequest, ...]:
        """Return every request of a scope for somebody who may read, newest first."""
        query = {
            "mine": RequestQuery(requester=asker, limit=200),
            "waiting": RequestQuery(states=frozenset({RequestState.PENDING}), limit=200),
        }.get(scope, RequestQuery(limit=200))
        async with self._store.transaction() as work:
            found = await work.requests.find(query)
        if scope != "waiting":
            return found
        standing = await self._access.standing(asker)
        async with self._store.transaction() as work:
            lacking = [each for each in found if await _lacks(work, each, standing)]
        own = [each for each in lacking if await self._is_own(each, standing.person)]
        return tuple(each for each in lacking if each not in own)

    async def _is_own(self, request: ChangeRequest, person: Person) -> bool:
        """Tell whether somebody's word does not count since he asked himself, by any account."""
        if not request.evidence.verdict.terms.four_eyes:
            return False
        if request.requester_key == person.key:
            return True
        return await self._access.key_of(request.requester) == person.key


async def _lacks(work: UnitOfWork, request: ChangeRequest, standing: Standing) -> bool:
    """Tell whether a request lacks the word of somebody's role, and he has not decided."""
    verdict, revision = request.evidence.verdict, request.evidence.revision
    held = standing.counting & {part.role for part in verdict.requirements}
    if not held:
        return False
    decisions = await work.decisions.of(request.id)
    key = standing.person.key
    if any(d.voice == key and d.evidence_revision == revision for d in decisions):
        return False
    parts = agreement_on(request, decisions).parts
    return any(part.missing and part.requirement.role in held for part in parts)
