"""The private receipt of a new change request, or its denial with every reason."""

from collections.abc import Iterator

from bot.domain.change_request import ChangeRequest, RequestState
from bot.domain.counting import count
from bot.domain.messages import Filed
from bot.domain.names import short_name
from bot.domain.policy import ChangeKind
from bot.domain.verdict import VerdictKind
from bot.views.blocks import grey
from bot.views.headlines import Headline, not_done
from bot.views.message import Block, Message
from bot.views.outcomes import reason_lines, why_denied
from bot.views.rich import bullets, marked, paragraph, rich
from bot.views.texts import Glyph, code


def filed_message(filed: Filed) -> Message:
    """Return what became of a request that was just made."""
    head = _headline(filed.request)
    return Message(text=head.text, blocks=tuple(_blocks(filed.request, head)))


def _headline(request: ChangeRequest) -> Headline:
    if request.state is RequestState.DENIED:
        why = why_denied(request.evidence.verdict)
        return not_done(request, Glyph.REFUSED, why, "proposed")
    name = short_name(request.model)
    return Headline(glyph=Glyph.WAITING, name=name, after=_asked(request))


def _asked(request: ChangeRequest) -> str:
    verdict = request.evidence.verdict
    back = " back to" if request.kind is ChangeKind.ROLL_BACK else ""
    head = f"{back} v{request.version} → {request.alias}: {request.label}"
    if verdict.kind is VerdictKind.ALLOWED:
        return f"{head} begins now, nobody has to approve it"
    needed = sum(requirement.count for requirement in verdict.requirements)
    return f"{head} waits for {count(needed, 'approval')}"


def _blocks(request: ChangeRequest, head: Headline) -> Iterator[Block]:
    verdict = request.evidence.verdict
    yield rich(paragraph(*head.parts))
    if request.state is not RequestState.DENIED:
        yield grey(code(request.model), "its card is on the way to the channel")
        return
    yield grey(code(request.model), f"on record as {request.label}", "nothing was changed")
    yield rich(
        *bullets(reason_lines(verdict.blocking)),
        *bullets(marked(reason) for reason in verdict.reasons),
        paragraph(*marked(f"Everything that was checked: `/model request {request.label}`")),
    )
