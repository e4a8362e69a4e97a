"""Who agreed, who still has to, as the checklist of a card."""

from collections.abc import Iterator

from bot.domain.agreement import Agreed, DecisionKind
from bot.domain.messages import RequestCard
from bot.domain.names import SlackUserId
from bot.views.rich import Part, people, person
from bot.views.texts import count, one_line


def agreement_lines(card: RequestCard) -> Iterator[list[Part]]:
    """Yield one line for each requirement, then the rejections so far."""
    if not card.agreement.parts:
        yield ["nobody has to approve"]
    for part in card.agreement.parts:
        yield _line(card, part)
    needed = card.request.evidence.verdict.rejections
    for rejection in card.agreement.rejections:
        said = f": {one_line(rejection.reason)}" if rejection.reason else ""
        yield ["✗ rejected by ", person(rejection.person), f" (1 of {needed}){said}"]


def _line(card: RequestCard, part: Agreed) -> list[Part]:
    role, wanted = part.requirement.role, part.requirement.count
    sign = "☐" if part.missing else "✓"
    line: list[Part] = [f"{sign} {role} {min(len(part.people), wanted)}/{wanted} "]
    line += people(part.people)
    if part.missing:
        gap = " " if part.people else ""
        line.append(f"{gap}({_who_may(card, part)})")
    return line


def _who_may(card: RequestCard, part: Agreed) -> str:
    known = card.eligible.get(part.requirement.role)
    if known is None:
        return "not the requester"
    left = set(known) - {card.request.requester} - set(part.people)
    if not left:
        return "nobody else has this role"
    return f"any of {len(left)}, not the requester" if len(left) > 1 else "1 person can"


def approvers(card: RequestCard) -> tuple[SlackUserId, ...]:
    """Return who agreed to the present evidence, in the order of the clicks."""
    agreed = [d for d in card.decisions if d.kind is DecisionKind.APPROVE]
    return tuple(d.person for d in sorted(agreed, key=lambda d: d.decided_at))


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
