"""The private receipt of a new change request, or its denial with every reason."""

from collections.abc import Iterator

from bot.domain.change_request import ChangeRequest, RequestState
from bot.domain.messages import Filed
from bot.domain.names import short_name
from bot.domain.policy import ChangeKind
from bot.domain.verdict import VerdictKind
from bot.views.blocks import grey
from bot.views.message import Block, Message
from bot.views.outcomes import reason_lines, why_denied
from bot.views.rich import bold, bullets, marked, paragraph, rich
from bot.views.texts import Glyph, code, count, escape


def filed_message(filed: Filed) -> Message:
    """Return what became of a request that was just made."""
    request = filed.request
    denied = request.state is RequestState.DENIED
    glyph = Glyph.REFUSED if denied else Glyph.WAITING
    fact = _denied(request) if denied else _asked(request)
    text = escape(f"{glyph} {short_name(request.model)}{fact}")
    return Message(text=text, blocks=tuple(_blocks(request, glyph, fact)))


def _denied(request: ChangeRequest) -> str:
    verb = "promoted" if request.kind is ChangeKind.PROMOTE else "rolled back"
    verdict = request.evidence.verdict
    asked = "proposed" if verb == "promoted" else verb
    to = "" if verb == "promoted" else " to"
    return f"{to} v{request.version} was not {asked}: {why_denied(verdict)}"


def _asked(request: ChangeRequest) -> str:
    verdict = request.evidence.verdict
    back = " back to" if request.kind is ChangeKind.ROLL_BACK else ""
    head = f"{back} v{request.version} → {request.alias}: {request.label}"
    if verdict.kind is VerdictKind.ALLOWED:
        return f"{head} begins now, nobody has to approve it"
    needed = sum(requirement.count for requirement in verdict.requirements)
    return f"{head} waits for {count(needed, 'approval')}"


def _blocks(request: ChangeRequest, glyph: Glyph, fact: str) -> Iterator[Block]:
    verdict = request.evidence.verdict
    yield rich(paragraph(f"{glyph} ", bold(short_name(request.model)), fact))
    if request.state is not RequestState.DENIED:
        yield grey(code(request.model), "its card is on the way to the channel")
        return
    yield grey(code(request.model), f"on record as {request.label}", "nothing was changed")
    yield rich(
        *bullets(reason_lines(verdict.blocking)),
        *bullets(marked(reason) for reason in verdict.reasons),
        paragraph(*marked(f"Everything that was checked: `/model request {request.label}`")),
    )
