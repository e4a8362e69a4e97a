"""Who agreed, who still has to, as the checklist of a card."""

from collections.abc import Iterator

from bot.domain.agreement import Agreed, Decision, DecisionKind
from bot.domain.change_request import RequestState
from bot.domain.counting import count
from bot.domain.messages import RequestCard
from bot.domain.names import RoleName, SlackUserId
from bot.domain.people import MEMBERS, Doubt
from bot.views.rich import Part, group, people, person
from bot.views.texts import listed, one_line

SHOWN_REASONS = 5
SHOWN_REJECTIONS = 5
REASON_LIMIT = 200
GONE = "; a group that gives it does not exist"


def agreement_lines(card: RequestCard) -> Iterator[list[Part]]:
    """Yield one line for each requirement, then the rejections so far."""
    if not card.agreement.parts:
        yield ["nobody has to approve"]
    for part in card.agreement.parts:
        yield _line(card, part)
    needed = card.request.evidence.verdict.rejections
    rejections = card.agreement.rejections
    for rejection in rejections[:SHOWN_REJECTIONS]:
        said = f": {one_line(rejection.reason)}" if rejection.reason else ""
        yield ["✗ rejected by ", person(rejection.person), f" (1 of {needed}){said}"]
    if len(rejections) > SHOWN_REJECTIONS:
        more = count(len(rejections) - SHOWN_REJECTIONS, "more rejection")
        yield [f"{more} among the decisions under Details"]


def _line(card: RequestCard, part: Agreed) -> list[Part]:
    role, wanted = part.requirement.role, part.requirement.count
    sign = "☐" if part.missing else "✓"
    line: list[Part] = [f"{sign} {role} {min(len(part.people), wanted)}/{wanted} "]
    line += people(part.people)
    if part.missing:
        line += [" (" if part.people else "(", *_who_may(card, part), ")"]
    when = part.requirement.when
    return _joined([*line, f", because {one_line(when.told())}"] if when else line)


def _joined(parts: list[Part]) -> list[Part]:
    """Return the same words with as few pieces as can be."""
    pieces: list[Part] = []
    for part in parts:
        if isinstance(part, str) and pieces and isinstance(pieces[-1], str):
            pieces[-1] += part
        else:
            pieces.append(part)
    return pieces


def _who_may(card: RequestCard, part: Agreed) -> list[Part]:
    role, four_eyes = part.requirement.role, card.request.evidence.verdict.terms.four_eyes
    others = ", not the requester" if four_eyes else ""
    is_asked = card.request.state is RequestState.PENDING
    if role == MEMBERS and is_asked:
        return [f"any full member{others}"]
    known = card.eligible.get(role)
    if known is None:
        return ["who has this role cannot be read now" if is_asked else others.removeprefix(", ")]
    left = [user for user in known if user not in part.people]
    if four_eyes:
        left = [user for user in left if user != card.request.requester]
    doubts = card.doubts.get(role, frozenset())
    return [*_those(card, left, role, others), *_beyond(doubts)] if left else [_nobody(doubts)]


def _those(card: RequestCard, left: list[SlackUserId], role: RoleName, others: str) -> list[Part]:
    """Return who may: by name where they are few, by their groups where they are many."""
    names = [card.names[user] for user in left if user in card.names]
    if len(names) == len(left):
        return [f"{listed(names, 'or')} can"]
    groups = card.groups.get(role, ())
    of: list[Part] = [part for each in groups for part in (" of ", group(each))]
    most = "up to " if Doubt.UNCHECKED in card.doubts.get(role, ()) else ""
    return [f"any of {most}{len(left)}", *of, others] if len(left) > 1 else ["1 person can"]


def _beyond(doubts: frozenset[Doubt]) -> Iterator[Part]:
    """Yield that others may as well, of whom nothing is known."""
    if Doubt.UNLISTED in doubts:
        yield ", and others by their groups"
    if Doubt.UNREAD in doubts:
        yield "; who else cannot be read now"
    if Doubt.GONE in doubts:
        yield GONE


def _nobody(doubts: frozenset[Doubt]) -> str:
    if Doubt.UNREAD in doubts:
        return "who else has this role cannot be read now"
    if Doubt.UNLISTED in doubts:
        return "others can, by their groups"
    return f"nobody else has this role{GONE if Doubt.GONE in doubts else ''}"


def reasons_given(card: RequestCard) -> Iterator[list[Part]]:
    """Yield why those who agreed did, one line each; only those who said why."""
    agreed = sorted(_agreeing(card), key=lambda d: d.decided_at)
    said = [(d.person, one_line(d.reason, REASON_LIMIT)) for d in agreed if d.reason.strip()]
    for user, reason in said[:SHOWN_REASONS]:
        yield [person(user), f": {reason}"]
    if len(said) > SHOWN_REASONS:
        yield [f"{count(len(said) - SHOWN_REASONS, 'more reason')} under Details"]


def approvers(card: RequestCard) -> tuple[SlackUserId, ...]:
    """Return whose approvals of the present evidence count, in the order of the clicks."""
    return tuple(d.person for d in sorted(_agreeing(card), key=lambda d: d.decided_at))


def _agreeing(card: RequestCard) -> Iterator[Decision]:
    counting = {user for part in card.agreement.parts for user in part.people}
    approvals = (d for d in card.decisions if d.kind is DecisionKind.APPROVE)
    return (approval for approval in approvals if approval.person in counting)


def void_approvals(card: RequestCard) -> str:
    """Return how many approvals no longer count, or nothing."""
    revision = card.request.evidence.revision - 1
    lost = {
        d.person
        for d in card.void
        if d.kind is DecisionKind.APPROVE and d.evidence_revision == revision
    }
    verb = "counts" if len(lost) == 1 else "count"
    return f"{count(len(lost), 'approval')} no longer {verb}." if lost else ""
