"""What the human side takes: the bodies of its requests."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from bot.sandbox.slack.faults import FaultKind
from bot.sandbox.slack.people import Json

Seconds = Annotated[float, Field(ge=0, le=3600)]
CommandName = Annotated[str, StringConstraints(pattern=r"^/\S{1,31}$")]


class Body(BaseModel):
    """A request body; unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class CommandBody(Body):
    """A slash command typed into a channel."""

    user: str
    channel: str
    command: CommandName
    text: str = ""


class MessageBody(Body):
    """A message typed into a channel or thread."""

    user: str
    channel: str
    text: str
    thread_ts: str | None = None


class ActionBody(Body):
    """A touch of one element, of a message (`channel`, `ts`) or of a view (`view_id`).

    Args:
        value: The button's value, the option's value, or what was picked or typed; a list for
            elements that hold several.
    """

    user: str
    action_id: str
    block_id: str | None = None
    value: str | list[str] | None = None
    channel: str | None = None
    ts: str | None = None
    view_id: str | None = None


class SubmitBody(Body):
    """A press of a modal's submit button, with what was filled in."""

    user: str
    view_id: str
    values: dict[str, dict[str, Json]] = Field(default_factory=dict)


class CloseBody(Body):
    """A press of a modal's close button."""

    user: str
    view_id: str


class ShortcutBody(Body):
    """A global shortcut, or a message shortcut when a message is named."""

    user: str
    callback_id: str
    channel: str | None = None
    ts: str | None = None


class SuggestBody(Body):
    """Letters typed into a select menu whose options the app provides."""

    user: str
    action_id: str
    query: str = ""
    block_id: str | None = None
    view_id: str | None = None
    channel: str | None = None
    ts: str | None = None


class HomeBody(Body):
    """A look at the app's home tab."""

    user: str


class RawBody(Body):
    """A payload as it is, in an envelope of any type."""

    type: str
    payload: Json


class FaultBody(Body):
    """A fault to inject."""

    kind: FaultKind
    method: str | None = None
    seconds: Seconds | None = None
    count: Annotated[int, Field(ge=1)] | None = None
    error: str | None = None


class UserChange(Body):
    """What may change about a person."""

    name: str | None = None
    real_name: str | None = None
    email: str | None = None
    tz: str | None = None
    deleted: bool | None = None
    is_admin: bool | None = None
    is_bot: bool | None = None
    is_restricted: bool | None = None
    is_ultra_restricted: bool | None = None
    is_stranger: bool | None = None
    team_id: str | None = None


class ChannelChange(Body):
    """What may change about a channel."""

    name: str | None = None
    members: list[str] | None = None
    topic: str | None = None
    is_archived: bool | None = None
    is_private: bool | None = None
    is_ext_shared: bool | None = None


class WorkspaceBody(Body):
    """Changes of the world under the bot; a group is given by its members."""

    users: dict[str, UserChange] = Field(default_factory=dict)
    groups: dict[str, list[str]] = Field(default_factory=dict)
    channels: dict[str, ChannelChange] = Field(default_factory=dict)
