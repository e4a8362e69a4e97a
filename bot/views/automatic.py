"""What policies propose by themselves, and whether they may."""

from collections.abc import Iterator

from slack_sdk.models.blocks import RichTextElement

from bot.domain.automatic import AutomaticPolicy, AutomaticState, Switch
from bot.views.message import Message
from bot.views.rich import Part, bullets, moment, paragraph, person, quote, rich
from bot.views.texts import Glyph, escape, one_line


def automatic_message(state: AutomaticState) -> Message:
    """Return how the switch stands, who moved it, and what each policy did today."""
    head = _head(state)
    lines = [paragraph(head), *_moved(state.switch)]
    if state.policies:
        lines += bullets([_line(policy)] for policy in state.policies)
    lines += [paragraph(text) for text in _hints(state)]
    return Message(text=escape(one_line(head, 300)), blocks=(rich(*lines),))


def _head(state: AutomaticState) -> str:
    if not state.switch.is_on:
        return f"{Glyph.FROZEN} Automatic proposals are off: nothing is proposed without a person"
    if not state.policies:
        return "Automatic proposals are on, and no policy makes any"
    return f"{Glyph.DONE} Automatic proposals are on"


def _moved(switch: Switch) -> Iterator[RichTextElement]:
    if switch.at is None:
        return
    said: list[Part] = ["Switched ", "on" if switch.is_on else "off", " by ", person(switch.by)]
    yield paragraph(*said, " ", moment(switch.at))
    yield from quote(switch.reason)


def _line(policy: AutomaticPolicy) -> str:
    automatic = policy.automatic
    is_over = policy.today >= automatic.per_day
    return (
        f"{policy.name}: proposes what becomes {automatic.on}, "
        f"{policy.today} of {automatic.per_day} today"
        f"{'; the next ones wait for tomorrow (UTC)' if is_over else ''}"
    )


def _hints(state: AutomaticState) -> Iterator[str]:
    if state.policies and not state.has_channel:
        yield "No channel of releases is set (HERALD_RELEASES_CHANNEL), so nothing is proposed."
    if not state.policies:
        yield "A policy makes some with `auto: {on: challenger}`."
