"""What must be so of every message to a person at the moment when it is queued."""

from collections.abc import Iterable
from functools import partial

from bot.domain.agreement import Decision, DecisionKind
from bot.domain.change_request import OPEN, ChangeRequest, RequestState
from bot.domain.names import SlackUserId
from bot.domain.outbox import OutboxKind
from bot.domain.told_state import told_to_requester
from tests.fakes.world import ADMINS
from tests.properties.accounts import Accounts
from tests.properties.followed import seats
from tests.properties.history import History
from tests.properties.mortal import Message


def is_true(message: Message, accounts: History[Accounts]) -> bool:
    """Tell whether a message says what is so, to whom it concerns."""
    entry, request = message.entry, message.request
    match entry.kind:
        case OutboxKind.TELL:
            return entry.addressee == request.requester and _is_news(message)
        case OutboxKind.CALL:
            return request.state is RequestState.PENDING
        case _:
            assert entry.addressee is not None
            return request.state is RequestState.PENDING and _concerns(message, accounts)


def _is_news(message: Message) -> bool:
    """Tell whether somebody hears of an end, of a beginning to come, or that it does not come."""
    entry, request = message.entry, message.request
    if request.state is RequestState.PENDING:
        return entry.text.startswith(request.label) and " waits for approval " in entry.text
    is_news = request.state not in OPEN or request.state is RequestState.APPROVED
    return is_news and entry.text.startswith(told_to_requester(request))


def _concerns(message: Message, accounts: History[Accounts]) -> bool:
    """Tell whether one is asked whose word is missing and would count, or is told as agreed."""
    entry = message.entry
    assert entry.addressee is not None
    if f":escalated to {ADMINS} " in entry.key:
        return ADMINS in accounts.now[entry.addressee].roles
    return entry.addressee in missing(message.request, message.decisions, accounts)


def missing(
    request: ChangeRequest, decisions: Iterable[Decision], accounts: History[Accounts]
) -> frozenset[SlackUserId]:
    """Return the accounts of those whose approval would fill a place that nobody fills yet."""
    verdict, revision = request.evidence.verdict, request.evidence.revision
    words = sorted(
        (d for d in decisions if d.evidence_revision == revision),
        key=lambda d: d.decided_at,
    )
    voices = [accounts.at(d.decided_at)[d.person] for d in words]
    latest = {who.human: (d.kind, who) for d, who in zip(words, voices, strict=True)}
    yes = [who for kind, who in latest.values() if kind is DecisionKind.APPROVE]
    done = {who.human for who in voices} | {who.id for who in voices}
    done |= _askers(request, accounts) if verdict.terms.four_eyes else set()
    wanted = {each.role: each.count for each in verdict.requirements}
    count = partial(seats, wanted, distinct=verdict.terms.distinct)
    return frozenset(
        account.id
        for account in accounts.now.values()
        if not {account.id, account.human} & done and count([*yes, account]) > count(yes)
    )


def _askers(request: ChangeRequest, accounts: History[Accounts]) -> set[str]:
    """Return who asked, by account and address, as they were then and are now."""
    asker = request.requester
    known = [then.get(asker) for then in (accounts.now, accounts.at(request.created_at))]
    return {asker, *(who.human for who in known if who)}
