"""The first line of a change request's card: the fact, by state."""

from dataclasses import dataclass

from bot.domain.change_request import NOT_BEGUN, UNDER_WAY, ChangeRequest, RequestState
from bot.domain.counting import count
from bot.domain.messages import RequestCard
from bot.domain.names import RequestId, request_label, short_name
from bot.domain.policy import ChangeKind
from bot.domain.verdict import VerdictKind
from bot.views.changes import shares_of
from bot.views.notes import asked_by
from bot.views.outcomes import why_denied
from bot.views.progress import current_step
from bot.views.rich import Part, bold
from bot.views.texts import Glyph, escape, one_line

NOTE_LIMIT = 160
TROUBLE_LIMIT = 160


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """A status glyph and a sentence in which the model's short name stands out."""

    glyph: Glyph
    before: str = ""
    name: str
    after: str

    @property
    def parts(self) -> tuple[Part, ...]:
        """The line as it is shown."""
        return (f"{self.glyph} {self.before}", bold(self.name), self.after)

    @property
    def text(self) -> str:
        """The line as it is notified, escaped."""
        return escape(f"{self.glyph} {self.before}{self.name}{self.after}")


def headline(card: RequestCard) -> Headline:
    """Return the first line of a card."""
    request = card.request
    if request.resolution is not None:
        return not_done(request, Glyph.LOOK, "closed by a person as it stands")
    if request.state in NOT_BEGUN:
        return _asked(request, _status(card))
    if request.state in UNDER_WAY:
        glyph = Glyph.LOOK if request.state is RequestState.PAUSED else Glyph.RUNNING
        return _doing(request, glyph, _status(card))
    if card.replaced_by is not None:
        return _replaced(request, card.replaced_by)
    return _closed(card)


def _too_few(card: RequestCard) -> str:
    some = any(part.people for part in card.agreement.parts)
    return "too few agreed in time" if some else "nobody agreed in time"


def _status(card: RequestCard) -> str:
    match card.request.state:
        case RequestState.PENDING:
            return _missing(card)
        case RequestState.APPROVED | RequestState.QUEUED:
            return _queued(card.request)
        case RequestState.PAUSED:
            return "paused, a person has to look"
        case RequestState.UNDOING:
            return _taking_back(card)
        case _:
            return current_step(card)


def _taking_back(card: RequestCard) -> str:
    """Return that a change is taken back, and what holds that up."""
    under_way = [step.detail for step in card.steps if step.state == "in_progress"]
    trouble = one_line(under_way[-1], TROUBLE_LIMIT) if under_way else ""
    return f"taking back what was changed{f': {trouble}' if trouble else ''}"


def _closed(card: RequestCard) -> Headline:
    request = card.request
    match request.state:
        case RequestState.SUCCEEDED:
            return _done(request)
        case RequestState.UNDONE:
            return not_done(request, Glyph.BACK, _because(request.note))
        case RequestState.FAILED:
            return _half_way(request)
        case RequestState.DENIED:
            return _denied(request)
        case _:
            return not_done(request, Glyph.REFUSED, _why_closed(card))


def _why_closed(card: RequestCard) -> str:
    request = card.request
    words = {
        RequestState.EXPIRED: _too_few(card),
        RequestState.REJECTED: "rejected",
        RequestState.CANCELLED: "withdrawn before it began",
        RequestState.SUPERSEDED: one_line(request.note) or "another request took its place",
    }
    return words[request.state]


def not_done(request: ChangeRequest, glyph: Glyph, why: str, verb: str = "promoted") -> Headline:
    """Return that a change did not come about, and why; ``verb`` is what a promotion was not."""
    what = f" v{request.version} was not {verb}"
    if request.kind is ChangeKind.ROLL_BACK:
        what = f" was not rolled back to v{request.version}"
    return Headline(glyph=glyph, name=short_name(request.model), after=f"{what}: {why}")


def _asked(request: ChangeRequest, status: str) -> Headline:
    rolls_back = request.kind is ChangeKind.ROLL_BACK
    verb, to = ("Roll back", " to") if rolls_back else ("Promote", "")
    target = f"({request.alias})" if rolls_back else f"to {request.alias}"
    return Headline(
        glyph=Glyph.WAITING,
        before=f"{verb} ",
        name=short_name(request.model),
        after=f"{to} v{request.version} {target}: {status}",
    )


def _doing(request: ChangeRequest, glyph: Glyph, status: str) -> Headline:
    rolls_back = request.kind is ChangeKind.ROLL_BACK
    return Headline(
        glyph=glyph,
        before="Rolling back " if rolls_back else "Promoting ",
        name=short_name(request.model),
        after=f"{' to' if rolls_back else ''} v{request.version}: {status}",
    )


def _missing(card: RequestCard) -> str:
    missing = card.agreement.missing
    return f"{count(missing, 'more approval')} needed" if missing else "agreement reached"


def _queued(request: ChangeRequest) -> str:
    return (
        f"approved, waiting: {one_line(request.note)}"
        if request.note
        else "approved, about to begin"
    )


def _replaced(request: ChangeRequest, by: RequestId) -> Headline:
    until = f"until {request_label(by)}"
    after = f" v{request.version} was {request.alias} {until}"
    if request.kind is ChangeKind.ROLL_BACK:
        after = f" was back on v{request.version} ({request.alias}) {until}"
    return Headline(glyph=Glyph.DONE, name=short_name(request.model), after=after)


def _done(request: ChangeRequest) -> Headline:
    name, shares = short_name(request.model), shares_of(request.evidence.plan)
    if request.kind is ChangeKind.ROLL_BACK:
        serving = f", serving {shares}" if shares else ""
        after = f" is back on v{request.version} ({request.alias}){serving}"
        return Headline(glyph=Glyph.BACK, name=name, after=after)
    serving = f" and serves {shares}" if shares else ""
    after = f" v{request.version} is {request.alias}{serving}"
    return Headline(glyph=Glyph.DONE, name=name, after=after)


def _half_way(request: ChangeRequest) -> Headline:
    stands = one_line("; ".join(request.standing), 200)
    after = f" is half-way: {stands}" if stands else " is half-way, and Herald could not undo it"
    return Headline(glyph=Glyph.REFUSED, name=short_name(request.model), after=after)


def _denied(request: ChangeRequest) -> Headline:
    evidence = request.evidence
    was_asked = evidence.revision > 1 or request.note
    is_judged = evidence.verdict.kind is VerdictKind.DENIED
    why = why_denied(evidence.verdict) if is_judged else one_line(request.note) or "by policy"
    return not_done(request, Glyph.REFUSED, why, "promoted" if was_asked else "proposed")


def _because(note: str) -> str:
    if asked_by(note):
        return "undone on request"
    return told_whole(note) or "everything is as before"


def told_whole(note: str) -> str:
    """Return as much of a note as the headline tells."""
    return one_line(note, NOTE_LIMIT)
