"""The home tab of Herald's app: what waits for somebody, what is his, what needs a look."""

from collections.abc import Iterator, Sequence
from typing import Any

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    DividerBlock,
    HeaderBlock,
    MarkdownTextObject,
    SectionBlock,
)
from slack_sdk.models.views import View

from bot.domain.automatic import Switch
from bot.domain.change_request import ChangeRequest, RequestState
from bot.domain.counting import count
from bot.domain.freezing import EVERYTHING, Freeze
from bot.domain.home import EndpointLook, HomeRequest, HomeSheet
from bot.domain.refusal import Refusal
from bot.domain.verdict import VerdictKind
from bot.views import message, outcomes
from bot.views.blocks import button, grey
from bot.views.ids import ActionId
from bot.views.refusals import plain_text
from bot.views.request_list import change_of, told_state
from bot.views.texts import Glyph, escape, mention, one_line, shorten, when

HomeView = dict[str, Any]

SHOWN_LOOKS = 15
SHOWN_FREEZES = 5
SECTION_LIMIT = 3000
_VALUE = "home"


def home_tab(sheet: HomeSheet | Refusal) -> HomeView:
    """Return a home tab: at most 100 blocks (Slack)."""
    blocks = [_says(plain_text(sheet))] if isinstance(sheet, Refusal) else list(_blocks(sheet))
    view: HomeView = View(type="home", blocks=blocks).to_dict()
    return view


def _blocks(sheet: HomeSheet) -> Iterator[Block | message.Block]:
    yield SectionBlock(text=MarkdownTextObject(text=f"*{escape(_fact(sheet))}*"))
    promote = [button("Promote a model…", ActionId.OPEN_PROMOTE, _VALUE)]
    yield ActionsBlock(
        elements=[
            *(promote if sheet.may_promote else []),
            button("Compare versions…", ActionId.OPEN_COMPARE, _VALUE),
            button("Refresh", ActionId.REFRESH_HOME, _VALUE),
        ]
    )
    yield from _halted(sheet)
    yield DividerBlock()
    yield HeaderBlock(text="Waiting for you")
    yield from _requests(sheet.waiting, sheet.waiting_total, "No request.")
    yield HeaderBlock(text="Yours")
    yield from _requests(sheet.mine, sheet.mine_total, "You have not asked for a change yet.")
    yield HeaderBlock(text="Endpoints that need a look")
    yield from _looks(sheet.looks)
    yield grey(f"as of {when(sheet.shown_at)}")


def _fact(sheet: HomeSheet) -> str:
    waiting = count(sheet.waiting_total, "request")
    parts = [
        f"{waiting} {'waits' if sheet.waiting_total == 1 else 'wait'} for your decision"
        if sheet.waiting_total
        else "Nothing waits for your decision"
    ]
    if sheet.looks:
        needs = "needs" if len(sheet.looks) == 1 else "need"
        parts.append(f"{count(len(sheet.looks), 'endpoint')} {needs} a look")
    if sheet.freezes:
        parts.append(f"{count(len(sheet.freezes), 'freeze')} in force")
    return " · ".join(parts)


def _halted(sheet: HomeSheet) -> Iterator[Block | message.Block]:
    """Yield what is frozen, and that automatic proposals were stopped; mostly nothing."""
    if sheet.freezes or sheet.stopped:
        yield DividerBlock()
    yield from map(_freeze, sheet.freezes[:SHOWN_FREEZES])
    if len(sheet.freezes) > SHOWN_FREEZES:
        yield grey(f"{len(sheet.freezes) - SHOWN_FREEZES} more: `/model freezes`")
    if sheet.stopped:
        yield _stopped(sheet.stopped)


def _freeze(freeze: Freeze) -> SectionBlock:
    every = EVERYTHING in freeze.models
    told = one_line(freeze.told_models)
    models = escape(f"{told[:1].upper()}{told[1:]}" if every else told)
    end = f"until {when(freeze.ends_at)}" if freeze.ends_at else freeze.told_end
    whose = f"{mention(freeze.by)}: " if freeze.by else ""
    cause = escape(one_line(freeze.told_cause, 300))
    return _marked(
        f"{Glyph.FROZEN} *{models}* {'are' if every else 'is'} frozen {end}\n{whose}{cause}"
    )


def _stopped(switch: Switch) -> SectionBlock:
    since = f", {when(switch.at)}" if switch.at else ""
    reason = f": {escape(one_line(switch.reason, 300))}" if switch.reason else ""
    said = f"{Glyph.FROZEN} *Automatic proposals are off*: nothing is proposed without a person"
    return _marked(f"{said}\n{mention(switch.by)}{since}{reason}")


def _requests(
    shown: Sequence[HomeRequest], total: int, nothing: str
) -> Iterator[Block | message.Block]:
    if not shown:
        yield _says(nothing)
    for line in shown:
        yield _request(line)
    if total > len(shown):
        yield grey(f"{total - len(shown)} more")


def _request(line: HomeRequest) -> SectionBlock:
    request = line.request
    label = f"<{line.link}|{request.label}>" if line.link else request.label
    facts = f"{mention(request.requester)} · {when(request.created_at)}"
    words = f"*{label}*  {escape(change_of(request))} · {escape(_told(request))}\n{facts}"
    if request.reason:
        words += f"\n>{escape(one_line(request.reason))}"
    details = button("Details", ActionId.DETAILS, line.key) if line.key else None
    text = MarkdownTextObject(text=shorten(words, SECTION_LIMIT))
    return SectionBlock(text=text, accessory=details)


def _told(request: ChangeRequest) -> str:
    """Return how a request stands and, where it ended without a change, why."""
    why, verdict = "", request.evidence.verdict
    match request.state:
        case RequestState.DENIED if verdict.kind is VerdictKind.DENIED:
            why = outcomes.why_denied(verdict)
        case RequestState.DENIED | RequestState.REJECTED:
            why = request.note
        case RequestState.EXPIRED:
            why = "not enough agreed in time"
        case _:
            pass
    return f"{told_state(request)}{f': {one_line(why)}' if why else ''}"


def _looks(looks: Sequence[EndpointLook] | None) -> Iterator[Block | message.Block]:
    if looks is None:
        yield _says("Herald has not looked at the endpoints of late. Look now: `/model health`")
    elif not looks:
        yield _says("No endpoint needs a look.")
    else:
        yield from map(_look, looks[:SHOWN_LOOKS])
        if len(looks) > SHOWN_LOOKS:
            yield grey(f"{len(looks) - SHOWN_LOOKS} more: `/model health`")


def _look(look: EndpointLook) -> SectionBlock:
    words = f"{Glyph.LOOK} *{escape(look.name)}*  {escape('; '.join(look.reasons))}"
    return _marked(words)


def _marked(words: str) -> SectionBlock:
    return SectionBlock(text=MarkdownTextObject(text=shorten(words, SECTION_LIMIT)))


def _says(words: str) -> SectionBlock:
    return SectionBlock(text=MarkdownTextObject(text=escape(words)))
