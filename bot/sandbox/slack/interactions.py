"""What people do in the client, sent to the app as Slack sends it."""

from bot.sandbox.slack.contents import note_habits, read_contents
from bot.sandbox.slack.deliveries import RAW, Ack
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.human_bodies import (
    ActionBody,
    CommandBody,
    HomeBody,
    RawBody,
    ShortcutBody,
    SuggestBody,
)
from bot.sandbox.slack.messages import Message
from bot.sandbox.slack.modals import STATE_KEYS, View
from bot.sandbox.slack.payloads import (
    event,
    interaction,
    slash_command,
    touched_values,
)
from bot.sandbox.slack.people import BOT_USER_ID, Channel, Json
from bot.sandbox.slack.places import (
    Place,
    element_in,
    message_at,
    open_channel,
    person,
    response_url_for,
    view_of,
)
from bot.sandbox.slack.suggestions import checked_options, offered_options
from bot.sandbox.slack.touches import touch
from bot.sandbox.slack.typed_text import for_command
from bot.sandbox.slack.workspace import Workspace


async def type_command(workspace: Workspace, body: CommandBody) -> Json:
    """Send a slash command; what the app acknowledges with appears in the channel."""
    channel = open_channel(workspace, body.user, body.channel)
    place = Place(user=body.user, channel=channel)
    response_url = response_url_for(workspace, place)
    typed = {
        "command": body.command,
        "text": for_command(workspace, body.text.strip()),
        "response_url": response_url,
        "trigger_id": workspace.triggers.issue(body.user),
    }
    payload = slash_command(workspace, body.user, channel, typed=typed)
    envelope = {"type": "slash_commands", "payload": payload, "accepts_response_payload": True}
    ack = await workspace.hub.deliver(envelope, kind="slash_commands")
    if ack.payload:
        shown = _show_answer(workspace, channel, body.user, ack.payload)
        workspace.response_target(response_url).message_ts = shown
    return {"ok": ack.error is None, "ack": ack.payload, "ack_ms": ack.ms, "error": ack.error}


async def act(workspace: Workspace, body: ActionBody) -> Json:
    """Touch an element of a message or view, also of one that was redrawn since."""
    place = place_of(workspace, body)
    blocks, block, element = element_in(place, body.action_id, body.block_id, body.value)
    offered = offered_options(workspace, body.user, body.action_id)
    touched = touch(element, body.value, offered)
    if place.view is not None:
        _fill_in(place.view, block, element, touched)
        if block["type"] == "input" and not block.get("dispatch_action"):
            return {"ok": True, "ack_ms": None, "error": None}
    action = {
        "type": element["type"],
        "action_id": element["action_id"],
        "block_id": block["block_id"],
        **touched,
        "action_ts": workspace.next_ts(),
    }
    payload = interaction(workspace, body.user, "block_actions") | place.to_payload()
    payload |= {"trigger_id": _trigger(workspace, place), "actions": [action]}
    if place.view is None:
        payload["state"] = touched_values(blocks, block, element, touched)
        payload["response_url"] = response_url_for(workspace, place)
    return _outcome(await interact(workspace, payload))


async def use_shortcut(workspace: Workspace, body: ShortcutBody) -> Json:
    """Use a global shortcut, or a message shortcut."""
    user = person(workspace, body.user)
    if body.ts is None:
        payload = interaction(workspace, user, "shortcut")
        payload |= {"trigger_id": workspace.triggers.issue(user)}
    else:
        place = message_at(workspace, user, body.channel, body.ts)
        payload = interaction(workspace, user, "message_action") | place.to_payload()
        payload |= {
            "trigger_id": workspace.triggers.issue(user),
            "response_url": response_url_for(workspace, place),
            "message_ts": body.ts,
        }
        del payload["container"]
    payload |= {"callback_id": body.callback_id, "action_ts": workspace.next_ts()}
    return _outcome(await interact(workspace, payload))


async def suggest(workspace: Workspace, body: SuggestBody) -> Json:
    """Ask the app for the options of a menu with external data."""
    place = place_of(workspace, body)
    _, block, element = element_in(place, body.action_id, body.block_id)
    payload = interaction(workspace, body.user, "block_suggestion") | place.to_payload()
    payload |= {
        "action_id": element["action_id"],
        "block_id": block["block_id"],
        "value": body.query,
    }
    ack = await interact(workspace, payload)
    if ack.error:
        return {"ok": False, "options": [], "error": ack.error}
    answer = checked_options(workspace, body.user, body.action_id, ack.payload or {})
    return {"ok": True, "error": None, **answer}


async def look_at_home(workspace: Workspace, body: HomeBody) -> Json:
    """Open the app's home tab and show what is published there."""
    user = person(workspace, body.user)
    home = workspace.state.homes.get(user)
    inner: Json = {
        "type": "app_home_opened",
        "user": user,
        "channel": workspace.im_with(user).id,
        "tab": "home",
    }
    inner |= {"view": home.to_slack()} if home else {}
    await workspace.hub.deliver_event_once(event(workspace, inner))
    home = workspace.state.homes.get(user)
    return {"view": home.to_slack() if home else None}


async def send_raw(workspace: Workspace, body: RawBody) -> Json:
    """Send any payload, also one that Slack would never send; it may stay unanswered."""
    envelope: Json = {"type": body.type, "payload": body.payload}
    envelope["accepts_response_payload"] = body.type != "events_api"
    ack = await workspace.hub.deliver(envelope, kind=RAW)
    return _outcome(ack) | {"ack": ack.payload}


async def interact(workspace: Workspace, payload: Json) -> Ack:
    """Send an interactive payload and wait for its acknowledgement."""
    envelope = {"type": "interactive", "payload": payload, "accepts_response_payload": True}
    return await workspace.hub.deliver(envelope, kind=payload["type"])


def place_of(workspace: Workspace, body: ActionBody | SuggestBody) -> Place:
    """Return the message or view that a body names."""
    if body.view_id is not None:
        view = view_of(workspace, body.user, body.view_id)
        return Place(user=body.user, view=view)
    return message_at(workspace, body.user, body.channel, body.ts)


def _trigger(workspace: Workspace, place: Place) -> str:
    is_modal = place.view is not None and place.view.type == "modal"
    return workspace.triggers.issue(place.user, place.view.id if is_modal and place.view else None)


def _fill_in(view: View, block: Json, element: Json, touched: Json) -> None:
    if element["type"] in STATE_KEYS:
        held = view.values.setdefault(block["block_id"], {})
        held[element["action_id"]] = {"type": element["type"], **touched}


def _outcome(ack: Ack) -> Json:
    return {"ok": ack.error is None, "ack_ms": ack.ms, "error": ack.error}


def _show_answer(workspace: Workspace, channel: Channel, user: str, answer: Json) -> str | None:
    """Post what a slash command was acknowledged with; return its time stamp."""
    try:
        contents = read_contents(workspace, answer, channel.id)
    except SlackError as error:
        workspace.report.violate(error.rule or error.error, error.detail, "ack slash_commands")
        return None
    note_habits(workspace, contents, "ack slash_commands")
    message = Message(
        ts=workspace.next_ts(),
        channel=channel.id,
        user=BOT_USER_ID,
        text=contents.text,
        addressee=None if answer.get("response_type") == "in_channel" else user,
    )
    return workspace.post(message, contents.blocks).ts
