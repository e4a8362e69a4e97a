"""What a person has on the screen: the conversation, message, view and element they touch."""

from dataclasses import dataclass

from bot.sandbox.slack.errors import HumanError, SlackError
from bot.sandbox.slack.messages import Message, find_element
from bot.sandbox.slack.modals import View
from bot.sandbox.slack.payloads import message_place, view_place
from bot.sandbox.slack.people import Channel, Json
from bot.sandbox.slack.workspace import ResponseUrl, Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A message or a view, seen by one person."""

    user: str
    channel: Channel | None = None
    message: Message | None = None
    view: View | None = None

    @property
    def states(self) -> list[list[Json]]:
        """Return all blocks that this place ever showed, newest first."""
        holder = self.message or self.view
        return list(reversed(holder.states)) if holder else []

    def to_payload(self) -> Json:
        """Return the part of a payload that names the place."""
        if self.view is not None:
            return view_place(self.view)
        if self.channel is None or self.message is None:
            return {}
        return message_place(self.channel, self.message)


def person(workspace: Workspace, user: str) -> str:
    """Return the id of somebody who can use the client."""
    if user not in workspace.state.users:
        raise HumanError("user_not_found")
    return user


def open_channel(workspace: Workspace, user: str, channel: str) -> Channel:
    """Return a conversation that the person can open."""
    try:
        found = workspace.channel(channel)
    except SlackError as error:
        raise HumanError(error.error) from None
    if not workspace.can_see(person(workspace, user), found):
        raise HumanError("channel_not_found")
    return found


def message_at(workspace: Workspace, user: str, channel: str | None, ts: str | None) -> Place:
    """Return a message that the person sees."""
    if channel is None or ts is None:
        raise HumanError("channel_and_ts_or_view_id_needed", status=400)
    where = open_channel(workspace, user, channel)
    message = workspace.find(where.id, ts)
    if message is None or not workspace.sees(user, message):
        raise HumanError("message_not_found")
    return Place(user=user, channel=where, message=message)


def view_of(workspace: Workspace, user: str, view_id: str) -> View:
    """Return a modal or home tab that is open for the person."""
    home = workspace.state.homes.get(person(workspace, user))
    if home is not None and home.id == view_id:
        return home
    view = workspace.state.views.get(view_id)
    if view is None or view.user != user:
        raise HumanError("view_not_found")
    return view


def top_view(workspace: Workspace, user: str, view_id: str) -> View:
    """Return the modal that lies on top, the only one with buttons in reach."""
    view = view_of(workspace, user, view_id)
    if workspace.state.stacks.get(user, [])[-1:] != [view.id]:
        raise HumanError("view_not_on_top", status=409)
    return view


def element_in(
    place: Place, action_id: str, block_id: str | None, value: object = None
) -> tuple[list[Json], Json, Json]:
    """Return (blocks, block, element) of the newest state that had that element.

    A button is also told apart by its value: an old card may still be on somebody's screen.
    """
    for blocks in place.states:
        found = find_element(blocks, action_id, block_id)
        if found is None:
            continue
        block, element = found
        if element["type"] == "button" and value not in (None, element.get("value")):
            continue
        return blocks, block, element
    raise HumanError("action_not_found")


def response_url_for(workspace: Workspace, place: Place) -> str:
    """Return a fresh response_url for something done at that place."""
    if place.channel is None:
        raise HumanError("channel_not_found")
    message = place.message
    target = ResponseUrl(
        user=place.user,
        channel=place.channel.id,
        expires_at=workspace.deadline_of_response_url(),
        message_ts=message.ts if message else None,
        thread_ts=message.thread_ts if message else None,
    )
    return workspace.new_response_url(target)
