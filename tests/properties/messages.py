"""What must be so of every message to a person at the moment when it is queued."""

from bot.domain.change_request import OPEN, RequestState
from bot.domain.outbox import OutboxKind
from bot.domain.told_state import told_state
from tests.properties.accounts import Accounts
from tests.properties.mortal import Message


def is_true(message: Message, accounts: Accounts) -> bool:
    """Tell whether a message says what is so, to whom it concerns."""
    entry, request = message.entry, message.request
    match entry.kind:
        case OutboxKind.TELL:
            is_news = request.state not in OPEN or request.state is RequestState.APPROVED
            says_so = entry.text.startswith(told_state(request))
            return is_news and says_so and entry.addressee == request.requester
        case OutboxKind.CALL:
            return request.state is RequestState.PENDING
        case _:
            return request.state is RequestState.PENDING and _may_help(message, accounts)


def _may_help(message: Message, accounts: Accounts) -> bool:
    """Tell whether somebody is asked whose word is missing, and would count."""
    entry, request = message.entry, message.request
    verdict, revision = request.evidence.verdict, request.evidence.revision
    assert entry.addressee is not None
    asked, requester = accounts[entry.addressee], accounts.get(request.requester)
    heard = {d.person for d in message.decisions if d.evidence_revision == revision}
    is_own = requester is not None and asked.human == requester.human
    return (
        bool(asked.roles & {each.role for each in verdict.requirements})
        and not (is_own and verdict.terms.four_eyes)
        and asked.human not in {accounts[person].human for person in heard}
    )
