"""Web API: who am I, and Socket Mode's door."""

from collections.abc import Mapping

from bot.sandbox.slack.call import Call, Method, TokenKind
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.faults import FaultKind
from bot.sandbox.slack.limits import Tier
from bot.sandbox.slack.people import BOT_ID, BOT_USER_ID, TEAM_ID, TEAM_NAME, Json


def auth_test(call: Call) -> Json:
    """Serve auth.test."""
    return {
        "url": f"{call.workspace.origin}/",
        "team": TEAM_NAME,
        "user": call.workspace.state.users[BOT_USER_ID].name,
        "team_id": TEAM_ID,
        "user_id": BOT_USER_ID,
        "bot_id": BOT_ID,
        "is_enterprise_install": False,
    }


def open_connection(call: Call) -> Json:
    """Serve apps.connections.open."""
    is_off = call.workspace.hub.sender is not None
    if is_off or call.workspace.faults.take(FaultKind.LINK_DISABLED, call.method):
        raise SlackError("not_enabled")
    ticket = call.workspace.hub.issue_ticket()
    address = call.workspace.origin.replace("http", "ws", 1)
    return {"url": f"{address}/link/?ticket={ticket}&app_id=A0HERALD"}


SESSION: Mapping[str, Method] = {
    "auth.test": Method(serve=auth_test, tier=Tier.SPECIAL),
    "apps.connections.open": Method(serve=open_connection, tier=Tier.THREE, token=TokenKind.APP),
}
