"""Registered models that match some words."""

from collections.abc import Iterator

from bot.domain.counting import count
from bot.domain.messages import ModelList
from bot.domain.names import short_name
from bot.domain.registry import RegisteredModel
from bot.views.changes import named_versions
from bot.views.message import Block, Message
from bot.views.rich import Part, bold, bullets, fixed, marked, paragraph, rich
from bot.views.texts import escape, one_line

SHOWN_MODELS = 25


def model_list_message(models: ModelList) -> Message:
    """Return models by name, with what their aliases name."""
    return Message(text=escape(_fact(models)), blocks=tuple(_blocks(models)))


def _fact(models: ModelList) -> str:
    words = one_line(" ".join(models.words))
    if not models.total:
        return f"No model matches '{words}'" if words else "The registry holds no model"
    matching = f" {'matches' if models.total == 1 else 'match'} '{words}'" if words else ""
    return f"{count(models.total, 'model')}{matching}"


def _blocks(models: ModelList) -> Iterator[Block]:
    shown = models.models[:SHOWN_MODELS]
    hidden = models.total - len(shown)
    more = f"{hidden} more: narrow it with `/model list WORDS`" if hidden > 0 else ""
    hint = more if models.total else "All models: `/model list`"
    yield rich(
        paragraph(_fact(models)),
        *bullets(_line(model) for model in shown),
        *([paragraph(*marked(hint))] if hint else []),
    )


def _line(model: RegisteredModel) -> list[Part]:
    said = " · ".join(
        part for part in (named_versions(model), one_line(model.description, 80)) if part
    )
    name: list[Part] = [bold(short_name(model.name)), " ", fixed(model.name)]
    return [*name, f"  {said}"] if said else name
