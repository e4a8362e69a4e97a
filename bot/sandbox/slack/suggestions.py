"""Options that an app offers while somebody types into a select menu."""

from bot.sandbox.slack.people import Json
from bot.sandbox.slack.workspace import Workspace

# Slack takes at most this many options in an answer to block_suggestion.
OPTION_LIMIT = 100


def checked_options(workspace: Workspace, user: str, action_id: str, answer: Json) -> Json:
    """Return the offered options and remember them for the pick that follows."""
    groups = answer.get("option_groups") or []
    options = [option for group in groups for option in group["options"]]
    options += answer.get("options") or []
    if len(options) > OPTION_LIMIT:
        detail = f"{len(options)} options, at most {OPTION_LIMIT}"
        workspace.report.violate("too_many_options", detail, "ack block_suggestion")
        return {"options": []}
    if "options" not in answer and "option_groups" not in answer:
        workspace.report.violate("no_options", "neither options nor groups", "ack block_suggestion")
    workspace.offered[user, action_id] = options
    return {"options": options} | ({"option_groups": groups} if groups else {})


def offered_options(workspace: Workspace, user: str, action_id: str) -> list[Json]:
    """Return the options that the person was last offered there."""
    return workspace.offered.get((user, action_id), [])
