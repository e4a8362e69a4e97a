"""Web API: modals, home tabs and the check of blocks without sending them."""

from collections.abc import Mapping

from bot.sandbox.slack.call import Call, Method
from bot.sandbox.slack.checks import check_blocks, check_view
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.limits import Tier
from bot.sandbox.slack.modals import View
from bot.sandbox.slack.people import Json
from bot.sandbox.slack.stacks import open_root, publish_home, push, redefine


def open_view(call: Call) -> Json:
    """Serve views.open."""
    trigger = call.workspace.triggers.check(call.args.get("trigger_id"))
    definition = _definition(call)
    trigger.is_used = True
    return {"view": open_root(call.workspace, trigger.user, definition).to_slack()}


def push_view(call: Call) -> Json:
    """Serve views.push; only what was done in a modal may push another."""
    trigger = call.workspace.triggers.check(call.args.get("trigger_id"))
    if trigger.view_id is None:
        raise SlackError.breach("invalid_trigger_id", "not from a modal")
    view = push(call.workspace, trigger.user, _definition(call))
    trigger.is_used = True
    return {"view": view.to_slack()}


def update_view(call: Call) -> Json:
    """Serve views.update."""
    view = _target(call)
    _check_hash(call, view)
    return {"view": redefine(call.workspace, view, _definition(call, view.type)).to_slack()}


def publish_view(call: Call) -> Json:
    """Serve views.publish."""
    user = call.text("user_id")
    if user not in call.workspace.state.users:
        raise SlackError("user_not_found")
    home = call.workspace.state.homes.get(user)
    if home is not None:
        _check_hash(call, home)
    return {"view": publish_home(call.workspace, user, _definition(call, "home")).to_slack()}


def validate_blocks(call: Call) -> Json:
    """Serve blocks.validate for one of blocks, message and view."""
    given = [name for name in ("blocks", "message", "view") if call.args.get(name) is not None]
    if len(given) != 1:
        raise SlackError("invalid_arguments")
    subject = call.args[given[0]]
    try:
        if given[0] == "view":
            check_view(call.workspace, subject)
        else:
            blocks = subject if given[0] == "blocks" else subject.get("blocks", [])
            check_blocks(call.workspace, blocks, None)
    except SlackError as error:
        raise SlackError(error.error, extra=error.extra) from None
    return {}


def _definition(call: Call, wanted: str = "modal") -> Json:
    view: Json | None = call.args.get("view")
    check_view(call.workspace, view)
    if view is None or view["type"] != wanted:
        raise SlackError.breach("invalid_arguments", f"the view must be of type {wanted}")
    external_id = view.get("external_id")
    taken = external_id and _by_external_id(call, external_id) not in (None, _target_or_none(call))
    if taken:
        raise SlackError("duplicate_external_id")
    return view


def _target(call: Call) -> View:
    view = _target_or_none(call)
    if view is None:
        raise SlackError("not_found")
    return view


def _target_or_none(call: Call) -> View | None:
    if call.method != "views.update":
        return None
    view_id = call.text("view_id")
    if view_id:
        homes = {home.id: home for home in call.workspace.state.homes.values()}
        return (homes | call.workspace.state.views).get(view_id)
    return _by_external_id(call, call.text("external_id"))


def _by_external_id(call: Call, external_id: str) -> View | None:
    views = call.workspace.state.views.values()
    return next((view for view in views if external_id and view.external_id == external_id), None)


def _check_hash(call: Call, view: View) -> None:
    if call.text("hash") not in ("", view.hash):
        raise SlackError("hash_conflict")


VIEWS: Mapping[str, Method] = {
    "views.open": Method(serve=open_view, tier=Tier.FOUR),
    "views.push": Method(serve=push_view, tier=Tier.FOUR),
    "views.update": Method(serve=update_view, tier=Tier.FOUR),
    "views.publish": Method(serve=publish_view, tier=Tier.FOUR),
    "blocks.validate": Method(serve=validate_blocks, tier=Tier.SPECIAL),
}
