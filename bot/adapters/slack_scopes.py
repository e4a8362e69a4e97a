"""The scopes that the Slack app needs, by what Herald calls and hears."""

from collections.abc import Mapping

COMMANDS = "commands"

METHODS: Mapping[str, frozenset[str]] = {
    "apps_connections_open": frozenset(),
    "auth_test": frozenset(),
    "chat_getPermalink": frozenset(),
    "chat_postEphemeral": frozenset({"chat:write"}),
    "chat_postMessage": frozenset({"chat:write", "chat:write.public"}),
    "chat_update": frozenset({"chat:write"}),
    "conversations_history": frozenset({"channels:history", "groups:history", "im:history"}),
    "conversations_info": frozenset({"channels:read", "groups:read"}),
    "conversations_open": frozenset({"im:write"}),
    "conversations_replies": frozenset({"channels:history", "groups:history"}),
    "files_completeUploadExternal": frozenset({"files:write"}),
    "files_getUploadURLExternal": frozenset({"files:write"}),
    "usergroups_list": frozenset({"usergroups:read"}),
    "usergroups_users_list": frozenset({"usergroups:read"}),
    "users_info": frozenset({"users:read", "users:read.email"}),
    "users_lookupByEmail": frozenset({"users:read.email"}),
    "views_open": frozenset(),
    "views_publish": frozenset(),
    "views_update": frozenset(),
}
"""What Slack's documentation asks for each method that a bot token calls."""

EVENTS: Mapping[str, frozenset[str]] = {
    "app_home_opened": frozenset(),
    "app_mention": frozenset({"app_mentions:read"}),
    "message.im": frozenset({"im:history"}),
}
"""The scopes that each subscription asks for; messages are heard in private only."""

NEEDED = frozenset({COMMANDS}).union(*METHODS.values(), *EVENTS.values())
"""All that the app in ``manifest.yml`` asks for."""
