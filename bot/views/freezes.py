"""Freezes: what holds a promotion up, what somebody declared or lifted, and the list of all."""

from collections.abc import Iterable, Iterator, Sequence

from slack_sdk.models.blocks import RichTextBlock

from bot.domain.counting import count
from bot.domain.freezing import EVERYTHING, Freeze, FreezeList, FreezeNews, Frozen
from bot.domain.names import short_name
from bot.views.blocks import Cell, fitting, grey, table
from bot.views.message import Block, Message
from bot.views.rich import (
    Part,
    bold,
    bullets,
    marked,
    moment,
    paragraph,
    person,
    quote,
    rich,
)
from bot.views.texts import Glyph, code, escape, listed, one_line, shorten, when

REASON = 500
"""Characters of a reason that a channel reads; the audit log has all of it."""
NAMED = 5
"""Freezes that are named one by one."""


def frozen_message(frozen: Frozen) -> Message:
    """Return why a promotion was not filed, until when, and what to do."""
    last = frozen.freezes[0]
    text = f"{Glyph.FROZEN} {short_name(frozen.model)} is frozen {last.told_end}"
    head: list[Part] = [f"{Glyph.FROZEN} ", bold(short_name(frozen.model)), " is frozen "]
    said = rich(
        paragraph(*head, *_until(last), ": nothing was proposed"),
        *bullets(_cause(freeze) for freeze in frozen.freezes[:NAMED]),
        paragraph(*marked(_what_to_do(frozen))),
    )
    words = f"{text}: nothing was proposed. {last.told_cause}"
    return Message(text=escape(one_line(words, 500)), blocks=(said, grey(code(frozen.model))))


def freeze_line(freezes: tuple[Freeze, ...]) -> list[Part]:
    """Return what holds a promotion up now, on one line."""
    return [f"{Glyph.FROZEN} Frozen ", *_until(freezes[0]), ": ", *_whose(freezes[0])]


def _what_to_do(frozen: Frozen) -> str:
    ends = all(freeze.ends_at for freeze in frozen.freezes)
    declared = next((freeze for freeze in frozen.freezes if not freeze.window), None)
    windows = any(freeze.window for freeze in frozen.freezes)
    said = ["Ask again then." if ends else ""]
    if declared is not None and frozen.may_lift:
        roles = listed(frozen.may_lift, "or")
        said.append(f"Somebody of {roles} may lift it: `{_lifting(declared)}`.")
    if windows:
        said.append("The windows of policies are lifted by changing the policies.")
    return " ".join(filter(None, [*said, "A rollback is never frozen."]))


def _lifting(freeze: Freeze) -> str:
    models = "" if freeze.models == (EVERYTHING,) else f" {freeze.models[0]}"
    return f"/model unfreeze{models}"


def _cause(freeze: Freeze) -> list[Part]:
    return [*_whose(freeze), ", ", *_until(freeze)]


def _why(freeze: Freeze) -> list[Part]:
    """Return what stands beside the models: who froze them and why, or the policy's window."""
    if freeze.by is None:
        return _whose(freeze)
    return [person(freeze.by), f": {one_line(freeze.reason, 300)}"]


def _whose(freeze: Freeze) -> list[Part]:
    if freeze.by is None:
        return [one_line(freeze.told_cause, 300)]
    return [person(freeze.by), f" froze {_models(freeze)}: {one_line(freeze.reason, 300)}"]


def _models(freeze: Freeze) -> str:
    return one_line(freeze.told_models)


def _until(freeze: Freeze) -> list[Part]:
    if freeze.ends_at is None:
        return [freeze.told_end]
    return ["until ", moment(freeze.ends_at)]


def freeze_news_message(news: FreezeNews) -> Message:
    """Return that somebody froze models, or lifted that; in brief where the channel says it all."""
    if news.told_in:
        return Message(text=escape(_news(news)), blocks=(_told_above(news),))
    return Message(text=escape(_news(news)), blocks=tuple(_news_blocks(news)))


