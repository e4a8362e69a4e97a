"""The flows of the shortcuts: choose a model and its versions, then promote or compare."""

from typing import Any

from pydantic import ValidationError
from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.domain.errors import BackEndError
from bot.domain.messages import Note
from bot.domain.names import AliasName, ChannelId, ModelName, SlackUserId
from bot.domain.picking import PickForm, Purpose
from bot.domain.refusal import Refusal
from bot.services.compare import Pair
from bot.services.targets import Target
from bot.views.ids import ActionId, BlockId, CallbackId, Shortcut
from bot.views.modals import failed_modal, loading_modal
from bot.views.pick_modal import base_block, model_options, pick_modal, version_block
from bot.views.refusals import plain_text
from bot.views.render import Answer
from handlers.asked import HOMELESS
from handlers.errors import refused_by
from handlers.listening import Form, Listeners
from handlers.payloads import ButtonClick, ShortcutUse, Submission, Suggestion
from handlers.services import Services

LABELS = {Purpose.PROMOTE: "Promote a model", Purpose.COMPARE: "Compare versions"}
PURPOSES = {
    CallbackId.PICK_PROMOTE: Purpose.PROMOTE,
    CallbackId.PICK_COMPARE: Purpose.COMPARE,
}


def register(app: AsyncApp, listeners: Listeners) -> None:
    """Register the shortcuts, their forms, and the buttons that open the same forms."""
    flows = _Flows(listeners)
    app.shortcut(Shortcut.PROMOTE)(listeners.on_shortcut(_begin_promotion))
    app.shortcut(Shortcut.COMPARE)(listeners.on_shortcut(_begin_comparison))
    app.action(ActionId.OPEN_PROMOTE)(listeners.on_click(_begin_promotion))
    app.action(ActionId.OPEN_COMPARE)(listeners.on_click(_begin_comparison))
    app.action(ActionId.PICK_MODEL)(listeners.on_click(_show_versions))
    app.options(ActionId.PICK_MODEL)(Suggestions(listeners.services).listen)
    form = Form(block=BlockId.MODEL, missing=_Missing(listeners.services).of)
    app.view(CallbackId.PICK_PROMOTE)(listeners.on_submission(flows.promote, form))
    app.view(CallbackId.PICK_COMPARE)(listeners.on_submission(flows.compare, form))


class Suggestions:
    """Offers models while somebody types, from memory: Slack waits three seconds."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def listen(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """Answer with the models that match what was typed."""
        try:
            query = Suggestion.model_validate(body).value
        except ValidationError:
            query = ""
        options = model_options(self._services.pick.suggested(query))
        await ack(options=[option.to_dict() for option in options])


async def _begin_promotion(services: Services, begun: ShortcutUse | ButtonClick) -> Answer | None:
    return await _begin(services, Purpose.PROMOTE, begun)


async def _begin_comparison(services: Services, begun: ShortcutUse | ButtonClick) -> Answer | None:
    return await _begin(services, Purpose.COMPARE, begun)


async def _begin(
    services: Services, purpose: Purpose, begun: ShortcutUse | ButtonClick
) -> Answer | None:
    """Open a modal while the trigger lives, then see who asks and show the form."""
    view = await services.modals.open(begun.trigger_id, loading_modal(LABELS[purpose]))
    await _show(services, view, LABELS[purpose], await _form(services, purpose, begun.user_id))
    return None


async def _show_versions(services: Services, click: ButtonClick) -> Answer | None:
    """Fill in the versions of the model that was chosen."""
    purpose = next((p for c, p in PURPOSES.items() if c == click.callback_id), None)
    if purpose is None:
        return Note(text="Herald does not know this form. Nothing was done.")
    try:
        form = await services.pick.filled(purpose, click.choice, click.user_id)
    except BackEndError as error:
        form = PickForm(purpose=purpose, note=plain_text(refused_by(error)))
    await _show(services, click.view_id, LABELS[purpose], form)
    return None


async def _form(services: Services, purpose: Purpose, user: SlackUserId) -> PickForm | Refusal:
    try:
        return await services.pick.form(purpose, user)
    except BackEndError as error:
        return refused_by(error)


async def _show(services: Services, view: str, label: str, form: PickForm | Refusal) -> None:
    if isinstance(form, Refusal):
        await services.modals.update(view, failed_modal(label, plain_text(form)))
    else:
        await services.modals.update(view, pick_modal(form))


class _Missing:
    """Sees what is missing on a form that was sent."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def of(self, sent: Submission) -> dict[str, str]:
        """Return the errors by block."""
        model = self._services.pick.chosen(sent.chosen(BlockId.MODEL, ActionId.PICK_MODEL))
        if model is None:
            return {BlockId.MODEL: "Herald does not know this model any more. Choose it again."}
        if not sent.chosen(version_block(model), ActionId.PICK_VERSION):
            return {BlockId.MODEL: "Choose the model, wait for its versions, then choose one."}
        return {}


class _Flows:
    """What is done with forms that are complete."""

    def __init__(self, listeners: Listeners) -> None:
        self._homes = listeners.homes

    async def promote(self, services: Services, sent: Submission) -> Answer | None:
        """Ask for the promotion; its card goes to the channel of releases."""
        model = _model(services, sent)
        home = self._homes.of(ChannelId(""))
        if not home:
            return HOMELESS
        target = Target(
            model=model,
            selector=_version(sent, model),
            alias=AliasName(sent.chosen(BlockId.ALIAS, ActionId.PICK_ALIAS)) or None,
        )
        reason = sent.typed(BlockId.REASON, ActionId.REASON)
        return await services.propose.promote(target, sent.user_id, home, reason)

    async def compare(self, services: Services, sent: Submission) -> Answer | None:
        """Compare the two versions for the one who asked."""
        model = _model(services, sent)
        against = sent.chosen(base_block(model), ActionId.PICK_BASE)
        version = _version(sent, model)
        pair = Pair(model=model, first=version)
        if against:
            pair = Pair(model=model, first=int(against), second=version)
        return await services.compare.compare(pair, sent.user_id, ChannelId(""))


def _model(services: Services, sent: Submission) -> ModelName:
    """Return the model chosen on a complete form."""
    choice = sent.chosen(BlockId.MODEL, ActionId.PICK_MODEL)
    return services.pick.chosen(choice) or ModelName(choice)


def _version(sent: Submission, model: ModelName) -> int:
    return int(sent.chosen(version_block(model), ActionId.PICK_VERSION))
