"""The world changes under the bot: people leave, groups change, channels are archived."""

from bot.sandbox.slack.errors import HumanError
from bot.sandbox.slack.human_bodies import WorkspaceBody
from bot.sandbox.slack.people import Group, Json
from bot.sandbox.slack.workspace import Workspace


async def change_workspace(workspace: Workspace, body: WorkspaceBody) -> Json:
    """Apply all changes, or none when one names somebody unknown."""
    state = workspace.state
    unknown = (set(body.users) - set(state.users)) | (set(body.channels) - set(state.channels))
    if unknown:
        raise HumanError(f"not_found: {', '.join(sorted(unknown))}")
    for user_id, change in body.users.items():
        _set(state.users[user_id], change.model_dump(exclude_unset=True))
    for channel_id, channel_change in body.channels.items():
        _set(state.channels[channel_id], channel_change.model_dump(exclude_unset=True))
    for group_id, members in body.groups.items():
        group = state.groups.setdefault(
            group_id, Group(id=group_id, handle=group_id.lower(), name=group_id)
        )
        group.users = members
    workspace.feed.publish("workspace_changed")
    return {"ok": True}


def _set(entry: object, changes: Json) -> None:
    for name, value in changes.items():
        if value is not None:
            setattr(entry, name, value)
