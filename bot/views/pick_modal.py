"""The form on which a model and its versions are chosen from menus."""

from collections.abc import Iterator, Sequence

from slack_sdk.models.blocks import (
    Block,
    ContextBlock,
    ExternalDataSelectElement,
    InputBlock,
    MarkdownTextObject,
    Option,
    PlainTextObject,
    SectionBlock,
    StaticSelectElement,
)

from bot.domain.names import AliasName, ModelName, short_name
from bot.domain.picking import PickForm, Purpose, VersionChoices, choice_of
from bot.domain.registry import ModelVersion
from bot.views.ids import ActionId, BlockId, CallbackId
from bot.views.modals import ModalView, modal, reason_input
from bot.views.texts import escape, one_line

OPTION_TEXT = 75

_TITLES = {Purpose.PROMOTE: "Promote a model", Purpose.COMPARE: "Compare versions"}
_SUBMITS = {Purpose.PROMOTE: "Ask", Purpose.COMPARE: "Compare"}
_CALLBACKS = {
    Purpose.PROMOTE: CallbackId.PICK_PROMOTE,
    Purpose.COMPARE: CallbackId.PICK_COMPARE,
}
_EXPLAINED = {
    Purpose.PROMOTE: "Herald checks the policies, then posts a card for those who have to agree.",
    Purpose.COMPARE: "Herald sends the comparison to you alone.",
}
CHOOSE_FIRST = "Its versions appear once a model is chosen."


def pick_modal(form: PickForm) -> ModalView:
    """Return the form as a modal."""
    return modal(
        title=_TITLES[form.purpose],
        submit=_SUBMITS[form.purpose],
        callback=_CALLBACKS[form.purpose],
        key="",
        blocks=list(_blocks(form)),
    )


def version_block(model: ModelName) -> str:
    """Return the block of a model's versions: another model's choice is not mistaken for it."""
    return f"version.{choice_of(model)}"


def base_block(model: ModelName) -> str:
    """Return the block of what a version is compared with."""
    return f"base.{choice_of(model)}"


def model_options(names: Sequence[ModelName]) -> list[Option]:
    """Return models as the choices of a menu."""
    return [_model_option(name) for name in names]


def _blocks(form: PickForm) -> Iterator[Block]:
    yield SectionBlock(text=_EXPLAINED[form.purpose])
    yield _model_input(form)
    choices = form.choices
    if choices is None:
        yield ContextBlock(elements=[MarkdownTextObject(text=escape(form.note or CHOOSE_FIRST))])
    elif form.purpose is Purpose.PROMOTE:
        yield _version_input(choices, version_block(choices.model.name))
        yield _alias_input(choices.aliases)
        yield reason_input("Why?", is_optional=True)
    else:
        yield _version_input(choices, version_block(choices.model.name))
        yield _base_input(choices, base_block(choices.model.name))


def _model_input(form: PickForm) -> InputBlock:
    chosen = form.choices.model.name if form.choices else None
    menu = ExternalDataSelectElement(
        action_id=ActionId.PICK_MODEL,
        placeholder="A model's name",
        min_query_length=0,
        initial_option=_model_option(chosen) if chosen else None,
        focus_on_load=chosen is None,
    )
    return InputBlock(block_id=BlockId.MODEL, label="Model", element=menu, dispatch_action=True)


def _version_input(choices: VersionChoices, block_id: str) -> InputBlock:
    menu = _menu(ActionId.PICK_VERSION, _version_options(choices), choices.likely)
    return InputBlock(block_id=block_id, label="Version", element=menu)


def _base_input(choices: VersionChoices, block_id: str) -> InputBlock:
    menu = _menu(ActionId.PICK_BASE, _version_options(choices), choices.base)
    return InputBlock(block_id=block_id, label="Against", element=menu)


def _alias_input(aliases: Sequence[AliasName]) -> InputBlock:
    options = [_option(alias, alias) for alias in aliases]
    menu = StaticSelectElement(
        action_id=ActionId.PICK_ALIAS, options=options, initial_option=options[0]
    )
    return InputBlock(block_id=BlockId.ALIAS, label="Becomes", element=menu)


def _menu(action: ActionId, options: list[Option], likely: int | None) -> StaticSelectElement:
    initial = next((option for option in options if option.value == str(likely)), None)
    return StaticSelectElement(
        action_id=action, options=options, initial_option=initial, placeholder="A version"
    )


def _version_options(choices: VersionChoices) -> list[Option]:
    return [_version_option(choices, version) for version in choices.versions]


def _version_option(choices: VersionChoices, version: ModelVersion) -> Option:
    aliases = sorted(a for a, v in choices.model.aliases.items() if v == version.version)
    told = " · ".join((f"v{version.version}", *aliases))
    return _option(told, str(version.version), version.description)


def _model_option(name: ModelName) -> Option:
    short = short_name(name)
    schema = name.removesuffix(short).removesuffix(".")
    return _option(short, choice_of(name), schema)


def _option(text: str, value: str, description: str = "") -> Option:
    said = one_line(description, OPTION_TEXT)
    return Option(
        text=PlainTextObject(text=one_line(text, OPTION_TEXT), emoji=False),
        value=value,
        description=PlainTextObject(text=said, emoji=False) if said else None,
    )
