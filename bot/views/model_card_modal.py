"""The modal in which somebody fills in a model card."""

from slack_sdk.models.blocks import Block as SlackBlock
from slack_sdk.models.blocks import InputBlock, PlainTextInputElement, SectionBlock

from bot.domain.model_card import FIELD_LIMIT, MODEL_CARD_PATH, REQUIRED_FIELDS, CardField, CardForm
from bot.domain.names import short_name
from bot.views.ids import ActionId, CallbackId
from bot.views.modals import ModalView, modal
from bot.views.texts import code, escape

_HINTS = {
    CardField.PURPOSE: "What the model is for, and for whom",
    CardField.INPUT_SCHEMA: "What it takes",
    CardField.OUTPUT_SCHEMA: "What it returns",
    CardField.TRAINING_DATA: "What it learned from, and until when",
    CardField.PERFORMANCE_METRICS: "How good it is, on which data",
    CardField.LIMITATIONS: "Where it must not be used",
}


def model_card_modal(form: CardForm) -> ModalView:
    """Return the form, with what the present card says."""
    name = f"*{escape(short_name(form.model))}* v{form.version}"
    told = f"This is written as {code(MODEL_CARD_PATH)} of the run of {name}."
    blocks: list[SlackBlock] = [SectionBlock(text=told)]
    blocks += [_input(field, form) for field in CardField]
    return modal(
        title="Model card",
        submit="File",
        callback=CallbackId.MODEL_CARD,
        key=form.key,
        blocks=blocks,
    )


def _input(field: CardField, form: CardForm) -> InputBlock:
    said, least = form.said.get(field, "")[:FIELD_LIMIT], form.least.get(field, 0)
    element = PlainTextInputElement(
        action_id=ActionId.CARD_FIELD,
        multiline=True,
        min_length=_min_length(said, least),
        max_length=FIELD_LIMIT,
        initial_value=said or None,
    )
    label = field.replace("_", " ").capitalize()
    return InputBlock(
        block_id=field,
        label=label,
        element=element,
        optional=field not in REQUIRED_FIELDS and not least,
        hint=_hint(field, form, least),
    )


def _min_length(said: str, least: int) -> int | None:
    """Return what Slack asks for; nothing where it would have to show less than that."""
    asked = min(least, FIELD_LIMIT)
    return asked if asked > 1 and (not said or len(said) >= asked) else None


def _hint(field: CardField, form: CardForm, least: int) -> str | None:
    whole = len(form.said.get(field, ""))
    rest = f"Its first {FIELD_LIMIT:,} of {whole:,} characters; what follows them stays"
    length = f"The policy asks for {least} characters or more" if least > 1 else ""
    told = [_HINTS.get(field, ""), length, rest if whole > FIELD_LIMIT else ""]
    return ". ".join(filter(None, told)) or None
