"""Block Kit checks in the form of Slack's refusals."""

from collections.abc import Iterator

from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.people import Json
from bot.sandbox.slack.validator.problems import Problem
from bot.sandbox.slack.validator.surfaces import (
    LENGTH_RULE,
    SIZE_RULE,
    TABLE_RULE,
    validate_message,
    validate_view,
)
from bot.sandbox.slack.workspace import Workspace

# A file shows only where it was shared before (bolt-python issue 1251).
UNSHARED_RULE = "slack_file.shared"
NAMED_ERRORS = {
    TABLE_RULE: "only_one_table_allowed",
    LENGTH_RULE: "msg_blocks_too_long",
    SIZE_RULE: "view_too_large",
}


def check_blocks(workspace: Workspace, blocks: object, channel: str | None) -> None:
    """Refuse blocks that Slack would refuse in a message to that channel."""
    if not isinstance(blocks, list):
        raise SlackError.breach("invalid_blocks_format")
    problems = validate_message(blocks) or list(_unshared(workspace, blocks, channel))
    if problems:
        raise refusal("invalid_blocks", problems)


def check_view(workspace: Workspace, view: object) -> None:
    """Refuse a view that Slack would refuse."""
    if not isinstance(view, dict):
        raise SlackError.breach("invalid_arguments", "view is not an object")
    problems = validate_view(view) or list(_unshared(workspace, view["blocks"], None, "/blocks"))
    if problems:
        raise refusal("invalid_arguments", problems)


def refusal(error: str, problems: list[Problem]) -> SlackError:
    """Return Slack's refusal of blocks, with one entry per problem."""
    named = NAMED_ERRORS.get(problems[0].code, error)
    rule = "invalid_view" if named == "invalid_arguments" else named
    lines = [f"{each.message} [json-pointer:{each.pointer}]" for each in problems]
    return SlackError(
        named,
        rule=rule,
        detail="; ".join(f"{each.pointer} {each.code}: {each.message}" for each in problems),
        extra={
            "errors": [
                {"pointer": each.pointer, "code": each.code, "message": each.message}
                for each in problems
            ],
            "response_metadata": {"messages": [f"[ERROR] {line}" for line in lines]},
        },
    )


def _unshared(
    workspace: Workspace, blocks: list[Json], channel: str | None, base: str = ""
) -> Iterator[Problem]:
    for pointer, reference in _files_in(blocks, base):
        file = workspace.file_by(reference)
        places = file.channels if file else []
        if not places or (channel is not None and channel not in places):
            message = "the file is not shared here"
            yield Problem(pointer=pointer, code=UNSHARED_RULE, message=message)


def _files_in(part: object, pointer: str) -> Iterator[tuple[str, Json]]:
    items: list[tuple[object, object]] = []
    if isinstance(part, list):
        items = list(enumerate(part))
    elif isinstance(part, dict):
        items = list(part.items())
    for key, value in items:
        if key == "slack_file" and isinstance(value, dict):
            yield f"{pointer}/{key}", value
        else:
            yield from _files_in(value, f"{pointer}/{key}")
