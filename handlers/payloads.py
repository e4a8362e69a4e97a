"""The parts of Slack's payloads that Herald reads; everything else is ignored."""

import re
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from bot.domain.names import CardKey, ChannelId, MessageTs, SlackUserId

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def storable(words: object) -> object:
    """Return words without what no database takes: NUL, and halves of a character."""
    return _UNSTORABLE.sub("", words) if isinstance(words, str) else words


Typed = Annotated[str, BeforeValidator(storable)]
"""What somebody typed."""


class _Payload(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class SlashCommand(_Payload):
    """Somebody typed the slash command."""

    user_id: SlackUserId
    channel_id: ChannelId
    text: Typed = ""
    response_url: str | None = None


class _Said(_Payload):
    user: SlackUserId = SlackUserId("")
    text: Typed = ""
    channel: ChannelId
    channel_type: str = ""
    thread_ts: MessageTs | None = None
    bot_id: str | None = None
    subtype: str | None = None
    edited: dict[str, Any] | None = None


class _Authorization(_Payload):
    user_id: str = ""


class SaidEvent(_Payload):
    """Somebody wrote a message that Herald hears: with a mention of it, or in private."""

    event: _Said
    authorizations: tuple[_Authorization, ...] = ()

    @property
    def own_id(self) -> str:
        """Herald's own user id; empty when Slack does not say."""
        return next((known.user_id for known in self.authorizations), "")

    @property
    def is_by_person(self) -> bool:
        """Whether a person wrote it anew: no bot, no edit, nobody joining."""
        said = self.event
        is_new = said.subtype in (None, "file_share", "thread_broadcast")
        return (
            is_new
            and not said.edited
            and bool(said.user)
            and not said.bot_id
            and said.user != self.own_id
        )


class _Opened(_Payload):
    user: SlackUserId
    tab: str = ""


class HomeOpened(_Payload):
    """Somebody opened the home tab or the messages of Herald's app."""

    event: _Opened


class _Named(_Payload):
    id: str


class _Option(_Payload):
    value: str


class _Action(_Payload):
    action_id: str
    block_id: str = ""
    value: str = ""
    selected_option: _Option | None = None


class _Clicked(_Payload):
    id: str = ""
    callback_id: str = ""


class ButtonClick(_Payload):
    """Somebody clicked a button or chose from an overflow menu.

    A button's ``value`` is the key of a stored card; a menu's key is its ``block_id``.
    """

    user: _Named
    channel: _Named | None = None
    view: _Clicked | None = None
    trigger_id: str = ""
    response_url: str | None = None
    actions: tuple[_Action, ...] = Field(min_length=1)

    @property
    def user_id(self) -> SlackUserId:
        """Who clicked."""
        return SlackUserId(self.user.id)

    @property
    def channel_id(self) -> ChannelId:
        """Where; empty in a modal."""
        return ChannelId(self.channel.id if self.channel else "")

    @property
    def key(self) -> CardKey:
        """Key of the card that was clicked."""
        action = self.actions[0]
        return CardKey(action.block_id if action.selected_option else action.value)

    @property
    def view_id(self) -> str:
        """The modal or home tab in which it was; empty in a message."""
        return self.view.id if self.view else ""

    @property
    def callback_id(self) -> str:
        """What modal it was; empty elsewhere."""
        return self.view.callback_id if self.view else ""

    @property
    def choice(self) -> str:
        """What was chosen from a menu; empty for a button."""
        option = self.actions[0].selected_option
        return option.value if option else ""


class ShortcutUse(_Payload):
    """Somebody began something from Slack's menu of shortcuts."""

    user: _Named
    trigger_id: str

    @property
    def user_id(self) -> SlackUserId:
        """Who began it."""
        return SlackUserId(self.user.id)


class Suggestion(_Payload):
    """Somebody types into a menu whose choices Herald offers."""

    value: Typed = ""


class _View(_Payload):
    private_metadata: str = ""
    state: dict[str, Any] = Field(default_factory=dict)


class Submission(_Payload):
    """Somebody sent a modal; its ``private_metadata`` is the key of a stored card."""

    user: _Named
    view: _View

    @property
    def user_id(self) -> SlackUserId:
        """Who sent it."""
        return SlackUserId(self.user.id)

    @property
    def key(self) -> CardKey:
        """Key of the card from which the modal was opened."""
        return CardKey(self.view.private_metadata)

    def typed(self, block_id: str, action_id: str) -> str:
        """Return what was typed into an input; empty when it was left alone."""
        values = self.view.state.get("values", {})
        return str(storable(values.get(block_id, {}).get(action_id, {}).get("value") or ""))

    def chosen(self, block_id: str, action_id: str) -> str:
        """Return the value of what was chosen from a menu; empty when nothing was."""
        values = self.view.state.get("values", {})
        option = values.get(block_id, {}).get(action_id, {}).get("selected_option")
        return str(storable((option or {}).get("value") or ""))
