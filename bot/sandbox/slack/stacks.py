"""Each person's stack of open modals, and the home tabs."""

from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.modals import STACK_LIMIT, View, new_view
from bot.sandbox.slack.people import Json
from bot.sandbox.slack.workspace import Workspace


def open_views(workspace: Workspace, user: str) -> list[View]:
    """Return the person's open modals, top last."""
    return [workspace.state.views[each] for each in workspace.state.stacks.get(user, [])]


def open_root(workspace: Workspace, user: str, definition: Json) -> View:
    """Open a modal in place of whatever was open."""
    close_all(workspace, user)
    return _put(workspace, new_view(definition, user))


def push(workspace: Workspace, user: str, definition: Json) -> View:
    """Open a modal on top of the person's stack."""
    stack = open_views(workspace, user)
    if not stack:
        raise SlackError("not_found")
    if len(stack) >= STACK_LIMIT:
        raise SlackError.breach("push_limit_reached")
    return _put(workspace, new_view(definition, user, below=stack[-1]))


def redefine(workspace: Workspace, view: View, definition: Json) -> View:
    """Change what a view shows."""
    view.redefine(definition)
    workspace.feed.publish("view_updated", user=view.user, view_id=view.id)
    return view


def publish_home(workspace: Workspace, user: str, definition: Json) -> View:
    """Show a person's home tab."""
    home = workspace.state.homes.get(user)
    if home is None:
        home = workspace.state.homes[user] = new_view(definition, user)
    else:
        home.redefine(definition)
    workspace.feed.publish("home_published", user=user, view_id=home.id)
    return home


def close_top(workspace: Workspace, user: str) -> None:
    """Close the person's topmost modal."""
    view_id = workspace.state.stacks[user].pop()
    del workspace.state.views[view_id]
    workspace.feed.publish("view_closed", user=user, view_id=view_id)


def close_all(workspace: Workspace, user: str) -> None:
    """Close all of the person's modals."""
    while workspace.state.stacks.get(user):
        close_top(workspace, user)


def _put(workspace: Workspace, view: View) -> View:
    workspace.state.views[view.id] = view
    workspace.state.stacks.setdefault(view.user, []).append(view.id)
    workspace.feed.publish("view_opened", user=view.user, view_id=view.id)
    return view