def _told_above(news: FreezeNews) -> Block:
    glyph = Glyph.DONE if news.lifted else Glyph.FROZEN
    now: list[Part] = ["no longer frozen"] if news.lifted else ["frozen ", *_until(news.freeze)]
    told = f"; {_waiting(news)}. The channel of releases is told."
    return rich(paragraph(f"{glyph} ", bold(_models(news.freeze)), ": ", *now, told))


def _news(news: FreezeNews) -> str:
    what = _models(news.freeze)
    if news.lifted:
        return f"{Glyph.DONE} {what}: no longer frozen"
    return f"{Glyph.FROZEN} {what}: frozen {news.freeze.told_end}"


def _news_blocks(news: FreezeNews) -> Iterator[Block]:
    glyph = Glyph.DONE if news.lifted else Glyph.FROZEN
    head: list[Part] = [
        f"{glyph} ",
        person(news.by),
        " lifted the freeze of " if news.lifted else " froze ",
    ]
    end = [] if news.lifted else [" ", *_until(news.freeze)]
    yield rich(
        paragraph(*head, bold(_models(news.freeze)), *end), *quote(shorten(news.reason, REASON))
    )
    yield grey(_waiting(news), "" if news.lifted else "rollbacks are never frozen")
    if news.untold:
        said = f"{Glyph.LOOK} The channel of releases was not told: {one_line(news.untold, 300)}"
        yield rich(paragraph(said))


def _waiting(news: FreezeNews) -> str:
    if not news.waiting:
        return "nothing waited for it" if news.lifted else "nothing approved waits now"
    one = news.waiting == 1
    lifted, held = ("goes on", "waits") if one else ("go on", "wait")
    said = f"{lifted} now" if news.lifted else f"{held} for its end"
    return f"{count(news.waiting, 'approved promotion')} {said}"


def freeze_list_message(freezes: FreezeList) -> Message:
    """Return what is frozen now and soon, in a table."""
    return Message(text=escape(_fact(freezes)), blocks=tuple(_list_blocks(freezes)))


def _fact(freezes: FreezeList) -> str:
    now, soon = len(freezes.in_force), len(freezes.to_come)
    head = f"{Glyph.FROZEN} {count(now, 'freeze')} in force" if now else "Nothing is frozen now"
    return f"{head}, {count(soon, 'window')} in the next 14 days" if soon else head


def _list_blocks(freezes: FreezeList) -> Iterator[Block]:
    yield rich(paragraph(_fact(freezes)))
    rows = [_row([freeze], "now") for freeze in freezes.in_force]
    rows += [_row(group, "to come") for group in _by_window(freezes.to_come)]
    yield from table(("state", "models", "from", "until", "because"), rows)
    hidden = len(rows) - len(fitting(rows))
    if hidden > 0:
        yield grey(f"{hidden} more not shown")
    yield grey(f"as of {when(freezes.now)}", "rollbacks are never frozen")


def _by_window(freezes: Iterable[Freeze]) -> Iterable[list[Freeze]]:
    """Return freezes to come, those of one window together, in the order of the next of each."""
    groups: dict[object, list[Freeze]] = {}
    for freeze in freezes:
        key = (freeze.policy, freeze.window, freeze.models, freeze.but) if freeze.window else freeze
        groups.setdefault(key, []).append(freeze)
    return groups.values()


def _row(group: Sequence[Freeze], state: str) -> tuple[Cell, ...]:
    """Return the next of several freezes that differ in their times only, and how many follow."""
    freeze, *later = group
    ends: list[Part] = [moment(freeze.ends_at) if freeze.ends_at else freeze.told_end]
    if later:
        ends += [f", and {len(later)} more, the last from ", moment(later[-1].begins_at)]
    return (
        state,
        _models(freeze),
        RichTextBlock(elements=[paragraph(moment(freeze.begins_at))]),
        RichTextBlock(elements=[paragraph(*ends)]),
        RichTextBlock(elements=[paragraph(*_why(freeze))]),
    )
