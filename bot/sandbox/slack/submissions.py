"""Modals submitted and closed by people, and what the app answers to it."""

import copy
from typing import Any

from bot.sandbox.slack.checks import check_view
from bot.sandbox.slack.errors import HumanError, SlackError
from bot.sandbox.slack.filled_in import missing_inputs
from bot.sandbox.slack.human_bodies import CloseBody, SubmitBody
from bot.sandbox.slack.interactions import interact
from bot.sandbox.slack.messages import all_blocks
from bot.sandbox.slack.modals import View
from bot.sandbox.slack.payloads import interaction
from bot.sandbox.slack.people import Json
from bot.sandbox.slack.places import top_view
from bot.sandbox.slack.stacks import close_all, close_top, push, redefine
from bot.sandbox.slack.workspace import Workspace

ACK = "ack view_submission"


async def submit(workspace: Workspace, body: SubmitBody) -> Json:
    """Press a modal's submit button; required inputs are checked first, as the client does."""
    view = top_view(workspace, body.user, body.view_id)
    values = _merged(view, body.values)
    missing = missing_inputs(view, values)
    if missing:
        return {"ok": False, "response_action": "errors", "errors": missing, "error": None}
    view.values = values
    payload = interaction(workspace, body.user, "view_submission")
    payload |= {
        "trigger_id": workspace.triggers.issue(body.user, view.id),
        "view": view.to_slack(),
        "response_urls": [],
    }
    ack = await interact(workspace, payload)
    if ack.error:
        return {"ok": False, "response_action": None, "errors": {}, "error": ack.error}
    return _follow(workspace, view, ack.payload or {}) | {"ack_ms": ack.ms}


async def close(workspace: Workspace, body: CloseBody) -> Json:
    """Close the topmost modal; the app is told if it asked for that."""
    view = top_view(workspace, body.user, body.view_id)
    close_top(workspace, body.user)
    if not view.definition.get("notify_on_close"):
        return {"ok": True, "ack_ms": None, "error": None}
    payload = interaction(workspace, body.user, "view_closed")
    payload |= {"view": view.to_slack(), "is_cleared": False}
    ack = await interact(workspace, payload)
    return {"ok": ack.error is None, "ack_ms": ack.ms, "error": ack.error}


def _merged(view: View, filled: dict[str, dict[str, Json]]) -> Json:
    values: dict[str, Any] = copy.deepcopy(view.values)
    for block_id, inputs in filled.items():
        for action_id, entry in inputs.items():
            known = values.get(block_id, {}).get(action_id)
            if known is None:
                raise HumanError("input_not_found")
            if entry.get("type", known["type"]) != known["type"]:
                raise HumanError("input_of_other_type", status=400)
            known.update(entry)
    return values


def _follow(workspace: Workspace, view: View, answer: Json) -> Json:
    """Do what the acknowledgement asks for and say what happened."""
    action = answer.get("response_action")
    try:
        errors = _apply(workspace, view, action, answer)
    except SlackError as error:
        workspace.report.violate(error.rule or error.error, error.detail, ACK)
        return {"ok": False, "response_action": action, "errors": {}, "error": error.error}
    return {"ok": not errors, "response_action": action, "errors": errors, "error": None}


def _apply(workspace: Workspace, view: View, action: object, answer: Json) -> dict[str, str]:
    match action:
        case None:
            _close(workspace, view)
        case "clear":
            close_all(workspace, view.user)
        case "update":
            check_view(workspace, answer.get("view"))
            redefine(workspace, view, answer["view"])
        case "push":
            check_view(workspace, answer.get("view"))
            push(workspace, view.user, answer["view"])
        case "errors":
            return _checked_errors(view, answer)
        case _:
            raise SlackError.breach("invalid_response_action", str(action))
    return {}


def _close(workspace: Workspace, view: View) -> None:
    if workspace.state.stacks.get(view.user, [])[-1:] == [view.id]:
        close_top(workspace, view.user)


def _checked_errors(view: View, answer: Json) -> dict[str, str]:
    errors: dict[str, str] = answer.get("errors") or {}
    known = {block["block_id"] for block in all_blocks(view.blocks) if block["type"] == "input"}
    unknown = sorted(set(errors) - known)
    if unknown or not errors:
        raise SlackError.breach("invalid_response_errors", f"no such input blocks: {unknown}")
    return errors
