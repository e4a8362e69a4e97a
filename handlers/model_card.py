"""The flow of *File model card*: from a check to a form, to the run, and to a new check."""

from slack_bolt.async_app import AsyncApp

from bot.domain.model_card import CardField, unsaid
from bot.domain.names import ChannelId
from bot.domain.refusal import Refusal
from bot.views.ids import ActionId, CallbackId
from bot.views.modals import failed_modal, loading_modal
from bot.views.model_card_modal import model_card_modal
from bot.views.refusals import plain_text
from bot.views.render import Answer
from handlers.listening import Form, Listeners
from handlers.payloads import ButtonClick, Submission
from handlers.promote import shown_target
from handlers.services import Services

TITLE = "Model card"
SAY = "Say it in words: nobody can judge the model without this."


def register(app: AsyncApp, listeners: Listeners) -> None:
    """Register the button and the form."""
    app.action(ActionId.FILE_CARD)(listeners.on_click(_open))
    form = Form(block=CardField.PURPOSE, missing=_missing)
    app.view(CallbackId.MODEL_CARD)(listeners.on_submission(_file, form))


async def _open(services: Services, click: ButtonClick) -> Answer | None:
    """Open the form at once, and fill it when the present card is read."""
    view = await services.modals.open(click.trigger_id, loading_modal(TITLE))
    form = await services.file_card.form(click.key, click.user_id)
    if isinstance(form, Refusal):
        await services.modals.update(view, failed_modal(TITLE, plain_text(form)))
    else:
        await services.modals.update(view, model_card_modal(form))
    return None


def _said(sent: Submission) -> dict[CardField, str]:
    return {field: sent.typed(field, ActionId.CARD_FIELD) for field in CardField}


def _missing(sent: Submission) -> dict[str, str]:
    """Return what to do, by field, where a card says nothing; the form stays open then."""
    return dict.fromkeys(unsaid(_said(sent)), SAY)


async def _file(services: Services, sent: Submission) -> Answer | None:
    """Write the card and check the version again, so that everybody sees what it changed."""
    refused = await services.file_card.file(sent.key, sent.user_id, _said(sent))
    if refused is not None:
        return refused
    card = await services.cards.open(sent.key)
    target = shown_target(card)
    if card is None or target is None:
        return None
    return await services.propose.check(
        target, sent.user_id, ChannelId(str(card.subject["channel"]))
    )
