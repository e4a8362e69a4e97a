"""The workspace's people, user groups and conversations, and how Slack shows them."""

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

TEAM_ID = "T0HERALD"
TEAM_DOMAIN = "herald-sandbox"
TEAM_NAME = "Herald Sandbox"
APP_ID = "A0HERALD"
BOT_ID = "B0HERALD"
BOT_USER_ID = "U0HERALD"


@dataclass(slots=True, kw_only=True)
class User:
    """A member of the workspace, the bot's own user included."""

    id: str
    name: str
    real_name: str
    email: str = ""
    tz: str = "Etc/UTC"
    tz_label: str = "Coordinated Universal Time"
    tz_offset: int = 0
    title: str = ""
    deleted: bool = False
    is_admin: bool = False
    is_bot: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_stranger: bool = False
    team_id: str = TEAM_ID

    def to_slack(self, *, with_email: bool) -> Json:
        """Return the user object of `users.info`."""
        profile: Json = {
            "real_name": self.real_name,
            "display_name": self.real_name,
            "title": self.title,
            "team": self.team_id,
            "status_text": "",
            "status_emoji": "",
        }
        if with_email and self.email:
            profile["email"] = self.email
        return {
            "id": self.id,
            "team_id": self.team_id,
            "name": self.name,
            "deleted": self.deleted,
            "color": "9f69e7",
            "real_name": self.real_name,
            "tz": self.tz,
            "tz_label": self.tz_label,
            "tz_offset": self.tz_offset,
            "profile": profile,
            "is_admin": self.is_admin,
            "is_owner": False,
            "is_primary_owner": False,
            "is_restricted": self.is_restricted,
            "is_ultra_restricted": self.is_ultra_restricted,
            "is_stranger": self.is_stranger,
            "is_bot": self.is_bot,
            "is_app_user": False,
            "updated": 0,
        }


@dataclass(slots=True, kw_only=True)
class Group:
    """A user group, such as @ml-leads."""

    id: str
    handle: str
    name: str
    users: list[str] = field(default_factory=list)

    def to_slack(self, *, include_users: bool) -> Json:
        """Return the group object of `usergroups.list`."""
        group: Json = {
            "id": self.id,
            "team_id": TEAM_ID,
            "is_usergroup": True,
            "name": self.name,
            "description": "",
            "handle": self.handle,
            "is_external": False,
            "date_create": 0,
            "date_update": 0,
            "date_delete": 0,
            "auto_type": None,
            "created_by": "U0ADMIN",
            "updated_by": "U0ADMIN",
            "deleted_by": None,
            "prefs": {"channels": [], "groups": []},
            "user_count": len(self.users),
        }
        return group | ({"users": list(self.users)} if include_users else {})


@dataclass(slots=True, kw_only=True)
class Channel:
    """A conversation: a channel, or the direct messages between the bot and one person."""

    id: str
    name: str
    members: list[str] = field(default_factory=list)
    topic: str = ""
    is_im: bool = False
    is_private: bool = False
    is_archived: bool = False
    is_ext_shared: bool = False

    @property
    def kind(self) -> str:
        """Return the kind of conversation, as events name it."""
        if self.is_im:
            return "im"
        return "group" if self.is_private else "channel"

    @property
    def event(self) -> str:
        """Return the event that an app subscribes to for all that is said here."""
        return {"im": "message.im", "group": "message.groups"}.get(self.kind, "message.channels")

    @property
    def history_scope(self) -> str:
        """Return the scope that reading this conversation's messages needs."""
        if self.is_im:
            return "im:history"
        return "groups:history" if self.is_private else "channels:history"

    def partner_of(self, user: str) -> str:
        """Return the other party of a direct conversation."""
        return next((member for member in self.members if member != user), user)

    def to_slack(self, *, num_members: bool = False) -> Json:
        """Return the conversation object of `conversations.info`, seen by the bot."""
        shown: Json = {
            "id": self.id,
            "created": 0,
            "is_archived": self.is_archived,
            "is_im": self.is_im,
            "is_mpim": False,
            "is_org_shared": False,
        }
        if self.is_im:
            return shown | {"user": self.partner_of(BOT_USER_ID), "is_open": True}
        shown |= {
            "name": self.name,
            "name_normalized": self.name,
            "is_channel": not self.is_private,
            "is_group": self.is_private,
            "is_private": self.is_private,
            "is_general": False,
            "is_shared": self.is_ext_shared,
            "is_ext_shared": self.is_ext_shared,
            "is_member": BOT_USER_ID in self.members,
            "creator": "U0ADMIN",
            "topic": {"value": self.topic, "creator": "", "last_set": 0},
            "purpose": {"value": "", "creator": "", "last_set": 0},
        }
        return shown | ({"num_members": len(self.members)} if num_members else {})
