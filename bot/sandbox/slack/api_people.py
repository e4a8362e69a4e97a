"""Web API: users and user groups."""

from collections.abc import Mapping

from bot.sandbox.slack.call import Call, Method
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.limits import Tier
from bot.sandbox.slack.people import Group, Json, User


def users_info(call: Call) -> Json:
    """Serve users.info."""
    user = call.workspace.state.users.get(call.text("user"))
    if user is None:
        raise SlackError("user_not_found")
    return {"user": _shown(call, user)}


def users_list(call: Call) -> Json:
    """Serve users.list."""
    users = [_shown(call, user) for user in call.workspace.state.users.values()]
    page, metadata = call.page_of(users)
    return {"members": page, "cache_ts": 0, "response_metadata": metadata}


def users_lookup_by_email(call: Call) -> Json:
    """Serve users.lookupByEmail."""
    email = call.text("email").lower()
    for user in call.workspace.state.users.values():
        if email and user.email.lower() == email and not user.deleted:
            return {"user": _shown(call, user)}
    raise SlackError("users_not_found")


def usergroups_list(call: Call) -> Json:
    """Serve usergroups.list."""
    include = call.flag("include_users")
    groups = call.workspace.state.groups.values()
    return {"usergroups": [group.to_slack(include_users=include) for group in groups]}


def usergroups_users_list(call: Call) -> Json:
    """Serve usergroups.users.list; deactivated people are not in it, as in Slack."""
    group: Group | None = call.workspace.state.groups.get(call.text("usergroup"))
    if group is None:
        raise SlackError("no_such_subteam")
    users = call.workspace.state.users
    return {"users": [user for user in group.users if user in users and not users[user].deleted]}


def _shown(call: Call, user: User) -> Json:
    return user.to_slack(with_email="users:read.email" in call.workspace.scopes)


PEOPLE: Mapping[str, Method] = {
    "users.info": Method(serve=users_info, tier=Tier.FOUR, scopes=("users:read",)),
    "users.list": Method(serve=users_list, tier=Tier.TWO, scopes=("users:read",)),
    "users.lookupByEmail": Method(
        serve=users_lookup_by_email, tier=Tier.THREE, scopes=("users:read.email",)
    ),
    "usergroups.list": Method(serve=usergroups_list, tier=Tier.TWO, scopes=("usergroups:read",)),
    "usergroups.users.list": Method(
        serve=usergroups_users_list, tier=Tier.TWO, scopes=("usergroups:read",)
    ),
}
