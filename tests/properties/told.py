"""Who has to be told what: each end once, each missing word once, and cards that show the end."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import pairwise

from bot.domain.audit import AuditEvent
from bot.domain.automatic import BY_POLICY
from bot.domain.change_request import ChangeRequest, RequestState
from bot.domain.names import RequestId, SlackUserId
from bot.domain.outbox import OutboxKind
from tests.fakes.people import FakeNotifier
from tests.fakes.world import ADMINS
from tests.properties.accounts import Accounts
from tests.properties.history import History
from tests.properties.messages import missing
from tests.properties.mortal import Message
from tests.properties.trails import Trails

S = RequestState
NEWS = {
    S.SUCCEEDED,
    S.UNDONE,
    S.FAILED,
    S.DENIED,
    S.REJECTED,
    S.CANCELLED,
    S.EXPIRED,
    S.SUPERSEDED,
}
"""What whoever asked has to hear of, unless he did it."""
QUIET = timedelta(hours=1)
"""Time in which nobody is asked anew twice about the same request."""
MOMENT = timedelta(minutes=1)
"""Time that may pass between asking people and writing down that they were asked."""
AGREED = {S.APPROVED, S.QUEUED}


class Asked:
    """Follows who was asked for his word: everybody whose word is missing, and nobody else.

    About the same request nobody is asked anew twice within an hour.
    """

    def __init__(self) -> None:
        self._anew: dict[tuple[RequestId, SlackUserId], datetime] = {}
        self._asked: dict[tuple[RequestId, int, str], set[SlackUserId]] = defaultdict(set)

    def hear(
        self, messages: Iterable[Message], accounts: History[Accounts], *, is_readable: bool
    ) -> None:
        """Hear messages of one transaction; where all can be read, nobody is left out."""
        last: dict[tuple[RequestId, int, str], Message] = {}
        rung: dict[tuple[RequestId, SlackUserId], datetime] = {}
        for message in messages:
            entry = message.entry
            if entry.kind is OutboxKind.ASK and entry.addressee:
                key = (entry.request, message.request.evidence.revision, _topic(message))
                self._asked[key].add(entry.addressee)
                last[key] = message
                if _is_anew(message):
                    assert entry.addressee not in self._resting(message, QUIET - MOMENT), key
                    rung[entry.request, entry.addressee] = message.at
        for key, message in last.items() if is_readable else ():
            resting = self._resting(message, QUIET + MOMENT) if _is_anew(message) else set()
            assert self._asked[key] | resting >= _concerned(message, accounts), key
        self._anew |= rung

    def _resting(self, message: Message, pause: timedelta) -> set[SlackUserId]:
        """Return who was asked anew about the request so short a time ago."""
        asked = ((user, at) for (request, user), at in self._anew.items() if _is(message, request))
        return {user for user, at in asked if message.at - at < pause}

    def is_reminded(self, request: ChangeRequest) -> bool:
        return bool(self._asked[request.id, request.evidence.revision, "reminded"])


def _is(message: Message, request: RequestId) -> bool:
    return message.entry.request == request


def _is_anew(message: Message) -> bool:
    return _topic(message) == "asked" and message.request.evidence.revision > 1


def _topic(message: Message) -> str:
    return message.entry.key.split(":")[3]


def _concerned(message: Message, accounts: History[Accounts]) -> frozenset[SlackUserId]:
    if not _topic(message).startswith("escalated"):
        return missing(message.request, message.decisions, accounts)
    known = accounts.now.values()
    return frozenset(account.id for account in known if ADMINS in account.roles)


def everybody_heard(trails: Trails, chat: FakeNotifier) -> None:
    """See that whoever asked heard of each end and setback once, and that cards show the end."""
    for request in trails.requests:
        moves = [event for event in trails.of(request) if "to" in event.details]
        news = [
            event
            for event, after in pairwise([*moves, None])
            if event and _is_news(event, request) and not _is_allowed(event, after)
        ]
        heard = list(_heard(request, chat))
        assert len(heard) == len(news), (request.label, [e.action for e in news], heard)
    shown = {card.request.id: card.request for card in chat.cards.values()}
    assert len(shown) == len(chat.cards), "a request has two cards"
    for request in trails.requests:
        is_denied_at_once = trails.of(request)[0].action == "change_request.denied"
        assert is_denied_at_once or shown[request.id].state is request.state
        assert is_denied_at_once or shown[request.id].resolution == request.resolution


def _is_news(event: AuditEvent, request: ChangeRequest) -> bool:
    """Tell whether somebody who asked has to hear of an event."""
    if request.requester == BY_POLICY:
        return False
    came, went = event.details["from"], event.details["to"]
    if went == S.PENDING:
        return came in AGREED
    if went == S.APPROVED:
        return bool(event.details["approvers"])
    return went in NEWS and event.actor != request.requester


def _is_allowed(event: AuditEvent, after: AuditEvent | None) -> bool:
    """Tell whether what was to wait again went on at once, since nobody has to agree."""
    waits = event.details["to"] == S.PENDING
    is_approved = after is not None and after.details["to"] == S.APPROVED
    return waits and is_approved and after is not None and not after.details["approvers"]


def _heard(request: ChangeRequest, chat: FakeNotifier) -> Iterator[str]:
    for user, text in chat.told:
        if text.startswith(f"{request.label} "):
            assert user == request.requester
            yield text
