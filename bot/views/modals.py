"""The modals that ask for a reason, and the one that waits for its contents."""

from typing import Any

from slack_sdk.models.blocks import Block as SlackBlock
from slack_sdk.models.blocks import InputBlock, PlainTextInputElement, SectionBlock
from slack_sdk.models.views import View

from bot.domain.counting import count
from bot.domain.names import AliasName, CardKey, ModelName, short_name
from bot.views.ids import ActionId, BlockId, CallbackId
from bot.views.texts import escape, one_line

REASON_LIMIT = 3000
TITLE_LIMIT = 24
CANCEL_QUESTION = "Withdraw {}? Nothing was changed yet, and nothing will be."

ModalView = dict[str, Any]


def reject_modal(key: CardKey, label: str, others: int = 0) -> ModalView:
    """Return the question for the reason of a rejection.

    Args:
        key: Key of the card on which *Reject* was clicked.
        label: Name of the request, e.g. ``CR-7``.
        others: How many rejections close the request besides this one.
    """
    closes = "Your rejection closes the request."
    if others:
        verb = "closes" if others == 1 else "close"
        closes = f"After yours, {count(others, 'more rejection')} {verb} the request."
    explained = f"The reason is shown on the card, in your words. {closes}"
    return modal(
        title=f"Reject {label}",
        submit="Reject",
        callback=CallbackId.REJECT,
        key=key,
        blocks=[_says(explained), reason_input("Why not?", is_optional=False)],
    )


def approve_modal(key: CardKey, label: str) -> ModalView:
    """Return the question for the reason of an approval, where a policy asks for one."""
    explained = "The policy asks whoever approves for a reason. It is kept with your approval."
    return modal(
        title=f"Approve {label}",
        submit="Approve",
        callback=CallbackId.APPROVE,
        key=key,
        blocks=[_says(explained), reason_input("Why?", is_optional=False)],
    )


def cancel_modal(key: CardKey, label: str) -> ModalView:
    """Return the question before a request is withdrawn that has not begun."""
    return modal(
        title=f"Cancel {label}",
        submit="Cancel it",
        callback=CallbackId.CANCEL,
        key=key,
        blocks=[_says(CANCEL_QUESTION.format(label))],
    )


def promote_modal(key: CardKey, model: ModelName, version: int, alias: AliasName) -> ModalView:
    """Return the question for the reason of a promotion that a button asks for.

    The key is that of the comparison or check on which *Promote* was clicked.
    """
    explained = (
        f"This asks for *{escape(short_name(model))}* v{version} as {escape(alias)}. "
        "Herald checks the policies, then posts a card for those who have to agree."
    )
    return modal(
        title=f"Promote v{version}",
        submit="Ask",
        callback=CallbackId.PROMOTE,
        key=key,
        blocks=[_says(explained), reason_input("Why?", is_optional=True)],
    )


def loading_modal(label: str) -> ModalView:
    """Return the modal that is opened at once and filled when the details are read."""
    return modal(
        title=label, submit=None, callback=CallbackId.DETAILS, key="", blocks=[_says("Reading …")]
    )


def failed_modal(label: str, words: str) -> ModalView:
    """Return the modal that says why it stays empty."""
    return modal(
        title=label, submit=None, callback=CallbackId.DETAILS, key="", blocks=[_says(escape(words))]
    )


def _says(words: str) -> SectionBlock:
    return SectionBlock(text=words[:REASON_LIMIT])


def reason_input(label: str, *, is_optional: bool) -> InputBlock:
    """Return the field for somebody's own words."""
    element = PlainTextInputElement(
        action_id=ActionId.REASON, multiline=True, max_length=REASON_LIMIT, focus_on_load=True
    )
    return InputBlock(block_id=BlockId.REASON, label=label, element=element, optional=is_optional)


def modal(
    *, title: str, submit: str | None, callback: CallbackId, key: str, blocks: list[SlackBlock]
) -> ModalView:
    """Return a modal; one without ``submit`` can only be closed."""
    view: ModalView = View(
        type="modal",
        title=one_line(title, TITLE_LIMIT),
        submit=submit,
        close="Close" if submit is None else "Not now",
        callback_id=callback,
        private_metadata=key or None,
        blocks=blocks,
    ).to_dict()
    return view
